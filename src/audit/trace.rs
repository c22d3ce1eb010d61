//! A developer's trace: which checks a request has passed, in their order, and which it has not.

use super::DecisionEvent;
#[cfg(feature = "wasm")]
use crate::json::{Json, Object};

/// One check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The reason that its failure gives.
    pub check: String,
    /// Whether it did not fail. What did not apply has passed.
    pub passed: bool,
    /// Where it failed, the evidence.
    pub detail: Option<String>,
}

/// The checks of what a request presents, in their order.
const REQUEST: &[&str] =
    &["malformed_authorization", "malformed_api_key", "malformed_cookie", "multiple_credentials", "cross_site"];
/// Those of a token.
const TOKEN: &[&str] = &[
    "token_too_large",
    "token_malformed",
    "token_encrypted",
    "token_encoding",
    "token_json",
    "header_member",
    "algorithm_unsupported",
    "critical_header",
    "issuer_missing",
    "issuer_unknown",
    "typ_mismatch",
    "algorithm_not_allowed",
    "keys_unavailable",
    "key_required",
    "key_unknown",
    "key_ambiguous",
    "signature_unavailable",
    "signature_invalid",
    "introspection_unavailable",
    "token_inactive",
    "claim_missing",
    "claim_type",
    "audience_mismatch",
    "authorized_party_mismatch",
    "nonce_mismatch",
    "access_token_mismatch",
    "expired",
    "not_yet_valid",
    "issued_in_future",
    "too_old",
    "claim_value",
    "subject_conflict",
];
/// Those of what a token is bound to.
const BINDING: &[&str] = &[
    "binding_unsupported",
    "token_bound",
    "binding_missing",
    "certificate_missing",
    "certificate_malformed",
    "certificate_mismatch",
];
/// Those of a DPoP proof. Whether it was seen before is asked last of all.
const PROOF: &[&str] = &[
    "proof_missing",
    "proof_malformed",
    "proof_typ",
    "proof_algorithm",
    "proof_key",
    "proof_key_mismatch",
    "proof_signature",
    "proof_claim",
    "proof_method",
    "proof_url_unknown",
    "proof_url",
    "proof_time",
    "proof_nonce",
    "proof_token",
];
const REVOCATION: &[&str] = &["revoked", "revocation_unavailable"];
const REPLAY: &[&str] = &["proof_replayed", "replay_unavailable"];
/// Those of a break-glass grant.
const BREAK_GLASS: &[&str] = &["break_glass_invalid", "break_glass_expired", "break_glass_subject"];
/// Those of an API key.
const API_KEY: &[&str] = &[
    "api_key_malformed",
    "api_key_checksum",
    "api_key_unavailable",
    "api_key_unknown",
    "api_key_expired",
    "api_key_revoked",
    "revocation_unavailable",
];

/// What a request presented, as far as its event tells.
#[derive(Clone, Copy, PartialEq)]
enum Presented {
    Token,
    ApiKey,
    Nothing,
}

impl DecisionEvent {
    /// The checks of this decision in their order, up to the one that failed. Of the policy's decision only the reason
    /// stands here: [`Guard::explain`](crate::Guard::explain) takes it apart. Not for the caller.
    pub fn trace(&self) -> Vec<Check> {
        let is_service = self.subject.as_ref().is_some_and(|subject| subject.kind == "service");
        let presented = match (&self.token, is_service) {
            (Some(_), _) => Presented::Token,
            (None, true) => Presented::ApiKey,
            (None, false) => Presented::Nothing,
        };
        checks(self.reason, (self.status.is_none(), self.detail.as_deref()), presented)
    }
}

/// The trace of an event that has become JSON.
#[cfg(feature = "wasm")]
pub(crate) fn trace(event: &Json) -> Option<Json> {
    let is_service = event.member("subject").and_then(|subject| subject.member("kind")?.as_str()) == Some("service");
    let presented = match (event.member("token"), is_service) {
        (Some(Json::Object(_)), _) => Presented::Token,
        (_, true) => Presented::ApiKey,
        _ => Presented::Nothing,
    };
    let detail = event.member("detail").and_then(Json::as_str);
    let is_allowed = event.member("status") == Some(&Json::Null);
    let checks = checks(event.member("reason")?.as_str()?, (is_allowed, detail), presented);
    Some(checks.into_iter().map(Check::into_json).collect::<Vec<_>>().into())
}

impl Check {
    #[cfg(feature = "wasm")]
    fn into_json(self) -> Object {
        let told = Object::new().with("check", self.check.as_str()).with("passed", self.passed);
        if self.passed { told } else { told.with("detail", self.detail) }
    }
}

/// `end` is whether the request was allowed, and the evidence of the reason.
fn checks(reason: &str, end: (bool, Option<&str>), presented: Presented) -> Vec<Check> {
    let of_token = [REQUEST, TOKEN, BINDING, PROOF, REVOCATION, REPLAY, BREAK_GLASS];
    let of_api_key = [REQUEST, API_KEY, BREAK_GLASS];
    let is_api_key = presented == Presented::ApiKey || reason.starts_with("api_key_");
    let has_failed = |list: &&[&str]| list.contains(&reason);
    let lists: &[&[&str]] = if is_api_key {
        &of_api_key
    } else if presented == Presented::Token || of_token.iter().any(has_failed) {
        &of_token
    } else {
        &[REQUEST]
    };
    let mut checks = Vec::new();
    for check in lists.iter().flat_map(|list| list.iter()).take_while(|check| **check != reason) {
        checks.push(Check { check: (*check).to_owned(), passed: true, detail: None });
    }
    let (passed, detail) = end;
    checks.push(Check { check: reason.to_owned(), passed, detail: detail.map(str::to_owned) });
    checks
}
