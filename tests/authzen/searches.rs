//! Who may, on what, and which actions; page by page.

use serde_json::{Value, json};

use crate::{Point, at, question, with};

fn results(point: &Point, kind: &str, request: &Value) -> Vec<Value> {
    let answer = point.ask(&format!("/access/v1/search/{kind}"), request);
    let results = at(&answer, "/results").as_array().expect("results").clone();
    assert_eq!(at(&answer, "/page"), &json!({ "next_token": "", "count": results.len() }));
    results
}

/// The ids of the results, or the names of actions.
fn names(kind: &str, request: &Value) -> Vec<String> {
    let member = if kind == "action" { "/name" } else { "/id" };
    let results = results(&Point::records(), kind, request);
    results.iter().map(|result| at(result, member).as_str().expect("text").to_owned()).collect()
}

fn who(action: &str, record: &str) -> Value {
    with(question("", action, record), "subject", json!({ "type": "user" }))
}

fn on_what(user: &str, action: &str) -> Value {
    with(question(user, action, ""), "resource", json!({ "type": "record" }))
}

#[test]
fn subjects_that_may_are_found() {
    assert_eq!(names("subject", &who("read", "record-1")), ["alice", "bob", "carol"]);
    assert_eq!(names("subject", &who("write", "record-1")), ["alice", "bob"]);
    assert_eq!(names("subject", &who("write", "record-2")), ["bob"]);
    assert_eq!(names("subject", &who("delete", "record-1")), [""; 0]);
    let services = with(who("read", "record-1"), "subject", json!({ "type": "service", "id": "passed over" }));
    let point = Point::records();
    assert_eq!(results(&point, "subject", &services), [json!({ "type": "service", "id": "indexer" })]);
}

#[test]
fn resources_on_which_a_subject_may_are_found() {
    assert_eq!(names("resource", &on_what("alice", "read")), ["record-1", "record-2", "record-3"]);
    assert_eq!(names("resource", &on_what("alice", "write")), ["record-1"]);
    let named = with(on_what("alice", "write"), "resource", json!({ "type": "record", "id": "passed over" }));
    let point = Point::records();
    assert_eq!(results(&point, "resource", &named), [json!({ "type": "record", "id": "record-1" })]);
    // What the request says of the resource counts for each of them where the directory says nothing.
    let properties = json!({ "type": "record", "properties": { "owner": "alice@records.example" } });
    assert_eq!(names("resource", &with(on_what("alice", "write"), "resource", properties)), ["record-1", "record-3"]);
}

#[test]
fn actions_that_a_subject_may_are_found() {
    let actions = |user: &str, record: &str| names("action", &question(user, "passed over", record));
    assert_eq!(actions("alice", "record-1"), ["read", "write"]);
    assert_eq!(actions("alice", "record-2"), ["read"]);
    assert_eq!(actions("bob", "record-2"), ["read", "write"]);
    assert_eq!(actions("dave", "record-2"), [""; 0]);
}

#[test]
fn what_is_not_known_has_no_results() {
    let spaceship = |name: &str, id: &str| {
        let mut request = question("alice", "read", "record-1");
        request = with(request, name, json!({ "type": "spaceship", "id": id }));
        request
    };
    for kind in ["subject", "resource", "action"] {
        assert_eq!(names(kind, &spaceship("subject", "alice")), [""; 0], "{kind}");
        assert_eq!(names(kind, &spaceship("resource", "record-1")), [""; 0], "{kind}");
        if kind != "action" {
            assert_eq!(names(kind, &question("alice", "fly", "record-1")), [""; 0], "{kind}");
        }
    }
    assert_eq!(names("subject", &who("read", "record-99")), [""; 0]);
    assert_eq!(names("action", &question("alice", "", "record-99")), [""; 0]);
    assert_eq!(names("action", &question("nonexistent", "", "record-1")), [""; 0]);
    assert_eq!(names("resource", &on_what("nonexistent", "read")), [""; 0]);
}

#[test]
fn a_type_that_the_directory_leaves_to_the_caller_can_be_searched_for() {
    let point = Point::of(&serde_json::from_str(include_str!("todo.json")).expect("JSON"));
    let todo = json!({ "type": "todo", "id": "1", "properties": { "ownerID": "morty@the-citadel.com" } });
    let request = json!({ "subject": { "type": "user" }, "action": { "name": "can_delete_todo" }, "resource": todo });
    let found = results(&point, "subject", &request);
    let starts: Vec<&str> = found.iter().filter_map(|one| at(one, "/id").as_str()?.get(..8)).collect();
    assert_eq!(starts, ["CiRmZDA2", "CiRmZDE2"], "rick the admin, and morty the owner");
}

/// All pages, each of which but the last is full.
fn pages(kind: &str, request: &Value, limit: usize) -> Vec<Value> {
    let point = Point::records();
    let path = format!("/access/v1/search/{kind}");
    let (mut found, mut page) = (Vec::new(), json!({ "limit": limit }));
    loop {
        let answer = point.ask(&path, &with(request.clone(), "page", page));
        let results = at(&answer, "/results").as_array().expect("results");
        assert_eq!(at(&answer, "/page/count"), &json!(results.len()));
        found.extend(results.iter().cloned());
        let token = at(&answer, "/page/next_token").as_str().expect("a token");
        if token.is_empty() {
            return found;
        }
        assert_eq!(results.len(), limit, "only the last page is short");
        assert!(found.len() < 100, "the pages come to an end");
        page = json!({ "limit": limit, "token": token });
    }
}

