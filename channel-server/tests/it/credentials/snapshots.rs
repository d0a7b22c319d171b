//! Broken files and what is said about them.

use std::{
    fs,
    path::{Path, PathBuf},
};

use channel_core::Registry;
use channel_server::credentials::{load, parse};

use super::{channels, environment, said};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/credentials")
}

fn fixtures() -> Vec<(PathBuf, String)> {
    let mut files: Vec<_> = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "yml"));
    files.sort();
    files.into_iter().map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect()
}

#[test]
fn each_broken_file_is_explained() {
    let update = std::env::var_os("UPDATE_EXPECT").is_some();
    let mut different = Vec::new();
    for (path, text) in fixtures() {
        let (expected, found) = (path.with_extension("txt"), said(&text) + "\n");
        if update {
            fs::write(&expected, &found).unwrap();
        }
        if fs::read_to_string(&expected).unwrap_or_default() != found {
            different.push(format!("{}:\n{found}", path.display()));
        }
        assert_ne!(found, "\n", "{} is not refused", path.display());
    }
    assert!(different.is_empty(), "not as expected (UPDATE_EXPECT=1 to accept):\n{}", different.join("\n"));
}

#[test]
fn no_explanation_shows_a_value() {
    let fixtures = fixtures();
    assert!(fixtures.len() >= 45, "{}", fixtures.len());
    for (path, text) in fixtures {
        let said = fs::read_to_string(path.with_extension("txt")).unwrap();
        assert!(!said.to_lowercase().contains("sentinel"), "{}", path.display());
        for value in text.lines().filter_map(value_of) {
            assert!(!said.contains(value), "{} shows {value}", path.display());
        }
    }
}

/// What stands after the colon of a line, if it is long enough not to be in a sentence by chance.
fn value_of(line: &str) -> Option<&str> {
    let value = line.split_once(": ")?.1.trim_matches([' ', '"', '\'', '[', ']', '{', '}']);
    (value.len() > 4 && !value.contains(['$', ':'])).then_some(value)
}

#[test]
fn two_channels_with_one_name_are_reported_with_the_rest() {
    let error =
        parse("rest:\n  a: 1\n", "credentials.yml", &channels::conflicting(), &environment).err().unwrap();
    let said = error.to_string();
    assert!(said.starts_with("credentials.yml: two channels have the name `rest`"), "{said}");
    assert!(said.contains("unknown key `a` of `rest`"), "{said}");
}

#[test]
fn two_channels_on_one_route_are_a_mistake() {
    let text = "rest:\nmy_bot::SecondRest:\n";
    let error = parse(text, "credentials.yml", &channels::conflicting(), &environment).err().unwrap();
    let expected = "credentials.yml:2:1: `my_bot::SecondRest` has the route `/webhooks/rest`, as has `rest` at line 1, column 1";
    assert!(error.to_string().contains(expected), "{error}");
}

#[test]
fn a_route_is_shown_without_the_values_of_its_variables() {
    let text =
        "rest:\n  instances: { sentinel.tenant: }\nmy_bot::SecondRest:\n  instances: { '${TENANT}': }\n";
    let error =
        parse(text, "credentials.yml", &channels::conflicting(), &environment).err().unwrap().to_string();
    assert!(
        error.contains("credentials.yml:4:16: `my_bot::SecondRest.instances.${TENANT}` has the route"),
        "{error}"
    );
    assert!(!error.contains("route `/webhooks/rest/sentinel"), "{error}");
}

#[test]
fn without_any_channel_the_crate_must_be_named() {
    let error = parse("rest:\n", "credentials.yml", &Registry::default(), &environment).err().unwrap();
    assert_eq!(
        error.to_string(),
        "credentials.yml:1:1: no linked channel has the key `rest`
  help: no channel is linked into this program
  help: a channel in a crate of its own is linked only if the source names that crate: `use my_channel as _;`
1 mistake in credentials.yml"
    );
}

#[test]
fn a_file_that_can_not_be_read_is_explained() {
    let folder = std::env::temp_dir().join(format!("credentials-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let large = vec![b' '; (1 << 20) + 1];
    let cases: [(&str, Option<&[u8]>, &str); 4] = [
        ("missing.yml", None, "there is no such file"),
        ("binary.yml", Some(b"rest:\n  a: \xff\n"), "the file is not UTF-8; line 2 is the first that is not"),
        ("large.yml", Some(&large), "the file is larger than 1 MiB"),
        ("", None, "this is a directory"),
    ];
    for (name, bytes, expected) in cases {
        let path = folder.join(name);
        if let Some(bytes) = bytes {
            fs::write(&path, bytes).unwrap();
        }
        let said = load(&path, &channels::registry()).err().unwrap().to_string();
        assert!(said.starts_with(&format!("{}: {expected}", path.display())), "{said}");
    }
    let missing = load(&folder.join("missing.yml"), &channels::registry()).err().unwrap().to_string();
    assert!(missing.contains("\n        my_bot::addons::custom_channel::MyIo:\n"), "{missing}");
    fs::write(folder.join("good.yml"), "\u{feff}rest:\r\n").unwrap();
    assert_eq!(load(&folder.join("good.yml"), &channels::registry()).unwrap_or_default().len(), 1);
    fs::remove_dir_all(folder).unwrap();
}
