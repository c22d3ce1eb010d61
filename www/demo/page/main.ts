// The page: one identity, one policy, and for each route the server's answer beside the page's own.
import type { Guard, ResourceObject, Subject } from "portcullis";
import originalPolicy from "../policy.json?raw";
import { showAnswer } from "./answer.js";
import { byId } from "./dom.js";
import { editor, guardOf } from "./editor.js";
import { setGate } from "./gate.js";
import { differs, gates, isOpen } from "./gates.js";
import type { SiteRequest } from "./gates.js";
import { showIdentities, showPrincipal, subjectOf } from "./principal.js";
import { guess, rowsOf } from "./routes.js";
import type { Page, Route, Row } from "./routes.js";
import * as server from "./server.js";
import type { Identity } from "./server.js";

/** Credentials are made anew before they are this old; the tokens live for an hour. */
const freshMs = 30 * 60 * 1000;

const site = routesOf(originalPolicy);
let identities: readonly Identity[] = [];
let madeAtMs = 0;
let chosen = "guest";
let subject: Subject | null = null;
let articles: Readonly<Record<string, ResourceObject>> = {};
let policy = originalPolicy;
let guard: Guard = loaded(originalPolicy);
let rows: readonly Row[] = [];
/** The request whose answer stands on the page. */
let asked: SiteRequest = { method: "GET", path: "/users" };
/** Counts what was begun, so that an answer that comes late changes nothing. */
let turn = 0;

const edit = editor(originalPolicy, () => void applyPolicy());
const table = gates((request) => {
  void ask(request);
  if (window.matchMedia("(width < 60rem)").matches) byId("answer", HTMLElement).scrollIntoView();
});

async function start(): Promise<void> {
  setGate(byId("verdict-gate", HTMLDivElement), "unknown");
  const state = await server.state();
  articles = state.articles;
  policy = state.policy ?? originalPolicy;
  guard = loaded(policy);
  edit.show(policy);
  await freshIdentities();
  showIdentities(identities, chosen, (name) => void choose(name));
  showRows();
  byId("other", HTMLFormElement).addEventListener("submit", (event) => {
    event.preventDefault();
    const method = byId("other-method", HTMLSelectElement).value;
    void ask({ method, path: byId("other-path", HTMLInputElement).value });
  });
  await choose(chosen);
}

/** Takes another identity: who is it to the server, and which gates open for it? */
async function choose(name: string): Promise<void> {
  chosen = name;
  const mine = (turn += 1);
  await freshIdentities();
  const me = await server.send(identity(), "GET", "/me");
  if (mine !== turn) return;
  subject = subjectOf(me);
  showPrincipal(identity(), me, subject);
  await knock(mine);
  if (mine === turn) await ask(asked);
}

/** Puts the edited policy in force, in the page and on the server, and says which gates moved. */
async function applyPolicy(): Promise<void> {
  const text = edit.text();
  const next = guardOf(text);
  const problem = "code" in next ? next : await server.usePolicy(text);
  edit.showProblem(problem);
  if (problem !== null || "code" in next) return;
  const before = table.words();
  const mine = (turn += 1);
  policy = text;
  guard = next;
  showRows();
  await knock(mine);
  if (mine !== turn) return;
  edit.showChanges(identity().label, before, table.words());
  await ask(asked);
}

/** Sends every row's request, and writes the server's answer beside the page's. */
async function knock(mine: number): Promise<void> {
  const answers = await Promise.all(rows.map(({ method, path }) => server.send(identity(), method, path)));
  await server.restock();
  if (mine !== turn) return;
  const both = answers.map(({ status, path }, index) => ({ status, own: guess(rows[index]?.route ?? null, path, page()) }));
  both.forEach(({ status, own }, index) => table.answered(index, status, own));
  const open = both.filter(({ status }) => isOpen(status)).length;
  const compared = both.filter(({ own }) => own.open !== null).length;
  const differing = both.filter(({ status, own }) => differs(status, own)).length;
  byId("round", HTMLParagraphElement).textContent =
    `${open} of ${rows.length} gates open for ${identity().label}. ${agreement(compared, differing)}`;
}

/** Sends one request and shows its answer in full. */
async function ask(request: SiteRequest): Promise<void> {
  asked = request;
  table.mark(asked);
  const mine = turn;
  const who = identity();
  const answer = await server.send(who, request.method, request.path);
  const event = await server.eventOf(answer.requestId);
  if (mine !== turn) return;
  const route = routesOf(policy).find(({ route }) => route === event?.route) ?? null;
  showAnswer({ identity: who, answer, event, route, page: page() });
}

function agreement(compared: number, differing: number): string {
  if (compared === 0) return "This page has no principal to ask about.";
  if (differing > 0) return `This page differs on ${differing} of ${compared}.`;
  return compared === rows.length ? `This page agrees on all ${compared}.` : `This page agrees on the ${compared} it can ask about.`;
}

function showRows(): void {
  rows = rowsOf(site, routesOf(policy));
  table.show(rows, asked);
}

async function freshIdentities(): Promise<void> {
  if (Date.now() - madeAtMs < freshMs) return;
  identities = await server.identities();
  madeAtMs = Date.now();
}

function identity(): Identity {
  const found = identities.find(({ name }) => name === chosen);
  if (found === undefined) throw new Error(`the demo has no identity ${chosen}`);
  return found;
}

function page(): Page {
  return { guard, subject, articles };
}

function routesOf(text: string): readonly Route[] {
  return (JSON.parse(text) as { readonly routes?: readonly Route[] }).routes ?? [];
}

function loaded(text: string): Guard {
  const guard = guardOf(text);
  if ("code" in guard) throw new Error(`the policy in force does not load: ${guard.message}`);
  return guard;
}

// `fetch` fails with a TypeError where nobody listens any more.
window.addEventListener("unhandledrejection", ({ reason }) => {
  if (reason instanceof TypeError) byId("round", HTMLParagraphElement).textContent = "The demo does not answer. Has it ended?";
});

await start();
