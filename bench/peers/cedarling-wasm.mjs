// Its entities have no parents, so the roles are texts of the principal and stand there with what they inherit. Its log
// is off.

import { init } from "#cedarling-wasm";
import { articles, conditional, grants, manuscripts, owned, roleQuestions } from "../scenario.mjs";
import { statements } from "./cedar-policies.mjs";

const content = (body) => ({ encoding: "none", content_type: "cedar", body });
const actions = [...Object.values(grants).flat(), owned, conditional];
const schema = `namespace Bench {
  entity User { id: String, roles: Set<String> };
  entity article { author_id?: String, status?: String };
  entity comment, user;
  ${[...new Set(actions)].map((name) => `action "${name}" appliesTo { principal: [User], resource: [${name.split(":")[0]}], context: {} };`).join("\n  ")}
}`;
const policies = statements({ namespace: "Bench::", roleAsText: true }).map((body, index) => [
  `statement${index}`,
  { description: "", creation_date: "2026-01-01T00:00:00Z", policy_content: content(body) },
]);
const store = { cedar_version: "4.0.0", policy_stores: { bench: { name: "bench", policies: Object.fromEntries(policies), schema: content(schema) } } };

const engine = await init({
  CEDARLING_APPLICATION_NAME: "bench",
  CEDARLING_POLICY_STORE_LOCAL: JSON.stringify(store),
  CEDARLING_LOG_TYPE: "off",
  CEDARLING_JWT_SIG_VALIDATION: "disabled",
  CEDARLING_JWT_STATUS_VALIDATION: "disabled",
});

const principal = { cedar_entity_mapping: { entity_type: "Bench::User", id: "ann" }, id: "ann", roles: ["viewer", "editor"] };

async function asked(action, type, id, attributes) {
  const resource = { cedar_entity_mapping: { entity_type: `Bench::${type}`, id }, ...attributes };
  const result = await engine.authorize_unsigned(JSON.stringify({ principal, action: `Bench::Action::"${action}"`, resource, context: {} }));
  const { decision } = result;
  result.free();
  return decision;
}

export const roles = () => (index) => {
  const { type, action } = roleQuestions[index & 1];
  return asked(`${type}:${action}`, type, "any", {});
};

const about = (permission, resources) => (index) => {
  const { type, id, ...attributes } = resources[index & 255];
  return asked(permission, type, id, attributes);
};

export const ownership = () => about(owned, manuscripts);
export const conditions = () => about(conditional, articles);
export const firstDecision = () => roles()(0);
