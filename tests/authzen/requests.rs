//! What is no request gets a status of its own and a sentence; and where the endpoints are.

use portcullis::Guard;
use portcullis::authzen::{Answer, Call, Directory, MAX_BODY_BYTES, RequestError};
use serde_json::{Value, json};

use crate::{BASE_URL, Point, question, with, without};

const EVALUATION: &str = "/access/v1/evaluation";
const POSTED: [&str; 5] = [
    EVALUATION,
    "/access/v1/evaluations",
    "/access/v1/search/subject",
    "/access/v1/search/resource",
    "/access/v1/search/action",
];

fn refused(answer: &Answer) -> (u16, &'static str, String) {
    let sentence: Value = serde_json::from_str(&answer.body).expect("the body is JSON");
    let code = answer.error.as_ref().map(RequestError::code).expect("an error");
    (answer.status, code, sentence.as_str().expect("the body is a string").to_owned())
}

fn bad(path: &str, request: &Value) -> (&'static str, String) {
    let (status, code, sentence) = refused(&Point::records().post(path, request.to_string().as_bytes()));
    assert_eq!(status, 400, "{request}");
    (code, sentence)
}

fn call<'a>(method: &'a str, path: &'a str) -> Call<'a> {
    Call { method, path, content_type: Some("application/json"), body: b"{}", base_url: BASE_URL }
}

#[test]
fn a_member_that_must_be_there_is_missing() {
    let whole = || question("alice", "read", "record-1");
    let cases = [
        (without(whole(), "subject"), "subject is missing"),
        (without(whole(), "action"), "action is missing"),
        (without(whole(), "resource"), "resource is missing"),
        (with(whole(), "subject", json!({ "id": "alice" })), "subject.type is missing"),
        (with(whole(), "subject", json!({ "type": "user" })), "subject.id is missing"),
        (with(whole(), "action", json!({})), "action.name is missing"),
        (with(whole(), "resource", json!({ "id": "record-1" })), "resource.type is missing"),
        (with(whole(), "resource", json!({ "type": "record" })), "resource.id is missing"),
    ];
    for (request, sentence) in cases {
        for path in [EVALUATION, "/access/v1/evaluations"] {
            assert_eq!(bad(path, &request), ("missing_member", sentence.to_owned()));
        }
    }
}

#[test]
fn a_member_has_another_type() {
    let whole = || question("alice", "read", "record-1");
    let cases = [
        (with(whole(), "subject", json!("alice")), "subject must be an object"),
        (with(whole(), "subject", json!(null)), "subject must be an object"),
        (with(whole(), "subject", json!({ "type": 1, "id": "alice" })), "subject.type must be text"),
        (with(whole(), "subject", json!({ "type": "user", "id": ["alice"] })), "subject.id must be text"),
        (
            with(whole(), "subject", json!({ "type": "user", "id": "alice", "properties": [] })),
            "subject.properties must be an object",
        ),
        (with(whole(), "action", json!({ "name": 123 })), "action.name must be text"),
        (with(whole(), "action", json!({ "name": "read", "properties": 1 })), "action.properties must be an object"),
        (with(whole(), "resource", json!([])), "resource must be an object"),
        (
            with(whole(), "resource", json!({ "type": "record", "id": "1", "properties": "x" })),
            "resource.properties must be an object",
        ),
        (with(whole(), "context", json!("now")), "context must be an object"),
    ];
    for (request, sentence) in cases {
        for path in [EVALUATION, "/access/v1/evaluations"] {
            assert_eq!(bad(path, &request), ("wrong_type", sentence.to_owned()));
        }
    }
    assert_eq!(bad(EVALUATION, &json!([])), ("wrong_type", "the body must be an object".to_owned()));
    let evaluations = with(whole(), "evaluations", json!({}));
    assert_eq!(bad("/access/v1/evaluations", &evaluations).1, "evaluations must be a list");
}

#[test]
fn a_search_lacks_a_member() {
    let whole = question("alice", "read", "record-1");
    let cases = [
        ("subject", without(whole.clone(), "action"), "action is missing"),
        ("subject", with(whole.clone(), "subject", json!({ "id": "alice" })), "subject.type is missing"),
        ("subject", with(whole.clone(), "resource", json!({ "type": "record" })), "resource.id is missing"),
        ("resource", without(whole.clone(), "subject"), "subject is missing"),
        ("resource", with(whole.clone(), "subject", json!({ "type": "user" })), "subject.id is missing"),
        ("resource", with(whole.clone(), "resource", json!({ "id": "record-1" })), "resource.type is missing"),
        ("action", without(whole.clone(), "resource"), "resource is missing"),
        ("action", with(whole, "resource", json!({ "type": "record" })), "resource.id is missing"),
    ];
    for (kind, request, sentence) in cases {
        let found = bad(&format!("/access/v1/search/{kind}"), &request);
        assert_eq!(found, ("missing_member", sentence.to_owned()));
    }
}

