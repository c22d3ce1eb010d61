//! One-time codes: the vectors of the RFCs, hostile secrets and codes, and what is taken once.

use std::time::Duration;

use crate::chance::{Exhausted, Known};
use portcullis::UnixTime;
use portcullis::issuer::otp::{
    Hotp, HotpSettings, MAX_COUNTER, OtpAlgorithm, OtpError, OtpSecret, Totp, TotpOutcome, TotpSettings,
};
use portcullis::issuer::{Coded, SystemRandom};

const DIGITS: &[u8; 64] = b"1234567890123456789012345678901234567890123456789012345678901234";

fn secret(length: usize) -> OtpSecret {
    OtpSecret::from_bytes(DIGITS.get(..length).unwrap()).unwrap()
}

fn hotp() -> Hotp {
    Hotp::new(secret(20), HotpSettings::default()).unwrap()
}

fn totp() -> Totp {
    Totp::new(secret(20), TotpSettings::default()).unwrap()
}

const fn at(seconds: i64) -> UnixTime {
    UnixTime::from_seconds(seconds)
}

/// RFC 4226, appendix D.
const HOTP: [&str; 10] =
    ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"];

/// RFC 6238, appendix B, with the lengths of its erratum 2866: 20, 32 and 64 bytes.
const TOTP: [(i64, [&str; 3]); 6] = [
    (59, ["94287082", "46119246", "90693936"]),
    (1_111_111_109, ["07081804", "68084774", "25091201"]),
    (1_111_111_111, ["14050471", "67062674", "99943326"]),
    (1_234_567_890, ["89005924", "91819424", "93441116"]),
    (2_000_000_000, ["69279037", "90698825", "38618901"]),
    (20_000_000_000, ["65353130", "77737706", "47863826"]),
];

#[test]
fn the_codes_of_rfc_4226() {
    for (counter, code) in (0..).zip(HOTP) {
        assert_eq!(hotp().code(counter).unwrap(), code);
        assert_eq!(hotp().verify(code, counter), Ok(Some(counter + 1)));
    }
}

#[test]
fn the_codes_of_rfc_6238() {
    let algorithms = [(OtpAlgorithm::Sha1, 20), (OtpAlgorithm::Sha256, 32), (OtpAlgorithm::Sha512, 64)];
    for (seconds, codes) in TOTP {
        for ((algorithm, length), code) in algorithms.into_iter().zip(codes) {
            let settings = TotpSettings { algorithm, digits: 8, ..TotpSettings::default() };
            let totp = Totp::new(secret(length), settings).unwrap();
            assert_eq!(totp.code(at(seconds)), code, "{algorithm:?} at {seconds}");
            let step = u64::try_from(seconds / 30).unwrap();
            assert_eq!(totp.verify(code, at(seconds), None), TotpOutcome::Accepted { step });
        }
    }
}

#[test]
fn a_code_has_as_many_digits_as_are_asked_for() {
    let code =
        |digits| Hotp::new(secret(20), HotpSettings { digits, ..HotpSettings::default() }).unwrap().code(0).unwrap();
    // 1284755224 is the number of counter 0 in RFC 4226, appendix D.
    assert_eq!([code(6), code(7), code(8)], ["755224", "4755224", "84755224"]);
}

#[test]
fn a_window_reaches_one_step_to_each_side() {
    let totp = totp();
    let now = 1_790_000_010;
    for away in [-2, -1, 0, 1, 2_i64] {
        let step = u64::try_from(now / 30 + away).unwrap();
        let expected = if away.abs() < 2 { TotpOutcome::Accepted { step } } else { TotpOutcome::Wrong };
        assert_eq!(totp.verify(&totp.code(at(now + 30 * away)), at(now), None), expected, "{away}");
    }
}

#[test]
fn a_step_at_or_before_the_last_used_is_refused() {
    let totp = totp();
    let now = at(1_790_000_010);
    let present = 1_790_000_010 / 30;
    let before = totp.code(at(1_789_999_980));
    assert_eq!(totp.verify(&totp.code(now), now, Some(present - 1)), TotpOutcome::Accepted { step: present });
    assert_eq!(totp.verify(&totp.code(now), now, Some(present)), TotpOutcome::Used);
    assert_eq!(totp.verify(&before, now, Some(present)), TotpOutcome::Used);
    assert_eq!(totp.verify(&totp.code(now), now, Some(u64::MAX)), TotpOutcome::Used);
    assert_eq!(totp.verify("000000", now, Some(present)), TotpOutcome::Wrong);
}

