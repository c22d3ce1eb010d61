//! Tokens: what they say, their limits, and what the guard makes of them.
#![expect(clippy::indexing_slicing, clippy::panic, reason = "a test that cannot go on fails")]

use std::collections::HashSet;
use std::time::Duration;

use crate::chance::{Exhausted, Known};
use base64ct::{Base64UrlUnpadded, Encoding};
use portcullis::issuer::sign_in::{Levels, Method, SignIn};
use portcullis::issuer::signing_key::SigningKey;
use portcullis::issuer::token::{AccessToken, GuestToken, IdToken, IssueError, SignedBy, Token};
use portcullis::issuer::{Coded, SystemRandom};
use portcullis::json::Json;
use portcullis::{Algorithm, Guard, Kind, Outcome, Policy, Request, Trust, UnixTime};
use serde_json::{Value, json};

const NOW: UnixTime = UnixTime::from_seconds(1_790_000_000);
const ISSUER: &str = "https://id.example";

fn key() -> SigningKey {
    SigningKey::generate(Algorithm::EdDsa, &mut SystemRandom).unwrap()
}

fn access() -> AccessToken {
    AccessToken::new(ISSUER, "api", "web", "u1")
}

fn object(value: Value) -> portcullis::json::Object {
    Json::parse(value.to_string().as_bytes()).unwrap().as_object().unwrap().clone()
}

/// Header and claims.
fn parts(token: &Token) -> (Value, Value) {
    let mut parts =
        token.text().split('.').map(|part| serde_json::from_slice(&Base64UrlUnpadded::decode_vec(part).unwrap()).ok());
    (parts.next().flatten().unwrap(), parts.next().flatten().unwrap())
}

fn guard(key: &SigningKey, more: Value) -> Guard {
    let policy = r#"{ "policy": "p", "revision": 1,
        "permissions": ["read", "write"],
        "roles": { "visitor": { "permits": ["read"] }, "editor": { "permits": ["read", "write"] },
            "admin": { "permits": ["write"], "elevated": { "acr": ["aal2"], "maxAuthAge": 300 } } },
        "routes": [{ "route": "GET /me", "allow": "authenticated" }, { "route": "GET /", "permission": "read" },
            { "route": "PUT /", "permission": "write" }] }"#;
    let mut issuer = json!({ "issuer": ISSUER, "audience": "api", "profile": "access-token",
        "jwks": { "keys": [serde_json::from_str::<Value>(&key.public_jwk().unwrap().to_text()).unwrap()] } });
    for (name, value) in more.as_object().unwrap() {
        issuer[name] = value.clone();
    }
    let trust = Trust::parse(&json!({ "issuers": [issuer] }).to_string()).unwrap();
    Guard::new(Policy::parse(policy).unwrap(), trust).unwrap()
}

/// `allowed`, or the code of the refusal.
fn answer(guard: &Guard, method: &str, path: &str, token: &Token, now: UnixTime) -> String {
    let bearer = format!("Bearer {}", token.text());
    let request = Request::new(method, path).header("authorization", &bearer);
    match guard.check(&request, now) {
        Outcome::Allow(_) => "allowed".to_owned(),
        Outcome::Reject(refused) => refused.rejection().code().to_owned(),
        Outcome::Need(_) => panic!("nothing is asked here"),
    }
}

