import * as given from "../arguments.js";
import { pastMoment, span } from "../moment.js";
import { ask } from "./engine.js";
import { SigningKey } from "./keys.js";

/** What somebody showed to sign in. A recovery code is neither a one-time code nor a question that one can answer. */
export type SignInMethod = "password" | "otp" | "recoveryCode";

/** How and when somebody signed in: what tokens say of it as `acr`, `amr` and `auth_time` (RFC 8176, RFC 9068 §2.2.1). */
export interface SignIn {
  /** What they showed; at least one. */
  readonly methods: readonly SignInMethod[];
  /** Seconds since 1970. It stays the same however often tokens are refreshed. */
  readonly at: number;
}

/** What this service calls its levels of assurance: the values of `acr`. */
export interface Levels {
  /** One factor: `aal1` where nothing is said. */
  readonly single: string;
  /** Something that they know and something that they have: `aal2` where nothing is said. */
  readonly multi: string;
}

/** A token that was made. */
export interface IssuedToken {
  /** The secret of whoever it is for. */
  readonly token: string;
  /** Its `jti`: 128 random bits as base64url, by which it is revoked. */
  readonly id: string;
  /** Its `exp`, in seconds since 1970. */
  readonly expiresAt: number;
}

/** How a {@link TokenIssuer} is made. */
export interface TokenIssuerOptions {
  /** `iss`: an https URL by custom, 1 to 1024 bytes. */
  readonly issuer: string;
  /** `aud` of access tokens and guests' tokens: the services that take them. */
  readonly audience: string | readonly string[];
  /** `client_id`: the client, where there is but one. A token whose subject it is is the client's own (RFC 9068 §5). */
  readonly client: string;
  /** What signs: one key, or what says which one signs now, such as a key ring. */
  readonly key: SigningKey | SigningKeys;
  /** The values of `acr`. */
  readonly levels?: Levels;
  /** The policy, where access tokens are to say the permissions that the roles grant without any condition. */
  readonly policy?: string | object;
  /** Seconds since 1970; `Date.now() / 1000` where absent. */
  readonly clock?: () => number;
}

/** What says which key signs. */
export interface SigningKeys {
  signing(now: number): SigningKey | Promise<SigningKey>;
}

/** What tokens have in common. */
interface Said {
  /** Instead of the issuer's client. */
  readonly client?: string;
  /** `sid`: the session, by which all its tokens are revoked. */
  readonly session?: string;
  /** Seconds. */
  readonly lifetime?: number;
  /** Further claims, none of which has a name that this side writes. */
  readonly claims?: object;
}

/** What an access token says. */
export interface AccessTokenOrder extends Said {
  /** `sub`: 1 to 255 bytes. */
  readonly subject: string;
  /** Instead of the issuer's audience. */
  readonly audience?: string | readonly string[];
  readonly scope?: readonly string[];
  readonly roles?: readonly string[];
  /** Beside those that the policy gives. A guard believes them only where its trust document says so (`asserts`). */
  readonly permissions?: readonly string[];
  /** Where a person signed in. */
  readonly signIn?: SignIn;
}

/** What an ID token says. */
export interface IdTokenOrder extends Said {
  /** `sub`: 1 to 255 bytes. */
  readonly subject: string;
  /** What the client sent along. */
  readonly nonce?: string;
  /** The text of the access token that comes with it, of which `at_hash` tells. */
  readonly accessToken?: string;
  readonly signIn?: SignIn;
}

/** What a guest's token says. */
export interface GuestTokenOrder extends Said {
  /** The guest's id, 1 to 255 bytes. Not that of a user. */
  readonly guest: string;
  /** Instead of the issuer's audience. */
  readonly audience?: string | readonly string[];
  readonly roles?: readonly string[];
}

const OPTIONS: readonly (keyof TokenIssuerOptions)[] = ["issuer", "audience", "client", "key", "levels", "policy", "clock"];
const SAID: readonly (keyof Said)[] = ["client", "session", "lifetime", "claims"];
const ACCESS: readonly (keyof AccessTokenOrder)[] = [...SAID, "subject", "audience", "scope", "roles", "permissions", "signIn"];
const ID: readonly (keyof IdTokenOrder)[] = [...SAID, "subject", "nonce", "accessToken", "signIn"];
const GUEST: readonly (keyof GuestTokenOrder)[] = [...SAID, "guest", "audience", "roles"];

