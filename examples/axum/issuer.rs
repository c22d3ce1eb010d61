//! The demo's issuer: it signs a token for each identity, and serves its key set on loopback. DEMO ONLY.

use std::collections::BTreeMap;
use std::process::Command;

use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::Value;
use tokio::net::TcpListener;

/// What the issuer made for this run.
pub(crate) struct Issuer {
    /// The trust document, with the address of the key set in its place.
    pub(crate) trust: String,
    pub(crate) identities: Vec<Identity>,
}

/// Who may knock, and with what.
#[derive(Deserialize)]
pub(crate) struct Identity {
    pub(crate) name: String,
    #[cfg_attr(not(test), expect(dead_code, reason = "the table sends it as a cookie"))]
    pub(crate) token: Option<String>,
    pub(crate) headers: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Minted {
    jwks: Value,
    identities: Vec<Identity>,
}

impl Issuer {
    /// Makes keys and tokens, and serves the key set.
    pub(crate) async fn start() -> Result<Self, Box<dyn std::error::Error>> {
        let demo = concat!(env!("CARGO_MANIFEST_DIR"), "/www/demo");
        let minted = Command::new("node").arg("identities.mjs").current_dir(demo).output()?;
        if !minted.status.success() {
            return Err(String::from_utf8_lossy(&minted.stderr).into_owned().into());
        }
        let Minted { jwks, identities } = serde_json::from_slice(&minted.stdout)?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/jwks", listener.local_addr()?);
        let app = Router::new().route("/jwks", get(async move || Json(jwks)));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Ok(Self { trust: include_str!("../../www/demo/trust.json").replace("{{jwksUri}}", &url), identities })
    }
}
