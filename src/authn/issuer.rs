//! An issuer of tokens in the trust document: its name, its keys, what its tokens must say, and how far it is believed.

use std::sync::Arc;
use std::time::Duration;

use super::discovery::{Form, metadata_url};
use super::issuer_name::{IssuerName, read_name};
use super::key_source::{FetchedKeys, KeySource};
use super::mapping::{Asserts, ClaimPaths, read_asserts, read_claim_paths};
#[cfg(feature = "full")]
use super::possession::{Binding, read_binding};
use super::preset::{Place, Preset};
use super::trust::{Trust, read_secret};
use super::url::{base_url, secure_url};
use crate::document::{Node, Problem};
use crate::jose::algorithm::Algorithm;
use crate::jose::key::{Key, KeyError};
use crate::jose::key_set::{KeySet, MAX_KEYS};
#[cfg(feature = "full")]
use crate::jose::pem::read_spki;
use crate::json::Json;
use crate::jwt::claims::{Audience, Expectations, Profile};

/// How many names one list of the trust document may have.
pub(super) const MAX_NAMES: usize = 1_000;
const DEFAULT_LEEWAY_SECONDS: i64 = 60;
const MAX_LEEWAY_SECONDS: i64 = 600;
/// Ten years.
const MAX_AGE_SECONDS: i64 = 315_360_000;
const MAX_PREFIX_BYTES: usize = 64;

/// An issuer of tokens.
#[derive(Debug)]
pub(crate) struct Issuer {
    pub(super) name: IssuerName,
    pub(super) expectations: Expectations,
    pub(crate) keys: KeySource,
    pub(super) algorithms: Option<Vec<Algorithm>>,
    #[cfg(feature = "full")]
    preset: Option<&'static Preset>,
    pub(super) claims: ClaimPaths,
    pub(super) asserts: Asserts,
    /// Stands in front of each id.
    pub(super) id_prefix: Option<String>,
    /// The parts of its tokens may be padded.
    pub(super) is_padded: bool,
    #[cfg(feature = "full")]
    pub(super) binding: Option<Binding>,
}

pub(super) fn read_issuer(node: &Node<'_>, trust: &Trust) -> Issuer {
    node.has_only(&[
        "issuer",
        "audience",
        "discovery",
        "jwksUri",
        "jwks",
        "secret",
        "pem",
        "introspection",
        "algorithms",
        "profile",
        "preset",
        "tenants",
        "leeway",
        "maxAge",
        "claims",
        "asserts",
        "idPrefix",
        "paddedBase64",
        "binding",
    ]);
    node.needs_full(&["preset", "tenants", "pem", "introspection", "binding"]);
    let preset = read_preset(node);
    let name = read_name(node, preset, trust);
    let profile = read_profile(node);
    let leeway = node.seconds_member("leeway", 0, MAX_LEEWAY_SECONDS, "0 to 600 seconds");
    let expectations = Expectations {
        audience: read_audience(node),
        audience_claim: preset.map_or(Audience::Aud, |preset| preset.audience(profile)),
        profile,
        leeway: leeway.unwrap_or(Duration::from_secs(DEFAULT_LEEWAY_SECONDS.unsigned_abs())),
        max_age: node.seconds_member("maxAge", 1, MAX_AGE_SECONDS, "1 to 315360000 seconds"),
    };
    let by_preset = preset.map(|preset| preset.algorithms.to_vec()).filter(|listed| !listed.is_empty());
    let is_secret = node.member("secret").is_some();
    let algorithms = read_algorithms(node).or(by_preset.filter(|_| !is_secret));
    Issuer {
        keys: read_keys(node, &name, preset, algorithms.as_deref(), trust),
        name,
        expectations,
        algorithms,
        #[cfg(feature = "full")]
        preset,
        claims: read_claim_paths(node, preset),
        asserts: read_asserts(node),
        id_prefix: read_prefix(node, trust),
        is_padded: node.has_set("paddedBase64"),
        #[cfg(feature = "full")]
        binding: read_binding(node),
    }
}

