-- Each workspace numbers its own log: a cursor tells nothing of what happens elsewhere. Rows keep the numbers they have.
CREATE TABLE log_by_workspace (
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
    PRIMARY KEY (workspace, seq)
);
INSERT INTO log_by_workspace (
    workspace, seq, at, actor, via, origin, request_id, action, subject_kind, subject_id, subject, result, detail, changes, plan, approver, commit_id
) SELECT
    workspace, seq, at, actor, via, origin, request_id, action, subject_kind, subject_id, subject, result, detail, changes, plan, approver, commit_id
FROM log ORDER BY workspace, seq;
DROP TABLE log;
ALTER TABLE log_by_workspace RENAME TO log;
CREATE TRIGGER log_keeps_its_rows BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'the user log is append-only'); END;
CREATE TRIGGER log_keeps_its_words BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'the user log is append-only'); END;

-- Columns that nothing reads. The role is in `body`, every password so far is a first one, and the log tells who did what, and when.
ALTER TABLE accounts DROP COLUMN role;
ALTER TABLE accounts DROP COLUMN must_change_password;
ALTER TABLE workspaces DROP COLUMN code_word_at;
ALTER TABLE workspaces DROP COLUMN created;
ALTER TABLE blocks DROP COLUMN lifted_by;
