//! An ECDSA signature as X.509 writes it, and as JWS does.

/// The numbers of an `Ecdsa-Sig-Value` (RFC 3279 §2.2.3) in strict DER, side by side (RFC 7518 §3.4); `None` where the
/// text is no DER, or a number is negative or longer than a coordinate.
pub(crate) fn side_by_side(signature: &[u8], coordinate_bytes: usize) -> Option<Vec<u8>> {
    let (numbers, []) = element(signature, 0x30)? else { return None };
    let (r, rest) = element(numbers, 0x02)?;
    let (s, []) = element(rest, 0x02)? else { return None };
    Some([number(r, coordinate_bytes)?, number(s, coordinate_bytes)?].concat())
}

/// The content of the element of that tag, and what follows.
fn element(text: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (length, rest) = text.strip_prefix(&[tag])?.split_first()?;
    let (length, rest) = match length {
        ..=0x7f => (length, rest),
        // The long form only where the short one does not do (X.690 §10.1).
        0x81 => rest.split_first().filter(|(long, _)| **long >= 0x80)?,
        _ => return None,
    };
    rest.split_at_checked(usize::from(*length))
}

/// A natural number with as many bytes as asked for.
fn number(integer: &[u8], bytes: usize) -> Option<Vec<u8>> {
    let magnitude = match integer {
        // A zero in front only where the number would be negative without (X.690 §8.3.2).
        [0, second, ..] if *second < 0x80 => return None,
        [0, rest @ ..] if !rest.is_empty() => rest,
        [first, ..] if *first < 0x80 => integer,
        _ => return None,
    };
    let padding = bytes.checked_sub(magnitude.len())?;
    Some([&vec![0; padding], magnitude].concat())
}

#[test]
fn strict_der_alone_is_read() {
    let read = |text: &[u8]| side_by_side(text, 2);
    assert_eq!(read(&[0x30, 6, 2, 1, 1, 2, 1, 2]), Some(vec![0, 1, 0, 2]));
    assert_eq!(read(&[0x30, 8, 2, 2, 0, 0x80, 2, 2, 0x7f, 0xff]), Some(vec![0, 0x80, 0x7f, 0xff]));
    assert_eq!(read(&[0x30, 6, 2, 1, 0, 2, 1, 0]), Some(vec![0, 0, 0, 0]));
    let refused: [&[u8]; 7] = [
        &[0x30, 7, 2, 2, 0, 1, 2, 1, 2],    // a zero too much
        &[0x30, 6, 2, 1, 0x80, 2, 1, 2],    // negative
        &[0x30, 6, 2, 1, 1, 2, 1, 2, 0],    // something behind it
        &[0x30, 0x81, 6, 2, 1, 1, 2, 1, 2], // a length in the long form
        &[0x30, 5, 2, 1, 1, 2, 0],          // no number
        &[0x30, 8, 2, 3, 1, 0, 0, 2, 1, 2], // longer than a coordinate
        &[0x31, 6, 2, 1, 1, 2, 1, 2],       // another tag
    ];
    for text in refused {
        assert_eq!(read(text), None, "{text:?}");
    }
}
