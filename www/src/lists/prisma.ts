import * as given from "../arguments.js";
import { FilterError } from "../filter-error.js";
import { normal, type Among, type Compared, type HasSome, type Leaf, type Normal, type Placed, type Present, type Same } from "./normal.js";
import type { Filter, FilterComparison } from "../types.js";

/** How a filter is written for Prisma. */
export interface PrismaOptions {
  /** Of the schema's `datasource`. */
  readonly provider: "postgresql" | "sqlite";
  /**
   * The fields of attributes whose field has another name. What each type may be: a string `String` (`text`, `varchar`), an int
   * `Int` or `BigInt`, a double `Float`, a bool `Boolean`, a timestamp `DateTime`; on PostgreSQL a list those with `[]`.
   */
  readonly fields?: Readonly<Record<string, string>>;
  /** Any field of the model that is no list, to say "all" or "none" of. `id` where absent. */
  readonly id?: string;
  /** The fields that are required in the schema, of those of which a filter may ask whether they are there. */
  readonly required?: readonly string[];
  /** `prisma.article.fields`: for filters that compare two attributes with each other. */
  readonly references?: object;
}

/** A `where` of Prisma. */
export type PrismaWhere = { readonly [name: string]: unknown };

const OPERATORS = { eq: "equals", ne: "not", lt: "lt", le: "lte", gt: "gt", ge: "gte" } as const;

/** What `where` says beside fields. */
const WORDS = ["AND", "OR", "NOT"];

/** The moments that a `Date` and RFC 3339 both have: the years 1 to 9999. */
const FIRST_SECOND = -62_135_596_800;
const LAST_SECOND = 253_402_300_799;

/**
 * The filter as a `where` of Prisma.
 *
 * ```ts
 * const where = toPrisma<Prisma.ArticleWhereInput>(guard.filterFor(principal, "article:read"), { provider: "sqlite" });
 * const articles = await prisma.article.findMany({ where });
 * ```
 *
 * It may stand in `AND`, `OR` and `NOT`. Prisma reads a list that is NULL as an empty one, and here it
 * selects nothing: give lists `@default([])`.
 *
 * @throws {@link FilterError} where Prisma cannot say exactly that. On SQLite: the start, the end or a part of a text, because
 * there it ignores case, and lists. On PostgreSQL: those with `%`, `_` or `\`, and the order of texts, which is the
 * database's.
 */
export function toPrisma<Where extends object = PrismaWhere>(filter: Filter, options: PrismaOptions): Where {
  const { provider, fields, id = "id", required = [], references, ...others } = given.object("toPrisma: options", options);
  for (const name of Object.keys(others)) throw new TypeError(`toPrisma: there is no option ${name}`);
  if (provider !== "postgresql" && provider !== "sqlite") throw new TypeError("toPrisma: provider must be postgresql or sqlite");
  if (fields !== undefined) given.texts("toPrisma: fields", fields);
  if (given.text("toPrisma: id", id) === "" || WORDS.includes(id)) throw new TypeError("toPrisma: id must be the name of a field");
  if (!Array.isArray(required)) throw new TypeError("toPrisma: required must be a list");
  if (references !== undefined) given.object("toPrisma: references", references);
  return new Writer({ provider, fields: fields ?? {}, id, required, references: references ?? {} }).where(normal(filter)) as Where;
}

class Writer {
  readonly #isSqlite: boolean;
  readonly #options: Required<PrismaOptions>;

  constructor(options: Required<PrismaOptions>) {
    this.#isSqlite = options.provider === "sqlite";
    this.#options = options;
  }

