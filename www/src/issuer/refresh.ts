import * as given from "../arguments.js";
import { moment, span } from "../moment.js";
import type { AtomicStore } from "../stores/store.js";
import { contended, settle, stateOf } from "./contention.js";
import { ask } from "./engine.js";
import { storeName } from "./store-names.js";
import { listOf, signInOf, type SignIn } from "./tokens.js";

/** A secret behind refresh tokens. */
export interface RefreshSecret {
  /** 1 to 64 bytes, its own. */
  readonly id: string;
  /** At least 32 random bytes; of a text its UTF-8. */
  readonly secret: Uint8Array | string;
}

/** How {@link RefreshTokens} are made. Spans are in seconds. */
export interface RefreshOptions {
  /** The newest first, 8 at most. The first makes tokens and all of them are believed. */
  readonly secrets: readonly RefreshSecret[];
  /** Where families are kept: one for all instances. */
  readonly store: AtomicStore;
  /** Whoever does not refresh for so long signs in again; 14 days where absent. */
  readonly idle?: number;
  /** After so long everybody signs in again; 90 days where absent. One for all that share the store: a revoked subject is remembered for so long. */
  readonly absolute?: number;
  /**
   * For so long after a rotation the token before gives the same next one again, because the answer may have been lost; 10
   * where absent, 60 at most. 0: any second use is theft.
   */
  readonly grace?: number;
  /** Seconds since 1970; `Date.now() / 1000` where absent. */
  readonly clock?: () => number;
}

/** For whom a family is, and what each of its refreshes gives again. */
export interface RefreshGrant {
  /** Who signed in: 1 to 255 bytes. */
  readonly subject: string;
  /** Through which client, which alone may use the tokens: 1 to 255 bytes. */
  readonly client: string;
  readonly scope?: readonly string[];
  /** How they signed in: it does not change with a refresh. */
  readonly signIn?: SignIn;
  /** Text that the caller wants to find again, up to 4096 bytes. */
  readonly data?: string;
}

/** What is known of somebody who signed in and has been refreshed since. */
export interface RefreshFamily extends Required<Omit<RefreshGrant, "signIn">> {
  /** 22 characters of base64url. It is no secret: a session's name. */
  readonly id: string;
  readonly signIn: SignIn | undefined;
  /** Seconds since 1970, as are the other two. */
  readonly startedAt: number;
  /** When it was last refreshed, or began. */
  readonly refreshedAt: number;
  /** When it ends unless it is refreshed before. */
  readonly endsAt: number;
  /** Alone, or with all families of its subject. */
  readonly isRevoked: boolean;
}

/** What became of a refresh token. */
export type Refreshed =
  /** `token` takes the place of the one that was presented. `isReplay`: it was given before, and the answer was perhaps lost. */
  | { readonly ok: true; readonly token: string; readonly family: RefreshFamily; readonly isReplay: boolean }
  /**
   * No access; `invalid_grant` to an OAuth client (RFC 6749 §5.2). `reused`: the token was used before, so two hold tokens of
   * this family, and it has been revoked. That is worth an alarm.
   */
  | { readonly ok: false; readonly reason: "reused"; readonly family: RefreshFamily }
  | { readonly ok: false; readonly reason: "expired" | "revoked" | "unknown"; readonly family: RefreshFamily | undefined };

/** A family as the core has it, and as the store keeps it. */
export interface KeptFamily {
  readonly id: string;
  readonly grant: { readonly subject: string; readonly client: string; readonly scope: readonly string[]; readonly signIn?: SignIn; readonly data: string };
  readonly started: number;
  readonly rotated: number;
  readonly idleUntil: number;
  readonly revoked?: number;
}

/** What the core needs for each call. */
export interface RefreshSettings {
  readonly now: number;
  readonly secrets: readonly { readonly id: string; readonly bytes: Uint8Array }[];
  readonly idle: number;
  readonly absolute: number;
  readonly grace: number;
}

const DAY = 86_400;
const OPTIONS: readonly (keyof RefreshOptions)[] = ["secrets", "store", "idle", "absolute", "grace", "clock"];
const GRANT: readonly (keyof RefreshGrant)[] = ["subject", "client", "scope", "signIn", "data"];

