import { FilterError, Guard, toSql } from "portcullis/full";
import { allowed } from "./allowed.js";
import { run } from "./statements.js";

const SCALARS = {
  bool: (value) => (value === 0 || value === 1 ? value === 1 : value),
  timestamp: (value) => (typeof value === "number" && !Number.isInteger(value) ? new Date(value * 1000).toISOString() : value),
};

/** A row as conditions read it: SQLite has neither booleans nor lists. */
function item(row, columns) {
  const members = Object.entries(row).map(([name, value]) => {
    const type = columns[name];
    if (value === null) return [name, value];
    return [name, type.startsWith("list") && typeof value === "string" ? JSON.parse(value) : (SCALARS[type]?.(value) ?? value)];
  });
  return Object.fromEntries(members);
}

let guard;
const tables = new Map();

async function itemsOf(env, table) {
  if (!tables.has(table)) {
    const { results } = await env.DB.prepare(`SELECT * FROM "${table}"`).all();
    tables.set(table, results.map((row) => item(row, env.COLUMNS)));
  }
  return tables.get(table);
}

/** The rows that the database selects, and those that the guard allows one by one. */
async function listed(env, table, question) {
  const { subject, permission, context, elevated } = question;
  guard ??= new Guard({ policy: env.POLICY, clock: () => env.NOW });
  const filter = guard.filterFor(subject, permission, { context, elevated });
  return { filter, selected: await selected(env, table, filter, {}), allowed: allowed(guard, question, await itemsOf(env, table)).map(({ id }) => id) };
}

async function selected(env, table, filter, options) {
  const { text, parameters } = toSql(filter, { dialect: "sqlite", ...options });
  const { results } = await env.DB.prepare(`SELECT "id" FROM "${table}" WHERE ${text}`).bind(...parameters).all();
  return results.map(({ id }) => id);
}

/** What fails, fails alone. */
async function told(work) {
  try {
    return await work();
  } catch (error) {
    return { error: { name: error.name, message: error.message, ...(error instanceof FilterError ? { code: error.code } : {}) } };
  }
}

export default {
  async fetch(request, env) {
    const { table = "item", questions = [], filters = [], options = {}, ...sent } = await request.json();
    if (sent.statements !== undefined) return Response.json(await run(env.DB, sent));
    const answers = [];
    for (const question of questions) answers.push(await told(() => listed(env, table, question)));
    for (const filter of filters) answers.push(await told(async () => ({ selected: await selected(env, table, filter, options) })));
    return Response.json(answers);
  },
};
