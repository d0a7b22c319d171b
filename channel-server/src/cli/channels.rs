//! `channels`: what is linked, mounted, where, how verified.

use std::{path::Path, process::ExitCode};

use channel_core::{Registration, Registry};

use super::Failure;
use crate::{
    credentials::{self, Mount},
    mount::Verification,
};

const HEAD: [&str; 7] = ["CHANNEL", "KEY", "MODULE PATH", "DECLARED", "URL", "VERIFIED BY", "STATUS"];

/// Prints the table. Credentials with mistakes are reported after it.
pub(super) fn print(path: &Path) -> Result<ExitCode, Failure> {
    let registry = Registry::linked();
    let loaded = credentials::load(path, &registry);
    let mounts = loaded.as_deref().unwrap_or_default();
    let why_not =
        if loaded.is_ok() { "not in the credentials" } else { "not mounted: the credentials have mistakes" };
    let rows: Vec<_> = registry.iter().flat_map(|channel| rows(channel, mounts, why_not)).collect();
    print!("{}", table(&rows));
    loaded?;
    Ok(ExitCode::SUCCESS)
}

fn rows(channel: &'static Registration, mounts: &[Mount], why_not: &str) -> Vec<[String; 7]> {
    let declared = format!("{} ({})", channel.place(), channel.package);
    let row = |name: String, url: String, verification: &str, status: &str| {
        [
            name,
            channel.preferred_key(),
            channel.path(),
            declared.clone(),
            url,
            verification.to_owned(),
            status.to_owned(),
        ]
    };
    let mounted: Vec<_> = mounts
        .iter()
        .filter(|mount| std::ptr::eq(mount.registration, channel))
        .map(|mount| {
            let name = mount
                .instance
                .as_ref()
                .map_or(channel.name.to_owned(), |instance| format!("{}/{instance}", channel.name));
            let url = mount.route() + "/webhook";
            let verification =
                Verification::of((channel.verifies)(), mount.bearer_token.is_some(), mount.insecure);
            row(name, url, verification.word(), "mounted")
        })
        .collect();
    if mounted.is_empty() {
        let verification = if (channel.verifies)() { "#[verify]" } else { "none" };
        return vec![row(channel.name.to_owned(), "-".to_owned(), verification, why_not)];
    }
    mounted
}

fn table(rows: &[[String; 7]]) -> String {
    let head = HEAD.map(str::to_owned);
    let widths: [usize; 7] = std::array::from_fn(|column| {
        rows.iter().chain([&head]).map(|row| row[column].chars().count()).max().unwrap_or(0)
    });
    let line = |row: &[String; 7]| {
        let cells: Vec<_> = row.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        cells.join("  ").trim_end().to_owned() + "\n"
    };
    std::iter::once(&head).chain(rows).map(line).collect()
}
