// Password, authenticator, recovery codes.
import encodeQR from "qr";
import { code, make } from "../dom.js";
import { call } from "./api.js";
import { form, said } from "./form.js";
import { strength } from "./strength.js";
import type { Frame, View } from "./views.js";

interface Account {
  readonly name: string;
  readonly secondFactor: boolean;
  readonly recoveryCodes: number;
}

interface Proposal {
  readonly secret: string;
  readonly uri: string;
  readonly proposal: string;
}

export function security(frame: Frame): View {
  return {
    title: "Security",
    signedIn: true,
    content: async () => {
      const account = await call<Account>("GET", "account");
      const factor = make("section", { "aria-labelledby": "factor" }, make("h2", { id: "factor" }, "Second factor"));
      factor.append(...(account.secondFactor ? whereSet(frame) : whereNone(frame)));
      return [factor, recoverySection(frame, account), passwordSection(frame)];
    },
  };
}

function passwordSection(frame: Frame): HTMLElement {
  const change = form(
    [{ name: "password", label: "New password", type: "password", autocomplete: "new-password", help: "15 characters or more. Your other sessions end.", below: strength, maxLength: 256 }],
    "Change password",
    async ({ password = "" }) => {
      await call("PUT", "account/password", { password });
      await frame.again();
      frame.tell("Your password is changed, and your other sessions have ended.");
    },
  );
  return make("section", { "aria-labelledby": "password" }, make("h2", { id: "password" }, "Password"), change);
}

function whereNone(frame: Frame): readonly HTMLElement[] {
  const holder = make("div");
  const begin = make("button", { type: "button", class: "main" }, "Set up an authenticator");
  begin.addEventListener("click", () => {
    begin.disabled = true;
    call<Proposal>("POST", "account/second-factor", {})
      .then((proposal) => propose(frame, holder, proposal))
      .catch((error: unknown) => frame.tell(said(error)))
      .finally(() => {
        begin.disabled = false;
      });
  });
  holder.append(make("p", {}, "None. An app on your phone makes a new code every half minute; whoever has your password alone does not get in."), begin);
  return [holder];
}

function propose(frame: Frame, holder: HTMLElement, { secret, uri, proposal }: Proposal): void {
  const confirm = form(
    [{ name: "code", label: "Code", type: "code", autocomplete: "one-time-code", help: "The six digits that the app shows now.", maxLength: 12 }],
    "Turn on",
    async ({ code = "" }) => {
      const { recoveryCodes } = await call<{ recoveryCodes: readonly string[] }>("PUT", "account/second-factor", { proposal, code });
      await frame.entered();
      showCodes(frame, holder, recoveryCodes, "The second factor is on.");
    },
  );
  holder.replaceChildren(
    make("p", {}, "Scan this with your authenticator, or type the secret into it."),
    picture(uri),
    make("p", { class: "secret", id: "secret" }, secret.replace(/(.{4})(?=.)/g, "$1 ")),
    confirm,
  );
  confirm.querySelector("input")?.focus();
}

/** The drawing is made here, and nobody else learns the secret. */
function picture(uri: string): HTMLElement {
  const parsed = new DOMParser().parseFromString(encodeQR(uri, "svg"), "image/svg+xml");
  const drawing = document.importNode(parsed.documentElement, true);
  return make("div", { class: "qr", role: "img", "aria-label": "QR code of the secret" }, drawing);
}

function whereSet(frame: Frame): readonly HTMLElement[] {
  const off = acting(frame, "Turn off", async () => {
    await call("DELETE", "account/second-factor");
    await frame.entered();
    await frame.again();
    frame.tell("The second factor is off.");
  });
  return [make("p", {}, "On. Whoever signs in shows a code beside the password."), make("div", { class: "actions" }, off)];
}

/** Also without an authenticator: they let the owner in while somebody else goes on guessing. */
function recoverySection(frame: Frame, { recoveryCodes }: Account): HTMLElement {
  const holder = make("div");
  const renew = acting(frame, "New recovery codes", async () => {
    const made = await call<{ recoveryCodes: readonly string[] }>("POST", "account/recovery-codes", {});
    showCodes(frame, holder, made.recoveryCodes, recoveryCodes === 0 ? "Here they are." : "The codes before are void.");
  });
  const left = recoveryCodes === 0 ? "None." : `${recoveryCodes} of 10 recovery codes are left.`;
  const why = "Beside your password each lets you in once: without the app, and while somebody else guesses at your account.";
  holder.append(make("p", {}, `${left} ${why}`), make("div", { class: "actions" }, renew));
  return make("section", { "aria-labelledby": "recovery" }, make("h2", { id: "recovery" }, "Recovery codes"), holder);
}

function acting(frame: Frame, words: string, work: () => Promise<void>): HTMLElement {
  const button = make("button", { type: "button" }, words);
  button.addEventListener("click", () => {
    button.disabled = true;
    work()
      .catch((error: unknown) => frame.tell(said(error)))
      .finally(() => {
        button.disabled = false;
      });
  });
  return button;
}

function showCodes(frame: Frame, holder: HTMLElement, codes: readonly string[], lead: string): void {
  const done = make("button", { type: "button", class: "main" }, "I have kept them");
  done.addEventListener("click", () => void frame.again());
  const text = `${lead} Keep these recovery codes: each lets you in once, beside your password, and they are not shown again.`;
  holder.replaceChildren(make("p", {}, text), make("ol", { class: "codes", "aria-label": "Recovery codes" }, ...codes.map((each) => make("li", {}, code(each)))), done);
  frame.tell(lead);
  done.focus();
}
