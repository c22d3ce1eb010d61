//! What is wrong with a document, and where.

use core::fmt;

use crate::digits;
use crate::json::JsonError;

/// Which document an error is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Document {
    /// Who may do what.
    Policy,
    /// Whom we believe.
    Trust,
    /// What an AuthZEN decision point knows of subjects and resources.
    #[cfg(feature = "full")]
    Directory,
}

impl Document {
    /// `policy`, `trust` or `directory`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Policy => "policy",
            Self::Trust => "trust",
            #[cfg(feature = "full")]
            Self::Directory => "directory",
        }
    }
}

/// A document that cannot be loaded.
///
/// It never holds a value of the document, which could be a secret: names and places only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// The document that is wrong.
    pub document: Document,
    /// Where: `roles.editor.permits[1].permission`; empty for the document itself.
    pub path: String,
    /// What is wrong.
    pub problem: Problem,
}

impl ConfigError {
    /// A stable word for what is wrong.
    pub const fn code(&self) -> &'static str {
        self.problem.code()
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.document.name())?;
        if !self.path.is_empty() {
            f.write_str(" at ")?;
            f.write_str(&self.path)?;
        }
        f.write_str(": ")?;
        fmt::Display::fmt(&self.problem, f)
    }
}

impl std::error::Error for ConfigError {}

/// What is wrong with a member of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// Not strict JSON.
    Json(JsonError),
    /// More than this many of a thing.
    TooMany {
        /// The limit.
        limit: usize,
    },
    /// A value of another type.
    WrongType {
        /// What is wanted.
        wanted: &'static str,
    },
    /// A member that must be there is not.
    MissingMember,
    /// A member that this version does not know.
    UnknownMember,
    /// A value that is out of range or not of the form.
    BadValue {
        /// What is wanted.
        wanted: &'static str,
    },
    /// A name that is empty, too long or has other characters.
    BadName,
    /// A role that is not declared.
    UnknownRole,
    /// A permission that is not declared, or a wildcard that matches none.
    UnknownPermission,
    /// A resource type that is not declared.
    UnknownResourceType,
    /// A role that inherits itself.
    RoleCycle,
    /// Something that must be there once stands twice.
    Duplicate,
    /// Two routes that match the same requests.
    DuplicateRoute,
    /// Ownership of a resource type that declares no `owner`.
    MissingOwner,
    /// A text that is no condition.
    Condition {
        /// The rule of the language that it breaks.
        word: &'static str,
        /// Bytes of the text before the place.
        at: usize,
    },
    /// A role that has two roles in effect of which nobody may have two.
    ExclusiveRoles,
    /// A member that no resource type of the permission declares.
    UnknownField,
    /// A member of the design that this version does not carry out.
    Unsupported,
    /// An issuer without keys.
    MissingKeys,
    /// An issuer with more than one source of keys.
    SeveralKeys,
    /// A key that is too short for its algorithm.
    WeakKey,
    /// A key that breaks a rule.
    BadKey {
        /// The rule.
        rule: &'static str,
    },
    /// A URL that is not https, nor http on a loopback address.
    InsecureUri,
    /// A route whose decision hangs on a resource that nobody loads.
    LoaderMissing,
    /// A policy without a signature, where the trust document has keys for it.
    #[cfg(feature = "full")]
    SignatureMissing,
    /// A signature that is none of the trust document's keys on this policy.
    #[cfg(feature = "full")]
    SignatureInvalid,
    /// A signature on a policy, where the trust document has no keys to check it with.
    #[cfg(feature = "full")]
    SignatureUnexpected,
    /// A revision that is not greater than the one that it would replace.
    RevisionNotNewer,
}

impl Problem {
    /// The stable word.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Json(JsonError::TooLarge) => "too_large",
            Self::Json(_) => "json",
            Self::TooMany { .. } => "too_many",
            Self::WrongType { .. } => "wrong_type",
            Self::MissingMember => "missing_member",
            Self::UnknownMember => "unknown_member",
            Self::BadValue { .. } => "bad_value",
            Self::BadName => "bad_name",
            Self::UnknownRole => "unknown_role",
            Self::UnknownPermission => "unknown_permission",
            Self::UnknownResourceType => "unknown_resource_type",
            Self::RoleCycle => "role_cycle",
            Self::Duplicate => "duplicate",
            Self::DuplicateRoute => "duplicate_route",
            Self::MissingOwner => "missing_owner",
            Self::Condition { .. } => "condition",
            Self::ExclusiveRoles => "exclusive_roles",
            Self::UnknownField => "unknown_field",
            Self::Unsupported => "unsupported",
            Self::MissingKeys => "missing_keys",
            Self::SeveralKeys => "several_keys",
            Self::WeakKey => "weak_key",
            Self::BadKey { .. } => "bad_key",
            Self::InsecureUri => "insecure_uri",
            Self::LoaderMissing => "loader_missing",
            Self::RevisionNotNewer => "revision_not_newer",
            #[cfg(feature = "full")]
            Self::SignatureMissing => "signature_missing",
            #[cfg(feature = "full")]
            Self::SignatureInvalid => "signature_invalid",
            #[cfg(feature = "full")]
            Self::SignatureUnexpected => "signature_unexpected",
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (text, evidence) = match self {
            Self::Json(error) => return fmt::Display::fmt(error, f),
            Self::TooMany { limit } => {
                f.write_str("more than ")?;
                return f.write_str(&digits::of(*limit));
            }
            Self::Condition { word, at } => {
                f.write_str("is no condition: ")?;
                f.write_str(word)?;
                f.write_str(" at byte ")?;
                return f.write_str(&digits::of(*at));
            }
            Self::WrongType { wanted } | Self::BadValue { wanted } => ("must be ", *wanted),
            Self::MissingMember => ("is missing", ""),
            Self::UnknownMember => ("is not known here", ""),
            Self::BadName => ("must be 1 to 128 letters, digits, _, - or .", ""),
            Self::UnknownRole => ("names a role that is not declared", ""),
            Self::UnknownPermission => ("names a permission that is not declared", ""),
            Self::UnknownResourceType => ("names a resource type that is not declared", ""),
            Self::RoleCycle => ("inherits itself", ""),
            Self::Duplicate => ("stands twice", ""),
            Self::DuplicateRoute => ("matches the same requests as a route before it", ""),
            Self::MissingOwner => ("wants a resource type that declares its owner", ""),
            Self::ExclusiveRoles => ("has two roles in effect that exclude each other", ""),
            Self::UnknownField => ("names a member that is not declared", ""),
            Self::Unsupported => ("is not supported by this version", ""),
            Self::MissingKeys => ("needs one of secret, jwks and jwksUri", ""),
            Self::SeveralKeys => ("has more than one of secret, jwks and jwksUri", ""),
            Self::WeakKey => ("is shorter than its algorithm wants", ""),
            Self::BadKey { rule } => ("is no usable key: ", *rule),
            Self::InsecureUri => ("must be https, or http on a loopback address", ""),
            #[cfg(feature = "full")]
            Self::SignatureMissing => ("must be signed: the trust document has policyKeys", ""),
            #[cfg(feature = "full")]
            Self::SignatureInvalid => ("has a signature that none of policyKeys made over it", ""),
            #[cfg(feature = "full")]
            Self::SignatureUnexpected => ("is signed, and the trust document has no policyKeys to check that with", ""),
            Self::RevisionNotNewer => ("must be greater than the revision that it replaces", ""),
            Self::LoaderMissing => {
                ("hangs on a resource: give a loader for its type, or say \"handler\": \"decides\"", "")
            }
        };
        f.write_str(text)?;
        f.write_str(evidence)
    }
}
