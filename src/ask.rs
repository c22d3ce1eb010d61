//! What is asked of the host, and what the host answers: data that crosses, and nothing that is decided.

use core::fmt;

use crate::jose::algorithm::Algorithm;
use crate::json::Object;
#[cfg(feature = "full")]
use crate::time::UnixTime;

/// One thing that only the host can do.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Ask<'a> {
    /// Fetch the JWK set or the discovery document at this URL: GET, no redirect, status 200, at most 64 KiB. Answer
    /// with [`Answer::Keys`].
    Keys {
        /// https, or http on a loopback address.
        url: &'a str,
        /// There is an old set that will do meanwhile: [`Answer::Later`] goes on with it, and what is fetched in the
        /// background is handed over with [`Guard::supply_keys`](crate::Guard::supply_keys).
        stale: bool,
    },
    /// Verify a signature. Answer with [`Answer::Signature`].
    Signature {
        /// Tells this key from every other of the guard, for hosts that keep imported keys. 0 is no name: such a key
        /// came with the request.
        key: u32,
        /// ES*, RS*, PS*, or EdDSA where the feature `ed25519` is off.
        algorithm: Algorithm,
        /// The ASCII text that was signed.
        signing_input: &'a str,
        /// As it stands in a JWS: for ES* r and s side by side (RFC 7518 §3.4).
        signature: &'a [u8],
    },
    /// Look facts up in the store of revocations. Answer with [`Answer::Revocation`].
    #[cfg(feature = "full")]
    Revocation {
        /// The names of the facts; see [`Guard::revocation_name`](crate::Guard::revocation_name).
        names: &'a [String],
    },
    /// Remember a name, and say whether it is new. Answer with [`Answer::Fresh`].
    #[cfg(feature = "full")]
    Replay {
        /// Stands for one DPoP proof.
        name: &'a str,
        /// The first moment at which it may be forgotten.
        until: UnixTime,
    },
    /// Ask the issuer about a token (RFC 7662 §2.1): POST, no redirect, status 200, at most 64 KiB. Answer with
    /// [`Answer::Introspection`].
    #[cfg(feature = "full")]
    Introspection {
        /// https, or http on a loopback address.
        url: &'a str,
        /// The value of the header `authorization`. A secret.
        authorization: &'a str,
        /// The body, `application/x-www-form-urlencoded`. It holds the token.
        body: &'a str,
    },
    /// Say whose an API key is. Answer with [`Answer::ApiKey`].
    #[cfg(feature = "full")]
    ApiKey {
        /// `sha256:` and the unpadded base64url of the SHA-256 of the whole key.
        hash: &'a str,
    },
    /// Load a resource. Answer with [`Answer::Resource`].
    Resource {
        /// Its type.
        kind: &'a str,
        /// The segment of the path, decoded.
        id: &'a str,
    },
}

/// What the host answers.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum Answer {
    /// What was fetched; `None` where it cannot be had.
    Keys(Option<Fetched>),
    /// The host fetches in the background; for [`Ask::Keys`] that is `stale`.
    Later,
    /// Whether the signature is valid.
    Signature(bool),
    /// For each name in its order the moment of the fact, in seconds since 1970; `None` where there is none.
    #[cfg(feature = "full")]
    Revocation(Vec<Option<i64>>),
    /// Whether the name is new.
    #[cfg(feature = "full")]
    Fresh(bool),
    /// The body of the issuer's answer; `None` where it cannot be had.
    #[cfg(feature = "full")]
    Introspection(Option<Vec<u8>>),
    /// What the store holds of the key: `id`, and where they are there `roles`, `permissions`, `scopes`, `assignments`,
    /// `notAfter` and `owner`; `None` where it knows no such key.
    #[cfg(feature = "full")]
    ApiKey(Option<Object>),
    /// The resource's attributes; `None` where there is no such resource.
    Resource(Option<Object>),
    /// The host failed. The request is refused, as unavailable where it may be worth another try.
    Failed,
}

/// What a fetch brought.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fetched {
    /// The bytes of the body.
    pub body: Vec<u8>,
    /// The value of the header `Cache-Control` (RFC 9111 §5.2), where there is one.
    pub cache_control: Option<String>,
}

impl From<Vec<u8>> for Fetched {
    fn from(body: Vec<u8>) -> Self {
        Self { body, cache_control: None }
    }
}

/// A signature or a token is never printed.
impl fmt::Debug for Ask<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Keys { url, stale } => f.debug_struct("Keys").field("url", url).field("stale", stale).finish(),
            Self::Signature { key, algorithm, .. } => {
                f.debug_struct("Signature").field("key", key).field("algorithm", algorithm).finish_non_exhaustive()
            }
            #[cfg(feature = "full")]
            Self::Revocation { names } => f.debug_struct("Revocation").field("names", names).finish(),
            #[cfg(feature = "full")]
            Self::Replay { name, until } => f.debug_struct("Replay").field("name", name).field("until", until).finish(),
            #[cfg(feature = "full")]
            Self::Introspection { url, .. } => {
                f.debug_struct("Introspection").field("url", url).finish_non_exhaustive()
            }
            #[cfg(feature = "full")]
            Self::ApiKey { hash } => f.debug_struct("ApiKey").field("hash", hash).finish(),
            Self::Resource { kind, id } => f.debug_struct("Resource").field("kind", kind).field("id", id).finish(),
        }
    }
}

/// What an issuer tells of a token, or a store of a key, is never printed.
impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Keys(_) => "Keys",
            Self::Later => "Later",
            Self::Signature(_) => "Signature",
            #[cfg(feature = "full")]
            Self::Revocation(_) => "Revocation",
            #[cfg(feature = "full")]
            Self::Fresh(_) => "Fresh",
            #[cfg(feature = "full")]
            Self::Introspection(_) => "Introspection",
            #[cfg(feature = "full")]
            Self::ApiKey(_) => "ApiKey",
            Self::Resource(_) => "Resource",
            Self::Failed => "Failed",
        })
    }
}