#[test]
fn an_access_token_says_what_rfc_9068_wants() {
    let key = key();
    let order = AccessToken {
        scope: vec!["read".to_owned(), "write".to_owned()],
        roles: vec!["editor".to_owned()],
        permissions: vec!["read".to_owned()],
        session: Some("s1".to_owned()),
        sign_in: Some(SignIn::new(&[Method::Password, Method::Otp], UnixTime::from_seconds(1_789_999_000))),
        claims: object(json!({ "tenant": "t1", "__proto__": { "a": [1, 2.5, null] } })),
        ..access()
    };
    let token = order.issue(&key, NOW, &mut SystemRandom).unwrap();
    let (header, claims) = parts(&token);
    assert_eq!(header, json!({ "typ": "at+jwt", "alg": "EdDSA", "kid": key.kid() }));
    assert_eq!(
        claims,
        json!({
            "iss": ISSUER, "aud": "api", "sub": "u1", "client_id": "web", "sid": "s1",
            "auth_time": 1_789_999_000, "acr": "aal2", "amr": ["pwd", "otp", "mfa"],
            "scope": "read write", "roles": ["editor"], "permissions": ["read"],
            "tenant": "t1", "__proto__": { "a": [1, 2.5, null] },
            "iat": NOW.seconds(), "exp": NOW.seconds() + 300, "jti": token.id(),
        })
    );
    assert_eq!(token.expires().seconds(), NOW.seconds() + 300);
}

#[test]
fn what_is_not_said_is_not_there() {
    let (_, claims) = parts(&access().issue(&key(), NOW, &mut SystemRandom).unwrap());
    let mut names: Vec<&String> = claims.as_object().unwrap().keys().collect();
    names.sort_unstable();
    assert_eq!(names, ["aud", "client_id", "exp", "iat", "iss", "jti", "sub"]);
}

#[test]
fn an_id_token_says_what_openid_connect_wants() {
    let key = key();
    let order = IdToken {
        nonce: Some("n-0S6_WzA2Mj".to_owned()),
        sign_in: Some(SignIn::new(&[Method::Password], NOW)),
        claims: object(json!({ "email": "ada@example.com" })),
        ..IdToken::new(ISSUER, "web", "u1")
    };
    let token = order.issue(&key, NOW, &mut SystemRandom).unwrap();
    let (header, claims) = parts(&token);
    assert_eq!(header["typ"], "JWT");
    assert_eq!(
        claims,
        json!({
            "iss": ISSUER, "aud": "web", "sub": "u1", "nonce": "n-0S6_WzA2Mj",
            "auth_time": NOW.seconds(), "acr": "aal1", "amr": ["pwd"], "email": "ada@example.com",
            "iat": NOW.seconds(), "exp": NOW.seconds() + 300, "jti": token.id(),
        })
    );
    let several = IdToken { audience: vec!["web".to_owned(), "api".to_owned()], ..IdToken::new(ISSUER, "", "u1") };
    let (_, claims) = parts(&several.issue(&key, NOW, &mut SystemRandom).unwrap());
    assert_eq!((&claims["aud"], &claims["azp"]), (&json!(["web", "api"]), &json!("web")));
}

/// OpenID Connect Core §A.4: the access token and its hash, by SHA-256.
#[test]
fn an_access_tokens_hash_is_that_of_openid_connect() {
    let access_token = Some("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y".to_owned());
    let order = IdToken { access_token, ..IdToken::new(ISSUER, "web", "u1") };
    let key = SigningKey::generate(Algorithm::Es256, &mut SystemRandom).unwrap();
    let (_, claims) = parts(&order.issue(&key, NOW, &mut SystemRandom).unwrap());
    assert_eq!(claims["at_hash"], "77QmUPtjPfzWtF2AnpK9RQ");
}

#[test]
fn the_guard_takes_it_until_it_ends() {
    let key = key();
    let guard = guard(&key, json!({ "leeway": 0 }));
    let order = AccessToken { roles: vec!["editor".to_owned()], ..access() };
    let token = order.issue(&key, NOW, &mut SystemRandom).unwrap();
    for (seconds, expected) in [(0, "allowed"), (299, "allowed"), (300, "invalid_token"), (-1, "invalid_token")] {
        let now = UnixTime::from_seconds(NOW.seconds() + seconds);
        assert_eq!(answer(&guard, "PUT", "/", &token, now), expected, "{seconds}");
    }
    let stranger = SigningKey::generate(Algorithm::EdDsa, &mut SystemRandom).unwrap();
    assert_ne!(answer(&guard, "PUT", "/", &order.issue(&stranger, NOW, &mut SystemRandom).unwrap(), NOW), "allowed");
    let elsewhere = AccessToken { audience: vec!["other".to_owned()], ..order }.issue(&key, NOW, &mut SystemRandom);
    assert_ne!(answer(&guard, "GET", "/me", &elsewhere.unwrap(), NOW), "allowed");
}

