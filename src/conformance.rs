//! A door for the conformance suites: one signature under one key, judged by the code that tokens go through.
//! It is no part of the API, and no published wasm has it.

use crate::jose::algorithm::Algorithm;
use crate::jose::key::{Key, KeyError};
#[cfg(feature = "full")]
use crate::jose::pem::read_spki;
use crate::jose::verify;
use crate::json::{Json, Limits};

/// A key as documents and key sets write it.
#[derive(Clone, Copy)]
pub enum KeyForm<'a> {
    /// A JWK's JSON text.
    Jwk(&'a str),
    /// A SubjectPublicKeyInfo in PEM.
    #[cfg(feature = "full")]
    Pem(&'a str),
    /// The bytes of a shared secret.
    Secret(&'a [u8]),
}

/// What is said of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is the key's over that message.
    Valid,
    /// It is not.
    Invalid,
    /// The host's cryptography decides, with the key that [`public_jwk`] writes.
    AskHost,
    /// The key breaks a rule, or does not allow the algorithm; an unknown algorithm no key allows.
    KeyRefused,
}

/// Judges a signature, as a trust document does that lists that algorithm alone.
pub fn verify(algorithm: &str, key: KeyForm<'_>, message: &[u8], signature: &[u8]) -> Verdict {
    let Some(algorithm) = Algorithm::from_name(algorithm) else { return Verdict::KeyRefused };
    let Ok(key) = read(key, Some(algorithm)) else { return Verdict::KeyRefused };
    let Some(verifier) = key.verifier(algorithm) else { return Verdict::KeyRefused };
    match verifier.verify(algorithm, message, &signature.to_vec()) {
        verify::Verdict::Valid => Verdict::Valid,
        verify::Verdict::Invalid => Verdict::Invalid,
        verify::Verdict::AskHost => Verdict::AskHost,
    }
}

/// The key as the host's cryptography is given it; `None` where the key is refused or never the host's.
pub fn public_jwk(jwk: &str) -> Option<String> {
    Some(read(KeyForm::Jwk(jwk), None).ok()?.public_jwk()?.to_text())
}

/// The key's RFC 7638 thumbprint; `None` for a secret and where the key is refused.
#[cfg(feature = "full")]
pub fn thumbprint(key: KeyForm<'_>) -> Option<String> {
    read(key, None).ok()?.thumbprint()
}

/// Reads and evaluates one CEL expression, of any type, over bare variables in JSON.
///
/// `variables` is `{ "x": { "type": "int", "value": 1 } }`; without `value` a variable is missing. The answer is
/// `{ "refused": word, "at": byte }`, `{ "error": word }`, or `{ "value": { "type", "value" } }`.
pub fn cel(source: &str, variables: &str) -> String {
    crate::cel::cel(source, variables)
}

fn read(key: KeyForm<'_>, algorithm: Option<Algorithm>) -> Result<Key, KeyError> {
    let listed = algorithm.as_ref().map(core::slice::from_ref);
    match key {
        KeyForm::Secret(secret) => Key::from_secret(secret.to_vec(), listed, 1),
        #[cfg(feature = "full")]
        KeyForm::Pem(text) => Key::from_spki(read_spki(text)?, None, listed, 1),
        KeyForm::Jwk(text) => {
            let jwk = Json::parse_within(text.as_bytes(), Limits::KEY_SET);
            Key::from_jwk(&jwk.map_err(|_| KeyError::Broken("it is not JSON"))?, listed, 1)
        }
    }
}
