//! Roles, wildcards, inheritance, ownership, elevation and deny rules against a walk that a child could follow.

use std::collections::BTreeSet;

use portcullis::json::Object;
use portcullis::{Guard, Json, Policy, Trust, UnixTime};
use proptest::prelude::*;

use crate::cases;

const TYPES: &[&str] = &["article", "draft", "file"];
const ACTIONS: &[&str] = &["read", "update", "delete"];
const BARE: &[&str] = &["read_users", "delete_post"];
/// `file` has no owner, and no `delete`.
const PATTERNS: &[&str] = &[
    "*",
    "article:*",
    "draft:*",
    "file:*",
    "*:read",
    "*:update",
    "*:delete",
    "article:read",
    "article:update",
    "draft:delete",
    "file:read",
    "read_users",
    "delete_post",
];

/// A role of that number; it inherits roles of lower numbers.
#[derive(Debug, Clone)]
struct Role {
    inherits: BTreeSet<usize>,
    /// A pattern, and whether it holds for what the subject owns only.
    permits: Vec<(&'static str, bool)>,
    /// It is elevated; it wants nothing more than to be audited.
    elevated: bool,
}

#[derive(Debug, Clone)]
struct Question {
    roles: BTreeSet<usize>,
    permissions: BTreeSet<&'static str>,
    is_guest: bool,
    /// `None`: the question is about the type.
    owns_it: Option<bool>,
}

fn declared() -> Vec<String> {
    let typed = TYPES.iter().flat_map(|kind| ACTIONS.iter().map(move |action| format!("{kind}:{action}")));
    typed.filter(|name| name != "file:delete").chain(BARE.iter().map(|name| (*name).to_owned())).collect()
}

fn roles() -> impl Strategy<Value = Vec<Role>> {
    let inherits = prop::collection::btree_set(0_usize..6, 0..3);
    let permits = prop::collection::vec((prop::sample::select(PATTERNS), any::<bool>()), 0..3);
    let role = (inherits, permits, prop::bool::weighted(0.2)).prop_map(|(inherits, permits, elevated)| Role {
        inherits,
        permits,
        elevated,
    });
    prop::collection::vec(role, 1..6).prop_map(|mut roles| {
        for (number, role) in roles.iter_mut().enumerate() {
            role.inherits.retain(|parent| *parent < number);
            for (pattern, owner) in &mut role.permits {
                *owner &= may_be_owned(pattern);
            }
        }
        roles
    })
}

fn question() -> impl Strategy<Value = Question> {
    let roles = prop::collection::btree_set(0_usize..7, 0..4);
    let permissions =
        prop::collection::btree_set(prop::sample::select(&["article:read", "delete_post", "nothing"][..]), 0..2);
    (roles, permissions, prop::bool::weighted(0.1), prop::option::of(any::<bool>()))
        .prop_map(|(roles, permissions, is_guest, owns_it)| Question { roles, permissions, is_guest, owns_it })
}

/// Ownership wants types that all declare an owner.
fn may_be_owned(pattern: &str) -> bool {
    declared()
        .iter()
        .filter(|name| fits(pattern, name))
        .all(|name| name.starts_with("article:") || name.starts_with("draft:"))
}

fn fits(pattern: &str, name: &str) -> bool {
    let fits_part = |pattern: &str, part: &str| pattern == "*" || pattern == part;
    match (pattern.split_once(':'), name.split_once(':')) {
        _ if pattern == "*" => true,
        (Some((kind, action)), Some((own_kind, own_action))) => {
            fits_part(kind, own_kind) && fits_part(action, own_action)
        }
        _ => pattern == name,
    }
}

fn policy(roles: &[Role], denied: &BTreeSet<&str>) -> String {
    let texts = |items: &[&str]| Json::Array(items.iter().map(|item| Json::from(*item)).collect()).to_text();
    let permit = |(pattern, owner): &(&str, bool)| {
        if *owner { format!(r#"{{"permission":"{pattern}","owner":true}}"#) } else { format!("\"{pattern}\"") }
    };
    let role = |(number, role): (usize, &Role)| {
        let inherits: Vec<String> = role.inherits.iter().map(|parent| format!("\"r{parent}\"")).collect();
        let permits: Vec<String> = role.permits.iter().map(permit).collect();
        let elevated = if role.elevated { r#","elevated":{}"# } else { "" };
        format!(r#""r{number}":{{"inherits":[{}],"permits":[{}]{elevated}}}"#, inherits.join(","), permits.join(","))
    };
    let rules: Vec<String> = denied
        .iter()
        .enumerate()
        .map(|(number, pattern)| format!(r#"{{"id":"d{number}","effect":"deny","permissions":["{pattern}"]}}"#))
        .collect();
    format!(
        r#"{{"policy":"p","revision":1,"resources":{{"article":{{"actions":{actions},"owner":"author"}},
            "draft":{{"actions":{actions},"owner":"author"}},"file":{{"actions":["read","update"]}}}},
            "permissions":{},"roles":{{{}}},"rules":[{}]}}"#,
        texts(BARE),
        roles.iter().enumerate().map(role).collect::<Vec<_>>().join(","),
        rules.join(","),
        actions = texts(ACTIONS),
    )
}

/// What some grant says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Answer {
    No,
    /// It hangs on an instance, and none is known.
    Open,
    Yes,
}

/// The strongest grant of the elevated roles, or of the others, that the role has or inherits.
fn walk(roles: &[Role], number: usize, name: &str, question: &Question, elevated: bool) -> Answer {
    let Some(role) = roles.get(number) else { return Answer::No };
    let own = role.permits.iter().filter(|(pattern, _)| role.elevated == elevated && fits(pattern, name)).map(
        |(_, owner)| match (owner, question.owns_it) {
            (false, _) => Answer::Yes,
            (true, _) if question.is_guest => Answer::No,
            (true, None) => Answer::Open,
            (true, Some(owns_it)) => {
                if owns_it {
                    Answer::Yes
                } else {
                    Answer::No
                }
            }
        },
    );
    let inherited = role.inherits.iter().map(|parent| walk(roles, *parent, name, question, elevated));
    own.chain(inherited).max().unwrap_or(Answer::No)
}

/// Whether the answer allows, and whether an elevated role was needed.
fn expected(roles: &[Role], denied: &BTreeSet<&str>, name: &str, question: &Question) -> (bool, bool) {
    let strongest = |elevated| {
        question.roles.iter().map(|role| walk(roles, *role, name, question, elevated)).max().unwrap_or(Answer::No)
    };
    if denied.iter().any(|pattern| fits(pattern, name)) {
        return (false, false);
    }
    if question.permissions.contains(name) || strongest(false) == Answer::Yes {
        return (true, false);
    }
    // An ordinary grant that hangs on the instance comes before any elevated one, and a guest meets none of those.
    let is_elevated = !question.is_guest && strongest(false) != Answer::Open && strongest(true) == Answer::Yes;
    (is_elevated, is_elevated)
}

/// The question in AuthZEN's shape.
fn asked(name: &str, question: &Question) -> Json {
    let texts = |items: Vec<String>| Json::Array(items.into_iter().map(Json::from).collect());
    let mut subject = Object::new();
    subject.set("id", "u1");
    subject.set("kind", if question.is_guest { "guest" } else { "user" });
    subject.set("roles", texts(question.roles.iter().map(|number| format!("r{number}")).collect()));
    subject.set("permissions", texts(question.permissions.iter().map(|name| (*name).to_owned()).collect()));
    let mut request = Object::new();
    request.set("subject", subject);
    let (kind, action) = name.split_once(':').map_or((None, name), |(kind, action)| (Some(kind), action));
    request.set("action", action);
    if let Some(kind) = kind {
        let mut resource = Object::new();
        resource.set("type", kind);
        if let Some(owns_it) = question.owns_it {
            let mut properties = Object::new();
            properties.set("author", if owns_it { "u1" } else { "u2" });
            resource.set("properties", properties);
        }
        request.set("resource", resource);
    }
    request.into()
}

proptest! {
    #![proptest_config(cases(5_000))]

    #[test]
    fn a_permission_is_granted_where_a_walk_through_the_roles_finds_it(
        roles in roles(),
        denied in prop::collection::btree_set(prop::sample::select(PATTERNS), 0..2),
        question in question(),
    ) {
        let policy = Policy::parse(&policy(&roles, &denied)).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let guard = Guard::new(policy, Trust::nobody()).map_err(|error| TestCaseError::fail(error.to_string()))?;
        for name in declared() {
            let decision = guard.evaluate_json(&asked(&name, &question), UnixTime::from_seconds(0));
            let is_elevated = decision.member("context").and_then(|context| context.member("elevated")) == Some(&Json::Bool(true));
            let found = (decision.member("decision") == Some(&Json::Bool(true)), is_elevated);
            prop_assert_eq!(found, expected(&roles, &denied, &name, &question), "{}: {}", name, decision.to_text());
        }
    }
}
