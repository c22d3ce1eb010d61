//! The working group's certification scenario: the decisions and results that its harness looks at, with conditions over
//! the properties of subject, action and resource.

use serde_json::{Value, json};

use crate::{Point, at, decision, with};

fn point() -> Point {
    Point::of(&serde_json::from_str(include_str!("certification.json")).expect("the fixture is JSON"))
}

fn entity(kind: &str, id: &str, properties: Value) -> Value {
    let entity = json!({ "type": kind, "id": id });
    if properties.is_null() { entity } else { with(entity, "properties", properties) }
}

fn question(subject: Value, action: Value, resource: Value) -> Value {
    json!({ "subject": subject, "action": action, "resource": resource })
}

fn plain(user: &str, action: &str, record: &str) -> Value {
    let action = json!({ "name": action });
    question(entity("user", user, Value::Null), action, entity("record", record, Value::Null))
}

fn archived() -> Value {
    entity("record", "record-2", json!({ "status": "archived" }))
}

fn admin() -> Value {
    entity("user", "bob", json!({ "role": "admin" }))
}

fn delete(soft: bool) -> Value {
    with(plain("alice", "", "record-1"), "action", json!({ "name": "delete", "properties": { "soft": soft } }))
}

#[test]
fn the_eight_decisions_hold() {
    let write = || json!({ "name": "write" });
    let cases = [
        (plain("alice", "read", "record-1"), true),
        (plain("alice", "write", "record-1"), true),
        (plain("bob", "read", "record-1"), true),
        (plain("bob", "write", "record-1"), false),
        (question(entity("user", "alice", Value::Null), write(), archived()), false),
        (question(admin(), write(), archived()), true),
        (delete(true), true),
        (delete(false), false),
    ];
    for (request, expected) in cases {
        assert_eq!(point().decides(&request), expected, "{request}");
        let in_context = with(request, "context", json!({ "time": "2025-06-27T18:03-07:00", "ip": "192.168.1.1" }));
        assert_eq!(point().decides(&in_context), expected, "{in_context}");
    }
    assert!(!point().decides(&plain("alice", "delete", "record-1")), "an attribute that nobody gave denies");
}

#[test]
fn properties_count_for_each_item_of_a_batch() {
    let subjects = json!({
        "action": { "name": "write" },
        "resource": archived(),
        "evaluations": [{ "subject": { "type": "user", "id": "alice" } }, { "subject": admin() }],
    });
    let resources = json!({
        "subject": { "type": "user", "id": "alice" },
        "action": { "name": "write" },
        "evaluations": [{ "resource": entity("record", "record-1", json!({ "status": "active" })) }, { "resource": archived() }],
    });
    for (request, expected) in [(subjects, [false, true]), (resources, [true, false])] {
        let answer = point().ask("/access/v1/evaluations", &request);
        let list = at(&answer, "/evaluations").as_array().expect("a list");
        assert_eq!(list.iter().map(decision).collect::<Vec<_>>(), expected, "{request}");
    }
}

#[test]
fn searches_have_the_entities_that_the_harness_looks_for() {
    let found = |kind: &str, request: Value| {
        at(&point().ask(&format!("/access/v1/search/{kind}"), &request), "/results").clone()
    };
    let user = |id: &str| json!({ "type": "user", "id": id });
    let record = |id: &str| json!({ "type": "record", "id": id });
    let name = |name: &str| json!({ "name": name });

    let who = |action: &str, resource: Value| question(json!({ "type": "user" }), name(action), resource);
    assert_eq!(found("subject", who("read", record("record-1"))), json!([user("alice"), user("bob")]));
    assert_eq!(found("subject", who("write", archived())), json!([user("bob")]));

    let what = |subject: Value, action: &str| question(subject, name(action), json!({ "type": "record" }));
    assert_eq!(found("resource", what(user("alice"), "write")), json!([record("record-1")]));
    assert_eq!(found("resource", what(admin(), "write")), json!([record("record-2")]));

    let which = |subject: Value, resource: Value| json!({ "subject": subject, "resource": resource });
    assert_eq!(found("action", which(user("alice"), record("record-1"))), json!([name("read"), name("write")]));
    assert_eq!(found("action", which(admin(), archived())), json!([name("read"), name("write")]));
}

#[test]
fn assignments_of_the_directory_count_in_their_time_and_tenant() {
    let fixture = json!({
        "policy": {
            "policy": "tenants",
            "revision": 1,
            "resources": {
                "record": { "actions": ["read"], "tenant": "tenant_id", "attributes": { "tenant_id": "string" } },
            },
            "roles": { "reader": { "permits": ["record:read"] } },
        },
        "directory": {
            "user": {
                "north": { "assignments": [{ "role": "reader", "tenant": "north" }] },
                "former": { "assignments": [{ "role": "reader", "notAfter": 1_790_000_000 }] },
                "current": { "assignments": [{ "role": "reader", "notAfter": 1_790_000_001 }] },
                "coming": { "assignments": [{ "role": "reader", "notBefore": 1_790_000_001 }] },
            },
            "record": { "1": { "tenant_id": "north" }, "2": { "tenant_id": "south" } },
        },
    });
    let point = Point::of(&fixture);
    let cases = [
        ("north", "1", true),
        ("north", "2", false),
        ("former", "1", false),
        ("current", "1", true),
        ("coming", "1", false),
        ("nobody", "1", false),
    ];
    for (user, record, expected) in cases {
        assert_eq!(point.decides(&plain(user, "read", record)), expected, "{user} {record}");
    }
    // A request gives a subject no assignment, and a record of the directory no tenant.
    let assigned = entity("user", "nobody", json!({ "assignments": [{ "role": "reader" }] }));
    assert!(!point.decides(&with(plain("", "read", "1"), "subject", assigned)));
    let moved = entity("record", "2", json!({ "tenant_id": "north" }));
    assert!(!point.decides(&with(plain("north", "read", ""), "resource", moved)));
}
