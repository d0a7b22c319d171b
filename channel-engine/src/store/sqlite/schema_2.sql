-- What channels remember.
CREATE TABLE note (
    channel TEXT NOT NULL,
    name TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (channel, name)
) WITHOUT ROWID;
