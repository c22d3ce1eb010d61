import { isUncarried } from "./uncarried.js";

/** Stands for what JSON cannot carry: a list of an object is of no attribute's type, and no member of a subject. */
const UNCARRIED: readonly object[] = [{}];

/**
 * The JSON of these members of the object. A value that JSON cannot carry is there all the same, as what is of no type: a
 * rule that asks whether it is there must not be told that it is not.
 */
export function jsonOf(object: object, names: readonly string[]): string {
  let text = "";
  for (const name of names) {
    const value = carried(member(object, name));
    if (value !== undefined) text += `${text === "" ? "{" : ","}${JSON.stringify(name)}:${value}`;
  }
  return text === "" ? "{}" : `${text}}`;
}

/** What crosses as it is, where it is short ASCII text, and else as JSON. */
export type Plain = string | number | boolean | null | undefined;

/** The same for `can`, which is asked often: the members themselves where all are plain, else {@link linesOf} them. */
export type Instance = readonly Plain[] | string;

export function instanceOf(object: object, names: readonly string[]): Instance {
  const values: unknown[] = [];
  let arePlain = true;
  for (const name of names) {
    const value = member(object, name);
    arePlain &&= isPlain(value);
    values.push(value);
  }
  return arePlain ? (values as Plain[]) : linesOf(values);
}

/** Each value as JSON in a line, which is empty for none, and a full stop behind the last line. */
export function linesOf(values: readonly unknown[]): string {
  let text = "";
  for (const value of values) text += `${carried(value) ?? ""}\n`;
  return `${text}.`;
}

/** Whether it can be written without asking an object, which would run what is the caller's. */
function isPlain(value: unknown): boolean {
  return typeof value === "string" || typeof value === "boolean" || value === undefined || value === null || Number.isSafeInteger(value);
}

/**
 * A member of the caller's object, its own or inherited, as `object[name]` finds it, but for what every
 * object inherits: `constructor` and `toString` are nobody's attribute unless somebody sets them.
 */
function member(object: object, name: string): unknown {
  if (Object.hasOwn(object, name)) return (object as Readonly<Record<string, unknown>>)[name];
  if (!(name in object)) return undefined;
  let holder: object | null = Object.getPrototypeOf(object);
  while (holder !== null && !Object.hasOwn(holder, name)) holder = Object.getPrototypeOf(holder);
  const isOfAllObjects = holder === null || Object.getPrototypeOf(holder) === null;
  return isOfAllObjects ? undefined : Reflect.get(object, name);
}

function carried(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "string" || typeof value === "boolean") return JSON.stringify(value);
  try {
    return (Array.isArray(value) ? textsOf(value) : undefined) ?? JSON.stringify(value, marked);
  } catch {
    return JSON.stringify(UNCARRIED); // an object that holds itself
  }
}

/** What JSON says of a list of texts, as roles are: without the replacer, which takes several times as long. */
function textsOf(list: readonly unknown[] & { readonly toJSON?: unknown }): string | undefined {
  if (typeof list.toJSON === "function") return undefined;
  let texts = "";
  for (let index = 0; index < list.length; index += 1) {
    const item = list[index];
    if (typeof item !== "string") return undefined;
    texts += `${index === 0 ? "" : ","}${JSON.stringify(item)}`;
  }
  return `[${texts}]`;
}

function marked(this: object, name: string, said: unknown): unknown {
  return isUncarried(this, name, said) ? UNCARRIED : said;
}
