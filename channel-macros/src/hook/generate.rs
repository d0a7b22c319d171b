//! What is written beside a hook's method.
//!
//! The hidden function names nothing of channel-core: a hook does not know under which path the crate is reached. It gets
//! everything from the function that `#[channel]` gives the type; where there is no `#[channel]`, that function is
//! missing, and its name says what to do.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{PatType, spanned::Spanned as _};

use super::{
    kind::{Kind, Verb},
    parse::Parsed,
    validate::{Hook, output_tokens},
};
use crate::names;

/// The function that `#[channel]` gives a type. Its name shows in the compiler's message where it is missing.
pub(crate) fn glue_function() -> Ident {
    format_ident!("__put_the_attribute_channel_on_this_struct")
}

/// The hidden function of a hook. Its name shows in the compiler's message for a second hook of the kind.
pub(crate) fn hook_function(kind: Kind, verb: Option<Verb>) -> Ident {
    let verb = verb.map_or_else(String::new, |verb| format!("_{}", verb.word().to_lowercase()));
    format_ident!("__one_{}{verb}_in_an_inherent_impl", kind.word())
}

/// ```text
/// #[webhook] async fn receive(&self, body: Json<Incoming>) -> String { … }
/// ```
/// gives, beside the method as it is,
/// ```text
/// pub fn __one_webhook_post_in_an_inherent_impl() -> Box<dyn Any + Send + Sync> {
///     Self::__put_the_attribute_channel_on_this_struct().handler(|mut call| …)
/// }
/// ```
pub(super) fn generate(hook: &Hook<'_>) -> TokenStream {
    let body = match hook.kind {
        Kind::Webhook | Kind::Health => handler(hook),
        Kind::Start => start(hook),
        Kind::Verify => verify(hook),
        Kind::Metadata | Kind::Output => getter(hook),
        Kind::Routes => routes(hook),
    };
    let span = at(hook.method.span());
    let glue = glue_function();
    let glue = quote_spanned!(span=> Self::#glue());
    function(hook.kind, hook.verb, span, &hook.conditions, &quote!(#glue.#body))
}

/// A hidden function for a method that was refused. It says nothing of `Self`: perhaps there is none.
pub(super) fn stand_in(kind: Kind, parsed: &Parsed) -> TokenStream {
    let conditions =
        parsed.method.as_ref().map(|method| names::conditions(&method.attributes)).unwrap_or_default();
    let verb = (kind == Kind::Webhook).then(|| parsed.verb.unwrap_or(Verb::Post));
    let has_body = parsed.method.as_ref().is_some_and(|method| method.has_body);
    if !has_body && !parsed.unfinished {
        return TokenStream::new();
    }
    function(kind, verb, Span::call_site(), &conditions, &quote!(::core::unreachable!()))
}

fn function(
    kind: Kind,
    verb: Option<Verb>,
    span: Span,
    conditions: &TokenStream,
    body: &TokenStream,
) -> TokenStream {
    let name = hook_function(kind, verb);
    let name = Ident::new(&name.to_string(), span);
    quote! {
        #conditions
        #[doc(hidden)]
        #[allow(clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction, dead_code, deprecated, unreachable_pub, unused_qualifications)]
        pub fn #name() -> ::std::boxed::Box<dyn ::core::any::Any + ::core::marker::Send + ::core::marker::Sync> {
            #body
        }
    }
}

/// The place of the author's tokens, in the macro's context: lints leave it alone.
fn at(span: Span) -> Span {
    Span::call_site().located_at(span)
}

/// First whatever looks at the head of the request, then whatever reads its body: so the order of arguments is free.
fn handler(hook: &Hook<'_>) -> TokenStream {
    let first = hook.arguments.iter().enumerate().map(|(index, argument)| {
        let (name, ty) = (slot(index, argument), &argument.ty);
        let conditions = names::conditions(&argument.attrs);
        // All at the type's place: the compiler reports what it says there only once.
        quote_spanned!(ty.span()=> #conditions let #name = match call.first(::core::marker::PhantomData::<#ty>).await {
            ::core::result::Result::Ok(slot) => slot,
            ::core::result::Result::Err(response) => return response,
        };)
    });
    let second = hook.arguments.iter().enumerate().map(|(index, argument)| {
        let name = slot(index, argument);
        let conditions = names::conditions(&argument.attrs);
        quote_spanned!(argument.ty.span()=> #conditions let #name = match call.second(#name).await {
            ::core::result::Result::Ok(argument) => argument,
            ::core::result::Result::Err(response) => return response,
        };)
    });
    let run = run(hook);
    let reply = quote_spanned!(output_tokens(hook).span()=> tools.reply(returned));
    let boxed = quote_spanned!(hook.method.span()=> boxed);
    quote! {
        handler(|tools, mut call| tools.#boxed(async move {
            if let ::core::result::Result::Err(response) = call.open().await {
                return response;
            }
            #(#first)*
            #(#second)*
            let channel: ::std::sync::Arc<Self> = call.channel();
            let returned = #run;
            #reply
        }))
    }
}

