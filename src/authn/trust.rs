//! The trust document: whom we believe, and how far. It may hold secrets.

use core::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use super::api_key::ApiKey;
use super::key_source::{FetchedKeys, KeySource};
use crate::base64url;
use crate::credential::Places;
use crate::document::{self, ConfigError, Document, Fault, Node, Problem};
use crate::jose::algorithm::Algorithm;
use crate::jose::key::{Key, KeyError};
use crate::jose::key_set::{KeySet, MAX_KEYS};
use crate::json::{Json, Object};
use crate::jwt::claims::{Expectations, Profile};
use crate::principal::{Kind, Principal, Subject};
use crate::request::split_scheme;
use crate::time::UnixTime;

const MAX_ISSUERS: usize = 100;
const MAX_API_KEYS: usize = 10_000;
const MAX_NAMES: usize = 1_000;
const DEFAULT_LEEWAY_SECONDS: i64 = 60;
const MAX_LEEWAY_SECONDS: i64 = 600;
/// Ten years.
const MAX_AGE_SECONDS: i64 = 315_360_000;
const MAX_TIME: i64 = 1 << 53;

/// Whom the guard believes: issuers of tokens, holders of API keys, and what a guest is.
pub struct Trust {
    pub(crate) issuers: Vec<Issuer>,
    pub(crate) api_keys: Vec<ApiKey>,
    pub(crate) guest: Arc<Principal>,
    pub(crate) places: Places,
    pub(crate) realm: String,
    pub(crate) resource_metadata: Option<String>,
    next_key_number: AtomicU32,
}

/// An issuer of tokens.
#[derive(Debug)]
pub(crate) struct Issuer {
    pub(crate) expectations: Expectations,
    pub(crate) keys: KeySource,
    pub(crate) algorithms: Option<Vec<Algorithm>>,
    pub(crate) claims: ClaimPaths,
    pub(crate) asserts: Asserts,
}

/// Where in the claims the parts of a principal stand.
#[derive(Debug)]
pub(crate) struct ClaimPaths {
    pub(crate) id: ClaimPath,
    pub(crate) roles: ClaimPath,
    pub(crate) permissions: ClaimPath,
    /// The first that is there counts.
    pub(crate) scopes: Vec<ClaimPath>,
    pub(crate) attributes: Vec<(String, ClaimPath)>,
}

/// Member names from the claims inwards.
#[derive(Debug, Clone)]
pub(crate) struct ClaimPath(Vec<String>);

impl ClaimPath {
    pub(crate) fn of(name: &str) -> Self {
        Self(vec![name.to_owned()])
    }

    pub(crate) fn find<'a>(&self, claims: &'a Object) -> Option<&'a Json> {
        let (first, others) = self.0.split_first()?;
        others.iter().try_fold(claims.member(first)?, |value, name| value.member(name))
    }

    pub(crate) fn name(&self) -> String {
        self.0.join(".")
    }
}

/// What an issuer may say of a subject.
#[derive(Debug)]
pub(crate) struct Asserts {
    pub(crate) roles: Assertable,
    pub(crate) permissions: Assertable,
    pub(crate) scopes: Assertable,
}

#[derive(Debug)]
pub(crate) enum Assertable {
    Any,
    None,
    Listed(Vec<String>),
}

