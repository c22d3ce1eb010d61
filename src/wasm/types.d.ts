/**
 * The types of Portcullis in TypeScript, written once.
 *
 * Times are whole seconds since 1970-01-01T00:00:00Z (`NumericDate`, RFC 7519 §2) unless the name
 * says otherwise. Every object that the guard returns is frozen.
 */

/** What JSON can carry (RFC 8259). */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** A JSON object. */
export type JsonObject = { readonly [name: string]: Json };

/**
 * Who asks. `user` and `service` are authenticated; a `guest` never is: neither a request without a credential, nor
 * one whose token says that its user is anonymous.
 */
export type PrincipalKind = "user" | "service" | "guest";

/** An identity that the guard has verified. Only {@link Guard.check} makes one. */
export interface Principal {
  readonly kind: PrincipalKind;
  /**
   * The `sub` of the token (or the claim that `claims.id` names) with the issuer's `idPrefix` in front of it, the `id`
   * of the API key (with the `idPrefix` of `apiKeyStore`, where it was looked up), or `"guest"`. Never empty.
   */
  readonly id: string;
  /** The token's issuer; `null` for API keys and guests. */
  readonly issuer: string | null;
  /** The roles that the credential carries and its issuer may assert; without the inherited ones. */
  readonly roles: readonly string[];
  /** Roles that are held for a time or in a tenant; absent where there are none. */
  readonly assignments?: readonly Assignment[];
  readonly permissions: readonly string[];
  readonly scopes: readonly string[];
  readonly attributes: JsonObject;
  /** Authentication context class reference (OpenID Connect Core §2). */
  readonly acr: string | null;
  /** Authentication methods references (RFC 8176). */
  readonly amr: readonly string[];
  /** When the user signed in (`auth_time`), in seconds; `null` where the token does not say. */
  readonly authTime: number | null;
}

/** A role that is held for a time, or for the resources of a tenant. */
export interface Assignment {
  readonly role: string;
  /** Only for resources whose `tenant` attribute is that text; everywhere where absent. */
  readonly tenant?: string;
  /** From this moment on, in seconds since 1970. */
  readonly notBefore?: number;
  /** Up to this moment, which is none of it any more, in seconds since 1970. */
  readonly notAfter?: number;
}

/** The subject of a question. A {@link Principal} is one; a front end may write its own. */
export interface Subject {
  readonly id: string;
  /** `"user"` where absent. */
  readonly kind?: PrincipalKind;
  readonly roles?: readonly string[];
  readonly assignments?: readonly Assignment[];
  readonly permissions?: readonly string[];
  readonly scopes?: readonly string[];
  readonly attributes?: JsonObject;
  readonly acr?: string | null;
  readonly amr?: readonly string[];
  readonly authTime?: number | null;
}

/** A resource as the application holds it, of any class or interface; the policy's `owner` names the members that are read. */
export type ResourceObject = object;

/** A resource in AuthZEN's shape (OpenID AuthZEN Authorization API 1.0 §5.2). */
export interface Resource {
  readonly type: string;
  /** Absent: the question is about the type, and a grant with a condition answers `conditional`. */
  readonly id?: string;
  /** What the conditions read. Absent: no instance is known. */
  readonly properties?: ResourceObject;
}

/** An action in AuthZEN's shape; text is short for `{ name: text }`. */
export type Action = string | { readonly name: string; readonly properties?: JsonObject };

/** The question to the decision point (OpenID AuthZEN Authorization API 1.0 §6.1). */
export interface AccessRequest {
  readonly subject: Subject;
  readonly action: Action;
  /** Absent for a bare permission such as `read_users`. */
  readonly resource?: Resource;
  readonly context?: JsonObject;
}

/** What the caller of a refused request is told: a stable word for each row of the table of refusals. */
export type RefusalCode =
  | "authentication_required"
  | "malformed_credentials"
  | "invalid_token"
  | "invalid_api_key"
  | "invalid_dpop_proof"
  | "use_dpop_nonce"
  | "insufficient_user_authentication"
  | "insufficient_scope"
  | "permission_denied"
  | "forbidden"
  | "not_allowed"
  | "justification_required"
  | "cross_site_request"
  | "not_found"
  | "unavailable";

