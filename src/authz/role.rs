//! Roles with inheritance (NIST RBAC, hierarchical), worked out once when the policy loads.

use std::time::Duration;

use crate::cel::Condition;
use crate::digits;
use crate::sorted;

/// The number of a permission: its place among the declared ones, sorted by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PermissionId(pub(crate) u32);

impl PermissionId {
    pub(crate) fn index(self) -> usize {
        index(self.0)
    }
}

/// The number of a role: its place among the declared ones, sorted by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RoleId(pub(crate) u32);

impl RoleId {
    pub(crate) fn index(self) -> usize {
        index(self.0)
    }
}

/// A number that fits into no address is no place at all.
pub(super) fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// A role as it is declared, and what comes to it by inheritance.
#[derive(Debug)]
pub(crate) struct Role {
    pub(crate) name: String,
    pub(crate) inherits: Vec<RoleId>,
    /// The places of what stands in this role itself.
    pub(crate) grants: Vec<u32>,
    pub(crate) elevation: Option<Elevation>,
    /// This role and all that it inherits, sorted.
    pub(crate) in_effect: Vec<RoleId>,
    /// Those of them that are elevated.
    pub(crate) elevated_in_effect: Vec<RoleId>,
    /// The ordinary grants in effect by permission. Where one grants it for everything it stands alone.
    ordinary: Vec<(PermissionId, u32)>,
}

/// A line of `permits`.
#[derive(Debug)]
pub(crate) struct Grant {
    /// As the policy writes it.
    pub(crate) pattern: String,
    /// The declared permissions that it names, sorted.
    pub(crate) permissions: Vec<PermissionId>,
    /// Only for what the subject owns.
    pub(crate) owner: bool,
    /// Only where this is true.
    pub(crate) when: Option<Condition>,
    /// Only these members, and never the whole. Sorted.
    pub(crate) fields: Option<Vec<String>>,
    /// Its place in `permits`.
    pub(crate) line: usize,
}

/// What an elevated role wants before its own grants count.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Elevation {
    /// One of these `acr` values; none wanted where empty.
    pub(crate) acr: Vec<String>,
    /// The sign-in is at most this long ago.
    pub(crate) max_auth_age: Option<Duration>,
    /// The request says why.
    pub(crate) justification: bool,
}

impl Grant {
    pub(crate) fn covers(&self, permission: PermissionId) -> bool {
        self.permissions.binary_search(&permission).is_ok()
    }

    /// Where its condition stands in the document: it is a grant of that role.
    pub(super) fn path_of_condition(&self, role: &Role) -> String {
        ["roles.", &role.name, ".permits[", &digits::of(self.line), "].when"].concat()
    }

    /// It holds for every resource, whole.
    pub(crate) const fn is_plain(&self) -> bool {
        !self.owner && self.when.is_none() && self.fields.is_none()
    }
}

impl Role {
    pub(crate) fn new(name: String, inherits: Vec<RoleId>, grants: Vec<u32>, elevation: Option<Elevation>) -> Self {
        let nothing = Vec::new;
        Self {
            name,
            inherits,
            grants,
            elevation,
            in_effect: nothing(),
            elevated_in_effect: Vec::new(),
            ordinary: Vec::new(),
        }
    }

    /// How many permissions it brings.
    pub(crate) fn weight(&self) -> usize {
        self.ordinary.len() + self.elevated_in_effect.len()
    }

    /// The places of the ordinary grants of that permission.
    pub(crate) fn ordinary(&self, permission: PermissionId) -> &[(PermissionId, u32)] {
        let from = self.ordinary.partition_point(|(own, _)| *own < permission);
        let rest = self.ordinary.get(from..).unwrap_or(&[]);
        rest.get(..rest.partition_point(|(own, _)| *own == permission)).unwrap_or(&[])
    }
}

/// What stops a hierarchy.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum HierarchyError {
    /// This role inherits itself.
    Cycle(RoleId),
    /// All roles together have more permissions in effect than [`MAX_IN_EFFECT`].
    TooMany,
}

/// All roles together may have this many roles and permissions in effect.
pub(crate) const MAX_IN_EFFECT: usize = 500_000;

