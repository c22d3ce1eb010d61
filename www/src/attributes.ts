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

/**
 * The same for `can`: one member in a line, and a full stop behind the last line. Empty where it is absent, short plain
 * text behind an equals sign, everything else as JSON.
 */
export function linesOf(object: object, names: readonly string[]): string {
  let text = "";
  for (const name of names) {
    const value = member(object, name);
    text += typeof value === "string" && isPlain(value) ? `=${value}\n` : `${carried(value) ?? ""}\n`;
  }
  return `${text}.`;
}

/** Longer text is not looked at by the character. */
const PLAIN = 100;

/** Whether the text is ASCII on one line. */
function isPlain(text: string): boolean {
  if (text.length > PLAIN) return false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code > 0x7e || code === 0x0a) return false;
  }
  return true;
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
    return JSON.stringify(value, marked);
  } catch {
    return JSON.stringify(UNCARRIED); // an object that holds itself
  }
}

function marked(this: object, name: string, said: unknown): unknown {
  return isUncarried(this, name, said) ? UNCARRIED : said;
}
