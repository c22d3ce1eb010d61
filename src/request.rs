//! What the guard sees of a request: method, URL and a few headers. Nothing is decided here.

use crate::grammar::Class;
use crate::json::Object;
use std::borrow::Cow;

/// A request, as far as the guard reads it.
///
/// Header names are compared without case. A host hands over at least the headers that
/// [`Guard::headers`](crate::Guard::headers) names.
///
/// ```
/// use portcullis::Request;
///
/// let request = Request::new("GET", "https://blog.example/articles/7?page=2").header("authorization", "Bearer a.b.c");
/// assert_eq!(request.method(), "GET");
/// ```
#[derive(Clone)]
pub struct Request<'a> {
    method: &'a str,
    url: &'a str,
    headers: Vec<(&'a str, Cow<'a, str>)>,
    circumstances: Circumstances<'a>,
}

/// What the host knows beside what the request says.
#[derive(Debug, Clone, Copy, Default)]
struct Circumstances<'a> {
    justification: Option<&'a str>,
    context: Option<&'a Object>,
    nonce: Option<&'a str>,
    access_token: Option<&'a str>,
    /// The authority of the URL is what the sender says.
    #[cfg(feature = "full")]
    is_senders_authority: bool,
}

impl<'a> Request<'a> {
    /// A request without headers. `url` is absolute, or the path with its query, percent-encoded as it came.
    pub const fn new(method: &'a str, url: &'a str) -> Self {
        let circumstances = Circumstances {
            justification: None,
            context: None,
            nonce: None,
            access_token: None,
            #[cfg(feature = "full")]
            is_senders_authority: false,
        };
        Self { method, url, headers: Vec::new(), circumstances }
    }

    /// The same with one more header field. A second field of one name is joined to the first with a comma,
    /// as `Headers` of the Fetch standard does (RFC 9110 §5.3), and with a semicolon for `cookie` (RFC 9113 §8.2.3).
    #[must_use]
    pub fn header(mut self, name: &'a str, value: impl Into<Cow<'a, str>>) -> Self {
        let value = value.into();
        match self.headers.iter_mut().find(|(own, _)| own.eq_ignore_ascii_case(name)) {
            Some((_, first)) => {
                let joined = first.to_mut();
                joined.push_str(if name.eq_ignore_ascii_case("cookie") { "; " } else { ", " });
                joined.push_str(&value);
            }
            None => self.headers.push((name, value)),
        }
        self
    }

    /// The same with a justification that the host knows of; it stands before the header `x-justification`.
    #[must_use]
    pub const fn justified_by(mut self, justification: &'a str) -> Self {
        self.circumstances.justification = Some(justification);
        self
    }

    /// The same with the attributes of the context that conditions may read: what the host knows, and not the sender.
    #[must_use]
    pub const fn context(mut self, context: &'a Object) -> Self {
        self.circumstances.context = Some(context);
        self
    }

    /// The same with the `nonce` that the ID token must repeat: what the authentication request sent along (OpenID
    /// Connect Core §3.1.2.1). For issuers of the profile `id-token`.
    #[must_use]
    pub const fn nonce(mut self, nonce: &'a str) -> Self {
        self.circumstances.nonce = Some(nonce);
        self
    }

    /// The same with the access token that came with the ID token, for its `at_hash` (OpenID Connect Core §3.1.3.8).
    /// For issuers of the profile `id-token`.
    #[must_use]
    pub const fn access_token(mut self, token: &'a str) -> Self {
        self.circumstances.access_token = Some(token);
        self
    }

    pub(crate) const fn justification(&self) -> Option<&'a str> {
        self.circumstances.justification
    }

    pub(crate) const fn known_context(&self) -> Option<&'a Object> {
        self.circumstances.context
    }

    pub(crate) const fn expected_nonce(&self) -> Option<&'a str> {
        self.circumstances.nonce
    }

    pub(crate) const fn expected_access_token(&self) -> Option<&'a str> {
        self.circumstances.access_token
    }

    /// The method as it came. It is compared as it is: methods are case-sensitive (RFC 9110 §9.1).
    pub const fn method(&self) -> &'a str {
        self.method
    }

    /// The value under that header name.
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_ref())
    }

    /// The path, without query and fragment; `None` where the URL has none, or a form that two readers could
    /// take for two paths.
    pub(crate) fn raw_path(&self) -> Option<&'a str> {
        let path = if self.url.starts_with('/') { self.url } else { self.absolute()?.1 };
        let path = path.split(['?', '#']).next()?;
        Some(if path.is_empty() { "/" } else { path })
    }

    /// The same where the URL's authority, if it has one, is the sender's word (`Host`, `:authority`, or a target in
    /// absolute form, RFC 9112 §3.2.2): no proof is compared with it.
    #[cfg(feature = "tower")]
    pub(crate) fn by_senders_authority(mut self) -> Self {
        self.circumstances.is_senders_authority = true;
        self
    }

    /// The URL, where it is absolute and its authority is this service's own.
    #[cfg(feature = "full")]
    pub(crate) fn absolute_url(&self) -> Option<&'a str> {
        self.absolute().filter(|_| !self.circumstances.is_senders_authority).map(|_| self.url)
    }

    /// The scheme and authority of an absolute URL.
    pub(crate) fn origin(&self) -> Option<&'a str> {
        self.absolute().map(|(origin, _)| origin)
    }

    /// An absolute URL as its origin and the rest. Only http and https, in any case; an authority of host and port
    /// alone, so that no reader finds another path behind it.
    fn absolute(&self) -> Option<(&'a str, &'a str)> {
        let (scheme, rest) = split_scheme(self.url)?;
        let is_http = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
        let (origin, path) = split_origin(self.url)?;
        let authority = rest.strip_suffix(path)?;
        let has_host = authority.bytes().any(|byte| byte.is_ascii_alphanumeric());
        if !is_http || !has_host || !Class::AUTHORITY.holds(authority) {
            return None;
        }
        Some((origin, path))
    }

    /// Whether the query has a parameter of that name (RFC 6750 §2.3).
    pub(crate) fn query_has(&self, name: &str) -> bool {
        let url = self.url.split('#').next().unwrap_or("");
        let Some((_, query)) = url.split_once('?') else { return false };
        query.split('&').any(|pair| pair.split('=').next() == Some(name))
    }
}

/// Scheme with authority, and what stands behind them.
pub(crate) fn split_origin(url: &str) -> Option<(&str, &str)> {
    let (_, rest) = split_scheme(url)?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    url.split_at_checked(url.len() - rest.len() + end)
}

/// Scheme, and what stands behind `://`.
pub(crate) fn split_scheme(url: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = url.split_once(':')?;
    Some((scheme, rest.strip_prefix("//")?))
}
