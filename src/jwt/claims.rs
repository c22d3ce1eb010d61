//! The registered claims: their types, and whether they hold for this issuer, audience and moment.

use std::time::Duration;

use sha2::{Digest, Sha256, Sha384, Sha512};

use super::TokenError;
use crate::base64url;
use crate::jose::algorithm::Algorithm;
use crate::json::{Json, Members, Value};
use crate::time::UnixTime;

/// What kind of token an issuer sends: fixes `typ` and the claims that must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Any JWT that is not declared to be something else.
    Any,
    /// RFC 9068.
    AccessToken,
    /// OpenID Connect Core §2.
    IdToken,
}

/// The claim that names whom a token is for. Some providers do not use `aud`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(feature = "full"), expect(dead_code, reason = "guard.wasm has no presets"))]
pub(crate) enum Audience {
    Aud,
    ClientId,
    Azp,
}

/// What a token's claims must say. `None` for the audience is a waiver that the trust document spells out.
#[derive(Debug, Clone)]
pub(crate) struct Expectations {
    pub(crate) audience: Option<Vec<String>>,
    pub(crate) audience_claim: Audience,
    pub(crate) profile: Profile,
    pub(crate) leeway: Duration,
    pub(crate) max_age: Option<Duration>,
}

/// What the session that asked for an ID token knows of it, where somebody does.
#[derive(Default)]
pub(crate) struct Session {
    /// What the authentication request sent along (OpenID Connect Core §3.1.2.1).
    pub(crate) nonce: Option<String>,
    /// The access token that came with it.
    pub(crate) access_token: Option<String>,
}

/// Claims that hold.
#[derive(Debug)]
pub(crate) struct Claims {
    pub(crate) all: Members,
    /// The first moment at which the token no longer counts, with leeway and maximum age.
    pub(crate) valid_until: UnixTime,
    pub(crate) expires: UnixTime,
}

impl Audience {
    const fn name(self) -> &'static str {
        match self {
            Self::Aud => "aud",
            Self::ClientId => "client_id",
            Self::Azp => "azp",
        }
    }
}

impl Profile {
    /// `typ` values that the profile takes, without `application/`; and whether it may be absent.
    const fn types(self) -> (&'static [&'static str], bool) {
        match self {
            Self::Any => (&["jwt", "at+jwt"], true),
            Self::AccessToken => (&["at+jwt"], false),
            Self::IdToken => (&["jwt"], true),
        }
    }

    /// Claims that the profile wants beside `iss`, `aud`, `exp` and the subject.
    const fn required(self) -> &'static [&'static str] {
        match self {
            Self::Any => &[],
            // RFC 9068 §2.2.
            Self::AccessToken => &["client_id", "iat", "jti"],
            // OpenID Connect Core §2.
            Self::IdToken => &["iat"],
        }
    }

    pub(crate) fn accepts_typ(self, typ: Option<&str>) -> bool {
        let (types, may_be_absent) = self.types();
        typ.map_or(may_be_absent, |typ| names_type(typ, types))
    }
}

impl Claims {
    /// 1. The types of all registered claims that are there (RFC 7519 §4.1).
    /// 2. Those that must be there.
    /// 3. For whom: `aud` (§4.1.3), `azp` (OpenID Connect Core §3.1.3.7).
    /// 4. An ID token of this session: `nonce`, `at_hash` (OpenID Connect Core §3.1.3.7, §3.1.3.8).
    /// 5. When: `exp` (§4.1.4), `nbf` (§4.1.5), `iat`, the maximum age.
    ///
    /// `iss` has chosen the expectations before.
    pub(crate) fn check(
        all: Members,
        expected: &Expectations,
        (session, algorithm): (&Session, Algorithm),
        now: UnixTime,
    ) -> Result<Self, TokenError> {
        check_types(&all, &["iss", "sub", "jti", "azp", "client_id", "acr", "sid"])?;
        let moments = Moments::read(&all)?;
        let audience = read_audience(&all, expected.audience_claim)?;

        let audience_claim = expected.audience.as_ref().map(|_| expected.audience_claim.name());
        let wanted = [&["exp"], audience_claim.as_slice(), expected.profile.required()];
        for name in wanted.into_iter().flatten() {
            if all.member(name).is_none() {
                return Err(TokenError::claim_missing(name));
            }
        }
        if let Some(wanted) = &expected.audience {
            check_audience(&all, audience, wanted, expected)?;
        }
        if expected.profile == Profile::IdToken {
            check_session(&all, session, algorithm)?;
        }
        moments.check(all, expected, now)
    }

    /// A claim that is text.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.all.text(name)
    }

    /// When the token was issued.
    #[cfg(feature = "full")]
    pub(crate) fn issued_at(&self) -> Option<UnixTime> {
        numeric_date(&self.all, "iat").ok().flatten()
    }
}

