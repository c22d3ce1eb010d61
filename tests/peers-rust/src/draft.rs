//! A token while it is made: what it says, who signs it, and what is done to it afterwards.

use jsonwebtoken::Algorithm;
use serde_json::{Value, json};

use crate::keys;

pub const ISSUER: &str = "https://id.example";
pub const AUDIENCE: &str = "api";

/// Whom both verifiers trust: one key, one algorithm.
#[derive(Clone, Copy)]
pub struct Site {
    pub name: &'static str,
    pub algorithm: Algorithm,
    pub key: &'static str,
}

pub const SITES: &[Site] = &[
    Site { name: "HS256", algorithm: Algorithm::HS256, key: "hs256" },
    Site { name: "RS256", algorithm: Algorithm::RS256, key: "rsa" },
    Site { name: "PS256", algorithm: Algorithm::PS256, key: "rsa" },
    Site { name: "ES256", algorithm: Algorithm::ES256, key: "p256" },
    Site { name: "ES384", algorithm: Algorithm::ES384, key: "p384" },
    Site { name: "EdDSA", algorithm: Algorithm::EdDSA, key: "ed25519" },
];

/// Who signs.
pub enum Signer {
    Key(&'static str, Algorithm),
    /// Bytes taken for a secret.
    Secret(Vec<u8>, Algorithm),
}

type Edit<T> = Box<dyn Fn(T) -> T>;

pub struct Draft {
    pub header: Value,
    pub claims: Value,
    /// Changes of the JSON's bytes before it is signed.
    pub header_edits: Vec<Edit<Vec<u8>>>,
    pub claims_edits: Vec<Edit<Vec<u8>>>,
    pub signer: Signer,
    /// Changes of the three parts after it is signed.
    pub part_edits: Vec<Edit<[String; 3]>>,
    pub text_edits: Vec<Edit<String>>,
}

impl Draft {
    /// A token as the issuer of that site makes it.
    pub fn honest(site: Site, now: i64) -> Self {
        let mut header = json!({ "alg": site.name, "typ": "JWT" });
        if site.algorithm != Algorithm::HS256 {
            header["kid"] = site.key.into();
        }
        Self {
            header,
            claims: json!({ "iss": ISSUER, "aud": AUDIENCE, "sub": "u1", "iat": now - 10, "exp": now + 600 }),
            header_edits: Vec::new(),
            claims_edits: Vec::new(),
            signer: Signer::Key(site.key, site.algorithm),
            part_edits: Vec::new(),
            text_edits: Vec::new(),
        }
    }

    pub fn text(&self) -> String {
        let edited = |value: &Value, edits: &[Edit<Vec<u8>>]| {
            keys::to_base64url(&edits.iter().fold(value.to_string().into_bytes(), |bytes, edit| edit(bytes)))
        };
        let header = edited(&self.header, &self.header_edits);
        let payload = edited(&self.claims, &self.claims_edits);
        let input = format!("{header}.{payload}");
        let signature = match &self.signer {
            Signer::Key(name, algorithm) => keys::sign(name, *algorithm, &input),
            Signer::Secret(bytes, algorithm) => keys::sign_with_secret(bytes, *algorithm, &input),
        };
        let parts = self.part_edits.iter().fold([header, payload, signature], |parts, edit| edit(parts));
        self.text_edits.iter().fold(parts.join("."), |text, edit| edit(text))
    }
}

/// JSON text with more members before its closing brace.
pub fn with_members(members: &'static str) -> Edit<Vec<u8>> {
    Box::new(move |mut bytes| {
        bytes.pop();
        bytes.extend(format!(",{members}}}").bytes());
        bytes
    })
}
