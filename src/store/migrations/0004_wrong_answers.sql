-- Wrong phone numbers and wrong code words, so that guesses can be counted. A code word is sealed with the store's key.
CREATE TABLE wrong_answers (
    workspace TEXT NOT NULL REFERENCES workspaces (name),
    kind TEXT NOT NULL,
    who TEXT NOT NULL,
    mark TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX wrong_answers_of ON wrong_answers (workspace, kind, who, at);

-- The answers kept for retries are bounded for each workspace.
CREATE INDEX idempotency_of_workspace ON idempotency (workspace, created);
