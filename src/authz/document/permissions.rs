//! Permissions as grants, rules and routes name them: a name, or a wildcard by segment.

use super::conditions::read_condition;
use super::resources::read_fields;
use super::{MAX_LISTED, Punctuation, is_name};
use crate::authz::policy::Policy;
use crate::authz::role::{Grant, MAX_IN_EFFECT, PermissionId};
use crate::document::{Node, Problem};
use crate::json::Json;
use crate::sorted;

/// `"article:read"`, or `{ "permission": "article:update", "owner": true, "when": "…", "fields": ["…"] }`. `line` is its
/// place in the list.
pub(super) fn read_grant(node: &Node<'_>, policy: &mut Policy, named: &mut usize, line: usize) -> Grant {
    let pattern = match node.value() {
        Json::String(_) => *node,
        Json::Object(_) => {
            node.has_only(&["permission", "owner", "when", "fields"]);
            node.expect("permission")
        }
        _ => {
            node.refuse(Problem::WrongType { wanted: "a permission, or an object with permission" });
            *node
        }
    };
    let permissions = matching(&pattern, policy, named);
    let owner = node.has_set("owner");
    for one in permissions.iter().filter(|_| owner) {
        if policy.resource_of(*one).is_none_or(|resource| resource.owner.is_none()) {
            node.refuse_member("owner", Problem::MissingOwner);
        }
        if let Some(permission) = policy.permissions.get_mut(one.index()) {
            permission.hangs_on_instance = true;
        }
    }
    let when = read_condition(node, "when", &permissions, policy);
    let fields = node.member("fields").map(|fields| read_grant_fields(&fields, &permissions, policy));
    Grant { pattern: pattern.str().to_owned(), permissions, owner, when, fields, line }
}

/// Members that every type of these permissions declares.
fn read_grant_fields(list: &Node<'_>, permissions: &[PermissionId], policy: &Policy) -> Vec<String> {
    let mut fields = read_fields(list);
    let is_typed = permissions.iter().all(|one| policy.resource_of(*one).is_some());
    if fields.is_empty() || !is_typed {
        list.bad("at least one member of a resource type");
    }
    for item in list.list(MAX_LISTED) {
        let field = item.str();
        let has_it = |one: &PermissionId| policy.resource_of(*one).is_some_and(|resource| resource.has_field(field));
        if !permissions.iter().all(has_it) {
            item.refuse(Problem::UnknownField);
        }
    }
    sorted::sort_distinct(&mut fields);
    fields
}

/// The declared permissions that a pattern names: a name, `*`, `type:*` or `*:action`. `named` counts those of all
/// patterns, so that many wildcards cannot fill the memory.
pub(super) fn matching(node: &Node<'_>, policy: &Policy, named: &mut usize) -> Vec<PermissionId> {
    let pattern = node.str();
    let mut permissions = Vec::new();
    if !is_pattern(pattern) {
        node.refuse(Problem::BadName);
        return permissions;
    }
    // Behind the limit nothing more is looked up.
    if *named > MAX_IN_EFFECT {
        return permissions;
    }
    let parts = pattern.split_once(':');
    if pattern.contains('*') {
        for (id, permission) in (0_u32..).map(PermissionId).zip(&policy.permissions) {
            let fits = match (parts, permission.name.split_once(':')) {
                (Some((resource, action)), Some((own_resource, own_action))) => {
                    (resource == "*" || resource == own_resource) && (action == "*" || action == own_action)
                }
                _ => pattern == "*",
            };
            if fits {
                permissions.push(id);
            }
        }
    } else {
        permissions.extend(policy.permission_id(pattern));
    }
    *named += permissions.len();
    if *named > MAX_IN_EFFECT {
        node.refuse(Problem::TooMany { limit: MAX_IN_EFFECT });
        permissions.clear();
    } else if permissions.is_empty() {
        node.refuse(unknown(pattern, policy));
    }
    permissions
}

/// `articel:read` names a type that is not declared; `article:raed` an action.
pub(super) fn unknown(pattern: &str, policy: &Policy) -> Problem {
    match pattern.split_once(':') {
        Some((resource, _)) if resource != "*" && policy.resource(resource).is_none() => Problem::UnknownResourceType,
        _ => Problem::UnknownPermission,
    }
}

/// A permission or a wildcard by segment, by its form.
pub(super) fn is_pattern(text: &str) -> bool {
    let is_part = |part: &str, punctuation| part == "*" || is_name(part, punctuation);
    match text.split_once(':') {
        Some((resource, action)) => is_part(resource, Punctuation::Plain) && is_part(action, Punctuation::Slash),
        None => is_part(text, Punctuation::Plain),
    }
}
