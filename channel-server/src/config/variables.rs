//! `${NAME}` and `${NAME:-default}` in a scalar.

use std::env::VarError;

/// Looks up an environment variable; `&|name| std::env::var(name)` is the process's own.
pub type Environment<'a> = &'a dyn Fn(&str) -> Result<String, VarError>;

/// A scalar with its variables filled in.
pub(super) struct Expanded {
    pub(super) text: String,
    pub(super) variables: Variables,
}

/// How much of a scalar comes from variables.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Variables {
    None,
    Some,
    /// It is one reference and nothing else.
    Only,
}

/// What is wrong with a reference, and how to mend it.
pub(super) struct Fault {
    pub(super) problem: String,
    pub(super) help: String,
}

/// Fills in the variables; `$${` is a literal `${`, a `$` by itself is itself.
pub(super) fn expand(written: &str, environment: Environment<'_>) -> Result<Expanded, Vec<Fault>> {
    let (mut text, mut faults, mut variables) = (String::new(), Vec::new(), Variables::None);
    let mut rest = written;
    while let Some(start) = rest.find("${") {
        let before = &rest[..start];
        if let Some(before) = before.strip_suffix('$') {
            text.push_str(before);
            text.push_str("${");
            rest = &rest[start + 2..];
            continue;
        }
        text.push_str(before);
        let Some((reference, after)) = rest[start + 2..].split_once('}') else {
            faults.push(unfinished());
            return Err(faults);
        };
        match value(reference, environment) {
            Ok(value) => text.push_str(&value),
            Err(fault) => faults.push(fault),
        }
        let only = rest.len() == written.len() && before.is_empty() && after.is_empty();
        variables = if only { Variables::Only } else { Variables::Some };
        rest = after;
    }
    text.push_str(rest);
    if faults.is_empty() { Ok(Expanded { text, variables }) } else { Err(faults) }
}

/// What stands between the braces is shown only where it is a name: anything else may be a part of a secret.
fn value(reference: &str, environment: Environment<'_>) -> Result<String, Fault> {
    let (name, default) = match reference.split_once(":-") {
        Some((name, default)) => (name, Some(default)),
        None => (reference, None),
    };
    if !is_name(name) {
        return Err(not_a_reference());
    }
    if default.is_some_and(|default| default.contains("${")) {
        return Err(Fault {
            problem: format!("the default of the variable `{name}` contains another variable"),
            help: "a default is plain text; set the variable where the program is started".to_owned(),
        });
    }
    match (environment(name), default) {
        (Err(VarError::NotUnicode(_)), _) => Err(Fault {
            problem: format!("the variable `{name}` is not UTF-8"),
            help: format!("set `{name}` to UTF-8 text"),
        }),
        (Err(VarError::NotPresent), None) => Err(Fault {
            problem: format!("the variable `{name}` is not set"),
            help: format!("set it, or give a default: `${{{name}:-…}}`"),
        }),
        (Ok(value), Some(default)) if value.is_empty() => Ok(default.to_owned()),
        (Err(VarError::NotPresent), Some(default)) => Ok(default.to_owned()),
        (Ok(value), _) => Ok(value),
    }
}

fn is_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn unfinished() -> Fault {
    Fault {
        problem: "a variable without its closing `}`".to_owned(),
        help: "write `${NAME}`, or `$${` for the characters `${` themselves".to_owned(),
    }
}

fn not_a_reference() -> Fault {
    Fault {
        problem: "what stands in `${…}` is not the name of a variable".to_owned(),
        help: "write `${NAME}` or `${NAME:-default}`, or `$${` for the characters `${` themselves".to_owned(),
    }
}
