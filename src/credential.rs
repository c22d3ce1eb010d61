//! What a request presents to prove who sends it. Read and counted here, believed nowhere yet.
//!
//! 1. Each place where a credential may stand is read: the token header, the API key header, the cookie.
//! 2. A place that holds something malformed refuses the request (RFC 6750 §3.1, `invalid_request`).
//! 3. More than one credential refuses the request (RFC 6750 §2): which one counts must not be a guess.
//! 4. A cookie, which browsers send unasked, counts on an unsafe method only where the request proves
//!    that it comes from the same origin.

use core::fmt;

use crate::grammar::{Class, is_token, trimmed, trimmed_end};
use crate::request::{Request, split_scheme};

/// Where credentials stand in a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Places {
    /// The header that holds the token. `authorization` means the Bearer scheme, and DPoP where that is known; any
    /// other the bare token.
    pub(crate) token_header: String,
    /// The header that holds an API key, where API keys are known.
    pub(crate) api_key_header: Option<String>,
    /// The cookie that holds a token, where one may.
    pub(crate) cookie: Option<String>,
    /// The DPoP scheme is known.
    pub(crate) dpop: bool,
}

/// How a token came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Scheme {
    /// As RFC 6750 has it, or bare in a header or cookie of its own.
    #[default]
    Bearer,
    /// With a proof that the sender holds a key (RFC 9449 §7.1).
    Dpop,
}

/// The one credential of a request.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Credential<'a> {
    /// None, or one of a scheme that nobody here knows (RFC 6750 §3.1: as if there were none).
    None { unsupported_scheme: bool },
    /// A token, from the header or the cookie.
    Token(&'a str, Scheme),
    /// An API key.
    ApiKey(&'a str),
}

/// A credential is never printed.
impl fmt::Debug for Credential<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None { .. } => "None",
            Self::Token(..) => "Token(…)",
            Self::ApiKey(_) => "ApiKey(…)",
        })
    }
}

/// Why a request's credentials are refused before anybody looks at what they say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CredentialError {
    /// The token header is not one Bearer credential.
    MalformedAuthorization,
    /// The API key header is not one key.
    MalformedApiKey,
    /// The cookie does not hold a token.
    MalformedCookie,
    /// More than one credential.
    Multiple,
    /// A cookie on an unsafe request that does not prove its origin.
    CrossSite,
}

impl CredentialError {
    /// The internal reason.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::MalformedAuthorization => "malformed_authorization",
            Self::MalformedApiKey => "malformed_api_key",
            Self::MalformedCookie => "malformed_cookie",
            Self::Multiple => "multiple_credentials",
            Self::CrossSite => "cross_site",
        }
    }
}

/// Finds the one credential of a request.
pub(crate) fn read<'a>(request: &'a Request<'_>, places: &Places) -> Result<Credential<'a>, CredentialError> {
    let authorization = read_token_header(request, places)?;
    let api_key = match &places.api_key_header {
        Some(name) => read_api_key_header(request, name)?,
        None => None,
    };
    let cookie = match &places.cookie {
        Some(name) => read_cookie(request, name)?,
        None => None,
    };
    let unsupported_scheme = authorization == Some(Authorization::OtherScheme);
    let presented = [authorization.is_some(), api_key.is_some(), cookie.is_some()];
    let count = presented.into_iter().filter(|presented| *presented).count();
    if count > 1 || (count == 1 && request.query_has("access_token")) {
        return Err(CredentialError::Multiple);
    }
    // A WebSocket begins with a safe GET, and then does what it likes.
    let is_unsafe = !is_safe(request.method()) || request.field("upgrade").is_some();
    if cookie.is_some() && is_unsafe && !is_same_origin(request) {
        return Err(CredentialError::CrossSite);
    }
    Ok(match (authorization, api_key, cookie) {
        (Some(Authorization::Token(token, scheme)), _, _) => Credential::Token(token, scheme),
        (_, _, Some(token)) => Credential::Token(token, Scheme::Bearer),
        (_, Some(key), _) => Credential::ApiKey(key),
        _ => Credential::None { unsupported_scheme },
    })
}

#[derive(Clone, Copy, PartialEq)]
enum Authorization<'a> {
    Token(&'a str, Scheme),
    OtherScheme,
}

