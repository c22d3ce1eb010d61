//! Loading.

use super::{MEGABYTE, load, policy, print, word};

/// Loads the condition or not, within the bounds; the word of the error, or nothing.
fn tried(when: &str) -> String {
    let policy = policy(when);
    let (found, spent) = load(&policy);
    let shown: String = when.chars().take(60).collect();
    let found = found.err().map(|error| {
        assert_eq!((error.code(), error.path.as_str()), ("condition", "rules[0].when"), "{shown}: {error}");
        word(&error)
    });
    let found = found.unwrap_or_default();
    print(&format!("{:>6} bytes {found:<16} {shown:?}", when.len()), spent);
    // The text of a document is read once more where it has escapes, and grows by doubling.
    assert!(spent.bytes <= 3 * policy.len() + MEGABYTE, "{shown}: {spent:?}");
    found
}

fn nested(open: &str, inner: &str, close: &str, count: usize) -> String {
    format!("{}{inner}{}", open.repeat(count), close.repeat(count))
}

#[test]
fn nesting_ends_at_its_depth_whatever_it_is_made_of() {
    let nestings: &[(&str, &str, &str)] = &[
        ("(", "true", ")"),
        ("!", "true", ""),
        ("!(", "true", ")"),
        ("true ? true : ", "true", ""),
        ("true ? ", "true", " : true"),
        ("(true ? ", "true", " : true)"),
        ("true == (", "true", ")"),
        ("true && (", "true", ")"),
        ("true || (", "true", ")"),
        ("[1].all(x, ", "true", ")"),
        ("size([", "1", "]) == 1"),
        ("[", "1", "]"),
        ("-", "1", " == 1"),
        ("-(", "1", ")"),
        ("1 + (", "1", ")"),
        ("'a'.contains(", "'a'", ")"),
        ("context.l[", "0", "]"),
        ("f(", "true", ")"),
    ];
    for (open, inner, close) in nestings {
        for count in [33, 100, 400, 100_000] {
            let found = tried(&nested(open, inner, close, count));
            let is_long = nested(open, inner, close, count).len() > 2_048;
            let expected: &[&str] = if is_long { &["too_long"] } else { &["too_deep", "syntax", "unknown_function"] };
            assert!(expected.contains(&found.as_str()), "{open}: {found}");
        }
    }
}

#[test]
fn a_chain_is_flat_and_ends_at_its_nodes() {
    for (operator, operand, rest) in [
        ("&&", "true", ""),
        ("||", "true", ""),
        ("+", "1", "==1"),
        ("-", "1", "==1"),
        ("*", "1", "==1"),
        ("/", "1", "==1"),
        ("%", "1", "==1"),
        ("==", "true", ""),
        ("<", "true", ""),
        ("+", "''", "==''"),
    ] {
        for count in [100, 300, 400, 700] {
            let chain = format!("{}{rest}", vec![operand; count].join(operator));
            let found = tried(&chain);
            if chain.len() > 2_048 {
                assert_eq!(found, "too_long", "{chain}");
            } else if count > 300 {
                assert_eq!(found, "too_many_nodes", "{chain}");
            }
        }
    }
    for (piece, first) in
        [(".size()", "''"), ("[0]", "context.l"), (".a", "context"), (".filter(x, true)", "context.l")]
    {
        for count in [30, 100, 500] {
            tried(&format!("{first}{}", piece.repeat(count)));
        }
    }
    tried(&format!("[{}] == [1]", vec!["1"; 1_000].join(",")));
    tried(&format!("context.a.matches({})", vec!["'a'"; 400].join(",")));
}

#[test]
fn two_kibibytes_of_one_sign_are_refused() {
    for sign in [
        "!",
        "-",
        "+",
        "*",
        "/",
        "%",
        "&&",
        "||",
        "&",
        "|",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "?",
        ":",
        "?:",
        "<",
        "<=",
        ">",
        "==",
        "!=",
        "=",
        ".",
        ",",
        ";",
        "'",
        "\"",
        "\\",
        "`",
        "@",
        "#",
        "in ",
        "has(",
        "0",
        "9",
        "0x",
        "1.",
        "1e",
        "a",
        "_",
        "r'",
        "R\"",
        "'\\",
        "'''",
        "\"\"\"",
        "//",
        "\n",
        "\t",
        " ",
        "\0",
        "é",
        "\u{feff}",
        "\u{10ffff}",
        "null",
        "true",
        "true ",
        "x.",
        "x(",
        "x[",
        "context.",
        "context[",
        "1 ? ",
        "? 1 : ",
        "timestamp(",
        "b'",
        "1u",
        "dyn(",
        "[[",
        "[]",
        "()",
        "{}",
        ")(",
        "][",
    ] {
        for size in [2_048, 2_049, 200_000] {
            let text: String = sign
                .repeat(size / sign.len() + 1)
                .chars()
                .take_while({
                    let mut left = size;
                    move |character| {
                        let fits = character.len_utf8() <= left;
                        left = left.saturating_sub(character.len_utf8());
                        fits
                    }
                })
                .collect();
            assert_ne!(tried(&text), "", "{sign}");
        }
    }
}

