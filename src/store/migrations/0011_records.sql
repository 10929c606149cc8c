-- A supporting record was a SCIM resource in `body`. The program reads it into these columns, and then drops `body`. Each kind has some of
-- them: `privileges` is a JSON list of names, `members` a JSON list of pairs (type and id).
ALTER TABLE resources ADD COLUMN external_id TEXT;
ALTER TABLE resources ADD COLUMN name TEXT;
ALTER TABLE resources ADD COLUMN privileges TEXT;
ALTER TABLE resources ADD COLUMN first_name TEXT;
ALTER TABLE resources ADD COLUMN last_name TEXT;
ALTER TABLE resources ADD COLUMN active INTEGER;
ALTER TABLE resources ADD COLUMN external INTEGER;
ALTER TABLE resources ADD COLUMN members TEXT;
