//! A key, and the rules that a JWK must keep before it is one.

use core::fmt;

use super::algorithm::{Algorithm, Curve, KeyKind};
use super::curve::is_on_curve;
use super::verify::{Prepared, prepare};
use crate::base64url;
#[cfg(any(feature = "full", feature = "issuer"))]
use crate::digest::sha256_base64url;
use crate::json::{Json, Object};

/// What a key is made of. A secret is never printed.
#[derive(PartialEq)]
pub(crate) enum Material {
    Secret(Vec<u8>),
    Rsa { modulus: Vec<u8>, exponent: Vec<u8> },
    Ec { curve: Curve, x: Vec<u8>, y: Vec<u8> },
    Ed25519(Vec<u8>),
}

/// A key that is ready to verify with each algorithm that it allows.
pub(crate) struct Key {
    /// Tells this key from every other of its guard; never used twice.
    pub(crate) number: u32,
    pub(crate) kid: Option<String>,
    /// For whom it signs, where a set of several issuers says so.
    #[cfg(feature = "full")]
    pub(crate) issuer: Option<String>,
    pub(crate) material: Material,
    verifiers: Vec<(Algorithm, Prepared)>,
}

/// The rule that a key breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyError {
    /// A secret of fewer bytes than the hash of its algorithm (RFC 7518 §3.2), a modulus of fewer than 2048 bits (§3.3).
    Weak,
    /// Any other rule.
    Broken(&'static str),
}

/// Members that only a private key has (RFC 7518 §6.2.2, §6.3.2; RFC 8037 §2).
const PRIVATE_MEMBERS: &[&str] = &["d", "p", "q", "dp", "dq", "qi", "oth"];
/// 3, 17, 37 and 65537. workerd imports no key with another.
const EXPONENTS: [&[u8]; 4] = [&[3], &[17], &[37], &[1, 0, 1]];
const MODULUS_BITS: core::ops::RangeInclusive<usize> = 2048..=8192;

impl Key {
    /// A key of the trust document that is nothing but bytes. It allows HS256, or what is listed.
    pub(crate) fn from_secret(secret: Vec<u8>, listed: Option<&[Algorithm]>, number: u32) -> Result<Self, KeyError> {
        Self::new(Material::Secret(secret), None, None, listed, number)
    }

    /// A key from a JWK (RFC 7517 §4).
    ///
    /// 1. `kty`, `crv` and the members they want, in their form and size.
    /// 2. No private member, and no shared secret (`oct`): whoever can read a key set could sign.
    /// 3. `use` is `sig` where given, `key_ops` has `verify` where given (RFC 7517 §4.2, §4.3).
    /// 4. `alg` is one that such a key can have; it then allows no other (RFC 8725 §3.1).
    pub(crate) fn from_jwk(jwk: &Json, listed: Option<&[Algorithm]>, number: u32) -> Result<Self, KeyError> {
        let jwk = jwk.as_object().ok_or(KeyError::Broken("a JWK is an object"))?;
        let material = read_material(jwk)?;
        if PRIVATE_MEMBERS.iter().any(|name| jwk.member(name).is_some()) {
            return Err(KeyError::Broken("it has private members"));
        }
        match jwk.member("use") {
            None => {}
            Some(usage) if usage.as_str() == Some("sig") => {}
            Some(_) => return Err(KeyError::Broken("use is not sig")),
        }
        match jwk.member("key_ops") {
            None => {}
            Some(Json::Array(operations)) if operations.iter().any(|one| one.as_str() == Some("verify")) => {}
            Some(_) => return Err(KeyError::Broken("key_ops lacks verify")),
        }
        let algorithm = match jwk.member("alg") {
            None => None,
            Some(name) => {
                let algorithm = name.as_str().and_then(Algorithm::from_name);
                Some(algorithm.ok_or(KeyError::Broken("alg is no signature algorithm known here"))?)
            }
        };
        let kid = match jwk.member("kid") {
            None => None,
            Some(Json::String(kid)) => Some(kid.clone()),
            Some(_) => return Err(KeyError::Broken("kid is no text")),
        };
        let key = Self::new(material, kid, algorithm, listed, number)?;
        // What is no text names nobody.
        #[cfg(feature = "full")]
        let key = Self { issuer: jwk.member("issuer").map(|issuer| issuer.as_str().unwrap_or("").to_owned()), ..key };
        Ok(key)
    }

    /// A key from a SubjectPublicKeyInfo, by the rules of a JWK without `alg`: it tells neither use nor hash.
    #[cfg(feature = "full")]
    pub(crate) fn from_spki(
        material: Material,
        kid: Option<String>,
        listed: Option<&[Algorithm]>,
        number: u32,
    ) -> Result<Self, KeyError> {
        Self::new(material, kid, None, listed, number)
    }

