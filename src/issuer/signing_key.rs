//! Keys that sign tokens: private JWKs in, public JWKs out.
//!
//! Natively all of them sign in this process. In WebAssembly HS256, HS384 and HS512 do; the others are slow there, and the
//! host's cryptography signs with them what [`token`](super::token) has prepared.

mod error;
#[cfg(feature = "native")]
mod native;
mod signer;

use core::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};

pub use error::SigningKeyError;
use signer::Signer;

use super::random::Random;
use crate::base64url;
use crate::grammar::Class;
pub use crate::jose::algorithm::Algorithm;
use crate::jose::algorithm::KeyKind;
use crate::jose::key::{Key, KeyError};
use crate::json::{Json, Limits, Object};

/// Members that say nothing about who signs, of each kind of key (RFC 7518 §6, RFC 8037 §2). `use` and `key_ops` are looked
/// at, and written anew.
const PUBLIC_MEMBERS: &[&str] = &["kty", "crv", "x", "y", "n", "e", "alg"];
/// Those of RSA (RFC 7518 §6.3.2). Platforms want all of them.
const RSA_MEMBERS: [&str; 6] = ["d", "p", "q", "dp", "dq", "qi"];
/// A guard remembers names of keys up to this length.
const MAX_KID_BYTES: usize = 128;

/// A key that signs with one algorithm.
///
/// ```
/// use portcullis::Algorithm;
/// use portcullis::issuer::SystemRandom;
/// use portcullis::issuer::signing_key::SigningKey;
///
/// let key = SigningKey::generate(Algorithm::EdDsa, &mut SystemRandom)?;
/// let kept: String = key.private_jwk(); // a secret
/// assert_eq!(SigningKey::from_jwk(&kept)?.kid(), key.kid());
/// assert!(!key.public_jwk().map(|jwk| jwk.to_text()).unwrap_or_default().contains("\"d\""));
/// # Ok::<(), portcullis::issuer::signing_key::SigningKeyError>(())
/// ```
pub struct SigningKey {
    algorithm: Algorithm,
    kid: Option<String>,
    /// `None` for a secret.
    public: Option<Object>,
    private: Object,
    signer: Signer,
}

impl SigningKey {
    /// A new key. RSA keys have 2048 bits, and take seconds.
    ///
    /// # Errors
    ///
    /// [`SigningKeyError::Algorithm`] for one that is not made here, [`SigningKeyError::Random`].
    pub fn generate(algorithm: Algorithm, random: &mut impl Random) -> Result<Self, SigningKeyError> {
        let jwk = match algorithm.key_kind() {
            KeyKind::Secret { min_bytes } => {
                let mut secret = vec![0; min_bytes];
                random.fill(&mut secret).map_err(SigningKeyError::Random)?;
                Object::new().with("kty", "oct").with("k", encode_secret(&secret))
            }
            #[cfg(feature = "native")]
            _ => native::generate(algorithm, random)?,
            #[cfg(not(feature = "native"))]
            _ => return Err(SigningKeyError::Algorithm),
        };
        Self::from_object(&jwk.with("alg", algorithm.name()))
    }

    /// A key from a private JWK (RFC 7517 §4, RFC 7518 §6, RFC 8037 §2), at most 16 KiB.
    ///
    /// 1. `use` is `sig` where given, and `key_ops` has `sign`.
    /// 2. `alg` is HS*, ES*, RS256, RS384, RS512 or EdDSA. Where absent: HS256, the curve's, RS256.
    /// 3. A secret has at least the bytes of its hash (RFC 7518 §3.2).
    /// 4. The public members keep the rules of a guard: RSA from 2048 bits, a point on its curve.
    /// 5. The private members belong to the public ones. In WebAssembly the host finds that out.
    /// 6. `kid` where absent is the thumbprint (RFC 7638); a secret has none, because its thumbprint would tell of it.
    ///
    /// # Errors
    ///
    /// [`SigningKeyError`]. None of them holds a part of the key.
    pub fn from_jwk(text: &str) -> Result<Self, SigningKeyError> {
        let jwk = Json::parse_within(text.as_bytes(), Limits::TOKEN).map_err(|_| SigningKeyError::NotJson)?;
        Self::from_object(jwk.as_object().ok_or(SigningKeyError::NotJson)?)
    }

    fn from_object(jwk: &Object) -> Result<Self, SigningKeyError> {
        check_purpose(jwk)?;
        let kid = read_kid(jwk)?;
        if jwk.member("kty").and_then(Json::as_str) == Some("oct") {
            return Self::from_secret(jwk, kid);
        }
        let mut public = Object::new();
        for (name, value) in jwk.iter().filter(|(name, _)| PUBLIC_MEMBERS.contains(name)) {
            public.set(name, value.clone());
        }
        let key = Key::from_jwk(&Json::Object(public), None, 0).map_err(|error| match error {
            KeyError::Weak => SigningKeyError::Weak,
            KeyError::Broken(why) => SigningKeyError::Form(why),
        })?;
        let algorithm = stated_or(jwk, || match key.public_jwk()?.member("crv").and_then(Json::as_str) {
            None => Some(Algorithm::Rs256),
            Some("P-256") => Some(Algorithm::Es256),
            Some("P-384") => Some(Algorithm::Es384),
            Some("P-521") => Some(Algorithm::Es512),
            Some(_) => Some(Algorithm::EdDsa),
        })?;
        let kid = kid.or_else(|| key.thumbprint());
        let members = key.public_jwk().and_then(|public| public.as_object().cloned()).unwrap_or_default();
        let private = read_private(jwk, &members)?;
        let signer = Signer::of(algorithm, &key.material, &private)?;
        let named = |mut jwk: Object| {
            jwk.set("alg", algorithm.name());
            jwk.set("use", "sig");
            jwk.set("kid", kid.clone());
            jwk
        };
        let public = named(members.clone());
        let mut whole = members;
        for (name, bytes) in &private {
            whole.set(*name, encode_secret(bytes));
        }
        Ok(Self { algorithm, private: named(whole), public: Some(public), kid, signer })
    }