impl Trust {
    /// Reads a trust document from its JSON text.
    ///
    /// # Errors
    /// [`ConfigError`] with the path of the member that is wrong. It never shows a value.
    ///
    /// ```
    /// use portcullis::Trust;
    ///
    /// let trust = Trust::parse(r#"{ "issuers": [{ "issuer": "https://id.example.com", "audience": "api",
    ///     "secret": "TEST ONLY: at least thirty-two bytes" }] }"#)?;
    /// let error = Trust::parse(r#"{ "issuers": [{ "issuer": "https://id.example.com", "audience": "api",
    ///     "secret": "short" }] }"#).unwrap_err();
    /// assert_eq!((error.path.as_str(), error.code()), ("issuers[0].secret", "weak_key"));
    /// # Ok::<(), portcullis::ConfigError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        Self::read(text).map_err(|fault| *fault)
    }

    fn read(text: &str) -> Result<Self, Fault> {
        let json = document::parse(Document::Trust, text)?;
        let root = Node::root(Document::Trust, &json);
        if root.member("revocation").is_some() {
            return Err(root.fail_member("revocation", Problem::Unsupported));
        }
        root.object(&["issuers", "apiKeys", "guest", "credentials", "realm", "resourceMetadata"])?;
        let mut trust = Self::nobody();
        if let Some(issuers) = root.member("issuers") {
            for issuer in issuers.items(MAX_ISSUERS)? {
                let read = read_issuer(&issuer, &trust)?;
                trust.issuers.push(read);
            }
            if let Some(index) = waiver_among_others(&trust.issuers) {
                let node = issuers.items(MAX_ISSUERS)?.into_iter().nth(index);
                let wanted = "the only issuer, where it is null";
                return Err(node.map_or_else(
                    || issuers.fail(Problem::BadValue { wanted }),
                    |node| node.fail_member("issuer", Problem::BadValue { wanted }),
                ));
            }
        }
        if let Some(keys) = root.member("apiKeys") {
            for key in keys.items(MAX_API_KEYS)? {
                let read = read_api_key(&key, &trust.api_keys)?;
                trust.api_keys.push(read);
            }
        }
        if let Some(guest) = root.member("guest") {
            guest.object(&["roles"])?;
            trust.guest = guest_with(texts_member(&guest, "roles")?);
        }
        trust.places = read_places(&root, !trust.api_keys.is_empty())?;
        if let Some(realm) = root.member("realm") {
            trust.realm = printable(&realm)?;
        }
        if let Some(metadata) = root.member("resourceMetadata") {
            trust.resource_metadata = Some(secure_url(&metadata)?);
        }
        Ok(trust)
    }

    /// Trust in nobody: everyone is a guest without roles.
    pub fn nobody() -> Self {
        Self {
            issuers: Vec::new(),
            api_keys: Vec::new(),
            guest: guest_with(Vec::new()),
            places: Places { token_header: "authorization".to_owned(), api_key_header: None, cookie: None },
            realm: "api".to_owned(),
            resource_metadata: None,
            next_key_number: AtomicU32::new(1),
        }
    }

    pub(crate) fn next_key_number(&self) -> u32 {
        self.next_key_number.fetch_add(1, Ordering::Relaxed)
    }

    /// The key of that number, if it is still in use.
    #[cfg(feature = "wasm")]
    pub(crate) fn key(&self, number: u32) -> Option<Arc<Key>> {
        self.issuers.iter().find_map(|issuer| issuer.keys.by_number(number))
    }

    /// Whether some keys are fetched.
    #[cfg(feature = "wasm")]
    pub(crate) fn fetches_keys(&self) -> bool {
        self.issuers.iter().any(|issuer| matches!(issuer.keys, KeySource::Fetched(_)))
    }

    /// Whether the host must verify with some configured key.
    #[cfg(feature = "wasm")]
    pub(crate) fn has_host_verified_key(&self) -> bool {
        self.issuers.iter().any(|issuer| match &issuer.keys {
            KeySource::Configured(set) => set.keys.iter().any(|key| key.is_host_verified()),
            KeySource::Fetched(_) => true,
        })
    }
}

/// Secrets are never printed.
impl fmt::Debug for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Trust")
            .field("issuers", &self.issuers.len())
            .field("api_keys", &self.api_keys.len())
            .field("realm", &self.realm)
            .finish_non_exhaustive()
    }
}

fn guest_with(roles: Vec<String>) -> Arc<Principal> {
    let subject = Subject { kind: Kind::Guest, id: "guest".to_owned(), roles, ..Subject::default() };
    Arc::new(Principal::verified(subject, None, None))
}

fn waiver_among_others(issuers: &[Issuer]) -> Option<usize> {
    let waiver = issuers.iter().position(|issuer| issuer.expectations.issuer.is_none());
    waiver.filter(|_| issuers.len() > 1)
}

