//! The text of the two crates.

use std::path::Path;

use super::Style;

pub(super) const WORKSPACE: &str = "[workspace]\nresolver = \"3\"\nmembers = [\"generated\", \"by_hand\"]\n";

const GENERATED: &str = include_str!("template/generated.txt");
const BY_HAND: &str = include_str!("template/by_hand.txt");

pub(super) fn manifest(style: Style, core: &Path) -> String {
    let (name, core) = (style.name(), core.display());
    format!(
        "[package]\nname = \"{name}\"\nedition = \"2024\"\n\n[dependencies]\n\
         channel-core = {{ path = \"{core}\" }}\nserde = {{ version = \"1\", features = [\"derive\"] }}\n",
    )
}

/// The template once for each channel, in a module of its own.
pub(super) fn library(style: Style, channels: u32) -> String {
    let template = match style {
        Style::Generated => GENERATED,
        Style::ByHand => BY_HAND,
    };
    (0..channels).map(|number| template.replace("NUMBER", &format!("{number:03}"))).collect()
}
