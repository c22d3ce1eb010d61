// The policy editor: a text, the errors of loading it, and the changes to try.
import { ConfigError, Guard } from "portcullis";
import { byId, code, make } from "./dom.js";
import { locate } from "./locate.js";
import type { Span } from "./locate.js";
import type { PolicyProblem } from "./server.js";
import { tries } from "./tries.js";

export interface Editor {
  readonly text: () => string;
  readonly show: (text: string) => void;
  readonly showProblem: (problem: PolicyProblem | null) => void;
  /** Which gates moved, as the table says it before and after. */
  readonly showChanges: (who: string, before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>) => void;
}

/**
 * A guard of the page: it has the policy and no trust, so it can answer and can verify nobody. It loads nothing.
 */
export function guardOf(policy: string): Guard | PolicyProblem {
  try {
    return new Guard({ policy });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { document: error.document, path: error.path, code: error.code, message: error.message };
  }
}

export function editor(original: string, apply: () => void): Editor {
  const area = byId("policy-text", HTMLTextAreaElement);
  const result = byId("policy-result", HTMLDivElement);
  const problems = byId("policy-problem", HTMLDivElement);
  const changes = byId("policy-changes", HTMLDivElement);
  /** The change that was tried last, while the text is still that of the try. */
  let tried: { readonly text: string; readonly from: string; readonly to: string } | null = null;

  const showProblem = (problem: PolicyProblem | null): void => {
    changes.replaceChildren();
    problems.replaceChildren(...(problem === null ? [] : problemLines(problem, area)));
    result.scrollIntoView({ block: "nearest" });
    if (problem === null) area.removeAttribute("aria-invalid");
    else area.setAttribute("aria-invalid", "true");
  };
  const showChanges: Editor["showChanges"] = (who, before, after) => {
    const edit = tried?.text === area.value ? [make("pre", {}, make("del", {}, tried.from.trim()), make("ins", {}, tried.to.trim()))] : [];
    changes.replaceChildren(...edit, ...changeLines(who, before, after));
    result.scrollIntoView({ block: "nearest" });
  };
  const show = (text: string): void => {
    area.value = text;
  };

  byId("policy-form", HTMLFormElement).addEventListener("submit", (event) => {
    event.preventDefault();
    apply();
  });
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      apply();
    }
  });
  byId("policy-reset", HTMLButtonElement).addEventListener("click", () => {
    show(original);
    apply();
  });
  byId("tries", HTMLDivElement).append(
    ...tries.map(({ label, from, to }) => {
      const button = make("button", { type: "button" }, label);
      button.addEventListener("click", () => {
        const start = original.indexOf(from);
        show(original.replace(from, to));
        reveal(area, start, start + to.length);
        tried = { text: area.value, from, to };
        apply();
      });
      return button;
    }),
  );
  return { text: () => area.value, show, showProblem, showChanges };
}

function problemLines({ document, path, code: word, message }: PolicyProblem, area: HTMLTextAreaElement): readonly HTMLElement[] {
  const prefix = path === "" ? `${document}: ` : `${document} at ${path}: `;
  const what = message.startsWith(prefix) ? message.slice(prefix.length) : message;
  const goThere = make("button", { type: "button" }, "Go there");
  goThere.addEventListener("click", () => {
    const { start, end } = placeOf(path, what, area.value);
    area.focus();
    reveal(area, start, end);
  });
  return [
    make("p", { class: "problem-title" }, "This policy does not load. The one before stays in force."),
    make("p", {}, ...(path === "" ? [] : [code(path), ": "]), `${what} (`, code(word), ")"),
    goThere,
  ];
}

/** A text that is no JSON has no paths; its error names the byte. */
function placeOf(path: string, what: string, text: string): Span {
  const byte = path === "" ? /at byte (\d+)/.exec(what)?.[1] : undefined;
  if (byte === undefined) return locate(text, path);
  const before = new TextDecoder().decode(new TextEncoder().encode(text).slice(0, Number(byte)));
  return { start: before.length, end: Math.min(before.length + 1, text.length) };
}

function changeLines(who: string, before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): readonly HTMLElement[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  const moved = [...names].filter((name) => before.get(name) !== after.get(name));
  if (moved.length === 0) return [make("p", {}, `In force. For ${who} nothing changes.`)];
  const lines = moved.map((name) => make("li", {}, code(name), `: ${before.get(name) ?? "no gate"} → ${after.get(name) ?? "no gate"}`));
  return [make("p", {}, `In force. For ${who}:`), make("ul", {}, ...lines)];
}

/** Selects a part of the text and scrolls to its line. */
function reveal(area: HTMLTextAreaElement, start: number, end: number): void {
  area.setSelectionRange(start, end);
  const line = area.value.slice(0, start).split("\n").length - 1;
  const lines = area.value.split("\n").length;
  area.scrollTop = Math.max(0, (line / lines) * area.scrollHeight - area.clientHeight / 3);
  area.scrollLeft = 0;
}
