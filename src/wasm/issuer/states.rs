//! What a store keeps: it comes back as it was written, or it is an error with a name.

use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

use super::Thrown;

/// A state that was read; nothing where the store had none (`null` or `undefined`).
pub(super) fn kept<T: DeserializeOwned>(value: JsValue) -> Result<T, JsValue> {
    serde_wasm_bindgen::from_value(value).map_err(|_| {
        let message = "what the store holds was not written by this library".to_owned();
        Thrown { code: "state_malformed", message }.into()
    })
}