#[test]
fn pages_go_on_to_the_last_one() {
    let requests = [
        ("subject", who("read", "record-1")),
        ("resource", on_what("bob", "read")),
        ("action", question("alice", "", "record-1")),
    ];
    for (kind, request) in requests {
        let all = results(&Point::records(), kind, &request);
        assert!(all.len() > 1);
        for limit in 1..=all.len() + 1 {
            assert_eq!(pages(kind, &request, limit), all, "{kind}, {limit} on a page");
        }
    }
}

fn first_token(request: &Value) -> String {
    let answer =
        Point::records().ask("/access/v1/search/subject", &with(request.clone(), "page", json!({ "limit": 1 })));
    at(&answer, "/page/next_token").as_str().expect("a token").to_owned()
}

#[test]
fn a_token_is_of_its_search_alone() {
    let request = who("read", "record-1");
    let token = first_token(&request);
    let asked = |path: &str, request: &Value, token: &str| {
        let request = with(request.clone(), "page", json!({ "token": token }));
        let answer = Point::records().post(path, request.to_string().as_bytes());
        (answer.status, answer.error.map(|error| error.code()))
    };
    let path = "/access/v1/search/subject";
    assert_eq!(asked(path, &request, &token), (200, None), "another limit is no other search");
    assert_eq!(asked(path, &with(request.clone(), "future", json!(1)), &token), (200, None));
    assert_eq!(asked(path, &request, ""), (200, None));
    let refused = (400, Some("page_token"));
    let others = [
        who("write", "record-1"),
        who("read", "record-2"),
        with(request.clone(), "context", json!({})),
        with(request.clone(), "subject", json!({ "type": "service" })),
    ];
    for other in others {
        assert_eq!(asked(path, &other, &token), refused, "{other}");
    }
    let same = with(
        with(request.clone(), "subject", json!({ "type": "user", "id": "a" })),
        "resource",
        json!({ "type": "record", "id": "record-1" }),
    );
    let of_subjects = with(same.clone(), "page", json!({ "limit": 1 }));
    let answer = Point::records().ask(path, &of_subjects);
    let of_subjects = at(&answer, "/page/next_token").as_str().expect("a token");
    assert_eq!(asked(path, &same, of_subjects), (200, None));
    assert_eq!(asked("/access/v1/search/resource", &same, of_subjects), refused, "a token of another endpoint");
    let short: String = token.chars().take(token.len() - 8).collect();
    for forged in ["x", "AAAA", "====", &short, &format!("{token}="), &token.to_uppercase()] {
        assert_eq!(asked(path, &request, forged), refused, "{forged}");
    }
}

/// Readers, and nobody else.
fn many_users(count: usize) -> Point {
    let users: Value = (0..count).map(|number| (format!("u{number:04}"), json!({ "roles": ["reader"] }))).collect();
    let mut fixture: Value = serde_json::from_str(crate::RECORDS).expect("JSON");
    *fixture.pointer_mut("/directory/user").expect("the users") = users;
    Point::of(&fixture)
}

#[test]
fn a_search_copies_only_so_many_values() {
    let point = many_users(5_000);
    let status = |values: usize| {
        let request = with(who("read", "record-1"), "context", json!({ "a": vec!["x"; values] }));
        let answer = point.post("/access/v1/search/subject", request.to_string().as_bytes());
        (answer.status, answer.error.map(|error| error.code()))
    };
    // The subject and its type, the action and its name, the resource, its type and its id, the context, the list.
    assert_eq!(status(100 - 9), (200, None));
    assert_eq!(status(100 - 8), (400, Some("too_costly")));
}

#[test]
fn a_page_has_a_limit() {
    let point = many_users(1_500);
    let count = |page: Value| {
        let answer = point.ask("/access/v1/search/subject", &with(who("read", "record-1"), "page", page));
        assert_ne!(at(&answer, "/page/next_token"), "");
        at(&answer, "/page/count").as_u64().expect("a number")
    };
    assert_eq!(count(json!({})), 100);
    assert_eq!(count(json!({ "limit": 1_000 })), 1_000);
    assert_eq!(count(json!({ "limit": 1_000_000 })), 1_000);
    let wrong = [
        json!({ "limit": 0 }),
        json!({ "limit": -1 }),
        json!({ "limit": 1.5 }),
        json!({ "limit": "1" }),
        json!({ "token": 1 }),
        json!([]),
    ];
    for page in wrong {
        for kind in ["subject", "resource", "action"] {
            let request = with(who("read", "record-1"), "page", page.clone());
            let request = with(request, "subject", json!({ "type": "user", "id": "u0001" }));
            let answer = point.post(&format!("/access/v1/search/{kind}"), request.to_string().as_bytes());
            assert_eq!(answer.status, 400, "{page}");
        }
    }
}
