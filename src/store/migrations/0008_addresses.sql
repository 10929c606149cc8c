-- The addresses that an account had before its holder changed them, as a JSON list, oldest first.
ALTER TABLE accounts ADD COLUMN former TEXT NOT NULL DEFAULT '[]';
-- The address that a link confirms.
ALTER TABLE links ADD COLUMN address TEXT;
