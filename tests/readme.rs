//! The table of refusals in the README is the one in the code. `UPDATE=1 cargo test --test readme` writes it there.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use portcullis::{Challenge, Row, TABLE};

const START: &str = "<!-- refusals -->\n";
const END: &str = "<!-- /refusals -->";

fn table() -> String {
    let head = "| what happened | status | code | challenge | message |\n|---|---|---|---|---|\n";
    TABLE.iter().fold(head.to_owned(), |table, row| {
        let Row { refusal, status, code, message, challenge } = row;
        table + &format!("| {} | {status} | `{code}` | {} | {message} |\n", refusal.what(), words(*challenge))
    })
}

fn words(challenge: Challenge) -> String {
    match challenge {
        Challenge::None => "none".to_owned(),
        Challenge::Bare => "every known scheme, without `error`".to_owned(),
        Challenge::All(error) => format!("every known scheme, Bearer and DPoP with `error=\"{error}\"`"),
        Challenge::Token(error) => format!("the token's scheme with `error=\"{error}\"`"),
        Challenge::Dpop(error) => format!("DPoP with `error=\"{error}\"`"),
        Challenge::ApiKey => "ApiKey".to_owned(),
    }
}

/// The page with that table between the marks.
fn with_table(page: &str, table: &str) -> String {
    let (before, rest) = page.split_once(START).expect("the mark before the table");
    let (_, after) = rest.split_once(END).expect("the mark behind the table");
    format!("{before}{START}{table}{END}{after}")
}

#[test]
fn the_table_of_refusals_in_the_readme_is_that_of_the_code() {
    let page = std::fs::read_to_string("README.md").expect("the page");
    let wanted = with_table(&page, &table());
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        std::fs::write("README.md", wanted).expect("a page that can be written");
    } else {
        assert_eq!(page, wanted, "UPDATE=1 cargo test --test readme writes the table");
    }
}

#[test]
fn another_table_is_replaced_and_nothing_else() {
    let page = "# Title\n<!-- refusals -->\n| old |\n<!-- /refusals -->\nafter\n";
    assert_eq!(with_table(page, "| new |\n"), "# Title\n<!-- refusals -->\n| new |\n<!-- /refusals -->\nafter\n");
    assert_eq!(table().lines().count(), TABLE.len() + 2);
}
