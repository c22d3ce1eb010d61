//! The TEST ONLY keys of the vectors, for whoever signs and for whoever verifies.

use std::sync::LazyLock;

use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};
use serde_json::Value;

static KEYS: LazyLock<Value> = LazyLock::new(|| {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../vectors/forge/keys.json");
    let text = std::fs::read_to_string(path).expect("the keys of the vectors");
    serde_json::from_str::<Value>(&text).expect("JSON")["keys"].take()
});

/// Its public half, with a `kid` and an `alg`.
pub fn public_jwk(name: &str, algorithm: &str) -> Value {
    let mut jwk = KEYS[name].clone();
    let members = jwk.as_object_mut().expect("a key");
    members.retain(|name, _| ["kty", "crv", "x", "y", "n", "e"].contains(&name.as_str()));
    members.insert("kid".to_owned(), name.into());
    members.insert("alg".to_owned(), algorithm.into());
    jwk
}

/// The base64url of a symmetric key.
pub fn secret(name: &str) -> &'static str {
    KEYS[name]["k"].as_str().expect("a symmetric key")
}

/// What jsonwebtoken verifies with.
pub fn decoding_key(name: &str, algorithm: &str) -> DecodingKey {
    if KEYS[name]["kty"] == "oct" {
        return DecodingKey::from_secret(&base64url(secret(name)));
    }
    let jwk: Jwk = serde_json::from_value(public_jwk(name, algorithm)).expect("a JWK");
    DecodingKey::from_jwk(&jwk).expect("a key that jsonwebtoken knows")
}

/// The base64url signature of a key of the vectors over `input`.
pub fn sign(name: &str, algorithm: Algorithm, input: &str) -> String {
    let key = &KEYS[name];
    let part = |member: &str| base64url(key[member].as_str().expect("a member of a private key"));
    let encoding_key = match key["kty"].as_str() {
        Some("oct") => return sign_with_secret(&part("k"), algorithm, input),
        Some("RSA") => EncodingKey::from_rsa_der(&rsa(&part)),
        Some("EC") => EncodingKey::from_ec_der(&elliptic(key["crv"].as_str().expect("a curve"), &part("d"))),
        _ => EncodingKey::from_ed_der(&pkcs8(&[6, 3, 0x2b, 0x65, 0x70], &der(4, &part("d")))),
    };
    jsonwebtoken::crypto::sign(input.as_bytes(), &encoding_key, algorithm).expect("a signature")
}

/// The tag of any bytes taken for a secret.
pub fn sign_with_secret(secret: &[u8], algorithm: Algorithm, input: &str) -> String {
    jsonwebtoken::crypto::sign(input.as_bytes(), &EncodingKey::from_secret(secret), algorithm).expect("a tag")
}

/// RFC 8017 §A.1.2.
fn rsa(part: &impl Fn(&str) -> Vec<u8>) -> Vec<u8> {
    let members = ["n", "e", "d", "p", "q", "dp", "dq", "qi"].map(|member| integer(&part(member)));
    der(0x30, &[integer(&[0]), members.concat()].concat())
}

/// RFC 5915 §3 in RFC 5958 §2.
fn elliptic(curve: &str, scalar: &[u8]) -> Vec<u8> {
    const EC_PUBLIC_KEY: &[u8] = &[6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
    let named: &[u8] = match curve {
        "P-256" => &[6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7],
        _ => &[6, 5, 0x2b, 0x81, 4, 0, 0x22],
    };
    let key = der(0x30, &[integer(&[1]), der(4, scalar)].concat());
    pkcs8(&[EC_PUBLIC_KEY, named].concat(), &key)
}

fn pkcs8(algorithm: &[u8], key: &[u8]) -> Vec<u8> {
    der(0x30, &[integer(&[0]), der(0x30, algorithm), der(4, key)].concat())
}

fn integer(bytes: &[u8]) -> Vec<u8> {
    let sign: &[u8] = if bytes.first().is_some_and(|first| first & 0x80 != 0) { &[0] } else { &[] };
    der(2, &[sign, bytes].concat())
}

fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut written = vec![tag];
    match u8::try_from(length) {
        Ok(short) if short < 0x80 => written.push(short),
        Ok(byte) => written.extend([0x81, byte]),
        Err(_) => {
            written.push(0x82);
            written.extend(u16::try_from(length).expect("a key is short").to_be_bytes());
        }
    }
    written.extend_from_slice(content);
    written
}

const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The text of bytes.
pub fn to_base64url(bytes: &[u8]) -> String {
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let bits = group.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for place in 0..=group.len() {
            let index = usize::try_from(bits >> (18 - 6 * place) & 0x3f).expect("six bits");
            text.push(char::from(ALPHABET[index]));
        }
    }
    text
}

/// The bytes of a text. What is no base64url, by another mutation, is passed over.
pub fn base64url(text: &str) -> Vec<u8> {
    let (mut bits, mut count, mut bytes) = (0_u32, 0, Vec::new());
    for character in text.bytes() {
        let Some(value) = ALPHABET.iter().position(|one| *one == character) else { continue };
        bits = bits << 6 & 0xffff | u32::try_from(value).expect("six bits");
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).expect("eight bits"));
        }
    }
    bytes
}

/// The last character of a part with its unused bits set, where it has some.
pub fn with_trailing_bits(part: &str) -> String {
    let unused = match part.len() % 4 {
        2 => 0b1111,
        3 => 0b11,
        _ => return part.to_owned(),
    };
    let (rest, last) = part.split_at(part.len() - 1);
    match ALPHABET.iter().position(|one| last.as_bytes().first() == Some(one)) {
        Some(place) => format!("{rest}{}", char::from(ALPHABET[place | unused])),
        None => part.to_owned(),
    }
}
