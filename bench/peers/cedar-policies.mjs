// The policy in Cedar, for the two engines that speak it.

import { conditional, grants, owned, parents } from "../scenario.mjs";

/** One text for each statement. Every type stands in `namespace`, as `App::`; a role is a parent, or a text of a set. */
export function statements({ namespace = "", roleAsText = false } = {}) {
  const action = (permission) => `${namespace}Action::"${permission}"`;
  const statement = (role, actions, condition) => {
    const who = roleAsText ? "principal" : `principal in ${namespace}Role::"${role}"`;
    const conditions = [...(roleAsText ? [`principal.roles.contains("${role}")`] : []), ...(condition === undefined ? [] : [condition])];
    return `permit(${who}, action ${actions}, resource)${conditions.length === 0 ? "" : ` when { ${conditions.join(" && ")} }`};`;
  };
  return [
    ...Object.entries(grants).map(([role, permissions]) => statement(role, `in [${permissions.map(action).join(", ")}]`)),
    statement("editor", `== ${action(owned)}`, "resource.author_id == principal.id"),
    statement("editor", `== ${action(conditional)}`, 'resource.author_id == principal.id && resource.status == "draft"'),
  ];
}

export const roleParents = Object.entries({ viewer: undefined, ...parents });
