//! Words of the RFCs' grammars that stand in more than one place.

/// A class of ASCII characters, looked up in a table: each request is read by some, and a look is quicker than comparing
/// with each range.
#[derive(Clone, Copy)]
pub(crate) struct Class(u16);

impl Class {
    pub(crate) const DIGIT: Self = Self(1);
    pub(crate) const ALPHANUMERIC: Self = Self(1 << 1);
    /// Letters, digits and `_`.
    pub(crate) const WORD: Self = Self(1 << 2);
    /// The same and `-`.
    pub(crate) const NAME: Self = Self(1 << 3);
    pub(crate) const VISIBLE: Self = Self(1 << 4);
    /// Visible or a space.
    pub(crate) const PRINTABLE: Self = Self(1 << 5);
    /// `tchar`, RFC 9110 §5.6.2.
    const TOKEN: Self = Self(1 << 6);
    /// Visible without quotation mark and backslash, RFC 6749 §3.3.
    const SCOPE: Self = Self(1 << 7);
    /// `b64token` without its padding, RFC 6750 §2.1.
    pub(crate) const B64: Self = Self(1 << 8);
    /// The same with equals signs.
    pub(crate) const PADDED: Self = Self(1 << 9);
    /// Visible without comma: one API key.
    pub(crate) const KEY: Self = Self(1 << 10);
    /// Visible without backslash: a path.
    pub(crate) const PATH: Self = Self(1 << 11);
    /// Visible without backslash, quotation mark and angle brackets.
    pub(crate) const URL: Self = Self(1 << 12);
    /// Host and port.
    pub(crate) const AUTHORITY: Self = Self(1 << 13);
    /// Digits and dots.
    pub(crate) const IPV4: Self = Self(1 << 14);
    /// Upper-case letters and `-`.
    pub(crate) const METHOD: Self = Self(1 << 15);

    /// Whether each byte of the text is one of those.
    pub(crate) fn holds(self, text: &str) -> bool {
        let classes = |byte: u8| CLASSES.get(usize::from(byte)).copied().unwrap_or(0);
        text.bytes().fold(self.0, |all, byte| all & classes(byte)) != 0
    }

    const fn with(self, is_member: bool) -> u16 {
        if is_member { self.0 } else { 0 }
    }
}

/// The classes of each character.
const CLASSES: [u16; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    let mut places: &mut [u16] = &mut classes;
    while let Some((place, others)) = places.split_first_mut() {
        *place = of(byte);
        places = others;
        byte = byte.wrapping_add(1);
    }
    classes
};

