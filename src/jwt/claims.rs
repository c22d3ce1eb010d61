//! The registered claims: their types, and whether they hold for this issuer, audience and moment.

use std::time::Duration;

use super::TokenError;
use crate::json::{Json, Object};
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

/// What a token's claims must say. `None` for issuer and audience is a waiver that the trust document spells out.
#[derive(Debug, Clone)]
pub(crate) struct Expectations {
    pub(crate) issuer: Option<String>,
    pub(crate) audience: Option<Vec<String>>,
    pub(crate) profile: Profile,
    pub(crate) leeway: Duration,
    pub(crate) max_age: Option<Duration>,
}

/// Claims that hold.
#[derive(Debug)]
pub(crate) struct Claims {
    pub(crate) all: Object,
    /// The first moment at which the token no longer counts, with leeway and maximum age.
    pub(crate) valid_until: UnixTime,
    pub(crate) expires: UnixTime,
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

    /// Compares without case and without the prefix that RFC 7515 §4.1.9 lets a sender leave out.
    pub(crate) fn accepts_typ(self, typ: Option<&str>) -> bool {
        let (types, may_be_absent) = self.types();
        let Some(typ) = typ else { return may_be_absent };
        let typ = typ.to_ascii_lowercase();
        types.contains(&typ.strip_prefix("application/").unwrap_or(&typ))
    }
}

impl Claims {
    /// 1. The types of all registered claims that are there (RFC 7519 §4.1).
    /// 2. Those that must be there.
    /// 3. For whom: `aud` (§4.1.3), `azp` (OpenID Connect Core §3.1.3.7).
    /// 4. When: `exp` (§4.1.4), `nbf` (§4.1.5), `iat`, the maximum age.
    ///
    /// `iss` has chosen the expectations before.
    pub(crate) fn check(all: Object, expected: &Expectations, now: UnixTime) -> Result<Self, TokenError> {
        for name in ["iss", "sub", "jti", "azp", "client_id", "acr", "sid"] {
            if !matches!(all.member(name), None | Some(Json::String(_))) {
                return Err(TokenError::ClaimType { name: name.to_owned() });
            }
        }
        let moments = Moments::read(&all)?;
        let audience = read_audience(&all)?;
        let text = |name: &str| all.member(name).and_then(Json::as_str);

        let must_have_audience = expected.audience.is_some();
        let missing = |name: &str| all.member(name).is_none();
        let required = [("exp", true), ("aud", must_have_audience)].into_iter().filter(|(_, wanted)| *wanted);
        let absent = required.map(|(name, _)| name).chain(expected.profile.required().iter().copied());
        if let Some(name) = absent.into_iter().find(|name| missing(name)) {
            return Err(TokenError::ClaimMissing { name: name.to_owned() });
        }

        if let Some(wanted) = &expected.audience {
            let audience = audience.unwrap_or_default();
            if !audience.iter().any(|one| wanted.iter().any(|wanted| wanted == one)) {
                return Err(TokenError::AudienceMismatch);
            }
            if expected.profile == Profile::IdToken {
                let azp = text("azp");
                if azp.is_none() && audience.len() > 1 {
                    return Err(TokenError::ClaimMissing { name: "azp".to_owned() });
                }
                if azp.is_some_and(|azp| !wanted.iter().any(|wanted| wanted == azp)) {
                    return Err(TokenError::AuthorizedPartyMismatch);
                }
            }
        }

        let expires = moments.expires.ok_or_else(|| TokenError::ClaimMissing { name: "exp".to_owned() })?;
        let leeway = expected.leeway;
        let mut valid_until = expires.after(leeway);
        if now >= valid_until {
            return Err(TokenError::Expired);
        }
        if moments.not_before.is_some_and(|not_before| now.after(leeway) < not_before) {
            return Err(TokenError::NotYetValid);
        }
        if moments.issued_at.is_some_and(|issued_at| now.after(leeway) < issued_at) {
            return Err(TokenError::IssuedInFuture);
        }
        if let Some(max_age) = expected.max_age {
            let issued_at = moments.issued_at.ok_or_else(|| TokenError::ClaimMissing { name: "iat".to_owned() })?;
            let oldest = issued_at.after(max_age).after(leeway);
            if now >= oldest {
                return Err(TokenError::TooOld);
            }
            valid_until = valid_until.min(oldest);
        }
        Ok(Self { all, valid_until, expires })
    }

    /// A claim that is text.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.all.member(name).and_then(Json::as_str)
    }
}

struct Moments {
    expires: Option<UnixTime>,
    not_before: Option<UnixTime>,
    issued_at: Option<UnixTime>,
}

impl Moments {
    fn read(claims: &Object) -> Result<Self, TokenError> {
        numeric_date(claims, "auth_time")?;
        Ok(Self {
            expires: numeric_date(claims, "exp")?,
            not_before: numeric_date(claims, "nbf")?,
            issued_at: numeric_date(claims, "iat")?,
        })
    }
}

/// A `NumericDate` (RFC 7519 §2) within ±2^53; a fraction counts as the next whole second.
pub(crate) fn numeric_date(claims: &Object, name: &str) -> Result<Option<UnixTime>, TokenError> {
    const EXACT: i64 = 1 << 53;
    let wrong_type = || TokenError::ClaimType { name: name.to_owned() };
    let seconds = match claims.member(name) {
        None => return Ok(None),
        Some(Json::Integer(seconds)) => *seconds,
        Some(Json::Decimal(seconds)) => seconds.ceil().ok_or_else(wrong_type)?,
        Some(_) => return Err(wrong_type()),
    };
    if (-EXACT..=EXACT).contains(&seconds) { Ok(Some(UnixTime::from_seconds(seconds))) } else { Err(wrong_type()) }
}

/// `aud`: one text, or a list of texts (RFC 7519 §4.1.3).
fn read_audience(claims: &Object) -> Result<Option<Vec<&str>>, TokenError> {
    let wrong_type = || TokenError::ClaimType { name: "aud".to_owned() };
    match claims.member("aud") {
        None => Ok(None),
        Some(Json::String(one)) => Ok(Some(vec![one])),
        Some(Json::Array(many)) => {
            many.iter().map(Json::as_str).collect::<Option<_>>().map(Some).ok_or_else(wrong_type)
        }
        Some(_) => Err(wrong_type()),
    }
}