/** The answer of the decision point (OpenID AuthZEN Authorization API 1.0 §6.2). */
export interface Decision {
  readonly decision: boolean;
  readonly context: {
    /** `permitted`, `conditional`, or the code that a refusal would carry. */
    readonly code: RefusalCode | "permitted" | "conditional";
    /** Why, in one stable word: `permission_missing`, `not_owner`, … */
    readonly reason: string;
    /** The status that a refusal would carry; absent where the decision is true. */
    readonly status?: number;
    /** For the caller. Absent where the decision is true. */
    readonly message?: string;
    /** True where an elevated role decided. Such a decision must be audited. */
    readonly elevated?: boolean;
    /** The id of the rule that denies, or whose requirement is not met. */
    readonly rule?: string;
  };
}

/** Why a decision fell, for the reviewer. Not for the caller: it names roles and permissions. */
export interface Explanation extends Decision {
  /** One sentence. */
  readonly summary: string;
  /** The permission that was asked for, as the policy writes it. */
  readonly permission: string | null;
  /** The subject's roles with all that they inherit, sorted. */
  readonly rolesInEffect: readonly string[];
  /** The grant that decided: its role, the path of inheritance to it, and the words of the policy. */
  readonly grant: {
    readonly role: string;
    readonly path: readonly string[];
    readonly permission: string;
    readonly owner: boolean;
    /** The condition that is true. */
    readonly when: string | null;
    readonly elevated: boolean;
  } | null;
  /** The roles of which each alone would allow, sorted. Empty where the decision is true. */
  readonly rolesThatWouldAllow: readonly string[];
  /** What ownership compared, where it decided. */
  readonly ownership: { readonly attribute: string; readonly owner: Json; readonly subject: Json } | null;
  /** The id of the rule that denies, or whose requirement is not met. */
  readonly rule: string | null;
  /** The condition that decided a refusal. */
  readonly condition: {
    /** Where it stands in the policy: `rules.archived.when`, `roles.editor.permits[1].when`. */
    readonly path: string;
    readonly source: string;
    /** The smallest part that decided: of `&&` the first that is not true, of a true `||` the first that is. */
    readonly failed: string;
    /** What that part came to: true, false, or why it has no value: `attribute_missing`, `overflow`, … */
    readonly result: boolean | string;
    /** What that part has read. */
    readonly operands: readonly (
      | { readonly attribute: string; readonly value: Json }
      | { readonly attribute: string; readonly redacted: true }
      | { readonly attribute: string; readonly missing: true }
    )[];
  } | null;
  /** One change that would allow: a sign-in, a justification, or holding that role alone. */
  readonly change:
    | { readonly kind: "role"; readonly role: string }
    | { readonly kind: "sign-in"; readonly acr: readonly string[]; readonly maxAge: number | null }
    | { readonly kind: "justification" }
    | null;
}

/** RFC 9457 problem details: the body of every refusal. */
export interface Problem {
  readonly type: "about:blank";
  /** The phrase of the status code (RFC 9110 §15). */
  readonly title: string;
  readonly status: number;
  /** The message for the caller. */
  readonly detail: string;
  /** The stable word. */
  readonly code: RefusalCode;
}

/** The request goes on to its handler. */
export interface Granted {
  readonly allowed: true;
  /** Who asks; for a request without a credential a guest, with the roles that `trust.guest` gives. */
  readonly principal: Principal;
  /** The route of the policy that matched, as it is written there. */
  readonly route: string;
  /** The permission that the route wanted; `null` where it wanted none. */
  readonly permission: string | null;
  /** The resource that the route names. */
  readonly resource: { readonly type: string; readonly id: string } | null;
  /** True where an elevated role or a break-glass grant decided. */
  readonly elevated: boolean;
  /** True where the route says `"handler": "decides"` and a condition is still open: ask `guard.can`. */
  readonly conditional: boolean;
  readonly preflight: false;
}

/**
 * A CORS preflight of a declared route (Fetch §3.2.2). Answer it with your CORS headers; no handler runs, and nobody
 * has been asked who they are. It names no route, so that none is run by mistake.
 */
export interface Preflight {
  readonly allowed: true;
  readonly principal: Principal;
  readonly route: null;
  readonly permission: null;
  readonly resource: null;
  readonly elevated: false;
  readonly conditional: false;
  readonly preflight: true;
}

/** The request is allowed. Look at `preflight` before you run anything for it. */
export type Allowed = Granted | Preflight;

/** The request ends here. */
export interface Rejected {
  readonly allowed: false;
  readonly status: number;
  readonly code: RefusalCode;
  /**
   * Lower-case names: `content-type`, `cache-control`, and where the table says so `www-authenticate`, `retry-after`,
   * `dpop-nonce` (RFC 9449 §9).
   */
  readonly headers: Readonly<Record<string, string>>;
  readonly problem: Problem;
  /** The finished answer: status, headers and problem JSON (RFC 9457). A new `Response` at each call. */
  response(): Response;
}

