// Conditions as cases. Each expression stands in a policy as the condition of a grant and as that of a
// deny rule, each on an action of its own; a case asks for one of the two:
//
// - `is`: true. The grant permits.
// - `isNot`: false. The deny rule does not fire, which an error would make it do.
// - `fails`: an error. The grant permits nothing, and the deny rule fires: two cases.
// - `isOpen`: unknown, because no instance is known. Both are conditional: two cases.

import { yes } from "./expect.mjs";
import { asked, conditional, conditionFailed, denied } from "./question.mjs";

const permit = (name) => ({ action: name, grant: true });
const deny = (name) => ({ action: `deny/${name}`, grant: false });

const known = (given) => ({ properties: {}, ...given });
const one = (name, question, given, expect) => ({ name, question, given, expect });

export const is = (name, source, given = {}) => ({ name, source, cases: [one(name, permit(name), known(given), () => yes())] });

export const isNot = (name, source, given = {}) => ({ name, source, cases: [one(name, deny(name), known(given), () => yes())] });

export const fails = (name, source, given = {}) => ({
  name,
  source,
  cases: [one(`${name}_and_permits_nothing`, permit(name), known(given), () => conditionFailed), one(`${name}_and_denies`, deny(name), known(given), () => denied(name))],
});

export const isOpen = (name, source, given = {}) => ({
  name,
  source,
  cases: [one(`${name}_to_a_grant`, permit(name), given, () => conditional), one(`${name}_to_a_deny_rule`, deny(name), given, () => conditional)],
});

/** True although no instance is known. */
export const isAnyway = (name, source, given = {}) => ({ name, source, cases: [one(name, permit(name), given, () => yes())] });

/** False although no instance is known. */
export const isNotAnyway = (name, source, given = {}) => ({
  name,
  source,
  cases: [one(`${name}_to_a_grant`, permit(name), given, () => conditionFailed), one(`${name}_to_a_deny_rule`, deny(name), given, () => yes())],
});

/** A policy that holds the expressions, with these sections beside them. */
export const policyOf = (policy, expressions, { attributes, ...sections }) => ({
  policy,
  revision: 1,
  resources: { thing: { actions: expressions.flatMap(({ name }) => [permit(name).action, deny(name).action]), attributes } },
  ...sections,
  roles: {
    base: {},
    reader: {
      inherits: ["base"],
      permits: expressions.flatMap(({ name, source }) => [{ permission: `thing:${permit(name).action}`, when: source }, `thing:${deny(name).action}`]),
    },
  },
  rules: expressions.map(({ name, source }) => ({ id: name, effect: "deny", permissions: [`thing:${deny(name).action}`], when: source })),
});

/** The cases of the expressions, asked by u1, a `reader`. */
export const casesOf = (config, expressions) =>
  expressions.flatMap(({ cases }) =>
    cases.map(({ name, question, given: { now, subject, ...given }, expect }) => ({
      name,
      config,
      now,
      ask: asked(`thing:${question.action}`, { subject: { roles: ["reader"], ...subject }, ...given }),
      expect: expect(),
    })),
  );
