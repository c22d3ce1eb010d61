//! Words of the RFCs' grammars that stand in more than one place.

/// Whether each byte is one of those. Compiled once for all of them.
pub(crate) fn consists_of(text: &str, is_member: fn(u8) -> bool) -> bool {
    text.bytes().all(is_member)
}

/// `token`, RFC 9110 §5.6.2: the name of a header, a cookie or a scheme.
pub(crate) fn is_token(text: &str) -> bool {
    let is_token_char = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && consists_of(text, is_token_char)
}

/// `scope-token`, RFC 6749 §3.3: visible ASCII without quotation mark and backslash, so it can stand in a challenge.
pub(crate) fn is_scope_token(text: &str) -> bool {
    !text.is_empty() && consists_of(text, |byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\'))
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
