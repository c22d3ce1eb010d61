//! Where the guard's verdict is meant to differ from that of jsonwebtoken's `decode`, and why.

use crate::verifiers::Verdict;

/// Explains a difference where our internal reason is one of `reasons`, and something of the token one of `topics`.
pub struct Class {
    pub name: &'static str,
    pub we_accept: bool,
    pub reasons: &'static [&'static str],
    pub topics: &'static [&'static str],
    pub why: &'static str,
}

const fn refused(
    name: &'static str,
    reasons: &'static [&'static str],
    topics: &'static [&'static str],
    why: &'static str,
) -> Class {
    Class { name, we_accept: false, reasons, topics, why }
}

pub const INTENDED: &[Class] = &[
    refused(
        "an unknown member twice",
        &["token_json"],
        &["unknown twice"],
        "RFC 7515 §4 and RFC 7519 §4: names must be unique; serde refuses only those that it reads (row 18)",
    ),
    refused("deeper than 32", &["token_json"], &["too deep"], "RFC 8259 §9: a parser may limit the depth (row 18)"),
    refused("larger than 16 KiB", &["token_too_large"], &["too large"], "a limit before any work (row 19)"),
    refused(
        "crit that is not looked at",
        &["critical_header"],
        &["crit"],
        "RFC 7515 §4.1.11: an extension that is not understood must be refused (row 21)",
    ),
    refused(
        "header parameters of a wrong type",
        &["header_member"],
        &["header of a wrong type", "header that is null"],
        "RFC 7515 §4.1.4, §4.1.9, §4.1.10: kid, typ and cty are text (rows 7 and 25)",
    ),
    refused(
        "a kid that names nothing",
        &["key_unknown"],
        &["kid that names nothing"],
        "RFC 7515 §4.1.4: decode is handed one key and looks at no kid; here the set has names (row 7)",
    ),
    refused(
        "a token of another kind",
        &["typ_mismatch"],
        &["typ of another kind"],
        "RFC 8725 §3.11: decode looks at no typ (row 25)",
    ),
    refused(
        "dates of a wrong type",
        &["claim_type"],
        &["a date of a wrong type"],
        "RFC 7519 §2: decode looks at exp and nbf alone, and takes an nbf of null for none (row 22)",
    ),
    refused(
        "dates beyond 2^53",
        &["claim_type"],
        &["a date beyond 2^53"],
        "RFC 7493 §2.2: no longer exact, so that runtimes would disagree (row 23)",
    ),
    refused(
        "text claims of a wrong type",
        &["claim_type"],
        &["a text of a wrong type"],
        "RFC 7519 §4.1: decode looks at no jti, azp, client_id, acr or nonce (row 22)",
    ),
    refused(
        "iss in a list",
        &["claim_type"],
        &["iss in a list"],
        "RFC 7519 §4.1.1: one text; decode takes any list that holds the issuer (row 22, CVE-2025-30144)",
    ),
    refused(
        "an empty subject",
        &["claim_type"],
        &["an empty subject"],
        "RFC 7519 §4.1.2: a subject is unique in its issuer; nobody is (row 22)",
    ),
    refused(
        "claims that nobody else reads",
        &["claim_type"],
        &["claims nobody else reads"],
        "ARCHITECTURE.md: roles, scopes and amr are read strictly; decode hands them on (row 26)",
    ),
    refused(
        "a token bound to a key",
        &["binding_unsupported", "token_bound", "certificate_missing", "claim_type"],
        &["cnf"],
        "RFC 7800 §3.1: whoever holds no proof may not use it; decode ignores cnf (rows 34 and 35)",
    ),
    refused("issued in the future", &["issued_in_future"], &["iat near now"], "decode looks at no iat (row 23)"),
    Class {
        name: "Ed25519 by its newer name",
        we_accept: true,
        reasons: &["permitted"],
        topics: &["alg Ed25519"],
        why: "RFC 9864 §2.2: the same signature by the same key; jsonwebtoken does not know the name (row 4)",
    },
    Class {
        name: "a not-before of long ago",
        we_accept: true,
        reasons: &["permitted"],
        topics: &["a date before 1970"],
        why: "RFC 7519 §2: NumericDate may be negative; such an nbf has passed, and such an iat says nothing (row 23)",
    },
];

/// The classes that explain why a peer and the guard differ.
pub fn explaining<'a>(ours: &'a Verdict, topics: &'a [&'static str]) -> impl Iterator<Item = &'static Class> + 'a {
    INTENDED.iter().filter(move |class| {
        class.we_accept == ours.accepts()
            && class.reasons.contains(&ours.reason.as_str())
            && class.topics.iter().any(|topic| topics.contains(topic))
    })
}
