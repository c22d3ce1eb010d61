// Finds a ConfigError's path in the text of the document, so that the caret can go there.

/** Where in a text something stands. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The member or element at `path`, or the innermost one above it that is there. `text` must be JSON. */
export function locate(text: string, path: string): Span {
  const scanner = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;
  let best: Span & { readonly depth: number } = { start: 0, end: text.length, depth: -1 };

  const next = (): { readonly token: string; readonly start: number; readonly end: number } => {
    const match = scanner.exec(text);
    if (match === null) throw new SyntaxError("the text ends early");
    return { token: match[0], start: match.index, end: scanner.lastIndex };
  };
  const offer = (at: string, start: number, end: number): void => {
    if (isOn(at, path) && at.length > best.depth) best = { start, end, depth: at.length };
  };
  const value = (at: string, first: ReturnType<typeof next>): number => {
    if (first.token !== "{" && first.token !== "[") return first.end;
    const inObject = first.token === "{";
    let item = next();
    for (let index = 0; item.token !== "}" && item.token !== "]"; index += 1) {
      const name = inObject ? `${at === "" ? "" : "."}${String(JSON.parse(item.token))}` : `[${index}]`;
      if (inObject) next();
      const end = value(at + name, inObject ? next() : item);
      offer(at + name, item.start, end);
      item = next();
      if (item.token === ",") item = next();
    }
    return item.end;
  };
  try {
    value("", next());
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return best;
}

function isOn(at: string, path: string): boolean {
  return path === at || path.startsWith(`${at}.`) || path.startsWith(`${at}[`);
}
