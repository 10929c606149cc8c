-- Whether a set-up link opened the session: no password was typed, so it stays in its workspace and never changes a login that opens others.
ALTER TABLE sessions ADD COLUMN by_link INTEGER NOT NULL DEFAULT 0;
