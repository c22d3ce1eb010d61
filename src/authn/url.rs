//! URLs that the host may be sent to.

use crate::document::{Fault, Node, Problem};
use crate::request::split_scheme;

/// An https URL; http on a loopback address, for development.
pub(super) fn secure_url(node: &Node<'_>) -> Result<String, Fault> {
    let url = node.printable()?;
    if url.contains([' ', '\\', '"', '<', '>']) {
        return Err(node.fail(Problem::BadValue { wanted: "a URL" }));
    }
    let (scheme, rest) = split_scheme(&url).ok_or_else(|| node.fail(Problem::BadValue { wanted: "a URL" }))?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or("");
    match scheme {
        "https" if authority.is_empty() || authority.contains('@') => {
            Err(node.fail(Problem::BadValue { wanted: "a URL with a host and without user information" }))
        }
        "https" => Ok(url),
        "http" if is_loopback(authority) => Ok(url),
        _ => Err(node.fail(Problem::InsecureUri)),
    }
}

/// `localhost`, 127.0.0.0/8 or ::1, with or without a port.
fn is_loopback(authority: &str) -> bool {
    if let Some(rest) = authority.strip_prefix("[::1]") {
        return rest.is_empty()
            || rest.strip_prefix(':').is_some_and(|port| port.bytes().all(|byte| byte.is_ascii_digit()));
    }
    let (host, port) = authority.split_once(':').unwrap_or((authority, ""));
    let is_ipv4 = |host: &str| host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let is_host = host == "localhost" || (host.starts_with("127.") && is_ipv4(host));
    is_host && port.bytes().all(|byte| byte.is_ascii_digit())
}
