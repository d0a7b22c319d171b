//! `#[channel]` on a struct.

mod credentials;
mod docs;
mod generate;
mod parse;
mod refuse;
mod serde_attributes;
mod validate;

use proc_macro2::TokenStream;
use quote::quote;

use crate::errors::Errors;

/// Prints the struct as it was, then what makes it a channel.
pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let parsed = parse::parse(arguments, item.clone(), &mut errors);
    let target = parsed.as_ref().map_or_else(|| refuse::Target::unfinished(&item), refuse::Target::of);
    let channel = parsed.as_ref().and_then(|parsed| validate::validate(parsed, &mut errors));
    match errors.finish(channel) {
        Ok(channel) => generate::generate(&channel, item),
        Err(errors) => {
            let stand_in = target.stand_in();
            let known = parsed.as_ref().and_then(refuse::serde_attributes_known);
            quote!(#known #item #errors #stand_in)
        }
    }
}
