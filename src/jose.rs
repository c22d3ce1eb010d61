//! JSON Object Signing: algorithms, keys, the compact form, verification. It knows no JWT.

pub(crate) mod algorithm;
pub(crate) mod compact;
pub(crate) mod key;
pub(crate) mod key_set;
#[cfg(feature = "native")]
mod native;
pub(crate) mod verify;
