//! The demo's table natively: the same requests, statuses, challenges, codes and reasons as the Worker's.
#![cfg(feature = "tower")]

#[path = "../examples/axum/issuer.rs"]
mod issuer;
#[path = "../examples/axum/site.rs"]
mod site;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::http::{Request, Response, header};
use serde::Deserialize;
use tower::ServiceExt;

#[derive(Deserialize)]
struct Table {
    requests: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    who: String,
    method: String,
    path: String,
    via: Option<String>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    expect: Expected,
}

#[derive(Deserialize, Debug, PartialEq)]
struct Expected {
    status: u16,
    challenge: Option<String>,
    code: Option<String>,
    reason: String,
}

#[tokio::test]
async fn the_table_of_the_demo_holds_on_axum() -> Result<(), Box<dyn std::error::Error>> {
    let table: Table = serde_json::from_str(include_str!("../www/demo/requests.json"))?;
    let issuer = issuer::Issuer::start().await?;
    let reasons = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&reasons);
    let app = site::site(&issuer.trust, move |_, event| {
        heard.lock().map(|mut reasons| reasons.push(event.reason)).unwrap_or_default();
    })?;
    assert!(table.requests.len() >= 30, "the table is there");
    for row in &table.requests {
        let identity = issuer.identities.iter().find(|identity| identity.name == row.who).ok_or("an identity")?;
        let mut request = Request::builder().method(row.method.as_str()).uri(row.path.as_str());
        if row.via.as_deref() == Some("cookie") {
            request =
                request.header(header::COOKIE, format!("session={}", identity.token.as_deref().ok_or("a token")?));
        } else {
            request = identity.headers.iter().fold(request, |request, (name, value)| request.header(name, value));
        }
        request = row.headers.iter().fold(request, |request, (name, value)| request.header(name, value));
        let response = app.clone().oneshot(request.body(Body::empty())?).await?;
        let reason = reasons.lock().map_err(|_| "a listener panicked")?.pop().ok_or("an event for each decision")?;
        let found = answered(response, reason).await?;
        assert_eq!(found, row.expect, "{} {} {}", row.who, row.method, row.path);
    }
    assert!(reasons.lock().is_ok_and(|reasons| reasons.is_empty()), "one event for each decision");
    Ok(())
}

async fn answered(response: Response<Body>, reason: &str) -> Result<Expected, Box<dyn std::error::Error>> {
    let status = response.status().as_u16();
    let challenge = response.headers().get(header::WWW_AUTHENTICATE);
    let challenge = challenge.map(|value| value.to_str().map(str::to_owned)).transpose()?;
    let is_problem =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/problem+json");
    let body = axum::body::to_bytes(response.into_body(), 1 << 16).await?;
    let code = if is_problem {
        let problem: serde_json::Value = serde_json::from_slice(&body)?;
        problem.get("code").and_then(|code| code.as_str()).map(str::to_owned)
    } else {
        None
    };
    Ok(Expected { status, challenge, code, reason: reason.to_owned() })
}
