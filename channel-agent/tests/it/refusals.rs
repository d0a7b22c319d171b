//! Broken bots, those that only Rasa can run, and what is said about them.

use std::{
    fs,
    path::{Path, PathBuf},
};

use channel_agent::Bot;

use crate::support::fixture;

fn bots() -> Vec<PathBuf> {
    let mut folders: Vec<_> =
        fs::read_dir(fixture("refused")).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.retain(|path| path.is_dir());
    folders.sort();
    folders
}

/// What is said about a bot, without the place of this checkout.
fn said(folder: &Path) -> String {
    let error = Bot::load(folder).err().map(|error| error.to_string()).unwrap_or_default();
    error.replace(&folder.display().to_string(), "bot") + "\n"
}

#[test]
fn each_bot_is_refused_with_reasons() {
    let update = std::env::var_os("UPDATE_EXPECT").is_some();
    let mut different = Vec::new();
    for folder in bots() {
        let (expected, found) = (folder.with_extension("txt"), said(&folder));
        if update {
            fs::write(&expected, &found).unwrap();
        }
        if fs::read_to_string(&expected).unwrap_or_default() != found {
            different.push(format!("{}:\n{found}", folder.display()));
        }
        assert_ne!(found, "\n", "{} is not refused", folder.display());
    }
    assert!(bots().len() >= 15);
    assert!(different.is_empty(), "not as expected (UPDATE_EXPECT=1 to accept):\n{}", different.join("\n"));
}

#[test]
fn a_folder_that_is_not_there_is_one_mistake() {
    for path in [fixture("no/such/folder"), fixture("refused/nothing_there/README.md")] {
        let expected = "there is no such folder\n  help: check its path, which begins where the program runs\n1 mistake in the bot `bot`\n";
        assert_eq!(said(&path), expected);
    }
}

#[test]
fn a_domain_may_be_a_folder() {
    let bot = Bot::load(fixture("split")).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(bot.intents().collect::<Vec<_>>(), ["bye", "greet"]);
}