fn start(hook: &Hook<'_>) -> TokenStream {
    let arguments = hook.arguments.iter().enumerate().map(|(index, argument)| {
        let (name, ty) = (slot(index, argument), &argument.ty);
        let conditions = names::conditions(&argument.attrs);
        quote_spanned!(ty.span()=> #conditions let #name = call.argument(::core::marker::PhantomData::<#ty>);)
    });
    let run = run(hook);
    let outcome = quote_spanned!(output_tokens(hook).span()=> tools.outcome(returned));
    let boxed = quote_spanned!(hook.method.span()=> boxed);
    quote! {
        start(|tools, channel, call| tools.#boxed(async move {
            #(#arguments)*
            let channel: ::std::sync::Arc<Self> = channel;
            let returned = #run;
            #outcome
        }))
    }
}

fn verify(hook: &Hook<'_>) -> TokenStream {
    let method = hook.method;
    let request = argument(hook, "request");
    let verdict = quote_spanned!(output_tokens(hook).span()=> tools.verdict(returned));
    if hook.is_async {
        let boxed = quote_spanned!(method.span()=> boxed);
        quote!(verify(|tools, channel, request| tools.#boxed(async move {
            let returned = Self::#method(channel, #request).await;
            #verdict
        })))
    } else {
        quote!(verify(|tools, channel, request| {
            let returned = Self::#method(channel, #request);
            ::std::boxed::Box::pin(::core::future::ready(#verdict))
        }))
    }
}

fn getter(hook: &Hook<'_>) -> TokenStream {
    let method = hook.method;
    let given = argument(hook, "given");
    let kind = format_ident!("{}", hook.kind.word());
    let convert = format_ident!("to_{}", hook.kind.word(), span = output_tokens(hook).span());
    let converted = quote_spanned!(output_tokens(hook).span()=> tools.#convert(returned));
    quote!(#kind(|tools, channel, given| {
        let returned = Self::#method(channel, #given);
        #converted
    }))
}

fn routes(hook: &Hook<'_>) -> TokenStream {
    let method = hook.method;
    let receiver = receiver(hook);
    let converted = quote_spanned!(output_tokens(hook).span()=> tools.to_routes(returned));
    quote!(routes(|tools, channel: ::std::sync::Arc<Self>| {
        let returned = Self::#method(#receiver);
        #converted
    }))
}

/// The call of the method, its arguments in the order of the author.
fn run(hook: &Hook<'_>) -> TokenStream {
    let method = hook.method;
    let receiver = receiver(hook);
    let arguments = hook.arguments.iter().enumerate().map(|(index, argument)| {
        let name = slot(index, argument);
        let conditions = names::conditions(&argument.attrs);
        quote!(#conditions #name)
    });
    quote!(Self::#method(#receiver, #(#arguments),*).await)
}

fn receiver(hook: &Hook<'_>) -> TokenStream {
    if hook.by_arc { quote!(channel) } else { quote!(&channel) }
}

/// The one argument, at the place of its type.
fn argument(hook: &Hook<'_>, name: &str) -> Ident {
    let span = hook.arguments.first().map_or_else(Span::call_site, |argument: &&PatType| argument.ty.span());
    Ident::new(name, at(span))
}

fn slot(index: usize, argument: &PatType) -> Ident {
    format_ident!("__argument_{index}", span = argument.ty.span())
}
