//! Passwords: hashes of others are read as they are meant or not at all, and new ones are right.

use argon2::{Algorithm, Argon2, AssociatedData, ParamsBuilder, Version};
use proptest::prelude::{ProptestConfig, any, prop_assert, proptest};
use serde_json::Value;

use crate::chance::{Exhausted, Known};
use portcullis::issuer::password::{Cost, Limits, MAX_PASSWORD_BYTES, PasswordError, Passwords, Pepper, Settings};
use portcullis::issuer::{Coded, SystemRandom};

const RIGHT: &str = "right";
const OLD: &str = "right, to be hashed anew";
const WRONG: &str = "wrong";

/// What the two methods say.
fn verified(
    passwords: &Passwords,
    password: impl AsRef<[u8]>,
    stored: Option<&str>,
) -> Result<&'static str, PasswordError> {
    if !passwords.verify(password, stored)? {
        return Ok(WRONG);
    }
    Ok(if passwords.needs_rehash(stored.unwrap())? { OLD } else { RIGHT })
}

/// The least that is taken: tests need not be slow.
const COST: Cost = Cost { memory_kib: 7 * 1024, passes: 5, lanes: 1 };

fn by(settings: Settings) -> Passwords {
    Passwords::new(settings).unwrap()
}

fn passwords() -> Passwords {
    by(Settings { cost: COST, ..Settings::default() })
}

fn pepper(id: &str) -> Pepper {
    let secret: Vec<u8> = id.bytes().cycle().take(32).collect();
    Pepper::new(id, &secret).unwrap()
}

fn vectors(which: &str) -> Vec<Value> {
    let all: Value = serde_json::from_str(include_str!("vectors/passwords.json")).unwrap();
    all.get(which).and_then(Value::as_array).unwrap().clone()
}

fn text<'a>(vector: &'a Value, member: &str) -> &'a str {
    vector.get(member).and_then(Value::as_str).unwrap()
}

/// As text or in hexadecimal.
fn password_of(vector: &Value) -> Vec<u8> {
    match vector.get("passwordHex").and_then(Value::as_str) {
        Some(hex) => bytes(hex),
        None => text(vector, "password").as_bytes().to_vec(),
    }
}

