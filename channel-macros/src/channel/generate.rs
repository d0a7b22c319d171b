//! What is written for a channel.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{Attribute, parse::Parser as _};

use super::{
    credentials, docs,
    validate::{Channel, place},
};
use crate::hook::{Kind, Verb, glue_function, hook_function};

/// ```text
/// #[channel(name = "myio")] struct MyIo { username: String }
/// ```
/// gives
/// ```text
/// struct MyIo { username: String }
/// const _: () = {
///     fn hooks() -> &'static Hooks<MyIo> { … <MyIo>::__one_webhook_post_in_an_inherent_impl() … }
///     impl InputChannel for MyIo { fn name(&self) -> &str { "myio" } … }
///     impl FromSettings for MyIo { … }
///     inventory::submit! { Registration { … } }
/// };
/// ```
pub(super) fn generate(channel: &Channel<'_>, item: TokenStream) -> TokenStream {
    let Channel { krate, conditions, .. } = channel;
    let item = documented(channel, item);
    let ident = &channel.item.ident;
    let settings = (!credentials::derives_deserialize(channel)).then(|| credentials::generate(channel));
    let hooks = hooks(channel);
    let traits = traits(channel);
    let registration = registration(channel);
    let glue = glue_function();
    quote! {
        #item

        #conditions
        #[doc(hidden)]
        #[allow(clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction, dead_code, unused_qualifications, single_use_lifetimes)]
        const _: () = {
            #settings
            #hooks
            #traits
            #krate::__private::inventory::submit! { #registration }

            impl #ident {
                #[doc(hidden)]
                pub fn #glue() -> #krate::__private::Glue<#ident> {
                    #krate::__private::Glue::<#ident>::new()
                }
            }
        };
    }
}

/// The struct as it was, its documentation extended (only for rustdoc: `missing_docs` stays the author's matter), and `#[serde(…)]` made known where nothing derives serde's traits.
fn documented(channel: &Channel<'_>, item: TokenStream) -> TokenStream {
    let krate = &channel.krate;
    let docs = docs::of(channel);
    let split = |input: syn::parse::ParseStream<'_>| {
        Ok((input.call(Attribute::parse_outer)?, input.parse::<TokenStream>()?))
    };
    match split.parse2(item.clone()) {
        Ok((attributes, rest)) => quote! {
            #[derive(#krate::__private::SerdeAttributes)]
            #(#attributes)*
            #[cfg_attr(doc, doc = #docs)]
            #rest
        },
        Err(_) => item,
    }
}

fn hooks(channel: &Channel<'_>) -> TokenStream {
    let krate = &channel.krate;
    let ident = &channel.item.ident;
    let span = place(channel.item);
    let ways_in: Vec<_> = Verb::ALL
        .iter()
        .map(|&verb| hook_function(Kind::Webhook, Some(verb)))
        .chain([hook_function(Kind::Routes, None), hook_function(Kind::Start, None)])
        .collect();
    let [health, verify, metadata, output] =
        [Kind::Health, Kind::Verify, Kind::Metadata, Kind::Output].map(|kind| hook_function(kind, None));
    let names = [
        quote!(post),
        quote!(get),
        quote!(put),
        quote!(patch),
        quote!(delete),
        quote!(routes),
        quote!(start),
    ];
    let either = names.iter().rev().skip(1).fold(
        quote!(&#krate::__private::last(&start)),
        |later, name| quote!(&#krate::__private::either(&#name, #later)),
    );
    let checked = quote_spanned!(span=> #krate::__private::require_way_in::<#ident, _>(#either));
    quote! {
        fn hooks() -> &'static #krate::__private::Hooks<#ident> {
            use #krate::__private::NoHooks as _;
            static HOOKS: ::std::sync::OnceLock<#krate::__private::Hooks<#ident>> = ::std::sync::OnceLock::new();
            HOOKS.get_or_init(|| {
                let (#(#names),*) = (#(<#ident>::#ways_in()),*);
                #checked;
                #krate::__private::Hooks::none()
                    .webhook("POST", post)
                    .webhook("GET", get)
                    .webhook("PUT", put)
                    .webhook("PATCH", patch)
                    .webhook("DELETE", delete)
                    .routes(routes)
                    .start(start)
                    .health(<#ident>::#health())
                    .verify(<#ident>::#verify())
                    .metadata(<#ident>::#metadata())
                    .output(<#ident>::#output())
            })
        }
    }
}

fn traits(channel: &Channel<'_>) -> TokenStream {
    let krate = &channel.krate;
    let ident = &channel.item.ident;
    let name = channel.name;
    let prefix = channel.prefix.unwrap_or(name);
    let reader = credentials::reader(channel);
    quote! {
        impl #krate::__private::Channel for #ident {}

        impl #krate::InputChannel for #ident {
            fn name(&self) -> &str { #name }
            fn prefix(&self) -> &str { #prefix }
            fn router(self: ::std::sync::Arc<Self>) -> #krate::axum::Router<#krate::ChannelState> {
                hooks().router(&self)
            }
            fn output_channel(&self, to: &#krate::Recipient)
                -> ::core::option::Option<::std::sync::Arc<dyn #krate::OutputChannel>>
            {
                hooks().output_channel(self, to)
            }
            fn metadata(&self, request: &#krate::WebhookRequest) -> ::core::option::Option<#krate::Metadata> {
                hooks().get_metadata(self, request)
            }
            fn verifies(&self) -> bool { hooks().verifies() }
            fn start(self: ::std::sync::Arc<Self>, on_new_message: #krate::OnNewMessage, shutdown: #krate::Shutdown)
                -> #krate::BoxFuture<'static, ::core::result::Result<(), #krate::BoxError>>
            {
                hooks().run_start(self, on_new_message, shutdown)
            }
        }

        fn reader() -> #krate::__private::Access<#ident> {
            use #krate::__private::Generated as _;
            #reader()
        }

        impl #krate::FromSettings for #ident {
            fn from_settings(settings: &#krate::Settings) -> ::core::result::Result<Self, #krate::Mistakes> {
                (reader().read)(settings)
            }
            fn setting_names() -> ::core::option::Option<&'static [&'static str]> {
                (reader().names)()
            }
            fn verifies() -> bool { hooks().verifies() }
        }
    }
}

fn registration(channel: &Channel<'_>) -> TokenStream {
    let krate = &channel.krate;
    let ident = &channel.item.ident;
    let name = channel.name;
    let prefix = channel.prefix.unwrap_or(name);
    let aliases = channel.aliases;
    let key = channel.key.map_or_else(
        || quote!(::core::option::Option::None),
        |key| quote!(::core::option::Option::Some(#key)),
    );
    quote! {
        #krate::Registration {
            prefix: #prefix,
            key: #key,
            aliases: &[#(#aliases),*],
            ..#krate::Registration::of::<#ident>(
                #name,
                ::core::stringify!(#ident),
                ::core::module_path!(),
                ::core::env!("CARGO_PKG_NAME"),
                (::core::file!(), ::core::line!(), ::core::column!()),
            )
        }
    }
}