fn read_token_header<'a>(
    request: &'a Request<'_>,
    places: &Places,
) -> Result<Option<Authorization<'a>>, CredentialError> {
    let Some(value) = request.field(&places.token_header) else { return Ok(None) };
    let value = trimmed(value, b" \t");
    let is_bare = places.token_header != "authorization";
    let token = |text: &'a str, scheme| {
        let is_token = if is_bare { is_padded_token(text) } else { is_b64token(text) };
        if is_token {
            Ok(Some(Authorization::Token(text, scheme)))
        } else {
            Err(CredentialError::MalformedAuthorization)
        }
    };
    if is_bare {
        return token(value, Scheme::Bearer);
    }
    let (scheme, rest) = value.split_once(' ').unwrap_or((value, ""));
    if !is_token(scheme) {
        return Err(CredentialError::MalformedAuthorization);
    }
    let known = |scheme: &str| match scheme {
        bearer if bearer.eq_ignore_ascii_case("bearer") => Some(Scheme::Bearer),
        dpop if places.dpop && dpop.eq_ignore_ascii_case("dpop") => Some(Scheme::Dpop),
        _ => None,
    };
    if let Some(scheme) = known(scheme) {
        return token(trimmed(rest, b" "), scheme);
    }
    // A credential behind a comma is a second field that the host has joined.
    let hides_known = rest.split(',').any(|part| {
        let scheme = trimmed(part, b" \t").split(' ').next();
        scheme.is_some_and(|scheme| known(scheme).is_some())
    });
    if hides_known { Err(CredentialError::MalformedAuthorization) } else { Ok(Some(Authorization::OtherScheme)) }
}

fn read_api_key_header<'a>(request: &'a Request<'_>, name: &str) -> Result<Option<&'a str>, CredentialError> {
    let Some(value) = request.field(name) else { return Ok(None) };
    let value = trimmed(value, b" \t");
    // A comma would be two fields that the host has joined (RFC 9110 §5.3).
    let is_key = !value.is_empty() && Class::KEY.holds(value);
    if is_key { Ok(Some(value)) } else { Err(CredentialError::MalformedApiKey) }
}

/// RFC 6265 §4.2.1: pairs behind `;`. Two pairs of the name are two credentials.
fn read_cookie<'a>(request: &'a Request<'_>, name: &str) -> Result<Option<&'a str>, CredentialError> {
    let Some(header) = request.field("cookie") else { return Ok(None) };
    let mut values = header.split(';').filter_map(|pair| {
        let (own, value) = pair.split_once('=')?;
        (trimmed(own, b" \t") == name).then(|| trimmed(value, b" \t"))
    });
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) if is_padded_token(value) => Ok(Some(value)),
        (Some(_), None) => Err(CredentialError::MalformedCookie),
        (Some(_), Some(_)) => Err(CredentialError::Multiple),
    }
}

/// `b64token`, RFC 6750 §2.1.
fn is_b64token(text: &str) -> bool {
    let bare = trimmed_end(text, b"=");
    !bare.is_empty() && Class::B64.holds(bare)
}

/// The same with equals signs inside too, as load balancers write tokens into headers of their own.
fn is_padded_token(text: &str) -> bool {
    !text.starts_with('=') && !text.is_empty() && Class::PADDED.holds(text)
}

/// RFC 9110 §9.2.1.
fn is_safe(method: &str) -> bool {
    matches!(method, "GET" | "HEAD" | "OPTIONS" | "TRACE")
}

/// 1. `Sec-Fetch-Site` decides where it is there: `same-origin`, or `none` (the user typed the address).
/// 2. Else `Origin` must be the origin of the request's URL, or, where the URL has none, of its `Host`.
/// 3. Neither: nothing proves the origin.
fn is_same_origin(request: &Request<'_>) -> bool {
    if let Some(site) = request.field("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = request.field("origin") else { return false };
    match request.origin() {
        Some(own) => own.eq_ignore_ascii_case(origin),
        None => match (split_scheme(origin), request.field("host")) {
            (Some(("https" | "http", authority)), Some(host)) => authority.eq_ignore_ascii_case(host),
            _ => false,
        },
    }
}