#[test]
fn a_motif_repeated_is_refused_or_loads() {
    const PIECES: &[&str] = &[
        "true",
        "false",
        "1",
        "'a'",
        "context.a",
        "context.l",
        "(",
        ")",
        "[",
        "]",
        "!",
        "-",
        "&&",
        "||",
        "==",
        "<",
        "in",
        "+",
        "?",
        ":",
        ",",
        ".size()",
        ".all(x,",
        ".map(y,",
        "x",
        "has(",
        ".",
        "matches(",
        "\"",
        " ",
        "//",
        "\n",
        "now",
    ];
    let mut state = 1_usize;
    for round in 0..400 {
        let mut motif = String::new();
        while motif.len() < 125 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            motif.push_str(PIECES.get((state >> 33) % PIECES.len()).expect("a piece"));
        }
        let motif: String = motif.chars().take(125).collect();
        for count in [1, 16, 17, 10_000].into_iter().take(if round < 10 { 4 } else { 3 }) {
            tried(&motif.repeat(count));
        }
    }
}

/// What is constant is worked out when the policy loads.
#[test]
fn a_constant_that_grows_is_refused() {
    let doubled = |first: &str, count: usize| format!("{first}{}", ".map(x, x + x)".repeat(count));
    for condition in [
        format!("{} == ['']", doubled("['aaaaaaaa']", 28)),
        format!("{} == [0]", doubled("[1]", 31)),
        format!("{} == [duration('1s')]", doubled("[duration('2000000h')]", 30)),
        format!("{} == [1.0]", doubled("[1e300]", 30)),
    ] {
        let found = tried(&condition);
        assert!(["", "value"].contains(&found.as_str()), "{condition}: {found}");
    }
    let list = format!("[{}]", vec!["1"; 60].join(","));
    let macros = format!("{list}.all(a, {list}.all(b, {list}.all(c, {list}.all(d, a + b + c + d == 4))))");
    tried(&macros);
    let squared = format!("{list}.map(a, {list}.map(b, {list}.map(c, {list}))) == []");
    tried(&squared);
    let text = "a".repeat(1_900);
    tried(&format!("'{text}'.contains('{}b')", "a".repeat(100)));
    tried(&format!("['{text}'].map(a, a+a+a+a+a+a+a+a).map(a, a+a+a+a).exists(a, a.matches('(a*)*b'))"));
}

#[test]
fn a_pattern_that_grows_is_refused() {
    let with = |pattern: &str| tried(&format!("context.a.matches(r'{pattern}')"));
    for pattern in [
        "a{100}{100}",
        "(a{100}){100}",
        "(((a{100}){100}){100}){100}",
        "(((((((((a{2}){2}){2}){2}){2}){2}){2}){2}){2}){2}",
        "a{1000}",
        "a{100}a{100}a{100}a{100}a{100}a{100}",
        "a{0,100}a{0,100}a{0,100}a{0,100}a{0,100}",
        "(a?){100}(a?){100}(a?){100}(a?){100}(a?){100}(a?){100}",
        "(?=a)",
        "(?<n>a)",
        r"(a)\1",
        r"\pL",
        "a**",
        "[z-a]",
        "[",
        "(",
        "a{99999999999999999999}",
        "a{2,1}",
        r"\x{110000}",
        r"\x{d800}",
        r"\x{fffffffffffffffff}",
    ] {
        assert_eq!(with(pattern), "pattern", "{pattern}");
    }
    for (open, close) in [("(", ")"), ("(?:", ")"), ("[", "]"), ("(a|", ")"), ("(", ")*"), ("(a", "){2}"), ("[^", "]")]
    {
        for count in [10, 100, 250, 900] {
            with(&nested(open, "a", close, count));
        }
    }
    for piece in
        ["a|", "a*", "(a*)*", ".*", "[a-z]", r"\w+", "(a|b)", "^", "$", r"\b", "()", "|", "(a+)+", "a{0}", "(){100}"]
    {
        for count in [50, 200, 500] {
            with(&piece.repeat(count));
        }
    }
}
