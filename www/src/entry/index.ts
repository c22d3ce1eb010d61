export { ConfigError } from "../config-error.js";
export * from "../define-policy.js";
export { FilterError } from "../filter-error.js";
export { Guard } from "../guard.js";
export { init } from "../init.js";
export { toDrizzle, type DrizzleColumn, type DrizzleOptions, type DrizzleSql } from "../lists/drizzle.js";
export { toPrisma, type PrismaOptions, type PrismaWhere } from "../lists/prisma.js";
export { toSql, type Sql, type SqlOptions, type SqlParameter } from "../lists/sql.js";
export type * from "../types.js";