    fn new(
        material: Material,
        kid: Option<String>,
        stated: Option<Algorithm>,
        listed: Option<&[Algorithm]>,
        number: u32,
    ) -> Result<Self, KeyError> {
        let material = check_material(material)?;
        let mut verifiers = Vec::new();
        for algorithm in allowed(&material, stated, listed) {
            let prepared = match (algorithm.key_kind(), &material) {
                (KeyKind::Secret { min_bytes }, Material::Secret(secret)) if secret.len() < min_bytes => {
                    return Err(KeyError::Weak);
                }
                (KeyKind::Ec(wanted), Material::Ec { curve, .. }) if wanted != *curve => None,
                _ => prepare(algorithm, &material),
            };
            verifiers.push((
                algorithm,
                prepared.ok_or(KeyError::Broken(
                    "kty, crv and alg do not belong together, or the point is none of the curve's strong ones",
                ))?,
            ));
        }
        Ok(Self {
            number,
            kid,
            #[cfg(feature = "full")]
            issuer: None,
            material,
            verifiers,
        })
    }

    /// Whether it is the same key under the same name, for the same algorithms and issuer.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        #[cfg(feature = "full")]
        if self.issuer != other.issuer {
            return false;
        }
        self.kid == other.kid && self.material == other.material && self.algorithms().eq(other.algorithms())
    }

    fn algorithms(&self) -> impl Iterator<Item = Algorithm> {
        self.verifiers.iter().map(|(algorithm, _)| *algorithm)
    }

    /// The verifier for that algorithm, where the key allows it.
    pub(crate) fn verifier(&self, algorithm: Algorithm) -> Option<&Prepared> {
        self.verifiers.iter().find(|(own, _)| *own == algorithm).map(|(_, prepared)| prepared)
    }

    /// Whether the host must verify with this key.
    #[cfg(feature = "wasm")]
    pub(crate) fn is_host_verified(&self) -> bool {
        self.verifiers.iter().any(|(_, prepared)| matches!(prepared, Prepared::Host(_)))
    }

    /// The name that follows from the key alone, by which `cnf.jkt` means it; `None` for a secret.
    ///
    /// Spec: RFC 7638 §3, with SHA-256.
    #[cfg(any(feature = "full", feature = "issuer"))]
    pub(crate) fn thumbprint(&self) -> Option<String> {
        self.public_jwk().map(|jwk| sha256_base64url(jwk.to_text().as_bytes()))
    }

    /// The public key as a JWK, for the host's cryptography: the members that RFC 7638 §3.2 and RFC 8037 §2 require,
    /// sorted by their names. `None` for a secret.
    pub(crate) fn public_jwk(&self) -> Option<Json> {
        let jwk = match &self.material {
            Material::Secret(_) => return None,
            Material::Rsa { modulus, exponent } => Object::new()
                .with("e", base64url::encode(exponent))
                .with("kty", "RSA")
                .with("n", base64url::encode(modulus)),
            Material::Ec { curve, x, y } => Object::new()
                .with("crv", curve.name())
                .with("kty", "EC")
                .with("x", base64url::encode(x))
                .with("y", base64url::encode(y)),
            Material::Ed25519(x) => {
                Object::new().with("crv", "Ed25519").with("kty", "OKP").with("x", base64url::encode(x))
            }
        };
        Some(Json::Object(jwk))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").field("number", &self.number).field("kid", &self.kid).finish_non_exhaustive()
    }
}

/// What a key allows: its own `alg`; else its curve's; else what is listed of its kind, or the one by custom.
fn allowed(material: &Material, stated: Option<Algorithm>, listed: Option<&[Algorithm]>) -> Vec<Algorithm> {
    if let Some(algorithm) = stated {
        return vec![algorithm];
    }
    let of_kind = |is_kind: fn(KeyKind) -> bool, custom: Algorithm| {
        let mut algorithms = Vec::new();
        for algorithm in listed.unwrap_or(&[custom]) {
            if is_kind(algorithm.key_kind()) {
                algorithms.push(*algorithm);
            }
        }
        algorithms
    };
    match material {
        Material::Secret(_) => of_kind(|kind| matches!(kind, KeyKind::Secret { .. }), Algorithm::Hs256),
        Material::Rsa { .. } => of_kind(|kind| kind == KeyKind::Rsa, Algorithm::Rs256),
        Material::Ec { curve, .. } => vec![curve.algorithm()],
        Material::Ed25519(_) => vec![Algorithm::EdDsa],
    }
}

fn read_material(jwk: &Object) -> Result<Material, KeyError> {
    let text = |name: &str| jwk.member(name).and_then(Json::as_str);
    let bytes = |name: &str| {
        let decoded = text(name).and_then(base64url::decode).filter(|bytes| !bytes.is_empty());
        decoded.ok_or(KeyError::Broken("a member that its kty wants is missing or no base64url"))
    };
    match text("kty") {
        Some("RSA") => Ok(Material::Rsa { modulus: bytes("n")?, exponent: bytes("e")? }),
        Some("EC") => {
            let curve = text("crv").and_then(Curve::from_name).ok_or(KeyError::Broken("crv is not known"))?;
            Ok(Material::Ec { curve, x: bytes("x")?, y: bytes("y")? })
        }
        Some("OKP") if text("crv") == Some("Ed25519") => Ok(Material::Ed25519(bytes("x")?)),
        Some("OKP") => Err(KeyError::Broken("crv is not known")),
        _ => Err(KeyError::Broken("kty is not known")),
    }
}

