//! A guard behind the boundary, and the loop around it, as `www/src/enforcement.ts` runs it.

use std::collections::BTreeMap;

use js_sys::{Uint8Array, Uint32Array, WebAssembly};
use portcullis::Json;
use portcullis::json::Object;
use portcullis::wasm::{answers, creation, guard as core, questions, upkeep};
use wasm_bindgen::{JsCast, JsValue};

use crate::expectation;
use crate::suite::{Asked, Config, Found, Step};
use crate::web_crypto;

pub(crate) const REJECT: u32 = 0;
pub(crate) const ALLOW: u32 = 1;
pub(crate) const NEED: u32 = 2;
pub(crate) const UNKNOWN: u32 = 3;
pub(crate) const MISS: u32 = 4;
pub(crate) const TIME: u32 = 5;

// Of `upkeep`.
pub(crate) const SUPPLY: u32 = 0;
const SUPPLY_FAILED: u32 = 1;
const REVOKE: u32 = 4;

/// A guard of this instance, until it is dropped.
pub(crate) struct Gate {
    pub(crate) number: u32,
    pub(crate) about: Json,
}

/// A signature as the core asks for it.
pub(crate) struct Signed {
    pending: u32,
    key: u32,
    pub(crate) algorithm: String,
    input: Vec<u8>,
    signature: Vec<u8>,
}

/// A request's way to its outcome.
pub(crate) struct Walk {
    pub(crate) code: u32,
    /// In the form of the vectors.
    pub(crate) outcome: Json,
    /// What was needed of the host, in order.
    pub(crate) needs: Vec<String>,
}

/// The host of a case: what it was asked, and what it remembers between the steps.
#[derive(Default)]
pub(crate) struct Host {
    /// In the words of the vectors.
    pub(crate) asked: Vec<String>,
    proofs: BTreeMap<String, i64>,
    fetches_later: Vec<String>,
}

/// More than a request can need: metadata, keys, an introspection, two signatures, revocations, a replay, a resource.
const MOST_NEEDS: usize = 8;

/// What the core tells of an outcome.
#[derive(Debug, PartialEq)]
pub(crate) struct Told {
    pub(crate) outcome: String,
    pub(crate) event: String,
    pub(crate) flags: u32,
    /// Its handle.
    pub(crate) principal: u32,
    /// Its handle.
    pub(crate) route: u32,
}

impl Gate {
    /// The guard, or the error in the form of the vectors.
    pub(crate) fn create(config: &Config) -> Result<Self, Json> {
        let answer = parse(&creation::create(&config.policy, config.trust.clone(), &config.loaders.join("\n")));
        if let Some(error) = answer.member("error") {
            assert!(!text(error, "message").is_empty(), "an error has a message");
            return Err(expectation::error(text(error, "document"), text(error, "path"), text(error, "code")));
        }
        Ok(Self { number: number(&answer, "guard"), about: answer.member("about").cloned().expect("about") })
    }

    pub(crate) fn evaluate(&self, question: &Json, step: &Step<'_>) -> Json {
        parse(&questions::evaluate(self.number, &question.to_text(), moment(step)))
    }

    pub(crate) fn explain(&self, question: &Json, step: &Step<'_>) -> Json {
        parse(&questions::explain(self.number, &question.to_text(), moment(step)))
    }

    /// The filter of a list, and its SQL where the vector has some; `"unsupported"` where this core has none.
    pub(crate) fn list(&self, question: &Json, elevated: bool, step: &Step<'_>) -> Json {
        let ask = |guard, what, input: &str| upkeep::upkeep(guard, what, write(input.as_bytes()), moment(step));
        let answer = ask(self.number, if elevated { 22 } else { 21 }, &question.to_text());
        if answer.is_empty() {
            return Json::from("unsupported");
        }
        let Json::Object(mut found) = parse(&answer) else { panic!("an answer is an object") };
        if let Some(error) = found.member("error") {
            return error_of(error);
        }
        let filter = found.member("filter").cloned().expect("a filter");
        for dialect in ["sqlite", "postgres"] {
            if step.expect.member(dialect).is_none() && step.expect.member("error").is_none() {
                continue;
            }
            let mut input = step.sql().and_then(Json::as_object).cloned().unwrap_or_default();
            input.set("filter", filter.clone());
            input.set("dialect", dialect);
            let written = parse(&ask(0, 31, &Json::from(input).to_text()));
            if let Some(error) = written.member("error") {
                return error_of(error);
            }
            found.set(dialect, written);
        }
        found.into()
    }

