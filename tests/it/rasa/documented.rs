//! The differences that `docs/compatibility.md` tells of.

use std::{collections::BTreeMap, fs};

/// The ids of its tables of exchanges, with the status that is documented for here: the rows
/// `| `id`, `id` | Rasa | here | why |`.
pub(super) fn differences() -> BTreeMap<String, String> {
    let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/compatibility.md")).unwrap();
    let mut differences = BTreeMap::new();
    let (tables, _) = text.split_once("\n## Everywhere").unwrap();
    for row in tables.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<_> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [ids, _, here, why] = cells[..] else { panic!("not four cells: {row}") };
        assert!(!why.is_empty(), "no reason: {row}");
        let status = here.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
        for id in ids.split(", ").map(|id| id.trim_matches('`')) {
            let before = differences.insert(id.to_owned(), status.to_owned());
            assert!(before.is_none(), "{id} stands there twice");
        }
    }
    differences
}
