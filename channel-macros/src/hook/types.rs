//! Types in a hook's signature that the compiler would refuse far from where they stand.

use quote::ToTokens as _;
use syn::{
    GenericArgument, Lifetime, PathArguments, Type, TypeFnPtr, TypeParamBound, TypeReference, visit::Visit,
};

use crate::errors::Errors;

/// An argument is made from the request, which is gone by then: it owns what it holds.
pub(super) fn check_argument(ty: &Type, errors: &mut Errors) {
    if let Type::Reference(reference) = ty {
        let is_text = matches!(&*reference.elem, Type::Path(path) if path.path.is_ident("str"));
        let message = if is_text {
            "an argument is taken by value: write `String`, for the body as text"
        } else {
            "an argument is taken by value: write its type without the `&`"
        };
        errors.on(reference, message);
        return;
    }
    let mut borrow = FindBorrow(None);
    borrow.visit_type(ty);
    if let Some(tokens) = borrow.0 {
        errors.on(tokens, "an argument owns what it holds: write `String` instead of a reference to text");
    }
}

/// The first borrow in a type that is not `'static`.
struct FindBorrow(Option<proc_macro2::TokenStream>);

impl Visit<'_> for FindBorrow {
    fn visit_type_reference(&mut self, reference: &TypeReference) {
        if !is_static(reference) {
            self.0.get_or_insert_with(|| reference.to_token_stream());
        }
    }

    fn visit_lifetime(&mut self, lifetime: &Lifetime) {
        if lifetime.ident != "static" && lifetime.ident != "_" {
            self.0.get_or_insert_with(|| lifetime.to_token_stream());
        }
    }

    fn visit_type_fn_ptr(&mut self, _: &TypeFnPtr) {}
}

fn is_static(reference: &TypeReference) -> bool {
    reference.lifetime.as_ref().is_some_and(|lifetime| lifetime.ident == "static")
}

/// Text that is answered outlives the channel's borrow, also beside other parts of the answer.
pub(super) fn check_answer(ty: &Type, errors: &mut Errors) {
    match ty {
        Type::Reference(reference)
            if !is_static(reference) && matches!(&*reference.elem, Type::Slice(_) | Type::Path(_)) =>
        {
            let message = "an answer can't borrow from the channel: write `String`, or `&'static str` for text that is fixed";
            errors.on(reference, message);
        }
        Type::Tuple(tuple) => tuple.elems.iter().for_each(|ty| check_answer(ty, errors)),
        Type::Path(_) => arguments_of(ty, "Result").for_each(|ty| check_answer(ty, errors)),
        _ => {}
    }
}

/// Since edition 2024 an `impl Trait` holds on to the method's borrows unless it says `use<>`.
pub(super) fn check_captures(ty: &Type, errors: &mut Errors) {
    match ty {
        Type::ImplTrait(opaque)
            if !opaque.bounds.iter().any(|bound| matches!(bound, TypeParamBound::PreciseCapture(_))) =>
        {
            let message = format!(
                "an output channel can't borrow from the channel: write `{} + use<>`, or name the type",
                opaque.to_token_stream()
            );
            errors.on(opaque, message);
        }
        _ => ["Option", "Arc"]
            .iter()
            .for_each(|wrapper| arguments_of(ty, wrapper).for_each(|ty| check_captures(ty, errors))),
    }
}

/// The types between the angle brackets of `Wrapper<…>`.
fn arguments_of<'a>(ty: &'a Type, wrapper: &str) -> impl Iterator<Item = &'a Type> {
    let last = match ty {
        Type::Path(path) => path.path.segments.last().filter(|segment| segment.ident == wrapper),
        _ => None,
    };
    let arguments = last.and_then(|segment| match &segment.arguments {
        PathArguments::AngleBracketed(arguments) => Some(arguments),
        _ => None,
    });
    arguments.into_iter().flat_map(|arguments| &arguments.args).filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}
