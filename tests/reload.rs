//! A policy is replaced while its guard answers: at once, only by a later revision, and nothing that was decided before is
//! given again.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

#[cfg(feature = "full")]
use portcullis::Revoked;
use portcullis::json::Object;
use portcullis::{
    AccessRequest, Answer, Ask, DecisionEvent, Guard, Instance, Need, Outcome, Policy, Request, Subject, Trust,
    UnixTime,
};

const API_KEY: &str = "TEST-ONLY-0123456789-0123456789-0123456789";
const TRUST: &str = r#"{ "apiKeys": [{ "id": "u1", "roles": ["author"],
    "hash": "sha256:DhomfmKQK7qRxBUmqqpxWzR7zYr1s4A2i8QpIte-ABQ" }] }"#;
const SIGNED: &str = r#"{ "issuers": [{ "issuer": "https://id.example", "audience": "api",
    "secret": "TEST ONLY: at least 32 bytes long" }] }"#;
/// Of u1, an author, until 1790003600.
const TOKEN: &str = concat!(
    "Bearer ",
    "eyJhbGciOiJIUzI1NiJ9.",
    "eyJpc3MiOiJodHRwczovL2lkLmV4YW1wbGUiLCJhdWQiOiJhcGkiLCJzdWIiOiJ1MSIsImlhdCI6MTc4OTk5OTAwMC",
    "wiZXhwIjoxNzkwMDAzNjAwLCJyb2xlcyI6WyJhdXRob3IiXX0.",
    "bH_iAsl7T8qNSdoMwOxcanteN6eAB9Ia3Pt3XfIJhZY"
);
#[cfg(feature = "full")]
const OPAQUE: &str = r#"{ "issuers": [{ "issuer": "https://id.example", "audience": "api", "introspection":
    { "endpoint": "https://id.example/introspect", "clientId": "api", "clientSecret": "TEST ONLY" } }] }"#;
#[cfg(feature = "full")]
const ANSWER: &str = r#"{ "active": true, "sub": "u1", "aud": "api", "iss": "https://id.example",
    "iat": 1789999000, "jti": "t1", "roles": ["author"] }"#;

/// A revision whose authors may do what `permits` says, on routes that want an update.
fn policy(revision: i64, permits: &str) -> Policy {
    let text = format!(
        r#"{{ "policy": "site", "revision": {revision},
            "resources": {{ "article": {{ "actions": ["read", "update"], "owner": "author_id",
                "attributes": {{ "author_id": "string", "locked": "bool" }} }},
                "note": {{ "actions": ["update"], "owner": "author_id" }} }},
            "roles": {{ "author": {{ "permits": [{permits}] }} }},
            "rules": [{{ "id": "locked", "effect": "deny", "permissions": ["article:update"],
                "when": "has(resource.locked) && resource.locked && {revision} > 1" }}],
            "routes": [{{ "route": "PUT /articles/{{id}}", "permission": "article:update" }},
                {{ "route": "GET /articles", "permission": "article:read" }}] }}"#
    );
    Policy::parse(&text).expect("a policy")
}

const OWN: &str = r#"{ "permission": "article:update", "owner": true }"#;

fn now() -> UnixTime {
    UnixTime::from_seconds(1_790_000_000)
}

fn guard(policy: Policy, trust: &str) -> Guard {
    Guard::with_loaders(policy, Trust::parse(trust).expect("a trust"), &["article"]).expect("a guard")
}

fn read_articles() -> Request<'static> {
    Request::new("GET", "/articles").header("x-api-key", API_KEY)
}

fn update_article() -> Request<'static> {
    Request::new("PUT", "/articles/7").header("x-api-key", API_KEY)
}

fn need(outcome: Outcome) -> Need {
    let Outcome::Need(need) = outcome else { panic!("{outcome:?}") };
    need
}

fn article(locked: bool) -> Answer {
    let mut article = Object::new();
    article.set("author_id", "u1");
    article.set("locked", locked);
    Answer::Resource(Some(article))
}

fn event(outcome: &Outcome) -> DecisionEvent {
    match outcome {
        Outcome::Allow(grant) => grant.event(None),
        Outcome::Reject(refused) => refused.event(None),
        Outcome::Need(need) => panic!("{need:?}"),
    }
}

/// The reason, and the revision that decided.
fn decided(outcome: &Outcome) -> (&'static str, i64) {
    let event = event(outcome);
    (event.reason, event.policy.revision)
}

