//! API keys that an axum host looks up.
#![cfg(feature = "tower")]

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::routing::get;
use portcullis::json::Object;
use portcullis::tower::{GuardLayer, LoadError};
use portcullis::{Guard, Policy, Principal, Trust};
use tower::ServiceExt;

const POLICY: &str =
    r#"{ "policy": "stored", "revision": 1, "routes": [{ "route": "GET /me", "allow": "authenticated" }] }"#;
const TRUST: &str = r#"{ "apiKeyStore": { "prefix": "wicket", "idPrefix": "key:" } }"#;
/// TEST ONLY, with its checksum and its hash.
const KEY: &str = "wicket_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA3mYHeB";
const HASH: &str = "sha256:rj5X-IEzufs3MtKv-c2DAoc1Do_jXIlmx3cqTGpb4MM";

type Failure = Box<dyn std::error::Error>;

fn guard() -> Result<Arc<Guard>, Failure> {
    Ok(Arc::new(Guard::new(Policy::parse(POLICY)?, Trust::parse(TRUST)?)?))
}

/// Status and body of a request with that key.
async fn answer(layer: GuardLayer, key: &str) -> Result<(StatusCode, String), Failure> {
    let app =
        Router::new().route("/me", get(|principal: Principal| async move { principal.id().to_owned() })).layer(layer);
    let response = app.oneshot(Request::get("/me").header("x-api-key", key).body(Body::empty())?).await?;
    let status = response.status();
    Ok((status, String::from_utf8(axum::body::to_bytes(response.into_body(), 1 << 16).await?.to_vec())?))
}

#[tokio::test]
async fn the_host_says_whose_the_key_is() -> Result<(), Failure> {
    let known = |hash: String| async move {
        let mut entry = Object::new();
        entry.set("id", "k1");
        Ok((hash == HASH).then_some(entry))
    };
    let layer = || Ok::<_, Failure>(GuardLayer::builder(guard()?).api_keys(known).build());
    assert_eq!(answer(layer()?, KEY).await?, (StatusCode::OK, "key:k1".to_owned()));
    let unknown = answer(layer()?, "wicket_000000000000000000000000000000000000").await?;
    assert_eq!(unknown.0, StatusCode::UNAUTHORIZED);
    Ok(())
}

#[tokio::test]
async fn without_an_answer_nobody_passes() -> Result<(), Failure> {
    let failing = GuardLayer::builder(guard()?).api_keys(|_| async { Err(LoadError) }).build();
    assert_eq!(answer(failing, KEY).await?.0, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer(GuardLayer::new(guard()?), KEY).await?.0, StatusCode::SERVICE_UNAVAILABLE);
    let empty = GuardLayer::builder(guard()?).api_keys(|_| async { Ok(None) }).build();
    assert_eq!(answer(empty, KEY).await?.0, StatusCode::UNAUTHORIZED);
    Ok(())
}
