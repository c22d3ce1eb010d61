//! The policy, worked out: names are numbers, inheritance is flat, routes are a tree.

use super::role::{self, PermissionId, Role, RoleId};
use super::route::{Ambiguous, Path, RouteTree};
use crate::digest::sha256_base64url;
use crate::document::{self, ConfigError, Document};
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
    /// Sorted by name.
    pub(super) resources: Vec<ResourceType>,
    /// Sorted by name.
    pub(super) permissions: Vec<Permission>,
    /// Sorted by name.
    pub(super) roles: Vec<Role>,
    /// Sorted by id.
    pub(super) rules: Vec<DenyRule>,
    pub(super) routes: Vec<Route>,
    pub(super) tree: RouteTree,
}

#[derive(Debug)]
pub(crate) struct ResourceType {
    pub(crate) name: String,
    pub(crate) owner: Option<Ownership>,
    pub(crate) hide: bool,
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
    /// Whether some role has it only by ownership.
    pub(crate) is_conditional: bool,
    /// The place of the deny rule on it; of several the first by id.
    pub(crate) denied_by: Option<usize>,
}

#[derive(Debug)]
pub(crate) struct DenyRule {
    pub(crate) id: String,
    pub(crate) permissions: Vec<PermissionId>,
    pub(crate) message: Option<String>,
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
        let json = document::parse(Document::Policy, text).map_err(|fault| *fault)?;
        let mut policy = super::document::read(&json).map_err(|fault| *fault)?;
        policy.hash = format!("sha256:{}", sha256_base64url(json.to_canonical_text().as_bytes()));
        Ok(policy)
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
        let index = self.permissions.binary_search_by(|own| own.name.as_str().cmp(name)).ok()?;
        u32::try_from(index).ok().map(PermissionId)
    }

    pub(crate) fn permission(&self, id: PermissionId) -> Option<&Permission> {
        self.permissions.get(id.index())
    }

    pub(crate) fn role_id(&self, name: &str) -> Option<RoleId> {
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

    /// The deny rule on that permission; of several the first by id.
    pub(crate) fn deny_rule(&self, permission: PermissionId) -> Option<&DenyRule> {
        self.permission(permission)?.denied_by.and_then(|rule| self.rules.get(rule))
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

impl Route {
    /// The permission that the route wants.
    pub(crate) const fn permission(&self) -> Option<PermissionId> {
        match self.wants {
            Wants::All { permission, .. } => permission,
            Wants::Nothing | Wants::Authentication => None,
        }
    }
}
