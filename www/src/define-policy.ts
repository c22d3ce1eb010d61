// The policy document in types: its form, and the names that it declares. Nothing of it is there when the program runs.

/** The type of an attribute that conditions read. */
export type AttributeType = ScalarType | `list(${ScalarType})`;

type ScalarType = "string" | "int" | "double" | "bool" | "timestamp" | "duration" | "ip";

/** Attributes by name. `redact` keeps an attribute's value out of explanations and events. */
export type Attributes = { readonly [name: string]: AttributeType | { readonly type: AttributeType; readonly redact?: boolean } };

/** A policy document. What each member means stands in `portcullis/policy.schema.json`. */
export interface PolicyDocument {
  readonly policy: string;
  readonly revision: number;
  readonly resources?: { readonly [type: string]: PolicyResourceType };
  readonly permissions?: readonly string[];
  readonly subject?: { readonly attributes?: Attributes };
  readonly context?: { readonly attributes?: Attributes };
  readonly action?: { readonly attributes?: Attributes };
  readonly roles?: { readonly [role: string]: PolicyRole };
  readonly exclusive?: readonly (readonly string[])[];
  readonly rules?: readonly PolicyRule[];
  readonly routes?: readonly PolicyRoute[];
}

export interface PolicyResourceType {
  readonly actions: readonly string[];
  readonly owner?: string | { readonly resource: string; readonly subject: string };
  readonly tenant?: string;
  readonly attributes?: Attributes;
  readonly fields?: readonly string[];
  readonly hide?: boolean;
}

/** `Role` and `Permission` are the names that it may use. */
export interface PolicyRole<Role extends string = string, Permission extends string = string> {
  readonly inherits?: readonly Role[];
  readonly permits?: readonly (Permission | PolicyPermit<Permission>)[];
  readonly elevated?: { readonly acr?: readonly string[]; readonly maxAuthAge?: number; readonly justification?: boolean };
}

export interface PolicyPermit<Permission extends string = string> {
  readonly permission: Permission;
  readonly owner?: boolean;
  readonly when?: string;
  readonly fields?: readonly string[];
}

export interface PolicyRule<Permission extends string = string> {
  readonly id: string;
  readonly effect: "deny" | "require";
  readonly permissions: readonly Permission[];
  readonly when?: string;
  readonly unless?: string;
  readonly message?: string;
}

export interface PolicyRoute<Role extends string = string, Permission extends string = string> {
  readonly route: string;
  readonly permission?: Permission;
  readonly role?: Role;
  readonly scope?: string;
  readonly allow?: "everyone" | "authenticated";
  readonly resource?: string;
  readonly handler?: "decides";
  readonly hide?: boolean;
}

/** The names that a policy declares, each a union of texts. */
export interface PolicyNames {
  readonly role: string;
  readonly permission: string;
  readonly resourceType: string;
  readonly route: string;
}

declare const names: unique symbol;

/** A policy of which TypeScript knows the names. */
export interface Named<Names extends PolicyNames> {
  readonly [names]?: Names;
}

/** What {@link definePolicy} gives: the document itself, with its names in the type. */
export type Defined<Document> = Document &
  Named<{ role: RoleIn<Document>; permission: PermissionIn<Document>; resourceType: ResourceTypeIn<Document>; route: RouteIn<Document> }>;

/** The roles of a policy that {@link definePolicy} gave, or `string`. */
export type RoleOf<Policy> = NamesOf<Policy>["role"];

/** The permissions of a policy that {@link definePolicy} gave (`"article:update" | "read_users"`), or `string`. */
export type PermissionOf<Policy> = NamesOf<Policy>["permission"];

/** The resource types of a policy that {@link definePolicy} gave, or `string`. */
export type ResourceTypeOf<Policy> = NamesOf<Policy>["resourceType"];

/** The routes of a policy that {@link definePolicy} gave, as they are written there, or `string`. */
export type RouteOf<Policy> = NamesOf<Policy>["route"];

type NamesOf<Policy> = typeof names extends keyof Policy ? NonNullable<Policy[typeof names]> & PolicyNames : PolicyNames;

/**
 * The document itself. TypeScript refuses a role or permission that the document does not declare, and a guard that is
 * made of it takes no other permission:
 *
 * ```ts
 * const policy = definePolicy({ policy: "blog", revision: 1, resources: { article: { actions: ["read"] } } });
 * const guard = new Guard({ policy });
 * guard.can(subject, "articel:read"); // does not compile
 * ```
 */
export function definePolicy<const Document extends PolicyDocument & Consistent<Document>>(document: Document): Defined<Document> {
  return document;
}

/** The document with each name that it uses among those that it declares, and no member that is not known. */
type Consistent<Document> = Known<Document, PolicyDocument> & {
  readonly resources?: KnownEach<Member<Document, "resources">, PolicyResourceType>;
  readonly roles?: KnownEach<Member<Document, "roles">, PolicyRole> & { readonly [role: string]: PolicyRole<RoleIn<Document>, PatternIn<Document>> };
  readonly exclusive?: readonly (readonly RoleIn<Document>[])[];
  readonly rules?: KnownEach<Member<Document, "rules">, PolicyRule> & readonly PolicyRule<PatternIn<Document>>[];
  readonly routes?: KnownEach<Member<Document, "routes">, PolicyRoute> & readonly PolicyRoute<RoleIn<Document>, PermissionIn<Document>>[];
};

type Known<Value, Shape> = { readonly [Name in Exclude<keyof Value, keyof Shape>]?: never };

type KnownEach<Values, Shape> = { readonly [Name in keyof Values]: Known<Values[Name], Shape> };

/** A member that may be absent. */
type Member<Document, Name extends string> = Name extends keyof Document ? NonNullable<Document[Name]> : {};

type Key<Value> = keyof Value & string;

type RoleIn<Document> = Key<Member<Document, "roles">>;

type ResourceTypeIn<Document> = Key<Member<Document, "resources">>;

type RouteIn<Document> = Member<Document, "routes"> extends readonly { readonly route: infer Route extends string }[] ? Route : never;

type BareIn<Document> = Member<Document, "permissions"> extends readonly (infer Name extends string)[] ? Name : never;

type ActionIn<ResourceType> = ResourceType extends { readonly actions: readonly (infer Action extends string)[] } ? Action : never;

type TypedIn<Resources> = { readonly [Type in Key<Resources>]: `${Type}:${ActionIn<Resources[Type]>}` }[Key<Resources>];

type PermissionIn<Document> = BareIn<Document> | TypedIn<Member<Document, "resources">>;

type EachIn<Values> = Values[keyof Values];

/** A permission or a wildcard by segment. */
type PatternIn<Document> = PermissionIn<Document> | "*" | "*:*" | `${ResourceTypeIn<Document>}:*` | `*:${ActionIn<EachIn<Member<Document, "resources">>>}`;
