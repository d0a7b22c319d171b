//! What the struct's documentation gains: its routes and the keys of its credentials.

use super::{credentials::documented_keys, validate::Channel};

/// The lines to add below the author's own.
pub(super) fn of(channel: &Channel<'_>) -> String {
    let name = channel.name.value();
    let prefix = channel.prefix.map_or_else(|| name.clone(), syn::LitStr::value);
    let ident = &channel.item.ident;
    let keys = documented_keys(&channel.item.fields);
    let keys = match keys.as_slice() {
        [] => "none".to_owned(),
        keys => keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", "),
    };
    let credentials = channel.key.map_or_else(
        || format!("the module path of `{ident}`"),
        |key| format!("`{}` or the module path of `{ident}`", key.value()),
    );
    format!(
        "\n\n# Channel `{name}`\n\n\
         - health: `GET /webhooks/{prefix}/`\n\
         - webhook: `/webhooks/{prefix}/webhook`\n\
         - key in the credentials: {credentials}\n\
         - settings: {keys}\n",
    )
}
