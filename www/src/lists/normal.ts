// A filter as those need it who write it for another library: read strictly, and with each negation inside of what it
// negates, so that nobody has to know what the negation of NULL is there.

import { FilterError } from "../filter-error.js";
import type { Filter, FilterComparison, FilterType } from "../types.js";

/** A filter without `not`. */
export type Normal = Whole | { readonly op: "and" | "or"; readonly filters: readonly Normal[] } | Leaf;

type Whole = { readonly op: "all" | "none" };

/** True exactly where it is wanted. Where an attribute is NULL it is NULL or false, which is the same under `and` and `or`. */
export type Leaf = Present | Compared | Same | Among | Placed | HasSome;

type Scalar = string | number | boolean;

export type Present = { readonly op: "present"; readonly attribute: string; readonly wanted: boolean };

/** A bool is compared by `eq` alone. */
export type Compared = { readonly op: "compare"; readonly attribute: string; readonly sign: FilterComparison; readonly type: FilterType; readonly value: Scalar };

export type Same = { readonly op: "same"; readonly attributes: readonly [string, string]; readonly sign: FilterComparison; readonly type: FilterType };

/** Two values or more, and never bools. */
export type Among = { readonly op: "in"; readonly attribute: string; readonly type: FilterType; readonly values: readonly Scalar[]; readonly wanted: boolean };

/** The value is never empty. */
export type Placed = { readonly op: Place; readonly attribute: string; readonly value: string; readonly wanted: boolean };

/** One value or more, and never timestamps. */
export type HasSome = { readonly op: "hasSome"; readonly attribute: string; readonly type: FilterType; readonly values: readonly Scalar[]; readonly wanted: boolean };

type Place = "startsWith" | "endsWith" | "contains";

/** Deeper than any policy's filter. */
const MAX_DEPTH = 100;

const COMPLEMENT = { eq: "ne", ne: "eq", lt: "ge", le: "gt", gt: "le", ge: "lt" } as const;

const ALL: Whole = { op: "all" };
const NONE: Whole = { op: "none" };

/** Throws a {@link FilterError} where that is no filter. */
export function normal(filter: Filter): Normal {
  return read(filter, true, 0);
}

function read(filter: unknown, wanted: boolean, depth: number): Normal {
  if (depth > MAX_DEPTH) throw malformed("less depth");
  const { op, ...members } = object(filter);
  switch (op) {
    case "all":
    case "none":
      only(members, []);
      return (op === "all") === wanted ? ALL : NONE;
    case "and":
    case "or": {
      const { filters } = only(members, ["filters"]);
      return join((op === "or") === wanted, list("filters", filters).map((part) => read(part, wanted, depth + 1)));
    }
    case "not":
      return read(only(members, ["filter"])["filter"], !wanted, depth + 1);
    case "present": {
      const { attribute } = only(members, ["attribute"]);
      return { op, attribute: text("attribute", attribute), wanted };
    }
    case "eq":
    case "ne":
    case "lt":
    case "le":
    case "gt":
    case "ge": {
      const { attribute, type, value } = only(members, ["attribute", "type", "value"]);
      return compared(text("attribute", attribute), wanted ? op : COMPLEMENT[op], typeOf(type), value);
    }
    case "same": {
      const { compare, attributes, type } = only(members, ["compare", "attributes", "type"]);
      const [left, right, ...more] = list("attributes", attributes);
      if (more.length > 0) throw malformed("attributes: two names");
      const names = [text("attributes", left), text("attributes", right)] as const;
      const sign = comparison(compare);
      return { op, attributes: names, sign: wanted ? sign : COMPLEMENT[sign], type: typeOf(type) };
    }
    case "in": {
      const { attribute, type, values } = only(members, ["attribute", "type", "values"]);
      return among(text("attribute", attribute), typeOf(type), list("values", values), wanted);
    }
    case "startsWith":
    case "endsWith":
    case "contains": {
      const { attribute, value } = only(members, ["attribute", "value"]);
      const [name, part] = [text("attribute", attribute), text("value", value)];
      return part === "" ? there(name, wanted) : { op, attribute: name, value: part, wanted };
    }
    case "hasSome": {
      const { attribute, type, values } = only(members, ["attribute", "type", "values"]);
      const [name, kind] = [text("attribute", attribute), typeOf(type)];
      if (kind === "timestamp") throw malformed("type: no timestamp in lists");
      const some = scalars(kind, list("values", values));
      return some.length === 0 ? there(name, !wanted) : { op, attribute: name, type: kind, values: some, wanted };
    }
    default:
      throw malformed("op: one of those that are documented");
  }
}

