-- When a passcode was made. The user log says it of those that an admin had made; others are as old as their account.
ALTER TABLE accounts ADD COLUMN passcode_at BIGINT;
UPDATE accounts SET passcode_at = made.at
FROM (SELECT workspace, subject_id, MAX(at) AS at FROM log WHERE action = 'generate-passcode' AND result = 'done' GROUP BY workspace, subject_id) AS made
WHERE made.workspace = accounts.workspace AND made.subject_id = accounts.id AND accounts.passcode_hash IS NOT NULL;
UPDATE accounts SET passcode_at = created WHERE passcode_hash IS NOT NULL AND passcode_at IS NULL;
