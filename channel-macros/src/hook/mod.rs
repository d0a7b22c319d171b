//! The attributes of methods: `#[webhook]`, `#[health]`, `#[verify]`, `#[metadata]`, `#[output]`, `#[routes]`, `#[start]`.

mod generate;
mod kind;
mod parse;
mod types;
mod validate;

use proc_macro2::TokenStream;
use quote::quote;

use crate::errors::Errors;
pub(crate) use generate::{glue_function, hook_function};
pub(crate) use kind::{Kind, Verb};

/// Prints the method as it was, then a hidden function beside it that hands the method to `#[channel]`.
pub(crate) fn expand(kind: Kind, arguments: TokenStream, item: &TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let parsed = parse::parse(kind, arguments, item, &mut errors);
    let hook = validate::validate(kind, &parsed, &mut errors);
    let extra = match errors.finish(hook) {
        Ok(hook) => {
            let generated = generate::generate(&hook);
            // What the attribute asks for is no reason to warn, whether the body needs it or not.
            return quote!(#[allow(clippy::unused_async, clippy::unused_self)] #item #generated);
        }
        // The kind of a hook is known, whatever else is wrong: `#[channel]` need not miss it.
        Err(errors) => {
            let stand_in = generate::stand_in(kind, &parsed);
            quote!(#errors #stand_in)
        }
    };
    quote!(#item #extra)
}
