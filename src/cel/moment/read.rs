//! Timestamps, durations and time zones as texts.

use super::{DAY, DAYS_TO_1970, Moment, NANOS, days_before, days_in};

/// Reads a timestamp: RFC 3339 §5.6 with `T` and `Z` in upper case, up to nine digits of a fraction, no leap second.
pub(crate) fn timestamp(text: &str) -> Option<Moment> {
    let mut rest = text.as_bytes();
    let year = number(&mut rest, 4, 9999)?;
    skip(&mut rest, b'-')?;
    let month = number(&mut rest, 2, 12)?;
    skip(&mut rest, b'-')?;
    let day = number(&mut rest, 2, days_in(year, month))?;
    skip(&mut rest, b'T')?;
    let hour = number(&mut rest, 2, 23)?;
    skip(&mut rest, b':')?;
    let minute = number(&mut rest, 2, 59)?;
    skip(&mut rest, b':')?;
    let second = number(&mut rest, 2, 59)?;
    let mut nanos = 0;
    if skip(&mut rest, b'.').is_some() {
        let fraction = digits(&mut rest);
        if fraction.is_empty() || fraction.len() > 9 {
            return None;
        }
        nanos = part_of(NANOS, fraction);
    }
    let offset = offset(rest)?;
    if month == 0 || day == 0 {
        return None;
    }
    let mut days = days_before(year) - DAYS_TO_1970 + day - 1;
    for month in 1..month {
        days += days_in(year, month);
    }
    let seconds = days * DAY + hour * 3600 + minute * 60 + second - offset;
    Moment::new(seconds, nanos).filter(|moment| moment.is_timestamp())
}

/// Reads a duration: a sign, and numbers with a unit each, as in `1h30m`, `-1.5s`, `100ms`; or `0`. What is less than a
/// nanosecond is cut off.
pub(crate) fn duration(text: &str) -> Option<Moment> {
    let mut rest = text.as_bytes();
    let is_negative = skip(&mut rest, b'-').is_some();
    if !is_negative {
        skip(&mut rest, b'+');
    }
    if rest == b"0" {
        return Some(Moment::from_seconds(0));
    }
    // Counted downwards, where there is one nanosecond more.
    let mut nanos = 0_i64;
    loop {
        let whole = digits(&mut rest);
        let fraction = match skip(&mut rest, b'.') {
            Some(()) => digits(&mut rest),
            None => &[],
        };
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let unit = match run(&mut rest, |byte| byte != b'.' && !byte.is_ascii_digit()) {
            b"h" => 3600 * NANOS,
            b"m" => 60 * NANOS,
            b"s" => NANOS,
            b"ms" => 1_000_000,
            // The micro sign and the Greek letter, as in Go.
            b"us" | b"\xc2\xb5s" | b"\xce\xbcs" => 1000,
            b"ns" => 1,
            _ => return None,
        };
        let mut part = 0_i64;
        for digit in whole {
            if part < i64::MIN / 10 {
                return None;
            }
            part = (part * 10).checked_sub(i64::from(digit - b'0') * unit)?;
        }
        nanos = nanos.checked_add(part)?.checked_sub(part_of(unit, fraction))?;
        if rest.is_empty() {
            return Moment::new(0, if is_negative { nanos } else { nanos.checked_neg()? });
        }
    }
}

/// Reads a time zone: `UTC`, or how far its clocks are ahead, as in `+02:00`, `02:00`, `-05:30`; the seconds of it.
pub(crate) fn zone(text: &str) -> Option<i64> {
    match text.as_bytes() {
        b"UTC" => Some(0),
        digits @ [b'0'..=b'9', ..] => clock(digits),
        text => offset(text),
    }
}

/// `Z`, `+hh:mm` or `-hh:mm`.
fn offset(text: &[u8]) -> Option<i64> {
    match text {
        b"Z" => Some(0),
        [b'+', ahead @ ..] => clock(ahead),
        [b'-', behind @ ..] => Some(-clock(behind)?),
        _ => None,
    }
}

/// `hh:mm`
fn clock(mut rest: &[u8]) -> Option<i64> {
    let hours = number(&mut rest, 2, 23)?;
    skip(&mut rest, b':')?;
    let minutes = number(&mut rest, 2, 59)?;
    rest.is_empty().then_some(hours * 3600 + minutes * 60)
}

/// 0.digits of that many nanoseconds, cut off. From the last digit to the first no remainder is lost.
fn part_of(nanos: i64, digits: &[u8]) -> i64 {
    digits.iter().rev().fold(0, |part, digit| (i64::from(digit - b'0') * nanos + part) / 10)
}

fn number(rest: &mut &[u8], digits: usize, most: i64) -> Option<i64> {
    let (own, behind) = rest.split_at_checked(digits)?;
    *rest = behind;
    let mut number = 0;
    for digit in own {
        if !digit.is_ascii_digit() {
            return None;
        }
        number = number * 10 + i64::from(digit - b'0');
    }
    (number <= most).then_some(number)
}

fn skip(rest: &mut &[u8], byte: u8) -> Option<()> {
    *rest = rest.strip_prefix(&[byte])?;
    Some(())
}

fn digits<'a>(rest: &mut &'a [u8]) -> &'a [u8] {
    run(rest, |byte| byte.is_ascii_digit())
}

fn run<'a>(rest: &mut &'a [u8], is_member: fn(u8) -> bool) -> &'a [u8] {
    let end = rest.iter().position(|byte| !is_member(*byte)).unwrap_or(rest.len());
    let (own, behind) = rest.split_at_checked(end).unwrap_or_default();
    *rest = behind;
    own
}

#[cfg(test)]
mod tests {
    use super::{Moment, duration, timestamp, zone};

