//! ES*, RS* and EdDSA in this process, by RustCrypto: keys made, checked, and signed with.

use jsonwebtoken::crypto::JwtSigner;
use jsonwebtoken::signature::{Error, Signer as Signs};
use p256::ecdsa::signature::Signer as _;
use rsa::rand_core::{TryCryptoRng, TryRng};
use rsa::sha2::digest::const_oid::AssociatedOid;
use rsa::sha2::{Digest, Sha256, Sha384, Sha512};
use rsa::traits::{PrivateKeyParts, PublicKeyParts};
use rsa::{BoxedUint, Pkcs1v15Sign, PrivateKey};

use super::signer::Signer;
use super::{PrivateMembers, SigningKeyError, encode_secret};
use crate::base64url;
use crate::issuer::random::{Random, RandomError};
use crate::jose::algorithm::{Algorithm, Curve, KeyKind};
use crate::jose::key::Material;
use crate::json::Object;

/// Bits of a new RSA key. A session's tokens live for an hour at most, and keys for weeks.
const NEW_RSA_BITS: usize = 2048;
/// A draw is outside a curve's order less than once in 2^32 on P-256, and rarer still on the others.
const MOST_DRAWS: usize = 16;

/// A new private JWK, without `alg`.
pub(super) fn generate(algorithm: Algorithm, random: &mut dyn Random) -> Result<Object, SigningKeyError> {
    match algorithm.key_kind() {
        KeyKind::Ec(curve) => generate_ec(curve, random),
        KeyKind::Ed25519 => {
            let mut seed = [0; 32];
            random.fill(&mut seed).map_err(SigningKeyError::Random)?;
            let key = ed25519_dalek::SigningKey::from_bytes(&seed);
            let x = base64url::encode(key.verifying_key().as_bytes());
            Ok(Object::new().with("kty", "OKP").with("crv", "Ed25519").with("x", x).with("d", encode_secret(&seed)))
        }
        KeyKind::Rsa if !matches!(algorithm, Algorithm::Ps256 | Algorithm::Ps384 | Algorithm::Ps512) => {
            generate_rsa(random)
        }
        KeyKind::Rsa | KeyKind::Secret { .. } => Err(SigningKeyError::Algorithm),
    }
}

/// FIPS 186-5 §A.2.2: draws until one is a scalar.
fn generate_ec(curve: Curve, random: &mut dyn Random) -> Result<Object, SigningKeyError> {
    let mut d = vec![0; curve.coordinate_bytes()];
    for _ in 0..MOST_DRAWS {
        random.fill(&mut d).map_err(SigningKeyError::Random)?;
        if let (Curve::P521, Some(first)) = (curve, d.first_mut()) {
            *first &= 1;
        }
        let Some(point) = public_point(curve, &d) else { continue };
        let (x, y) = point.get(1..).unwrap_or(&[]).split_at(curve.coordinate_bytes().min(point.len() - 1));
        let public = Object::new().with("kty", "EC").with("crv", curve.name());
        let public = public.with("x", base64url::encode(x)).with("y", base64url::encode(y));
        return Ok(public.with("d", encode_secret(&d)));
    }
    Err(SigningKeyError::Random(RandomError))
}

/// The public key of a scalar as an uncompressed point (SEC 1 §2.3.3); `None` where it is outside the curve's order.
fn public_point(curve: Curve, d: &[u8]) -> Option<Vec<u8>> {
    if d.len() != curve.coordinate_bytes() {
        return None;
    }
    Some(match curve {
        Curve::P256 => {
            p256::ecdsa::SigningKey::from_slice(d).ok()?.verifying_key().to_sec1_point(false).as_bytes().to_vec()
        }
        Curve::P384 => {
            p384::ecdsa::SigningKey::from_slice(d).ok()?.verifying_key().to_sec1_point(false).as_bytes().to_vec()
        }
        Curve::P521 => {
            p521::ecdsa::SigningKey::from_slice(d).ok()?.verifying_key().to_sec1_point(false).as_bytes().to_vec()
        }
    })
}

fn generate_rsa(random: &mut dyn Random) -> Result<Object, SigningKeyError> {
    let random_failed = |_| SigningKeyError::Random(RandomError);
    let mut key = PrivateKey::new(&mut Entropy(random), NEW_RSA_BITS).map_err(random_failed)?;
    key.precompute().map_err(|_| SigningKeyError::Failed)?;
    let ([p, q], Some(dp), Some(dq), Some(qi)) = (key.primes(), key.dp(), key.dq(), key.crt_coefficient()) else {
        return Err(SigningKeyError::Failed);
    };
    let mut jwk = Object::new().with("kty", "RSA");
    jwk.set("n", base64url::encode(&key.n_bytes()));
    jwk.set("e", base64url::encode(&key.e_bytes()));
    for (name, number) in [("d", key.d()), ("p", p.as_ref()), ("q", q.as_ref()), ("dp", dp), ("dq", dq), ("qi", &qi)] {
        jwk.set(name, encode_secret(&number.to_be_bytes_trimmed_vartime()));
    }
    Ok(jwk)
}

