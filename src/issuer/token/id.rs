//! ID tokens.

use core::time::Duration;

use super::write::{MAX_NAME_BYTES, Writer};
use super::{IssueError, Prepared, SignedBy, Token};
use crate::issuer::random::Random;
use crate::issuer::sign_in::{Levels, SignIn};
use crate::issuer::signing_key::SigningKey;
use crate::json::Object;
use crate::jwt::claims::half_hash;
use crate::time::UnixTime;

/// What an ID token says: to a client, who has signed in. It opens nothing.
///
/// Spec: OpenID Connect Core §2, §3.1.3.6.
#[derive(Debug, Clone, PartialEq)]
pub struct IdToken {
    /// `iss`: who makes it, 1 to 1024 bytes.
    pub issuer: String,
    /// `aud`: the client, and others that may read it, 1 to 16 of 1 to 1024 bytes. Where there are several the first is
    /// `azp` too.
    pub audience: Vec<String>,
    /// `sub`: 1 to 255 bytes.
    pub subject: String,
    /// `nonce`: what the client sent along, 1 to 255 bytes.
    pub nonce: Option<String>,
    /// The access token that comes with it, of which `at_hash` tells.
    pub access_token: Option<String>,
    /// `sid`: the session.
    pub session: Option<String>,
    /// `auth_time`, `acr` and `amr`.
    pub sign_in: Option<SignIn>,
    /// The values of `acr`.
    pub levels: Levels,
    /// 5 minutes where nothing else is said, and [`MAX_LIFETIME`](Self::MAX_LIFETIME) at most; whole seconds.
    pub lifetime: Duration,
    /// Further claims, such as `name` and `email`; none of them has a name that this side writes.
    pub claims: Object,
}

impl IdToken {
    /// How long one lives where nothing else is said.
    pub const LIFETIME: Duration = Duration::from_secs(300);
    /// The longest that one lives.
    pub const MAX_LIFETIME: Duration = Duration::from_secs(3600);

    /// For one client, and with nothing that may be left out.
    pub fn new(issuer: impl Into<String>, client: impl Into<String>, subject: impl Into<String>) -> Self {
        Self {
            issuer: issuer.into(),
            audience: vec![client.into()],
            subject: subject.into(),
            nonce: None,
            access_token: None,
            session: None,
            sign_in: None,
            levels: Levels::default(),
            lifetime: Self::LIFETIME,
            claims: Object::new(),
        }
    }

    /// Writes it, for a key to sign.
    ///
    /// # Errors
    ///
    /// [`IssueError`], but for those of keys and signatures.
    pub fn prepare(&self, by: SignedBy<'_>, now: UnixTime, random: &mut impl Random) -> Result<Prepared, IssueError> {
        let mut claims = Writer::new(&self.issuer, &self.audience)?;
        if let [client, _, ..] = self.audience.as_slice() {
            claims.maybe("azp", Some(client))?;
        }
        claims.text("sub", &self.subject, MAX_NAME_BYTES)?;
        claims.maybe("nonce", self.nonce.as_deref())?;
        let hash = self.access_token.as_ref().map(|token| half_hash(token.as_bytes(), by.algorithm));
        claims.maybe("at_hash", hash.as_deref())?;
        claims.maybe("sid", self.session.as_deref())?;
        claims.sign_in(self.sign_in.as_ref(), &self.levels)?;
        claims.further(&self.claims)?;
        claims.finish("JWT", by, (self.lifetime, Self::MAX_LIFETIME), now, random)
    }

    /// Writes and signs it in this process.
    ///
    /// # Errors
    ///
    /// [`IssueError`].
    pub fn issue(&self, key: &SigningKey, now: UnixTime, random: &mut impl Random) -> Result<Token, IssueError> {
        self.prepare(key.into(), now, random)?.sign(key, random)
    }
}
