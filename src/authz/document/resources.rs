//! The resource types of a policy document with their attributes, and the permissions.

use super::{MAX_DECLARED, MAX_LISTED, Punctuation, is_name, read_names, refuse_repeated};
use crate::authz::policy::{Declared, Ownership, Permission, Policy, ResourceType};
use crate::cel::Type;
use crate::document::{Node, Problem};
use crate::json::Json;
use crate::sorted;

/// The declared attributes; `None` where nothing is declared. `built_in` are names that are taken.
pub(super) fn read_attributes(node: &Node<'_>, built_in: &[&str]) -> Option<Vec<Declared>> {
    let attributes = node.member("attributes")?;
    let mut declared = Vec::new();
    for (name, said) in attributes.entries(MAX_LISTED) {
        if built_in.contains(&name) {
            said.bad("another name: this one is built in");
        }
        let (mut kind, mut redact) = (said, false);
        if said.value().as_object().is_some() {
            said.has_only(&["type", "redact"]);
            redact = said.has_set("redact");
            kind = said.expect("type");
        }
        match Type::named(kind.str()) {
            Some(kind) => declared.push(Declared { name: name.to_owned(), kind, redact }),
            None => {
                let wanted = "string, int, double, bool, timestamp, duration, ip, or a list(…) of one";
                kind.bad(wanted);
            }
        }
    }
    Some(declared)
}

pub(super) fn read_resources(root: &Node<'_>, policy: &mut Policy) {
    let mut actions = Vec::new();
    if let Some(resources) = root.member("resources") {
        for (name, node) in resources.entries(MAX_DECLARED) {
            if !is_name(name, Punctuation::Plain) {
                node.refuse(Problem::BadName);
            }
            node.has_only(&["actions", "owner", "tenant", "attributes", "fields", "hide"]);
            for action in read_names(&node.expect("actions"), MAX_LISTED, Punctuation::Slash) {
                actions.push(([name, ":", action].concat(), name.to_owned()));
            }
            let attributes = read_attributes(&node, &[]);
            let own = attributes.as_deref();
            let owner = node.member("owner").map(|owner| read_ownership(&owner, own, policy));
            let tenant = node.member("tenant").map(|tenant| read_text_attribute(&tenant, own));
            let mut fields = Vec::new();
            if let Some(listed) = node.member("fields") {
                fields = read_fields(&listed);
            }
            let mut read = Vec::new();
            read.extend(owner.as_ref().map(|owner| owner.resource.clone()));
            read.extend(tenant.clone());
            let (name, hide) = (name.to_owned(), node.has_set("hide"));
            policy.resources.push(ResourceType { name, owner, tenant, attributes, fields, hide, read });
        }
    }
    sorted::sort_by(&mut policy.resources, |left, right| left.name.cmp(&right.name));
    for (permission, resource) in actions {
        let resource = policy.resources.binary_search_by(|own| own.name.cmp(&resource)).ok();
        let kind = resource.and_then(|place| policy.resources.get(place));
        // Roles that are held in a tenant count by the instance.
        let has_tenants = kind.is_some_and(|kind| kind.tenant.is_some());
        policy.permissions.push(Permission::new(permission, resource, has_tenants));
    }
    if let Some(bare) = root.member("permissions") {
        for name in read_names(&bare, MAX_DECLARED, Punctuation::Plain) {
            policy.permissions.push(Permission::new(name.to_owned(), None, false));
        }
    }
    if policy.permissions.len() > MAX_DECLARED {
        root.refuse(Problem::TooMany { limit: MAX_DECLARED });
    }
    sorted::sort_by(&mut policy.permissions, |left, right| left.name.cmp(&right.name));
}

/// Names of members, each once.
pub(super) fn read_fields(list: &Node<'_>) -> Vec<String> {
    let mut names = Vec::new();
    for field in list.list(MAX_LISTED) {
        names.push(field.some_text());
    }
    refuse_repeated(list, &names, None);
    let mut fields = Vec::new();
    for name in names {
        fields.push(name.to_owned());
    }
    fields
}

/// `"author_id"`, or `{ "resource": "ownerID", "subject": "email" }`.
fn read_ownership(node: &Node<'_>, own: Option<&[Declared]>, policy: &Policy) -> Ownership {
    match node.value() {
        Json::String(_) => return Ownership { resource: read_text_attribute(node, own), subject: None },
        Json::Object(_) => {}
        _ => node.refuse(Problem::WrongType { wanted: "text, or an object with resource and subject" }),
    }
    node.has_only(&["resource", "subject"]);
    let resource = read_text_attribute(&node.expect("resource"), own);
    let subject = node.expect("subject");
    let of_subject = policy.attributes.subject.as_deref();
    let subject = (subject.str() != "id").then(|| read_text_attribute(&subject, of_subject));
    Ownership { resource, subject }
}

/// An attribute that is declared as a string, where attributes are declared.
fn read_text_attribute(node: &Node<'_>, declared: Option<&[Declared]>) -> String {
    let name = node.str();
    let fits = |own: &Declared| own.name == name && own.kind == Type::TEXT;
    if name.is_empty() || !declared.is_none_or(|all| all.iter().any(fits)) {
        node.bad("the name of a declared attribute of type string");
    }
    name.to_owned()
}
