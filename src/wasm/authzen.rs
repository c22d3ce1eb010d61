//! The AuthZEN decision point of a guard, for upkeep.

use super::creation;
use super::state::Known;
use crate::authzen::{Answer, Call, Directory, respond};
use crate::digest::sha256_base64url;
use crate::json::{Json, Limits, Object};
use crate::time::UnixTime;

/// Directories that a guard keeps; behind that the oldest goes, and is given again by whoever asks it.
const MAX_DIRECTORIES: usize = 16;

/// A guard's directories by what is in them: a name from before a trap can never be that of another directory.
pub(super) type Directories = Vec<(String, Directory)>;

/// Keeps a directory: `{ name }`, or `{ error }`.
pub(super) fn keep(known: &mut Known, text: &str, explains: Explains) -> String {
    let answer = match Directory::parse(text) {
        Ok(directory) => {
            let hash = sha256_base64url(text.as_bytes());
            let (directory, name) = match explains {
                Explains::Nothing => (directory, hash),
                Explains::Denials => (directory.with_explanations(), format!("{hash}.explained")),
            };
            let kept = &mut known.directories;
            kept.retain(|(own, _)| *own != name);
            if kept.len() >= MAX_DIRECTORIES {
                kept.remove(0);
            }
            kept.push((name.clone(), directory));
            Object::new().with("name", name)
        }
        Err(error) => Object::new().with("error", creation::error(&error)),
    };
    Json::from(answer).to_text()
}

/// Whether the reviewer's sentence is sent.
#[derive(Clone, Copy)]
pub(super) enum Explains {
    Nothing,
    Denials,
}

/// Answers a call. Input: a line of JSON, `[name, method, path, content type or null, base URL]`, and the body. None where
/// no directory has that name.
pub(super) fn answer(known: &Known, input: &[u8], now: UnixTime) -> Option<String> {
    let end = input.iter().position(|byte| *byte == b'\n')?;
    let (line, body) = input.split_at_checked(end)?;
    let line = Json::parse_within(line, Limits::DOCUMENT).ok()?;
    let [name, method, path, content_type, base_url] = line.as_array()? else { return None };
    let name = name.as_str()?;
    let (_, directory) = known.directories.iter().find(|(own, _)| own == name)?;
    let call = Call {
        method: method.as_str()?,
        path: path.as_str()?,
        content_type: content_type.as_str(),
        body: body.get(1..)?,
        base_url: base_url.as_str()?,
    };
    Some(shown(&respond(&known.guard, directory, &call, now)))
}

/// The answer to a caller whom the host does not let ask.
pub(super) fn unauthenticated() -> String {
    shown(&Answer::unauthenticated())
}

/// `{ status, headers, body }`
fn shown(answer: &Answer) -> String {
    let headers = answer.headers().into_iter().fold(Object::new(), |headers, (name, value)| headers.with(name, value));
    let shown = Object::new()
        .with("status", i64::from(answer.status))
        .with("headers", headers)
        .with("body", answer.body.as_str());
    Json::from(shown).to_text()
}
