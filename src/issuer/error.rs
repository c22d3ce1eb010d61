//! What all errors of the sign-in side have in common.

use crate::document::ConfigError;

/// An error with a name that does not change: for programs, and for the other side of a boundary. Its `Display` is for
/// people. Neither holds a secret.
pub trait Coded: std::error::Error {
    /// `snake_case`, stable.
    fn code(&self) -> &'static str;
}

impl Coded for ConfigError {
    fn code(&self) -> &'static str {
        self.code()
    }
}
