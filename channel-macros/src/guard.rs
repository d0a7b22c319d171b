//! A panic in a macro is our bug, and says so.

use std::panic::{AssertUnwindSafe, catch_unwind};

use proc_macro2::TokenStream;
use quote::quote;

/// Runs an expansion. Where it panics, the item stays as it is, with an error that says whose fault it was.
pub(crate) fn expand(
    name: &str,
    arguments: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
    expansion: impl FnOnce(TokenStream, TokenStream) -> TokenStream,
) -> proc_macro::TokenStream {
    run(name, item.into(), |item| expansion(arguments.into(), item)).into()
}

fn run(name: &str, item: TokenStream, expansion: impl FnOnce(TokenStream) -> TokenStream) -> TokenStream {
    let kept = item.clone();
    catch_unwind(AssertUnwindSafe(|| expansion(item))).unwrap_or_else(|panic| {
        let cause = panic
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| panic.downcast_ref::<String>().cloned())
            .unwrap_or_default();
        let message = format!(
            "this is a bug in `#[{name}]` (channel-macros {}), not in your code: {cause}; please report it to its authors with the item that it stands on",
            env!("CARGO_PKG_VERSION"),
        );
        quote!(#kept ::core::compile_error!(#message);)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_keeps_the_item_and_names_the_culprit() {
        let output = run(
            "webhook",
            quote!(
                fn kept() {}
            ),
            |_| panic!("no such {}", "thing"),
        )
        .to_string();
        assert!(output.starts_with("fn kept () { }"), "{output}");
        assert!(output.contains("this is a bug in `#[webhook]`"), "{output}");
        assert!(output.contains("no such thing"), "{output}");
    }
}
