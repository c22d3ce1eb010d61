// The peers' own test cases, as tests/vectors/suites/peers_*.mjs has them: the guard answers as the suites say, and so do
// the peers, where a case says that theirs is another answer.

import assert from "node:assert/strict";
import { createPublicKey } from "node:crypto";
import { after, describe, test } from "node:test";
import { createVerifier } from "fast-jwt";
import { createLocalJWKSet, jwtVerify } from "jose";
import { suites } from "../home.mjs";
import { full } from "../package.mjs";
import { runVectors } from "../vectors.mjs";
import { writeSummary } from "./summary.mjs";

const transcribed = suites().filter(({ suite }) => suite.startsWith("peers_"));

/** What `about` says of a peer: `jose accepts: why`. */
function deviation({ name, about = "" }) {
  const [, peer, verdict, why] = /^(.+?) (accepts|refuses): (.+)$/.exec(about) ?? [];
  return peer === undefined ? undefined : { name, peer, verdict, why };
}

/** The issuer of a case, the token, the key set and the leeway that the guard would have. */
function setting({ configs }, { config, now, request, keys }) {
  const [entry] = configs[config].trust.issuers;
  return {
    ...entry,
    now,
    leeway: entry.leeway ?? 60,
    token: request.headers[0][1].replace("Bearer ", ""),
    set: entry.jwks ?? keys?.[entry.jwksUri],
  };
}

// As their documentation begins: the algorithms are the key's, nothing is wanted that is not named.
const answers = {
  peers_jose: ({ issuer, audience, leeway, maxAge, now, token, set }) =>
    jwtVerify(token, createLocalJWKSet(set), {
      issuer,
      audience,
      clockTolerance: leeway,
      currentDate: new Date(now * 1000),
      ...(maxAge === undefined ? {} : { maxTokenAge: maxAge }),
    }),
  peers_fast_jwt: async ({ issuer, audience, leeway, maxAge, now, token, set }) =>
    createVerifier({
      key: createPublicKey({ key: set.keys[0], format: "jwk" }).export({ type: "spki", format: "pem" }),
      allowedIss: issuer,
      allowedAud: audience,
      clockTimestamp: now * 1000,
      clockTolerance: leeway * 1000,
      ...(maxAge === undefined ? {} : { maxAge: maxAge * 1000 }),
    })(token),
};

describe("the peers' own cases", () => {
  const failures = new Map();

  after(() => {
    for (const { suite, cases } of transcribed) {
      const deviations = cases.map(deviation).filter((one) => one !== undefined);
      writeSummary(suite, {
        suite: `transcribed: ${suite.replace("peers_", "")}`,
        cases: cases.length,
        passed: failures.has(suite) ? cases.length - failures.get(suite).size : 0,
        deviations: deviations.map(({ name, peer, verdict, why }) => ({ case: name, reason: `${peer} ${verdict}: ${why}` })),
      });
    }
  });

  test("there_are_three_suites", () => {
    assert.deepEqual(
      transcribed.map(({ suite }) => suite),
      ["peers_auth0", "peers_fast_jwt", "peers_jose"],
    );
  });

  for (const suite of transcribed) {
    test(`the_guard_answers_${suite.suite}`, async () => {
      const { failed } = await runVectors(full.imported, [suite], { full: true });
      failures.set(suite.suite, new Set(failed.map(({ name }) => name)));
      assert.deepEqual(failed.slice(0, 10), []);
    });
  }

  for (const [suite, answer] of Object.entries(answers)) {
    const { configs, cases } = transcribed.find((one) => one.suite === suite);
    for (const one of cases.filter((entry) => deviation(entry) !== undefined && entry.steps === undefined)) {
      test(`the_peer_answers_otherwise: ${suite}: ${one.name}`, async () => {
        assert.equal(deviation(one).verdict, "accepts");
        await answer(setting({ configs }, one));
      });
    }
  }
});
