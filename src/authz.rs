//! "May you do this?": a policy document, and the decision on a question to it. It sees no token.

pub(crate) mod decision;
mod document;
pub(crate) mod explain;
pub(crate) mod policy;
pub(crate) mod role;
pub(crate) mod route;
