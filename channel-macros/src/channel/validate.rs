//! What was written, once it is known to be right.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{
    Field, Fields, Ident, Item, ItemStruct, LitStr, Token, Type, TypeFnPtr, TypeReference,
    punctuated::Punctuated, visit::Visit,
};

use super::{
    credentials,
    parse::Parsed,
    serde_attributes::{self, SerdeAttributes},
};
use crate::{errors::Errors, names};

/// A channel that can be generated. Only [`validate`] makes one.
pub(super) struct Channel<'a> {
    pub(super) item: &'a ItemStruct,
    pub(super) name: &'a LitStr,
    pub(super) key: Option<&'a LitStr>,
    pub(super) aliases: &'a [LitStr],
    pub(super) prefix: Option<&'a LitStr>,
    /// The path of channel-core.
    pub(super) krate: TokenStream,
    /// `#[cfg]`s of the struct.
    pub(super) conditions: TokenStream,
    pub(super) serde: SerdeAttributes,
}

pub(super) fn validate<'a>(parsed: &'a Parsed, errors: &mut Errors) -> Option<Channel<'a>> {
    let arguments = &parsed.arguments;
    if let Some(second) = super::parse::second_channel(&parsed.item) {
        errors.on(
            second,
            "a struct is one channel: keep one `#[channel]`; a further name needs a further struct",
        );
        return None;
    }
    check_keys(parsed, errors);
    let item = check_item(&parsed.item, errors);
    if arguments.name.is_none() && !arguments.name_is_reported {
        missing_name(&parsed.item, errors);
    }
    let item = item?;
    let serde = if credentials::has_derived_deserialize(&item.attrs) {
        SerdeAttributes::default()
    } else {
        SerdeAttributes::of(&item.attrs, errors)
    };
    Some(Channel {
        item,
        name: arguments.name.as_ref()?,
        key: arguments.key.as_ref(),
        aliases: &arguments.aliases,
        prefix: arguments.prefix.as_ref(),
        krate: krate(parsed),
        conditions: names::conditions(&item.attrs),
        serde,
    })
}

/// The path of channel-core.
pub(super) fn krate(parsed: &Parsed) -> TokenStream {
    parsed.arguments.krate.as_ref().map_or_else(|| quote!(::channel_core), |path| quote!(#path))
}

fn missing_name(item: &Item, errors: &mut Errors) {
    let Some((ident, ..)) = super::parse::head(item) else { return };
    let example = ident.to_string().to_lowercase();
    errors.on(ident, format!("this channel has no name: write `#[channel(name = \"{example}\")]`"));
}

fn check_keys(parsed: &Parsed, errors: &mut Errors) {
    let mut seen: Vec<_> = parsed.arguments.key.iter().map(LitStr::value).collect();
    for alias in &parsed.arguments.aliases {
        if seen.contains(&alias.value()) {
            errors.on(alias, format!("the key {:?} is given twice; keep one", alias.value()));
        }
        seen.push(alias.value());
    }
}

fn check_item<'a>(item: &'a Item, errors: &mut Errors) -> Option<&'a ItemStruct> {
    let Item::Struct(item) = item else {
        errors.on(what_it_is(item), refusal_of(item));
        return None;
    };
    if !item.generics.params.is_empty() {
        let message = "a channel can't be generic: the server makes it from the credentials, which name no types; \
                       write the types, or wrap the generic struct in a channel of its own";
        errors.on(&item.generics, message);
    }
    match &item.fields {
        _ if !item.generics.params.is_empty() => {}
        Fields::Named(fields) => {
            fields.named.iter().for_each(|field| check_field(field, errors));
            if fields.named.iter().enumerate().any(|(index, field)| is_known_as_wrong(&fields.named, index, field)) {
                return None;
            }
        }
        Fields::Unit => {}
        Fields::Unnamed(fields) => errors.on(
            fields,
            format!("the fields of a channel are keys of its credentials, so they need names: write `struct {} {{ token: Secret }}`", item.ident),
        ),
    }
    Some(item)
}

fn check_field(field: &Field, errors: &mut Errors) {
    if credentials::needs_bound(field) {
        check_type(&field.ty, errors);
    }
    serde_attributes::check_field(field, errors);
    let key = credentials::documented_key(field).filter(|key| RESERVED.contains(&key.as_str()));
    if let Some(key) = key {
        errors.on(
            &field.ident,
            format!("`{key}` is a key that every channel has: name this setting otherwise"),
        );
    }
}

/// What the server reads from every channel's section.
const RESERVED: [&str; 3] = ["bearer_token", "insecure", "instances"];

/// What a type that is read from the credentials can't hold.
fn check_type(ty: &Type, errors: &mut Errors) {
    let mut borrowed = FindBorrowed(None);
    borrowed.visit_type(ty);
    if let Some(reference) = borrowed.0 {
        let message =
            "a channel owns what its credentials say: write `String` instead of a reference to text";
        errors.on(reference, message);
    }
    match ty {
        Type::Path(path) if path.path.is_ident("str") => {
            errors.on(ty, "a channel owns what its credentials say: write `String` instead of `str`");
        }
        Type::Slice(_) => {
            errors.on(ty, "a channel owns what its credentials say: write `Vec<…>` instead of a slice");
        }
        _ => {}
    }
}

/// The first reference in a type.
struct FindBorrowed<'a>(Option<&'a TypeReference>);

impl<'a> Visit<'a> for FindBorrowed<'a> {
    fn visit_type_reference(&mut self, reference: &'a TypeReference) {
        self.0 = self.0.or(Some(reference));
    }

    fn visit_type_fn_ptr(&mut self, _: &'a TypeFnPtr) {}
}

/// Whether the compiler refuses this field, so that what is generated for it would only repeat that.
fn is_known_as_wrong(fields: &Punctuated<Field, Token![,]>, index: usize, field: &Field) -> bool {
    let twice = fields.iter().take(index).any(|other| other.ident == field.ident)
        && names::conditions(&field.attrs).is_empty();
    twice || matches!(field.ty, Type::ImplTrait(_) | Type::Infer(_))
}

/// The narrowest tokens that say what the item is.
fn what_it_is(item: &Item) -> TokenStream {
    match item {
        Item::Enum(item) => keyword(&item.enum_token, Some(&item.ident)),
        Item::Union(item) => keyword(&item.union_token, Some(&item.ident)),
        Item::Fn(item) => keyword(&item.sig.fn_token, Some(&item.sig.ident)),
        Item::Trait(item) => keyword(&item.trait_token, Some(&item.ident)),
        Item::Type(item) => keyword(&item.type_token, Some(&item.ident)),
        Item::Impl(item) => {
            let (token, ty) = (&item.impl_token, &item.self_ty);
            quote!(#token #ty)
        }
        other => quote!(#other),
    }
}

fn keyword(token: &impl quote::ToTokens, ident: Option<&Ident>) -> TokenStream {
    quote!(#token #ident)
}

fn refusal_of(item: &Item) -> &'static str {
    match item {
        Item::Enum(_) => {
            "a channel is a struct, whose fields are its credentials; make this a struct, with a field for the enum"
        }
        Item::Impl(_) => {
            "`#[channel]` stands on the struct, not on its `impl`; the methods in here are marked with `#[webhook]` and the like"
        }
        Item::Fn(_) => {
            "`#[channel]` stands on a struct, whose fields are its credentials; a function that receives is a method with `#[webhook]`"
        }
        _ => "a channel is a struct, whose fields are its credentials",
    }
}

/// The place that stands for the struct as a whole.
pub(super) fn place(item: &ItemStruct) -> proc_macro2::Span {
    item.ident.span()
}
