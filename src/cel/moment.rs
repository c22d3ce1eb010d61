//! Timestamps and durations.

mod read;

pub(super) use read::{duration, timestamp, zone};

const NANOS: i64 = 1_000_000_000;
const DAY: i64 = 86_400;
/// Years after which the calendar is the same again, to the day of the week, and their days.
const CYCLE: i64 = 4 * 100;
const DAYS_IN_CYCLE: i64 = 146_097;
/// Days are counted from the first of January of the year -399, a Monday, so that none is negative. To 1970 these are:
const DAYS_TO_1970: i64 = 865_259;

/// A timestamp since 1970-01-01T00:00:00Z, without leap seconds, or a duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment {
    pub(crate) seconds: i64,
    /// Forward from `seconds`, also before zero: 0 to 999,999,999.
    pub(crate) nanos: i64,
}

impl Moment {
    /// A timestamp, or a duration, of whole seconds.
    pub(super) const fn from_seconds(seconds: i64) -> Self {
        Self { seconds, nanos: 0 }
    }

    fn new(seconds: i64, nanos: i64) -> Option<Self> {
        let seconds = seconds.checked_add(nanos.div_euclid(NANOS))?;
        Some(Self { seconds, nanos: nanos.rem_euclid(NANOS) })
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
        Self::new(self.seconds.checked_add(other.seconds)?, self.nanos + other.nanos)
    }

    /// The difference, which may be neither a timestamp nor a duration. `None` beyond 64 bits of seconds.
    pub(super) fn minus(self, other: Self) -> Option<Self> {
        Self::new(self.seconds.checked_sub(other.seconds)?, self.nanos - other.nanos)
    }

    /// A part of a timestamp, where the clocks are `offset` seconds ahead of UTC: 0 year, 1 month from 0, 2 day of the
    /// month from 0, 3 from 1, 4 day of the week from Sunday 0, 5 day of the year from 0, 6 hours, 7 minutes,
    /// 8 seconds, 9 milliseconds.
    pub(super) fn field(self, field: u8, offset: i64) -> i64 {
        let local = self.seconds.saturating_add(offset + DAYS_TO_1970 * DAY);
        let (days, second) = (local / DAY, local % DAY);
        match field {
            4 => (days + 1) % 7,
            6 => second / 3600,
            7 => second / 60 % 60,
            8 => second % 60,
            9 => self.nanos / 1_000_000,
            _ => date(field, days),
        }
    }

