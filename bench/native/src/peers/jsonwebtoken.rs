//! jsonwebtoken, with each of its two backends. They are chosen for a whole process, so the provider that is installed
//! here asks a switch.

use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use jsonwebtoken::crypto::{CryptoProvider, aws_lc, rust_crypto};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};

use crate::scenario::{AUDIENCE, ISSUER};
use crate::tokens::{Claims, SECRET, Signer, token};

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    AwsLc,
    RustCrypto,
}

static IS_RUST_CRYPTO: AtomicBool = AtomicBool::new(false);

/// Before anything is signed or verified.
pub fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let verifier_factory = |algorithm: &Algorithm, key: &DecodingKey| {
            let is_rust_crypto = IS_RUST_CRYPTO.load(Ordering::Relaxed);
            let provider = if is_rust_crypto { &rust_crypto::DEFAULT_PROVIDER } else { &aws_lc::DEFAULT_PROVIDER };
            (provider.verifier_factory)(algorithm, key)
        };
        let switched = CryptoProvider { verifier_factory, ..aws_lc::DEFAULT_PROVIDER.clone() };
        Box::leak(Box::new(switched)).install_default().expect("the first provider");
    });
}

/// The one that was made last says which backend all have.
pub fn verifier(signer: &Signer, backend: Backend) -> impl Fn(&str) -> bool {
    IS_RUST_CRYPTO.store(backend == Backend::RustCrypto, Ordering::Relaxed);
    let mut validation = Validation::new(signer.algorithm);
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[AUDIENCE]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    let key = match signer.algorithm {
        Algorithm::HS256 => DecodingKey::from_secret(SECRET.as_bytes()),
        _ => DecodingKey::from_jwk(&signer.jwk).expect("a key that it knows"),
    };
    move |authorization| {
        let decoded = jsonwebtoken::decode::<Claims>(token(authorization), &key, &validation);
        decoded.is_ok_and(|decoded| !decoded.claims.sub.is_empty())
    }
}