#[test]
fn an_id_token_opens_nothing() {
    let key = key();
    let token = IdToken::new(ISSUER, "api", "u1").issue(&key, NOW, &mut SystemRandom).unwrap();
    assert_ne!(answer(&guard(&key, json!({})), "GET", "/me", &token, NOW), "allowed");
    let clients = guard(&key, json!({ "profile": "id-token" }));
    assert_eq!(answer(&clients, "GET", "/me", &token, NOW), "allowed");
}

#[test]
fn how_somebody_signed_in_opens_an_elevated_role() {
    let key = key();
    let guard = guard(&key, json!({}));
    let put = |methods: &[Method], ago: i64| {
        let sign_in = Some(SignIn::new(methods, UnixTime::from_seconds(NOW.seconds() - ago)));
        let order = AccessToken { roles: vec!["admin".to_owned()], sign_in, ..access() };
        answer(&guard, "PUT", "/", &order.issue(&key, NOW, &mut SystemRandom).unwrap(), NOW)
    };
    assert_eq!(put(&[Method::Password, Method::Otp], 10), "allowed");
    assert_eq!(put(&[Method::Password, Method::RecoveryCode], 10), "allowed");
    assert_ne!(put(&[Method::Password], 10), "allowed");
    assert_ne!(put(&[Method::Password, Method::Otp], 301), "allowed");
}

#[test]
fn a_guest_is_a_guest_where_guests_are_known_and_nobody_elsewhere() {
    let key = key();
    let order = GuestToken { roles: vec!["visitor".to_owned()], ..GuestToken::new(ISSUER, "api", "web", "g1") };
    let token = order.issue(&key, NOW, &mut SystemRandom).unwrap();
    let (header, claims) = parts(&token);
    assert_eq!(header["typ"], "at+jwt");
    assert_eq!((&claims["guest"], claims.get("sub")), (&json!("g1"), None));
    let knows = guard(&key, json!({ "preset": "portcullis" }));
    assert_eq!(answer(&knows, "GET", "/", &token, NOW), "allowed", "by its role");
    assert_eq!(answer(&knows, "GET", "/me", &token, NOW), "authentication_required");
    let bearer = format!("Bearer {}", token.text());
    let request = Request::new("GET", "/").header("authorization", &bearer);
    let Outcome::Allow(grant) = knows.check(&request, NOW) else { panic!("it is allowed") };
    let subject = grant.principal().subject();
    assert_eq!((subject.kind, subject.id.as_str()), (Kind::Guest, "g1"));
    for profile in ["any", "access-token"] {
        let plain = guard(&key, json!({ "profile": profile }));
        assert_eq!(answer(&plain, "GET", "/", &token, NOW), "invalid_token", "{profile}");
    }
    // A user beside it stays a user.
    let user = AccessToken { roles: vec!["visitor".to_owned()], ..access() }.issue(&key, NOW, &mut SystemRandom);
    assert_eq!(answer(&knows, "GET", "/me", &user.unwrap(), NOW), "allowed");
}

#[test]
fn lifetimes_are_bounded() {
    let seconds = Duration::from_secs;
    let key = key();
    for (lifetime, access_lives, guest_lives) in [
        (Duration::ZERO, false, false),
        (Duration::from_millis(999), false, false),
        (seconds(1), true, true),
        (seconds(3600), true, true),
        (Duration::from_millis(3_600_001), false, true),
        (seconds(86_400), false, true),
        (seconds(86_401), false, false),
        (Duration::MAX, false, false),
    ] {
        let guest = GuestToken { lifetime, ..GuestToken::new(ISSUER, "api", "web", "g1") };
        let id = IdToken { lifetime, ..IdToken::new(ISSUER, "web", "u1") };
        let access = AccessToken { lifetime, ..access() }.issue(&key, NOW, &mut SystemRandom);
        assert_eq!(access.is_ok(), access_lives, "{lifetime:?}");
        assert_eq!(id.issue(&key, NOW, &mut SystemRandom).is_ok(), access_lives, "{lifetime:?}");
        let guest = guest.issue(&key, NOW, &mut SystemRandom);
        assert_eq!(
            guest.as_ref().map_or_else(Coded::code, |_| "lives"),
            if guest_lives { "lives" } else { "lifetime" }
        );
    }
}

