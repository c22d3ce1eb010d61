//! An issuer of tokens in the trust document: its keys, what its tokens must say, and how far it is believed.

use std::sync::Arc;
use std::time::Duration;

use super::key_source::{FetchedKeys, KeySource};
use super::trust::Trust;
use super::url::secure_url;
use crate::base64url;
use crate::document::{Fault, Node, Problem};
use crate::jose::algorithm::Algorithm;
use crate::jose::key::{Key, KeyError};
use crate::jose::key_set::{KeySet, MAX_KEYS};
use crate::json::{Json, Object};
use crate::jwt::claims::{Expectations, Profile};

/// How many names one list of the trust document may have.
pub(super) const MAX_NAMES: usize = 1_000;
const DEFAULT_LEEWAY_SECONDS: i64 = 60;
const MAX_LEEWAY_SECONDS: i64 = 600;
/// Ten years.
const MAX_AGE_SECONDS: i64 = 315_360_000;

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

pub(super) fn read_issuer(node: &Node<'_>, trust: &Trust) -> Result<Issuer, Fault> {
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
        _ => Some(issuer_node.non_empty()?),
    };
    let is_same = |other: &Issuer| issuer.is_some() && other.expectations.issuer == issuer;
    if trust.issuers.iter().any(is_same) {
        return Err(issuer_node.fail(Problem::Duplicate));
    }
    let audience_node = node.required("audience")?;
    let audience = match audience_node.value() {
        Json::Null => None,
        Json::Array(_) => {
            let list = audience_node.items(MAX_NAMES)?.iter().map(Node::non_empty).collect::<Result<Vec<_>, _>>()?;
            if list.is_empty() {
                return Err(audience_node.fail(Problem::BadValue { wanted: "at least one audience" }));
            }
            Some(list)
        }
        _ => Some(vec![audience_node.non_empty()?]),
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
