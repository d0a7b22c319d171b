//! How channels are found, and what two of them may not share.

use channel_core::{Registration, Registry, channel, webhook};

#[channel(name = "found", key = "my.key", aliases = ["old::Found", "older"])]
struct Found {
    #[allow(dead_code)]
    token: String,
}

impl Found {
    #[webhook]
    async fn receive(&self) {}
}

fn named(name: &'static str, module: &'static str, type_name: &'static str, line: u32) -> Registration {
    Registration::of::<Found>(name, type_name, module, "my-bot", ("src/lib.rs", line, 1))
}

fn registry(channels: Vec<Registration>) -> Registry {
    channels.into_iter().map(|channel| &*Box::leak(Box::new(channel))).collect()
}

fn found(registry: &Registry, key: &str) -> Vec<&'static str> {
    registry.find(key).iter().map(|channel| channel.name).collect()
}

#[test]
fn a_generated_channel_is_linked_with_its_place() {
    let linked = Registry::linked();
    let keys = [
        "my.key",
        "old::Found",
        "older",
        "it::generated::registry::Found",
        "it.generated.registry.Found",
        "generated::registry::Found",
        "generated.registry.Found",
    ];
    for key in keys {
        assert_eq!(found(&linked, key), ["found"], "{key}");
    }
    for key in ["Found", "found", "old.Found", "my::key", "it::generated.registry::Found", ""] {
        assert!(found(&linked, key).is_empty(), "{key}");
    }
    let registration = linked.find("older")[0];
    assert_eq!(registration.path(), "it::generated::registry::Found");
    assert_eq!((registration.package, registration.prefix), ("channel-core", "found"));
    assert!(registration.place().contains("registry.rs:5:"), "{}", registration.place());
    assert_eq!((registration.setting_names)(), Some(&["token"][..]));
    assert!(!(registration.verifies)());
    assert_eq!(registration.preferred_key(), "my.key");
    let mistakes = (registration.from_settings)(&channel_core::Settings::from_json(&serde_json::json!({})));
    assert!(mistakes.err().unwrap().to_string().contains("token"));
}

#[test]
fn the_order_is_that_of_the_paths() {
    let paths = |channels| registry(channels).iter().map(Registration::path).collect::<Vec<_>>();
    let (a, b, c) = (named("z", "a", "A", 1), named("y", "a::b", "B", 2), named("x", "c", "C", 3));
    let sorted = ["a::A", "a::b::B", "c::C"];
    assert_eq!(paths(vec![a.clone(), b.clone(), c.clone()]), sorted);
    assert_eq!(paths(vec![c, b, a]), sorted);
}

#[test]
fn a_short_path_may_be_ambiguous_and_a_whole_one_wins() {
    let registry = registry(vec![
        named("one", "first_crate::io", "MyIo", 1),
        named("two", "second_crate::io", "MyIo", 2),
        Registration { aliases: &["io::Other"], ..named("three", "first_crate", "Aliased", 3) },
        named("four", "third_crate::io", "Other", 4),
    ]);
    assert_eq!(found(&registry, "io.MyIo"), ["one", "two"]);
    assert_eq!(found(&registry, "io::MyIo"), ["one", "two"]);
    assert_eq!(found(&registry, "second_crate::io::MyIo"), ["two"]);
    assert_eq!(found(&registry, "io::Other"), ["three"]);
    assert!(registry.conflicts().is_empty(), "{:?}", registry.conflicts());
}

#[test]
fn what_two_channels_share_is_said_once_with_both_places() {
    let first = named("io", "a", "First", 10);
    for (second, what) in [
        (named("io", "b", "Second", 20), "name `io`"),
        (Registration { prefix: "io", ..named("other", "b", "Second", 20) }, "route `/webhooks/io`"),
        (Registration { key: Some("a::First"), ..named("other", "b", "Second", 20) }, "key `a::First`"),
        (Registration { aliases: &["a::First"], ..named("other", "b", "Second", 20) }, "key `a::First`"),
    ] {
        let said: Vec<_> =
            registry(vec![second, first.clone()]).conflicts().iter().map(ToString::to_string).collect();
        let expected = format!(
            "two channels have the {what}: a::First (src/lib.rs:10:1, package my-bot) and \
             b::Second (src/lib.rs:20:1, package my-bot); change one of them in its `#[channel(…)]`"
        );
        assert_eq!(said, [expected]);
    }
    assert!(Registry::linked().conflicts().is_empty(), "{:?}", Registry::linked().conflicts());
}

#[test]
fn a_key_in_two_spellings_is_one_key() {
    let with_dots = Registration { key: Some("a.First"), ..named("other", "b", "Second", 20) };
    let registry = registry(vec![named("io", "a", "First", 10), with_dots]);
    assert_eq!(found(&registry, "a.First"), ["io", "other"]);
    assert_eq!(registry.conflicts().len(), 1);
}
