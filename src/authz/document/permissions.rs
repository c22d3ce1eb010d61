//! Permissions as grants, rules and routes name them: a name, or a wildcard by segment.

use super::{Punctuation, is_name, refuse_later};
use crate::authz::policy::Policy;
use crate::authz::role::{Grant, MAX_IN_EFFECT, PermissionId, Strength};
use crate::document::{Fault, Node, Problem};

/// `"article:read"`, or `{ "permission": "article:update", "owner": true }`.
pub(super) fn read_grant(node: &Node<'_>, policy: &Policy, named: &mut usize) -> Result<Grant, Fault> {
    if let Some(pattern) = node.value().as_str() {
        let permissions = matching(node, policy, named)?;
        return Ok(Grant { pattern: pattern.to_owned(), permissions, strength: Strength::Always });
    }
    if node.value().as_object().is_none() {
        return Err(node.fail(Problem::WrongType { wanted: "a permission, or an object with permission" }));
    }
    refuse_later(node, &["when", "fields", "notBefore", "notAfter"])?;
    node.object(&["permission", "owner"])?;
    let pattern = node.required("permission")?;
    let permissions = matching(&pattern, policy, named)?;
    let strength = match node.member("owner") {
        Some(owner) if owner.flag()? => Strength::Owned,
        _ => Strength::Always,
    };
    let has_owner = |one: &PermissionId| policy.resource_of(*one).is_some_and(|resource| resource.owner.is_some());
    if strength == Strength::Owned && !permissions.iter().all(has_owner) {
        return Err(node.fail_member("owner", Problem::MissingOwner));
    }
    Ok(Grant { pattern: pattern.text()?.to_owned(), permissions, strength })
}

/// The declared permissions that a pattern names: a name, `*`, `type:*` or `*:action`. Never none. `named` counts
/// those of all patterns, so that many wildcards cannot fill the memory.
pub(super) fn matching(node: &Node<'_>, policy: &Policy, named: &mut usize) -> Result<Vec<PermissionId>, Fault> {
    let pattern = node.text()?;
    if !is_pattern(pattern) {
        return Err(node.fail(Problem::BadName));
    }
    let fits = |name: &str| match (pattern.split_once(':'), name.split_once(':')) {
        _ if pattern == "*" => true,
        (Some((resource, action)), Some((own_resource, own_action))) => {
            (resource == "*" || resource == own_resource) && (action == "*" || action == own_action)
        }
        _ => pattern == name,
    };
    let permissions: Vec<_> = if pattern.contains('*') {
        let numbered = (0_u32..).map(PermissionId).zip(&policy.permissions);
        numbered.filter(|(_, permission)| fits(&permission.name)).map(|(id, _)| id).collect()
    } else {
        policy.permission_id(pattern).into_iter().collect()
    };
    *named += permissions.len();
    if *named > MAX_IN_EFFECT {
        return Err(node.fail(Problem::TooMany { limit: MAX_IN_EFFECT }));
    }
    if !permissions.is_empty() {
        return Ok(permissions);
    }
    // `articel:read` names a type that is not declared; `article:raed` an action.
    let is_unknown_type =
        pattern.split_once(':').is_some_and(|(resource, _)| resource != "*" && policy.resource(resource).is_none());
    Err(node.fail(if is_unknown_type { Problem::UnknownResourceType } else { Problem::UnknownPermission }))
}

/// A permission or a wildcard by segment, by its form.
pub(super) fn is_pattern(text: &str) -> bool {
    let is_part = |part: &str, punctuation| part == "*" || is_name(part, punctuation);
    match text.split_once(':') {
        Some((resource, action)) => is_part(resource, Punctuation::Plain) && is_part(action, Punctuation::Slash),
        None => is_part(text, Punctuation::Plain),
    }
}
