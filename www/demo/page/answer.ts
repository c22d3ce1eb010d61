// One request's answer: what the caller is told, what the audit event says, what the page's guard says.
import type { DecisionEvent, Explanation } from "portcullis";
import { byId, code, make, terms, words } from "./dom.js";
import { setGate } from "./gate.js";
import { differs, isOpen } from "./gates.js";
import { named } from "./principal.js";
import { guess, resourceOf, rolesInEffect, wants } from "./routes.js";
import type { Guess, Page, Route } from "./routes.js";
import type { Answer, Identity } from "./server.js";

export interface Asked {
  readonly identity: Identity;
  readonly answer: Answer;
  readonly event: DecisionEvent | null;
  /** The policy's route that the server matched; `null` where none did. */
  readonly route: Route | null;
  readonly page: Page;
}

export function showAnswer(asked: Asked): void {
  const { answer, route, page } = asked;
  const own = guess(route, answer.path, page);
  showVerdict(asked, own);
  showTold(answer);
  showLogged(asked.event);
  showExplained(asked, own);
  byId("answer-parts", HTMLDivElement).hidden = false;
}

function showVerdict({ identity, answer }: Asked, own: Guess): void {
  const open = isOpen(answer.status);
  setGate(byId("verdict-gate", HTMLDivElement), open ? "open" : "shut");
  const agreement =
    own.open === null ? "This page did not ask." : differs(answer.status, own) ? "This page says otherwise." : "This page agrees.";
  byId("verdict", HTMLDivElement).replaceChildren(
    make("p", { class: "request" }, code(`${answer.method} ${answer.path}`), ` as ${identity.label}`),
    make("p", { class: "word" }, `${open ? "Open" : "Shut"}: ${answer.status}${phrase(answer)}`),
    make("p", { class: "agreement" }, agreement),
  );
}

function showTold(answer: Answer): void {
  terms(byId("told", HTMLElement), [
    ["Status", code(`${answer.status}${phrase(answer)}`)],
    ["Challenge", answer.challenge === null ? make("span", { class: "none" }, "none") : code(answer.challenge)],
    ["Retry after", answer.retryAfter === null ? null : `${answer.retryAfter} s`],
    ["Code", answer.problem === null ? null : code(answer.problem.code)],
  ]);
  const body = byId("body", HTMLPreElement);
  body.hidden = answer.body === "";
  body.textContent = indented(answer.body);
}

function showLogged(event: DecisionEvent | null): void {
  if (event === null) {
    terms(byId("logged", HTMLElement), [["Event", "none came"]]);
    return;
  }
  terms(byId("logged", HTMLElement), [
    ["Reason", code(event.reason)],
    ["Detail", event.detail === null ? null : code(event.detail)],
    ["Subject", event.subject === null ? "no principal" : named(event.subject)],
    ["Roles in effect", event.subject === null ? null : words(event.subject.roles)],
    ["Route", event.route === null ? make("span", { class: "none" }, "none declared") : code(event.route)],
    ["Policy", `${event.policy.name}, revision ${event.policy.revision}, ${event.policy.hash.slice(0, 15)}…`],
  ]);
}

function showExplained({ route, answer, page }: Asked, own: Guess): void {
  const summary = byId("summary", HTMLParagraphElement);
  const list = byId("explained", HTMLElement);
  list.replaceChildren();
  const { guard, subject } = page;
  if (subject === null) {
    summary.textContent = "Nothing: the credential was refused, so there is no principal to ask about.";
  } else if (route === null) {
    summary.textContent = "Nothing: no route is declared here, so there is no permission to ask about.";
  } else if (route.permission === undefined) {
    summary.textContent = `The route wants: ${wants(route)}. ${own.open === true ? "That is so." : "That is not so."}`;
    terms(list, [
      ["Principal", named(subject)],
      ["Roles in effect", words(rolesInEffect(guard, subject))],
      ["Scopes", route.scope === undefined ? null : words(subject.scopes ?? [])],
    ]);
  } else {
    const [type, action] = route.permission.includes(":") ? (route.permission.split(":") as [string, string]) : [null, route.permission];
    const properties = resourceOf(route.permission, answer.path, page);
    const resource = type === null ? {} : { resource: { type, ...(properties !== undefined && { id: answer.path.split("/")[2] ?? "", properties }) } };
    const explanation = guard.explain({ subject, action, ...resource });
    summary.textContent = explanation.summary;
    terms(list, explained(explanation));
  }
}

function explained({ decision, context, permission, rolesInEffect, ownership }: Explanation): readonly (readonly [string, Node | string | null])[] {
  return [
    ["Decision", code(`${decision ? "allow" : "deny"}: ${context.reason}`)],
    ["Permission", permission === null ? null : code(permission)],
    ["Roles in effect", words(rolesInEffect)],
    ["Ownership", ownership === null ? null : compared(ownership)],
  ];
}

function compared({ attribute, owner, subject }: NonNullable<Explanation["ownership"]>): HTMLElement {
  return make("span", {}, code(attribute), " is ", code(JSON.stringify(owner)), ", the principal is ", code(JSON.stringify(subject)));
}

function phrase({ status, problem }: Answer): string {
  return problem === null ? (status === 200 ? " OK" : "") : ` ${problem.title}`;
}

function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
