// All that the site takes from portcullis/issuer and the stores, in one place: how passwords, codes, tokens and keys are made
// here, and where their state is.
import type { Guard } from "portcullis/full";
import { Attempts, newApiKey, newOtpSecret, Passwords, RecoveryCodes, RefreshTokens, TokenIssuer, totpUri, TotpCodes } from "portcullis/issuer";
import type { RefreshFamily, SignIn } from "portcullis/issuer";
import { D1ApiKeys } from "portcullis/stores/api-keys";
import { D1Revocations } from "portcullis/stores/d1";
import { DurableStore } from "portcullis/stores/durable";
import type { Env } from "../env.js";
import { signingFrom } from "./signing.js";
import type { User } from "./users.js";

const issuer = "https://accounts.wicket.example";
const audience = "wicket-press";
const client = "wicket-press-web";

/** Seconds. */
const accessLife = 300;
const guestLife = 3600;
const stepLife = 300;
/** Facts of revocation are kept longer than any token lives. */
const factLife = 86_400;
const shards = 8;

export type Parts = ReturnType<typeof partsOf>;

/** The trust document of the sign-in side: whom its guard believes. */
export function trust(): object {
  return {
    realm: "wicket-press",
    issuers: [
      {
        preset: "portcullis",
        issuer,
        audience,
        jwksUri: `${issuer}/api/jwks`,
        claims: { attributes: { session: "sid" } },
        asserts: { roles: ["guest", "writer", "moderator", "admin"] },
      },
    ],
    apiKeyStore: { prefix: "wicket", idPrefix: "key:", asserts: { roles: ["feed"] } },
    guest: { roles: ["visitor"] },
    credentials: { cookie: "__Host-session" },
    // Each request asks, so that what is taken back is refused at once.
    revocation: { source: "store", maxAge: 0 },
  };
}

/** API keys of one user. */
const mostKeys = 10;

/** `now`: seconds since 1970. */
export function partsOf(env: Env, sealing: Promise<CryptoKey>, now: () => number) {
  const store = new DurableStore(env.STORE, { shards, clock: now });
  const revocations = new D1Revocations(env.DB, { clock: now });
  const apiKeys = new D1ApiKeys(env.DB, { clock: now, perOwner: mostKeys });
  const key = signingFrom(store, sealing, now);
  const refresh = new RefreshTokens({ secrets: [{ id: "1", secret: env.REFRESH_SECRET }], store, clock: now });
  const revoke = (name: string, notBefore: number): Promise<void> => revocations.revoke(name, notBefore, now() + factLife);

  return {
    revocations,
    apiKeys,
    passwords: new Passwords(),
    attempts: new Attempts({ store, clock: now }),
    codes: new TotpCodes({ store, clock: now }),
    recovery: new RecoveryCodes({ store }),
    signing: key,

    newSecondFactor(name: string): { readonly secret: string; readonly uri: string } {
      const secret = newOtpSecret();
      return { secret, uri: totpUri({ issuer: "Wicket Press", account: name, secret }) };
    },

    /** `at`: when the user was read, so that a token never says roles from before its `iat`. */
    async accessToken(user: User, session: string, signIn: SignIn, at: number): Promise<{ readonly token: string; readonly seconds: number }> {
      const tokens = new TokenIssuer({ issuer, audience, client, key, clock: () => at });
      const { token } = await tokens.accessToken({ subject: user.id, roles: user.roles, session, signIn, lifetime: accessLife });
      return { token, seconds: accessLife };
    },

    async guestToken(): Promise<{ readonly token: string; readonly seconds: number }> {
      const tokens = new TokenIssuer({ issuer, audience, client, key, clock: now });
      const { token } = await tokens.guestToken({ guest: `guest-${crypto.randomUUID()}`, roles: ["guest"], lifetime: guestLife });
      return { token, seconds: guestLife };
    },

    startFamily: (subject: string, signIn: SignIn) => refresh.start({ subject, client, signIn }),
    rotate: (token: string) => refresh.rotate(token, client),
    /** The family of a token, which is taken back with it. */
    takeBack: (token: string) => refresh.revokeToken(token, client),
    revokeFamily: (id: string) => refresh.revoke(id),

    /** Refuses the access tokens of a session that are out. */
    revokeSession: (guard: Guard, sid: string) => revoke(guard.revocationName({ sid, issuer }), now()),
    /** Refuses the access tokens of a user that were issued before that moment. */
    revokeTokens: (guard: Guard, subject: string, before: number) => revoke(guard.revocationName({ subject, issuer }), before),

    /** Remembers whose sign-in waits for its second step, and what they have shown. The browser has the text, the store its hash. */
    async startStep({ id, password }: User): Promise<{ readonly text: string; readonly seconds: number }> {
      const text = crypto.randomUUID();
      await store.swap(await stepName(text), null, JSON.stringify({ userId: id, password } satisfies Waiting), now() + stepLife);
      return { text, seconds: stepLife };
    },
    async readStep(text: string): Promise<Waiting | null> {
      const entry = await store.read(await stepName(text));
      return entry === null ? null : (JSON.parse(entry.value) as Waiting);
    },
    async endStep(text: string): Promise<void> {
      await store.remove(await stepName(text));
    },

    async keysOf(owner: string): Promise<readonly { readonly id: string; readonly label: string; readonly createdAt: number }[]> {
      return (await apiKeys.list(owner)).map(({ entry, label, created }) => ({ id: entry.id, label, createdAt: created }));
    },
    /** The key, which is shown once and kept nowhere. */
    async makeKey(owner: string, label: string): Promise<{ readonly key: string; readonly id: string }> {
      const { key, hash } = newApiKey("wicket");
      const id = crypto.randomUUID();
      await apiKeys.insert(hash, { id, owner, roles: ["feed"] }, label);
      return { key, id };
    },
    async revokeKey(owner: string, id: string): Promise<boolean> {
      const isOwn = (await apiKeys.list(owner)).some(({ entry }) => entry.id === id);
      return isOwn && apiKeys.revoke(id);
    },
  };
}

/** A sign-in between its steps; the password as it is stored. */
interface Waiting {
  readonly userId: string;
  readonly password: string;
}

async function stepName(text: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return `step.${Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

export type { RefreshFamily, SignIn };
