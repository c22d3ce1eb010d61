//! The crate of this repository. Its cryptography is RustCrypto's.

use std::sync::Arc;

use portcullis::json::Object;
use portcullis::{AccessRequest, Guard, Outcome, Policy, Request, Subject, Trust, UnixTime};
use serde_json::{Value, json};

use crate::scenario::{
    AUDIENCE, Article, Asked, CONDITION, CONDITIONAL, GRANTS, ISSUER, OWNED, PARENTS, ROLE_QUESTIONS,
};
use crate::tokens::{SECRET, Signer, now};

/// A token, and a route that is open to whoever is somebody.
pub fn verifier(signer: &Signer) -> impl Fn(&str) -> bool {
    let guard = guard(signer, policy(0));
    move |authorization| is_allowed(&guard, ("GET", "/me"), authorization)
}

/// A token, and a route that wants a permission.
pub fn gate(signer: &Signer, method: &'static str) -> impl Fn(&str) -> bool {
    let guard = guard(signer, policy(0));
    move |authorization| is_allowed(&guard, (method, "/articles"), authorization)
}

fn is_allowed(guard: &Guard, (method, url): (&str, &str), authorization: &str) -> bool {
    let request = Request::new(method, url).header("authorization", authorization);
    matches!(guard.check(&request, clock()), Outcome::Allow(grant) if !grant.principal().id().is_empty())
}

pub fn roles(signer: &Signer) -> impl Fn(usize) -> bool {
    let (guard, subject) = asking(signer, 0);
    move |index| {
        let question = AccessRequest::new(Arc::clone(&subject), ROLE_QUESTIONS[index & 1]);
        guard.evaluate(&question, clock()).is_permit()
    }
}

/// The attributes are there already. `more` is how many roles and rules the policy has beside its own.
pub fn articles(signer: &Signer, asked: Asked, more: usize) -> impl Fn(usize) -> bool {
    let (guard, subject) = asking(signer, more);
    let attributes: Vec<Object> = asked.articles().iter().map(attributes).collect();
    move |index| {
        let question = AccessRequest::new(Arc::clone(&subject), asked.permission()).of(&attributes[index]);
        guard.evaluate(&question, clock()).is_permit()
    }
}

/// The attributes are made of the article for each question.
pub fn fresh_articles(signer: &Signer, asked: Asked) -> impl Fn(usize) -> bool {
    let (guard, subject) = asking(signer, 0);
    let articles = asked.articles();
    move |index| {
        let attributes = attributes(&articles[index]);
        let question = AccessRequest::new(Arc::clone(&subject), asked.permission()).of(&attributes);
        guard.evaluate(&question, clock()).is_permit()
    }
}

fn attributes(article: &Article) -> Object {
    let mut attributes = Object::new();
    attributes.set("author_id", article.author_id);
    attributes.set("status", article.status);
    attributes
}

/// A guard, and a subject that it has verified.
fn asking(signer: &Signer, more: usize) -> (Guard, Arc<Subject>) {
    let guard = guard(signer, policy(more));
    let header = signer.subjects();
    let outcome = guard.check(&Request::new("GET", "/me").header("authorization", &header), clock());
    let Outcome::Allow(grant) = outcome else { panic!("{outcome:?}") };
    (guard, Arc::clone(grant.principal().subject()))
}

/// The peers read the clock themselves.
fn clock() -> UnixTime {
    UnixTime::from_seconds(now().try_into().expect("a time to come soon"))
}

fn guard(signer: &Signer, policy: Value) -> Guard {
    let mut issuer = json!({ "issuer": ISSUER, "audience": AUDIENCE });
    match signer.algorithm {
        jsonwebtoken::Algorithm::HS256 => issuer["secret"] = SECRET.into(),
        _ => issuer["jwks"] = json!({ "keys": [signer.jwk] }),
    }
    let policy = Policy::parse(&policy.to_string()).expect("the policy");
    let trust = Trust::parse(&json!({ "issuers": [issuer] }).to_string()).expect("the trust");
    Guard::new(policy, trust).expect("the guard")
}

/// The policy of the scenario, and so many roles, with a conditional grant each, and rules that are about something else.
fn policy(more: usize) -> Value {
    let mut policy = json!({
        "policy": "bench",
        "revision": 1,
        "resources": {
            "article": {
                "actions": ["create", "read", "update", "publish", "delete"],
                "owner": "author_id",
                "attributes": { "author_id": "string", "status": "string" },
            },
            "comment": { "actions": ["create", "read", "delete"] },
            "user": { "actions": ["read", "ban"] },
        },
        "roles": {},
        "rules": [],
        "routes": [
            { "route": "GET /me", "allow": "authenticated" },
            { "route": "GET /articles", "permission": "article:read" },
            { "route": "DELETE /articles", "permission": "article:delete" },
        ],
    });
    for (role, permissions) in GRANTS {
        let mut permits: Vec<Value> = permissions.iter().map(|name| json!(name)).collect();
        if role == "editor" {
            permits.push(json!({ "permission": OWNED, "owner": true }));
            permits.push(json!({ "permission": CONDITIONAL, "when": CONDITION }));
        }
        let parents: Vec<&str> = PARENTS.iter().filter(|(own, _)| *own == role).map(|(_, parent)| *parent).collect();
        policy["roles"][role] = json!({ "inherits": parents, "permits": permits });
    }
    let rules = (0..more).map(|number| {
        let (kind, permission) = (format!("type{number}"), format!("type{number}:update"));
        policy["resources"][&kind] =
            json!({ "actions": ["update"], "attributes": { "owner": "string", "status": "string" } });
        policy["roles"][format!("role{number}")] =
            json!({ "permits": [{ "permission": permission, "when": "resource.owner == subject.id" }] });
        let when = "resource.status == 'archived'";
        json!({ "id": format!("rule{number}"), "effect": "deny", "permissions": [permission], "when": when })
    });
    policy["rules"] = rules.collect();
    policy
}
