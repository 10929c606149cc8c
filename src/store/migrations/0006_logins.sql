-- A person signs in with a login. One without a workspace is a person's, for every workspace of its platform; the others open one
-- workspace alone, and their address is the account's.
CREATE TABLE logins (
    id TEXT NOT NULL PRIMARY KEY,
    platform TEXT NOT NULL,
    workspace TEXT REFERENCES workspaces (name),
    address TEXT,
    given TEXT,
    family TEXT,
    cell TEXT,
    password_hash TEXT,
    must_change INTEGER NOT NULL,
    created BIGINT NOT NULL,
    modified BIGINT NOT NULL
);
CREATE UNIQUE INDEX logins_of_people ON logins (platform, address) WHERE workspace IS NULL;
ALTER TABLE accounts ADD COLUMN login TEXT REFERENCES logins (id);
CREATE INDEX accounts_login ON accounts (login) WHERE login IS NOT NULL;

-- People who accepted before logins existed get one of their own workspace alone, with the first password where one was set.
INSERT INTO logins (id, platform, workspace, address, given, family, cell, password_hash, must_change, created, modified)
SELECT a.workspace || '/' || a.id, w.platform, a.workspace, NULL, NULL, NULL, NULL, a.password_hash,
    CASE WHEN a.password_hash IS NULL THEN 0 ELSE 1 END, a.modified, a.modified
FROM accounts a JOIN workspaces w ON w.name = a.workspace WHERE a.accepted = 1;
UPDATE accounts SET login = workspace || '/' || id WHERE accepted = 1;
ALTER TABLE accounts DROP COLUMN password_hash;

-- A session belongs to one account. The browser has the secret, the table its hash.
CREATE TABLE sessions (
    hash TEXT NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    workspace TEXT NOT NULL,
    account TEXT NOT NULL,
    stage TEXT NOT NULL,
    began BIGINT NOT NULL,
    used BIGINT NOT NULL,
    ends BIGINT NOT NULL,
    origin TEXT,
    device TEXT,
    ended BIGINT,
    FOREIGN KEY (workspace, account) REFERENCES accounts (workspace, id)
);
CREATE INDEX sessions_open ON sessions (workspace, account) WHERE ended IS NULL;

-- Links other than invitations: they set a password, or let the main admin in. One row is one link.
CREATE TABLE links (
    hash TEXT NOT NULL PRIMARY KEY,
    workspace TEXT NOT NULL,
    account TEXT NOT NULL,
    purpose TEXT NOT NULL,
    state TEXT NOT NULL,
    sent_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    over_at BIGINT,
    FOREIGN KEY (workspace, account) REFERENCES accounts (workspace, id)
);
CREATE INDEX links_open ON links (workspace, account, purpose) WHERE state = 'open';
ALTER TABLE invitations ADD COLUMN over_at BIGINT;
CREATE INDEX invitations_hash ON invitations (token_hash);

-- One-time codes, sealed with the store's key. `wrong` counts the wrong codes typed while this one was good.
CREATE TABLE codes (
    workspace TEXT NOT NULL,
    account TEXT NOT NULL,
    purpose TEXT NOT NULL,
    hash TEXT NOT NULL,
    sent_at BIGINT NOT NULL,
    wrong INTEGER NOT NULL,
    used_at BIGINT,
    FOREIGN KEY (workspace, account) REFERENCES accounts (workspace, id)
);
CREATE INDEX codes_of ON codes (workspace, account, purpose, sent_at);

-- Wrong secrets in a row: of an account's password, of its codes, of what one address tries.
CREATE TABLE failures (
    workspace TEXT NOT NULL REFERENCES workspaces (name),
    kind TEXT NOT NULL,
    who TEXT NOT NULL,
    count BIGINT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (workspace, kind, who)
);

-- Mail and text messages on their way. `secret` is sealed with the key outside this file, and goes once the message has left.
CREATE TABLE messages (
    id TEXT NOT NULL PRIMARY KEY,
    workspace TEXT NOT NULL REFERENCES workspaces (name),
    account TEXT NOT NULL,
    kind TEXT NOT NULL,
    recipient TEXT NOT NULL,
    secret TEXT,
    state TEXT NOT NULL,
    tries INTEGER NOT NULL,
    next_at BIGINT NOT NULL,
    answer TEXT,
    created BIGINT NOT NULL,
    left_at BIGINT
);
CREATE INDEX messages_queued ON messages (next_at) WHERE state = 'queued';
CREATE INDEX messages_of ON messages (workspace, account, created);