/// The rules on sizes and values, the same for a key of whatever form.
fn check_material(material: Material) -> Result<Material, KeyError> {
    match material {
        Material::Rsa { modulus, exponent } => rsa(modulus, exponent),
        Material::Ec { curve, x, y } => {
            if x.len() != curve.coordinate_bytes() || y.len() != curve.coordinate_bytes() {
                return Err(KeyError::Broken("a coordinate has another length than its curve's"));
            }
            if !is_on_curve(curve, &x, &y) {
                return Err(KeyError::Broken("the point is not on its curve"));
            }
            Ok(Material::Ec { curve, x, y })
        }
        Material::Ed25519(x) if x.len() != 32 => Err(KeyError::Broken("x is not 32 bytes")),
        // A secret's length is asked with its algorithm, and an Ed25519 point where it is made ready.
        Material::Secret(_) | Material::Ed25519(_) => Ok(material),
    }
}

/// A modulus of 2048 to 8192 bits (RFC 7518 §3.3, and a bound on work); one of the exponents that every platform takes.
fn rsa(modulus: Vec<u8>, exponent: Vec<u8>) -> Result<Material, KeyError> {
    let bits = |number: &[u8]| {
        let first = number.first().map_or(0, |first| usize::try_from(first.leading_zeros()).unwrap_or(0));
        number.len() * 8 - first
    };
    // Zeros in front mean nothing (RFC 7518 §6.3.1.1 forbids them); platforms disagree on whether they mind.
    let trim = |number: Vec<u8>| {
        let zeros = number.iter().take_while(|byte| **byte == 0).count();
        number.get(zeros..).unwrap_or(&[]).to_vec()
    };
    let (modulus, exponent) = (trim(modulus), trim(exponent));
    if bits(&modulus) < *MODULUS_BITS.start() {
        return Err(KeyError::Weak);
    }
    if bits(&modulus) > *MODULUS_BITS.end() {
        return Err(KeyError::Broken("the modulus is longer than 8192 bits"));
    }
    if modulus.last().is_none_or(|last| last & 1 == 0) {
        return Err(KeyError::Broken("the modulus is even"));
    }
    if !EXPONENTS.contains(&exponent.as_slice()) {
        return Err(KeyError::Broken("the exponent is none of 3, 17, 37 and 65537"));
    }
    Ok(Material::Rsa { modulus, exponent })
}

#[cfg(all(test, feature = "full"))]
mod tests {
    use super::{Key, KeyError};
    use crate::json::Json;

    fn key(jwk: &str) -> Result<Key, KeyError> {
        Key::from_jwk(&Json::parse(jwk.as_bytes()).unwrap_or(Json::Null), None, 1)
    }

    /// RFC 7638 §3.1, RFC 8037 §A.3; for EC the key of RFC 9449 §4.1, whose thumbprint stands in its §6.1.
    #[test]
    fn thumbprints_are_those_of_the_rfcs() {
        let examples = [
            (
                r#"{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}"#,
                "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs",
            ),
            (
                r#"{"kty":"EC","x":"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs","y":"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA","crv":"P-256"}"#,
                "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I",
            ),
            (
                r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#,
                "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
            ),
        ];
        for (jwk, thumbprint) in examples {
            let found = key(jwk).map(|key| key.thumbprint());
            assert_eq!(found.ok(), Some(Some(thumbprint.to_owned())), "{jwk}");
        }
    }

    #[test]
    fn a_thumbprint_knows_no_zeros_in_front_and_no_secret() {
        let [plain, padded] = ["AQAB", "AAEAAQ"].map(|exponent| {
            let modulus = format!("{}w", "_".repeat(341));
            let key = key(&format!(r#"{{"kty":"RSA","n":"{modulus}","e":"{exponent}"}}"#));
            key.map(|key| key.thumbprint()).ok()
        });
        assert!(plain.is_some());
        assert_eq!(plain, padded);
        assert_eq!(Key::from_secret(vec![7; 32], None, 1).map(|key| key.thumbprint()).ok(), Some(None));
    }

    #[test]
    fn a_point_is_on_its_curve() {
        let point = |x: &str| {
            let jwk = r#"{"kty":"EC","x":"…","y":"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA","crv":"P-256"}"#;
            key(&jwk.replace('…', x)).err()
        };
        assert_eq!(point("l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs"), None);
        let off = KeyError::Broken("the point is not on its curve");
        assert_eq!(point("l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFw"), Some(off));
        let length = KeyError::Broken("a coordinate has another length than its curve's");
        assert_eq!(point("l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBA"), Some(length));
        // The prime itself.
        assert_eq!(point("_____wAAAAEAAAAAAAAAAAAAAAD_______________8"), Some(off));
    }
}
