//! Every mistake in a declaration is one readable error, and what has to compile compiles.

use std::fs;

#[test]
fn mistakes_are_refused_and_the_rest_compiles() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/fail/*.rs");
    cases.pass("tests/ui/pass/*.rs");
}

/// Each file has one mistake, unless its first line says how many: `// mistakes: 3`.
#[test]
fn one_mistake_is_one_short_error() {
    let mut wrong = Vec::new();
    for entry in fs::read_dir("tests/ui/fail").unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "stderr") {
            continue;
        }
        let source = fs::read_to_string(path.with_extension("rs")).unwrap();
        let expected = source
            .lines()
            .find_map(|line| line.strip_prefix("// mistakes: "))
            .map_or(1, |count| count.parse::<usize>().unwrap());
        let output = fs::read_to_string(&path).unwrap();
        let errors = output.lines().filter(|line| line.starts_with("error")).count();
        if errors != expected {
            wrong.push(format!("{}: {errors} errors instead of {expected}", path.display()));
        }
        if output.lines().count() > 15 * expected {
            wrong.push(format!("{}: {} lines of output", path.display(), output.lines().count()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
