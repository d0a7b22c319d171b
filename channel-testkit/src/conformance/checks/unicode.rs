//! Every character goes through.

use super::Verdict;
use crate::conformance::{
    Failure, Shown, Suite,
    stage::{IN_THE_END, Stage},
};

/// Umlauts, a family of emoji, a skin tone, Arabic and Hebrew with their marks, a combining accent, a letter beyond the
/// basic plane, a NUL, and a line break.
const TEXT: &str = "Grüße 👩\u{200d}👩\u{200d}👧 🧑🏽 مرحبا \u{200f}שלום e\u{301} 𝔘 a\u{0}b\nnext";

pub(crate) async fn goes_through(suite: &Suite) -> Verdict {
    let stage = Stage::new(suite).await?;
    let said = stage.says(TEXT);
    stage.say(&said).await?;
    let asked = stage.bot.turns.wait(IN_THE_END, |turns| turns.all().pop()).await;
    let asked = asked.map(|message| message.text);
    if asked.as_deref() != Some(TEXT) {
        return Err(Failure::new(
            format!("the bot to be asked {TEXT:?}"),
            format!("{asked:?}"),
            "read the body as UTF-8, and hand the text on as it is; if `deliver` escapes, as the platform does, undo it",
        ));
    }
    stage.idle().await?;
    let shown: Vec<_> = stage.seen().all().into_iter().flat_map(|seen| seen.shown).collect();
    if shown.iter().any(|shown| matches!(shown, Shown::Text(text) if text.contains(TEXT))) {
        return Ok(());
    }
    Err(Failure::new(
        format!("to read {TEXT:?}"),
        format!("{shown:?}"),
        "send the text as it is, in UTF-8; if the platform wants it escaped, let `shown` undo that",
    ))
}
