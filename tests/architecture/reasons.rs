//! The reasons of ARCHITECTURE.md are those of the code.

use std::collections::BTreeSet;

use crate::source::Source;
use crate::{core, sample};

/// The texts in each `fn reason` of the code.
fn in_code(sources: &[Source]) -> BTreeSet<&str> {
    let mut reasons = BTreeSet::new();
    for source in sources {
        for (place, _) in source.bare.match_indices("fn reason(") {
            let (bare, code) = (source.bare.get(place..).unwrap_or(""), source.code.get(place..).unwrap_or(""));
            let mut depth = 0_usize;
            let end = bare.find(|character| {
                match character {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    _ => {}
                }
                depth == 0 && character == '}'
            });
            let body = code.get(..end.unwrap_or(code.len())).unwrap_or("");
            // The name of a feature is none.
            let words = body.split('"').skip(1).step_by(2);
            reasons.extend(words.filter(|word| !body.contains(&format!("feature = \"{word}\""))));
        }
    }
    reasons
}

/// The words of the list in the section on reasons: lines of the form "where: `word` `word`".
fn in_page(page: &str) -> BTreeSet<&str> {
    let section = page.split("\n### Reasons\n").nth(1).and_then(|rest| rest.split("\n### ").next()).unwrap_or("");
    let lines = section.lines().filter(|line| line.split('`').next().is_some_and(|start| start.ends_with(": ")));
    lines.flat_map(|line| line.split('`').skip(1).step_by(2)).collect()
}

#[test]
fn the_reasons_of_the_page_are_those_of_the_code() {
    let page = std::fs::read_to_string("ARCHITECTURE.md").expect("the page");
    let sources = core();
    assert_eq!(in_page(&page), in_code(&sources));
    assert!(in_page(&page).len() > 40, "the list is there");
}

#[test]
fn a_reason_that_is_missing_is_found() {
    let code = "fn reason(self) -> &'static str { match self { Self::A => \"a\", Self::B { .. } => \"b\" } } const C: &str = \"c\";";
    assert_eq!(in_code(&sample("json.rs", code)), BTreeSet::from(["a", "b"]));
    assert_eq!(
        in_page("\n### Reasons\nin order: `x` and\n\ntoken: `a` `b` (400)\n\n`c` is\n\n### Next\nx: `d`"),
        BTreeSet::from(["a", "b", "x"])
    );
}

/// A developer reads the trace as the page has it.
#[test]
fn the_trace_has_the_order_of_the_page() {
    let page = std::fs::read_to_string("ARCHITECTURE.md").expect("the page");
    let section =
        page.split("\n### Reasons\n").nth(1).and_then(|rest| rest.split("\ndecision: ").next()).expect("the lists");
    let lines = section.lines().filter(|line| line.split('`').next().is_some_and(|start| start.ends_with(": ")));
    let of_page: Vec<&str> = lines.flat_map(|line| line.split('`').skip(1).step_by(2)).collect();
    let sources = core();
    let trace = sources.iter().find(|source| source.path == "audit/trace.rs").expect("the trace");
    let lists = trace.code.split("const ").skip(1).filter_map(|list| list.split("];").next());
    let of_code: Vec<&str> = lists.flat_map(|list| list.split('"').skip(1).step_by(2)).collect();
    // The last of an API key's checks is one of a token's too.
    assert_eq!(
        of_code.split_last().map(|(last, others)| (*last, others)),
        Some(("revocation_unavailable", &of_page[..]))
    );
}
