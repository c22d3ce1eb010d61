// What a policy's size costs: its roles, its rules, its routes, all three; and loading it.

import { grown, numbers, resources } from "../documents.mjs";
import { fresh, header, request } from "../headers.mjs";
import { anew, guardOf, principalOf } from "../package.mjs";

const SIZES = [10, 30, 100, 300, 1_000, 3_000, 10_000];

/** One more than the core takes does not load. */
function tooMany(documentOf) {
  const size = SIZES.at(-1);
  let found;
  try {
    guardOf(documentOf(size + 1));
  } catch (error) {
    found = error;
  }
  if (found?.code !== "too_many") throw new Error(`a policy of ${size + 1} ends in ${found?.code}`, { cause: found });
  return [{ at: size, name: `${found.code}: ${size.toLocaleString("en")}` }];
}

const curve = (name, axis, documentOf, seriesOf, facts = {}) => ({
  name,
  axis,
  unit: "µs",
  of: "a question",
  sizes: SIZES,
  at: (size) => ({ series: seriesOf(size) }),
  limits: () => tooMany(documentOf),
  ...facts,
});

/** Half of what she asks of is hers. */
function can(guard, place) {
  const subject = principalOf(guard, [`role${place}`]);
  return { run: (index) => guard.can(subject, `type${place}:update`, resources[index & 1]) === ((index & 1) === 0) };
}

function evaluate(guard, place) {
  const subject = { id: "ann", roles: [`role${place}`] };
  const asked = resources.map((properties) => ({ subject, action: "update", resource: { type: `type${place}`, properties } }));
  return { run: (index) => guard.evaluate(asked[index & 1]).decision === ((index & 1) === 0) };
}

/** A token that nobody has seen, at a route that wants the role. */
function unseen(guard, place, role = place) {
  let headers = [];
  return {
    prepare: (count) => (headers = numbers(count).map(() => header({ roles: [`role${role}`] }))),
    run: (index) => guard.checkSync(request(`/type${place}/1`, fresh(headers[index]))).allowed,
  };
}

/** A token seen before, at a path of that route: always the same, or another each time. */
function seen(guard, place, role, path) {
  const bytes = header({ roles: [`role${role}`] });
  let next = 0;
  return { run: () => guard.checkSync(request(path === "same" ? `/type${place}/1` : `/type${place}/${(next += 1)}`, fresh(bytes))).allowed };
}

const roles = (size) => grown({ roles: size, routes: 9_999 });
const rules = (size) => grown({ rules: size });
const rulesOnOne = (size) => grown({ rules: size, rulesOn: 5 });
const routes = (size) => grown({ routes: size });
const all = (size) => grown({ roles: size, rules: size, routes: size });

/** In an instance that has run but holds nothing: else a large guard of before would be forgotten in the middle of it. */
function loading(document) {
  const text = JSON.stringify(document);
  let texts = [];
  return {
    prepare: (count) => {
      anew();
      guardOf(grown({}));
      // Another revision each time: no guard is the same as one before.
      texts = numbers(count).map((number) => text.replace('"revision":1', `"revision":${number + 2}`));
    },
    run: (index) => guardOf(texts[index]).synchronous,
  };
}

export const policyCurves = [
  () =>
    curve("roles in the policy", "roles, each with a resource type", roles, (size) => {
      const guard = guardOf(roles(size));
      return { "can, by a condition": can(guard, size >> 1), "a token never seen": unseen(guard, size >> 1) };
    }),
  () =>
    curve("rules in the policy", "rules", rules, (size) => ({
      "can, each rule about its own type": can(guardOf(rules(size)), 5),
      "can, all about what is asked": can(guardOf(rulesOnOne(size)), 5),
    })),
  () =>
    curve("routes in the policy", "routes", routes, (size) => {
      const [place, document] = [size >> 1, routes(size)];
      const of = (path) => seen(guardOf(document), place, place % 10, path);
      return { "token seen, path never seen": of("another"), "token and path seen": of("same") };
    }),
  () =>
    curve("roles, rules and routes", "of each", all, (size) => {
      const [guard, place] = [guardOf(all(size)), size >> 1];
      return { "can, by a condition": can(guard, place), evaluate: evaluate(guard, place), "a token never seen": unseen(guard, place) };
    }),
  () =>
    curve(
      "loading the policy",
      "of each",
      all,
      (size) => ({
        "roles, rules and routes": loading(all(size)),
        "roles alone": loading(grown({ roles: size })),
        "rules alone": loading(grown({ rules: size })),
        "routes alone": loading(grown({ routes: size })),
      }),
      { of: "new Guard" },
    ),
];
