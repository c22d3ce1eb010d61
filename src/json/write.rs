//! The writer: strings and numbers as RFC 8785 §3.2.2 writes them.

use core::fmt::Write;

use super::{Json, Object};

impl Json {
    /// The value as JSON text without spaces, members in their own order.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        write_value(&mut text, self, Order::Own);
        text
    }

    /// The value as canonical JSON: members sorted by their UTF-16 code units.
    ///
    /// Spec: JCS, RFC 8785 §3.2.3. Integers beyond ±2^53 keep their digits, which JCS has no form for.
    pub fn to_canonical_text(&self) -> String {
        let mut text = String::new();
        write_value(&mut text, self, Order::Canonical);
        text
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Order {
    Own,
    Canonical,
}

fn write_value(out: &mut String, value: &Json, order: Order) {
    match value {
        Json::Null => out.push_str("null"),
        Json::Bool(true) => out.push_str("true"),
        Json::Bool(false) => out.push_str("false"),
        // Writing into a String cannot fail.
        Json::Integer(integer) => drop(write!(out, "{integer}")),
        Json::Float(float) => write_float(out, *float),
        Json::String(text) => write_string(out, text),
        Json::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_value(out, item, order);
            }
            out.push(']');
        }
        Json::Object(object) => write_object(out, object, order),
    }
}

fn write_object(out: &mut String, object: &Object, order: Order) {
    let mut members: Vec<&(String, Json)> = object.0.iter().collect();
    if order == Order::Canonical {
        members.sort_by(|(left, _), (right, _)| left.encode_utf16().cmp(right.encode_utf16()));
    }
    out.push('{');
    for (index, (name, value)) in members.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_string(out, name);
        out.push(':');
        write_value(out, value, order);
    }
    out.push('}');
}

/// RFC 8785 §3.2.2.2: the two-character escapes, `\u00xx` for other controls, all else as it is.
fn write_string(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            control if control < ' ' => drop(write!(out, "\\u{:04x}", u32::from(control))),
            other => out.push(other),
        }
    }
    out.push('"');
}

/// RFC 8785 §3.2.2.3: as ECMAScript's `Number::toString` writes it, from the shortest digits
/// that Rust's formatter finds.
fn write_float(out: &mut String, float: f64) {
    if float == 0.0 {
        out.push('0');
        return;
    }
    let scientific = format!("{:e}", float.abs());
    let Some((mantissa, exponent)) = scientific.split_once('e') else { return };
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let exponent: i32 = exponent.parse().unwrap_or(0);
    // The value is 0.digits × 10^point.
    let point = exponent + 1;
    let count = i32::try_from(digits.len()).unwrap_or(i32::MAX);
    let zeros = |out: &mut String, number: i32| (0..number).for_each(|_| out.push('0'));
    if float < 0.0 {
        out.push('-');
    }
    if count <= point && point <= 21 {
        out.push_str(&digits);
        zeros(out, point - count);
    } else if 0 < point && point <= 21 {
        let (whole, fraction) = digits.split_at_checked(usize::try_from(point).unwrap_or(0)).unwrap_or((&digits, ""));
        out.push_str(whole);
        out.push('.');
        out.push_str(fraction);
    } else if -6 < point && point <= 0 {
        out.push_str("0.");
        zeros(out, -point);
        out.push_str(&digits);
    } else {
        let (first, others) = digits.split_at_checked(1).unwrap_or((&digits, ""));
        out.push_str(first);
        if !others.is_empty() {
            out.push('.');
            out.push_str(others);
        }
        let _ = write!(out, "e{}{}", if exponent < 0 { '-' } else { '+' }, exponent.abs());
    }
}
