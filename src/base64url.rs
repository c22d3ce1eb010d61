//! base64url as RFC 7515 §2 wants it: no padding, no line breaks, and one spelling for each value; and base64 with its
//! padding (RFC 4648 §4), for what is not of JOSE.

#[cfg(feature = "full")]
use base64ct::{Base64, Encoding};

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The values of the characters, and [`NONE`] for what is none.
const VALUES: [u8; 256] = values();
const NONE: u8 = 0xff;

const fn values() -> [u8; 256] {
    let mut values = [NONE; 256];
    let mut character = 0;
    let mut places: &mut [u8] = &mut values;
    while let Some((place, others)) = places.split_first_mut() {
        *place = match character {
            b'A'..=b'Z' => character - b'A',
            b'a'..=b'z' => character - b'a' + 26,
            b'0'..=b'9' => character - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => NONE,
        };
        places = others;
        character = character.wrapping_add(1);
    }
    values
}

/// The bytes, or `None` for padding, another alphabet, an impossible length or stray trailing bits.
///
/// For what is no secret of ours: which lines of the table are in a cache may tell of the text. Whoever presents a token
/// knows all of its text; what its signature should be is computed, and compared in constant time.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let value = |character: u8| VALUES.get(usize::from(character)).copied().unwrap_or(NONE);
    let mut bytes = vec![0; text.len() / 4 * 3 + (text.len() % 4).saturating_sub(1)];
    // A character alone holds less than a byte.
    let mut wrong = if text.len() % 4 == 1 { NONE } else { 0 };
    let mut group = |[first, second, third, fourth]: [u8; 4]| {
        let (first, second, third, fourth) = (value(first), value(second), value(third), value(fourth));
        wrong |= first | second | third | fourth;
        [first << 2 | second >> 4, second << 4 | third >> 2, third << 6 | fourth]
    };
    let (groups, end) = text.as_bytes().as_chunks::<4>();
    let (decoded, rest) = bytes.as_chunks_mut::<3>();
    for (characters, three) in groups.iter().zip(decoded) {
        *three = group(*characters);
    }
    let mut last = *b"AAAA";
    for (place, character) in last.iter_mut().zip(end) {
        *place = *character;
    }
    let mut last = group(last).into_iter();
    for (place, byte) in rest.iter_mut().zip(&mut last) {
        *place = byte;
    }
    let is_exact = last.all(|stray| stray == 0);
    (is_exact && wrong < NONE).then_some(bytes)
}

/// The same for a secret. How long it takes tells nothing of the bytes: each character is looked for in the whole alphabet,
/// without a branch.
pub(crate) fn decode_secret(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let (mut bits, mut wrong) = (0_u32, 0);
    // Bits that wait for the next character.
    let mut waiting = 0;
    for character in text.bytes() {
        let (mut found, mut value) = (u32::MAX, 0);
        for own in ALPHABET {
            // All ones where the two differ.
            found &= value | u32::from((own ^ character).min(1)).wrapping_neg();
            value += 1;
        }
        wrong |= found;
        bits = bits << 6 | found & 63;
        waiting += 6;
        if waiting >= 8 {
            waiting -= 8;
            let [.., byte] = (bits >> waiting).to_be_bytes();
            bytes.push(byte);
        }
    }
    let is_exact = waiting < 6 && bits & ((1 << waiting) - 1) == 0;
    (is_exact && wrong < 64).then_some(bytes)
}

/// The text of what is no secret: hashes and public keys. It takes a time that tells of the bytes.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() / 3 * 4 + 4);
    for group in bytes.chunks(3) {
        let mut bits = 0_u32;
        for place in 0..3 {
            bits = (bits << 8) | u32::from(group.get(place).copied().unwrap_or(0));
        }
        for _ in 0..=group.len() {
            let digit = usize::try_from((bits >> 18) & 63).unwrap_or(0);
            text.push(char::from(ALPHABET.get(digit).copied().unwrap_or(b'A')));
            bits <<= 6;
        }
    }
    text
}

/// The bytes of base64 with its padding, in its one spelling.
#[cfg(feature = "full")]
pub(crate) fn decode_base64(text: &str) -> Option<Vec<u8>> {
    // The decoder takes some texts without their padding.
    if text.len().is_multiple_of(4) { Base64::decode_vec(text).ok() } else { None }
}

#[cfg(feature = "full")]
pub(crate) fn encode_base64(bytes: &[u8]) -> String {
    Base64::encode_string(bytes)
}

#[cfg(test)]
mod tests {
    use base64ct::{Base64UrlUnpadded, Encoding};

    use super::{decode, decode_secret, encode};

    #[test]
    fn every_byte_in_every_place_is_encoded_as_base64ct_does() {
        for length in 0..100 {
            for first in 0..=u8::MAX {
                let bytes: Vec<u8> = (0..length).map(|place| first.wrapping_add(place)).collect();
                let text = encode(&bytes);
                assert_eq!(text, Base64UrlUnpadded::encode_string(&bytes));
                assert_eq!(decode(&text).as_ref(), Some(&bytes));
                assert_eq!(decode_secret(&text), Some(bytes));
            }
        }
    }

    #[test]
    fn every_ending_is_decoded_as_base64ct_does() {
        let check = |ending: &[u8]| {
            let Ok(text) = core::str::from_utf8(ending) else { return };
            for before in ["", "AQID", "AQIDBAU", "AQIDBAUG"] {
                let text = [before, text].concat();
                let expected = Base64UrlUnpadded::decode_vec(&text).ok();
                assert_eq!(decode(&text), expected, "{text}");
                assert_eq!(decode_secret(&text), expected, "{text}");
            }
        };
        for first in 0..=0x7f {
            check(&[first]);
            for second in 0..=0x7f {
                check(&[first, second]);
                check(&[b'Z', first, second]);
                check(&[first, b'-', b'9', second]);
                check(&[b'_', first, second, b'a', b'Q']);
            }
        }
        for place in 0..8 {
            for byte in 0..=0x7f {
                let mut group = *b"Az09-_aZ";
                group.iter_mut().skip(place).take(1).for_each(|character| *character = byte);
                check(&group);
            }
            check(["AAAAAAAA".get(place..).unwrap_or(""), "é", "AAAAAAAA"].concat().as_bytes());
        }
        check("é".as_bytes());
        check("aé".as_bytes());
        check("€A".as_bytes());
    }
}
