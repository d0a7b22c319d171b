//! No message shows a value, whatever the section and the type.

use proptest::prelude::*;

use super::*;

/// Anything with letters in it that no message could hold by itself.
fn secret() -> impl Strategy<Value = String> {
    "[A-Za-z0-9\"\\\\/+=é🔑 ]{0,6}QXZ[A-Za-z0-9\"\\\\ é]{0,6}"
}

fn tree() -> impl Strategy<Value = Json> {
    let scalar =
        prop_oneof![secret().prop_map(Json::from), any::<u32>().prop_map(Json::from), Just(Json::Null)];
    let key = prop_oneof![
        Just("background"),
        Just("name"),
        Just("nested"),
        Just("colour"),
        Just("weight"),
        Just("size"),
        Just("username"),
        Just("mode"),
        Just("both"),
        Just("server"),
        Just("users"),
        Just("nmae"),
    ];
    scalar.prop_recursive(4, 24, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            prop::collection::hash_map(key.clone(), inner, 0..6)
                .prop_map(|map| map.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
        ]
    })
}

fn check<T: DeserializeOwned>(tree: &Json) {
    if let Err(found) = Settings::from_json(tree).read::<T>() {
        assert!(!format!("{found} {found:?}").contains("QXZ"), "{found}");
        assert!(found.iter().count() > 0);
    }
}

proptest! {
    #[test]
    fn no_message_shows_a_value(tree in tree()) {
        check::<Theme>(&tree);
        check::<Bot>(&tree);
        check::<Mode>(&tree);
        check::<BTreeMap<String, Colour>>(&tree);
        check::<(Colour, Theme)>(&tree);
    }
}
