//! Timestamps and durations.

const NANOS: i64 = 1_000_000_000;
const DAY: i64 = 86_400;
/// Days from 0001-01-01, a Monday, to 1970-01-01.
const DAYS_TO_1970: i64 = 719_162;

/// A timestamp since 1970-01-01T00:00:00Z, without leap seconds, or a duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment {
    pub(crate) seconds: i64,
    /// Forward from `seconds`, also before zero: 0 to 999,999,999.
    pub(crate) nanos: u32,
}

impl Moment {
    /// A timestamp, or a duration, of whole seconds.
    pub(super) const fn from_seconds(seconds: i64) -> Self {
        Self { seconds, nanos: 0 }
    }

    fn new(seconds: i64, nanos: i64) -> Option<Self> {
        let seconds = seconds.checked_add(nanos.div_euclid(NANOS))?;
        Some(Self { seconds, nanos: u32::try_from(nanos.rem_euclid(NANOS)).ok()? })
    }

    /// Whether a timestamp may have this value: the years 1 to 9999.
    pub(super) const fn is_timestamp(self) -> bool {
        self.seconds >= -62_135_596_800 && self.seconds <= 253_402_300_799
    }

    /// Whether a duration may have this value: 64 bits of nanoseconds, some 292 years each way.
    ///
    /// cel-spec's tests want the first timestamp less the last one to be out of range, which the wider range of
    /// `google.protobuf.Duration` holds; cel-go has this one.
    pub(super) fn is_duration(self) -> bool {
        self >= Self { seconds: -9_223_372_037, nanos: 145_224_192 }
            && self <= Self { seconds: 9_223_372_036, nanos: 854_775_807 }
    }

    /// The sum, which may be neither a timestamp nor a duration. `None` beyond 64 bits of seconds.
    pub(super) fn plus(self, other: Self) -> Option<Self> {
        Self::new(self.seconds.checked_add(other.seconds)?, i64::from(self.nanos) + i64::from(other.nanos))
    }

    /// The difference, which may be neither a timestamp nor a duration. `None` beyond 64 bits of seconds.
    pub(super) fn minus(self, other: Self) -> Option<Self> {
        Self::new(self.seconds.checked_sub(other.seconds)?, i64::from(self.nanos) - i64::from(other.nanos))
    }

    /// A part of a timestamp, where the clocks are `offset` seconds ahead of UTC: 0 year, 1 month from 0, 2 day of the
    /// month from 0, 3 from 1, 4 day of the week from Sunday 0, 5 day of the year from 0, 6 hours, 7 minutes,
    /// 8 seconds, 9 milliseconds.
    pub(super) fn field(self, field: u8, offset: i64) -> i64 {
        let local = self.seconds.saturating_add(offset);
        let days = local.div_euclid(DAY) + DAYS_TO_1970;
        let second = local.rem_euclid(DAY);
        match field {
            4 => (days + 1).rem_euclid(7),
            6 => second / 3600,
            7 => second / 60 % 60,
            8 => second % 60,
            9 => i64::from(self.nanos / 1_000_000),
            _ => date(field, days),
        }
    }

    /// A part of a duration: 6 all its hours, 7 minutes, 8 seconds, rounded towards zero; 9 the milliseconds beside its
    /// whole seconds, as cel-spec's tests want it.
    pub(super) fn part(self, field: u8) -> i64 {
        let (mut seconds, mut nanos) = (self.seconds, i64::from(self.nanos));
        if seconds < 0 && nanos > 0 {
            seconds += 1;
            nanos -= NANOS;
        }
        match field {
            6 => seconds / 3600,
            7 => seconds / 60,
            8 => seconds,
            _ => nanos / 1_000_000,
        }
    }
}

/// The parts 0 to 3 and 5 of a day, counted from 0001-01-01.
fn date(field: u8, days: i64) -> i64 {
    // 146,097 days in 400 years: the year that is meant, or one of the two before it.
    let mut year = (days * 400).div_euclid(146_097);
    while days >= days_before(year + 1) {
        year += 1;
    }
    let day_of_year = days - days_before(year);
    let (mut month, mut day) = (1, day_of_year);
    while day >= days_in(year, month) {
        day -= days_in(year, month);
        month += 1;
    }
    match field {
        0 => year,
        1 => month - 1,
        2 => day,
        3 => day + 1,
        _ => day_of_year,
    }
}

/// Days from 0001-01-01 to the first day of a year.
const fn days_before(year: i64) -> i64 {
    let past = year - 1;
    past * 365 + past.div_euclid(4) - past.div_euclid(100) + past.div_euclid(400)
}

/// The days of a month, 1 to 12.
const fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 => days_before(year + 1) - days_before(year) - 337,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Reads a timestamp: RFC 3339 §5.6 with `T` and `Z` in upper case, up to nine digits of a fraction, no leap second.
pub(super) fn timestamp(text: &str) -> Option<Moment> {
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
        let fraction = run(&mut rest, |byte| byte.is_ascii_digit());
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
pub(super) fn duration(text: &str) -> Option<Moment> {
    let mut rest = text.as_bytes();
    let sign = if skip(&mut rest, b'-').is_some() {
        -1
    } else {
        skip(&mut rest, b'+');
        1
    };
    if rest == b"0" {
        return Some(Moment::from_seconds(0));
    }
    let mut nanos = 0_i64;
    loop {
        let whole = run(&mut rest, |byte| byte.is_ascii_digit());
        let fraction = match skip(&mut rest, b'.') {
            Some(()) => run(&mut rest, |byte| byte.is_ascii_digit()),
            None => &[],
        };
        let unit = match run(&mut rest, |byte| byte != b'.' && !byte.is_ascii_digit()) {
            _ if whole.is_empty() && fraction.is_empty() => return None,
            b"h" => 3600 * NANOS,
            b"m" => 60 * NANOS,
            b"s" => NANOS,
            b"ms" => 1_000_000,
            // The micro sign and the Greek letter, as in Go.
            b"us" | b"\xc2\xb5s" | b"\xce\xbcs" => 1000,
            b"ns" => 1,
            _ => return None,
        };
        let mut count = 0_i64;
        for digit in whole {
            count = count.checked_mul(10)?.checked_add(sign * i64::from(digit - b'0'))?;
        }
        nanos = nanos.checked_add(count.checked_mul(unit)?)?.checked_add(sign * part_of(unit, fraction))?;
        if rest.is_empty() {
            return Moment::new(0, nanos);
        }
    }
}

/// Reads a time zone: `UTC`, or how far its clocks are ahead, as in `+02:00`, `02:00`, `-05:30`; the seconds of it.
pub(super) fn zone(text: &str) -> Option<i64> {
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
        number = number * 10 + i64::from(char::from(*digit).to_digit(10)?);
    }
    (number <= most).then_some(number)
}

fn skip(rest: &mut &[u8], byte: u8) -> Option<()> {
    *rest = rest.strip_prefix(&[byte])?;
    Some(())
}

fn run<'a>(rest: &mut &'a [u8], is_member: fn(u8) -> bool) -> &'a [u8] {
    let end = rest.iter().position(|byte| !is_member(*byte)).unwrap_or(rest.len());
    let (own, behind) = rest.split_at_checked(end).unwrap_or_default();
    *rest = behind;
    own
}
