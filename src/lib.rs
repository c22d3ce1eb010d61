//! One gate: who are you (401), and may you do this (403), from one policy document, the same everywhere.
//!
//! A [`Guard`] is a [`Policy`] and the [`Trust`] in those who say who somebody is. It is shown a [`Request`] and
//! answers an [`Outcome`]: allow, reject, or need.
//!
//! ```
//! use portcullis::{Guard, Outcome, Policy, Request, Trust, UnixTime};
//!
//! let policy = Policy::parse(r#"{ "policy": "blog", "revision": 1,
//!     "permissions": ["read_users"],
//!     "roles": { "service": { "permits": ["read_users"] } },
//!     "routes": [{ "route": "GET /users", "permission": "read_users" }] }"#)?;
//! let trust = Trust::parse(r#"{ "apiKeys": [{ "id": "ci", "roles": ["service"],
//!     "hash": "sha256:RMWvYsMeAXQtjzqbQGBfGPnBJGkMVjBEB1hH5VzIk44" }] }"#)?;
//! let guard = Guard::new(policy, trust)?;
//! let now = UnixTime::from_seconds(1_790_000_000);
//!
//! let request = Request::new("GET", "/users").header("x-api-key", "TEST-ONLY-0123456789-0123456789-0123456789");
//! let Outcome::Reject(refused) = guard.check(&request, now) else { panic!("allowed") };
//! assert_eq!((refused.rejection().status(), refused.rejection().code()), (401, "invalid_api_key"));
//! # Ok::<(), portcullis::ConfigError>(())
//! ```
//!
//! # The host
//!
//! The core reads no clock, opens no connection and draws no random number. `now` is an argument, and where an answer
//! hangs on something outside, [`Outcome::Need`] [asks](Ask) for it: a key set, what an issuer says of a token, a
//! revocation, whether a proof is new, a resource, and in WebAssembly the verification of a signature.
//! [`Guard::resume`] goes on with the [`Answer`]. `GuardLayer` (feature `tower`) is such a host for axum; the npm package
//! is one for JavaScript.
//!
//! # Questions beside a request
//!
//! [`Guard::evaluate`] decides on an [`AccessRequest`], and [`Guard::explain`] says why.
//!
//! # Errors
//!
//! A document that is wrong does not load: [`ConfigError`] has the path and a stable code. A request that is wrong
//! falls into exactly one row of [`TABLE`]; its [`Cause`] is for the [`DecisionEvent`], never for the caller.
//!
//! # Features
//!
//! - `native` (default): ES*, RS* and PS* signatures are verified in this process, and EdDSA (`ed25519`).
//! - `full` (default): what guard.wasm leaves out: presets, keys in PEM, DPoP and certificate-bound tokens,
//!   introspection, revocation, exported keys, the metadata of the resource, the trace, patterns in conditions, fields,
//!   filters for lists, signed policies, break-glass grants, AuthZEN.
//! - `tower`: `GuardLayer`, and `Principal` and `Grant` as extractors, for axum.
//! - `issuer`: the sign-in side, [`issuer`].
//! - `redis`: [`stores::RedisStore`], for servers that share what they keep.
//! - `wasm`, `wasm-issuer`: the boundaries of the npm package; not for use from Rust.

mod ask;
mod audit;
mod authn;
mod authz;
#[cfg(feature = "full")]
pub mod authzen;
mod base64url;
mod cel;
#[cfg(feature = "conformance")]
#[doc(hidden)]
pub mod conformance;
mod credential;
mod digest;
mod digits;
mod document;
#[cfg(feature = "full")]
pub mod filter;
mod grammar;
mod guard;
#[cfg(feature = "issuer")]
pub mod issuer;
mod jose;
pub mod json;
mod jwt;
mod key_text;
mod principal;
mod rejection;
mod request;
#[cfg(feature = "full")]
mod revocation;
mod sorted;
#[cfg(feature = "issuer")]
pub mod stores;
mod time;
#[cfg(feature = "tower")]
pub mod tower;
#[cfg(any(feature = "wasm", feature = "wasm-issuer"))]
pub mod wasm;

pub use ask::{Answer, Ask, Fetched};
#[cfg(feature = "full")]
pub use audit::Check;
#[cfg(feature = "full")]
pub use audit::EventBreakGlass;
pub use audit::{DecisionEvent, EventPolicy, EventSubject, EventToken};
pub use authn::AuthnError;
pub use authn::api_key::ApiKeyError;
pub use authn::binding::BindingError;
#[cfg(feature = "full")]
pub use authn::break_glass::BreakGlassError;
#[cfg(feature = "full")]
pub use authn::dpop::ProofError;
#[cfg(feature = "full")]
pub use authn::policy_keys::PolicyKeys;
pub use authn::trust::Trust;
pub use authz::decision::{Decision, Denial, Effect, Instance};
pub use authz::explain::{Change, Compared, Explanation, FailedCondition, GrantPath, Operand, Seen};
#[cfg(feature = "full")]
pub use authz::fields::Fields;
pub use authz::policy::Policy;
pub use credential::CredentialError;
pub use document::{ConfigError, Document, Problem};
#[cfg(feature = "full")]
pub use filter::{Filter, FilterError};
pub use guard::{AccessRequest, Grant, Guard, HeaderNames, Need, Outcome, Refused, Supplied};
pub use jose::algorithm::Algorithm;
pub use json::{Json, JsonError};
pub use jwt::TokenError;
#[cfg(feature = "full")]
pub use principal::ApiKeyFacts;
pub use principal::{Assignment, Dropped, Kind, Principal, Subject, TokenFacts};
pub use rejection::{Cause, Challenge, Refusal, Rejection, Row, TABLE};
pub use request::Request;
#[cfg(feature = "full")]
pub use revocation::{RevocationError, Revoked};
pub use time::UnixTime;

/// The README's examples are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