/** What the guard says of a request. It is frozen, and requests of which it is the same may get the same object. */
export type Outcome = Allowed | Rejected;

/** One event for each decision. It never holds a credential. */
export interface DecisionEvent {
  /** Unique: a random UUID. */
  readonly id: string;
  readonly time: number;
  /** From `options.requestId`, else the `x-request-id` header, else `null`. */
  readonly requestId: string | null;
  readonly method: string;
  /** The route of the policy that matched; `null` where none did. */
  readonly route: string | null;
  readonly subject: { readonly kind: PrincipalKind; readonly id: string; readonly roles: readonly string[] } | null;
  readonly action: string | null;
  readonly resource: { readonly type: string; readonly id: string } | null;
  readonly decision: "allow" | "deny";
  /** The refusal's status; `null` for an allow. */
  readonly status: number | null;
  readonly code: RefusalCode | "permitted" | "conditional";
  /** The internal reason: `expired`, `signature_invalid`, `permission_missing`, … Never sent to the caller. */
  readonly reason: string;
  /** Where the reason has evidence: the claim's name, the missing permission, the role, the rule. */
  readonly detail: string | null;
  readonly elevated: boolean;
  readonly justification: string | null;
  readonly policy: { readonly name: string; readonly revision: number; readonly hash: string };
  readonly token: {
    readonly issuer: string | null;
    readonly jtiHash: string | null;
    readonly expires: number;
    /** What the token said and its issuer may not assert (`asserts`); `null` where that is nothing. */
    readonly dropped: {
      readonly roles: readonly string[];
      readonly permissions: readonly string[];
      readonly scopes: readonly string[];
    } | null;
  } | null;
  /** The API key, where it was looked up; else absent. In `portcullis/full`. */
  readonly apiKey?: {
    /** Whose it is, in the words of the store; `null` where that says nothing. */
    readonly owner: string | null;
    /** Its `notAfter`. */
    readonly expires: number | null;
    /** What the store said and the trust document does not let it say (`asserts`); `null` where that is nothing. */
    readonly dropped: {
      readonly roles: readonly string[];
      readonly permissions: readonly string[];
      readonly scopes: readonly string[];
    } | null;
  };
  /** The break-glass grant that decided; absent where none did. In `portcullis/full`. */
  readonly breakGlass?: {
    /** Who gave it. */
    readonly givenBy: string;
    readonly jtiHash: string;
    /** Why it was given. */
    readonly reason: string;
    readonly expires: number;
  };
}

/** One step of a request's way, for the developer: {@link Guard.trace}. In `portcullis/full`. Never for the caller. */
export type Check =
  | {
      /** The word of the reason that a failure here would have had: `signature_invalid`, `expired`, … */
      readonly check: string;
      readonly passed: true;
    }
  | {
      readonly check: string;
      readonly passed: false;
      /** The event's `detail`. */
      readonly detail: string | null;
    };

/** The parts of a request that the guard reads. A `Request` is one. */
export interface RequestLike {
  readonly method: string;
  /** Absolute, or the path with its query. A DPoP proof names an absolute one: with the path alone, `dpop.externalUrl` is needed. */
  readonly url: string;
  /** `Headers`, a record of lower-case names as Node gives it, or pairs. */
  readonly headers:
    | { get(name: string): string | null }
    | Readonly<Record<string, string | readonly string[] | undefined>>
    | readonly (readonly [string, string])[];
}

/** What else the host knows of a request. */
export interface CheckOptions {
  /** For the audit event. */
  readonly requestId?: string;
  /**
   * `justification` (text of 1 to 1,024 bytes) is what an elevated role may ask for; else the header `x-justification`.
   * At most 64 KiB of JSON; more is refused as unavailable. What JSON cannot carry (a bigint, NaN, a function) is a
   * `TypeError`.
   */
  readonly context?: JsonObject;
  /**
   * The nonce that this sign-in was begun with: the ID token must hold it (OpenID Connect Core §3.1.3.7, 11). Asked
   * only where the issuer's profile is `id-token`.
   */
  readonly nonce?: string;
  /**
   * The access token that came with the ID token: where that has `at_hash`, it must be this one's (OpenID Connect Core
   * §3.1.3.8). Asked only where the issuer's profile is `id-token`.
   */
  readonly accessToken?: string;
  /**
   * Keeps the host alive until work behind the answer is done; `(work) => context.waitUntil(work)` in a Worker. With it
   * no request waits for keys that are to be renewed: it is answered with those that are known, which count for 24 hours
   * more, and they are fetched meanwhile. The promise never rejects.
   */
  readonly waitUntil?: (work: Promise<unknown>) => void;
}

