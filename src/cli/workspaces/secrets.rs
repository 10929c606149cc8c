//! Fetches secrets from the environment, a file or a command, as the roster says. Their values never appear in an error.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::model::{Secret, SecretRef};

/// The most bytes a secret may have.
const LIMIT: usize = 64 * 1024;

/// Why a secret could not be fetched.
#[derive(Debug, thiserror::Error)]
pub(in crate::cli) enum SecretError {
    /// The environment variable is not set.
    #[error("the environment variable `{0}` is not set: set it to the secret's value")]
    NotSet(String),
    /// The file cannot be read.
    #[error("cannot read the secret file `{0}`")]
    File(String, #[source] std::io::Error),
    /// The command cannot be started.
    #[error("cannot start the secret command `{0}`")]
    Start(String, #[source] std::io::Error),
    /// The command failed.
    #[error("the secret command `{0}` failed with {1}")]
    Failed(String, std::process::ExitStatus),
    /// The command is empty.
    #[error("a secret command is empty: write it as a list, such as `[op, read, …]`")]
    NoCommand,
    /// The value cannot be used.
    #[error("the secret from {0} is {1}")]
    Unusable(String, &'static str),
}

/// Fetches a secret. Relative paths start at the roster directory; a command runs there, without a shell.
///
/// # Errors
/// Fails if there is no usable value. The error says where the secret was expected and what to do, and never contains the value.
#[expect(clippy::disallowed_methods, reason = "the command line is where the environment is read")]
pub(in crate::cli) fn fetch(reference: &SecretRef, roster: &Path) -> Result<Secret, SecretError> {
    match reference {
        SecretRef::Env(name) => {
            let value = std::env::var_os(name).ok_or_else(|| SecretError::NotSet(name.clone()))?;
            usable(value.into_encoded_bytes(), || format!("the environment variable `{name}`"))
        }
        SecretRef::File(path) => {
            let bytes = read(&roster.join(path)).map_err(|why| SecretError::File(path.display().to_string(), why))?;
            usable(bytes, || format!("the file `{}`", path.display()))
        }
        SecretRef::Command(words) => {
            let (program, arguments) = words.split_first().ok_or(SecretError::NoCommand)?;
            let output = Command::new(program)
                .args(arguments)
                .current_dir(roster)
                .stdin(Stdio::null())
                .stderr(Stdio::inherit())
                .output()
                .map_err(|why| SecretError::Start(program.clone(), why))?;
            if !output.status.success() {
                return Err(SecretError::Failed(program.clone(), output.status));
            }
            usable(output.stdout, || format!("the command `{program}`"))
        }
    }
}

/// Reads at most one byte more than the limit, even from an endless file.
fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    use std::io::Read as _;
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(LIMIT as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn usable(bytes: Vec<u8>, origin: impl Fn() -> String) -> Result<Secret, SecretError> {
    if bytes.len() > LIMIT {
        return Err(SecretError::Unusable(origin(), "longer than 64 KiB: check that it is the right one"));
    }
    let mut value = String::from_utf8(bytes).map_err(|_| SecretError::Unusable(origin(), "not UTF-8 text"))?;
    if value.ends_with('\n') {
        value.pop();
        if value.ends_with('\r') {
            value.pop();
        }
    }
    if value.is_empty() {
        return Err(SecretError::Unusable(origin(), "empty"));
    }
    Ok(Secret::new(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trailing_line_break_is_ignored_and_an_empty_secret_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        for (content, value) in [("word\n", "word"), ("word\r\n", "word"), ("two\nlines\n", "two\nlines"), (" word ", " word ")] {
            std::fs::write(directory.path().join("secret"), content).unwrap();
            let secret = fetch(&SecretRef::File("secret".into()), directory.path()).unwrap();
            assert_eq!(secret.expose(), value);
        }
        std::fs::write(directory.path().join("secret"), "\n").unwrap();
        assert!(fetch(&SecretRef::File("secret".into()), directory.path()).is_err());
    }

    #[test]
    fn a_command_runs_without_a_shell_and_an_error_never_shows_its_output() {
        //
        let echo = |words: &[&str]| fetch(&SecretRef::Command(words.iter().map(|w| (*w).to_owned()).collect()), Path::new("."));
        assert_eq!(echo(&["echo", "$HOME; ls"]).unwrap().expose(), "$HOME; ls");
        let Err(why) = echo(&["sh", "-c", "echo hidden-value; exit 3"]) else { panic!("it failed") };
        assert!(!format!("{why} {why:?}").contains("hidden-value"), "{why}");
        assert!(echo(&[]).is_err());
        assert!(echo(&["no-such-program-here"]).is_err());
    }
}
