//! The policy, worked out: names are numbers, inheritance is flat, routes are a tree.

#[cfg(not(feature = "wasm"))]
use super::numbers::Numbers;
use super::role::{self, Grant, PermissionId, Role, RoleId};
use super::route::{Ambiguous, Path, RouteTree};
use crate::cel::{Condition, Root, Type};
use crate::digest::sha256_base64url;
use crate::document::{self, ConfigError, Document};
use crate::json::Json;
#[cfg(feature = "full")]
use crate::sorted;

/// Who may do what.
///
/// ```
/// use portcullis::Policy;
///
/// let policy = Policy::parse(r#"{ "policy": "blog", "revision": 1,
///     "permissions": ["read_users"], "roles": { "viewer": { "permits": ["read_users"] } } }"#)?;
/// assert_eq!(policy.name(), "blog");
/// let error = Policy::parse(r#"{ "policy": "blog", "revision": 1,
///     "roles": { "viewer": { "permits": ["read_user"] } } }"#).unwrap_err();
/// assert_eq!((error.path.as_str(), error.code()), ("roles.viewer.permits[0]", "unknown_permission"));
/// # Ok::<(), portcullis::ConfigError>(())
/// ```
#[derive(Debug)]
pub struct Policy {
    pub(super) name: String,
    pub(super) revision: i64,
    pub(super) hash: String,
    /// The thumbprint of the key that signed it.
    #[cfg(feature = "full")]
    pub(super) signer: Option<String>,
    /// Sorted by name.
    pub(super) resources: Vec<ResourceType>,
    /// Sorted by name.
    pub(super) permissions: Vec<Permission>,
    /// Sorted by name.
    pub(super) roles: Vec<Role>,
    /// In the order of the document, each role's together.
    pub(super) grants: Vec<Grant>,
    /// Sorted by id.
    pub(super) rules: Vec<Rule>,
    /// Sets of roles of which nobody may have two, each sorted.
    pub(super) exclusive: Vec<Vec<RoleId>>,
    pub(super) attributes: Sections,
    pub(super) routes: Vec<Route>,
    pub(super) tree: RouteTree,
    /// `None` while the policy is read.
    #[cfg(not(feature = "wasm"))]
    pub(super) numbers: Option<Numbers>,
}

/// The declared attributes beside those of resources.
#[derive(Debug, Default)]
pub(super) struct Sections {
    pub(super) subject: Option<Vec<Declared>>,
    pub(super) context: Option<Vec<Declared>>,
    pub(super) action: Option<Vec<Declared>>,
}

/// A declared attribute.
#[derive(Debug)]
pub(crate) struct Declared {
    pub(crate) name: String,
    pub(crate) kind: Type,
    /// Its value is shown to nobody.
    pub(crate) redact: bool,
}

#[derive(Debug)]
pub(crate) struct ResourceType {
    pub(crate) name: String,
    pub(crate) owner: Option<Ownership>,
    /// The attribute that names an instance's tenant.
    pub(crate) tenant: Option<String>,
    /// `None` where the policy declares none.
    pub(crate) attributes: Option<Vec<Declared>>,
    /// The members beside the attributes that grants of fields may name.
    pub(crate) fields: Vec<String>,
    pub(crate) hide: bool,
    /// The attributes that decisions read, each once.
    pub(crate) read: Vec<String>,
}

/// The two ids that are compared.
#[derive(Debug, Clone)]
pub(crate) struct Ownership {
    /// The attribute of the resource.
    pub(crate) resource: String,
    /// The attribute of the subject; `None` is its id.
    pub(crate) subject: Option<String>,
}

/// A declared permission: `article:update`, or a bare name.
#[derive(Debug)]
pub(crate) struct Permission {
    pub(crate) name: String,
    /// The place of its resource type; `None` for a bare name.
    pub(crate) resource: Option<usize>,
    /// Whether a decision on it can hang on the instance.
    pub(crate) hangs_on_instance: bool,
    /// The places of the rules on it, sorted by id.
    pub(crate) rules: Vec<usize>,
}

/// A rule: it can only restrict.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) id: String,
    pub(crate) kind: RuleKind,
    pub(crate) permissions: Vec<PermissionId>,
    pub(crate) when: Option<Condition>,
    pub(crate) unless: Option<Condition>,
    pub(crate) message: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RuleKind {
    /// Denies unless `when` is false.
    Deny,
    /// Denies unless `when` is true.
    Require,
}

/// A route and what it wants.
#[derive(Debug)]
pub(crate) struct Route {
    /// As the policy writes it.
    pub(crate) text: String,
    pub(crate) wants: Wants,
    /// The segment that names the resource.
    pub(crate) resource_segment: Option<usize>,
    pub(crate) handler_decides: bool,
    pub(crate) hide: bool,
}

#[derive(Debug)]
pub(crate) enum Wants {
    /// `allow: everyone`
    Nothing,
    /// `allow: authenticated`
    Authentication,
    /// All that are there.
    All { scope: Option<String>, role: Option<RoleId>, permission: Option<PermissionId> },
}

