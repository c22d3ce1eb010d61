/** The names that a policy declares, each list sorted and without repetition. */
export interface DeclaredNames {
  readonly policy: string;
  readonly revision: number;
  readonly roles: readonly string[];
  readonly permissions: readonly string[];
  readonly resourceTypes: readonly string[];
  readonly routes: readonly string[];
}

/** The names in a policy document or its JSON text. What is no policy throws a `TypeError`; a guard says what is wrong with it. */
export function declaredNames(policy: unknown): DeclaredNames {
  const document = object("the policy", typeof policy === "string" ? JSON.parse(policy) : policy);
  const resources = object("resources", document["resources"] ?? {});
  const typed = Object.entries(resources).flatMap(([type, resource]) => {
    const actions = list(`resources.${type}.actions`, object(`resources.${type}`, resource)["actions"]);
    return actions.map((action) => `${type}:${text(`resources.${type}.actions`, action)}`);
  });
  const bare = list("permissions", document["permissions"] ?? []).map((name) => text("permissions", name));
  const routes = list("routes", document["routes"] ?? []).map((route) => text("routes: route", object("routes", route)["route"]));
  return {
    policy: text("policy", document["policy"]),
    revision: number("revision", document["revision"]),
    roles: sorted(Object.keys(object("roles", document["roles"] ?? {}))),
    permissions: sorted([...typed, ...bare]),
    resourceTypes: sorted(Object.keys(resources)),
    routes: sorted(routes),
  };
}

/** In an order that does not hang on the language of the machine. */
function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort((left, right) => (left < right ? -1 : 1));
}

function object(what: string, value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new TypeError(`${what} must be an object`);
  return value as Readonly<Record<string, unknown>>;
}

function list(what: string, value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError(`${what} must be a list`);
  return value;
}

function text(what: string, value: unknown): string {
  if (typeof value !== "string") throw new TypeError(`${what} must be text`);
  return value;
}

function number(what: string, value: unknown): number {
  if (typeof value !== "number") throw new TypeError(`${what} must be a number`);
  return value;
}
