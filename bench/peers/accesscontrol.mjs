import { AccessControl } from "accesscontrol";
import { grants, manuscripts, owned, parents, roleQuestions } from "../scenario.mjs";

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

/** Who asks, and whose it is: it wants the record under the name of its type. */
export function ownership() {
  const contexts = manuscripts.map((manuscript) => ({ user: { id: "ann" }, [type]: manuscript }));
  return (index) => control.can("editor", contexts[index & 255]).do(`${action}:own`, type).granted;
}

export const roles = () => (index) => {
  const question = roleQuestions[index & 1];
  return control.can("editor").do(question.action, question.type).granted;
};
