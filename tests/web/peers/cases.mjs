// The tokens that the verifiers are compared on. The same at each run, save for the random bytes in signatures by
// ECDSA and PSS, which no verdict hangs on.
//
// 1. For each site the issuer's own token.
// 2. For each site each mutation alone.
// 3. For each site many pairs and threes of mutations, and changes of single characters, chosen by the seed.
// 4. For each odd key set the token that its odd key signs.

import { honest, written } from "./draft.mjs";
import { claimMutations } from "./mutations/claims.mjs";
import { encodingMutations } from "./mutations/encoding.mjs";
import { keyMutations } from "./mutations/keys.mjs";
import { signatureMutations } from "./mutations/signature.mjs";
import { seeded } from "./random.mjs";
import { oddSites, sites } from "./sites.mjs";

const mutations = [...keyMutations, ...signatureMutations, ...encodingMutations, ...claimMutations];

const made = (site, chosen, random) => {
  const draft = honest(site);
  for (const { apply } of chosen) apply(draft, random);
  const topics = chosen.map(({ topic }) => topic);
  if (draft.header.kid === undefined) topics.push("no kid");
  const what = chosen.map(({ name }) => name).join(" and ") || "the issuer's token";
  return { site, topics, name: `${site.name}: ${what}`, text: written(draft) };
};

/** So many mutations at most, none of them twice. */
const several = (own, count, random) => [...new Set(Array.from({ length: count }, () => random.pick(own)))];

const characters = [..."ABCXYZabcxyz0189-_", ..."ABCXYZabcxyz0189-_", ...".=~+/"];
const noise = {
  row: 16,
  topic: "noise",
  name: "a changed character",
  apply: (draft, random) =>
    draft.textEdits.push((text) => {
      const place = random.below(text.length + 1);
      const kept = text.slice(place + random.below(2));
      return text.slice(0, place) + (random.below(4) === 0 ? "" : random.pick(characters)) + kept;
    }),
};

/** Every case, one after the other. `times` says how many are chosen by the seed. */
export function* cases({ seed = 1, times = 1 } = {}) {
  for (const site of sites) {
    const random = seeded(seed + sites.indexOf(site));
    const own = mutations.filter(({ applies }) => applies === undefined || applies(site));
    yield made(site, [], random);
    for (const mutation of own) yield made(site, [mutation], random);
    for (let count = 0; count < 300 * times; count += 1) yield made(site, several(own, count % 6 === 0 ? 3 : 2, random), random);
    for (let count = 0; count < 60 * times; count += 1) yield made(site, [noise], random);
  }
  for (const site of oddSites) yield { ...made(site, [], seeded(seed)), topics: [`key ${site.odd}`] };
}

/** The rows of the corpus that some mutation is of. */
export const rows = new Set([8, ...mutations.map(({ row }) => row)]);
