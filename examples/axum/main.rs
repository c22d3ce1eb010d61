//! The demo's publishing site on axum, behind the same policy and the same guard.
//!
//! `cargo run --example axum --features tower` serves it on loopback, beside the key set of its demo issuer, and
//! prints a request for each identity. It wants Node to sign the demo's tokens.

mod issuer;
mod site;

use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let issuer = issuer::Issuer::start().await?;
    let app = site::site(&issuer.trust, |id, event| println!("{}", event.to_json(id).to_text()))?;
    let listener = TcpListener::bind("127.0.0.1:8788").await?;
    let address = listener.local_addr()?;
    for identity in &issuer.identities {
        let headers: String = identity.headers.iter().map(|(name, value)| format!(" -H '{name}: {value}'")).collect();
        println!("# {}\ncurl -i{headers} http://{address}/me\n", identity.name);
    }
    axum::serve(listener, app).await?;
    Ok(())
}
