-- What channels remember. `key` is the hash of the channel and the name.
CREATE TABLE channel_notes (
    key bytea PRIMARY KEY,
    channel bytea NOT NULL,
    name bytea NOT NULL,
    text bytea NOT NULL
);
