//! Which events a dump shows.

use std::str::FromStr;

/// Which events a dump of a conversation shows. The names are Rasa's, in either case.
///
/// # Examples
///
/// ```
/// use channel_core::EventVerbosity;
///
/// assert_eq!("AFTER_RESTART".parse(), Ok(EventVerbosity::AfterRestart));
/// assert_eq!("all".parse(), Ok(EventVerbosity::All));
/// assert!("SOME".parse::<EventVerbosity>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventVerbosity {
    /// `NONE`: none.
    None,
    /// `APPLIED`: those that count; what was undone or rewound is left out.
    Applied,
    /// `AFTER_RESTART`: all since the last restart.
    AfterRestart,
    /// `ALL`: all.
    All,
}

/// A name that stands for no verbosity.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown event verbosity `{0}`; use NONE, APPLIED, AFTER_RESTART or ALL")]
pub struct UnknownVerbosity(String);

impl FromStr for EventVerbosity {
    type Err = UnknownVerbosity;

    fn from_str(name: &str) -> Result<Self, UnknownVerbosity> {
        match name.to_ascii_uppercase().as_str() {
            "NONE" => Ok(Self::None),
            "APPLIED" => Ok(Self::Applied),
            "AFTER_RESTART" => Ok(Self::AfterRestart),
            "ALL" => Ok(Self::All),
            _ => Err(UnknownVerbosity(name.to_owned())),
        }
    }
}
