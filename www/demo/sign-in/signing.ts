// The keys that access tokens are signed with: a ring in the store, sealed. Each month another key joins it, which waits for
// a day before it signs, so that every guard knows it by then.
import { KeyRing, SigningKey } from "portcullis/issuer";
import type { SigningKeys } from "portcullis/issuer";
import type { AtomicStore } from "portcullis/stores/durable";
import { seal, unseal } from "./seal.js";

const name = "signing-keys";
/** Seconds: for how long another isolate may not hear of a change, much less than a key waits. */
const remembered = 300;
/** Seconds from one key to the next. */
const turn = 30 * 86_400;
/** Kept until it is written anew. */
const forever = 253_402_300_799;

interface Kept {
  readonly ring: string;
  /** When the newest key came. */
  readonly turnedAt: number;
}

interface Held extends Kept {
  readonly keys: KeyRing;
  readonly version: string;
}

/** What {@link TokenIssuer} signs with, and what is published of it. */
export interface Signing extends SigningKeys {
  /** The answer with the set of public keys. */
  published(): Promise<Response>;
  /** Another key, where a month has passed. */
  turn(): Promise<void>;
}

export function signingFrom(store: AtomicStore, sealing: Promise<CryptoKey>, now: () => number): Signing {
  let held: Promise<Held> | undefined;
  let until = 0;

  function hold(): Promise<Held> {
    if (held === undefined || now() >= until) {
      until = now() + remembered;
      held = read();
      // What failed is tried again.
      held.catch(() => (until = 0));
    }
    return held;
  }

  async function read(): Promise<Held> {
    const entry = await store.read(name);
    if (entry === null) {
      const first = KeyRing.start(await SigningKey.generate("EdDSA"), { now: now() });
      await write({ ring: first.privateText(), turnedAt: now() }, null);
      // Of two that begin at once one has written.
      return read();
    }
    const kept = JSON.parse(await unseal(entry.value, name, await sealing)) as Kept;
    return { ...kept, keys: KeyRing.read(kept.ring), version: entry.version };
  }

  async function write(kept: Kept, version: string | null): Promise<void> {
    await store.swap(name, version, await seal(JSON.stringify(kept), name, await sealing), forever);
  }

  return {
    signing: async (at) => (await hold()).keys.signing(at),
    async published() {
      const { keys } = await hold();
      return Response.json(keys.published({ now: now() }), { headers: { "cache-control": keys.cacheControl } });
    },
    async turn() {
      const { keys, turnedAt, version } = await read();
      if (now() < turnedAt + turn) return;
      const next = keys.rotate(await SigningKey.generate("EdDSA"), { now: now() });
      await write({ ring: next.privateText(), turnedAt: now() }, version);
      until = 0;
    },
  };
}
