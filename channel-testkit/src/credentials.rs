//! From a channel's type and its settings to what a credentials file would make of them.

use channel_core::{FromSettings, Registration, Registry};
use channel_server::{
    StartError,
    credentials::{self, Mount},
};
use serde_json::{Value, json};

/// The declaration of a channel type.
///
/// # Panics
///
/// The type is not registered, as by `#[channel]`.
pub(crate) fn registration<C: FromSettings>() -> &'static Registration {
    let type_name = std::any::type_name::<C>();
    let all: Vec<_> = Registry::linked().iter().collect();
    // A type that is declared within a function has that function in its name.
    let is_inside = |known: &&Registration| {
        type_name.starts_with(&format!("{}::", known.module_path))
            && type_name.rsplit("::").next() == Some(known.type_name)
    };
    all.iter()
        .find(|known| known.path() == type_name)
        .or_else(|| all.iter().find(|known| is_inside(known)))
        .unwrap_or_else(|| {
            panic!("`{type_name}` is no registered channel: put `#[channel]` on it, or `register!` it")
        })
}

/// The channel, or its instances, as a credentials file with these settings makes it.
///
/// # Errors
///
/// The settings are wrong.
pub(crate) fn mounts<C: FromSettings>(settings: &Value) -> Result<Vec<Mount>, StartError> {
    let channel = registration::<C>();
    let key = channel.preferred_key();
    // JSON is YAML; what looks like a variable is none.
    let text = json!({ key: settings }).to_string().replace("${", "$${");
    let environment = |name: &str| std::env::var(name);
    Ok(credentials::parse(&text, "the test's credentials", &Registry::from_iter([channel]), &environment)?)
}
