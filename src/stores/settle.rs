//! A decision over a store: read, decide, write where nobody else has written since.

use super::{AtomicStore, StoreError};
use crate::digest;
use crate::json::Json;
use crate::time::UnixTime;

/// How often a lost race is run again. Each that is lost another has won, so many at once still come to an end.
const TRIES: usize = 64;

/// What was decided: an answer, and what is to be kept from here on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided<Answer> {
    /// What the caller is told.
    pub answer: Answer,
    /// The text to keep, and until when; `None` where all stays as it is.
    pub keep: Option<(String, UnixTime)>,
}

/// Reads what is under a name, lets `decide` say what becomes of it, and writes on the condition that nobody else has written
/// since. On a lost race it begins again, because another decision may then be right. So of any number of uses of one code
/// exactly one is accepted:
///
/// ```
/// use portcullis::UnixTime;
/// use portcullis::issuer::otp::{OtpSecret, Totp, TotpOutcome, TotpSettings};
/// use portcullis::stores::{self, Decided, MemoryStore};
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let store = MemoryStore::default();
/// let totp = Totp::new(OtpSecret::from_base32("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")?, TotpSettings::default())?;
/// let now = UnixTime::from_seconds(1_790_000_000);
/// let code = totp.code(now);
/// let name = stores::name_of("totp", &["u1"]);
/// let mut outcomes = Vec::new();
/// for _ in 0..2 {
///     let outcome = stores::settle(&store, &name, now, |last| {
///         // What is no number was written by somebody else, and lets nobody in.
///         let last = last.map(str::parse).transpose()?;
///         let answer = totp.verify(&code, now, last);
///         let keep = match answer {
///             TotpOutcome::Accepted { step } => Some((step.to_string(), totp.keep_until(step))),
///             _ => None,
///         };
///         Ok::<_, Box<dyn std::error::Error>>(Decided { answer, keep })
///     });
///     outcomes.push(outcome.await?);
/// }
/// assert!(matches!(outcomes[..], [TotpOutcome::Accepted { .. }, TotpOutcome::Used]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// What `decide` says, and as the caller's own error what the store says: [`StoreError::Contended`] after 64 lost races.
pub async fn settle<Store, Answer, Error>(
    store: &Store,
    name: &str,
    now: UnixTime,
    mut decide: impl FnMut(Option<&str>) -> Result<Decided<Answer>, Error>,
) -> Result<Answer, Error>
where
    Store: AtomicStore,
    Error: From<StoreError>,
{
    for _ in 0..TRIES {
        let held = store.read(name, now).await?;
        let Decided { answer, keep } = decide(held.as_ref().map(super::Entry::value))?;
        let Some((text, until)) = keep else { return Ok(answer) };
        let version = held.as_ref().map(super::Entry::version);
        if store.swap(name, version, &text, until, now).await? {
            return Ok(answer);
        }
    }
    Err(StoreError::Contended.into())
}

/// A name in a store: the kind, a point, and the base64url of the SHA-256 of the texts as a JSON list. So no store holds the
/// text of a person, and no two lists have one name. The npm package has the same names: `totp`, `hotp`, `recovery`,
/// `attempts.account`, `attempts.address` and `attempts.devices`, each of one text, hold the states of this crate as JSON; so do
/// families of refresh tokens under `refresh.` and their id, and under `refresh.subject`, of one text, what revokes all of a
/// subject's, without which a server would go on refreshing whom another one has signed out.
pub fn name_of(kind: &str, texts: &[&str]) -> String {
    let list: Vec<Json> = texts.iter().map(|text| Json::from(*text)).collect();
    let hash = digest::sha256_base64url(Json::from(list).to_text().as_bytes());
    [kind, ".", &hash].concat()
}
