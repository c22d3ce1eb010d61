//! DPoP: the sender of a token proves, for this request, that it holds the key that the token is bound to (RFC 9449).

use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use super::issuer::{MAX_NAMES, read_algorithms};
use super::possession::Possession;
use super::trust::{Trust, read_secret};
use super::url::{base_url, normalised};
use crate::ask::Ask;
use crate::base64url;
use crate::digest::sha256_base64url;
use crate::document::{Node, Problem};
use crate::jose::algorithm::{Algorithm, KeyKind};
use crate::jose::key::Key;
use crate::json::Value;
use crate::jwt::TokenError;
use crate::jwt::token::{Signed, UnverifiedToken};
use crate::request::Request;
use crate::time::UnixTime;

const DEFAULT_WINDOW_SECONDS: u64 = 60;
const MAX_WINDOW_SECONDS: i64 = 600;
const DEFAULT_LIFETIME_SECONDS: i64 = 300;
const NONCE_SECRET_BYTES: usize = 32;
/// Bytes of a nonce, before base64url.
const NONCE_BYTES: usize = 16;
const MAX_JTI_BYTES: usize = 256;
/// How long a proof is remembered after it could last be taken.
const REMEMBERED_LONGER: Duration = Duration::from_secs(61);

/// Each algorithm that is not a shared secret's, in the order in which a challenge names them.
const ASYMMETRIC: [Algorithm; 10] = [
    Algorithm::Rs256,
    Algorithm::Rs384,
    Algorithm::Rs512,
    Algorithm::Ps256,
    Algorithm::Ps384,
    Algorithm::Ps512,
    Algorithm::Es256,
    Algorithm::Es384,
    Algorithm::Es512,
    Algorithm::EdDsa,
];

/// What the trust document says of proofs.
pub(crate) struct Dpop {
    pub(crate) algorithms: Vec<Algorithm>,
    /// How far `iat` may be from the clock, both ways.
    window: i64,
    nonces: Option<Nonces>,
    /// Whether the host remembers proofs.
    pub(crate) is_remembered: bool,
    /// Under which URL the sender sees the root of this service.
    external_url: Option<String>,
}

/// Nonces that any instance can make and check: each lifetime of them has one.
struct Nonces {
    keyed: Hmac<Sha256>,
    lifetime: i64,
}

/// Why a proof is refused, in the order in which it is checked.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProofError {
    /// There is none.
    Missing,
    /// No compact JWS with JSON objects, or more than one.
    Malformed,
    /// `typ` is not `dpop+jwt`.
    Typ,
    /// `alg` is not one that is taken here.
    Algorithm,
    /// `jwk` is missing, or breaks a rule of keys.
    Key,
    /// `jwk` is not the key that the token is bound to.
    KeyMismatch,
    /// The signature does not verify.
    Signature,
    /// A claim is missing, or of another type or form than its own.
    Claim {
        /// Its name.
        name: &'static str,
    },
    /// `htm` is another method.
    Method,
    /// Nobody can say what the sender's URL is: the host knows a path alone, and no `externalUrl` is given.
    UrlUnknown,
    /// `htu` is another URL.
    Url,
    /// `iat` is too long ago or too far ahead.
    Time,
    /// `nonce` is missing, unknown or old.
    Nonce {
        /// The one to use.
        current: String,
    },
    /// `ath` is of another token.
    Token,
    /// It was seen before.
    Replayed,
}

impl ProofError {
    /// The internal reason.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Missing => "proof_missing",
            Self::Malformed => "proof_malformed",
            Self::Typ => "proof_typ",
            Self::Algorithm => "proof_algorithm",
            Self::Key => "proof_key",
            Self::KeyMismatch => "proof_key_mismatch",
            Self::Signature => "proof_signature",
            Self::Claim { .. } => "proof_claim",
            Self::Method => "proof_method",
            Self::UrlUnknown => "proof_url_unknown",
            Self::Url => "proof_url",
            Self::Time => "proof_time",
            Self::Nonce { .. } => "proof_nonce",
            Self::Token => "proof_token",
            Self::Replayed => "proof_replayed",
        }
    }

    /// The evidence: the name of the claim.
    pub const fn detail(&self) -> Option<&str> {
        match self {
            Self::Claim { name } => Some(name),
            _ => None,
        }
    }
}

