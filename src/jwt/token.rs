//! The two trust levels of a token: [`UnverifiedToken`] says what it likes, [`VerifiedToken`] was signed and holds.

use core::fmt;
use std::sync::{Arc, Mutex};

use super::TokenError;
#[cfg(feature = "full")]
use super::claims::names_type;
use super::claims::{Claims, Expectations, Session};
use crate::jose::algorithm::Algorithm;
use crate::jose::compact::{Compact, payload};
use crate::jose::key::Key;
use crate::jose::verify::Verdict;
#[cfg(feature = "full")]
use crate::json::Json;
use crate::json::{Members, Value};
use crate::time::UnixTime;

/// Bytes of a signing input whose claims are kept while the token waits. They may take some 30 times as much.
const KEPT_WHILE_WAITING: usize = 1024;
/// Bytes of a header that is looked for in the next token.
const LONGEST_KNOWN_HEADER: usize = 512;

/// A token that nobody has verified: it may only be used to find out who should.
pub(crate) struct UnverifiedToken {
    header: Arc<Header>,
    /// `None` while a long token waits for the host: then they are read again from the signing input.
    claims: Option<Members>,
    signing_input: String,
    signature: Vec<u8>,
    /// A part is padded, which only some issuers may.
    is_padded: bool,
}

/// What a token's header says.
struct Header {
    /// As it stood in the token; empty where nobody looks for it again.
    text: String,
    algorithm: Algorithm,
    kid: Option<String>,
    typ: Option<String>,
    /// The key that a proof brings along; never one to believe a token by.
    #[cfg(feature = "full")]
    jwk: Option<Json>,
}

/// The header that was read last. All tokens that an issuer signs with one key have the same, byte for byte.
#[derive(Default)]
pub(crate) struct LastHeader(Mutex<Option<Arc<Header>>>);

impl LastHeader {
    /// Nobody waits for it: reading a header takes no longer.
    fn get(&self) -> Option<Arc<Header>> {
        self.0.try_lock().ok()?.clone()
    }

    fn set(&self, header: &Arc<Header>) {
        if header.text.len() <= LONGEST_KNOWN_HEADER
            && let Ok(mut last) = self.0.try_lock()
        {
            *last = Some(Arc::clone(header));
        }
    }
}

/// A token whose signature its issuer's key made and whose claims hold for the moment they were checked.
#[derive(Debug)]
pub(crate) struct VerifiedToken {
    pub(crate) claims: Claims,
}

/// That a signature is valid. Made by a verifier, or taken from the host where the host is the verifier.
pub(crate) struct ValidSignature(());

impl ValidSignature {
    /// The host's word that it verified this token's signing input with the key it was asked to.
    pub(crate) const fn danger_by_host() -> Self {
        Self(())
    }
}

/// What the key says of a token.
pub(crate) enum Signed {
    Valid(ValidSignature),
    AskHost,
}

impl UnverifiedToken {
    /// Reads a compact JWS whose payload is a JSON object (RFC 7519 §7.2, steps 1 to 7 and 10).
    pub(crate) fn parse(text: &str, last: &LastHeader) -> Result<Self, TokenError> {
        let known = last.get();
        let mut compact = Compact::parse(text, known.as_ref().map(|known| known.text.as_str()))?;
        let header = match (compact.header.take(), known) {
            (None, Some(known)) => known,
            (bytes, _) => {
                let header = Arc::new(Header::read(bytes.unwrap_or_default(), compact.header_text, |_| true)?);
                if !compact.is_padded {
                    last.set(&header);
                }
                header
            }
        };
        Self::of(header, compact)
    }

    /// The same, of a kind that `typ` must name before anything else is looked at.
    #[cfg(feature = "full")]
    pub(crate) fn parse_typed(text: &str, wanted: &str) -> Result<Self, TokenError> {
        let mut compact = Compact::parse(text, None)?;
        let is_kind = |typ: Option<&str>| typ.is_some_and(|typ| names_type(typ, &[wanted]));
        let header = Header::read(compact.header.take().unwrap_or_default(), "", is_kind)?;
        Self::of(Arc::new(header), compact)
    }

    fn of(header: Arc<Header>, compact: Compact<'_>) -> Result<Self, TokenError> {
        let Compact { payload, signing_input, signature, is_padded, .. } = compact;
        Ok(Self { header, claims: Some(members(payload)?), signing_input, signature, is_padded })
    }

