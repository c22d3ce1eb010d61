//! What a decision rests on, and what its context says.

use portcullis::authzen::Directory;
use serde_json::{Value, json};

use crate::{Point, RECORDS, at, question, with};

fn owned_by(email: &str) -> Value {
    json!({ "type": "record", "id": "elsewhere", "properties": { "owner": email } })
}

#[test]
fn roles_and_attributes_come_from_the_directory() {
    let point = Point::records();
    let cases = [
        ("alice", "read", "record-1", true),
        ("alice", "write", "record-1", true),
        ("alice", "write", "record-2", false),
        ("bob", "write", "record-1", true),
        ("bob", "delete", "record-1", false),
        ("dave", "read", "record-1", false),
        ("nobody", "read", "record-1", false),
        ("", "read", "record-1", false),
    ];
    for (user, action, record, expected) in cases {
        assert_eq!(point.decides(&question(user, action, record)), expected, "{user} {action} {record}");
    }
}

#[test]
fn the_type_of_a_subject_is_part_of_who_it_is() {
    let point = Point::records();
    let asks = |kind: &str, id: &str| {
        point.decides(&with(question("", "read", "record-1"), "subject", json!({ "type": kind, "id": id })))
    };
    assert!(asks("service", "indexer"));
    assert!(!asks("user", "indexer"));
    assert!(!asks("service", "alice"));
    assert!(!asks("User", "alice"));
    assert!(!asks("record", "record-1"));
}

#[test]
fn a_permission_is_a_type_and_an_action() {
    let point = Point::records();
    let asks = |kind: &str, action: &str| {
        let resource = json!({ "type": kind, "id": "record-1" });
        point.decides(&with(question("alice", action, ""), "resource", resource))
    };
    assert!(asks("record", "read"));
    assert!(!asks("record", "peek"));
    assert!(!asks("file", "read"));
    assert!(!asks("", "record:read"));
    assert!(!asks("record", ""));
}

#[test]
fn a_request_does_not_say_who_a_subject_is() {
    let point = Point::records();
    let said = json!({
        "roles": ["keeper"], "permissions": ["record:read"], "assignments": [{ "role": "keeper" }],
        "acr": "gold", "authTime": 1_790_000_000, "scopes": ["all"], "kind": "service",
    });
    for (id, action) in [("dave", "read"), ("nobody", "read"), ("alice", "delete"), ("carol", "export")] {
        let subject = json!({ "type": "user", "id": id, "properties": said });
        assert!(!point.decides(&with(question("", action, "record-1"), "subject", subject)), "{id} {action}");
    }
    let beside = json!({ "type": "user", "id": "nobody", "roles": ["keeper"], "attributes": {} });
    assert!(!point.decides(&with(question("", "read", "record-1"), "subject", beside)));
}

#[test]
fn a_request_fills_in_what_the_directory_does_not_hold() {
    let point = Point::records();
    let writes = |subject: Value, resource: Value| {
        let request = with(question("", "write", ""), "subject", subject);
        point.decides(&with(request, "resource", resource))
    };
    let user = |id: &str, email: &str| json!({ "type": "user", "id": id, "properties": { "email": email } });
    let plain = |id: &str| json!({ "type": "user", "id": id });
    let record = |id: &str, owner: &str| json!({ "type": "record", "id": id, "properties": { "owner": owner } });

    // Of a record that the directory does not know, and of one without that attribute.
    assert!(writes(plain("alice"), owned_by("alice@records.example")));
    assert!(writes(plain("alice"), record("record-3", "alice@records.example")));
    assert!(!writes(plain("alice"), record("record-3", "bob@records.example")));
    // The directory has the last word on the owner of a record, and on a subject's attribute.
    assert!(!writes(plain("alice"), record("record-2", "alice@records.example")));
    assert!(!writes(user("alice", "bob@records.example"), record("record-2", "bob@records.example")));
    assert!(writes(user("carol", "carol@records.example"), owned_by("carol@records.example")));
    assert!(!writes(plain("carol"), owned_by("carol@records.example")));
}

#[test]
fn a_null_of_the_directory_is_a_word_too() {
    let mut fixture: Value = serde_json::from_str(RECORDS).expect("JSON");
    let record = fixture.pointer_mut("/directory/record/record-3").expect("the record");
    *record = json!({ "owner": null });
    let said = json!({ "type": "record", "id": "record-3", "properties": { "owner": "alice@records.example" } });
    assert!(!Point::of(&fixture).decides(&with(question("alice", "write", ""), "resource", said)));
}

