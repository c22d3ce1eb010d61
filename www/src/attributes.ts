/**
 * A member of the caller's object, its own or inherited, as `object[name]` finds it, but for what every
 * object inherits: `constructor` and `toString` are nobody's attribute unless somebody sets them.
 */
export function member(object: object, name: string): unknown {
  for (let holder: object | null = object; holder !== null; ) {
    const above: object | null = Object.getPrototypeOf(holder);
    if (Object.hasOwn(holder, name)) return holder === object || above !== null ? Reflect.get(object, name) : undefined;
    holder = above;
  }
  return undefined;
}

/** The JSON of these members of the object. A value that JSON cannot carry is left out, as if it were absent. */
export function jsonOf(object: object, names: readonly string[]): string {
  const members: string[] = [];
  for (const name of names) {
    const text = carried(member(object, name));
    if (text !== undefined) members.push(`${JSON.stringify(name)}:${text}`);
  }
  return `{${members.join(",")}}`;
}

function carried(value: unknown): string | undefined {
  if (typeof value === "number" && !Number.isFinite(value)) return undefined;
  try {
    return JSON.stringify(value);
  } catch {
    return undefined; // a bigint, or an object that holds itself
  }
}
