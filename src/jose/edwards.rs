//! What is asked of an Ed25519 key and signature before the equation is (RFC 8032 §5.1.3, §5.1.7). Platforms disagree on
//! points of small order, on second spellings and on the bounds of S; on the equation behind them they do not.

use super::curve::{Number, add, multiply, number, subtract};

/// y and S, the greatest byte first, so that comparing bytes compares numbers.
type Bytes = [u8; 32];

/// p = 2^255 − 19
#[rustfmt::skip]
const PRIME: &Bytes =
    b"\x7f\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xed";
/// p − 1
#[rustfmt::skip]
const MINUS_ONE: &Bytes =
    b"\x7f\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xec";
/// The order of the base point.
#[rustfmt::skip]
const ORDER: &Bytes =
    b"\x10\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x14\xde\xf9\xde\xa2\xf7\x9c\xd6\x58\x12\x63\x1a\x5c\xf5\xd3\xed";
/// The y of all points whose order divides 8: of order 4, 1, 2, and twice 8.
#[rustfmt::skip]
const OF_SMALL_ORDER: [&Bytes; 5] = [
    &[0; 32],
    b"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01",
    MINUS_ONE,
    b"\x05\xfc\x53\x6d\x88\x02\x38\xb1\x39\x33\xc6\xd3\x05\xac\xdf\xd5\xf0\x98\xef\xf2\x89\xf4\xc3\x45\xb0\x27\xb2\xc2\x8f\x95\xe8\x26",
    b"\x7a\x03\xac\x92\x77\xfd\xc7\x4e\xc6\xcc\x39\x2c\xfa\x53\x20\x2a\x0f\x67\x10\x0d\x76\x0b\x3c\xba\x4f\xd8\x4d\x3d\x70\x6a\x17\xc7",
];

/// Whether it is the one spelling of a point of the curve that is not of small order.
pub(super) fn is_strong_key(key: &[u8]) -> bool {
    strong_y(key).is_some_and(|y| is_of_point(&y))
}

/// Whether the equation may be asked about a signature: R could be the one spelling of a strong point, and S is below the
/// order. Whether R is a point at all the equation says.
pub(super) fn is_strict(signature: &[u8]) -> bool {
    let Some((r, s)) = signature.split_at_checked(32) else { return false };
    strong_y(r).is_some() && reversed(s).is_some_and(|s| s < *ORDER)
}

/// The y of an encoded point, where it is below p and of no point of small order. So x is not 0, which only y of 1 and
/// −1 have, and each sign of it has one spelling.
fn strong_y(encoded: &[u8]) -> Option<Bytes> {
    let mut y = reversed(encoded)?;
    let [first, ..] = &mut y;
    *first &= 0x7f;
    (y < *PRIME && !OF_SMALL_ORDER.contains(&&y)).then_some(y)
}

fn reversed(bytes: &[u8]) -> Option<Bytes> {
    let mut bytes = Bytes::try_from(bytes).ok()?;
    bytes.reverse();
    Some(bytes)
}

/// Whether the curve −x² + y² = 1 − 121665/121666 x² y² has an x for this y, which is not 1 or −1.
///
/// With u = y² − 1, x² is 121666 u / (1 − 121665 u). As 121666 and −1 are squares modulo p, there is an x where u and
/// 121665 u − 1 are both squares, or both none. Neither is 0: the latter would make −1 / d a square, and d is none.
fn is_of_point(y: &Bytes) -> bool {
    let [prime, minus_one] = [PRIME, MINUS_ONE].map(|bytes| number(bytes));
    let mut u = multiply(y, &number(y), &prime);
    add(&mut u, &minus_one, &prime);
    let mut denominator = multiply(b"\x01\xdb\x41", &u, &prime);
    add(&mut denominator, &minus_one, &prime);
    is_square(u, prime) == is_square(denominator, prime)
}

