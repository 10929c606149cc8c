-- The columns of `accounts` as every migration together leaves them. Nothing runs this: `tests/server/stored.rs` compares it with a database.
-- Flags are 0 or 1, times epoch milliseconds, and JSON is TEXT. Invitations and blocks have tables of their own.
CREATE TABLE accounts (
    workspace TEXT NOT NULL REFERENCES workspaces (name),
    id TEXT NOT NULL,
    -- The login address, normalized.
    user_name TEXT NOT NULL,
    -- The privileges that the role gave when it was last applied, as a JSON list.
    role_privileges TEXT NOT NULL,
    -- The id of the employee record.
    employee TEXT,
    -- Whether an invitation was ever accepted, and whether the account is switched off.
    accepted INTEGER NOT NULL,
    inactive INTEGER NOT NULL,
    main_admin INTEGER NOT NULL,
    -- First and last name of the invitation.
    invited_given TEXT,
    invited_family TEXT,
    -- The hash of the passcode (argon2id, PHC form).
    passcode_hash TEXT,
    last_login BIGINT,
    -- Grows with every write on the account.
    version BIGINT NOT NULL,
    created BIGINT NOT NULL,
    modified BIGINT NOT NULL,
    -- Only plain SCIM deletes accounts; the rows stay.
    deleted INTEGER NOT NULL,
    -- The login of the person, who has the password; null until an invitation was accepted.
    login TEXT REFERENCES logins (id),
    -- The addresses that it had before, oldest first, as a JSON list.
    former TEXT NOT NULL DEFAULT '[]',
    -- The fields of the person by their keys in the field table, as a JSON object.
    fields TEXT NOT NULL DEFAULT '{}',
    -- The client's own id.
    external_id TEXT,
    -- On plain SCIM: the user as a client wrote it, as JSON.
    document TEXT,
    -- When the passcode was made.
    passcode_at BIGINT,
    PRIMARY KEY (workspace, id)
);
