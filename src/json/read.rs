//! The reader: one pass, recursive to a fixed depth.

use core::fmt;

use super::members::{Member, Print, Slot, Text};
use super::{Decimal, Json, Object};
use crate::digits;
use crate::sorted;

/// What one JSON text may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the text.
    pub max_bytes: usize,
    /// Objects and lists that stand in one another.
    pub max_depth: usize,
}

impl Limits {
    /// For documents: 4 MiB, 32 deep.
    pub const DOCUMENT: Self = Self { max_bytes: 4 << 20, max_depth: 32 };
    /// For a token's header and claims: 16 KiB, 32 deep.
    pub const TOKEN: Self = Self { max_bytes: 16 << 10, max_depth: 32 };
    /// For a fetched key set: 64 KiB, 32 deep.
    pub const KEY_SET: Self = Self { max_bytes: 64 << 10, max_depth: 32 };
}

/// Why a text is not strict JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum JsonError {
    /// More bytes than [`Limits::max_bytes`].
    TooLarge,
    /// Deeper than [`Limits::max_depth`].
    TooDeep {
        /// Where the container begins that is one too deep.
        at: usize,
    },
    /// Not UTF-8 (RFC 8259 §8.1).
    NotUtf8 {
        /// The first byte that is wrong.
        at: usize,
    },
    /// A member stands twice in one object (RFC 7493 §2.3).
    DuplicateMember {
        /// Where the object ends.
        at: usize,
    },
    /// An escape that is half of a surrogate pair (RFC 7493 §2.1).
    LoneSurrogate {
        /// Where the escape stands.
        at: usize,
    },
    /// A number whose magnitude no double holds (RFC 7493 §2.2).
    NumberTooLarge {
        /// Where the number begins.
        at: usize,
    },
    /// Something after the value.
    Trailing {
        /// Where it begins.
        at: usize,
    },
    /// Not the grammar of RFC 8259.
    Syntax {
        /// The byte that does not fit, or the end of the text.
        at: usize,
    },
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, at) = match self {
            Self::TooLarge => return f.write_str("the text is too large"),
            Self::TooDeep { at } => ("too deep", at),
            Self::NotUtf8 { at } => ("not UTF-8", at),
            Self::DuplicateMember { at } => ("a member stands twice in the object that ends", at),
            Self::LoneSurrogate { at } => ("a lone surrogate", at),
            Self::NumberTooLarge { at } => ("a number that no double holds", at),
            Self::Trailing { at } => ("something after the value", at),
            Self::Syntax { at } => ("not JSON", at),
        };
        f.write_str(what)?;
        f.write_str(" at byte ")?;
        f.write_str(&digits::of(*at))
    }
}

impl std::error::Error for JsonError {}

/// Reads one JSON text.
pub(super) fn read(text: &[u8], limits: Limits) -> Result<Json, JsonError> {
    if text.len() > limits.max_bytes {
        return Err(JsonError::TooLarge);
    }
    let text = core::str::from_utf8(text).map_err(|error| JsonError::NotUtf8 { at: error.valid_up_to() })?;
    let mut reader = Reader { text, at: 0, depth_left: limits.max_depth, fault: None };
    reader.skip_space();
    let value = reader.value().filter(|_| reader.ends());
    value.ok_or(reader.fault.unwrap_or(JsonError::Syntax { at: reader.at }))
}

/// Reads one object, within [`Limits::TOKEN`], without a copy of its texts.
pub(super) fn read_members(text: &str) -> Option<Vec<Member>> {
    let Limits { max_bytes, max_depth } = Limits::TOKEN;
    if text.len() > max_bytes {
        return None;
    }
    let mut reader = Reader { text, at: 0, depth_left: max_depth - 1, fault: None };
    if !reader.comes(b'{') {
        return None;
    }
    reader.members().filter(|_| reader.ends())
}

/// What reads says `None` where it stands at something that does not fit.
struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth_left: usize,
    /// What does not fit, where it is not the grammar.
    fault: Option<JsonError>,
}

