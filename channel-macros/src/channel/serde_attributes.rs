//! `#[serde(…)]` on the struct and on its fields, checked here so that a mistake stays one error.

use quote::ToTokens as _;
use syn::{Attribute, Field, LitStr, Meta, Path, Token, punctuated::Punctuated};

use crate::{
    errors::Errors,
    names::{did_you_mean, list},
};

const ON_FIELDS: &[&str] = &[
    "rename",
    "alias",
    "default",
    "flatten",
    "skip",
    "skip_serializing",
    "skip_deserializing",
    "skip_serializing_if",
    "serialize_with",
    "deserialize_with",
    "with",
    "borrow",
    "bound",
];

const ON_STRUCTS: &[&str] = &[
    "rename",
    "rename_all",
    "rename_all_fields",
    "deny_unknown_fields",
    "default",
    "bound",
    "expecting",
    "from",
    "into",
    "try_from",
    "remote",
    "transparent",
    "tag",
    "untagged",
];

/// Words that stand alone; the others have a value, `default` may.
const ALONE: &[&str] = &[
    "flatten",
    "skip",
    "skip_serializing",
    "skip_deserializing",
    "deny_unknown_fields",
    "transparent",
    "untagged",
];

/// Where the values of missing fields come from.
pub(super) enum ContainerDefault {
    /// `#[serde(default)]`
    Trait,
    /// `#[serde(default = "path")]`
    Function(Path),
}

/// What `#[serde(…)]` on the struct says.
#[derive(Default)]
pub(super) struct SerdeAttributes {
    /// `default`, with the path if one is given.
    pub(super) default: Option<ContainerDefault>,
    /// Whatever else is there, as written.
    pub(super) others: Vec<Meta>,
}

impl SerdeAttributes {
    pub(super) fn of(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let mut serde = Self::default();
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
            let parsed = attribute.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated);
            for meta in errors.keep(parsed).into_iter().flatten() {
                check(&meta, ON_STRUCTS, errors);
                serde.add(meta, errors);
            }
        }
        serde
    }

    fn add(&mut self, meta: Meta, errors: &mut Errors) {
        if ["from", "try_from", "remote", "transparent", "tag", "untagged"]
            .iter()
            .any(|word| meta.path().is_ident(word))
        {
            let word = meta.path().to_token_stream();
            let message = format!(
                "`#[serde({word})]` needs a `Deserialize` of your own here: add `#[derive(serde::Deserialize)]` below `#[channel]`"
            );
            errors.on(&meta, message);
        } else if meta.path().is_ident("default") {
            self.default = Some(path_of(&meta).map_or(ContainerDefault::Trait, ContainerDefault::Function));
        } else if !meta.path().is_ident("deny_unknown_fields") {
            self.others.push(meta);
        }
    }
}

/// The path in `default = "path"`.
fn path_of(meta: &Meta) -> Option<Path> {
    let value = &meta.require_name_value().ok()?.value;
    syn::parse2::<LitStr>(value.to_token_stream()).ok()?.parse().ok()
}

/// Checks the attributes of a field.
pub(super) fn check_field(field: &Field, errors: &mut Errors) {
    for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        let parsed = attribute.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated);
        for meta in errors.keep(parsed).into_iter().flatten() {
            check(&meta, ON_FIELDS, errors);
        }
    }
}

fn check(meta: &Meta, known: &[&str], errors: &mut Errors) {
    let word = meta.path().to_token_stream().to_string();
    if !known.contains(&word.as_str()) {
        let hint = did_you_mean(&word, known);
        errors.on(meta.path(), format!("serde knows no `{word}` here{hint}; it knows {}", list(known)));
        return;
    }
    if word == "bound" {
        errors.on(meta, "a channel is not generic, so what is read into it needs no `bound`; remove it");
    }
    let alone = ALONE.contains(&word.as_str());
    match meta {
        Meta::Path(_) if !alone && !["default", "borrow"].contains(&word.as_str()) => {
            errors.on(meta, format!("`{word}` needs a value: write `{word} = \"…\"`"));
        }
        Meta::NameValue(value) if alone => {
            errors.on(value, format!("`{word}` stands alone: write `#[serde({word})]`"));
        }
        Meta::NameValue(value) if syn::parse2::<LitStr>(value.value.to_token_stream()).is_err() => {
            errors.on(&value.value, format!("`{word}` needs text in quotes: write `{word} = \"…\"`"));
        }
        _ => {}
    }
}
