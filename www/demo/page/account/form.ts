// Forms: labelled fields, one button, and what is wrong where it is heard.
import { make } from "../dom.js";
import { Refused } from "./api.js";

export interface Field {
  readonly name: string;
  readonly label: string;
  readonly type?: "text" | "password" | "code" | "area";
  readonly autocomplete?: string;
  readonly help?: string;
  readonly value?: string;
  /** Put behind the input: a strength meter. */
  readonly below?: (input: HTMLInputElement) => HTMLElement;
  readonly maxLength?: number;
}

let made = 0;

/**
 * A form whose button does `send` with the fields' values. What `send` throws stands below it; a field that is empty is
 * never sent. `more` stands beside the button.
 */
export function form(
  fields: readonly Field[],
  button: string,
  send: (values: Readonly<Record<string, string>>) => Promise<void>,
  ...more: readonly (Node | string)[]
): HTMLFormElement {
  const wrong = make("p", { class: "wrong", role: "alert" });
  const submit = make("button", { type: "submit", class: "main" }, button);
  const inputs = fields.map((given) => ({ given, ...field(given) }));
  const element = make("form", { class: "form", novalidate: "" }, ...inputs.map(({ row }) => row), make("div", { class: "actions" }, submit, ...more), wrong);
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    wrong.replaceChildren();
    for (const { input } of inputs) input.removeAttribute("aria-invalid");
    const empty = inputs.find(({ input }) => input.value.trim() === "");
    if (empty !== undefined) {
      empty.input.setAttribute("aria-invalid", "true");
      wrong.textContent = `${empty.given.label} is missing.`;
      empty.input.focus();
      return;
    }
    submit.disabled = true;
    const values = Object.fromEntries(inputs.map(({ given, input }) => [given.name, input.value]));
    send(values)
      .catch((error: unknown) => {
        wrong.textContent = said(error);
        const first = inputs[0]?.input;
        first?.focus();
        if (first instanceof HTMLInputElement) first.select();
      })
      .finally(() => {
        submit.disabled = false;
      });
  });
  return element;
}

/** A refusal in a sentence. */
export function said(error: unknown): string {
  if (!(error instanceof Refused)) return "The server does not answer. Try again.";
  if (error.code === "too_many_attempts") return `Too many attempts. Try again in ${inWords(error.retryAfter ?? 0)}.`;
  if (error.code === "too_many_requests") return `Too much at once. Try again in ${inWords(error.retryAfter ?? 0)}.`;
  if (error.code === "permission_denied" || error.code === "not_allowed") return "You may not do this.";
  return `${error.message}.`;
}

function inWords(seconds: number): string {
  if (seconds < 90) return `${seconds} ${seconds === 1 ? "second" : "seconds"}`;
  return `${Math.ceil(seconds / 60)} minutes`;
}

function field({ name, label, type = "text", autocomplete = "off", help, value = "", below, maxLength }: Field): {
  readonly row: HTMLElement;
  readonly input: HTMLInputElement | HTMLTextAreaElement;
} {
  made += 1;
  const id = `field-${made}`;
  const described = help === undefined ? {} : { "aria-describedby": `${id}-help` };
  const shared = { id, name, autocomplete, required: "", ...described, ...(maxLength !== undefined && { maxlength: String(maxLength) }) };
  const notes = help === undefined ? [] : [make("p", { class: "help", id: `${id}-help` }, help)];
  const caption = make("label", { for: id }, label);
  if (type === "area") {
    const input = make("textarea", shared, value);
    return { row: make("div", { class: "field" }, caption, input, ...notes), input };
  }
  const kind = type === "code" ? { type: "text", inputmode: "numeric", spellcheck: "false" } : { type };
  const input = make("input", { ...shared, ...kind, autocapitalize: "none" });
  input.value = value;
  const line = type === "password" ? make("div", { class: "with-button" }, input, shower(input, label)) : input;
  return { row: make("div", { class: "field" }, caption, line, ...(below === undefined ? [] : [below(input)]), ...notes), input };
}

/** Shows what is typed: who sees it mistypes less. */
function shower(input: HTMLInputElement, label: string): HTMLButtonElement {
  const button = make("button", { type: "button", "aria-pressed": "false", "aria-label": `Show ${label.toLowerCase()}` }, "Show");
  button.addEventListener("click", () => {
    const shown = input.type === "text";
    input.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!shown));
    button.textContent = shown ? "Show" : "Hide";
  });
  return button;
}
