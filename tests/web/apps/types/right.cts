// The same package, required.

import portcullis = require("portcullis");
import full = require("portcullis/full");
import kv = require("portcullis/stores/kv");
import memory = require("portcullis/stores/memory");

const guard: portcullis.Guard = new portcullis.Guard({ policy: {} });
export const may: boolean = guard.can({ id: "u1" }, "read_users");
export const kind: portcullis.PrincipalKind = "guest";
export const isConfigError = (error: unknown): error is portcullis.ConfigError => error instanceof portcullis.ConfigError;
export const stores: readonly portcullis.RevocationStore[] = [new memory.MemoryRevocations()];
export const keysIn = (namespace: kv.KvNamespace): kv.KvKeys => new kv.KvKeys(namespace);
export const proving: full.Guard = new full.Guard({ policy: {} });
