//! Conditions in a policy document: what they may read, and what hangs on it.

use crate::authz::policy::Policy;
use crate::authz::role::PermissionId;
use crate::cel::{Condition, NEEDS_FULL, Root, Type};
use crate::document::{Node, Problem};
use crate::sorted;

/// The member's condition about these permissions, where it is there.
pub(super) fn read_condition(
    node: &Node<'_>,
    name: &str,
    permissions: &[PermissionId],
    policy: &mut Policy,
) -> Option<Condition> {
    let member = node.member(name)?;
    let resources = resources_of(permissions, policy);
    let declared = |root, name: &str| type_of(policy, &resources, root, name);
    match Condition::compile(member.str(), &declared) {
        Ok(condition) => {
            note_reads(&condition, permissions, &resources, policy);
            Some(condition)
        }
        Err(error) => {
            let is_left_out = error.word == NEEDS_FULL;
            let said = Problem::Condition { word: error.word, at: error.at };
            member.refuse(if is_left_out { Problem::Unsupported } else { said });
            None
        }
    }
}

/// The places of the resource types of these permissions, each once; `None` among them for a bare permission.
fn resources_of(permissions: &[PermissionId], policy: &Policy) -> Vec<Option<usize>> {
    let mut resources = Vec::new();
    for id in permissions {
        resources.push(policy.permission(*id).and_then(|permission| permission.resource));
    }
    sorted::sort_distinct(&mut resources);
    resources
}

/// The one type that an attribute has wherever the condition may be asked.
fn type_of(policy: &Policy, resources: &[Option<usize>], root: Root, name: &str) -> Option<Type> {
    let texts = Type::TEXT.list_of();
    match (root, name) {
        (Root::Subject, "id" | "kind" | "acr") | (Root::Action, "name") => return Some(Type::TEXT),
        (Root::Subject, "roles" | "permissions" | "scopes" | "amr") => return Some(texts),
        (Root::Subject, "authTime") => return Some(Type::TIMESTAMP),
        (Root::Resource, _) => {}
        _ => return policy.declared(root, name, None).map(|declared| declared.kind),
    }
    let mut kind = None;
    for place in resources {
        let resource = policy.resources.get((*place)?)?;
        let own = policy.declared(root, name, Some(resource))?.kind;
        if kind.is_some_and(|kind| kind != own) {
            return None;
        }
        kind = Some(own);
    }
    kind
}

/// Notes which attributes of instances decisions read.
fn note_reads(condition: &Condition, permissions: &[PermissionId], resources: &[Option<usize>], policy: &mut Policy) {
    let mut names = Vec::new();
    for attribute in condition.attributes() {
        if attribute.root == Root::Resource {
            names.push(attribute.name.clone());
        }
    }
    if names.is_empty() {
        return;
    }
    for id in permissions {
        if let Some(permission) = policy.permissions.get_mut(id.index()) {
            permission.hangs_on_instance = true;
        }
    }
    for place in resources.iter().flatten() {
        if let Some(resource) = policy.resources.get_mut(*place) {
            for name in &names {
                if !resource.read.contains(name) {
                    resource.read.push(name.clone());
                }
            }
        }
    }
}