  where(filter: Normal): PrismaWhere {
    switch (filter.op) {
      // Not {} and { OR: [] }: inside of AND Prisma passes { OR: [] } over, and so selects everything.
      case "all":
        return { [this.#options.id]: { notIn: [] } };
      case "none":
        return { [this.#options.id]: { in: [] } };
      case "and":
      case "or":
        return { [filter.op.toUpperCase()]: filter.filters.map((part) => this.where(part)) };
      default:
        return this.#leaf(filter);
    }
  }

  #leaf(leaf: Leaf): PrismaWhere {
    switch (leaf.op) {
      case "present":
        return this.#present(leaf);
      case "compare":
        return this.#compared(leaf);
      case "same":
        return this.#same(leaf);
      case "in":
        return this.#among(leaf);
      case "hasSome":
        return this.#hasSome(leaf);
      default:
        return this.#placed(leaf);
    }
  }

  #present({ attribute, wanted }: Present): PrismaWhere {
    const name = this.#field(attribute);
    // Prisma does not take null for it.
    if (this.#options.required.includes(name)) return this.where({ op: wanted ? "all" : "none" });
    return negated({ [name]: { equals: null } }, wanted);
  }

  #compared({ attribute, sign, type, value }: Compared): PrismaWhere {
    this.#mustBeOrdered(type, sign);
    return { [this.#field(attribute)]: { [OPERATORS[sign]]: carried(type, value) } };
  }

  #same({ attributes: [left, right], sign, type }: Same): PrismaWhere {
    this.#mustBeOrdered(type, sign);
    if (type === "bool" && sign !== "eq" && sign !== "ne") throw unsaid("the order of bools");
    const name = this.#field(right);
    const { references } = this.#options;
    const reference: unknown = Object.hasOwn(references, name) ? Reflect.get(references, name) : undefined;
    // Prisma takes a missing value for no condition at all.
    if (typeof reference !== "object" || reference === null) throw missing(`${name} is not among the references`);
    // `not` takes no reference.
    const compared = { [this.#field(left)]: { [sign === "ne" ? "equals" : OPERATORS[sign]]: reference } };
    return negated(compared, sign === "ne");
  }

  #among({ attribute, type, values, wanted }: Among): PrismaWhere {
    return { [this.#field(attribute)]: { [wanted ? "in" : "notIn"]: values.map((value) => carried(type, value)) } };
  }

  #hasSome({ attribute, values, wanted }: HasSome): PrismaWhere {
    if (this.#isSqlite) throw unsaid("lists on SQLite");
    return negated({ [this.#field(attribute)]: { hasSome: [...values] } }, !wanted);
  }

  #placed({ op, attribute, value, wanted }: Placed): PrismaWhere {
    if (this.#isSqlite) throw unsaid(`${op} on SQLite: case would not count`);
    if (/[%_\\]/.test(value)) throw unsaid(`${op} with %, _ or \\ in the text: they would mean something`);
    return negated({ [this.#field(attribute)]: { [op]: value } }, !wanted);
  }

  #mustBeOrdered(type: Compared["type"], sign: FilterComparison): void {
    if (type === "string" && sign !== "eq" && sign !== "ne" && !this.#isSqlite) throw unsaid("the order of texts: it would be that of the database");
  }

  #field(attribute: string): string {
    const { fields } = this.#options;
    const name = Object.hasOwn(fields, attribute) ? fields[attribute] : attribute;
    if (name === undefined || name === "" || WORDS.includes(name)) throw missing(`the attribute ${JSON.stringify(attribute)} has no field`);
    return name;
  }
}

function negated(where: PrismaWhere, negates: boolean): PrismaWhere {
  return negates ? { NOT: where } : where;
}

function carried(type: Compared["type"], value: string | number | boolean): string | number | boolean | Date {
  if (type !== "timestamp") return value;
  const seconds = Number(value);
  if (seconds < FIRST_SECOND || seconds > LAST_SECOND) throw unsaid("a moment outside of the years 1 to 9999");
  return new Date(seconds * 1000);
}

function unsaid(what: string): FilterError {
  return new FilterError({ code: "not_expressible", message: `toPrisma: Prisma cannot say exactly ${what}` });
}

function missing(what: string): FilterError {
  return new FilterError({ code: "name", message: `toPrisma: ${what}` });
}
