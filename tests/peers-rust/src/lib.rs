//! The guard beside the jsonwebtoken crate's `decode`: the same seeded tokens, keys and moment, and the list of where
//! the two are meant to differ.

pub mod draft;
pub mod intended;
pub mod keys;
pub mod mutations;
pub mod random;
pub mod verifiers;
