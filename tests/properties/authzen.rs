//! A search finds those whose evaluation is true, in pages of any size; and a batch decides as its questions alone do.

use std::collections::BTreeSet;

use portcullis::authzen::{Call, Directory, respond};
use portcullis::{Guard, Policy, Trust, UnixTime};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::cases;

const NOW: UnixTime = UnixTime::from_seconds(1_790_000_000);
const ACTIONS: &[&str] = &["read", "update", "delete"];
const PATTERNS: &[&str] = &["*", "article:*", "file:*", "*:read", "article:read", "article:update", "file:delete"];
const OWNED: &[&str] = &["article:*", "article:read", "article:update"];
/// Attributes that are missing, `null` or empty make some of them errors.
const CONDITIONAL: &[(&str, &str)] = &[
    ("article:read", "resource.owner != subject.email"),
    ("*:delete", "resource.owner == 'a@x' || action.name == 'read'"),
    ("file:*", "resource.id in ['a', 'b'] && has(subject.email)"),
];
const IDS: &[&str] = &["a", "b", "c", "d", "e", "z"];
const EMAILS: &[&str] = &["a@x", "b@x", ""];

#[derive(Debug, Clone)]
struct World {
    policy: Value,
    directory: Value,
}

fn world() -> impl Strategy<Value = World> {
    let permit = prop_oneof![
        prop::sample::select(PATTERNS).prop_map(Value::from),
        prop::sample::select(OWNED).prop_map(|permission| json!({ "permission": permission, "owner": true })),
        prop::sample::select(CONDITIONAL)
            .prop_map(|(permission, when)| json!({ "permission": permission, "when": when })),
    ];
    let role = (prop::collection::vec(permit, 1..4), any::<bool>());
    let denied = prop::option::weighted(0.1, prop::sample::select(PATTERNS));
    let roles = prop::collection::vec(role, 2..4);
    (roles, denied, directory()).prop_map(|(roles, denied, directory)| {
        let role = |(number, (permits, inherits)): (usize, (Vec<Value>, bool))| {
            let inherits: Vec<String> = (0..number).filter(|_| inherits).map(|one| format!("r{one}")).collect();
            (format!("r{number}"), json!({ "inherits": inherits, "permits": permits }))
        };
        let roles: Value = roles.into_iter().enumerate().map(role).collect();
        let rules: Vec<Value> = denied
            .map(|pattern| json!({ "id": "no", "effect": "deny", "permissions": [pattern] }))
            .into_iter()
            .collect();
        let attributes = json!({ "owner": "string", "id": "string" });
        let owner = json!({ "resource": "owner", "subject": "email" });
        let policy = json!({
            "policy": "p",
            "revision": 1,
            "subject": { "attributes": { "email": "string" } },
            "resources": {
                "article": { "actions": ACTIONS, "owner": owner, "attributes": attributes },
                "file": { "actions": ACTIONS, "attributes": attributes },
            },
            "roles": roles,
            "rules": rules,
        });
        World { policy, directory }
    })
}

fn directory() -> impl Strategy<Value = Value> {
    let roles = prop::collection::btree_set(prop::sample::select(&["r0", "r1", "r2", "r9"][..]), 0..4);
    let subject =
        (roles, email()).prop_map(|(roles, email)| with_text(json!({ "roles": roles }), "email", email)).boxed();
    let resource = email().prop_map(|owner| with_text(json!({}), "owner", owner)).boxed();
    let of = |entity: BoxedStrategy<Value>| {
        let entities = prop::collection::btree_map(prop::sample::select(IDS), entity, 2..6);
        prop::option::weighted(0.8, entities.prop_map(|entities| json!(entities)))
    };
    let types = (of(subject.clone()), of(subject), of(resource.clone()), of(resource));
    types.prop_map(|(users, groups, articles, files)| {
        let types = [("user", users), ("group", groups), ("article", articles), ("file", files)];
        types.into_iter().filter_map(|(name, entities)| Some((name.to_owned(), entities?))).collect()
    })
}