/// Whether the Jacobi symbol (a/n) is 1, by the law of quadratic reciprocity: for a prime n, and an a between 0 and n,
/// whether a is a square modulo n. Raising to (p − 1)/2 would take some hundred times as long.
fn is_square(mut a: Number, mut n: Number) -> bool {
    let mut is_square = true;
    while a != Number::default() {
        let ([a_low, ..], [n_low, ..]) = (a, n);
        if a_low & 1 == 0 {
            let mut carry = 0;
            for limb in a.iter_mut().rev() {
                (*limb, carry) = (*limb >> 1 | carry, *limb << 63);
            }
            is_square ^= matches!(n_low & 7, 3 | 5);
            continue;
        }
        let mut difference = a;
        if subtract(&mut difference, &n) {
            is_square ^= a_low & n_low & 3 == 3;
            difference = n;
            subtract(&mut difference, &a);
            n = a;
        }
        a = difference;
    }
    is_square
}

#[cfg(all(test, feature = "ed25519"))]
mod tests {
    use ed25519_dalek::VerifyingKey;

    use super::{Bytes, ORDER, PRIME, is_strict, is_strong_key};

    /// What ed25519-dalek says of a key: a point in its one spelling, and not of small order.
    fn is_strong_to_dalek(key: &Bytes) -> bool {
        let point = VerifyingKey::from_bytes(key).ok().filter(|key| !key.is_weak());
        point.is_some_and(|point| point.to_edwards().compress().as_bytes() == key)
    }

    /// The number, the least byte first, and a sign.
    fn encoded(mut number: Bytes, sign: bool) -> Bytes {
        number.reverse();
        if let Some(last) = number.last_mut() {
            *last |= u8::from(sign) << 7;
        }
        number
    }

    /// That many more.
    fn plus(number: &Bytes, more: i32) -> Bytes {
        let mut sum = *number;
        let mut carry = more;
        for byte in sum.iter_mut().rev() {
            let digit = i32::from(*byte) + carry;
            (*byte, carry) = (u8::try_from(digit.rem_euclid(256)).unwrap_or(0), digit.div_euclid(256));
        }
        sum
    }

    /// Bytes without an end that look random, and are the same each time.
    fn noise() -> impl Iterator<Item = Bytes> {
        let mut last = crate::digest::sha256(b"noise");
        core::iter::repeat_with(move || {
            last = crate::digest::sha256(&last);
            last
        })
    }

    #[test]
    fn keys_are_those_of_dalek() {
        let small = (0..600).map(|y| plus(&[0; 32], y));
        let great = (-600..19).map(|y| plus(PRIME, y));
        let drawn = noise().take(2_000).map(|mut y| {
            y[0] &= 0x7f;
            y
        });
        let of_order_eight = super::OF_SMALL_ORDER.into_iter().copied();
        let (mut strong, mut others) = (0, 0);
        for y in small.chain(great).chain(drawn).chain(of_order_eight) {
            for sign in [false, true] {
                let key = encoded(y, sign);
                assert_eq!(is_strong_key(&key), is_strong_to_dalek(&key), "{key:02x?}");
                *if is_strong_key(&key) { &mut strong } else { &mut others } += 1;
            }
        }
        assert!(strong > 2_000 && others > 2_000, "{strong}, {others}");
    }

    #[test]
    fn every_point_of_small_order_is_weak() {
        for y in super::OF_SMALL_ORDER {
            for sign in [false, true] {
                let key = encoded(*y, sign);
                assert!(VerifyingKey::from_bytes(&key).is_ok_and(|key| key.is_weak()), "{key:02x?}");
                assert!(!is_strict(&[key, [0; 32]].concat()), "{key:02x?}");
            }
        }
    }

    /// y of the base point is 4/5.
    fn base() -> Bytes {
        encoded(plus(&[0x66; 32], -14), false)
    }

    #[test]
    fn a_key_has_32_bytes_and_a_signature_64() {
        for length in 0..100 {
            let bytes: Vec<u8> = base().into_iter().chain([1]).chain([0; 31]).cycle().take(length).collect();
            assert_eq!((is_strong_key(&bytes), is_strict(&bytes)), (length == 32, length == 64));
        }
    }

    #[test]
    fn s_is_below_the_order() {
        for (more, is_below) in [(-2, true), (-1, true), (0, false), (1, false)] {
            let s = encoded(plus(ORDER, more), false);
            assert_eq!(is_strict(&[base(), s].concat()), is_below, "{more}");
        }
        assert!(!is_strict(&[base(), encoded(plus(&[0; 32], 1), true)].concat()));
    }
}
