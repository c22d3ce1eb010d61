//! The two trust levels of a token: [`UnverifiedToken`] says what it likes, [`VerifiedToken`] was signed and holds.

use core::fmt;

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

/// A token that nobody has verified: it may only be used to find out who should.
pub(crate) struct UnverifiedToken {
    algorithm: Algorithm,
    kid: Option<String>,
    typ: Option<String>,
    /// `None` while a long token waits for the host: then they are read again from the signing input.
    claims: Option<Members>,
    signing_input: String,
    signature: Vec<u8>,
    /// A part is padded, which only some issuers may.
    is_padded: bool,
    /// The key that a proof brings along; never one to believe a token by.
    #[cfg(feature = "full")]
    jwk: Option<Json>,
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
    pub(crate) fn parse(text: &str) -> Result<Self, TokenError> {
        Self::read(text, |_| true)
    }

    /// The same, of a kind that `typ` must name before anything else is looked at.
    #[cfg(feature = "full")]
    pub(crate) fn parse_typed(text: &str, wanted: &str) -> Result<Self, TokenError> {
        Self::read(text, |typ| typ.is_some_and(|typ| names_type(typ, &[wanted])))
    }

    fn read(text: &str, is_kind: impl FnOnce(Option<&str>) -> bool) -> Result<Self, TokenError> {
        let compact = Compact::parse(text)?;
        let header = members(compact.header)?;
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
            algorithm,
            kid: kid.map(str::to_owned),
            typ: typ.map(str::to_owned),
            claims: Some(members(compact.payload)?),
            signing_input: compact.signing_input,
            signature: compact.signature,
            is_padded: compact.is_padded,
            #[cfg(feature = "full")]
            jwk: header.member("jwk").map(Value::to_json),
        })
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
    pub(crate) const fn jwk(&self) -> Option<&Json> {
        self.jwk.as_ref()
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
        self.kid.as_deref()
    }

    pub(crate) const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    pub(crate) fn typ(&self) -> Option<&str> {
        self.typ.as_deref()
    }

    pub(crate) fn signing_input(&self) -> &str {
        &self.signing_input
    }

    pub(crate) fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// Verifies the signature with a key that allows the token's algorithm.
    pub(crate) fn verify_signature(&self, key: &Key) -> Result<Signed, TokenError> {
        let verifier = key.verifier(self.algorithm).ok_or(TokenError::AlgorithmNotAllowed)?;
        match verifier.verify(self.algorithm, self.signing_input.as_bytes(), &self.signature) {
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
        let claims = match self.claims {
            Some(claims) => claims,
            None => members(payload(&self.signing_input).ok_or(TokenError::Encoding)?)?,
        };
        Ok(VerifiedToken { claims: Claims::check(claims, expectations, (session, self.algorithm), now)? })
    }
}

/// A token is never printed.
impl fmt::Debug for UnverifiedToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnverifiedToken").field("algorithm", &self.algorithm).finish_non_exhaustive()
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
