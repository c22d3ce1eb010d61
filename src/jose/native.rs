//! ES*, RS* and PS* in this process, by RustCrypto.

use std::sync::Arc;

use jsonwebtoken::crypto::JwtVerifier;
use jsonwebtoken::signature::{Error, Verifier};
use p256::ecdsa::signature::Verifier as _;
use rsa::sha2::{Digest, Sha256, Sha384, Sha512};
use rsa::traits::PublicKeyParts;
use rsa::{BigUint, Pkcs1v15Sign, Pss, RsaPublicKey};

use super::algorithm::{Algorithm, Curve};
use super::key::Material;
use super::verify::Prepared;

/// RSA moduli are at most this long; `key.rs` has refused longer ones.
const MAX_MODULUS_BITS: usize = 8192;

pub(super) fn prepare(algorithm: Algorithm, material: &Material) -> Option<Prepared> {
    use jsonwebtoken::Algorithm as Jwt;
    let verifier: Box<dyn JwtVerifier + Send + Sync> = match (algorithm, material) {
        (Algorithm::Es256, Material::Ec { curve: Curve::P256, x, y }) => {
            Box::new(Es { key: p256::ecdsa::VerifyingKey::from_sec1_bytes(&sec1(x, y)).ok()?, algorithm: Jwt::ES256 })
        }
        (Algorithm::Es384, Material::Ec { curve: Curve::P384, x, y }) => {
            Box::new(Es { key: p384::ecdsa::VerifyingKey::from_sec1_bytes(&sec1(x, y)).ok()?, algorithm: Jwt::ES384 })
        }
        (Algorithm::Es512, Material::Ec { curve: Curve::P521, x, y }) => {
            let key = p521::ecdsa::VerifyingKey::from_sec1_bytes(&sec1(x, y)).ok()?;
            return Some(Prepared::InProcessEs512(Box::new(Es { key, algorithm: () })));
        }
        (_, Material::Rsa { modulus, exponent }) => {
            let key = Arc::new(
                RsaPublicKey::new_with_max_size(
                    BigUint::from_bytes_be(modulus),
                    BigUint::from_bytes_be(exponent),
                    MAX_MODULUS_BITS,
                )
                .ok()?,
            );
            match algorithm {
                Algorithm::Rs256 => Box::new(Rsa { key, algorithm: Jwt::RS256, verify: rs::<Sha256> }),
                Algorithm::Rs384 => Box::new(Rsa { key, algorithm: Jwt::RS384, verify: rs::<Sha384> }),
                Algorithm::Rs512 => Box::new(Rsa { key, algorithm: Jwt::RS512, verify: rs::<Sha512> }),
                Algorithm::Ps256 => Box::new(Rsa { key, algorithm: Jwt::PS256, verify: ps::<Sha256> }),
                Algorithm::Ps384 => Box::new(Rsa { key, algorithm: Jwt::PS384, verify: ps::<Sha384> }),
                Algorithm::Ps512 => Box::new(Rsa { key, algorithm: Jwt::PS512, verify: ps::<Sha512> }),
                _ => return None,
            }
        }
        _ => return None,
    };
    Some(Prepared::InProcess(verifier))
}

/// An uncompressed point, SEC 1 §2.3.3.
fn sec1(x: &[u8], y: &[u8]) -> Vec<u8> {
    [&[0x04], x, y].concat()
}

/// ECDSA with signatures as r and s side by side (RFC 7518 §3.4).
struct Es<K, A> {
    key: K,
    algorithm: A,
}

macro_rules! verifies_ecdsa {
    ($curve:ident) => {
        impl<A: Send + Sync> Verifier<Vec<u8>> for Es<$curve::ecdsa::VerifyingKey, A> {
            fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), Error> {
                let signature = $curve::ecdsa::Signature::from_slice(signature).map_err(|_| Error::new())?;
                self.key.verify(message, &signature).map_err(|_| Error::new())
            }
        }
    };
}
verifies_ecdsa!(p256);
verifies_ecdsa!(p384);
verifies_ecdsa!(p521);

impl<K> JwtVerifier for Es<K, jsonwebtoken::Algorithm>
where
    Self: Verifier<Vec<u8>>,
{
    fn algorithm(&self) -> jsonwebtoken::Algorithm {
        self.algorithm
    }
}

struct Rsa {
    key: Arc<RsaPublicKey>,
    algorithm: jsonwebtoken::Algorithm,
    verify: fn(&RsaPublicKey, &[u8], &[u8]) -> rsa::Result<()>,
}

/// RSASSA-PKCS1-v1_5, RFC 8017 §8.2.2.
fn rs<H: Digest + rsa::pkcs8::AssociatedOid>(key: &RsaPublicKey, message: &[u8], signature: &[u8]) -> rsa::Result<()> {
    key.verify(Pkcs1v15Sign::new::<H>(), &H::digest(message), signature)
}

/// RSASSA-PSS with a salt as long as the hash (RFC 7518 §3.5, RFC 8017 §8.1.2).
fn ps<H: Digest + rsa::sha2::digest::DynDigest + Send + Sync + 'static>(
    key: &RsaPublicKey,
    message: &[u8],
    signature: &[u8],
) -> rsa::Result<()> {
    // RFC 8017 §5.2.2: the signature representative is below the modulus. The crate checks that for PKCS#1 v1.5 alone.
    if BigUint::from_bytes_be(signature) >= *key.n() {
        return Err(rsa::Error::Verification);
    }
    key.verify(Pss::new_with_salt::<H>(<H as Digest>::output_size()), &H::digest(message), signature)
}

impl Verifier<Vec<u8>> for Rsa {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), Error> {
        (self.verify)(&self.key, message, signature).map_err(|_| Error::new())
    }
}

impl JwtVerifier for Rsa {
    fn algorithm(&self) -> jsonwebtoken::Algorithm {
        self.algorithm
    }
}
