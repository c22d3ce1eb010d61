//! How each contestant is set up: once, with all made beforehand that its interface lets an application make.

pub mod casbin;
pub mod cedar;
pub mod jsonwebtoken;
pub mod jwt_simple;
pub mod portcullis;
