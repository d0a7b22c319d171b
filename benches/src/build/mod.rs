//! Two crates with the same channels: by the macros, and by hand.

mod template;

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use crate::process::children_time;

/// How the channels of a crate are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// With `#[channel]` and `#[webhook]`.
    Generated,
    /// Without any macro but serde's derive: what a user would otherwise write.
    ByHand,
}

impl Style {
    /// The name of the crate.
    pub fn name(self) -> &'static str {
        match self {
            Self::Generated => "generated",
            Self::ByHand => "by_hand",
        }
    }
}

/// A folder with both crates, removed when dropped.
pub struct Crates {
    folder: PathBuf,
}

impl Crates {
    /// Writes both crates with so many channels each.
    ///
    /// # Errors
    ///
    /// The files can't be written.
    pub fn write(workspace: &Path, channels: u32) -> io::Result<Self> {
        let crates =
            Self { folder: std::env::temp_dir().join(format!("channel-benches-{}", std::process::id())) };
        let core = workspace.join("channel-core");
        for style in [Style::Generated, Style::ByHand] {
            let folder = crates.folder.join(style.name());
            fs::create_dir_all(folder.join("src"))?;
            fs::write(folder.join("Cargo.toml"), template::manifest(style, &core))?;
            fs::write(folder.join("src/lib.rs"), template::library(style, channels))?;
        }
        fs::write(crates.folder.join("Cargo.toml"), template::WORKSPACE)?;
        for file in ["Cargo.lock", "rust-toolchain.toml"] {
            fs::copy(workspace.join(file), crates.folder.join(file))?;
        }
        Ok(crates)
    }

    /// Runs cargo for one of the crates after its source was touched, without incremental compilation, and says how
    /// much processor time it and its children took: other work on the machine disturbs that least.
    ///
    /// # Errors
    ///
    /// Cargo failed.
    pub fn cargo(&self, command: &str, style: Style) -> io::Result<Duration> {
        let source = self.folder.join(style.name()).join("src/lib.rs");
        fs::File::options().append(true).open(source)?.set_modified(std::time::SystemTime::now())?;
        let mut cargo = Command::new("cargo");
        cargo.current_dir(&self.folder).args([command, "--quiet", "--offline", "--package", style.name()]);
        cargo.env("CARGO_TARGET_DIR", self.folder.join("target"));
        cargo.env("CARGO_INCREMENTAL", "0");
        let before = children_time()?;
        let status = cargo.status()?;
        let time = children_time()?.saturating_sub(before);
        if status.success() { Ok(time) } else { Err(io::Error::other("cargo failed")) }
    }
}

impl Drop for Crates {
    fn drop(&mut self) {
        // Left behind, it only takes room in the folder for temporary files.
        let _ = fs::remove_dir_all(&self.folder);
    }
}
