//! jwt-simple, in pure Rust: its other backend, BoringSSL, wants CMake and libclang, and serves RSA alone.

use std::collections::HashSet;

use jsonwebtoken::Algorithm;
use jsonwebtoken::jwk::AlgorithmParameters;
use jwt_simple::prelude::*;

use crate::scenario::{AUDIENCE, ISSUER};
use crate::tokens::{SECRET, Signer, token};

/// What it does not read itself.
#[derive(Serialize, Deserialize)]
struct Roles {
    roles: Vec<String>,
}

pub fn verifier(signer: &Signer) -> Box<dyn Fn(&str) -> bool> {
    match signer.algorithm {
        Algorithm::HS256 => {
            let key = HS256Key::from_bytes(SECRET.as_bytes());
            verifying(move |token, options| key.verify_token(token, Some(options)))
        }
        Algorithm::EdDSA => {
            let key = Ed25519PublicKey::from_bytes(&coordinates(signer).concat()).expect("a key");
            verifying(move |token, options| key.verify_token(token, Some(options)))
        }
        Algorithm::ES256 => {
            // An uncompressed point, SEC 1 §2.3.3.
            let point = [vec![4], coordinates(signer).concat()].concat();
            let key = ES256PublicKey::from_bytes(&point).expect("a key");
            verifying(move |token, options| key.verify_token(token, Some(options)))
        }
        _ => {
            let [modulus, exponent] = coordinates(signer).try_into().expect("an RSA key");
            let key = RS256PublicKey::from_components(&modulus, &exponent).expect("a key");
            verifying(move |token, options| key.verify_token(token, Some(options)))
        }
    }
}

/// It takes its options by value, so each token wants a copy.
fn verifying(
    verify: impl Fn(&str, VerificationOptions) -> Result<JWTClaims<Roles>, jwt_simple::Error> + 'static,
) -> Box<dyn Fn(&str) -> bool> {
    let options = VerificationOptions {
        allowed_issuers: Some(HashSet::from([ISSUER.to_owned()])),
        allowed_audiences: Some(HashSet::from([AUDIENCE.to_owned()])),
        ..VerificationOptions::default()
    };
    Box::new(move |authorization| {
        let claims = verify(token(authorization), options.clone());
        claims.is_ok_and(|claims| claims.subject.is_some_and(|subject| !subject.is_empty()))
    })
}

/// The numbers of a public key, in bytes.
fn coordinates(signer: &Signer) -> Vec<Vec<u8>> {
    let texts = match &signer.jwk.algorithm {
        AlgorithmParameters::OctetKeyPair(key) => vec![&key.x],
        AlgorithmParameters::EllipticCurve(key) => vec![&key.x, &key.y],
        AlgorithmParameters::RSA(key) => vec![&key.n, &key.e],
        other => panic!("no public key: {other:?}"),
    };
    texts.into_iter().map(|text| Base64UrlSafeNoPadding::decode_to_vec(text, None).expect("base64url")).collect()
}
