//! JSON Object Signing: algorithms, keys, the compact form, verification. It knows no JWT.

pub(crate) mod algorithm;
pub(crate) mod compact;
mod curve;
#[cfg(feature = "full")]
mod der;
#[cfg(feature = "full")]
pub(crate) mod detached;
#[cfg(feature = "ed25519")]
mod ed25519;
mod edwards;
pub(crate) mod key;
pub(crate) mod key_set;
#[cfg(feature = "native")]
mod native;
#[cfg(feature = "full")]
pub(crate) mod pem;
pub(crate) mod verify;
