-- Wrong secrets in a row are counted in a workspace, or, where people have one login for all workspaces of a platform, in the platform. The
-- program moves there what such workspaces counted each for itself.
ALTER TABLE failures RENAME TO failures_of_workspaces;
CREATE TABLE failures (
    place TEXT NOT NULL,
    kind TEXT NOT NULL,
    who TEXT NOT NULL,
    count BIGINT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (place, kind, who)
);
INSERT INTO failures (place, kind, who, count, last) SELECT workspace, kind, who, count, last FROM failures_of_workspaces;
DROP TABLE failures_of_workspaces;
