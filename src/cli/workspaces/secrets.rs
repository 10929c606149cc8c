//! Fetches secrets from the environment, a file or a command, as the roster says. Their values never appear in an error.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::cli::files::path_text::shown;
use crate::model::{Secret, SecretError, SecretOrigin, SecretRef};
use crate::report::of_system;

use super::limited::{self, Limits, Unfetched};

/// The most bytes a secret may have, and the longest that a command may take for it.
const LIMITS: Limits = Limits { size: 64 * 1024, time: Duration::from_secs(30) };

/// Fetches a secret. Relative paths start at the roster directory; a command runs there, without a shell.
///
/// # Errors
/// Fails if there is no usable value. The error says where the secret was expected and what to do, and never contains the value.
pub(in crate::cli) fn fetch(reference: &SecretRef, roster: &Path) -> Result<Secret, SecretError> {
    fetch_within(reference, roster, LIMITS)
}

/// Fetches a secret, while other workspaces are read.
pub(super) async fn in_background(
    reference: &SecretRef,
    roster: &Path,
    fetch: impl FnOnce(&SecretRef, &Path) -> Result<Secret, SecretError> + Send + 'static,
) -> Result<Secret, SecretError> {
    let (reference, roster) = (reference.clone(), roster.to_owned());
    tokio::task::spawn_blocking(move || fetch(&reference, &roster)).await.unwrap_or(Err(SecretError::Broke))
}

#[expect(clippy::disallowed_methods, reason = "the command line is where the environment is read")]
fn fetch_within(reference: &SecretRef, roster: &Path, limits: Limits) -> Result<Secret, SecretError> {
    let origin = origin(reference);
    let bytes = match reference {
        SecretRef::Env(variable) => {
            let value = std::env::var_os(variable).filter(|value| !value.is_empty());
            value.ok_or_else(|| not_set(variable))?.into_encoded_bytes()
        }
        SecretRef::File(path) => limited::file(&roster.join(path), limits).map_err(|why| {
            let file = shown(path);
            match why {
                Unfetched::TooLate => SecretError::SlowFile { file, seconds: limits.time.as_secs() },
                Unfetched::TooLong => SecretError::TooLong { origin: origin.clone(), limit: limits.size },
                Unfetched::Io(why) if is_of_home(path, &why) => SecretError::HomeFile { file },
                Unfetched::Io(why) => SecretError::File { file, source_text: of_system(&why) },
                Unfetched::Failed(status) => SecretError::CommandFailed { program: file, status_text: status.to_string() },
            }
        })?,
        SecretRef::Command(words) => {
            let (program, arguments) = words.split_first().ok_or(SecretError::NoCommand)?;
            let mut command = Command::new(program);
            command.args(arguments).current_dir(roster);
            limited::command(command, limits).map_err(|why| {
                let program = program.clone();
                match why {
                    Unfetched::TooLate => SecretError::SlowCommand { program, seconds: limits.time.as_secs() },
                    Unfetched::TooLong => SecretError::TooLong { origin: origin.clone(), limit: limits.size },
                    Unfetched::Io(why) if is_of_home(Path::new(&program), &why) => SecretError::HomeCommand { program },
                    Unfetched::Io(why) => SecretError::Command { program, source_text: of_system(&why) },
                    Unfetched::Failed(status) => SecretError::CommandFailed { program, status_text: status.to_string() },
                }
            })?
        }
    };
    usable(bytes, limits, origin)
}

/// Says that a variable is not set. A name with lower-case letters, which few variables have, may be the secret itself.
fn not_set(variable: &str) -> SecretError {
    if variable.chars().any(char::is_lowercase) {
        return SecretError::NotSetOrSecret;
    }
    SecretError::NotSet { variable: variable.to_owned() }
}

/// Returns where a secret comes from.
pub(super) fn origin(reference: &SecretRef) -> SecretOrigin {
    match reference {
        SecretRef::Env(name) => SecretOrigin::Variable(name.clone()),
        SecretRef::File(path) => SecretOrigin::File(shown(path)),
        SecretRef::Command(words) => SecretOrigin::Command(words.first().cloned().unwrap_or_default()),
    }
}

