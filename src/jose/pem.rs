//! A public key as PEM: one block `PUBLIC KEY` (RFC 7468 §13) of a SubjectPublicKeyInfo (RFC 5280 §4.1) in DER.

use super::algorithm::Curve;
use super::der::{BIT_STRING, Der, SEQUENCE};
use super::key::{KeyError, Material};
use crate::base64url;

const BEGIN: &str = "-----BEGIN PUBLIC KEY-----";
const END: &str = "-----END PUBLIC KEY-----";

/// What the key is, by its AlgorithmIdentifier.
#[derive(Clone, Copy)]
enum Kind {
    Rsa,
    Ec(Curve),
    Ed25519,
}

/// The contents of each AlgorithmIdentifier that is known. DER has one spelling for each, so the bytes are compared.
#[rustfmt::skip]
const ALGORITHMS: &[(&[u8], Kind)] = &[
    // rsaEncryption with NULL (RFC 3279 §2.3.1)
    (b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00", Kind::Rsa),
    // id-ecPublicKey with secp256r1, secp384r1, secp521r1 (RFC 5480 §2.1.1)
    (b"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07", Kind::Ec(Curve::P256)),
    (b"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x22", Kind::Ec(Curve::P384)),
    (b"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x23", Kind::Ec(Curve::P521)),
    // id-Ed25519 without parameters (RFC 8410 §3)
    (b"\x06\x03\x2b\x65\x70", Kind::Ed25519),
];

/// What a PEM text's one public key is made of. [`Key::from_spki`](super::key::Key::from_spki) asks for its size and
/// the rest.
///
/// 1. Nothing but the block and white space around it; LF or CRLF; lines of any length but none empty, and no space
///    within (RFC 7468 §2 lets a parser choose).
/// 2. Base64 with its padding, in its one spelling.
/// 3. DER with nothing behind any part of it: each length definite and in its shortest form.
/// 4. An algorithm of [`ALGORITHMS`], a BIT STRING without unused bits, and in it the key as that algorithm has it.
pub(crate) fn read_spki(text: &str) -> Result<Material, KeyError> {
    let mut lines = text.trim_ascii().lines();
    if (lines.next(), lines.next_back()) != (Some(BEGIN), Some(END)) {
        return Err(KeyError::Broken("the text is no single block PUBLIC KEY"));
    }
    let mut base64 = String::new();
    for line in lines {
        if line.is_empty() {
            return Err(KeyError::Broken("a line of the block is empty"));
        }
        base64.push_str(line);
    }
    let der = base64url::decode_base64(&base64).ok_or(KeyError::Broken("the block is no base64"))?;
    read_der(&der).ok_or(KeyError::Broken("the block is no SubjectPublicKeyInfo in DER of a key known here"))
}

fn read_der(der: &[u8]) -> Option<Material> {
    let mut info = Der::new(Der::new(der).only(SEQUENCE)?);
    let identifier = info.next(SEQUENCE)?;
    let [0, key @ ..] = info.only(BIT_STRING)? else { return None };
    match ALGORITHMS.iter().find(|(known, _)| *known == identifier)?.1 {
        // RSAPublicKey, RFC 3279 §2.3.1.
        Kind::Rsa => {
            let mut numbers = Der::new(Der::new(key).only(SEQUENCE)?);
            let (modulus, exponent) = (numbers.positive()?.to_vec(), numbers.positive()?.to_vec());
            numbers.is_done().then_some(Material::Rsa { modulus, exponent })
        }
        // ECPoint, RFC 5480 §2.2, uncompressed (SEC 1 §2.3.3).
        Kind::Ec(curve) => {
            let [0x04, point @ ..] = key else { return None };
            let (x, y) = point.split_at_checked(curve.coordinate_bytes())?;
            Some(Material::Ec { curve, x: x.to_vec(), y: y.to_vec() })
        }
        // RFC 8410 §4.
        Kind::Ed25519 => Some(Material::Ed25519(key.to_vec())),
    }
}

#[cfg(test)]
mod tests {
    use base64ct::{Base64, Encoding};

    use super::{ALGORITHMS, BIT_STRING, SEQUENCE, read_spki};
    use crate::base64url;
    use crate::jose::algorithm::{Algorithm, Curve};
    use crate::jose::der::INTEGER;
    use crate::jose::key::{Key, KeyError, Material};
    use crate::json::Json;

    const FORM: KeyError = KeyError::Broken("the block is no SubjectPublicKeyInfo in DER of a key known here");
    const LABEL: KeyError = KeyError::Broken("the text is no single block PUBLIC KEY");
    const BASE64: KeyError = KeyError::Broken("the block is no base64");

    // TEST ONLY: the keys below are made by openssl, and belong to nobody.
    const RSA: &str = "-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAtMbfR9sdEmTkB1kkBYm1
9pJ7AZnlr57fxmcFJtmwIJ1zQ+6V0vEVLfAT+2j3fdJiy6Mrr/IAjTxZumXPRS7n
EqozSbWhLyrr0ej8SmS0iRnXMP37c8yxNfPw45L5kAL/+2ImKSXxvOK/xCVEJ7BH
bxEBylg0vBsDzzljJCT4qb29YmjKPk0WbFByQ9Uhy3XgFgI8xmQ+MvKrMDUpwZYP
vDNYGPB6CX/l7ApzeANSxsPR1POnQ+cnNJiBM9BWBMiu2eIMo5M2VBixpZ6+yKtQ
0IF6z3Iu9NtU4/ALMRY8jg289SdzDQcLyNcKynFbC2Bieo/fTMP+EICP+i9kDEyi
owIDAQAB
-----END PUBLIC KEY-----
";
    const RSA_JWK: &str = r#"{"kty":"RSA","e":"AQAB","n":"tMbfR9sdEmTkB1kkBYm19pJ7AZnlr57fxmcFJtmwIJ1zQ-6V0vEVLfAT-2j3fdJiy6Mrr_IAjTxZumXPRS7nEqozSbWhLyrr0ej8SmS0iRnXMP37c8yxNfPw45L5kAL_-2ImKSXxvOK_xCVEJ7BHbxEBylg0vBsDzzljJCT4qb29YmjKPk0WbFByQ9Uhy3XgFgI8xmQ-MvKrMDUpwZYPvDNYGPB6CX_l7ApzeANSxsPR1POnQ-cnNJiBM9BWBMiu2eIMo5M2VBixpZ6-yKtQ0IF6z3Iu9NtU4_ALMRY8jg289SdzDQcLyNcKynFbC2Bieo_fTMP-EICP-i9kDEyiow"}"#;
    const P256: &str = "-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAETS9Uv+C7BxP+8Ed02LjQG5BZ+HhB
Sl1FZH36oiotqARhXth+wwXAhTt7/c0nX9nhl9ugB1rgg6xa2ILgpzpeUQ==
-----END PUBLIC KEY-----
";
    const P256_JWK: &str = r#"{"crv":"P-256","kty":"EC","x":"TS9Uv-C7BxP-8Ed02LjQG5BZ-HhBSl1FZH36oiotqAQ","y":"YV7YfsMFwIU7e_3NJ1_Z4ZfboAda4IOsWtiC4Kc6XlE"}"#;
    const P384: &str = "-----BEGIN PUBLIC KEY-----
MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEjAQTtV+RsYeL68NeJWbAA8hSaRQxJqUJ
Zr8kldaHP32g4tNHXtKzrYoYWazODXnilzfktlFF3Be/jhATKm2ffQRkVveCr9A2
hLjCvvMx3AFFFpJAxGTErUuXi9hSo7Cv
-----END PUBLIC KEY-----
";
    const P384_JWK: &str = r#"{"crv":"P-384","kty":"EC","x":"jAQTtV-RsYeL68NeJWbAA8hSaRQxJqUJZr8kldaHP32g4tNHXtKzrYoYWazODXni","y":"lzfktlFF3Be_jhATKm2ffQRkVveCr9A2hLjCvvMx3AFFFpJAxGTErUuXi9hSo7Cv"}"#;
    const P521: &str = "-----BEGIN PUBLIC KEY-----
MIGbMBAGByqGSM49AgEGBSuBBAAjA4GGAAQBWQrBvOMo4zitKP9LC8DI8ntjAUqD
hrJ6ptMfyt8YaZAqDatsf4DWU1AxA+gkjSxo2pWZq8nDlUDU/JpMPUw1s8wBzOKe
aBwS7XOvgW3T/WGx9IMTLN/Af6g1TeIjqxcc6X/nOlXRf12MwkYERg2RpNdZgAWp
5Ng+YIbRailaHBjDEV0=
-----END PUBLIC KEY-----
";
    const P521_JWK: &str = r#"{"crv":"P-521","kty":"EC","x":"AVkKwbzjKOM4rSj_SwvAyPJ7YwFKg4ayeqbTH8rfGGmQKg2rbH-A1lNQMQPoJI0saNqVmavJw5VA1PyaTD1MNbPM","y":"AczinmgcEu1zr4Ft0_1hsfSDEyzfwH-oNU3iI6sXHOl_5zpV0X9djMJGBEYNkaTXWYAFqeTYPmCG0WopWhwYwxFd"}"#;
    const ED25519: &str = "-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEARfx6mgfHnFaVSib50mx465pg03YpLrvLfILsMzoGkTY=
-----END PUBLIC KEY-----
";
    const ED25519_JWK: &str = r#"{"crv":"Ed25519","kty":"OKP","x":"Rfx6mgfHnFaVSib50mx465pg03YpLrvLfILsMzoGkTY"}"#;
    /// The same form on a curve that no algorithm here has.
    const SECP256K1: &str = "-----BEGIN PUBLIC KEY-----
MFYwEAYHKoZIzj0CAQYFK4EEAAoDQgAE/vFyk7Dbyvcwi15NGluVQV2FbswbPeV9
0i5MavjO9akN9WUJ5AKkpTulZ2FWEQyt2m8XT97axWoaK9Xekvd9ow==
-----END PUBLIC KEY-----
";

    fn key(text: &str) -> Result<Key, KeyError> {
        read_spki(text).and_then(|material| Key::from_spki(material, None, None, 1))
    }

    fn error(text: &str) -> Option<KeyError> {
        key(text).err()
    }

    fn pem(der: &[u8]) -> String {
        format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----", Base64::encode_string(der))
    }

    fn der(text: &str) -> Vec<u8> {
        let lines = text.lines().filter(|line| !line.starts_with('-'));
        Base64::decode_vec(&lines.collect::<String>()).unwrap_or_default()
    }

    fn element(tag: u8, contents: &[u8]) -> Vec<u8> {
        let length = u16::try_from(contents.len()).unwrap_or(u16::MAX).to_be_bytes();
        let length = match length {
            [0, low @ ..0x80] => vec![low],
            [0, low] => vec![0x81, low],
            [high, low] => vec![0x82, high, low],
        };
        [&[tag], length.as_slice(), contents].concat()
    }

    /// The PEM of a key with the AlgorithmIdentifier of that row.
    fn spki(row: usize, key: &[u8]) -> String {
        let identifier = ALGORITHMS.get(row).map_or(&[][..], |(identifier, _)| identifier);
        spki_of(identifier, &[&[0], key].concat())
    }

    fn spki_of(identifier: &[u8], bits: &[u8]) -> String {
        pem(&element(SEQUENCE, &[element(SEQUENCE, identifier), element(BIT_STRING, bits)].concat()))
    }

    fn rsa(modulus: &[u8], exponent: &[u8]) -> String {
        spki(0, &element(SEQUENCE, &[element(INTEGER, modulus), element(INTEGER, exponent)].concat()))
    }

    /// The modulus of [`RSA`], as an INTEGER has it.
    fn modulus() -> Vec<u8> {
        let digits = match read_spki(RSA) {
            Ok(Material::Rsa { modulus, .. }) => modulus,
            _ => Vec::new(),
        };
        [&[0], digits.as_slice()].concat()
    }

    #[test]
    fn a_key_is_the_same_in_pem_and_in_a_jwk() {
        for (text, jwk) in
            [(RSA, RSA_JWK), (P256, P256_JWK), (P384, P384_JWK), (P521, P521_JWK), (ED25519, ED25519_JWK)]
        {
            let jwk = Json::parse(jwk.as_bytes()).unwrap_or(Json::Null);
            let wanted = Key::from_jwk(&jwk, None, 1).ok().and_then(|key| key.thumbprint());
            assert!(wanted.is_some());
            assert_eq!(key(text).map(|key| key.thumbprint()).ok(), Some(wanted), "{text}");
        }
        // And the helpers below write what openssl wrote.
        assert_eq!(rsa(&modulus(), &[1, 0, 1]).replace('\n', ""), RSA.replace('\n', ""));
    }

    #[test]
    fn a_key_allows_what_a_jwk_without_alg_does() {
        let listed = [Algorithm::Ps256, Algorithm::Es256, Algorithm::EdDsa, Algorithm::Hs256];
        let allowed = |text: &str, listed: Option<&[Algorithm]>| -> Vec<&str> {
            let key = read_spki(text).and_then(|material| Key::from_spki(material, None, listed, 1));
            let all = ["HS256", "RS256", "PS256", "ES256", "ES384", "ES512", "EdDSA"];
            let allows = |name: &&str| {
                key.as_ref().is_ok_and(|key| Algorithm::from_name(name).is_some_and(|one| key.verifier(one).is_some()))
            };
            all.into_iter().filter(allows).collect()
        };
        assert_eq!(allowed(RSA, None), ["RS256"]);
        assert_eq!(allowed(RSA, Some(&listed)), ["PS256"]);
        assert_eq!(allowed(P256, None), ["ES256"]);
        assert_eq!(allowed(P384, Some(&listed)), ["ES384"]);
        assert_eq!(allowed(P521, None), ["ES512"]);
        assert_eq!(allowed(ED25519, None), ["EdDSA"]);
        let named = read_spki(P256).and_then(|material| Key::from_spki(material, Some("one".to_owned()), None, 7));
        assert_eq!(named.map(|key| (key.kid, key.number)).ok(), Some((Some("one".to_owned()), 7)));
    }

    #[test]
    fn lines_may_end_and_be_cut_in_several_ways() {
        let windows = P256.replace('\n', "\r\n");
        let one_line = pem(&der(P256));
        for text in [P256, P256.trim_end(), &windows, windows.trim_end(), &one_line, &format!("\r\n \t{P256}\n ")] {
            assert_eq!(error(text), None, "{text}");
        }
    }

    #[test]
    fn a_text_is_one_block_and_nothing_else() {
        let twice = format!("{P256}{P256}");
        let followed = format!("{P256}{ED25519}");
        assert_eq!(error(&twice), Some(BASE64));
        assert_eq!(error(&followed), Some(BASE64));
        for label in ["RSA PUBLIC KEY", "PRIVATE KEY", "EC PRIVATE KEY", "CERTIFICATE", "public key", ""] {
            assert_eq!(error(&P256.replace("PUBLIC KEY", label)), Some(LABEL), "{label}");
        }
        let broken = [
            String::new(),
            "-----BEGIN PUBLIC KEY-----".to_owned(),
            format!("a key: {P256}"),
            format!("a key:\n{P256}"),
            format!("{P256}a key"),
            format!("\u{a0}{P256}"),
            format!("\u{feff}{P256}"),
            P256.replace("-----BEGIN", "----BEGIN"),
            P256.replace("BEGIN PUBLIC", "BEGIN  PUBLIC"),
            P256.replace("END PUBLIC KEY", "END CERTIFICATE"),
            P256.replace("KEY-----\n", "KEY----- \n"),
            P256.replace('\n', " "),
            P256.replace('\n', "\\n"),
            P256.replace('\n', "\r"),
            P256.replace('\n', ""),
        ];
        for text in broken {
            assert_eq!(error(&text), Some(LABEL), "{text}");
        }
    }

    #[test]
    fn a_block_is_base64_in_its_one_spelling() {
        let one_line = pem(&der(P256));
        assert!(one_line.contains("==\n"));
        let broken = [
            P256.replace("==", ""),
            P256.replace("==", "="),
            P256.replace("==", "==="),
            // The last bits are not zero.
            P256.replace("UQ==", "UR=="),
            P256.replace('+', "-"),
            P256.replacen("ME", "M E", 1).replacen("MF", "M F", 1),
            P256.replace("==\n", "== \n"),
            P256.replace("UQ==", "UQ==AAAA"),
            P256.replace("UQ==", "UQ==\n=24D"),
            P256.replacen("KEY-----\n", "KEY-----\nProc-Type: 4,ENCRYPTED\n", 1),
        ];
        for text in broken {
            assert_ne!(text, P256);
            assert_eq!(error(&text), Some(BASE64), "{text}");
        }
        let empty_line = P256.replacen("KEY-----\n", "KEY-----\n\n", 1);
        assert_eq!(error(&empty_line), Some(KeyError::Broken("a line of the block is empty")));
        assert_eq!(error("-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----"), Some(FORM));
    }

    #[test]
    fn a_block_is_one_element_and_nothing_behind_any_part_of_it() {
        let good = der(P256);
        let contents = good.get(2..).unwrap_or(&[]);
        assert_eq!(error(&pem(&element(SEQUENCE, contents))), None);
        let mut broken = vec![
            [good.as_slice(), &[0]].concat(),
            element(SEQUENCE, &[contents, &[0x05, 0x00]].concat()),
            element(SEQUENCE, &[]),
            element(0x31, contents),
            [&[0x30, 0x81, 0x59], contents].concat(),
        ];
        broken.extend((1..good.len()).map(|length| good.get(..length).unwrap_or(&[]).to_vec()));
        for der in broken {
            assert_eq!(error(&pem(&der)), Some(FORM), "{der:02x?}");
        }
    }

    #[test]
    fn an_algorithm_is_known_with_its_parameters() {
        assert_eq!(error(SECP256K1), Some(FORM));
        let known = |row: usize| ALGORITHMS.get(row).map_or(&[][..], |(identifier, _)| identifier);
        let point = der(P256).get(26..).unwrap_or(&[]).to_vec();
        let [ed25519, rsa_key] =
            [(ED25519, 11), (RSA, 23)].map(|(text, at)| der(text).get(at..).unwrap_or(&[]).to_vec());
        let with_zero = |key: &[u8]| [&[0], key].concat();
        assert_eq!(error(&spki(1, &point)), None);
        assert_eq!(error(&spki_of(known(4), &ed25519)), None);
        assert_eq!(error(&spki_of(known(0), &rsa_key)), None);
        let broken = [
            // RSA without NULL, as RSASSA-PSS, with another parameter; EC without a curve; Ed25519 with NULL; X25519.
            spki_of(known(0).get(..11).unwrap_or(&[]), &rsa_key),
            spki_of(b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a", &rsa_key),
            spki_of(b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x02\x01\x00", &rsa_key),
            spki_of(known(1).get(..9).unwrap_or(&[]), &with_zero(&point)),
            spki_of(b"\x06\x03\x2b\x65\x70\x05\x00", &ed25519),
            spki_of(b"\x06\x03\x2b\x65\x6e", &ed25519),
            spki_of(b"", &ed25519),
            // Unused bits, and no bits at all.
            spki_of(known(1), &[&[1], point.as_slice()].concat()),
            spki_of(known(1), b""),
        ];
        for text in broken {
            assert_eq!(error(&text), Some(FORM), "{text}");
        }
    }

    #[test]
    fn a_point_is_uncompressed_and_on_its_curve() {
        let point = der(P256).get(26..).unwrap_or(&[]).to_vec();
        let (x, y) = (point.get(1..33).unwrap_or(&[]), point.get(33..).unwrap_or(&[]));
        let length = KeyError::Broken("a coordinate has another length than its curve's");
        let off = KeyError::Broken("the point is not on its curve");
        assert_eq!(error(&spki(1, &[&[0x04], x, y].concat())), None);
        for form in [0x00, 0x02, 0x03, 0x05, 0x06, 0x07] {
            assert_eq!(error(&spki(1, &[&[form], x].concat())), Some(FORM), "{form}");
            assert_eq!(error(&spki(1, &[&[form], x, y].concat())), Some(FORM), "{form}");
        }
        assert_eq!(error(&spki(1, &[&[0x04], x, y, &[0]].concat())), Some(length));
        assert_eq!(error(&spki(1, &[&[0x04], x].concat())), Some(length));
        assert_eq!(error(&spki(1, &[0x04])), Some(FORM));
        assert_eq!(error(&spki(1, &[&[0x04], y, x].concat())), Some(off));
        assert_eq!(error(&spki(2, &[&[0x04], x, y].concat())), Some(length));
    }

    #[test]
    fn rsa_numbers_are_positive_and_keep_the_rules_of_a_jwk() {
        let modulus = modulus();
        let digits = modulus.get(1..).unwrap_or(&[]);
        let even = [digits.get(..255).unwrap_or(&[]), &[0x02]].concat();
        let exponent = KeyError::Broken("the exponent is none of 3, 17, 37 and 65537");
        let cases: &[(&[u8], &[u8], Option<KeyError>)] = &[
            (&modulus, &[1, 0, 1], None),
            (&modulus, &[3], None),
            // Negative, not in the shortest form, zero, empty.
            (digits, &[1, 0, 1], Some(FORM)),
            (&[&[0], modulus.as_slice()].concat(), &[1, 0, 1], Some(FORM)),
            (&[0], &[1, 0, 1], Some(FORM)),
            (&[], &[1, 0, 1], Some(FORM)),
            (&modulus, &[0, 1, 0, 1], Some(FORM)),
            (&modulus, &[0xff], Some(FORM)),
            (&modulus, &[0], Some(FORM)),
            (&modulus, &[], Some(FORM)),
            // The rules of key.rs.
            (&modulus, &[1], Some(exponent)),
            (&modulus, &[1, 0, 0], Some(exponent)),
            (modulus.get(..128).unwrap_or(&[]), &[1, 0, 1], Some(KeyError::Weak)),
            (&[&[0], even.as_slice()].concat(), &[1, 0, 1], Some(KeyError::Broken("the modulus is even"))),
            (&[0x7f; 1025], &[1, 0, 1], Some(KeyError::Broken("the modulus is longer than 8192 bits"))),
        ];
        for (modulus, exponent, wanted) in cases {
            assert_eq!(error(&rsa(modulus, exponent)), *wanted, "{exponent:?} {modulus:02x?}");
        }
        let numbers = [element(INTEGER, &modulus), element(INTEGER, &[3])].concat();
        assert_eq!(error(&spki(0, &element(SEQUENCE, &[numbers.as_slice(), &[2, 1, 3]].concat()))), Some(FORM));
        assert_eq!(error(&spki(0, &[element(SEQUENCE, &numbers), vec![0]].concat())), Some(FORM));
        assert_eq!(error(&spki(0, &numbers)), Some(FORM));
    }

    #[test]
    fn an_ed25519_key_is_a_strong_point_of_32_bytes() {
        let x = base64url::decode("Rfx6mgfHnFaVSib50mx465pg03YpLrvLfILsMzoGkTY").unwrap_or_default();
        let length = KeyError::Broken("x is not 32 bytes");
        assert_eq!(error(&spki(4, &x)), None);
        assert_eq!(error(&spki(4, x.get(1..).unwrap_or(&[]))), Some(length));
        assert_eq!(error(&spki(4, &[x.as_slice(), &[0]].concat())), Some(length));
        assert_eq!(error(&spki(4, &[])), Some(length));
        assert!(matches!(error(&spki(4, &[0; 32])), Some(KeyError::Broken(_))));
        assert!(matches!(read_spki(P384), Ok(Material::Ec { curve: Curve::P384, .. })));
    }
}
