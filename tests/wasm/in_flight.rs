//! What becomes of a signature that the host verifies while the keys are renewed. The host's word is given here; whether
//! it is true the vectors hold.

use portcullis::wasm::{answers, guard as core, upkeep};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::gate::{ALLOW, Gate, NEED, REJECT, SUPPLY, fetched, moment, number, parse, text, write};
use crate::suite::{Asked, Case};
use crate::{is_for_this_core, suite_of};

/// A set without any key that a token here names.
const ANOTHER: &str =
    r#"{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"another","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;

/// A request whose keys were fetched and whose signature the host is to verify: its guard, its number, and the keys.
struct InFlight {
    gate: Gate,
    pending: u32,
    url: String,
    keys: String,
    now: f64,
}

impl InFlight {
    fn of(case: &Case<'_>) -> Option<Self> {
        let step = case.first();
        if !matches!(step.asked, Asked::Request { .. }) {
            return None;
        }
        let gate = Gate::create(&case.config()).expect("the config of a case loads");
        let now = moment(step);
        let need = |code: u32, name: &str| {
            let need = (code == NEED).then(|| parse(&core::need(gate.number)))?;
            (text(&need, "need") == name).then_some(need)
        };
        let for_keys = need(gate.check(&gate.fields(&step.asked), now), "keys")?;
        let url = text(&for_keys, "url").to_owned();
        let keys = fetched(step, &url)?;
        let code = core::resume(gate.number, number(&for_keys, "pending"), 1, write(keys.as_bytes()));
        let pending = number(&need(code, "signature")?, "pending");
        Some(Self { gate, pending, url, keys, now })
    }

    /// The keys are renewed a moment later.
    fn renewed(&self, keys: &str) {
        let length = write(format!("{}\n{keys}", self.url).as_bytes());
        assert_eq!(upkeep::upkeep(self.gate.number, SUPPLY, length, self.now + 1.0), ".");
    }

    /// The signature is valid.
    fn verified(&self) -> u32 {
        core::resume(self.gate.number, self.pending, 1, 0)
    }
}

fn every(run: impl Fn(InFlight)) {
    let suite = suite_of("jwks");
    let of_jwks = suite.cases().filter(is_for_this_core);
    let allowed = of_jwks.filter(|case| case.first().expect.member("allowed") == Some(&portcullis::Json::Bool(true)));
    let count = allowed.filter_map(|case| InFlight::of(&case)).map(run).count();
    assert!(count > 0, "there are such cases");
}

#[wasm_bindgen_test]
fn the_same_keys_renewed_change_nothing() {
    every(|flight| {
        flight.renewed(&flight.keys);
        assert_eq!(flight.verified(), ALLOW);
    });
}

#[wasm_bindgen_test]
fn a_key_that_was_withdrawn_meanwhile_has_verified_nothing() {
    every(|flight| {
        flight.renewed(&format!("\n{ANOTHER}"));
        assert_eq!(flight.verified(), REJECT);
        let event = parse(&answers::event(flight.gate.number, "id", ""));
        assert_eq!(text(&event, "reason"), "key_unknown");
    });
}