/** What is true of every value is true where there is one; what is true of none is not. */
function there(attribute: string, isTrue: boolean): Normal {
  return isTrue ? { op: "present", attribute, wanted: true } : NONE;
}

function compared(attribute: string, sign: FilterComparison, type: FilterType, value: unknown): Normal {
  const right = scalar(type, value);
  if (typeof right !== "boolean") return { op: "compare", attribute, sign, type, value: right };
  const [ifFalse, ifTrue] = [holds(sign, false, right), holds(sign, true, right)];
  return ifFalse === ifTrue ? there(attribute, ifTrue) : { op: "compare", attribute, sign: "eq", type, value: ifTrue };
}

function holds(sign: FilterComparison, left: boolean, right: boolean): boolean {
  const order = Number(left) - Number(right);
  return { eq: order === 0, ne: order !== 0, lt: order < 0, le: order <= 0, gt: order > 0, ge: order >= 0 }[sign];
}

function among(attribute: string, type: FilterType, list: readonly unknown[], wanted: boolean): Normal {
  const values = scalars(type, list);
  const [first, second] = values;
  if (first === undefined) return there(attribute, !wanted);
  if (second === undefined) return compared(attribute, wanted ? "eq" : "ne", type, first);
  // Both values of a bool.
  if (type === "bool") return there(attribute, wanted);
  return { op: "in", attribute, type, values, wanted };
}

function join(any: boolean, parts: readonly Normal[]): Normal {
  const [decides, neutral] = any ? [ALL, NONE] : [NONE, ALL];
  if (parts.includes(decides)) return decides;
  const filters = parts.filter((part) => part !== neutral);
  const [first, second] = filters;
  if (first === undefined) return neutral;
  return second === undefined ? first : { op: any ? "or" : "and", filters };
}

function object(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw malformed("an object");
  return value as Readonly<Record<string, unknown>>;
}

/** A member that is not known is a mistake: what it was meant to say would not be said. */
function only(members: Readonly<Record<string, unknown>>, names: readonly string[]): Readonly<Record<string, unknown>> {
  if (!Object.keys(members).every((name) => names.includes(name))) throw malformed("no other member");
  return members;
}

function list(name: string, value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw malformed(`${name}: a list`);
  return Array.from(value as readonly unknown[]);
}

function text(name: string, value: unknown): string {
  // Half of a character would be another one in the database.
  if (typeof value !== "string" || /\p{Surrogate}/u.test(value)) throw malformed(`${name}: text`);
  return value;
}

function typeOf(value: unknown): FilterType {
  switch (value) {
    case "string":
    case "int":
    case "double":
    case "bool":
    case "timestamp":
      return value;
    default:
      throw malformed("type: string, int, double, bool or timestamp");
  }
}

function comparison(value: unknown): FilterComparison {
  if (typeof value !== "string" || !Object.hasOwn(COMPLEMENT, value)) throw malformed("compare: eq, ne, lt, le, gt or ge");
  return value as FilterComparison;
}

function scalars(type: FilterType, values: readonly unknown[]): readonly Scalar[] {
  return [...new Set(values.map((value) => scalar(type, value)))];
}

function scalar(type: FilterType, value: unknown): Scalar {
  if (type === "string") return text("value", value);
  if (type === "bool" ? typeof value === "boolean" : type === "double" ? Number.isFinite(value) : Number.isSafeInteger(value)) return value as boolean | number;
  throw malformed("a value of the type");
}

function malformed(wanted: string): FilterError {
  return new FilterError({ code: "malformed", message: `the filter is malformed: wanted ${wanted}` });
}
