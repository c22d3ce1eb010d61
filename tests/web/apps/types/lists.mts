// Filters: what they may be asked, and how they are taken apart.

import { definePolicy, type Filter, type FilterError, type FilterType } from "portcullis";
import { FilterError as Thrown, Guard, toPrisma, toSql, type PrismaOptions, type PrismaWhere, type Sql, type SqlOptions, type SqlParameter } from "portcullis/full";

const guard = new Guard({ policy: definePolicy({ policy: "blog", revision: 1, resources: { article: { actions: ["read"] } }, permissions: ["audit"] }) });
const subject = { id: "u1", roles: ["editor"] };

const filter: Filter = guard.filterFor(subject, "article:read");
guard.filterFor(subject, "audit", { context: { ip: "10.0.0.1" }, elevated: true });
// @ts-expect-error a permission that is not declared
guard.filterFor(subject, "article:update");
// @ts-expect-error no wildcard
guard.filterFor(subject, "article:*");
// @ts-expect-error a context is JSON
guard.filterFor(subject, "audit", { context: { at: new Date() } });
// @ts-expect-error the word is context
guard.filterFor(subject, "audit", { contxt: {} });
// @ts-expect-error a filter is frozen
filter.op = "all";

/** Another emitter: each op has its members, and each type its values. */
export function written(one: Filter): string {
  switch (one.op) {
    case "all":
    case "none":
      return one.op;
    case "and":
    case "or":
      return one.filters.map(written).join(one.op);
    case "not":
      return written(one.filter);
    case "present":
      return one.attribute;
    case "same": {
      const [left, right]: readonly [string, string] = one.attributes;
      const type: FilterType = one.type;
      return `${left} ${one.compare} ${right} ${type}`;
    }
    case "startsWith":
    case "endsWith":
    case "contains":
      return one.value.toUpperCase();
    case "in":
    case "hasSome":
      return one.type === "string" ? one.values.map((value) => value.toUpperCase()).join() : one.values.join();
    default: {
      const compared: "eq" | "ne" | "lt" | "le" | "gt" | "ge" = one.op;
      if (one.type === "string") return one.value.toUpperCase();
      if (one.type === "bool") return String(one.value === true);
      return `${compared} ${one.value.toFixed()}`;
    }
  }
}

export const byHand: readonly Filter[] = [
  { op: "and", filters: [] },
  { op: "eq", attribute: "a", type: "int", value: 1 },
  { op: "in", attribute: "a", type: "bool", values: [true] },
  { op: "same", compare: "le", attributes: ["a", "b"], type: "timestamp" },
];
// @ts-expect-error a text is no int
export const mixed: Filter = { op: "eq", attribute: "a", type: "int", value: "1" };
// @ts-expect-error one of the values is none of the type
export const mixedList: Filter = { op: "in", attribute: "a", type: "string", values: ["1", 2] };
// @ts-expect-error no such op
export const like: Filter = { op: "like", attribute: "a", value: "%" };

const options: SqlOptions = { dialect: "postgres", table: "article", columns: { author: "author_id" }, firstParameter: 2 };
const { text, parameters }: Sql = toSql(filter, options);
export const query: readonly [string, readonly SqlParameter[]] = [text, parameters];
// @ts-expect-error no such dialect
toSql(filter, { dialect: "mysql" });

// Prisma's own type of a `where`, as it generates one.
interface ArticleWhereInput {
  AND?: ArticleWhereInput | ArticleWhereInput[];
  author_id?: { equals?: string; in?: string[] } | string;
}
interface ArticleFieldRefs {
  readonly author_id: { readonly name: "author_id" };
}
declare const references: ArticleFieldRefs;
declare function findMany(query: { where?: ArticleWhereInput }): void;
const prisma: PrismaOptions = { provider: "postgresql", id: "number", fields: { author: "authorId" }, required: ["authorId"], references };
findMany({ where: toPrisma<ArticleWhereInput>(filter, prisma) });
findMany({ where: { AND: [toPrisma(filter, { provider: "sqlite" }), { author_id: "u1" }] } });
export const where: PrismaWhere = toPrisma(filter, prisma);

export function why(error: unknown): string | undefined {
  if (!(error instanceof Thrown)) return undefined;
  const known: FilterError = error;
  return known.code === "not_expressible" ? `${known.path ?? ""} ${known.expression ?? ""}` : known.message;
}
