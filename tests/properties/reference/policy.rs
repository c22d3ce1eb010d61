//! Policies at random, as data and as a document.

use std::collections::BTreeSet;

use super::choices::Choices;
use super::condition::{Expression, Root, Type};
use super::generate::condition;

pub(crate) const TENANTS: &[&str] = &["t1", "t2", "t3"];
/// Neither the order of the alphabet nor that of inheritance: a role inherits those before it.
pub(crate) const ROLES: &[&str] = &["member", "editor", "boss", "admin", "clerk", "zoe"];
pub(crate) const BARE: &[&str] = &["ping", "report"];
const PATTERNS: &[&str] = &[
    "article:update",
    "article:read",
    "article:*",
    "file:read",
    "file:*",
    "note:read",
    "*:read",
    "*:update",
    "*",
    "ping",
    "report",
];
const MESSAGES: &[&str] = &["Not now.", "Ask \"legal\" first."];

#[derive(Debug, Clone)]
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    pub(crate) actions: &'static [&'static str],
    /// The attribute of the resource, and that of the subject where it is not the id.
    pub(crate) owner: Option<(&'static str, Option<&'static str>)>,
    pub(crate) tenant: Option<&'static str>,
    pub(crate) hide: bool,
    pub(crate) fields: &'static [&'static str],
    pub(crate) attributes: Vec<(&'static str, Type)>,
}

#[derive(Debug, Clone)]
pub(crate) struct Permit {
    pub(crate) pattern: &'static str,
    pub(crate) owner: bool,
    pub(crate) when: Option<Expression>,
    pub(crate) fields: Vec<&'static str>,
}

#[derive(Debug, Clone)]
pub(crate) struct Elevated {
    pub(crate) acr: Option<&'static str>,
    pub(crate) max_age: Option<i64>,
    pub(crate) justification: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Role {
    pub(crate) inherits: BTreeSet<usize>,
    pub(crate) permits: Vec<Permit>,
    pub(crate) elevated: Option<Elevated>,
}

#[derive(Debug, Clone)]
pub(crate) struct Rule {
    pub(crate) id: &'static str,
    pub(crate) require: bool,
    pub(crate) patterns: Vec<&'static str>,
    pub(crate) when: Option<Expression>,
    pub(crate) unless: Option<Expression>,
    pub(crate) message: Option<&'static str>,
}

#[derive(Debug, Clone)]
pub(crate) struct Policy {
    pub(crate) kinds: Vec<Kind>,
    pub(crate) roles: Vec<Role>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) exclusive: Vec<BTreeSet<usize>>,
}

fn common() -> Vec<(&'static str, Type)> {
    vec![
        ("status", Type::String),
        ("n", Type::Int),
        ("open", Type::Bool),
        ("labels", Type::list(Type::String)),
        ("score", Type::Double),
        ("made", Type::Timestamp),
        ("ttl", Type::Duration),
        ("from", Type::Ip),
        ("counts", Type::list(Type::Int)),
    ]
}

pub(crate) fn of_subject() -> Vec<(&'static str, Type)> {
    vec![
        ("dept", Type::String),
        ("level", Type::Int),
        ("active", Type::Bool),
        ("email", Type::String),
        ("ratio", Type::Double),
        ("tags", Type::list(Type::String)),
        ("joined", Type::Timestamp),
        ("span", Type::Duration),
        ("home", Type::Ip),
        ("counts", Type::list(Type::Int)),
    ]
}

pub(crate) fn of_context() -> Vec<(&'static str, Type)> {
    vec![
        ("risk", Type::Int),
        ("mode", Type::String),
        ("quick", Type::Bool),
        ("ip", Type::Ip),
        ("load", Type::Double),
        ("at", Type::Timestamp),
        ("wait", Type::Duration),
        ("marks", Type::list(Type::Double)),
        ("x-mode", Type::String),
    ]
}

pub(crate) fn of_action() -> Vec<(&'static str, Type)> {
    vec![("soft", Type::Bool), ("count", Type::Int)]
}

/// What every policy knows.
fn built_in() -> Vec<(Root, &'static str, Type)> {
    let texts = || Type::list(Type::String);
    vec![
        (Root::Subject, "roles", texts()),
        (Root::Subject, "id", Type::String),
        (Root::Subject, "kind", Type::String),
        (Root::Subject, "permissions", texts()),
        (Root::Subject, "scopes", texts()),
        (Root::Subject, "amr", texts()),
        (Root::Subject, "acr", Type::String),
        (Root::Subject, "authTime", Type::Timestamp),
        (Root::Action, "name", Type::String),
    ]
}

