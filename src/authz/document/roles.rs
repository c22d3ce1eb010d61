//! The roles of a policy document, and which exclude each other.

use std::time::Duration;

use super::permissions::read_grant;
use super::{MAX_DECLARED, MAX_LISTED, Punctuation, is_name};
use crate::authz::policy::Policy;
use crate::authz::role::{self, Elevation, HierarchyError, MAX_IN_EFFECT, Role, RoleId};
use crate::document::{Node, Problem};
use crate::grammar::is_scope_token;
use crate::sorted;

/// Ten years.
const MAX_AUTH_AGE_SECONDS: i64 = 315_360_000;

pub(super) fn read_roles(root: &Node<'_>, policy: &mut Policy) {
    let Some(roles) = root.member("roles") else { return };
    let mut names = Vec::new();
    for (name, node) in roles.entries(MAX_DECLARED) {
        if !is_name(name, Punctuation::Plain) {
            node.refuse(Problem::BadName);
        }
        names.push(name);
    }
    sorted::sort_by(&mut names, Ord::cmp);
    let mut named = 0;
    for (name, node) in roles.entries(MAX_DECLARED) {
        node.has_only(&["inherits", "permits", "elevated"]);
        let mut inherits = Vec::new();
        if let Some(parents) = node.member("inherits") {
            for parent in parents.list(MAX_LISTED) {
                match names.binary_search(&parent.str()).map(u32::try_from) {
                    Ok(Ok(id)) if inherits.contains(&RoleId(id)) => parent.refuse(Problem::Duplicate),
                    Ok(Ok(id)) => inherits.push(RoleId(id)),
                    _ => parent.refuse(Problem::UnknownRole),
                }
            }
        }
        let mut grants = Vec::new();
        if let Some(permits) = node.member("permits") {
            for permit in permits.list(MAX_LISTED) {
                let grant = read_grant(&permit, policy, &mut named, grants.len());
                grants.push(u32::try_from(policy.grants.len()).unwrap_or(u32::MAX));
                policy.grants.push(grant);
            }
        }
        let elevation = node.member("elevated").map(|elevated| read_elevation(&elevated));
        policy.roles.push(Role::new(name.to_owned(), inherits, grants, elevation));
    }
    sorted::sort_by(&mut policy.roles, |left, right| left.name.cmp(&right.name));
    match role::resolve(&mut policy.roles, &policy.grants) {
        Ok(()) => {}
        Err(HierarchyError::TooMany) => roles.refuse(Problem::TooMany { limit: MAX_IN_EFFECT }),
        Err(HierarchyError::Cycle(role)) => {
            let name = policy.role(role).map_or("", |role| role.name.as_str());
            roles.expect(name).refuse_member("inherits", Problem::RoleCycle);
        }
    }
}

fn read_elevation(node: &Node<'_>) -> Elevation {
    node.has_only(&["acr", "maxAuthAge", "justification"]);
    let mut elevation = Elevation::default();
    if let Some(acr) = node.member("acr") {
        for value in acr.list(MAX_LISTED) {
            let text = value.str();
            // It stands in a challenge, in a list behind spaces (RFC 9470 §3).
            if !is_scope_token(text) {
                value.bad("visible ASCII without quotes");
            }
            elevation.acr.push(text.to_owned());
        }
        if elevation.acr.is_empty() {
            acr.bad("at least one acr");
        }
    }
    if let Some(age) = node.member("maxAuthAge") {
        let seconds = age.number(0, MAX_AUTH_AGE_SECONDS, "0 to 315360000 seconds");
        elevation.max_auth_age = Some(Duration::from_secs(seconds.unsigned_abs()));
    }
    elevation.justification = node.has_set("justification");
    elevation
}

/// Sets of roles of which nobody may have two (NIST RBAC, static separation of duty), and no role by inheritance.
pub(super) fn read_exclusive(root: &Node<'_>, policy: &mut Policy) {
    let Some(exclusive) = root.member("exclusive") else { return };
    for set in exclusive.list(MAX_LISTED) {
        let mut roles = Vec::new();
        for name in set.list(MAX_LISTED) {
            match policy.role_id(name.str()) {
                Some(id) if roles.contains(&id) => name.refuse(Problem::Duplicate),
                Some(id) => roles.push(id),
                None => name.refuse(Problem::UnknownRole),
            }
        }
        if roles.len() < 2 {
            set.bad("at least two roles");
        }
        sorted::sort_distinct(&mut roles);
        for role in &policy.roles {
            if role.in_effect.iter().filter(|id| roles.binary_search(id).is_ok()).count() > 1 {
                root.expect("roles").refuse_member(&role.name, Problem::ExclusiveRoles);
            }
        }
        policy.exclusive.push(roles);
    }
}
