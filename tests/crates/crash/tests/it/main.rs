//! The crash test in small, and what it says of a store that does lose messages.

use std::process::{Command, Output};

fn crash_test(arguments: &[&str]) -> (Output, String) {
    // What a failed run leaves goes with the folder.
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_crash-test"));
    let output = command.args(arguments).env("TMPDIR", folder.path()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    (output, said)
}

#[test]
fn a_file_loses_nothing() {
    let (output, said) = crash_test(&["--kills", "3", "--seed", "1", "--conversations", "20"]);
    assert!(output.status.success(), "{output:#?}");
    assert!(said.contains(" 0 lost, 0 out of order, "), "{said}");
}

#[test]
fn people_on_both_platforms_are_answered() {
    let arguments = ["--platforms", "--kills", "3", "--seed", "1", "--conversations", "20", "--rate", "10"];
    let (output, said) = crash_test(&arguments);
    assert!(output.status.success(), "{output:#?}");
    assert!(said.contains(" 0 lost, 0 out of order, "), "{said}");
}

#[test]
fn memory_loses_what_was_acknowledged() {
    let arguments = ["--kills", "2", "--seed", "1", "--conversations", "20", "--store", "memory"];
    let (output, said) = crash_test(&[&arguments[..], &["--patience", "3"]].concat());
    assert_eq!(output.status.code(), Some(1), "{output:#?}");
    assert!(said.contains(" replies lost, the first "), "{said}");
}
