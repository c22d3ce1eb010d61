//! Many questions in one request.

use serde_json::{Value, json};

use crate::{Point, at, decision, question, with, without};

const PATH: &str = "/access/v1/evaluations";

fn record(id: &str) -> Value {
    json!({ "type": "record", "id": id })
}

/// Whether alice may write to each of these.
fn writes(records: &[&str]) -> Value {
    let items: Vec<Value> = records.iter().map(|id| json!({ "resource": record(id) })).collect();
    json!({ "subject": { "type": "user", "id": "alice" }, "action": { "name": "write" }, "evaluations": items })
}

fn decisions(request: &Value) -> Vec<bool> {
    let answer = Point::records().ask(PATH, request);
    assert_eq!(answer.as_object().map(|members| members.len()), Some(1), "decisions stand in the list alone");
    at(&answer, "/evaluations").as_array().expect("a list").iter().map(decision).collect()
}

fn meaning(semantic: &str) -> Value {
    json!({ "evaluations_semantic": semantic })
}

#[test]
fn decisions_stand_in_the_order_of_the_questions() {
    let mixed = writes(&["record-1", "record-2", "record-1", "record-3"]);
    assert_eq!(decisions(&mixed), [true, false, true, false]);
    assert_eq!(decisions(&with(mixed.clone(), "options", json!({}))), [true, false, true, false]);
    assert_eq!(decisions(&with(mixed, "options", meaning("execute_all"))), [true, false, true, false]);
}

#[test]
fn the_short_semantics_end_behind_the_decision_that_settles_it() {
    let mixed = || writes(&["record-1", "record-2", "record-1"]);
    assert_eq!(decisions(&with(mixed(), "options", meaning("deny_on_first_deny"))), [true, false]);
    assert_eq!(decisions(&with(mixed(), "options", meaning("permit_on_first_permit"))), [true]);
    let denied = || writes(&["record-2", "record-3"]);
    assert_eq!(decisions(&with(denied(), "options", meaning("deny_on_first_deny"))), [false]);
    assert_eq!(decisions(&with(denied(), "options", meaning("permit_on_first_permit"))), [false, false]);
    let permitted = writes(&["record-1", "record-1"]);
    assert_eq!(decisions(&with(permitted, "options", meaning("deny_on_first_deny"))), [true, true]);
}

#[test]
fn an_unknown_semantic_is_no_request() {
    for options in [meaning("first"), json!({ "evaluations_semantic": 1 }), json!("execute_all")] {
        let request = with(writes(&["record-1"]), "options", options);
        assert_eq!(Point::records().post(PATH, request.to_string().as_bytes()).status, 400, "{request}");
    }
    let unknown = with(writes(&["record-1"]), "options", json!({ "another": true }));
    assert_eq!(decisions(&unknown), [true]);
}

#[test]
fn a_member_of_an_item_replaces_the_whole_default() {
    let owned = json!({ "type": "record", "id": "elsewhere", "properties": { "owner": "alice@records.example" } });
    let base = with(question("alice", "write", ""), "resource", owned);
    let items = json!([
        {},
        { "resource": { "type": "record", "id": "elsewhere" } },
        { "resource": { "id": "record-1" } },
        { "action": { "name": "read" }, "resource": record("record-2") },
        { "subject": { "type": "user", "id": "bob" } },
    ]);
    // The properties of the default are no part of another resource, and neither is its type.
    assert_eq!(decisions(&with(base, "evaluations", items)), [true, false, false, true, true]);
}

#[test]
fn a_default_may_be_less_than_a_question() {
    let request = json!({
        "action": { "name": "write" },
        "resource": { "type": "record" },
        "evaluations": [
            { "subject": { "type": "user", "id": "alice" }, "resource": record("record-1") },
            { "subject": { "type": "user", "id": "alice" } },
        ],
    });
    assert_eq!(decisions(&request), [true, false]);
}

#[test]
fn an_item_that_is_no_question_is_denied_and_says_why() {
    let items = json!([{ "resource": record("record-1") }, {}, 5, { "resource": "record-1" }, { "resource": record("record-1") }]);
    let request = with(writes(&[]), "evaluations", items);
    assert_eq!(decisions(&request), [true, false, false, false, true]);
    let answer = Point::records().ask(PATH, &request);
    let expected = json!({ "status": 400, "code": "missing_member", "message": "resource is missing" });
    assert_eq!(at(&answer, "/evaluations/1/context/error"), &expected);
    assert_eq!(at(&answer, "/evaluations/2/context/error/code"), "wrong_type");
    assert_eq!(at(&answer, "/evaluations/3/context/error/message"), "resource must be an object");
    assert_eq!(decisions(&with(request.clone(), "options", meaning("deny_on_first_deny"))), [true, false]);
    assert_eq!(decisions(&with(request, "options", meaning("permit_on_first_permit"))), [true]);
}

#[test]
fn without_items_the_request_is_one_question() {
    let point = Point::records();
    let whole = question("alice", "write", "record-1");
    let one = point.evaluate(&whole);
    assert_eq!(point.ask(PATH, &whole), one);
    assert_eq!(point.ask(PATH, &with(whole.clone(), "evaluations", json!([]))), one);
    let partial = with(without(whole, "resource"), "evaluations", json!([]));
    assert_eq!(point.post(PATH, partial.to_string().as_bytes()).status, 400);
}

#[test]
fn a_batch_copies_only_so_many_values() {
    let request = |values: usize| {
        let subject = json!({ "type": "user", "id": "alice", "properties": { "a": vec![1; values] } });
        with(writes(&vec!["record-1"; 1_000]), "subject", subject)
    };
    // The subject, its type, its id, its properties, the list; the action and its name.
    assert_eq!(decisions(&request(500 - 7)).len(), 1_000);
    let answer = Point::records().post(PATH, request(500 - 6).to_string().as_bytes());
    let code = answer.error.as_ref().map(portcullis::authzen::RequestError::code);
    assert_eq!((answer.status, code), (400, Some("too_costly")));
}

#[test]
fn a_batch_has_only_so_many_items() {
    let request = |count| writes(&vec!["record-1"; count]);
    assert_eq!(decisions(&request(1_000)).len(), 1_000);
    let answer = Point::records().post(PATH, request(1_001).to_string().as_bytes());
    let code = answer.error.as_ref().map(portcullis::authzen::RequestError::code);
    assert_eq!((answer.status, code), (400, Some("too_many")));
}

#[test]
fn the_conditions_of_a_batch_cost_only_so_much() {
    let when = "context.words.exists(one, context.words.exists(other, one + other == 'zz'))";
    let point = Point::of(&json!({
        "policy": {
            "policy": "costly",
            "revision": 1,
            "resources": { "record": { "actions": ["read"] } },
            "context": { "attributes": { "words": "list(string)" } },
            "roles": { "reader": { "permits": [{ "permission": "record:read", "when": when }] } }
        },
        "directory": { "user": { "alice": { "roles": ["reader"] } }, "record": { "record-1": {} } }
    }));
    // Each condition ends by itself before its own steps do.
    let request = |items: usize| {
        let batch = json!({
            "subject": { "type": "user", "id": "alice" },
            "action": { "name": "read" },
            "resource": record("record-1"),
            "context": { "words": vec!["a"; 40] },
            "evaluations": vec![json!({}); items]
        });
        point.post(PATH, batch.to_string().as_bytes())
    };
    assert_eq!(request(100).status, 200);
    let answer = request(1_000);
    let code = answer.error.as_ref().map(portcullis::authzen::RequestError::code);
    assert_eq!((answer.status, code), (400, Some("budget")));
}
