import { AccessControl } from "accesscontrol";
import { grants, owned, parents, roleQuestions } from "../scenario.mjs";

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

export const roles = () => (index) => {
  const question = roleQuestions[index & 1];
  return control.can("editor").do(question.action, question.type).granted;
};
