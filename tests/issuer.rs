//! The sign-in side: published vectors, hostile input, and what must never happen twice.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

#[path = "issuer/api_key.rs"]
mod api_key;
#[path = "issuer/attempts.rs"]
mod attempts;
#[path = "issuer/chance.rs"]
mod chance;
#[path = "issuer/key_ring.rs"]
mod key_ring;
#[path = "issuer/keys.rs"]
mod keys;
#[path = "issuer/otp.rs"]
mod otp;
#[path = "issuer/password.rs"]
mod password;
#[path = "issuer/recovery.rs"]
mod recovery;
#[path = "issuer/refresh.rs"]
mod refresh;
#[path = "issuer/sign_in.rs"]
mod sign_in;
#[path = "issuer/token.rs"]
mod token;
