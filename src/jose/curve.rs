//! Whether a point is on its curve: y² = x³ − 3x + b modulo p (FIPS 186-4 §D.1.2, SEC 2 §2).
//!
//! Multiplication is by doubling and adding, because each byte of this is downloaded and each key is looked at once.
//! A public key is no secret, so the time that this takes may depend on it.

use super::algorithm::Curve;

/// A number below 2^576, least limb first. A sum of two coordinates of P-521 has 522 bits.
pub(super) type Number = [u64; 9];

/// Whether both coordinates are of their curve's length and below its prime, and the point is on the curve. The
/// cofactor is 1 on all three, so there is no subgroup to ask for, and no coordinates stand for the point at infinity.
pub(super) fn is_on_curve(curve: Curve, x: &[u8], y: &[u8]) -> bool {
    let (prime, b) = parameters(curve);
    if x.len() != prime.len() || y.len() != prime.len() {
        return false;
    }
    let [prime, b, x_number, y_number] = [prime, b, x, y].map(number);
    let is_below_prime = |number: Number| subtract(&mut { number }, &prime);
    if !is_below_prime(x_number) || !is_below_prime(y_number) {
        return false;
    }
    // y² + 3x = x³ + b
    let mut left = multiply(y, &y_number, &prime);
    for _ in 0..3 {
        add(&mut left, &x_number, &prime);
    }
    let mut right = multiply(x, &multiply(x, &x_number, &prime), &prime);
    add(&mut right, &b, &prime);
    left == right
}

/// The number that these bytes write, the greatest first.
pub(super) fn number(bytes: &[u8]) -> Number {
    let mut number = Number::default();
    for (limb, bytes) in number.iter_mut().zip(bytes.rchunks(8)) {
        *limb = bytes.iter().fold(0, |limb, byte| limb << 8 | u64::from(*byte));
    }
    number
}

/// Both factors below the prime, and so is the product.
pub(super) fn multiply(factor: &[u8], other: &Number, prime: &Number) -> Number {
    let mut product = Number::default();
    for byte in factor {
        for bit in (0..8).rev() {
            let once = product;
            add(&mut product, &once, prime);
            if byte >> bit & 1 == 1 {
                add(&mut product, other, prime);
            }
        }
    }
    product
}

/// Both terms below the prime, and so is the sum.
pub(super) fn add(sum: &mut Number, term: &Number, prime: &Number) {
    let mut carry = false;
    for (limb, other) in sum.iter_mut().zip(term) {
        let (added, over) = limb.overflowing_add(*other);
        let (added, over_by_carry) = added.overflowing_add(u64::from(carry));
        (*limb, carry) = (added, over || over_by_carry);
    }
    let mut reduced = *sum;
    if !subtract(&mut reduced, prime) {
        *sum = reduced;
    }
}

/// Says whether the difference is below zero; it is then 2^576 too great.
pub(super) fn subtract(difference: &mut Number, term: &Number) -> bool {
    let mut borrow = false;
    for (limb, other) in difference.iter_mut().zip(term) {
        let (rest, under) = limb.overflowing_sub(*other);
        let (rest, under_by_borrow) = rest.overflowing_sub(u64::from(borrow));
        (*limb, borrow) = (rest, under || under_by_borrow);
    }
    borrow
}