/** Sets of roles whose permissions are remembered. */
const MOST_REMEMBERED = 256;

/**
 * Makes tokens as a guard takes them.
 *
 * ```ts
 * const key = await SigningKey.generate("ES256");
 * const tokens = new TokenIssuer({ issuer: "https://id.example", audience: "api", client: "web", key });
 * const { token } = await tokens.accessToken({
 *   subject: "u1",
 *   roles: ["editor"],
 *   signIn: { methods: ["password", "otp"], at: Date.now() / 1000 },
 * });
 * const trust = { issuers: [{ preset: "portcullis", issuer: "https://id.example", audience: "api", profile: "access-token", jwks: { keys: [key.publicJwk] } }] };
 * ```
 *
 * All of them throw an `IssuerError`: `claim_text`, `audience`, `scope`, `lifetime`, `sign_in`, `claim_registered`,
 * `subject_is_client` (somebody with a session or a sign-in has the client's name), `token_too_large`.
 */
export class TokenIssuer {
  readonly #issuer: string;
  readonly #audience: readonly string[];
  readonly #client: string;
  readonly #keys: SigningKeys;
  readonly #levels: Levels | undefined;
  readonly #policy: string | undefined;
  readonly #permissions = new Map<string, readonly string[]>();
  readonly #clock: () => number;

  constructor(options: TokenIssuerOptions) {
    const { issuer, audience, client, key, levels, policy, clock = () => Date.now() / 1000 } = given.members("new TokenIssuer: options", options, OPTIONS);
    this.#issuer = given.text("new TokenIssuer: issuer", issuer);
    this.#audience = audiencesOf("new TokenIssuer: audience", audience);
    this.#client = given.text("new TokenIssuer: client", client);
    this.#keys = key instanceof SigningKey ? { signing: () => key } : given.object("new TokenIssuer: key", key);
    given.aFunction("new TokenIssuer: key.signing", this.#keys.signing);
    this.#levels = levels === undefined ? undefined : levelsOf(levels);
    this.#policy = policy === undefined ? undefined : given.documentText("new TokenIssuer: policy", policy);
    this.#clock = given.aFunction("new TokenIssuer: clock", clock);
    // A policy that is wrong is found now.
    if (this.#policy !== undefined) this.#granted([]);
  }

  /**
   * An access token of the profile of RFC 9068: `typ` is `at+jwt`. It lives for 5 minutes where nothing is said, and for an
   * hour at most.
   */
  async accessToken(order: AccessTokenOrder): Promise<IssuedToken> {
    const method = "accessToken";
    const { roles, permissions, scope, signIn, audience } = given.members(`${method}: order`, order, ACCESS);
    const held = listOf(`${method}: roles`, roles);
    const own = listOf(`${method}: permissions`, permissions);
    return this.#issue("write_access_token", {
      ...this.#said(method, order, given.text(`${method}: subject`, order.subject)),
      audience: audience === undefined ? this.#audience : audiencesOf(`${method}: audience`, audience),
      scope: listOf(`${method}: scope`, scope),
      roles: held,
      permissions: [...new Set([...this.#granted(held), ...own])],
      signIn: signIn === undefined ? undefined : signInOf(`${method}: signIn`, signIn),
    });
  }

  /**
   * An ID token (OpenID Connect Core §2) for the client. It lives for 5 minutes where nothing is said, and for an hour at
   * most.
   */
  async idToken(order: IdTokenOrder): Promise<IssuedToken> {
    const method = "idToken";
    const { nonce, accessToken, signIn, client } = given.members(`${method}: order`, order, ID);
    return this.#issue("write_id_token", {
      ...this.#said(method, order, given.text(`${method}: subject`, order.subject)),
      audience: [client ?? this.#client],
      nonce: optional(`${method}: nonce`, nonce),
      accessToken: optional(`${method}: accessToken`, accessToken),
      signIn: signIn === undefined ? undefined : signInOf(`${method}: signIn`, signIn),
    });
  }

  /**
   * The token of a guest: nobody in particular, whom one knows again. A guard takes it with the preset `portcullis`, and its
   * principal is of the kind guest, which never counts as authenticated. It has no `sub` but `guest`, so that whoever knows
   * no guests refuses it. It lives for an hour where nothing is said, and for a day at most.
   */
  async guestToken(order: GuestTokenOrder): Promise<IssuedToken> {
    const method = "guestToken";
    const { roles, audience } = given.members(`${method}: order`, order, GUEST);
    return this.#issue("write_guest_token", {
      ...this.#said(method, order, given.text(`${method}: guest`, order.guest)),
      audience: audience === undefined ? this.#audience : audiencesOf(`${method}: audience`, audience),
      roles: listOf(`${method}: roles`, roles),
    });
  }

