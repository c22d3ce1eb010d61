// What it costs that much is kept: more tokens than are remembered, and revocations.

import { grown, numbers } from "../documents.mjs";
import { fresh, header, issuer, request } from "../headers.mjs";
import { fullGuardOf, guardOf } from "../package.mjs";

const policy = grown({});

function right(guard, bytes) {
  const outcome = guard.checkSync(request("/me", fresh(bytes)));
  return outcome.allowed && outcome.principal.id === "ann";
}

/** A guard remembers between 1,024 and 2,048 tokens, and as many paths: those that came last. */
const REMEMBERED = [1_024, 2_048];
/** As far as anything can be remembered. */
const LONG = 2 * REMEMBERED[1];

/** Each in its turn, around and around; and one that is asked again and again, after it was between all others. */
function turns(what, size, ask) {
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
  return { [`${what}s, each in its turn`]: { run }, [`one ${what}, that was between others`]: { prepare, run: () => between(0) } };
}

function askToken(headers) {
  const guard = guardOf(policy);
  return (place) => right(guard, headers[place]);
}

function askPath(bytes) {
  const guard = guardOf(grown({ routes: 10 }));
  return (place) => guard.checkSync(request(`/type5/${place}`, fresh(bytes))).allowed;
}

function distinctCurve() {
  const bytes = header({ roles: ["role5"] });
  return {
    name: "distinct tokens and paths",
    axis: "tokens, or paths of one route",
    unit: "µs",
    of: "a request",
    sizes: [10, 100, 300, 1_000, 1_024, 1_300, 1_600, 2_048, 2_100, 3_000, 10_000, 30_000, 100_000],
    at: (size) => {
      const headers = numbers(size).map(() => header());
      return { series: { ...turns("token", size, () => askToken(headers)), ...turns("path", size, () => askPath(bytes)) } };
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
