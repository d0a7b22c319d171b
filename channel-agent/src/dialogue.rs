//! What can be asked of a domain agent besides answering.

use channel_core::{AgentError, Dialogue, Metadata, Prediction, Tracker, Turn, async_trait};
use serde_json::Value;

use crate::{actions, agent::DomainAgent, rules};

#[async_trait]
impl Dialogue for DomainAgent {
    fn tracker(&self, sender_id: &str) -> Tracker {
        self.tracker(sender_id)
    }

    fn domain(&self) -> &Value {
        &self.bot.domain.json
    }

    fn assistant_id(&self) -> Option<&str> {
        self.bot.assistant_id.as_deref()
    }

    fn has_intent(&self, name: &str) -> bool {
        self.bot.domain.has_intent(name)
    }

    fn has_action(&self, name: &str) -> bool {
        actions::is_known(name, &self.bot.domain)
    }

    fn parse(&self, text: &str) -> Metadata {
        self.bot.nlu.parse(text.trim(), true, &self.bot.domain)
    }

    fn predict(&self, tracker: &Tracker) -> Prediction {
        let next = self.next_action(tracker);
        let score = |action: &str| (action.to_owned(), self.bot.rules.score(action, &next, tracker));
        let mut scores: Vec<_> = actions::names(&self.bot.domain).into_iter().map(score).collect();
        scores.sort_by(|(_, one), (_, other)| other.total_cmp(one));
        Prediction { scores, policy: next.policy.map(Into::into), confidence: next.confidence }
    }

    async fn begin_session(&self, turn: &mut Turn<'_>) -> Result<(), AgentError> {
        self.declare_slots(turn.tracker_mut());
        self.start_session(turn).await
    }

    async fn hear(&self, turn: &mut Turn<'_>) -> Result<(), AgentError> {
        self.take_in(turn).await.map(drop)
    }

    async fn execute(
        &self,
        turn: &mut Turn<'_>,
        action: &str,
        policy: Option<&str>,
        confidence: Option<f64>,
    ) -> Result<(), AgentError> {
        if !self.has_action(action) {
            return Err(AgentError::new(format!(
                "there is no action `{action}`; the domain lists all of them"
            )));
        }
        self.begin_session(turn).await?;
        let confidence = confidence.unwrap_or_default().max(0.0);
        self.run(turn, &rules::Prediction::by_hand(action, policy, confidence)).await
    }
}