fn bytes(hex: &str) -> Vec<u8> {
    hex.as_bytes().chunks(2).map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

#[test]
fn what_others_have_hashed_is_verified() {
    let passwords = passwords();
    let vectors = vectors("right");
    assert!(vectors.len() > 30);
    for vector in &vectors {
        let (password, stored) = (password_of(vector), text(vector, "stored"));
        assert_eq!(verified(&passwords, &password, Some(stored)), Ok(OLD), "{vector}");
    }
}

#[test]
fn another_password_is_wrong() {
    let passwords = passwords();
    for vector in vectors("right").iter().filter(|vector| vector.get("memoryKib").is_none()) {
        let (password, stored) = (password_of(vector), text(vector, "stored"));
        let mut changed = password.clone();
        *changed.last_mut().unwrap() ^= 1;
        for other in [[&password, b"x".as_slice()].concat(), changed, Vec::new()] {
            assert_eq!(verified(&passwords, &other, Some(stored)), Ok(WRONG), "{vector}");
        }
    }
}

#[test]
fn what_is_no_hash_or_too_dear_is_refused_by_name() {
    let passwords = passwords();
    let vectors = vectors("refused");
    assert!(vectors.len() > 140);
    for vector in &vectors {
        let error = verified(&passwords, "password", Some(text(vector, "stored"))).unwrap_err();
        assert_eq!(error.code(), text(vector, "code"), "{vector}");
    }
}

#[test]
fn the_limits_are_what_hashes_are_held_to() {
    let limits = Limits { memory_kib: 8192, work_kib: 40_960, lanes: 1, bcrypt_cost: 5, pbkdf2_iterations: 1000 };
    let passwords = by(Settings { cost: COST, limits, ..Settings::default() });
    let hash = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    let refused = |stored: &str| verified(&passwords, "a", Some(stored)) == Err(PasswordError::CostTooHigh);
    for (within, beyond) in [
        ("$argon2id$v=19$m=8192,t=1,p=1$c29tZXNhbHQ", "$argon2id$v=19$m=8193,t=1,p=1$c29tZXNhbHQ"),
        ("$argon2id$v=19$m=8192,t=5,p=1$c29tZXNhbHQ", "$argon2id$v=19$m=8192,t=6,p=1$c29tZXNhbHQ"),
        ("$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ", "$argon2id$v=19$m=64,t=1,p=2$c29tZXNhbHQ"),
        ("$scrypt$ln=13,r=8,p=1$c29tZXNhbHQ", "$scrypt$ln=13,r=8,p=2$c29tZXNhbHQ"),
        ("$scrypt$ln=12,r=16,p=1$c29tZXNhbHQ", "$scrypt$ln=14,r=8,p=1$c29tZXNhbHQ"),
        ("$pbkdf2-sha256$i=1000$c29tZXNhbHQ", "$pbkdf2-sha256$i=1001$c29tZXNhbHQ"),
        ("$pbkdf2-sha1$i=500$c29tZXNhbHQ", "$pbkdf2-sha1$i=501$c29tZXNhbHQ"),
    ] {
        assert_eq!(verified(&passwords, "a", Some(&format!("{within}${hash}"))), Ok(WRONG), "{within}");
        assert!(refused(&format!("{beyond}${hash}")), "{beyond}");
    }
    let bcrypt = "CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
    assert_eq!(verified(&passwords, "U*U", Some(&format!("$2b$05${bcrypt}"))), Ok(OLD));
    assert!(refused(&format!("$2b$06${bcrypt}")));
}

#[test]
fn the_example_of_the_rfc_is_computed() {
    // RFC 9106 §5.3, whose associated data no stored hash has.
    let data = AssociatedData::new(&[4; 12]).unwrap();
    let params = ParamsBuilder::new().m_cost(32).t_cost(3).p_cost(4).data(data).build().unwrap();
    let argon2 = Argon2::new_with_secret(&[3; 8], Algorithm::Argon2id, Version::V0x13, params).unwrap();
    let mut hash = [0; 32];
    argon2.hash_password_into(&[1; 32], &[2; 16], &mut hash).unwrap();
    assert_eq!(hash.to_vec(), bytes("0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"));
}

#[test]
fn a_new_hash_has_its_form_and_is_verified() {
    let passwords = by(Settings::default());
    let stored = passwords.hash("correct horse", &mut SystemRandom).unwrap();
    let lengths: Vec<usize> = stored.split('$').map(str::len).collect();
    assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
    assert_eq!(lengths, [0, 8, 4, 15, 22, 43]);
    assert_eq!(verified(&passwords, "correct horse", Some(&stored)), Ok(RIGHT));
    assert_eq!(verified(&passwords, "correct hors", Some(&stored)), Ok(WRONG));
    assert_eq!(verified(&passwords, "correct horse ", Some(&stored)), Ok(WRONG));
    assert_eq!(verified(&passwords, "", Some(&stored)), Ok(WRONG));
}

#[test]
fn known_randomness_gives_the_hash_that_the_crate_gives() {
    let salt = *b"0123456789abcdef";
    let stored = passwords().hash("a", &mut Known::of(&salt)).unwrap();
    let params = ParamsBuilder::new().m_cost(7 * 1024).t_cost(5).p_cost(1).build().unwrap();
    let mut hash = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password_into(b"a", &salt, &mut hash).unwrap();
    assert_eq!(stored, format!("$argon2id$v=19$m=7168,t=5,p=1${}${}", base64(&salt), base64(&hash)));
}

fn base64(bytes: &[u8]) -> String {
    use base64ct::{Base64Unpadded, Encoding};
    Base64Unpadded::encode_string(bytes)
}

#[test]
fn no_two_hashes_of_one_password_are_alike() {
    let passwords = passwords();
    let hash = || passwords.hash("a", &mut SystemRandom).unwrap();
    assert_ne!(hash(), hash());
}

#[test]
fn nothing_is_hashed_without_randomness_or_a_password() {
    let passwords = passwords();
    assert_eq!(passwords.hash("a", &mut Exhausted).unwrap_err().code(), "random_unavailable");
    assert_eq!(passwords.hash("", &mut SystemRandom), Err(PasswordError::Empty));
}

#[test]
fn every_byte_of_a_password_counts_and_there_are_so_many() {
    let passwords = passwords();
    let longest = "é".repeat(MAX_PASSWORD_BYTES / 2);
    let stored = passwords.hash(&longest, &mut SystemRandom).unwrap();
    assert_eq!(verified(&passwords, &longest, Some(&stored)), Ok(RIGHT));
    let mut other = longest.clone();
    other.pop();
    assert_eq!(verified(&passwords, &other, Some(&stored)), Ok(WRONG));

    let longer = format!("{longest}a");
    assert_eq!(passwords.hash(&longer, &mut SystemRandom), Err(PasswordError::TooLong));
    // Whoever it is, and whatever is stored: else the answer would tell. Who signs in makes no error of it.
    for stored in [Some(stored.as_str()), Some("nonsense"), None] {
        assert_eq!(verified(&passwords, &longer, stored), Ok(WRONG));
    }

    let stored = passwords.hash("a\0b", &mut SystemRandom).unwrap();
    assert_eq!(verified(&passwords, "a\0b", Some(&stored)), Ok(RIGHT));
    assert_eq!(verified(&passwords, "a\0c", Some(&stored)), Ok(WRONG));
}

#[test]
fn nobody_has_no_password() {
    let passwords = passwords();
    for password in ["a", "", "\0"] {
        assert_eq!(verified(&passwords, password, None), Ok(WRONG));
    }
}

#[test]
fn what_bcrypt_would_cut_is_wrong() {
    let passwords = passwords();
    let digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    let stored = "$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui";
    assert_eq!(verified(&passwords, digits, Some(stored)), Ok(OLD));
    for longer in [format!("{digits}x"), format!("{digits}\0"), digits.repeat(2)] {
        assert_eq!(verified(&passwords, &longer, Some(stored)), Ok(WRONG), "{longer}");
    }
    // With a NUL behind it the key is the same.
    let stored = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
    assert_eq!(verified(&passwords, "U*U", Some(stored)), Ok(OLD));
    for cut in ["U*U\0", "U*U\0U*U", "U*U\0x"] {
        assert_eq!(verified(&passwords, cut, Some(stored)), Ok(WRONG), "{cut:?}");
    }
    // crypt_blowfish's hash of the empty password.
    let stored = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy";
    assert_eq!(verified(&passwords, "", Some(stored)), Ok(WRONG));
    assert_eq!(verified(&passwords, "\0", Some(stored)), Ok(WRONG));
}

#[test]
fn the_three_names_of_bcrypt_are_one() {
    let passwords = passwords();
    for name in ["2a", "2b", "2y"] {
        let stored = format!("${name}$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW");
        assert_eq!(verified(&passwords, "U*U", Some(&stored)), Ok(OLD), "{name}");
    }
}

#[test]
fn a_hash_of_other_settings_is_to_be_made_anew() {
    let of = |cost: Cost| by(Settings { cost, ..Settings::default() });
    let stored = of(COST).hash("a", &mut SystemRandom).unwrap();
    assert_eq!(verified(&of(COST), "a", Some(&stored)), Ok(RIGHT));
    for other in
        [Cost { memory_kib: 8 * 1024, ..COST }, Cost { passes: 6, ..COST }, Cost { lanes: 2, ..COST }, Cost::default()]
    {
        assert_eq!(verified(&of(other), "a", Some(&stored)), Ok(OLD), "{other:?}");
        assert_eq!(verified(&of(other), "b", Some(&stored)), Ok(WRONG), "{other:?}");
    }
    // Of the same cost, with a shorter salt and a longer hash.
    let params = ParamsBuilder::new().m_cost(7 * 1024).t_cost(5).p_cost(1).build().unwrap();
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    for (salt_length, hash_length) in [(8, 32), (16, 48)] {
        let (salt, mut hash) = (vec![7; salt_length], vec![0; hash_length]);
        argon2.hash_password_into(b"a", &salt, &mut hash).unwrap();
        let stored = format!("$argon2id$v=19$m=7168,t=5,p=1${}${}", base64(&salt), base64(&hash));
        assert_eq!(verified(&passwords(), "a", Some(&stored)), Ok(OLD));
    }
}

#[test]
fn a_pepper_goes_into_the_hash_and_is_replaced() {
    let peppered = |now: Option<&str>, old: &[&str]| {
        let old_peppers = old.iter().map(|id| pepper(id)).collect();
        by(Settings { cost: COST, pepper: now.map(pepper), old_peppers, ..Settings::default() })
    };
    let plain = passwords().hash("a", &mut SystemRandom).unwrap();
    let stored = peppered(Some("old"), &[]).hash("a", &mut SystemRandom).unwrap();
    assert!(stored.starts_with("$argon2id$v=19$m=7168,t=5,p=1,keyid=b2xk$"), "{stored}");
    let with = |now, old: &[&str], stored: &str| verified(&peppered(now, old), "a", Some(stored));

    assert_eq!(with(Some("old"), &[], &stored), Ok(RIGHT));
    assert_eq!(with(Some("new2"), &["old"], &stored), Ok(OLD));
    assert_eq!(with(None, &["old"], &stored), Ok(OLD));
    assert_eq!(with(Some("new2"), &[], &stored), Err(PasswordError::PepperUnknown));
    assert_eq!(verified(&passwords(), "a", Some(&stored)), Err(PasswordError::PepperUnknown));
    assert_eq!(with(Some("old"), &[], &plain), Ok(OLD));
    assert_eq!(verified(&peppered(Some("new2"), &["old"]), "b", Some(&stored)), Ok(WRONG));

    // Another secret by that name, and the name taken off.
    let other = Pepper::new("old", &[9; 16]).unwrap();
    let other = by(Settings { cost: COST, pepper: Some(other), ..Settings::default() });
    assert_eq!(verified(&other, "a", Some(&stored)), Ok(WRONG));
    assert_eq!(verified(&passwords(), "a", Some(&stored.replace(",keyid=b2xk", ""))), Ok(WRONG));
}

#[test]
fn the_pepper_is_the_secret_of_argon2() {
    let settings = Settings { cost: COST, pepper: Some(Pepper::new("k", &[3; 16]).unwrap()), ..Settings::default() };
    let stored = by(settings).hash("a", &mut Known::of(&[2; 16])).unwrap();
    let params = ParamsBuilder::new().m_cost(7 * 1024).t_cost(5).p_cost(1).build().unwrap();
    let argon2 = Argon2::new_with_secret(&[3; 16], Algorithm::Argon2id, Version::V0x13, params).unwrap();
    let mut hash = [0; 32];
    argon2.hash_password_into(b"a", &[2; 16], &mut hash).unwrap();
    assert!(stored.ends_with(&format!(",keyid=aw${}${}", base64(&[2; 16]), base64(&hash))), "{stored}");
}

#[test]
fn settings_that_do_not_hold_are_refused() {
    let refused = |settings: Settings| Passwords::new(settings).unwrap_err();
    for cost in [
        Cost { memory_kib: 19, passes: 2, lanes: 1 },
        Cost { memory_kib: 7 * 1024 - 1, passes: 100, lanes: 1 },
        Cost { memory_kib: 7 * 1024, passes: 4, lanes: 1 },
        Cost { passes: 0, ..Cost::default() },
        Cost { lanes: 0, ..Cost::default() },
        Cost { lanes: 17, ..Cost::default() },
        Cost { memory_kib: u32::MAX, passes: u32::MAX, lanes: u32::MAX },
        Cost { memory_kib: 257 * 1024, ..Cost::default() },
        Cost { memory_kib: 256 * 1024, passes: 5, lanes: 1 },
    ] {
        assert_eq!(refused(Settings { cost, ..Settings::default() }), PasswordError::Cost, "{cost:?}");
    }
    let limits = Limits::default();
    for limits in [
        Limits { memory_kib: 0, ..limits },
        Limits { memory_kib: 4 * 1024 * 1024 + 1, ..limits },
        Limits { work_kib: 0, ..limits },
        Limits { lanes: 0, ..limits },
        Limits { lanes: 256, ..limits },
        Limits { bcrypt_cost: 3, ..limits },
        Limits { bcrypt_cost: 32, ..limits },
        Limits { pbkdf2_iterations: 0, ..limits },
    ] {
        assert_eq!(refused(Settings { limits, ..Settings::default() }), PasswordError::Limits, "{limits:?}");
    }
    let peppers = |now: Option<&str>, old: &[&str]| Settings {
        pepper: now.map(pepper),
        old_peppers: old.iter().map(|id| pepper(id)).collect(),
        ..Settings::default()
    };
    assert_eq!(refused(peppers(Some("a"), &["b", "a"])), PasswordError::PepperRepeated);
    assert_eq!(refused(peppers(None, &["b", "b"])), PasswordError::PepperRepeated);
    let ids: Vec<String> = (0..17).map(|number| format!("k{number}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    assert_eq!(refused(peppers(None, &ids)), PasswordError::TooManyPeppers);
    assert!(Passwords::new(peppers(Some("now"), ids.get(1..).unwrap())).is_ok());
    for (id, length) in
        [("", 16), ("123456789", 16), ("a b", 16), ("é", 16), ("a$b", 16), ("a", 15), ("a", 65), ("a", 0)]
    {
        assert_eq!(Pepper::new(id, &vec![1; length]).unwrap_err(), PasswordError::Pepper, "{id} {length}");
    }
}

#[test]
fn nothing_shows_the_pepper_or_the_password() {
    let secret = [113; 32];
    let settings = Settings { pepper: Some(Pepper::new("k1", &secret).unwrap()), ..Settings::default() };
    let shown = format!("{settings:?} {:?}", by(settings.clone()));
    assert!(shown.contains("k1") && !shown.contains("113"), "{shown}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_stored_text_that_was_changed_is_another_or_none(
        which in any::<usize>(),
        place in any::<usize>(),
        gone in 0..3_usize,
        with in "[\\x00-\\x7fé$=,0-9]{0,3}",
    ) {
        let limits = Limits { memory_kib: 8192, work_kib: 40_960, lanes: 4, bcrypt_cost: 5, pbkdf2_iterations: 1500 };
        let passwords = by(Settings { cost: COST, limits, ..Settings::default() });
        let vectors = vectors("right");
        let few: Vec<&Value> = vectors.iter().filter(|vector| !text(vector, "stored").contains("m=65536")).collect();
        let vector = few.get(which % few.len()).unwrap();
        let stored: Vec<char> = text(vector, "stored").chars().collect();
        let place = place % stored.len();
        let changed: String = stored.iter().take(place).copied().chain(with.chars()).chain(stored.iter().skip(place + gone).copied()).collect();
        let verified = verified(&passwords, password_of(vector), Some(&changed));
        // What is a part of a hash of PBKDF2 is a hash of PBKDF2 too, and bcrypt has three names; argon2id has neither.
        if changed.starts_with("$argon2id") && changed != text(vector, "stored") {
            prop_assert!(!matches!(verified, Ok(RIGHT | OLD)), "{changed}");
        }
    }

    #[test]
    fn no_text_at_all_makes_it_panic(stored in "[$]?(argon2id|scrypt|2b|pbkdf2|pbkdf2_sha256)?[$][\\x20-\\x7f]{0,20}[$]\\PC{0,40}") {
        prop_assert!(passwords().verify("a", Some(&stored)).is_err());
        prop_assert!(passwords().needs_rehash(&stored).is_err());
    }
}
