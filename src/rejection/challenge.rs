//! The `WWW-Authenticate` field, and the metadata that it points to.

use super::{Cause, Challenge, Row};
use crate::authn::trust::Trust;
use crate::authz::decision::Denial;
use crate::credential::Scheme;
use crate::digits;
use crate::grammar::joined;
#[cfg(feature = "full")]
use crate::json::{Json, Object};
#[cfg(feature = "full")]
use crate::request::split_origin;

/// What stands directly behind the authority in the URL of a protected resource's metadata (RFC 9728 §3.1).
#[cfg(feature = "full")]
const WELL_KNOWN: &str = "/.well-known/oauth-protected-resource";

/// The schemes that a trust document knows, and what their challenges say.
#[derive(Debug)]
pub(crate) struct Schemes {
    pub(super) bearer: bool,
    /// The algorithms of proofs, where DPoP is known.
    pub(super) dpop: Option<String>,
    pub(super) api_key: bool,
    pub(super) realm: String,
    pub(super) resource_metadata: Option<String>,
}

impl Schemes {
    /// Bearer is named where nothing is known too: a 401 must have a challenge (RFC 9110 §15.5.2).
    pub(crate) fn of(trust: &Trust) -> Self {
        let api_key = !trust.api_keys.is_empty();
        #[cfg(feature = "full")]
        let api_key = api_key || trust.api_key_store.is_some();
        let has_bearer = !trust.issuers.is_empty() && !trust.wants_dpop_always();
        let has_none = trust.issuers.is_empty() && !api_key;
        Self {
            bearer: has_bearer || has_none,
            dpop: trust.proof_algorithms().map(|names| names.join(" ")),
            api_key,
            realm: trust.realm.clone(),
            resource_metadata: trust.resource_metadata.clone(),
        }
    }

    /// `scheme` is how the token came.
    pub(super) fn challenge(&self, row: &Row, cause: &Cause, scheme: Scheme) -> Option<String> {
        let bearer = |error| self.parameters("Bearer", error, row.message, cause);
        let dpop = |error| self.parameters("DPoP", error, row.message, cause);
        let mut challenges = Vec::new();
        let (error, has_api_key) = match row.challenge {
            Challenge::None => return None,
            Challenge::Bare => (None, self.api_key),
            Challenge::All(error) => (Some(error), self.api_key),
            Challenge::Token(error) if scheme == Scheme::Bearer && (self.bearer || self.dpop.is_none()) => {
                challenges.push(bearer(Some(error)));
                if self.dpop.is_some() {
                    challenges.push(dpop(None));
                }
                return Some(joined(&challenges, ", "));
            }
            Challenge::Token(error) | Challenge::Dpop(error) => return Some(dpop(Some(error))),
            Challenge::ApiKey => return Some(self.parameters("ApiKey", None, "", cause)),
        };
        if self.bearer {
            challenges.push(bearer(error));
        }
        if self.dpop.is_some() {
            challenges.push(dpop(error));
        }
        if has_api_key {
            challenges.push(self.parameters("ApiKey", None, "", cause));
        }
        Some(joined(&challenges, ", "))
    }

    /// RFC 6750 §3, with the parameters of RFC 9470 §3, RFC 9449 §7.1 and RFC 9728 §5.1. The scheme of API keys has a
    /// realm alone.
    fn parameters(&self, scheme: &str, error: Option<&str>, message: &str, cause: &Cause) -> String {
        let mut parameters = [scheme, " realm=", &quoted(&self.realm)].concat();
        let mut add = |name: &str, value: &str| {
            for piece in [", ", name, "=", &quoted(value)] {
                parameters.push_str(piece);
            }
        };
        if scheme == "ApiKey" {
            return parameters;
        }
        if let Some(error) = error {
            add("error", error);
            add("error_description", message);
            match cause {
                Cause::Denied(Denial::ScopeMissing { scope }) => add("scope", scope),
                Cause::Denied(Denial::Elevation { acr, max_age }) => {
                    if !acr.is_empty() {
                        add("acr_values", &joined(acr, " "));
                    }
                    if let Some(seconds) = max_age {
                        add("max_age", &digits::of(*seconds));
                    }
                }
                _ => {}
            }
        }
        if let Some(algorithms) = self.dpop.as_ref().filter(|_| scheme == "DPoP") {
            add("algs", algorithms);
        }
        if let Some(url) = &self.resource_metadata {
            add("resource_metadata", url);
        }
        parameters
    }
}

/// The metadata of the protected resource (RFC 9728 §2); `None` where nothing says which resource it is.
#[cfg(feature = "full")]
pub(crate) fn resource_metadata(trust: &Trust, schemes: &Schemes, scopes: &[&str]) -> Option<Json> {
    let url = schemes.resource_metadata.as_deref()?;
    let (origin, path) = split_origin(url)?;
    let path = path.strip_prefix(WELL_KNOWN).filter(|path| path.is_empty() || path.starts_with('/'))?;
    let mut metadata = Object::new()
        .with("resource", [origin, path].concat())
        .with("authorization_servers", trust.authorization_servers());
    if schemes.bearer {
        metadata.set("bearer_methods_supported", vec!["header"]);
    }
    if !scopes.is_empty() {
        metadata.set("scopes_supported", scopes.to_vec());
    }
    if trust.wants_certificates_always() {
        metadata.set("tls_client_certificate_bound_access_tokens", true);
    }
    if let Some(algorithms) = trust.proof_algorithms() {
        metadata.set("dpop_signing_alg_values_supported", algorithms);
        if trust.wants_dpop_always() {
            metadata.set("dpop_bound_access_tokens_required", true);
        }
    }
    Some(metadata.into())
}

/// `quoted-string`, RFC 9110 §5.6.4. What does not belong in one is left out: it cannot end the field.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars().filter(|character| *character == ' ' || character.is_ascii_graphic()) {
        if matches!(character, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(character);
    }
    quoted.push('"');
    quoted
}
