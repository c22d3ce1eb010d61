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
    Reader::new(text, limits).only(Reader::value)
}

/// Reads one object, within [`Limits::TOKEN`], without a copy of its texts.
pub(super) fn read_members(text: &str) -> Result<Vec<Member>, JsonError> {
    if text.len() > Limits::TOKEN.max_bytes {
        return Err(JsonError::TooLarge);
    }
    let mut reader = Reader::new(text, Limits::TOKEN);
    reader.depth_left -= 1;
    reader.only(|reader| if reader.skip(b'{') { reader.members() } else { Err(reader.syntax()) })
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth_left: usize,
}

impl<'a> Reader<'a> {
    const fn new(text: &'a str, limits: Limits) -> Self {
        Self { text, at: 0, depth_left: limits.max_depth }
    }

    /// What is read, with nothing but white space around it.
    fn only<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, JsonError>) -> Result<T, JsonError> {
        self.skip_space();
        let value = read(self)?;
        self.skip_space();
        if self.at < self.text.len() {
            return Err(JsonError::Trailing { at: self.at });
        }
        Ok(value)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn syntax(&self) -> JsonError {
        JsonError::Syntax { at: self.at }
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

    fn value(&mut self) -> Result<Json, JsonError> {
        match self.peek() {
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::array),
            Some(b'"') => Ok(Json::String(self.text()?.into_owned(self.text))),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Json::Bool(true)),
            Some(b'f') => self.word("false", Json::Bool(false)),
            Some(b'n') => self.word("null", Json::Null),
            _ => Err(self.syntax()),
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<Json, JsonError>) -> Result<Json, JsonError> {
        self.depth_left = self.depth_left.checked_sub(1).ok_or(JsonError::TooDeep { at: self.at })?;
        self.at += 1;
        let value = read(self)?;
        self.depth_left += 1;
        Ok(value)
    }

    fn word(&mut self, word: &str, value: Json) -> Result<Json, JsonError> {
        if !self.rest().starts_with(word) {
            return Err(self.syntax());
        }
        self.at += word.len();
        Ok(value)
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn object(&mut self) -> Result<Json, JsonError> {
        let mut object = Vec::new();
        for member in self.members()? {
            object.push((member.name.into_owned(self.text), member.value.into_json(self.text)));
        }
        Ok(Json::Object(Object(object)))
    }

    /// The members of an object; the reader stands behind its brace.
    fn members(&mut self) -> Result<Vec<Member>, JsonError> {
        let mut members = Vec::with_capacity(8);
        self.skip_space();
        if self.skip(b'}') {
            return Ok(members);
        }
        loop {
            self.skip_space();
            if self.peek() != Some(b'"') {
                return Err(self.syntax());
            }
            let name = self.text()?;
            let print = Print::of(name.within(self.text));
            self.skip_space();
            if !self.skip(b':') {
                return Err(self.syntax());
            }
            self.skip_space();
            let value = if self.peek() == Some(b'"') { Slot::Text(self.text()?) } else { Slot::Json(self.value()?) };
            members.push(Member { print, name, value });
            self.skip_space();
            if self.skip(b',') {
                continue;
            }
            if !self.skip(b'}') {
                return Err(self.syntax());
            }
            if has_duplicate(&members, self.text) {
                return Err(JsonError::DuplicateMember { at: self.at });
            }
            return Ok(members);
        }
    }

    fn array(&mut self) -> Result<Json, JsonError> {
        let mut items = Vec::new();
        self.skip_space();
        if self.skip(b']') {
            return Ok(Json::Array(items));
        }
        loop {
            self.skip_space();
            items.push(self.value()?);
            self.skip_space();
            if self.skip(b',') {
                continue;
            }
            if !self.skip(b']') {
                return Err(self.syntax());
            }
            return Ok(Json::Array(items));
        }
    }

    /// A string; the reader stands at its opening quote.
    fn text(&mut self) -> Result<Text, JsonError> {
        self.at += 1;
        let start = self.at;
        self.skip_plain();
        let plain = Text::At { start, end: self.at };
        if self.skip(b'"') {
            return Ok(plain);
        }
        let mut text = plain.into_owned(self.text);
        loop {
            if !self.skip(b'\\') {
                return Err(self.syntax());
            }
            text.push(self.escape()?);
            let start = self.at;
            self.skip_plain();
            text.push_str(self.text.get(start..self.at).unwrap_or(""));
            if self.skip(b'"') {
                return Ok(Text::Written(text));
            }
        }
    }

    /// Goes past what stands for itself in a string.
    fn skip_plain(&mut self) {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let is_other = |byte: &u8| *byte == b'"' || *byte == b'\\' || *byte < 0x20;
        self.at += rest.iter().position(is_other).unwrap_or(rest.len());
    }

    /// The character that an escape stands for; the reader stands behind the backslash.
    fn escape(&mut self) -> Result<char, JsonError> {
        let byte = self.peek().ok_or(self.syntax())?;
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
            _ => return Err(self.syntax()),
        };
        self.at += 1;
        Ok(character)
    }

    fn unicode_escape(&mut self, start: usize) -> Result<char, JsonError> {
        let first = self.four_hex_digits()?;
        let code = match first {
            0xD800..0xDC00 => {
                if !(self.skip(b'\\') && self.skip(b'u')) {
                    return Err(JsonError::LoneSurrogate { at: start });
                }
                match self.four_hex_digits()? {
                    second @ 0xDC00..0xE000 => 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00),
                    _ => return Err(JsonError::LoneSurrogate { at: start }),
                }
            }
            code => code,
        };
        char::from_u32(code).ok_or(JsonError::LoneSurrogate { at: start })
    }

    fn four_hex_digits(&mut self) -> Result<u32, JsonError> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16)).ok_or(self.syntax())?;
            code = code * 16 + digit;
            self.at += 1;
        }
        Ok(code)
    }

    fn number(&mut self) -> Result<Json, JsonError> {
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
            return Ok(Json::Integer(integer));
        }
        Decimal::new(text).map(Json::Decimal).ok_or(JsonError::NumberTooLarge { at: start })
    }

    /// One digit or more.
    fn digits(&mut self) -> Result<(), JsonError> {
        let count = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        self.at += count;
        if count == 0 { Err(self.syntax()) } else { Ok(()) }
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
