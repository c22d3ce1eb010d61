//! Conditions and policies that were written to hurt: each is refused or answered, and takes no more than it may.
//! What it takes is counted in bytes; how long it took is printed (`--nocapture`) and asserted by nobody.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]
#![expect(unsafe_code, reason = "an allocator that counts")]

#[path = "hostile/conditions.rs"]
mod conditions;
#[path = "hostile/evaluation.rs"]
mod evaluation;
#[path = "hostile/policies.rs"]
mod policies;
#[path = "hostile/spent.rs"]
mod spent;

use portcullis::{ConfigError, Guard, Json, Policy, UnixTime};

use spent::{Spent, spent};

/// Above what went in.
const MEGABYTE: usize = 1 << 20;

fn load(policy: &str) -> (Result<Guard, ConfigError>, Spent) {
    spent(|| Policy::parse(policy).map(Guard::decision_point))
}

/// A policy with one rule, that denies where the condition does not hold.
fn policy(when: &str) -> String {
    let when = Json::from(when).to_text();
    format!(
        r#"{{"policy":"hostile","revision":1,"permissions":["ping"],
            "context":{{"attributes":{{"a":"string","b":"string","l":"list(int)","t":"list(string)","n":"int"}}}},
            "roles":{{"all":{{"permits":["ping"]}}}},
            "rules":[{{"id":"r","effect":"require","permissions":["ping"],"when":{when}}}]}}"#
    )
}

fn now() -> UnixTime {
    UnixTime::from_seconds(1_790_000_000)
}

/// What a condition is refused for; none where it loads.
fn word(error: &ConfigError) -> String {
    let text = error.to_string();
    let words = text.rsplit(": ").next().unwrap_or(&text);
    words.split(' ').next().unwrap_or(words).to_owned()
}

fn print(name: &str, spent: Spent) {
    println!(
        "{:>9.3} ms {:>9} bytes {:>7} allocations  {name}",
        spent.time.as_secs_f64() * 1e3,
        spent.bytes,
        spent.allocations
    );
}
