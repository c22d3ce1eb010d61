import * as given from "../arguments.js";
import { FilterError } from "../filter-error.js";
import { normal } from "./normal.js";
import { toSql } from "./sql.js";
import type { Filter, FilterType } from "../types.js";

/** A column of a table of Drizzle. */
export interface DrizzleColumn {
  readonly columnType: string;
  mapToDriverValue(value: unknown): unknown;
}

/** Drizzle's `sql`. */
export interface DrizzleSql<Sql> {
  (strings: TemplateStringsArray, ...values: unknown[]): Sql;
  param(value: unknown): unknown;
}

/** How a filter is written for Drizzle. */
export interface DrizzleOptions<Sql> {
  readonly dialect: "postgres" | "sqlite";
  /**
   * The columns of attributes: a table itself, where its columns are named as the attributes are. What each type may be:
   *
   * | | `postgres` | `sqlite` |
   * |---|---|---|
   * | string | `text`, `varchar`, `uuid`, an enum | `text` |
   * | int | whole numbers | `integer` |
   * | double | `doublePrecision`, whole numbers | `real`, `integer` |
   * | bool | `boolean` | `integer`, also with `mode: "boolean"` |
   * | timestamp | `timestamp` that is a `Date` | `integer` of seconds, or with `mode: "timestamp"` or `"timestamp_ms"` |
   * | list | an array of these | `text` that is JSON |
   */
  readonly columns: object;
  /** What was imported of `drizzle-orm`: `{ sql }`, or all of it. */
  readonly operators: { readonly sql: DrizzleSql<Sql> };
}

type Dialect = DrizzleOptions<unknown>["dialect"];
type Kind = { readonly type: FilterType; readonly isList: boolean };

const WHOLE = ["PgInteger", "PgSmallInt", "PgBigInt53", "PgBigInt64", "PgSerial", "PgSmallSerial", "PgBigSerial53", "PgBigSerial64"];

/** In a column of another type a value is compared by other rules than a condition's. */
const COLUMN_TYPES: Readonly<Record<Dialect, Readonly<Record<FilterType, readonly string[]>>>> = {
  postgres: {
    string: ["PgText", "PgVarchar", "PgUUID", "PgEnumColumn", "PgEnumObjectColumn"],
    int: WHOLE,
    double: ["PgDoublePrecision", ...WHOLE],
    bool: ["PgBoolean"],
    timestamp: ["PgTimestamp"],
  },
  sqlite: {
    string: ["SQLiteText"],
    int: ["SQLiteInteger"],
    double: ["SQLiteReal", "SQLiteInteger"],
    bool: ["SQLiteBoolean", "SQLiteInteger"],
    timestamp: ["SQLiteTimestamp", "SQLiteInteger"],
  },
};

const JSON_TYPES = ["SQLiteText", "SQLiteTextJson"];

