//! The differences that `docs/compatibility.md` tells of.

use std::{collections::BTreeMap, fs};

/// How a row says that the words are the channel's own, and that nothing else differs.
pub(super) const WORDED: &str = ", the channel's own words";

/// The ids in the table of exchanges under a heading, with the status that is documented for here, and [`WORDED`] where that
/// is all: the rows `| `id`, `id` | Rasa | here | why |`.
pub(super) fn differences(heading: &str) -> BTreeMap<String, String> {
    let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/compatibility.md")).unwrap();
    let mut differences = BTreeMap::new();
    let (_, section) = text.split_once(&format!("\n## {heading}\n")).unwrap();
    let table = section.split("\n## ").next().unwrap_or_default();
    for row in table.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<_> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [ids, _, here, why] = cells[..] else { panic!("not four cells: {row}") };
        assert!(!why.is_empty(), "no reason: {row}");
        let status = here.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
        let documented = if here.ends_with(WORDED) { here } else { status };
        for id in ids.split(", ").map(|id| id.trim_matches('`')) {
            let before = differences.insert(id.to_owned(), documented.to_owned());
            assert!(before.is_none(), "{id} stands there twice");
        }
    }
    differences
}
