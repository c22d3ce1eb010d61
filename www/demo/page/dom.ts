// Elements by id, and elements from words. Text is only ever set as text.

export function byId<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page has no ${id}`);
  return found;
}

export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Terms with their values; a value that is `null` is left out. */
export function terms(list: HTMLElement, entries: readonly (readonly [string, Node | string | null])[]): void {
  const shown = entries.flatMap(([term, value]) =>
    value === null ? [] : [make("div", {}, make("dt", {}, term), make("dd", {}, value))],
  );
  list.replaceChildren(...shown);
}

export function code(text: string): HTMLElement {
  return make("code", {}, text);
}

/** Words as a list of code, or "none". */
export function words(list: readonly string[]): HTMLElement {
  if (list.length === 0) return make("span", { class: "none" }, "none");
  return make("span", {}, ...list.flatMap((word, index) => (index === 0 ? [code(word)] : [", ", code(word)])));
}
