import * as given from "../arguments.js";
import { call, current, EngineFailure, write } from "../engine.js";
import { FilterError } from "../filter-error.js";
import { freeze } from "../freeze.js";
import * as core from "../wasm/core.js";
import type { Filter } from "../types.js";

// See src/wasm/upkeep.rs.
const NO_GUARD = 0;
const TO_SQL = 31;
const AT_ANY_TIME = 0;

/** What PostgreSQL takes in one statement. */
const MOST_PARAMETERS = 65_535;

/** How a filter is written as SQL. */
export interface SqlOptions {
  /**
   * PostgreSQL 11 or later: columns are `text` or what is cast to it (`varchar`, `uuid`, an enum; not `char(n)`, which loses
   * its spaces), integers, `double precision`, `boolean`, `timestamptz`, or arrays of these; parameters are `$1`, `$2`.
   *
   * SQLite 3.45 or later with a database in UTF-8, and Cloudflare D1: a bool is 0 or 1, a timestamp a number of seconds since
   * 1970, a list a JSON text; parameters are `?`. A value of another type is selected by nothing.
   */
  readonly dialect: "postgres" | "sqlite";
  /** The table, or its alias, to be written before each column. */
  readonly table?: string;
  /** The columns of attributes whose column has another name. */
  readonly columns?: Readonly<Record<string, string>>;
  /** The number of the first parameter, where the statement has others before it. 1 where absent; SQLite has no numbers. */
  readonly firstParameter?: number;
}

/** What a statement of SQL is given. Arrays are for PostgreSQL alone. */
export type SqlParameter = string | number | boolean | readonly string[] | readonly number[] | readonly boolean[];

/** A condition for `WHERE`, with its parameters in their order. It has brackets around it where it needs them beside an `AND`. */
export interface Sql {
  readonly text: string;
  readonly parameters: readonly SqlParameter[];
}

/**
 * The filter as a condition of SQL. Values are parameters, names are quoted, and nothing else of the filter is in the text.
 *
 * ```ts
 * const { text, parameters } = toSql(guard.filterFor(principal, "article:read"), { dialect: "sqlite" });
 * const { results } = await env.DB.prepare(`SELECT * FROM article WHERE ${text}`).bind(...parameters).all();
 * ```
 *
 * In `portcullis/full`.
 *
 * @throws {@link FilterError} where that is no filter, or a name cannot be one.
 */
export function toSql(filter: Filter, options: SqlOptions): Sql {
  const { dialect, table, columns, firstParameter, ...others } = given.object("toSql: options", options);
  for (const name of Object.keys(others)) throw new TypeError(`toSql: there is no option ${name}`);
  if (dialect !== "postgres" && dialect !== "sqlite") throw new TypeError("toSql: dialect must be postgres or sqlite");
  if (table !== undefined) given.text("toSql: table", table);
  if (columns !== undefined) given.texts("toSql: columns", columns);
  if (firstParameter !== undefined && !(Number.isInteger(firstParameter) && firstParameter >= 1 && firstParameter <= MOST_PARAMETERS)) {
    throw new TypeError(`toSql: firstParameter must be a whole number from 1 to ${MOST_PARAMETERS}`);
  }
  const answer = JSON.parse(asked(jsonOf({ filter, dialect, table, columns, firstParameter }))) as Sql | Refused;
  if ("error" in answer) throw new FilterError(answer.error);
  return freeze(answer);
}

interface Refused {
  readonly error: ConstructorParameters<typeof FilterError>[0];
}

function jsonOf(question: object): string {
  try {
    return JSON.stringify(question);
  } catch {
    // It holds itself, a bigint, or more depth than there is.
    throw new FilterError({ code: "malformed", message: "the filter is malformed: wanted what JSON can carry" });
  }
}

function asked(question: string): string {
  try {
    // No guard need have been made before.
    call(current);
    const length = write(question);
    if (length === undefined) throw new FilterError({ code: "too_large", message: "the filter is larger than what the engine reads" });
    const answer = call(() => core.upkeep(NO_GUARD, TO_SQL, length, AT_ANY_TIME));
    if (answer === "") throw new TypeError("toSql: this is in portcullis/full");
    return answer;
  } catch (error) {
    if (!(error instanceof EngineFailure)) throw error;
    throw new FilterError({ code: "engine_failed", message: "the engine failed" });
  }
}