/**
 * Refresh tokens that rotate: each is used once and gives the next. Of two uses of one token at once exactly one rotates; the
 * other gets the same next token within the grace, and is theft after it.
 *
 * ```ts
 * const refresh = new RefreshTokens({ secrets: [{ id: "2026", secret: env.REFRESH_SECRET }], store });
 * const { token } = await refresh.start({ subject: "u1", client: "web", signIn });
 * // Later, from a cookie:
 * const refreshed = await refresh.rotate(token, "web");
 * if (refreshed.ok) setCookie(refreshed.token);
 * ```
 *
 * A stolen store holds no tokens, and a forged token is unknown before the store is asked.
 *
 * `revoke`, `revokeToken` and `revokeSubject` end refreshing, and nothing else: access tokens that are out live on until they
 * expire, unless the guard's revocation is told too (of the session or the subject). Nor does a subject that is revoked there
 * end here: whoever must be out at once is revoked in both places.
 *
 * Spec: RFC 6749 §6, §10.4; RFC 7009 §2; RFC 9700 §2.2.2, §4.14.2.
 */
export class RefreshTokens {
  readonly #settings: Omit<RefreshSettings, "now">;
  readonly #store: AtomicStore;
  readonly #clock: () => number;

  /**
   * @throws {@link IssuerError} `refresh_secret_missing`, `refresh_secrets_too_many`, `refresh_secret_too_short`,
   * `refresh_secret_id`, `refresh_rules`.
   */
  constructor(options: RefreshOptions) {
    const { secrets, store, idle = 14 * DAY, absolute = 90 * DAY, grace = 10, clock = () => Date.now() / 1000 } = given.members("new RefreshTokens: options", options, OPTIONS);
    if (!Array.isArray(secrets)) throw new TypeError("new RefreshTokens: secrets must be a list");
    this.#settings = {
      secrets: (secrets as readonly RefreshSecret[]).map(secretOf),
      idle: span("new RefreshTokens: idle", idle),
      absolute: span("new RefreshTokens: absolute", absolute),
      grace: span("new RefreshTokens: grace", grace),
    };
    this.#store = given.atomicStore("new RefreshTokens: store", store);
    this.#clock = given.aFunction("new RefreshTokens: clock", clock);
    ask((core) => core.check_refresh_settings({ ...this.#settings, now: 0 }));
  }

  /**
   * The first token of somebody who has just signed in.
   *
   * @throws {@link IssuerError} `refresh_name`, `refresh_scope`, `refresh_data_too_large`, `store_contended`, `state_malformed`; what
   * the store throws.
   */
  async start(order: RefreshGrant): Promise<{ readonly token: string; readonly family: RefreshFamily }> {
    const { subject, client, scope, signIn, data = "" } = given.members("start", order, GRANT);
    const grant = {
      subject: given.text("start: subject", subject),
      client: given.text("start: client", client),
      scope: listOf("start: scope", scope),
      signIn: signIn === undefined ? undefined : signInOf("start: signIn", signIn),
      data: given.text("start: data", data),
    };
    const name = nameOfSubject(ask((core) => core.check_refresh_subject(grant.subject)));
    // Before the store is asked: what is written while it answers is later than this family.
    const settings = this.#now();
    const revocation = stateOf(await this.#store.read(name));
    const { family, token } = ask((core) => core.start_refresh(settings, grant, revocation));
    if (!(await this.#store.swap(nameOf(family.id), null, JSON.stringify(family), family.idleUntil))) throw contended();
    return { token, family: shown(family) };
  }

  /**
   * Takes a token that `client` presents, and gives the next one.
   *
   * @throws {@link IssuerError} `store_contended`, `state_malformed`; what the store throws. None of these gives a token.
   */
  async rotate(token: string, client: string): Promise<Refreshed> {
    given.text("rotate: token", token);
    given.text("rotate: client", client);
    const id = ask((core) => core.refresh_family(this.#now(), token));
    if (id === undefined) return { ok: false, reason: "unknown", family: undefined };
    return await settle<Refreshed>(this.#store, nameOf(id), async (state) => {
      const revocation = await this.#revocationOf(state);
      const decided = ask((core) => core.decide_refresh(this.#now(), token, client, state, revocation));
      if (decided.family === undefined) return { result: { ok: false, reason: decided.decision, family: undefined } };
      const family = shown(decided.family);
      const write = decided.keep ? { write: { state: decided.family, until: decided.family.idleUntil } } : {};
      if (decided.token !== undefined) return { result: { ok: true, token: decided.token, family, isReplay: decided.decision === "replayed" }, ...write };
      return { result: { ok: false, reason: decided.decision, family }, ...write };
    });
  }

  /**
   * What is known of a family; `null` where there is none any more.
   *
   * @throws {@link IssuerError} `state_malformed`; what the store throws.
   */
  async family(id: string): Promise<RefreshFamily | null> {
    given.text("family: id", id);
    if (!ask((core) => core.is_refresh_family(id))) return null;
    const state = stateOf(await this.#store.read(nameOf(id)));
    const revocation = await this.#revocationOf(state);
    const family = ask((core) => core.known_refresh(state, revocation));
    return family === undefined ? null : shown(family);
  }

  /**
   * Ends a family: its tokens are refused from now on. Says whether there was one. Access tokens live on until they expire,
   * unless the guard's revocation is told of the session too.
   *
   * @throws {@link IssuerError} `store_contended`, `state_malformed`; what the store throws.
   */
  async revoke(id: string): Promise<boolean> {
    given.text("revoke: id", id);
    if (!ask((core) => core.is_refresh_family(id))) return false;
    return await settle(this.#store, nameOf(id), (state) => {
      const family = ask((core) => core.revoke_refresh(state, this.#now().now));
      return family === undefined ? { result: false } : { result: true, write: { state: family, until: family.idleUntil } };
    });
  }

  /**
   * Ends the family of a token that `client` takes back (RFC 7009 §2): the newest or any before it, so a token that was used
   * already does it too, and is no theft. No token is given. Who the client is must have been found out before.
   *
   * Gives the family as it is from here on, and `null` where the text is no token of ours, or of no family of that client that
   * is known; an OAuth client is answered 200 either way (§2.2). Access tokens live on until they expire, unless the guard's
   * revocation is told of the session too.
   *
   * @throws {@link IssuerError} `store_contended`, `state_malformed`; what the store throws.
   */
  async revokeToken(token: string, client: string): Promise<RefreshFamily | null> {
    given.text("revokeToken: token", token);
    given.text("revokeToken: client", client);
    const id = ask((core) => core.refresh_family(this.#now(), token));
    if (id === undefined) return null;
    return await settle<RefreshFamily | null>(this.#store, nameOf(id), (state) => {
      const family = ask((core) => core.revoke_refresh_token(this.#now(), token, client, state));
      return family === undefined ? { result: null } : { result: shown(family), write: { state: family, until: family.idleUntil } };
    });
  }

  /**
   * Ends all families of a subject that have begun, with whatever client: a sign-out everywhere, a new password, an account
   * that is closed. A family that begins later counts, also in the same second: `start` looks, and begins it in the next
   * one. So whoever checks a password, and starts a family behind a change of it, must look once more. When a family began never changes, so there is no race: who starts or rotates at the same moment has a token that is
   * refused at its next use. A clock that is behind never moves the moment back. The clocks of all that share the store count:
   * where one is ahead, what began there shortly before counts as begun later, so they should agree to the second.
   *
   * Access tokens live on until they expire, unless the guard's revocation is told of the subject too.
   *
   * @throws {@link IssuerError} `refresh_name`, `store_contended`, `state_malformed`; what the store throws. None of these is a
   * subject that is revoked.
   */
  async revokeSubject(subject: string): Promise<void> {
    given.text("revokeSubject: subject", subject);
    // As the core reads the text, so that it is the same as in the families.
    const name = nameOfSubject(ask((core) => core.check_refresh_subject(subject)));
    await settle(this.#store, name, (state) => ({ result: undefined, write: ask((core) => core.revoke_refresh_subject(this.#now(), state)) }));
  }

  #now(): RefreshSettings {
    return { ...this.#settings, now: moment("clock", this.#clock()) };
  }

  /** What the store has for the subject of a family, which is asked after the family was. */
  async #revocationOf(family: unknown): Promise<unknown> {
    const subject = ask((core) => core.refresh_subject(family));
    return subject === undefined ? null : stateOf(await this.#store.read(nameOfSubject(subject)));
  }
}

function nameOf(id: string): string {
  return `refresh.${id}`;
}

function nameOfSubject(subject: string): string {
  return storeName("refresh.subject", subject);
}

function shown({ id, grant, started, rotated, idleUntil, revoked }: KeptFamily): RefreshFamily {
  const { subject, client, scope, signIn, data } = grant;
  return { id, subject, client, scope, signIn, data, startedAt: started, refreshedAt: rotated, endsAt: idleUntil, isRevoked: revoked !== undefined };
}

function secretOf(secret: RefreshSecret): { readonly id: string; readonly bytes: Uint8Array } {
  const what = "new RefreshTokens: secrets";
  const { id, secret: bytes } = given.members(what, secret, ["id", "secret"]);
  given.text(`${what}: id`, id);
  if (typeof bytes !== "string" && !(bytes instanceof Uint8Array)) throw new TypeError(`${what}: secret must be bytes or text`);
  return { id, bytes: typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes.slice() };
}
