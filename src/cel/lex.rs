//! Tokens of the condition language.

use super::ConditionError;

/// A token. Symbols are one byte, or two in one number: `&&`, `==`.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token<'a> {
    /// Digits, or `0x` and digits; without a sign.
    Int(&'a str),
    /// Digits with a point or an exponent.
    Double(&'a str),
    Text(String),
    Name(&'a str),
    Symbol(u16),
    End,
}

/// The number of a symbol.
pub(super) const fn symbol(text: [u8; 2]) -> u16 {
    u16::from_be_bytes(text)
}

/// Reads one token after another.
pub(super) struct Lexer<'a> {
    text: &'a str,
    pub(super) at: usize,
}

/// Words that CEL keeps for itself; they name nothing.
const RESERVED: [&str; 18] = [
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "package",
    "namespace",
    "return",
    "var",
    "void",
    "while",
    "in",
];

pub(super) fn is_reserved(name: &str) -> bool {
    RESERVED.contains(&name)
}

impl<'a> Lexer<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    fn byte(&self, ahead: usize) -> u8 {
        self.text.as_bytes().get(self.at + ahead).copied().unwrap_or(0)
    }

    fn fail(&self, word: &'static str) -> ConditionError {
        ConditionError { word, at: self.at }
    }

    /// Goes on while bytes are of that kind, and gives them all from `start`.
    fn run(&mut self, start: usize, is_part: fn(u8) -> bool) -> &'a str {
        while is_part(self.byte(0)) {
            self.at += 1;
        }
        self.text.get(start..self.at).unwrap_or("")
    }

    /// Past white space and comments.
    pub(super) fn skip_space(&mut self) {
        loop {
            match self.byte(0) {
                b' ' | b'\t' | b'\n' | b'\r' | 0x0c if self.at < self.text.len() => self.at += 1,
                b'/' if self.byte(1) == b'/' => {
                    while self.at < self.text.len() && self.byte(0) != b'\n' {
                        self.at += 1;
                    }
                }
                _ => return,
            }
        }
    }

    pub(super) fn next(&mut self) -> Result<Token<'a>, ConditionError> {
        self.skip_space();
        if self.at >= self.text.len() {
            return Ok(Token::End);
        }
        let first = self.byte(0);
        let second = self.byte(1);
        match first {
            b'0'..=b'9' => self.number(),
            b'.' if second.is_ascii_digit() => self.number(),
            b'"' | b'\'' => self.quoted(false),
            b'r' | b'R' if matches!(second, b'"' | b'\'') => {
                self.at += 1;
                self.quoted(true)
            }
            b'b' | b'B' if matches!(second, b'"' | b'\'' | b'r' | b'R') && self.is_bytes_literal() => {
                Err(self.fail("unsupported"))
            }
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => {
                let start = self.at;
                Ok(Token::Name(self.run(start, |byte| byte.is_ascii_alphanumeric() || byte == b'_')))
            }
            b'&' | b'|' if second == first => Ok(self.symbol(2)),
            b'=' | b'!' | b'<' | b'>' if second == b'=' => Ok(self.symbol(2)),
            b'!' | b'<' | b'>' | b'+' | b'-' | b'*' | b'/' | b'%' | b'?' | b':' | b'.' | b',' | b'(' | b')' | b'['
            | b']' => Ok(self.symbol(1)),
            // Maps and messages, and names in backticks.
            b'{' | b'`' => Err(self.fail("unsupported")),
            _ => Err(self.fail("syntax")),
        }
    }

    fn is_bytes_literal(&self) -> bool {
        let quote = if matches!(self.byte(1), b'r' | b'R') { self.byte(2) } else { self.byte(1) };
        matches!(quote, b'"' | b'\'')
    }

    fn symbol(&mut self, length: usize) -> Token<'a> {
        let second = if length == 2 { self.byte(1) } else { 0 };
        let number = symbol([self.byte(0), second]);
        self.at += length;
        Token::Symbol(number)
    }

    fn number(&mut self) -> Result<Token<'a>, ConditionError> {
        let start = self.at;
        if self.byte(0) == b'0' && matches!(self.byte(1), b'x' | b'X') {
            self.at += 2;
            let digits = self.run(start, |byte| byte.is_ascii_hexdigit());
            return self.whole(Token::Int(digits));
        }
        self.run(start, |byte| byte.is_ascii_digit());
        let mut is_double = false;
        // `1.size()` is no number with a point.
        if self.byte(0) == b'.' && self.byte(1).is_ascii_digit() {
            is_double = true;
            self.at += 1;
            self.run(start, |byte| byte.is_ascii_digit());
        }
        if matches!(self.byte(0), b'e' | b'E') {
            is_double = true;
            self.at += 1 + usize::from(matches!(self.byte(1), b'+' | b'-'));
            let from = self.at;
            if self.run(from, |byte| byte.is_ascii_digit()).is_empty() {
                return Err(self.fail("number"));
            }
        }
        let text = self.text.get(start..self.at).unwrap_or("");
        self.whole(if is_double { Token::Double(text) } else { Token::Int(text) })
    }

    /// Nothing of a name stands behind a number.
    fn whole(&self, token: Token<'a>) -> Result<Token<'a>, ConditionError> {
        match self.byte(0) {
            b'u' | b'U' => Err(self.fail("unsupported")),
            byte if byte.is_ascii_alphanumeric() || byte == b'_' => Err(self.fail("number")),
            _ => Ok(token),
        }
    }

    fn quoted(&mut self, is_raw: bool) -> Result<Token<'a>, ConditionError> {
        let quote = self.byte(0);
        if self.byte(1) == quote && self.byte(2) == quote {
            return Err(self.fail("unsupported"));
        }
        self.at += 1;
        let mut text = String::new();
        loop {
            let rest = self.text.get(self.at..).unwrap_or("");
            let Some(character) = rest.chars().next() else { return Err(self.fail("syntax")) };
            match character {
                '\n' | '\r' => return Err(self.fail("syntax")),
                '\\' if !is_raw => text.push(self.escape().ok_or_else(|| self.fail("string_escape"))?),
                _ if rest.as_bytes().first() == Some(&quote) => {
                    self.at += 1;
                    return Ok(Token::Text(text));
                }
                // In a raw text a backslash keeps the quote behind it from ending it, and stays.
                _ => {
                    text.push(character);
                    self.at += character.len_utf8();
                    if is_raw && character == '\\' && self.byte(0) == quote {
                        text.push(char::from(quote));
                        self.at += 1;
                    }
                }
            }
        }
    }

    fn escape(&mut self) -> Option<char> {
        let kind = self.byte(1);
        self.at += 2;
        Some(match kind {
            b'a' => '\u{7}',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'v' => '\u{b}',
            b'\\' | b'?' | b'"' | b'\'' | b'`' => char::from(kind),
            b'x' | b'X' => return self.code_point(2, 16),
            b'u' => return self.code_point(4, 16),
            b'U' => return self.code_point(8, 16),
            b'0'..=b'3' => {
                self.at -= 1;
                return self.code_point(3, 8);
            }
            _ => return None,
        })
    }

    fn code_point(&mut self, digits: usize, base: u32) -> Option<char> {
        let mut number = 0_u32;
        for _ in 0..digits {
            number = number.checked_mul(base)?.checked_add(char::from(self.byte(0)).to_digit(base)?)?;
            self.at += 1;
        }
        char::from_u32(number)
    }
}
