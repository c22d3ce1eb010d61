/** The items that the guard allows, one by one: what a list is held against. */
export function allowed(guard, { subject, permission, context, isBounded }, items) {
  if (!isBounded) return items.filter((item) => guard.can(subject, permission, item, context));
  const [type, action] = permission.includes(":") ? permission.split(":") : [undefined, permission];
  return items.filter((properties) => {
    const { decision, context: why } = guard.evaluate({ subject, action, context, ...(type === undefined ? {} : { resource: { type, properties } }) });
    return decision && why.code === "permitted" && why.elevated !== true;
  });
}
