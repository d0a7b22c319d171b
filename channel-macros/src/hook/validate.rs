//! What was written, once it is known to be right.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{FnArg, Ident, PatType, Receiver, ReceiverKind, ReturnType, Safety, Signature, Type};

use super::{
    kind::{Asyncness, Kind, Verb},
    parse::Parsed,
    types,
};
use crate::{errors::Errors, names};

/// A hook that can be generated. Only [`validate`] makes one.
pub(super) struct Hook<'a> {
    pub(super) kind: Kind,
    pub(super) verb: Option<Verb>,
    pub(super) method: &'a Ident,
    pub(super) is_async: bool,
    /// `self: Arc<Self>` instead of `&self`.
    pub(super) by_arc: bool,
    pub(super) arguments: Vec<&'a PatType>,
    pub(super) output: &'a ReturnType,
    /// `#[cfg]`s of the method.
    pub(super) conditions: TokenStream,
}

pub(super) fn validate<'a>(kind: Kind, parsed: &'a Parsed, errors: &mut Errors) -> Option<Hook<'a>> {
    let method = parsed.method.as_ref()?;
    let signature = &method.signature;
    if !method.has_body {
        let message = format!(
            "`#[{}]` stands on a method with a body, in an `impl` of the channel's struct",
            kind.word()
        );
        errors.on(&signature.ident, message);
        return None;
    }
    check_qualifiers(kind, signature, errors);
    let by_arc = check_receiver(kind, signature, errors);
    let arguments: Vec<_> = signature
        .inputs
        .iter()
        .filter_map(|input| match input {
            FnArg::Typed(argument) => Some(argument),
            FnArg::Receiver(_) => None,
        })
        .collect();
    check_arguments(kind, signature, &arguments, errors);
    check_output(kind, signature, errors);
    Some(Hook {
        kind,
        verb: parsed.verb,
        method: &signature.ident,
        is_async: signature.asyncness.is_some(),
        by_arc: by_arc?,
        arguments,
        output: &signature.output,
        conditions: names::conditions(&method.attributes),
    })
}

fn check_qualifiers(kind: Kind, signature: &Signature, errors: &mut Errors) {
    let word = kind.word();
    match (kind.asyncness(), &signature.asyncness) {
        (Asyncness::Always, None) => {
            errors.on(
                signature.fn_token,
                format!("a `#[{word}]` method is `async`: write `async fn {}`", signature.ident),
            );
        }
        (Asyncness::Never, Some(token)) => {
            errors.on(token, format!("a `#[{word}]` method is not `async`: write `fn {}`", signature.ident));
        }
        _ => {}
    }
    if let Safety::Unsafe(token) = &signature.safety {
        errors.on(token, format!("a `#[{word}]` method can't be `unsafe`: the server calls it"));
    }
    if let Some(token) = &signature.abi {
        errors.on(token, format!("a `#[{word}]` method can't be `extern`: remove it"));
    }
    let generics = &signature.generics;
    if generics.params.iter().any(|parameter| !matches!(parameter, syn::GenericParam::Lifetime(_))) {
        errors.on(
            generics,
            format!(
                "a `#[{word}]` method can't be generic: the server calls it with the types that it declares"
            ),
        );
    }
}

/// Whether the receiver is `self: Arc<Self>`; `None` where it is none that can be called.
fn check_receiver(kind: Kind, signature: &Signature, errors: &mut Errors) -> Option<bool> {
    let word = kind.word();
    let Some(FnArg::Receiver(receiver)) = signature.inputs.first() else {
        let message = format!(
            "a `#[{word}]` method takes `&self`: write `{}`, in an `impl` of the channel's struct",
            kind.example()
        );
        errors.on(&signature.ident, message);
        return None;
    };
    if is_arc(receiver) && !matches!(kind, Kind::Verify | Kind::Metadata | Kind::Output) {
        return Some(true);
    }
    if is_mutable(receiver) {
        let message = format!(
            "a `#[{word}]` method takes `&self`, since many requests share the channel; put what changes behind a `Mutex` or an atomic"
        );
        errors.on(receiver, message);
        return None;
    }
    if !is_reference(receiver) {
        let message = format!("a `#[{word}]` method takes `&self`, since many requests share the channel");
        errors.on(receiver, message);
        return None;
    }
    Some(false)
}

