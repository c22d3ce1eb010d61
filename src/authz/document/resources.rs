//! The resource types of a policy document with their attributes, and the permissions.

use super::{MAX_DECLARED, MAX_LISTED, Punctuation, is_name, read_names, refuse_repeated};
use crate::authz::policy::{Declared, Ownership, Permission, Policy, ResourceType};
use crate::cel::Type;
use crate::document::{Fault, Node, Problem};
use crate::sorted;

/// The declared attributes; `None` where nothing is declared. `built_in` are names that are taken.
pub(super) fn read_attributes(node: &Node<'_>, built_in: &[&str]) -> Result<Option<Vec<Declared>>, Fault> {
    let Some(attributes) = node.member("attributes") else { return Ok(None) };
    let mut declared = Vec::new();
    for (name, said) in attributes.members(MAX_LISTED)? {
        if built_in.contains(&name) {
            return Err(said.fail(Problem::BadValue { wanted: "another name: this one is built in" }));
        }
        let mut redact = false;
        let kind = if said.value().as_object().is_some() {
            said.object(&["type", "redact"])?;
            redact = said.member("redact").map_or(Ok(false), |redact| redact.flag())?;
            read_type(&said.required("type")?)?
        } else {
            read_type(&said)?
        };
        declared.push(Declared { name: name.to_owned(), kind, redact });
    }
    Ok(Some(declared))
}

fn read_type(node: &Node<'_>) -> Result<Type, Fault> {
    let wanted = "string, int, double, bool, timestamp, duration, ip, or a list(…) of one";
    Type::named(node.text()?).ok_or_else(|| node.fail(Problem::BadValue { wanted }))
}

pub(super) fn read_resources(root: &Node<'_>, policy: &mut Policy) -> Result<(), Fault> {
    let mut actions = Vec::new();
    if let Some(resources) = root.member("resources") {
        for (name, node) in resources.members(MAX_DECLARED)? {
            if !is_name(name, Punctuation::Plain) {
                return Err(node.fail(Problem::BadName));
            }
            node.object(&["actions", "owner", "tenant", "attributes", "fields", "hide"])?;
            let listed = node.required("actions")?;
            let named = read_names(&listed, MAX_LISTED, Punctuation::Slash)?;
            refuse_repeated(&listed, &named, None)?;
            for action in named {
                actions.push((format!("{name}:{action}"), name.to_owned()));
            }
            let attributes = read_attributes(&node, &[])?;
            let own = attributes.as_deref();
            let owner = match node.member("owner") {
                None => None,
                Some(owner) => Some(read_ownership(&owner, own, policy.attributes.subject.as_deref())?),
            };
            let tenant = match node.member("tenant") {
                None => None,
                Some(tenant) => Some(read_text_attribute(&tenant, own)?),
            };
            let mut fields = Vec::new();
            if let Some(listed) = node.member("fields") {
                for field in listed.items(MAX_LISTED)? {
                    fields.push(field.non_empty()?);
                }
                refuse_repeated(&listed, &fields, None)?;
            }
            let mut read = Vec::new();
            read.extend(owner.as_ref().map(|owner| owner.resource.clone()));
            read.extend(tenant.clone());
            let hide = node.member("hide").map_or(Ok(false), |hide| hide.flag())?;
            policy.resources.push(ResourceType {
                name: name.to_owned(),
                owner,
                tenant,
                attributes,
                fields,
                hide,
                read,
            });
        }
    }
    sorted::sort_by(&mut policy.resources, |left, right| left.name.cmp(&right.name));
    let declared = |name, resource: Option<usize>, hangs_on_instance| Permission {
        name,
        resource,
        hangs_on_instance,
        rules: Vec::new(),
    };
    for (permission, resource) in actions {
        let resource = policy.resources.binary_search_by(|own| own.name.cmp(&resource)).ok();
        let kind = resource.and_then(|place| policy.resources.get(place));
        // Roles that are held in a tenant count by the instance.
        let has_tenants = kind.is_some_and(|kind| kind.tenant.is_some());
        policy.permissions.push(declared(permission, resource, has_tenants));
    }
    if let Some(bare) = root.member("permissions") {
        let named = read_names(&bare, MAX_DECLARED, Punctuation::Plain)?;
        refuse_repeated(&bare, &named, None)?;
        for name in named {
            policy.permissions.push(declared(name, None, false));
        }
    }
    if policy.permissions.len() > MAX_DECLARED {
        return Err(root.fail(Problem::TooMany { limit: MAX_DECLARED }));
    }
    sorted::sort_by(&mut policy.permissions, |left, right| left.name.cmp(&right.name));
    Ok(())
}

/// `"author_id"`, or `{ "resource": "ownerID", "subject": "email" }`.
fn read_ownership(
    node: &Node<'_>,
    own: Option<&[Declared]>,
    of_subject: Option<&[Declared]>,
) -> Result<Ownership, Fault> {
    if node.value().as_str().is_some() {
        return Ok(Ownership { resource: read_text_attribute(node, own)?, subject: None });
    }
    if node.value().as_object().is_none() {
        return Err(node.fail(Problem::WrongType { wanted: "text, or an object with resource and subject" }));
    }
    node.object(&["resource", "subject"])?;
    let resource = read_text_attribute(&node.required("resource")?, own)?;
    let subject = node.required("subject")?;
    let subject = match subject.text()? {
        "id" => None,
        _ => Some(read_text_attribute(&subject, of_subject)?),
    };
    Ok(Ownership { resource, subject })
}

/// An attribute that is declared as a string, where attributes are declared.
fn read_text_attribute(node: &Node<'_>, declared: Option<&[Declared]>) -> Result<String, Fault> {
    let name = node.text()?;
    let fits = |own: &Declared| own.name == name && own.kind == Type::TEXT;
    if name.is_empty() || !declared.is_none_or(|all| all.iter().any(fits)) {
        return Err(node.fail(Problem::BadValue { wanted: "the name of a declared attribute of type string" }));
    }
    Ok(name.to_owned())
}
