//! `endpoints.yml`: what it says, and what is said about broken ones.

use std::{
    env::VarError,
    fs,
    path::{Path, PathBuf},
};

use channel_server::endpoints::{Endpoints, load, parse};

fn read(text: &str) -> Result<Endpoints, String> {
    let environment = |name: &str| match name {
        "ACTION_URL" => Err(VarError::NotPresent),
        "NLG_URL" => Ok("http://nlg.example".to_owned()),
        name => panic!("{name} is asked for"),
    };
    parse(text, "endpoints.yml", &environment).map_err(|error| error.to_string())
}

fn fixtures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/endpoints");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "yml"));
    files.sort();
    files
}

#[test]
fn each_broken_file_is_explained() {
    let update = std::env::var_os("UPDATE_EXPECT").is_some();
    let files = fixtures();
    assert!(files.len() >= 10, "{}", files.len());
    for path in files {
        let expected = path.with_extension("txt");
        let found = read(&fs::read_to_string(&path).unwrap()).unwrap_err() + "\n";
        if update {
            fs::write(&expected, &found).unwrap();
        }
        assert_eq!(fs::read_to_string(&expected).unwrap_or_default(), found, "{}", path.display());
        assert!(!found.contains("sentinel"), "{} shows a value", path.display());
    }
}

#[test]
fn each_endpoint_is_read() {
    let endpoints = read(
        "action_endpoint:\n  url: http://localhost:5055/webhook\n  enable_selective_domain: true\n\
         nlg:\n  type: callback\n  url: ${NLG_URL}/nlg\n\
         lock_store:\n  type: in_memory\ntracker_store:\n  type: InMemory\nconversations: shared\n",
    )
    .unwrap();
    let action = endpoints.action_endpoint.unwrap();
    assert_eq!(action.endpoint.url, "http://localhost:5055/webhook");
    assert!(action.enable_selective_domain);
    assert_eq!(endpoints.nlg.unwrap().url, "http://nlg.example/nlg");
    assert!(endpoints.shared_conversations);
}

#[test]
fn an_empty_file_says_nothing() {
    for text in ["", "# nothing\n", "nlg:\naction_endpoint:\n", "nlg: {type: response}\n"] {
        let endpoints = read(text).unwrap();
        assert!(endpoints.nlg.is_none() && endpoints.action_endpoint.is_none(), "{text}");
    }
}

#[test]
fn a_file_that_is_named_has_to_be_there() {
    let error = load(Path::new("no/such/endpoints.yml")).unwrap_err().to_string();
    assert!(error.contains("no/such/endpoints.yml: there is no such file"), "{error}");
    assert!(error.contains("action_endpoint:\n"), "{error}");
}
