//! base64url as RFC 7515 §2 wants it: no padding, no line breaks, and one spelling for each value; and base64 with its
//! padding (RFC 4648 §4), for what is not of JOSE.

#[cfg(feature = "full")]
use base64ct::{Base64, Encoding};

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The values of the characters, and [`NONE`] for what is none.
const VALUES: [u8; 256] = values();
const NONE: u8 = 0xff;

#[expect(clippy::indexing_slicing, clippy::as_conversions, reason = "the compiler works it out")]
const fn values() -> [u8; 256] {
    let mut values = [NONE; 256];
    let mut value = 0;
    while value < ALPHABET.len() {
        values[ALPHABET[value] as usize] = value as u8;
        value += 1;
    }
    values
}

/// The bytes, or `None` for padding, another alphabet, an impossible length or stray trailing bits.
///
/// For what is no secret of ours: a table's lines in a cache may tell of the text. Whoever presents a token knows all of
/// its text; what its signature should be is not looked up here, but computed and compared in constant time.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = vec![0; decoded_length(text)];
    let (groups, end) = text.as_bytes().as_chunks::<4>();
    let (decoded, rest) = bytes.as_chunks_mut::<3>();
    let mut seen = 0;
    for (group, three) in groups.iter().zip(decoded) {
        *three = decode_group(*group, &mut seen);
    }
    let mut last = *b"AAAA";
    last.iter_mut().zip(end).for_each(|(place, character)| *place = *character);
    let mut last = decode_group(last, &mut seen).into_iter();
    rest.iter_mut().zip(&mut last).for_each(|(place, byte)| *place = byte);
    // A character alone holds less than a byte, and behind the last byte there is nothing.
    (seen < NONE && end.len() != 1 && last.all(|stray| stray == 0)).then_some(bytes)
}

/// The bytes of four characters, whose values are put together in `seen`.
#[inline(always)]
fn decode_group(group: [u8; 4], seen: &mut u8) -> [u8; 3] {
    let values = group.map(|character| VALUES.get(usize::from(character)).copied().unwrap_or(NONE));
    let bits = values.into_iter().fold(0, |bits, value| {
        *seen |= value;
        bits << 6 | u32::from(value)
    });
    let [_, bytes @ ..] = bits.to_be_bytes();
    bytes
}

const fn decoded_length(text: &str) -> usize {
    text.len() / 4 * 3 + (text.len() % 4).saturating_sub(1)
}

/// The same for a secret: how long it takes tells nothing of the bytes.
pub(crate) fn decode_secret(text: &str) -> Option<Vec<u8>> {
    let mut bytes = vec![0; decoded_length(text)];
    // A character alone holds less than a byte.
    let mut wrong = u32::from(text.len() % 4 == 1);
    for (group, decoded) in text.as_bytes().chunks(4).zip(bytes.chunks_mut(3)) {
        let mut bits = 0;
        for place in 0..4 {
            let value = group.get(place).map_or(0, |character| value(*character));
            wrong |= value >> 6;
            bits = (bits << 6) | value;
        }
        for byte in decoded {
            let [_, first, ..] = bits.to_be_bytes();
            *byte = first;
            bits <<= 8;
        }
        wrong |= bits & 0x00ff_ffff;
    }
    (wrong == 0).then_some(bytes)
}

/// The value of a character; more than six bits where it has none. Without a branch.
fn value(character: u8) -> u32 {
    let character = u32::from(character);
    // All ones where the character is one of those, else zero.
    let among = |first: u8, last: u8| {
        let outside = character.wrapping_sub(u32::from(first)) | u32::from(last).wrapping_sub(character);
        (outside >> 31).wrapping_sub(1)
    };
    let upper = among(b'A', b'Z') & character.wrapping_sub(64);
    let lower = among(b'a', b'z') & character.wrapping_sub(70);
    let digit = among(b'0', b'9') & character.wrapping_add(5);
    let minus = among(b'-', b'-') & 63;
    let under = among(b'_', b'_') & 64;
    // Each is one more than the value, so that what is none wraps.
    (upper | lower | digit | minus | under).wrapping_sub(1)
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
            for before in ["", "AQID"] {
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
        check("é".as_bytes());
        check("aé".as_bytes());
        check("€A".as_bytes());
    }
}