#[test]
fn the_next_request_is_decided_by_the_new_policy() {
    let guard = guard(policy(1, r#""article:read""#), TRUST);
    let before = guard.check(&read_articles(), now());
    guard.replace_policy(policy(2, OWN)).expect("a later revision");
    assert_eq!(decided(&guard.check(&read_articles(), now())), ("permission_missing", 2));
    // An event names the policy that decided, also when it is told later.
    assert_eq!(decided(&before), ("permitted", 1));
}

#[test]
fn a_token_that_was_verified_before_stands_under_the_new_policy() {
    let guard = guard(policy(1, r#""article:read""#), SIGNED);
    let request = Request::new("GET", "/articles").header("authorization", TOKEN);
    for (revision, permits, reason) in
        [(1, r#""article:read""#, "permitted"), (2, OWN, "permission_missing"), (3, r#""article:read""#, "permitted")]
    {
        guard.replace_policy(policy(revision, permits)).expect("this revision, or a later one");
        // Twice: the second time it is known.
        for _ in 0..2 {
            assert_eq!(decided(&guard.check(&request, now())), (reason, revision));
        }
    }
}

/// A number of a role, of before, would be that of another role.
#[test]
fn a_token_that_was_verified_before_has_no_role_of_another_name() {
    let guard = guard(policy(1, r#""article:read""#), SIGNED);
    let request = Request::new("GET", "/articles").header("authorization", TOKEN);
    assert_eq!(decided(&guard.check(&request, now())), ("permitted", 1));
    let text = r#"{ "policy": "site", "revision": 2, "resources": { "article": { "actions": ["read"] } },
        "roles": { "admin": { "permits": ["article:read"] }, "author": {} },
        "routes": [{ "route": "GET /articles", "permission": "article:read" }] }"#;
    guard.replace_policy(Policy::parse(text).expect("a policy")).expect("a later revision");
    assert_eq!(decided(&guard.check(&request, now())), ("permission_missing", 2));
}

#[cfg(feature = "full")]
#[test]
fn what_an_issuer_said_of_a_token_counts_under_the_new_policy() {
    let guard = guard(policy(1, r#""article:read""#), OPAQUE);
    let request = Request::new("GET", "/articles").header("authorization", "Bearer opaque");
    let asked = need(guard.check(&request, now()));
    let answer = Answer::Introspection(Some(ANSWER.as_bytes().to_vec()));
    assert_eq!(decided(&guard.resume(asked, answer)), ("permitted", 1));
    guard.replace_policy(policy(2, OWN)).expect("a later revision");
    // The issuer is not asked again: what it said of the token counts on.
    assert_eq!(decided(&guard.check(&request, now())), ("permission_missing", 2));
    guard.replace_policy(policy(3, r#""article:read""#)).expect("a later revision");
    assert_eq!(decided(&guard.check(&request, now())), ("permitted", 3));
}

#[test]
fn questions_are_answered_by_the_new_policy() {
    let guard = guard(policy(1, r#""article:read""#), TRUST);
    let question = AccessRequest::new(Subject::user("u1").with_roles(["author"]), "article:read");
    assert!(guard.evaluate(&question, now()).is_permit());
    guard.replace_policy(policy(2, OWN)).expect("a later revision");
    assert_eq!(guard.evaluate(&question, now()).reason(), "permission_missing");
    let (decision, explanation) = guard.explain(&question, now());
    assert_eq!((decision.reason(), explanation.grant), ("permission_missing", None));
}

#[test]
fn only_a_later_revision_of_the_same_policy_comes_in_its_place() {
    let guard = guard(policy(5, OWN), TRUST);
    let in_force = guard.policy();
    let other = policy(5, r#""article:read""#);
    let renamed =
        Policy::parse(r#"{ "policy": "other", "revision": 6, "resources": { "article": { "actions": ["read"] } } }"#)
            .expect("a policy");
    for (refused, path, code) in [
        (policy(4, OWN), "revision", "revision_not_newer"),
        (other, "revision", "revision_not_newer"),
        (renamed, "policy", "bad_value"),
    ] {
        let error = guard.replace_policy(refused).expect_err("refused");
        assert_eq!((error.document.name(), error.path.as_str(), error.code()), ("policy", path, code));
        assert!(Arc::ptr_eq(&in_force, &guard.policy()));
    }
    // The same once more changes nothing, and is no mistake.
    guard.replace_policy(policy(5, OWN)).expect("the same");
    assert!(Arc::ptr_eq(&in_force, &guard.policy()));
}

#[test]
fn loaders_are_asked_for_as_in_the_constructor() {
    let wants_note = |revision| {
        let text = format!(
            r#"{{ "policy": "site", "revision": {revision},
                "resources": {{ "article": {{ "actions": ["read"] }}, "note": {{ "actions": ["update"], "owner": "by" }} }},
                "roles": {{ "author": {{ "permits": [{{ "permission": "note:update", "owner": true }}] }} }},
                "routes": [{{ "route": "PUT /notes/{{id}}", "permission": "note:update" }}] }}"#
        );
        Policy::parse(&text).expect("a policy")
    };
    let without_article = || Policy::parse(r#"{ "policy": "site", "revision": 2 }"#).expect("a policy");
    let served = guard(policy(1, OWN), TRUST);
    let code = |refused| served.replace_policy(refused).map_err(|error| (error.path.clone(), error.code()));
    assert_eq!(code(wants_note(2)), Err(("routes[0].permission".to_owned(), "loader_missing")));
    assert_eq!(code(without_article()), Err(("resources.article".to_owned(), "unknown_resource_type")));
    assert_eq!(served.policy().revision(), 1);
    // A decision point loads nothing, whatever the policy.
    let point = Guard::decision_point(policy(1, OWN));
    point.replace_policy(wants_note(2)).expect("a later revision");
    assert_eq!(point.policy().revision(), 2);
}

#[test]
fn a_request_that_waits_for_its_resource_is_matched_and_loaded_again() {
    let guard = guard(policy(1, OWN), TRUST);
    let waits = || need(guard.check(&update_article(), now()));
    let [unlocked, locked, gone] = [waits(), waits(), waits()];
    guard.replace_policy(policy(2, OWN)).expect("a later revision");
    // What was loaded may lack what the new policy reads, so it does not count.
    for (waiting, is_locked, reason) in [(unlocked, false, "permitted"), (locked, true, "denied_by_rule")] {
        let again = need(guard.resume(waiting, article(false)));
        assert!(matches!(again.ask(), Ask::Resource { kind: "article", id: "7" }));
        assert_eq!(decided(&guard.resume(again, article(is_locked))), (reason, 2));
    }
    guard
        .replace_policy(
            Policy::parse(
                r#"{ "policy": "site", "revision": 3, "resources": { "article": { "actions": ["read"] } } }"#,
            )
            .expect("a policy"),
        )
        .expect("a later revision");
    let outcome = guard.resume(gone, article(false));
    assert_eq!((decided(&outcome), event(&outcome).route), (("route_undeclared", 3), None));
}

/// The resource is loaded again; but whoever was taken back meanwhile is refused before.
#[cfg(feature = "full")]
#[test]
fn whoever_was_taken_back_is_not_admitted_under_the_new_policy() {
    let guard = guard(policy(1, OWN), TRUST);
    let waiting = need(guard.check(&update_article(), now()));
    guard.replace_policy(policy(2, r#""article:update""#)).expect("a later revision");
    let name = guard.revocation_name(Revoked::ApiKey, None, "u1").expect("a name");
    guard.revoke(&name, now(), UnixTime::from_seconds(1_790_003_600), now()).expect("there is room");
    assert_eq!(decided(&guard.resume(waiting, article(false))), ("api_key_revoked", 2));
}

#[cfg(feature = "full")]
#[test]
fn a_request_that_waits_for_its_issuer_is_decided_by_the_new_policy() {
    let guard = guard(policy(1, r#""article:read""#), OPAQUE);
    let request = Request::new("GET", "/articles").header("authorization", "Bearer opaque");
    let waiting = need(guard.check(&request, now()));
    guard.replace_policy(policy(2, OWN)).expect("a later revision");
    let outcome = guard.resume(waiting, Answer::Introspection(Some(ANSWER.as_bytes().to_vec())));
    assert_eq!(decided(&outcome), ("permission_missing", 2));
    assert_eq!(event(&outcome).subject.map(|subject| subject.roles), Some(vec!["author".to_owned()]));
}

/// Readers while policies are replaced: each decision is one that its own policy gives.
#[test]
fn threads_never_see_half_a_policy() {
    let odd = |revision: i64| revision % 2 == 1;
    let of = |revision| policy(revision, if odd(revision) { r#""article:read""# } else { OWN });
    let guard = guard(of(1), TRUST);
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !is_over.load(Ordering::Relaxed) {
                    let (reason, revision) = decided(&guard.check(&read_articles(), now()));
                    assert_eq!(reason == "permitted", odd(revision), "revision {revision}: {reason}");
                    let question = AccessRequest {
                        resource: Instance::Unknown,
                        ..AccessRequest::new(Subject::user("u1").with_roles(["author"]), "article:read")
                    };
                    let (decision, explanation) = guard.explain(&question, now());
                    assert_eq!(decision.is_permit(), explanation.grant.is_some());
                }
            });
        }
        for revision in 2..200 {
            guard.replace_policy(of(revision)).expect("a later revision");
        }
        is_over.store(true, Ordering::Relaxed);
    });
}
