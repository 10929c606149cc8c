DROP TABLE log;
ALTER TABLE log_chained RENAME TO log;
CREATE TRIGGER log_keeps_its_rows BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'the user log is append-only'); END;
CREATE TRIGGER log_keeps_its_words BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'the user log is append-only'); END;
-- `INSERT OR REPLACE` removes a row without asking the trigger for deletions.
CREATE TRIGGER log_keeps_its_order BEFORE INSERT ON log
WHEN NEW.seq <= (SELECT COALESCE(MAX(seq), 0) FROM log WHERE workspace = NEW.workspace)
BEGIN SELECT RAISE(ABORT, 'the user log is append-only'); END;

-- Equal refusals within a minute: the first has its row in the log, the others are counted here until the minute is over.
CREATE TABLE repeated_refusals (
    workspace TEXT NOT NULL,
    mark TEXT NOT NULL,
    seq BIGINT NOT NULL,
    ends BIGINT NOT NULL,
    times BIGINT NOT NULL,
    PRIMARY KEY (workspace, mark)
) WITHOUT ROWID;
