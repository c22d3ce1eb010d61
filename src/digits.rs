//! Whole numbers in decimal. The formatting of the standard library, with its widths and signs, is 3 KB of guard.wasm.

/// Puts the number behind the text.
pub(crate) fn push(text: &mut String, number: i64) {
    if number < 0 {
        text.push('-');
    }
    push_unsigned(text, number.unsigned_abs());
}

/// The digits of the number.
pub(crate) fn of(number: impl TryInto<i64>) -> String {
    let mut text = String::new();
    push(&mut text, number.try_into().unwrap_or(i64::MAX));
    text
}

fn push_unsigned(text: &mut String, number: u64) {
    if number > 9 {
        push_unsigned(text, number / 10);
    }
    text.push(char::from(b'0' + u8::try_from(number % 10).unwrap_or(0)));
}

#[cfg(test)]
mod tests {
    use super::{of, push};

    #[test]
    fn writes_what_the_standard_library_writes() {
        for number in [0, 1, 9, 10, 11, 99, 100, 1_790_000_000, i64::MAX, -1, -9, -10, i64::MIN] {
            let mut text = "x".to_owned();
            push(&mut text, number);
            assert_eq!(text, format!("x{number}"));
            assert_eq!(of(number), number.to_string());
        }
        assert_eq!(of(usize::MAX), i64::MAX.to_string());
    }
}
