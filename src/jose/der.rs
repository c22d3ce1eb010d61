//! What DER needs to read a public key (X.690 §10.1): each length is definite and in its shortest form.

pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const BIT_STRING: u8 = 0x03;
pub(super) const INTEGER: u8 = 0x02;

/// Elements that are still to be read.
pub(super) struct Der<'a>(&'a [u8]);

impl<'a> Der<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The contents of the next element, which has that tag.
    pub(super) fn next(&mut self, tag: u8) -> Option<&'a [u8]> {
        let (own, length, rest) = match self.0 {
            [own, length @ 0..=0x7f, rest @ ..] => (own, usize::from(*length), rest),
            [own, 0x81, length @ 0x80..=0xff, rest @ ..] => (own, usize::from(*length), rest),
            // 64 KiB are more than any key has.
            [own, 0x82, high @ 1..=0xff, low, rest @ ..] => (own, usize::from(u16::from_be_bytes([*high, *low])), rest),
            _ => return None,
        };
        let (contents, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        (*own == tag).then_some(contents)
    }

    /// The contents of the next element, which is the last.
    pub(super) fn only(mut self, tag: u8) -> Option<&'a [u8]> {
        let contents = self.next(tag)?;
        self.is_done().then_some(contents)
    }

    /// The digits of the next element, an INTEGER above zero, without the zero that keeps its first bit from being a
    /// sign (X.690 §8.3).
    pub(super) fn positive(&mut self) -> Option<&'a [u8]> {
        match self.next(INTEGER)? {
            [0, digits @ ..] if digits.first().is_some_and(|first| *first >= 0x80) => Some(digits),
            digits @ [0x01..=0x7f, ..] => Some(digits),
            _ => None,
        }
    }

    pub(super) fn is_done(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::{BIT_STRING, Der, INTEGER, SEQUENCE};

    /// An element with a head of these bytes, and so many bytes of contents.
    fn element(head: &[u8], length: usize) -> Vec<u8> {
        [head, &vec![7; length]].concat()
    }

    #[test]
    fn a_length_has_one_spelling() {
        let length = |head: &[u8], length: usize| Der::new(&element(head, length)).only(SEQUENCE).map(<[u8]>::len);
        for (head, bytes) in [
            (&[0x30, 0x00][..], 0),
            (&[0x30, 0x7f], 127),
            (&[0x30, 0x81, 0x80], 128),
            (&[0x30, 0x81, 0xff], 255),
            (&[0x30, 0x82, 0x01, 0x00], 256),
            (&[0x30, 0x82, 0xff, 0xff], 65_535),
        ] {
            assert_eq!(length(head, bytes), Some(bytes), "{head:02x?}");
            assert_eq!(length(head, bytes + 1), None, "something behind {head:02x?}");
            if bytes > 0 {
                assert_eq!(length(head, bytes - 1), None, "cut off {head:02x?}");
            }
        }
        for (head, bytes) in [
            (&[0x30, 0x81, 0x7f][..], 127),
            (&[0x30, 0x81, 0x00], 0),
            (&[0x30, 0x82, 0x00, 0xff], 255),
            (&[0x30, 0x83, 0x00, 0x01, 0x00], 256),
            (&[0x30, 0x83, 0x01, 0x00, 0x00], 65_536),
            (&[0x30, 0x80], 0),
            (&[0x30, 0x80], 2),
            (&[0x30, 0xff], 0),
            (&[0x30, 0x81], 0),
            (&[0x30, 0x82, 0x01], 0),
            (&[0x30], 0),
            (&[], 0),
        ] {
            assert_eq!(length(head, bytes), None, "{head:02x?}");
        }
    }

    #[test]
    fn elements_are_read_one_after_the_other_by_their_tags() {
        let bytes = [0x30, 0x01, 0x05, 0x03, 0x02, 0x00, 0x09];
        let mut der = Der::new(&bytes);
        assert_eq!(der.next(SEQUENCE), Some(&[0x05][..]));
        assert!(!der.is_done());
        assert_eq!(der.next(BIT_STRING), Some(&[0x00, 0x09][..]));
        assert!(der.is_done());
        assert_eq!(der.next(BIT_STRING), None);
        assert_eq!(Der::new(&bytes).next(BIT_STRING), None);
        // Primitive where it should be constructed, and the other way round.
        assert_eq!(Der::new(&[0x10, 0x00]).next(SEQUENCE), None);
        assert_eq!(Der::new(&[0x23, 0x00]).next(BIT_STRING), None);
    }

    #[test]
    fn an_integer_is_positive_and_in_its_shortest_form() {
        let digits = |contents: &[u8]| -> Option<Vec<u8>> {
            let length = u8::try_from(contents.len()).ok()?;
            Der::new(&[&[INTEGER, length], contents].concat()).positive().map(<[u8]>::to_vec)
        };
        assert_eq!(digits(&[1]), Some(vec![1]));
        assert_eq!(digits(&[0x7f, 0xff]), Some(vec![0x7f, 0xff]));
        assert_eq!(digits(&[0, 0x80]), Some(vec![0x80]));
        assert_eq!(digits(&[0, 0xff, 0]), Some(vec![0xff, 0]));
        for contents in [&[][..], &[0], &[0, 0], &[0, 1], &[0, 0x7f], &[0, 0, 0x80], &[0x80], &[0xff], &[0xff, 0x01]] {
            assert_eq!(digits(contents), None, "{contents:02x?}");
        }
    }
}
