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
use crate::document::{Fault, Node, Problem};
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
    pub(super) preset: Option<&'static Preset>,
    pub(super) claims: ClaimPaths,
    pub(super) asserts: Asserts,
    /// Stands in front of each id.
    pub(super) id_prefix: Option<String>,
    /// The parts of its tokens may be padded.
    pub(super) is_padded: bool,
    #[cfg(feature = "full")]
    pub(super) binding: Option<Binding>,
}

pub(super) fn read_issuer(node: &Node<'_>, trust: &Trust) -> Result<Issuer, Fault> {
    node.object(&[
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
    ])?;
    node.needs_full(&["preset", "tenants", "pem", "introspection", "binding"])?;
    let preset = read_preset(node)?;
    let name = read_name(node, preset, trust)?;
    let profile = read_profile(node)?;
    let leeway = node.seconds_member("leeway", 0, MAX_LEEWAY_SECONDS, "0 to 600 seconds")?;
    let expectations = Expectations {
        audience: read_audience(node)?,
        audience_claim: preset.map_or(Audience::Aud, |preset| preset.audience(profile)),
        profile,
        leeway: leeway.unwrap_or(Duration::from_secs(DEFAULT_LEEWAY_SECONDS.unsigned_abs())),
        max_age: node.seconds_member("maxAge", 1, MAX_AGE_SECONDS, "1 to 315360000 seconds")?,
    };
    let by_preset = preset.map(|preset| preset.algorithms.to_vec()).filter(|listed| !listed.is_empty());
    let is_secret = node.member("secret").is_some();
    let algorithms = read_algorithms(node)?.or(by_preset.filter(|_| !is_secret));
    Ok(Issuer {
        keys: read_keys(node, &name, preset, algorithms.as_deref(), trust)?,
        name,
        expectations,
        algorithms,
        preset,
        claims: read_claim_paths(node, preset)?,
        asserts: read_asserts(node)?,
        id_prefix: read_prefix(node, trust)?,
        is_padded: match node.member("paddedBase64") {
            None => false,
            Some(member) => member.flag()?,
        },
        #[cfg(feature = "full")]
        binding: read_binding(node)?,
    })
}

