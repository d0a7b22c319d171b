//! Closures as agents.

use async_trait::async_trait;

use super::{Agent, AgentError, Turn};
use crate::{BotMessage, UserMessage};

#[async_trait]
impl<F, Fut> Agent for F
where
    F: Fn(UserMessage) -> Fut + Send + Sync + 'static,
    Fut: Future<Output: IntoReplies> + Send,
{
    async fn handle(&self, turn: &mut Turn<'_>) -> Result<(), AgentError> {
        let answer = self(turn.message().clone()).await;
        for reply in answer.into_replies()? {
            turn.reply(reply);
        }
        Ok(())
    }
}

/// What a closure may answer with: text, a message, several of them, none, or a `Result` of these.
pub trait IntoReplies: Send {
    /// The replies, in order.
    ///
    /// # Errors
    ///
    /// The closure failed.
    fn into_replies(self) -> Result<Vec<BotMessage>, AgentError>;
}

macro_rules! one_reply {
    ($($answer:ty),*) => {$(
        impl IntoReplies for $answer {
            fn into_replies(self) -> Result<Vec<BotMessage>, AgentError> {
                Ok(vec![self.into()])
            }
        }
    )*};
}

one_reply!(&'static str, String, BotMessage);

impl IntoReplies for () {
    fn into_replies(self) -> Result<Vec<BotMessage>, AgentError> {
        Ok(Vec::new())
    }
}

impl<T: IntoReplies> IntoReplies for Option<T> {
    fn into_replies(self) -> Result<Vec<BotMessage>, AgentError> {
        self.map_or(Ok(Vec::new()), T::into_replies)
    }
}

impl<T: IntoReplies> IntoReplies for Vec<T> {
    fn into_replies(self) -> Result<Vec<BotMessage>, AgentError> {
        let replies: Result<Vec<_>, _> = self.into_iter().map(T::into_replies).collect();
        Ok(replies?.into_iter().flatten().collect())
    }
}

impl<T: IntoReplies, E: Into<crate::BoxError> + Send> IntoReplies for Result<T, E> {
    fn into_replies(self) -> Result<Vec<BotMessage>, AgentError> {
        self.map_err(AgentError::new)?.into_replies()
    }
}
