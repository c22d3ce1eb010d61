import { ask } from "./engine.js";

/**
 * A name in a store: the kind, a point, and the base64url of the SHA-256 of the texts as a JSON list. So no store holds the
 * text of a person, and no two lists have one name.
 */
export function storeName(kind: string, ...texts: readonly string[]): string {
  const list = JSON.stringify(texts);
  return `${kind}.${ask((core) => core.hash_of_name(list))}`;
}