#[test]
fn no_claim_stands_twice() {
    for name in [
        "iss",
        "sub",
        "aud",
        "exp",
        "nbf",
        "iat",
        "jti",
        "client_id",
        "azp",
        "auth_time",
        "acr",
        "amr",
        "nonce",
        "at_hash",
        "sid",
        "scope",
        "scp",
        "roles",
        "permissions",
        "guest",
    ] {
        let claims = object(json!({ name: "x" }));
        let refused = IssueError::Registered { claim: name.to_owned() };
        let orders = [
            AccessToken { claims: claims.clone(), ..access() }.issue(&key(), NOW, &mut SystemRandom),
            IdToken { claims: claims.clone(), ..IdToken::new(ISSUER, "web", "u1") }.issue(
                &key(),
                NOW,
                &mut SystemRandom,
            ),
            GuestToken { claims, ..GuestToken::new(ISSUER, "api", "web", "g1") }.issue(&key(), NOW, &mut SystemRandom),
        ];
        for order in orders {
            assert_eq!(order.unwrap_err(), refused);
        }
    }
}

#[test]
fn only_the_client_itself_has_its_name() {
    let key = key();
    let own = AccessToken { subject: "web".to_owned(), ..access() };
    let sign_in = Some(SignIn::new(&[Method::Password], NOW));
    for person in [
        AccessToken { sign_in: sign_in.clone(), ..own.clone() },
        AccessToken { session: Some("s1".to_owned()), ..own.clone() },
    ] {
        assert_eq!(person.issue(&key, NOW, &mut SystemRandom).map(|_| ()), Err(IssueError::SubjectIsClient));
    }
    let token = own.issue(&key, NOW, &mut SystemRandom).unwrap();
    let bearer = format!("Bearer {}", token.text());
    let guard = guard(&key, json!({}));
    let Outcome::Allow(grant) = guard.check(&Request::new("GET", "/me").header("authorization", &bearer), NOW) else {
        panic!("a client is authenticated");
    };
    assert_eq!(grant.principal().kind(), Kind::Service);
    let named = AccessToken { client: "app".to_owned(), sign_in, ..own };
    assert!(named.issue(&key, NOW, &mut SystemRandom).is_ok());
}

#[test]
fn texts_have_limits() {
    let texts = |bytes: usize| "a".repeat(bytes);
    let code =
        |order: AccessToken| order.issue(&key(), NOW, &mut SystemRandom).map_or_else(|error| error.code(), |_| "made");
    for (order, expected) in [
        (AccessToken { issuer: String::new(), ..access() }, "claim_text"),
        (AccessToken { issuer: texts(1025), ..access() }, "claim_text"),
        (AccessToken { subject: String::new(), ..access() }, "claim_text"),
        (AccessToken { subject: texts(256), ..access() }, "claim_text"),
        (AccessToken { client: String::new(), ..access() }, "claim_text"),
        (AccessToken { session: Some(String::new()), ..access() }, "claim_text"),
        (AccessToken { roles: vec![String::new()], ..access() }, "claim_text"),
        (AccessToken { audience: Vec::new(), ..access() }, "audience"),
        (AccessToken { audience: vec![texts(1); 17], ..access() }, "audience"),
        (AccessToken { audience: vec![String::new()], ..access() }, "claim_text"),
        (AccessToken { scope: vec!["a b".to_owned()], ..access() }, "scope"),
        (AccessToken { scope: vec![String::new()], ..access() }, "scope"),
        (AccessToken { sign_in: Some(SignIn::new(&[], NOW)), ..access() }, "sign_in"),
        (AccessToken { roles: vec![texts(255); 64], ..access() }, "token_too_large"),
        (AccessToken { claims: object(json!({ "x": texts(12_200) })), ..access() }, "token_too_large"),
        (AccessToken { subject: "ü\u{0}\"\\".to_owned(), ..access() }, "made"),
    ] {
        assert_eq!(code(order), expected);
    }
    let levels = Levels { single: String::new(), multi: "m".to_owned() };
    let sign_in = Some(SignIn::new(&[Method::Password], NOW));
    assert_eq!(code(AccessToken { levels, sign_in, ..access() }), "claim_text");
}