fn read_issuer(node: &Node<'_>, trust: &Trust) -> Result<Issuer, Fault> {
    if node.member("preset").is_some() {
        return Err(node.fail_member("preset", Problem::Unsupported));
    }
    node.object(&[
        "issuer",
        "audience",
        "jwksUri",
        "jwks",
        "secret",
        "algorithms",
        "profile",
        "leeway",
        "maxAge",
        "claims",
        "asserts",
    ])?;
    let issuer_node = node.required("issuer")?;
    let issuer = match issuer_node.value() {
        Json::Null => None,
        _ => Some(non_empty(&issuer_node)?),
    };
    let is_same = |other: &Issuer| issuer.is_some() && other.expectations.issuer == issuer;
    if trust.issuers.iter().any(is_same) {
        return Err(issuer_node.fail(Problem::Duplicate));
    }
    let audience_node = node.required("audience")?;
    let audience = match audience_node.value() {
        Json::Null => None,
        Json::Array(_) => {
            let list = audience_node.items(MAX_NAMES)?.iter().map(non_empty).collect::<Result<Vec<_>, _>>()?;
            if list.is_empty() {
                return Err(audience_node.fail(Problem::BadValue { wanted: "at least one audience" }));
            }
            Some(list)
        }
        _ => Some(vec![non_empty(&audience_node)?]),
    };
    let profile = match node.member("profile") {
        None => Profile::Any,
        Some(profile) => match profile.text()? {
            "any" => Profile::Any,
            "access-token" => Profile::AccessToken,
            "id-token" => Profile::IdToken,
            _ => return Err(profile.fail(Problem::BadValue { wanted: "access-token, id-token or any" })),
        },
    };
    let leeway = match node.member("leeway") {
        None => DEFAULT_LEEWAY_SECONDS,
        Some(leeway) => leeway.whole_number(0, MAX_LEEWAY_SECONDS, "0 to 600 seconds")?,
    };
    let max_age = match node.member("maxAge") {
        None => None,
        Some(max_age) => Some(seconds(max_age.whole_number(1, MAX_AGE_SECONDS, "1 to 315360000 seconds")?)),
    };
    let algorithms = read_algorithms(node)?;
    Ok(Issuer {
        keys: read_keys(node, algorithms.as_deref(), trust)?,
        expectations: Expectations { issuer, audience, profile, leeway: seconds(leeway), max_age },
        algorithms,
        claims: read_claim_paths(node)?,
        asserts: read_asserts(node)?,
    })
}

fn seconds(count: i64) -> Duration {
    Duration::from_secs(count.unsigned_abs())
}

fn read_algorithms(node: &Node<'_>) -> Result<Option<Vec<Algorithm>>, Fault> {
    let Some(node) = node.member("algorithms") else { return Ok(None) };
    let mut algorithms = Vec::new();
    for item in node.items(MAX_NAMES)? {
        let wanted = "the name of a signature algorithm";
        let algorithm = Algorithm::from_name(item.text()?).ok_or_else(|| item.fail(Problem::BadValue { wanted }))?;
        if algorithms.contains(&algorithm) {
            return Err(item.fail(Problem::Duplicate));
        }
        algorithms.push(algorithm);
    }
    if algorithms.is_empty() {
        return Err(node.fail(Problem::BadValue { wanted: "at least one algorithm" }));
    }
    Ok(Some(algorithms))
}

fn read_keys(node: &Node<'_>, listed: Option<&[Algorithm]>, trust: &Trust) -> Result<KeySource, Fault> {
    let key_error = |node: &Node<'_>, error| match error {
        KeyError::Weak => node.fail(Problem::WeakKey),
        KeyError::Broken(rule) => node.fail(Problem::BadKey { rule }),
    };
    let (secret, jwks, url) = (node.member("secret"), node.member("jwks"), node.member("jwksUri"));
    let set = match (secret, jwks, url) {
        (Some(secret), None, None) => {
            let bytes = read_secret(&secret)?;
            let key = Key::from_secret(bytes, listed, trust.next_key_number());
            let key = key.map_err(|error| key_error(&secret, error))?;
            KeySet { keys: vec![Arc::new(key)], nameless: true }
        }
        (None, Some(jwks), None) => {
            jwks.any_object()?;
            let list = jwks.required("keys")?;
            let mut keys = Vec::new();
            for item in list.items(MAX_KEYS)? {
                let key = Key::from_jwk(item.value(), listed, trust.next_key_number());
                keys.push(Arc::new(key.map_err(|error| key_error(&item, error))?));
            }
            if keys.is_empty() {
                return Err(list.fail(Problem::BadValue { wanted: "at least one key" }));
            }
            KeySet { keys, nameless: false }
        }
        (None, None, Some(url)) => return Ok(KeySource::Fetched(FetchedKeys::new(secure_url(&url)?))),
        (None, None, None) => return Err(node.fail(Problem::MissingKeys)),
        _ => return Err(node.fail(Problem::SeveralKeys)),
    };
    let usable = |algorithm: &Algorithm| set.keys.iter().any(|key| key.verifier(*algorithm).is_some());
    if listed.is_some_and(|listed| !listed.iter().any(usable)) {
        let wanted = "an algorithm that one of the keys allows";
        return Err(node.fail_member("algorithms", Problem::BadValue { wanted }));
    }
    Ok(KeySource::Configured(set))
}

