//! The policy document, read member by member. A name that is not declared does not load.

mod permissions;
mod routes;

use std::time::Duration;

use permissions::{matching, read_grant};
use routes::read_routes;

use super::policy::{DenyRule, Ownership, Permission, Policy, ResourceType};
use super::role::{self, Elevation, HierarchyError, MAX_IN_EFFECT, Role, RoleId, Strength};
use super::route::RouteTree;
use crate::document::{Document, Fault, Node, Problem};
use crate::grammar::is_scope_token;
use crate::json::Json;
use crate::sorted;

/// How many of a thing a policy may declare: resource types, permissions, roles, rules, routes.
const MAX_DECLARED: usize = 10_000;
/// How many actions, attributes, parents or permits one thing may have.
const MAX_LISTED: usize = 1_000;
const MAX_REVISION: i64 = 1 << 53;
const MAX_MESSAGE_BYTES: usize = 500;
/// Ten years.
const MAX_AUTH_AGE_SECONDS: i64 = 315_360_000;

pub(super) fn read(json: &Json) -> Result<Policy, Fault> {
    let root = Node::root(Document::Policy, json);
    root.object(&[
        "policy",
        "revision",
        "resources",
        "permissions",
        "subject",
        "context",
        "action",
        "roles",
        "rules",
        "routes",
    ])?;
    let name = root.required("policy")?;
    let revision = root.required("revision")?;
    let mut policy = Policy {
        name: read_name(&name, Punctuation::Plain)?,
        revision: revision.whole_number(0, MAX_REVISION, "0 to 2^53")?,
        hash: String::new(),
        resources: Vec::new(),
        permissions: Vec::new(),
        roles: Vec::new(),
        rules: Vec::new(),
        routes: Vec::new(),
        tree: RouteTree::default(),
    };
    let mut subject_attributes = None;
    for section in ["subject", "context", "action"] {
        if let Some(node) = root.member(section) {
            node.object(&["attributes"])?;
            let declared = read_attributes(&node)?;
            if section == "subject" {
                subject_attributes = declared;
            }
        }
    }
    read_resources(&root, &mut policy, subject_attributes.as_deref())?;
    read_roles(&root, &mut policy)?;
    mark_conditional(&mut policy);
    read_rules(&root, &mut policy)?;
    read_routes(&root, &mut policy)?;
    Ok(policy)
}

/// What a name may have beside letters, digits, `_`, `-` and `.`.
#[derive(Clone, Copy, PartialEq)]
enum Punctuation {
    Plain,
    Slash,
}

fn is_name(text: &str, punctuation: Punctuation) -> bool {
    (1..=128).contains(&text.len())
        && text.bytes().all(|byte| {
            byte.is_ascii_alphanumeric()
                || matches!(byte, b'_' | b'-' | b'.')
                || (byte == b'/' && punctuation == Punctuation::Slash)
        })
}

fn read_name(node: &Node<'_>, punctuation: Punctuation) -> Result<String, Fault> {
    let text = node.text()?;
    if is_name(text, punctuation) { Ok(text.to_owned()) } else { Err(node.fail(Problem::BadName)) }
}

fn read_names(list: &Node<'_>, limit: usize, punctuation: Punctuation) -> Result<Vec<String>, Fault> {
    let mut names = Vec::new();
    for item in list.items(limit)? {
        names.push(read_name(&item, punctuation)?);
    }
    Ok(names)
}

/// The declared attributes with the names of their types; `None` where nothing is declared.
fn read_attributes(node: &Node<'_>) -> Result<Option<Vec<(String, String)>>, Fault> {
    let Some(attributes) = node.member("attributes") else { return Ok(None) };
    let mut declared = Vec::new();
    for (name, kind) in attributes.members(MAX_LISTED)? {
        let text = kind.text()?;
        let item = text.strip_prefix("list(").and_then(|text| text.strip_suffix(')')).unwrap_or(text);
        if !matches!(item, "string" | "int" | "double" | "bool" | "timestamp" | "duration" | "ip") {
            let wanted = "string, int, double, bool, timestamp, duration, ip, or a list(…) of one";
            return Err(kind.fail(Problem::BadValue { wanted }));
        }
        declared.push((name.to_owned(), text.to_owned()));
    }
    Ok(Some(declared))
}

