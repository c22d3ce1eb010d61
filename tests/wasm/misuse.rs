//! Whatever crosses the boundary, nothing traps: numbers that nobody gave, wrong lengths, garbage.
//! A trap would end the whole run.

use portcullis::wasm::{answers, creation, guard as core, questions, upkeep};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::gate::{ALLOW, Gate, MISS, NEED, REJECT, UNKNOWN, moment, number, outcome, parse, text, write};
use crate::suite::{Asked, Case, Config};
use crate::{is_for_this_core, suite_of};

const NOW: f64 = 1_790_000_000.0;
const NOBODY: [u32; 4] = [0, 1_000_000, u32::MAX - 1, u32::MAX];
const MEBIBYTE: usize = 1 << 20;

/// Of `upkeep`; no number behind it means anything.
const REPLACE_POLICY: u32 = 30;

/// A token that says nothing. Whoever waives the issuer asks for the keys.
const REQUEST: &[u8] = b"GET\n/public\n=Bearer eyJhbGciOiJFZERTQSJ9.e30.AA\n\n\n\n";

/// What a case's host may be asked first, and a suite with such a case.
const NEEDS: &[(&str, &str)] = if cfg!(feature = "full") {
    &[
        RESOURCE,
        KEYS,
        SIGNATURE,
        ("revocation", "revocation"),
        ("introspection", "introspection"),
        ("apiKey", "api_key_store"),
    ]
} else {
    &[RESOURCE, KEYS, SIGNATURE]
};
const RESOURCE: (&str, &str) = ("resource", "ownership");
const KEYS: (&str, &str) = ("keys", "jwks");
const SIGNATURE: (&str, &str) = ("signature", "signature");

fn gate() -> Gate {
    let policy = r#"{ "policy": "misuse", "revision": 1,
        "resources": { "article": { "actions": ["update"], "owner": "author" } },
        "roles": { "author": { "permits": [{ "permission": "article:update", "owner": true }] } },
        "routes": [{ "route": "GET /public", "allow": "everyone" },
                   { "route": "PUT /articles/{id}", "permission": "article:update" }] }"#;
    let trust = r#"{ "issuers": [{ "issuer": null, "audience": null, "jwksUri": "https://id.example/jwks" }] }"#;
    let config =
        Config { policy: policy.to_owned(), trust: Some(trust.to_owned()), loaders: vec!["article".to_owned()] };
    Gate::create(&config).expect("it loads")
}

