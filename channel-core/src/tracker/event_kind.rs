//! What can happen in a conversation.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::message::Metadata;

/// What can happen in a conversation.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[non_exhaustive]
pub enum EventKind {
    /// The user said something.
    User {
        /// The words.
        text: Option<String>,
        /// What was understood: `intent`, `entities`, `text`, `message_id`, `metadata`, ….
        #[serde(default, deserialize_with = "null_is_default")]
        parse_data: Metadata,
        /// The name of the channel that the message came through.
        input_channel: Option<String>,
        /// The message's id.
        message_id: Option<String>,
    },
    /// The bot said something.
    Bot {
        /// The words.
        text: Option<String>,
        /// What else is shown: `elements`, `quick_replies`, `buttons`, `attachment`, `image`, `custom`.
        #[serde(default, deserialize_with = "null_is_default")]
        data: Metadata,
    },
    /// An action ran.
    Action {
        /// The action's name.
        name: Option<String>,
        /// The policy that chose it.
        policy: Option<String>,
        /// How sure the policy was, from 0 to 1.
        confidence: Option<f64>,
        /// What the bot said, in place of a name, where a policy chose words.
        action_text: Option<String>,
        /// Left out of the history that learning policies see.
        #[serde(default)]
        hide_rule_turn: bool,
    },
    /// A slot got a value.
    Slot {
        /// The slot's name.
        name: String,
        /// Its value from now on.
        #[serde(default)]
        value: Value,
    },
    /// A session began.
    SessionStarted,
    /// The conversation begins anew: nothing before this counts.
    Restart,
    /// The last thing that the user said, and all that came of it, does not count.
    Rewind,
    /// The last action, and all that came of it, does not count.
    Undo,
    /// All slots have their initial values again.
    ResetSlots,
    /// The bot is silent until it resumes.
    Pause,
    /// The bot speaks again.
    Resume,
    /// The conversation is to be written down as a story.
    Export,
    /// An action is to run next.
    Followup {
        /// The action's name.
        name: String,
    },
    /// An intent is to be triggered at a later time.
    Reminder {
        /// The intent.
        intent: String,
        /// When, in ISO 8601.
        date_time: String,
        /// The entities that come with the intent.
        #[serde(default)]
        entities: Value,
        /// What the reminder is called; a later one of the same name replaces it.
        name: Option<String>,
        /// Nothing is triggered once the user has spoken.
        #[serde(default = "yes")]
        kill_on_user_msg: bool,
    },
    /// Reminders are taken back: all that fit what is said here.
    CancelReminder {
        /// What the reminder is called.
        name: Option<String>,
        /// The intent that it would trigger.
        intent: Option<String>,
        /// The entities that it would trigger it with.
        #[serde(default)]
        entities: Value,
    },
    /// A loop (a form) began, or ended.
    ActiveLoop {
        /// The loop's name; `None` ends the one that is active.
        name: Option<String>,
    },
    /// The active loop was interrupted, or goes on.
    LoopInterrupted {
        /// Whether it was interrupted.
        #[serde(default)]
        is_interrupted: bool,
    },
    /// An action refused to run.
    ActionExecutionRejected {
        /// The action's name.
        name: String,
        /// The policy that chose it.
        policy: Option<String>,
        /// How sure the policy was, from 0 to 1.
        confidence: Option<f64>,
    },
    /// Entities were found in what the user said last.
    Entities {
        /// The entities.
        entities: Vec<Value>,
    },
    /// What the user said last is seen by its text, or by its intent.
    UserFeaturization {
        /// Whether it is seen by its text.
        use_text_for_featurization: Option<bool>,
    },
    /// A human agent said something.
    Agent {
        /// The words.
        text: Option<String>,
        /// What else is shown.
        #[serde(default)]
        data: Value,
    },
    /// Something that this version knows nothing of; it is kept as it came.
    #[serde(skip)]
    Other {
        /// Its type.
        event: String,
        /// All keys but `event`, `timestamp` and `metadata`.
        fields: Metadata,
    },
}

impl EventKind {
    /// What the event is called in JSON.
    pub fn name(&self) -> &str {
        match self {
            Self::User { .. } => "user",
            Self::Bot { .. } => "bot",
            Self::Action { .. } => "action",
            Self::Slot { .. } => "slot",
            Self::SessionStarted => "session_started",
            Self::Restart => "restart",
            Self::Rewind => "rewind",
            Self::Undo => "undo",
            Self::ResetSlots => "reset_slots",
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Export => "export",
            Self::Followup { .. } => "followup",
            Self::Reminder { .. } => "reminder",
            Self::CancelReminder { .. } => "cancel_reminder",
            Self::ActiveLoop { .. } => "active_loop",
            Self::LoopInterrupted { .. } => "loop_interrupted",
            Self::ActionExecutionRejected { .. } => "action_execution_rejected",
            Self::Entities { .. } => "entities",
            Self::UserFeaturization { .. } => "user_featurization",
            Self::Agent { .. } => "agent",
            Self::Other { event, .. } => event,
        }
    }
}

fn yes() -> bool {
    true
}

/// Rasa writes `null` where it means "none".
fn null_is_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}