fn email() -> impl Strategy<Value = Option<&'static str>> {
    prop::option::of(prop::sample::select(EMAILS))
}

fn with_text(mut object: Value, name: &str, text: Option<&str>) -> Value {
    if let (Some(members), Some(text)) = (object.as_object_mut(), text) {
        members.insert(name.to_owned(), text.into());
    }
    object
}

fn entity(types: &'static [&'static str], member: &'static str) -> impl Strategy<Value = Value> {
    (prop::sample::select(types), prop::sample::select(IDS), prop::option::of(email())).prop_map(
        move |(kind, id, properties)| {
            let mut entity = json!({ "type": kind, "id": id });
            if let (Some(members), Some(text)) = (entity.as_object_mut(), properties) {
                members.insert("properties".to_owned(), with_text(json!({}), member, text));
            }
            entity
        },
    )
}

fn question() -> impl Strategy<Value = Value> {
    let subject = entity(&["user", "user", "user", "group", "page"], "email");
    let resource = entity(&["article", "article", "file", "file", "page"], "owner");
    (subject, prop::sample::select(&["read", "read", "update", "update", "delete", "fly"][..]), resource).prop_map(
        |(subject, action, resource)| json!({ "subject": subject, "action": { "name": action }, "resource": resource }),
    )
}

struct Point {
    guard: Guard,
    directory: Directory,
}

impl Point {
    fn of(world: &World) -> Self {
        let policy = Policy::parse(&world.policy.to_string()).expect("a policy that loads");
        let guard = Guard::new(policy, Trust::nobody()).expect("a guard");
        Self { guard, directory: Directory::parse(&world.directory.to_string()).expect("a directory that loads") }
    }

    fn ask(&self, path: &str, request: &Value) -> Value {
        let body = request.to_string();
        let content_type = Some("application/json");
        let call = Call { method: "POST", path, content_type, body: body.as_bytes(), base_url: "https://pdp.example" };
        let answer = respond(&self.guard, &self.directory, &call, NOW);
        assert_eq!(answer.status, 200, "{request}: {}", answer.body);
        serde_json::from_str(&answer.body).expect("JSON")
    }

    fn permits(&self, request: &Value) -> bool {
        let answer = self.ask("/access/v1/evaluation", request);
        answer.get("decision").and_then(Value::as_bool).expect("a decision")
    }

    /// All pages of a search.
    fn search(&self, kind: &str, request: &Value, limit: u64) -> Vec<Value> {
        let (mut found, mut request) = (Vec::new(), request.clone());
        set(&mut request, "/", "page", json!({ "limit": limit }));
        loop {
            let answer = self.ask(&format!("/access/v1/search/{kind}"), &request);
            found.extend(answer.get("results").and_then(Value::as_array).expect("results").iter().cloned());
            match answer.pointer("/page/next_token").and_then(Value::as_str).expect("a token") {
                "" => return found,
                _ if found.len() > IDS.len() => panic!("the pages do not come to an end"),
                token => set(&mut request, "/page", "token", json!(token)),
            }
        }
    }
}

fn set(object: &mut Value, pointer: &str, name: &str, value: Value) {
    let pointer = if pointer == "/" { "" } else { pointer };
    let members = object.pointer_mut(pointer).and_then(Value::as_object_mut).expect("an object");
    members.insert(name.to_owned(), value);
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).expect("text")
}

/// The ids that the directory has of a type.
fn ids(world: &World, kind: &str) -> BTreeSet<String> {
    let entities = world.directory.get(kind).and_then(Value::as_object);
    entities.map(|entities| entities.keys().cloned().collect()).unwrap_or_default()
}

