//! The sign-in side: what makes the credentials that a [`Guard`](crate::Guard) checks.
//!
//! All of it is pure. The time is an argument, randomness comes from a [`Random`] that the caller hands over
//! ([`SystemRandom`] at the edge), and what must be remembered is plain data that the caller keeps, in a store with
//! compare-and-set: of two that use one thing at once exactly one wins.

pub mod api_key;
pub mod attempts;
mod error;
pub mod key_ring;
pub mod otp;
pub mod password;
mod random;
pub mod recovery;
pub mod refresh;
pub mod sign_in;
pub mod signing_key;
pub mod token;

pub use error::Coded;
pub use random::{Random, RandomError, SystemRandom};
