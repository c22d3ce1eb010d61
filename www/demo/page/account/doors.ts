// Sign in, the second step, sign up.
import { make } from "../dom.js";
import { once } from "./api.js";
import { form } from "./form.js";
import { strength } from "./strength.js";
import type { Frame, View } from "./views.js";

interface Entered {
  readonly next?: "code";
  readonly name: string;
  /** How many articles of a guest are theirs now. */
  readonly took: number;
}

const nameField = { name: "name", label: "Name", autocomplete: "username", maxLength: 32 } as const;
const passwordField = { name: "password", label: "Password", type: "password", autocomplete: "current-password", maxLength: 256 } as const;
const codeField = { name: "code", label: "Code", type: "code", autocomplete: "one-time-code", help: "The six digits that your authenticator shows now.", maxLength: 12 } as const;

export function signIn(frame: Frame): View {
  return {
    title: "Sign in",
    content: () => {
      const holder = make("div");
      const first = form(
        [nameField, passwordField],
        "Sign in",
        async (values) => {
          const answer = await once<Entered>("POST", "sign-in", { name: values["name"]?.trim(), password: values["password"] });
          if (answer.next === "code") second(frame, holder);
          else await welcome(frame, answer);
        },
        make("a", { href: "/account/sign-up" }, "Sign up instead"),
        lockedOut(frame, () => holder),
      );
      holder.append(first);
      return [holder];
    },
  };
}

const recoveryField = { name: "recoveryCode", label: "Recovery code", help: "Each of them works once.", maxLength: 64 } as const;

/** The way in while somebody else goes on guessing. */
function lockedOut(frame: Frame, holder: () => HTMLElement): HTMLElement {
  const button = make("button", { type: "button", class: "plain" }, "Locked out?");
  button.addEventListener("click", () => {
    const recovery = form(
      [nameField, passwordField, recoveryField],
      "Sign in",
      async ({ name = "", password = "", recoveryCode = "" }) => welcome(frame, await once<Entered>("POST", "sign-in/recovery", { name: name.trim(), password, recoveryCode })),
    );
    holder().replaceChildren(make("h2", {}, "With a recovery code"), recovery);
    recovery.querySelector("input")?.focus();
  });
  return button;
}

/** The second step takes the place of the first; the server remembers for five minutes whose it is. */
function second(frame: Frame, holder: HTMLElement): void {
  const send = async (body: object): Promise<void> => welcome(frame, await once<Entered>("POST", "sign-in/code", body));
  const other = make("button", { type: "button", class: "plain" }, "Use a recovery code");
  const byCode = form([codeField], "Continue", ({ code = "" }) => send({ code }), other);
  other.addEventListener("click", () => {
    const byRecovery = form([recoveryField], "Continue", ({ recoveryCode = "" }) => send({ recoveryCode }));
    holder.replaceChildren(make("h2", {}, "A recovery code"), byRecovery);
    byRecovery.querySelector("input")?.focus();
  });
  holder.replaceChildren(make("h2", {}, "One more step"), byCode);
  byCode.querySelector("input")?.focus();
}

export function signUp(frame: Frame): View {
  return {
    title: "Sign up",
    content: () => [
      form(
        [
          { name: "name", label: "Name", autocomplete: "username", help: "3 to 32 letters a to z, digits and hyphens. Others see it.", maxLength: 32 },
          {
            name: "password",
            label: "Password",
            type: "password",
            autocomplete: "new-password",
            help: "15 characters or more. Spaces and whole sentences are welcome.",
            below: strength,
            maxLength: 256,
          },
        ],
        "Sign up",
        async ({ name = "", password = "" }) => welcome(frame, await once<Entered>("POST", "sign-up", { name: name.trim(), password })),
        make("a", { href: "/account/sign-in" }, "Sign in instead"),
      ),
    ],
  };
}

async function welcome(frame: Frame, { name, took }: Entered): Promise<void> {
  await frame.entered();
  frame.go("/account/");
  const kept = took === 0 ? "" : ` What you wrote as a guest is yours: ${took} ${took === 1 ? "article" : "articles"}.`;
  frame.tell(`Welcome, ${name}.${kept}`);
}