/// Returns whether nothing was found at a path that a shell would look for in a home directory.
fn is_of_home(path: &Path, why: &std::io::Error) -> bool {
    why.kind() == std::io::ErrorKind::NotFound && path.as_os_str().as_encoded_bytes().starts_with(b"~")
}

fn usable(bytes: Vec<u8>, limits: Limits, origin: SecretOrigin) -> Result<Secret, SecretError> {
    if bytes.len() > limits.size {
        return Err(SecretError::TooLong { origin, limit: limits.size });
    }
    let Ok(mut value) = String::from_utf8(bytes) else { return Err(SecretError::NotText { origin }) };
    if value.ends_with('\n') {
        value.pop();
        if value.ends_with('\r') {
            value.pop();
        }
    }
    if value.starts_with('\u{feff}') {
        return Err(SecretError::ByteOrderMark { origin });
    }
    if value.is_empty() {
        return Err(SecretError::Empty { origin });
    }
    Ok(Secret::new(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sentences::secret_error;

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
        assert!(!format!("{why:?}").contains("hidden-value"), "{why:?}");
        assert!(echo(&[]).is_err());
        assert!(echo(&["no-such-program-here"]).is_err());
    }

    #[test]
    fn a_path_that_a_shell_would_expand_is_explained() {
        let directory = tempfile::tempdir().unwrap();
        for reference in [SecretRef::File("~/token".into()), SecretRef::File("~ana/token".into()), command(&["~/bin/op", "read"])] {
            let said = message(&reference, directory.path(), LIMITS);
            assert!(said.contains("`~` is not expanded") && said.contains("whole path"), "{said}");
        }
        std::fs::create_dir(directory.path().join("~")).unwrap();
        std::fs::write(directory.path().join("~/token"), "word").unwrap();
        assert_eq!(fetch(&SecretRef::File("~/token".into()), directory.path()).unwrap().expose(), "word", "a folder can have that name");
    }

    fn message(reference: &SecretRef, directory: &Path, limits: Limits) -> String {
        fetch_within(reference, directory, limits).err().map(|why| secret_error(&why)).unwrap_or_default()
    }

    fn command(words: &[&str]) -> SecretRef {
        SecretRef::Command(words.iter().map(|w| (*w).to_owned()).collect())
    }

    #[cfg(unix)]
    #[test]
    fn a_command_that_does_not_end_is_ended_with_all_that_it_started() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path();
        let short = Limits { time: Duration::from_millis(300), ..LIMITS };
        for script in ["sleep 300 9>end", "echo token; sleep 300 9>end &", "(sleep 300 9>end) | cat", "exec >&-; sleep 300 9>end"] {
            assert!(Command::new("mkfifo").arg(path.join("end")).status().unwrap().success());
            // The pipe ends when the last process that has it open is gone.
            let (sender, is_over) = std::sync::mpsc::channel();
            let pipe = path.join("end");
            std::thread::spawn(move || sender.send(std::fs::read(pipe).is_ok()));
            let said = message(&command(&["sh", "-c", script]), path, short);
            assert!(said.contains("`sh` did not end within"), "{script}: {said}");
            assert_eq!(is_over.recv_timeout(Duration::from_mins(1)), Ok(true), "{script} is still running");
            std::fs::remove_file(path.join("end")).unwrap();
        }
    }

    #[cfg(unix)]
    #[test]
    fn an_endless_secret_is_cut_off_and_a_pipe_nobody_writes_to_is_left() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path();
        let long = message(&command(&["yes"]), path, LIMITS);
        assert!(long.contains("the command `yes` is longer than 64 KiB"), "{long}");
        let endless = message(&SecretRef::File("/dev/zero".into()), path, LIMITS);
        assert!(endless.contains("the file `/dev/zero` is longer than 64 KiB"), "{endless}");
        assert!(Command::new("mkfifo").arg(path.join("pipe")).status().unwrap().success());
        let silent = message(&SecretRef::File("pipe".into()), path, Limits { time: Duration::from_millis(300), ..LIMITS });
        assert!(silent.contains("the secret file `pipe` did not end within"), "{silent}");
    }
}
