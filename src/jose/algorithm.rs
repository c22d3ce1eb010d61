//! All that is fixed about a signature algorithm, in one table.

/// A JWS signature algorithm (RFC 7518 §3.1, RFC 8037 §3.1, RFC 9864 §2.2). There is no `none`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// HMAC with SHA-256.
    Hs256,
    /// HMAC with SHA-384.
    Hs384,
    /// HMAC with SHA-512.
    Hs512,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    Rs384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    Rs512,
    /// RSASSA-PSS with SHA-256, salt of 32 bytes.
    Ps256,
    /// RSASSA-PSS with SHA-384, salt of 48 bytes.
    Ps384,
    /// RSASSA-PSS with SHA-512, salt of 64 bytes.
    Ps512,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// ECDSA on P-384 with SHA-384.
    Es384,
    /// ECDSA on P-521 with SHA-512.
    Es512,
    /// Ed25519. `EdDSA` and `Ed25519` both name it here.
    EdDsa,
}

/// The kind of key that an algorithm wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyKind {
    /// A shared secret of at least as many bytes as the hash gives (RFC 7518 §3.2).
    Secret { min_bytes: usize },
    /// An RSA key.
    Rsa,
    /// A point on a curve.
    Ec(Curve),
    /// An Ed25519 key.
    Ed25519,
}

/// A curve of RFC 7518 §6.2.1.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Curve {
    P256,
    P384,
    P521,
}

/// Each algorithm, the name that tokens and keys give it, its key, the bytes of its signature (RSA: the modulus').
#[rustfmt::skip]
const TABLE: &[(Algorithm, &str, KeyKind, Option<usize>)] = &[
    (Algorithm::Hs256, "HS256",   KeyKind::Secret { min_bytes: 32 }, Some(32)),
    (Algorithm::Hs384, "HS384",   KeyKind::Secret { min_bytes: 48 }, Some(48)),
    (Algorithm::Hs512, "HS512",   KeyKind::Secret { min_bytes: 64 }, Some(64)),
    (Algorithm::Rs256, "RS256",   KeyKind::Rsa,                      None),
    (Algorithm::Rs384, "RS384",   KeyKind::Rsa,                      None),
    (Algorithm::Rs512, "RS512",   KeyKind::Rsa,                      None),
    (Algorithm::Ps256, "PS256",   KeyKind::Rsa,                      None),
    (Algorithm::Ps384, "PS384",   KeyKind::Rsa,                      None),
    (Algorithm::Ps512, "PS512",   KeyKind::Rsa,                      None),
    (Algorithm::Es256, "ES256",   KeyKind::Ec(Curve::P256),          Some(64)),
    (Algorithm::Es384, "ES384",   KeyKind::Ec(Curve::P384),          Some(96)),
    (Algorithm::Es512, "ES512",   KeyKind::Ec(Curve::P521),          Some(132)),
    (Algorithm::EdDsa, "EdDSA",   KeyKind::Ed25519,                  Some(64)),
    (Algorithm::EdDsa, "Ed25519", KeyKind::Ed25519,                  Some(64)),
];

impl Algorithm {
    /// The algorithm of that name, compared with case.
    pub fn from_name(name: &str) -> Option<Self> {
        TABLE.iter().find(|(_, own, _, _)| *own == name).map(|(algorithm, ..)| *algorithm)
    }

    /// Its name: `RS256`. That of Ed25519 is `EdDSA`.
    pub fn name(self) -> &'static str {
        self.row().map_or("", |(_, name, ..)| name)
    }

    pub(crate) fn key_kind(self) -> KeyKind {
        self.row().map_or(KeyKind::Ed25519, |(_, _, kind, _)| *kind)
    }

    /// Bytes of a signature, where the algorithm fixes them.
    pub(crate) fn signature_bytes(self) -> Option<usize> {
        self.row().and_then(|(.., bytes)| *bytes)
    }

    fn row(self) -> Option<&'static (Self, &'static str, KeyKind, Option<usize>)> {
        TABLE.iter().find(|(algorithm, ..)| *algorithm == self)
    }
}

impl Curve {
    /// Its name in a JWK.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
        }
    }

    /// Bytes of a coordinate (RFC 7518 §6.2.1.2).
    pub(crate) const fn coordinate_bytes(self) -> usize {
        match self {
            Self::P256 => 32,
            Self::P384 => 48,
            Self::P521 => 66,
        }
    }

    /// The one algorithm that RFC 7518 §3.4 binds to it.
    pub(crate) const fn algorithm(self) -> Algorithm {
        match self {
            Self::P256 => Algorithm::Es256,
            Self::P384 => Algorithm::Es384,
            Self::P521 => Algorithm::Es512,
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        [Self::P256, Self::P384, Self::P521].into_iter().find(|curve| curve.name() == name)
    }
}
