//! The exported functions of the guard.

use wasm_bindgen::prelude::wasm_bindgen;

use super::answers::{flags, text};
use super::state::{ABANDONED_AFTER, Known, Last, MAX_INPUT_BYTES, with_guard, with_state};
use crate::ask::{Answer, Ask, Fetched};
use crate::guard::{Guard, Need, Outcome};
use crate::json::{Json, Limits, Object};
use crate::request::Request;
use crate::time::UnixTime;

pub(super) const REJECT: u32 = 0;
pub(super) const ALLOW: u32 = 1;
pub(super) const NEED: u32 = 2;
/// The guard is not known to this instance.
pub(super) const UNKNOWN: u32 = 3;
/// A handle is not known any more, or the short way cannot decide.
pub(super) const MISS: u32 = 4;
/// The answer hangs on the time, and none was told.
pub(super) const TIME: u32 = 5;
const FLAGS_SHIFT: u32 = 8;

/// Makes room in the shared input buffer, and says where it is. 0 where that is more than may cross at once.
#[wasm_bindgen]
pub fn input(capacity: usize) -> usize {
    let address = with_state(|state| {
        if capacity > MAX_INPUT_BYTES {
            return 0;
        }
        if state.input.len() < capacity {
            state.input.resize(capacity, 0);
        }
        state.input.as_ptr().addr()
    });
    address.unwrap_or(0)
}

/// Decides on the request in the input: method, URL, a field for each header, the circumstances, one on a line.
#[wasm_bindgen]
pub fn check(guard: u32, length: u32, now: f64) -> u32 {
    let now = moment(now);
    let decided = with_guard(guard, length, |known, input| {
        let outcome = match read_request(&known.guard, input) {
            Some((request, circumstances)) => known.guard.check(&in_circumstances(request, &circumstances), now),
            None => known.guard.unreadable(now),
        };
        known.settle(outcome)
    });
    decided.unwrap_or(UNKNOWN)
}

/// What the host knows beside the request: a justification in its context, and what an ID token must say.
fn in_circumstances<'a>(mut request: Request<'a>, circumstances: &'a Json) -> Request<'a> {
    let text = |value: Option<&'a Json>| value.and_then(Json::as_str);
    if let Some(context) = circumstances.member("context").and_then(Json::as_object) {
        request = request.context(context);
        if let Some(said) = text(context.member("justification")) {
            request = request.justified_by(said);
        }
    }
    if let Some(nonce) = text(circumstances.member("nonce")) {
        request = request.nonce(nonce);
    }
    if let Some(token) = text(circumstances.member("accessToken")) {
        request = request.access_token(token);
    }
    request
}

/// The request of the input. `None` where it has another number of fields: then a field hides a line break.
fn read_request<'a>(guard: &'a Guard, input: &'a [u8]) -> Option<(Request<'a>, Json)> {
    let mut fields = core::str::from_utf8(input).ok()?.split('\n');
    let mut request = Request::new(fields.next()?, fields.next()?);
    for name in guard.headers().names {
        let field = fields.next()?;
        if let Some(value) = field.strip_prefix('=') {
            request = request.header(name, value);
        } else if !field.is_empty() {
            return None;
        }
    }
    let circumstances = fields.next()?;
    if fields.next().is_some() {
        return None;
    }
    let circumstances = match circumstances.strip_prefix('=') {
        None if circumstances.is_empty() => Json::Null,
        None => return None,
        Some(text) => {
            Json::parse_within(text.as_bytes(), Limits::KEY_SET).ok().filter(|said| said.as_object().is_some())?
        }
    };
    let is_object = |value: Option<&Json>| value.is_none_or(|value| value.as_object().is_some());
    let is_text = |value: Option<&Json>| value.is_none_or(|value| value.as_str().is_some());
    let is_readable = is_object(circumstances.member("context"))
        && is_text(circumstances.member("nonce"))
        && is_text(circumstances.member("accessToken"));
    is_readable.then_some((request, circumstances))
}

/// Decides by handles alone; what is no plain allow is a miss. Above its low byte an allow has the outcome's flags.
#[wasm_bindgen]
pub fn check_known(guard: u32, principal: u32, route: u32, now: f64) -> u32 {
    let now = moment(now);
    let decided = with_guard(guard, 0, |known, _| {
        let admitted = known.principals.get(principal)?;
        let matched = known.routes.get(route)?;
        let outcome = Outcome::Allow(known.guard.check_known(admitted, matched, now)?);
        let decided = ALLOW | (flags(&outcome) << FLAGS_SHIFT);
        known.last = Some(Last { outcome, principal, route });
        Some(decided)
    });
    decided.map_or(UNKNOWN, |decided| decided.unwrap_or(MISS))
}

impl Known {
    /// Remembers an outcome, and says which it is.
    fn settle(&mut self, outcome: Outcome) -> u32 {
        self.last = None;
        let code = match outcome {
            // After four thousand million needs: the host makes the guard anew, and asks again.
            Outcome::Need(_) if self.pending.is_used_up() => return UNKNOWN,
            Outcome::Need(need) => {
                let asked_at = need.asked_at();
                let is_abandoned = |other: &Need| other.asked_at().after(ABANDONED_AFTER) <= asked_at;
                match self.pending.insert(need, is_abandoned) {
                    Some(number) => {
                        self.waiting = number;
                        return NEED;
                    }
                    None => return self.settle(self.guard.unreadable(asked_at)),
                }
            }
            Outcome::Allow(_) => ALLOW,
            Outcome::Reject(_) => REJECT,
        };
        self.last = Some(Last { outcome, principal: 0, route: 0 });
        code
    }
}

