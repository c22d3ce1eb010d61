// Policies of any size. What is asked for stands in the middle of all others.

export const numbers = (count) => Array.from({ length: count }, (_, number) => number);

const attributes = { owner: "string", status: "string", amount: "int" };
const condition = (number) => `resource.owner == subject.id && resource.amount < ${number + 1_000}`;

/**
 * So many roles with a conditional grant each, so many rules with a condition each, and so many routes. There is a
 * resource type for each role. `rulesOn` is the one type that all rules are about; else each is about its own.
 */
export function grown({ roles = 10, rules = 0, routes = 1, rulesOn }) {
  const types = Math.max(roles, rulesOn === undefined ? rules : 0);
  const route = (number) => ({ route: `GET /type${number}/{id}`, role: `role${number % roles}` });
  return {
    policy: "growth",
    revision: 1,
    resources: Object.fromEntries(numbers(types).map((number) => [`type${number}`, { actions: ["update"], attributes }])),
    roles: Object.fromEntries(numbers(roles).map((number) => [`role${number}`, { permits: [{ permission: `type${number}:update`, when: condition(number) }] }])),
    rules: numbers(rules).map((number) => ({ id: `rule${number}`, effect: "deny", permissions: [`type${rulesOn ?? number}:update`], when: `resource.status == 'archived' && resource.amount > ${number}` })),
    routes: [{ route: "GET /me", allow: "authenticated" }, ...numbers(routes - 1).map(route)],
  };
}

/** What is ann's, and what is another's: the first she may update, the second not. */
export const resources = [
  { owner: "ann", status: "draft", amount: 7 },
  { owner: "bob", status: "draft", amount: 7 },
];
