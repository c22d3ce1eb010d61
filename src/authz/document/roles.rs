//! The roles of a policy document, and which exclude each other.

use std::time::Duration;

use super::permissions::read_grant;
use super::{MAX_DECLARED, MAX_LISTED, Punctuation, is_name};
use crate::authz::policy::Policy;
use crate::authz::role::{self, Elevation, HierarchyError, MAX_IN_EFFECT, Role, RoleId};
use crate::document::{Fault, Node, Problem};
use crate::grammar::is_scope_token;
use crate::sorted;

/// Ten years.
const MAX_AUTH_AGE_SECONDS: i64 = 315_360_000;

pub(super) fn read_roles(root: &Node<'_>, policy: &mut Policy) -> Result<(), Fault> {
    let Some(roles) = root.member("roles") else { return Ok(()) };
    let mut names = Vec::new();
    for (name, node) in roles.members(MAX_DECLARED)? {
        if !is_name(name, Punctuation::Plain) {
            return Err(node.fail(Problem::BadName));
        }
        names.push(name);
    }
    sorted::sort_by(&mut names, Ord::cmp);
    let mut named = 0;
    let id = |name: &str| names.binary_search(&name).ok().and_then(|index| u32::try_from(index).ok()).map(RoleId);
    for (name, node) in roles.members(MAX_DECLARED)? {
        node.object(&["inherits", "permits", "elevated"])?;
        let mut inherits = Vec::new();
        if let Some(parents) = node.member("inherits") {
            for parent in parents.items(MAX_LISTED)? {
                let parent_id = id(parent.text()?).ok_or_else(|| parent.fail(Problem::UnknownRole))?;
                if inherits.contains(&parent_id) {
                    return Err(parent.fail(Problem::Duplicate));
                }
                inherits.push(parent_id);
            }
        }
        let mut grants = Vec::new();
        if let Some(permits) = node.member("permits") {
            for (line, permit) in permits.items(MAX_LISTED)?.iter().enumerate() {
                let grant = read_grant(permit, policy, &mut named, line)?;
                grants.push(u32::try_from(policy.grants.len()).unwrap_or(u32::MAX));
                policy.grants.push(grant);
            }
        }
        let elevation = match node.member("elevated") {
            None => None,
            Some(elevated) => Some(read_elevation(&elevated)?),
        };
        policy.roles.push(Role::new(name.to_owned(), inherits, grants, elevation));
    }
    sorted::sort_by(&mut policy.roles, |left, right| left.name.cmp(&right.name));
    match role::resolve(&mut policy.roles, &policy.grants) {
        Ok(()) => Ok(()),
        Err(HierarchyError::TooMany) => Err(roles.fail(Problem::TooMany { limit: MAX_IN_EFFECT })),
        Err(HierarchyError::Cycle(role)) => {
            let name = policy.role(role).map_or("", |role| role.name.as_str());
            let inherits = roles.member(name).map(|node| node.fail_member("inherits", Problem::RoleCycle));
            Err(inherits.unwrap_or_else(|| roles.fail(Problem::RoleCycle)))
        }
    }
}

fn read_elevation(node: &Node<'_>) -> Result<Elevation, Fault> {
    node.object(&["acr", "maxAuthAge", "justification"])?;
    let mut elevation = Elevation::default();
    if let Some(acr) = node.member("acr") {
        for value in acr.items(MAX_LISTED)? {
            let text = value.text()?;
            // It stands in a challenge, in a list behind spaces (RFC 9470 §3).
            if !is_scope_token(text) {
                return Err(value.fail(Problem::BadValue { wanted: "visible ASCII without quotes" }));
            }
            elevation.acr.push(text.to_owned());
        }
        if elevation.acr.is_empty() {
            return Err(acr.fail(Problem::BadValue { wanted: "at least one acr" }));
        }
    }
    if let Some(age) = node.member("maxAuthAge") {
        let seconds = age.whole_number(0, MAX_AUTH_AGE_SECONDS, "0 to 315360000 seconds")?;
        elevation.max_auth_age = Some(Duration::from_secs(seconds.unsigned_abs()));
    }
    if let Some(justification) = node.member("justification") {
        elevation.justification = justification.flag()?;
    }
    Ok(elevation)
}

/// Sets of roles of which nobody may have two (NIST RBAC, static separation of duty), and no role by inheritance.
pub(super) fn read_exclusive(root: &Node<'_>, policy: &mut Policy) -> Result<(), Fault> {
    let Some(exclusive) = root.member("exclusive") else { return Ok(()) };
    for set in exclusive.items(MAX_LISTED)? {
        let mut roles = Vec::new();
        for name in set.items(MAX_LISTED)? {
            let id = policy.role_id(name.text()?).ok_or_else(|| name.fail(Problem::UnknownRole))?;
            if roles.contains(&id) {
                return Err(name.fail(Problem::Duplicate));
            }
            roles.push(id);
        }
        if roles.len() < 2 {
            return Err(set.fail(Problem::BadValue { wanted: "at least two roles" }));
        }
        sorted::sort_distinct(&mut roles);
        for role in &policy.roles {
            if role.in_effect.iter().filter(|id| roles.binary_search(id).is_ok()).count() > 1 {
                let place = root.member("roles").map(|all| all.fail_member(&role.name, Problem::ExclusiveRoles));
                return Err(place.unwrap_or_else(|| set.fail(Problem::ExclusiveRoles)));
            }
        }
        policy.exclusive.push(roles);
    }
    Ok(())
}
