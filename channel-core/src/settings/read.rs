//! Reading a section with all its mistakes.

use serde::de::DeserializeOwned;

use super::{Mistake, Mistakes, Node, de::De, draft::Draft, repair::Repair};

/// More mistakes than these are not worth another reading.
const READINGS: usize = 1000;

/// Reads the type again and again: serde stops at a section's first mistake, which is noted and mended.
pub(super) fn read<T: DeserializeOwned>(section: &Node) -> Result<T, Mistakes> {
    let mut draft = Draft::of_section(section);
    let mut repair = Repair::of(section);
    for _ in 0..READINGS {
        let error = match T::deserialize(De::of(&draft)) {
            Ok(value) if repair.mistakes.is_empty() => return Ok(value),
            Ok(_) => break,
            Err(error) => error,
        };
        if repair.mend(&mut draft, error).is_break() {
            break;
        }
    }
    let mut mistakes = repair.mistakes.into_iter();
    let first = mistakes.next().unwrap_or_else(|| Mistake::new("the section can't be read"));
    let mut found = Mistakes::from(first);
    found.extend(mistakes);
    Err(found)
}
