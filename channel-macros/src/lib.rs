//! The attribute macros of `channel-core`, which documents and re-exports them. Depend on that crate, not on this one.

mod arguments;
mod channel;
mod errors;
mod guard;
mod hook;
mod names;
#[cfg(test)]
mod snapshots;

use hook::Kind;
use proc_macro::TokenStream;

macro_rules! hooks {
    ($($name:ident => $kind:ident)*) => {$(
        #[allow(missing_docs, reason = "documented where channel-core re-exports it")]
        #[proc_macro_attribute]
        pub fn $name(arguments: TokenStream, item: TokenStream) -> TokenStream {
            guard::expand(stringify!($name), arguments, item, |arguments, item| {
                hook::expand(Kind::$kind, arguments, &item)
            })
        }
    )*};
}

hooks! {
    webhook => Webhook
    health => Health
    verify => Verify
    metadata => Metadata
    output => Output
    routes => Routes
    start => Start
}

#[allow(missing_docs, reason = "documented where channel-core re-exports it")]
#[proc_macro_attribute]
pub fn channel(arguments: TokenStream, item: TokenStream) -> TokenStream {
    guard::expand("channel", arguments, item, channel::expand)
}

/// Lets `#[serde(…)]` stand on the fields of a channel, which derives nothing itself. Not public API.
#[doc(hidden)]
#[proc_macro_derive(SerdeAttributes, attributes(serde))]
pub fn serde_attributes(_item: TokenStream) -> TokenStream {
    TokenStream::new()
}
