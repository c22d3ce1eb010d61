//! What `iss` must say: nothing, one text, or a text with a tenant inside.

use std::sync::Arc;

use super::preset::Preset;
use super::trust::Trust;
use crate::document::{Node, Problem};
#[cfg(feature = "full")]
use crate::jose::key::Key;
use crate::json::Json;
#[cfg(feature = "full")]
use crate::json::Members;

/// What `iss` must say.
#[derive(Debug)]
pub(super) enum IssuerName {
    /// Nothing: the trust document says so aloud.
    Waived,
    Exactly(Arc<str>),
    /// A text with a tenant inside, which `tid` names too.
    #[cfg(feature = "full")]
    Tenant(Template),
}

impl IssuerName {
    pub(super) fn exact(&self) -> Option<&str> {
        self.shared().map(|name| &**name)
    }

    /// The same for whoever keeps it.
    pub(super) const fn shared(&self) -> Option<&Arc<str>> {
        match self {
            Self::Exactly(name) => Some(name),
            _ => None,
        }
    }

    /// Whether a token that says `iss` and `tid` is this issuer's.
    #[cfg(feature = "full")]
    pub(super) fn is_named(&self, iss: &str, tid: Option<&str>) -> bool {
        match self {
            Self::Waived => false,
            Self::Exactly(name) => **name == *iss,
            Self::Tenant(template) => tid.is_some_and(|tid| template.is_named(iss, tid)),
        }
    }
}

pub(super) fn read_name(node: &Node<'_>, preset: Option<&Preset>, trust: &Trust) -> IssuerName {
    let issuer_node = node.expect("issuer");
    let name = match issuer_node.value() {
        Json::Null => IssuerName::Waived,
        _ => IssuerName::Exactly(Arc::from(issuer_node.some_text())),
    };
    if let Some(text) = name.exact() {
        let is_same = |other: &IssuerName| match other {
            IssuerName::Waived => false,
            IssuerName::Exactly(other) => **other == *text,
            #[cfg(feature = "full")]
            IssuerName::Tenant(template) => template.with("{tenantid}") == text,
        };
        if trust.issuers.iter().any(|issuer| is_same(&issuer.name)) {
            issuer_node.refuse(Problem::Duplicate);
        }
    }
    #[cfg(feature = "full")]
    if let Some(template) = read_template(node, &issuer_node, preset) {
        return IssuerName::Tenant(template);
    }
    #[cfg(not(feature = "full"))]
    let _ = preset;
    name
}

/// An issuer for each of several tenants.
#[cfg(feature = "full")]
#[derive(Debug)]
pub(super) struct Template {
    before: String,
    behind: String,
    /// `None` for any.
    tenants: Option<Vec<String>>,
}

#[cfg(feature = "full")]
impl Template {
    fn with(&self, tenant: &str) -> String {
        [&self.before, tenant, &self.behind].concat()
    }

    fn is_named(&self, iss: &str, tid: &str) -> bool {
        let is_known = self.tenants.as_ref().is_none_or(|tenants| tenants.iter().any(|tenant| tenant == tid));
        is_known && iss == self.with(tid)
    }
}

#[cfg(feature = "full")]
impl IssuerName {
    /// Whether a key of a set that several issuers share may sign for the issuer of these claims.
    pub(super) fn owns(&self, key: &Key, claims: &Members) -> bool {
        let text = |name| claims.text(name).unwrap_or("");
        match (self, &key.issuer) {
            (Self::Tenant(_), Some(owner)) => {
                let named = split_at_tenant(owner).map(|(before, behind)| [before, text("tid"), behind].concat());
                named.as_ref().unwrap_or(owner) == text("iss")
            }
            _ => true,
        }
    }
}

#[cfg(feature = "full")]
fn read_template(node: &Node<'_>, issuer: &Node<'_>, preset: Option<&Preset>) -> Option<Template> {
    let text = issuer.value().as_str().filter(|_| preset.is_some_and(Preset::has_tenants));
    let Some((before, behind)) = text.and_then(split_at_tenant) else {
        if let Some(tenants) = node.member("tenants") {
            tenants.bad("an issuer with {tenantid} and its preset");
        }
        return None;
    };
    if split_at_tenant(behind).is_some() {
        issuer.bad("one {tenantid}");
    }
    let tenants_node = node.expect("tenants");
    let wanted = "any, or a list of at least one tenant";
    let tenants = match tenants_node.value() {
        Json::String(any) if any == "any" => None,
        Json::Array(_) => Some(tenants_node.some_texts(super::issuer::MAX_NAMES, wanted)),
        _ => {
            tenants_node.bad(wanted);
            None
        }
    };
    Some(Template { before: before.to_owned(), behind: behind.to_owned(), tenants })
}

/// What stands before the tenant and behind it.
#[cfg(feature = "full")]
fn split_at_tenant(text: &str) -> Option<(&str, &str)> {
    let (before, rest) = text.split_once('{')?;
    Some((before, rest.strip_prefix("tenantid}")?))
}
