// The policy's routes as the page shows them, and the page's own answer to each.
import type { Guard, ResourceObject, Subject } from "portcullis";

/** A route of the policy document, as it is written there. */
export interface Route {
  readonly route: string;
  readonly allow?: string;
  readonly permission?: string;
  readonly role?: string;
  readonly scope?: string;
}

/** One row: a request that stands for a route. `route` is `null` where the policy does not declare it. */
export interface Row {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly route: Route | null;
}

/** Whether the page thinks that the gate opens; `null` where it cannot ask. */
export interface Guess {
  readonly open: boolean | null;
  readonly how: string;
}

export interface Page {
  readonly guard: Guard;
  readonly subject: Subject | null;
  readonly articles: Readonly<Record<string, ResourceObject>>;
}

/** The site's own routes, then those that a visitor added. */
export function rowsOf(site: readonly Route[], policy: readonly Route[]): readonly Row[] {
  const declared = new Map(policy.map((route) => [route.route, route]));
  const names = new Set([...site.map(({ route }) => route), ...declared.keys()]);
  return [...names].map((name) => ({ name, ...example(name), route: declared.get(name) ?? null }));
}

/** What a route wants, in words. */
export function wants(route: Route | null): string {
  if (route === null) return "not declared";
  if (route.allow !== undefined) return route.allow === "everyone" ? "open to everyone" : "any authenticated principal";
  return [
    route.scope === undefined ? [] : [`scope ${route.scope}`],
    route.role === undefined ? [] : [`role ${route.role}`],
    route.permission === undefined ? [] : [`permission ${route.permission}`],
  ].flat().join(" and ");
}

/** The page's answer: `guard.can` for a permission; the principal and its roles in effect for the rest. */
export function guess(route: Route | null, path: string, page: Page): Guess {
  const { guard, subject } = page;
  if (subject === null) return { open: null, how: "no principal" };
  if (route === null) return { open: null, how: "not asked" };
  if (route.allow === "everyone") return { open: true, how: "everyone" };
  if (route.allow === "authenticated") return { open: subject.kind !== "guest", how: "principal" };
  const { permission, role, scope } = route;
  const may = permission === undefined || guard.can(subject, permission, resourceOf(permission, path, page));
  const has = role === undefined || rolesInEffect(guard, subject).includes(role);
  const holds = scope === undefined || (subject.scopes ?? []).includes(scope);
  return { open: may && has && holds, how: permission !== undefined ? "can" : role !== undefined ? "role" : "scope" };
}

/** The subject's roles with all that they inherit, as the core counts them. */
export function rolesInEffect(guard: Guard, subject: Subject): readonly string[] {
  return guard.explain({ subject, action: "anything" }).rolesInEffect;
}

/** The article that the path names, where the permission is asked of one. */
export function resourceOf(permission: string, path: string, { articles }: Page): ResourceObject | undefined {
  const id = path.split("/")[2];
  return permission.startsWith("article:") && id !== undefined ? articles[id] : undefined;
}

function example(name: string): { readonly method: string; readonly path: string } {
  const [method = "GET", pattern = "/"] = name.split(" ");
  const path = pattern.replace("**", "welcome").replace(/\{[^}]*\}/g, "1");
  return { method: method === "*" ? "GET" : method, path };
}
