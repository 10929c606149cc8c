-- Whether a set-up link opened the session: no password was typed, so it stays in its workspace and never changes a login that opens others.
ALTER TABLE sessions ADD COLUMN by_link INTEGER NOT NULL DEFAULT 0;

-- The first session of the sign-in: those that were opened by a switch of workspaces have the same, and end together when somebody signs out.
ALTER TABLE sessions ADD COLUMN sign_in TEXT;
CREATE INDEX sessions_sign_in ON sessions (sign_in) WHERE ended IS NULL;
