//! "May you do this?": a policy document, and the decision on a question to it. It sees no token.

#[cfg(feature = "full")]
pub(crate) mod budget;
mod decide;
pub(crate) mod decision;
mod document;
pub(crate) mod explain;
#[cfg(feature = "full")]
pub(crate) mod fields;
#[cfg(not(feature = "wasm"))]
mod numbers;
#[cfg(feature = "issuer")]
mod plain;
pub(crate) mod policy;
pub(crate) mod question;
pub(crate) mod role;
pub(crate) mod route;
pub(crate) mod standing;
