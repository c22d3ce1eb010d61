//! (docs follow)
mod audit;
mod authn;
mod authz;
mod base64url;
mod credential;
mod digest;
mod document;
mod guard;
mod jose;
pub mod json;
mod jwt;
mod principal;
mod rejection;
mod request;
mod sorted;
mod time;
pub use audit::{DecisionEvent, EventPolicy, EventSubject, EventToken};
pub use authn::AuthnError;
pub use authn::api_key::ApiKeyError;
pub use authn::trust::Trust;
pub use authz::decision::{Decision, Denial, Effect, Instance};
pub use authz::explain::{Compared, Explanation, GrantPath};
pub use authz::policy::Policy;
pub use credential::CredentialError;
pub use document::{ConfigError, Document, Problem};
pub use guard::{AccessRequest, Answer, Ask, Grant, Guard, Need, Outcome, Refused};
pub use jose::algorithm::Algorithm;
pub use json::{Json, JsonError};
pub use jwt::TokenError;
pub use principal::{Kind, Principal, Subject, TokenFacts};
pub use rejection::{Cause, Challenge, Refusal, Rejection, Row, TABLE};
pub use request::Request;
pub use time::UnixTime;

#[cfg(feature = "tower")]
pub mod tower;
#[cfg(feature = "wasm")]
pub mod wasm;