fn with_case((name, suite): (&str, &str), run: impl Fn(&Gate, &Case<'_>)) {
    let suite = suite_of(suite);
    let case = suite.cases().filter(is_for_this_core).find(|case| {
        let gate = Gate::create(&case.config()).expect("the config of a case loads");
        matches!(case.first().asked, Asked::Request { .. }) && asked_for(&gate, case, name).is_some()
    });
    let case = case.expect("a case with that need");
    run(&Gate::create(&case.config()).expect("the config of a case loads"), &case);
}

/// The number of what waits for that, where the host is asked for nothing before it but a signature, which is valid.
fn asked_for(gate: &Gate, case: &Case<'_>, name: &str) -> Option<u32> {
    let step = case.first();
    let mut code = gate.check(&gate.fields(&step.asked), moment(step));
    while code == NEED {
        let need = parse(&core::need(gate.number));
        let pending = number(&need, "pending");
        match text(&need, "need") {
            found if found == name => return Some(pending),
            "signature" => code = core::resume(gate.number, pending, 1, 0),
            _ => return None,
        }
    }
    None
}

fn ask(gate: &Gate, case: &Case<'_>, name: &str) -> u32 {
    let pending = asked_for(gate, case, name).expect("it is asked for");
    assert_eq!(outcome(gate.number), "", "there is no outcome yet");
    pending
}

fn reason(gate: &Gate) -> String {
    text(&parse(&answers::event(gate.number, "id", "")), "reason").to_owned()
}

#[wasm_bindgen_test]
fn a_guard_that_nobody_made_is_unknown() {
    let gate = gate();
    for guard in NOBODY {
        let length = write(b"{}");
        assert_eq!(core::check(guard, length, NOW), UNKNOWN);
        assert_eq!(core::check_known(guard, 1, 1, NOW), UNKNOWN);
        assert_eq!(core::resume(guard, 1, 1, length), UNKNOWN);
        assert_eq!(questions::can(guard, 1, 1, length, NOW), UNKNOWN);
        assert_eq!((questions::subject(guard, length), questions::permission(guard, length)), (0, 0));
        assert_eq!(
            (answers::outcome_handle(guard, 0), answers::outcome_handle(guard, 1), answers::outcome_flags(guard)),
            (0, 0, 0)
        );
        for what in 0..=REPLACE_POLICY {
            assert_eq!(upkeep::upkeep(guard, what, length, NOW), "");
        }
        let texts = [
            outcome(guard),
            answers::event(guard, "id", ""),
            core::need(guard),
            core::jwk(guard, 1),
            questions::evaluate(guard, "{}", NOW),
            questions::explain(guard, "{}", NOW),
        ];
        assert_eq!(texts, [""; 6]);
        assert_eq!(core::signature_need(guard), 0);
        creation::release(guard);
    }
    assert_eq!(gate.check("GET\n/public\n\n\n\n\n", NOW), ALLOW, "the others are as they were");
}

#[cfg(not(feature = "full"))]
#[wasm_bindgen_test]
fn what_stands_in_the_whole_core_alone_is_answered_with_nothing() {
    let (gate, other) = (gate(), gate());
    let length = write(br#"{ "subject": { "id": "u1" }, "action": "update", "resource": { "type": "article" } }"#);
    for what in 2..REPLACE_POLICY {
        assert_eq!(upkeep::upkeep(gate.number, what, length, NOW), "", "{what}");
    }
    assert_eq!(upkeep::upkeep(gate.number, REPLACE_POLICY, other.number, NOW), "");
    for gate in [gate, other] {
        assert_eq!(gate.check("GET\n/public\n\n\n\n\n", NOW), ALLOW, "both are as they were");
    }
}

#[wasm_bindgen_test]
fn a_handle_that_nobody_gave_is_a_miss() {
    let gate = gate();
    for handle in NOBODY {
        assert_eq!(core::check_known(gate.number, handle, handle, NOW), MISS);
        assert_eq!(core::resume(gate.number, handle, 1, 0), UNKNOWN);
        assert_eq!(questions::can(gate.number, handle, 1, 0, NOW), MISS);
        assert_eq!(core::jwk(gate.number, handle), "");
        assert_eq!(core::signature_need(gate.number), 0);
        let subject = questions::subject(gate.number, write(br#"{"id":"u1"}"#));
        assert_eq!(questions::can(gate.number, subject, handle, 0, NOW), REJECT, "no such permission");
    }
}

#[wasm_bindgen_test]
fn before_the_first_check_there_is_no_outcome() {
    let gate = gate();
    let number = gate.number;
    assert_eq!([outcome(number), answers::event(number, "id", ""), core::need(number)], [""; 3]);
    assert_eq!(
        (answers::outcome_handle(number, 0), answers::outcome_handle(number, 1), answers::outcome_flags(number)),
        (0, 0, 0)
    );
}

#[wasm_bindgen_test]
fn a_guard_that_was_released_or_evicted_is_unknown() {
    let request = "GET\n/public\n\n\n\n\n";
    let released = gate();
    creation::release(released.number);
    assert_eq!(released.check(request, NOW), UNKNOWN);
    let guards: Vec<Gate> = (0..65).map(|_| gate()).collect();
    let codes: Vec<u32> = guards.iter().map(|gate| gate.check(request, NOW)).collect();
    assert_eq!((codes.first(), codes.iter().filter(|code| **code == ALLOW).count()), (Some(&UNKNOWN), 64));
}

#[wasm_bindgen_test]
fn an_evicted_subject_is_a_miss_and_its_handle_is_nobody_elses() {
    let gate = gate();
    let length = write(br#"{"id":"u1","roles":["author"]}"#);
    let mut handles: Vec<u32> = (0..2049).map(|_| questions::subject(gate.number, length)).collect();
    let [first, last] = [handles.first(), handles.last()].map(|handle| *handle.expect("a handle"));
    let permission = questions::permission(gate.number, write(b"article:update"));
    let length = write(gate.instance("article:update", &parse(r#"{"author":"u1"}"#)).as_bytes());
    assert_eq!(questions::can(gate.number, first, permission, length, NOW), MISS);
    assert_eq!(questions::can(gate.number, last, permission, length, NOW), ALLOW);
    handles.dedup();
    assert!(handles.len() == 2049 && handles.is_sorted() && !handles.contains(&0), "a handle is never given twice");
}

#[wasm_bindgen_test]
fn more_than_a_mebibyte_does_not_cross() {
    for capacity in [MEBIBYTE + 1, 1 << 31, usize::MAX] {
        assert_eq!(core::input(capacity), 0, "{capacity}");
    }
    assert_ne!(core::input(MEBIBYTE), 0);
}

#[wasm_bindgen_test]
fn what_is_no_request_is_refused() {
    let gate = gate();
    let fields = "GET\n/public\n\n\n\n\n";
    assert_eq!(gate.check(fields, NOW), ALLOW);
    for length in [u32::MAX, 1 << 30] {
        assert_eq!((core::check(gate.number, length, NOW), reason(&gate).as_str()), (REJECT, "engine_failed"));
    }
    let broken = [
        "",
        "\n",
        "GET",
        "GET\n/public",
        "GET\n/public\n\n\n\n",
        "GET\n/public\n\n\n\n\n\n",
        "GET\n/public\nx\n\n\n\n",
        "GET\n/public\n\n\n\n\n=[]",
        "GET\n/public\n\n\n\n\n={",
        "GET\n/public\n\n\n\n\nx",
        "GET\n/public\n=a\nb\n\n\n\n",
    ];
    for text in broken {
        assert_eq!((gate.check(text, NOW), reason(&gate).as_str()), (REJECT, "engine_failed"), "{text:?}");
    }
    let not_text = [fields.as_bytes(), b"\xff"].concat();
    assert_eq!(core::check(gate.number, write(&not_text), NOW), REJECT);
    assert_eq!((reason(&gate).as_str(), answers::outcome_handle(gate.number, 0)), ("engine_failed", 0));
}

#[wasm_bindgen_test]
fn no_moment_traps() {
    let gate = gate();
    for now in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN, -0.0, 1e300, -1.5] {
        assert_eq!(gate.check("GET\n/public\n\n\n\n\n", now), ALLOW);
        let (principal, route) = (answers::outcome_handle(gate.number, 0), answers::outcome_handle(gate.number, 1));
        assert_eq!(core::check_known(gate.number, principal, route, now), ALLOW);
    }
    for case in suite_of("claims").cases() {
        let gate = Gate::create(&case.config()).expect("the config of a case loads");
        for now in [f64::INFINITY, f64::NEG_INFINITY, 9e18, -9e18] {
            assert_ne!(gate.check(&gate.fields(&case.first().asked), now), UNKNOWN, "{}", case.name);
        }
    }
}

#[wasm_bindgen_test]
fn a_pending_number_answers_once() {
    for &need in NEEDS {
        let (name, _) = need;
        with_case(need, |gate, case| {
            let [first, second] = [ask(gate, case, name), ask(gate, case, name)];
            assert_ne!(first, second, "another request, another number");
            assert_eq!(core::resume(gate.number, first, 2, 0), REJECT);
            assert_eq!(core::resume(gate.number, first, 1, 0), UNKNOWN);
            assert_eq!(core::resume(gate.number, second, 2, 0), REJECT);
        });
    }
}

#[wasm_bindgen_test]
fn an_answer_that_is_none_refuses() {
    for &need in NEEDS {
        let (name, _) = need;
        with_case(need, |gate, case| {
            for answer in [3, 7, u32::MAX] {
                let gate = Gate::create(&case.config()).expect("the config of a case loads");
                let pending = ask(&gate, case, name);
                assert_eq!(core::resume(gate.number, pending, answer, 0), REJECT, "{}: {answer}", case.name);
            }
            if name == "apiKey" {
                for body in ["", "[]", "{", "{}", "null", "{\"id\":\"a\",\"id\":\"b\"}", "{\"id\":\"\u{0}\"}"] {
                    let pending = ask(gate, case, name);
                    assert_eq!(core::resume(gate.number, pending, 1, write(body.as_bytes())), REJECT, "{body}");
                    assert_eq!(reason(gate), "api_key_unavailable");
                }
            }
            if name == "resource" {
                for body in ["", "[]", "{", "null", r#"{"a":1,"a":1}"#] {
                    let pending = ask(gate, case, name);
                    assert_eq!(core::resume(gate.number, pending, 1, write(body.as_bytes())), REJECT, "{body}");
                    assert_eq!(reason(gate), "resource_unavailable");
                }
            }
            if name == "revocation" {
                for body in
                    ["", "[]", "{}", "[1]", "null", "[null,null,null,null,null]", r#"["1","1","1","1"]"#, "[1.5,1,1,1]"]
                {
                    let pending = ask(gate, case, name);
                    assert_eq!(core::resume(gate.number, pending, 1, write(body.as_bytes())), REJECT, "{body}");
                    assert_eq!(reason(gate), "revocation_unavailable", "{body}");
                }
            }
        });
    }
}

#[wasm_bindgen_test]
fn of_too_many_that_wait_the_newcomer_is_turned_away() {
    with_case(RESOURCE, |gate, case| {
        let first = ask(gate, case, "resource");
        for _ in 0..1023 {
            ask(gate, case, "resource");
        }
        let (fields, now) = (gate.fields(&case.first().asked), moment(case.first()));
        assert_eq!((gate.check(&fields, now), reason(gate).as_str()), (REJECT, "engine_failed"));
        assert_eq!(core::resume(gate.number, first, 0, 0), REJECT, "it still waits");
        assert_eq!(reason(gate), "resource_not_found");
        ask(gate, case, "resource");
        assert_eq!(gate.check(&fields, now), REJECT, "there is no room again");
        assert_eq!(gate.check(&fields, now + 60.0), NEED, "after a minute nobody comes for those who wait");
    });
}

/// A small generator (xorshift): the same garbage at every run.
struct Garbage(u64);

impl Garbage {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("31 bits") % bound
    }

    fn number(&mut self) -> u32 {
        let picked = self.below(8);
        NOBODY.get(picked).copied().unwrap_or_else(|| u32::try_from(self.below(64)).expect("a small number"))
    }

    /// A request with one byte changed, or pieces of what might stand there, and bytes that may not.
    fn bytes(&mut self) -> Vec<u8> {
        if self.below(4) == 0 {
            let mut request = REQUEST.to_vec();
            let place = self.below(request.len() * 2);
            if let Some(byte) = request.get_mut(place) {
                *byte = u8::try_from(self.below(256)).expect("a byte");
            }
            return request;
        }
        const PIECES: &[&[u8]] = &[
            b"GET",
            b"\n",
            b"\n",
            b"\n=",
            b"/public",
            b"/articles/1",
            b"Bearer ",
            b"eyJhbGciOiJIUzI1NiJ9.e30.AA",
            b"{",
            b"}",
            b"[",
            b"]",
            b"\"id\":\"u1\"",
            b"\"policy\":",
            b"\"",
            b"\\ud800",
            b",",
            b":",
            b"1e400",
            b"-",
            b"\0",
            b"\xff\xfe",
            b"%2e%2e",
            b"?access_token=",
            b"article:update",
            b"*",
            b"\xf0\x9f\x98\x80",
        ];
        let count = self.below(24);
        (0..count).flat_map(|_| PIECES.get(self.below(PIECES.len())).copied().unwrap_or(b"")).copied().collect()
    }
}

#[wasm_bindgen_test]
fn garbage_never_traps() {
    let mut garbage = Garbage(0x2545_f491_4f6c_dd1d);
    let gate = gate();
    let mut codes = [0_u32; 5];
    for _ in 0..20_000 {
        let bytes = garbage.bytes();
        let length = if garbage.below(16) == 0 { garbage.number() } else { write(&bytes) };
        let guard = if garbage.below(4) == 0 { garbage.number() } else { gate.number };
        let now = [f64::NAN, -1.0].get(garbage.below(4)).copied().unwrap_or(NOW + f64::from(garbage.number() % 4096));
        let lossy = String::from_utf8_lossy(&bytes);
        let code = match garbage.below(16) {
            0 => core::check(guard, length, now),
            1 => core::check_known(guard, garbage.number(), garbage.number(), now),
            2 => core::resume(guard, garbage.number(), garbage.number(), length),
            3 => questions::can(guard, garbage.number(), garbage.number(), length, now),
            4 => questions::subject(guard, length).min(1),
            5 => questions::permission(guard, length).min(1),
            6 => u32::from(questions::evaluate(guard, &lossy, now).contains("\"decision\":true")),
            7 => u32::from(questions::explain(guard, &lossy, now).contains("\"decision\":true")),
            8 => u32::from(creation::create(&lossy, Some(lossy.to_string()), &lossy).contains("\"guard\"")),
            9 => answers::outcome_handle(guard, 0).min(1),
            10 => answers::outcome_handle(guard, 1).min(1),
            11..15 => u32::from(upkeep::upkeep(guard, garbage.number() % 10, length, now).is_empty()),
            _ => u32::from(answers::event(guard, &lossy, &lossy).is_empty()),
        };
        let count = usize::try_from(code).ok().and_then(|code| codes.get_mut(code)).expect("a code that is declared");
        *count += 1;
    }
    assert!(codes.iter().all(|count| *count > 100), "the garbage gets every answer: {codes:?}");
}
