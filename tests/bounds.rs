//! What a guard keeps is bounded, and so is what it has under way: at each bound, one more, and room again. Needs of
//! several requests are held open here, which no vector can say.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

use base64ct::{Base64UrlUnpadded, Encoding};
use ed25519_dalek::{Signer, SigningKey};
use portcullis::json::Object;
use portcullis::{
    Answer, Ask, Fetched, Grant, Guard, Need, Outcome, Policy, Request, RevocationError, Revoked, Supplied, Trust,
    UnixTime,
};

const START: i64 = 1_790_000_000;
const ISSUER: &str = "https://id.example";
const KEYS: &str = "https://id.example/jwks";
const POLICY: &str = r#"{ "policy": "bounds", "revision": 1,
    "resources": { "article": { "actions": ["read"], "owner": "author_id" } },
    "roles": { "author": { "permits": [{ "permission": "article:read", "owner": true }] } },
    "routes": [
        { "route": "GET /me", "allow": "authenticated" },
        { "route": "GET /articles/{id}", "permission": "article:read" }] }"#;

const FETCHED: &str = r#"{ "issuers": [{ "issuer": "https://id.example", "audience": "api",
    "jwksUri": "https://id.example/jwks" }] }"#;
const INTROSPECTED: &str = r#"{ "issuers": [{ "issuer": "https://id.example", "audience": "api",
    "introspection": { "endpoint": "https://id.example/introspect", "clientId": "api",
        "clientSecret": "TEST ONLY", "maxAge": 3600 } }] }"#;

const API_KEY: &str = "TEST-ONLY-0123456789-0123456789-0123456789";
const STORED: &str = r#"{ "issuers": [{ "issuer": "https://id.example", "audience": "api",
    "introspection": { "endpoint": "https://id.example/introspect", "clientId": "api", "clientSecret": "TEST ONLY" } }],
    "apiKeys": [{ "id": "ci", "hash": "sha256:DhomfmKQK7qRxBUmqqpxWzR7zYr1s4A2i8QpIte-ABQ" }],
    "revocation": { "source": "store" } }"#;

fn at(seconds: i64) -> UnixTime {
    UnixTime::from_seconds(START + seconds)
}

fn guard(trust: &str) -> Guard {
    let policy = Policy::parse(POLICY).expect("the policy");
    Guard::with_loaders(policy, Trust::parse(trust).expect("the trust document"), &["article"]).expect("a guard")
}

/// TEST ONLY: the one key that signs here.
fn signer() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

/// A token under that name of a key. It is good for ten days.
fn token(kid: &str) -> String {
    token_of("u1", kid)
}

