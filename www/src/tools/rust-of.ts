import { declaredNames } from "./names.js";

/**
 * The text of a Rust file with the names of a policy as constants, in the modules `roles`, `permissions`,
 * `resource_types` and `routes`:
 *
 * ```rust
 * /// The policy's permissions.
 * pub mod permissions {
 *     /// `article:update`
 *     pub const ARTICLE_UPDATE: &str = "article:update";
 * }
 * ```
 *
 * `policy` is the document, or its JSON text. The same policy gives the same text.
 *
 * @throws RangeError where two names would have one constant, or a name gives none.
 */
export function rustOf(policy: object | string): string {
  const declared = declaredNames(policy);
  const modules = { roles: declared.roles, permissions: declared.permissions, resource_types: declared.resourceTypes, routes: declared.routes };
  const texts = Object.entries(modules).map(([name, names]) => rustModule(name, names));
  return [`// Made from the policy ${literal(declared.policy)}, revision ${String(declared.revision)}. Do not edit.\n`, ...texts].join("\n");
}

function rustModule(name: string, texts: readonly string[]): string {
  const taken = new Map<string, string>();
  const lines = texts.map((text) => {
    const constant = constantOf(text, name);
    const other = taken.get(constant);
    if (other !== undefined) throw new RangeError(`${name}: ${JSON.stringify(other)} and ${JSON.stringify(text)} would both be ${constant}`);
    taken.set(constant, text);
    return `    /// \`${literal(text).slice(1, -1)}\`\n    pub const ${constant}: &str = ${literal(text)};\n`;
  });
  const head = `/// The policy's ${name.replace("_", " ")}.\npub mod ${name}`;
  return lines.length === 0 ? `${head} {}\n` : `${head} {\n${lines.join("")}}\n`;
}

/** `article:update` becomes ARTICLE_UPDATE, `readUsers` READ_USERS, `GET /articles/{id}` GET_ARTICLES_BY_ID. */
function constantOf(text: string, module: string): string {
  const spelled = module === "routes" ? text.replace(/\*\*$/, "rest").replace(/^\*/, "any").replaceAll("{", "by_") : text;
  const words = spelled.replace(/([a-z0-9])([A-Z])/g, "$1_$2").split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  if (words.length === 0) throw new RangeError(`${module}: ${JSON.stringify(text)} has no letter or digit for a constant`);
  const constant = words.join("_").toUpperCase();
  return /^[0-9]/.test(constant) ? `_${constant}` : constant;
}

/** A text in quotes. What is not plain is an escape: rustc refuses some characters, and some would end a comment. */
function literal(text: string): string {
  const escaped = text.replace(/[^ !#-[\]-_a-~]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
  return `"${escaped}"`;
}
