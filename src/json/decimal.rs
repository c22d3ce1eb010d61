//! Numbers with a fraction or an exponent, kept as they are written.

use super::Json;

/// A JSON number that is no [`Json::Integer`](super::Json::Integer): its text, whose magnitude a double holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decimal(String);

/// Decimal digits before the point that a double is sure to hold.
const MAX_MAGNITUDE: i64 = 308;
/// Digits of 2^53, beyond which a double skips integers.
const MAX_WHOLE_DIGITS: usize = 16;
/// No double, and nothing half-way between two, has more significant digits than 767.
const MAX_DIGITS: usize = 800;
/// Limbs behind the binary point: beyond 2^-1075, half of the least double.
const FRACTION_LIMBS: usize = 34;
/// Among the bits of these, that of 2^-1074, the least double.
const LEAST_BIT: usize = FRACTION_LIMBS * 32 - 1074;

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

    /// The double that is nearest; of two that are equally near, the one whose last bit is zero.
    ///
    /// The standard library's parser does the same, with 10 KB of tables.
    pub(crate) fn to_f64(&self) -> f64 {
        let (is_negative, digits, point) = self.parts().unwrap_or_default();
        let magnitude = nearest(&digits, point);
        if is_negative { -magnitude } else { magnitude }
    }

    /// The double that is nearest to a number of the form `1.5`, `.5` or `1e3`. `None` where that is infinite.
    pub(crate) fn double(text: &str) -> Option<f64> {
        let decimal = Self(text.to_owned());
        let (_, digits, _) = decimal.parts()?;
        let number = decimal.to_f64();
        (digits.bytes().all(|digit| digit.is_ascii_digit()) && number.is_finite()).then_some(number)
    }

    /// Sign, digits without zeros at either end, and where the point stands: the value is 0.digits × 10^point.
    fn parts(&self) -> Option<(bool, String, i64)> {
        let is_negative = self.0.starts_with('-');
        let unsigned = self.0.trim_start_matches('-');
        let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        // An exponent that no i32 holds is beyond every limit, upwards or downwards.
        let exponent = exponent.parse::<i32>().ok().or_else(|| exponent.starts_with('-').then_some(i32::MIN))?;
        let digits = [whole, fraction].concat();
        let significant = digits.trim_start_matches('0');
        let zeros = digits.len() - significant.len();
        let point = i64::try_from(whole.len()).ok()? - i64::try_from(zeros).ok()? + i64::from(exponent);
        let end = significant.bytes().rposition(|digit| digit != b'0').map_or(0, |last| last + 1);
        Some((is_negative, significant.get(..end)?.to_owned(), point))
    }
}

impl Json {
    /// The double that is nearest to a number.
    pub(crate) fn to_double(&self) -> Option<f64> {
        match self {
            Self::Integer(number) => Some(double(*number)),
            Self::Decimal(number) => Some(number.to_f64()),
            _ => None,
        }
    }

    /// A number that is read as that double; `null` for what is none, as JavaScript has it.
    #[cfg(feature = "full")]
    pub(crate) fn double(number: f64) -> Self {
        let text = format!("{number:?}");
        if let Some(whole) = text.strip_suffix(".0").and_then(|whole| whole.parse().ok()) {
            return Self::Integer(whole);
        }
        Decimal::new(&text).filter(|_| number.is_finite()).map_or(Self::Null, Self::Decimal)
    }
}

#[expect(clippy::as_conversions, reason = "rounds to the nearest, as IEEE 754 and CEL do")]
const fn double(number: i64) -> f64 {
    number as f64
}

/// The double that is nearest to 0.digits × 10^point.
fn nearest(digits: &str, point: i64) -> f64 {
    // What is less than 10^-330 is nearest to zero, and 10^309 is more than any double.
    if digits.is_empty() || point < -330 {
        return 0.0;
    }
    if point > 309 {
        return f64::INFINITY;
    }
    let mut number = Big { limbs: Vec::new(), is_cut: digits.len() > MAX_DIGITS };
    let mut exponent = point;
    for digit in digits.bytes().take(MAX_DIGITS) {
        number.multiply(10, digit & 0x0f);
        exponent -= 1;
    }
    while exponent > 0 {
        number.multiply(10, 0);
        exponent -= 1;
    }
    let whole = core::mem::replace(&mut number.limbs, vec![0; FRACTION_LIMBS]);
    number.limbs.extend_from_slice(&whole);
    while exponent < 0 {
        let (digits, divisor) = if exponent <= -9 { (9, 1_000_000_000) } else { (1, 10) };
        number.divide(divisor);
        exponent += digits;
    }
    number.rounded()
}

/// A number without sign, in binary, with [`FRACTION_LIMBS`] behind the point.
struct Big {
    /// 32 bits each, the least first, the last not zero.
    limbs: Vec<u32>,
    /// Whether the true number is more, by less than one in the last place.
    is_cut: bool,
}

impl Big {
    fn multiply(&mut self, factor: u64, plus: u8) {
        let mut carry = u64::from(plus);
        for limb in &mut self.limbs {
            carry += u64::from(*limb) * factor;
            *limb = low(carry);
            carry >>= 32;
        }
        if carry > 0 {
            self.limbs.push(low(carry));
        }
    }

