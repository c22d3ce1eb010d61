//! What is done to an honest token, by the rows of the corpus. A topic is what `intended` explains differences by.

use jsonwebtoken::Algorithm;
use serde_json::{Value, json};

use crate::draft::{Draft, ISSUER, Signer, Site, with_members};
use crate::keys;
use crate::random::Random;

type Apply = Box<dyn Fn(&mut Draft, &mut Random)>;

pub struct Mutation {
    pub row: u8,
    pub topic: &'static str,
    pub name: String,
    applies: fn(Site) -> bool,
    apply: Apply,
}

impl Mutation {
    pub fn applies(&self, site: Site) -> bool {
        (self.applies)(site)
    }

    pub fn apply(&self, draft: &mut Draft, random: &mut Random) {
        (self.apply)(draft, random);
    }
}

fn is_secret(site: Site) -> bool {
    site.algorithm == Algorithm::HS256
}

fn is_public(site: Site) -> bool {
    !is_secret(site)
}

fn always(_: Site) -> bool {
    true
}

/// Every mutation. `now` is the moment of the run.
pub fn all(now: i64) -> Vec<Mutation> {
    let groups = [algorithms(), signatures(), base64(), json_texts(), headers(), types(now), times(now), parties()];
    groups.into_iter().flatten().collect()
}

fn mutation(row: u8, topic: &'static str, name: &str, apply: impl Fn(&mut Draft, &mut Random) + 'static) -> Mutation {
    Mutation { row, topic, name: name.chars().take(80).collect(), applies: always, apply: Box::new(apply) }
}

/// A member that is replaced, or taken away where the value is `None`.
fn member(
    row: u8,
    topic: &'static str,
    name: &'static str,
    value: Option<Value>,
    of: fn(&mut Draft) -> &mut Value,
) -> Mutation {
    let shown = value.as_ref().map_or("missing".to_owned(), Value::to_string);
    mutation(row, topic, &format!("{name} is {shown}"), move |draft, _| {
        let members = of(draft).as_object_mut().expect("an object");
        match &value {
            Some(value) => drop(members.insert(name.to_owned(), value.clone())),
            None => drop(members.remove(name)),
        }
    })
}

fn header(row: u8, topic: &'static str, name: &'static str, value: Value) -> Mutation {
    member(row, topic, name, Some(value), |draft| &mut draft.header)
}

fn claim(row: u8, topic: &'static str, name: &'static str, value: Value) -> Mutation {
    member(row, topic, name, Some(value), |draft| &mut draft.claims)
}

fn without(row: u8, topic: &'static str, name: &'static str) -> Mutation {
    member(row, topic, name, None, |draft| &mut draft.claims)
}

