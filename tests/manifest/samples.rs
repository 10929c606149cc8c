//! Rosters for tests: from text, and from directories of this repository.

use std::fs;
use std::path::{Path, PathBuf};

use rosterctl::manifest::{Source, Sources};

/// The examples that people start from.
pub(crate) const EXAMPLES: [&str; 5] =
    ["examples/glow", "examples/glow-next", "examples/bright-dental", "examples/lakeside", "examples/group"];

/// A path of this repository.
pub(crate) fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A roster of these files.
pub(crate) fn sources(texts: &[(&str, &str)]) -> Sources {
    Sources { files: texts.iter().map(|(name, text)| Source { name: (*name).to_owned(), bytes: text.as_bytes().to_vec() }).collect() }
}

/// The YAML files of a directory.
pub(crate) fn directory(path: &str) -> Sources {
    let mut files = Vec::new();
    for entry in fs::read_dir(root(path)).expect("the directory is there") {
        let path = entry.expect("it can be listed").path();
        if path.extension().is_some_and(|e| e == "yaml") {
            let name = path.file_name().and_then(|n| n.to_str()).expect("a plain name").to_owned();
            files.push(Source { name, bytes: fs::read(&path).expect("it can be read") });
        }
    }
    Sources { files }
}
