// What a token's size costs: its bytes, its claims, its roles.

import { grown, numbers } from "../documents.mjs";
import { fresh, header, request } from "../headers.mjs";
import { guardOf } from "../package.mjs";

const BEARER = "Bearer ".length;
/** The core's own; more is refused as `token_too_large`. */
const MOST_BYTES = 16_384;
/** The package's own: the text of a longer header is not remembered. */
const REMEMBERED = 4_096;
const SEEN = 16;

const bytesOf = (claims) => header(claims).length - BEARER;

/** The largest size whose token has at most so many bytes. */
function within(most, claimsOf) {
  let [fits, over] = [0, most];
  while (over - fits > 1) {
    const middle = (fits + over) >> 1;
    if (bytesOf(claimsOf(middle)) <= most) fits = middle;
    else over = middle;
  }
  return fits;
}

function curve({ name, axis, guard, url, sizes, claimsOf, place }) {
  const most = within(MOST_BYTES, claimsOf);
  const check = (bytes, size) => guard.checkSync(request(url(size), fresh(bytes)));
  const at = (size) => {
    const seen = numbers(SEEN).map(() => header(claimsOf(size)));
    const right = (bytes) => {
      const outcome = check(bytes, size);
      return outcome.allowed && outcome.principal.id === "ann";
    };
    let unseen = [];
    return {
      x: place(size),
      series: {
        "a token never seen": {
          prepare: (count) => (unseen = numbers(count).map(() => header(claimsOf(size)))),
          run: (index) => right(unseen[index]),
        },
        "seen before": { run: (index) => right(seen[index % SEEN]) },
        "the header's text alone": { run: (index) => fresh(seen[index % SEEN]) !== "" },
      },
    };
  };
  const limits = () => {
    let reason;
    const end = guard.onDecision((event) => (reason = event.reason));
    const refused = !check(header(claimsOf(most + 1)), most).allowed;
    end();
    if (!refused || reason !== "token_too_large") throw new Error(`${name}: a token that is too large ends in ${reason}`);
    return [
      { at: place(within(REMEMBERED - BEARER, claimsOf)), name: `remembered: ${REMEMBERED.toLocaleString("en")} characters` },
      { at: place(most), name: `${reason}: ${MOST_BYTES.toLocaleString("en")} bytes` },
    ];
  };
  return { name, axis, unit: "µs", of: "a request", sizes: [...sizes.filter((size) => size < most), most], at, limits };
}

const me = () => "/me";
const filled = (size) => ({ filler: "x".repeat(size) });
const claimed = (size) => Object.fromEntries(numbers(size).map((number) => [`c${number}`, number]));
const roles = (size) => ({ roles: numbers(size).map((number) => `role${number}`) });

export const tokenCurves = [
  () =>
    curve({
      name: "bytes of the token",
      axis: "bytes",
      guard: guardOf(grown({})),
      url: me,
      sizes: [300, 1_000, 3_000, 10_000].map((most) => within(most, filled)),
      claimsOf: filled,
      place: (size) => bytesOf(filled(size)),
    }),
  () =>
    curve({
      name: "claims in the token",
      axis: "claims",
      guard: guardOf(grown({})),
      url: me,
      sizes: [10, 30, 100, 300, 1_000],
      claimsOf: claimed,
      place: (size) => size,
    }),
  () =>
    curve({
      name: "roles in the token",
      axis: "roles",
      guard: guardOf(grown({ roles: 2_000, routes: 2_001 })),
      url: (size) => `/type${size - 1}/1`,
      sizes: [10, 30, 100, 300, 1_000],
      claimsOf: roles,
      place: (size) => size,
    }),
];
