// What TypeScript knows of a policy: its names, and that each name that is used is declared.

import { definePolicy, Guard, type Named, type PermissionOf, type PolicyDocument, type ResourceTypeOf, type RoleOf, type RouteOf } from "portcullis";
import { definePolicy as defineFull, Guard as Full } from "portcullis/full";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function holds<Fact extends true>(): Fact;

const policy = definePolicy({
  policy: "blog",
  revision: 7,
  resources: {
    article: { actions: ["read", "update"], owner: "author_id", tenant: "tenant_id", attributes: { author_id: "string", tenant_id: { type: "string", redact: true } }, fields: ["body"] },
    comment: { actions: ["hide"], owner: { resource: "author", subject: "id" }, hide: true },
  },
  permissions: ["read_users"],
  subject: { attributes: { clearance: "int" } },
  roles: {
    guest: { permits: ["article:read", "article:*", "*:hide", "*"] },
    editor: { inherits: ["guest"], permits: [{ permission: "article:update", owner: true, when: "true", fields: ["body"] }] },
    admin: { elevated: { acr: ["mfa"], maxAuthAge: 900, justification: true } },
  },
  exclusive: [["guest", "admin"]],
  rules: [{ id: "frozen", effect: "deny", permissions: ["article:*", "read_users"], when: "true", unless: "false", message: "Frozen." }],
  routes: [{ route: "GET /a/{id}", permission: "article:read", role: "editor", handler: "decides" }, { route: "GET /b", allow: "everyone" }],
});

holds<Same<RoleOf<typeof policy>, "guest" | "editor" | "admin">>();
holds<Same<PermissionOf<typeof policy>, "article:read" | "article:update" | "comment:hide" | "read_users">>();
holds<Same<ResourceTypeOf<typeof policy>, "article" | "comment">>();
holds<Same<RouteOf<typeof policy>, "GET /a/{id}" | "GET /b">>();

const subject = { id: "u1", roles: ["editor"] };
const guard = new Guard({ policy });
export const may: readonly boolean[] = [guard.can(subject, "article:update"), guard.can(subject, "read_users")];
// @ts-expect-error a typo in the type
guard.can(subject, "articel:update");
// @ts-expect-error a typo in the action
guard.can(subject, "article:updaet");
// @ts-expect-error a wildcard is for grants
guard.can(subject, "article:*");
// @ts-expect-error some text
guard.can(subject, String("article:update"));

const full = new Full({ policy: defineFull({ policy: "small", revision: 1, permissions: ["a"] }) });
full.can(subject, "a");
// @ts-expect-error so in the other file
full.can(subject, "b");
full.fields(subject, "a");
// @ts-expect-error there too
full.fields(subject, "b");
// @ts-expect-error and there
full.filter(subject, "b", {});

// Where the guard is handed on, it may be any.
const anyGuard: Guard = guard;
anyGuard.can(subject, "articel:update");
export const ask = (asked: Guard<typeof policy>): boolean => asked.can(subject, "article:read");
ask(guard);

// Without definePolicy a permission is text.
holds<Same<PermissionOf<object>, string>>();
holds<Same<PermissionOf<string>, string>>();
new Guard({ policy: { policy: "blog", revision: 1 } }).can(subject, "articel:update");
new Guard({ policy: "{}" }).can(subject, "articel:update");
declare const wide: PolicyDocument;
const widely = definePolicy(wide);
holds<Same<PermissionOf<typeof widely>, string>>();
holds<Same<RoleOf<typeof widely>, string>>();
const nothing = definePolicy({ policy: "nothing", revision: 1 });
holds<Same<PermissionOf<typeof nothing>, never>>();

// Names from elsewhere, as `typesOf` writes them.
type Read = Named<{ role: "r"; permission: "p"; resourceType: never; route: never }>;
const read = new Guard<Read>({ policy: JSON.parse("{}") as object });
read.can(subject, "p");
// @ts-expect-error another permission
read.can(subject, "q");

const start = { policy: "p", revision: 1, permissions: ["a"], resources: { article: { actions: ["read"] } } } as const;

// @ts-expect-error a revision is there
definePolicy({ policy: "p" });
// @ts-expect-error a role is declared
definePolicy({ ...start, roles: { r: { inherits: ["s"] } } });
// @ts-expect-error a permission is declared
definePolicy({ ...start, roles: { r: { permits: ["b"] } } });
// @ts-expect-error an action is declared
definePolicy({ ...start, roles: { r: { permits: ["article:raed"] } } });
// @ts-expect-error in an object too
definePolicy({ ...start, roles: { r: { permits: [{ permission: "b" }] } } });
// @ts-expect-error the type of a wildcard is declared
definePolicy({ ...start, roles: { r: { permits: ["articel:*"] } } });
// @ts-expect-error the action of a wildcard is declared
definePolicy({ ...start, roles: { r: { permits: ["*:raed"] } } });
// @ts-expect-error exclusive roles are declared
definePolicy({ ...start, roles: { r: {} }, exclusive: [["r", "s"]] });
// @ts-expect-error a rule's permission is declared
definePolicy({ ...start, rules: [{ id: "i", effect: "deny", permissions: ["b"] }] });
// @ts-expect-error a route's permission is declared
definePolicy({ ...start, routes: [{ route: "GET /", permission: "b" }] });
// @ts-expect-error a route names one permission
definePolicy({ ...start, routes: [{ route: "GET /", permission: "*" }] });
// @ts-expect-error a route's role is declared
definePolicy({ ...start, routes: [{ route: "GET /", role: "r" }] });
// @ts-expect-error an effect is deny or require
definePolicy({ ...start, rules: [{ id: "i", effect: "allow", permissions: ["a"] }] });
// @ts-expect-error a type of an attribute
definePolicy({ ...start, subject: { attributes: { a: "text" } } });
// @ts-expect-error no such member
definePolicy({ ...start, role: {} });
// @ts-expect-error no such member of a role
definePolicy({ ...start, roles: { r: { inherit: [] } } });
// @ts-expect-error no such member of a resource type
definePolicy({ ...start, resources: { article: { actions: ["read"], action: [] } } });
// @ts-expect-error no such member of a rule
definePolicy({ ...start, rules: [{ id: "i", effect: "deny", permissions: ["a"], if: "true" }] });
// @ts-expect-error no such member of a route
definePolicy({ ...start, routes: [{ route: "GET /", allow: "everyone", method: "GET" }] });
