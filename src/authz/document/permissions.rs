//! Permissions as grants, rules and routes name them: a name, or a wildcard by segment.

use super::conditions::read_condition;
use super::{MAX_LISTED, Punctuation, is_name, refuse_repeated};
use crate::authz::policy::{Policy, ResourceType};
use crate::authz::role::{Grant, MAX_IN_EFFECT, PermissionId};
use crate::document::{Fault, Node, Problem};
use crate::sorted;

/// `"article:read"`, or `{ "permission": "article:update", "owner": true, "when": "…", "fields": ["…"] }`. `line` is its
/// place in the list.
pub(super) fn read_grant(node: &Node<'_>, policy: &mut Policy, named: &mut usize, line: usize) -> Result<Grant, Fault> {
    if let Some(pattern) = node.value().as_str() {
        let permissions = matching(node, policy, named)?;
        return Ok(Grant { pattern: pattern.to_owned(), permissions, owner: false, when: None, fields: None, line });
    }
    if node.value().as_object().is_none() {
        return Err(node.fail(Problem::WrongType { wanted: "a permission, or an object with permission" }));
    }
    node.object(&["permission", "owner", "when", "fields"])?;
    let pattern = node.required("permission")?;
    let permissions = matching(&pattern, policy, named)?;
    let owner = node.member("owner").map_or(Ok(false), |owner| owner.flag())?;
    if owner {
        let has_owner = |one: &PermissionId| policy.resource_of(*one).is_some_and(|resource| resource.owner.is_some());
        if !permissions.iter().all(has_owner) {
            return Err(node.fail_member("owner", Problem::MissingOwner));
        }
        for one in &permissions {
            if let Some(permission) = policy.permissions.get_mut(one.index()) {
                permission.hangs_on_instance = true;
            }
        }
    }
    let when = read_condition(node, "when", &permissions, policy)?;
    let fields = match node.member("fields") {
        None => None,
        Some(fields) => Some(read_fields(&fields, &permissions, policy)?),
    };
    Ok(Grant { pattern: pattern.text()?.to_owned(), permissions, owner, when, fields, line })
}

/// Members that every type of these permissions declares.
fn read_fields(list: &Node<'_>, permissions: &[PermissionId], policy: &Policy) -> Result<Vec<String>, Fault> {
    let wanted = "at least one member of a resource type";
    let mut fields = list.some_texts(MAX_LISTED, wanted)?;
    refuse_repeated(list, &fields, None)?;
    for (place, field) in fields.iter().enumerate() {
        let has_it = |resource: &ResourceType| {
            let is_attribute =
                |attribute: &[crate::authz::policy::Declared]| attribute.iter().any(|own| own.name == *field);
            resource.fields.contains(field) || resource.attributes.as_deref().is_some_and(is_attribute)
        };
        for one in permissions {
            let Some(resource) = policy.resource_of(*one) else {
                return Err(list.fail(Problem::BadValue { wanted }));
            };
            if !has_it(resource) {
                let item = list.items(MAX_LISTED)?.get(place).map(|item| item.fail(Problem::UnknownField));
                return Err(item.unwrap_or_else(|| list.fail(Problem::UnknownField)));
            }
        }
    }
    sorted::sort_distinct(&mut fields);
    Ok(fields)
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
