//! The files of the repository, and what of them is not test.

use std::fs;
use std::path::{Path, PathBuf};

/// A text file: its path below the repository's root, `/` between the parts, and its text.
#[derive(Clone)]
pub(crate) struct Source {
    /// Such as `src/model/values/email.rs`.
    pub(crate) path: String,
    /// The whole text.
    pub(crate) text: String,
}

impl Source {
    /// A file that exists only for a negative control.
    pub(crate) fn snippet(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    /// The top module of a file below `src`, such as `model`; `None` for the crate's own roots.
    pub(crate) fn module(&self) -> Option<&str> {
        let inside = self.path.strip_prefix("src/")?;
        inside.split_once('/').map(|(module, _)| module)
    }

    /// Returns whether it is Rust.
    pub(crate) fn is_rust(&self) -> bool {
        Path::new(&self.path).extension().is_some_and(|e| e == "rs")
    }

    /// Returns whether the whole file is compiled for tests only.
    pub(crate) fn is_test(&self) -> bool {
        !self.path.starts_with("src/") || self.path.ends_with("/tests.rs") || self.path.contains("/tests/")
    }

    /// Lines with their numbers, from 1, outside of comments and of `#[cfg(test)]` items.
    pub(crate) fn code(&self) -> Vec<(usize, &str)> {
        let mut code = Vec::new();
        let mut lines = self.text.lines().enumerate();
        while let Some((at, line)) = lines.next() {
            let trimmed = line.trim_start();
            if trimmed.starts_with("#[cfg(test)]") {
                skip_item(line, &mut lines);
            } else if !trimmed.starts_with("//") {
                code.push((at + 1, line));
            }
        }
        code
    }

    /// Returns whether its first comment becomes text of a document.
    pub(crate) fn is_documented_by_comment(&self) -> bool {
        self.path.starts_with("src/reconcile/guards/")
    }

    /// The lines of the first comment of such a file, with their numbers, from 1.
    pub(crate) fn documented(&self) -> Vec<(usize, &str)> {
        let lines = self.text.lines().enumerate().filter(|(_, line)| self.is_documented_by_comment() && line.starts_with("//!"));
        lines.map(|(at, line)| (at + 1, line)).collect()
    }

    /// The same file with only what tests see; every line has its number.
    pub(crate) fn tests_alone(&self) -> Self {
        if self.is_test() {
            return self.clone();
        }
        let mut kept = Vec::new();
        let mut lines = self.text.lines().enumerate();
        while let Some((_, line)) = lines.next() {
            kept.push("");
            if line.trim_start().starts_with("#[cfg(test)]") {
                kept.extend(skip_item(line, &mut lines));
            }
        }
        Self::snippet(&self.path, &kept.join("\n"))
    }

    /// The lines that `code` leaves out because only tests see them; every line of a test file.
    pub(crate) fn test_lines(&self) -> Vec<&str> {
        if self.is_test() {
            return self.text.lines().collect();
        }
        let mut inside = Vec::new();
        let mut lines = self.text.lines().enumerate();
        while let Some((_, line)) = lines.next() {
            if line.trim_start().starts_with("#[cfg(test)]") {
                inside.extend(skip_item(line, &mut lines));
            }
        }
        inside
    }
}

/// Moves past the item after an attribute: rustfmt closes it at the attribute's own indentation.
fn skip_item<'a>(attribute: &str, lines: &mut impl Iterator<Item = (usize, &'a str)>) -> Vec<&'a str> {
    let indent = &attribute[..attribute.len() - attribute.trim_start().len()];
    let end = format!("{indent}}}");
    let mut skipped = Vec::new();
    let mut open = false;
    for (_, line) in lines.by_ref() {
        skipped.push(line);
        if line.trim_start().starts_with("#[") && !open {
            continue;
        }
        if !open && line.ends_with([';', '}', ',']) {
            break;
        }
        open = true;
        if line == end {
            break;
        }
    }
    skipped
}

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below `folder` that is text, sorted by path; what is built or fetched is left out.
pub(crate) fn below(folder: &str) -> Vec<Source> {
    let mut found = Vec::new();
    walk(&root().join(folder), &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(!found.is_empty(), "nothing is below {folder:?}");
    found
}

/// Every Rust file below `src`, sorted by path.
pub(crate) fn src() -> Vec<Source> {
    below("src").into_iter().filter(Source::is_rust).collect()
}

fn walk(folder: &Path, found: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).expect("a folder of the repository can be read") {
        let path = entry.expect("an entry can be read").path();
        let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
        if path.is_dir() {
            if !matches!(name, "target" | ".git" | ".rosterctl" | "proptest-regressions" | "corpus") {
                walk(&path, found);
            }
        } else if name == ".git" {
            // A work tree of its own has a file of that name, with a path of this machine.
        } else if let Ok(text) = fs::read_to_string(&path) {
            let relative = path.strip_prefix(root()).expect("below the root");
            found.push(Source { path: relative.to_string_lossy().replace('\\', "/"), text });
        }
    }
}

#[test]
fn code_leaves_out_comments_and_test_items_and_keeps_the_rest() {
    let text = "//! doc\nuse a;\n#[cfg(test)]\nmod tests {\n    fn b() {\n    }\n}\nfn c() {}\n#[cfg(test)]\nmod other;\n#[cfg(test)]\n#[path = \"x\"]\nmod last;\nfn d() {}\n";
    let source = Source::snippet("src/model/x.rs", text);
    let code: Vec<&str> = source.code().into_iter().map(|(_, line)| line).collect();
    assert_eq!(code, ["use a;", "fn c() {}", "fn d() {}"]);
    assert!(source.test_lines().contains(&"    fn b() {"));
    let tests = source.tests_alone();
    let tests: Vec<(usize, &str)> = tests.code().into_iter().filter(|(_, line)| !line.is_empty()).collect();
    assert_eq!(tests[..2], [(4, "mod tests {"), (5, "    fn b() {")]);
    assert!(tests.iter().all(|(_, line)| !line.starts_with("fn ")));
}
