-- How often a password was replaced by another one. The hash alone does not say it: the same password is hashed anew for other parameters.
ALTER TABLE logins ADD COLUMN password_changes BIGINT NOT NULL DEFAULT 0;
