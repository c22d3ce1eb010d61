// Prisma's client without its command line: what `prisma generate` writes into a file is made here, from the same schema by
// the same packages.

import { createRequire } from "node:module";
import { getPrismaClient } from "@prisma/client/runtime/client";
import { getDMMF } from "@prisma/get-dmmf";
import { buildAndSerializeParamGraph } from "@prisma/param-graph-builder";
import { columns } from "./rows.mjs";

const { version } = createRequire(import.meta.url)("@prisma/client/package.json");

const TYPES = { string: "String", int: "BigInt", double: "Float", bool: "Boolean", timestamp: "DateTime" };

/** The schema of the items. SQLite has no lists. */
function schemaFor(provider) {
  const fields = Object.entries(columns).flatMap(([name, type]) => {
    if (name === "id") return ["id String @id"];
    const isList = type.startsWith("list");
    if (isList) return provider === "sqlite" ? [] : [`${name} ${TYPES[type.slice(5, -1)]}[]`];
    return [`${name} ${TYPES[type]}?${type === "timestamp" && provider === "postgresql" ? " @db.Timestamptz" : ""}`];
  });
  return `datasource db {\n  provider = "${provider}"\n}\n\nmodel Item {\n  ${fields.join("\n  ")}\n\n  @@map("item")\n}\n`;
}

/** The class of the client. */
export async function prismaClient(provider) {
  const schema = schemaFor(provider);
  const dmmf = await getDMMF({ datamodel: schema });
  const models = dmmf.datamodel.models.map(({ name, dbName, schema: of, fields }) => [
    name,
    { dbName, schema: of, fields: fields.map(({ name: field, kind, type, dbName: column }) => ({ name: field, kind, type, dbName: column })) },
  ]);
  const compiler = `@prisma/client/runtime/query_compiler_fast_bg.${provider}`;
  const { strings, graph } = buildAndSerializeParamGraph(dmmf);
  return getPrismaClient({
    previewFeatures: [],
    clientVersion: version,
    engineVersion: "",
    activeProvider: provider,
    inlineSchema: schema,
    runtimeDataModel: { models: Object.fromEntries(models), enums: {}, types: {} },
    parameterizationSchema: { strings, graph },
    compilerWasm: {
      getRuntime: () => import(`${compiler}.mjs`),
      getQueryCompilerWasmModule: async () => new WebAssembly.Module(Buffer.from((await import(`${compiler}.wasm-base64.mjs`)).wasm, "base64")),
      importName: "./query_compiler_fast_bg.js",
    },
  });
}