fn algorithms() -> Vec<Mutation> {
    let unknown = ["none", "None", "", "HS257", "hs256", "ES256K", "Ed448", "RSA-OAEP-256", "toString"];
    let mut all: Vec<Mutation> = unknown.iter().map(|alg| header(1, "alg unknown", "alg", json!(alg))).collect();
    all.extend([json!(null), json!(1), json!(["HS256"]), json!({})].map(|alg| header(1, "alg unknown", "alg", alg)));
    all.push(member(1, "alg unknown", "alg", None, |draft| &mut draft.header));
    all.push(header(4, "another algorithm", "alg", json!("ES512")));
    for algorithm in ["HS256", "RS256", "RS512", "PS256", "ES256", "ES384", "EdDSA"] {
        all.push(header(4, "another algorithm", "alg", json!(algorithm)));
    }
    all.push(Mutation {
        applies: |site| site.algorithm == Algorithm::EdDSA,
        ..header(4, "alg Ed25519", "alg", json!("Ed25519"))
    });
    for (name, algorithm) in [("HS256", Algorithm::HS256), ("HS384", Algorithm::HS384), ("HS512", Algorithm::HS512)] {
        let confused =
            mutation(2, "a public key for a secret", &format!("{name} with the public key"), move |draft, _| {
                let Signer::Key(key, _) = draft.signer else { return };
                let jwk = keys::public_jwk(key, name);
                let bytes = jwk.get("n").or(jwk.get("x")).and_then(Value::as_str).map(keys::base64url);
                draft.signer = Signer::Secret(bytes.unwrap_or_default(), algorithm);
                draft.header["alg"] = name.into();
            });
        all.push(Mutation { applies: is_public, ..confused });
    }
    for (name, secret) in [("empty", ""), ("another", "another secret that is long enough to be one")] {
        let other = mutation(9, "another secret", &format!("a secret that is {name}"), move |draft, _| {
            draft.signer = Signer::Secret(secret.as_bytes().to_vec(), Algorithm::HS256);
        });
        all.push(Mutation { applies: is_secret, ..other });
    }
    all.extend(
        ["gone", "", "../../dev/null", "__proto__"]
            .map(|kid| Mutation { applies: is_public, ..header(7, "kid that names nothing", "kid", json!(kid)) }),
    );
    all.extend([json!(1), json!(null), json!({})].map(|kid| header(7, "header of a wrong type", "kid", kid)));
    let embedded = |members: Value| {
        mutation(6, "a key in the token", &format!("a header with {members}"), move |draft, _| {
            let header = draft.header.as_object_mut().expect("an object");
            header.extend(members.as_object().expect("an object").clone());
        })
    };
    all.push(embedded(json!({ "jku": "https://evil.example/jwks" })));
    all.push(embedded(json!({ "x5u": "https://evil.example/cert" })));
    all.push(embedded(json!({ "jwk": keys::public_jwk("stranger_ed25519", "EdDSA") })));
    all
}

fn parts(
    row: u8,
    topic: &'static str,
    name: &str,
    edit: impl Fn([String; 3]) -> [String; 3] + Clone + 'static,
) -> Mutation {
    mutation(row, topic, name, move |draft, _| draft.part_edits.push(Box::new(edit.clone())))
}

fn text(row: u8, topic: &'static str, name: &str, edit: fn(String) -> String) -> Mutation {
    mutation(row, topic, name, move |draft, _| draft.text_edits.push(Box::new(edit)))
}