const fn of(byte: u8) -> u16 {
    let is_word = byte.is_ascii_alphanumeric();
    let is_visible = byte.is_ascii_graphic();
    let is_b64 = is_word || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'+' | b'/');
    let is_mark = matches!(byte, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^'..=b'`' | b'|' | b'~');
    Class::DIGIT.with(byte.is_ascii_digit())
        | Class::ALPHANUMERIC.with(is_word)
        | Class::WORD.with(is_word || byte == b'_')
        | Class::NAME.with(is_word || matches!(byte, b'_' | b'-'))
        | Class::VISIBLE.with(is_visible)
        | Class::PRINTABLE.with(is_visible || byte == b' ')
        | Class::TOKEN.with(is_word || is_mark)
        | Class::SCOPE.with(is_visible && !matches!(byte, b'"' | b'\\'))
        | Class::B64.with(is_b64)
        | Class::PADDED.with(is_b64 || byte == b'=')
        | Class::KEY.with(is_visible && byte != b',')
        | Class::PATH.with(is_visible && byte != b'\\')
        | Class::URL.with(is_visible && !matches!(byte, b'\\' | b'"' | b'<' | b'>'))
        | Class::AUTHORITY.with(is_word || matches!(byte, b'.' | b'-' | b'_' | b':' | b'[' | b']'))
        | Class::IPV4.with(byte.is_ascii_digit() || byte == b'.')
        | Class::METHOD.with(byte.is_ascii_uppercase() || byte == b'-')
}

/// `token`, RFC 9110 §5.6.2: the name of a header, a cookie or a scheme.
pub(crate) fn is_token(text: &str) -> bool {
    !text.is_empty() && Class::TOKEN.holds(text)
}

/// `scope-token`, RFC 6749 §3.3: it can stand in a challenge.
pub(crate) fn is_scope_token(text: &str) -> bool {
    !text.is_empty() && Class::SCOPE.holds(text)
}

/// The texts as one, with the separator between. Shorter than `join`, which has a loop for each length of separator.
pub(crate) fn joined(texts: &[String], separator: &str) -> String {
    let mut joined = String::new();
    for (place, text) in texts.iter().enumerate() {
        if place > 0 {
            joined.push_str(separator);
        }
        joined.push_str(text);
    }
    joined
}

/// The text without these ASCII characters around it. Bytes are compared, because the standard library reads characters
/// from both ends, in more code.
#[inline(never)]
pub(crate) fn trimmed<'a>(text: &'a str, around: &[u8]) -> &'a str {
    let is_inside = |byte: &u8| !around.contains(byte);
    let start = text.as_bytes().iter().position(is_inside).unwrap_or(text.len());
    trimmed_end(text.get(start..).unwrap_or(""), around)
}

/// The same at its end alone.
pub(crate) fn trimmed_end<'a>(text: &'a str, behind: &[u8]) -> &'a str {
    let last = text.as_bytes().iter().rposition(|byte| !behind.contains(byte));
    text.get(..last.map_or(0, |last| last + 1)).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::{Class, is_scope_token, is_token, trimmed, trimmed_end};

    #[test]
    fn a_class_holds_what_its_grammar_has() {
        const ALPHANUMERIC: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        for character in '\0'..='\u{17f}' {
            let is_word = ALPHANUMERIC.contains(character);
            let is_visible = ('!'..='~').contains(&character);
            let text = character.to_string();
            let among = |marks: &str| is_word || marks.contains(character);
            assert_eq!(is_token(&text), among("!#$%&'*+-.^_`|~"), "{character:?}");
            assert_eq!(is_scope_token(&text), is_visible && !"\"\\".contains(character), "{character:?}");
            assert_eq!(Class::B64.holds(&text), among("-._~+/"), "{character:?}");
            assert_eq!(Class::PADDED.holds(&text), among("-._~+/="), "{character:?}");
            assert_eq!(Class::KEY.holds(&text), is_visible && character != ',', "{character:?}");
            assert_eq!(Class::PATH.holds(&text), is_visible && character != '\\', "{character:?}");
            assert_eq!(Class::URL.holds(&text), is_visible && !"\\\"<>".contains(character), "{character:?}");
            assert_eq!(Class::VISIBLE.holds(&text), is_visible, "{character:?}");
            assert_eq!(Class::PRINTABLE.holds(&text), is_visible || character == ' ', "{character:?}");
            assert_eq!(Class::ALPHANUMERIC.holds(&text), is_word, "{character:?}");
            assert_eq!(Class::WORD.holds(&text), among("_"), "{character:?}");
            assert_eq!(Class::NAME.holds(&text), among("_-"), "{character:?}");
            assert_eq!(Class::AUTHORITY.holds(&text), among(".-_:[]"), "{character:?}");
            let digits = "0123456789";
            assert_eq!(Class::DIGIT.holds(&text), digits.contains(character), "{character:?}");
            assert_eq!(Class::IPV4.holds(&text), digits.contains(character) || character == '.', "{character:?}");
            assert_eq!(Class::METHOD.holds(&text), character.is_ascii_uppercase() || character == '-', "{character:?}");
            for wrong in [["a", " ", "b"], ["", " ", "b"], ["a", " ", ""]] {
                assert!(!Class::B64.holds(&wrong.concat()));
            }
        }
        assert!(!is_token("") && !is_scope_token("") && Class::PATH.holds(""));
    }

    #[test]
    fn what_is_around_goes_and_what_is_inside_stays() {
        for (text, inside, before) in [
            ("", "", ""),
            (" \t ", "", ""),
            ("a", "a", "a"),
            (" a b\t", "a b", " a b"),
            ("\té \u{a0} ", "é \u{a0}", "\té \u{a0}"),
            ("\u{2020} \u{2020}", "\u{2020} \u{2020}", "\u{2020} \u{2020}"),
        ] {
            assert_eq!((trimmed(text, b" \t"), trimmed_end(text, b" \t")), (inside, before), "{text:?}");
        }
        assert_eq!(trimmed_end("=a==", b"="), "=a");
    }
}
