//! What is wrong with a password, a stored hash or the settings.

use core::fmt;

use super::MAX_PASSWORD_BYTES;
use crate::issuer::error::Coded;
use crate::issuer::random::RandomError;

/// Why there is no hash, or no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PasswordError {
    /// An empty password is not hashed.
    Empty,
    /// The password is longer than [`MAX_PASSWORD_BYTES`].
    TooLong,
    /// The stored text is no hash of a form that is read.
    Malformed,
    /// The stored hash is of a scheme or a version that is not there.
    Unsupported,
    /// The stored hash costs more than the limits allow.
    CostTooHigh,
    /// The stored hash has a pepper that is not among the settings.
    PepperUnknown,
    /// The cost of new hashes is below what is advised, above the limits, or of no argon2id.
    Cost,
    /// A limit is zero or beyond what can be computed at all.
    Limits,
    /// A pepper's id is 1 to 8 letters, digits, `-` and `_`, and its secret 16 to 64 bytes.
    Pepper,
    /// Two peppers have one id.
    PepperRepeated,
    /// There are more than 16 old peppers.
    TooManyPeppers,
    /// There is not as much memory as the hash wants.
    Memory,
    /// There is no randomness.
    Random(RandomError),
}

impl fmt::Display for PasswordError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => out.write_str("the password is empty"),
            Self::TooLong => write!(out, "the password is longer than {MAX_PASSWORD_BYTES} bytes"),
            Self::Malformed => out.write_str("the stored text is no hash of a password"),
            Self::Unsupported => out.write_str("the stored hash is of a scheme or a version that is not supported"),
            Self::CostTooHigh => out.write_str("the stored hash costs more than the limits allow"),
            Self::PepperUnknown => out.write_str("the stored hash has a pepper that is not known"),
            Self::Cost => out.write_str("the cost must be 7 MiB and 35 MiB-passes at least, and within the limits"),
            Self::Limits => out.write_str("a limit must be at least 1, and no more than can be computed"),
            Self::Pepper => {
                out.write_str("a pepper has an id of 1 to 8 letters, digits, - and _, and a secret of 16 to 64 bytes")
            }
            Self::PepperRepeated => out.write_str("two peppers have the same id"),
            Self::TooManyPeppers => out.write_str("there are more than 16 old peppers"),
            Self::Memory => out.write_str("there is not as much memory as the hash wants"),
            Self::Random(error) => error.fmt(out),
        }
    }
}

impl std::error::Error for PasswordError {}

impl Coded for PasswordError {
    fn code(&self) -> &'static str {
        match self {
            Self::Empty => "password_empty",
            Self::TooLong => "password_too_long",
            Self::Malformed => "hash_malformed",
            Self::Unsupported => "hash_unsupported",
            Self::CostTooHigh => "cost_too_high",
            Self::PepperUnknown => "pepper_unknown",
            Self::Cost => "cost_out_of_range",
            Self::Limits => "limit_out_of_range",
            Self::Pepper => "pepper_malformed",
            Self::PepperRepeated => "pepper_repeated",
            Self::TooManyPeppers => "too_many_peppers",
            Self::Memory => "memory_unavailable",
            Self::Random(error) => error.code(),
        }
    }
}