/// A key ready to sign, whose private members belong to the public ones.
pub(super) fn signer(
    algorithm: Algorithm,
    public: &Material,
    private: &PrivateMembers,
) -> Result<Signer, SigningKeyError> {
    use jsonwebtoken::Algorithm as Jwt;
    let member = |name: &str| private.iter().find(|(own, _)| *own == name).map_or(&[][..], |(_, bytes)| bytes);
    let d = member("d");
    let signer: Box<dyn JwtSigner + Send + Sync> = match (algorithm, public) {
        (Algorithm::EdDsa, Material::Ed25519(x)) => {
            let seed = d.try_into().map_err(|_| SigningKeyError::Form("d has another length than its curve's"))?;
            let key = ed25519_dalek::SigningKey::from_bytes(seed);
            if key.verifying_key().as_bytes() != x.as_slice() {
                return Err(SigningKeyError::Mismatch);
            }
            Box::new(Ed25519(key))
        }
        (_, Material::Ec { curve, x, y }) if curve.algorithm() == algorithm => {
            let point = public_point(*curve, d).ok_or(SigningKeyError::Form("d is no scalar of its curve"))?;
            if point != [&[0x04], x.as_slice(), y].concat() {
                return Err(SigningKeyError::Mismatch);
            }
            let failed = |_| SigningKeyError::Failed;
            match curve {
                Curve::P256 => {
                    Box::new(Es { key: p256::ecdsa::SigningKey::from_slice(d).map_err(failed)?, algorithm: Jwt::ES256 })
                }
                Curve::P384 => {
                    Box::new(Es { key: p384::ecdsa::SigningKey::from_slice(d).map_err(failed)?, algorithm: Jwt::ES384 })
                }
                Curve::P521 => {
                    let key = p521::ecdsa::SigningKey::from_slice(d).map_err(failed)?;
                    return Ok(Signer::InProcessEs512(Box::new(Es { key, algorithm: () })));
                }
            }
        }
        (_, Material::Rsa { modulus, exponent }) => {
            let [n, e, d, p, q] =
                [modulus, exponent, d, member("p"), member("q")].map(BoxedUint::from_be_slice_vartime);
            let key = PrivateKey::from_components(n, e, d, vec![p, q]).map_err(|_| SigningKeyError::Mismatch)?;
            let sign = match algorithm {
                Algorithm::Rs256 => rs::<Sha256>,
                Algorithm::Rs384 => rs::<Sha384>,
                Algorithm::Rs512 => rs::<Sha512>,
                _ => return Err(SigningKeyError::Algorithm),
            };
            return Ok(Signer::InProcessRsa(Box::new(Rsa { key, sign })));
        }
        _ => return Err(SigningKeyError::Algorithm),
    };
    Ok(Signer::InProcess(signer))
}

struct Ed25519(ed25519_dalek::SigningKey);

impl Signs<Vec<u8>> for Ed25519 {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        use ed25519_dalek::Signer as _;
        Ok(self.0.try_sign(message).map_err(|_| Error::new())?.to_bytes().to_vec())
    }
}

impl JwtSigner for Ed25519 {
    fn algorithm(&self) -> jsonwebtoken::Algorithm {
        jsonwebtoken::Algorithm::EdDSA
    }
}

/// ECDSA with nonces that follow from key and message (RFC 6979), and signatures as R and S side by side (RFC 7518 §3.4).
struct Es<K, A> {
    key: K,
    algorithm: A,
}

macro_rules! signs_ecdsa {
    ($curve:ident) => {
        impl<A: Send + Sync> Signs<Vec<u8>> for Es<$curve::ecdsa::SigningKey, A> {
            fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
                let signature: $curve::ecdsa::Signature = self.key.try_sign(message).map_err(|_| Error::new())?;
                Ok(signature.to_bytes().to_vec())
            }
        }
    };
}
signs_ecdsa!(p256);
signs_ecdsa!(p384);
signs_ecdsa!(p521);

impl<K> JwtSigner for Es<K, jsonwebtoken::Algorithm>
where
    Self: Signs<Vec<u8>>,
{
    fn algorithm(&self) -> jsonwebtoken::Algorithm {
        self.algorithm
    }
}

/// RSASSA-PKCS1-v1_5 (RFC 8017 §8.2.1), blinded.
pub(super) struct Rsa {
    key: PrivateKey,
    sign: fn(&PrivateKey, &[u8], &mut Entropy<'_>) -> rsa::Result<Vec<u8>>,
}

impl Rsa {
    pub(super) fn sign(&self, input: &[u8], random: &mut dyn Random) -> Result<Vec<u8>, SigningKeyError> {
        (self.sign)(&self.key, input, &mut Entropy(random)).map_err(|error| match error {
            rsa::Error::Rng => SigningKeyError::Random(RandomError),
            _ => SigningKeyError::Failed,
        })
    }
}

fn rs<H: Digest + AssociatedOid>(key: &PrivateKey, message: &[u8], random: &mut Entropy<'_>) -> rsa::Result<Vec<u8>> {
    key.sign_with_rng(random, Pkcs1v15Sign::new::<H>(), &H::digest(message))
}

/// Our randomness, as these crates ask for it.
pub(super) struct Entropy<'a>(&'a mut dyn Random);

impl TryRng for Entropy<'_> {
    type Error = RandomError;

    fn try_next_u32(&mut self) -> Result<u32, RandomError> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, RandomError> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), RandomError> {
        self.0.fill(bytes)
    }
}

impl TryCryptoRng for Entropy<'_> {}
