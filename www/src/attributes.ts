/**
 * The JSON of these members of the object. A value that JSON cannot carry is there all the same, as an object, which no
 * attribute is: a rule that asks whether it is there must not be told that it is not.
 */
export function jsonOf(object: object, names: readonly string[]): string {
  let text = "";
  for (const name of names) {
    const value = carried(member(object, name));
    if (value !== undefined) text += `${text === "" ? "{" : ","}${JSON.stringify(name)}:${value}`;
  }
  return text === "" ? "{}" : `${text}}`;
}

/**
 * A member of the caller's object, its own or inherited, as `object[name]` finds it, but for what every
 * object inherits: `constructor` and `toString` are nobody's attribute unless somebody sets them.
 */
function member(object: object, name: string): unknown {
  if (Object.hasOwn(object, name)) return Reflect.get(object, name);
  if (!(name in object)) return undefined;
  let holder: object | null = Object.getPrototypeOf(object);
  while (holder !== null && !Object.hasOwn(holder, name)) holder = Object.getPrototypeOf(holder);
  const isOfAllObjects = holder === null || Object.getPrototypeOf(holder) === null;
  return isOfAllObjects ? undefined : Reflect.get(object, name);
}

function carried(value: unknown): string | undefined {
  if (typeof value === "number" && !Number.isFinite(value)) return "{}";
  try {
    return JSON.stringify(value);
  } catch {
    return "{}"; // a bigint, or an object that holds itself
  }
}