impl Issuer {
    /// What is known of its provider; guard.wasm knows none, and leaves out what asks.
    #[cfg(feature = "full")]
    pub(super) const fn preset(&self) -> Option<&'static Preset> {
        self.preset
    }

    #[cfg(not(feature = "full"))]
    pub(super) const fn preset(&self) -> Option<&'static Preset> {
        None
    }
}

#[cfg(feature = "full")]
fn read_preset(node: &Node<'_>) -> Option<&'static Preset> {
    let node = node.member("preset")?;
    let preset = Preset::of(node.str());
    if preset.is_none() {
        node.bad("a known provider");
    }
    preset
}

#[cfg(not(feature = "full"))]
const fn read_preset(_: &Node<'_>) -> Option<&'static Preset> {
    None
}

fn read_audience(node: &Node<'_>) -> Option<Vec<String>> {
    let audience = node.expect("audience");
    (*audience.value() != Json::Null).then(|| read_audiences(&audience))
}

/// One audience, or a list.
pub(super) fn read_audiences(node: &Node<'_>) -> Vec<String> {
    match node.value() {
        Json::Array(_) => node.some_texts(MAX_NAMES, "at least one audience"),
        _ => vec![node.some_text().to_owned()],
    }
}

fn read_profile(node: &Node<'_>) -> Profile {
    let Some(profile) = node.member("profile") else { return Profile::Any };
    match profile.str() {
        "access-token" => return Profile::AccessToken,
        "id-token" => return Profile::IdToken,
        "any" => {}
        _ => profile.bad("access-token, id-token or any"),
    }
    Profile::Any
}

/// No issuer's prefix may be the beginning of another's: the ids behind them would meet.
pub(super) fn read_prefix(node: &Node<'_>, trust: &Trust) -> Option<String> {
    let node = node.member("idPrefix")?;
    let prefix = node.printable();
    if prefix.len() > MAX_PREFIX_BYTES {
        node.bad("1 to 64 characters");
    }
    for issuer in &trust.issuers {
        if let Some(other) = &issuer.id_prefix
            && (other.starts_with(prefix) || prefix.starts_with(other))
        {
            node.refuse(Problem::Duplicate);
        }
    }
    Some(prefix.to_owned())
}

pub(super) fn read_algorithms(node: &Node<'_>) -> Option<Vec<Algorithm>> {
    let node = node.member("algorithms")?;
    let mut algorithms = Vec::new();
    for item in node.list(MAX_NAMES) {
        match Algorithm::from_name(item.str()) {
            Some(algorithm) if algorithms.contains(&algorithm) => item.refuse(Problem::Duplicate),
            Some(algorithm) => algorithms.push(algorithm),
            None => item.bad("the name of a signature algorithm"),
        }
    }
    if algorithms.is_empty() {
        node.bad("at least one algorithm");
    }
    Some(algorithms)
}

fn read_keys(
    node: &Node<'_>,
    name: &IssuerName,
    preset: Option<&Preset>,
    listed: Option<&[Algorithm]>,
    trust: &Trust,
) -> KeySource {
    const SOURCES: [&str; 5] = ["secret", "jwks", "jwksUri", "pem", "introspection"];
    let count = SOURCES.iter().filter(|name| node.value().member(name).is_some()).count();
    if count > 1 {
        node.refuse(Problem::SeveralKeys);
    }
    if let Some(discovery) = node.member("discovery").filter(|_| count > 0) {
        discovery.bad("no other source of keys");
    }
    let mut set = KeySet::default();
    if let Some(secret) = node.member("secret") {
        let key = Key::from_secret(read_secret(&secret), listed, trust.next_key_number());
        add_key(&mut set, &secret, key);
        set.nameless = true;
    } else if let Some(jwks) = node.member("jwks") {
        let list = jwks.expect("keys");
        for item in list.list(MAX_KEYS) {
            add_key(&mut set, &item, Key::from_jwk(item.value(), listed, trust.next_key_number()));
        }
        if set.keys.is_empty() {
            list.bad("at least one key");
        }
    } else if let Some(url) = node.member("jwksUri") {
        return KeySource::Fetched(FetchedKeys::new(secure_url(&url).to_owned(), None, listed.map(<[_]>::to_vec)));
    } else {
        #[cfg(feature = "full")]
        if let Some(pem) = node.member("pem") {
            read_pem(&pem, listed, trust, &mut set);
        } else if let Some(endpoint) = node.member("introspection") {
            return KeySource::Introspected(super::introspection::read_endpoint(&endpoint, trust));
        } else {
            return KeySource::Fetched(read_place(node, name, preset, listed));
        }
        #[cfg(not(feature = "full"))]
        return KeySource::Fetched(read_place(node, name, preset, listed));
    }
    let usable = |algorithm: &Algorithm| set.keys.iter().any(|key| key.verifier(*algorithm).is_some());
    if listed.is_some_and(|listed| !listed.iter().any(usable)) {
        let wanted = "an algorithm that one of the keys allows";
        node.refuse_member("algorithms", Problem::BadValue { wanted });
    }
    KeySource::Configured(set)
}

fn add_key(set: &mut KeySet, node: &Node<'_>, key: Result<Key, KeyError>) {
    match key {
        Ok(key) => set.keys.push(Arc::new(key)),
        Err(KeyError::Weak) => node.refuse(Problem::WeakKey),
        Err(KeyError::Broken(rule)) => node.refuse(Problem::BadKey { rule }),
    }
}

#[cfg(feature = "full")]
fn read_pem(node: &Node<'_>, listed: Option<&[Algorithm]>, trust: &Trust, set: &mut KeySet) {
    let mut read = |node: &Node<'_>, kid: Option<String>| {
        let key =
            read_spki(node.str()).and_then(|material| Key::from_spki(material, kid, listed, trust.next_key_number()));
        add_key(set, node, key);
    };
    if let Json::String(_) = node.value() {
        read(node, None);
        set.nameless = true;
        return;
    }
    for item in node.list(MAX_KEYS) {
        item.has_only(&["kid", "pem"]);
        let pem = item.expect("pem");
        read(&pem, Some(item.expect("kid").some_text().to_owned()));
    }
    if set.keys.is_empty() {
        node.bad("at least one key");
    }
}

/// Where the keys of an issuer stand that says nothing of them: where its preset has them, or where its metadata say.
fn read_place(
    node: &Node<'_>,
    name: &IssuerName,
    preset: Option<&Preset>,
    listed: Option<&[Algorithm]>,
) -> FetchedKeys {
    let mut form = None;
    if let Some(node) = node.member("discovery") {
        match node.str() {
            "openid" => form = Some(Form::OpenId),
            "oauth" => form = Some(Form::OAuth),
            _ => node.bad("openid or oauth"),
        }
    }
    let listed = listed.map(<[_]>::to_vec);
    let issuer_node = node.expect("issuer");
    let issuer = || match name {
        IssuerName::Exactly(_) => base_url(&issuer_node),
        _ => {
            issuer_node.bad("a URL, because its keys are to be found there");
            ""
        }
    };
    match (form, preset.map(|preset| &preset.keys), name) {
        (None, Some(Place::At(url)), _) => FetchedKeys::new((*url).to_owned(), None, listed),
        #[cfg(feature = "full")]
        (None, Some(Place::Discovered(url)), IssuerName::Tenant(_)) => {
            FetchedKeys::new((*url).to_owned(), None, listed)
        }
        (None, Some(Place::Behind(path)), _) => {
            let issuer = issuer();
            FetchedKeys::new([issuer.strip_suffix('/').unwrap_or(issuer), path].concat(), None, listed)
        }
        _ => {
            let issuer = issuer();
            FetchedKeys::new(metadata_url(issuer, form.unwrap_or(Form::OpenId)), Some(issuer.to_owned()), listed)
        }
    }
}
