//! What is accepted, and what becomes of it.

use channel_server::credentials::Mount;

use super::read;

fn mounts(text: &str) -> Vec<Mount> {
    read(text).unwrap_or_else(|error| panic!("{error}"))
}

/// What the one channel of the text was given.
fn given(text: &str) -> String {
    let [mount] = &mounts(text)[..] else { panic!("not one channel") };
    mount.channel.name().to_owned()
}

fn my_io(settings: &str) -> String {
    given(&format!("my_bot::addons::custom_channel::MyIo:\n{settings}"))
}

#[test]
fn the_channels_come_in_the_order_of_the_file() {
    let mounts = mounts(
        "slack:
  instances:
    acme: { signing_secret: a, token: 1, bearer_token: b }
    umbra: { signing_secret: c, token: 2, insecure: true }
my_bot::addons::custom_channel::MyIo:
  username: \"user_name\"
rest:
",
    );
    let shown: Vec<_> = mounts
        .iter()
        .map(|mount| {
            let token = mount.bearer_token.as_ref().map(|token| token.expose().to_owned());
            (mount.route(), mount.position.to_string(), token, mount.insecure)
        })
        .collect();
    assert_eq!(
        shown,
        [
            ("/webhooks/slack/acme".into(), "3:5".into(), Some("b".into()), false),
            ("/webhooks/slack/umbra".into(), "4:5".into(), None, true),
            ("/webhooks/myio".into(), "5:1".into(), None, false),
            ("/webhooks/rest".into(), "7:1".into(), None, false),
        ]
    );
    assert_eq!(mounts[0].instance.as_deref(), Some("acme"));
    assert_eq!(mounts[1].channel.name(), "c 2 0 None 0");
    assert!(std::ptr::eq(mounts[0].registration, mounts[1].registration));
}

#[test]
fn a_channel_has_several_keys() {
    for key in [
        "my_bot::addons::custom_channel::MyIo",
        "my_bot.addons.custom_channel.MyIo",
        "addons::custom_channel::MyIo",
        "addons.custom_channel.MyIo",
        "\"addons.custom_channel.MyIo\"",
    ] {
        assert_eq!(given(&format!("{key}:\n  username: u\n")), "u None None");
    }
    assert_eq!(given("slack_bot: { signing_secret: s, token: t }"), "s t 0 None 0");
    assert_eq!(given("first_bot.chat.Room: {}"), "room");
}

#[test]
fn values_are_read_as_the_channel_wants_them() {
    assert_eq!(my_io("  username: 0123\n  port: 0o17\n"), "0123 None Some(15)");
    assert_eq!(my_io("  username: true\n  another_parameter: 1.10\n"), "true Some(\"1.10\") None");
    assert_eq!(my_io("  username: |\n    a\n    b\n  port:\n"), "a\nb\n None None");
    assert_eq!(my_io("  username: !!str null\n"), "null None None");
    assert_eq!(my_io("  username: 'it''s'\n  another_parameter: ~\n"), "it's None None");
    assert_eq!(my_io("  {username: \"a: #b\"}"), "a: #b None None");
}

#[test]
fn variables_are_filled_in_everywhere() {
    assert_eq!(my_io("  username: a${PORT}b\n  port: ${PORT}\n"), "a8080b None Some(8080)");
    assert_eq!(my_io("  username: '${PORT}'\n  port: \"${PORT}\"\n"), "8080 None Some(8080)");
    assert_eq!(my_io("  username: ${UNSET:-a-b:c}\n  port: ${EMPTY:-7}\n"), "a-b:c None Some(7)");
    assert_eq!(my_io("  username: \"${EMPTY}\"\n  port: ${EMPTY}\n"), " None None");
    assert_eq!(my_io("  username: ${NULL}\n  another_parameter: ${NULL}\n"), "null Some(\"null\") None");
    assert_eq!(my_io("  username: $${PORT} $PORT $\n"), "${PORT} $PORT $ None None");
    assert_eq!(my_io("  username: |-\n    ${PORT}\n"), "8080 None None");
    assert_eq!(my_io("  ${UNSET:-username}: u\n"), "u None None");
    assert_eq!(
        mounts("slack: {instances: {\"${TENANT}\": {signing_secret: s, token: t}}}")[0].route(),
        "/webhooks/slack/sentinel.tenant"
    );
}

#[test]
fn aliases_and_merges_are_followed() {
    let text = "slack:
  instances:
    acme: &common { signing_secret: s, token: t, retries: 3 }
    umbra:
      token: u
      <<: *common
    third: *common
    fourth: { <<: [{ retries: 9 }, *common] }
";
    let given: Vec<_> = mounts(text).iter().map(|mount| mount.channel.name().to_owned()).collect();
    assert_eq!(given, ["s t 3 None 0", "s u 3 None 0", "s t 3 None 0", "s t 9 None 0"]);
}

#[test]
fn a_channels_own_field_goes_before_the_common_key() {
    let [mount] = &mounts("my_bot::Own: { bearer_token: mine, instances: 3 }")[..] else { panic!() };
    assert_eq!(mount.channel.name(), "mine 3");
    assert!(mount.bearer_token.is_none());
}

#[test]
fn line_ends_and_comments_do_not_matter() {
    let text = "# channels\r\nslack: # the shop's\r\n  signing_secret: s\r\n\r\n  token: t#1 # two\r\n";
    assert_eq!(given(text), "s t#1 0 None 0");
    assert_eq!(given("---\nrest:\n...\n"), "rest");
}
