// Each verifier, configured as well as its own options allow: issuer, audience, algorithms, leeway, clock, claims that
// must be there, `typ`, maximum age. What a user would have to write by hand is not written here, save for one thing:
// fast-jwt and jsonwebtoken take one key, so a function finds it by `kid`.

import { createPublicKey } from "node:crypto";
import { JwtVerifier } from "aws-jwt-verify";
import { createVerifier } from "fast-jwt";
import { createLocalJWKSet, jwtVerify } from "jose";
import jsonwebtoken from "jsonwebtoken";
import { now } from "../../vectors/forge/token.mjs";
import { accessTokenClaims } from "./sites.mjs";

const secretOf = ({ secret }) => Buffer.from(secret, "base64url");
/** The algorithms of a site for those to whom Ed25519 is the same as EdDSA, or unknown. */
const byOlderName = ({ algorithms }) => algorithms.filter((name) => name !== "Ed25519");
const claimsWanted = ({ profile, maxAge }) => [
  ...["iss", "aud", "exp", "sub"],
  ...(profile === "access-token" ? accessTokenClaims : []),
  ...(maxAge === undefined ? [] : ["iat"]),
];

/** The verdict of a call: the subject that it believes, or why it does not. */
const verdict = async (verify) => {
  try {
    const { sub } = await verify();
    return { accepted: true, subject: sub };
  } catch (error) {
    return { accepted: false, why: error.message };
  }
};

/** The key that a token names; where it names none, the only one of its algorithm. */
const keyFinder = (site) => {
  const keys = site.keys.map((jwk) => ({
    kid: jwk.kid,
    alg: jwk.alg,
    pem: createPublicKey({ key: jwk, format: "jwk" }).export({ type: "spki", format: "pem" }),
  }));
  return (header) => {
    const found = keys.filter(({ kid, alg }) => (header.kid === undefined ? alg === header.alg : kid === header.kid));
    if (found.length !== 1) throw new Error("no such key");
    return found[0].pem;
  };
};

const jose = (site) => {
  const keys = site.secret === undefined ? createLocalJWKSet({ keys: site.keys }) : secretOf(site);
  const options = {
    issuer: site.issuer,
    audience: site.audience,
    algorithms: site.algorithms,
    clockTolerance: site.leeway,
    currentDate: new Date(now * 1000),
    requiredClaims: claimsWanted(site),
    ...(site.profile === "access-token" ? { typ: "at+jwt" } : {}),
    ...(site.maxAge === undefined ? {} : { maxTokenAge: site.maxAge }),
  };
  return (token) => verdict(async () => (await jwtVerify(token, keys, options)).payload);
};

const fastJwt = (site) => {
  const find = site.secret === undefined ? keyFinder(site) : undefined;
  const verify = createVerifier({
    key: find === undefined ? secretOf(site) : async ({ header }) => find(header),
    algorithms: byOlderName(site),
    allowedIss: site.issuer,
    allowedAud: site.audience,
    clockTimestamp: now * 1000,
    clockTolerance: site.leeway * 1000,
    requiredClaims: claimsWanted(site),
    cache: false,
    ...(site.profile === "access-token" ? { checkTyp: "at+jwt" } : {}),
    // Its maximum age knows no leeway.
    ...(site.maxAge === undefined ? {} : { maxAge: (site.maxAge + site.leeway) * 1000 }),
  });
  return (token) => verdict(() => verify(token));
};

const nodeJsonwebtoken = (site) => {
  const find = site.secret === undefined ? keyFinder(site) : undefined;
  const options = {
    algorithms: site.algorithms.filter((name) => !name.startsWith("Ed")),
    issuer: site.issuer,
    audience: site.audience,
    clockTimestamp: now,
    clockTolerance: site.leeway,
    ...(site.maxAge === undefined ? {} : { maxAge: site.maxAge }),
  };
  const key = (header, done) => {
    try {
      done(null, find(header));
    } catch (error) {
      done(error);
    }
  };
  return (token) =>
    verdict(
      () =>
        new Promise((resolve, reject) => {
          jsonwebtoken.verify(token, find === undefined ? secretOf(site) : key, options, (error, payload) =>
            error ? reject(error) : resolve(payload),
          );
        }),
    );
};

const awsJwtVerify = (site) => {
  const verifier = JwtVerifier.create({
    issuer: site.issuer,
    audience: site.audience,
    jwksUri: "https://id.example/jwks",
    graceSeconds: site.leeway,
  });
  verifier.cacheJwks({ keys: site.keys });
  return (token) =>
    verdict(() => {
      // It reads the clock itself, and at once.
      const clock = Date.now;
      Date.now = () => now * 1000;
      try {
        return verifier.verifySync(token);
      } finally {
        Date.now = clock;
      }
    });
};

const algorithmsOf =
  (pattern) =>
  ({ secret, algorithms }) =>
    secret === undefined && algorithms.every((name) => pattern.test(name));

/** The peers: how each is made for a site, and for which sites. */
export const peers = [
  { name: "jose", make: jose, knows: () => true },
  { name: "fast-jwt", make: fastJwt, knows: ({ odd }) => odd === undefined },
  { name: "jsonwebtoken", make: nodeJsonwebtoken, knows: ({ odd, signer }) => odd === undefined && signer.algorithm !== "EdDSA" },
  {
    name: "aws-jwt-verify",
    make: awsJwtVerify,
    knows: (site) => algorithmsOf(/^(RS|ES|Ed)/)(site) && site.keys.every(({ kid }) => kid !== undefined),
  },
];

const policy = { policy: "peers", revision: 1, routes: [{ route: "GET /me", allow: "authenticated" }] };
const url = "https://id.example/jwks";

const keysOf = (site) => {
  if (site.secret !== undefined) return { secret: { base64url: site.secret } };
  return site.fetched ? { jwksUri: url } : { jwks: { keys: site.keys } };
};

/** The package's guard. Its verdict has the internal reason. */
export const guard =
  ({ Guard }) =>
  (site) => {
    const { issuer, audience, leeway, profile, maxAge } = site;
    let reason;
    const ours = new Guard({
      policy,
      trust: {
        issuers: [
          {
            issuer,
            audience,
            algorithms: byOlderName(site),
            leeway,
            profile,
            ...(maxAge === undefined ? {} : { maxAge }),
            ...keysOf(site),
          },
        ],
      },
      clock: () => now,
      fetch: async () => new Response(JSON.stringify({ keys: site.keys })),
    });
    ours.onDecision((event) => {
      reason = event.reason;
    });
    return async (token) => {
      const outcome = await ours.check({ method: "GET", url: "https://api.example/me", headers: [["authorization", `Bearer ${token}`]] });
      if (outcome.allowed) return { accepted: true, subject: outcome.principal.id, reason };
      return { accepted: false, reason };
    };
  };
