//! The policy document, read member by member. A name that is not declared does not load.

mod conditions;
mod permissions;
mod resources;
mod roles;
mod routes;
mod rules;

use resources::{read_attributes, read_resources};
use roles::{read_exclusive, read_roles};
use routes::read_routes;
use rules::read_rules;

use super::policy::{Declared, Policy, Sections};
use super::route::RouteTree;
use crate::document::{Document, Fault, Node, Problem};
use crate::json::Json;
use crate::sorted;

/// How many of a thing a policy may declare: resource types, permissions, roles, rules, routes.
const MAX_DECLARED: usize = 10_000;
/// How many actions, attributes, parents or permits one thing may have.
const MAX_LISTED: usize = 1_000;
const MAX_REVISION: i64 = 1 << 53;

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
        "exclusive",
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
        grants: Vec::new(),
        rules: Vec::new(),
        exclusive: Vec::new(),
        attributes: Sections {
            subject: read_section(&root, "subject", &BUILT_IN_SUBJECT)?,
            context: read_section(&root, "context", &[])?,
            action: read_section(&root, "action", &["name"])?,
        },
        routes: Vec::new(),
        tree: RouteTree::default(),
    };
    read_resources(&root, &mut policy)?;
    read_roles(&root, &mut policy)?;
    read_exclusive(&root, &mut policy)?;
    read_rules(&root, &mut policy)?;
    read_routes(&root, &mut policy)?;
    Ok(policy)
}

/// What conditions know of every subject.
const BUILT_IN_SUBJECT: [&str; 8] = ["id", "kind", "roles", "permissions", "scopes", "amr", "acr", "authTime"];

fn read_section(root: &Node<'_>, name: &str, built_in: &[&str]) -> Result<Option<Vec<Declared>>, Fault> {
    let Some(section) = root.member(name) else { return Ok(None) };
    section.object(&["attributes"])?;
    read_attributes(&section, built_in)
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
