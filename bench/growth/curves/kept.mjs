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

/** A guard remembers between 1,024 and 2,048 tokens, and as many paths: those that came last. */
const REMEMBERED = [1_024, 2_048];
const remembered = () => REMEMBERED.map((at) => ({ at, name: `remembered: ${at.toLocaleString("en")}` }));
const SIZES = [10, 100, 300, 1_000, 1_024, 1_300, 1_600, 2_048, 2_100, 3_000, 10_000, 30_000, 100_000];

/** As far as anything can be remembered. */
const LONG = 2 * REMEMBERED[1];

/** Each in its turn, around and around; and one that is asked again and again, after it was between all others. */
function turns(size, ask) {
  const [each, between] = [ask(), ask()];
  let [next, other] = [0, 0];
  const run = () => each(next++ % size);
  for (let index = 0; index < Math.min(size, LONG); index += 1) run();
  const prepare = () => {
    for (let index = 0; index < Math.min(size, LONG); index += 1) {
      between(other++ % size);
      between(0);
    }
  };
  return { "each in its turn": { run }, "one alone, that was between the others": { prepare, run: () => between(0) } };
}

const distinct = (name, axis, askOf) => ({
  name,
  axis,
  unit: "µs",
  of: "a request",
  sizes: SIZES,
  at: (size) => ({ series: turns(size, askOf(size)) }),
  limits: remembered,
});

const tokensCurve = () =>
  distinct("distinct tokens", "tokens", (size) => {
    const headers = numbers(size).map(() => header());
    return () => {
      const guard = guardOf(policy);
      return (place) => right(guard, headers[place]);
    };
  });

const pathsCurve = () =>
  distinct("distinct paths", "paths of one route", () => () => {
    const guard = guardOf(grown({ routes: 10 }));
    const bytes = header({ roles: ["role5"] });
    return (place) => guard.checkSync(request(`/type5/${place}`, fresh(bytes))).allowed;
  });

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

export const keptCurves = [tokensCurve, pathsCurve, revocationsCurve];
