//! A subject as a policy sees it: its roles and permissions by number. Worked out once for many questions.

use std::borrow::Cow;
use std::sync::Arc;

use super::policy::Policy;
use super::question::Clock;
use super::role::{PermissionId, Role, RoleId};
use crate::principal::{Assignment, Subject};
use crate::sorted;
use crate::time::UnixTime;

#[derive(Debug, Clone)]
pub(crate) struct Standing {
    pub(crate) subject: Arc<Subject>,
    /// The roles held everywhere and always that the policy knows, sorted.
    pub(super) held: Vec<RoleId>,
    /// Those of them that no exclusion takes away.
    active: Vec<RoleId>,
    /// The roles held for a time or in a tenant, with their places in the subject's assignments.
    pub(super) assigned: Vec<(RoleId, usize)>,
    pub(super) permissions: Vec<PermissionId>,
}

impl Standing {
    /// The same identity without roles and permissions.
    pub(super) fn bare(&self) -> Self {
        let mut subject = Subject::clone(&self.subject);
        (subject.roles, subject.assignments, subject.permissions) = (Vec::new(), Vec::new(), Vec::new());
        let (held, active, permissions) = (Vec::new(), Vec::new(), Vec::new());
        Self { subject: Arc::new(subject), held, active, assigned: Vec::new(), permissions }
    }

    /// The same with that role alone.
    pub(super) fn with_only(&self, role: RoleId) -> Self {
        let subject = Arc::clone(&self.subject);
        Self { subject, held: vec![role], active: vec![role], assigned: Vec::new(), permissions: Vec::new() }
    }

    pub(super) fn assignments(&self) -> impl Iterator<Item = (RoleId, &Assignment)> {
        self.assigned.iter().filter_map(|(role, place)| Some((*role, self.subject.assignments.get(*place)?)))
    }

    /// The tenants in which it holds a role at that time, each once.
    pub(super) fn tenants(&self, now: UnixTime) -> Vec<&str> {
        let mut tenants = Vec::new();
        for (_, assignment) in self.assignments() {
            tenants.extend(assignment.tenant.as_deref().filter(|_| assignment.holds(now)));
        }
        sorted::sort_distinct(&mut tenants);
        tenants
    }
}

impl Policy {
    /// The subject's standing. What the policy does not know counts for nothing.
    pub(crate) fn standing(&self, subject: Arc<Subject>) -> Standing {
        let (mut held, mut permissions) = (Vec::new(), Vec::new());
        for name in &subject.roles {
            held.extend(self.role_id(name));
        }
        sorted::sort_distinct(&mut held);
        for name in &subject.permissions {
            permissions.extend(self.permission_id(name));
        }
        let mut assigned = Vec::new();
        for (place, assignment) in subject.assignments.iter().enumerate() {
            assigned.extend(self.role_id(&assignment.role).map(|role| (role, place)));
        }
        let active = self.without_exclusive(held.clone());
        Standing { subject, held, active, assigned, permissions }
    }

    /// The roles that count at that time, for an instance of that tenant.
    pub(super) fn active<'a>(
        &self,
        standing: &'a Standing,
        clock: Clock<'_>,
        tenant: Option<&str>,
    ) -> Cow<'a, [RoleId]> {
        if standing.assigned.is_empty() {
            return Cow::Borrowed(&standing.active);
        }
        Cow::Owned(self.without_exclusive(self.candidates(standing, clock, tenant)))
    }

    /// The same before exclusions.
    pub(super) fn candidates(&self, standing: &Standing, clock: Clock<'_>, tenant: Option<&str>) -> Vec<RoleId> {
        let mut roles = standing.held.clone();
        for (role, assignment) in standing.assignments() {
            let is_here = assignment.tenant.is_none() || assignment.tenant.as_deref() == tenant;
            if is_here && assignment.holds(clock.now()) {
                roles.push(role);
            }
        }
        sorted::sort_distinct(&mut roles);
        roles
    }

    /// Whoever has two roles of one set in effect has none of the set, nor a role that inherits one.
    fn without_exclusive(&self, mut roles: Vec<RoleId>) -> Vec<RoleId> {
        let in_set = |role: &RoleId, set: &[RoleId]| {
            let in_effect = self.role(*role).map_or(&[][..], |role| &role.in_effect);
            in_effect.iter().filter_map(|id| set.binary_search(id).ok()).next()
        };
        let mut violated = Vec::new();
        for set in &self.exclusive {
            let mut members = Vec::new();
            for role in &roles {
                members.extend(in_set(role, set));
            }
            sorted::sort_distinct(&mut members);
            if members.len() > 1 {
                violated.push(set);
            }
        }
        roles.retain(|role| !violated.iter().any(|set| in_set(role, set).is_some()));
        roles
    }

    /// The subject's roles with all that they inherit, sorted by name; those of a tenant too.
    pub(crate) fn roles_in_effect(&self, standing: &Standing, now: UnixTime) -> Vec<String> {
        let mut roles = self.active(standing, Clock::at(now), None).into_owned();
        for tenant in standing.tenants(now) {
            roles.extend_from_slice(&self.active(standing, Clock::at(now), Some(tenant)));
        }
        self.role_names(&self.in_effect(&roles))
    }

    /// These roles with all that they inherit, sorted.
    pub(super) fn in_effect(&self, roles: &[RoleId]) -> Vec<RoleId> {
        self.gathered(roles, |role| &role.in_effect)
    }

    /// The elevated ones among them.
    pub(super) fn elevated_in_effect(&self, roles: &[RoleId]) -> Vec<RoleId> {
        self.gathered(roles, |role| &role.elevated_in_effect)
    }

    fn gathered(&self, roles: &[RoleId], of: fn(&Role) -> &[RoleId]) -> Vec<RoleId> {
        let mut gathered = Vec::new();
        for role in roles {
            gathered.extend_from_slice(self.role(*role).map_or(&[][..], of));
        }
        sorted::sort_distinct(&mut gathered);
        gathered
    }

    /// Their names, in that order.
    pub(crate) fn role_names(&self, roles: &[RoleId]) -> Vec<String> {
        let mut names = Vec::new();
        for role in roles {
            names.extend(self.role(*role).map(|role| role.name.clone()));
        }
        names
    }
}
