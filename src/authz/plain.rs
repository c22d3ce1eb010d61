//! What roles permit without any condition: what a token may say in their place.

use std::sync::Arc;

use super::policy::Policy;
use super::question::Clock;
use crate::principal::Subject;
use crate::time::UnixTime;

impl Policy {
    /// The permissions that these roles grant for every resource, whole, and unconditionally, sorted by name. None of a role
    /// that wants an elevation; none of roles that exclude each other; none of a role that the policy does not know.
    ///
    /// What a role grants for what one owns, on a condition, or for some fields only is not among them: said of somebody
    /// beside their roles a permission holds for everything. So a guard that reads them decides as it would by the roles,
    /// or less.
    pub fn plain_permissions(&self, roles: &[String]) -> Vec<String> {
        let subject = Subject { roles: roles.to_vec(), ..Subject::default() };
        let standing = self.standing(Arc::new(subject));
        let active = self.active(&standing, Clock::at(UnixTime::from_seconds(0)), None);
        let mut permissions = Vec::new();
        for (place, permission) in (0..).zip(&self.permissions) {
            let id = super::role::PermissionId(place);
            let is_plain = |place: &u32| self.grant(*place).is_some_and(super::role::Grant::is_plain);
            let grants =
                |role| self.role(role).is_some_and(|role| role.ordinary(id).iter().any(|(_, place)| is_plain(place)));
            if active.iter().any(|role| grants(*role)) {
                permissions.push(permission.name.clone());
            }
        }
        permissions
    }
}
