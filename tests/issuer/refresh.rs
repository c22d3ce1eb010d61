//! Refresh tokens: rotation, replay within the grace, reuse, ends, secrets, and many at once.
#![expect(clippy::indexing_slicing, clippy::panic, clippy::string_slice, reason = "a test that cannot go on fails")]

use std::collections::HashSet;
use std::sync::Mutex;
use std::time::Duration;

use crate::chance::{Exhausted, Known};
use portcullis::UnixTime;
use portcullis::issuer::refresh::{
    Family, Grant, RefreshError, RefreshTokens, Rotation, Rules, Secrets, Started, SubjectRevocation,
};
use portcullis::issuer::sign_in::{Method, SignIn};
use portcullis::issuer::{Coded, SystemRandom};

const NOW: i64 = 1_790_000_000;
const SECRET: &[u8] = b"TEST ONLY: 32 bytes at the least";
const OTHER: &[u8] = b"TEST ONLY: another of 32 bytes..";
const SHORT: Rules =
    Rules { idle: Duration::from_secs(100), absolute: Duration::from_secs(250), grace: Duration::from_secs(10) };

fn at(seconds: i64) -> UnixTime {
    UnixTime::from_seconds(NOW + seconds)
}

fn tokens(rules: Rules) -> RefreshTokens {
    RefreshTokens::new(Secrets::new([("a", SECRET)]).unwrap(), rules).unwrap()
}

fn start(tokens: &RefreshTokens) -> Started {
    tokens.start(Grant::new("u1", "web"), at(0), &mut SystemRandom).unwrap()
}

fn decide(tokens: &RefreshTokens, text: &str, family: &Family, seconds: i64) -> Rotation {
    tokens.read(text).map_or(Rotation::Unknown, |token| tokens.decide(&token, "web", Some(family), None, at(seconds)))
}

