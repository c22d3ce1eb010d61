// Sessions, API keys, and what happened: lists of what is one's own.
import { code, make } from "../dom.js";
import { call } from "./api.js";
import { form, said } from "./form.js";
import { when } from "./time.js";
import type { Frame, View } from "./views.js";

interface SessionRow {
  readonly id: string;
  readonly agent: string;
  readonly createdAt: number;
  readonly seenAt: number;
  readonly current: boolean;
}

interface KeyRow {
  readonly id: string;
  readonly label: string;
  readonly createdAt: number;
}

/** An entry of the audit log. */
export interface Happening {
  readonly at: number;
  readonly subject: string | null;
  readonly what: string;
  readonly decision: "allow" | "deny";
  readonly reason: string;
  readonly status: number | null;
  readonly elevated: boolean;
}

export function sessions(frame: Frame): View {
  return {
    title: "Sessions",
    signedIn: true,
    content: async () => {
      const rows = await call<readonly SessionRow[]>("GET", "account/sessions");
      const cards = rows.map(({ id, agent, createdAt, seenAt, current }) =>
        make(
          "li",
          { class: "card" },
          make("h2", {}, agent, ...(current ? [" ", make("span", { class: "tag" }, "this one")] : [])),
          make("p", { class: "by" }, "Since ", when(createdAt), ", seen last ", when(seenAt)),
          ...(current ? [] : [ending(frame, `End session: ${agent}`, "End", `account/sessions/${id}`, "The session has ended.")]),
        ),
      );
      return [make("p", {}, "Where you are signed in. What you end is refused at once."), make("ul", { class: "cards" }, ...cards)];
    },
  };
}

export function keys(frame: Frame): View {
  return {
    title: "API keys",
    signedIn: true,
    content: async () => {
      const rows = await call<readonly KeyRow[]>("GET", "account/keys");
      const shown = make("div", { role: "status" });
      const maker = form([{ name: "label", label: "Label", help: "What the key is for.", maxLength: 40 }], "Make a key", async ({ label = "" }) => {
        const { key } = await call<{ key: string }>("POST", "account/keys", { label });
        await frame.again();
        document.querySelector("#made")?.replaceChildren(
          make("div", { class: "card" }, make("p", {}, "Your key. It is shown this once:"), make("p", {}, code(key)), make("p", { class: "by" }, "Try it: ", code(`curl -H 'x-api-key: ${key}' ${location.origin}/api/feed`))),
        );
      });
      shown.id = "made";
      const cards = rows.map(({ id, label, createdAt }) =>
        make("li", { class: "card" }, make("h2", {}, label), make("p", { class: "by" }, "Made ", when(createdAt)), ending(frame, `Revoke ${label}`, "Revoke", `account/keys/${id}`, "The key is revoked.")),
      );
      return [make("p", {}, "A key lets a program read the feed, without your password. Only its hash is kept."), shown, make("ul", { class: "cards" }, ...cards), make("h2", {}, "Another key"), maker];
    },
  };
}

export function activity(): View {
  return {
    title: "Activity",
    signedIn: true,
    content: async () => [make("p", {}, "What was decided for you, the newest first."), log(await call<readonly Happening[]>("GET", "account/activity"), false)],
  };
}

/** The log as a table; `subjects` where it is about more than one. */
export function log(rows: readonly Happening[], subjects: boolean): HTMLElement {
  const headings = ["When", ...(subjects ? ["Who"] : []), "What", "Decision", "Reason"];
  const body = rows.map(({ at, subject, what, decision, reason, status, elevated }) =>
    make(
      "tr",
      {},
      make("td", {}, when(at)),
      ...(subjects ? [make("td", {}, subject === null ? "nobody" : code(subject))] : []),
      make("td", {}, code(what), ...(elevated ? [" ", make("span", { class: "tag" }, "elevated")] : [])),
      make("td", { class: decision }, decision, ...(status === null ? [] : [` ${status}`])),
      make("td", {}, code(reason)),
    ),
  );
  const table = make("table", {}, make("thead", {}, make("tr", {}, ...headings.map((text) => make("th", { scope: "col" }, text)))), make("tbody", {}, ...body));
  return make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Log" }, table);
}

function ending(frame: Frame, label: string, word: string, path: string, done: string): HTMLElement {
  const button = make("button", { type: "button", "aria-label": label }, word);
  button.addEventListener("click", () => {
    button.disabled = true;
    call("DELETE", path)
      .then(frame.again)
      .then(
        () => frame.tell(done),
        (error: unknown) => {
          button.disabled = false;
          frame.tell(said(error));
        },
      );
  });
  return button;
}
