//! An AuthZEN decision point on axum.
//!
//! `cargo run --example authzen --features tower` serves it on loopback and prints a request. The policy that answers the
//! questions also says who may ask them: an enforcement point with an API key.

mod decision_point;

use std::sync::Arc;

use decision_point::decision_point;
use portcullis::authzen::Directory;
use portcullis::{Guard, Policy, Trust};
use tokio::net::TcpListener;

/// TEST ONLY. It is in the repository, so everybody knows it.
const API_KEY: &str = "TEST-ONLY-0123456789-0123456789-0123456789";

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = TcpListener::bind("127.0.0.1:8789").await?;
    let base_url = format!("http://{}", listener.local_addr()?);
    let policy = Policy::parse(include_str!("policy.json"))?;
    let guard = Arc::new(Guard::new(policy, Trust::parse(include_str!("trust.json"))?)?);
    let directory = Directory::parse(include_str!("directory.json"))?;
    println!(
        "curl {base_url}/access/v1/search/action -H 'x-api-key: {API_KEY}' -H 'content-type: application/json' \
         -d '{{ \"subject\": {{ \"type\": \"user\", \"id\": \"alice\" }}, \"resource\": {{ \"type\": \"record\", \"id\": \"1\" }} }}'"
    );
    axum::serve(listener, decision_point(guard, directory, base_url)).await?;
    Ok(())
}
