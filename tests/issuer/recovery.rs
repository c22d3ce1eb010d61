//! Recovery codes: their form, and that each is used once.

use std::collections::HashSet;

use crate::chance::{Exhausted, Known};
use portcullis::issuer::recovery::{COUNT, RecoveryCode, RecoveryError, find, spend};
use portcullis::issuer::{Coded, RandomError, SystemRandom};

/// SHA-256 of `0123456789ABCDEFGHJKMNPQ`, worked out with sha256sum.
const HASH: &str = "sha256:KczYhtkp_gUDlghtcGiXJOMsj5rOly0PFBmIOtyeDuI";

fn known() -> RecoveryCode {
    let bytes: Vec<u8> = (0..24).collect();
    RecoveryCode::generate(&mut Known::of(&bytes)).unwrap()
}

fn set() -> (Vec<RecoveryCode>, Vec<String>) {
    let codes = RecoveryCode::set(&mut SystemRandom).unwrap();
    let hashes = codes.iter().map(RecoveryCode::hash).collect();
    (codes, hashes)
}

#[test]
fn known_randomness_gives_a_known_code() {
    assert_eq!(known().text(), "0123-4567-89AB-CDEF-GHJK-MNPQ");
    assert_eq!(known().hash(), HASH);
    // The first three bits of a byte tell nothing.
    let high: Vec<u8> = (0..24).map(|byte| byte | 0xe0).collect();
    assert_eq!(RecoveryCode::generate(&mut Known::of(&high)), Ok(known()));
}

#[test]
fn every_letter_is_made_and_read() {
    let bytes: Vec<u8> = (8..32).collect();
    let code = RecoveryCode::generate(&mut Known::of(&bytes)).unwrap();
    assert_eq!(code.text(), "89AB-CDEF-GHJK-MNPQ-RSTV-WXYZ");
    assert_eq!(RecoveryCode::parse(&code.text()), Ok(code));
}

#[test]
fn a_set_has_ten_codes_and_no_two_alike() {
    let sets: Vec<RecoveryCode> = (0..100).flat_map(|_| set().0).collect();
    let texts: HashSet<String> = sets.iter().map(RecoveryCode::text).collect();
    assert_eq!([sets.len(), texts.len()], [100 * COUNT, 1000]);
    assert_eq!(RecoveryCode::set(&mut Exhausted), Err(RandomError));
}

#[test]
fn a_code_is_read_as_people_write_it() {
    for typed in [
        "0123-4567-89AB-CDEF-GHJK-MNPQ",
        "0123456789abcdefghjkmnpq",
        " 0123 4567 89ab cdef ghjk mnpq ",
        "oI23-4567-89AB-CDEF-GHJK-MNPQ",
        "Ol23-4567-89AB-CDEF-GHJK-MNPQ",
        "Oi23-4567-89AB-CDEF-GHJK-MNPQ",
        "OL23-4567-89AB-CDEF-GHJK-MNPQ",
    ] {
        assert_eq!(RecoveryCode::parse(typed), Ok(known()), "{typed}");
    }
}

#[test]
fn what_is_no_code_is_of_no_place() {
    let (_, hashes) = set();
    for typed in [
        "",
        "-",
        "0123-4567-89AB-CDEF-GHJK-MNP",
        "0123-4567-89AB-CDEF-GHJK-MNPQR",
        "0123-4567-89AB-CDEF-GHJK-MNPU",
        "0123-4567-89AB-CDEF-GHJK-MNP!",
        "0123_4567_89AB_CDEF_GHJK_MNPQ",
        "0123-4567-89AB-CDEF-GHJK-MNP\u{212a}",
        "０123-4567-89AB-CDEF-GHJK-MNPQ",
        "0123-4567-89AB-CDEF-GHJK-MNPQ\n",
        &format!("{}0123456789abcdefghjkmnpq", " ".repeat(41)),
        &"0".repeat(1 << 20),
        hashes.first().unwrap(),
    ] {
        assert_eq!(RecoveryCode::parse(typed), Err(RecoveryError::Malformed), "{typed:?}");
        assert_eq!(find(typed, &hashes), Ok(None));
        assert_eq!(spend(typed, &hashes), Ok(None));
    }
    assert_eq!(RecoveryError::Malformed.code(), "recovery_code_malformed");
}

#[test]
fn each_code_is_found_where_it_is_and_used_once() {
    let (codes, mut left) = set();
    for (place, code) in codes.iter().enumerate() {
        assert_eq!(find(&code.text(), &codes.iter().map(RecoveryCode::hash).collect::<Vec<_>>()), Ok(Some(place)));
        left = spend(&code.text(), &left).unwrap().unwrap();
        assert_eq!(left.len(), COUNT - 1 - place);
        assert_eq!(spend(&code.text(), &left), Ok(None));
    }
    assert_eq!(find(&codes.first().unwrap().text(), &left), Ok(None));
}

#[test]
fn the_code_of_another_set_is_none() {
    let ((_, hashes), (others, _)) = (set(), set());
    assert!(others.iter().all(|code| find(&code.text(), &hashes) == Ok(None)));
}

#[test]
fn a_list_that_another_wrote_harms_nothing() {
    let hash = known().hash();
    let odd = [String::new(), "sha256:".to_owned(), format!("{hash}="), hash.to_uppercase(), known().text()];
    assert_eq!(find(&known().text(), &odd), Ok(None));
    // A hash that stands there twice is still of one use.
    let twice = [hash.clone(), "other".to_owned(), hash.clone()];
    assert_eq!(spend(&known().text(), &twice), Ok(Some(vec!["other".to_owned()])));
    assert!(find(&known().text(), &vec![hash.clone(); 100]).unwrap().is_some());
    assert_eq!(find(&known().text(), &vec![hash; 101]), Err(RecoveryError::TooMany));
}

#[test]
fn nothing_shows_the_code() {
    let shown = format!("{:?}", known());
    assert!(!shown.contains("0123") && !shown.contains("GHJK"), "{shown}");
}