#[test]
fn of_two_steps_with_the_same_digits_the_later_counts() {
    // Found by trying: the codes of this step and of the next are both 911617.
    let totp = totp();
    let (now, step) = (at(910_737 * 30), 910_737);
    assert_eq!([totp.code(now), totp.code(at(910_738 * 30))], ["911617", "911617"]);
    assert_eq!(totp.verify("911617", now, None), TotpOutcome::Accepted { step: step + 1 });
    assert_eq!(totp.verify("911617", now, Some(step + 1)), TotpOutcome::Used);
}

#[test]
fn a_used_step_is_kept_for_longer_than_it_can_be_typed() {
    let settings = TotpSettings { period: Duration::from_secs(120), window: 10, ..TotpSettings::default() };
    let totp = Totp::new(secret(20), settings).unwrap();
    let code = totp.code(at(1_200_000));
    let end = totp.keep_until(10_000).seconds();
    for now in [end, end - 1, end - 80_000] {
        assert_eq!(totp.verify(&code, at(now), None), TotpOutcome::Wrong);
    }
    assert_eq!(totp.keep_until(u64::MAX).seconds(), i64::MAX);
}

#[test]
fn the_look_ahead_ends_and_what_was_passed_over_is_gone() {
    let hotp = hotp();
    assert_eq!(hotp.verify(&hotp.code(15).unwrap(), 5), Ok(Some(16)));
    assert_eq!(hotp.verify(&hotp.code(16).unwrap(), 5), Ok(None));
    assert_eq!(hotp.verify(&hotp.code(4).unwrap(), 5), Ok(None));
}

#[test]
fn a_counter_ends() {
    let hotp = hotp();
    let last = hotp.code(MAX_COUNTER - 1).unwrap();
    assert_eq!(hotp.verify(&last, MAX_COUNTER - 1), Ok(Some(MAX_COUNTER)));
    assert_eq!(hotp.verify(&hotp.code(MAX_COUNTER).unwrap(), MAX_COUNTER), Ok(None));
    assert_eq!(hotp.verify(&last, MAX_COUNTER + 1), Err(OtpError::Counter));
    assert_eq!(hotp.code(u64::MAX), Err(OtpError::Counter));
    assert_eq!(hotp.uri("a", "b", u64::MAX), Err(OtpError::Counter));
}

#[test]
fn time_has_no_edge_that_breaks() {
    let totp = totp();
    for seconds in [i64::MIN, -1, 0, i64::MAX] {
        let code = totp.code(at(seconds));
        assert!(matches!(totp.verify(&code, at(seconds), None), TotpOutcome::Accepted { .. }), "{seconds}");
    }
}

#[test]
fn a_code_may_have_spaces_and_nothing_else() {
    let verify = |typed: &str| hotp().verify(typed, 0).unwrap().is_some();
    for typed in ["755224", "755 224", " 755224 ", "7 5 5 2 2 4"] {
        assert!(verify(typed), "{typed}");
    }
    let long = format!("{}755224", " ".repeat(27));
    for typed in [
        "",
        " ",
        "75522",
        "0755224",
        "7552244",
        "755-224",
        "+755224",
        "755224\n",
        "\t755224",
        "755\u{a0}224",
        "７５５２２４",
        "٧٥٥٢٢٤",
        "75522\u{0}4",
        "7.5e5",
        "0x0b8618",
        "99999999999999999999",
        &long,
    ] {
        assert!(!verify(typed), "{typed:?}");
    }
}

#[test]
fn settings_have_their_limits() {
    let hotp = |digits, look_ahead| {
        let settings = HotpSettings { digits, look_ahead, ..HotpSettings::default() };
        Hotp::new(secret(20), settings).err()
    };
    assert_eq!(
        [hotp(5, 0), hotp(9, 0), hotp(6, 101)],
        [Some(OtpError::Digits), Some(OtpError::Digits), Some(OtpError::LookAhead)]
    );
    assert_eq!([hotp(6, 100), hotp(8, 0)], [None, None]);
    let totp = |millis, window| {
        let settings = TotpSettings { period: Duration::from_millis(millis), window, ..TotpSettings::default() };
        Totp::new(secret(20), settings).err()
    };
    for millis in [0, 14_000, 30_500, 121_000, u64::MAX] {
        assert_eq!(totp(millis, 1), Some(OtpError::Period), "{millis}");
    }
    assert_eq!([totp(30_000, 11), totp(15_000, 10), totp(120_000, 0)], [Some(OtpError::Window), None, None]);
}

