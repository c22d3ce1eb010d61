// Strict YAML: each text that is taken here means the same to every reader of YAML 1.2, and is what JSON can carry.

import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import type { Json, JsonObject } from "../types.js";

/** Characters of a text: what a guard takes as a document. */
const MAX_CHARACTERS = 4 << 20;

/** As deep as a guard reads. */
const MAX_DEPTH = 32;

/**
 * The document that a YAML text means, in the core schema of YAML 1.2.
 *
 * No member stands twice. There are no anchors, aliases, tags and merge keys; each key is text; each number is whole,
 * written without fraction, and no larger than 2^53.
 *
 * @throws SyntaxError with line and column. It never shows a value of the text, which could be a secret.
 */
export function fromYaml(text: string): JsonObject {
  if (typeof text !== "string") throw new TypeError("fromYaml: text must be text");
  const lines = new LineCounter();
  const fail = (offset: number, what: string): never => {
    const { line, col } = lines.linePos(offset);
    throw new SyntaxError(`yaml at line ${String(line)}, column ${String(col)}: ${what}`);
  };
  if (text.length > MAX_CHARACTERS) fail(0, "the text is too long");
  const document = parsed(text, lines, fail);
  const { yaml } = document.directives;
  if (yaml.explicit === true && yaml.version !== "1.2") fail(0, "only YAML 1.2 is read");
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) fail(problem.pos[0], problem.code.toLowerCase().replaceAll("_", " "));

  const value = (node: unknown, depth: number): Json => {
    const at = offsetOf(node);
    if (isAlias(node)) return fail(at, "an alias; write the value out");
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) return null;
    if (node.anchor !== undefined) fail(at, "an anchor; there are no aliases");
    if (node.tag !== undefined) fail(at, "a tag; write the value as it is");
    if (isScalar(node)) return scalar(node.value, at);
    if (depth >= MAX_DEPTH) fail(at, `deeper than ${String(MAX_DEPTH)}`);
    if (isSeq(node)) return node.items.map((item) => value(item, depth + 1));
    return Object.fromEntries(node.items.map((pair) => [key(pair.key), value(pair.value, depth + 1)]));
  };

  const key = (node: unknown): string => {
    const name = isScalar(node) ? value(node, 0) : null;
    if (typeof name !== "string") return fail(offsetOf(node), "a key that is no text; put it in quotes");
    if (name === "<<" && isScalar(node) && node.type === "PLAIN") fail(offsetOf(node), "a merge key; write the members out");
    return name;
  };

  const scalar = (read: unknown, at: number): Json => {
    if (typeof read === "string" || typeof read === "boolean" || read === null) return read;
    if (typeof read !== "bigint") return fail(at, "a number that is not whole");
    return -(2n ** 53n) <= read && read <= 2n ** 53n ? Number(read) : fail(at, "a number beyond 2^53");
  };

  const root = value(document.contents, 0);
  return isObject(root) ? root : fail(0, "a document is a map");
}

/** The JSON text of the document that a YAML text means. Its errors are those of {@link fromYaml}. */
export function toJson(text: string): string {
  return `${JSON.stringify(fromYaml(text), null, 2)}\n`;
}

function parsed(text: string, lines: LineCounter, fail: (offset: number, what: string) => never) {
  const options = { version: "1.2", schema: "core", intAsBigInt: true, merge: false, strict: true, uniqueKeys: true } as const;
  try {
    // Where it is silent it says nothing of a second document.
    return parseDocument(text, { ...options, lineCounter: lines, prettyErrors: false, logLevel: "error" });
  } catch (error) {
    // The reader has no bound on depth but the stack.
    return error instanceof RangeError ? fail(0, `deeper than ${String(MAX_DEPTH)}`) : fail(0, "it cannot be read");
  }
}

function offsetOf(node: unknown): number {
  const isNode = isAlias(node) || isScalar(node) || isMap(node) || isSeq(node);
  return isNode ? (node.range?.[0] ?? 0) : 0;
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