type Declared<'a> = Option<&'a [(String, String)]>;

fn read_resources(root: &Node<'_>, policy: &mut Policy, subject: Declared<'_>) -> Result<(), Fault> {
    let mut actions = Vec::new();
    if let Some(resources) = root.member("resources") {
        for (name, node) in resources.members(MAX_DECLARED)? {
            if !is_name(name, Punctuation::Plain) {
                return Err(node.fail(Problem::BadName));
            }
            node.object(&["actions", "owner", "attributes", "hide"])?;
            let listed = node.required("actions")?;
            let named = read_names(&listed, MAX_LISTED, Punctuation::Slash)?;
            refuse_repeated(&listed, &named, None)?;
            actions.extend(named.into_iter().map(|action| (format!("{name}:{action}"), name.to_owned())));
            let own = read_attributes(&node)?;
            let owner = match node.member("owner") {
                None => None,
                Some(owner) => Some(read_ownership(&owner, own.as_deref(), subject)?),
            };
            let hide = node.member("hide").map_or(Ok(false), |hide| hide.flag())?;
            policy.resources.push(ResourceType { name: name.to_owned(), owner, hide });
        }
    }
    sorted::sort_by(&mut policy.resources, |left, right| left.name.cmp(&right.name));
    for (permission, resource) in actions {
        let resource = policy.resources.binary_search_by(|own| own.name.cmp(&resource)).ok();
        policy.permissions.push(Permission { name: permission, resource, is_conditional: false, denied_by: None });
    }
    if let Some(bare) = root.member("permissions") {
        let named = read_names(&bare, MAX_DECLARED, Punctuation::Plain)?;
        refuse_repeated(&bare, &named, None)?;
        let declared = |name| Permission { name, resource: None, is_conditional: false, denied_by: None };
        policy.permissions.extend(named.into_iter().map(declared));
    }
    if policy.permissions.len() > MAX_DECLARED {
        return Err(root.fail(Problem::TooMany { limit: MAX_DECLARED }));
    }
    sorted::sort_by(&mut policy.permissions, |left, right| left.name.cmp(&right.name));
    Ok(())
}

/// Refuses a list in which a name stands twice, at its second place; or at that member of it.
fn refuse_repeated(list: &Node<'_>, names: &[String], member: Option<&str>) -> Result<(), Fault> {
    let mut places: Vec<(&String, usize)> = names.iter().zip(0..).collect();
    sorted::sort_by(&mut places, Ord::cmp);
    let repeated = |pair: &[(&String, usize)]| match pair {
        [(first, _), (second, place)] if first == second => Some(*place),
        _ => None,
    };
    let Some(place) = places.windows(2).filter_map(repeated).min() else { return Ok(()) };
    let error = list.items(names.len())?.get(place).map(|item| match member {
        Some(member) => item.fail_member(member, Problem::Duplicate),
        None => item.fail(Problem::Duplicate),
    });
    Err(error.unwrap_or_else(|| list.fail(Problem::Duplicate)))
}

/// `"author_id"`, or `{ "resource": "ownerID", "subject": "email" }`.
fn read_ownership(node: &Node<'_>, own: Declared<'_>, of_subject: Declared<'_>) -> Result<Ownership, Fault> {
    if node.value().as_str().is_some() {
        return Ok(Ownership { resource: read_owner_attribute(node, own)?, subject: None });
    }
    if node.value().as_object().is_none() {
        return Err(node.fail(Problem::WrongType { wanted: "text, or an object with resource and subject" }));
    }
    node.object(&["resource", "subject"])?;
    let resource = read_owner_attribute(&node.required("resource")?, own)?;
    let subject = node.required("subject")?;
    let subject = match subject.text()? {
        "id" => None,
        _ => Some(read_owner_attribute(&subject, of_subject)?),
    };
    Ok(Ownership { resource, subject })
}

