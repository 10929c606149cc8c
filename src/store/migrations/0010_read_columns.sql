-- Columns that nothing reads. Why a message did not arrive is in the user log.
ALTER TABLE messages DROP COLUMN answer;
ALTER TABLE messages DROP COLUMN left_at;
ALTER TABLE recovery_codes DROP COLUMN made;
ALTER TABLE trusted_devices DROP COLUMN since;
ALTER TABLE logins DROP COLUMN created;
ALTER TABLE logins DROP COLUMN modified;
ALTER TABLE schema_steps DROP COLUMN at;

-- The account that offers the main admin role was in the column of the address that a link confirms.
ALTER TABLE links ADD COLUMN offered_by TEXT;
UPDATE links SET purpose = 'main-admin', offered_by = address, address = NULL WHERE purpose = 'office';
