//! What stands in for a channel that can't be generated, so that the mistake stays one error.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Item, ItemImpl};

use super::parse::{Parsed, head};
use crate::{hook::glue_function, names};

/// The type whose channel was refused.
pub(super) struct Target {
    tokens: TokenStream,
}

impl Target {
    pub(super) fn of(parsed: &Parsed) -> Self {
        let krate = super::validate::krate(parsed);
        if super::parse::second_channel(&parsed.item).is_some() {
            return Self { tokens: TokenStream::new() };
        }
        let Some((ident, generics, attributes)) = head(&parsed.item) else {
            let tokens = match &parsed.item {
                Item::Impl(item) => inside_impl(item, &krate),
                _ => TokenStream::new(),
            };
            return Self { tokens };
        };
        let conditions = names::conditions(attributes);
        let (impl_generics, ty_generics, bounds) = generics.split_for_impl();
        Self {
            tokens: stand_in(
                &krate,
                &conditions,
                &quote!(#impl_generics),
                &quote!(#ident #ty_generics),
                &quote!(#bounds),
            ),
        }
    }

    /// A struct that is being written: its name is all that is known.
    pub(super) fn unfinished(item: &TokenStream) -> Self {
        let mut tokens = item.clone().into_iter().skip_while(|token| token.to_string() != "struct").skip(1);
        let (name, rest) = (tokens.next(), tokens.next());
        let generic = matches!(&rest, Some(TokenTree::Punct(punct)) if punct.as_char() == '<');
        let Some(TokenTree::Ident(name)) = name.filter(|_| !generic) else {
            return Self { tokens: TokenStream::new() };
        };
        let none = TokenStream::new();
        Self { tokens: stand_in(&quote!(::channel_core), &none, &none, &quote!(#name), &none) }
    }

    /// An inherent function that the hooks of the type can call, and an `InputChannel` that is never run.
    pub(super) fn stand_in(self) -> TokenStream {
        self.tokens
    }
}

fn inside_impl(item: &ItemImpl, krate: &TokenStream) -> TokenStream {
    let (impl_generics, _, bounds) = item.generics.split_for_impl();
    if item.trait_.is_some() {
        return TokenStream::new();
    }
    let conditions = names::conditions(&item.attrs);
    stand_in(krate, &conditions, &quote!(#impl_generics), &item.self_ty.to_token_stream(), &quote!(#bounds))
}

fn stand_in(
    krate: &TokenStream,
    conditions: &TokenStream,
    impl_generics: &TokenStream,
    ty: &TokenStream,
    bounds: &TokenStream,
) -> TokenStream {
    let glue = glue_function();
    quote! {
        #conditions
        impl #impl_generics #ty #bounds {
            #[doc(hidden)]
            #[allow(dead_code)]
            fn #glue() -> #krate::__private::Refused {
                #krate::__private::Refused
            }
        }
    }
}

/// Keeps `#[serde(…)]` known on the refused item.
pub(super) fn serde_attributes_known(parsed: &Parsed) -> Option<TokenStream> {
    let krate = super::validate::krate(parsed);
    head(&parsed.item).map(|_| quote!(#[derive(#krate::__private::SerdeAttributes)]))
}
