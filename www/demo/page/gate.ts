// The gate: a portcullis that is down or up. It only draws; the words stand beside it.

export type GateState = "open" | "shut" | "unknown";

export function gate(state: GateState): SVGSVGElement {
  const template = document.querySelector<HTMLTemplateElement>("#gate");
  const drawing = template?.content.querySelector("svg");
  if (!drawing) throw new Error("the page has no gate");
  const copy = document.importNode(drawing, true);
  copy.dataset["state"] = state;
  return copy;
}

/** Moves the gate inside an element, so that the visitor sees it move; puts one there where none is. */
export function setGate(holder: Element, state: GateState): void {
  const drawn = holder.querySelector<SVGSVGElement>("svg.gate");
  if (drawn === null) holder.prepend(gate(state));
  else drawn.dataset["state"] = state;
}
