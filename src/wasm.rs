//! The boundary to JavaScript: free functions over numbers, text and one shared buffer. Nothing is decided here.
//!
//! `www/src/core.ts` is the other side. What crosses, and when, is in ARCHITECTURE.md.

pub mod guard;
mod handles;
mod state;
