//! What the documents show is what there is.

use std::fs;

fn read(path: &str) -> String {
    fs::read_to_string(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// The blocks of this language in a document.
fn blocks(document: &str, language: &str) -> Vec<String> {
    let opening = format!("```{language}\n");
    let parts = document.split(&opening).skip(1);
    parts.map(|part| part.split("```").next().unwrap_or_default().trim().to_owned()).collect()
}

#[test]
fn writing_a_connector_shows_the_example() {
    let shown = ["examples/discord/discord.rs", "tests/it/discord.rs"].map(read);
    let blocks = blocks(&read("docs/writing-a-connector.md"), "rust");
    assert!(blocks.len() > 9, "{}", blocks.len());
    for block in blocks {
        assert!(shown.iter().any(|source| source.contains(&block)), "no file has this:\n{block}");
    }
}
