//! Whole policies.

use portcullis::json::Object;
use portcullis::{AccessRequest, ConfigError, Guard, Subject};

use super::{MEGABYTE, load, now, print, spent};

/// How many times its own length a policy may take; a condition of a few bytes is a tree with its types.
const TIMES: usize = 40;
/// What the grants and rules of one policy may name, all together, and what one such name may take.
const NAMED: usize = 2_000_000 * 56;
/// What its roles may inherit, all together, and what one such role may take.
const INHERITED: usize = 2_000_000 * 12;
/// How often memory may be asked for beside once for each byte, which stands for the work.
const ALLOCATIONS: usize = 500_000;

fn loaded(name: &str, policy: &str, most: usize) -> Result<Guard, ConfigError> {
    let (found, spent) = load(policy);
    let result = found.as_ref().err().map_or("loads".to_owned(), ToString::to_string);
    print(&format!("{:>8} bytes {name}: {result}", policy.len()), spent);
    assert!(spent.bytes <= most + MEGABYTE, "{name}: {spent:?} for {} bytes", policy.len());
    assert!(spent.allocations <= policy.len() + ALLOCATIONS, "{name}: {spent:?} for {} bytes", policy.len());
    found
}

/// Asks for what has the most grants and rules.
fn asked(name: &str, guard: &Guard, context: &Object) -> bool {
    let question = AccessRequest::new(Subject::user("u1").with_roles(["all"]), "ping").in_context(context);
    let (found, decided) = spent(|| guard.evaluate(&question, now()).is_permit());
    print(&format!("         {name}: decided"), decided);
    assert!(decided.bytes <= MEGABYTE, "{name}: {decided:?}");
    let (_, explained) = spent(|| guard.explain(&question, now()));
    print(&format!("         {name}: explained"), explained);
    assert!(explained.bytes <= 4 * MEGABYTE, "{name}: {explained:?}");
    found
}

fn joined(count: usize, one: impl Fn(usize) -> String) -> String {
    (0..count).map(one).collect::<Vec<_>>().join(",")
}

#[test]
fn ten_thousand_rules_with_conditions() {
    for (name, when) in [
        ("simple", "context.a == 'x'"),
        ("of lists", "context.l.exists(x, context.l.exists(y, x + y == -1))"),
        ("of patterns", "context.a.matches('(a*)*b')"),
    ] {
        let rules = joined(10_000, |number| {
            let when = format!("{when} && context.n == {number}");
            format!(r#"{{"id":"r{number}","effect":"deny","permissions":["ping"],"when":"{when}"}}"#)
        });
        let attributes = r#""context":{"attributes":{"a":"string","l":"list(int)","n":"int"}}"#;
        let roles = r#""roles":{"all":{"permits":["ping"]}}"#;
        let policy =
            format!(r#"{{"policy":"p","revision":1,"permissions":["ping"],{attributes},{roles},"rules":[{rules}]}}"#);
        let guard = loaded(name, &policy, TIMES * policy.len()).expect("it loads");
        let mut context = Object::new();
        context.set("a", "a".repeat(100));
        context.set("l", (0..10).collect::<Vec<i64>>());
        context.set("n", 10_000);
        // What costs more than a decision may restricts.
        assert_eq!(asked(name, &guard, &context), name != "of lists", "{name}");
        context.set("a", format!("{}x", "a".repeat(1_000)));
        context.set("l", (0..80).collect::<Vec<i64>>());
        asked(name, &guard, &context);
    }
}

#[test]
fn wildcards_times_permissions() {
    for (kinds, actions, patterns) in
        [(10, 100, 100), (99, 100, 200), (99, 100, 300), (100, 100, 10), (1_000, 5, 10_000)]
    {
        let names = joined(actions, |action| format!("\"a{action}\""));
        let resources = joined(kinds, |kind| {
            format!(r#""k{kind}":{{"actions":[{names}],"owner":"o","attributes":{{"o":"string","s":"string"}}}}"#)
        });
        for pattern in [
            r#""*""#,
            r#"{"permission":"*:a0","owner":true,"when":"resource.s == 'x'"}"#,
            r#"{"permission":"*:*","owner":true}"#,
            r#"{"permission":"k0:*","fields":["o","s"]}"#,
        ] {
            let permits = joined(patterns, |_| pattern.to_owned());
            let roles = format!(r#""roles":{{"all":{{"permits":["ping",{permits}]}}}}"#);
            let policy =
                format!(r#"{{"policy":"p","revision":1,"permissions":["ping"],"resources":{{{resources}}},{roles}}}"#);
            let name = format!("{kinds} types of {actions} actions, {patterns} times {pattern}");
            if let Ok(guard) = loaded(&name, &policy, TIMES * policy.len() + NAMED) {
                assert!(asked("wildcards", &guard, &Object::new()), "{name}");
            }
        }
    }
}

#[test]
fn roles_upon_roles() {
    let chain = joined(9_000, |number| match number {
        0 => r#""r0":{"permits":["ping"]}"#.to_owned(),
        _ => format!(r#""r{number}":{{"inherits":["r{}"]}}"#, number - 1),
    });
    let all = joined(300, |number| {
        let parents = joined(number, |parent| format!("\"r{parent}\""));
        format!(r#""r{number}":{{"inherits":[{parents}],"permits":["ping"]}}"#)
    });
    let apart = |count: usize| joined(count, |number| format!(r#""x{number}":{{}},"r{number}":{{}}"#));
    let pairs = joined(900, |list| format!("[\"r{list}\",\"x{list}\"]"));
    let long = format!("[{}]", joined(1_000, |number| format!("\"r{number}\"")));
    for (name, roles, exclusive, last) in [
        ("a chain", chain, String::new(), "r8999"),
        ("all of all", all.clone(), String::new(), "r299"),
        ("all of all, apart", all, "[\"r0\",\"r1\"]".to_owned(), "r299"),
        ("pairs apart", apart(900), pairs, "r899"),
        ("a list a hundred times", apart(1_000), vec![long; 100].join(","), "r999"),
    ] {
        let roles = format!(r#""roles":{{"all":{{"inherits":["{last}"]}},{roles}}}"#);
        let policy =
            format!(r#"{{"policy":"p","revision":1,"permissions":["ping"],{roles},"exclusive":[{exclusive}]}}"#);
        match loaded(name, &policy, TIMES * policy.len() + INHERITED) {
            Ok(guard) => assert_eq!(asked(name, &guard, &Object::new()), name == "all of all"),
            Err(error) => {
                let expected = if name == "a chain" { "too_many" } else { "exclusive_roles" };
                assert_eq!(error.code(), expected, "{name}: {error}");
            }
        }
    }
}
