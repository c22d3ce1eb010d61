// Cloudflare KV is eventually consistent: what is written is seen elsewhere after a minute or more. That suits
// revocations that may take as long, and public keys. It cannot write on a condition: of fifty that read and then write
// at once all win. So there is no AtomicStore here, and nothing that remembers proofs.

import * as given from "../arguments.js";
import { moment } from "../moment.js";
import type { RevocationStore } from "../types.js";

/** What is used of a KV namespace's binding. */
export interface KvNamespace {
  get(key: string): Promise<string | null>;
  put(key: string, value: string, options: { readonly expirationTtl: number }): Promise<void>;
}

/** Seconds. KV refuses a shorter life. */
const SHORTEST_LIFE = 60;

/** Seconds: the longest that keys count, fresh for a day and then for a day more where their issuer is down. */
const LIFE_OF_KEYS = 172_800;

interface Fact {
  readonly notBefore: number;
  readonly until: number;
}

/**
 * Facts of revocation in KV, under their names: as text, the moment before which tokens are refused and, behind a space,
 * the one until which the fact is kept. The second may be missing, and both are decimal seconds since 1970.
 */
export class KvRevocations implements RevocationStore {
  readonly #namespace: KvNamespace;
  readonly #clock: () => number;

  /** `clock`: seconds since 1970; `Date.now() / 1000` where absent. */
  constructor(namespace: KvNamespace, options: { readonly clock?: () => number } = {}) {
    const { clock = () => Date.now() / 1000 } = given.members("new KvRevocations: options", options, ["clock"]);
    this.#namespace = namespace;
    this.#clock = clock;
  }

  async lookup(names: readonly string[]): Promise<(number | null)[]> {
    const facts = await Promise.all(names.map((name) => this.#fact(name)));
    return facts.map((fact) => fact?.notBefore ?? null);
  }

  /**
   * Keeps a fact: the name that `guard.revocationName` gives, the moment before which tokens are refused, and until when
   * the fact is kept; seconds since 1970. Of two facts of one name the later moments count, as far as this place sees
   * the other one already.
   */
  async revoke(name: string, notBefore: number, until: number): Promise<void> {
    const fact = { notBefore: moment("notBefore", notBefore), until: moment("until", until) };
    const other = (await this.#fact(name)) ?? fact;
    const end = Math.max(fact.until, other.until);
    const expirationTtl = Math.max(SHORTEST_LIFE, Math.ceil(end - this.#clock()));
    await this.#namespace.put(name, `${Math.max(fact.notBefore, other.notBefore)} ${end}`, { expirationTtl });
  }

  async #fact(name: string): Promise<Fact | null> {
    const text = await this.#namespace.get(name);
    if (text === null) return null;
    const found = /^([0-9]{1,15})(?: ([0-9]{1,15}))?$/.exec(text);
    // What cannot be read is not the absence of a fact.
    if (found === null) throw new Error("a revocation in KV that is no decimal number");
    return { notBefore: Number(found[1]), until: Number(found[2] ?? 0) };
  }
}

/**
 * The text of `guard.exportKeys` in KV, so that a new isolate starts with the keys that another one has fetched. Whoever
 * can write there decides whom the guard believes.
 */
export class KvKeys {
  readonly #namespace: KvNamespace;
  readonly #name: string;
  #seen = "";

  /** `name`: the entry's, one for each trust document. */
  constructor(namespace: KvNamespace, name: string = "portcullis.keys") {
    this.#namespace = namespace;
    this.#name = name;
  }

  /** For `guard.importKeys`; empty where there are none yet. */
  async load(): Promise<string> {
    this.#seen = (await this.#namespace.get(this.#name)) ?? "";
    return this.#seen;
  }

  /** Keeps the text of `guard.exportKeys`; writes only where it differs from what was loaded or saved last. */
  async save(text: string): Promise<void> {
    if (text === this.#seen) return;
    await this.#namespace.put(this.#name, text, { expirationTtl: LIFE_OF_KEYS });
    this.#seen = text;
  }
}
