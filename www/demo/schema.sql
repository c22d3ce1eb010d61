-- The tables of Wicket Press, in D1. Moments are seconds since 1970; lists are JSON.

CREATE TABLE IF NOT EXISTS users (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  -- A PHC string: see `Passwords` of portcullis/issuer.
  password TEXT NOT NULL,
  roles TEXT NOT NULL,
  -- The secret of the authenticator, sealed; NULL where there is none.
  second_factor TEXT,
  -- Tokens that were issued before are refused: the moment of the last change of roles.
  tokens_from INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL
) STRICT;

-- One row for each family of refresh tokens; the family itself is in the Durable Objects.
CREATE TABLE IF NOT EXISTS sessions (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id),
  agent TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS sessions_of_user ON sessions (user_id);

-- The author is a user or a guest.
CREATE TABLE IF NOT EXISTS articles (
  id TEXT PRIMARY KEY,
  author_id TEXT NOT NULL,
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS articles_of_author ON articles (author_id);

-- What was decided and who signed in; never a secret, nor a name that somebody typed. `whose` is the subject where it is a
-- user, else empty; `kind` is one of sign-in/audit.ts.
CREATE TABLE IF NOT EXISTS audit (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  whose TEXT NOT NULL,
  kind TEXT NOT NULL,
  subject TEXT,
  what TEXT NOT NULL,
  decision TEXT NOT NULL,
  reason TEXT NOT NULL,
  status INTEGER,
  elevated INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX IF NOT EXISTS audit_of_whose ON audit (whose, kind, decision, id);
CREATE INDEX IF NOT EXISTS audit_of_kind ON audit (kind, id);
CREATE INDEX IF NOT EXISTS audit_at ON audit (at);
