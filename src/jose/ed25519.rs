//! Ed25519 in this process, by ed25519-dalek.

use ed25519_dalek::{Signature, VerifyingKey};
use jsonwebtoken::crypto::JwtVerifier;
use jsonwebtoken::signature::{Error, Verifier};

/// Ed25519, strictly: no key or signature point of small order, no second encoding of either, S below the
/// group order (RFC 8032 §5.1.7, and ZIP 215's opposite choice is refused).
pub(super) struct Ed25519(VerifyingKey);

impl Ed25519 {
    pub(super) fn new(x: &[u8]) -> Option<Self> {
        let bytes = x.try_into().ok()?;
        let key = VerifyingKey::from_bytes(bytes).ok()?;
        let canonical = key.to_edwards().compress().as_bytes() == bytes;
        (canonical && !key.is_weak()).then_some(Self(key))
    }
}

impl Verifier<Vec<u8>> for Ed25519 {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), Error> {
        let signature = Signature::from_slice(signature).map_err(|_| Error::new())?;
        self.0.verify_strict(message, &signature).map_err(|_| Error::new())
    }
}

impl JwtVerifier for Ed25519 {
    fn algorithm(&self) -> jsonwebtoken::Algorithm {
        jsonwebtoken::Algorithm::EdDSA
    }
}
