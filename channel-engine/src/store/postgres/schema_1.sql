-- Names and ids are `bytea`: they may hold NUL, which `text` can't, and they sort as Rust sorts them.
-- JSON is `text`: numbers and the order of keys stay as they are. A column `*_lines` holds JSON texts, one a line.
-- Times are microseconds since 1970 by a server's clock, save `seen`, which is the database's.

CREATE TABLE channel_servers (
    id bigint PRIMARY KEY,          -- of one life: a server that was taken for dead goes on under a new one
    mailbox bigint NOT NULL,        -- of the process: where it is told something
    seen timestamptz NOT NULL
);

CREATE SEQUENCE channel_leases;

-- Who holds a conversation, and what is known of its events. `key` is the hash of its name.
CREATE TABLE channel_conversations (
    key bytea PRIMARY KEY,
    channel bytea NOT NULL,
    sender_id bytea NOT NULL,
    holder bigint,                  -- the server's id; none: it is free
    lease bigint NOT NULL,          -- grows with every lease: the fencing token
    has_begun boolean NOT NULL DEFAULT false,
    next_step bigint NOT NULL DEFAULT 0,
    changed_at bigint NOT NULL DEFAULT 0,
    changed_hour bigint NOT NULL DEFAULT 0      -- the same in hours: an index that seldom changes
) WITH (fillfactor = 70);

CREATE INDEX channel_conversations_sender ON channel_conversations (substr(sender_id, 1, 255)) WHERE has_begun;
CREATE INDEX channel_conversations_empty ON channel_conversations (key) WHERE NOT has_begun;
CREATE INDEX channel_conversations_changed ON channel_conversations (changed_hour) WHERE has_begun;

-- The events of a step.
CREATE TABLE channel_events (
    conversation bytea NOT NULL,
    step bigint NOT NULL,
    event_lines text NOT NULL,
    PRIMARY KEY (conversation, step)
);

CREATE SEQUENCE channel_inbox_ids;

-- Messages. `key` is the hash of the channel and the message's id; `conversation` that of the conversation's name.
CREATE TABLE channel_inbox (
    key bytea PRIMARY KEY,
    id bigint NOT NULL,             -- the order of acceptance
    conversation bytea NOT NULL,
    conversation_channel bytea NOT NULL,
    sender_id bytea NOT NULL,
    channel bytea NOT NULL,
    message_id bytea NOT NULL,
    message text,                   -- none once it is over
    waits boolean NOT NULL,
    mailbox bigint,                 -- of the server that accepted it
    accepted_at bigint NOT NULL,
    state smallint NOT NULL DEFAULT 0,          -- 0 pending, 1 over, 2 superseded, 3 dead
    reason bytea,                   -- of what is superseded
    ended_at bigint,
    attempts bigint NOT NULL DEFAULT 0,
    error bytea,
    retry_at bigint,
    steps bigint NOT NULL DEFAULT 0,
    events bigint NOT NULL DEFAULT 0,
    reply_lines text NOT NULL DEFAULT ''
);

CREATE UNIQUE INDEX channel_inbox_order ON channel_inbox (id);
CREATE INDEX channel_inbox_pending ON channel_inbox (conversation, id) WHERE state = 0;
CREATE INDEX channel_inbox_over ON channel_inbox (ended_at) WHERE state IN (1, 2);
CREATE INDEX channel_inbox_dead ON channel_inbox (ended_at) WHERE state = 3;

CREATE SEQUENCE channel_outbox_ids;

-- Replies that are not sent. `cause` and `step` say of which step of which message's turn.
CREATE TABLE channel_outbox (
    id bigint PRIMARY KEY,
    conversation bytea NOT NULL,
    conversation_channel bytea NOT NULL,
    sender_id bytea NOT NULL,
    channel bytea NOT NULL,
    recipient text NOT NULL,
    reply text NOT NULL,
    cause bytea,
    step bigint,
    since bigint NOT NULL,
    attempts bigint NOT NULL DEFAULT 0,
    error bytea,
    retry_at bigint,
    died_at bigint,                 -- none: it is to be sent
    outcome bytea
);

CREATE INDEX channel_outbox_unsent ON channel_outbox (conversation, id) WHERE died_at IS NULL;
CREATE INDEX channel_outbox_dead ON channel_outbox (died_at) WHERE died_at IS NOT NULL;

CREATE SEQUENCE channel_scheduled_ids;

-- What is to happen later: a message where there is a key, else a reply.
CREATE TABLE channel_scheduled (
    id bigint PRIMARY KEY,
    due bigint NOT NULL,
    conversation bytea NOT NULL,
    conversation_channel bytea NOT NULL,
    sender_id bytea NOT NULL,
    channel bytea NOT NULL,
    key bytea,
    message_id bytea,
    recipient text,
    content text NOT NULL
);

CREATE INDEX channel_scheduled_due ON channel_scheduled (due, id);