/** Loads a resource by its id; `null` or `undefined` says that there is none. */
export type Loader = (id: string) => ResourceObject | null | undefined | Promise<ResourceObject | null | undefined>;

/**
 * What an API key is, and what it may. It is read as strictly as an entry of `apiKeys` in the trust document: no member is
 * `null` or `undefined`, and there is no other. In `portcullis/full`.
 */
export interface ApiKeyEntry {
  /** Never empty, and never another key's. Behind `idPrefix` it is the principal's id. */
  readonly id: string;
  readonly roles?: readonly string[];
  readonly permissions?: readonly string[];
  readonly scopes?: readonly string[];
  readonly assignments?: readonly Assignment[];
  /** From this moment on the key is refused, in seconds since 1970. */
  readonly notAfter?: number;
  /** Whose key it is. It is the attribute `owner` of the principal, and stands in the event. */
  readonly owner?: string;
}

/**
 * Whose API keys are, where the trust document has an `apiKeyStore`. Asked for keys of its prefix whose form and checksum
 * are right, at each request, or again when `apiKeyStore.maxAge` is over. What throws, rejects or answers anything else is
 * unavailable: 503. Limit how often one address may try: each try with a new key is a look-up. In `portcullis/full`.
 */
export interface ApiKeyStore {
  /**
   * What is known of the key, and may now: a key of somebody who has lost a role has lost it too, if this says so. `null`
   * where there is no such key. `hash`: `sha256:` and the unpadded base64url of the SHA-256 of the whole key.
   */
  lookup(hash: string): ApiKeyEntry | null | Promise<ApiKeyEntry | null>;
}

/**
 * Where facts of revocation are looked up, where the trust document says `"revocation": { "source": "store" }`. Asked
 * after a credential was verified, and again when `revocation.maxAge` is over. What throws, rejects or answers anything
 * else is unavailable, and then `revocation.onUnavailable` decides. In `portcullis/full`.
 */
export interface RevocationStore {
  /**
   * For each of the names, in their order: the moment before which tokens are refused, in seconds since 1970 (a fraction
   * is rounded up), or `null` where there is no fact. Names are those of {@link Guard.revocationName}, at most a handful.
   */
  lookup(names: readonly string[]): readonly (number | null)[] | Promise<readonly (number | null)[]>;
}

/**
 * Remembers which DPoP proofs were seen (RFC 9449 §11.1). It must be one for all that answer under one URL, and two
 * requests with one name must not both be told `true`. What throws, rejects or answers anything but a boolean is
 * unavailable: 503. In `portcullis/full`.
 */
export interface ReplayStore {
  /**
   * `true` where the name is new. It is to be remembered until that moment, in seconds since 1970; then no proof of
   * that name can be valid any more.
   */
  remember(name: string, until: number): boolean | Promise<boolean>;
}

/**
 * What a fact of revocation is about. `issuer` is the token's `iss`; absent or `null` means the only issuer of the
 * trust document. No text is empty. In `portcullis/full`.
 */
export type RevocationTarget =
  /** All tokens of a subject: the claim that its id comes from, without the issuer's `idPrefix`. */
  | { readonly subject: string; readonly issuer?: string | null }
  /** One token (RFC 7519 §4.1.7). */
  | { readonly jti: string; readonly issuer?: string | null }
  /** All tokens of a session: the claim `sid`, or what `claims.session` names. */
  | { readonly sid: string; readonly issuer?: string | null }
  /** All tokens that the issuer's signing key of that `kid` signed. */
  | { readonly key: string; readonly issuer?: string | null }
  /** The API key whose principal has that `id`: of a key that was looked up, with `idPrefix` in front of it. */
  | { readonly apiKey: string; readonly issuer?: never };

/** A fact of revocation: {@link Guard.revoke}. In `portcullis/full`. */
export type Revocation = RevocationTarget & {
  /**
   * Tokens issued before this moment are refused, in seconds since 1970; now where absent. It counts for a subject
   * alone: a token, session, key or API key is refused whatever the moment.
   */
  readonly notBefore?: number;
  /**
   * How long the fact is kept, in seconds since 1970. Where absent: a key and an API key stay refused for ever, all else
   * for 30 days from now. Let it be longer than the longest life of a token.
   */
  readonly until?: number;
};

/**
 * A policy with its signature: a detached JWS (RFC 7515, appendix F) over the canonical JSON of the document (RFC 8785),
 * with `alg` (`EdDSA` or `Ed25519`), `kid` and `typ` (`policy+jws`) in its header. In `portcullis/full`.
 */
