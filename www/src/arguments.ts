// In the glue a value of another type reads past the end of memory: so each argument is looked at here. What is none
// throws a `TypeError`.

import { isUncarried } from "./uncarried.js";
import type { AtomicStore } from "./stores/store.js";
import type { AccessRequest, Loader, RevocationTarget } from "./types.js";

export function loadersOf(resources: unknown): ReadonlyMap<string, Loader> {
  if (resources === undefined) return new Map();
  return new Map(
    Object.entries(object("new Guard: resources", resources)).map(([type, loader]) => {
      if (/^=|\n/.test(type)) throw new TypeError("new Guard: resources: a resource type has no line break and does not begin with =");
      return [type, aFunction<Loader>(`new Guard: resources.${type}`, loader)];
    }),
  );
}

/** A signature, which crosses on a line of its own. */
export function signature(what: string, value: unknown): string | undefined {
  if (value !== undefined && /[\r\n]/.test(text(what, value))) throw new TypeError(`${what} must be on one line`);
  return value as string | undefined;
}

/** A policy, alone or with its signature. A policy document has no member of that name. */
export function maybeSigned(what: string, given: unknown): { readonly policy: string; readonly signature: string | undefined } {
  if (typeof given !== "object" || given === null || !("signature" in given)) {
    return { policy: documentText(`${what}: policy`, given), signature: undefined };
  }
  const { policy, signature: value, ...others } = given as { readonly policy?: unknown; readonly signature: unknown };
  for (const name of Object.keys(others)) throw new TypeError(`${what}: beside policy and signature there is no ${name}`);
  return { policy: documentText(`${what}: policy`, policy), signature: signature(`${what}: signature`, value) };
}

export function documentText(what: string, document: unknown): string {
  return typeof document === "string" ? document : jsonText(what, object(what, document));
}

export function accessRequest(method: string, request: AccessRequest): AccessRequest {
  const { subject, action, resource, context } = object(`${method}: request`, request);
  object(`${method}: subject`, subject);
  if (typeof action !== "string") {
    const { name, properties } = object(`${method}: action`, action);
    text(`${method}: action.name`, name);
    if (properties !== undefined) jsonText(`${method}: action.properties`, object(`${method}: action.properties`, properties));
  } else {
    text(`${method}: action`, action);
  }
  if (resource !== undefined) {
    const { type, id, properties } = object(`${method}: resource`, resource);
    text(`${method}: resource.type`, type);
    if (id !== undefined) text(`${method}: resource.id`, id);
    if (properties !== undefined) object(`${method}: resource.properties`, properties);
  }
  if (context !== undefined) jsonText(`${method}: context`, object(`${method}: context`, context));
  return request;
}

/** The kinds of what may be revoked, as the core calls them. */
const KINDS = { subject: "subject", jti: "jti", sid: "sid", key: "key", apiKey: "apikey" } as const;

/** What a fact of revocation is about, as JSON for the core. */
export function revocationTarget(method: string, target: RevocationTarget): string {
  const { issuer, ...named } = object(`${method}: target`, target) as { readonly issuer?: unknown };
  const [member, ...others] = Object.entries(named as Readonly<Record<string, unknown>>).filter(([, value]) => value !== undefined);
  if (member === undefined || others.length > 0 || !Object.hasOwn(KINDS, member[0])) {
    throw new TypeError(`${method}: name one of ${Object.keys(KINDS).join(", ")}, and nothing else but issuer`);
  }
  const [name, value] = member;
  if (text(`${method}: ${name}`, value) === "") throw new TypeError(`${method}: ${name} must not be empty`);
  if (issuer !== undefined && issuer !== null) {
    text(`${method}: issuer`, issuer);
    if (name === "apiKey") throw new TypeError(`${method}: an API key has no issuer`);
  }
  return JSON.stringify({ kind: KINDS[name as keyof typeof KINDS], issuer: issuer ?? null, value });
}

export function object<Value>(what: string, value: Value): Value & object {
  if (typeof value !== "object" || value === null) throw new TypeError(`${what} must be an object`);
  return value;
}

export function text(what: string, value: unknown): string {
  if (typeof value !== "string") throw new TypeError(`${what} must be text`);
  return value;
}

/** An object that has no other members than these: a name that is mistyped must not leave a limit as it was. */
export function members<Value extends object>(what: string, value: Value, names: readonly (keyof Value & string)[]): Value {
  const known: readonly string[] = names;
  for (const name of Object.keys(object(what, value))) {
    if (!known.includes(name)) throw new TypeError(`${what}: there is no ${name}`);
  }
  return value;
}

/** A store that reads, swaps and removes. */
export function atomicStore(what: string, store: AtomicStore): AtomicStore {
  const { read, swap, remove } = object(what, store);
  for (const [name, method] of Object.entries({ read, swap, remove })) aFunction(`${what}.${name}`, method);
  return store;
}

/** A whole number that is not negative. */
export function whole(what: string, value: unknown): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) throw new TypeError(`${what} must be a whole number`);
  return value;
}

/** An object whose members are texts. */
export function texts(what: string, value: object): void {
  for (const [name, member] of Object.entries(object(what, value))) text(`${what}.${name}`, member);
}

export function aFunction<Kind extends (...parameters: never) => unknown>(what: string, value: unknown): Kind {
  if (typeof value !== "function") throw new TypeError(`${what} must be a function`);
  return value as Kind;
}

export function jsonText(what: string, value: object): string {
  const json: unknown = JSON.stringify(value, function (this: object, name: string, said: unknown) {
    // Left out in silence, it would be missing where a rule asks for it.
    if (isUncarried(this, name, said)) throw new TypeError(`${what} must be what JSON can carry, and ${name === "" ? "is" : JSON.stringify(name)} not`);
    return said;
  });
  if (typeof json !== "string") throw new TypeError(`${what} must be what JSON can carry`);
  return json;
}
