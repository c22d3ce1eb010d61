//! Who may sign policies.

use super::signing_keys::read_signing_keys;
use super::trust::Trust;
use crate::document::Node;
use crate::jose::algorithm::Algorithm;
use crate::jose::detached::Detached;
use crate::jose::key_set::KeySet;
use crate::jose::verify::Verdict;
use crate::json::Json;
use crate::jwt::claims::names_type;

const MAX_REVISION: i64 = 1 << 53;

/// The keys whose signatures on policies count, of a trust document's `policyKeys`.
///
/// ```
/// use portcullis::Trust;
///
/// let trust = Trust::parse(r#"{ "policyKeys": { "minimumRevision": 12, "jwks": { "keys": [
///     { "kid": "release", "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" }] } } }"#)?;
/// assert_eq!(trust.policy_keys().map(|keys| keys.minimum_revision()), Some(12));
/// # Ok::<(), portcullis::ConfigError>(())
/// ```
#[derive(Debug)]
pub struct PolicyKeys {
    set: KeySet,
    minimum_revision: i64,
}

pub(super) fn read_policy_keys(root: &Node<'_>, trust: &Trust) -> Option<PolicyKeys> {
    let node = root.member("policyKeys")?;
    node.has_only(&["jwks", "minimumRevision"]);
    let minimum = node.member("minimumRevision");
    Some(PolicyKeys {
        set: read_signing_keys(&node, trust),
        minimum_revision: minimum.map_or(0, |minimum| minimum.number(0, MAX_REVISION, "0 to 2^53")),
    })
}

impl PolicyKeys {
    /// No earlier revision is taken, whoever signed it.
    pub const fn minimum_revision(&self) -> i64 {
        self.minimum_revision
    }

    /// The thumbprint of the key that made this detached signature over the payload.
    ///
    /// 1. `header..signature`; `typ` is `policy+jws`; neither `crit` nor `b64` is there (RFC 7515 §4.1.11, RFC 7797).
    /// 2. `alg` is `EdDSA` or `Ed25519`, and `kid` names one of the keys.
    /// 3. The signature is the key's.
    pub(crate) fn signer(&self, payload: &str, signature: &str) -> Option<String> {
        let jws = Detached::parse(signature, payload.as_bytes())?;
        let text = |name: &str| jws.header.member(name).and_then(Json::as_str);
        let is_plain = jws.header.member("crit").is_none() && jws.header.member("b64").is_none();
        let algorithm = Algorithm::from_name(text("alg")?)?;
        if !is_plain || algorithm != Algorithm::EdDsa || !names_type(text("typ")?, &["policy+jws"]) {
            return None;
        }
        let key = self.set.choose(Some(text("kid")?), algorithm).ok()?;
        let verdict = key.verifier(algorithm)?.verify(algorithm, jws.signing_input.as_bytes(), &jws.signature);
        if verdict == Verdict::Valid { key.thumbprint() } else { None }
    }

    /// Whether a key of that thumbprint is one of these.
    pub(crate) fn has(&self, thumbprint: &str) -> bool {
        self.set.keys.iter().any(|key| key.thumbprint().as_deref() == Some(thumbprint))
    }
}
