//! Where random bytes come from.

use core::fmt;

use super::error::Coded;

/// A source of random bytes that nobody can foretell. Tests hand over one that they know.
pub trait Random {
    /// Fills all of `bytes`.
    ///
    /// # Errors
    ///
    /// [`RandomError`] where there is no randomness. What is in `bytes` then is of no use.
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), RandomError>;
}

/// There is no randomness: nothing can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RandomError;

impl fmt::Display for RandomError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("the system gives no random bytes")
    }
}

impl std::error::Error for RandomError {}

impl Coded for RandomError {
    fn code(&self) -> &'static str {
        "random_unavailable"
    }
}

/// The system's own source: `getrandom`, in JavaScript `crypto.getRandomValues`.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), RandomError> {
        getrandom::fill(bytes).map_err(|_| RandomError)
    }
}