export interface SignedPolicy {
  /** The policy document, or its JSON text. */
  readonly policy: object | string;
  /** `header..signature` */
  readonly signature: string;
}

/** What else the caller of {@link Guard.filterFor} says. In `portcullis/full`. */
export interface FilterOptions {
  /** What conditions read as `context`. */
  readonly context?: JsonObject;
  /**
   * Whether the filter also selects what elevated roles allow whose requirements the subject meets. Nobody audits that:
   * say `{ elevated: outcome.elevated }`, where the gate has. `false` where absent.
   */
  readonly elevated?: boolean;
}

/** What an attribute is that a filter reads. */
export type FilterType = "string" | "int" | "double" | "bool" | "timestamp";

/**
 * A value with its type. An int is within ±(2^53 − 1), a double is finite, a timestamp is a whole number of seconds since
 * 1970. Texts are equal and ordered by code point.
 */
export type FilterValue =
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "int" | "double" | "timestamp"; readonly value: number }
  | { readonly type: "bool"; readonly value: boolean };

/** Values of one type; as {@link FilterValue}. */
export type FilterValues =
  | { readonly type: "string"; readonly values: readonly string[] }
  | { readonly type: "int" | "double" | "timestamp"; readonly values: readonly number[] }
  | { readonly type: "bool"; readonly values: readonly boolean[] };

/** How two values are compared: `=`, `<>`, `<`, `<=`, `>`, `>=`. */
export type FilterComparison = "eq" | "ne" | "lt" | "le" | "gt" | "ge";

/**
 * Which resources a subject may do something to: {@link Guard.filterFor}. It selects those for which it is true.
 *
 * An attribute that a resource has not is `NULL`. What is asked of it is `NULL` then, but `present`, which is false; `and`,
 * `or` and `not` are those of SQL.
 */
export type Filter =
  /** Every resource, or none. */
  | { readonly op: "all" | "none" }
  /** Of no filters at all: `and` is true, `or` is false. */
  | { readonly op: "and" | "or"; readonly filters: readonly Filter[] }
  | { readonly op: "not"; readonly filter: Filter }
  /** The attribute, on the left, compared with a value. */
  | ({ readonly op: FilterComparison; readonly attribute: string } & FilterValue)
  /** The attribute is one of the values. */
  | ({ readonly op: "in"; readonly attribute: string } & FilterValues)
  /** The first attribute, on the left, compared with the second. */
  | { readonly op: "same"; readonly compare: FilterComparison; readonly attributes: readonly [string, string]; readonly type: FilterType }
  /** The attribute is there. */
  | { readonly op: "present"; readonly attribute: string }
  /** The value stands in the attribute, a text. Case counts, and no letter of the value means anything but itself. */
  | { readonly op: "startsWith" | "endsWith" | "contains"; readonly attribute: string; readonly value: string }
  /** One of the values stands in the attribute, a list. `type` is that of its elements, and no timestamp. */
  | ({ readonly op: "hasSome"; readonly attribute: string } & FilterValues);

/** What a {@link Guard} is made of. */
export interface GuardOptions {
  /** The policy document, or its JSON text. It may be public. */
  readonly policy: object | string;
  /**
   * The policy's signature: required where the trust document has `policyKeys`, and a mistake elsewhere, because nobody
   * would check it. In `portcullis/full`.
   */
  readonly signature?: string;
  /** The trust document, or its JSON text. It may hold secrets: never send it to a browser. Absent where only `can`, `evaluate` and `explain` are used. */
  readonly trust?: object | string;
  /** A loader for each resource type on which a route's decision hangs. Needs `trust`: without it nothing is loaded. */
  readonly resources?: Readonly<Record<string, Loader>>;
  /** Seconds since 1970. `Date.now() / 1000` where absent. */
  readonly clock?: () => number;
  /** Fetches key sets, discovery documents and answers of introspection. The global `fetch` where absent. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /**
   * Required where the trust document has an `apiKeyStore`, and a mistake elsewhere: it would never be asked. In
   * `portcullis/full`.
   */
  readonly apiKeys?: ApiKeyStore;
  /**
   * Required where the trust document says `"revocation": { "source": "store" }`, and a mistake elsewhere: it would never
   * be asked. In `portcullis/full`.
   */
  readonly revocations?: RevocationStore;
  /**
   * Used where the trust document has `dpop`. Where absent, 100,000 proofs are remembered in memory: enough for one
   * process. In `portcullis/full`.
   */
  readonly replays?: ReplayStore;
}