/// Whether `typ` names one of the types. Compares without case and without the prefix that RFC 7515 §4.1.9 lets a
/// sender leave out.
pub(crate) fn names_type(typ: &str, types: &[&str]) -> bool {
    const PREFIX: &str = "application/";
    let behind = typ.split_at_checked(PREFIX.len()).filter(|(prefix, _)| prefix.eq_ignore_ascii_case(PREFIX));
    let name = behind.map_or(typ, |(_, name)| name);
    types.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// That each of these claims is text, where it is there.
fn check_types(all: &Members, names: &[&str]) -> Result<(), TokenError> {
    for name in names {
        if !matches!(all.member(name), None | Some(Value::Text(_))) {
            return Err(TokenError::claim_type(name));
        }
    }
    Ok(())
}

fn check_audience(
    all: &Members,
    audience: Named<'_>,
    wanted: &[String],
    expected: &Expectations,
) -> Result<(), TokenError> {
    let is_wanted = |one: &str| wanted.iter().any(|wanted| wanted == one);
    if !audience.has(is_wanted) {
        return Err(TokenError::AudienceMismatch);
    }
    if expected.profile == Profile::IdToken && expected.audience_claim == Audience::Aud {
        match all.text("azp") {
            None if audience.count() > 1 => return Err(TokenError::claim_missing("azp")),
            Some(azp) if !is_wanted(azp) => return Err(TokenError::AuthorizedPartyMismatch),
            _ => {}
        }
    }
    Ok(())
}

fn check_session(all: &Members, session: &Session, algorithm: Algorithm) -> Result<(), TokenError> {
    if let Some(nonce) = &session.nonce {
        check_types(all, &["nonce"])?;
        match all.text("nonce") {
            None => return Err(TokenError::claim_missing("nonce")),
            Some(said) if said != nonce => return Err(TokenError::NonceMismatch),
            Some(_) => {}
        }
    }
    if let Some(token) = &session.access_token {
        check_types(all, &["at_hash"])?;
        let said = all.text("at_hash");
        if said.is_some_and(|said| said != half_hash(token.as_bytes(), algorithm)) {
            return Err(TokenError::AccessTokenMismatch);
        }
    }
    Ok(())
}

/// The left half of a token's hash, by the hash of the ID token's own algorithm (OpenID Connect Core §3.1.3.6).
pub(crate) fn half_hash(token: &[u8], algorithm: Algorithm) -> String {
    let hash = match algorithm {
        Algorithm::Hs256 | Algorithm::Rs256 | Algorithm::Ps256 | Algorithm::Es256 => Sha256::digest(token).to_vec(),
        Algorithm::Hs384 | Algorithm::Rs384 | Algorithm::Ps384 | Algorithm::Es384 => Sha384::digest(token).to_vec(),
        _ => Sha512::digest(token).to_vec(),
    };
    base64url::encode(hash.get(..hash.len() / 2).unwrap_or(&[]))
}

struct Moments {
    expires: Option<UnixTime>,
    not_before: Option<UnixTime>,
    issued_at: Option<UnixTime>,
}

impl Moments {
    fn read(claims: &Members) -> Result<Self, TokenError> {
        numeric_date(claims, "auth_time")?;
        Ok(Self {
            expires: numeric_date(claims, "exp")?,
            not_before: numeric_date(claims, "nbf")?,
            issued_at: numeric_date(claims, "iat")?,
        })
    }

    fn check(&self, all: Members, expected: &Expectations, now: UnixTime) -> Result<Claims, TokenError> {
        let expires = self.expires.ok_or_else(|| TokenError::claim_missing("exp"))?;
        let leeway = expected.leeway;
        let mut valid_until = expires.after(leeway);
        if now >= valid_until {
            return Err(TokenError::Expired);
        }
        if self.not_before.is_some_and(|not_before| now.after(leeway) < not_before) {
            return Err(TokenError::NotYetValid);
        }
        if self.issued_at.is_some_and(|issued_at| now.after(leeway) < issued_at) {
            return Err(TokenError::IssuedInFuture);
        }
        if let Some(max_age) = expected.max_age {
            let issued_at = self.issued_at.ok_or_else(|| TokenError::claim_missing("iat"))?;
            let oldest = issued_at.after(max_age).after(leeway);
            if now >= oldest {
                return Err(TokenError::TooOld);
            }
            valid_until = valid_until.min(oldest);
        }
        Ok(Claims { all, valid_until, expires })
    }
}

/// A `NumericDate` (RFC 7519 §2) within ±2^53; a fraction counts as the next whole second.
pub(crate) fn numeric_date(claims: &Members, name: &str) -> Result<Option<UnixTime>, TokenError> {
    const EXACT: i64 = 1 << 53;
    let wrong_type = || TokenError::claim_type(name);
    let seconds = match claims.member(name) {
        None => return Ok(None),
        Some(Value::Json(Json::Integer(seconds))) => *seconds,
        Some(Value::Json(Json::Decimal(seconds))) => seconds.ceil().ok_or_else(wrong_type)?,
        Some(_) => return Err(wrong_type()),
    };
    if (-EXACT..=EXACT).contains(&seconds) { Ok(Some(UnixTime::from_seconds(seconds))) } else { Err(wrong_type()) }
}

/// Whom a token names.
#[derive(Clone, Copy)]
enum Named<'a> {
    Nobody,
    One(&'a str),
    /// Texts alone.
    Listed(&'a [Json]),
}

impl Named<'_> {
    const fn count(self) -> usize {
        match self {
            Self::Nobody => 0,
            Self::One(_) => 1,
            Self::Listed(many) => many.len(),
        }
    }

    /// Whether one of them is wanted.
    fn has(self, is_wanted: impl Fn(&str) -> bool) -> bool {
        match self {
            Self::Nobody => false,
            Self::One(one) => is_wanted(one),
            Self::Listed(many) => many.iter().any(|one| one.as_str().is_some_and(&is_wanted)),
        }
    }
}

/// Whom a token is for: `aud` is one text or a list of texts (RFC 7519 §4.1.3), the other claims are one text.
fn read_audience(claims: &Members, claim: Audience) -> Result<Named<'_>, TokenError> {
    let aud = match claims.member("aud") {
        None => Named::Nobody,
        Some(Value::Text(one)) => Named::One(one),
        Some(Value::Json(Json::Array(many))) if many.iter().all(|one| one.as_str().is_some()) => Named::Listed(many),
        Some(_) => return Err(TokenError::claim_type("aud")),
    };
    Ok(match claim {
        Audience::Aud => aud,
        other => claims.text(other.name()).map_or(Named::Nobody, Named::One),
    })
}