/** What the core writes for a column, by its number, and for a parameter. */
const PLACES = /(["`]):(\d+):\1|\$\d+|\?/g;

/**
 * The filter as a condition for Drizzle's `where`: that of {@link toSql}, over Drizzle's columns.
 *
 * ```ts
 * import { sql } from "drizzle-orm";
 *
 * const where = toDrizzle(guard.filterFor(principal, "article:read"), { dialect: "sqlite", columns: articles, operators: { sql } });
 * const rows = await db.select().from(articles).where(where);
 * ```
 *
 * In `portcullis/full`.
 *
 * @throws {@link FilterError} where that is no filter, an attribute has no column, or a column is of another type.
 */
export function toDrizzle<Sql>(filter: Filter, options: DrizzleOptions<Sql>): Sql {
  const { dialect, columns, operators, ...others } = given.object("toDrizzle: options", options);
  for (const name of Object.keys(others)) throw new TypeError(`toDrizzle: there is no option ${name}`);
  if (dialect !== "postgres" && dialect !== "sqlite") throw new TypeError("toDrizzle: dialect must be postgres or sqlite");
  given.object("toDrizzle: columns", columns);
  const sql = given.object("toDrizzle: operators", operators).sql;
  given.aFunction("toDrizzle: operators.sql", sql);

  normal(filter); // throws where that is none
  const found = new Map<string, DrizzleColumn>();
  for (const [attribute, kind] of attributesOf(filter)) found.set(attribute, columnOf(columns, attribute, kind, dialect));
  const names = Object.fromEntries([...found.keys()].map((attribute, place) => [attribute, `:${place}:`]));
  const { text, parameters } = toSql(filter, { dialect, columns: names });
  return spliced(text, [...found.values()].map(wrapped), parameters, sql);
}

/** Each attribute that stands in the filter, and as what; one that is only asked for is of any type. */
function attributesOf(filter: Filter): readonly (readonly [string, Kind | undefined])[] {
  switch (filter.op) {
    case "all":
    case "none":
      return [];
    case "and":
    case "or":
      return filter.filters.flatMap(attributesOf);
    case "not":
      return attributesOf(filter.filter);
    case "present":
      return [[filter.attribute, undefined]];
    case "same":
      return filter.attributes.map((attribute) => [attribute, { type: filter.type, isList: false }]);
    case "startsWith":
    case "endsWith":
    case "contains":
      return [[filter.attribute, { type: "string", isList: false }]];
    default:
      return [[filter.attribute, { type: filter.type, isList: filter.op === "hasSome" }]];
  }
}

function columnOf(columns: object, attribute: string, kind: Kind | undefined, dialect: Dialect): DrizzleColumn {
  const column: unknown = Object.hasOwn(columns, attribute) ? Reflect.get(columns, attribute) : undefined;
  if (!isColumn(column)) throw misfit(`the attribute ${JSON.stringify(attribute)} has no column`);
  if (kind !== undefined && !fits(column, kind, dialect)) {
    throw misfit(`the column of ${JSON.stringify(attribute)} is of the type ${column.columnType}, and the filter takes it for ${kind.isList ? "a list of " : ""}${kind.type}`);
  }
  return column;
}

function isColumn(column: unknown): column is DrizzleColumn {
  return typeof column === "object" && column !== null && "columnType" in column && typeof column.columnType === "string";
}

function fits(column: DrizzleColumn, { type, isList }: Kind, dialect: Dialect): boolean {
  const types = COLUMN_TYPES[dialect][type];
  if (!isList) return types.includes(column.columnType);
  if (dialect === "sqlite") return JSON_TYPES.includes(column.columnType);
  const element: unknown = Reflect.get(column, "baseColumn");
  return column.columnType === "PgArray" && isColumn(element) && types.includes(element.columnType);
}

/** A column between two pieces of text, with which it has the values that a condition compares. */
type Wrapped = readonly [string, DrizzleColumn, string] | readonly [string, DrizzleColumn, string, DrizzleColumn, string];

function wrapped(column: DrizzleColumn): Wrapped {
  if (column.columnType === "PgTimestamp" && Reflect.get(column, "withTimezone") !== true) return ["(", column, " AT TIME ZONE 'UTC')"];
  const isOfMilliseconds = column.columnType === "SQLiteTimestamp" && column.mapToDriverValue(new Date(1000)) === 1000;
  if (isOfMilliseconds) return ["(CASE WHEN typeof(", column, ") IN ('integer', 'real') THEN ", column, " / 1000.0 END)"];
  return ["", column, ""];
}

function spliced<Sql>(text: string, columns: readonly Wrapped[], parameters: readonly unknown[], sql: DrizzleSql<Sql>): Sql {
  const values: unknown[] = [];
  const strings = [""];
  const write = (piece: string): void => void strings.push(`${strings.pop() ?? ""}${piece}`);
  const place = (value: unknown): void => {
    values.push(value);
    strings.push("");
  };
  let end = 0;
  let placed = 0;
  for (const match of text.matchAll(PLACES)) {
    write(text.slice(end, match.index));
    end = match.index + match[0].length;
    if (match[2] === undefined) {
      place(sql.param(parameters[placed]));
      placed += 1;
    } else {
      for (const piece of columns[Number(match[2])] ?? []) typeof piece === "string" ? write(piece) : place(piece);
    }
  }
  write(text.slice(end));
  return sql(Object.assign(strings, { raw: strings }), ...values);
}

function misfit(what: string): FilterError {
  return new FilterError({ code: "name", message: `toDrizzle: ${what}` });
}
