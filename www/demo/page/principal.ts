// Who asks: the identities to choose from, and the principal that the server makes of the chosen one.
import type { Principal, Subject } from "portcullis";
import { byId, code, make, terms, words } from "./dom.js";
import type { Answer, Identity } from "./server.js";

const groups = {
  people: "People",
  services: "API keys",
  refused: "Credentials that should not pass",
} as const;

/** Who a front end takes a visitor without a credential for, as trust.json does. */
const guest: Subject = { id: "guest", kind: "guest", roles: ["guest"] };

export function showIdentities(identities: readonly Identity[], chosen: string, choose: (name: string) => void): void {
  const form = byId("identities", HTMLFormElement);
  const sets = Object.entries(groups).map(([group, legend]) =>
    make("fieldset", {}, make("legend", {}, legend), make("div", { class: "chips" }, ...identities.filter((identity) => identity.group === group).map((identity) => chip(identity, chosen)))),
  );
  form.replaceChildren(...sets);
  form.addEventListener("change", (event) => {
    if (event.target instanceof HTMLInputElement) choose(event.target.value);
  });
}

/** What a front end learns from `GET /me`: the principal, a guest, or nobody. */
export function subjectOf(me: Answer): Subject | null {
  if (me.status === 200) return JSON.parse(me.body) as Principal;
  return me.problem?.code === "authentication_required" ? guest : null;
}

export function showPrincipal(identity: Identity, me: Answer, subject: Subject | null): void {
  byId("about", HTMLParagraphElement).textContent = identity.about;
  const holder = byId("principal", HTMLDivElement);
  const list = make("dl");
  if (subject === null) {
    terms(list, [["Principal", me.problem === null ? "none" : `none: ${me.problem.detail.toLowerCase()}`]]);
  } else {
    terms(list, [
      ["Principal", named(subject)],
      ["Roles", words(subject.roles ?? [])],
      ["Permissions", words(subject.permissions ?? [])],
      ["Scopes", words(subject.scopes ?? [])],
    ]);
  }
  holder.replaceChildren(list);
  showCredential(identity);
}

/** A principal in two words; a guest in one. */
export function named({ kind = "user", id }: Pick<Subject, "kind" | "id">): HTMLElement {
  return code(kind === "guest" ? kind : `${kind} ${id}`);
}

function showCredential({ token, headers }: Identity): void {
  const details = byId("credential", HTMLDetailsElement);
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const parts = token === null ? [] : ["", "The token says, verified or not:", ...token.split(".").slice(0, 2).map(opened)];
  details.hidden = fields.length === 0;
  byId("credential-text", HTMLPreElement).textContent = [...fields, ...parts].join("\n");
}

function opened(part: string): string {
  const bytes = Uint8Array.from(atob(part.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
  return JSON.stringify(JSON.parse(new TextDecoder().decode(bytes)), null, 2);
}

function chip({ name, label }: Identity, chosen: string): HTMLElement {
  const radio = make("input", { type: "radio", name: "identity", value: name });
  radio.checked = name === chosen;
  return make("label", { class: "chip" }, radio, make("span", {}, label));
}
