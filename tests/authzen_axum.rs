//! The example's decision point: what axum adds to the answers of the core.
#![cfg(feature = "tower")]
#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

#[path = "../examples/authzen/decision_point.rs"]
mod decision_point;

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, Response, StatusCode, header, request::Builder};
use portcullis::authzen::{Directory, MAX_BODY_BYTES};
use portcullis::{Guard, Policy, Trust};
use serde_json::{Value, json};
use tower::ServiceExt;

const API_KEY: &str = "TEST-ONLY-0123456789-0123456789-0123456789";
const BASE_URL: &str = "https://pdp.example";

fn app() -> axum::Router {
    let policy = Policy::parse(include_str!("../examples/authzen/policy.json")).expect("the policy loads");
    let trust = Trust::parse(include_str!("../examples/authzen/trust.json")).expect("the trust document loads");
    let guard = Guard::new(policy, trust).expect("a guard");
    let directory = Directory::parse(include_str!("../examples/authzen/directory.json")).expect("the directory loads");
    decision_point::decision_point(Arc::new(guard), directory, BASE_URL.to_owned())
}

async fn sent(request: Builder, body: impl Into<Body>) -> Response<Body> {
    app().oneshot(request.body(body.into()).expect("a request")).await.expect("an answer")
}

fn post(path: &str) -> Builder {
    Request::post(path).header("x-api-key", API_KEY).header(header::CONTENT_TYPE, "application/json")
}

async fn json_of(response: Response<Body>) -> Value {
    let body = axum::body::to_bytes(response.into_body(), 1 << 20).await.expect("a body");
    serde_json::from_slice(&body).expect("JSON")
}

fn question(user: &str, action: &str) -> String {
    let question = json!({
        "subject": { "type": "user", "id": user },
        "action": { "name": action },
        "resource": { "type": "record", "id": "1" },
    });
    question.to_string()
}

#[tokio::test]
async fn a_decision_is_a_200_that_nobody_stores() {
    for (user, decision) in [("alice", true), ("bob", false)] {
        let response = sent(post("/access/v1/evaluation"), question(user, "write")).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers().get(header::CONTENT_TYPE).expect("a type"), "application/json");
        assert_eq!(response.headers().get(header::CACHE_CONTROL).expect("a directive"), "no-store");
        assert_eq!(json_of(response).await.get("decision"), Some(&json!(decision)));
    }
}

#[tokio::test]
async fn the_request_id_comes_back_whatever_the_answer() {
    let known = post("/access/v1/evaluation").header("x-request-id", "bfe9eb29");
    let unknown = Request::post("/access/v1/evaluation").header("x-request-id", "bfe9eb29");
    for (request, status) in [(known, StatusCode::OK), (unknown, StatusCode::UNAUTHORIZED)] {
        let response = sent(request, question("alice", "read")).await;
        assert_eq!(response.status(), status);
        assert_eq!(response.headers().get("x-request-id").expect("the id"), "bfe9eb29");
    }
    assert_eq!(sent(post("/access/v1/evaluation"), "{}").await.headers().get("x-request-id"), None);
}

#[tokio::test]
async fn a_request_that_is_none_gets_a_sentence() {
    let response = sent(post("/access/v1/evaluation"), "{}").await;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    assert_eq!(json_of(response).await, json!("subject is missing"));
    let response = sent(post("/access/v1/evaluations"), vec![b' '; MAX_BODY_BYTES + 1]).await;
    assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(json_of(response).await, json!("the body is longer than 262144 bytes"));
}

#[tokio::test]
async fn the_metadata_is_for_everybody() {
    let response = sent(Request::get("/.well-known/authzen-configuration"), Body::empty()).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(json_of(response).await.get("policy_decision_point"), Some(&json!(BASE_URL)));
}
