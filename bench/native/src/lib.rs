//! The crate portcullis beside other crates, natively: what all are asked, and how each is set up.

pub mod measure;
pub mod peers;
pub mod scenario;
pub mod tokens;