fn is_reference(receiver: &Receiver) -> bool {
    match &receiver.kind {
        ReceiverKind::Reference(..) => true,
        ReceiverKind::Typed(_, ty) => matches!(&**ty, Type::Reference(_)),
        _ => false,
    }
}

fn is_mutable(receiver: &Receiver) -> bool {
    match &receiver.kind {
        ReceiverKind::Reference(_, _, mutability) => mutability.is_some(),
        ReceiverKind::Typed(_, ty) => {
            matches!(&**ty, Type::Reference(reference) if reference.mutability.is_some())
        }
        _ => false,
    }
}

fn is_arc(receiver: &Receiver) -> bool {
    let ReceiverKind::Typed(_, ty) = &receiver.kind else { return false };
    matches!(&**ty, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Arc"))
}

fn check_arguments(kind: Kind, signature: &Signature, arguments: &[&PatType], errors: &mut Errors) {
    for argument in arguments {
        if let Type::ImplTrait(ty) = &*argument.ty {
            errors.on(
                ty,
                "an argument needs a type that can be named: write the extractor's type instead of `impl …`",
            );
        } else if kind.any_arguments() {
            types::check_argument(&argument.ty, errors);
        }
    }
    if kind.any_arguments() {
        return;
    }
    let Some(expected) = kind.one_argument() else {
        if let Some(argument) = arguments.first() {
            errors.on(
                argument,
                format!("a `#[{}]` method takes nothing but `self`: write `{}`", kind.word(), kind.example()),
            );
        }
        return;
    };
    let remedy = || {
        format!("a `#[{}]` method takes `&self` and a `&{expected}`: write `{}`", kind.word(), kind.example())
    };
    match arguments {
        [argument] if may_be_request(&argument.ty) => {}
        [argument] => errors.on(&argument.ty, remedy()),
        [] if matches!(signature.inputs.first(), Some(FnArg::Receiver(_))) => {
            errors.on(&signature.ident, remedy());
        }
        [] => {}
        [_, further, ..] => errors.on(further, remedy()),
    }
}

fn check_output(kind: Kind, signature: &Signature, errors: &mut Errors) {
    if kind.returns() && matches!(signature.output, ReturnType::Default) {
        let message = format!("a `#[{}]` method returns something: write `{}`", kind.word(), kind.example());
        errors.on(&signature.ident, message);
    }
    let ReturnType::Type(_, ty) = &signature.output else { return };
    if let Type::Never(never) = &**ty {
        let message = format!(
            "a `#[{}]` method returns: write `{}`",
            kind.word(),
            kind.example().replace(" -> Result<(), BoxError>", "")
        );
        errors.on(never, message);
    }
    if matches!(kind, Kind::Webhook | Kind::Health) {
        types::check_answer(ty, errors);
    }
    if kind == Kind::Output {
        types::check_captures(ty, errors);
    }
}

/// The return type's tokens, or the method's name where there is none.
pub(super) fn output_tokens(hook: &Hook<'_>) -> TokenStream {
    match hook.output {
        ReturnType::Type(_, ty) => ty.to_token_stream(),
        ReturnType::Default => {
            let method = hook.method;
            quote!(#method)
        }
    }
}

/// Whether this is a reference that may be to the right type, under whatever name it was imported.
fn may_be_request(ty: &Type) -> bool {
    let Type::Reference(reference) = ty else { return false };
    let Type::Path(path) = &*reference.elem else { return false };
    let wrong = ["str", "String", "Bytes", "Body", "Request", "Parts", "HeaderMap", "Value", "Vec", "Json"];
    let last = path.path.segments.last();
    reference.mutability.is_none() && last.is_some_and(|last| !wrong.iter().any(|wrong| last.ident == wrong))
}