#[test]
fn a_new_secret_is_as_long_as_the_hash() {
    for (algorithm, bytes) in [(OtpAlgorithm::Sha1, 20), (OtpAlgorithm::Sha256, 32), (OtpAlgorithm::Sha512, 64)] {
        let secret = OtpSecret::generate(algorithm, &mut Known::of(DIGITS)).unwrap();
        assert_eq!(secret, OtpSecret::from_bytes(DIGITS.get(..bytes).unwrap()).unwrap());
    }
    let two = [(); 2].map(|()| OtpSecret::generate(OtpAlgorithm::Sha1, &mut SystemRandom).unwrap());
    assert_ne!(two[0], two[1]);
    let error = OtpSecret::generate(OtpAlgorithm::Sha1, &mut Exhausted).unwrap_err();
    assert_eq!(error.code(), "random_unavailable");
}

#[test]
fn base32_is_read_as_apps_write_it() {
    let text = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    assert_eq!(secret(20).to_base32(), text);
    for written in [
        text,
        "gezdgnbvgy3tqojqgezdgnbvgy3tqojq",
        "gezd gnbv gy3t qojq gezd gnbv gy3t qojq",
        "GEZD-GNBV-GY3T-QOJQ-GEZD-GNBV-GY3T-QOJQ",
    ] {
        assert_eq!(OtpSecret::from_base32(written), Ok(secret(20)), "{written}");
    }
    // 16 bytes: 26 letters and six of padding, the last two bits of no byte.
    let sixteen = secret(16).to_base32();
    assert_eq!(sixteen.len(), 26);
    assert_eq!(OtpSecret::from_base32(&format!("{sixteen}======")), Ok(secret(16)));
    for length in 16..=64 {
        assert_eq!(OtpSecret::from_base32(&secret(length).to_base32()), Ok(secret(length)));
    }
}

#[test]
fn what_is_no_secret_has_a_name() {
    let code = |text: &str| OtpSecret::from_base32(text).map_or_else(|error| error.code(), |_| "ok");
    let sixteen = secret(16).to_base32();
    for text in [
        "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ1",
        "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ\u{17f}",
        "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQA",
        "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ========",
        "GEZD=GNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
        "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\n",
        &format!("{sixteen}====="),
        &format!("{sixteen}======="),
    ] {
        assert_eq!(code(text), "otp_secret_malformed", "{text:?}");
    }
    for text in ["", " ", "-", "GEZDGNBVGY3TQOJQ", "GEZDGNBVGY3TQOJQGEZDGNBV"] {
        assert_eq!(code(text), "otp_secret_too_short", "{text:?}");
    }
    for text in ["A".repeat(208), "A".repeat(513), " ".repeat(600), "A".repeat(1 << 20)] {
        assert_eq!(code(&text), "otp_secret_too_long");
    }
    assert_eq!(OtpSecret::from_bytes(&[0; 15]), Err(OtpError::SecretTooShort));
    assert_eq!(OtpSecret::from_bytes(&[0; 129]), Err(OtpError::SecretTooLong));
    assert!(OtpSecret::from_bytes(&[0; 128]).is_ok());
}

#[test]
fn the_uri_is_what_apps_read() {
    assert_eq!(
        totp().uri("Wicket & Söhne", "ada@example.org").unwrap(),
        "otpauth://totp/Wicket%20%26%20S%C3%B6hne:ada%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
         &issuer=Wicket%20%26%20S%C3%B6hne&algorithm=SHA1&digits=6&period=30"
    );
    let settings = HotpSettings { algorithm: OtpAlgorithm::Sha512, digits: 8, ..HotpSettings::default() };
    assert_eq!(
        Hotp::new(secret(16), settings).unwrap().uri("a", "b?secret=x&c#/%", 7).unwrap(),
        "otpauth://hotp/a:b%3Fsecret%3Dx%26c%23%2F%25?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY\
         &issuer=a&algorithm=SHA512&digits=8&counter=7"
    );
}

#[test]
fn a_label_has_its_limits() {
    for name in ["", "a:b", "a\nb", "\u{7f}", "\u{85}", &"a".repeat(129)] {
        assert_eq!(totp().uri(name, "b"), Err(OtpError::Label), "{name:?}");
        assert_eq!(totp().uri("a", name), Err(OtpError::Label), "{name:?}");
    }
    assert!(totp().uri(&"a".repeat(128), "b").is_ok());
}

#[test]
fn nothing_shows_the_secret() {
    for shown in [format!("{:?}", secret(20)), format!("{:?}", hotp()), format!("{:?}", totp())] {
        assert!(!shown.contains("GEZD") && !shown.contains("1234") && !shown.contains("49, 50"), "{shown}");
    }
}
