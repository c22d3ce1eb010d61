//! The boundary of the sign-in side: issuer.wasm. Values cross by `serde-wasm-bindgen`, because nothing here is on the way
//! of a request. What TypeScript hands over it has looked at; what is wrong all the same is an error here too.

use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

use crate::issuer::Coded;

pub mod api_keys;
pub mod attempts;
pub mod keys;
pub mod otp;
pub mod passwords;
pub mod recovery;
pub mod refresh;
mod states;
pub mod tokens;

/// An error as it is thrown.
#[derive(Serialize)]
struct Thrown {
    code: &'static str,
    message: String,
}

/// An error of the core.
fn thrown<E: Coded>(error: E) -> JsValue {
    Thrown { code: error.code(), message: error.to_string() }.into()
}

/// An argument, which may be wrong only where somebody calls the file without its TypeScript.
fn argument<T: DeserializeOwned>(value: JsValue) -> Result<T, JsValue> {
    serde_wasm_bindgen::from_value(value).map_err(crossing)
}

/// A result, as a plain object.
fn value_of<T: Serialize>(value: &T) -> Result<JsValue, JsValue> {
    serde_wasm_bindgen::to_value(value).map_err(crossing)
}

fn crossing(error: serde_wasm_bindgen::Error) -> JsValue {
    Thrown { code: "argument", message: error.to_string() }.into()
}

impl From<Thrown> for JsValue {
    fn from(thrown: Thrown) -> Self {
        serde_wasm_bindgen::to_value(&thrown).unwrap_or(Self::NULL)
    }
}
