import { newEnforcer, newModelFromString } from "casbin";
import { articles, conditional, grants, manuscripts, owned, parents, roleQuestions } from "../scenario.mjs";

const model = (request, policy, matcher) =>
  newModelFromString(`
[request_definition]
r = ${request}
[policy_definition]
p = ${policy}
[role_definition]
g = _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = ${matcher}`);

async function filled(enforcer, line) {
  for (const [role, permissions] of Object.entries(grants)) {
    for (const permission of permissions) await enforcer.addPolicy(role, ...line(permission, "true"));
  }
  for (const [role, parent] of Object.entries(parents)) await enforcer.addRoleForUser(role, parent);
  await enforcer.addRoleForUser("ann", "editor");
  return enforcer;
}

/** Roles alone: the plainest model, because conditions cost it more. */
export async function roles() {
  const plain = await newEnforcer(model("sub, obj, act", "sub, obj, act", "g(r.sub, p.sub) && r.obj == p.obj && r.act == p.act"));
  const enforcer = await filled(plain, (permission) => permission.split(":"));
  return (index) => {
    const { type, action } = roleQuestions[index & 1];
    return enforcer.enforceSync("ann", type, action);
  };
}

/** Ownership: a word in each line of the policy says whose it must be, which costs less than a condition. */
export async function ownership() {
  const matcher = "g(r.sub, p.sub) && r.obj.type == p.obj && r.act == p.act && (p.whose == 'any' || r.obj.author_id == r.sub)";
  const line = (permission) => [...permission.split(":"), "any"];
  const enforcer = await filled(await newEnforcer(model("sub, obj, act", "sub, obj, act, whose", matcher)), line);
  await enforcer.addPolicy("editor", ...owned.split(":"), "own");
  return (index) => enforcer.enforceSync("ann", manuscripts[index & 255], "update");
}

export async function conditions() {
  const matcher = "g(r.sub.id, p.sub) && r.obj.type == p.obj && r.act == p.act && eval(p.rule)";
  const line = (permission, rule) => [...permission.split(":"), rule];
  const enforcer = await filled(await newEnforcer(model("sub, obj, act", "sub, obj, act, rule", matcher)), line);
  await enforcer.addPolicy("editor", ...line(owned, "r.obj.author_id == r.sub.id"));
  await enforcer.addPolicy("editor", ...line(conditional, "r.obj.author_id == r.sub.id && r.obj.status == 'draft'"));
  const subject = { id: "ann" };
  return (index) => enforcer.enforceSync(subject, articles[index & 255], "publish");
}

export const firstDecision = async () => (await roles())(0);