    /// Gives the guard the facts of a step.
    pub(crate) fn push(&self, step: &Step<'_>) {
        for fact in step.pushed() {
            let mut revocation = Object::new();
            revocation.set("name", fact.name);
            revocation.set("notBefore", fact.not_before.seconds());
            revocation.set("until", fact.until.seconds());
            let length = write(Json::from(revocation).to_text().as_bytes());
            let taken = upkeep::upkeep(self.number, REVOKE, length, moment(step));
            assert_eq!(taken, "1", "{}: {}", step.name, fact.name);
        }
    }

    /// Puts text into the shared buffer and checks it as a request.
    pub(crate) fn check(&self, request: &str, now: f64) -> u32 {
        core::check(self.number, write(request.as_bytes()), now)
    }

    /// The whole loop for a step, and what the host does behind the answer.
    pub(crate) async fn walk(&self, step: &Step<'_>, host: &mut Host) -> Walk {
        host.asked.clear();
        let mut code = self.check(&self.fields_of(step), moment(step));
        let mut needs = Vec::new();
        while code == NEED {
            let need = parse(&core::need(self.number));
            needs.push(text(&need, "need").to_owned());
            assert!(needs.len() <= MOST_NEEDS, "{}: the loop does not end: {needs:?}", step.name);
            code = self.answer(&need, step, host).await;
        }
        let outcome = parse(&outcome(self.number));
        let event = parse(&answers::event(self.number, "id", ""));
        let outcome = match code {
            ALLOW => expectation::allowed(outcome, &event),
            REJECT => expectation::refused(&outcome, text(&event, "reason")),
            other => panic!("{}: the core answered {other}", step.name),
        };
        while let Some(url) = host.fetches_later.pop() {
            let (what, said) = match fetched(step, &url) {
                Some(fetched) => (SUPPLY, format!("{url}\n{fetched}")),
                None => (SUPPLY_FAILED, url.clone()),
            };
            let supplied = upkeep::upkeep(self.number, what, write(said.as_bytes()), moment(step));
            assert_ne!(supplied, "", "{}: {url}", step.name);
            if supplied != "." {
                host.fetches_later.push(supplied);
            }
        }
        Walk { code, outcome, needs }
    }

    /// The request of a step, where the host may say that keys come later.
    fn fields_of(&self, step: &Step<'_>) -> String {
        let fields = self.fields(&step.asked);
        if !step.is_later() {
            return fields;
        }
        let (request, circumstances) = fields.rsplit_once('\n').expect("the circumstances are the last line");
        let mut said = match circumstances.strip_prefix('=').map(parse) {
            Some(Json::Object(said)) => said,
            _ => Object::new(),
        };
        said.set("later", true);
        format!("{request}\n={}", Json::from(said).to_text())
    }

    /// Method, URL, the headers that the guard reads, the circumstances: one on a line.
    pub(crate) fn fields(&self, asked: &Asked<'_>) -> String {
        let Asked::Request { method, url, headers, context, nonce, access_token } = asked else { panic!("a request") };
        let mut fields = vec![(*method).to_owned(), (*url).to_owned()];
        for name in self.headers() {
            let values: Vec<&str> = values(headers, name).collect();
            let value = values.join(if name == "cookie" { "; " } else { ", " });
            fields.push(if values.is_empty() { String::new() } else { format!("={value}") });
        }
        let mut circumstances = Object::new();
        if let Some(context) = context {
            circumstances.set("context", (*context).clone());
        }
        for (name, said) in [("nonce", nonce), ("accessToken", access_token)] {
            if let Some(said) = said {
                circumstances.set(name, *said);
            }
        }
        let said = Json::from(circumstances).to_text();
        fields.push(if said == "{}" { String::new() } else { format!("={said}") });
        fields.join("\n")
    }