#[test]
fn members_that_are_not_known_are_passed_over() {
    let point = Point::records();
    let strange = json!({ "type": "user", "id": "alice", "name": 5, "future": [{}] });
    let request = with(with(question("alice", "read", "record-1"), "foo", json!("bar")), "subject", strange);
    assert!(point.decides(&request));
}

#[test]
fn the_body_is_strict_json() {
    let bodies: [&[u8]; 7] = [
        b"",
        b"{",
        b"subject=alice",
        b"\xef\xbb\xbf{}",
        b"{\"subject\":{\"type\":\"user\",\"type\":\"service\",\"id\":\"a\"}}",
        b"\"\xff\"",
        b"{} {}",
    ];
    for path in POSTED {
        for body in bodies {
            let (status, code, sentence) = refused(&Point::records().post(path, body));
            assert_eq!((status, code), (400, "json"));
            assert!(sentence.starts_with("the body is not strict JSON: "), "{sentence}");
        }
        let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        assert_eq!(refused(&Point::records().post(path, deep.as_bytes())).1, "json");
    }
}

#[test]
fn the_content_type_is_json() {
    let body = question("alice", "read", "record-1").to_string();
    let answer = |content_type| {
        let call = Call { content_type, body: body.as_bytes(), ..call("POST", EVALUATION) };
        Point::records().respond(&call)
    };
    for right in ["application/json", "Application/JSON", "application/json; charset=utf-8", "application/json ;a=b"] {
        assert_eq!(answer(Some(right)).status, 200, "{right}");
    }
    for wrong in [None, Some(""), Some("text/plain"), Some("application/jsonp"), Some("application/json, text/plain")] {
        assert_eq!(refused(&answer(wrong)).1, "content_type", "{wrong:?}");
    }
}

#[test]
fn a_body_is_only_so_long() {
    let padded = |bytes: usize| {
        let mut body = question("alice", "read", "record-1").to_string();
        body.extend(std::iter::repeat_n(' ', bytes - body.len()));
        body.into_bytes()
    };
    let point = Point::records();
    for path in POSTED {
        let limit = if path.ends_with("evaluations") { MAX_BODY_BYTES } else { 64 << 10 };
        assert_eq!(point.post(path, &padded(limit)).status, 200, "{path}");
        let (status, code, _) = refused(&point.post(path, &padded(limit + 1)));
        assert_eq!((status, code), (413, "too_large"), "{path}");
    }
}

#[test]
fn an_entity_has_only_so_many_properties() {
    let properties = |count: usize| -> Value { (0..count).map(|number| (format!("a{number}"), json!(1))).collect() };
    let request = |count| {
        let resource = json!({ "type": "record", "id": "record-1", "properties": properties(count) });
        with(question("alice", "read", "record-1"), "resource", resource)
    };
    assert!(Point::records().decides(&request(100)));
    assert_eq!(bad(EVALUATION, &request(101)), ("too_many", "resource.properties has more than 100".to_owned()));
}

#[test]
fn another_path_or_method_is_none_of_ours() {
    let point = Point::records();
    for path in ["/", "", "/access/v1", "/access/v1/evaluation/", "/Access/v1/evaluation", "//access/v1/evaluation"] {
        assert_eq!(refused(&point.respond(&call("POST", path))).0, 404, "{path}");
    }
    for path in POSTED {
        for method in ["GET", "HEAD", "PUT", "OPTIONS", "post"] {
            let answer = point.respond(&call(method, path));
            assert_eq!((answer.status, answer.allow), (405, Some("POST")));
            assert!(answer.headers().contains(&("allow", "POST")));
        }
    }
    let answer = point.respond(&call("POST", "/.well-known/authzen-configuration"));
    assert_eq!((answer.status, answer.allow), (405, Some("GET, HEAD")));
}

#[test]
fn whoever_may_not_ask_is_told_so() {
    assert_eq!(refused(&Answer::unauthenticated()).0, 401);
}

#[test]
fn every_answer_is_json_that_nobody_stores() {
    let headers = vec![("content-type", "application/json"), ("cache-control", "no-store")];
    for path in [EVALUATION, "/nowhere"] {
        assert_eq!(Point::records().respond(&call("POST", path)).headers(), headers);
    }
}