    /// A part of a duration: 6 all its hours, 7 minutes, 8 seconds, rounded towards zero; 9 the milliseconds beside its
    /// whole seconds, as cel-spec's tests want it.
    pub(super) fn part(self, field: u8) -> i64 {
        let Self { mut seconds, mut nanos } = self;
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

/// The parts 0 to 3 and 5 of a day.
fn date(field: u8, days: i64) -> i64 {
    // The year that is meant, or one of the two before it.
    let mut year = days * CYCLE / DAYS_IN_CYCLE - CYCLE;
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

/// The first day of a year.
const fn days_before(year: i64) -> i64 {
    let past = CYCLE + year - 1;
    past * 365 + past / 4 - past / 100 + past / CYCLE
}

/// The days of a month, 1 to 12.
const fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 => days_before(year + 1) - days_before(year) - 337,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::{Moment, duration, timestamp};

    fn fields(text: &str, offset: i64) -> Option<[i64; 10]> {
        let moment = timestamp(text)?;
        Some([0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map(|field| moment.field(field, offset)))
    }

    #[test]
    fn a_timestamp_has_its_parts_in_every_zone() {
        let cases = [
            ("1970-01-01T00:00:00Z", 0, [1970, 0, 0, 1, 4, 0, 0, 0, 0, 0]),
            ("2009-02-13T23:31:30.123456789Z", 0, [2009, 1, 12, 13, 5, 43, 23, 31, 30, 123]),
            ("2009-02-13T23:31:30Z", 11 * 3600, [2009, 1, 13, 14, 6, 44, 10, 31, 30, 0]),
            ("2009-02-13T02:00:00Z", -9000, [2009, 1, 11, 12, 4, 42, 23, 30, 0, 0]),
            ("1969-12-31T23:59:59.999Z", 0, [1969, 11, 30, 31, 3, 364, 23, 59, 59, 999]),
            ("2024-02-29T12:00:00Z", 0, [2024, 1, 28, 29, 4, 59, 12, 0, 0, 0]),
            ("2024-12-31T00:00:00Z", 0, [2024, 11, 30, 31, 2, 365, 0, 0, 0, 0]),
            ("0001-01-01T00:00:00Z", 0, [1, 0, 0, 1, 1, 0, 0, 0, 0, 0]),
            ("0001-01-01T00:00:00Z", -3600, [0, 11, 30, 31, 0, 365, 23, 0, 0, 0]),
            ("9999-12-31T23:59:59.999999999Z", 60, [10000, 0, 0, 1, 6, 0, 0, 0, 59, 999]),
        ];
        for (text, offset, expected) in cases {
            assert_eq!(fields(text, offset), Some(expected), "{text} {offset}");
        }
    }

    #[test]
    fn the_calendar_goes_on_day_by_day_for_four_centuries() {
        let (mut year, mut month, mut day, mut day_of_year) = (1899, 0, 0, 0);
        let start = timestamp("1899-01-01T00:00:00Z").map_or(0, |moment| moment.seconds);
        for days in 0..146_097 {
            let moment = Moment::from_seconds(start + days * 86_400);
            let own = [0, 1, 2, 3, 4, 5].map(|field| moment.field(field, 0));
            assert_eq!(own, [year, month, day, day + 1, days % 7, day_of_year]);
            let text = format!("{year}-{:02}-{:02}T00:00:00Z", month + 1, day + 1);
            assert_eq!(timestamp(&text), Some(moment), "{text}");
            let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            let last = match month {
                1 => 27 + i64::from(is_leap),
                3 | 5 | 8 | 10 => 29,
                _ => 30,
            };
            (day, day_of_year) = (day + 1, day_of_year + 1);
            if day > last {
                assert_eq!(timestamp(&format!("{year}-{:02}-{:02}T00:00:00Z", month + 1, day + 1)), None);
                (month, day) = (month + 1, 0);
            }
            if month == 12 {
                (year, month, day_of_year) = (year + 1, 0, 0);
            }
        }
    }

    #[test]
    fn sums_and_differences_carry_and_keep_their_range() {
        let [last, first] = ["9999-12-31T23:59:59.999999999Z", "0001-01-01T00:00:00Z"].map(timestamp);
        let [most, least, nano] = ["9223372036854775807ns", "-9223372036854775808ns", "1ns"].map(duration);
        let plus =
            |left: Option<Moment>, right: Option<Moment>| left.zip(right).and_then(|(left, right)| left.plus(right));
        let minus =
            |left: Option<Moment>, right: Option<Moment>| left.zip(right).and_then(|(left, right)| left.minus(right));
        let is_timestamp = |moment: Option<Moment>| moment.map(Moment::is_timestamp);
        let is_duration = |moment: Option<Moment>| moment.map(Moment::is_duration);
        assert_eq!([is_timestamp(last), is_timestamp(first)], [Some(true); 2]);
        assert_eq!([is_timestamp(plus(last, nano)), is_timestamp(minus(first, nano))], [Some(false); 2]);
        assert_eq!([is_duration(most), is_duration(least)], [Some(true); 2]);
        assert_eq!([is_duration(plus(most, nano)), is_duration(minus(least, nano))], [Some(false); 2]);
        assert_eq!([is_duration(minus(last, first)), is_duration(minus(first, last))], [Some(false); 2]);
        assert_eq!(minus(plus(first, nano), nano), first);
        assert_eq!(plus(minus(last, nano), nano), last);
        assert_eq!(plus(most, least), duration("-1ns"));
        assert!(least < nano && first < last);
        let nano = Moment { seconds: 0, nanos: 1 };
        assert_eq!(Moment::from_seconds(i64::MAX).plus(Moment::from_seconds(1)), None);
        assert_eq!(Moment { seconds: i64::MAX, nanos: 999_999_999 }.plus(nano), None);
        assert_eq!(Moment::from_seconds(i64::MIN).minus(nano), None);
    }

    #[test]
    fn no_moment_is_too_far_away_for_a_field() {
        for seconds in [i64::MIN, -1 << 40, 1 << 40, i64::MAX] {
            for field in 0..10 {
                Moment::from_seconds(seconds).field(field, 86_340);
                Moment::from_seconds(seconds).part(field);
            }
        }
    }
}
