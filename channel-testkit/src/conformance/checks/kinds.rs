//! Every kind of reply is sent, and nothing of it lost.

use channel_core::{BotMessage, Button, Element};

use super::Verdict;
use crate::conformance::{
    Failure, Shown, Suite,
    shown::essence as without_white_space,
    stage::{Stage, essence, shortened},
};

pub(super) const IMAGE: &str = "https://files.example.com/cat.png";
pub(super) const FILE: &str = "https://files.example.com/report.pdf";

const MANY: usize = 30;

pub(crate) async fn text(suite: &Suite) -> Verdict {
    readable(suite, "words and more words".into(), &["words and more words"]).await.map(drop)
}

pub(crate) async fn long_text(suite: &Suite) -> Verdict {
    let text = (0..2000).map(|word| format!("w{word:04}")).collect::<Vec<_>>().join(" ");
    let (stage, shown) = readable(suite, text.as_str().into(), &[&text]).await?;
    let Some(limit) = stage.output().and_then(|output| output.capabilities().text) else { return Ok(()) };
    let is_too_long = |shown: &Shown| matches!(shown, Shown::Text(text) if !limit.holds(text));
    match shown.into_iter().find(is_too_long) {
        None => Ok(()),
        Some(long) => Err(Failure::new(
            format!("pieces within the declared {limit:?}"),
            shortened(&format!("{long:?}")),
            "leave the splitting to `OutputChannel::send`",
        )),
    }
}

pub(crate) async fn buttons(suite: &Suite) -> Verdict {
    let message = two_buttons();
    let (_, shown) = readable(suite, message, &["Shall we", "Certainly", "Never"]).await?;
    let expected = [("Certainly", "/affirm"), ("Never", "/deny")];
    for shown in shown {
        if let Shown::Buttons(_, buttons) = shown
            && !buttons.iter().map(|(title, payload)| (title.as_str(), payload.as_str())).eq(expected)
        {
            return Err(Failure::new(
                format!("the buttons {expected:?}"),
                format!("{buttons:?}"),
                "send with each button its payload, or its title where it has none",
            ));
        }
    }
    Ok(())
}

pub(crate) async fn many_buttons(suite: &Suite) -> Verdict {
    let titles: Vec<_> = (0..MANY).map(|number| format!("Choice{number:02}")).collect();
    let buttons = titles.iter().map(|title| Button::new(title, format!("/choose_{title}")));
    let message = BotMessage::text("Which one").with_buttons(buttons);
    let needles: Vec<_> = titles.iter().map(String::as_str).chain(["Which one"]).collect();
    readable(suite, message, &needles).await.map(drop)
}

pub(crate) async fn quick_replies(suite: &Suite) -> Verdict {
    readable(suite, two_quick_replies(), &["Shall we", "Certainly", "Never"]).await.map(drop)
}

pub(crate) async fn images(suite: &Suite) -> Verdict {
    let message = BotMessage::text("A cat").with_image(IMAGE);
    readable(suite, message, &["A cat", IMAGE]).await.map(drop)
}

pub(crate) async fn attachments(suite: &Suite) -> Verdict {
    let message = BotMessage::text("A report").with_attachment(FILE);
    readable(suite, message, &["A report", FILE]).await.map(drop)
}

pub(crate) async fn elements(suite: &Suite) -> Verdict {
    let needles = ["Cat", "soft and warm", "Stroke", "Dog", "loud and loyal"];
    readable(suite, two_elements(), &needles).await.map(drop)
}

pub(crate) async fn custom(suite: &Suite) -> Verdict {
    let json = (suite.custom)("customwords");
    let (stage, _) = answered(suite, BotMessage::custom(json.clone())).await?;
    if stage.seen().all().iter().any(|seen| seen.raw.contains("customwords")) {
        return Ok(());
    }
    Err(Failure::new(
        format!("a call, or an answer, with the reply's JSON {json}"),
        format!("{:?}", stage.seen().all()),
        "send what comes in `custom` as it is; where the platform has another shape, say `custom: |text| …`",
    ))
}

pub(super) fn two_buttons() -> BotMessage {
    BotMessage::text("Shall we").with_buttons(choices())
}

pub(super) fn two_quick_replies() -> BotMessage {
    BotMessage::text("Shall we").with_quick_replies(choices())
}

pub(super) fn two_elements() -> BotMessage {
    let mut cat = Element::new("Cat", "soft and warm");
    cat.extra.insert("image_url".to_owned(), IMAGE.into());
    cat.buttons.push(Button::new("Stroke", "/stroke"));
    BotMessage::default().with_elements([cat, Element::new("Dog", "loud and loyal")])
}

fn choices() -> [Button; 2] {
    [Button::new("Certainly", "/affirm"), Button::new("Never", "/deny")]
}

/// Has the bot reply that, and sees whether all of this can be read.
async fn readable<'a>(
    suite: &'a Suite,
    message: BotMessage,
    needles: &[&str],
) -> Result<(Stage<'a>, Vec<Shown>), Failure> {
    let (stage, shown) = answered(suite, message).await?;
    let seen = essence(&stage.seen().all());
    match needles.iter().find(|needle| !seen.contains(&without_white_space(needle))) {
        None => Ok((stage, shown)),
        Some(lost) => Err(Failure::new(
            format!("to read {:?}", shortened(lost)),
            shortened(&format!("{shown:?}")),
            "show every part of a reply, or leave the method away: its default shows it as text. If it is shown, let `shown` or `replies` read it",
        )),
    }
}

/// Has the bot reply that; what is seen then.
pub(super) async fn answered(suite: &Suite, message: BotMessage) -> Result<(Stage<'_>, Vec<Shown>), Failure> {
    let stage = Stage::new(suite).await?;
    let said = stage.says("show it to me");
    stage.bot.answers(&said.text, [message]);
    stage.say(&said).await?;
    stage.idle().await?;
    let shown = stage.seen().all().into_iter().flat_map(|seen| seen.shown).collect();
    Ok((stage, shown))
}
