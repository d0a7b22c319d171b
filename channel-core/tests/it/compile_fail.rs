//! Every mistake in a declaration is one readable error, and what has to compile compiles.

use std::fs;

#[test]
fn mistakes_are_refused_and_the_rest_compiles() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/fail/*.rs");
    cases.pass("tests/ui/pass/*.rs");
}

/// Each file has one mistake, and its error at most 15 lines, unless its first lines say otherwise: `// mistakes: 3`,
/// `// lines: 20`.
#[test]
fn one_mistake_is_one_short_error() {
    let mut wrong = Vec::new();
    let mut files = 0;
    for entry in fs::read_dir("tests/ui/fail").unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "stderr") {
            continue;
        }
        files += 1;
        let source = fs::read_to_string(path.with_extension("rs")).unwrap();
        let expected = marked(&source, "// mistakes: ").unwrap_or(1);
        let longest = marked(&source, "// lines: ").unwrap_or(15 * expected);
        let output = fs::read_to_string(&path).unwrap();
        let errors = output.lines().filter(|line| line.starts_with("error")).count();
        if errors != expected {
            wrong.push(format!("{}: {errors} errors instead of {expected}", path.display()));
        }
        if output.lines().count() > longest {
            wrong.push(format!("{}: {} lines of output", path.display(), output.lines().count()));
        }
    }
    assert!(files > 50, "only {files} expected outputs were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn marked(source: &str, marker: &str) -> Option<usize> {
    source.lines().find_map(|line| line.strip_prefix(marker)).map(|number| number.parse().unwrap())
}
