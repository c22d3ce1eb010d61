// The platforms' own types go in as they are.

import type * as cloudflare from "@cloudflare/workers-types";
import { createClient, createClientPool, createCluster } from "@redis/client";
import type { ApiKeyStore, ReplayStore, RevocationStore } from "portcullis/full";
import { D1ApiKeys } from "portcullis/stores/api-keys";
import { D1Revocations, D1Store, schema, type D1Database } from "portcullis/stores/d1";
import { AtomicReplays, DurableStore, StoreObject, type DurableNamespace } from "portcullis/stores/durable";
import { KvKeys, KvRevocations } from "portcullis/stores/kv";
import { MemoryStore, StoreError, type AtomicStore, type Entry } from "portcullis/stores/memory";
import { RedisRevocations, RedisStore, type RedisClient } from "portcullis/stores/redis";

interface Bindings {
  readonly DB: cloudflare.D1Database;
  readonly STORE: cloudflare.DurableObjectNamespace;
  readonly KV: cloudflare.KVNamespace;
}
declare const env: Bindings;
declare const state: cloudflare.DurableObjectState;

await env.DB.exec(schema);
export const database: D1Database = env.DB;
export const namespace: DurableNamespace = env.STORE;
export const object: StoreObject = new StoreObject(state);

const client = createClient({ disableOfflineQueue: true });
export const clients: readonly RedisClient[] = [client, createClientPool(), createCluster({ rootNodes: [] })];

export const all: readonly AtomicStore[] = [
  new MemoryStore(),
  new D1Store(env.DB, { clock: () => 0 }),
  new DurableStore(env.STORE, { shards: 4 }),
  new RedisStore(client, { prefix: "app:" }),
];
export const facts: readonly RevocationStore[] = [new D1Revocations(env.DB), new RedisRevocations(client), new KvRevocations(env.KV)];
export const apiKeys: ApiKeyStore = new D1ApiKeys(env.DB, { perOwner: 10 });
export const proofs: ReplayStore = new AtomicReplays(new DurableStore(env.STORE));

export async function next(store: AtomicStore): Promise<boolean> {
  const held: Entry | null = await store.read("a");
  return store.swap("a", held?.version ?? null, "1", 60);
}

// KV cannot write on a condition, and so it is no place for what needs it.
// @ts-expect-error no swap
export const keys: AtomicStore = new KvKeys(env.KV);
// @ts-expect-error no swap
new AtomicReplays(env.KV);
// @ts-expect-error no database
new D1Store(env.KV);
// @ts-expect-error no client of Redis
new RedisStore(env.KV);

export function code(error: unknown): string | undefined {
  return error instanceof StoreError ? error.code : undefined;
}
