import * as given from "../arguments.js";
import { moment } from "../moment.js";
import { ask } from "./engine.js";
import { SigningKey, type Jwk } from "./keys.js";
import type { SigningKeys } from "./tokens.js";

/** A moment, where it is not the clock's. */
export interface At {
  /** Seconds since 1970; `Date.now() / 1000` where absent. */
  readonly now?: number;
}

/**
 * The keys of an issuer over time: one signs, the next is published before it signs, and the ones before are published as long
 * as a token of theirs can live. A ring does not change; each change makes another, to be kept where secrets are.
 *
 * ```ts
 * let ring = await KeyRing.start(await SigningKey.generate("ES256"));
 * await secrets.put("ring", ring.privateText());
 * const tokens = new TokenIssuer({ issuer, audience, client, key: ring });
 * // GET /.well-known/jwks.json
 * const jwks = () => Response.json(ring.published(), { headers: { "cache-control": ring.cacheControl } });
 * // Each month:
 * ring = ring.rotate(await SigningKey.generate("ES256"));
 * ```
 *
 * A new key waits for a day before it signs, and an old one is published for 25 hours more.
 *
 * Spec: RFC 7517 §5; OpenID Connect Core §10.1.1.
 */
export class KeyRing implements SigningKeys {
  /** `Cache-Control` of the answer with the published set. */
  readonly cacheControl: string;
  readonly #text: string;
  /** The keys that have signed, each read once. */
  readonly #keys = new Map<string, Promise<SigningKey>>();
  /** Which key signs within the second that was asked for last. */
  #latest: { readonly now: number; readonly jwk: string } | undefined;

  private constructor(text: string) {
    this.#text = text;
    this.cacheControl = ask((core) => core.key_set_cache_control());
  }

  /**
   * A ring of one key, which signs at once.
   *
   * @throws {@link IssuerError} `ring_secret`: a secret is not published, and signs without a ring.
   */
  static start(key: SigningKey, at: At = {}): KeyRing {
    const order = { jwk: textOf("KeyRing.start: key", key), now: nowOf(at) };
    return new KeyRing(ask((core) => core.new_key_ring(order)));
  }

  /**
   * A ring from its text.
   *
   * @throws {@link IssuerError} `ring_malformed`, `ring_secret`, `ring_key_known`, `ring_too_many`, and those of keys.
   */
  static read(text: string): KeyRing {
    const ring = new KeyRing(given.text("KeyRing.read: text", text));
    ring.published({ now: 0 });
    return ring;
  }

  /** All of it, to be kept where secrets are. */
  privateText(): string {
    return this.#text;
  }

  /**
   * The same with a key that is published from now on and signs in a day. Keys of which no token lives are left out.
   *
   * @throws {@link IssuerError} `ring_waiting` where one waits already, `ring_key_known`, `ring_secret`, `ring_too_many`.
   */
  rotate(key: SigningKey, at: At = {}): KeyRing {
    const order = { ring: this.#text, jwk: textOf("rotate: key", key), now: nowOf(at) };
    return new KeyRing(ask((core) => core.rotate_key_ring(order)));
  }

  /**
   * The same without a key that somebody may have got hold of; the other one signs at once. A guard believes the old key
   * until it asks for the set again: within an hour, or when it sees a token of the new one.
   *
   * @throws {@link IssuerError} `ring_key_unknown`, `ring_key_known`, `ring_secret`.
   */
  replace(kid: string, key: SigningKey, at: At = {}): KeyRing {
    const order = { ring: this.#text, kid: given.text("replace: kid", kid), jwk: textOf("replace: key", key), now: nowOf(at) };
    return new KeyRing(ask((core) => core.replace_in_key_ring(order)));
  }

  /** The key that signs at that time. */
  signing(now: number): Promise<SigningKey> {
    const order = { ring: this.#text, now: moment("signing: now", now) };
    if (this.#latest?.now !== order.now) this.#latest = { now: order.now, jwk: ask((core) => core.signing_key_of(order)) };
    const { jwk } = this.#latest;
    const known = this.#keys.get(jwk);
    if (known !== undefined) return known;
    const reading = SigningKey.read(jwk);
    this.#keys.set(jwk, reading);
    // A platform that failed once is asked again.
    reading.catch(() => this.#keys.delete(jwk));
    return reading;
  }

  /** The JWK set to be published: never a private member. */
  published(at: At = {}): { readonly keys: readonly Jwk[] } {
    const order = { ring: this.#text, now: nowOf(at) };
    return JSON.parse(ask((core) => core.published_keys_of(order))) as { readonly keys: readonly Jwk[] };
  }
}

function nowOf(at: At): number {
  const { now = Date.now() / 1000 } = given.members("at", at, ["now"]);
  return moment("now", now);
}

function textOf(what: string, key: SigningKey): string {
  if (!(key instanceof SigningKey)) throw new TypeError(`${what} must be a SigningKey`);
  return JSON.stringify(key.privateJwk());
}
