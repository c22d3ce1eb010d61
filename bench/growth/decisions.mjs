// The decisions whose allocations are counted. `run` asks, `floor` makes what the caller makes and does not ask; both
// say true where all is well.

import { numbers } from "./documents.mjs";
import { fresh, header, request } from "./headers.mjs";
import { guardOf, principalOf } from "./package.mjs";

const policy = {
  policy: "growth",
  revision: 1,
  resources: { article: { actions: ["read", "update", "publish", "delete"], owner: "owner", attributes: { owner: "string", status: "string" } } },
  roles: {
    viewer: { permits: ["article:read"] },
    editor: {
      inherits: ["viewer"],
      permits: [
        { permission: "article:update", owner: true },
        { permission: "article:publish", when: "resource.owner == subject.id && resource.status == 'draft'" },
      ],
    },
    admin: { inherits: ["editor"], permits: ["article:delete"] },
  },
  routes: [
    { route: "GET /me", allow: "authenticated" },
    { route: "GET /articles", permission: "article:read" },
  ],
};

const roles = ["editor"];
const articles = numbers(256).map((number) => ({ owner: (number & 1) === 0 ? "ann" : "bob", status: "draft" }));
const expected = (index) => (index & 1) === 0;

/** Of a principal of the guard, or of a subject of one's own. */
function can(permission, { own = false } = {}) {
  const guard = guardOf(policy);
  const subject = own ? { id: "ann", roles } : principalOf(guard, roles);
  return {
    run: (index) => guard.can(subject, permission, articles[index & 255]) === expected(index),
    floor: (index) => (articles[index & 255].owner === "ann") === expected(index),
  };
}

function canByRoles() {
  const guard = guardOf(policy);
  const subject = principalOf(guard, roles);
  const permissions = ["article:read", "article:delete"];
  return {
    run: (index) => guard.can(subject, permissions[index & 1]) === expected(index),
    floor: (index) => permissions[index & 1].length > 0,
  };
}

const floorOf = (made) => made.method === "GET" && made.headers.authorization !== "";

function seen(url) {
  const guard = guardOf(policy);
  const headers = numbers(64).map(() => header({ roles }));
  return {
    run: (index) => guard.checkSync(request(url, fresh(headers[index & 63]))).allowed,
    floor: (index) => floorOf(request(url, fresh(headers[index & 63]))),
  };
}

function unseen() {
  const guard = guardOf(policy);
  let headers = [header({ roles })];
  return {
    prepare: (count) => (headers = numbers(count).map(() => header({ roles }))),
    run: (index) => guard.checkSync(request("/me", fresh(headers[index]))).allowed,
    floor: (index) => floorOf(request("/me", fresh(headers[index]))),
  };
}

export const decisions = {
  "can, by roles, a principal of the guard": canByRoles,
  "can, by ownership, the same": () => can("article:update"),
  "can, by a condition, the same": () => can("article:publish"),
  "can, by a condition, a subject of one's own": () => can("article:publish", { own: true }),
  "checkSync, token and route seen before": () => seen("/me"),
  "checkSync, the same, with a permission": () => seen("/articles"),
  "checkSync, a token never seen": unseen,
};
