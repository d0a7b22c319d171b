//! Somebody who writes, presses and uses commands, and reads what comes.

use std::time::Duration;

use channel_core::BoxError;
use channel_testkit::{Delivery, Fault};

use super::fake::Chat;
use crate::{
    chance::Chance,
    driver::{pace::Pace, platform::Sent},
    script,
};

/// With how many of a hundred messages a call of the bot fails.
const FAILING: u64 = 10;

/// How many of a hundred messages arrive twice.
const TWICE: u64 = 5;

/// Whoever writes in one chat.
pub(super) struct Writer {
    said: Said,
    pace: Pace,
    chance: Chance,
    /// What was read.
    read: Vec<String>,
}

/// What was said in one chat.
pub(super) struct Said {
    /// Which of the platforms the chat is on.
    pub(super) platform: usize,
    pub(super) chat: Box<dyn Chat>,
    pub(super) messages: Vec<Message>,
    redelivered: usize,
}

/// What somebody said, by whatever means.
pub(super) struct Message {
    /// What the bot hears.
    pub(super) text: String,
    /// Whether the platform was told that it arrived. Where it was not, it may have arrived nevertheless.
    pub(super) is_taken: bool,
}

impl Writer {
    pub(super) fn new(platform: usize, chat: Box<dyn Chat>, pace: Pace, chance: Chance) -> Self {
        let said = Said { platform, chat, messages: Vec::new(), redelivered: 0 };
        Self { said, pace, chance, read: Vec::new() }
    }

    /// Writes until it is time to end, then reads on until the last answer is there, or patience is over.
    pub(super) async fn write(mut self) -> Said {
        let mut pace = self.pace.clone();
        tokio::select! {
            // What does not come in time is lost: the verdict says so.
            _ = self.write_on() => {}
            () = pace.given_up() => {}
        }
        self.said
    }

    async fn write_on(&mut self) -> Result<(), BoxError> {
        let name = self.said.chat.conversation().to_string();
        while self.pace.pause(&name, self.said.messages.len()).await {
            self.say_something().await?;
        }
        let last = self.said.messages.iter().rfind(|message| message.is_taken);
        match last.map(|last| last.text.clone()) {
            Some(last) => self.read_answer(&last).await,
            None => Ok(()),
        }
    }

    /// Says the next number: in words, as a command, or with a question for a button, which is pressed.
    async fn say_something(&mut self) -> Result<(), BoxError> {
        let number = self.said.messages.len() + 1;
        self.disturb(number);
        match self.roll("what", number, 10) {
            0..3 => {
                let question = script::question(number);
                let delivery = self.said.chat.say(&question).await;
                if self.said.note(question.clone(), &delivery) {
                    self.read_answer(&question).await?;
                    self.press(number + 1).await?;
                }
            }
            3..5 => {
                let delivery = self.said.chat.count(&number.to_string()).await;
                self.said.note(format!("/count {number}"), &delivery);
            }
            _ => {
                let delivery = self.said.chat.say(&number.to_string()).await;
                self.said.note(number.to_string(), &delivery);
            }
        }
        Ok(())
    }

    async fn press(&mut self, number: usize) -> Result<(), BoxError> {
        self.disturb(number);
        let title = number.to_string();
        let delivery = self.said.chat.press(&title).await?;
        self.said.note(title, &delivery);
        Ok(())
    }

    /// Reads until there is the last answer to a message.
    async fn read_answer(&mut self, message: &str) -> Result<(), BoxError> {
        let last = script::reply_start(message, 2);
        while !self.read.iter().any(|reply| reply.starts_with(&last)) {
            self.read.push(self.said.chat.next_reply().await?);
        }
        Ok(())
    }

    /// Makes trouble around a message.
    fn disturb(&self, number: usize) {
        if self.roll("twice", number, 100) < TWICE {
            self.said.chat.duplicate_next();
        }
        if self.roll("failing", number, 100) < FAILING {
            self.said.chat.fail_next(match self.roll("fault", number, 4) {
                0 => Fault::Status(500),
                1 => Fault::RateLimited(Duration::from_secs(1)),
                2 => Fault::Close,
                _ => Fault::LoseAnswer,
            });
        }
    }

    /// A number below this one, the same in every run with the same seed.
    fn roll(&self, about: &str, number: usize, below: u64) -> u64 {
        self.chance.within((about, self.said.chat.conversation().to_string(), number), 0..below)
    }
}

impl Said {
    /// Takes down what was said; whether it was taken.
    fn note(&mut self, text: String, delivery: &Delivery) -> bool {
        let is_taken = delivery.is_taken();
        self.messages.push(Message { text, is_taken });
        self.redelivered += delivery.tries.iter().filter(|one| one.number > 0).count();
        is_taken
    }

    /// The figures.
    pub(super) fn sent(&self) -> Sent {
        Sent {
            conversation: self.chat.conversation().to_string(),
            messages: self.messages.len(),
            acknowledged: self.messages.iter().filter(|message| message.is_taken).count(),
            redelivered: self.redelivered,
        }
    }
}