#[test]
fn ids_are_random_and_wanted() {
    let key = key();
    let ids: HashSet<String> =
        (0..200).map(|_| access().issue(&key, NOW, &mut SystemRandom).unwrap().id().to_owned()).collect();
    assert_eq!(ids.len(), 200);
    assert_eq!(access().issue(&key, NOW, &mut Known::of(&[0])).unwrap().id(), "AAAAAAAAAAAAAAAAAAAAAA");
    assert_eq!(access().issue(&key, NOW, &mut Exhausted).unwrap_err().code(), "random_unavailable");
}

#[test]
fn a_signature_of_another_length_is_none() {
    let prepared = |algorithm| {
        let by = SignedBy { algorithm, kid: Some("k") };
        access().prepare(by, NOW, &mut SystemRandom).unwrap()
    };
    for (algorithm, bytes, fits) in [
        (Algorithm::Es256, 64, true),
        // In DER.
        (Algorithm::Es256, 70, false),
        (Algorithm::Es512, 132, true),
        (Algorithm::EdDsa, 0, false),
        (Algorithm::Hs256, 64, false),
        (Algorithm::Rs256, 128, false),
        (Algorithm::Rs256, 256, true),
        (Algorithm::Rs256, 1024, true),
        (Algorithm::Rs256, 1025, false),
    ] {
        let joined = prepared(algorithm).with_signature(&vec![7; bytes]);
        assert_eq!(joined.is_ok(), fits, "{} {bytes}", algorithm.name());
    }
}

#[test]
fn nothing_shows_a_token() {
    let token = access().issue(&key(), NOW, &mut SystemRandom).unwrap();
    assert!(!format!("{token:?}").contains(token.text()));
}

#[test]
fn a_policy_says_what_roles_permit_without_any_condition() {
    let policy = Policy::parse(
        r#"{ "policy": "p", "revision": 1,
        "resources": { "article": { "actions": ["read", "update", "delete"], "owner": "author",
            "attributes": { "author": "string", "draft": "bool" } } },
        "permissions": ["users", "audit"],
        "exclusive": [["payer", "payee"]],
        "roles": {
            "reader": { "permits": ["article:read"] },
            "author": { "inherits": ["reader"], "permits": [{ "permission": "article:update", "owner": true },
                { "permission": "article:delete", "when": "resource.draft" }] },
            "chief": { "inherits": ["author"], "permits": ["article:update"] },
            "admin": { "inherits": ["reader"], "permits": ["users"], "elevated": { "acr": ["aal2"] } },
            "payer": { "permits": ["audit"] }, "payee": { "permits": ["users"] } } }"#,
    )
    .unwrap();
    for (roles, expected) in [
        (&[][..], &[][..]),
        (&["reader"], &["article:read"]),
        // What is theirs alone, or on a condition, is not everything.
        (&["author"], &["article:read"]),
        (&["chief"], &["article:read", "article:update"]),
        // An elevated role is nothing that a token could say once and for all.
        (&["admin"], &["article:read"]),
        (&["payer"], &["audit"]),
        (&["payer", "payee", "reader"], &["article:read"]),
        (&["nobody", "reader", "reader"], &["article:read"]),
    ] {
        let roles: Vec<String> = roles.iter().map(|role| (*role).to_owned()).collect();
        assert_eq!(policy.plain_permissions(&roles), expected, "{roles:?}");
    }
}