fn token_of(subject: &str, kid: &str) -> String {
    let encoded = |text: String| Base64UrlUnpadded::encode_string(text.as_bytes());
    let header = encoded(format!(r#"{{"alg":"EdDSA","kid":"{kid}"}}"#));
    let end = START + 864_000;
    let claims = encoded(format!(r#"{{"iss":"{ISSUER}","aud":"api","sub":"{subject}","iat":{START},"exp":{end}}}"#));
    let input = format!("{header}.{claims}");
    let signature = signer().sign(input.as_bytes());
    format!("{input}.{}", Base64UrlUnpadded::encode_string(&signature.to_bytes()))
}

/// A set in which the key has these names.
fn set(kids: &[&str]) -> Fetched {
    let x = Base64UrlUnpadded::encode_string(signer().verifying_key().as_bytes());
    let keys: Vec<String> =
        kids.iter().map(|kid| format!(r#"{{"kty":"OKP","crv":"Ed25519","kid":"{kid}","x":"{x}"}}"#)).collect();
    Fetched::from(format!(r#"{{"keys":[{}]}}"#, keys.join(",")).into_bytes())
}

fn keys(kids: &[&str]) -> Answer {
    Answer::Keys(Some(set(kids)))
}

fn active(pad: usize) -> Answer {
    let body = format!(
        r#"{{"active":true,"aud":"api","sub":"u1","roles":["author"],"jti":"t1","pad":"{}"}}"#,
        "x".repeat(pad)
    );
    Answer::Introspection(Some(body.into_bytes()))
}

/// A request for what every user may have.
fn ask(guard: &Guard, token: &str, seconds: i64) -> Outcome {
    guard.check(&Request::new("GET", "/me").header("authorization", format!("Bearer {token}")), at(seconds))
}

fn need(outcome: Outcome) -> Need {
    match outcome {
        Outcome::Need(need) => need,
        other => panic!("the host is not asked: {other:?}"),
    }
}

fn grant(outcome: Outcome) -> Grant {
    match outcome {
        Outcome::Allow(grant) => grant,
        other => panic!("not allowed: {other:?}"),
    }
}

/// The status and the reason of a refusal.
fn refusal(outcome: &Outcome) -> (u16, &'static str) {
    match outcome {
        Outcome::Reject(refused) => (refused.rejection().status(), refused.event(None).reason),
        other => panic!("not refused: {other:?}"),
    }
}

const NO_KEYS: (u16, &str) = (503, "keys_unavailable");
const NO_ANSWER: (u16, &str) = (503, "introspection_unavailable");
const UNKNOWN: (u16, &str) = (401, "key_unknown");
const REVOKED: (u16, &str) = (401, "revoked");

/// A guard that fetched its keys at the start.
fn warm() -> Guard {
    let guard = guard(FETCHED);
    grant(guard.resume(need(ask(&guard, &token("a"), 0)), keys(&["a"])));
    guard
}

/// A guard that knows of so many kids, `k0` first, that its set lacks them: as many requests as may wait for a first
/// set, five seconds later as many again, and then all of them get theirs. The last fetch is ten seconds after the start.
fn without_kids(count: usize) -> Guard {
    let guard = guard(FETCHED);
    let kids: Vec<String> = (0..count).map(|number| format!("k{number}")).collect();
    let mut needs = Vec::new();
    for (wave, seconds) in kids.chunks(32).zip([0, 5, 10]) {
        needs.extend(wave.iter().map(|kid| need(ask(&guard, &token(kid), seconds))));
    }
    assert_eq!(needs.len(), count);
    for need in needs {
        assert_eq!(refusal(&guard.resume(need, keys(&["a"]))), UNKNOWN);
    }
    guard
}

#[test]
fn sixty_four_absent_kids_are_remembered() {
    let guard = without_kids(64);
    for kid in ["k0", "k1", "k31", "k32", "k63"] {
        assert_eq!(refusal(&ask(&guard, &token(kid), 40)), UNKNOWN, "{kid}");
    }
    need(ask(&guard, &token("another"), 40));
}

#[test]
fn the_sixty_fifth_absent_kid_pushes_the_oldest_out() {
    let guard = without_kids(65);
    for kid in ["k1", "k2", "k63", "k64"] {
        assert_eq!(refusal(&ask(&guard, &token(kid), 40)), UNKNOWN, "{kid}");
    }
    let again = need(ask(&guard, &token("k0"), 40));
    grant(guard.resume(again, keys(&["a", "k0"])));
}

#[test]
fn thirty_two_requests_wait_for_a_first_set_and_five_seconds_later_there_is_room_again() {
    let guard = guard(FETCHED);
    let token = token("a");
    let under_way: Vec<Need> = (0..32).map(|_| need(ask(&guard, &token, 0))).collect();
    for seconds in [0, 4] {
        assert_eq!(refusal(&ask(&guard, &token, seconds)), NO_KEYS, "after {seconds} s");
    }
    let first = need(ask(&guard, &token, 5));
    grant(guard.resume(first, keys(&["a"])));
    grant(ask(&guard, &token, 5));
    for need in under_way {
        grant(guard.resume(need, keys(&["a"])));
    }
}

#[test]
fn while_one_unknown_key_is_fetched_for_others_are_unavailable() {
    let guard = warm();
    let first = need(ask(&guard, &token("b"), 30));
    assert!(matches!(first.ask(), Ask::Keys { url: KEYS, stale: false }), "{first:?}");
    for (kid, seconds) in [("b", 30), ("c", 30), ("c", 34)] {
        assert_eq!(refusal(&ask(&guard, &token(kid), seconds)), NO_KEYS, "{kid} after {seconds} s");
    }
    grant(ask(&guard, &token("a"), 30));
    grant(guard.resume(first, keys(&["a", "b"])));
    grant(ask(&guard, &token("b"), 34));
    assert_eq!(refusal(&ask(&guard, &token("c"), 34)), UNKNOWN);
}

#[test]
fn a_fetch_for_an_unknown_key_that_nobody_came_back_from_is_forgotten_after_five_seconds() {
    let guard = warm();
    drop(need(ask(&guard, &token("b"), 30)));
    assert_eq!(refusal(&ask(&guard, &token("b"), 34)), NO_KEYS);
    grant(guard.resume(need(ask(&guard, &token("b"), 35)), keys(&["a", "b"])));
}

#[test]
fn while_a_stale_set_is_fetched_others_use_it() {
    let guard = warm();
    let other = token_of("u2", "a");
    let first = need(ask(&guard, &token("a"), 600));
    assert!(matches!(first.ask(), Ask::Keys { url: KEYS, stale: true }), "{first:?}");
    grant(ask(&guard, &other, 600));
    assert_eq!(refusal(&ask(&guard, &token("b"), 600)), NO_KEYS);
    grant(guard.resume(first, Answer::Later));
    grant(ask(&guard, &other, 604));
    assert_eq!(guard.supply_keys(KEYS, Some(&set(&["b"])), at(604)), Supplied::Done);
    assert_eq!(refusal(&ask(&guard, &other, 604)), UNKNOWN);
    grant(ask(&guard, &token("b"), 604));
}

#[test]
fn what_is_fetched_in_the_background_and_never_supplied_is_asked_for_again() {
    let guard = warm();
    grant(guard.resume(need(ask(&guard, &token("a"), 600)), Answer::Later));
    grant(ask(&guard, &token("a"), 604));
    let again = need(ask(&guard, &token("a"), 605));
    assert!(matches!(again.ask(), Ask::Keys { url: KEYS, stale: true }), "{again:?}");
}

/// Needs for as many opaque tokens, each another.
fn questions(guard: &Guard, count: usize, seconds: i64) -> Vec<Need> {
    (0..count).map(|number| need(ask(guard, &format!("t{number}-{seconds}"), seconds))).collect()
}

#[test]
fn thirty_two_questions_to_an_issuer_may_be_under_way_and_one_that_is_dropped_makes_room_at_once() {
    let guard = guard(INTROSPECTED);
    let mut under_way = questions(&guard, 32, 0);
    assert_eq!(refusal(&ask(&guard, "another", 0)), NO_ANSWER);
    assert_eq!(refusal(&ask(&guard, "another", 4)), NO_ANSWER);
    drop(under_way.pop());
    under_way.push(need(ask(&guard, "another", 0)));
    assert_eq!(refusal(&ask(&guard, "one-more", 0)), NO_ANSWER);
}

#[test]
fn a_question_that_was_refused_takes_no_room() {
    let guard = guard(INTROSPECTED);
    let mut under_way = questions(&guard, 32, 0);
    for _ in 0..100 {
        assert_eq!(refusal(&ask(&guard, "another", 0)), NO_ANSWER);
    }
    drop(under_way.pop());
    under_way.push(need(ask(&guard, "another", 0)));
    assert_eq!(refusal(&ask(&guard, "one-more", 0)), NO_ANSWER);
    drop(under_way);
    let under_way = questions(&guard, 32, 0);
    assert_eq!(refusal(&ask(&guard, "another", 0)), NO_ANSWER);
    drop(under_way);
}

#[test]
fn questions_that_are_answered_make_room() {
    let guard = guard(INTROSPECTED);
    let answers = [active(0), Answer::Introspection(None), Answer::Failed, Answer::Introspection(Some(b"{}".to_vec()))];
    for round in 0..4 {
        let under_way = questions(&guard, 32, round);
        assert_eq!(refusal(&ask(&guard, "another", round)), NO_ANSWER);
        for (need, answer) in under_way.into_iter().zip(answers.iter().cycle()) {
            drop(guard.resume(need, answer.clone()));
        }
    }
}

#[test]
fn questions_that_nobody_came_back_from_are_forgotten_after_five_seconds() {
    let guard = guard(INTROSPECTED);
    let lost = questions(&guard, 32, 0);
    let under_way = questions(&guard, 32, 5);
    assert_eq!(refusal(&ask(&guard, "another", 5)), NO_ANSWER);
    // Whoever comes back late makes no room that others have taken since.
    drop(lost);
    assert_eq!(refusal(&ask(&guard, "another", 5)), NO_ANSWER);
    drop(under_way);
    need(ask(&guard, "another", 5));
}

/// A request that is not remembered by its token alone, because a nonce comes with it, so that the kept answers show.
fn ask_anew(guard: &Guard, token: &str, seconds: i64) -> Outcome {
    let request = Request::new("GET", "/me").header("authorization", format!("Bearer {token}")).nonce("n");
    guard.check(&request, at(seconds))
}

/// A guard that was told of so many tokens, `t0` first.
fn told_of(count: usize) -> Guard {
    let guard = guard(INTROSPECTED);
    for number in 0..count {
        grant(guard.resume(need(ask_anew(&guard, &format!("t{number}"), 0)), active(0)));
    }
    guard
}

#[test]
fn five_hundred_and_twelve_answers_of_an_issuer_are_kept() {
    let guard = told_of(512);
    for token in ["t0", "t1", "t511"] {
        grant(ask_anew(&guard, token, 3599));
    }
    need(ask_anew(&guard, "t512", 3599));
}

#[test]
fn the_answer_behind_them_pushes_the_oldest_out() {
    let guard = told_of(513);
    for token in ["t1", "t2", "t512"] {
        grant(ask_anew(&guard, token, 0));
    }
    need(ask_anew(&guard, "t0", 0));
}

#[test]
fn an_answer_of_4096_bytes_is_kept_and_a_longer_one_is_not() {
    let Answer::Introspection(Some(empty)) = active(0) else { panic!("an answer") };
    let guard = guard(INTROSPECTED);
    for (token, size) in [("kept", 4096), ("long", 4097)] {
        grant(guard.resume(need(ask_anew(&guard, token, 0)), active(size - empty.len())));
    }
    grant(ask_anew(&guard, "kept", 0));
    need(ask_anew(&guard, "long", 0));
}

#[test]
fn a_hundred_thousand_facts_are_kept_and_there_is_room_when_they_have_ended() {
    let guard = guard(FETCHED);
    let name = |number: usize| guard.revocation_name(Revoked::Jti, Some(ISSUER), &number.to_string()).expect("a name");
    for number in 0..99_999 {
        assert_eq!(guard.revoke(&name(number), at(0), at(100), at(0)), Ok(()));
    }
    let (last, next) = (name(99_999), name(100_000));
    assert_eq!(guard.revoke(&last, at(0), at(200), at(0)), Ok(()));
    for seconds in [0, 99] {
        assert_eq!(guard.revoke(&next, at(0), at(300), at(seconds)), Err(RevocationError::Full), "after {seconds} s");
    }
    // One that is there already takes no more room.
    assert_eq!(guard.revoke(&last, at(1), at(200), at(0)), Ok(()));
    assert_eq!(guard.revoke("subject.x", at(0), at(300), at(0)), Err(RevocationError::Malformed));
    assert_eq!(guard.revoke(&next, at(0), at(300), at(100)), Ok(()));
}

#[test]
fn a_need_of_one_guard_is_none_for_another() {
    let (own, other) = (warm(), warm());
    let foreign = need(ask(&own, &token("b"), 30));
    assert_eq!(refusal(&other.resume(foreign, keys(&["b"]))), (503, "engine_failed"));
    grant(ask(&other, &token("a"), 30));
}

#[test]
fn a_need_for_a_resource_of_one_guard_is_none_for_another() {
    let (own, other) = (guard(INTROSPECTED), guard(INTROSPECTED));
    let request = Request::new("GET", "/articles/1").header("authorization", "Bearer opaque");
    let foreign = need(own.resume(need(own.check(&request, at(0))), active(0)));
    assert!(matches!(foreign.ask(), Ask::Resource { kind: "article", id: "1" }), "{foreign:?}");
    let mut attributes = Object::new();
    attributes.set("author_id", "u1");
    let resource = Answer::Resource(Some(attributes));
    assert_eq!(refusal(&other.resume(foreign, resource.clone())), (503, "engine_failed"));
    grant(own.resume(need(own.check(&request, at(0))), resource));
}

/// The name of a fact about the token that the issuer speaks of.
fn name_of_token(guard: &Guard) -> String {
    guard.revocation_name(Revoked::Jti, Some(ISSUER), "t1").expect("a name")
}

/// What a store answers that knows of nothing.
fn nothing_known(need: &Need) -> Answer {
    let Ask::Revocation { names } = need.ask() else { panic!("the store is not asked: {need:?}") };
    Answer::Revocation(vec![None; names.len()])
}

#[test]
fn what_is_pushed_while_the_store_is_asked_refuses_the_token() {
    let guard = guard(STORED);
    let waits = need(guard.resume(need(ask(&guard, "opaque", 0)), active(0)));
    assert_eq!(guard.revoke(&name_of_token(&guard), at(0), at(100), at(0)), Ok(()));
    let answer = nothing_known(&waits);
    assert_eq!(refusal(&guard.resume(waits, answer)), REVOKED);
}

#[test]
fn what_is_pushed_about_another_while_the_store_is_asked_refuses_nobody() {
    let guard = guard(STORED);
    let waits = need(guard.resume(need(ask(&guard, "opaque", 0)), active(0)));
    let other = guard.revocation_name(Revoked::Jti, Some(ISSUER), "t2").expect("a name");
    assert_eq!(guard.revoke(&other, at(0), at(100), at(0)), Ok(()));
    let answer = nothing_known(&waits);
    grant(guard.resume(waits, answer));
}

#[test]
fn what_is_pushed_while_the_store_is_asked_refuses_the_api_key() {
    let guard = guard(STORED);
    let waits = need(guard.check(&Request::new("GET", "/me").header("x-api-key", API_KEY), at(0)));
    let name = guard.revocation_name(Revoked::ApiKey, None, "ci").expect("a name");
    assert_eq!(guard.revoke(&name, at(0), at(100), at(0)), Ok(()));
    let answer = nothing_known(&waits);
    assert_eq!(refusal(&guard.resume(waits, answer)), (401, "api_key_revoked"));
}