fn rotated(decision: Rotation) -> (Family, String) {
    match decision {
        Rotation::Rotated { family, token } => (family, token),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_token_has_its_form() {
    let tokens = tokens(SHORT);
    let started = start(&tokens);
    let parts: Vec<&str> = started.token.split('.').collect();
    assert_eq!(parts.iter().map(|part| part.len()).collect::<Vec<_>>(), [22, 1, 43]);
    assert_eq!(parts.first(), Some(&started.family.id()));
    assert_eq!(tokens.read(&started.token).unwrap().family(), started.family.id());
}

/// Computed apart from this code: HMAC-SHA-256 by `SECRET` over the purpose, the family, a dot and the number.
#[test]
fn known_randomness_gives_a_known_token() {
    let started = tokens(SHORT).start(Grant::new("u1", "web"), at(0), &mut Known::of(&[0])).unwrap();
    assert_eq!(started.token, "AAAAAAAAAAAAAAAAAAAAAA.0.wAyHrb1RmnYs2iKU4VpSM3HHfjp6gIsIXtr847JvQdU");
}

/// Each line: what is presented (its number), when, and what comes of it.
#[test]
fn a_timeline_of_one_family() {
    let tokens = tokens(SHORT);
    let started = start(&tokens);
    let (mut family, mut texts) = (started.family, vec![started.token]);
    for (number, seconds, expected) in [
        (0, 0, "rotated"),
        (0, 0, "replayed"),
        (0, 9, "replayed"),
        // A clock that is behind the one that rotated.
        (0, -5, "replayed"),
        (1, 20, "rotated"),
        (1, 29, "replayed"),
        (2, 119, "rotated"),
        (3, 218, "rotated"),
        (4, 249, "rotated"),
        (5, 250, "expired"),
        (4, 250, "expired"),
    ] {
        let decision = decide(&tokens, &texts[number], &family, seconds);
        assert_eq!(decision.name(), expected, "{number} at {seconds}");
        match decision {
            Rotation::Rotated { family: next, token } => (family, _) = (next, texts.push(token)),
            Rotation::Replayed { token } => assert_eq!(token, texts[number + 1], "the same successor"),
            _ => {}
        }
    }
    assert_eq!(texts.iter().collect::<HashSet<_>>().len(), texts.len());
}

#[test]
fn a_token_that_was_used_before_ends_its_family() {
    let tokens = tokens(SHORT);
    let started = start(&tokens);
    let (first, second) = rotated(decide(&tokens, &started.token, &started.family, 0));
    let (later, third) = rotated(decide(&tokens, &second, &first, 1));
    // The one two before, within the grace; the one before, at its end; one before whose successor was used.
    for (text, family, seconds) in [(&started.token, &later, 2), (&second, &later, 11), (&started.token, &later, 1)] {
        let Rotation::Reused { family: revoked } = decide(&tokens, text, family, seconds) else { panic!("{seconds}") };
        assert!(revoked.is_revoked());
        for text in [&started.token, &second, &third] {
            assert_eq!(decide(&tokens, text, &revoked, seconds), Rotation::Revoked);
        }
    }
}

#[test]
fn a_number_that_the_store_has_forgotten_ends_the_family_too() {
    let tokens = tokens(SHORT);
    let started = start(&tokens);
    let (_, second) = rotated(decide(&tokens, &started.token, &started.family, 0));
    assert_eq!(decide(&tokens, &second, &started.family, 1).name(), "reused");
}

#[test]
fn without_a_grace_any_second_use_is_theft() {
    let tokens = tokens(Rules { grace: Duration::ZERO, ..SHORT });
    let started = start(&tokens);
    let (family, _) = rotated(decide(&tokens, &started.token, &started.family, 0));
    for seconds in [-5, 0, 1] {
        assert_eq!(decide(&tokens, &started.token, &family, seconds).name(), "reused");
    }
}

#[test]
fn idleness_and_age_end_a_family() {
    let tokens = tokens(SHORT);
    let started = start(&tokens);
    assert_eq!(decide(&tokens, &started.token, &started.family, 99).name(), "rotated");
    assert_eq!(decide(&tokens, &started.token, &started.family, 100), Rotation::Expired);
    assert_eq!(started.family.ends(), at(100));
    let (family, _) = rotated(decide(&tokens, &started.token, &started.family, 99));
    assert_eq!(family.ends(), at(199));
    let (family, token) = rotated(decide(&tokens, &started.token, &started.family, 99));
    let (family, _) = rotated(decide(&tokens, &token, &family, 198));
    assert_eq!(family.ends(), at(250), "no refresh goes beyond the end");
    assert_eq!((family.started(), family.rotated()), (at(0), at(198)));
}

#[test]
fn what_is_forged_is_unknown_and_revokes_nothing() {
    let tokens = tokens(SHORT);
    let started = start(&tokens);
    let text = &started.token;
    for place in 0..text.len() {
        for other in ["A", "0", ".", "é", "=", "+"] {
            let forged = format!("{}{other}{}", &text[..place], &text[place + 1..]);
            if forged != *text {
                assert_eq!(tokens.read(&forged), None, "{forged}");
            }
        }
    }
    let id = started.family.id();
    let mac = text.rsplit('.').next().unwrap();
    for forged in [
        String::new(),
        "..".to_owned(),
        id.to_owned(),
        format!("{id}.0"),
        format!("{id}.0."),
        format!("{id}.1.{mac}"),
        format!("{id}.+0.{mac}"),
        format!("{id}.00.{mac}"),
        format!("{id}.0.{mac}="),
        format!("{id}.0.{mac}.{mac}"),
        format!(" {text}"),
        format!("{text}\n"),
        format!("{id}.0{}.{mac}", "0".repeat(100_000)),
    ] {
        assert_eq!(tokens.read(&forged), None, "{forged:.100}");
    }
    let foreign = RefreshTokens::new(Secrets::new([("a", OTHER)]).unwrap(), SHORT).unwrap();
    assert_eq!(foreign.read(text), None);
}

#[test]
fn a_token_is_of_its_family_and_its_client() {
    let tokens = tokens(SHORT);
    let (mine, other) = (start(&tokens), start(&tokens));
    let token = tokens.read(&mine.token).unwrap();
    for (client, family) in
        [("web", None), ("web", Some(&other.family)), ("app", Some(&mine.family)), ("", Some(&mine.family))]
    {
        assert_eq!(tokens.decide(&token, client, family, None, at(1)), Rotation::Unknown, "{client}");
    }
}

#[test]
fn a_revoked_family_stays_so() {
    let tokens = tokens(SHORT);
    let started = start(&tokens);
    let revoked = started.family.revoked(at(1));
    assert_eq!(revoked.revoked(at(2)), revoked);
    assert_eq!(decide(&tokens, &started.token, &revoked, 2), Rotation::Revoked);
    assert_eq!(decide(&tokens, &started.token, &revoked, 1000), Rotation::Revoked);
}

/// Each line: when a family begins, when all of its subject are revoked, when it is presented, and what comes of it.
#[test]
fn all_families_of_a_subject_are_revoked_at_once() {
    let tokens = tokens(SHORT);
    for (begins, revoked, seconds, expected) in [
        (0, 0, 0, "revoked"),
        (0, 1, 1, "revoked"),
        (0, 1, 99, "revoked"),
        // An end that it has reached by itself is told after.
        (0, 1, 100, "revoked"),
        (2, 1, 2, "rotated"),
        // A clock that is ahead of the one that decides.
        (0, 5, 0, "revoked"),
        (5, 1, 0, "rotated"),
    ] {
        let started = tokens.start(Grant::new("u1", "web"), at(begins), &mut SystemRandom).unwrap();
        let revocation = tokens.revoke_subject(None, at(revoked));
        let token = tokens.read(&started.token).unwrap();
        let decision = tokens.decide(&token, "web", Some(&started.family), Some(&revocation), at(seconds));
        assert_eq!(decision.name(), expected, "{begins} {revoked} {seconds}");
        let shown = started.family.beside(Some(&revocation));
        assert_eq!(shown.is_revoked(), expected == "revoked");
        assert_eq!(shown.grant(), started.family.grant());
    }
}

#[test]
fn what_begins_behind_a_revocation_counts() {
    let tokens = tokens(SHORT);
    let revocation = tokens.revoke_subject(None, at(10));
    for (now, begins) in [(0, 11), (10, 11), (11, 11), (12, 12)] {
        assert_eq!(revocation.behind(at(now)), at(begins));
        let behind = revocation.behind(at(now));
        let started = tokens.start(Grant::new("u1", "web"), behind, &mut SystemRandom).unwrap();
        let token = tokens.read(&started.token).unwrap();
        let decision = tokens.decide(&token, "web", Some(&started.family), Some(&revocation), at(now));
        assert_eq!(decision.name(), "rotated", "{now}");
    }
}

#[test]
fn whoever_rotates_while_a_subject_is_revoked_has_gained_nothing() {
    let tokens = tokens(SHORT);
    let started = start(&tokens);
    // Rotated by one who has read before the revocation was written.
    let (family, next) = rotated(decide(&tokens, &started.token, &started.family, 5));
    let revocation = tokens.revoke_subject(None, at(4));
    for text in [&started.token, &next] {
        let token = tokens.read(text).unwrap();
        assert_eq!(tokens.decide(&token, "web", Some(&family), Some(&revocation), at(6)), Rotation::Revoked);
        assert_eq!(tokens.decide(&token, "app", Some(&family), Some(&revocation), at(6)), Rotation::Unknown);
    }
}

#[test]
fn each_revocation_of_a_subject_is_later_than_the_one_before() {
    let (tokens, longer) = (tokens(SHORT), tokens(Rules { absolute: Duration::from_secs(500), ..SHORT }));
    let first = tokens.revoke_subject(None, at(10));
    assert_eq!((first.at(), first.ends()), (at(10), at(260)));
    // By a clock that is behind too, and so it is about what began behind the one before.
    for (now, expected) in [(3, 11), (10, 11), (11, 11), (12, 12)] {
        let later = tokens.revoke_subject(Some(&first), at(now));
        assert_eq!((later.at(), later.ends()), (at(expected), at(expected + 250)));
        let between = tokens.start(Grant::new("u1", "web"), first.behind(at(now)), &mut SystemRandom).unwrap();
        assert!(later.covers(&between.family), "{now}");
    }
    let widest = longer.revoke_subject(Some(&first), at(2));
    assert_eq!((widest.at(), widest.ends()), (at(11), at(511)));
    assert_eq!(tokens.revoke_subject(Some(&widest), at(20)).ends(), at(511));
    let kept: SubjectRevocation = serde_json::from_str(&serde_json::to_string(&first).unwrap()).unwrap();
    assert_eq!(kept, first, "it is kept as JSON");
    for junk in ["{}", r#"{"at":1}"#, r#"{"at":1.5,"until":2}"#, r#"{"at":1,"until":2,"of":"u1"}"#, "1", "[]"] {
        assert!(serde_json::from_str::<SubjectRevocation>(junk).is_err(), "{junk}");
    }
}

#[test]
fn no_family_outlives_the_revocation_of_its_subject_where_the_rules_have_become_stricter() {
    let (before, after) = (tokens(SHORT), tokens(Rules { absolute: Duration::from_secs(120), ..SHORT }));
    let started = start(&before);
    let (family, token) = rotated(decide(&before, &started.token, &started.family, 90));
    let revocation = after.revoke_subject(None, at(1));
    assert_eq!(revocation.ends(), at(121));
    assert_eq!(decide(&before, &token, &family, 121).name(), "rotated");
    assert_eq!(decide(&after, &token, &family, 120), Rotation::Expired);
    assert_eq!(rotated(decide(&after, &token, &family, 119)).0.ends(), at(120));
    // Looser ones give nobody more than there was.
    let loose = tokens(Rules { absolute: Duration::from_secs(1000), ..SHORT });
    assert_eq!(rotated(decide(&loose, &token, &family, 180)).0.ends(), at(250));
}

#[test]
fn a_client_takes_back_any_of_its_tokens() {
    let tokens = tokens(SHORT);
    let started = start(&tokens);
    let (second, next) = rotated(decide(&tokens, &started.token, &started.family, 0));
    let (family, newest) = rotated(decide(&tokens, &next, &second, 20));
    for text in [&started.token, &next, &newest] {
        let token = tokens.read(text).unwrap();
        let revoked = tokens.revoke(&token, "web", Some(&family), at(30)).unwrap();
        assert_eq!(revoked, family.revoked(at(30)));
        assert_eq!(tokens.revoke(&token, "web", Some(&revoked), at(31)), Some(revoked), "the first moment stays");
        let other = start(&tokens).family;
        for (client, family) in [("web", None), ("web", Some(&other)), ("app", Some(&family)), ("", Some(&family))] {
            assert_eq!(tokens.revoke(&token, client, family, at(30)), None, "{client}");
        }
    }
}

#[test]
fn an_id_has_its_form() {
    let id = start(&tokens(SHORT)).family.id().to_owned();
    assert!(Family::is_id(&id));
    for wrong in ["", "subject", &id[1..], &format!("{id}A"), &format!("{id}="), &id.replace(&id[..1], ".")] {
        assert!(!Family::is_id(wrong), "{wrong}");
    }
}

#[test]
fn a_secret_is_exchanged_without_signing_anybody_out() {
    let started = start(&tokens(SHORT));
    let both = RefreshTokens::new(Secrets::new([("b", OTHER), ("a", SECRET)]).unwrap(), SHORT).unwrap();
    // Rotated by the old secret; then the new one comes, and the answer that was lost is still the same.
    let (family, second) = rotated(decide(&tokens(SHORT), &started.token, &started.family, 0));
    assert_eq!(decide(&both, &started.token, &family, 1), Rotation::Replayed { token: second.clone() });
    let (family, third) = rotated(decide(&both, &second, &family, 2));
    let new = RefreshTokens::new(Secrets::new([("b", OTHER)]).unwrap(), SHORT).unwrap();
    assert_eq!(new.read(&second), None);
    assert_eq!(decide(&new, &third, &family, 3).name(), "rotated");
}

#[test]
fn secrets_and_rules_have_limits() {
    let secrets = |given: &[(&str, &[u8])]| Secrets::new(given.iter().copied()).map(|_| ()).unwrap_err();
    let long = "i".repeat(65);
    assert_eq!(secrets(&[]), RefreshError::NoSecret);
    assert_eq!(secrets(&[("a", &SECRET[..31])]), RefreshError::SecretTooShort);
    for id in ["", &long] {
        assert_eq!(secrets(&[(id, SECRET)]), RefreshError::SecretId);
    }
    assert_eq!(secrets(&[("a", SECRET), ("a", OTHER)]), RefreshError::SecretId);
    let ids: Vec<String> = (0..9).map(|id| id.to_string()).collect();
    let many: Vec<(&str, &[u8])> = ids.iter().map(|id| (id.as_str(), SECRET)).collect();
    assert_eq!(secrets(&many), RefreshError::TooManySecrets);
    let seconds = Duration::from_secs;
    for (idle, absolute, grace) in [(0, 10, 0), (11, 10, 0), (10, 10, 61), (0, 0, 0)] {
        let rules = Rules { idle: seconds(idle), absolute: seconds(absolute), grace: seconds(grace) };
        let secrets = Secrets::new([("a", SECRET)]).unwrap();
        assert_eq!(RefreshTokens::new(secrets, rules).map(|_| ()).unwrap_err(), RefreshError::Rules);
    }
}

#[test]
fn what_a_family_carries_has_limits() {
    let started = |grant: Grant| tokens(SHORT).start(grant, at(0), &mut SystemRandom).map(|_| ());
    let grant = || Grant::new("u1", "web");
    let long = "a".repeat(256);
    for name in ["", &long] {
        assert_eq!(started(Grant::new(name, "web")), Err(RefreshError::Name));
        assert_eq!(started(Grant::new("u1", name)), Err(RefreshError::Name));
        assert_eq!(Family::check_name(name), Err(RefreshError::Name));
    }
    for scope in [vec!["a b".to_owned()], vec![String::new()], vec!["a".to_owned(); 101], vec!["é".to_owned()]] {
        assert_eq!(started(Grant { scope, ..grant() }), Err(RefreshError::Scope));
    }
    assert_eq!(started(Grant { data: "d".repeat(4097), ..grant() }), Err(RefreshError::DataTooLarge));
    let most = Grant { scope: vec!["a".to_owned(); 100], data: "d".repeat(4096), ..Grant::new(&long[1..], &long[1..]) };
    assert_eq!(started(most), Ok(()));
    let error = tokens(SHORT).start(grant(), at(0), &mut Exhausted).unwrap_err();
    assert_eq!(error.code(), "random_unavailable");
}

#[test]
fn how_somebody_signed_in_does_not_change_with_a_refresh() {
    let tokens = tokens(SHORT);
    let sign_in = SignIn::new(&[Method::Password, Method::Otp], at(-3));
    let grant = Grant { sign_in: Some(sign_in.clone()), data: "{}".to_owned(), ..Grant::new("u1", "web") };
    let started = tokens.start(grant.clone(), at(0), &mut SystemRandom).unwrap();
    let (family, _) = rotated(decide(&tokens, &started.token, &started.family, 50));
    assert_eq!(family.grant(), &grant);
    let kept: Family = serde_json::from_str(&serde_json::to_string(&family).unwrap()).unwrap();
    assert_eq!(kept, family, "it is kept as JSON");
}

#[test]
fn nothing_shows_a_token_or_a_secret() {
    let tokens = tokens(SHORT);
    let started = start(&tokens);
    let mac = started.token.rsplit('.').next().unwrap();
    let decision = decide(&tokens, &started.token, &started.family, 0);
    let (family, next) = rotated(decision.clone());
    let replayed = decide(&tokens, &started.token, &family, 0);
    let next_mac = next.rsplit('.').next().unwrap();
    for shown in [format!("{tokens:?}"), format!("{started:?}"), format!("{decision:?}"), format!("{replayed:?}")] {
        assert!(!shown.contains(mac) && !shown.contains(next_mac), "{shown}");
        assert!(!shown.contains("TEST ONLY"), "{shown}");
    }
    let kept = serde_json::to_string(&family).unwrap();
    assert!(!kept.contains(mac) && !kept.contains(next_mac), "{kept}");
}

/// A store with compare-and-set, as the smallest that keeps its promise.
struct Store(Mutex<(u64, Family)>);

impl Store {
    fn use_token(&self, tokens: &RefreshTokens, text: &str) -> (&'static str, Option<String>) {
        loop {
            let (version, family) = self.0.lock().unwrap().clone();
            let decision = decide(tokens, text, &family, 1);
            let name = decision.name();
            let (next, token) = match decision {
                Rotation::Rotated { family, token } => (family, Some(token)),
                Rotation::Reused { family } => (family, None),
                Rotation::Replayed { token } => return (name, Some(token)),
                _ => return (name, None),
            };
            let mut kept = self.0.lock().unwrap();
            if kept.0 == version {
                *kept = (version + 1, next);
                return (name, token);
            }
        }
    }
}

fn fifty(grace: u64) -> (Vec<&'static str>, HashSet<String>, Family) {
    let tokens = tokens(Rules { grace: Duration::from_secs(grace), ..SHORT });
    let started = start(&tokens);
    let store = Store(Mutex::new((0, started.family)));
    let answers: Vec<(&str, Option<String>)> = std::thread::scope(|scope| {
        let uses: Vec<_> = (0..50).map(|_| scope.spawn(|| store.use_token(&tokens, &started.token))).collect();
        uses.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let (names, given): (Vec<_>, Vec<_>) = answers.into_iter().unzip();
    (names, given.into_iter().flatten().collect(), store.0.into_inner().unwrap().1)
}

#[test]
fn of_fifty_at_once_without_a_grace_one_gets_a_token_and_the_family_ends() {
    let (names, given, family) = fifty(0);
    let count = |wanted: &str| names.iter().filter(|name| **name == wanted).count();
    assert_eq!((count("rotated"), count("reused"), count("revoked")), (1, 1, 48));
    assert_eq!((given.len(), family.is_revoked()), (1, true));
}

#[test]
fn of_fifty_at_once_within_the_grace_all_get_the_same_token() {
    let (names, given, family) = fifty(10);
    let count = |wanted: &str| names.iter().filter(|name| **name == wanted).count();
    assert_eq!((count("rotated"), count("replayed")), (1, 49));
    assert_eq!((given.len(), family.is_revoked()), (1, false));
}
