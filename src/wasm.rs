//! The boundary to JavaScript: free functions over numbers, text and one shared buffer. Nothing is decided here.
//!
//! `www/src/` is the other side. What crosses, and when, is in ARCHITECTURE.md, "The boundary to JavaScript".

#[cfg(target_arch = "wasm32")]
mod allocator;
pub mod answers;
mod asker;
#[cfg(feature = "full")]
mod authzen;
pub mod creation;
pub mod guard;
mod handles;
mod instances;
#[cfg(feature = "full")]
mod lists;
pub mod questions;
mod state;
pub mod upkeep;
