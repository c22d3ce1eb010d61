// Prebuilt: the ability of one user, made of the rules of her roles.

import { createMongoAbility, subject } from "@casl/ability";
import { articles, conditional, grants, manuscripts, owned, parents, roleQuestions } from "../scenario.mjs";

const parts = (permission) => permission.split(":");
const rule = (permission, conditions) => ({ action: parts(permission)[1], subject: parts(permission)[0], ...(conditions && { conditions }) });

const own = (id) => [rule(owned, { author_id: id }), rule(conditional, { author_id: id, status: "draft" })];

function rulesOf(role, id) {
  const inherited = parents[role] === undefined ? [] : rulesOf(parents[role], id);
  return [...inherited, ...grants[role].map((permission) => rule(permission)), ...(role === "editor" ? own(id) : [])];
}

const ability = createMongoAbility(rulesOf("editor", "ann"));

export const roles = () => (index) => {
  const { action, type } = roleQuestions[index & 1];
  return ability.can(action, type);
};

function about(permission, resources) {
  const [type, action] = parts(permission);
  // It marks the objects it is asked about, so it has its own.
  const copies = resources.map(({ author_id, status }) => ({ author_id, status }));
  return (index) => ability.can(action, subject(type, copies[index & 255]));
}

export const ownership = () => about(owned, manuscripts);
export const conditions = () => about(conditional, articles);
export const firstDecision = () => roles()(0);