/// Text, taken as its UTF-8 bytes; or `{ "base64url": … }`.
fn read_secret(node: &Node<'_>) -> Result<Vec<u8>, Fault> {
    match node.value() {
        Json::String(text) => Ok(text.clone().into_bytes()),
        Json::Object(_) => {
            node.object(&["base64url"])?;
            let encoded = node.required("base64url")?;
            let decoded = base64url::decode(encoded.text()?);
            decoded.ok_or_else(|| encoded.fail(Problem::BadValue { wanted: "unpadded base64url" }))
        }
        _ => Err(node.fail(Problem::WrongType { wanted: "text, or an object with base64url" })),
    }
}

fn read_claim_paths(node: &Node<'_>) -> Result<ClaimPaths, Fault> {
    let mut paths = ClaimPaths {
        id: ClaimPath::of("sub"),
        roles: ClaimPath::of("roles"),
        permissions: ClaimPath::of("permissions"),
        scopes: vec![ClaimPath::of("scope"), ClaimPath::of("scp")],
        attributes: Vec::new(),
    };
    let Some(node) = node.member("claims") else { return Ok(paths) };
    node.object(&["id", "roles", "permissions", "scopes", "attributes"])?;
    if let Some(id) = node.member("id") {
        paths.id = read_claim_path(&id)?;
    }
    if let Some(roles) = node.member("roles") {
        paths.roles = read_claim_path(&roles)?;
    }
    if let Some(permissions) = node.member("permissions") {
        paths.permissions = read_claim_path(&permissions)?;
    }
    if let Some(scopes) = node.member("scopes") {
        paths.scopes = vec![read_claim_path(&scopes)?];
    }
    if let Some(attributes) = node.member("attributes") {
        for (name, path) in attributes.members(MAX_NAMES)? {
            paths.attributes.push((name.to_owned(), read_claim_path(&path)?));
        }
    }
    Ok(paths)
}

fn read_claim_path(node: &Node<'_>) -> Result<ClaimPath, Fault> {
    let path = match node.value() {
        Json::String(text) => text.split('.').map(str::to_owned).collect(),
        Json::Array(_) => node.texts(MAX_NAMES)?,
        _ => return Err(node.fail(Problem::WrongType { wanted: "text, or a list of texts" })),
    };
    if path.is_empty() || path.iter().any(String::is_empty) {
        return Err(node.fail(Problem::BadValue { wanted: "member names" }));
    }
    Ok(ClaimPath(path))
}

fn read_asserts(node: &Node<'_>) -> Result<Asserts, Fault> {
    let Some(node) = node.member("asserts") else {
        return Ok(Asserts { roles: Assertable::Any, permissions: Assertable::None, scopes: Assertable::Any });
    };
    node.object(&["roles", "permissions", "scopes"])?;
    let read = |name| match node.member(name) {
        None => Ok(Assertable::None),
        Some(member) => match member.value() {
            Json::Bool(true) => Ok(Assertable::Any),
            Json::Bool(false) => Ok(Assertable::None),
            Json::Array(_) => Ok(Assertable::Listed(member.texts(MAX_NAMES)?)),
            _ => Err(member.fail(Problem::WrongType { wanted: "true, false or a list of texts" })),
        },
    };
    Ok(Asserts { roles: read("roles")?, permissions: read("permissions")?, scopes: read("scopes")? })
}