/// The prime p and the coefficient b (FIPS 186-4 §D.1.2.3 to §D.1.2.5). The coefficient a is −3 on all three.
fn parameters(curve: Curve) -> (&'static [u8], &'static [u8]) {
    match curve {
        Curve::P256 => (
            b"\xff\xff\xff\xff\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\
              \x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
            b"\x5a\xc6\x35\xd8\xaa\x3a\x93\xe7\xb3\xeb\xbd\x55\x76\x98\x86\xbc\
              \x65\x1d\x06\xb0\xcc\x53\xb0\xf6\x3b\xce\x3c\x3e\x27\xd2\x60\x4b",
        ),
        Curve::P384 => (
            b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\
              \xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xfe\
              \xff\xff\xff\xff\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff\xff\xff",
            b"\xb3\x31\x2f\xa7\xe2\x3e\xe7\xe4\x98\x8e\x05\x6b\xe3\xf8\x2d\x19\
              \x18\x1d\x9c\x6e\xfe\x81\x41\x12\x03\x14\x08\x8f\x50\x13\x87\x5a\
              \xc6\x56\x39\x8d\x8a\x2e\xd1\x9d\x2a\x85\xc8\xed\xd3\xec\x2a\xef",
        ),
        Curve::P521 => (
            b"\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\
              \xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\
              \xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\
              \xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\
              \xff\xff",
            b"\x00\x51\x95\x3e\xb9\x61\x8e\x1c\x9a\x1f\x92\x9a\x21\xa0\xb6\x85\
              \x40\xee\xa2\xda\x72\x5b\x99\xb3\x15\xf3\xb8\xb4\x89\x91\x8e\xf1\
              \x09\xe1\x56\x19\x39\x51\xec\x7e\x93\x7b\x16\x52\xc0\xbd\x3b\xb1\
              \xbf\x07\x35\x73\xdf\x88\x3d\x2c\x34\xf1\xef\x45\x1f\xd4\x6b\x50\
              \x3f\x00",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::{Number, add, is_on_curve, number, parameters, subtract};
    use crate::base64url;
    use crate::jose::algorithm::Curve;

    /// The generators of FIPS 186-4 §D.1.2 and the public keys of RFC 6979 §A.2.5 to §A.2.7, in hexadecimal.
    #[rustfmt::skip]
    const POINTS: &[(Curve, &str, &str)] = &[
        (Curve::P256, "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
                      "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"),
        (Curve::P256, "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6",
                      "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299"),
        (Curve::P384, "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7",
                      "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f"),
        (Curve::P384, "ec3a4e415b4e19a4568618029f427fa5da9a8bc4ae92e02e06aae5286b300c64def8f0ea9055866064a254515480bc13",
                      "8015d9b72d7d57244ea8ef9ac0c621896708a59367f9dfb9f54ca84b3f1c9db1288b231c3ae0d4fe7344fd2533264720"),
        (Curve::P521, "00c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66",
                      "011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650"),
        (Curve::P521, "01894550d0785932e00eaa23b694f213f8c3121f86dc97a04e5a7167db4e5bcd371123d46e45db6b5d5370a7f20fb633155d38ffa16d2bd761dcac474b9a2f5023a4",
                      "00493101c962cd4d2fddf782285e64584139c2f91b47f87ff82354d6630f746a28a0db25741b5b34a828008b22acc23f924faafbd4d33f81ea66956dfeaa2bfdfcf5"),
    ];

    fn bytes(hexadecimal: &str) -> Vec<u8> {
        let digits = hexadecimal.as_bytes().chunks(2).map(|pair| core::str::from_utf8(pair).unwrap_or(""));
        digits.filter_map(|pair| u8::from_str_radix(pair, 16).ok()).collect()
    }

    fn points() -> impl Iterator<Item = (Curve, Vec<u8>, Vec<u8>)> {
        POINTS.iter().map(|(curve, x, y)| (*curve, bytes(x), bytes(y)))
    }

    /// A number of the curve in bytes, of its coordinates' length.
    fn coordinate(curve: Curve, number: &Number) -> Vec<u8> {
        let all: Vec<u8> = number.iter().rev().flat_map(|limb| limb.to_be_bytes()).collect();
        all.into_iter().skip(72 - curve.coordinate_bytes()).collect()
    }

    /// The last byte one more, or one less where it is the greatest: always another number.
    fn beside(coordinate: &[u8]) -> Vec<u8> {
        let mut beside = coordinate.to_vec();
        if let Some(last) = beside.last_mut() {
            *last = last.checked_add(1).unwrap_or(*last - 1);
        }
        beside
    }

    #[test]
    fn published_points_are_on_their_curves() {
        for (curve, x, y) in points() {
            assert_eq!([x.len(), y.len()], [curve.coordinate_bytes(); 2]);
            assert!(is_on_curve(curve, &x, &y), "{curve:?} {x:02x?}");
        }
        // RFC 7515 §A.3.1 and §A.4.1.
        for (curve, x, y) in [
            (Curve::P256, "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"),
            (
                Curve::P521,
                "AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk",
                "ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2",
            ),
        ] {
            let (x, y) = (base64url::decode(x).unwrap_or_default(), base64url::decode(y).unwrap_or_default());
            assert!(is_on_curve(curve, &x, &y), "{curve:?}");
        }
    }

    #[test]
    fn a_point_beside_the_curve_is_not_on_it() {
        for (curve, x, y) in points() {
            assert!(!is_on_curve(curve, &beside(&x), &y), "{curve:?}");
            assert!(!is_on_curve(curve, &x, &beside(&y)), "{curve:?}");
            assert!(!is_on_curve(curve, &y, &x), "{curve:?}");
            let zero = vec![0; curve.coordinate_bytes()];
            assert!(!is_on_curve(curve, &zero, &zero), "{curve:?}");
            assert!(!is_on_curve(curve, &x, &zero), "{curve:?}");
        }
    }

    #[test]
    fn the_negative_of_a_point_is_on_the_curve() {
        for (curve, x, y) in points() {
            let mut negative = number(parameters(curve).0);
            assert!(!subtract(&mut negative, &number(&y)));
            let negative = coordinate(curve, &negative);
            assert_ne!(negative, y);
            assert!(is_on_curve(curve, &x, &negative), "{curve:?}");
        }
    }

    /// The number and p more: one value modulo p in another spelling.
    fn plus_prime(curve: Curve, bytes: &[u8]) -> Vec<u8> {
        let mut sum = number(bytes);
        add(&mut sum, &number(parameters(curve).0), &[u64::MAX; 9]);
        coordinate(curve, &sum)
    }

    #[test]
    fn a_coordinate_is_below_the_prime() {
        // Points with so small an x, and then y, that p more still has the coordinate's length.
        #[rustfmt::skip]
        let small_x = [
            (Curve::P256, 5, "459243b9aa581806fe913bce99817ade11ca503c64d9a3c533415c083248fbcc"),
            (Curve::P384, 2, "8cdeadbbd04911a3c1931e26df3fa6439dca9c7eb286fbd46fc319f0e2bb780232baf57825fc0c1912ada2fefe84024c"),
            (Curve::P521, 1, "0010e59be93c4f269c0269c79e2afd65d6aeaa9b701eacc194fb3ee03df47849bf550ec636ebee0ddd4a16f1cd9406605af38f584567770e3f272d688c832e843564"),
        ];
        for (curve, x, y) in small_x {
            let (x, y) = (coordinate(curve, &number(&[x])), bytes(y));
            assert!(is_on_curve(curve, &x, &y), "{curve:?}");
            assert!(!is_on_curve(curve, &plus_prime(curve, &x), &y), "{curve:?}");
            assert!(!is_on_curve(curve, parameters(curve).0, &y), "{curve:?}");
        }
        #[rustfmt::skip]
        let y_is_one = [
            (Curve::P256, "6916fac45e568b6b9e2e2ecd611b282e5fcc40a3067d601057f879ce5a8a73cc"),
            (Curve::P384, "2261b2bf605c22f2f3aef6338719b2c486388ad5240719a5257315969ef01ba27f0a104c89704773a81fdabee6ab5c78"),
            (Curve::P521, "00d9cb7a32dab342f863edb340f3ea61ddf833e755ce66bb1a918a42714ba05bcdf4ff10994f616a9d80cd0b48b326e3a8a2a8f5634d824875b6e71fb7cddd7b5018"),
        ];
        for (curve, x) in y_is_one {
            let (x, y) = (bytes(x), coordinate(curve, &number(&[1])));
            assert!(is_on_curve(curve, &x, &y), "{curve:?}");
            assert!(!is_on_curve(curve, &x, &plus_prime(curve, &y)), "{curve:?}");
        }
    }

    #[test]
    fn a_carry_goes_through_a_full_limb() {
        let mut sum = [u64::MAX, u64::MAX, 0, 0, 0, 0, 0, 0, 0];
        add(&mut sum, &[1, 0, 0, 0, 0, 0, 0, 0, 0], &[u64::MAX; 9]);
        assert_eq!(sum, [0, 0, 1, 0, 0, 0, 0, 0, 0]);
        assert!(!subtract(&mut sum, &[1, 0, 0, 0, 0, 0, 0, 0, 0]));
        assert_eq!(sum, [u64::MAX, u64::MAX, 0, 0, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn a_coordinate_has_its_curves_length() {
        for (curve, x, y) in points() {
            let longer = [&[0], x.as_slice()].concat();
            assert!(!is_on_curve(curve, &longer, &y), "{curve:?}");
            assert!(!is_on_curve(curve, &x, &[&[0], y.as_slice()].concat()), "{curve:?}");
            assert!(!is_on_curve(curve, x.get(1..).unwrap_or(&[]), &y), "{curve:?}");
            assert!(!is_on_curve(curve, &[], &[]), "{curve:?}");
            for other in [Curve::P256, Curve::P384, Curve::P521].into_iter().filter(|other| *other != curve) {
                assert!(!is_on_curve(other, &x, &y), "{curve:?} {other:?}");
            }
        }
    }
}
