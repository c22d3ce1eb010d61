//! A guard's upkeep: what its host tells it beside requests, and asks of it. One exported function for all, because each
//! costs every download some bytes; what a build does not know it answers with nothing.

use wasm_bindgen::prelude::wasm_bindgen;

use super::creation::{error, release};
use super::guard::{moment, read_fetched};
#[cfg(feature = "full")]
use super::lists;
use super::state::{Known, with_guard};
use crate::guard::{Guard, Supplied};
use crate::json::{Json, Object};
use crate::time::UnixTime;

/// Hands over what was fetched in the background. Input: the URL on the first line, then as for `resume`. `.` where that
/// is all, else the URL to fetch next; nothing where no issuer has its keys or its metadata there.
const SUPPLY: u32 = 0;
/// The same where the fetch failed. Input: the URL.
const SUPPLY_FAILED: u32 = 1;
/// Puts the policy of another guard in force, and forgets that one: its number stands in the place of the length. The host
/// has made it of the same trust and loaders, so all that a constructor refuses was refused there. `.`, or `{ error }`.
const REPLACE_POLICY: u32 = 30;

/// The SQL of a filter; no guard is needed. In full.wasm.
#[cfg(feature = "full")]
const TO_SQL: u32 = 31;

/// Does what the number says, with the input; the answer as text, empty for none.
#[wasm_bindgen]
pub fn upkeep(guard: u32, what: u32, length: u32, now: f64) -> String {
    if cfg!(feature = "full") && what == REPLACE_POLICY {
        return replace_policy(guard, length).unwrap_or_default();
    }
    #[cfg(feature = "full")]
    if what == TO_SQL {
        return lists::sql(length).unwrap_or_default();
    }
    let now = moment(now);
    let answer = with_guard(guard, length, |known, input| match what {
        SUPPLY => supply(&known.guard, input, now),
        SUPPLY_FAILED => said(known.guard.supply_keys(core::str::from_utf8(input).ok()?, None, now)),
        _ => more(known, what, input, now),
    });
    answer.flatten().unwrap_or_default()
}

fn replace_policy(guard: u32, other: u32) -> Option<String> {
    let policy = with_guard(other, 0, |known, _| known.guard.policy())?;
    release(other);
    let replaced = with_guard(guard, 0, |known, _| {
        let replaced = known.guard.succeed(policy);
        if replaced.is_ok() {
            known.forget_decisions();
        }
        replaced
    });
    match replaced? {
        Ok(()) => said(Supplied::Done),
        Err(problem) => Some(Json::from(Object::new().with("error", error(&problem))).to_text()),
    }
}

fn supply(guard: &Guard, input: &[u8], now: UnixTime) -> Option<String> {
    let end = input.iter().position(|byte| *byte == b'\n')?;
    let (url, rest) = input.split_at_checked(end)?;
    let fetched = read_fetched(rest.get(1..)?);
    said(guard.supply_keys(core::str::from_utf8(url).ok()?, fetched.as_ref(), now))
}

fn said(supplied: Supplied) -> Option<String> {
    match supplied {
        Supplied::Unknown => None,
        Supplied::Done => Some(".".to_owned()),
        Supplied::Next(url) => Some(url),
    }
}

#[cfg(not(feature = "full"))]
const fn more(_: &Known, _: u32, _: &[u8], _: UnixTime) -> Option<String> {
    None
}

#[cfg(feature = "full")]
use whole::more;

#[cfg(feature = "full")]
mod whole {
    use super::Known;
    use crate::audit;
    use crate::guard::Guard;
    use crate::json::{Json, Limits};
    use crate::revocation::{RevocationError, Revoked};
    use crate::time::UnixTime;
    use crate::wasm::authzen::{self, Explains};
    use crate::wasm::lists;

