//! What every contestant is asked, as in `bench/scenario.mjs`: three roles, ten permissions, one ownership rule and one
//! condition.

pub const ISSUER: &str = "https://id.example";
pub const AUDIENCE: &str = "api";

/// Who asks; she is an editor.
pub const SUBJECT: &str = "ann";

/// By role, without what it inherits.
pub const GRANTS: [(&str, &[&str]); 3] = [
    ("viewer", &["article:read", "comment:read"]),
    ("editor", &["article:create", "comment:create"]),
    ("admin", &["article:update", "article:publish", "article:delete", "comment:delete", "user:read", "user:ban"]),
];

/// A role, and the one that it inherits.
pub const PARENTS: [(&str, &str); 2] = [("editor", "viewer"), ("admin", "editor")];

/// The two grants of an editor that hang on the article: she owns it; and she owns it and it is a draft.
pub const OWNED: &str = "article:update";
pub const CONDITIONAL: &str = "article:publish";
pub const CONDITION: &str = "resource.author_id == subject.id && resource.status == 'draft'";

/// What she asks by her roles alone.
pub const ROLE_QUESTIONS: [&str; 2] = ["article:read", "article:delete"];

/// How many different questions there are on articles.
pub const QUESTIONS: usize = 256;

/// Even questions are to be answered with yes, odd ones with no.
pub const fn answer(index: usize) -> bool {
    index & 1 == 0
}

pub struct Article {
    pub id: String,
    pub author_id: &'static str,
    pub status: &'static str,
}

/// What hangs on the article.
#[derive(Clone, Copy)]
pub enum Asked {
    Ownership,
    Condition,
}

impl Asked {
    pub const fn permission(self) -> &'static str {
        match self {
            Self::Ownership => OWNED,
            Self::Condition => CONDITIONAL,
        }
    }

    /// By turns one that she may, and one that fails: by its author, or where the status counts by that too.
    pub fn articles(self) -> Vec<Article> {
        let article = |index| {
            let (author_id, status) = match (self, index % 4) {
                (_, 0 | 2) => (SUBJECT, "draft"),
                (Self::Condition, 3) => (SUBJECT, "published"),
                _ => ("bob", "draft"),
            };
            Article { id: format!("article-{index}"), author_id, status }
        };
        (0..QUESTIONS).map(article).collect()
    }
}

/// Type and action of a permission.
pub fn parts(permission: &str) -> (&str, &str) {
    permission.split_once(':').expect("a type and an action")
}
