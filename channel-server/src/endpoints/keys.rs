//! The keys of the file, and what becomes of each.

/// The keys that mean something here.
pub(super) const KNOWN: [&str; 6] =
    ["agent", "action_endpoint", "nlg", "conversations", "tracker_store", "lock_store"];

/// Rasa's keys that mean nothing here, and what to do about each.
pub(super) const UNSUPPORTED: [(&str, &str); 5] = [
    ("event_broker", "remove it: events are not published yet"),
    (
        "nlu",
        "remove it: messages are understood by the agent itself; with `agent: {type: rasa, url: …}` by Rasa",
    ),
    ("model", "remove it: nothing is trained here; `--bot DIR` names the bot's folder"),
    ("models", "remove it: nothing is trained here; `--bot DIR` names the bot's folder"),
    ("vector_store", "run the bot in Rasa, and write `agent: {type: rasa, url: …}`"),
];