fn signatures() -> Vec<Mutation> {
    let signature = |name, edit: fn(String) -> String| {
        parts(11, "tampered", name, move |[header, payload, signature]| [header, payload, edit(signature)])
    };
    vec![
        text(11, "not three parts", "the header alone", |text| text.split('.').next().unwrap_or("").to_owned()),
        text(11, "not three parts", "a fourth part", |text| format!("{text}.AAAA")),
        text(11, "not three parts", "a dot at the end", |text| format!("{text}.")),
        text(11, "not three parts", "a dot in front", |text| format!(".{text}")),
        text(10, "not three parts", "five parts", |text| format!("{text}.AAAA.AAAA")),
        text(10, "not three parts", "a JWE", |_| {
            format!("{}..AAAA.AAAA.AAAA", keys::to_base64url(br#"{"alg":"dir","enc":"A256GCM"}"#))
        }),
        parts(11, "an empty part", "no signature", |[header, payload, _]| [header, payload, String::new()]),
        parts(11, "an empty part", "no payload", |[header, _, signature]| [header, String::new(), signature]),
        parts(11, "an empty part", "no header", |[_, payload, signature]| [String::new(), payload, signature]),
        parts(11, "tampered", "the payload of another", |[header, payload, signature]| {
            let claims = String::from_utf8_lossy(&keys::base64url(&payload)).replace("\"u1\"", "\"root\"");
            [header, keys::to_base64url(claims.as_bytes()), signature]
        }),
        signature("a signature of zeros", |signature| keys::to_base64url(&vec![0; keys::base64url(&signature).len()])),
        signature("a signature of 0xff", |signature| {
            keys::to_base64url(&vec![0xff; keys::base64url(&signature).len()])
        }),
        signature("one byte less", |signature| {
            let mut bytes = keys::base64url(&signature);
            bytes.pop();
            keys::to_base64url(&bytes)
        }),
        signature("one byte more", |signature| keys::to_base64url(&[keys::base64url(&signature), vec![0]].concat())),
        signature("a zero in front", |signature| keys::to_base64url(&[vec![0], keys::base64url(&signature)].concat())),
        mutation(11, "tampered", "one bit of the signature", |draft, random| {
            let (place, bit) = (random.below(32), random.below(8));
            draft.part_edits.push(Box::new(move |[header, payload, signature]| {
                let mut bytes = keys::base64url(&signature);
                if let Some(byte) = bytes.get_mut(place) {
                    *byte ^= 1 << bit;
                }
                [header, payload, keys::to_base64url(&bytes)]
            }));
        }),
    ]
}

fn base64() -> Vec<Mutation> {
    let mut all = Vec::new();
    for (place, name) in ["header", "payload", "signature"].into_iter().enumerate() {
        let mut edit = |topic, what: &str, edit: fn(&str) -> String| {
            all.push(parts(16, topic, &format!("{what} in the {name}"), move |mut parts| {
                parts[place] = edit(&parts[place]);
                parts
            }));
        };
        edit("padding", "padding", |part| format!("{part}{}", "=".repeat((4 - part.len() % 4) % 4)));
        edit("a foreign character", "an equals sign", |part| format!("{part}="));
        edit("a foreign character", "a plus sign", |part| format!("+{}", part.get(1..).unwrap_or("")));
        edit("a foreign character", "a tilde", |part| format!("{part}~"));
        edit("a foreign character", "an inner space", |part| {
            let (start, end) = part.split_at(part.len().min(2));
            format!("{start} {end}")
        });
        edit("a length that is none", "one character alone", |_| "A".to_owned());
        edit("trailing bits", "trailing bits", keys::with_trailing_bits);
    }
    all
}

fn bytes(row: u8, topic: &'static str, name: &str, edit: fn(Vec<u8>) -> Vec<u8>) -> [Mutation; 2] {
    [
        mutation(row, topic, &format!("{name} in the header"), move |draft, _| draft.header_edits.push(Box::new(edit))),
        mutation(row, topic, &format!("{name} in the claims"), move |draft, _| draft.claims_edits.push(Box::new(edit))),
    ]
}

fn members(row: u8, topic: &'static str, name: &str, text: &'static str) -> [Mutation; 2] {
    [
        mutation(row, topic, &format!("{name} in the header"), move |draft, _| {
            draft.header_edits.push(with_members(text))
        }),
        mutation(row, topic, &format!("{name} in the claims"), move |draft, _| {
            draft.claims_edits.push(with_members(text))
        }),
    ]
}

fn in_name(bytes: Vec<u8>, raw: &[u8]) -> Vec<u8> {
    let (last, rest) = bytes.split_last().expect("an object");
    [rest, br#","name":"a"#, raw, br#"b""#, &[*last]].concat()
}

fn json_texts() -> Vec<Mutation> {
    let mut all = Vec::new();
    all.extend(bytes(17, "invalid UTF-8", "0xff", |text| in_name(text, &[0xff])));
    all.extend(bytes(17, "invalid UTF-8", "an overlong slash", |text| in_name(text, &[0xc0, 0xaf])));
    all.extend(bytes(17, "invalid UTF-8", "a raw surrogate", |text| in_name(text, &[0xed, 0xa0, 0x80])));
    all.extend(bytes(17, "not JSON", "a byte order mark", |text| [&[0xef, 0xbb, 0xbf], text.as_slice()].concat()));
    all.extend(bytes(18, "not JSON", "text behind", |text| [text.as_slice(), b"x"].concat()));
    all.extend(bytes(18, "not JSON", "a NUL behind", |text| [text.as_slice(), &[0]].concat()));
    all.extend(bytes(18, "not JSON", "a list", |_| b"[]".to_vec()));
    all.extend(bytes(18, "not JSON", "null", |_| b"null".to_vec()));
    all.extend(bytes(18, "not JSON", "nothing", |_| b" ".to_vec()));
    all.extend(bytes(18, "harmless", "white space around", |text| [b" \r\n\t", text.as_slice(), b"\n"].concat()));
    all.extend(members(17, "lone surrogate", "half a surrogate pair", r#""half":"\ud800""#));
    all.extend(members(18, "not JSON", "NaN", r#""nan":NaN"#));
    all.extend(members(18, "not JSON", "a leading zero", r#""zero":01"#));
    all.extend(members(18, "not JSON", "a comment", "/* */"));
    all.extend(members(18, "a number that no double holds", "1e400", r#""huge":1e400"#));
    all.extend(members(18, "harmless", "2^53 + 1", r#""large":9007199254740993"#));
    all.extend(members(18, "harmless", "a pair of surrogates", r#""fox":"\ud83e\udd8a""#));
    all.extend(members(18, "harmless", "__proto__", r#""__proto__":{"sub":"root","alg":"none"}"#));
    all.extend(members(18, "unknown twice", "an unknown member twice", r#""twice":1,"twice":2"#));
    all.extend(members(18, "unknown twice", "a nested member twice", r#""act":{"sub":"a","sub":"b"}"#));
    all.extend(["sub", "iss", "aud", "exp"].map(|name| {
        mutation(18, "registered claim twice", &format!("{name} twice"), move |draft, _| {
            let first = if name == "exp" { "1" } else { "\"other\"" };
            draft
                .claims_edits
                .push(Box::new(move |text| [format!("{{\"{name}\":{first},").as_bytes(), &text[1..]].concat()));
        })
    }));
    all.push(mutation(18, "header member twice", "alg twice", |draft, _| {
        draft.header_edits.push(Box::new(|text| [br#"{"alg":"none","#, &text[1..]].concat()));
    }));
    let deep: &'static str = Box::leak(format!("\"deep\":{}{}", "[".repeat(33), "]".repeat(33)).into_boxed_str());
    all.extend(members(18, "too deep", "a depth of 34", deep));
    for (topic, size) in [("harmless", 8000), ("too large", 20_000), ("too large", 400_000)] {
        all.push(claim(19, topic, "pad", json!("x".repeat(size))));
    }
    all
}

fn headers() -> Vec<Mutation> {
    let mut all = Vec::new();
    let critical = [
        json!({ "crit": ["policy"], "policy": 1 }),
        json!({ "crit": ["b64"], "b64": false }),
        json!({ "crit": ["b64"], "b64": true }),
        json!({ "crit": ["exp"] }),
        json!({ "crit": [] }),
        json!({ "crit": "exp" }),
        json!({ "crit": null }),
        json!({ "b64": false }),
    ];
    all.extend(critical.map(|members| {
        mutation(21, "crit", &format!("a header with {members}"), move |draft, _| {
            let header = draft.header.as_object_mut().expect("an object");
            header.extend(members.as_object().expect("an object").clone());
        })
    }));
    let kinds = ["logout+jwt", "dpop+jwt", "secevent+jwt", "", "JWT ", "text/jwt"];
    all.extend(kinds.map(|typ| header(25, "typ of another kind", "typ", json!(typ))));
    all.extend(["jwt", "application/jwt", "at+jwt", "AT+JWT"].map(|typ| header(25, "harmless", "typ", json!(typ))));
    all.extend([json!(1), json!(["JWT"]), json!({})].map(|typ| header(25, "header of a wrong type", "typ", typ)));
    all.push(header(25, "header that is null", "typ", json!(null)));
    all.extend([json!(1), json!({})].map(|cty| header(25, "header of a wrong type", "cty", cty)));
    all.push(member(25, "harmless", "typ", None, |draft| &mut draft.header));
    all
}

fn types(now: i64) -> Vec<Mutation> {
    let mut all = Vec::new();
    for name in ["exp", "nbf", "iat", "auth_time"] {
        let values = [json!((now + 600).to_string()), json!(null), json!(true), json!([now + 600]), json!({})];
        all.extend(values.map(|value| claim(22, "a date of a wrong type", name, value)));
    }
    for name in ["iss", "sub", "jti", "azp", "client_id", "acr", "nonce"] {
        let values = [json!(1), json!(null), json!(true), json!([]), json!(["u1"]), json!({})];
        all.extend(values.map(|value| claim(22, "a text of a wrong type", name, value)));
    }
    all.push(claim(22, "iss in a list", "iss", json!([ISSUER])));
    all.push(claim(22, "iss in a list", "iss", json!(["https://evil.example", ISSUER])));
    let audiences = [
        json!(1),
        json!(null),
        json!(true),
        json!({ "api": true }),
        json!(["api", 1]),
        json!([null, "api"]),
        json!([["api"]]),
    ];
    all.extend(audiences.map(|value| claim(22, "aud of a wrong type", "aud", value)));
    all.extend([json!(5), json!({}), json!([1])].map(|value| claim(22, "claims nobody else reads", "roles", value)));
    all.extend([json!(5), json!("a  b"), json!({})].map(|value| claim(26, "claims nobody else reads", "scope", value)));
    all.extend([json!(5), json!([1])].map(|value| claim(22, "claims nobody else reads", "amr", value)));
    all.extend(
        [json!({ "jkt": "a" }), json!({ "x5t#S256": "a" }), json!({}), json!("a")]
            .map(|value| claim(34, "cnf", "cnf", value)),
    );
    all.push(claim(22, "an empty subject", "sub", json!("")));
    all
}

/// Not near an end: the peer reads the clock itself, a moment later.
fn times(now: i64) -> Vec<Mutation> {
    let mut all = Vec::new();
    for offset in [-100_000, -90, -30, 30, 90, 100_000] {
        for (name, topic) in [("exp", "exp"), ("nbf", "nbf"), ("iat", "iat near now")] {
            all.push(claim(23, topic, name, json!(now + offset)));
            let fraction = serde_json::from_str(&format!("{}.5", now + offset)).expect("a number");
            all.push(claim(23, topic, name, fraction));
        }
    }
    for name in ["exp", "nbf", "iat"] {
        all.extend([json!(0), json!(-1), json!(-1.5)].map(|value| claim(23, "a date before 1970", name, value)));
        all.extend(
            [json!(9_007_199_254_740_993_u64), json!(1e300), json!(-1e300)]
                .map(|value| claim(23, "a date beyond 2^53", name, value)),
        );
    }
    all.push(without(23, "no exp", "exp"));
    all.push(without(23, "no iat", "iat"));
    all
}

fn parties() -> Vec<Mutation> {
    let mut all = vec![without(24, "no iss", "iss"), without(24, "no aud", "aud"), without(24, "no sub", "sub")];
    let issuers = ["https://id.exampl", "https://id.example/", "https://ID.example", "", "https://evil.example"];
    all.extend(issuers.map(|value| claim(24, "another iss", "iss", json!(value))));
    all.extend(["ap", "api-admin", "API", "api/", ""].map(|value| claim(24, "another aud", "aud", json!(value))));
    all.extend([json!([]), json!(["other"]), json!(["ap", "i"])].map(|value| claim(24, "another aud", "aud", value)));
    all.extend(
        [json!(["api"]), json!(["other", "api"]), json!(["api", "api"])]
            .map(|value| claim(24, "harmless", "aud", value)),
    );
    all.extend(["__proto__", "Zoë 🦊"].map(|value| claim(24, "harmless", "sub", json!(value))));
    all
}
