//! Numbers with a fraction or an exponent, kept as they are written.

/// A JSON number that is no [`Json::Integer`](super::Json::Integer): its text, whose magnitude a double holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decimal(String);

/// Decimal digits before the point that a double is sure to hold.
const MAX_MAGNITUDE: i64 = 308;
/// Digits of 2^53, beyond which a double skips integers.
const MAX_WHOLE_DIGITS: usize = 16;

impl Decimal {
    /// Takes the text of a number (RFC 8259 §6). `None` where its magnitude is 10^308 or more.
    pub(super) fn new(text: &str) -> Option<Self> {
        let decimal = Self(text.to_owned());
        let (_, digits, point) = decimal.parts()?;
        let is_zero = digits.bytes().all(|digit| digit == b'0');
        (is_zero || point <= MAX_MAGNITUDE).then_some(decimal)
    }

    /// The number as it is written.
    pub fn text(&self) -> &str {
        &self.0
    }

    pub(crate) fn to_f64(&self) -> f64 {
        self.0.parse().unwrap_or(f64::NAN)
    }

    pub(crate) fn double(text: &str) -> Option<f64> {
        text.parse().ok().filter(|number: &f64| number.is_finite())
    }

    /// The least integer that is not smaller; `None` beyond 16 digits.
    pub(crate) fn ceil(&self) -> Option<i64> {
        let (is_negative, digits, point) = self.parts()?;
        let point = usize::try_from(point).unwrap_or(0);
        let is_zero = digits.is_empty();
        if is_zero {
            return Some(0);
        }
        if point > MAX_WHOLE_DIGITS {
            return None;
        }
        let whole = digits.bytes().chain(core::iter::repeat(b'0')).take(point);
        let whole = whole.fold(0_i64, |number, digit| number * 10 + i64::from(digit - b'0'));
        let has_fraction = digits.len() > point;
        Some(match (is_negative, has_fraction) {
            (true, _) => -whole,
            (false, fraction) => whole + i64::from(fraction),
        })
    }

    /// Sign, digits without zeros at either end, and where the point stands: the value is 0.digits × 10^point.
    fn parts(&self) -> Option<(bool, String, i64)> {
        let is_negative = self.0.starts_with('-');
        let unsigned = self.0.trim_start_matches('-');
        let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        // An exponent that no i32 holds is beyond every limit, upwards or downwards.
        let exponent = exponent.parse::<i32>().ok().or_else(|| exponent.starts_with('-').then_some(i32::MIN))?;
        let digits = format!("{whole}{fraction}");
        let significant = digits.trim_start_matches('0');
        let zeros = digits.len() - significant.len();
        let point = i64::try_from(whole.len()).ok()? - i64::try_from(zeros).ok()? + i64::from(exponent);
        Some((is_negative, significant.trim_end_matches('0').to_owned(), point))
    }
}

#[cfg(test)]
mod tests {
    use super::Decimal;

    #[test]
    fn a_decimal_rounds_up_to_a_whole_number() {
        let cases = [
            ("1.5", Some(2)),
            ("-1.5", Some(-1)),
            ("1.0", Some(1)),
            ("1e3", Some(1000)),
            ("1.7E+9", Some(1_700_000_000)),
            ("17000000005e-1", Some(1_700_000_001)),
            ("0.0001", Some(1)),
            ("-0.0001", Some(0)),
            ("0.0", Some(0)),
            ("0e999999999999", None),
            ("1e-400", Some(1)),
            ("1e16", None),
            ("9007199254740992.5", Some(9_007_199_254_740_993)),
        ];
        for (text, expected) in cases {
            assert_eq!(Decimal::new(text).and_then(|decimal| decimal.ceil()), expected, "{text}");
        }
    }

    #[test]
    fn a_magnitude_that_no_double_holds_is_refused() {
        assert!(Decimal::new("1e307").is_some());
        assert!(Decimal::new("1e308").is_none());
        assert!(Decimal::new("1e400").is_none());
        assert!(Decimal::new("1e99999999999999999999").is_none());
        assert!(Decimal::new("1e-99999999999999999999").is_some());
    }
}
