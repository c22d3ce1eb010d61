//! The trust document: whom we believe, and how far. It may hold secrets.

use core::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::api_key::{ApiKey, read_api_key};
use super::issuer::{Issuer, MAX_NAMES, read_issuer};
use super::issuer_name::IssuerName;
use super::key_source::FetchedKeys;
#[cfg(any(feature = "wasm", feature = "full"))]
use super::key_source::KeySource;
#[cfg(feature = "full")]
use super::possession::Binding;
#[cfg(feature = "full")]
use super::revocation::{Revocations, read_revocations};
use super::url::secure_url;
use crate::base64url;
use crate::credential::Places;
use crate::document::{self, ConfigError, Document, Node, Problem};
use crate::grammar::is_token;
#[cfg(all(feature = "wasm", feature = "full"))]
use crate::jose::algorithm::Algorithm;
#[cfg(feature = "wasm")]
use crate::jose::key::Key;
use crate::json::Json;
use crate::jwt::token::LastHeader;
use crate::principal::{Kind, Principal, Subject};

const MAX_ISSUERS: usize = 100;
const MAX_API_KEYS: usize = 10_000;

/// Whom the guard believes: issuers of tokens, holders of API keys, and what a guest is.
pub struct Trust {
    pub(crate) issuers: Vec<Issuer>,
    pub(crate) api_keys: Vec<ApiKey>,
    pub(crate) guest: Arc<Principal>,
    pub(crate) places: Places,
    pub(crate) realm: String,
    pub(crate) resource_metadata: Option<String>,
    #[cfg(feature = "full")]
    pub(crate) api_key_store: Option<super::api_key_store::ApiKeyStore>,
    #[cfg(feature = "full")]
    pub(crate) revocations: Revocations,
    #[cfg(feature = "full")]
    pub(crate) dpop: Option<super::dpop::Dpop>,
    #[cfg(feature = "full")]
    pub(crate) certificate: Option<super::certificate::CertificateHeader>,
    #[cfg(feature = "full")]
    pub(crate) break_glass: Option<super::break_glass::BreakGlass>,
    #[cfg(feature = "full")]
    pub(crate) policy_keys: Option<super::policy_keys::PolicyKeys>,
    pub(super) last_header: LastHeader,
    next_key_number: AtomicU32,
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
        let json = document::parse(Document::Trust, text).map_err(|fault| *fault)?;
        document::read(Document::Trust, &json, Self::read).map_err(|fault| *fault)
    }

    fn read(root: &Node<'_>) -> Self {
        root.has_only(&[
            "issuers",
            "apiKeys",
            #[cfg(feature = "full")]
            "apiKeyStore",
            "guest",
            "credentials",
            "realm",
            "resourceMetadata",
            "revocation",
            "dpop",
            "policyKeys",
            "breakGlass",
        ]);
        root.needs_full(&["dpop", "revocation", "policyKeys", "breakGlass"]);
        let mut trust = Self::nobody();
        if let Some(issuers) = root.member("issuers") {
            for issuer in issuers.list(MAX_ISSUERS) {
                let read = read_issuer(&issuer, &trust);
                trust.issuers.push(read);
            }
            if let Some(index) = waiver_among_others(&trust.issuers)
                && let Some(node) = issuers.list(MAX_ISSUERS).nth(index)
            {
                node.refuse_member("issuer", Problem::BadValue { wanted: "the only issuer, where it is null" });
            }
        }
        if let Some(keys) = root.member("apiKeys") {
            for key in keys.list(MAX_API_KEYS) {
                let read = read_api_key(&key, &trust.api_keys);
                for issuer in &trust.issuers {
                    if issuer.id_prefix.as_ref().is_some_and(|prefix| read.principal.id().starts_with(prefix)) {
                        key.refuse_member("id", Problem::Duplicate);
                    }
                }
                trust.api_keys.push(read);
            }
        }
        if let Some(guest) = root.member("guest") {
            guest.has_only(&["roles"]);
            trust.guest = guest_with(guest.texts_member("roles", MAX_NAMES));
        }
        #[cfg(feature = "full")]
        {
            trust.api_key_store = super::api_key_store::read_store(root, &trust);
            trust.revocations = read_revocations(root);
            trust.dpop = super::dpop::read_dpop(root);
            trust.policy_keys = super::policy_keys::read_policy_keys(root, &trust);
        }
        read_places(root, &mut trust);
        #[cfg(feature = "full")]
        {
            trust.check_bindings(root);
            trust.break_glass = super::break_glass::read_break_glass(root, &trust);
        }
        if let Some(realm) = root.member("realm") {
            realm.printable().clone_into(&mut trust.realm);
        }
        if let Some(metadata) = root.member("resourceMetadata") {
            trust.resource_metadata = Some(secure_url(&metadata).to_owned());
        }
        trust
    }

    /// That what an issuer's tokens must be bound to can be proven here at all.
    #[cfg(feature = "full")]
    fn check_bindings(&self, root: &Node<'_>) {
        for binding in self.issuers.iter().filter_map(|issuer| issuer.binding) {
            let (has_proofs, has_certificates) = (self.dpop.is_some(), self.certificate.is_some());
            match binding {
                Binding::Certificate if !has_certificates => {
                    let nowhere = Json::Null;
                    let credentials = root.member("credentials").unwrap_or(root.child_named("credentials", &nowhere));
                    credentials.refuse_member("clientCertificate", Problem::MissingMember);
                }
                Binding::Dpop if !has_proofs => root.refuse_member("dpop", Problem::MissingMember),
                Binding::Any if !has_proofs && !has_certificates => {
                    root.refuse_member("dpop", Problem::MissingMember);
                }
                _ => {}
            }
        }
    }

    /// Trust in nobody: everyone is a guest without roles.
    pub fn nobody() -> Self {
        Self {
            issuers: Vec::new(),
            api_keys: Vec::new(),
            guest: guest_with(Vec::new()),
            places: Places {
                token_header: "authorization".to_owned(),
                api_key_header: None,
                cookie: None,
                dpop: false,
            },
            realm: "api".to_owned(),
            resource_metadata: None,
            #[cfg(feature = "full")]
            api_key_store: None,
            #[cfg(feature = "full")]
            revocations: Revocations::default(),
            #[cfg(feature = "full")]
            dpop: None,
            #[cfg(feature = "full")]
            certificate: None,
            #[cfg(feature = "full")]
            break_glass: None,
            #[cfg(feature = "full")]
            policy_keys: None,
            last_header: LastHeader::default(),
            next_key_number: AtomicU32::new(1),
        }
    }

    pub(crate) fn next_key_number(&self) -> u32 {
        self.next_key_number.fetch_add(1, Ordering::Relaxed)
    }

    /// The place of the issuer that is asked about tokens.
    #[cfg(feature = "full")]
    pub(super) fn introspecting(&self) -> Option<usize> {
        self.issuers.iter().position(|issuer| matches!(issuer.keys, KeySource::Introspected(_)))
    }

    /// The issuers whose keys are fetched.
    pub(crate) fn fetched_keys(&self) -> impl Iterator<Item = &FetchedKeys> {
        self.issuers.iter().filter_map(|issuer| issuer.keys.fetched())
    }

    /// The names of the algorithms of proofs, where DPoP is known.
    pub(crate) fn proof_algorithms(&self) -> Option<Vec<&'static str>> {
        #[cfg(feature = "full")]
        return self.dpop.as_ref().map(|dpop| dpop.algorithms.iter().map(|algorithm| algorithm.name()).collect());
        #[cfg(not(feature = "full"))]
        None
    }

    /// Whether the host is asked to remember proofs.
    #[cfg(all(feature = "wasm", feature = "full"))]
    pub(crate) fn remembers_proofs(&self) -> bool {
        self.dpop.as_ref().is_some_and(|dpop| dpop.is_remembered)
    }

    /// Whether no issuer's token passes without a DPoP proof.
    pub(crate) fn wants_dpop_always(&self) -> bool {
        #[cfg(feature = "full")]
        return self.wants_always(Binding::Dpop);
        #[cfg(not(feature = "full"))]
        false
    }

    /// Whether no issuer's token passes without its certificate.
    #[cfg(feature = "full")]
    pub(crate) fn wants_certificates_always(&self) -> bool {
        self.wants_always(Binding::Certificate)
    }

    #[cfg(feature = "full")]
    fn wants_always(&self, binding: Binding) -> bool {
        !self.issuers.is_empty() && self.issuers.iter().all(|issuer| issuer.binding == Some(binding))
    }

    /// Under which issuer's name tokens are revoked, where the host says `issuer` or nothing: no name where the only
    /// issuer waives it, and the only issuer's where nothing is said. `None` where nobody can say.
    #[cfg(feature = "full")]
    pub(crate) fn revoking_issuer<'a>(&'a self, issuer: Option<&'a str>) -> Option<Option<&'a str>> {
        match (self.issuers.as_slice(), issuer) {
            (_, Some(issuer)) if self.has_grant_issuer(issuer) => Some(Some(issuer)),
            ([Issuer { name: IssuerName::Waived, .. }], _) => Some(None),
            (_, Some(issuer)) => Some(Some(issuer)),
            ([only], None) => only.name.exact().map(Some),
            _ => None,
        }
    }

    /// The issuers that are URLs, as RFC 8414 §2 has them.
    #[cfg(feature = "full")]
    pub(crate) fn authorization_servers(&self) -> Vec<&str> {
        let names = self.issuers.iter().filter_map(|issuer| issuer.name.exact());
        names.filter(|name| name.starts_with("https://") && !name.contains(['?', '#'])).collect()
    }

    /// The key of that number, if it is still in use.
    #[cfg(feature = "wasm")]
    pub(crate) fn key(&self, number: u32) -> Option<Arc<Key>> {
        self.issuers.iter().find_map(|issuer| issuer.keys.by_number(number))
    }

    /// Whether some keys are fetched.
    #[cfg(feature = "wasm")]
    pub(crate) fn fetches_keys(&self) -> bool {
        self.issuers.iter().any(|issuer| !matches!(issuer.keys, KeySource::Configured(_)))
    }

    /// Whether the host must verify with some configured key, or one that a proof may bring.
    #[cfg(feature = "wasm")]
    pub(crate) fn has_host_verified_key(&self) -> bool {
        #[cfg(feature = "full")]
        if self.dpop.as_ref().is_some_and(|dpop| dpop.algorithms.iter().any(|one| *one != Algorithm::EdDsa)) {
            return true;
        }
        self.issuers.iter().any(|issuer| match &issuer.keys {
            KeySource::Configured(set) => set.keys.iter().any(|key| key.is_host_verified()),
            _ => true,
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
    let waiver = issuers.iter().position(|issuer| matches!(issuer.name, IssuerName::Waived));
    waiver.filter(|_| issuers.len() > 1)
}

fn read_places(root: &Node<'_>, trust: &mut Trust) {
    #[cfg(feature = "full")]
    {
        trust.places.dpop = trust.dpop.is_some();
    }
    let mut api_key_header = "x-api-key".to_owned();
    if let Some(node) = root.member("credentials") {
        node.has_only(&["header", "apiKeyHeader", "cookie", "clientCertificate"]);
        node.needs_full(&["clientCertificate"]);
        let places = &mut trust.places;
        if let Some(header) = node.member("header") {
            places.token_header = header_name(&header);
            if places.token_header == api_key_header && node.member("apiKeyHeader").is_none() {
                header.bad("another header than the API key's");
            }
        }
        if let Some(header) = node.member("apiKeyHeader") {
            api_key_header = header_name(&header);
            if api_key_header == places.token_header {
                header.bad("another header than the token's");
            }
        }
        if let Some(cookie) = node.member("cookie") {
            places.cookie = Some(token_text(&cookie).to_owned());
        }
        #[cfg(feature = "full")]
        {
            let taken = (places.token_header.as_str(), api_key_header.as_str());
            trust.certificate = super::certificate::read_certificate_header(&node, taken);
        }
    }
    let api_key_header = Some(api_key_header);
    #[cfg(feature = "full")]
    if trust.api_key_store.is_some() {
        trust.places.api_key_header = api_key_header;
        return;
    }
    trust.places.api_key_header = api_key_header.filter(|_| !trust.api_keys.is_empty());
}

/// A header for a credential: none that says something else of the request.
pub(super) fn header_name(node: &Node<'_>) -> String {
    const TAKEN: &[&str] = &[
        "access-control-request-method",
        "cookie",
        "dpop",
        "host",
        "origin",
        "sec-fetch-site",
        "upgrade",
        "x-justification",
    ];
    let name = token_text(node).to_ascii_lowercase();
    if TAKEN.contains(&name.as_str()) {
        node.bad("a header that says nothing else");
    }
    name
}

/// A secret: text, taken as its UTF-8 bytes; or `{ "base64url": … }`.
pub(super) fn read_secret(node: &Node<'_>) -> Vec<u8> {
    match node.value() {
        Json::String(text) => return text.clone().into_bytes(),
        Json::Object(_) => {
            node.has_only(&["base64url"]);
            let encoded = node.expect("base64url");
            if let Some(decoded) = base64url::decode_secret(encoded.str()) {
                return decoded;
            }
            encoded.bad("unpadded base64url");
        }
        _ => node.refuse(Problem::WrongType { wanted: "text, or an object with base64url" }),
    }
    Vec::new()
}

/// A name of a header or cookie: `token`, RFC 9110 §5.6.2.
fn token_text<'a>(node: &Node<'a>) -> &'a str {
    let text = node.str();
    if text.len() > 128 || !is_token(text) {
        node.bad("a header or cookie name");
    }
    text
}
