//! Routes: a path becomes segments once, and the most specific pattern wins.
//!
//! 1. The path is read into segments, or refused; see [`Path::parse`].
//! 2. Patterns that match path and method compete segment by segment from the left: a literal before `{name}`
//!    before `**`. The order in which they were declared plays no part. A literal that matches only after an escape
//!    of an ASCII character was decoded refuses the path: a handler that compares what came would go elsewhere.
//! 3. Behind the path the method: one's own before `*`.

use crate::grammar::Class;
use std::borrow::Cow;

/// Bytes of a path.
const MAX_PATH_BYTES: usize = 8 << 10;
/// Segments of a path.
const MAX_SEGMENTS: usize = 64;

/// A path that two readers cannot understand differently.
#[derive(Debug)]
pub(crate) struct Path<'a> {
    segments: Vec<Part<'a>>,
}

/// A segment of a path.
#[derive(Debug)]
struct Part<'a> {
    /// Decoded.
    text: Cow<'a, str>,
    /// An ASCII character stood there as an escape.
    is_ascii_escaped: bool,
}

impl<'a> Path<'a> {
    /// 1. `/` and visible ASCII only, no backslash, at most 8 KiB and 64 segments.
    /// 2. One trailing slash is dropped; no other segment is empty.
    /// 3. Percent escapes are well-formed, stand for UTF-8, and for no slash, backslash or control character.
    ///    They are decoded once.
    /// 4. No segment is `.` or `..`, escaped or not: whoever resolves them would see another path.
    pub(crate) fn parse(raw: &'a str) -> Option<Self> {
        let inner = raw.strip_prefix('/').filter(|_| raw.len() <= MAX_PATH_BYTES)?;
        if !Class::PATH.holds(raw) {
            return None;
        }
        let inner = inner.strip_suffix('/').unwrap_or(inner);
        if inner.is_empty() {
            return if raw == "/" { Some(Self { segments: Vec::new() }) } else { None };
        }
        let mut segments = Vec::new();
        for raw in inner.split('/') {
            if segments.len() >= MAX_SEGMENTS {
                return None;
            }
            segments.push(segment(raw)?);
        }
        Some(Self { segments })
    }

    /// The segment at that place, counted from 0.
    pub(crate) fn segment(&self, index: usize) -> Option<&str> {
        self.segments.get(index).map(|part| part.text.as_ref())
    }
}

fn segment(raw: &str) -> Option<Part<'_>> {
    let (text, is_ascii_escaped) = if raw.contains('%') {
        let (text, is_ascii_escaped) = percent_decode(raw)?;
        (Cow::Owned(text), is_ascii_escaped)
    } else {
        (Cow::Borrowed(raw), false)
    };
    let is_plain = !text.is_empty()
        && !matches!(text.as_ref(), "." | "..")
        && !text.chars().any(|character| matches!(character, '/' | '\\') || character.is_control());
    is_plain.then_some(Part { text, is_ascii_escaped })
}

/// RFC 3986 §2.1; and whether an ASCII character was escaped.
fn percent_decode(raw: &str) -> Option<(String, bool)> {
    let mut bytes = Vec::with_capacity(raw.len());
    let mut is_ascii_escaped = false;
    let mut rest = raw.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || rest.next().and_then(|byte| char::from(byte).to_digit(16));
        let value = u8::try_from(digit()? * 16 + digit()?).ok()?;
        is_ascii_escaped |= value.is_ascii();
        bytes.push(value);
    }
    Some((String::from_utf8(bytes).ok()?, is_ascii_escaped))
}

/// That a path could be another route to a handler that decodes less, or more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ambiguous;

/// The pattern of a route: a method, or every one, and a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern {
    /// `None` for `*`.
    pub(crate) method: Option<String>,
    pub(crate) segments: Vec<Segment>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Segment {
    Literal(String),
    Parameter(String),
    /// `**`: one segment or more, at the end.
    Rest,
}

impl Pattern {
    /// `GET /articles/{id}`; `None` for what is no pattern.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (method, path) = text.split_once(' ')?;
        let method = match method {
            "*" => None,
            // HEAD counts as GET, so a route of its own would never be asked.
            "HEAD" | "" => return None,
            name if Class::METHOD.holds(name) => Some(name.to_owned()),
            _ => return None,
        };
        let path = path.strip_prefix('/')?;
        if path.is_empty() {
            return Some(Self { method, segments: Vec::new() });
        }
        let mut segments = Vec::new();
        for segment in path.split('/') {
            segments.push(Segment::parse(segment)?);
        }
        let rest_inside = segments.iter().rev().skip(1).any(|segment| *segment == Segment::Rest);
        if segments.len() > MAX_SEGMENTS || rest_inside {
            return None;
        }
        let is_repeated = |(index, segment): (usize, &Segment)| {
            matches!(segment, Segment::Parameter(_)) && segments.iter().take(index).any(|earlier| earlier == segment)
        };
        if segments.iter().enumerate().any(is_repeated) {
            return None;
        }
        Some(Self { method, segments })
    }

    /// Where the parameter of that name stands.
    pub(crate) fn parameter(&self, name: &str) -> Option<usize> {
        self.segments.iter().position(|segment| matches!(segment, Segment::Parameter(own) if own == name))
    }
}

