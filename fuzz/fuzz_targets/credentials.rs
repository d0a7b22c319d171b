//! Any text as `credentials.yml`: it makes channels or errors, and no error shows what stands in the environment.
//!
//! The variables `A`, `B` and `C` are set, each to a mark and the input's last line. References to files are left out: any file of the
//! machine would be read.
#![no_main]

use std::env::VarError;

use channel_server::{core::Registry, credentials};
use libfuzzer_sys::fuzz_target;

const MARK: &str = "QXZ-sentinel";

fuzz_target!(|text: &str| {
    if text.contains("file:") || text.contains(MARK) {
        return;
    }
    let tail = text.lines().last().unwrap_or_default();
    let value = format!("{MARK}{tail}");
    let environment = |name: &str| match name {
        "A" | "B" | "C" => Ok(value.clone()),
        _ => Err(VarError::NotPresent),
    };
    if let Err(error) = credentials::parse(text, "credentials.yml", &Registry::linked(), &environment) {
        let said = format!("{error}\n{error:?}");
        assert!(!said.contains(MARK), "{said}");
        assert!(!said.contains("making the channel panicked at"), "{said}");
    }
});
