//! What a user chose of buttons that the platform does not show, or whose payloads it does not carry.

use std::sync::{Arc, Mutex};

use channel_core::{
    BotMessage, Button, ButtonLimits, Capabilities, CollectingOutputChannel, Length, OutputChannel,
    Recipient, SendError, Sent, UserMessage, async_trait,
};
use channel_engine::{Engine, MemoryStore, Options};

use crate::support::{in_chat, texts, way_in};

/// A platform that shows so many buttons; what it showed.
struct Phone {
    buttons: ButtonLimits,
    shown: Mutex<Vec<String>>,
}

#[async_trait]
impl OutputChannel for Phone {
    fn name(&self) -> &str {
        "chat"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities { buttons: Some(self.buttons), ..Capabilities::default() }
    }

    async fn send_text(&self, _: &Recipient, text: &str, _: &BotMessage) -> Result<Sent, SendError> {
        self.shown.lock().unwrap().push(text.to_owned());
        Ok(Sent::default())
    }

    async fn send_buttons(
        &self,
        _: &Recipient,
        _: Option<&str>,
        buttons: &[Button],
        _: &BotMessage,
    ) -> Result<Sent, SendError> {
        self.shown.lock().unwrap().extend(buttons.iter().filter_map(|button| button.payload.clone()));
        Ok(Sent::default())
    }
}

/// Asks what to drink, and says what it is told.
async fn waiter(message: UserMessage) -> BotMessage {
    if message.text == "hi" {
        let choices = [
            Button::new("Tea", r#"/order{"drink": "tea"}"#),
            Button::new("Ale", r#"/order{"drink": "ale"}"#),
        ];
        return BotMessage::text("What?").with_buttons(choices);
    }
    BotMessage::text(format!("{} {}", message.text, message.is_payload))
}

fn phone(buttons: ButtonLimits) -> Arc<Phone> {
    Arc::new(Phone { buttons, shown: Mutex::default() })
}

fn engine(store: &Arc<MemoryStore>) -> Engine {
    Engine::new(Arc::new(waiter), Arc::clone(store) as _, Options::default())
}

/// What the phone shows once this was said.
async fn say(engine: &Engine, phone: &Arc<Phone>, message: UserMessage) -> Vec<String> {
    let on_new_message = way_in(engine, &Arc::new(CollectingOutputChannel::new("chat")));
    on_new_message.handle(message, Arc::clone(phone) as _).await.unwrap();
    std::mem::take(&mut phone.shown.lock().unwrap())
}

#[tokio::test]
async fn the_number_of_a_choice_is_its_payload_also_after_a_restart() {
    let (store, phone) = (Arc::new(MemoryStore::default()), phone(ButtonLimits::default()));
    let shown = say(&engine(&store), &phone, UserMessage::new("hi", "ada")).await;
    assert_eq!(shown, ["What?\n1. Tea\n2. Ale"]);
    let engine = engine(&store);
    assert_eq!(say(&engine, &phone, UserMessage::new("2", "ada")).await, [r#"/order{"drink": "ale"} true"#]);
    assert_eq!(say(&engine, &phone, UserMessage::new("2", "ada")).await, ["2 false"], "chosen already");
    assert_eq!(say(&engine, &phone, UserMessage::new("2", "bob")).await, ["2 false"], "asked somebody else");
}

#[tokio::test]
async fn a_key_is_the_payload_that_it_stands_for() {
    let payload = Some(Length::Bytes(20));
    let phone = phone(ButtonLimits { count: 2, payload, ..ButtonLimits::default() });
    let engine = engine(&Arc::default());
    let keys = say(&engine, &phone, UserMessage::new("hi", "ada")).await;
    assert!(keys.iter().all(|key| key.len() == 17), "{keys:?}");
    say(&engine, &phone, UserMessage::new("let me think", "ada")).await;
    assert_eq!(
        say(&engine, &phone, UserMessage::payload(&keys[1], "ada")).await,
        [r#"/order{"drink": "ale"} true"#]
    );
    assert_eq!(say(&engine, &phone, UserMessage::new(&keys[1], "ada")).await, [format!("{} false", keys[1])]);
}

#[tokio::test]
async fn who_collects_replies_has_the_buttons_and_numbers_are_numbers() {
    let engine = engine(&Arc::default());
    let on_new_message = way_in(&engine, &Arc::new(CollectingOutputChannel::new("chat")));
    for (text, reply) in [("hi", "What?"), ("2", "2 false")] {
        let output = on_new_message.collector();
        on_new_message.handle(UserMessage::new(text, "ada"), output.clone()).await.unwrap();
        assert_eq!(texts(&output), [reply]);
    }
    assert!(engine.tracker(&in_chat("ada")).await.unwrap().is_some(), "what was offered is kept");
}
