//! What is declared is shown, and what is shown is declared.

use channel_core::{BotMessage, Capabilities, Recipient};

use super::{
    Verdict,
    kinds::{FILE, IMAGE, answered, two_buttons, two_elements, two_quick_replies},
};
use crate::conformance::{Failure, Shown, Suite, stage::shortened};

pub(crate) fn has_no_output(suite: &Suite) -> Option<&'static str> {
    output_of(suite).is_none().then_some("the channel has no `#[output]`, and so declares nothing")
}

fn output_of(suite: &Suite) -> Option<Capabilities> {
    // Wrong credentials are found out by the other checks.
    let mounts = (suite.mounts)(&suite.settings("http://127.0.0.1:9")).ok()?;
    Some(mounts.first()?.channel.output_channel(&Recipient::new("1000"))?.capabilities())
}

pub(crate) async fn are_true(suite: &Suite) -> Verdict {
    let Some(declared) = output_of(suite) else { return Ok(()) };
    let is_buttons = |shown: &Shown| matches!(shown, Shown::Buttons(..));
    let is_image = |shown: &Shown| matches!(shown, Shown::Image(_));
    let is_file = |shown: &Shown| matches!(shown, Shown::File(_));
    let is_card = |shown: &Shown| matches!(shown, Shown::Card(_));
    let image = BotMessage::image(IMAGE);
    let file = BotMessage::default().with_attachment(FILE);
    let fits = |limits: Option<channel_core::ButtonLimits>| limits.is_some_and(|limits| limits.count > 1);
    let buttons = fits(declared.buttons);
    let quick_replies = fits(declared.quick_replies.or(declared.buttons));
    truthful(suite, "buttons", buttons || suite.unlimited, two_buttons(), is_buttons).await?;
    truthful(suite, "quick_replies", quick_replies || suite.unlimited, two_quick_replies(), is_buttons)
        .await?;
    truthful(suite, "images", declared.images, image, is_image).await?;
    truthful(suite, "attachments", declared.attachments, file, is_file).await?;
    truthful(suite, "elements", declared.elements, two_elements(), is_card).await
}

async fn truthful(
    suite: &Suite,
    what: &str,
    is_declared: bool,
    message: BotMessage,
    is_such: impl Fn(&Shown) -> bool,
) -> Verdict {
    let (_, shown) = answered(suite, message).await?;
    let came = || shortened(&format!("{shown:?}"));
    match (is_declared, shown.iter().any(is_such)) {
        (true, false) => Err(Failure::new(
            format!("`{what}` shown as such, since `capabilities` declares them"),
            came(),
            "override the method that sends them, or do not declare them; if they are shown, let `shown` say so",
        )),
        (false, true) => Err(Failure::new(
            format!("no `{what}` shown as such, since `capabilities` does not declare them"),
            came(),
            "declare them in `capabilities`, with the platform's limits",
        )),
        _ => Ok(()),
    }
}