    /// Token, method and path, where handles may answer for the request: where the token, or none, is its only
    /// credential and nothing else can matter.
    pub(crate) fn names<'a>(&self, asked: &Asked<'a>) -> Option<(Option<&'a str>, &'a str, &'a str)> {
        let Asked::Request { method, url, headers, context: None, nonce: None, access_token: None } = asked else {
            return None;
        };
        let (path, rest) = url.split_at_checked(url.find(['?', '#']).unwrap_or(url.len()))?;
        if *method == "OPTIONS" || rest.contains("access_token") {
            return None;
        }
        let credentials = usize::try_from(number(&self.about, "credentials")).ok()?;
        let headers_read = self.headers();
        let (token, others) = headers_read.get(..credentials)?.split_first()?;
        if others.iter().any(|name| values(headers, name).next().is_some()) {
            return None;
        }
        let mut tokens = values(headers, token);
        match (tokens.next(), tokens.next()) {
            (Some(""), _) | (Some(_), Some(_)) => None,
            (token, _) => Some((token, method, path)),
        }
    }

    /// The headers that the guard reads.
    pub(crate) fn headers(&self) -> Vec<&str> {
        let headers = self.about.member("headers").and_then(Json::as_array).expect("headers");
        headers.iter().filter_map(Json::as_str).collect()
    }

    /// The attributes of an instance as they cross for `can`.
    pub(crate) fn instance(&self, permission: &str, attributes: &Json) -> String {
        let kind = permission.split_once(':').map_or("", |(kind, _)| kind);
        let read = self.about.member("resources").and_then(|kinds| kinds.member(kind)).and_then(Json::as_array);
        let mut lines = String::new();
        for name in read.unwrap_or_default() {
            match attributes.member(name.as_str().expect("a name")) {
                None => {}
                Some(Json::String(text)) if text.is_ascii() && !text.contains('\n') => {
                    lines.push('=');
                    lines.push_str(text);
                }
                Some(value) => lines.push_str(&value.to_text()),
            }
            lines.push('\n');
        }
        lines.push('.');
        lines
    }

    /// All that the core tells of the last outcome.
    pub(crate) fn told(&self) -> Told {
        Told {
            outcome: outcome(self.number),
            event: answers::event(self.number, "id", ""),
            flags: answers::outcome_flags(self.number),
            principal: answers::outcome_handle(self.number, 0),
            route: answers::outcome_handle(self.number, 1),
        }
    }

    async fn answer(&self, need: &Json, step: &Step<'_>, host: &mut Host) -> u32 {
        let pending = number(need, "pending");
        let resume = |answer, body: &str| core::resume(self.number, pending, answer, write(body.as_bytes()));
        match text(need, "need") {
            "keys" => {
                let url = text(need, "url");
                host.asked.push(format!("keys {url}"));
                if step.is_later() && need.member("stale") == Some(&Json::Bool(true)) {
                    host.fetches_later.push(url.to_owned());
                    return resume(3, "");
                }
                match fetched(step, url) {
                    Some(fetched) => resume(1, &fetched),
                    None => resume(2, ""),
                }
            }
            "signature" => self.verify().await,
            "revocation" => {
                host.asked.push("revocation".to_owned());
                let names = need.member("names").and_then(Json::as_array).expect("names");
                let names: Vec<String> = names.iter().filter_map(Json::as_str).map(str::to_owned).collect();
                match step.revocations(&names) {
                    Some(moments) => {
                        let moments = moments.into_iter().map(|moment| moment.map_or(Json::Null, Json::Integer));
                        resume(1, &Json::Array(moments.collect()).to_text())
                    }
                    None => resume(2, ""),
                }
            }
            "replay" => {
                host.asked.push("replay".to_owned());
                let Some(Json::Integer(until)) = need.member("until") else { panic!("no moment in a replay") };
                if step.fails_replays() {
                    return resume(2, "");
                }
                host.proofs.retain(|_, until| step.now.seconds() < *until);
                resume(u32::from(host.proofs.insert(text(need, "name").to_owned(), *until).is_none()), "")
            }
            "introspection" => {
                let url = text(need, "url");
                host.asked.push(format!("introspection {url}"));
                match step.introspected(url, text(need, "body")) {
                    Some(answer) => resume(1, &answer),
                    None => resume(2, ""),
                }
            }
            "apiKey" => {
                let hash = text(need, "hash");
                host.asked.push(format!("apiKey {hash}"));
                match step.api_key(hash) {
                    Found::Resource(entry) => resume(1, &Json::from(entry.clone()).to_text()),
                    Found::Nothing => resume(0, ""),
                    Found::Failure => resume(2, ""),
                }
            }
            "resource" => {
                let (kind, id) = (text(need, "type"), text(need, "id"));
                host.asked.push(format!("resource {kind}/{id}"));
                match step.found(kind, id) {
                    Found::Resource(attributes) => resume(1, &self.read_attributes(kind, attributes)),
                    Found::Nothing => resume(0, ""),
                    Found::Failure => resume(2, ""),
                }
            }
            other => panic!("{}: the core asks for {other}", step.name),
        }
    }

    /// Goes on with what Web Cryptography says of a signature.
    pub(crate) async fn verify(&self) -> u32 {
        let Signed { pending, key, algorithm, input, signature } = self.signed();
        let jwk = core::jwk(self.number, key);
        let valid = web_crypto::is_valid(&algorithm, &jwk, &input, &signature).await;
        core::resume(self.number, pending, u32::from(valid), 0)
    }

    /// The signature that is the newest need.
    pub(crate) fn signed(&self) -> Signed {
        let words = core::signature_need(self.number);
        assert_ne!(words, 0, "the newest need is a signature");
        let words = Uint32Array::new_with_byte_offset_and_length(&memory(), size(words), 8);
        let [pending, key, name, name_length, input, input_length, signature, length] =
            <[u32; 8]>::try_from(words.to_vec()).expect("eight words");
        let bytes = |start, length| Uint8Array::new_with_byte_offset_and_length(&memory(), start, length).to_vec();
        let algorithm = String::from_utf8(bytes(name, name_length)).expect("a name");
        Signed { pending, key, algorithm, input: bytes(input, input_length), signature: bytes(signature, length) }
    }

    /// The attributes that the policy reads, of those that the object has.
    fn read_attributes(&self, kind: &str, attributes: &Object) -> String {
        let read = self.about.member("resources").and_then(|kinds| kinds.member(kind)).and_then(Json::as_array);
        let mut handed = Object::new();
        for name in read.unwrap_or(&[]).iter().filter_map(Json::as_str) {
            if let Some(value) = attributes.member(name) {
                handed.set(name, value.clone());
            }
        }
        Json::from(handed).to_text()
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        creation::release(self.number);
    }
}

