-- Devices on which the right password was typed (AR-11). The device has the secret, the table its hash. `password_at` says when the
-- password was last typed on it: from then on, a passcode opens sessions for a time.
CREATE TABLE devices (
    hash TEXT NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    workspace TEXT NOT NULL,
    account TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT,
    since BIGINT NOT NULL,
    password_at BIGINT NOT NULL,
    ended BIGINT,
    FOREIGN KEY (workspace, account) REFERENCES accounts (workspace, id)
);
CREATE INDEX devices_known ON devices (workspace, account) WHERE ended IS NULL;

-- A session of the app belongs to a device.
ALTER TABLE sessions ADD COLUMN kind TEXT NOT NULL DEFAULT 'web';
ALTER TABLE sessions ADD COLUMN device_id TEXT REFERENCES devices (id);
