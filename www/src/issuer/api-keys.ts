import * as given from "../arguments.js";
import { moment, span } from "../moment.js";
import { ask } from "./engine.js";
import { IssuerError } from "./error.js";

/** A key that was made: show `key` to its owner once, and keep `hash`. */
export interface NewApiKey {
  /** The secret: `prefix_`, 30 random base62 characters and a checksum of six. */
  readonly key: string;
  /** `hash` of an entry of `apiKeys` in the trust document: `sha256:` and base64url. */
  readonly hash: string;
}

/** A key in the place of another. */
export interface RotatedApiKey extends NewApiKey {
  /** From when on the old key is refused, in seconds since 1970: `notAfter` of its entry. */
  readonly oldNotAfter: number;
}

/** How a key takes the place of another. */
export interface ApiKeyRotation {
  /** Seconds for which the old key works beside the new one. */
  readonly overlap: number;
  /** When the old key would end without that, in seconds since 1970; never where absent. */
  readonly notAfter?: number;
  /** Seconds since 1970; the clock's where absent. */
  readonly now?: number;
}

/**
 * A new API key.
 *
 * `prefix` is 1 to 32 letters, digits and `_`: whose key it is, and of what kind. Who looks for leaked keys finds it by that.
 *
 * @throws {@link IssuerError} `prefix_malformed`.
 */
export function newApiKey(prefix: string): NewApiKey {
  given.text("newApiKey: prefix", prefix);
  return ask((core) => core.new_api_key(prefix));
}

/**
 * A new key in the place of one that works on for `overlap` seconds, but no longer than it would have.
 *
 * @throws {@link IssuerError} `prefix_malformed`.
 */
export function rotateApiKey(prefix: string, rotation: ApiKeyRotation): RotatedApiKey {
  given.text("rotateApiKey: prefix", prefix);
  const { overlap, notAfter, now = Date.now() / 1000 } = given.members("rotateApiKey: rotation", rotation, ["overlap", "notAfter", "now"]);
  const asked = {
    prefix,
    notAfter: notAfter === undefined ? undefined : moment("rotateApiKey: notAfter", notAfter),
    overlap: span("rotateApiKey: overlap", overlap),
    now: moment("rotateApiKey: now", now),
  };
  return ask((core) => core.rotate_api_key(asked));
}

/** Whether a text has the form of a key with that prefix, and its checksum: what is mistyped needs no look-up. */
export function isApiKey(text: string, prefix: string): boolean {
  given.text("isApiKey: text", text);
  given.text("isApiKey: prefix", prefix);
  try {
    ask((core) => core.check_api_key(text, prefix));
    return true;
  } catch (error) {
    if (error instanceof IssuerError) return false;
    throw error;
  }
}

/** What is kept of a key: see {@link NewApiKey}. */
export function hashApiKey(text: string): string {
  given.text("hashApiKey: text", text);
  return ask((core) => core.hash_api_key(text));
}
