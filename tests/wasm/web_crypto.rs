//! The platform's Web Cryptography, as `www/src/host/webcrypto.ts` uses it.

use js_sys::{Array, JSON, Object, Reflect, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["crypto", "subtle"], js_name = importKey)]
    async fn import_key(
        format: &str,
        jwk: JsValue,
        algorithm: JsValue,
        extractable: bool,
        usages: Array,
    ) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_namespace = ["crypto", "subtle"])]
    async fn verify(
        algorithm: JsValue,
        key: JsValue,
        signature: Uint8Array,
        input: Uint8Array,
    ) -> Result<JsValue, JsValue>;
}

/// Whether the signature is valid. A key that is no key of that algorithm verifies nothing.
pub(crate) async fn is_valid(algorithm: &str, jwk: &str, input: &[u8], signature: &[u8]) -> bool {
    let (import, verification) = parameters(algorithm);
    let jwk = JSON::parse(jwk).expect("a JWK is JSON");
    let usages = Array::of1(&"verify".into());
    let Ok(key) = import_key("jwk", jwk, import, false, usages).await else { return false };
    let valid = verify(verification, key, Uint8Array::from(signature), Uint8Array::from(input)).await;
    valid.expect("the platform verifies").as_bool().expect("a boolean")
}

/// RFC 7518 §3.1: the parameters for importing and for verifying. The salt of PSS is as long as the hash (§3.5).
fn parameters(algorithm: &str) -> (JsValue, JsValue) {
    if algorithm == "EdDSA" {
        return ("Ed25519".into(), "Ed25519".into());
    }
    let (family, bits) = algorithm.split_at_checked(2).expect("a family and a size");
    let hash = format!("SHA-{bits}");
    let bytes = bits.parse::<u32>().expect("a number") / 8;
    let object = |members: &[(&str, JsValue)]| {
        let object = Object::new();
        for (name, value) in members {
            Reflect::set(&object, &JsValue::from(*name), value).expect("a plain object");
        }
        JsValue::from(object)
    };
    match family {
        "ES" => {
            let curve = if bits == "512" { "P-521".to_owned() } else { format!("P-{bits}") };
            let name = JsValue::from("ECDSA");
            (
                object(&[("name", name.clone()), ("namedCurve", curve.into())]),
                object(&[("name", name), ("hash", hash.into())]),
            )
        }
        "PS" => {
            let name = JsValue::from("RSA-PSS");
            (
                object(&[("name", name.clone()), ("hash", hash.into())]),
                object(&[("name", name), ("saltLength", bytes.into())]),
            )
        }
        _ => {
            let name = JsValue::from("RSASSA-PKCS1-v1_5");
            (object(&[("name", name.clone()), ("hash", hash.into())]), object(&[("name", name)]))
        }
    }
}
