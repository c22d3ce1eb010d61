import { AccessControl } from "accesscontrol";
import { articles, conditional, grants, manuscripts, owned, parents, roleQuestions } from "../scenario.mjs";

const control = new AccessControl({}, { policy: { ownerField: "author_id" } });
for (const [role, permissions] of Object.entries(grants)) {
  const grant = control.grant(role);
  if (parents[role] !== undefined) grant.extend(parents[role]);
  for (const permission of permissions) {
    const [type, action] = permission.split(":");
    grant.action(action, type, ["*"]);
  }
}
const [type, action] = owned.split(":");
control.grant("editor").action(`${action}:own`, type, ["*"]);

const [, limited] = conditional.split(":");
control.grant("editor").where({ and: ["$.article.author_id == $.user.id", "$.article.status == 'draft'"] }).action(limited, type, ["*"]);

function about(what, resources) {
  // Who asks, and what for: it wants the record under the name of its type.
  const contexts = resources.map((resource) => ({ user: { id: "ann" }, [type]: resource }));
  return (index) => control.can("editor", contexts[index & 255]).do(what, type).granted;
}

export const ownership = () => about(`${action}:own`, manuscripts);
export const conditions = () => about(limited, articles);

export const roles = () => (index) => {
  const question = roleQuestions[index & 1];
  return control.can("editor").do(question.action, question.type).granted;
};
