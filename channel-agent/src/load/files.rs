//! The files of a bot's folder.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::Problems;
use crate::yaml::{self, Node};

/// The documents of a bot's folder.
#[derive(Default)]
pub(super) struct Files {
    pub(super) domain: Vec<Node>,
    pub(super) data: Vec<Node>,
    pub(super) config: Option<Node>,
}

/// Reads `domain.yml` or `domain/`, `data/` and `config.yml`. Nothing where there is no folder, which is noted.
pub(super) fn read(folder: &Path, problems: &mut Problems) -> Files {
    if !folder.is_dir() {
        problems
            .add_general("there is no such folder", "check its path, which begins where the program runs");
        return Files::default();
    }
    let mut reader = Reader { folder, problems };
    let mut domain = reader.documents(Path::new("domain.yml"));
    domain.append(&mut reader.documents(Path::new("domain")));
    reader.require(&["domain.yml", "domain"], "responses and slots are declared there");
    let data = reader.documents(Path::new("data"));
    reader.require(&["data"], "the rules and the examples of intents stand there");
    let config = reader.documents(Path::new("config.yml")).pop();
    reader.require(&["config.yml"], "the pipeline and the policies stand there");
    Files { domain, data, config }
}

struct Reader<'a> {
    folder: &'a Path,
    problems: &'a mut Problems,
}

impl Reader<'_> {
    /// Notes that none of these files and folders is there.
    fn require(&mut self, names: &[&str], why: &str) {
        if !names.iter().any(|name| self.folder.join(name).exists()) {
            self.problems.add_general(format!("`{}` is missing", names[0]), format!("write it: {why}"));
        }
    }

    /// The document of a file, or all of a folder, those of its folders last; names are sorted, hidden ones skipped.
    fn documents(&mut self, path: &Path) -> Vec<Node> {
        let full = self.folder.join(path);
        if full.is_file() {
            return self.document(path).into_iter().collect();
        }
        match children(&full) {
            Ok(names) => {
                let mut paths: Vec<PathBuf> = names.iter().map(|name| path.join(name)).collect();
                paths.retain(|path| self.folder.join(path).is_dir() || is_yaml(path));
                paths.sort_by_cached_key(|path| (self.folder.join(path).is_dir(), path.clone()));
                paths.iter().flat_map(|path| self.documents(path)).collect()
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => {
                self.unreadable(path, &error);
                Vec::new()
            }
        }
    }

    fn document(&mut self, path: &Path) -> Option<Node> {
        match fs::read_to_string(self.folder.join(path)) {
            Ok(text) => yaml::parse(&text, &shown(path), self.problems),
            Err(error) => {
                self.unreadable(path, &error);
                None
            }
        }
    }

    fn unreadable(&mut self, path: &Path, error: &io::Error) {
        let problem = format!("`{}` can't be read: {error}", shown(path));
        self.problems.add_general(problem, "make it a UTF-8 file that this process may read");
    }
}

/// The names in a folder that are not hidden.
fn children(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        if let Ok(name) = entry?.file_name().into_string()
            && !name.starts_with('.')
        {
            names.push(name);
        }
    }
    Ok(names)
}

fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "yml" || extension == "yaml")
}

/// A path with `/` on every system.
fn shown(path: &Path) -> Arc<str> {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/").into()
}
