// With the policies parsed beforehand, which is its fastest way.

import { preparsePolicySet, statefulIsAuthorized } from "#cedar-wasm";
import { articles, conditional, manuscripts, owned, roleQuestions } from "../scenario.mjs";
import { roleParents, statements } from "./cedar-policies.mjs";

const { type, errors } = preparsePolicySet("bench", { staticPolicies: statements().join("\n") });
if (type !== "success") throw new Error(JSON.stringify(errors));

const principal = { type: "User", id: "ann" };
const people = [
  { uid: principal, attrs: { id: "ann" }, parents: [{ type: "Role", id: "editor" }] },
  ...roleParents.map(([role, parent]) => ({
    uid: { type: "Role", id: role },
    attrs: {},
    parents: parent === undefined ? [] : [{ type: "Role", id: parent }],
  })),
];

function asked(action, resource, entities) {
  const answer = statefulIsAuthorized({
    principal,
    action: { type: "Action", id: action },
    resource,
    context: {},
    preparsedPolicySetId: "bench",
    entities,
  });
  return answer.type === "success" && answer.response.decision === "allow";
}

export const roles = () => (index) => {
  const { type, action } = roleQuestions[index & 1];
  return asked(`${type}:${action}`, { type, id: "any" }, people);
};

function about(permission, resources) {
  const entities = resources.map(({ type, id, ...attrs }) => ({ uid: { type, id }, attrs, parents: [] }));
  return (index) => {
    const entity = entities[index & 255];
    return asked(permission, entity.uid, [...people, entity]);
  };
}

export const ownership = () => about(owned, manuscripts);
export const conditions = () => about(conditional, articles);

export const firstDecision = () => roles()(0);
