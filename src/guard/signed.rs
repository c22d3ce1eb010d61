//! Signed policies: who signed one, and whether this guard's trust document wants that.

use super::{ConfigError, Policy, Trust};
use crate::authn::policy_keys::PolicyKeys;
use crate::document::{self, Document, Problem};
use crate::json::Json;

/// Beyond it RFC 8785 writes the digits of the nearest double.
const MAX_EXACT: i64 = 1 << 53;

fn fail(path: &str, problem: Problem) -> ConfigError {
    ConfigError { document: Document::Policy, path: path.to_owned(), problem }
}

impl Policy {
    /// Reads a policy document that somebody has signed: nothing of it counts before its signature does.
    ///
    /// `signature` is a detached JWS (RFC 7515, appendix F) over the canonical JSON of the document (RFC 8785), with the
    /// header members `alg` (`EdDSA` or `Ed25519`), `kid` and `typ` (`policy+jws`).
    ///
    /// # Errors
    /// [`ConfigError`] `signature_invalid`, and what [`Policy::parse`] refuses.
    ///
    /// ```
    /// use portcullis::{Policy, Trust};
    ///
    /// let trust = Trust::parse(r#"{ "policyKeys": { "jwks": { "keys": [
    ///     { "kid": "release", "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" }] } } }"#)?;
    /// let keys = trust.policy_keys().expect("there are some");
    /// let error = Policy::parse_signed(r#"{ "policy": "blog", "revision": 1 }"#, "e30..AAAA", keys).unwrap_err();
    /// assert_eq!(error.code(), "signature_invalid");
    /// # Ok::<(), portcullis::ConfigError>(())
    /// ```
    pub fn parse_signed(text: &str, signature: &str, keys: &PolicyKeys) -> Result<Self, ConfigError> {
        let json = document::parse(Document::Policy, text).map_err(|fault| *fault)?;
        if !is_exact(&json) {
            let wanted = "without fractions, exponents and numbers beyond 2^53, where it is signed";
            return Err(fail("", Problem::BadValue { wanted }));
        }
        let signer = keys.signer(&json.to_canonical_text(), signature);
        let signer = signer.ok_or_else(|| fail("", Problem::SignatureInvalid))?;
        Self::from_json(&json).map(|policy| policy.signed_by(signer))
    }
}

/// Whether its canonical text is that of RFC 8785: other numbers are written here as they were read.
fn is_exact(json: &Json) -> bool {
    match json {
        Json::Decimal(_) => false,
        Json::Integer(number) => (-MAX_EXACT..=MAX_EXACT).contains(number),
        Json::Array(items) => items.iter().all(is_exact),
        Json::Object(object) => object.iter().all(|(_, value)| is_exact(value)),
        Json::Null | Json::Bool(_) | Json::String(_) => true,
    }
}

impl Trust {
    /// The keys that sign policies, where the document has `policyKeys`.
    pub const fn policy_keys(&self) -> Option<&PolicyKeys> {
        self.policy_keys.as_ref()
    }

    /// Reads a policy document with its signature, which must be there where the document has `policyKeys`, and only
    /// there.
    ///
    /// # Errors
    /// [`ConfigError`] `signature_missing`, `signature_unexpected`, and what [`Policy::parse_signed`] refuses.
    pub fn read_policy(&self, text: &str, signature: Option<&str>) -> Result<Policy, ConfigError> {
        match (&self.policy_keys, signature) {
            (Some(keys), Some(signature)) => Policy::parse_signed(text, signature, keys),
            (None, None) => Policy::parse(text),
            (Some(_), None) => Err(fail("", Problem::SignatureMissing)),
            (None, Some(_)) => Err(fail("", Problem::SignatureUnexpected)),
        }
    }
}

/// That the policy was signed by one of the trust document's keys, where it has any, and by nobody where it has none: it
/// would be taken for checked. And that it is not one of before.
pub(super) fn check_signature(policy: &Policy, trust: &Trust) -> Result<(), ConfigError> {
    match (&trust.policy_keys, policy.signer()) {
        (None, None) => Ok(()),
        (None, Some(_)) => Err(fail("", Problem::SignatureUnexpected)),
        (Some(_), None) => Err(fail("", Problem::SignatureMissing)),
        (Some(keys), Some(signer)) if !keys.has(signer) => Err(fail("", Problem::SignatureInvalid)),
        (Some(keys), Some(_)) if policy.revision() < keys.minimum_revision() => {
            Err(fail("revision", Problem::RevisionNotNewer))
        }
        (Some(_), Some(_)) => Ok(()),
    }
}
