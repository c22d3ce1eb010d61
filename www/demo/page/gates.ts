// The table of gates: one row for each route, the server's answer beside the page's own.
import { byId, code, make } from "./dom.js";
import { setGate } from "./gate.js";
import type { GateState } from "./gate.js";
import { wants } from "./routes.js";
import type { Guess, Row } from "./routes.js";

/** A request that a row or a visitor names. */
export interface SiteRequest {
  readonly method: string;
  readonly path: string;
}

export interface Gates {
  readonly show: (rows: readonly Row[], asked: SiteRequest | null) => void;
  readonly answered: (index: number, status: number, own: Guess) => void;
  readonly mark: (asked: SiteRequest) => void;
  /** What each row's server cell says, by the row's name. */
  readonly words: () => ReadonlyMap<string, string>;
}

/** A refusal's status, from the guard or from a handler, is a shut gate. */
export function isOpen(status: number): boolean {
  return status < 400;
}

/** True where the server and the page do not say the same; a page that cannot ask does not differ. */
export function differs(status: number, own: Guess): boolean {
  return own.open !== null && own.open !== isOpen(status);
}

export function gates(send: (request: SiteRequest) => void): Gates {
  const body = byId("routes", HTMLTableSectionElement);
  let shown: readonly Row[] = [];

  const mark = (asked: SiteRequest | null): void => {
    const buttons = body.querySelectorAll("button");
    shown.forEach(({ method, path }, index) => {
      const isAsked = method === asked?.method && path === asked.path;
      if (isAsked) buttons[index]?.setAttribute("aria-current", "true");
      else buttons[index]?.removeAttribute("aria-current");
    });
  };
  const show = (rows: readonly Row[], asked: SiteRequest | null): void => {
    const kept = rows.length === shown.length && rows.every(({ name }, index) => name === shown[index]?.name);
    shown = rows;
    if (kept) rows.forEach(({ route }, index) => body.rows[index]?.querySelector(".wants")?.replaceChildren(wants(route)));
    else body.replaceChildren(...rows.map((row) => line(row, send)));
    mark(asked);
  };
  const answered = (index: number, status: number, own: Guess): void => {
    const row = body.rows[index];
    const [, server, page] = row?.cells ?? [];
    if (!row || !server || !page) return;
    say(server, isOpen(status) ? "open" : "shut", String(status));
    say(page, own.open === null ? "unknown" : own.open ? "open" : "shut", own.how);
    row.classList.toggle("differs", differs(status, own));
  };
  const words = (): ReadonlyMap<string, string> =>
    new Map(shown.map(({ name }, index) => [name, body.rows[index]?.querySelector(".said")?.textContent ?? ""]));
  return { show, answered, mark, words };
}

function line({ method, path, route }: Row, send: (request: SiteRequest) => void): HTMLElement {
  const button = make("button", { type: "button", class: "knock" }, code(method), " ", code(path));
  button.addEventListener("click", () => send({ method, path }));
  const request = make("th", { scope: "row" }, button, make("span", { class: "wants" }, wants(route)));
  return make("tr", {}, request, emptyCell(), emptyCell());
}

function emptyCell(): HTMLElement {
  const cell = make("td", {}, make("span", { class: "said" }, "…"));
  setGate(cell, "unknown");
  return cell;
}

/** A gate that stays in the page moves; the words change with it. */
function say(cell: Element, state: GateState, more: string): void {
  setGate(cell, state);
  const word = state === "unknown" ? [] : [make("b", {}, state), " "];
  cell.querySelector(".said")?.replaceChildren(...word, make("span", {}, more));
}
