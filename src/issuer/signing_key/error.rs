//! What is wrong with a key that should sign.

use core::fmt;

use crate::issuer::error::Coded;
use crate::issuer::random::RandomError;

/// Why there is no key, or no signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SigningKeyError {
    /// No JSON object, or more than 16 KiB.
    NotJson,
    /// A rule that the JWK breaks.
    Form(&'static str),
    /// `alg` is unknown, not of that key, or not signed with here.
    Algorithm,
    /// A secret shorter than the hash (RFC 7518 §3.2), or RSA of fewer than 2048 bits (§3.3).
    Weak,
    /// The private members do not belong to the public ones.
    Mismatch,
    /// Only the host signs with this key.
    HostSigns,
    /// The signature could not be made.
    Failed,
    /// There is no randomness.
    Random(RandomError),
}

impl fmt::Display for SigningKeyError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::NotJson => "a signing key is a JSON object of at most 16 KiB",
            Self::Form(why) => return write!(out, "this JWK does not sign: {why}"),
            Self::Algorithm => "alg is no algorithm that is signed with here, or not of this key",
            Self::Weak => "the key is shorter than its algorithm wants",
            Self::Mismatch => "the private members do not belong to the public ones",
            Self::HostSigns => "the host signs with this key",
            Self::Failed => "the signature could not be made",
            Self::Random(error) => return error.fmt(out),
        })
    }
}

impl std::error::Error for SigningKeyError {}

impl Coded for SigningKeyError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotJson => "key_not_json",
            Self::Form(_) => "key_malformed",
            Self::Algorithm => "key_algorithm",
            Self::Weak => "key_weak",
            Self::Mismatch => "key_mismatch",
            Self::HostSigns => "key_host_signs",
            Self::Failed => "signing_failed",
            Self::Random(error) => error.code(),
        }
    }
}
