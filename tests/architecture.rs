//! Holds the house together: who imports whom, and what must never be. Each rule is shown a breach of itself.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

#[path = "architecture/lints.rs"]
mod lints;
#[path = "architecture/reasons.rs"]
mod reasons;
#[path = "architecture/source.rs"]
mod source;

use std::collections::{BTreeMap, BTreeSet};

use source::{Language, Source, find};

/// The rooms of `src/` from the ground up, and what each imports. Only rooms above it in this list may stand there.
const ROOMS: &[(&str, &[&str])] = &[
    ("time", &[]),
    ("sorted", &[]),
    ("digits", &[]),
    ("grammar", &[]),
    ("base64url", &[]),
    ("digest", &["base64url"]),
    ("key_text", &["grammar"]),
    ("json", &["digits", "sorted"]),
    ("request", &["grammar", "json"]),
    ("filter", &["json", "sorted", "time"]),
    ("cel", &["filter", "json", "time"]),
    ("document", &["digits", "grammar", "json"]),
    ("jose", &["base64url", "digest", "json"]),
    ("conformance", &["cel", "jose", "json"]),
    ("ask", &["jose", "json", "time"]),
    ("revocation", &["base64url", "digest", "json", "time"]),
    ("credential", &["grammar", "request"]),
    ("principal", &["digest", "document", "json", "revocation", "time"]),
    ("jwt", &["base64url", "jose", "json", "time"]),
    (
        "authn",
        &[
            "ask",
            "base64url",
            "credential",
            "digest",
            "document",
            "grammar",
            "jose",
            "json",
            "jwt",
            "key_text",
            "principal",
            "request",
            "revocation",
            "time",
        ],
    ),
    ("authz", &["cel", "digest", "digits", "document", "filter", "grammar", "json", "principal", "sorted", "time"]),
    ("audit", &["json", "principal", "time"]),
    ("rejection", &["authn", "authz", "credential", "digits", "grammar", "json", "request"]),
    (
        "guard",
        &[
            "ask",
            "audit",
            "authn",
            "authz",
            "credential",
            "digest",
            "digits",
            "document",
            "filter",
            "grammar",
            "json",
            "principal",
            "rejection",
            "request",
            "revocation",
            "time",
        ],
    ),
    ("issuer", &["base64url", "digest", "document", "grammar", "jose", "json", "jwt", "key_text", "time"]),
    ("stores", &["digest", "issuer", "json", "time"]),
    ("authzen", &["authz", "base64url", "digest", "document", "guard", "json", "principal", "sorted", "time"]),
    ("tower", &["ask", "audit", "authzen", "guard", "json", "principal", "rejection", "request", "time"]),
    (
        "wasm",
        &[
            "ask",
            "audit",
            "authn",
            "authz",
            "authzen",
            "digest",
            "document",
            "filter",
            "guard",
            "issuer",
            "json",
            "rejection",
            "request",
            "revocation",
            "time",
        ],
    ),
];

/// What must never stand in the code, except in the rooms or files behind it.
const NEVER: &[(&[&str], &[&str])] = &[
    // A clock, the network, the environment, files, threads, a random source, a global: all that is the host's.
    (&["SystemTime", "UNIX_EPOCH"], &["tower/"]),
    (&["getrandom"], &["tower/", "issuer/random.rs"]),
    (&["Instant", "rand", "std::env", "env!", "option_env!", "std::fs", "std::net", "std::io", "std::process"], &[]),
    (&["std::thread", "println!", "print!", "eprintln!", "eprint!", "dbg!", "unsafe", "static mut"], &[]),
    (&["OnceLock", "LazyLock", "OnceCell", "LazyCell"], &[]),
    (&["static", "thread_local!"], &["wasm/state.rs", "wasm/allocator.rs"]),
    // The words of one host.
    (&["wasm_bindgen", "js_sys", "web_sys", "JsValue", "JsCast", "JsError"], &["wasm/"]),
    (&["tokio", "tower_layer", "tower_service", "axum", "axum_core", "http"], &["tower.rs", "tower/"]),
    // Only authentication says who somebody is, and only its word for a host's verification is taken.
    (&["::verified"], &["authn/"]),
    (&["::danger_by_host"], &["authn/bearer.rs"]),
    (&["fn danger_by_host", "VerifiedToken {"], &["jwt/token.rs"]),
];

/// What an adapter would need to decide for itself, or to look into an identity. A grant or a refusal it cannot make:
/// their members are the guard's own.
const DECIDES: &[&str] = &[
    "Denial",
    "Effect",
    "Cause",
    "Refusal",
    "Challenge",
    "Schemes",
    "TABLE",
    "Decision::",
    "Decision {",
    "Rejection::new",
    "Circumstances",
    "is_authenticated",
    ".roles",
    ".permissions",
    ".scopes",
    ".acr",
    ".auth_time",
];