/// The error of a list, without its message.
fn error_of(error: &Json) -> Json {
    let mut said = Object::new();
    for (name, value) in error.as_object().expect("an error").iter().filter(|(name, _)| *name != "message") {
        said.set(name, value.clone());
    }
    let mut answer = Object::new();
    answer.set("error", said);
    answer.into()
}

/// Puts bytes into the shared buffer, through the module's memory; how many they are.
pub(crate) fn write(bytes: &[u8]) -> u32 {
    let address = core::input(bytes.len());
    assert_ne!(address, 0, "the buffer has room");
    let [address, length] = [address, bytes.len()].map(size);
    Uint8Array::new_with_byte_offset_and_length(&memory(), address, length).copy_from(bytes);
    length
}

fn memory() -> JsValue {
    wasm_bindgen::memory().unchecked_into::<WebAssembly::Memory>().buffer()
}

fn size(size: usize) -> u32 {
    u32::try_from(size).expect("a size of wasm32")
}

fn values<'a>(headers: &[(&'a str, &'a str)], name: &str) -> impl Iterator<Item = &'a str> {
    headers.iter().filter(move |(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
}

/// What a fetch answers, in the form in which it crosses.
pub(crate) fn fetched(step: &Step<'_>, url: &str) -> Option<String> {
    let (body, cache_control) = step.fetched(url)?;
    Some(format!("{}\n{body}", cache_control.unwrap_or_default()))
}

#[expect(clippy::as_conversions, reason = "exact: JavaScript's numbers hold every moment of a vector")]
pub(crate) fn moment(step: &Step<'_>) -> f64 {
    step.now.seconds() as f64
}

pub(crate) fn parse(text: &str) -> Json {
    Json::parse(text.as_bytes()).expect("the core answers in JSON")
}

pub(crate) fn text<'a>(json: &'a Json, name: &str) -> &'a str {
    json.member(name).and_then(Json::as_str).unwrap_or_else(|| panic!("no text {name} in {}", json.to_text()))
}

pub(crate) fn number(json: &Json, name: &str) -> u32 {
    match json.member(name) {
        Some(Json::Integer(number)) => u32::try_from(*number).expect("a number of wasm32"),
        _ => panic!("no number {name} in {}", json.to_text()),
    }
}

/// The last outcome as `types.d.ts` shows it, put together as the host does; empty for none.
pub(crate) fn outcome(guard: u32) -> String {
    let principal = answers::outcome(guard, 1);
    if principal.is_empty() {
        return answers::outcome(guard, 0);
    }
    let (list, id) = principal.split_once('\n').expect("an id behind a list");
    let list = parse(list);
    let mut list = list.as_array().expect("a list").to_vec();
    list.insert(1, id.into());
    let mut described = Object::new();
    let empty = || Json::Array(Vec::new());
    let members = [
        ("kind", Json::Null),
        ("id", Json::Null),
        ("issuer", Json::Null),
        ("roles", empty()),
        ("assignments", empty()),
        ("permissions", empty()),
        ("scopes", empty()),
        ("attributes", Object::new().into()),
        ("acr", Json::Null),
        ("amr", empty()),
        ("authTime", Json::Null),
    ];
    assert!(list.len() <= members.len(), "{principal}");
    for (place, (name, absent)) in members.into_iter().enumerate() {
        let value = list.get(place).cloned().unwrap_or(absent);
        if name != "assignments" || value != empty() {
            described.set(name, value);
        }
    }
    let flags = answers::outcome_flags(guard);
    let mut found = Object::new();
    found.set("allowed", true);
    found.set("principal", described);
    for (name, value) in parse(&answers::outcome(guard, 2)).as_object().expect("an object").iter() {
        found.set(name, value.clone());
    }
    for (name, flag) in [("elevated", 1), ("conditional", 2), ("preflight", 4)] {
        found.set(name, flags & flag != 0);
    }
    Json::from(found).to_text()
}
