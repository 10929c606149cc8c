-- Columns are TEXT and integers only: flags are 0/1, times epoch milliseconds, JSON is TEXT.
CREATE TABLE workspaces (
    name TEXT NOT NULL PRIMARY KEY,
    platform TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    initial_password_allowed INTEGER NOT NULL,
    code_word TEXT,
    code_word_at BIGINT,
    created BIGINT NOT NULL
);

CREATE TABLE accounts (
    workspace TEXT NOT NULL REFERENCES workspaces (name),
    id TEXT NOT NULL,
    user_name TEXT NOT NULL,
    body TEXT NOT NULL,
    role TEXT,
    role_privileges TEXT NOT NULL,
    employee TEXT,
    accepted INTEGER NOT NULL,
    inactive INTEGER NOT NULL,
    main_admin INTEGER NOT NULL,
    invited_given TEXT,
    invited_family TEXT,
    passcode_hash TEXT,
    password_hash TEXT,
    must_change_password INTEGER NOT NULL,
    last_login BIGINT,
    version BIGINT NOT NULL,
    created BIGINT NOT NULL,
    modified BIGINT NOT NULL,
    deleted INTEGER NOT NULL,
    PRIMARY KEY (workspace, id)
);
CREATE UNIQUE INDEX accounts_user_name ON accounts (workspace, user_name) WHERE deleted = 0;
CREATE INDEX accounts_listed ON accounts (workspace, id) WHERE deleted = 0;
CREATE INDEX accounts_main_admin ON accounts (workspace) WHERE main_admin = 1;

CREATE TABLE resources (
    workspace TEXT NOT NULL REFERENCES workspaces (name),
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    unique_key TEXT NOT NULL,
    body TEXT NOT NULL,
    built_in INTEGER NOT NULL,
    version BIGINT NOT NULL,
    created BIGINT NOT NULL,
    modified BIGINT NOT NULL,
    deleted INTEGER NOT NULL,
    PRIMARY KEY (workspace, kind, id)
);
CREATE UNIQUE INDEX resources_key ON resources (workspace, kind, unique_key) WHERE deleted = 0;

-- One row is one mail. The newest of an account is the one that no other superseded.
CREATE TABLE invitations (
    workspace TEXT NOT NULL,
    account TEXT NOT NULL,
    id TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    state TEXT NOT NULL,
    superseded INTEGER NOT NULL,
    sent_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (workspace, account, id),
    FOREIGN KEY (workspace, account) REFERENCES accounts (workspace, id)
);
CREATE UNIQUE INDEX invitations_newest ON invitations (workspace, account) WHERE superseded = 0;

CREATE TABLE blocks (
    workspace TEXT NOT NULL,
    account TEXT NOT NULL,
    id TEXT NOT NULL,
    reason TEXT NOT NULL,
    note TEXT,
    since BIGINT NOT NULL,
    by_user TEXT NOT NULL,
    lifted_at BIGINT,
    lifted_by TEXT,
    PRIMARY KEY (workspace, account, id),
    FOREIGN KEY (workspace, account) REFERENCES accounts (workspace, id)
);
CREATE UNIQUE INDEX blocks_standing ON blocks (workspace, account) WHERE lifted_at IS NULL;

CREATE TABLE tokens (
    id TEXT NOT NULL PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    workspace TEXT NOT NULL REFERENCES workspaces (name),
    owner TEXT NOT NULL,
    access TEXT NOT NULL,
    created BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    revoked BIGINT,
    FOREIGN KEY (workspace, owner) REFERENCES accounts (workspace, id)
);

CREATE TABLE idempotency (
    workspace TEXT NOT NULL,
    owner TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    status INTEGER NOT NULL,
    location TEXT,
    etag TEXT,
    body TEXT NOT NULL,
    kind TEXT,
    made TEXT,
    created BIGINT NOT NULL,
    PRIMARY KEY (workspace, owner, idempotency_key)
);
CREATE INDEX idempotency_age ON idempotency (created);

CREATE TABLE log (
    seq INTEGER PRIMARY KEY,
    workspace TEXT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    via TEXT NOT NULL,
    origin TEXT,
    request_id TEXT NOT NULL,
    action TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id TEXT,
    subject TEXT,
    result TEXT NOT NULL,
    detail TEXT,
    changes TEXT NOT NULL,
    plan TEXT,
    approver TEXT,
    commit_id TEXT
);
CREATE INDEX log_of_workspace ON log (workspace, seq);
CREATE TRIGGER log_keeps_its_rows BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'the user log is append-only'); END;
CREATE TRIGGER log_keeps_its_words BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'the user log is append-only'); END;