    /// The fetched key sets as JSON.
    const EXPORT_KEYS: u32 = 2;
    /// Takes key sets; how many.
    const IMPORT_KEYS: u32 = 3;
    /// Takes a revocation, `{ name, notBefore, until }`: `1` taken, `0` malformed, `2` there is no room.
    const REVOKE: u32 = 4;
    /// The name of the revocation of `{ kind, issuer, value }`; none where that is malformed, or several issuers could be
    /// meant.
    const REVOCATION_NAME: u32 = 5;
    /// The metadata of the protected resource as JSON.
    const RESOURCE_METADATA: u32 = 6;
    /// The checks of an event, given as JSON, as JSON.
    const TRACE: u32 = 7;
    /// Keeps a directory for AuthZEN, given as JSON: `{ name }`, or `{ error }`.
    const AUTHZEN_DIRECTORY: u32 = 8;
    /// The same where denials say why.
    const AUTHZEN_DIRECTORY_EXPLAINED: u32 = 9;
    /// Answers a call of AuthZEN: `{ status, headers, body }`; none where its directory is not kept.
    const AUTHZEN: u32 = 10;
    /// The answer to a caller who may not ask.
    const AUTHZEN_UNAUTHENTICATED: u32 = 11;

    /// The members that an access request's subject may see or write, as JSON.
    const FIELDS: u32 = 20;
    /// The filter of an access request about a type: `{ filter }`, or `{ error }`.
    const FILTER: u32 = 21;
    /// The same with elevated roles.
    const FILTER_ELEVATED: u32 = 22;

    pub(super) fn more(known: &mut Known, what: u32, input: &[u8], now: UnixTime) -> Option<String> {
        if what == AUTHZEN {
            return authzen::answer(known, input, now);
        }
        let input = core::str::from_utf8(input).ok()?;
        match what {
            AUTHZEN_DIRECTORY => Some(authzen::keep(known, input, Explains::Nothing)),
            AUTHZEN_DIRECTORY_EXPLAINED => Some(authzen::keep(known, input, Explains::Denials)),
            AUTHZEN_UNAUTHENTICATED => Some(authzen::unauthenticated()),
            _ => about_guard(&known.guard, what, input, now),
        }
    }

    fn about_guard(guard: &Guard, what: u32, input: &str, now: UnixTime) -> Option<String> {
        let read = || Json::parse_within(input.as_bytes(), Limits::KEY_SET).ok();
        match what {
            EXPORT_KEYS => Some(guard.export_keys()),
            IMPORT_KEYS => Some(guard.import_keys(input, now).to_string()),
            REVOKE => Some(revoke(guard, &read()?, now).to_owned()),
            REVOCATION_NAME => revocation_name(guard, &read()?),
            RESOURCE_METADATA => guard.resource_metadata().map(|metadata| metadata.to_text()),
            FIELDS => {
                let request = Json::parse(input.as_bytes()).unwrap_or_default();
                Some(guard.fields_json(&request, now).to_text())
            }
            FILTER | FILTER_ELEVATED => Some(lists::filter(guard, input, now, what == FILTER_ELEVATED)),
            TRACE => audit::trace(&read()?).map(|trace| trace.to_text()),
            _ => None,
        }
    }

    fn revoke(guard: &Guard, fact: &Json, now: UnixTime) -> &'static str {
        let moment = |name: &str| match fact.member(name) {
            Some(Json::Integer(seconds)) => Some(UnixTime::from_seconds(*seconds)),
            _ => None,
        };
        let name = fact.member("name").and_then(Json::as_str);
        let (Some(name), Some(not_before), Some(until)) = (name, moment("notBefore"), moment("until")) else {
            return "0";
        };
        match guard.revoke(name, not_before, until, now) {
            Ok(()) => "1",
            Err(RevocationError::Full) => "2",
            Err(_) => "0",
        }
    }

    fn revocation_name(guard: &Guard, revoked: &Json) -> Option<String> {
        let kind = Revoked::from_name(revoked.member("kind")?.as_str()?)?;
        let issuer = match revoked.member("issuer") {
            None | Some(Json::Null) => None,
            Some(issuer) => Some(issuer.as_str()?),
        };
        guard.revocation_name(kind, issuer, revoked.member("value")?.as_str()?)
    }
}
