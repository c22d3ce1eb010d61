// What it costs that much is kept: more tokens than are remembered, and revocations.

import { issuer } from "../../scenario.mjs";
import { fresh } from "../../tokens.mjs";
import { grown, numbers } from "../documents.mjs";
import { fullGuardOf, guardOf, header, request } from "../package.mjs";

const policy = grown({});

function right(guard, bytes) {
  const outcome = guard.checkSync(request("/me", fresh(bytes)));
  return outcome.allowed && outcome.principal.id === "ann";
}

/** A guard remembers between 1,024 and 2,048 tokens, those that came last. */
const REMEMBERED = [1_024, 2_048];

function distinctCurve() {
  return {
    name: "distinct tokens in turn",
    axis: "tokens",
    unit: "µs",
    of: "a request",
    sizes: [10, 100, 300, 1_000, 1_024, 1_300, 1_600, 2_048, 2_100, 3_000, 10_000, 30_000, 100_000],
    at: (size) => {
      const guard = guardOf(policy);
      const headers = numbers(size).map(() => header());
      let next = 0;
      const run = () => right(guard, headers[next++ % size]);
      // Once around, so that what can be remembered is.
      for (let index = 0; index < Math.min(size, 2 * REMEMBERED[1]); index += 1) run();
      return { series: { "checkSync, each in its turn": { run } } };
    },
    limits: () => REMEMBERED.map((at) => ({ at, name: `remembered: ${at.toLocaleString("en")}` })),
  };
}

const MOST_FACTS = 100_000;

function revocationsCurve() {
  const revocation = { source: "pushed" };
  let fullest;
  return {
    name: "revocations held",
    axis: "revocations",
    unit: "µs",
    of: "a request",
    sizes: [10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, MOST_FACTS],
    at: (size) => {
      const guard = fullGuardOf(policy, { revocation });
      for (let number = 0; number < size; number += 1) guard.revoke({ jti: `gone-${number}`, issuer });
      fullest = guard;
      const withdrawn = header({ jti: `gone-${size >> 1}` });
      const seen = numbers(16).map(() => header({ sid: "session-of-ann" }));
      let unseen = [];
      return {
        series: {
          "token and route seen before": { run: (index) => right(guard, seen[index % 16]) },
          "a token never seen": {
            prepare: (count) => (unseen = numbers(count).map(() => header({ sid: "session-of-ann" }))),
            run: (index) => right(guard, unseen[index]),
          },
          "a token that is revoked": { run: () => !right(guard, withdrawn) },
        },
      };
    },
    limits: () => {
      try {
        fullest.revoke({ jti: "one-more", issuer });
      } catch (error) {
        if (error instanceof RangeError) return [{ at: MOST_FACTS, name: `RangeError: ${MOST_FACTS.toLocaleString("en")}` }];
      }
      throw new Error("a guard takes more revocations than it says");
    },
  };
}

export const keptCurves = [distinctCurve, revocationsCurve];
