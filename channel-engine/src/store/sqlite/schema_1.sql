-- Times are microseconds since 1970.

CREATE TABLE channel (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
);

-- `changed_at` is never before the end of any of its messages, nor before the death of any of its replies.
CREATE TABLE conversation (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    channel INTEGER NOT NULL,
    sender_id TEXT NOT NULL,
    is_begun INTEGER NOT NULL DEFAULT 0,
    steps INTEGER NOT NULL DEFAULT 0,
    changed_at INTEGER NOT NULL,
    UNIQUE (sender_id, channel)
);

-- One row for each step: the JSON of its events, one a line. Steps of many conversations that come together stand together,
-- so that few pages change: `WITHOUT ROWID` would spread them.
CREATE TABLE event (
    conversation INTEGER NOT NULL,
    step INTEGER NOT NULL,
    events INTEGER NOT NULL,
    lines TEXT NOT NULL,
    PRIMARY KEY (conversation, step)
);

-- States: 0 pending, 1 over, 2 superseded, 3 dead. What is over has no message any more.
CREATE TABLE inbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    channel INTEGER NOT NULL,
    message_id TEXT NOT NULL,
    conversation INTEGER NOT NULL,
    state INTEGER NOT NULL DEFAULT 0,
    waits INTEGER NOT NULL,
    accepted_at INTEGER NOT NULL,
    ended_at INTEGER,
    attempts INTEGER NOT NULL DEFAULT 0,
    retry_at INTEGER,
    steps INTEGER NOT NULL DEFAULT 0,
    events INTEGER NOT NULL DEFAULT 0,
    error TEXT,
    superseded_by TEXT,
    message TEXT,
    replies TEXT NOT NULL DEFAULT '',
    UNIQUE (channel, message_id)
);
CREATE INDEX inbox_pending ON inbox (conversation) WHERE state = 0;
CREATE INDEX inbox_over ON inbox (ended_at) WHERE state IN (1, 2);
CREATE INDEX inbox_dead ON inbox (ended_at) WHERE state = 3;

-- A dead letter has an outcome. What is sent has no row any more.
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation INTEGER NOT NULL,
    channel INTEGER NOT NULL,
    since INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    retry_at INTEGER,
    error TEXT,
    outcome TEXT,
    recipient TEXT NOT NULL,
    reply TEXT NOT NULL
);
CREATE INDEX outbox_unsent ON outbox (conversation) WHERE outcome IS NULL;
CREATE INDEX outbox_dead ON outbox (since) WHERE outcome IS NOT NULL;

-- A message has a message id, a reply a recipient.
CREATE TABLE schedule (
    id INTEGER PRIMARY KEY,
    due INTEGER NOT NULL,
    conversation INTEGER NOT NULL,
    channel INTEGER NOT NULL,
    message_id TEXT,
    recipient TEXT,
    content TEXT NOT NULL
);
CREATE INDEX schedule_due ON schedule (due);
CREATE INDEX schedule_conversation ON schedule (conversation);