fn kinds(choices: &mut Choices) -> Vec<Kind> {
    let with = |more: &[(&'static str, Type)]| {
        let mut attributes = common();
        attributes.extend_from_slice(more);
        attributes
    };
    let id = ("id", Type::String);
    let article = with(&[id.clone(), ("author", Type::String), ("tenant", Type::String), ("size", Type::Int)]);
    let file = with(&[id, ("holder", Type::String), ("org-id", Type::String), ("size", Type::Double)]);
    vec![
        Kind {
            name: "article",
            actions: &["read", "update"],
            owner: Some(("author", None)),
            tenant: choices.one_in(2).then_some("tenant"),
            hide: choices.one_in(8),
            fields: &["body"],
            attributes: article,
        },
        Kind {
            name: "file",
            actions: &["read", "update"],
            owner: Some(("holder", Some("email"))),
            tenant: choices.one_in(2).then_some("org-id"),
            hide: choices.one_in(8),
            fields: &["body", "data"],
            attributes: file,
        },
        Kind {
            name: "note",
            actions: &["read"],
            owner: None,
            tenant: None,
            hide: false,
            fields: &[],
            attributes: common(),
        },
    ]
}

pub(crate) fn fits(pattern: &str, name: &str) -> bool {
    let fits_part = |pattern: &str, part: &str| pattern == "*" || pattern == part;
    match (pattern.split_once(':'), name.split_once(':')) {
        _ if pattern == "*" => true,
        (Some((kind, action)), Some((own_kind, own_action))) => {
            fits_part(kind, own_kind) && fits_part(action, own_action)
        }
        _ => pattern == name,
    }
}

impl Rule {
    pub(crate) fn is_about(&self, name: &str) -> bool {
        self.patterns.iter().any(|pattern| fits(pattern, name))
    }
}

impl Policy {
    pub(crate) fn random(choices: &mut Choices) -> Self {
        let mut policy = Self { kinds: kinds(choices), roles: Vec::new(), rules: Vec::new(), exclusive: Vec::new() };
        for number in 0..1 + choices.below(ROLES.len()) {
            let inherits = (0..number).filter(|_| choices.one_in(4)).collect();
            let permits = (0..choices.below(4)).map(|_| policy.permit(choices)).collect();
            let elevated = choices.one_in(4).then(|| Elevated {
                acr: choices.one_in(3).then_some("mfa"),
                max_age: choices.one_in(3).then_some(900),
                justification: choices.one_in(3),
            });
            policy.roles.push(Role { inherits, permits, elevated });
        }
        let ids = choices.some(&["late", "archived", "frozen"], 2);
        policy.rules = ids.into_iter().map(|id| policy.rule(choices, id)).collect();
        for _ in 0..choices.below(4).saturating_sub(1) {
            let list: BTreeSet<usize> = (0..policy.roles.len()).filter(|_| choices.one_in(3)).collect();
            let has_two = |number: usize| policy.with_inherited([number]).intersection(&list).count() > 1;
            if list.len() > 1 && !(0..policy.roles.len()).any(has_two) {
                policy.exclusive.push(list);
            }
        }
        policy
    }

    fn permit(&self, choices: &mut Choices) -> Permit {
        let pattern = choices.pick(PATTERNS);
        let kinds = self.kinds_of(pattern);
        let is_typed = pattern != "*" && !kinds.is_empty();
        let fields = if is_typed && choices.one_in(5) {
            let all: &[&'static str] = if pattern.starts_with("*:") { &["status"] } else { &["status", "n"] };
            choices.some(all, 2)
        } else {
            Vec::new()
        };
        Permit {
            pattern,
            owner: is_typed && kinds.iter().all(|kind| kind.owner.is_some()) && choices.one_in(3),
            when: choices.one_in(2).then(|| condition(choices, self.readable(&[pattern]))),
            fields,
        }
    }

    fn rule(&self, choices: &mut Choices, id: &'static str) -> Rule {
        let mut patterns = vec![choices.pick(PATTERNS)];
        if choices.one_in(3) {
            let other = choices.pick(PATTERNS);
            patterns.extend(Some(other).filter(|other| !patterns.contains(other)));
        }
        let readable = self.readable(&patterns);
        let require = choices.one_in(3);
        let is_plain = !require && choices.one_in(8);
        Rule {
            id,
            require,
            when: (!is_plain).then(|| condition(choices, readable.clone())),
            unless: choices.one_in(3).then(|| condition(choices, readable)),
            message: choices.one_in(3).then(|| choices.pick(MESSAGES)),
            patterns,
        }
    }

    /// The types of the permissions that it names.
    fn kinds_of(&self, pattern: &str) -> Vec<&Kind> {
        let is_of = |kind: &&Kind| kind.actions.iter().any(|action| fits(pattern, &format!("{}:{action}", kind.name)));
        self.kinds.iter().filter(is_of).collect()
    }

    /// What a condition on these permissions may read; nothing of a resource where one of them has none.
    pub(crate) fn readable(&self, patterns: &[&str]) -> Vec<(Root, &'static str, Type)> {
        let section = |root, attributes: Vec<(&'static str, Type)>| {
            attributes.into_iter().map(move |(name, kind)| (root, name, kind))
        };
        let mut readable = Vec::new();
        if !patterns.iter().any(|pattern| BARE.iter().any(|bare| fits(pattern, bare))) {
            let kinds: Vec<&Kind> = patterns.iter().flat_map(|pattern| self.kinds_of(pattern)).collect();
            let mut shared = kinds.first().map(|kind| kind.attributes.clone()).unwrap_or_default();
            shared.retain(|attribute| kinds.iter().all(|kind| kind.attributes.contains(attribute)));
            // Twice, for they are what conditions are about.
            readable.extend(section(Root::Resource, shared.clone()));
            readable.extend(section(Root::Resource, shared));
        }
        readable.extend(section(Root::Subject, of_subject()));
        readable.extend(section(Root::Context, of_context()));
        readable.extend(section(Root::Action, of_action()));
        readable.extend(built_in());
        readable
    }

    /// The roles with all that they inherit.
    pub(crate) fn with_inherited(&self, roles: impl IntoIterator<Item = usize>) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        for number in roles {
            if let Some(role) = self.roles.get(number) {
                found.insert(number);
                found.extend(self.with_inherited(role.inherits.iter().copied()));
            }
        }
        found
    }

    pub(crate) fn permissions(&self) -> Vec<String> {
        let typed =
            self.kinds.iter().flat_map(|kind| kind.actions.iter().map(|action| format!("{}:{action}", kind.name)));
        typed.chain(BARE.iter().map(|name| (*name).to_owned())).collect()
    }

    pub(crate) fn kind_of(&self, permission: &str) -> Option<&Kind> {
        let (kind, _) = permission.split_once(':')?;
        self.kinds.iter().find(|own| own.name == kind)
    }
}