#[cfg(feature = "full")]
fn read_preset(node: &Node<'_>) -> Result<Option<&'static Preset>, Fault> {
    let Some(node) = node.member("preset") else { return Ok(None) };
    let preset = Preset::of(node.text()?);
    preset.map(Some).ok_or_else(|| node.fail(Problem::BadValue { wanted: "a known provider" }))
}

#[cfg(not(feature = "full"))]
const fn read_preset(_: &Node<'_>) -> Result<Option<&'static Preset>, Fault> {
    Ok(None)
}

fn read_audience(node: &Node<'_>) -> Result<Option<Vec<String>>, Fault> {
    let node = node.required("audience")?;
    Ok(match node.value() {
        Json::Null => None,
        Json::Array(_) => Some(node.some_texts(MAX_NAMES, "at least one audience")?),
        _ => Some(vec![node.non_empty()?]),
    })
}

fn read_profile(node: &Node<'_>) -> Result<Profile, Fault> {
    let Some(profile) = node.member("profile") else { return Ok(Profile::Any) };
    match profile.text()? {
        "any" => Ok(Profile::Any),
        "access-token" => Ok(Profile::AccessToken),
        "id-token" => Ok(Profile::IdToken),
        _ => Err(profile.fail(Problem::BadValue { wanted: "access-token, id-token or any" })),
    }
}

/// No issuer's prefix may be the beginning of another's: the ids behind them would meet.
fn read_prefix(node: &Node<'_>, trust: &Trust) -> Result<Option<String>, Fault> {
    let Some(node) = node.member("idPrefix") else { return Ok(None) };
    let prefix = node.printable()?;
    if prefix.len() > MAX_PREFIX_BYTES {
        return Err(node.fail(Problem::BadValue { wanted: "1 to 64 characters" }));
    }
    let others = trust.issuers.iter().filter_map(|issuer| issuer.id_prefix.as_deref());
    for other in others {
        if other.starts_with(&prefix) || prefix.starts_with(other) {
            return Err(node.fail(Problem::Duplicate));
        }
    }
    Ok(Some(prefix))
}

pub(super) fn read_algorithms(node: &Node<'_>) -> Result<Option<Vec<Algorithm>>, Fault> {
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

fn read_keys(
    node: &Node<'_>,
    name: &IssuerName,
    preset: Option<&Preset>,
    listed: Option<&[Algorithm]>,
    trust: &Trust,
) -> Result<KeySource, Fault> {
    const SOURCES: [&str; 5] = ["secret", "jwks", "jwksUri", "pem", "introspection"];
    let count = SOURCES.iter().filter(|name| node.value().member(name).is_some()).count();
    if count > 1 {
        return Err(node.fail(Problem::SeveralKeys));
    }
    if let Some(discovery) = node.member("discovery").filter(|_| count > 0) {
        return Err(discovery.fail(Problem::BadValue { wanted: "no other source of keys" }));
    }
    let mut set = KeySet::default();
    if let Some(secret) = node.member("secret") {
        let bytes = read_secret(&secret)?;
        let key = Key::from_secret(bytes, listed, trust.next_key_number());
        set.keys.push(Arc::new(key.map_err(|error| key_fault(&secret, error))?));
        set.nameless = true;
    } else if let Some(jwks) = node.member("jwks") {
        jwks.any_object()?;
        let list = jwks.required("keys")?;
        for item in list.items(MAX_KEYS)? {
            let key = Key::from_jwk(item.value(), listed, trust.next_key_number());
            set.keys.push(Arc::new(key.map_err(|error| key_fault(&item, error))?));
        }
        if set.keys.is_empty() {
            return Err(list.fail(Problem::BadValue { wanted: "at least one key" }));
        }
    } else if let Some(url) = node.member("jwksUri") {
        return Ok(KeySource::Fetched(FetchedKeys::new(secure_url(&url)?, None, listed.map(<[_]>::to_vec))));
    } else {
        #[cfg(feature = "full")]
        if let Some(pem) = node.member("pem") {
            read_pem(&pem, listed, trust, &mut set)?;
        } else if let Some(endpoint) = node.member("introspection") {
            return super::introspection::read_endpoint(&endpoint, trust).map(KeySource::Introspected);
        } else {
            return read_place(node, name, preset, listed).map(KeySource::Fetched);
        }
        #[cfg(not(feature = "full"))]
        return read_place(node, name, preset, listed).map(KeySource::Fetched);
    }
    let usable = |algorithm: &Algorithm| set.keys.iter().any(|key| key.verifier(*algorithm).is_some());
    if listed.is_some_and(|listed| !listed.iter().any(usable)) {
        let wanted = "an algorithm that one of the keys allows";
        return Err(node.fail_member("algorithms", Problem::BadValue { wanted }));
    }
    Ok(KeySource::Configured(set))
}

fn key_fault(node: &Node<'_>, error: KeyError) -> Fault {
    match error {
        KeyError::Weak => node.fail(Problem::WeakKey),
        KeyError::Broken(rule) => node.fail(Problem::BadKey { rule }),
    }
}

#[cfg(feature = "full")]
fn read_pem(node: &Node<'_>, listed: Option<&[Algorithm]>, trust: &Trust, set: &mut KeySet) -> Result<(), Fault> {
    let mut read = |node: &Node<'_>, kid: Option<String>| -> Result<(), Fault> {
        let material = read_spki(node.text()?).map_err(|error| key_fault(node, error))?;
        let key = Key::from_spki(material, kid, listed, trust.next_key_number());
        set.keys.push(Arc::new(key.map_err(|error| key_fault(node, error))?));
        Ok(())
    };
    if let Json::String(_) = node.value() {
        read(node, None)?;
        set.nameless = true;
        return Ok(());
    }
    for item in node.items(MAX_KEYS)? {
        item.object(&["kid", "pem"])?;
        read(&item.required("pem")?, Some(item.required("kid")?.non_empty()?))?;
    }
    if set.keys.is_empty() {
        return Err(node.fail(Problem::BadValue { wanted: "at least one key" }));
    }
    Ok(())
}

/// Where the keys of an issuer stand that says nothing of them: where its preset has them, or where its metadata say.
fn read_place(
    node: &Node<'_>,
    name: &IssuerName,
    preset: Option<&Preset>,
    listed: Option<&[Algorithm]>,
) -> Result<FetchedKeys, Fault> {
    let form = match node.member("discovery") {
        None => None,
        Some(form) => Some(match form.text()? {
            "openid" => Form::OpenId,
            "oauth" => Form::OAuth,
            _ => return Err(form.fail(Problem::BadValue { wanted: "openid or oauth" })),
        }),
    };
    let listed = listed.map(<[_]>::to_vec);
    let issuer_node = node.required("issuer")?;
    let issuer = || match name {
        IssuerName::Exactly(_) => base_url(&issuer_node),
        _ => Err(issuer_node.fail(Problem::BadValue { wanted: "a URL, because its keys are to be found there" })),
    };
    Ok(match (form, preset.map(|preset| &preset.keys), name) {
        (None, Some(Place::At(url)), _) => FetchedKeys::new((*url).to_owned(), None, listed),
        #[cfg(feature = "full")]
        (None, Some(Place::Discovered(url)), IssuerName::Tenant(_)) => {
            FetchedKeys::new((*url).to_owned(), None, listed)
        }
        (None, Some(Place::Behind(path)), _) => {
            let issuer = issuer()?;
            FetchedKeys::new([issuer.strip_suffix('/').unwrap_or(&issuer), path].concat(), None, listed)
        }
        _ => {
            let issuer = issuer()?;
            FetchedKeys::new(metadata_url(&issuer, form.unwrap_or(Form::OpenId)), Some(issuer), listed)
        }
    })
}
