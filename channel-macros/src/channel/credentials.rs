//! The type that the credentials are read into.
//!
//! Whether the struct has a `Deserialize` of its own (derived above or below `#[channel]`, or written by hand elsewhere)
//! cannot be seen here. So the generated one belongs to a hidden struct with the same fields, and the compiler takes it
//! only where the channel has none.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{
    Attribute, Field, Fields, LitStr, Meta, Path, Token, ext::IdentExt as _, parse::Parser as _,
    punctuated::Punctuated, spanned::Spanned as _,
};

use super::{serde_attributes::ContainerDefault, validate::Channel};

/// Whether the struct visibly derives `Deserialize`.
pub(super) fn derives_deserialize(channel: &Channel<'_>) -> bool {
    has_derived_deserialize(&channel.item.attrs)
}

/// Whether these attributes derive `Deserialize`.
pub(super) fn has_derived_deserialize(attributes: &[Attribute]) -> bool {
    let is_deserialize =
        |path: &Path| path.segments.last().is_some_and(|segment| segment.ident == "Deserialize");
    let derives = attributes.iter().filter(|attribute| attribute.path().is_ident("derive"));
    derives
        .filter_map(|attribute| {
            attribute.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated).ok()
        })
        .any(|paths| paths.iter().any(is_deserialize))
}

/// ```text
/// struct MyIo { token: Secret }
/// ```
/// gives
/// ```text
/// #[derive(Deserialize)] #[serde(rename = "MyIo", deny_unknown_fields)]
/// struct __Settings { #[serde(bound(deserialize = "Secret: Credentials<'de>"))] token: Secret }
/// impl From<__Settings> for MyIo { fn from(settings: __Settings) -> Self { Self { token: settings.token } } }
/// ```
pub(super) fn generate(channel: &Channel<'_>) -> TokenStream {
    let krate = &channel.krate;
    let ident = &channel.item.ident;
    let renamed = channel.serde.others.iter().any(|meta| meta.path().is_ident("rename"));
    let name = ident.unraw().to_string();
    let rename = (!renamed).then(|| quote!(rename = #name,));
    let serde_path = format!("{krate}::__private::serde").replace(' ', "");
    let others = &channel.serde.others;
    let fields = channel.item.fields.iter().map(|field| shadow_field(field, krate));
    let (default_attribute, default_function) = default(channel);
    let moved = moved_fields(&channel.item.fields);
    // A map of everything else and a refusal of everything else exclude each other.
    let deny_unknown = (!has_flattened(&channel.item.fields)).then(|| quote!(deny_unknown_fields,));
    quote! {
        #[derive(#krate::__private::serde::Deserialize)]
        #[serde(crate = #serde_path, #rename #deny_unknown #default_attribute #(#others),*)]
        struct __Settings { #(#fields),* }

        #default_function

        impl ::core::convert::From<__Settings> for #ident {
            fn from(settings: __Settings) -> Self {
                Self { #moved }
            }
        }
    }
}

/// A bound on each type lets the derive pass over a type that can't be read: [`checked`] reports it, at its place.
fn shadow_field(field: &Field, krate: &TokenStream) -> TokenStream {
    let attributes = field
        .attrs
        .iter()
        .filter(|attribute| ["cfg", "cfg_attr", "serde"].iter().any(|name| attribute.path().is_ident(name)));
    let (ident, ty) = (&field.ident, &field.ty);
    let bound = needs_bound(field).then(|| {
        let bound = format!("{}: {krate}::__private::Credentials<'de>", ty.to_token_stream());
        let bound = LitStr::new(&bound, ty.span());
        quote!(#[serde(bound(deserialize = #bound))])
    });
    quote!(#(#attributes)* #bound #ident: #ty)
}

fn has_flattened(fields: &Fields) -> bool {
    let is_flattened = |field: &Field| {
        let mut serde = field.attrs.iter().filter(|attribute| attribute.path().is_ident("serde"));
        serde.any(|attribute| attribute.to_token_stream().to_string().contains("flatten"))
    };
    fields.iter().any(is_flattened)
}

/// Whether the field is read by its type's `Deserialize`.
pub(super) fn needs_bound(field: &Field) -> bool {
    let own = ["skip", "skip_deserializing", "with", "deserialize_with", "bound"];
    let attributes = field.attrs.iter().filter(|attribute| !attribute.path().is_ident("doc"));
    let text: String = attributes.map(|attribute| attribute.to_token_stream().to_string()).collect();
    let words: Vec<_> = text.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    !own.iter().any(|word| words.contains(word)) && !field.ty.to_token_stream().to_string().contains('$')
}

fn default(channel: &Channel<'_>) -> (TokenStream, TokenStream) {
    let make = match &channel.serde.default {
        None => return Default::default(),
        Some(ContainerDefault::Trait) => quote!(::core::default::Default::default),
        Some(ContainerDefault::Function(path)) => quote!(#path),
    };
    let ident = &channel.item.ident;
    let moved = moved_fields(&channel.item.fields);
    let function = quote! {
        fn __default_settings() -> __Settings {
            let settings: #ident = #make();
            __Settings { #moved }
        }
    };
    (quote!(default = "__default_settings",), function)
}

fn moved_fields(fields: &Fields) -> TokenStream {
    let moved = fields.iter().map(|field| {
        let ident = &field.ident;
        let conditions = crate::names::conditions(&field.attrs);
        quote!(#conditions #ident: settings.#ident)
    });
    quote!(#(#moved),*)
}

/// The expression that gives access to a channel's settings.
pub(super) fn reader(channel: &Channel<'_>) -> TokenStream {
    let krate = &channel.krate;
    let ident = &channel.item.ident;
    let shadow = if derives_deserialize(channel) { quote!(#ident) } else { quote!(__Settings) };
    quote!(#krate::__private::Reader::<#ident>::access(#krate::__private::Shadow::<#ident, #shadow>::access))
}

/// Asks a field's type whether it can be read, unless the struct has a `Deserialize` of its own.
pub(super) fn checked(channel: &Channel<'_>, field: &Field) -> Option<TokenStream> {
    let (krate, ident, ty) = (&channel.krate, &channel.item.ident, &field.ty);
    let span = Span::call_site().located_at(ty.span());
    (!derives_deserialize(channel) && needs_bound(field))
        .then(|| quote_spanned!(span=> #krate::__private::Reader::<#ident>::field::<#ty>();))
}

/// The keys of the credentials, as far as they can be read off the struct.
pub(super) fn documented_keys(fields: &Fields) -> Vec<String> {
    fields.iter().filter_map(documented_key).collect()
}

pub(super) fn documented_key(field: &Field) -> Option<String> {
    let mut key = field.ident.as_ref()?.unraw().to_string();
    for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        let metas = Punctuated::<Meta, Token![,]>::parse_terminated
            .parse2(attribute.meta.require_list().ok()?.tokens.clone())
            .unwrap_or_default();
        for meta in &metas {
            if meta.path().is_ident("skip") || meta.path().is_ident("skip_deserializing") {
                return None;
            }
            if meta.path().is_ident("rename") {
                let value = meta.require_name_value().ok().map(|value| value.value.to_token_stream());
                key = value
                    .and_then(|value| syn::parse2::<LitStr>(value).ok())
                    .map_or(key, |name| name.value());
            }
        }
    }
    Some(key)
}