/// What came with a token of the DPoP scheme.
pub(super) struct Presented {
    proof: Option<String>,
    method: String,
    /// Normalised; `None` where it is not known.
    url: Option<String>,
    /// What `ath` must be.
    token_hash: String,
}

/// A proof whose key is the token's.
pub(super) struct Proof {
    token: Box<UnverifiedToken>,
    pub(super) key: Key,
    thumbprint: String,
    presented: Presented,
}

/// A proof that may be taken once.
pub(super) struct Replay {
    pub(super) name: String,
    pub(super) until: UnixTime,
}

pub(super) fn read_dpop(root: &Node<'_>) -> Option<Dpop> {
    let node = root.member("dpop")?;
    node.has_only(&["algorithms", "window", "nonce", "replay", "externalUrl"]);
    let algorithms = read_algorithms(&node).unwrap_or_else(|| ASYMMETRIC.to_vec());
    let is_shared = |algorithm: &Algorithm| matches!(algorithm.key_kind(), KeyKind::Secret { .. });
    if let Some(listed) = node.member("algorithms")
        && let Some(place) = algorithms.iter().position(is_shared)
        && let Some(item) = listed.list(MAX_NAMES).nth(place)
    {
        item.bad("an algorithm without a shared secret");
    }
    let window = node.seconds_member("window", 1, MAX_WINDOW_SECONDS, "1 to 600 seconds");
    let nonces = node.member("nonce").and_then(|nonce| read_nonces(&nonce));
    let external_url = node.member("externalUrl").map(|url| {
        let url = base_url(&url);
        url.strip_suffix('/').unwrap_or(url).to_owned()
    });
    Some(Dpop {
        // In one order, so that the order of the document changes no challenge.
        algorithms: ASYMMETRIC.into_iter().filter(|algorithm| algorithms.contains(algorithm)).collect(),
        window: window.map_or(DEFAULT_WINDOW_SECONDS, |window| window.as_secs()).cast_signed(),
        nonces,
        is_remembered: node.member("replay").is_none() || node.has_set("replay"),
        external_url,
    })
}

fn read_nonces(node: &Node<'_>) -> Option<Nonces> {
    node.has_only(&["secret", "lifetime"]);
    let secret_node = node.expect("secret");
    let secret = read_secret(&secret_node);
    let keyed = Hmac::<Sha256>::new_from_slice(&secret).ok().filter(|_| secret.len() >= NONCE_SECRET_BYTES);
    if keyed.is_none() {
        secret_node.refuse(Problem::WeakKey);
    }
    let lifetime = node.member("lifetime").map(|lifetime| lifetime.number(30, 86_400, "30 to 86400 seconds"));
    Some(Nonces { keyed: keyed?, lifetime: lifetime.unwrap_or(DEFAULT_LIFETIME_SECONDS) })
}

impl Nonces {
    fn number(&self, now: UnixTime) -> i64 {
        now.seconds().div_euclid(self.lifetime)
    }

    fn nonce(&self, number: i64) -> String {
        let mut mac = self.keyed.clone();
        mac.update(b"dpop nonce ");
        mac.update(number.to_string().as_bytes());
        let tag = mac.finalize().into_bytes();
        base64url::encode(tag.get(..NONCE_BYTES).unwrap_or(&tag))
    }

    /// The nonce of this lifetime and of the one before count.
    fn check(&self, said: Option<Value<'_>>, now: UnixTime) -> Result<(), ProofError> {
        let number = self.number(now);
        let said = said.and_then(Value::as_str).unwrap_or("").as_bytes();
        let is = |number| bool::from(self.nonce(number).as_bytes().ct_eq(said));
        if is(number) || is(number - 1) { Ok(()) } else { Err(ProofError::Nonce { current: self.nonce(number) }) }
    }
}

impl Presented {
    pub(super) fn of(request: &Request<'_>, token: &str, dpop: &Dpop) -> Self {
        let url = match &dpop.external_url {
            Some(external) => request.raw_path().map(|path| [external, path].concat()),
            None => request.absolute_url().map(str::to_owned),
        };
        Self {
            proof: request.field("dpop").map(str::to_owned),
            method: request.method().to_owned(),
            url: url.as_deref().and_then(normalised),
            token_hash: sha256_base64url(token.as_bytes()),
        }
    }
}

