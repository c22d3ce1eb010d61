//! ES*, RS* and PS* in this process, by RustCrypto.

use core::ops::RangeInclusive;
use std::sync::Arc;

use jsonwebtoken::crypto::JwtVerifier;
use jsonwebtoken::signature::{Error, Verifier};
use p256::ecdsa::signature::Verifier as _;
use rsa::sha2::digest::FixedOutputReset;
use rsa::sha2::digest::const_oid::AssociatedOid;
use rsa::sha2::{Digest, Sha256, Sha384, Sha512};
use rsa::{BoxedUint, Pkcs1v15Sign, Pss, PublicKey};

use super::algorithm::{Algorithm, Curve};
use super::key::Material;
use super::verify::Prepared;

/// RSA moduli are so long; `key.rs` has refused others.
const MODULUS_BITS: RangeInclusive<usize> = 2048..=8192;

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
                PublicKey::new_with_size_limits(
                    BoxedUint::from_be_slice_vartime(modulus),
                    BoxedUint::from_be_slice_vartime(exponent),
                    MODULUS_BITS,
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
    key: Arc<PublicKey>,
    algorithm: jsonwebtoken::Algorithm,
    verify: fn(&PublicKey, &[u8], &[u8]) -> rsa::Result<()>,
}

/// RSASSA-PKCS1-v1_5, RFC 8017 §8.2.2.
fn rs<H: Digest + AssociatedOid>(key: &PublicKey, message: &[u8], signature: &[u8]) -> rsa::Result<()> {
    key.verify(Pkcs1v15Sign::new::<H>(), &H::digest(message), signature)
}

/// RSASSA-PSS with a salt as long as the hash (RFC 7518 §3.5, RFC 8017 §8.1.2).
fn ps<H: Digest + FixedOutputReset>(key: &PublicKey, message: &[u8], signature: &[u8]) -> rsa::Result<()> {
    key.verify(Pss::<H>::new_with_salt(<H as Digest>::output_size()), &H::digest(message), signature)
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
