//! The arguments of an attribute, separated by commas, each looked at for itself: a mistake in one hides no other.

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::{
    Ident, Token,
    ext::IdentExt,
    parse::{ParseStream, Parser},
};

/// One argument: its first token's place, and its tokens.
pub(crate) struct Argument {
    pub(crate) span: Span,
    pub(crate) tokens: TokenStream,
}

/// Splits at the commas. Brackets hide theirs; an empty argument is left out.
pub(crate) fn split(tokens: TokenStream) -> Vec<Argument> {
    let mut arguments = Vec::<Argument>::new();
    let mut open = false;
    for token in tokens {
        if matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ',') {
            open = false;
            continue;
        }
        match arguments.last_mut().filter(|_| open) {
            Some(argument) => argument.tokens.extend([token]),
            None => arguments.push(Argument { span: token.span(), tokens: token.into() }),
        }
        open = true;
    }
    arguments
}

impl Argument {
    /// Reads `key = value`: the key, and the value's tokens. `None` where it has another form.
    pub(crate) fn key_value(&self) -> Option<(Ident, TokenStream)> {
        let parser = |input: ParseStream<'_>| {
            let key = input.call(Ident::parse_any)?;
            input.parse::<Token![=]>()?;
            Ok((key, input.parse()?))
        };
        parser.parse2(self.tokens.clone()).ok()
    }

    /// The argument, where it is one word.
    pub(crate) fn word(&self) -> Option<Ident> {
        Ident::parse_any.parse2(self.tokens.clone()).ok()
    }
}