    /// A claim, for choosing whom to ask.
    pub(crate) fn claimed(&self, name: &str) -> Option<Value<'_>> {
        self.claims.as_ref()?.member(name)
    }

    /// All claims, unverified.
    #[cfg(feature = "full")]
    pub(crate) const fn claims(&self) -> Option<&Members> {
        self.claims.as_ref()
    }

    /// The key that a DPoP proof brings along (RFC 9449 §4.2).
    #[cfg(feature = "full")]
    pub(crate) fn jwk(&self) -> Option<&Json> {
        self.header.jwk.as_ref()
    }

    /// A claim that is a moment.
    #[cfg(feature = "full")]
    pub(crate) fn claimed_moment(&self, name: &str) -> Option<UnixTime> {
        super::claims::numeric_date(self.claims.as_ref()?, name).ok().flatten()
    }

    /// Whether a part ends in padding (RFC 7515 §2 has none).
    pub(crate) const fn is_padded(&self) -> bool {
        self.is_padded
    }

    /// Keeps the text alone, where it is long: then the claims may be many times as much.
    pub(crate) fn forget_long_claims(&mut self) {
        if self.signing_input.len() > KEPT_WHILE_WAITING {
            self.claims = None;
        }
    }

    pub(crate) fn kid(&self) -> Option<&str> {
        self.header.kid.as_deref()
    }

    pub(crate) fn algorithm(&self) -> Algorithm {
        self.header.algorithm
    }

    pub(crate) fn typ(&self) -> Option<&str> {
        self.header.typ.as_deref()
    }

    pub(crate) fn signing_input(&self) -> &str {
        &self.signing_input
    }

    pub(crate) fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// Verifies the signature with a key that allows the token's algorithm.
    pub(crate) fn verify_signature(&self, key: &Key) -> Result<Signed, TokenError> {
        let verifier = key.verifier(self.algorithm()).ok_or(TokenError::AlgorithmNotAllowed)?;
        match verifier.verify(self.algorithm(), self.signing_input.as_bytes(), &self.signature) {
            Verdict::Valid => Ok(Signed::Valid(ValidSignature(()))),
            Verdict::Invalid => Err(TokenError::SignatureInvalid),
            Verdict::AskHost => Ok(Signed::AskHost),
        }
    }

    /// Checks the claims, and makes the token a verified one.
    pub(crate) fn into_verified(
        self,
        _signature: ValidSignature,
        expectations: &Expectations,
        session: &Session,
        now: UnixTime,
    ) -> Result<VerifiedToken, TokenError> {
        let algorithm = self.algorithm();
        let claims = match self.claims {
            Some(claims) => claims,
            None => members(payload(&self.signing_input).ok_or(TokenError::Encoding)?)?,
        };
        Ok(VerifiedToken { claims: Claims::check(claims, expectations, (session, algorithm), now)? })
    }
}

impl Header {
    fn read(bytes: Vec<u8>, text: &str, is_kind: impl FnOnce(Option<&str>) -> bool) -> Result<Self, TokenError> {
        let header = members(bytes)?;
        let typ = text_member(&header, "typ")?;
        if !is_kind(typ) {
            return Err(TokenError::TypMismatch);
        }
        let algorithm = match header.member("alg") {
            Some(Value::Text(name)) => Algorithm::from_name(name).ok_or(TokenError::AlgorithmUnsupported)?,
            _ => return Err(TokenError::HeaderMember { name: "alg" }),
        };
        // `jku`, `x5u`, `x5c` are never read, and `jwk` only of a proof: a token does not bring its own key (RFC 8725
        // §3.10).
        let kid = text_member(&header, "kid")?;
        text_member(&header, "cty")?;
        if header.member("crit").is_some() || header.member("b64").is_some() {
            return Err(TokenError::CriticalHeader);
        }
        Ok(Self {
            text: text.to_owned(),
            algorithm,
            kid: kid.map(str::to_owned),
            typ: typ.map(str::to_owned),
            #[cfg(feature = "full")]
            jwk: header.member("jwk").map(Value::to_json),
        })
    }
}

/// A token is never printed.
impl fmt::Debug for UnverifiedToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnverifiedToken").field("algorithm", &self.algorithm()).finish_non_exhaustive()
    }
}

fn members(bytes: Vec<u8>) -> Result<Members, TokenError> {
    Members::parse(bytes).ok_or(TokenError::Json)
}

/// A header parameter that is text, where it is there.
fn text_member<'a>(header: &'a Members, name: &'static str) -> Result<Option<&'a str>, TokenError> {
    match header.member(name) {
        None => Ok(None),
        Some(Value::Text(text)) => Ok(Some(text)),
        Some(Value::Json(_)) => Err(TokenError::HeaderMember { name }),
    }
}

#[cfg(test)]
mod tests {
    use super::{LastHeader, UnverifiedToken};
    use crate::base64url;

    #[test]
    fn a_header_that_is_known_changes_nothing() {
        let headers = [
            r#"{"alg":"HS256","typ":"JWT"}"#,
            r#"{"alg":"HS256","kid":"a"}"#,
            r#"{"alg":"ES256","kid":"b","typ":"at+jwt"}"#,
            r#"{"alg":"none"}"#,
            r#"{"alg":"HS256","crit":[]}"#,
            r#"{"alg":"HS256","kid":1}"#,
            "{}",
            "",
        ];
        let mut texts = vec![String::new(), ".".to_owned(), "..".to_owned(), ".e30.AA".to_owned()];
        for header in headers {
            let header = base64url::encode(header.as_bytes());
            for rest in [
                ".e30.AA",
                ".e30.",
                ".e30",
                "",
                "..AA",
                ".e30.AA.AA",
                ".e30.AA.AA.AA",
                ".W10.AA",
                ".e30.AB",
                ".e30.AA==",
            ] {
                texts.push([&header, rest].concat());
            }
            texts.push([&header, "==.e30.AA"].concat());
            texts.push([&header, "=.e30.AA"].concat());
        }
        let told = |text: &str, last: &LastHeader| {
            let token = UnverifiedToken::parse(text, last)?;
            let text = |text: Option<&str>| text.map(str::to_owned);
            let signed = (token.signing_input().to_owned(), token.signature().to_vec(), token.is_padded());
            Ok::<_, super::TokenError>((token.algorithm(), text(token.kid()), text(token.typ()), signed))
        };
        let mut taken = 0;
        for known in &texts {
            for text in &texts {
                let last = LastHeader::default();
                let first = told(known, &last);
                assert_eq!(first, told(known, &last), "{known}");
                assert_eq!(told(text, &last), told(text, &LastHeader::default()), "{text} behind {known}");
                taken += usize::from(last.get().is_some_and(|header| !header.text.is_empty() && first.is_ok()));
            }
        }
        assert!(taken > 100, "{taken} times a header was known");
    }
}