/// Works out what each role has by inheritance: parents first, each once.
pub(crate) fn resolve(roles: &mut [Role], grants: &[Grant]) -> Result<(), HierarchyError> {
    let mut total = 0;
    for id in parents_first(roles)? {
        let Some(role) = at(roles, id) else { continue };
        let mut in_effect = vec![id];
        let mut elevated = Vec::new();
        let mut ordinary = Vec::new();
        if role.elevation.is_some() {
            elevated.push(id);
        } else {
            for place in &role.grants {
                for permission in grants.get(index(*place)).map_or(&[][..], |grant| &grant.permissions) {
                    ordinary.push((*permission, *place));
                }
            }
        }
        for parent in &role.inherits {
            let Some(parent) = at(roles, *parent) else { continue };
            in_effect.extend_from_slice(&parent.in_effect);
            elevated.extend_from_slice(&parent.elevated_in_effect);
            ordinary.extend_from_slice(&parent.ordinary);
        }
        sorted::sort_distinct(&mut in_effect);
        sorted::sort_distinct(&mut elevated);
        // A plain grant comes first of its permission's, and then stays alone.
        let is_plain = |place: &u32| grants.get(index(*place)).is_some_and(Grant::is_plain);
        let key = |(permission, place): &(PermissionId, u32)| (*permission, !is_plain(place), *place);
        sorted::sort_by(&mut ordinary, |left, right| key(left).cmp(&key(right)));
        ordinary.dedup_by(|next, kept| next.0 == kept.0 && (next.1 == kept.1 || is_plain(&kept.1)));
        total += in_effect.len() + ordinary.len();
        if total > MAX_IN_EFFECT {
            return Err(HierarchyError::TooMany);
        }
        if let Some(role) = roles.get_mut(id.index()) {
            role.in_effect = in_effect;
            role.elevated_in_effect = elevated;
            role.ordinary = ordinary;
        }
    }
    Ok(())
}

pub(crate) fn at(roles: &[Role], id: RoleId) -> Option<&Role> {
    roles.get(id.index())
}

/// The roles in an order in which each stands behind all that it inherits (Kahn), or the cycle.
fn parents_first(roles: &[Role]) -> Result<Vec<RoleId>, HierarchyError> {
    let mut waiting_for = Vec::new();
    let mut children: Vec<Vec<RoleId>> = Vec::new();
    children.resize_with(roles.len(), Vec::new);
    let mut order = Vec::new();
    for (id, role) in (0_u32..).map(RoleId).zip(roles) {
        waiting_for.push(role.inherits.len());
        if role.inherits.is_empty() {
            order.push(id);
        }
        for parent in &role.inherits {
            if let Some(list) = children.get_mut(parent.index()) {
                list.push(id);
            }
        }
    }
    let mut next = 0;
    while let Some(done) = order.get(next).copied() {
        next += 1;
        for child in children.get(done.index()).map_or(&[][..], Vec::as_slice) {
            if let Some(waits) = waiting_for.get_mut(child.index()) {
                *waits -= 1;
                if *waits == 0 {
                    order.push(*child);
                }
            }
        }
    }
    if order.len() == roles.len() {
        return Ok(order);
    }
    Err(HierarchyError::Cycle(on_a_cycle(roles, &waiting_for)))
}

/// Walks up from a role that waits for ever, as many steps as there are roles: then it is on a cycle, not merely behind
/// one. Of the cycle the first by name is named, so that the order of the document does not matter.
fn on_a_cycle(roles: &[Role], waiting_for: &[usize]) -> RoleId {
    let waits = |id: &RoleId| waiting_for.get(id.index()).is_some_and(|count| *count > 0);
    let parent = |id: RoleId| at(roles, id).and_then(|role| role.inherits.iter().copied().find(waits)).unwrap_or(id);
    let mut within = (0_u32..).map(RoleId).take(roles.len()).find(waits).unwrap_or(RoleId(0));
    for _ in roles {
        within = parent(within);
    }
    let mut first = within;
    let mut walked = parent(within);
    while walked != within {
        first = first.min(walked);
        walked = parent(walked);
    }
    first
}