impl Segment {
    fn parse(text: &str) -> Option<Self> {
        if text == "**" {
            return Some(Self::Rest);
        }
        if let Some(name) = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')) {
            let is_name = !name.is_empty() && Class::WORD.holds(name);
            return is_name.then(|| Self::Parameter(name.to_owned()));
        }
        let is_reserved = |character: char| {
            matches!(character, '{' | '}' | '*' | '%' | '?' | '#' | '\\') || character.is_control() || character == ' '
        };
        let is_literal = !text.is_empty() && !matches!(text, "." | "..") && !text.contains(is_reserved);
        is_literal.then(|| Self::Literal(text.to_owned()))
    }
}

/// Patterns in a tree of segments; a leaf holds the number of the route for each method.
#[derive(Debug, Default)]
pub(crate) struct RouteTree {
    root: Node,
}

#[derive(Debug, Default)]
struct Node {
    /// Sorted by the literal.
    literals: Vec<(String, Node)>,
    parameter: Option<Box<Node>>,
    here: Methods,
    rest: Methods,
}

/// The routes of one path by method, and the one for every method.
#[derive(Debug, Default)]
struct Methods {
    own: Vec<(String, usize)>,
    every: Option<usize>,
}

impl RouteTree {
    /// Adds a route; `false` where one that matches the same requests is there.
    pub(crate) fn insert(&mut self, pattern: &Pattern, route: usize) -> bool {
        let mut node = &mut self.root;
        for segment in &pattern.segments {
            node = match segment {
                Segment::Rest => return node.rest.insert(pattern.method.as_deref(), route),
                Segment::Parameter(_) => node.parameter.get_or_insert_default(),
                Segment::Literal(text) => {
                    let index = match node.literals.binary_search_by(|(own, _)| own.cmp(text)) {
                        Ok(index) => index,
                        Err(index) => {
                            node.literals.insert(index, (text.clone(), Node::default()));
                            index
                        }
                    };
                    match node.literals.get_mut(index) {
                        Some((_, child)) => child,
                        None => return false,
                    }
                }
            };
        }
        node.here.insert(pattern.method.as_deref(), route)
    }

    /// The route for a request. HEAD counts as GET (RFC 9110 §9.3.2). Methods are upper case here: what others make
    /// of a lower-case one is their guess.
    pub(crate) fn find(&self, method: &str, path: &Path<'_>) -> Result<Option<usize>, Ambiguous> {
        if method.bytes().any(|byte| byte.is_ascii_lowercase()) {
            return Ok(None);
        }
        let method = if method == "HEAD" { "GET" } else { method };
        self.root.find(method, &path.segments)
    }
}

impl Node {
    fn find(&self, method: &str, path: &[Part<'_>]) -> Result<Option<usize>, Ambiguous> {
        let Some((first, others)) = path.split_first() else { return Ok(self.here.find(method)) };
        let literal = self.literals.binary_search_by(|(own, _)| own.as_str().cmp(&first.text)).ok();
        if let Some((_, child)) = literal.and_then(|index| self.literals.get(index)) {
            if first.is_ascii_escaped {
                return Err(Ambiguous);
            }
            if let Some(route) = child.find(method, others)? {
                return Ok(Some(route));
            }
        }
        if let Some(child) = &self.parameter
            && let Some(route) = child.find(method, others)?
        {
            return Ok(Some(route));
        }
        Ok(self.rest.find(method))
    }
}

impl Methods {
    fn insert(&mut self, method: Option<&str>, route: usize) -> bool {
        match method {
            None if self.every.is_some() => false,
            None => {
                self.every = Some(route);
                true
            }
            Some(method) if self.own.iter().any(|(own, _)| own == method) => false,
            Some(method) => {
                self.own.push((method.to_owned(), route));
                true
            }
        }
    }

    fn find(&self, method: &str) -> Option<usize> {
        self.own.iter().find(|(own, _)| own == method).map(|(_, route)| *route).or(self.every)
    }
}
