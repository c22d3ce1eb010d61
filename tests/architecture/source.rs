//! A source file, read as text: what is code in it, and what comment, string or test.

use std::fs;
use std::path::Path;

/// A file.
pub(crate) struct Source {
    /// Its way from the folder that was read, with slashes.
    pub(crate) path: String,
    pub(crate) text: String,
    /// Without comments and test modules; each of their characters is a space, so that places stay.
    pub(crate) code: String,
    /// The code with its strings emptied, too.
    pub(crate) bare: String,
}

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Language {
    Rust,
    TypeScript,
}

impl Source {
    pub(crate) fn new(path: &str, text: &str, language: Language) -> Self {
        let mut stripped = Stripped { code: text.as_bytes().to_vec(), bare: text.as_bytes().to_vec() };
        stripped.strip(text.as_bytes(), language);
        let mut source = Self {
            path: path.to_owned(),
            text: text.to_owned(),
            code: String::from_utf8(stripped.code).expect("only whole characters are blanked"),
            bare: String::from_utf8(stripped.bare).expect("only whole characters are blanked"),
        };
        if language == Language::Rust {
            source.blank_test_modules();
        }
        source
    }

    /// The files of a folder with that ending, in order.
    pub(crate) fn all(folder: &str, ending: &str, language: Language) -> Vec<Self> {
        let mut files = Vec::new();
        collect(Path::new(folder), ending, &mut files);
        files.sort();
        let read = |path: &String| {
            let text = fs::read_to_string(path).expect("a readable file");
            let own = path.strip_prefix(folder).and_then(|path| path.strip_prefix('/')).unwrap_or(path);
            Self::new(own, &text, language)
        };
        files.iter().map(read).collect()
    }

    /// The line of a place, counted from 1.
    pub(crate) fn line(&self, place: usize) -> usize {
        self.text.bytes().take(place).filter(|byte| *byte == b'\n').count() + 1
    }

    /// The text of the line of a place.
    pub(crate) fn line_text(&self, place: usize) -> &str {
        self.text.lines().nth(self.line(place) - 1).unwrap_or("")
    }

    /// The bare code with each `use` of a group written out: `use a::{b, c};` as `a::b a::c`.
    pub(crate) fn paths(&self) -> String {
        let mut out = String::new();
        let mut rest = self.bare.as_str();
        while let Some(place) = find(rest, "use ").next() {
            let (before, from) = rest.split_at(place);
            let Some((tree, after)) = from.strip_prefix("use ").and_then(|from| from.split_once(';')) else { break };
            out.push_str(before);
            expand("", tree, &mut out);
            rest = after;
        }
        out.push_str(rest);
        out
    }

    /// Blanks each item behind `#[cfg(test)]`.
    fn blank_test_modules(&mut self) {
        const MARK: &str = "#[cfg(test)]";
        while let Some(start) = self.bare.find(MARK) {
            let body = self.bare.get(start..).unwrap_or("");
            let open = body.find(['{', ';']).unwrap_or(body.len());
            let mut depth = 0_usize;
            let end = body.bytes().enumerate().skip(open).find_map(|(place, byte)| {
                match byte {
                    b'{' => depth += 1,
                    b'}' => depth = depth.saturating_sub(1),
                    _ => {}
                }
                (depth == 0).then_some(place + 1)
            });
            let range = start..start + end.unwrap_or(body.len());
            for text in [&mut self.code, &mut self.bare] {
                let mut bytes = std::mem::take(text).into_bytes();
                blank(&mut bytes, range.clone());
                *text = String::from_utf8(bytes).expect("only whole characters are blanked");
            }
        }
    }
}

fn collect(folder: &Path, ending: &str, files: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, ending, files);
        } else if path.extension().is_some_and(|own| own == ending) {
            files.push(path.to_string_lossy().replace('\\', "/"));
        }
    }
}

/// Where a word or a piece of code stands: not as a part of a longer word, and no lifetime.
pub(crate) fn find<'a>(text: &'a str, piece: &'a str) -> impl Iterator<Item = usize> + 'a {
    let is_word = |character: char| character.is_alphanumeric() || character == '_';
    text.match_indices(piece).map(|(place, _)| place).filter(move |place| {
        let before = text.get(..*place).and_then(|text| text.chars().next_back());
        let after = text.get(place + piece.len()..).and_then(|text| text.chars().next());
        let joined_before = before.is_some_and(|one| is_word(one) || one == '\'') && piece.starts_with(is_word);
        let joined_after = after.is_some_and(is_word) && piece.ends_with(is_word);
        !joined_before && !joined_after
    })
}

/// Writes out a tree of `use`: every path in full, with a space before and behind it.
fn expand(prefix: &str, tree: &str, out: &mut String) {
    let Some((head, group)) = tree.split_once('{') else {
        let path = tree.split(" as ").next().unwrap_or("").trim();
        out.push_str(&format!(" {prefix}{path} "));
        return;
    };
    let inner = group.rsplit_once('}').map_or(group, |(inner, _)| inner);
    let prefix = format!("{prefix}{}", head.trim());
    let mut depth = 0_usize;
    let mut start = 0;
    for (place, byte) in inner.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => {
                expand(&prefix, inner.get(start..place).unwrap_or(""), out);
                start = place + 1;
            }
            _ => {}
        }
    }
    expand(&prefix, inner.get(start..).unwrap_or(""), out);
}

struct Stripped {
    code: Vec<u8>,
    bare: Vec<u8>,
}

