import { declaredNames } from "./names.js";

/**
 * The text of a `.d.ts` with the names of a policy as unions, for policies that are JSON: TypeScript does not know their
 * texts. `Policy` is for the guard:
 *
 * ```ts
 * const guard = new Guard<Policy>({ policy });
 * ```
 *
 * `policy` is the document, or its JSON text. The same policy gives the same text.
 */
export function typesOf(policy: object | string): string {
  const declared = declaredNames(policy);
  const union = (name: string, texts: readonly string[]): string => {
    const members = texts.length === 0 ? " never" : texts.map((text) => `\n  | ${JSON.stringify(text)}`).join("");
    return `export type ${name} =${members};\n`;
  };
  return [
    `// Made from the policy ${JSON.stringify(declared.policy)}, revision ${String(declared.revision)}. Do not edit.\n`,
    'import type { Named } from "portcullis";\n',
    union("Role", declared.roles),
    union("Permission", declared.permissions),
    union("ResourceType", declared.resourceTypes),
    union("Route", declared.routes),
    "export type Policy = Named<{ role: Role; permission: Permission; resourceType: ResourceType; route: Route }>;\n",
  ].join("\n");
}
