//! Files below the home folder, as `~/` in an argument: no shell replaces it after `=`, and some replace it nowhere.

use std::ffi::OsString;
use std::path::Path;

/// Returns an argument with the home folder in place of `~`, at its beginning or after the `=` of an option.
pub(in crate::cli) fn expanded(argument: OsString, home: Option<&Path>) -> OsString {
    let (Some(text), Some(home)) = (argument.to_str(), home) else { return argument };
    let (option, path) = match text.split_once('=') {
        Some((option, path)) if option.starts_with("--") => (Some(option), path),
        Some(_) | None => (None, text),
    };
    let Some(rest) = path.strip_prefix("~/").or_else(|| path.strip_prefix("~\\").filter(|_| cfg!(windows))) else { return argument };
    let whole = home.join(rest).into_os_string();
    match option {
        Some(option) => {
            let mut argument = OsString::from(format!("{option}="));
            argument.push(whole);
            argument
        }
        None => whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_beginning_of_a_path_is_the_home_folder() {
        for (argument, expected) in [
            ("~/Downloads/a.html", "/h/pat/Downloads/a.html"),
            ("--active=~/a.html", "--active=/h/pat/a.html"),
            ("--note=a ~/b", "--note=a ~/b"),
            ("a=~/b", "a=~/b"),
            ("~", "~"),
            ("~kim/a", "~kim/a"),
            ("a~/b", "a~/b"),
        ] {
            assert_eq!(expanded(argument.into(), Some(Path::new("/h/pat"))), OsString::from(expected));
        }
        assert_eq!(expanded("~/a".into(), None), OsString::from("~/a"));
    }
}
