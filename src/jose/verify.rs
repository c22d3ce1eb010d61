//! Keys made ready to verify: in this process where there is fast code for the algorithm, else by the host.

use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use jsonwebtoken::crypto::JwtVerifier;
use jsonwebtoken::signature::{Error, Verifier};
use sha2::{Sha256, Sha384, Sha512};

use super::algorithm::Algorithm;
#[cfg(feature = "ed25519")]
use super::ed25519::Ed25519;
#[cfg(not(feature = "ed25519"))]
use super::edwards;
use super::key::Material;

/// A key with its algorithm, ready to verify.
pub(crate) enum Prepared {
    /// In this process.
    InProcess(Box<dyn JwtVerifier + Send + Sync>),
    /// In this process, for ES512, which `jsonwebtoken` has no name for and so no `JwtVerifier`.
    #[cfg(feature = "native")]
    InProcessEs512(Box<dyn Verifier<Vec<u8>> + Send + Sync>),
    /// By the host's cryptography, where the signature has that many bytes.
    #[cfg_attr(feature = "native", expect(dead_code, reason = "natively every algorithm is verified in process"))]
    Host(usize),
}

/// What is known of a signature without the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Valid,
    Invalid,
    AskHost,
}

/// Makes a key ready for an algorithm; `None` where the two do not belong together.
pub(crate) fn prepare(algorithm: Algorithm, material: &Material) -> Option<Prepared> {
    use jsonwebtoken::Algorithm as Jwt;
    let prepared: Box<dyn JwtVerifier + Send + Sync> = match (algorithm, material) {
        (Algorithm::Hs256, Material::Secret(secret)) => hmac::<Hmac<Sha256>>(secret, Jwt::HS256)?,
        (Algorithm::Hs384, Material::Secret(secret)) => hmac::<Hmac<Sha384>>(secret, Jwt::HS384)?,
        (Algorithm::Hs512, Material::Secret(secret)) => hmac::<Hmac<Sha512>>(secret, Jwt::HS512)?,
        #[cfg(feature = "ed25519")]
        (Algorithm::EdDsa, Material::Ed25519(x)) => Box::new(Ed25519::new(x)?),
        #[cfg(not(feature = "ed25519"))]
        (Algorithm::EdDsa, Material::Ed25519(x)) if edwards::is_strong_key(x) => {
            return algorithm.signature_bytes().map(Prepared::Host);
        }
        (_, Material::Rsa { .. } | Material::Ec { .. }) => return prepare_public(algorithm, material),
        _ => return None,
    };
    Some(Prepared::InProcess(prepared))
}

#[cfg(feature = "native")]
use super::native::prepare as prepare_public;

#[cfg(not(feature = "native"))]
fn prepare_public(algorithm: Algorithm, material: &Material) -> Option<Prepared> {
    use super::algorithm::KeyKind;
    match (algorithm.key_kind(), material) {
        // Some platforms take a PSS signature without the zeros in front, too: one signature would have several
        // spellings (RFC 8017 §8.1.2 step 1).
        (KeyKind::Rsa, Material::Rsa { modulus, .. }) => Some(Prepared::Host(modulus.len())),
        (KeyKind::Ec(wanted), Material::Ec { curve, .. }) if wanted == *curve => {
            algorithm.signature_bytes().map(Prepared::Host)
        }
        _ => None,
    }
}

impl Prepared {
    /// Verifies, or says that the host must. A signature of another length than the algorithm's is invalid everywhere.
    pub(crate) fn verify(&self, algorithm: Algorithm, message: &[u8], signature: &Vec<u8>) -> Verdict {
        if algorithm.signature_bytes().is_some_and(|bytes| bytes != signature.len()) {
            return Verdict::Invalid;
        }
        let result = match self {
            Self::InProcess(verifier) => verifier.verify(message, signature),
            #[cfg(feature = "native")]
            Self::InProcessEs512(verifier) => verifier.verify(message, signature),
            Self::Host(bytes) if *bytes != signature.len() => return Verdict::Invalid,
            #[cfg(not(feature = "ed25519"))]
            Self::Host(_) if algorithm == Algorithm::EdDsa && !edwards::is_strict(signature) => {
                return Verdict::Invalid;
            }
            Self::Host(_) => return Verdict::AskHost,
        };
        if result.is_ok() { Verdict::Valid } else { Verdict::Invalid }
    }
}

/// HMAC with its key's two blocks hashed ahead. The tag is compared in constant time.
struct Hs<M> {
    keyed: M,
    algorithm: jsonwebtoken::Algorithm,
}

fn hmac<M>(secret: &[u8], algorithm: jsonwebtoken::Algorithm) -> Option<Box<dyn JwtVerifier + Send + Sync>>
where
    M: Mac + KeyInit + Clone + Send + Sync + 'static,
{
    let keyed = <M as KeyInit>::new_from_slice(secret).ok()?;
    Some(Box::new(Hs { keyed, algorithm }))
}

impl<M: Mac + Clone> Verifier<Vec<u8>> for Hs<M> {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), Error> {
        let mut mac = self.keyed.clone();
        mac.update(message);
        mac.verify_slice(signature).map_err(|_| Error::new())
    }
}

impl<M: Mac + Clone> JwtVerifier for Hs<M> {
    fn algorithm(&self) -> jsonwebtoken::Algorithm {
        self.algorithm
    }
}
