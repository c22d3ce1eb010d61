//! Tokens of the condition language. After the first error there is nothing but the end.

use super::expr::Failure;

/// A token. Symbols are one byte, or two in one number: `&&`, `==`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Token<'a> {
    /// Digits, or `0x` and digits; without a sign.
    Int(&'a str),
    /// Digits with a point or an exponent.
    Double(&'a str),
    /// Its text is in the lexer.
    Text,
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
    source: &'a str,
    pub(super) at: usize,
    pub(super) failure: Failure,
    /// What the last text token says.
    pub(super) text: String,
}

/// Words that CEL keeps for itself; they name nothing.
pub(super) fn is_reserved(name: &str) -> bool {
    matches!(
        name,
        "as" | "break"
            | "const"
            | "continue"
            | "else"
            | "for"
            | "function"
            | "if"
            | "import"
            | "let"
            | "loop"
            | "package"
            | "namespace"
            | "return"
            | "var"
            | "void"
            | "while"
            | "in"
    )
}

const fn is_name_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

const fn is_digit(byte: u8) -> bool {
    byte.is_ascii_digit()
}

const fn is_quote(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'')
}

impl<'a> Lexer<'a> {
    pub(super) const fn new(source: &'a str) -> Self {
        Self { source, at: 0, failure: Failure(None), text: String::new() }
    }

    fn byte(&self, ahead: usize) -> u8 {
        self.source.as_bytes().get(self.at + ahead).copied().unwrap_or(0)
    }

    pub(super) fn fail(&mut self, word: &'static str, at: usize) -> Token<'a> {
        self.failure.note(word, at);
        self.at = self.source.len();
        Token::End
    }

    /// Goes on while bytes are of that kind, and gives them all from `start`.
    fn run(&mut self, start: usize, is_part: fn(u8) -> bool) -> &'a str {
        while is_part(self.byte(0)) {
            self.at += 1;
        }
        self.source.get(start..self.at).unwrap_or("")
    }

    /// Past white space and comments.
    pub(super) fn skip_space(&mut self) {
        loop {
            match self.byte(0) {
                b' ' | b'\t' | b'\n' | b'\r' | 0x0c => self.at += 1,
                b'/' if self.byte(1) == b'/' => {
                    while self.at < self.source.len() && self.byte(0) != b'\n' {
                        self.at += 1;
                    }
                }
                _ => return,
            }
        }
    }

    pub(super) fn next(&mut self) -> Token<'a> {
        self.skip_space();
        let start = self.at;
        if start >= self.source.len() {
            return Token::End;
        }
        let (first, second) = (self.byte(0), self.byte(1));
        let is_raw = matches!(first, b'r' | b'R');
        let is_bytes = matches!(first, b'b' | b'B');
        match first {
            b'0'..=b'9' => self.number(),
            b'.' if is_digit(second) => self.number(),
            b'"' | b'\'' => self.quoted(start, false),
            _ if is_raw && is_quote(second) => {
                self.at += 1;
                self.quoted(start, true)
            }
            // Bytes; maps and messages; names in backticks.
            _ if is_bytes && (is_quote(second) || (matches!(second, b'r' | b'R') && is_quote(self.byte(2)))) => {
                self.fail("unsupported", start)
            }
            b'{' | b'`' => self.fail("unsupported", start),
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => Token::Name(self.run(start, is_name_part)),
            b'&' | b'|' if second == first => self.symbol(first, second),
            b'=' | b'!' | b'<' | b'>' if second == b'=' => self.symbol(first, second),
            b'!' | b'<' | b'>' | b'+' | b'-' | b'*' | b'/' | b'%' | b'?' | b':' | b'.' | b',' | b'(' | b')' | b'['
            | b']' => self.symbol(first, 0),
            _ => self.fail("syntax", start),
        }
    }

    fn symbol(&mut self, first: u8, second: u8) -> Token<'a> {
        self.at += if second == 0 { 1 } else { 2 };
        Token::Symbol(symbol([first, second]))
    }

    fn number(&mut self) -> Token<'a> {
        let start = self.at;
        let mut is_double = false;
        if self.byte(0) == b'0' && matches!(self.byte(1), b'x' | b'X') {
            self.at += 2;
            self.run(start, |byte| byte.is_ascii_hexdigit());
        } else {
            self.run(start, is_digit);
            // `1.size()` is no number with a point.
            if self.byte(0) == b'.' && is_digit(self.byte(1)) {
                is_double = true;
                self.at += 1;
                self.run(start, is_digit);
            }
            if matches!(self.byte(0), b'e' | b'E') {
                is_double = true;
                self.at += 1 + usize::from(matches!(self.byte(1), b'+' | b'-'));
                if !is_digit(self.byte(0)) {
                    return self.fail("number", start);
                }
                self.run(start, is_digit);
            }
        }
        // Nothing of a name stands behind a number; `1u` is an unsigned one.
        match self.byte(0) {
            b'u' | b'U' => return self.fail("unsupported", start),
            byte if is_name_part(byte) => return self.fail("number", start),
            _ => {}
        }
        let text = self.source.get(start..self.at).unwrap_or("");
        if is_double { Token::Double(text) } else { Token::Int(text) }
    }

    fn quoted(&mut self, start: usize, is_raw: bool) -> Token<'a> {
        let quote = self.byte(0);
        if self.byte(1) == quote && self.byte(2) == quote {
            return self.fail("unsupported", start);
        }
        self.at += 1;
        self.text.clear();
        loop {
            let Some(character) = self.source.get(self.at..).and_then(|rest| rest.chars().next()) else {
                return self.fail("syntax", start);
            };
            let character = match character {
                '\n' | '\r' => return self.fail("syntax", start),
                '\\' if !is_raw => match self.escape() {
                    Some(character) => character,
                    None => return self.fail("string_escape", start),
                },
                _ => {
                    self.at += character.len_utf8();
                    if character == char::from(quote) {
                        return Token::Text;
                    }
                    // In a raw text a backslash keeps the quote behind it from ending it, and stays.
                    if character == '\\' && self.byte(0) == quote {
                        self.text.push(character);
                        self.at += 1;
                        char::from(quote)
                    } else {
                        character
                    }
                }
            };
            self.text.push(character);
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