#[test]
fn the_metadata_names_the_endpoints() {
    let point = Point::records();
    let metadata = |base_url, path| {
        let answer = point.respond(&Call { base_url, content_type: None, body: b"", ..call("GET", path) });
        assert_eq!(answer.status, 200);
        serde_json::from_str::<Value>(&answer.body).expect("JSON")
    };
    let under = |base: &str| {
        json!({
            "policy_decision_point": base,
            "access_evaluation_endpoint": format!("{base}/access/v1/evaluation"),
            "access_evaluations_endpoint": format!("{base}/access/v1/evaluations"),
            "search_subject_endpoint": format!("{base}/access/v1/search/subject"),
            "search_resource_endpoint": format!("{base}/access/v1/search/resource"),
            "search_action_endpoint": format!("{base}/access/v1/search/action"),
        })
    };
    let well_known = "/.well-known/authzen-configuration";
    assert_eq!(metadata("https://pdp.example", well_known), under("https://pdp.example"));
    assert_eq!(metadata("https://pdp.example/", well_known), under("https://pdp.example"));
    let head = point.respond(&Call { base_url: BASE_URL, ..call("HEAD", well_known) });
    assert_eq!((head.status, head.body.as_str()), (200, ""));

    // RFC 8615 §3.1: the well-known part stands before the path.
    let tenant = "https://pdp.example/tenant1";
    assert_eq!(metadata(tenant, "/.well-known/authzen-configuration/tenant1"), under(tenant));
    let body = question("alice", "read", "record-1").to_string();
    let at = |path| {
        let call = Call { base_url: tenant, body: body.as_bytes(), ..call("POST", path) };
        point.respond(&call).status
    };
    assert_eq!(
        [at("/tenant1/access/v1/evaluation"), at(EVALUATION), at("/tenant2/access/v1/evaluation")],
        [200, 404, 404]
    );
    assert_eq!(point.respond(&Call { base_url: tenant, ..call("GET", well_known) }).status, 404);
}

#[test]
fn a_directory_that_is_wrong_does_not_load() {
    let entities = |count: usize| -> Value { (0..count).map(|number| (format!("u{number}"), json!({}))).collect() };
    let members = |count: usize| -> Value { (0..count).map(|number| (format!("a{number}"), json!(0))).collect() };
    let cases = [
        (json!([]), "", "wrong_type"),
        (json!({ "user": [] }), "user", "wrong_type"),
        (json!({ "user": { "u1": "editor" } }), "user.u1", "wrong_type"),
        (json!({ "user": { "": {} } }), "user[\"\"]", "bad_value"),
        (json!({ "user": { "u1": { "id": "u2" } } }), "user.u1.id", "bad_value"),
        (json!({ "user": { "u1": { "roles": "editor" } } }), "user.u1.roles", "wrong_type"),
        (json!({ "user": { "u1": { "permissions": [1] } } }), "user.u1.permissions[0]", "wrong_type"),
        (json!({ "user": { "u1": { "scopes": null } } }), "user.u1.scopes", "wrong_type"),
        (json!({ "user": { "u1": { "acr": 1 } } }), "user.u1.acr", "wrong_type"),
        (json!({ "user": { "u1": { "amr": "otp" } } }), "user.u1.amr", "wrong_type"),
        (json!({ "user": { "u1": { "authTime": "now" } } }), "user.u1.authTime", "wrong_type"),
        (json!({ "user": { "u1": { "assignments": {} } } }), "user.u1.assignments", "wrong_type"),
        (json!({ "user": { "u1": { "assignments": [{}] } } }), "user.u1.assignments[0].role", "missing_member"),
        (
            json!({ "user": { "u1": { "assignments": [{ "role": "a", "until": 1 }] } } }),
            "user.u1.assignments[0].until",
            "unknown_member",
        ),
        (
            json!({ "user": { "u1": { "assignments": [{ "role": "a", "notAfter": 0.5 }] } } }),
            "user.u1.assignments[0].notAfter",
            "bad_value",
        ),
        (json!({ "user": { "u1": members(101) } }), "user.u1", "too_many"),
        (json!({ "user": entities(10_001) }), "user", "too_many"),
        (json!({ "user": entities(5_000), "service": entities(5_001) }), "service.u999", "too_many"),
    ];
    for (document, path, code) in cases {
        let error = Directory::parse(&document.to_string()).expect_err("it does not load");
        assert_eq!(error.code(), code, "{error}");
        // Of entities past the limit it is the last in the order of the document.
        assert!(error.path == path || code == "too_many", "{error}");
        assert!(error.to_string().starts_with("directory"), "{error}");
    }
    assert_eq!(Directory::parse(&" ".repeat((1 << 20) + 1)).expect_err("too long").code(), "too_large");
    assert_eq!(Directory::parse(r#"{ "user": {}, "user": {} }"#).expect_err("twice").code(), "json");
    Directory::parse(&json!({ "user": entities(10_000) }).to_string()).expect("as many as there may be");
}

#[test]
fn an_empty_directory_denies() {
    let Point { guard, .. } = Point::records();
    let decides = |guard: Guard, directory| Point { guard, directory }.decides(&question("alice", "read", "record-1"));
    assert!(!decides(guard, Directory::default()));
}