impl Stripped {
    fn strip(&mut self, text: &[u8], language: Language) {
        let mut at = 0;
        while let Some(byte) = text.get(at).copied() {
            let rest = text.get(at..).unwrap_or(&[]);
            let (length, kind) = match byte {
                b'/' if rest.starts_with(b"//") => (until(rest, b"\n", 2), Kind::Comment),
                b'/' if rest.starts_with(b"/*") => (block_comment(rest, language), Kind::Comment),
                b'/' if language == Language::TypeScript && starts_regex(text, at) => {
                    (quoted(rest, b'/'), Kind::String)
                }
                b'"' => (quoted(rest, b'"'), Kind::String),
                b'\'' | b'`' if language == Language::TypeScript => (quoted(rest, byte), Kind::String),
                b'\'' => character(rest).map_or((1, Kind::Code), |length| (length, Kind::String)),
                b'r' if language == Language::Rust && !is_inside_word(text, at) => {
                    raw_string(rest).map_or((1, Kind::Code), |length| (length, Kind::String))
                }
                _ => (1, Kind::Code),
            };
            let end = (at + length).min(text.len());
            match kind {
                Kind::Code => {}
                Kind::Comment => {
                    blank(&mut self.code, at..end);
                    blank(&mut self.bare, at..end);
                }
                Kind::String => blank(&mut self.bare, at + 1..end - 1),
            }
            at = end;
        }
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Code,
    Comment,
    String,
}

fn blank(bytes: &mut [u8], range: std::ops::Range<usize>) {
    for byte in bytes.get_mut(range).unwrap_or(&mut []) {
        if *byte != b'\n' {
            *byte = b' ';
        }
    }
}

fn until(rest: &[u8], end: &[u8], skipped: usize) -> usize {
    let found = rest.windows(end.len()).skip(skipped).position(|window| window == end);
    found.map_or(rest.len(), |place| place + skipped)
}

/// Rust's block comments nest, TypeScript's do not.
fn block_comment(rest: &[u8], language: Language) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < rest.len() {
        let here = rest.get(at..).unwrap_or(&[]);
        if here.starts_with(b"/*") && (depth == 0 || language == Language::Rust) {
            depth += 1;
            at += 2;
        } else if here.starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    rest.len()
}

/// From a quote to its like, past escapes.
fn quoted(rest: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while let Some(byte) = rest.get(at) {
        match *byte {
            b'\\' => at += 2,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// A character literal; a lifetime is none.
fn character(rest: &[u8]) -> Option<usize> {
    match rest.get(1)? {
        b'\\' => Some(quoted(rest, b'\'')),
        _ => (2..6).find(|place| rest.get(*place) == Some(&b'\'')).map(|place| place + 1).filter(|length| {
            let inner = rest.get(1..length - 1).unwrap_or(&[]);
            std::str::from_utf8(inner).is_ok_and(|inner| inner.chars().count() == 1)
        }),
    }
}

fn raw_string(rest: &[u8]) -> Option<usize> {
    let hashes = rest.iter().skip(1).take_while(|byte| **byte == b'#').count();
    if rest.get(1 + hashes) != Some(&b'"') {
        return None;
    }
    let end = [b"\"".as_slice(), &vec![b'#'; hashes]].concat();
    Some(until(rest, &end, 2 + hashes) + end.len())
}

fn is_inside_word(text: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| text.get(before));
    before.is_some_and(|byte| byte.is_ascii_alphanumeric() && *byte != b'b' || *byte == b'_')
}

/// Whether a slash begins a regular expression: where a value may begin.
fn starts_regex(text: &[u8], at: usize) -> bool {
    let before = text.get(..at).unwrap_or(&[]).trim_ascii_end();
    before.last().is_none_or(|byte| b"(,=:[!&|?{};".contains(byte)) || before.ends_with(b"return")
}

#[test]
fn comments_strings_and_tests_are_told_from_code() {
    let text = "let a = \"x // y\"; // z\nlet b = r#\"q\"w\"#; /* /* n */ m */ let c = '\"'; fn f<'a>() {}\n\
                #[cfg(test)]\nmod tests { fn t() { let d = '{'; } }\nlet e = b\"é\";\n";
    let source = Source::new("a.rs", text, Language::Rust);
    let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(squeezed(&source.bare), "let a = \" \"; let b = r #; let c = ' '; fn f<'a>() {} let e = b\" \";");
    assert!(source.code.contains("x // y") && source.code.contains("q\"w") && !source.code.contains('z'));
    assert_eq!((source.line(text.find("let e").expect("e")), source.code.len()), (5, text.len()));
}

#[test]
fn typescript_has_other_strings() {
    let text = "const a = `b // ${c}`; const d = /['\"`]/; // e\nconst f = g / 2; const h = 'i';";
    let source = Source::new("a.ts", text, Language::TypeScript);
    assert!(
        source.code.contains("b // ${c}") && source.code.contains("const f = g / 2;") && !source.code.contains("// e")
    );
    assert!(!source.bare.contains('b') && !source.bare.contains("'i'") && source.bare.contains("const h"));
}

#[test]
fn groups_of_imports_are_written_out() {
    let source =
        Source::new("a.rs", "use std::{env, io::{self, Read as R}};\nfn f() { std::fs::read(); }", Language::Rust);
    let paths = source.paths();
    let found: Vec<&str> = paths.split_whitespace().collect();
    assert_eq!(found, ["std::env", "std::io::self", "std::io::Read", "fn", "f()", "{", "std::fs::read();", "}"]);
}