/// An attribute that is declared as a string, where attributes are declared.
fn read_owner_attribute(node: &Node<'_>, declared: Declared<'_>) -> Result<String, Fault> {
    let name = node.text()?;
    let is_declared = declared.is_none_or(|all| all.iter().any(|(own, kind)| own == name && kind == "string"));
    if name.is_empty() || !is_declared {
        return Err(node.fail(Problem::BadValue { wanted: "the name of a declared attribute of type string" }));
    }
    Ok(name.to_owned())
}

fn read_roles(root: &Node<'_>, policy: &mut Policy) -> Result<(), Fault> {
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
            for permit in permits.items(MAX_LISTED)? {
                grants.push(read_grant(&permit, policy, &mut named)?);
            }
        }
        let elevation = match node.member("elevated") {
            None => None,
            Some(elevated) => Some(read_elevation(&elevated)?),
        };
        policy.roles.push(Role::new(name.to_owned(), inherits, grants, elevation));
    }
    sorted::sort_by(&mut policy.roles, |left, right| left.name.cmp(&right.name));
    match role::resolve(&mut policy.roles) {
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

fn mark_conditional(policy: &mut Policy) {
    let owned = policy.roles.iter().flat_map(|role| &role.grants).filter(|grant| grant.strength == Strength::Owned);
    for id in owned.flat_map(|grant| &grant.permissions) {
        if let Some(permission) = policy.permissions.get_mut(id.index()) {
            permission.is_conditional = true;
        }
    }
}

fn read_rules(root: &Node<'_>, policy: &mut Policy) -> Result<(), Fault> {
    let Some(rules) = root.member("rules") else { return Ok(()) };
    let mut named = 0;
    let mut ids = Vec::new();
    for rule in rules.items(MAX_DECLARED)? {
        refuse_later(&rule, &["when", "unless", "require"])?;
        rule.object(&["id", "effect", "permissions", "message"])?;
        let id_node = rule.required("id")?;
        let id = read_name(&id_node, Punctuation::Plain)?;
        ids.push(id.clone());
        let effect = rule.required("effect")?;
        match effect.text()? {
            "deny" => {}
            "require" => return Err(effect.fail(Problem::Unsupported)),
            _ => return Err(effect.fail(Problem::BadValue { wanted: "deny" })),
        }
        let listed = rule.required("permissions")?;
        let mut permissions = Vec::new();
        for pattern in listed.items(MAX_LISTED)? {
            permissions.extend(matching(&pattern, policy, &mut named)?);
        }
        if permissions.is_empty() {
            return Err(listed.fail(Problem::BadValue { wanted: "at least one permission" }));
        }
        sorted::sort_distinct(&mut permissions);
        let message = match rule.member("message") {
            None => None,
            Some(node) => {
                let text = node.text()?;
                if text.is_empty() || text.len() > MAX_MESSAGE_BYTES {
                    return Err(node.fail(Problem::BadValue { wanted: "1 to 500 bytes" }));
                }
                Some(text.to_owned())
            }
        };
        policy.rules.push(DenyRule { id, permissions, message });
    }
    refuse_repeated(&rules, &ids, Some("id"))?;
    sorted::sort_by(&mut policy.rules, |left, right| left.id.cmp(&right.id));
    for (place, rule) in policy.rules.iter().enumerate() {
        for id in &rule.permissions {
            if let Some(permission) = policy.permissions.get_mut(id.index()) {
                permission.denied_by.get_or_insert(place);
            }
        }
    }
    Ok(())
}

/// Members of the design that the condition language and later versions bring.
fn refuse_later(node: &Node<'_>, names: &[&str]) -> Result<(), Fault> {
    match names.iter().find(|name| node.value().member(name).is_some()) {
        Some(name) => Err(node.fail_member(name, Problem::Unsupported)),
        None => Ok(()),
    }
}