    fn from_secret(jwk: &Object, kid: Option<String>) -> Result<Self, SigningKeyError> {
        let algorithm = stated_or(jwk, || Some(Algorithm::Hs256))?;
        let KeyKind::Secret { min_bytes } = algorithm.key_kind() else { return Err(SigningKeyError::Algorithm) };
        let secret = secret_member(jwk, "k").ok_or(SigningKeyError::Form("k is missing or no base64url"))?;
        if secret.len() < min_bytes {
            return Err(SigningKeyError::Weak);
        }
        let mut private = Object::new().with("kty", "oct").with("k", encode_secret(&secret));
        private.set("alg", algorithm.name());
        private.set("use", "sig");
        if let Some(kid) = &kid {
            private.set("kid", kid.as_str());
        }
        Ok(Self { algorithm, kid, public: None, private, signer: Signer::of_secret(algorithm, &secret)? })
    }

    /// What it signs with.
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Its name; always there but for a secret.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// What others need to verify, with `kid`, `alg` and `use`; `None` for a secret.
    pub fn public_jwk(&self) -> Option<Json> {
        self.public.clone().map(Json::Object)
    }

    /// All of it, as text to be kept where secrets are.
    pub fn private_jwk(&self) -> String {
        Json::from(self.private.clone()).to_text()
    }

    pub(super) const fn private_object(&self) -> &Object {
        &self.private
    }

    /// Whether the host must sign with it.
    pub const fn is_host_signed(&self) -> bool {
        matches!(self.signer, Signer::Host)
    }

    /// The signature of a JWS over its signing input (RFC 7515 §5.1): of ES* as R and S (RFC 7518 §3.4).
    ///
    /// Randomness blinds RSA; the others take none.
    ///
    /// # Errors
    ///
    /// [`SigningKeyError::HostSigns`], [`SigningKeyError::Random`], [`SigningKeyError::Failed`].
    pub fn sign(&self, input: &[u8], random: &mut dyn Random) -> Result<Vec<u8>, SigningKeyError> {
        self.signer.sign(input, random)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = out.debug_struct("SigningKey");
        shown.field("algorithm", &self.algorithm).field("kid", &self.kid).finish_non_exhaustive()
    }
}

/// RFC 7517 §4.2, §4.3.
fn check_purpose(jwk: &Object) -> Result<(), SigningKeyError> {
    if jwk.member("use").is_some_and(|usage| usage.as_str() != Some("sig")) {
        return Err(SigningKeyError::Form("use is not sig"));
    }
    let signs = |operations: &Json| {
        operations.as_array().is_some_and(|operations| operations.iter().any(|one| one.as_str() == Some("sign")))
    };
    if jwk.member("key_ops").is_some_and(|operations| !signs(operations)) {
        return Err(SigningKeyError::Form("key_ops lacks sign"));
    }
    Ok(())
}

fn read_kid(jwk: &Object) -> Result<Option<String>, SigningKeyError> {
    let Some(kid) = jwk.member("kid") else { return Ok(None) };
    let is_name = |kid: &&str| (1..=MAX_KID_BYTES).contains(&kid.len()) && Class::VISIBLE.holds(kid);
    let kid = kid.as_str().filter(is_name).ok_or(SigningKeyError::Form("kid is not 1 to 128 visible characters"))?;
    Ok(Some(kid.to_owned()))
}

/// The algorithm that the key states, or the one by custom.
fn stated_or(jwk: &Object, custom: impl Fn() -> Option<Algorithm>) -> Result<Algorithm, SigningKeyError> {
    let algorithm = match jwk.member("alg") {
        Some(stated) => stated.as_str().and_then(Algorithm::from_name),
        None => custom(),
    };
    let is_made_here =
        |algorithm: &Algorithm| !matches!(algorithm, Algorithm::Ps256 | Algorithm::Ps384 | Algorithm::Ps512);
    algorithm.filter(is_made_here).ok_or(SigningKeyError::Algorithm)
}

type PrivateMembers = Vec<(&'static str, Vec<u8>)>;

/// The private members that a key of that kind has, and no others.
fn read_private(jwk: &Object, public: &Object) -> Result<PrivateMembers, SigningKeyError> {
    let is_rsa = public.member("n").is_some();
    let wanted = if is_rsa { &RSA_MEMBERS[..] } else { &["d"] };
    if jwk.member("oth").is_some() {
        return Err(SigningKeyError::Form("an RSA key has two primes"));
    }
    let mut members = Vec::new();
    for name in wanted {
        let bytes = secret_member(jwk, name);
        members.push((*name, bytes.ok_or(SigningKeyError::Form("a private member is missing or no base64url"))?));
    }
    Ok(members)
}

/// A secret in base64url (read in a time that does not tell of it).
fn secret_member(jwk: &Object, name: &str) -> Option<Vec<u8>> {
    let text = jwk.member(name)?.as_str()?;
    base64url::decode_secret(text).filter(|bytes| !bytes.is_empty())
}

/// The same, written.
fn encode_secret(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}
