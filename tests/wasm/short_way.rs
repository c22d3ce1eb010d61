//! The short way, by handles alone, answers as the full one or not at all.

use std::collections::BTreeMap;

use portcullis::Json;
use portcullis::wasm::guard as core;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::gate::{ALLOW, Gate, MISS, NEED, Told, Walk, moment, parse, text};
use crate::suite::{Asked, Case, Step, Suite};
use crate::{SUITES, is_for_this_core};

/// Later than the end of every token.
const FAR_FUTURE: f64 = 1e18;
/// Of one guard, as many tokens and places are combined.
const MOST: usize = 8;

/// The handles that the steps of a case were given, as a host keeps them: by token, and by method and path.
#[derive(Default)]
pub(crate) struct Kept<'a> {
    tokens: BTreeMap<Option<&'a str>, u32>,
    places: BTreeMap<(&'a str, &'a str), u32>,
}

impl<'a> Kept<'a> {
    /// What the short way answers to a step, where it has an answer.
    pub(crate) fn answer(&self, gate: &Gate, step: &Step<'a>) -> Option<Told> {
        let (token, method, path) = gate.names(&step.asked)?;
        let (principal, route) = (self.tokens.get(&token)?, self.places.get(&(method, path))?);
        let code = code_of(core::check_known(gate.number, *principal, *route, moment(step)), gate);
        assert!(code == ALLOW || code == MISS, "{}: {code}", step.name);
        (code == ALLOW).then(|| gate.told())
    }

    /// After the full way: the short one may have answered only where the full one needs nothing, and as it did.
    pub(crate) fn compare(&mut self, gate: &Gate, step: &Step<'a>, short: Option<Told>, walk: &Walk) {
        let full = (walk.code == ALLOW).then(|| gate.told());
        if let Some(full) = full.as_ref().filter(|full| full.principal != 0) {
            assert!(!is_proven(&step.asked), "{}: a proof is wanted each time: {full:?}", step.name);
        }
        if let Some(short) = short {
            let full = full.as_ref().map(|full| (&full.outcome, &full.event, full.flags));
            assert_eq!(Some((&short.outcome, &short.event, short.flags)), full, "{}", step.name);
            // Of revocations the store's word counts for a while; whoever goes the full way asks for it each time.
            let needs = walk.needs.iter().find(|need| !["signature", "revocation"].contains(&need.as_str()));
            assert_eq!(needs, None, "{}: the host was not asked", step.name);
            let is_silent = step.expected_asks().is_none_or(|asked| asked.as_array() == Some(&[]));
            assert!(is_silent, "{}: the host is to be asked", step.name);
            return;
        }
        let (Some(full), Some((token, method, path))) = (full, gate.names(&step.asked)) else { return };
        if full.principal != 0 && full.route != 0 {
            self.tokens.insert(token, full.principal);
            self.places.insert((method, path), full.route);
        }
    }
}

/// The answer of the short way. An allow says its flags too.
fn code_of(said: u32, gate: &Gate) -> u32 {
    let code = said & 0xff;
    assert_eq!(said >> 8, if code == ALLOW { gate.told().flags } else { 0 });
    code
}

/// After an allow: asks again by the handles that were given.
pub(crate) fn answers_as_the_full_one(gate: &Gate, case: &Step<'_>, needs: &[String]) {
    let full = gate.told();
    let number = gate.number;
    let Some((token, ..)) = gate.names(&case.asked) else { return };
    if full.principal == 0 {
        let may_be_bound = is_bound(token) || needs.iter().any(|need| need == "introspection");
        assert!(is_other_scheme(token) || may_be_bound, "{}: no handle for a plain request", case.name);
        return;
    }
    let now = moment(case);
    let code = code_of(core::check_known(number, full.principal, full.route, now), gate);
    let short = gate.told();
    let is_needed = |name: &str| needs.iter().any(|need| need == name);
    if is_needed("resource") {
        assert_eq!(code, MISS, "{}: it hangs on a resource", case.name);
    } else if is_needed("introspection") {
        // What the issuer said may count for this request alone.
        assert!(code == MISS || short.outcome == full.outcome, "{}: {short:?}", case.name);
    } else if is_needed("revocation") && case.revocations(&[]).is_none() {
        assert_eq!(code, MISS, "{}: nobody said that it is not revoked", case.name);
    } else if is_justified(&case.asked) {
        // The host goes the full way where somebody listens, so that the event tells the justification.
        assert!(code == MISS || short.outcome == full.outcome, "{}: {short:?}", case.name);
    } else {
        assert_eq!((code, &short), (ALLOW, &full), "{}", case.name);
    }
    let at = |now| core::check_known(number, full.principal, full.route, now);
    let event = parse(&full.event);
    if event.member("token").is_some_and(|token| *token != Json::Null) {
        assert_eq!(at(FAR_FUTURE), MISS, "{}: the token has ended", case.name);
        assert_eq!(at(now - 1.0), MISS, "{}: nobody has looked at it for that moment", case.name);
    }
    if is_needed("keys") {
        assert_eq!(at(now + 600.0), MISS, "{}: the keys are to be fetched again", case.name);
    }
    if is_needed("revocation") {
        assert_eq!(at(now + 3600.0), MISS, "{}: the store is to be asked again", case.name);
    }
    for (principal, route) in
        [(0, full.route), (full.principal, 0), (full.principal + 1, full.route), (full.principal, full.route + 1)]
    {
        assert_eq!(core::check_known(number, principal, route, now), MISS, "{}: {principal}, {route}", case.name);
    }
}

