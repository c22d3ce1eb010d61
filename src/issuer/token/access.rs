//! Access tokens.

use core::time::Duration;

use super::write::{MAX_NAME_BYTES, Writer};
use super::{IssueError, Prepared, SignedBy, Token};
use crate::issuer::random::Random;
use crate::issuer::sign_in::{Levels, SignIn};
use crate::issuer::signing_key::SigningKey;
use crate::json::Object;
use crate::time::UnixTime;

/// What an access token says, of the profile of RFC 9068 (`typ` is `at+jwt`).
///
/// Roles change and tokens do not, so it lives for minutes.
///
/// ```
/// use portcullis::issuer::SystemRandom;
/// use portcullis::issuer::signing_key::SigningKey;
/// use portcullis::issuer::token::AccessToken;
/// use portcullis::{Algorithm, Guard, Outcome, Policy, Request, Trust, UnixTime};
///
/// let now = UnixTime::from_seconds(1_790_000_000);
/// let key = SigningKey::generate(Algorithm::Es256, &mut SystemRandom)?;
/// let mut order = AccessToken::new("https://id.example", "api", "web", "u1");
/// order.roles = vec!["editor".to_owned()];
/// let token = order.issue(&key, now, &mut SystemRandom)?;
///
/// let keys = key.public_jwk().map(|jwk| jwk.to_text()).unwrap_or_default();
/// let trust = format!(
///     r#"{{ "issuers": [{{ "issuer": "https://id.example", "audience": "api", "profile": "access-token",
///         "jwks": {{ "keys": [{keys}] }} }}] }}"#
/// );
/// let policy = r#"{ "policy": "p", "revision": 1, "routes": [{ "route": "GET /me", "allow": "authenticated" }] }"#;
/// let guard = Guard::new(Policy::parse(policy)?, Trust::parse(&trust)?)?;
/// let bearer = format!("Bearer {}", token.text());
/// let request = Request::new("GET", "/me").header("authorization", &bearer);
/// assert!(matches!(guard.check(&request, now), Outcome::Allow(_)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct AccessToken {
    /// `iss`: who makes it, 1 to 1024 bytes.
    pub issuer: String,
    /// `aud`: the services that it is for, 1 to 16 of 1 to 1024 bytes.
    pub audience: Vec<String>,
    /// `client_id`: 1 to 255 bytes. Where it is the subject too the token is the client's own, and a guard takes it for a
    /// service (RFC 9068 §5): it has neither a session nor a sign-in.
    pub client: String,
    /// `sub`: 1 to 255 bytes.
    pub subject: String,
    /// `scope`.
    pub scope: Vec<String>,
    /// `roles`.
    pub roles: Vec<String>,
    /// `permissions` beside those of the roles. A guard believes them only where its trust document says so (`asserts`).
    pub permissions: Vec<String>,
    /// `sid`: the session, by which all its tokens are revoked.
    pub session: Option<String>,
    /// `auth_time`, `acr` and `amr`, where a person signed in.
    pub sign_in: Option<SignIn>,
    /// The values of `acr`.
    pub levels: Levels,
    /// 5 minutes where nothing else is said, and [`MAX_LIFETIME`](Self::MAX_LIFETIME) at most; whole seconds.
    pub lifetime: Duration,
    /// Further claims, none of which has a name that this side writes.
    pub claims: Object,
}

impl AccessToken {
    /// How long one lives where nothing else is said.
    pub const LIFETIME: Duration = Duration::from_secs(300);
    /// The longest that one lives.
    pub const MAX_LIFETIME: Duration = Duration::from_secs(3600);

    /// For one audience, and with nothing that may be left out.
    pub fn new(
        issuer: impl Into<String>,
        audience: impl Into<String>,
        client: impl Into<String>,
        subject: impl Into<String>,
    ) -> Self {
        Self {
            issuer: issuer.into(),
            audience: vec![audience.into()],
            client: client.into(),
            subject: subject.into(),
            scope: Vec::new(),
            roles: Vec::new(),
            permissions: Vec::new(),
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
        claims.text("sub", &self.subject, MAX_NAME_BYTES)?;
        claims.text("client_id", &self.client, MAX_NAME_BYTES)?;
        if self.subject == self.client && (self.session.is_some() || self.sign_in.is_some()) {
            return Err(IssueError::SubjectIsClient);
        }
        claims.maybe("sid", self.session.as_deref())?;
        claims.sign_in(self.sign_in.as_ref(), &self.levels)?;
        claims.scope(&self.scope)?;
        claims.texts("roles", &self.roles)?;
        claims.texts("permissions", &self.permissions)?;
        claims.further(&self.claims)?;
        claims.finish("at+jwt", by, (self.lifetime, Self::MAX_LIFETIME), now, random)
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