/// The last need as JSON.
#[wasm_bindgen]
pub fn need(guard: u32) -> String {
    text(guard, |known| {
        let need = known.pending.get(known.waiting)?;
        let start = Object::new().with("pending", i64::from(known.waiting));
        Some(match need.ask() {
            Ask::Keys { url, stale } => start.with("need", "keys").with("url", url).with("stale", stale).into(),
            // `signature_need` tells the rest.
            Ask::Signature { .. } => start.with("need", "signature").into(),
            #[cfg(feature = "full")]
            Ask::Revocation { names } => start.with("need", "revocation").with("names", names).into(),
            #[cfg(feature = "full")]
            Ask::Replay { name, until } => {
                start.with("need", "replay").with("name", name).with("until", until.seconds()).into()
            }
            #[cfg(feature = "full")]
            Ask::Introspection { url, authorization, body } => start
                .with("need", "introspection")
                .with("url", url)
                .with("authorization", authorization)
                .with("body", body)
                .into(),
            #[cfg(feature = "full")]
            Ask::ApiKey { hash } => start.with("need", "apiKey").with("hash", hash).into(),
            Ask::Resource { kind, id } => start.with("need", "resource").with("type", kind).with("id", id).into(),
        })
    })
}

/// The newest need, where it is a signature: the address of its number, the key's, and address and length of the
/// algorithm's name, of the signed bytes and of the signature. They count while it waits. 0 where it is another need.
#[wasm_bindgen]
pub fn signature_need(guard: u32) -> usize {
    let found = with_guard(guard, 0, |known, _| {
        let Known { pending, waiting, signature: words, .. } = known;
        let Ask::Signature { key, algorithm, signing_input, signature } = pending.get(*waiting)?.ask() else {
            return None;
        };
        let part = |bytes: &[u8]| [bytes.as_ptr().addr(), bytes.len()].map(|word| u32::try_from(word).unwrap_or(0));
        let ([name, name_length], [input, input_length], [signature, length]) =
            (part(algorithm.name().as_bytes()), part(signing_input.as_bytes()), part(signature));
        *words = [*waiting, key, name, name_length, input, input_length, signature, length];
        Some(words.as_ptr().addr())
    });
    found.flatten().unwrap_or(0)
}

/// The public key of that number as a JWK. 0: the one that the request brought of which the newest need is.
#[wasm_bindgen]
pub fn jwk(guard: u32, key: u32) -> String {
    text(guard, |known| match key {
        0 => known.pending.get(known.waiting)?.public_jwk(),
        _ => known.guard.trust.key(key)?.public_jwk(),
    })
}

/// Goes on with the host's answer: 1 yes or here it is, in the input; 0 no or none; 2 the host failed; 3 later.
#[wasm_bindgen]
pub fn resume(guard: u32, pending: u32, answer: u32, length: u32) -> u32 {
    let decided = with_guard(guard, length, |known, input| {
        let need = known.pending.take(pending)?;
        let answer = match (need.ask(), answer) {
            (Ask::Signature { .. }, 1) => Answer::Signature(true),
            (Ask::Signature { .. }, 0) => Answer::Signature(false),
            (Ask::Keys { .. }, 1) => Answer::Keys(read_fetched(input)),
            (Ask::Keys { .. }, 3) => Answer::Later,
            #[cfg(feature = "full")]
            (Ask::Revocation { .. }, 1) => read_moments(input).map_or(Answer::Failed, Answer::Revocation),
            #[cfg(feature = "full")]
            (Ask::Replay { .. }, 0 | 1) => Answer::Fresh(answer == 1),
            #[cfg(feature = "full")]
            (Ask::Introspection { .. }, 1) => Answer::Introspection(Some(input.to_vec())),
            #[cfg(feature = "full")]
            (Ask::ApiKey { .. }, 0) => Answer::ApiKey(None),
            #[cfg(feature = "full")]
            (Ask::ApiKey { .. }, 1) => match Json::parse_within(input, Limits::KEY_SET) {
                Ok(Json::Object(entry)) => Answer::ApiKey(Some(entry)),
                _ => Answer::Failed,
            },
            (Ask::Resource { .. }, 0) => Answer::Resource(None),
            (Ask::Resource { .. }, 1) => match Json::parse_within(input, Limits::KEY_SET) {
                Ok(Json::Object(attributes)) => Answer::Resource(Some(attributes)),
                _ => Answer::Failed,
            },
            _ => Answer::Failed,
        };
        let outcome = known.guard.resume(need, answer);
        Some(known.settle(outcome))
    });
    decided.flatten().unwrap_or(UNKNOWN)
}

/// What was fetched: the header `Cache-Control` on the first line, empty where there is none, and the body behind it.
pub(super) fn read_fetched(input: &[u8]) -> Option<Fetched> {
    let end = input.iter().position(|byte| *byte == b'\n')?;
    let (header, body) = input.split_at_checked(end)?;
    let cache_control = core::str::from_utf8(header).ok().filter(|header| !header.is_empty());
    Some(Fetched { body: body.get(1..)?.to_vec(), cache_control: cache_control.map(str::to_owned) })
}

/// A list of whole seconds or null.
#[cfg(feature = "full")]
fn read_moments(input: &[u8]) -> Option<Vec<Option<i64>>> {
    let list = Json::parse_within(input, Limits::KEY_SET).ok()?;
    let moment = |item: &Json| match item {
        Json::Null => Some(None),
        Json::Integer(seconds) => Some(Some(*seconds)),
        _ => None,
    };
    list.as_array()?.iter().map(moment).collect()
}

/// A clock that tells no time tells the last moment of all, at which every token has ended.
#[expect(clippy::as_conversions, reason = "saturates")]
pub(super) const fn moment(now: f64) -> UnixTime {
    UnixTime::from_seconds(if now.is_finite() { now as i64 } else { i64::MAX })
}
