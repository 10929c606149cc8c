-- The second factor of a login: a key that an authenticator app has, too, sealed with the key outside this file. `step` is the last
-- one whose code was used: it is not taken again. Wrong codes in a row are counted here, for every workspace that the login opens.
CREATE TABLE second_factors (
    login TEXT NOT NULL PRIMARY KEY REFERENCES logins (id),
    secret TEXT NOT NULL,
    step BIGINT NOT NULL,
    wrong BIGINT NOT NULL,
    wrong_at BIGINT NOT NULL,
    since BIGINT NOT NULL
);

-- Recovery codes, sealed. Each is good once; new ones end the old ones.
CREATE TABLE recovery_codes (
    login TEXT NOT NULL REFERENCES logins (id),
    hash TEXT NOT NULL,
    made BIGINT NOT NULL,
    over_at BIGINT,
    PRIMARY KEY (login, hash)
);

-- Browsers that a member chose to trust: they skip the second factor of one account. The browser has the secret, the table its hash.
CREATE TABLE trusted_devices (
    hash TEXT NOT NULL PRIMARY KEY,
    workspace TEXT NOT NULL,
    account TEXT NOT NULL,
    since BIGINT NOT NULL,
    ends BIGINT NOT NULL,
    ended BIGINT,
    FOREIGN KEY (workspace, account) REFERENCES accounts (workspace, id)
);
CREATE INDEX trusted_devices_open ON trusted_devices (workspace, account) WHERE ended IS NULL;