/// The checks of RFC 9449 §4.3, as far as they go without the host. `bound` is the thumbprint that the token names.
pub(super) fn check(trust: &Trust, bound: &str, presented: Presented, now: UnixTime) -> Result<Possession, ProofError> {
    let Some(dpop) = &trust.dpop else { return Err(ProofError::Missing) };
    let text = presented.proof.as_deref().ok_or(ProofError::Missing)?;
    let token = match UnverifiedToken::parse_typed(text.trim_matches([' ', '\t']), "dpop+jwt") {
        Ok(token) if !token.is_padded() => Box::new(token),
        Err(TokenError::TypMismatch | TokenError::HeaderMember { name: "typ" }) => return Err(ProofError::Typ),
        Err(TokenError::AlgorithmUnsupported | TokenError::HeaderMember { name: "alg" }) => {
            return Err(ProofError::Algorithm);
        }
        _ => return Err(ProofError::Malformed),
    };
    let algorithm = token.algorithm();
    if !dpop.algorithms.contains(&algorithm) {
        return Err(ProofError::Algorithm);
    }
    // Its number is no name: the host must not take another proof's key for it.
    let key = token.jwk().and_then(|jwk| Key::from_jwk(jwk, Some(&[algorithm]), 0).ok()).ok_or(ProofError::Key)?;
    if key.verifier(algorithm).is_none() {
        return Err(ProofError::Key);
    }
    let thumbprint = key.thumbprint().ok_or(ProofError::Key)?;
    if thumbprint != bound {
        return Err(ProofError::KeyMismatch);
    }
    let proof = Proof { token, key, thumbprint, presented };
    match proof.token.verify_signature(&proof.key) {
        Ok(Signed::Valid(_)) => finish(trust, proof, now).map(|replay| Possession::Settled { replay }),
        Ok(Signed::AskHost) => Ok(Possession::NeedSignature(Box::new(proof))),
        Err(_) => Err(ProofError::Signature),
    }
}

/// What a proof says, once its signature is valid. Its claims are those of the text that was verified.
pub(super) fn finish(trust: &Trust, proof: Proof, now: UnixTime) -> Result<Option<Replay>, ProofError> {
    let Some(dpop) = &trust.dpop else { return Err(ProofError::Missing) };
    let Proof { token, thumbprint, presented, .. } = proof;
    let text = |name: &'static str| match token.claimed(name) {
        Some(Value::Text(text)) => Ok(text),
        _ => Err(ProofError::Claim { name }),
    };
    let jti = text("jti")?;
    if jti.is_empty() || jti.len() > MAX_JTI_BYTES {
        return Err(ProofError::Claim { name: "jti" });
    }
    let (htm, htu) = (text("htm")?, text("htu")?);
    let issued_at = token.claimed_moment("iat").ok_or(ProofError::Claim { name: "iat" })?;
    let ath = text("ath")?;
    if htm != presented.method {
        return Err(ProofError::Method);
    }
    let url = presented.url.ok_or(ProofError::UrlUnknown)?;
    if normalised(htu).as_ref() != Some(&url) {
        return Err(ProofError::Url);
    }
    if now.seconds().abs_diff(issued_at.seconds()) > dpop.window.unsigned_abs() {
        return Err(ProofError::Time);
    }
    if let Some(nonces) = &dpop.nonces {
        nonces.check(token.claimed("nonce"), now)?;
    }
    if ath != presented.token_hash {
        return Err(ProofError::Token);
    }
    // The host remembers by its own clock, a while after this one was read.
    let until = UnixTime::from_seconds(issued_at.seconds().saturating_add(dpop.window)).after(REMEMBERED_LONGER);
    let name = sha256_base64url([&thumbprint, ".", jti].concat().as_bytes());
    Ok(dpop.is_remembered.then_some(Replay { name, until }))
}

impl Proof {
    pub(super) fn ask(&self) -> Ask<'_> {
        Ask::Signature {
            key: self.key.number,
            algorithm: self.token.algorithm(),
            signing_input: self.token.signing_input(),
            signature: self.token.signature(),
        }
    }
}

/// The secret of the nonces is never printed.
impl core::fmt::Debug for Dpop {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Dpop")
            .field("algorithms", &self.algorithms)
            .field("window", &self.window)
            .finish_non_exhaustive()
    }
}