/// A token that was seen on one route and a route that was seen with another token.
#[wasm_bindgen_test]
async fn handles_of_different_requests_combine_as_the_full_way_decides() {
    let suites: Vec<Suite> = SUITES.iter().map(|text| Suite::parse(text)).collect();
    let mut groups: BTreeMap<_, Vec<Case<'_>>> = BTreeMap::new();
    for case in suites.iter().flat_map(Suite::cases).filter(|case| case.steps.len() == 1 && is_for_this_core(case)) {
        let config = case.config();
        groups.entry((config.policy, config.trust, case.first().now)).or_default().push(case);
    }
    let mut answers = BTreeMap::new();
    for cases in groups.values() {
        let case = cases.first().expect("a group has a case");
        let gate = Gate::create(&case.config()).expect("the config of a case loads");
        let (mut tokens, mut places) = (Vec::new(), Vec::new());
        for (token, method, path) in cases.iter().filter_map(|case| gate.names(&case.first().asked)) {
            if !tokens.contains(&token) && tokens.len() < MOST && !is_other_scheme(token) {
                tokens.push(token);
            }
            if !places.contains(&(method, path)) && places.len() < MOST {
                places.push((method, path));
            }
        }
        for code in combine(&gate, moment(case.first()), &tokens, &places).await {
            *answers.entry(code).or_insert(0) += 1;
        }
    }
    assert!(answers.get(&ALLOW) > Some(&100) && answers.get(&MISS) > Some(&50), "both answers are there: {answers:?}");
}

async fn combine(gate: &Gate, now: f64, tokens: &[Option<&str>], places: &[(&str, &str)]) -> Vec<u32> {
    let mut of_tokens = BTreeMap::new();
    let mut of_places = BTreeMap::new();
    let mut full: BTreeMap<_, Option<Told>> = BTreeMap::new();
    for token in tokens {
        for place in places {
            let headers = token.iter().map(|token| (gate.headers().first().copied().unwrap_or(""), *token)).collect();
            let (method, url) = *place;
            let asked = Asked::Request { method, url, headers, context: None, nonce: None, access_token: None };
            let mut code = gate.check(&gate.fields(&asked), now);
            if code == NEED {
                let need = parse(&core::need(gate.number));
                if text(&need, "need") == "signature" {
                    code = gate.verify().await;
                }
            }
            let told = (code == ALLOW).then(|| gate.told());
            if let Some(told) = &told {
                of_tokens.insert(token, told.principal);
                of_places.insert(place, told.route);
            }
            full.insert((token, place), told);
        }
    }
    let mut codes = Vec::new();
    for ((token, place), full) in &full {
        let (Some(principal), Some(route)) = (of_tokens.get(token), of_places.get(place)) else { continue };
        let code = code_of(core::check_known(gate.number, *principal, *route, now), gate);
        match full {
            Some(full) => {
                let short = gate.told();
                assert_eq!((code, &short.outcome, &short.event), (ALLOW, &full.outcome, &full.event));
                assert_eq!(short.flags, full.flags);
            }
            None => assert_eq!(code, MISS, "{token:?} {place:?}"),
        }
        codes.push(code);
    }
    codes
}

/// Whether a request proves that it holds a key.
fn is_proven(asked: &Asked<'_>) -> bool {
    let Asked::Request { headers, .. } = asked else { return false };
    let is_proof = |(name, value): &(&str, &str)| {
        name.eq_ignore_ascii_case("authorization") && value.trim_start().to_ascii_lowercase().starts_with("dpop ")
    };
    headers.iter().any(is_proof)
}

fn is_other_scheme(authorization: Option<&str>) -> bool {
    authorization.is_some_and(|value| !value.trim_start().to_ascii_lowercase().starts_with("bearer"))
}

/// Whether a token says that it is bound to a key or a certificate (RFC 7800).
fn is_bound(authorization: Option<&str>) -> bool {
    let claims = authorization.and_then(|value| value.split('.').nth(1)).and_then(base64url);
    let claims = claims.and_then(|claims| Json::parse(&claims).ok());
    claims.is_some_and(|claims| claims.member("cnf").is_some())
}

fn base64url(text: &str) -> Option<Vec<u8>> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (mut bytes, mut held, mut bits) = (Vec::new(), 0_u32, 0);
    for character in text.bytes() {
        let value = ALPHABET.iter().position(|known| *known == character)?;
        held = (held << 6) | u32::try_from(value).ok()?;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from((held >> bits) & 255).ok()?);
        }
    }
    Some(bytes)
}

fn is_justified(asked: &Asked<'_>) -> bool {
    let Asked::Request { headers, .. } = asked else { return false };
    headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("x-justification"))
}
