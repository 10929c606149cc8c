//! The text that is shown for a path: like every other text, since a file name can contain anything.

use std::path::Path;

use crate::report::clean;

/// Returns a path as text in which nothing can move the cursor, color the line or turn the reading direction.
pub(in crate::cli) fn shown(path: &Path) -> String {
    clean(&path.to_string_lossy())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_with_escapes_is_shown_on_one_line() {
        assert_eq!(shown(Path::new("a\u{1b}[2J\nb/c d.yaml")), "a\\u{001b}[2J\\nb/c d.yaml");
    }
}
