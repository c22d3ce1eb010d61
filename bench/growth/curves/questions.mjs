// What a question's size costs: the resources of a batch, the members of a resource.

import { numbers } from "../documents.mjs";
import { authzen, fullGuardOf, guardOf, principalOf } from "../package.mjs";

const SIZES = [10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000];
/** The core's own, of AuthZEN's evaluations. */
const MOST_EVALUATIONS = 1_000;

const policy = {
  policy: "growth",
  revision: 1,
  resources: { article: { actions: ["update"], attributes: { owner: "string", status: "string" } } },
  roles: { editor: { permits: [{ permission: "article:update", when: "resource.owner == subject.id && resource.status == 'draft'" }] } },
  routes: [{ route: "GET /me", allow: "authenticated" }],
};

/** Every other one is ann's. */
const article = (number) => ({ owner: (number & 1) === 0 ? "ann" : "bob", status: "draft" });

function list(guard, size) {
  const subject = principalOf(guard, ["editor"]);
  const articles = numbers(size).map(article);
  return {
    run: () => {
      let granted = 0;
      for (const one of articles) if (guard.can(subject, "article:update", one)) granted += 1;
      return granted === size >> 1;
    },
  };
}

const asked = (size) =>
  JSON.stringify({
    subject: { type: "user", id: "ann" },
    action: { name: "update" },
    evaluations: numbers(size).map((number) => ({ resource: { type: "article", id: `a${number}`, properties: article(number) } })),
  });

const post = (handle, body) =>
  handle(new Request("https://pdp.example/access/v1/evaluations", { method: "POST", headers: { "content-type": "application/json" }, body }));

function evaluations(handle, size) {
  const body = asked(size);
  let known;
  return {
    run: async () => {
      const text = await (await post(handle, body)).text();
      // Looked at once, member by member; from then on it must be that text.
      known ??= JSON.parse(text).evaluations.every(({ decision }, number) => decision === ((number & 1) === 0)) ? text : "";
      return text === known;
    },
  };
}

function batchCurve() {
  const guard = guardOf(policy);
  const handle = authzen(fullGuardOf(policy), { directory: { user: { ann: { roles: ["editor"] } } } });
  return {
    name: "resources in a batch",
    axis: "resources",
    unit: "µs",
    of: "a batch",
    sizes: SIZES,
    at: (size) => ({
      series: {
        "can, in a loop over a list": list(guard, size),
        ...(size > MOST_EVALUATIONS ? {} : { "AuthZEN evaluations, one request": evaluations(handle, size) }),
      },
    }),
    limits: async () => {
      const refused = await post(handle, asked(MOST_EVALUATIONS + 1));
      const text = await refused.json();
      if (refused.status !== 400 || text !== `evaluations has more than ${MOST_EVALUATIONS}`) throw new Error(`too many evaluations end in ${refused.status} ${text}`);
      return [{ at: MOST_EVALUATIONS, name: `too_many: ${MOST_EVALUATIONS.toLocaleString("en")} evaluations` }];
    },
  };
}

function membersCurve() {
  const guard = guardOf(policy);
  const subject = principalOf(guard, ["editor"]);
  return {
    name: "members of a resource",
    axis: "members, of which two are read",
    unit: "µs",
    of: "a question",
    sizes: SIZES,
    at: (size) => {
      const others = Object.fromEntries(numbers(size - 2).map((number) => [`member${number}`, number]));
      const pair = [0, 1].map((number) => ({ ...others, ...article(number) }));
      const questions = pair.map((properties) => ({ subject: { id: "ann", roles: ["editor"] }, action: "update", resource: { type: "article", properties } }));
      return {
        series: {
          can: { run: (index) => guard.can(subject, "article:update", pair[index & 1]) === ((index & 1) === 0) },
          evaluate: { run: (index) => guard.evaluate(questions[index & 1]).decision === ((index & 1) === 0) },
        },
      };
    },
  };
}

export const questionCurves = [batchCurve, membersCurve];
