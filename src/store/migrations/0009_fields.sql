-- What an account says of its person was a SCIM user in `body`. The program reads it into these columns, and then drops `body`.
-- `fields` is a JSON object by the keys of the field table; `document` is what a client of plain SCIM wrote, which is shown as it is.
ALTER TABLE accounts ADD COLUMN fields TEXT NOT NULL DEFAULT '{}';
ALTER TABLE accounts ADD COLUMN external_id TEXT;
ALTER TABLE accounts ADD COLUMN document TEXT;
