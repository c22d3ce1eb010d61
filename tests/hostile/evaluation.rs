//! Deciding.

use portcullis::json::Object;
use portcullis::{AccessRequest, Guard, Json, Subject};

use super::{MEGABYTE, load, now, policy, print, spent};

fn guard(when: &str) -> Guard {
    load(&policy(when)).0.expect("it loads")
}

/// Decides within the bounds; whether it is allowed.
fn decided(when: &str, context: &Object) -> bool {
    let guard = guard(when);
    let question = AccessRequest::new(Subject::user("u1").with_roles(["all"]), "ping").in_context(context);
    let (found, all) = spent(|| guard.evaluate(&question, now()).is_permit());
    print(&format!("{found:<5} {}", when.chars().take(90).collect::<String>()), all);
    assert!(all.bytes <= MEGABYTE, "{when}: {all:?}");
    // What is shown of the operands is theirs.
    let (_, explained) = spent(|| guard.explain(&question, now()));
    print("      explained", explained);
    assert!(explained.bytes <= 3 * size(&context.clone().into()) + MEGABYTE, "{when}: {explained:?}");
    found
}

/// What a value holds in memory, more or less.
fn size(json: &Json) -> usize {
    std::mem::size_of::<Json>()
        + match json {
            Json::String(text) => text.len(),
            Json::Array(items) => items.iter().map(size).sum(),
            Json::Object(members) => members.iter().map(|(name, value)| name.len() + 24 + size(value)).sum(),
            _ => 0,
        }
}

fn with(name: &str, value: impl Into<Json>) -> Object {
    let mut context = Object::new();
    context.set(name, value);
    context
}

fn ints(count: i64) -> Object {
    with("l", (0..count).collect::<Vec<i64>>())
}

#[test]
fn a_walk_over_long_lists_ends_at_its_budget() {
    for count in [10, 1_000, 100_000] {
        let is_short = count == 10;
        for when in [
            "context.l.all(x, context.l.all(y, context.l.all(z, x + y + z >= 0)))",
            "context.l.map(x, context.l.map(y, x * y)).size() > 0",
            "context.l.map(x, context.l.map(y, context.l.map(z, context.l))).size() > 0",
            "context.l.filter(x, context.l.exists_one(y, context.l[0] + y == x)).size() > 0",
            "context.l.map(x, context.l).map(x, context.l).map(x, [context.l, context.l]).size() > 0",
            "context.l.all(x, context.l == context.l && context.l.all(y, x in context.l))",
        ] {
            assert_eq!(decided(when, &ints(count)), is_short, "{when} of {count}");
        }
        decided("context.l.size() > 0", &ints(count));
        decided("5 in context.l", &ints(count));
        decided("context.l == context.l", &ints(count));
        decided("context.l[0] == 0", &ints(count));
        decided("context.l.exists(x, x == 5)", &ints(count));
        let texts: Vec<String> = (0..count).map(|number| number.to_string()).collect();
        decided("context.t.all(x, context.t.all(y, (x + y + x).contains(y + x)))", &with("t", texts));
    }
}

#[test]
fn a_text_that_doubles_ends_at_its_length() {
    let doubled = |count: usize| format!("[context.a]{}.size() == 1", ".map(x, x + x)".repeat(count));
    assert!(decided(&doubled(12), &with("a", "aaaaaaaa")));
    assert!(!decided(&doubled(25), &with("a", "aaaaaaaa")));
    assert!(decided(&doubled(25), &with("a", "")));
    let plus = vec!["context.a"; 100].join("+");
    assert!(!decided(&format!("size({plus}) > 0"), &with("a", "a".repeat(60_000))));
    decided(&format!("size({plus}) > 0"), &with("a", "a".repeat(600)));
    decided("size(context.l.map(x, context.a + context.a)) > 0", &{
        let mut context = ints(1_000);
        context.set("a", "a".repeat(30_000));
        context
    });
    decided("size(context.l.map(x, context.a)) > 0", &{
        let mut context = ints(10_000);
        context.set("a", "a".repeat(30_000));
        context
    });
}

#[test]
fn a_search_in_a_long_text_ends_at_its_budget() {
    for length in [100, 10_000, 60_000, 3_000_000] {
        let long = "a".repeat(length);
        let both = || {
            let mut context = with("a", long.as_str());
            context.set("b", format!("{}b", "a".repeat(length / 2)));
            context
        };
        for when in [
            "context.a.contains(context.b) || true",
            "context.a.contains(context.b)",
            "context.a.startsWith(context.a)",
            "context.a.endsWith(context.b)",
            "context.a < context.b",
            "context.a == context.b",
            "size(context.a) > 0",
            "context.a + context.b == ''",
            "context.a in [context.b, context.a]",
            "context.a.matches('(a*)*b')",
            "context.a.matches('(a|aa)+$')",
            "context.a.matches('(a|a|a|a|a)*b')",
            "context.a.matches('^(.*)(.*)(.*)(.*)(.*)(.*)x')",
            "context.a.matches('(a?){50}a{50}b')",
            "context.a.matches('a{100}b|a{99}c|a{98}d')",
            "context.a.matches('((((a*)*)*)*)*$')",
            "context.a.matches('(|a)*b|(a|)+c|()*d')",
        ] {
            decided(when, &both());
        }
    }
}
