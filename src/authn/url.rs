//! URLs that the host may be sent to.

use crate::document::{Node, Problem};
use crate::grammar::Class;
use crate::request::split_scheme;

/// An https URL; http on a loopback address, for development.
pub(super) fn secure_url<'a>(node: &Node<'a>) -> &'a str {
    let url = node.printable();
    if let Err(problem) = check(url) {
        node.refuse(problem);
    }
    url
}

/// The same without query and fragment, as an identifier or the beginning of others.
pub(super) fn base_url<'a>(node: &Node<'a>) -> &'a str {
    let url = secure_url(node);
    if url.contains(['?', '#']) {
        node.bad("a URL without query and fragment");
    }
    url
}

/// Whether the host may be sent there.
pub(super) fn is_secure(url: &str) -> bool {
    check(url).is_ok()
}

/// Whether it is http, which only a loopback address may be.
pub(super) fn is_loopback_http(url: &str) -> bool {
    url.starts_with("http:")
}

/// A URL in the one spelling that is compared (RFC 9449 §4.3): without query and fragment; scheme and host in lower
/// case, no default port, no empty path (RFC 3986 §6.2.3); no escape of a character that needs none, and those that
/// are in upper case (§6.2.2). `None` where it is no http or https URL with a host alone.
#[cfg(feature = "full")]
pub(super) fn normalised(url: &str) -> Option<String> {
    let (scheme, rest) = split_scheme(url)?;
    let scheme = scheme.to_ascii_lowercase();
    let default_port = match scheme.as_str() {
        "https" => ":443",
        "http" => ":80",
        _ => return None,
    };
    let rest = rest.split(['?', '#']).next()?;
    let (authority, path) = rest.split_at_checked(rest.find('/').unwrap_or(rest.len()))?;
    let authority = authority.to_ascii_lowercase();
    let host = authority.strip_suffix(default_port).or_else(|| authority.strip_suffix(':')).unwrap_or(&authority);
    if host.is_empty() || host.contains('@') {
        return None;
    }
    let path = if path.is_empty() { "/" } else { path };
    Some([&scheme, "://", host, &normalised_escapes(path)?].concat())
}

#[cfg(feature = "full")]
fn normalised_escapes(path: &str) -> Option<String> {
    let mut parts = path.split('%');
    let mut normalised = parts.next()?.to_owned();
    for part in parts {
        let pair = part.get(..2).filter(|pair| pair.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let value = pair.and_then(|pair| u8::from_str_radix(pair, 16).ok());
        match (value, pair) {
            (Some(byte), _) if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => {
                normalised.push(char::from(byte));
                normalised.push_str(part.get(2..)?);
            }
            (Some(_), Some(pair)) => {
                normalised.push('%');
                normalised.push_str(&pair.to_ascii_uppercase());
                normalised.push_str(part.get(2..)?);
            }
            // No escape; it stands for itself, and is compared as it is.
            _ => {
                normalised.push('%');
                normalised.push_str(part);
            }
        }
    }
    Some(normalised)
}

fn check(url: &str) -> Result<(), Problem> {
    let no_url = Problem::BadValue { wanted: "a URL" };
    if !Class::URL.holds(url) {
        return Err(no_url);
    }
    let Some((scheme, rest)) = split_scheme(url) else { return Err(no_url) };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or("");
    match scheme {
        "https" if authority.is_empty() || authority.contains('@') => {
            Err(Problem::BadValue { wanted: "a URL with a host and without user information" })
        }
        "https" => Ok(()),
        "http" if is_loopback(authority) => Ok(()),
        _ => Err(Problem::InsecureUri),
    }
}

/// `localhost`, 127.0.0.0/8 or ::1, with or without a port.
fn is_loopback(authority: &str) -> bool {
    if let Some(rest) = authority.strip_prefix("[::1]") {
        return rest.is_empty() || rest.strip_prefix(':').is_some_and(|port| Class::DIGIT.holds(port));
    }
    let (host, port) = authority.split_once(':').unwrap_or((authority, ""));
    let is_host = host == "localhost" || (host.starts_with("127.") && Class::IPV4.holds(host));
    is_host && Class::DIGIT.holds(port)
}
