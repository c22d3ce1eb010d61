//! The AuthZEN decision point, asked as its callers ask: a call in, a status and JSON out.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

#[path = "authzen/batches.rs"]
mod batches;
#[path = "authzen/certification.rs"]
mod certification;
#[path = "authzen/evaluations.rs"]
mod evaluations;
#[path = "authzen/interop.rs"]
mod interop;
#[path = "authzen/requests.rs"]
mod requests;
#[path = "authzen/searches.rs"]
mod searches;

use portcullis::authzen::{Answer, Call, Directory, respond};
use portcullis::{Guard, Policy, Trust, UnixTime};
use serde_json::{Value, json};

const NOW: UnixTime = UnixTime::from_seconds(1_790_000_000);
const BASE_URL: &str = "https://pdp.example";
const RECORDS: &str = include_str!("authzen/records.json");

/// A policy and what is known of its subjects and resources.
struct Point {
    guard: Guard,
    directory: Directory,
}

impl Point {
    fn of(fixture: &Value) -> Self {
        let text = |name: &str| fixture.get(name).expect("the fixture has it").to_string();
        let policy = Policy::parse(&text("policy")).expect("the policy loads");
        let guard = Guard::new(policy, Trust::nobody()).expect("a guard");
        Self { guard, directory: Directory::parse(&text("directory")).expect("the directory loads") }
    }

    fn records() -> Self {
        Self::of(&serde_json::from_str(RECORDS).expect("the fixture is JSON"))
    }

    fn respond(&self, call: &Call<'_>) -> Answer {
        respond(&self.guard, &self.directory, call, NOW)
    }

    fn post(&self, path: &str, body: &[u8]) -> Answer {
        let content_type = Some("application/json");
        self.respond(&Call { method: "POST", path, content_type, body, base_url: BASE_URL })
    }

    /// The answer to a request that is well-formed.
    fn ask(&self, path: &str, request: &Value) -> Value {
        let answer = self.post(path, request.to_string().as_bytes());
        assert_eq!(answer.status, 200, "{request}: {}", answer.body);
        serde_json::from_str(&answer.body).expect("JSON")
    }

    fn evaluate(&self, request: &Value) -> Value {
        self.ask("/access/v1/evaluation", request)
    }

    fn decides(&self, request: &Value) -> bool {
        decision(&self.evaluate(request))
    }
}

fn decision(answer: &Value) -> bool {
    answer.get("decision").and_then(Value::as_bool).expect("a decision")
}

fn at<'a>(value: &'a Value, pointer: &str) -> &'a Value {
    value.pointer(pointer).unwrap_or(&Value::Null)
}

/// May this user do that to this record?
fn question(user: &str, action: &str, record: &str) -> Value {
    json!({
        "subject": { "type": "user", "id": user },
        "action": { "name": action },
        "resource": { "type": "record", "id": record },
    })
}

/// The request with a member set.
fn with(mut request: Value, name: &str, value: Value) -> Value {
    request.as_object_mut().expect("an object").insert(name.to_owned(), value);
    request
}

fn without(mut request: Value, name: &str) -> Value {
    request.as_object_mut().expect("an object").remove(name);
    request
}
