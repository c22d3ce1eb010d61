//! The boundary to JavaScript: free functions over numbers, text and one shared buffer. Nothing is decided here.
//!
//! `issuer` is the boundary of a file of its own, issuer.wasm. `www/src/` is the other side. What crosses, and when, is in
//! ARCHITECTURE.md, "The boundary to JavaScript".

#[cfg(target_arch = "wasm32")]
mod allocator;
#[cfg(feature = "wasm")]
pub mod answers;
#[cfg(feature = "wasm")]
mod asker;
#[cfg(all(feature = "wasm", feature = "full"))]
mod authzen;
#[cfg(feature = "wasm")]
pub mod creation;
#[cfg(feature = "wasm")]
pub mod guard;
#[cfg(feature = "wasm")]
mod handles;
#[cfg(feature = "wasm")]
mod instances;
#[cfg(feature = "wasm-issuer")]
pub mod issuer;
#[cfg(all(feature = "wasm", feature = "full"))]
mod lists;
#[cfg(feature = "wasm")]
pub mod questions;
#[cfg(feature = "wasm")]
mod state;
#[cfg(feature = "wasm")]
pub mod upkeep;
