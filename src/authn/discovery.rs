//! Discovery: an issuer's metadata says where its keys are (OpenID Connect Discovery 1.0, RFC 8414).

use super::url::{is_loopback_http, is_secure};
use crate::json::{Json, Limits};
use crate::request::split_origin;

/// The URL of an issuer's metadata. The issuer is a URL without query and fragment.
pub(super) fn metadata_url(issuer: &str, form: Form) -> String {
    let issuer = issuer.strip_suffix('/').unwrap_or(issuer);
    match form {
        Form::OpenId => [issuer, "/.well-known/openid-configuration"].concat(),
        Form::OAuth => {
            let (origin, path) = split_origin(issuer).unwrap_or((issuer, ""));
            [origin, "/.well-known/oauth-authorization-server", path].concat()
        }
    }
}

/// Where the well-known part stands.
#[derive(Clone, Copy)]
pub(super) enum Form {
    /// Behind the issuer (OpenID Connect Discovery 1.0 §4.1).
    OpenId,
    /// Between its host and its path (RFC 8414 §3.1).
    OAuth,
}

/// The `jwks_uri` of metadata that speak of exactly this issuer (OpenID Connect Discovery 1.0 §4.3, RFC 8414 §3.3).
/// An issuer on the network sends nobody to a loopback address, and metadata are no key set.
pub(super) fn read_metadata(text: &[u8], issuer: &str, own_url: &str) -> Option<String> {
    let metadata = Json::parse_within(text, Limits::KEY_SET).ok()?;
    let url = metadata.member("jwks_uri")?.as_str()?;
    let is_same = metadata.member("issuer")?.as_str() == Some(issuer);
    let is_allowed = url != own_url && is_secure(url) && (!is_loopback_http(url) || is_loopback_http(issuer));
    (is_same && is_allowed).then(|| url.to_owned())
}
