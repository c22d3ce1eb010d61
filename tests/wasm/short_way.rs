//! The short way, by handles alone, answers as the full one or not at all.

use std::collections::BTreeMap;

use portcullis::Json;
use portcullis::wasm::guard as core;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::SUITES;
use crate::gate::{ALLOW, Gate, MISS, Told, moment, parse};
use crate::suite::{Asked, Case, Suite};

/// Later than the end of every token.
const FAR_FUTURE: f64 = 1e18;
/// Of one guard, as many tokens and places are combined.
const MOST: usize = 8;

/// After an allow: asks again by the handles that were given.
pub(crate) fn answers_as_the_full_one(gate: &Gate, case: &Case<'_>, needs: &[String]) {
    let full = gate.told();
    let number = gate.number;
    let Some((token, ..)) = gate.names(&case.asked) else { return };
    if full.principal == 0 {
        assert!(is_other_scheme(token), "{}: no handle for a plain request", case.name);
        return;
    }
    let now = moment(case);
    let code = core::check_known(number, full.principal, full.route, now);
    let short = gate.told();
    if needs.iter().any(|need| need == "resource") {
        assert_eq!(code, MISS, "{}: it hangs on a resource", case.name);
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
    if needs.iter().any(|need| need == "keys") {
        assert_eq!(at(now + 600.0), MISS, "{}: the keys are to be fetched again", case.name);
    }
    for (principal, route) in
        [(0, full.route), (full.principal, 0), (full.principal + 1, full.route), (full.principal, full.route + 1)]
    {
        assert_eq!(core::check_known(number, principal, route, now), MISS, "{}: {principal}, {route}", case.name);
    }
}

/// A token that was seen on one route and a route that was seen with another token.
#[wasm_bindgen_test]
fn handles_of_different_requests_combine_as_the_full_way_decides() {
    let suites: Vec<Suite> = SUITES.iter().map(|text| Suite::parse(text)).collect();
    let mut groups: BTreeMap<_, Vec<Case<'_>>> = BTreeMap::new();
    for case in suites.iter().flat_map(Suite::cases) {
        let config = case.config();
        groups.entry((config.policy, config.trust, case.now)).or_default().push(case);
    }
    let mut answers = BTreeMap::new();
    for cases in groups.values() {
        let case = cases.first().expect("a group has a case");
        let gate = Gate::create(&case.config()).expect("the config of a case loads");
        let (mut tokens, mut places) = (Vec::new(), Vec::new());
        for (token, method, path) in cases.iter().filter_map(|case| gate.names(&case.asked)) {
            if !tokens.contains(&token) && tokens.len() < MOST && !is_other_scheme(token) {
                tokens.push(token);
            }
            if !places.contains(&(method, path)) && places.len() < MOST {
                places.push((method, path));
            }
        }
        for code in combine(&gate, moment(case), &tokens, &places) {
            *answers.entry(code).or_insert(0) += 1;
        }
    }
    assert!(answers.get(&ALLOW) > Some(&100) && answers.get(&MISS) > Some(&50), "both answers are there: {answers:?}");
}

fn combine(gate: &Gate, now: f64, tokens: &[Option<&str>], places: &[(&str, &str)]) -> Vec<u32> {
    let mut of_tokens = BTreeMap::new();
    let mut of_places = BTreeMap::new();
    let mut full: BTreeMap<_, Option<Told>> = BTreeMap::new();
    for token in tokens {
        for place in places {
            let headers = token.iter().map(|token| (gate.headers().first().copied().unwrap_or(""), *token)).collect();
            let asked = Asked::Request { method: place.0, url: place.1, headers, context: None };
            let code = gate.check(&gate.fields(&asked), now);
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
        let code = core::check_known(gate.number, *principal, *route, now);
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

fn is_other_scheme(authorization: Option<&str>) -> bool {
    authorization.is_some_and(|value| !value.trim_start().to_ascii_lowercase().starts_with("bearer"))
}

fn is_justified(asked: &Asked<'_>) -> bool {
    let Asked::Request { headers, .. } = asked else { return false };
    headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("x-justification"))
}
