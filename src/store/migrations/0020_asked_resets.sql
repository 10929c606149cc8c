-- Addresses for which somebody asked for a new password. A request writes a row for every address, whether it has an account or not, so that its
-- time does not tell which; the server sends the link afterward, where there is one to send, and removes the row. `id` is that of the request;
-- `address` is sealed with the key outside this file.
CREATE TABLE IF NOT EXISTS asked_resets (
    id TEXT NOT NULL PRIMARY KEY,
    workspace TEXT NOT NULL,
    address TEXT NOT NULL,
    origin TEXT,
    at BIGINT NOT NULL
);