/// Whether a search may take that resource for one: the directory has it, or has none of its type.
fn may_be(world: &World, resource: &Value) -> bool {
    let kind = text(resource, "/type");
    world.directory.get(kind).is_none() || ids(world, kind).contains(text(resource, "/id"))
}

/// What a search should find, by asking one evaluation after the other.
fn expected(world: &World, point: &Point, kind: &str, request: &Value) -> Vec<Value> {
    let permits = |pointer: &str, name: &str, value: &str| {
        let mut question = request.clone();
        set(&mut question, pointer, name, json!(value));
        point.permits(&question)
    };
    let is_there = kind == "resource" || may_be(world, request.get("resource").expect("a resource"));
    if kind == "action" {
        let names = ACTIONS.iter().copied().collect::<BTreeSet<_>>();
        let allowed = names.into_iter().filter(|name| is_there && permits("/action", "name", name));
        return allowed.map(|name| json!({ "name": name })).collect();
    }
    let of_type = text(request, &format!("/{kind}/type"));
    let allowed = ids(world, of_type).into_iter().filter(|id| is_there && permits(&format!("/{kind}"), "id", id));
    allowed.map(|id| json!({ "type": of_type, "id": id })).collect()
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn a_search_finds_what_evaluation_permits(
        world in world(),
        requests in prop::collection::vec(question(), 8..16),
        limit in 1..4_u64,
    ) {
        let point = Point::of(&world);
        for request in &requests {
            for kind in ["subject", "resource", "action"] {
                let expected = expected(&world, &point, kind, request);
                prop_assert_eq!(point.search(kind, request, limit), expected, "{}", kind);
            }
        }
    }

    #[test]
    fn a_batch_decides_as_its_questions_alone(
        world in world(),
        default in question(),
        questions in prop::collection::vec((question(), prop::sample::subsequence(vec!["subject", "action", "resource"], 0..=3)), 1..6),
        semantic in prop::sample::select(&["execute_all", "deny_on_first_deny", "permit_on_first_permit"][..]),
    ) {
        let point = Point::of(&world);
        let mut items = Vec::new();
        let mut alone = Vec::new();
        for (question, own) in &questions {
            let (mut item, mut whole) = (json!({}), default.clone());
            for name in own {
                let member = question.get(name).expect("a member");
                set(&mut item, "/", name, member.clone());
                set(&mut whole, "/", name, member.clone());
            }
            items.push(item);
            alone.push(point.ask("/access/v1/evaluation", &whole));
        }
        let ends = |one: &Value| match semantic {
            "deny_on_first_deny" => one.get("decision") == Some(&json!(false)),
            "permit_on_first_permit" => one.get("decision") == Some(&json!(true)),
            _ => false,
        };
        let count = alone.iter().position(ends).map_or(alone.len(), |place| place + 1);
        let mut request = default;
        set(&mut request, "/", "evaluations", json!(items));
        set(&mut request, "/", "options", json!({ "evaluations_semantic": semantic }));
        let answer = point.ask("/access/v1/evaluations", &request);
        prop_assert_eq!(answer, json!({ "evaluations": alone.get(..count) }));
    }

    #[test]
    fn no_body_is_too_strange(body in prop::collection::vec(any::<u8>(), 0..64), path in 0..5_usize) {
        let paths = ["evaluation", "evaluations", "search/subject", "search/resource", "search/action"];
        let path = format!("/access/v1/{}", paths.get(path).expect("a path"));
        let policy = Policy::parse(r#"{ "policy": "p", "revision": 1 }"#).expect("a policy that loads");
        let guard = Guard::new(policy, Trust::nobody()).expect("a guard");
        let content_type = Some("application/json");
        let call = Call { method: "POST", path: &path, content_type, body: &body, base_url: "" };
        let answer = respond(&guard, &Directory::default(), &call, NOW);
        prop_assert_eq!(answer.status, 400);
        prop_assert!(serde_json::from_str::<String>(&answer.body).is_ok());
    }
}
