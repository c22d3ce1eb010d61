// Trust documents with an `apiKeyStore`: where and why they do not load, and the neighbours that do.

import { apiKeyHash } from "../forge/api_key.mjs";
import { publicJwk } from "../forge/sign.mjs";
import { audience, issuer } from "../forge/token.mjs";

export const about = "Trust documents with a store of API keys that do not load: the path, the code.";

const policy = { policy: "api_key_store_documents", revision: 1 };
const base = { prefix: "wicket", idPrefix: "key:" };
const issued = { issuer, audience, jwks: { keys: [publicJwk("ed25519")] } };
const hash = apiKeyHash("any text");

const trustOf = (store, more) => ({ ...more, apiKeyStore: store });
const loads = (name, members = {}, more = {}) => ({ name, policy, trust: trustOf({ ...base, ...members }, more), error: null });
const fails = (name, members, path, code, more = {}) => ({ name, policy, trust: trustOf({ ...base, ...members }, more), error: { document: "trust", path: `apiKeyStore.${path}`, code } });
const isNo = (name, store) => ({ name, policy, trust: trustOf(store), error: { document: "trust", path: "apiKeyStore", code: "wrong_type" } });
const lacks = (name, member) => ({
  name,
  policy,
  trust: trustOf(Object.fromEntries(Object.entries(base).filter(([own]) => own !== member))),
  error: { document: "trust", path: `apiKeyStore.${member}`, code: "missing_member" },
});

export const documents = [
  loads("a_store_with_what_it_must_say_loads"),
  loads("a_store_with_all_that_it_may_say_loads", { asserts: { roles: ["a"], permissions: true, scopes: false }, maxAge: 60 }),
  isNo("a_store_that_is_true_does_not_load", true),
  isNo("a_store_that_is_null_does_not_load", null),
  isNo("a_store_that_is_a_list_does_not_load", [base]),
  fails("an_unknown_member_of_a_store_does_not_load", { onUnavailable: "allow" }, "onUnavailable", "unknown_member"),
  fails("a_member_of_a_store_in_another_case_does_not_load", { maxage: 0 }, "maxage", "unknown_member"),

  lacks("a_store_without_a_prefix_does_not_load", "prefix"),
  fails("a_prefix_that_is_empty_does_not_load", { prefix: "" }, "prefix", "bad_value"),
  fails("a_prefix_with_a_hyphen_does_not_load", { prefix: "a-b" }, "prefix", "bad_value"),
  fails("a_prefix_that_is_too_long_does_not_load", { prefix: "p".repeat(33) }, "prefix", "bad_value"),
  loads("a_prefix_that_is_as_long_as_may_be_loads", { prefix: "p".repeat(32) }),
  fails("a_prefix_that_is_null_does_not_load", { prefix: null }, "prefix", "wrong_type"),
  fails("a_prefix_that_a_listed_key_has_does_not_load", {}, "prefix", "duplicate", { apiKeys: [{ id: "ci", prefix: "wicket", hash }] }),
  loads("a_prefix_that_begins_that_of_a_listed_key_loads", {}, { apiKeys: [{ id: "ci", prefix: "wicket_ci", hash }] }),
  loads("a_prefix_that_begins_with_that_of_a_listed_key_loads", {}, { apiKeys: [{ id: "ci", prefix: "wick", hash }] }),
  loads("a_listed_key_without_a_prefix_beside_a_store_loads", {}, { apiKeys: [{ id: "ci", hash }] }),

  lacks("a_store_without_a_prefix_of_ids_does_not_load", "idPrefix"),
  fails("a_prefix_of_ids_that_is_empty_does_not_load", { idPrefix: "" }, "idPrefix", "bad_value"),
  fails("a_prefix_of_ids_that_is_no_ascii_does_not_load", { idPrefix: "kéy:" }, "idPrefix", "bad_value"),
  fails("a_prefix_of_ids_that_is_too_long_does_not_load", { idPrefix: "k".repeat(65) }, "idPrefix", "bad_value"),
  loads("a_prefix_of_ids_that_is_as_long_as_may_be_loads", { idPrefix: "k".repeat(64) }),
  fails("a_prefix_of_ids_that_is_a_number_does_not_load", { idPrefix: 1 }, "idPrefix", "wrong_type"),
  fails("a_prefix_of_ids_that_is_an_issuer_s_does_not_load", {}, "idPrefix", "duplicate", { issuers: [{ ...issued, idPrefix: "key:" }] }),
  fails("a_prefix_of_ids_that_begins_an_issuer_s_does_not_load", {}, "idPrefix", "duplicate", { issuers: [{ ...issued, idPrefix: "key:a" }] }),
  fails("a_prefix_of_ids_that_an_issuer_s_begins_does_not_load", {}, "idPrefix", "duplicate", { issuers: [{ ...issued, idPrefix: "k" }] }),
  loads("a_prefix_of_ids_beside_an_issuer_s_other_one_loads", {}, { issuers: [{ ...issued, idPrefix: "user:" }] }),
  loads("a_prefix_of_ids_beside_an_issuer_without_one_loads", {}, { issuers: [issued] }),
  fails("a_prefix_of_ids_that_begins_a_listed_id_does_not_load", {}, "idPrefix", "duplicate", { apiKeys: [{ id: "key:ci", hash }] }),
  loads("a_prefix_of_ids_that_a_listed_id_begins_loads", {}, { apiKeys: [{ id: "key", hash }] }),

  fails("asserts_that_are_true_do_not_load", { asserts: true }, "asserts", "wrong_type"),
  fails("asserts_of_what_nobody_knows_do_not_load", { asserts: { attributes: true } }, "asserts.attributes", "unknown_member"),
  fails("asserts_of_roles_that_are_one_text_do_not_load", { asserts: { roles: "a" } }, "asserts.roles", "wrong_type"),
  loads("asserts_of_nothing_load", { asserts: {} }),

  fails("an_age_below_nothing_does_not_load", { maxAge: -1 }, "maxAge", "bad_value"),
  loads("an_age_of_nothing_loads", { maxAge: 0 }),
  loads("an_age_of_an_hour_loads", { maxAge: 3600 }),
  fails("an_age_of_more_than_an_hour_does_not_load", { maxAge: 3601 }, "maxAge", "bad_value"),
  fails("an_age_with_a_fraction_does_not_load", { maxAge: 0.5 }, "maxAge", "bad_value"),
  fails("an_age_that_is_a_text_does_not_load", { maxAge: "60" }, "maxAge", "wrong_type"),
];
