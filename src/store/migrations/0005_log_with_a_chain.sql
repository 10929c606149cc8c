-- Each row carries a hash of itself and of the row before it. The program fills this table in sequence order; then `0005_log_append_only.sql` follows.
CREATE TABLE log_chained (
    workspace TEXT NOT NULL,
    seq BIGINT NOT NULL,
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
    commit_id TEXT,
    hash TEXT NOT NULL,
    PRIMARY KEY (workspace, seq)
) WITHOUT ROWID;
