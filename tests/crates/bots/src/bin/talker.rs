//! A bot that shows what a bot can show.

use std::fs;

use channel_core::{Agent, AgentError, BotMessage, Button, Element, Event, Turn, async_trait};

struct Talker;

#[async_trait]
impl Agent for Talker {
    async fn handle(&self, turn: &mut Turn<'_>) -> Result<(), AgentError> {
        let message = turn.message();
        turn.tracker_mut().apply(Event::action(&*message.text));
        match &*message.text {
            "nothing" => {}
            "fail" => return Err(AgentError::new("no more ideas")),
            "panic" => panic!("on purpose"),
            "wait" => wait(turn).await?,
            "ask" => turn.reply(question()),
            "show" => show(turn),
            "who" => turn.reply(format!("{} on {}", message.sender_id, turn.channel())),
            "count" => turn.reply(format!("{} messages", turn.tracker().events().len())),
            text => turn.reply(format!("You said: {text}")),
        }
        Ok(())
    }
}

/// Ends a step, then waits for somebody who writes into the file `answer`.
async fn wait(turn: &mut Turn<'_>) -> Result<(), AgentError> {
    turn.reply("One moment.");
    turn.flush().await?;
    let answer = tokio::task::spawn_blocking(|| fs::read_to_string("answer")).await;
    turn.reply(answer.map_err(AgentError::new)?.map_err(AgentError::new)?);
    Ok(())
}

fn question() -> BotMessage {
    let again = Button { title: "again".to_owned(), ..Button::default() };
    BotMessage::text("Shall we go on?").with_buttons([Button::new("Yes", "/affirm"), again])
}

fn show(turn: &mut Turn<'_>) {
    turn.reply(BotMessage::text("Quick!").with_quick_replies([Button::new("Now", "/now")]));
    turn.reply(BotMessage::image("https://example.com/cat.png"));
    turn.reply(BotMessage::default().with_attachment("https://example.com/cat.pdf"));
    turn.reply(BotMessage::custom(serde_json::json!({ "mood": ["fine", null] })));
    let mut card = Element::new("Cat", "Purrs");
    card.buttons.push(Button::new("Adopt", "/adopt"));
    turn.reply(BotMessage::default().with_elements([card]));
    turn.reply("Two\nlines");
}

fn main() -> std::process::ExitCode {
    channel_server::Main::new().agent(Talker).run()
}
