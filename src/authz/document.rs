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

#[cfg(not(feature = "wasm"))]
use super::numbers::Numbers;
use super::policy::{Declared, Policy, Sections};
use super::route::RouteTree;
use crate::document::{Node, Problem};
use crate::sorted;

/// How many of a thing a policy may declare: resource types, permissions, roles, rules, routes.
const MAX_DECLARED: usize = 10_000;
/// How many actions, attributes, parents or permits one thing may have.
const MAX_LISTED: usize = 1_000;
const MAX_REVISION: i64 = 1 << 53;

pub(super) fn read(root: &Node<'_>) -> Policy {
    root.has_only(&[
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
    ]);
    let mut policy = Policy {
        name: read_name(&root.expect("policy"), Punctuation::Plain).to_owned(),
        revision: root.expect("revision").number(0, MAX_REVISION, "0 to 2^53"),
        hash: String::new(),
        #[cfg(feature = "full")]
        signer: None,
        resources: Vec::new(),
        permissions: Vec::new(),
        roles: Vec::new(),
        grants: Vec::new(),
        rules: Vec::new(),
        exclusive: Vec::new(),
        attributes: Sections {
            subject: read_section(root, "subject", &BUILT_IN_SUBJECT),
            context: read_section(root, "context", &[]),
            action: read_section(root, "action", &["name"]),
        },
        routes: Vec::new(),
        tree: RouteTree::default(),
        #[cfg(not(feature = "wasm"))]
        numbers: None,
    };
    // Each looks names up that the one before has read.
    for read in [read_resources, read_roles, read_exclusive, read_rules, read_routes] {
        if root.is_well() {
            read(root, &mut policy);
        }
    }
    #[cfg(not(feature = "wasm"))]
    {
        policy.numbers = Some(Numbers::of(&policy));
    }
    policy
}

/// What conditions know of every subject.
const BUILT_IN_SUBJECT: [&str; 8] = ["id", "kind", "roles", "permissions", "scopes", "amr", "acr", "authTime"];

fn read_section(root: &Node<'_>, name: &str, built_in: &[&str]) -> Option<Vec<Declared>> {
    let section = root.member(name)?;
    section.has_only(&["attributes"]);
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

fn read_name<'a>(node: &Node<'a>, punctuation: Punctuation) -> &'a str {
    let text = node.str();
    if !is_name(text, punctuation) {
        node.refuse(Problem::BadName);
    }
    text
}

fn read_names<'a>(list: &'a Node<'a>, limit: usize, punctuation: Punctuation) -> Vec<&'a str> {
    let mut names = Vec::new();
    for item in list.list(limit) {
        names.push(read_name(&item, punctuation));
    }
    refuse_repeated(list, &names, None);
    names
}

/// Refuses a list in which a name stands twice, at its second place; or at that member of it.
fn refuse_repeated(list: &Node<'_>, names: &[&str], member: Option<&str>) {
    let mut places = Vec::new();
    for (place, name) in names.iter().enumerate() {
        places.push((*name, place));
    }
    sorted::sort_by(&mut places, Ord::cmp);
    let mut repeated = usize::MAX;
    for pair in places.windows(2) {
        if let [(first, _), (second, place)] = pair
            && first == second
        {
            repeated = repeated.min(*place);
        }
    }
    if let Some(item) = list.list(names.len()).nth(repeated) {
        match member {
            Some(member) => item.refuse_member(member, Problem::Duplicate),
            None => item.refuse(Problem::Duplicate),
        }
    }
}