  #said(method: string, { client, session, lifetime, claims }: Said, subject: string): Omit<WrittenOrder, "algorithm" | "kid" | "now" | "audience"> {
    return {
      issuer: this.#issuer,
      client: optional(`${method}: client`, client) ?? this.#client,
      subject,
      session: optional(`${method}: session`, session),
      lifetime: lifetime === undefined ? undefined : span(`${method}: lifetime`, lifetime),
      levels: this.#levels,
      claims: claims === undefined ? undefined : given.jsonText(`${method}: claims`, plainObject(`${method}: claims`, claims)),
    };
  }

  async #issue(kind: "write_access_token" | "write_id_token" | "write_guest_token", said: Omit<WrittenOrder, "algorithm" | "kid" | "now">): Promise<IssuedToken> {
    const now = pastMoment("clock", this.#clock());
    const key = await this.#keys.signing(now);
    const { input, id, expires } = ask((core) => core[kind]({ ...said, algorithm: key.algorithm, kid: key.kid, now }));
    return { token: await key.sign(input), id, expiresAt: expires };
  }

  /** The permissions of these roles, worked out once for each set of roles. */
  #granted(roles: readonly string[]): readonly string[] {
    const policy = this.#policy;
    if (policy === undefined) return [];
    const name = JSON.stringify([...roles].sort());
    const known = this.#permissions.get(name);
    if (known !== undefined) return known;
    const granted = ask((core) => core.plain_permissions(policy, roles));
    if (this.#permissions.size >= MOST_REMEMBERED) this.#permissions.clear();
    this.#permissions.set(name, granted);
    return granted;
  }
}

/** What the core writes a token from. */
export interface WrittenOrder {
  readonly algorithm: string;
  readonly kid: string | undefined;
  readonly now: number;
  readonly issuer: string;
  readonly audience: readonly string[];
  readonly client: string;
  readonly subject: string;
  readonly scope?: readonly string[];
  readonly roles?: readonly string[];
  readonly permissions?: readonly string[];
  readonly session: string | undefined;
  readonly nonce?: string | undefined;
  readonly accessToken?: string | undefined;
  readonly signIn?: SignIn | undefined;
  readonly levels: Levels | undefined;
  readonly lifetime: number | undefined;
  readonly claims: string | undefined;
}

/** A sign-in as the core reads it. */
export function signInOf(what: string, signIn: unknown): SignIn {
  const { methods, at } = given.members(what, signIn as SignIn, ["methods", "at"]);
  const known: readonly unknown[] = ["password", "otp", "recoveryCode"];
  const shown = listOf(`${what}.methods`, methods ?? null);
  for (const method of shown) {
    if (!known.includes(method)) throw new TypeError(`${what}.methods: there is no ${JSON.stringify(method)}`);
  }
  return { methods: shown as readonly SignInMethod[], at: pastMoment(`${what}.at`, at) };
}

/** Texts; none where absent. */
export function listOf(what: string, list: unknown): readonly string[] {
  if (list === undefined) return [];
  if (!Array.isArray(list)) throw new TypeError(`${what} must be a list of texts`);
  return list.map((one) => given.text(what, one));
}

function optional(what: string, value: unknown): string | undefined {
  return value === undefined ? undefined : given.text(what, value);
}

function audiencesOf(what: string, audience: unknown): readonly string[] {
  return typeof audience === "string" ? [audience] : listOf(what, audience);
}

function levelsOf(levels: Levels): Levels {
  const { single, multi } = given.members("new TokenIssuer: levels", levels, ["single", "multi"]);
  return { single: given.text("new TokenIssuer: levels.single", single), multi: given.text("new TokenIssuer: levels.multi", multi) };
}

function plainObject(what: string, value: object): object {
  if (Array.isArray(given.object(what, value))) throw new TypeError(`${what} must be an object`);
  return value;
}
