//! Words of the RFCs' grammars that stand in more than one place.

/// Whether each byte is one of those. Compiled once for all of them.
pub(crate) fn consists_of(text: &str, is_member: fn(u8) -> bool) -> bool {
    text.bytes().all(is_member)
}

/// Characters that every request is read by, in a table: a look is quicker than a comparison with each range.
#[derive(Clone, Copy)]
pub(crate) struct Class(u8);

impl Class {
    /// `tchar`, RFC 9110 §5.6.2.
    const TOKEN: Self = Self(1);
    /// Visible ASCII without quotation mark and backslash, RFC 6749 §3.3.
    const SCOPE: Self = Self(2);
    /// `b64token` without its padding, RFC 6750 §2.1.
    pub(crate) const B64: Self = Self(4);
    /// The same with equals signs.
    pub(crate) const PADDED: Self = Self(8);
    /// Visible ASCII without comma: one API key.
    pub(crate) const KEY: Self = Self(16);
    /// Visible ASCII without backslash: a path.
    pub(crate) const PATH: Self = Self(32);

    /// Whether each byte of the text is one of those.
    pub(crate) fn holds(self, text: &str) -> bool {
        let class = |byte: u8| CLASSES.get(usize::from(byte)).map_or(0, |classes| classes & self.0);
        text.bytes().fold(self.0, |all, byte| all & class(byte)) != 0
    }
}

/// The classes of each character.
const CLASSES: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut classes = [0; 256];
    let mut byte: u8 = 0;
    let mut places: &mut [u8] = &mut classes;
    while let Some((place, others)) = places.split_first_mut() {
        if byte.is_ascii_graphic() {
            let is_b64 = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'+' | b'/');
            let is_mark = matches!(byte, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^'..=b'`' | b'|' | b'~');
            *place = of(byte.is_ascii_alphanumeric() || is_mark, Class::TOKEN)
                | of(!matches!(byte, b'"' | b'\\'), Class::SCOPE)
                | of(is_b64, Class::B64)
                | of(is_b64 || byte == b'=', Class::PADDED)
                | of(byte != b',', Class::KEY)
                | of(byte != b'\\', Class::PATH);
        }
        places = others;
        byte = byte.wrapping_add(1);
    }
    classes
}

const fn of(is_member: bool, class: Class) -> u8 {
    if is_member { class.0 } else { 0 }
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

/// The text without these characters around it. Compiled once.
#[inline(never)]
pub(crate) fn trimmed<'a>(text: &'a str, around: &[char]) -> &'a str {
    text.trim_matches(around)
}

#[cfg(test)]
mod tests {
    use super::{Class, is_scope_token, is_token};

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
            for wrong in [["a", " ", "b"], ["", " ", "b"], ["a", " ", ""]] {
                assert!(!Class::B64.holds(&wrong.concat()));
            }
        }
        assert!(!is_token("") && !is_scope_token("") && Class::PATH.holds(""));
    }
}