/// Numbers that look like a status code, and the fallback of a value that the type cannot rule out; and the statuses of
/// AuthZEN's own transport, which refuse nobody anything.
const NO_STATUS: &[(&str, &str)] = &[
    ("authz/document/rules.rs", "const MAX_MESSAGE_BYTES: usize = 500;"),
    ("authz/document/rules.rs", "\"1 to 500 bytes\""),
    ("authn/url.rs", "\"https\" => \":443\","),
    ("authzen/error.rs", ": u16 = 4"),
    ("tower.rs", "StatusCode::from_u16(status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE)"),
];

const MOST_LINES: usize = 400;
/// Files that are longer today, with their lines. A number here can only become smaller.
const LONG: &[(&str, usize)] = &[];

fn core() -> Vec<Source> {
    Source::all("src", "rs", Language::Rust)
}

fn sample(path: &str, text: &str) -> Vec<Source> {
    vec![Source::new(path, text, Language::Rust)]
}

fn holds(breaches: &[String]) {
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

fn breach(source: &Source, place: usize, what: &str) -> String {
    format!("{}:{}: {what}", source.path, source.line(place))
}

/// The room of a file: its first name.
fn room(path: &str) -> &str {
    path.split(['/', '.']).next().unwrap_or(path)
}

/// Which rooms each room names.
fn imports(sources: &[Source]) -> BTreeMap<&str, BTreeSet<String>> {
    let mut graph: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for source in sources.iter().filter(|source| source.path != "lib.rs") {
        let imported = graph.entry(room(&source.path)).or_default();
        let paths = source.paths();
        for place in find(&paths, "crate::") {
            let rest = paths.get(place + "crate::".len()..).unwrap_or("");
            let name = rest.split(|character: char| !character.is_alphanumeric() && character != '_').next();
            imported.insert(name.unwrap_or("").to_owned());
        }
        // From a file of the first floor `super` is the root, from one below it `super::super` is.
        let root = if source.path.contains('/') { "super::super" } else { "super" };
        if find(&paths, &format!("{root}::")).next().is_some() {
            imported.insert(root.to_owned());
        }
        imported.remove(room(&source.path));
    }
    graph
}

#[test]
fn imports_are_those_of_the_table() {
    let declared = ROOMS.iter().map(|(room, imports)| (*room, imports.iter().map(|name| (*name).to_owned()).collect()));
    assert_eq!(imports(&core()), declared.collect());
}

#[test]
fn the_table_of_imports_runs_downwards() {
    for (index, (room, imports)) in ROOMS.iter().enumerate() {
        for import in *imports {
            let below = ROOMS.iter().take(index).any(|(below, _)| below == import);
            assert!(below, "{room} imports {import}, which does not stand below it");
        }
    }
}

#[test]
fn an_import_is_found_wherever_it_stands() {
    let found = |path: &str, text: &str| {
        let sources = sample(path, text);
        imports(&sources).into_values().flatten().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(found("authz/policy.rs", "use crate::{json::Json, jwt::{token, TokenError}};"), "json jwt");
    assert_eq!(
        found("authz/policy.rs", "fn f() { crate::request::Request::new(a, b); crate::authz::x(); }"),
        "request"
    );
    assert_eq!(found("json.rs", "// crate::guard\nconst A: &str = \"crate::guard\"; pub(crate) fn f() {}"), "");
    assert_eq!(found("authz/policy.rs", "use super::super::guard::Guard;"), "super::super");
    assert_eq!(found("json.rs", "use super::guard;"), "super");
    assert_eq!(found("json.rs", "fn f(guard: &crate::Guard) {}"), "Guard");
}

#[test]
fn the_root_has_no_logic() {
    let breaches = |sources: &[Source]| -> Vec<String> {
        let sources = sources.iter().filter(|source| source.path == "lib.rs");
        let words = ["fn", "impl", "let", "enum", "trait", "macro_rules!"];
        sources
            .flat_map(|source| words.map(|word| find(&source.bare, word).next().map(|at| breach(source, at, word))))
            .flatten()
            .collect()
    };
    holds(&breaches(&core()));
    assert_eq!(breaches(&sample("lib.rs", "mod json;\nfn decide() {}")), ["lib.rs:2: fn"]);
}

/// Each word of [`NEVER`] outside the files that may have it.
fn forbidden(sources: &[Source]) -> Vec<String> {
    let mut breaches = Vec::new();
    for source in sources {
        let paths = source.paths();
        for (words, allowed) in NEVER {
            if allowed
                .iter()
                .any(|allowed| source.path.starts_with(allowed) || (*allowed == "wasm/" && source.path == "wasm.rs"))
            {
                continue;
            }
            for word in words.iter().filter(|word| find(&paths, word).next().is_some()) {
                breaches.push(format!("{}: {word}", source.path));
            }
        }
    }
    breaches
}

#[test]
fn what_must_never_be_is_not() {
    holds(&forbidden(&core()));
}

#[test]
fn each_word_that_must_never_be_is_found() {
    for word in NEVER.iter().flat_map(|(words, _)| *words) {
        let text = format!("fn f<'static>() {{ {word}; }}");
        assert!(forbidden(&sample("jwt/claims.rs", &text)).contains(&format!("jwt/claims.rs: {word}")), "{word}");
        let text = format!("/// {word}\nfn f() {{ \"{word}\"; }} // {word}");
        assert!(forbidden(&sample("jwt/claims.rs", &text)).is_empty(), "{word}");
    }
    let imported = sample("json.rs", "use std::{collections::BTreeMap, env};\nuse std::time::{Duration, SystemTime};");
    assert_eq!(forbidden(&imported), ["json.rs: SystemTime", "json.rs: std::env"]);
    assert!(forbidden(&sample("tower/host.rs", "use std::time::SystemTime;")).is_empty());
    assert!(forbidden(&sample("wasm/guard.rs", "use wasm_bindgen::JsValue;")).is_empty());
    assert!(forbidden(&sample("guard.rs", "fn f(a: &'static str) {}")).is_empty());
}

/// 511 is the last that is registered (RFC 9110 §16.2.1); 512 is a hash and 521 a curve.
const STATUS_CODES: std::ops::RangeInclusive<u64> = 400..=511;

/// Status codes of refusals as numbers or by name (204 answers a preflight), and the challenge's header.
fn statuses(sources: &[Source], allowed: &str) -> Vec<String> {
    const NAMED: &str = "StatusCode::";
    let mut breaches = Vec::new();
    for source in sources.iter().filter(|source| source.path != allowed) {
        let is_named = |place: &usize| {
            let name = source.code.get(place + NAMED.len()..);
            name.is_some_and(|name| {
                name.starts_with(|first: char| first.is_ascii_uppercase()) && !name.starts_with("NO_CONTENT")
            })
        };
        let lower = source.code.to_ascii_lowercase().replace('_', "-");
        let mut places: Vec<usize> =
            numbers(&source.code).filter(|(_, number)| STATUS_CODES.contains(number)).map(|(place, _)| place).collect();
        places.extend(find(&source.code, NAMED).filter(is_named));
        places.extend(lower.match_indices("www-authenticate").map(|(place, _)| place));
        places.sort_unstable();
        for place in places {
            let line = source.line_text(place);
            if !NO_STATUS.iter().any(|(path, piece)| source.path == *path && line.contains(piece)) {
                breaches.push(breach(source, place, line.trim()));
            }
        }
    }
    breaches
}

/// Whole numbers and their places, without their types.
fn numbers(code: &str) -> impl Iterator<Item = (usize, u64)> {
    let is_word = |character: char| character.is_alphanumeric() || character == '_';
    code.match_indices(|character: char| character.is_ascii_digit()).filter_map(move |(place, _)| {
        let (before, from) = code.split_at_checked(place)?;
        // Not inside a word, and no fraction.
        let is_fraction =
            before.strip_suffix('.').is_some_and(|whole| whole.ends_with(|one: char| one.is_ascii_digit()));
        if before.ends_with(is_word) || is_fraction {
            return None;
        }
        let word = from.split(|character| !is_word(character)).next()?.replace('_', "");
        let digits = word.split(|character: char| !character.is_ascii_digit()).next()?;
        Some((place, digits.parse().ok()?))
    })
}

#[test]
fn status_codes_and_challenges_stand_in_the_table_alone() {
    holds(&statuses(&core(), "rejection.rs"));
    let scripts = Source::all("www/src", "ts", Language::TypeScript);
    assert!(!scripts.is_empty(), "the TypeScript is there");
    holds(&statuses(&scripts, ""));
    for (path, piece) in NO_STATUS {
        let there = core().iter().any(|source| source.path == *path && source.text.contains(piece));
        assert!(there, "{path} no longer has {piece}: take it off the list");
    }
}

#[test]
fn a_status_code_is_found_wherever_it_stands() {
    let breaks = [
        "if x { 401 }",
        "\"403 Forbidden\"",
        "StatusCode::NOT_FOUND",
        "\"WWW-Authenticate\"",
        "header::WWW_AUTHENTICATE",
        "4_04_u16",
        "0..=511",
    ];
    for line in breaks {
        assert_eq!(statuses(&sample("tower.rs", line), "rejection.rs"), [format!("tower.rs:1: {line}")]);
    }
    let fine = "// 401\nlet a = 4010; let b = \"P-5210\"; let c = Sha512; let d = 1.403; StatusCode::from_u16(s); 200; StatusCode::NO_CONTENT";
    assert!(statuses(&sample("tower.rs", fine), "rejection.rs").is_empty());
    assert!(statuses(&sample("rejection.rs", "401"), "rejection.rs").is_empty());
    let script = Source::new("guard.ts", "/* 401 */ new Response(null, { status: 403 }); // 404", Language::TypeScript);
    assert_eq!(statuses(&[script], "").len(), 1);
}

/// Words of [`DECIDES`] in an adapter.
fn decisions(sources: &[Source]) -> Vec<String> {
    let adapters = sources.iter().filter(|source| matches!(room(&source.path), "tower" | "wasm"));
    let words = |source: &Source| -> Vec<String> {
        let paths = source.paths();
        DECIDES
            .iter()
            .filter(|word| find(&paths, word).next().is_some())
            .map(|word| format!("{}: {word}", source.path))
            .collect()
    };
    adapters.flat_map(words).collect()
}

#[test]
fn an_adapter_decides_nothing() {
    holds(&decisions(&core()));
    for word in DECIDES {
        let text = format!("fn f() {{ let a = b{word}(c); let d = {word} e }}; }}");
        assert!(!decisions(&sample("tower.rs", &text)).is_empty(), "{word}");
        assert!(!decisions(&sample("wasm/guard.rs", &text)).is_empty(), "{word}");
        assert!(decisions(&sample("guard.rs", &text)).is_empty(), "{word}");
    }
    assert_eq!(decisions(&sample("tower.rs", "use crate::authz::decision::{Decision, Effect};")), ["tower.rs: Effect"]);
}

/// Files with too many lines, or with other than the list says.
fn long(sources: &[Source], known: &[(&str, usize)]) -> Vec<String> {
    let mut breaches = Vec::new();
    for source in sources {
        let lines = source.text.lines().count();
        match known.iter().find(|(path, _)| *path == source.path) {
            None if lines > MOST_LINES => breaches.push(format!("{} has {lines} lines", source.path)),
            Some((path, listed)) if lines > *listed => breaches.push(format!("{path} has {lines} lines, not {listed}")),
            Some((path, listed)) if lines < *listed => {
                breaches.push(format!("{path} has {lines} lines: say so in the list"))
            }
            _ => {}
        }
    }
    breaches
}

#[test]
fn no_file_is_two() {
    holds(&long(&core(), LONG));
    let of = |lines: usize, known: &[(&str, usize)]| long(&sample("json.rs", &"\n".repeat(lines)), known).len();
    assert_eq!([of(400, &[]), of(401, &[]), of(401, &[("json.rs", 401)])], [0, 1, 0]);
    assert_eq!([of(402, &[("json.rs", 401)]), of(399, &[("json.rs", 401)])], [1, 1]);
}

/// `tests/wasm.rs` cannot list the folder, so it names each suite.
#[test]
fn every_suite_of_vectors_runs_in_wasm_too() {
    let runner = std::fs::read_to_string("tests/wasm.rs").expect("the runner");
    let listed = runner.split("suites!(").nth(1).and_then(|rest| rest.split(')').next()).expect("the list");
    let listed: BTreeSet<&str> = listed.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    let files = std::fs::read_dir("tests/vectors").expect("the vectors").filter_map(Result::ok);
    let names = files.filter_map(|file| file.file_name().into_string().ok());
    let suites: BTreeSet<String> = names.filter_map(|name| name.strip_suffix(".json").map(str::to_owned)).collect();
    assert_eq!(listed, suites.iter().map(String::as_str).collect());
}

/// The door of the conformance suites is there where it is asked for by name, and in nothing that is published.
#[test]
fn the_door_of_the_conformance_suites_is_shut() {
    let read = |path: &str| std::fs::read_to_string(path).expect(path);
    let manifest = read("Cargo.toml");
    let features = manifest.split("[features]").nth(1).and_then(|rest| rest.split("\n[").next()).expect("the features");
    let naming: Vec<&str> = features.lines().filter(|line| line.contains("conformance")).collect();
    assert_eq!(naming, ["# The door of the conformance suites; not for use.", "conformance = []"]);
    assert!(!read("scripts/build-wasm.sh").contains("conformance"), "guard.wasm and full.wasm are built without it");
    assert!(read("tests/conformance/build.sh").contains("conformance"), "and its own wasm with it");
}
