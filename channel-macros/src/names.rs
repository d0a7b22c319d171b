//! Names: which are allowed, and which was meant.

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;
use syn::{Attribute, LitStr};

/// The known name that is nearest to a misspelt one, if any is near.
pub(crate) fn nearest<'a>(written: &str, known: &[&'a str]) -> Option<&'a str> {
    let distance = |name: &&&str| strsim::damerau_levenshtein(&written.to_lowercase(), name);
    known.iter().min_by_key(distance).filter(|name| distance(name) <= 1 + name.len() / 4).copied()
}

/// ` (did you mean `name`?)`, or nothing.
pub(crate) fn did_you_mean(written: &str, known: &[&str]) -> String {
    nearest(written, known).map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}

/// "`a`, `b` and `c`".
pub(crate) fn list(names: &[&str]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// Whether this can be a segment of a URL as it is.
fn is_segment(text: &str) -> bool {
    !text.is_empty()
        && text != "."
        && text != ".."
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte))
}

/// A channel's name: one segment of a URL.
pub(crate) fn check_name(name: &LitStr) -> syn::Result<()> {
    if is_segment(&name.value()) {
        return Ok(());
    }
    let message =
        "a channel's name is part of its URL: use ASCII letters, digits, `_`, `-` and `.`, as in `\"myio\"`";
    Err(syn::Error::new(name.span(), message))
}

/// A prefix: segments of a URL.
pub(crate) fn check_prefix(prefix: &LitStr) -> syn::Result<()> {
    if prefix.value().split('/').all(is_segment) {
        return Ok(());
    }
    let message = "a prefix is what follows `/webhooks/` in the URL: ASCII letters, digits, `_`, `-` and `.`, \
                   parts separated by single slashes, as in `\"team/myio\"`";
    Err(syn::Error::new(prefix.span(), message))
}

/// A key of the credentials.
pub(crate) fn check_key(key: &LitStr) -> syn::Result<()> {
    let value = key.value();
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.:".contains(&byte);
    if !value.is_empty() && value.bytes().all(allowed) {
        return Ok(());
    }
    let message = "a key of the credentials consists of ASCII letters, digits, `_`, `-`, `.` and `:`, as in \
                   `\"addons.custom_channel.MyIO\"`";
    Err(syn::Error::new(key.span(), message))
}

/// The attributes under which an item exists, to be repeated on what is generated for it.
pub(crate) fn conditions(attributes: &[Attribute]) -> TokenStream {
    let conditions = attributes.iter().filter(|attribute| is_condition(attribute));
    quote!(#(#conditions)*)
}

fn is_condition(attribute: &Attribute) -> bool {
    let path = attribute.path();
    path.is_ident("cfg")
        || path.is_ident("cfg_attr")
            && matches!(&attribute.meta, syn::Meta::List(list) if names_cfg(list.tokens.clone()))
}

/// Whether `cfg` is among the attributes that a `cfg_attr` gives, at whatever depth.
fn names_cfg(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(word) => word == "cfg",
        TokenTree::Group(group) => names_cfg(group.stream()),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_found_if_it_is_near() {
        assert_eq!(nearest("nmae", &["name", "key"]), Some("name"));
        assert_eq!(nearest("Prefix", &["name", "prefix"]), Some("prefix"));
        assert_eq!(nearest("timeout", &["name", "key"]), None);
    }

    #[test]
    fn conditions_are_found_however_they_are_written() {
        let found = |attribute: Attribute| !conditions(&[attribute]).is_empty();
        assert!(found(syn::parse_quote!(#[cfg(unix)])));
        assert!(found(syn::parse_quote!(#[cfg_attr(unix, cfg(test))])));
        assert!(found(syn::parse_quote!(#[cfg_attr(unix, cfg_attr(test, cfg(windows)))])));
        assert!(!found(syn::parse_quote!(#[cfg_attr(unix, serde(default))])));
        assert!(!found(syn::parse_quote!(#[allow(unused)])));
    }

    #[test]
    fn names_are_listed_as_prose() {
        assert_eq!(list(&["a"]), "`a`");
        assert_eq!(list(&["a", "b", "c"]), "`a`, `b` and `c`");
    }
}
