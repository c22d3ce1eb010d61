//! No lint is silenced, least of all one that keeps the core from panicking.

use crate::source::{Language, Source, find};
use crate::{breach, core, holds, sample};

/// Lints that keep the core from panicking. Cargo.toml denies them, and no line of `src/` may expect one.
const PANICS: &[&str] = &[
    "unwrap_used",
    "expect_used",
    "indexing_slicing",
    "string_slice",
    "panic",
    "unreachable",
    "todo",
    "unimplemented",
];

/// `allow`, `expect` without a reason, and, in the core, `expect` of a lint that keeps it from panicking.
fn attributes(sources: &[Source], in_core: bool) -> Vec<String> {
    let mut breaches = Vec::new();
    for source in sources {
        for (place, _) in source.bare.match_indices('#') {
            let rest = source.bare.get(place..).unwrap_or("");
            if !rest.starts_with("#[") && !rest.starts_with("#![") {
                continue;
            }
            let mut depth = 0_usize;
            let end = rest.find(|character| {
                match character {
                    '[' => depth += 1,
                    ']' => depth -= 1,
                    _ => {}
                }
                depth == 0 && character == ']'
            });
            let attribute = rest.get(..end.unwrap_or(rest.len())).unwrap_or("");
            let expects = find(attribute, "expect(").next().is_some();
            let panics = PANICS.iter().any(|lint| find(attribute, lint).next().is_some());
            if find(attribute, "allow(").next().is_some() {
                breaches.push(breach(source, place, "allow"));
            } else if expects && find(attribute, "reason").next().is_none() {
                breaches.push(breach(source, place, "expect without a reason"));
            } else if expects && in_core && panics {
                breaches.push(breach(source, place, "expect of a lint on panics"));
            }
        }
    }
    breaches
}

#[test]
fn no_lint_is_silenced() {
    holds(&attributes(&core(), true));
    for folder in ["tests", "examples"] {
        holds(&attributes(&Source::all(folder, "rs", Language::Rust), false));
    }
    let manifest = std::fs::read_to_string("Cargo.toml").expect("the manifest");
    let lints = manifest.split("[lints.clippy]").nth(1).and_then(|rest| rest.split("\n[").next()).expect("the lints");
    for lint in PANICS {
        assert!(lints.lines().any(|line| line == format!("{lint} = \"deny\"")), "Cargo.toml denies {lint}");
    }
    assert!(manifest.contains("unsafe_code = \"deny\""), "Cargo.toml denies unsafe code");
}

#[test]
fn a_silenced_lint_is_found() {
    let found = |text: &str| attributes(&sample("json.rs", text), true);
    assert_eq!(found("#[allow(dead_code)]\nfn f() {}"), ["json.rs:1: allow"]);
    assert_eq!(found("\n#![cfg_attr(test, allow(clippy::panic))]"), ["json.rs:2: allow"]);
    assert_eq!(found("#[expect(dead_code)] fn f() {}"), ["json.rs:1: expect without a reason"]);
    assert_eq!(
        found("#[expect(clippy::panic, reason = \"why\")] fn f() {}"),
        ["json.rs:1: expect of a lint on panics"]
    );
    assert!(found("#[expect(dead_code, reason = \"why\")] fn f() { guard.allow(1); }").is_empty());
}