fn read_api_key(node: &Node<'_>, others: &[ApiKey]) -> Result<ApiKey, Fault> {
    node.object(&["id", "hash", "prefix", "roles", "permissions", "scopes", "notAfter"])?;
    let id_node = node.required("id")?;
    let id = non_empty(&id_node)?;
    if others.iter().any(|other| other.principal.id() == id) {
        return Err(id_node.fail(Problem::Duplicate));
    }
    let hash_node = node.required("hash")?;
    let hash = hash_node.text()?.strip_prefix("sha256:").and_then(base64url::decode);
    let hash: Option<[u8; 32]> = hash.and_then(|bytes| bytes.try_into().ok());
    let wanted = "sha256: and the unpadded base64url of 32 bytes";
    let hash = hash.ok_or_else(|| hash_node.fail(Problem::BadValue { wanted }))?;
    if others.iter().any(|other| other.hash == hash) {
        return Err(hash_node.fail(Problem::Duplicate));
    }
    let prefix = match node.member("prefix") {
        None => None,
        Some(prefix) => {
            let text = prefix.text()?;
            let is_prefix =
                (1..=32).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            if !is_prefix {
                return Err(prefix.fail(Problem::BadValue { wanted: "1 to 32 letters, digits and _" }));
            }
            Some(text.to_owned())
        }
    };
    let not_after = match node.member("notAfter") {
        None => None,
        Some(moment) => Some(UnixTime::from_seconds(moment.whole_number(0, MAX_TIME, "seconds since 1970")?)),
    };
    let subject = Subject {
        kind: Kind::Service,
        id,
        roles: texts_member(node, "roles")?,
        permissions: texts_member(node, "permissions")?,
        scopes: texts_member(node, "scopes")?,
        ..Subject::default()
    };
    Ok(ApiKey { hash, prefix, not_after, principal: Arc::new(Principal::verified(subject, None, None)) })
}

fn read_places(root: &Node<'_>, has_api_keys: bool) -> Result<Places, Fault> {
    let mut places = Places {
        token_header: "authorization".to_owned(),
        api_key_header: has_api_keys.then(|| "x-api-key".to_owned()),
        cookie: None,
    };
    let Some(node) = root.member("credentials") else { return Ok(places) };
    node.object(&["header", "apiKeyHeader", "cookie"])?;
    if let Some(header) = node.member("header") {
        places.token_header = header_name(&header)?;
        if places.api_key_header.as_ref() == Some(&places.token_header) && node.member("apiKeyHeader").is_none() {
            return Err(header.fail(Problem::BadValue { wanted: "another header than the API key's" }));
        }
    }
    if let Some(header) = node.member("apiKeyHeader") {
        let name = header_name(&header)?;
        if name == places.token_header {
            return Err(header.fail(Problem::BadValue { wanted: "another header than the token's" }));
        }
        places.api_key_header = has_api_keys.then_some(name);
    }
    if let Some(cookie) = node.member("cookie") {
        places.cookie = Some(token_text(&cookie)?);
    }
    Ok(places)
}

/// A header for a credential: none that says something else of the request.
fn header_name(node: &Node<'_>) -> Result<String, Fault> {
    const TAKEN: &[&str] = &["access-control-request-method", "cookie", "host", "origin", "sec-fetch-site", "upgrade"];
    let name = token_text(node)?.to_ascii_lowercase();
    if TAKEN.contains(&name.as_str()) {
        return Err(node.fail(Problem::BadValue { wanted: "a header that says nothing else" }));
    }
    Ok(name)
}

/// A name of a header or cookie: `token`, RFC 9110 §5.6.2.
fn token_text(node: &Node<'_>) -> Result<String, Fault> {
    let text = node.text()?;
    let is_token = (1..=128).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte));
    if is_token { Ok(text.to_owned()) } else { Err(node.fail(Problem::BadValue { wanted: "a header or cookie name" })) }
}

fn texts_member(node: &Node<'_>, name: &str) -> Result<Vec<String>, Fault> {
    node.member(name).map_or_else(|| Ok(Vec::new()), |member| member.texts(MAX_NAMES))
}

fn non_empty(node: &Node<'_>) -> Result<String, Fault> {
    let text = node.text()?;
    if text.is_empty() {
        Err(node.fail(Problem::BadValue { wanted: "text that is not empty" }))
    } else {
        Ok(text.to_owned())
    }
}

/// Text that may stand in a quoted string of a challenge.
fn printable(node: &Node<'_>) -> Result<String, Fault> {
    let text = non_empty(node)?;
    let is_printable = text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic());
    if is_printable { Ok(text) } else { Err(node.fail(Problem::BadValue { wanted: "printable ASCII" })) }
}

/// An https URL; http on a loopback address, for development.
fn secure_url(node: &Node<'_>) -> Result<String, Fault> {
    let url = printable(node)?;
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