#[test]
fn a_denial_says_why_to_the_caller_alone() {
    let point = Point::records();
    let answer = point.evaluate(&question("alice", "write", "record-2"));
    let expected = json!({
        "decision": false,
        "context": {
            "code": "not_allowed", "reason": "not_owner", "status": 403, "message": "Not allowed",
            "reason_user": { "403": "Not allowed" },
        },
    });
    assert_eq!(answer, expected);
    let ruled = point.evaluate(&question("bob", "delete", "record-1"));
    assert_eq!(at(&ruled, "/context/reason_user"), &json!({ "403": "Records are kept" }));
    assert_eq!(at(&ruled, "/context/rule"), "nothing-is-deleted");
    let permitted = point.evaluate(&question("alice", "write", "record-1"));
    assert_eq!(permitted, json!({ "decision": true, "context": { "code": "permitted", "reason": "permitted" } }));
}

#[test]
fn the_explanation_is_there_where_it_is_asked_for() {
    let Point { guard, directory } = Point::records();
    let point = Point { guard, directory: directory.with_explanations() };
    let answer = point.evaluate(&question("alice", "delete", "record-1"));
    let summary = at(&answer, "/context/reason_admin/403").as_str().expect("a sentence");
    assert!(summary.contains("record:delete"), "{summary}");
    assert_eq!(at(&answer, "/context/reason_user"), &json!({ "403": "Permission denied" }));
    let members = answer.as_object().expect("an object").keys().collect::<Vec<_>>();
    assert_eq!(members, ["context", "decision"], "the rest of the explanation stays here");
    let permitted = point.evaluate(&question("alice", "write", "record-1"));
    assert_eq!(permitted, Point::records().evaluate(&question("alice", "write", "record-1")));
}

#[test]
fn a_stronger_sign_in_is_named_where_it_would_help() {
    let answer = Point::records().evaluate(&question("carol", "export", "record-1"));
    let context = at(&answer, "/context");
    assert_eq!(at(context, "/reason"), "elevation_required");
    assert_eq!(at(context, "/acr_values"), "gold platinum");
    assert_eq!(at(context, "/max_age"), 300);
    assert_eq!(at(context, "/reason_user"), &json!({ "401": "Stronger authentication required" }));
    assert_eq!(at(context, "/reason_admin"), &Value::Null);
    let elsewhere = Point::records().evaluate(&question("alice", "export", "record-1"));
    assert_eq!(at(&elsewhere, "/context/acr_values"), &Value::Null);
}

#[test]
fn an_elevated_role_counts_by_the_directorys_word() {
    let mut fixture: Value = serde_json::from_str(RECORDS).expect("JSON");
    let carol = fixture.pointer_mut("/directory/user/carol").expect("carol");
    *carol = json!({ "roles": ["auditor"], "acr": "gold", "authTime": 1_790_000_000 - 300 });
    let answer = Point::of(&fixture).evaluate(&question("carol", "export", "record-1"));
    assert_eq!((at(&answer, "/decision"), at(&answer, "/context/elevated")), (&json!(true), &json!(true)));
    let carol = fixture.pointer_mut("/directory/user/carol").expect("carol");
    *carol = json!({ "roles": ["auditor"], "acr": "gold", "authTime": 1_790_000_000 - 301 });
    assert!(!Point::of(&fixture).decides(&question("carol", "export", "record-1")));
}

#[test]
fn asking_twice_is_answered_twice_the_same() {
    let point = Point::records();
    for user in ["alice", "bob", "nobody"] {
        let request = question(user, "write", "record-1");
        assert_eq!(point.evaluate(&request), point.evaluate(&request));
    }
}

#[test]
fn a_directory_may_be_used_by_several_points() {
    let directory = Directory::parse(r#"{ "user": { "alice": { "roles": ["keeper"] } } }"#).expect("it loads");
    let point = |directory: Directory| Point { directory, ..Point::records() };
    assert!(point(directory.clone()).decides(&question("alice", "write", "record-2")));
    assert!(!point(directory).decides(&question("bob", "write", "record-2")));
}
