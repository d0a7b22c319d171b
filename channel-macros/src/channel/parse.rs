//! What was written.

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::{
    Attribute, Expr, ExprArray, ExprLit, Generics, Ident, Item, Lit, LitStr, Path, parse2,
    spanned::Spanned as _,
};

use crate::{
    arguments::{Argument, split},
    errors::Errors,
    names,
};

const ARGUMENTS: &[&str] = &["name", "key", "aliases", "prefix", "crate"];

/// What was written: the arguments, and the item that they stand on.
pub(super) struct Parsed {
    pub(super) arguments: Arguments,
    pub(super) item: Item,
}

/// The arguments of `#[channel]`.
#[derive(Default)]
pub(super) struct Arguments {
    pub(super) name: Option<LitStr>,
    pub(super) key: Option<LitStr>,
    pub(super) aliases: Vec<LitStr>,
    pub(super) prefix: Option<LitStr>,
    pub(super) krate: Option<Path>,
    /// Something that was meant to be the name is reported already.
    pub(super) name_is_reported: bool,
}

pub(super) fn parse(arguments: TokenStream, item: TokenStream, errors: &mut Errors) -> Option<Parsed> {
    let arguments = parse_arguments(arguments, errors);
    let item = errors.keep(parse2::<Item>(item))?;
    Some(Parsed { arguments, item })
}

fn parse_arguments(tokens: TokenStream, errors: &mut Errors) -> Arguments {
    let mut arguments = Arguments::default();
    let mut seen = Vec::<String>::new();
    for argument in split(tokens) {
        let Some((key, value)) = argument.key_value() else {
            arguments.name_is_reported |= without_key(&argument, errors);
            continue;
        };
        let word = key.to_string();
        if seen.contains(&word) {
            errors.on(&key, format!("`{word}` is given twice; keep one"));
            continue;
        }
        if word == "name" {
            arguments.name_is_reported = true;
        }
        arguments.read(&key, value, errors);
        seen.push(word);
    }
    arguments
}

/// Reports an argument that is not `key = value`; true where it was meant to be the name.
fn without_key(argument: &Argument, errors: &mut Errors) -> bool {
    if let Ok(literal) = parse2::<LitStr>(argument.tokens.clone()) {
        errors.on(&literal, format!("write `name = {:?}`", literal.value()));
        return true;
    }
    let word = argument.word().map(|word| word.to_string()).unwrap_or_default();
    let first = argument.tokens.clone().into_iter().next().map(|token| token.to_string()).unwrap_or_default();
    let first = if word.is_empty() { first } else { word };
    if ARGUMENTS.contains(&first.as_str()) {
        errors
            .at(argument.span, format!("`{first}` needs a value: write `{first} = {}`", example_of(&first)));
    } else {
        let hint = names::did_you_mean(&first, ARGUMENTS);
        errors.at(argument.span, format!("unknown argument `{first}`{hint}; {}", allowed()));
    }
    first == "name" || names::nearest(&first, ARGUMENTS) == Some("name")
}

fn example_of(argument: &str) -> &'static str {
    match argument {
        "aliases" => "[\"old_bot::MyIo\"]",
        "crate" => "path::to::channel_core",
        "key" => "\"addons.custom_channel.MyIO\"",
        _ => "\"myio\"",
    }
}

fn allowed() -> String {
    format!("allowed are {}", names::list(ARGUMENTS))
}

impl Arguments {
    fn read(&mut self, key: &Ident, value: TokenStream, errors: &mut Errors) {
        match key.to_string().as_str() {
            "name" => self.name = errors.keep(string(key, value, names::check_name)),
            "key" => self.key = errors.keep(string(key, value, names::check_key)),
            "prefix" => self.prefix = errors.keep(string(key, value, names::check_prefix)),
            "aliases" => self.aliases = strings(key, value, errors),
            "crate" => self.krate = errors.keep(path(key, value)),
            word => {
                self.name_is_reported |= names::nearest(word, ARGUMENTS) == Some("name");
                let meant = if ["path", "route", "url"].contains(&word) { "prefix" } else { word };
                let hint = names::did_you_mean(meant, ARGUMENTS);
                errors.on(key, format!("unknown argument `{word}`{hint}; {}", allowed()));
            }
        }
    }
}

fn string(key: &Ident, value: TokenStream, check: fn(&LitStr) -> syn::Result<()>) -> syn::Result<LitStr> {
    let span = span_of(key, &value);
    let literal = parse2::<LitStr>(value.clone()).map_err(|_| match after_text(value) {
        Some(token) => syn::Error::new(token.span(), "expected `,` here: commas separate the arguments"),
        None => wrong_value(span, key),
    })?;
    check(&literal)?;
    Ok(literal)
}

/// The name of the next argument, after some text that no comma ends.
fn after_text(value: TokenStream) -> Option<TokenTree> {
    let mut tokens = value.into_iter();
    parse2::<LitStr>(tokens.next()?.into()).ok()?;
    tokens.next().filter(|token| !matches!(token, TokenTree::Punct(punct) if punct.as_char() != ';'))
}

fn strings(key: &Ident, value: TokenStream, errors: &mut Errors) -> Vec<LitStr> {
    let span = span_of(key, &value);
    let Some(array) = errors.keep(parse2::<ExprArray>(value).map_err(|_| wrong_value(span, key))) else {
        return Vec::new();
    };
    let literals = array.elems.iter().map(|element| match element {
        Expr::Lit(ExprLit { lit: Lit::Str(literal), .. }) => {
            names::check_key(literal).map(|()| literal.clone())
        }
        other => Err(wrong_value(other.span(), key)),
    });
    literals.filter_map(|literal| errors.keep(literal)).collect()
}

fn path(key: &Ident, value: TokenStream) -> syn::Result<Path> {
    let span = span_of(key, &value);
    // serde's spelling, a path in quotes, is understood too.
    parse2::<Path>(value.clone())
        .or_else(|_| parse2::<LitStr>(value)?.parse())
        .map_err(|_| wrong_value(span, key))
}

fn span_of(key: &Ident, value: &TokenStream) -> Span {
    if value.is_empty() { key.span() } else { value.span() }
}

fn wrong_value(span: Span, key: &Ident) -> syn::Error {
    syn::Error::new(span, format!("write `{key} = {}`", example_of(&key.to_string())))
}

/// The parts that all items with generics have.
pub(super) fn head(item: &Item) -> Option<(&Ident, &Generics, &[Attribute])> {
    match item {
        Item::Struct(item) => Some((&item.ident, &item.generics, &item.attrs)),
        Item::Enum(item) => Some((&item.ident, &item.generics, &item.attrs)),
        Item::Union(item) => Some((&item.ident, &item.generics, &item.attrs)),
        _ => None,
    }
}

/// Another `#[channel]` on the same item.
pub(super) fn second_channel(item: &Item) -> Option<&Attribute> {
    let (_, _, attributes) = head(item)?;
    attributes
        .iter()
        .find(|attribute| attribute.path().segments.last().is_some_and(|segment| segment.ident == "channel"))
}