impl Reader<'_> {
    /// Whether nothing but white space is left.
    fn ends(&mut self) -> bool {
        self.skip_space();
        if self.at < self.text.len() {
            self.fault = Some(JsonError::Trailing { at: self.at });
        }
        self.fault.is_none()
    }

    fn refuse<T>(&mut self, fault: JsonError) -> Option<T> {
        self.fault = Some(fault);
        None
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Goes past `byte`, and says whether it was there.
    fn skip(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    /// The same with white space before it.
    fn comes(&mut self, byte: u8) -> bool {
        self.skip_space();
        self.skip(byte)
    }

    fn value(&mut self) -> Option<Json> {
        match self.peek()? {
            b'{' => self.nested(Self::object),
            b'[' => self.nested(Self::array),
            b'"' => Some(Json::String(self.text()?.into_owned(self.text))),
            b'-' | b'0'..=b'9' => self.number(),
            b't' => self.word("true", Json::Bool(true)),
            b'f' => self.word("false", Json::Bool(false)),
            b'n' => self.word("null", Json::Null),
            _ => None,
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Option<Json>) -> Option<Json> {
        if self.depth_left == 0 {
            return self.refuse(JsonError::TooDeep { at: self.at });
        }
        self.depth_left -= 1;
        self.at += 1;
        let value = read(self)?;
        self.depth_left += 1;
        Some(value)
    }

    fn word(&mut self, word: &str, value: Json) -> Option<Json> {
        if !self.rest().starts_with(word.as_bytes()) {
            return None;
        }
        self.at += word.len();
        Some(value)
    }

    fn rest(&self) -> &[u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn object(&mut self) -> Option<Json> {
        let mut object = Vec::new();
        for member in self.members()? {
            object.push((member.name.into_owned(self.text), member.value.into_json(self.text)));
        }
        Some(Json::Object(Object(object)))
    }

    /// The members of an object; the reader stands behind its brace.
    fn members(&mut self) -> Option<Vec<Member>> {
        let mut members = Vec::with_capacity(8);
        let mut goes_on = !self.comes(b'}');
        while goes_on {
            self.skip_space();
            let name = self.text()?;
            if !self.comes(b':') {
                return None;
            }
            self.skip_space();
            let value = if self.peek() == Some(b'"') { Slot::Text(self.text()?) } else { Slot::Json(self.value()?) };
            members.push(Member { print: Print::of(name.within(self.text)), name, value });
            goes_on = self.goes_on(b'}')?;
        }
        if has_duplicate(&members, self.text) {
            return self.refuse(JsonError::DuplicateMember { at: self.at });
        }
        Some(members)
    }

    fn array(&mut self) -> Option<Json> {
        let mut items = Vec::new();
        let mut goes_on = !self.comes(b']');
        while goes_on {
            self.skip_space();
            items.push(self.value()?);
            goes_on = self.goes_on(b']')?;
        }
        Some(Json::Array(items))
    }

    /// Behind an item: whether another one follows, rather than the end.
    fn goes_on(&mut self, end: u8) -> Option<bool> {
        if self.comes(b',') {
            return Some(true);
        }
        if self.skip(end) { Some(false) } else { None }
    }

    fn text(&mut self) -> Option<Text> {
        if !self.skip(b'"') {
            return None;
        }
        let start = self.at;
        self.skip_plain();
        let plain = Text::At { start, end: self.at };
        if self.skip(b'"') {
            return Some(plain);
        }
        let mut text = plain.into_owned(self.text);
        while self.skip(b'\\') {
            text.push(self.escape()?);
            let start = self.at;
            self.skip_plain();
            text.push_str(self.text.get(start..self.at).unwrap_or(""));
            if self.skip(b'"') {
                return Some(Text::Written(text));
            }
        }
        None
    }

    /// Goes past what stands for itself in a string.
    fn skip_plain(&mut self) {
        let rest = self.rest();
        let is_other = |byte: &u8| *byte == b'"' || *byte == b'\\' || *byte < 0x20;
        self.at += rest.iter().position(is_other).unwrap_or(rest.len());
    }

    /// The character that an escape stands for; the reader stands behind the backslash.
    fn escape(&mut self) -> Option<char> {
        let byte = self.peek()?;
        let character = match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let start = self.at - 1;
                self.at += 1;
                return self.unicode_escape(start);
            }
            _ => return None,
        };
        self.at += 1;
        Some(character)
    }

    fn unicode_escape(&mut self, start: usize) -> Option<char> {
        let mut code = self.four_hex_digits()?;
        if let 0xD800..0xDC00 = code
            && self.skip(b'\\')
            && self.skip(b'u')
        {
            code = match self.four_hex_digits()? {
                second @ 0xDC00..0xE000 => 0x1_0000 + ((code - 0xD800) << 10) + (second - 0xDC00),
                _ => code,
            };
        }
        char::from_u32(code).or_else(|| self.refuse(JsonError::LoneSurrogate { at: start }))
    }

    fn four_hex_digits(&mut self) -> Option<u32> {
        let mut code = 0;
        for _ in 0..4 {
            code = code * 16 + char::from(self.peek()?).to_digit(16)?;
            self.at += 1;
        }
        Some(code)
    }

    fn number(&mut self) -> Option<Json> {
        let start = self.at;
        self.skip(b'-');
        if !self.skip(b'0') {
            self.digits()?;
        }
        let mut whole = true;
        if self.skip(b'.') {
            whole = false;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            whole = false;
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        let text = self.text.get(start..self.at).unwrap_or("");
        if whole && let Ok(integer) = text.parse() {
            return Some(Json::Integer(integer));
        }
        Decimal::new(text).map(Json::Decimal).or_else(|| self.refuse(JsonError::NumberTooLarge { at: start }))
    }

    /// One digit or more.
    fn digits(&mut self) -> Option<()> {
        let count = self.rest().iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += count;
        (count > 0).then_some(())
    }
}

/// As many members as most objects have at most.
const FEW: usize = 12;

/// Whether a name stands twice. Sorted where there are many, so that an object costs n log n.
fn has_duplicate(members: &[Member], text: &str) -> bool {
    if members.len() <= FEW {
        return members.iter().enumerate().any(|(place, member)| {
            members
                .iter()
                .take(place)
                .any(|earlier| earlier.print == member.print && earlier.name.within(text) == member.name.within(text))
        });
    }
    let mut names = Vec::new();
    for member in members {
        names.push(member.name.within(text));
    }
    sorted::sort_by(&mut names, Ord::cmp);
    names.windows(2).any(|pair| matches!(pair, [first, second] if first == second))
}
