//! From a delivery to its acknowledgement, whichever way it came.

use channel_core::{
    OnNewMessage, TurnError,
    axum::{
        http::header::CONTENT_TYPE,
        response::{IntoResponse, Response},
    },
};
use serde_json::Value;

use super::{answers::Answers, inbound::Delivery};

/// What Slack is answered.
pub(super) enum Acknowledgement {
    Text(String),
    Json(Value),
}

impl Acknowledgement {
    /// What an envelope of Socket Mode is acknowledged with besides its id.
    pub(super) fn into_payload(self) -> Option<Value> {
        match self {
            Self::Text(_) => None,
            Self::Json(payload) => Some(payload),
        }
    }
}

impl IntoResponse for Acknowledgement {
    fn into_response(self) -> Response {
        match self {
            Self::Text(text) => text.into_response(),
            Self::Json(json) => ([(CONTENT_TYPE, "application/json")], json.to_string()).into_response(),
        }
    }
}

/// Hands a delivery on. Once this returns it is kept, and Slack may be told so.
pub(super) async fn receive(
    delivery: Delivery,
    answers: &Answers,
    on_new_message: &OnNewMessage,
) -> Result<Acknowledgement, TurnError> {
    match delivery {
        Delivery::Challenge(challenge) => Ok(Acknowledgement::Text(challenge)),
        Delivery::Messages(messages) => {
            for message in messages {
                on_new_message.accept(message).await?;
            }
            Ok(Acknowledgement::Text(String::new()))
        }
        Delivery::Question { message, without_answer } => {
            let awaited = answers.expect(&message.message_id);
            on_new_message.accept(*message).await?;
            let answer = awaited.answer().await.or(without_answer);
            Ok(answer.map_or_else(|| Acknowledgement::Text(String::new()), Acknowledgement::Json))
        }
    }
}
