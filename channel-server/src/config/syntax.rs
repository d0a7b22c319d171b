//! What the YAML parser stumbled over, in our words: its own may quote the file.

use granit_parser::ErrorKind;

/// What is wrong, and how to mend it.
pub(super) fn explain(kind: &ErrorKind) -> (&'static str, &'static str) {
    use ErrorKind as E;

    match kind {
        E::TabNotAllowed
        | E::TabInBlockIndentation
        | E::TabInIndentation
        | E::TabInPlainScalar
        | E::TabAtBlockScalarStart => ("a tab where YAML allows only spaces", "indent with spaces"),
        E::UnclosedQuotedScalar => ("a quote that is never closed", "close it with the same quote"),
        E::InvalidTrailingSingleQuotedScalar => {
            ("text after a closing quote", "write a quote inside single quotes twice: `''`")
        }
        E::InvalidTrailingDoubleQuotedScalar => {
            ("text after a closing quote", "write a quote inside double quotes as `\\\"`")
        }
        E::UnknownQuotedScalarEscape
        | E::InvalidQuotedScalarHexEscape
        | E::InvalidUnicodeEscape
        | E::InvalidLowSurrogate
        | E::InvalidLowSurrogateHexEscape
        | E::MissingLowSurrogate
        | E::UnpairedLowSurrogate => (
            "a backslash in double quotes that begins no escape sequence",
            "write a backslash as `\\\\`, or use single quotes",
        ),
        E::UnknownAnchor | E::MissingAnchorOrAliasName => (
            "an alias (`*…`) of something that is not defined before it",
            "put a value that begins with `*` or `&` into quotes",
        ),
        E::UnexpectedCharacter { .. } => (
            "a character that no value can begin with, or that no YAML file may contain",
            "put a value that begins with `@`, `%` or a back-tick into quotes",
        ),
        E::UndeclaredTagHandle
        | E::InvalidTagTerminator
        | E::MissingTagUri
        | E::UnclosedVerbatimTag
        | E::ExpectedTagBang
        | E::InvalidGlobalTagCharacter
        | E::InvalidTagEscape
        | E::InvalidTagUtf8
        | E::InvalidTagUtf8LeadingByte
        | E::InvalidTagUtf8TrailingByte => {
            ("a tag (`!…`) that is not known here", "put a value that begins with `!` into quotes")
        }
        E::MappingValueNotAllowed => (
            "a `:` where no key can stand",
            "check the indentation of this line and the one before, and put a value that contains `: ` into quotes",
        ),
        E::SimpleKeyExpected | E::ExpectedBlockMappingKey | E::InvalidSimpleKey => {
            ("expected a key followed by `:`", "write `key: value`, with a space after the colon")
        }
        E::UnclosedFlowCollection { .. }
        | E::UnexpectedEofFlowSequence
        | E::UnexpectedEofFlowMapping
        | E::UnexpectedEofImplicitFlowMapping
        | E::ExpectedFlowMappingSeparator
        | E::ExpectedFlowSequenceSeparator
        | E::InvalidColonPlacement
        | E::MismatchedFlowCollectionEnd { .. }
        | E::MisplacedFlowCollectionEnd => (
            "brackets or braces that do not match, or a comma that is missing between them",
            "close every `[` and `{`, and put a value that contains brackets or braces into quotes",
        ),
        E::InvalidIndentation
        | E::InvalidFlowScalarIndent
        | E::InvalidQuotedScalarIndent
        | E::InvalidBlockScalarIndent => ("wrong indentation", "indent the keys of one map alike"),
        E::RecursionLimitExceeded => ("too many maps and lists inside one another", "nest fewer of them"),
        _ => ("this is not valid YAML", "check the quotes, the colons and the indentation around this place"),
    }
}
