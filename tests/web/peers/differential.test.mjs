// The guard beside four other verifiers, on the same tokens, keys and clock. `SEED=7` tries other tokens, and `TIMES=10`
// ten times as many.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { imported } from "../package.mjs";
import { cases, rows } from "./cases.mjs";
import { explains, intended } from "./intended.mjs";
import { writeSummary } from "./summary.mjs";
import { guard, peers } from "./verifiers.mjs";

const chosen = { seed: Number(process.env.SEED ?? 1), times: Number(process.env.TIMES ?? 1) };

/** What was found of one peer. A class is needed where it alone explains a difference. */
const emptyFindings = () => ({
  compared: 0,
  agreed: { accepted: 0, refused: 0 },
  explained: new Map(),
  needed: new Set(),
  unexplained: [],
  otherSubjects: [],
});

const shown = ({ name, ours, theirs }) =>
  `${name}: we ${ours.accepted ? "accept" : `refuse (${ours.reason})`}, they ${theirs.accepted ? "accept" : `refuse (${theirs.why})`}`;

function sort(findings, difference) {
  const { name, ours, theirs } = difference;
  findings.compared += 1;
  if (ours.accepted === theirs.accepted) {
    findings.agreed[ours.accepted ? "accepted" : "refused"] += 1;
    if (ours.accepted && ours.subject !== theirs.subject) findings.otherSubjects.push(name);
    return;
  }
  const classes = intended.filter((one) => explains(one, difference));
  if (classes.length === 0) findings.unexplained.push(shown(difference));
  if (classes.length === 1) findings.needed.add(classes[0].name);
  // Of several the first, so that each difference is counted once.
  for (const { name: first } of classes.slice(0, 1)) findings.explained.set(first, (findings.explained.get(first) ?? 0) + 1);
}

const made = new Map();
function verifiersOf(site) {
  if (!made.has(site)) {
    const known = peers.filter(({ knows }) => knows(site)).map(({ name, make }) => ({ name, verify: make(site) }));
    made.set(site, { ours: guard(imported)(site), known });
  }
  return made.get(site);
}

describe("beside other verifiers", () => {
  const found = new Map(peers.map(({ name }) => [name, emptyFindings()]));

  before(async () => {
    for (const { site, name, topics, text } of cases(chosen)) {
      const { ours, known } = verifiersOf(site);
      const verdict = await ours(text);
      for (const { name: peer, verify } of known) sort(found.get(peer), { peer, name, topics, ours: verdict, theirs: await verify(text) });
    }
    for (const [peer, { compared, explained, unexplained }] of found) {
      const deviations = intended
        .filter(({ name }) => explained.has(name))
        .map(({ name, why }) => ({ case: name, reason: why, count: explained.get(name) }));
      writeSummary(`differential_${peer}`, {
        suite: `differential: ${peer}`,
        cases: compared,
        passed: compared - unexplained.length,
        deviations,
      });
    }
  });

  for (const { name: peer } of peers) {
    test(`every_difference_from_${peer}_is_meant`, () => {
      const { unexplained, compared } = found.get(peer);
      assert.equal(unexplained.length, 0, `${unexplained.length} of ${compared}\n${unexplained.slice(0, 30).join("\n")}`);
    });

    test(`whom_both_we_and_${peer}_believe_has_one_subject`, () => {
      assert.deepEqual(found.get(peer).otherSubjects, []);
    });

    test(`${peer}_and_we_accept_and_refuse_much_alike`, () => {
      const { accepted, refused } = found.get(peer).agreed;
      assert.ok(accepted > 500 && refused > 1000, `${accepted} accepted, ${refused} refused`);
    });
  }

  test("each_class_explains_something", () => {
    const idle = intended.filter(({ name }) => ![...found].some(([, { needed }]) => needed.has(name)));
    assert.deepEqual(idle, []);
  });

  test("a_class_that_names_peers_explains_something_of_each", () => {
    const idle = intended.flatMap(({ name, peers: named = [] }) =>
      named.filter((peer) => !found.get(peer).needed.has(name)).map((peer) => `${name}: ${peer}`),
    );
    assert.deepEqual(idle, []);
  });

  test("every_row_of_tokens_is_there", () => {
    for (let row = 1; row <= 26; row += 1) assert.ok(rows.has(row), `row ${row}`);
  });

  test("a_difference_that_nobody_meant_is_found", () => {
    const findings = emptyFindings();
    const forged = {
      peer: "jose",
      name: "a forged token",
      topics: ["tampered"],
      ours: { accepted: true, reason: "permitted", subject: "root" },
      theirs: { accepted: false, why: "signature" },
    };
    sort(findings, forged);
    sort(findings, {
      ...forged,
      topics: ["duplicate member"],
      ours: { accepted: false, reason: "expired" },
      theirs: { accepted: true, subject: "root" },
    });
    sort(findings, { ...forged, theirs: { accepted: true, subject: "u1" } });
    assert.equal(findings.unexplained.length, 2);
    assert.deepEqual(findings.otherSubjects, ["a forged token"]);
  });
});