impl Policy {
    /// Reads a policy document from its JSON text.
    ///
    /// # Errors
    /// [`ConfigError`] with the path of the member that is wrong.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        Self::from_json(&document::parse(Document::Policy, text).map_err(|fault| *fault)?)
    }

    /// The same of the document's JSON.
    pub(crate) fn from_json(json: &Json) -> Result<Self, ConfigError> {
        let mut policy = document::read(Document::Policy, json, super::document::read).map_err(|fault| *fault)?;
        policy.hash = ["sha256:", &sha256_base64url(json.to_canonical_text().as_bytes())].concat();
        Ok(policy)
    }

    /// The same policy, signed by the key of that thumbprint.
    #[cfg(feature = "full")]
    pub(crate) fn signed_by(mut self, signer: String) -> Self {
        self.signer = Some(signer);
        self
    }

    /// The thumbprint of the key that signed it.
    #[cfg(feature = "full")]
    pub(crate) fn signer(&self) -> Option<&str> {
        self.signer.as_deref()
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its revision.
    pub const fn revision(&self) -> i64 {
        self.revision
    }

    /// `sha256:` and the unpadded base64url of the SHA-256 of its canonical JSON (RFC 8785).
    pub fn hash(&self) -> &str {
        &self.hash
    }

    pub(crate) fn permission_id(&self, name: &str) -> Option<PermissionId> {
        #[cfg(not(feature = "wasm"))]
        if let Some(numbers) = &self.numbers {
            return numbers.permissions.get(name).copied().map(PermissionId);
        }
        let index = self.permissions.binary_search_by(|own| own.name.as_str().cmp(name)).ok()?;
        u32::try_from(index).ok().map(PermissionId)
    }

    pub(crate) fn permission(&self, id: PermissionId) -> Option<&Permission> {
        self.permissions.get(id.index())
    }

    pub(crate) fn role_id(&self, name: &str) -> Option<RoleId> {
        #[cfg(not(feature = "wasm"))]
        if let Some(numbers) = &self.numbers {
            return numbers.roles.get(name).copied().map(RoleId);
        }
        let index = self.roles.binary_search_by(|own| own.name.as_str().cmp(name)).ok()?;
        u32::try_from(index).ok().map(RoleId)
    }

    pub(crate) fn role(&self, id: RoleId) -> Option<&Role> {
        role::at(&self.roles, id)
    }

    pub(crate) fn role_ids(&self) -> impl Iterator<Item = RoleId> {
        (0_u32..).map(RoleId).take(self.roles.len())
    }

    pub(crate) fn resource(&self, name: &str) -> Option<&ResourceType> {
        let index = self.resources.binary_search_by(|own| own.name.as_str().cmp(name)).ok()?;
        self.resources.get(index)
    }

    #[cfg(feature = "wasm")]
    pub(crate) fn resources(&self) -> &[ResourceType] {
        &self.resources
    }

    /// The resource type of a typed permission.
    pub(crate) fn resource_of(&self, permission: PermissionId) -> Option<&ResourceType> {
        self.permission(permission)?.resource.and_then(|index| self.resources.get(index))
    }

    pub(crate) fn grant(&self, place: u32) -> Option<&Grant> {
        self.grants.get(role::index(place))
    }

    /// The declaration of an attribute, for a question about that type of resource.
    pub(crate) fn declared<'a>(
        &'a self,
        root: Root,
        name: &str,
        resource: Option<&'a ResourceType>,
    ) -> Option<&'a Declared> {
        let section = match root {
            Root::Subject => &self.attributes.subject,
            Root::Context => &self.attributes.context,
            Root::Action => &self.attributes.action,
            Root::Resource => return resource.and_then(|own| own.declared(name)),
            Root::Free => &None,
        };
        find(section.as_deref(), name)
    }

    /// The place of the route for a request.
    pub(crate) fn find_route(&self, method: &str, path: &Path<'_>) -> Result<Option<usize>, Ambiguous> {
        self.tree.find(method, path)
    }

    pub(crate) fn route(&self, index: usize) -> Option<&Route> {
        self.routes.get(index)
    }

    /// The scopes that routes want, sorted, each once.
    #[cfg(feature = "full")]
    pub(crate) fn scopes(&self) -> Vec<&str> {
        let mut scopes = Vec::new();
        for route in &self.routes {
            if let Wants::All { scope: Some(scope), .. } = &route.wants {
                scopes.push(scope.as_str());
            }
        }
        sorted::sort_distinct(&mut scopes);
        scopes
    }

    pub(crate) fn routes(&self) -> &[Route] {
        &self.routes
    }
}

impl Permission {
    pub(super) const fn new(name: String, resource: Option<usize>, hangs_on_instance: bool) -> Self {
        Self { name, resource, hangs_on_instance, rules: Vec::new() }
    }
}

impl ResourceType {
    /// Whether a grant of fields may name that member.
    pub(super) fn has_field(&self, name: &str) -> bool {
        self.declared(name).is_some() || self.fields.iter().any(|own| own == name)
    }

    fn declared(&self, name: &str) -> Option<&Declared> {
        find(self.attributes.as_deref(), name)
    }
}

fn find<'a>(declared: Option<&'a [Declared]>, name: &str) -> Option<&'a Declared> {
    declared?.iter().find(|own| own.name == name)
}

impl Route {
    /// The permission that the route wants.
    pub(crate) const fn permission(&self) -> Option<PermissionId> {
        match self.wants {
            Wants::All { permission, .. } => permission,
            Wants::Nothing | Wants::Authentication => None,
        }
    }
}
