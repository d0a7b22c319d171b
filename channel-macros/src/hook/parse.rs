//! What was written.

use proc_macro2::{TokenStream, TokenTree};
use syn::{
    Attribute, Signature, Token, Visibility,
    parse::{ParseStream, Parser as _},
};

use super::kind::{Kind, Verb};
use crate::{
    arguments::split,
    errors::Errors,
    names::{did_you_mean, list},
};

/// What was written: the HTTP method, and the method without its body, which is nobody's business here.
pub(crate) struct Parsed {
    pub(crate) verb: Option<Verb>,
    pub(crate) method: Option<Method>,
    /// A function whose signature is being written.
    pub(crate) unfinished: bool,
}

/// A method without its body.
pub(crate) struct Method {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) signature: Signature,
    pub(crate) has_body: bool,
}

pub(crate) fn parse(kind: Kind, arguments: TokenStream, item: &TokenStream, errors: &mut Errors) -> Parsed {
    let verb = parse_arguments(kind, arguments, errors);
    let mut unfinished = false;
    let method = method.parse2(item.clone()).map_err(|error| {
        unfinished = is_function(item);
        if unfinished {
            errors.push(error);
        } else {
            let message =
                format!("`#[{}]` stands on a method of a channel: `{}`", kind.word(), kind.example());
            errors.on(first_token(item.clone()), message);
        }
    });
    Parsed { verb, method: method.ok(), unfinished }
}

fn is_function(item: &TokenStream) -> bool {
    item.clone().into_iter().any(|token| matches!(token, TokenTree::Ident(word) if word == "fn"))
}

fn first_token(item: TokenStream) -> TokenStream {
    item.into_iter().take(1).collect()
}

fn method(input: ParseStream<'_>) -> syn::Result<Method> {
    let attributes = input.call(Attribute::parse_outer)?;
    let _: Visibility = input.parse()?;
    let _: Option<Token![default]> = input.parse()?;
    let signature = input.parse()?;
    let has_body = input.peek(syn::token::Brace);
    // Unfinished code is no reason to say anything: the body is left unread.
    let _: TokenStream = input.parse()?;
    Ok(Method { attributes, signature, has_body })
}

fn parse_arguments(kind: Kind, tokens: TokenStream, errors: &mut Errors) -> Option<Verb> {
    let arguments = split(tokens);
    if kind != Kind::Webhook {
        for argument in &arguments {
            errors.on(&argument.tokens, format!("`#[{0}]` takes no arguments: write `#[{0}]`", kind.word()));
        }
        return None;
    }
    let mut verbs = arguments.iter().map(|argument| (argument, verb(argument.word(), argument, errors)));
    let first = verbs.next().map_or(Some(Verb::Post), |(_, verb)| verb);
    let rest: Vec<_> = verbs.collect();
    for (argument, _) in rest.into_iter().filter(|(_, verb)| verb.is_some()) {
        errors.on(&argument.tokens, "a webhook answers one HTTP method; write a method for each");
    }
    first
}

fn verb(
    word: Option<syn::Ident>,
    argument: &crate::arguments::Argument,
    errors: &mut Errors,
) -> Option<Verb> {
    let words = Verb::ALL.map(Verb::word);
    let written = word.map_or_else(|| argument.tokens.to_string(), |word| word.to_string());
    let verb = Verb::ALL.into_iter().find(|verb| verb.word() == written);
    if verb.is_none() {
        let bare = written.trim_matches('"').to_uppercase();
        let hint = if words.contains(&bare.as_str()) {
            format!("; did you mean `{bare}`?")
        } else {
            did_you_mean(&bare.to_lowercase(), &words.map(|word| word))
        };
        let message = format!(
            "`#[webhook]` takes an HTTP method{hint}; allowed are {}, and `POST` where none is given",
            list(&words)
        );
        errors.on(&argument.tokens, message);
    }
    verb
}
