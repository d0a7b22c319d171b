//! What is written for a channel.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Attribute, ext::IdentExt as _, parse::Parser as _, spanned::Spanned as _};

use super::{
    credentials, docs,
    validate::{Channel, place},
};
use crate::{
    hook::{Kind, Verb, glue_function, hook_function},
    names,
};

/// ```text
/// #[channel(name = "myio")] struct MyIo { username: String }
/// ```
/// gives
/// ```text
/// struct MyIo { username: String }
/// const _: () = {
///     fn __hooks() -> &'static Hooks<MyIo> { … <MyIo>::__one_webhook_post_in_an_inherent_impl() … }
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
        #[allow(clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction, dead_code, deprecated, single_use_lifetimes, trivial_bounds, unused_qualifications)]
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

/// The struct as it was, its documentation extended (only for rustdoc: `missing_docs` stays the author's matter), and
/// `#[serde(…)]` made known where nothing derives serde's traits.
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
    let shareable = shareable(channel);
    let checked_fields = checked_fields(channel);
    quote! {
        #checked_fields

        fn __hooks() -> &'static #krate::__private::Hooks<#ident> #shareable {
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

/// Assumes that the struct can be shared between threads: its fields are asked, and nothing else is.
fn shareable(channel: &Channel<'_>) -> TokenStream {
    let Channel { krate, item, .. } = channel;
    let ident = &item.ident;
    quote!(where for<'shared> #ident: #krate::__private::Shareable<'shared>)
}

fn checked_fields(channel: &Channel<'_>) -> TokenStream {
    let krate = &channel.krate;
    let checks = channel.item.fields.iter().map(|field| {
        let ty = &field.ty;
        let conditions = names::conditions(&field.attrs);
        let read = credentials::checked(channel, field);
        let span = Span::call_site().located_at(ty.span());
        quote_spanned!(span=> #conditions {
            #krate::__private::require_shareable::<#ty>();
            #read
        })
    });
    quote! {
        fn __fields() {
            use #krate::__private::Generated as _;
            #(#checks)*
        }
    }
}

fn traits(channel: &Channel<'_>) -> TokenStream {
    let krate = &channel.krate;
    let ident = &channel.item.ident;
    let name = channel.name;
    let prefix = channel.prefix.unwrap_or(name);
    let reader = credentials::reader(channel);
    let shareable = shareable(channel);
    quote! {
        impl #krate::InputChannel for #ident #shareable {
            fn name(&self) -> &str { #name }
            fn prefix(&self) -> &str { #prefix }
            fn router(self: ::std::sync::Arc<Self>) -> #krate::axum::Router<#krate::ChannelState> {
                __hooks().router(&self)
            }
            fn output_channel(&self, to: &#krate::Recipient)
                -> ::core::option::Option<::std::sync::Arc<dyn #krate::OutputChannel>>
            {
                __hooks().output_channel(self, to)
            }
            fn metadata(&self, request: &#krate::WebhookRequest) -> ::core::option::Option<#krate::Metadata> {
                __hooks().get_metadata(self, request)
            }
            fn verifies(&self) -> bool { __hooks().verifies() }
            fn start(self: ::std::sync::Arc<Self>, on_new_message: #krate::OnNewMessage, shutdown: #krate::Shutdown)
                -> #krate::BoxFuture<'static, ::core::result::Result<(), #krate::BoxError>>
            {
                __hooks().run_start(self, on_new_message, shutdown)
            }
        }

        fn __reader() -> #krate::__private::Access<#ident> {
            use #krate::__private::{Generated as _, Unreadable as _};
            #reader
        }

        impl #krate::FromSettings for #ident #shareable {
            fn from_settings(settings: &#krate::Settings) -> ::core::result::Result<Self, #krate::Mistakes> {
                (__reader().read)(settings)
            }
            fn setting_names() -> ::core::option::Option<&'static [&'static str]> {
                (__reader().names)()
            }
            fn verifies() -> bool { __hooks().verifies() }
        }
    }
}

fn registration(channel: &Channel<'_>) -> TokenStream {
    let krate = &channel.krate;
    let ident = &channel.item.ident;
    let name = channel.name;
    let prefix = channel.prefix.unwrap_or(name);
    let type_name = ident.unraw().to_string();
    let aliases = channel.aliases;
    let key = channel.key.map_or_else(
        || quote!(::core::option::Option::None),
        |key| quote!(::core::option::Option::Some(#key)),
    );
    quote! {
        #krate::Registration {
            name: #name,
            prefix: #prefix,
            key: #key,
            aliases: &[#(#aliases),*],
            module_path: ::core::module_path!(),
            type_name: #type_name,
            package: ::core::env!("CARGO_PKG_NAME"),
            file: ::core::file!(),
            line: ::core::line!(),
            column: ::core::column!(),
            ..{
                use #krate::__private::Unmade as _;
                #krate::__private::Maker::<#ident>::REGISTRATION
            }
        }
    }
}