    fn divide(&mut self, divisor: u64) {
        let mut rest = 0;
        for limb in self.limbs.iter_mut().rev() {
            rest = rest << 32 | u64::from(*limb);
            *limb = low(rest / divisor);
            rest %= divisor;
        }
        self.is_cut |= rest > 0;
        while self.limbs.last() == Some(&0) {
            self.limbs.pop();
        }
    }

    /// The nearest double: the first 53 bits, or those down to 2^-1074, rounded by what comes behind.
    fn rounded(&self) -> f64 {
        let zeros = self.limbs.last().map_or(0, |limb| limb.leading_zeros());
        let length = self.limbs.len() * 32 - usize::try_from(zeros).unwrap_or(0);
        let dropped = length.saturating_sub(53).max(LEAST_BIT);
        if dropped > LEAST_BIT + 2045 {
            return f64::INFINITY;
        }
        // One bit more is kept: whether what is dropped is at least a half.
        let (limbs, bits) = ((dropped - 1) / 32, (dropped - 1) % 32);
        let limb = |index| u64::from(self.limbs.get(limbs + index).copied().unwrap_or(0));
        let kept = (limb(0) | limb(1) << 32) >> bits | limb(2) << 32 << (32 - bits);
        let is_exact = !self.is_cut
            && limb(0) & ((1 << bits) - 1) == 0
            && self.limbs.get(..limbs).unwrap_or_default().iter().all(|limb| *limb == 0);
        let up = kept & 1 == 1 && (!is_exact || kept & 2 == 2);
        // The leading bit, which a double does not write, and a carry out of the mantissa both add one to the exponent.
        let exponent = u64::try_from(dropped - LEAST_BIT).unwrap_or(0);
        f64::from_bits((exponent << 52) + (kept >> 1) + u64::from(up))
    }
}

/// The 32 lower bits.
fn low(bits: u64) -> u32 {
    u32::try_from(bits & u64::from(u32::MAX)).unwrap_or(0)
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

    #[test]
    fn a_decimal_is_the_nearest_double() {
        let cases = [
            "0.0",
            "-0.0",
            "0e-400",
            "1.5",
            "-2.5e-3",
            "1e23",
            "8.98846567431158e307",
            "9.9999999999999999999e307",
            "2.2250738585072011e-308",
            "2.2250738585072014e-308",
            "4.9406564584124654e-324",
            "2.4703282292062327e-324",
            "2.4703282292062328e-324",
            "1e-325",
            "1e-99999",
            "9007199254740993.0",
            "9007199254740993.00000000000000000000000000000000000000000000000000000000000000000000000000000000001",
            "9007199254740992.99999",
            "9007199254740995.0",
        ];
        for text in cases {
            let own = Decimal::new(text).map(|decimal| decimal.to_f64().to_bits());
            assert_eq!(own, text.parse::<f64>().ok().map(f64::to_bits), "{text}");
        }
    }

    #[test]
    fn what_lies_half_way_between_two_doubles_goes_to_the_even_one_and_one_digit_more_goes_up() {
        // Half of the least double: 2^-1075 = 5^1075 / 10^1075, with 752 significant digits.
        let mut digits = vec![1_u8];
        for _ in 0..1075 {
            let mut carry = 0;
            for digit in digits.iter_mut().rev() {
                carry += *digit * 5;
                *digit = carry % 10;
                carry /= 10;
            }
            if carry > 0 {
                digits.insert(0, carry);
            }
        }
        let half: String = digits.iter().map(|digit| char::from(b'0' + digit)).collect();
        let double = |digits: String| {
            Decimal::new(&format!("{digits}e-{}", 1075 + digits.len() - half.len())).map(|half| half.to_f64())
        };
        assert_eq!(half.len(), 752);
        assert_eq!(double(half.clone()), Some(0.0));
        assert_eq!(double(format!("{half}1")), Some(f64::from_bits(1)));
        assert_eq!(double(format!("{half}{}1", "0".repeat(60_000))), Some(f64::from_bits(1)));
    }

    #[test]
    fn random_decimals_are_the_nearest_doubles() {
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        };
        for _ in 0..3000 {
            let digits = next().to_string().repeat(usize::try_from(next() % 3).unwrap_or(0) + 1);
            let digits = digits.get(..usize::try_from(next() % 40).unwrap_or(0) + 1).unwrap_or(&digits);
            let (least, span) = if next() % 2 == 0 { (-360, 680) } else { (-25, 30) };
            let text = format!("0.{digits}e{}", least + i64::try_from(next() % span).unwrap_or(0));
            let standard = text.parse::<f64>().ok().filter(|number| number.is_finite());
            assert_eq!(Decimal::double(&text).map(f64::to_bits), standard.map(f64::to_bits), "{text}");
        }
    }

    #[test]
    fn a_literal_of_the_condition_language_is_a_double() {
        assert_eq!(Decimal::double("1.5"), Some(1.5));
        assert_eq!(Decimal::double(".5"), Some(0.5));
        assert_eq!(Decimal::double("1e3"), Some(1000.0));
        assert_eq!(Decimal::double("1E+3"), Some(1000.0));
        assert_eq!(Decimal::double("1.7976931348623157e308"), Some(f64::MAX));
        assert_eq!(Decimal::double("1.7976931348623159e308"), None);
        assert_eq!(Decimal::double("1e309"), None);
        assert_eq!(Decimal::double("1e99999999999"), None);
        assert_eq!(Decimal::double("1e-99999999999"), Some(0.0));
        assert_eq!(Decimal::double("1x5"), None);
    }
}
