//! A conversation with a Slack bot, without Slack: the fake of `channel-testkit` is the workspace, you are Ada. Write lines;
//! `!1` presses the first button that was shown last. It ends with the input.
//!
//! ```text
//! cargo run --example slack_fake
//! ```

use channel_core::{BotMessage, Button, UserMessage};
use channel_server::Server;
use channel_testkit::slack::{Channel, Fake, Message, User};
use tokio::io::{AsyncBufReadExt as _, BufReader, stdin};

const SECRET: &str = "nobody else knows";

/// Asks for a colour, and says which it was.
async fn paint(message: UserMessage) -> BotMessage {
    match message.text.strip_prefix("/paint ") {
        Some(colour) => BotMessage::text(format!("Painted it {colour}.")),
        None => BotMessage::text("Which colour?")
            .with_buttons([Button::new("Red", "/paint red"), Button::new("Blue", "/paint blue")]),
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let slack = Fake::builder().token("xoxb-fake").signing_secret(SECRET).start().await?;
    let credentials = format!(
        "slack: {{ slack_token: xoxb-fake, slack_signing_secret: {SECRET}, api_url: '{}' }}",
        slack.api_url()
    );
    let bot = Server::builder().credentials_text(credentials).agent(paint).address("127.0.0.1", 0);
    let bot = bot.build()?.start().await?;
    slack.deliver_to(bot.url("/webhooks/slack/webhook"));
    let ada = slack.user("ada");
    let dm = slack.direct_message(&ada);
    let mut lines = BufReader::new(stdin()).lines();
    while let Some(line) = lines.next_line().await? {
        if let Err(error) = act(&slack, &ada, &dm, line.trim()).await {
            println!("{error}");
            continue;
        }
        show(&slack.next_reply(&dm).await?);
    }
    bot.stop().await;
    Ok(())
}

/// Says the line, or presses the button that it names.
async fn act(slack: &Fake, ada: &User, dm: &Channel, line: &str) -> Result<(), Box<dyn std::error::Error>> {
    let delivery = match line.strip_prefix('!') {
        Some(number) => {
            let transcript = slack.transcript(dm);
            let buttons = transcript.iter().rev().map(|message| &message.buttons);
            let shown = buttons.into_iter().find(|buttons| !buttons.is_empty());
            let index = number.parse::<usize>()?.wrapping_sub(1);
            let button = shown.and_then(|buttons| buttons.get(index)).ok_or("there is no such button")?;
            slack.press(ada, dm, &button.title).await?
        }
        None => slack.say(ada, dm, line).await,
    };
    if delivery.is_taken() { Ok(()) } else { Err(format!("not delivered: {:?}", delivery.tries).into()) }
}

/// What a human sees.
fn show(message: &Message) {
    println!("{}: {}", message.from, message.text);
    for (number, button) in (1..).zip(&message.buttons) {
        println!("  !{number} [{}]", button.title);
    }
}
