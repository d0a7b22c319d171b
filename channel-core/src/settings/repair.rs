//! Noting a mistake and mending it, so that reading can go on to the next.

use std::ops::ControlFlow::{self, Break, Continue};

use super::{
    Mistake, Node, Position,
    draft::{Content, Draft, Entry},
    error::{Error, Fault, list},
    mistake::nearest,
    scrub::scrub,
};

/// Stubs for types that contain themselves do not grow deeper than this.
const DEPTH: usize = 32;

const MISSING: &str = "missing key";

/// The mistakes found so far.
pub(super) struct Repair<'a> {
    section: &'a Node,
    pub(super) mistakes: Vec<Mistake>,
}

impl<'a> Repair<'a> {
    pub(super) fn of(section: &'a Node) -> Self {
        Self { section, mistakes: Vec::new() }
    }

    /// Notes the mistake unless an earlier one brought it about, and mends the draft; breaks where that is impossible.
    pub(super) fn mend(&mut self, draft: &mut Draft<'a>, error: Error) -> ControlFlow<()> {
        let Error { fault, mut steps, entry } = error;
        steps.reverse();
        let Some(Spot { part, path, position }) = Spot::find(draft, &steps) else { return Break(()) };
        match (fault, entry) {
            (Fault::Grow(content), _) if steps.len() < DEPTH => part.content = content,
            (Fault::Unknown { entries, known }, _) if !entries.is_empty() => {
                for index in entries.into_iter().rev() {
                    self.take_out(part, &path, index, "unknown key", help_with_key(part, index, known));
                }
            }
            (Fault::Unknown { known, .. }, Some(index)) => {
                self.take_out(part, &path, index, "unknown key", help_with_key(part, index, known));
            }
            (Fault::Repeated, Some(index)) => {
                let help = "another key says the same; remove one of them".to_owned();
                self.take_out(part, &path, index, "repeated key", Some(help));
            }
            (Fault::Wrong { problem, foreign, .. }, Some(index)) => {
                let problem = if foreign { scrub(&problem, self.section) } else { problem };
                self.take_out(part, &path, index, &format!("wrong key: {problem}"), None);
            }
            (Fault::Missing(field), _) if !part.lost.contains(&field) => {
                if !part.made_up && !self.is_misspelt(&path, field) {
                    self.note(position, join(&path, field), MISSING, Some(format!("add `{field}: …`")));
                }
                let Content::Map(entries) = &mut part.content else { return Break(()) };
                entries.push(Entry::stub(field));
            }
            (Fault::Wrong { problem, help, foreign }, None) if !part.is_touched() => {
                let problem = if foreign { scrub(&problem, self.section) } else { problem };
                let position = part.position.or(position);
                *part = Draft::stub();
                self.note(position, path, &problem, help.map(str::to_owned));
                if steps.is_empty() {
                    return Break(());
                }
            }
            _ => return self.lose(draft, &steps),
        }
        Continue(())
    }

    /// Takes out a value that no stub can stand in for; what then fails around it is taken out in turn.
    ///
    /// A struct asks for its missing fields in the order of their declaration, and only one by one. So the fields that
    /// are missing and declared after one that is lost come to light only when that one is mended.
    fn lose(&mut self, draft: &mut Draft<'a>, steps: &[usize]) -> ControlFlow<()> {
        let Some((last, above)) = steps.split_last() else { return Break(()) };
        let Some(Spot { part, path, .. }) = Spot::find(draft, above) else { return Break(()) };
        match &mut part.content {
            Content::Map(entries) if *last < entries.len() => {
                let entry = entries.remove(*last);
                // It may be the field's alias that was lost before: then the field was not missing at all.
                if entry.value.made_up && !part.lost.is_empty() {
                    let path = join(&path, entry.shown);
                    self.mistakes.retain(|mistake| mistake.problem != MISSING || mistake.path != path);
                }
                part.lost.push(entry.key);
            }
            Content::List(parts) if *last < parts.len() => {
                parts.remove(*last);
                part.lost.push("");
            }
            _ => return Break(()),
        }
        Continue(())
    }

    fn take_out(
        &mut self,
        part: &mut Draft<'a>,
        path: &str,
        index: usize,
        problem: &str,
        help: Option<String>,
    ) {
        let Content::Map(entries) = &mut part.content else { return };
        let entry = entries.remove(index);
        if !part.made_up {
            self.note(entry.position, join(path, entry.shown), problem, help);
        }
    }

    /// Whether an unknown key beside it was meant to be this field: then one mistake is enough.
    fn is_misspelt(&self, path: &str, field: &str) -> bool {
        let hint = meant(field);
        self.mistakes.iter().any(|mistake| {
            let around = mistake.path.rsplit_once('.').map_or("", |(around, _)| around);
            around == path && mistake.help.as_ref().is_some_and(|help| help.starts_with(&hint))
        })
    }

    fn note(&mut self, position: Option<Position>, path: String, problem: &str, help: Option<String>) {
        self.mistakes.push(Mistake { position, path, problem: problem.to_owned(), help });
    }
}

/// A part of the draft and how to name it.
struct Spot<'d, 'a> {
    part: &'d mut Draft<'a>,
    path: String,
    /// The place of the key that holds it, or else its own.
    position: Option<Position>,
}

impl<'d, 'a> Spot<'d, 'a> {
    fn find(draft: &'d mut Draft<'a>, steps: &[usize]) -> Option<Self> {
        let mut spot = Self { position: draft.position, path: String::new(), part: draft };
        for &step in steps {
            match &spot.part.content {
                Content::Map(entries) => {
                    let entry = entries.get(step)?;
                    spot.path = join(&spot.path, entry.shown);
                    spot.position = entry.position.or(spot.position);
                }
                _ => spot.path = format!("{}[{step}]", spot.path),
            }
            spot.part = spot.part.child(step)?;
        }
        Some(spot)
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn meant(field: &str) -> String {
    format!("did you mean `{field}`?")
}

fn help_with_key(part: &Draft<'_>, index: usize, known: &[&str]) -> Option<String> {
    let Content::Map(entries) = &part.content else { return None };
    let (list, near) = (list(known), nearest(entries.get(index)?.shown, known.iter().copied()));
    Some(match near {
        Some(near) => format!("{} known keys: {list}", meant(near)),
        None if known.is_empty() => "there are no settings here; remove the key".to_owned(),
        None => format!("known keys: {list}"),
    })
}
