//! Dates, counted day by day in the proleptic Gregorian calendar.

pub(crate) const SECOND: i128 = 1_000_000_000;
const DAY: i128 = 86_400 * SECOND;
/// 0001-01-01T00:00:00Z and 9999-12-31T23:59:59.999999999Z, in nanoseconds since 1970.
pub(crate) const FIRST: i128 = -62_135_596_800 * SECOND;
pub(crate) const LAST: i128 = 253_402_300_800 * SECOND - 1;

/// The parts of a moment in a place so many minutes east of Greenwich.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Parts {
    pub(crate) year: i64,
    /// From 0.
    pub(crate) month: i64,
    /// From 1.
    pub(crate) day: i64,
    /// From 0.
    pub(crate) day_of_year: i64,
    /// Sunday is 0.
    pub(crate) day_of_week: i64,
    pub(crate) hours: i64,
    pub(crate) minutes: i64,
    pub(crate) seconds: i64,
    pub(crate) nanoseconds: i64,
}

fn small(number: i128) -> i64 {
    i64::try_from(number).expect("a part of a date")
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_of_year(year: i64) -> i64 {
    if is_leap(year) { 366 } else { 365 }
}

fn days_of_months(year: i64) -> [i64; 12] {
    [31, if is_leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
}

pub(crate) fn parts(moment: i128, minutes_east: i64) -> Parts {
    let local = moment + i128::from(minutes_east) * 60 * SECOND;
    let (days, of_day) = (small(local.div_euclid(DAY)), small(local.rem_euclid(DAY)));
    let (mut year, mut rest) = (1970, days);
    while rest < 0 {
        year -= 1;
        rest += days_of_year(year);
    }
    while rest >= days_of_year(year) {
        rest -= days_of_year(year);
        year += 1;
    }
    let (day_of_year, mut month) = (rest, 0);
    for days in days_of_months(year) {
        if rest < days {
            break;
        }
        rest -= days;
        month += 1;
    }
    let seconds = of_day / small(SECOND);
    Parts {
        year,
        month,
        day: rest + 1,
        day_of_year,
        // 1970-01-01 was a Thursday.
        day_of_week: (days + 4).rem_euclid(7),
        hours: seconds / 3600,
        minutes: seconds / 60 % 60,
        seconds: seconds % 60,
        nanoseconds: of_day % small(SECOND),
    }
}

/// RFC 3339 in a place so many minutes east.
pub(crate) fn rfc3339(moment: i128, minutes_east: i64) -> String {
    let at = parts(moment, minutes_east);
    let fraction = format!(".{:09}", at.nanoseconds);
    let fraction = fraction.trim_end_matches('0').trim_end_matches('.');
    let zone = match minutes_east {
        0 => "Z".to_owned(),
        minutes => offset(minutes),
    };
    let date = format!("{:04}-{:02}-{:02}", at.year, at.month + 1, at.day);
    format!("{date}T{:02}:{:02}:{:02}{fraction}{zone}", at.hours, at.minutes, at.seconds)
}

/// `+02:00`
pub(crate) fn offset(minutes_east: i64) -> String {
    let sign = if minutes_east < 0 { '-' } else { '+' };
    format!("{sign}{:02}:{:02}", minutes_east.abs() / 60, minutes_east.abs() % 60)
}

/// A duration as Go writes it, in the units that the number asks for.
pub(crate) fn duration(length: i128, units: usize) -> String {
    let sign = if length < 0 { "-" } else { "" };
    let length = length.abs();
    let (seconds, rest) = (length / SECOND, length % SECOND);
    let fraction = format!(".{rest:09}");
    let fraction = fraction.trim_end_matches('0').trim_end_matches('.');
    match units {
        0 => format!("{sign}{seconds}{fraction}s"),
        1 => format!("{sign}{}h{}m{}{fraction}s", seconds / 3600, seconds / 60 % 60, seconds % 60),
        2 => format!("{sign}{}s{}ms{}us{}ns", seconds, rest / 1_000_000, rest / 1000 % 1000, rest % 1000),
        _ if rest == 0 && seconds % 1800 == 0 => {
            format!("{sign}{}{}h", seconds / 3600, if seconds % 3600 == 0 { "" } else { ".5" })
        }
        _ => format!("{sign}{}m{}{fraction}s", seconds / 60, seconds % 60),
    }
}
