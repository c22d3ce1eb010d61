//! One row of the table, as `target/conformance/<row>.json`:
//! `{ "suite", "cases", "passed", "deviations": [{ "case", "reason" }] }`. A deviation that is meant has passed.

use std::fs;
use std::path::PathBuf;

use portcullis::conformance::Verdict;
use serde_json::{Value, json};

/// Counts cases. [`finish`] fails at the end alone, so that the row of a failed suite is written too.
pub(crate) struct Row {
    suite: String,
    cases: usize,
    deviations: Vec<Value>,
    failures: Vec<String>,
}

impl Row {
    pub(crate) fn new(suite: &str) -> Self {
        Self { suite: suite.to_owned(), cases: 0, deviations: Vec::new(), failures: Vec::new() }
    }

    /// A case that is as its source wants it.
    pub(crate) fn pass(&mut self) {
        self.cases += 1;
    }

    /// A case that is otherwise than its source wants it, for a reason.
    pub(crate) fn deviate(&mut self, case: &str, reason: &str) {
        self.cases += 1;
        self.deviations.push(json!({ "case": case, "reason": reason }));
    }

    /// A case that is not as it should be.
    pub(crate) fn fail(&mut self, case: &str, why: &str) {
        self.cases += 1;
        self.failures.push(format!("{case}: {why}"));
    }

    /// A case that holds, or not.
    pub(crate) fn check(&mut self, case: &str, holds: bool) {
        if holds { self.pass() } else { self.fail(case, "does not hold") }
    }

    /// What is wrong with the suite and not with a case of it.
    pub(crate) fn complain(&mut self, what: String) {
        self.failures.push(what);
    }

    fn write(&self) {
        assert!(self.cases > 0, "{}: no case ran", self.suite);
        let row = json!({
            "suite": self.suite,
            "cases": self.cases,
            "passed": self.cases.saturating_sub(self.failures.len()),
            "deviations": self.deviations,
        });
        write(&format!("{}.json", file_name(&self.suite)), &row);
    }
}

/// Writes the rows, and then fails where a case of any has.
pub(crate) fn finish(rows: &[Row]) {
    rows.iter().for_each(Row::write);
    let failures: Vec<String> =
        rows.iter().flat_map(|row| row.failures.iter().map(|why| format!("{} {why}", row.suite))).collect();
    assert!(failures.is_empty(), "{} failed:\n{}", failures.len(), failures.join("\n"));
}

/// A verdict as the cases for JavaScript have it.
pub(crate) fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Valid => "valid",
        Verdict::Invalid => "invalid",
        Verdict::KeyRefused => "key refused",
        Verdict::AskHost => "ask host",
    }
}

/// Writes a file below `target/conformance`.
pub(crate) fn write(path: &str, json: &Value) {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/target/conformance")).join(path);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder for the tables");
    fs::write(path, json.to_string()).expect("a file that can be written");
}

/// The name of a suite as that of a file.
pub(crate) fn file_name(suite: &str) -> String {
    suite.chars().map(|one| if one.is_ascii_alphanumeric() || one == '_' { one } else { '-' }).collect()
}