    fn parts(text: &str) -> Option<[i64; 4]> {
        let span = duration(text)?;
        Some([6, 7, 8, 9].map(|field| span.part(field)))
    }

    #[test]
    fn a_timestamp_is_read_strictly() {
        let same = ["2009-02-13T23:31:30Z", "2009-02-14T01:31:30+02:00", "2009-02-13T18:01:30-05:30"];
        for text in same {
            assert_eq!(timestamp(text), Some(Moment::from_seconds(1_234_567_890)), "{text}");
        }
        assert_eq!(timestamp("1969-12-31T23:59:59.5-00:00"), Some(Moment { seconds: -1, nanos: 500_000_000 }));
        assert_eq!(timestamp("0000-12-31T23:30:00-00:30"), timestamp("0001-01-01T00:00:00Z"));
        let wrong = [
            "",
            "2009-02-13",
            "2009-02-13T23:31:30",
            "2009-02-13t23:31:30Z",
            "2009-02-13T23:31:30z",
            "2009-02-13 23:31:30Z",
            "2009-02-13T23:31:30.Z",
            "2009-02-13T23:31:30.1234567890Z",
            "2009-02-13T23:31:30,5Z",
            "2009-02-13T23:31:60Z",
            "2009-02-13T24:00:00Z",
            "2009-02-13T23:60:00Z",
            "2009-02-13T23:31:30+24:00",
            "2009-02-13T23:31:30+02:60",
            "2009-02-13T23:31:30+0200",
            "2009-02-13T23:31:30+02",
            "2009-02-13T23:31:30Z ",
            " 2009-02-13T23:31:30Z",
            "2009-2-13T23:31:30Z",
            "2009-02-29T23:31:30Z",
            "1900-02-29T00:00:00Z",
            "2009-00-13T23:31:30Z",
            "2009-13-13T23:31:30Z",
            "2009-04-31T23:31:30Z",
            "2009-02-00T23:31:30Z",
            "+009-02-13T23:31:30Z",
            "0000-01-01T00:00:00Z",
            "10000-01-01T00:00:00Z",
            "0001-01-01T00:00:00+00:01",
            "9999-12-31T23:59:59-00:01",
            "２009-02-13T23:31:30Z",
        ];
        for text in wrong {
            assert_eq!(timestamp(text), None, "{text}");
        }
    }

    #[test]
    fn a_duration_has_its_totals_rounded_towards_zero() {
        let cases = [
            ("0", [0, 0, 0, 0]),
            ("-0", [0, 0, 0, 0]),
            ("0s", [0, 0, 0, 0]),
            ("10000s", [2, 166, 10_000, 0]),
            ("3730s", [1, 62, 3730, 0]),
            ("123.321456789s", [0, 2, 123, 321]),
            ("-123.321456789s", [0, -2, -123, -321]),
            ("-1ns", [0, 0, 0, 0]),
            ("-1ms", [0, 0, 0, -1]),
            ("1h30m", [1, 90, 5400, 0]),
            ("-1.5h", [-1, -90, -5400, 0]),
            ("+1m6s", [0, 1, 66, 0]),
            ("1h1m1s1ms1us1ns", [1, 61, 3661, 1]),
            ("100ms", [0, 0, 0, 100]),
            (".5s", [0, 0, 0, 500]),
            ("1.s", [0, 0, 1, 0]),
            ("1500us", [0, 0, 0, 1]),
            ("1500µs", [0, 0, 0, 1]),
            ("1500μs", [0, 0, 0, 1]),
            ("2000000ns", [0, 0, 0, 2]),
        ];
        for (text, expected) in cases {
            assert_eq!(parts(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn a_fraction_of_a_unit_is_exact_to_the_nanosecond() {
        let cases = [
            ("0.000000001s", 0, 1),
            ("0.0000000019s", 0, 1),
            ("-0.000000001s", -1, 999_999_999),
            ("0.3333333333333333333333333h", 1199, 999_999_999),
            ("0.1234567890123456h", 444, 444_440_444),
            ("0.0000000000003h", 0, 1),
            ("9223372036.854775807s", 9_223_372_036, 854_775_807),
            ("-9223372036854775808ns", -9_223_372_037, 145_224_192),
        ];
        for (text, seconds, nanos) in cases {
            assert_eq!(duration(text), Some(Moment { seconds, nanos }), "{text}");
            assert!(duration(text).is_some_and(Moment::is_duration), "{text}");
        }
    }

    #[test]
    fn a_duration_without_form_or_beyond_292_years_is_none() {
        let wrong = [
            "",
            "-",
            "+",
            "1",
            "00",
            "0.0",
            "1.5",
            ".s",
            "s",
            "1d",
            "1S",
            "1h-1m",
            "--1s",
            "1 s",
            " 1s",
            "1s ",
            "1.2.3s",
            "1e3s",
            "1s1",
            "9223372036854775808ns",
            "-9223372036854775809ns",
            "9223372036.854775808s",
            "200000000000s",
            "-320000000000s",
            "99999999999999999999999999h",
            "2562048h",
        ];
        for text in wrong {
            assert_eq!(duration(text), None, "{text}");
        }
    }

    #[test]
    fn a_zone_is_utc_or_an_offset() {
        let cases = [
            ("UTC", Some(0)),
            ("Z", Some(0)),
            ("+02:00", Some(7200)),
            ("02:00", Some(7200)),
            ("-05:30", Some(-19_800)),
            ("-00:00", Some(0)),
            ("", None),
            ("utc", None),
            ("Europe/Paris", None),
            ("+2:00", None),
            ("+02:0", None),
            ("+02:000", None),
            ("+24:00", None),
            ("+00:60", None),
            ("+-2:00", None),
            ("0200", None),
        ];
        for (text, expected) in cases {
            assert_eq!(zone(text), expected, "{text}");
        }
    }
}
