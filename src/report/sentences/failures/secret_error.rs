//! The sentences about secrets that cannot be had. They never contain the value.

use crate::model::{MissingSecret, SecretError, SecretOrigin, SecretPurpose, TokenFault, size};
use crate::platform::FIRST_PASSWORD;

use super::code_word;

/// Says whose secret is missing, and why.
#[must_use]
pub fn missing_secret(missing: &MissingSecret) -> String {
    let MissingSecret { workspace, purpose, why } = missing;
    let purpose = match purpose {
        SecretPurpose::CodeWord => "code_word".to_owned(),
        SecretPurpose::FirstPassword { user } => format!("initial_password of {user}"),
    };
    format!("{workspace}: {purpose}: {}", secret_error(why))
}

/// Says why a secret cannot be had, where it was expected, and what to do.
#[must_use]
pub fn secret_error(error: &SecretError) -> String {
    match error {
        SecretError::NotSet { variable } => {
            format!("the environment variable `{variable}` is not set: set it to the secret's value")
        }
        SecretError::NotSetOrSecret => {
            "the environment variable is not set; if this is the secret itself, write the name of a variable in \
             its place, and change the secret"
                .to_owned()
        }
        SecretError::File { file, source_text } => format!("cannot read the secret file `{file}`: {source_text}"),
        SecretError::HomeFile { file } => format!(
            "there is no secret file `{file}`: `~` is not expanded here; write the whole path from `/` on, or one relative to the roster"
        ),
        SecretError::SlowFile { file, seconds } => {
            format!("the secret file `{file}` did not end within {seconds} s: if it is a pipe, a program must write the secret to it")
        }
        SecretError::NoCommand => "a secret command is empty: write it as a list, such as `[op, read, …]`".to_owned(),
        SecretError::Command { program, source_text } => format!("cannot start the secret command `{program}`: {source_text}"),
        SecretError::HomeCommand { program } => {
            format!("there is no secret command `{program}`: `~` is not expanded here; write the program's whole path, or only its name")
        }
        SecretError::SlowCommand { program, seconds } => format!(
            "the secret command `{program}` did not end within {seconds} s, so it was ended: it must print the secret without asking anybody"
        ),
        SecretError::CommandFailed { program, status_text } => format!("the secret command `{program}` failed with {status_text}"),
        SecretError::TooLong { origin, limit } => {
            format!("the secret from {} is longer than {}: check that it is the right one", place(origin), size(*limit))
        }
        SecretError::NotText { origin } => {
            format!("the secret from {} is not UTF-8 text: save it as UTF-8, without a byte-order mark", place(origin))
        }
        SecretError::ByteOrderMark { origin } => {
            format!("the secret from {} is preceded by a byte-order mark: save it as UTF-8 without one", place(origin))
        }
        SecretError::Empty { origin } => format!("the secret from {} is empty", place(origin)),
        SecretError::Token(fault) => format!("the token cannot be used: {}", token_fault(*fault)),
        SecretError::CodeWord { origin, fault } => {
            format!("the code word from {} cannot be used: {}", place(origin), code_word(*fault))
        }
        SecretError::FirstPasswordLength => {
            let (least, most) = (FIRST_PASSWORD.start(), FIRST_PASSWORD.end());
            format!("a first password must have {least} to {most} characters: change the secret")
        }
        SecretError::Broke => "fetching the secret failed unexpectedly".to_owned(),
    }
}

/// Says what is around a token, and what to do.
const fn token_fault(fault: TokenFault) -> &'static str {
    match fault {
        TokenFault::Empty => "it is empty: give the token",
        TokenFault::Bearer => "it begins with `Bearer `, which rosterctl adds itself: give the token alone",
        TokenFault::Named => "the name of a variable or of the header is before it: give the token alone",
        TokenFault::LineBreak => "it contains a line break: give the token alone, on one line",
        TokenFault::Quoted => "it is in quotes, which would be sent with it: give the token alone",
        TokenFault::OddCharacter => "it contains a space, a letter with an accent, or a character that nobody can see: copy it again",
    }
}

/// Names the place that a secret comes from.
fn place(origin: &SecretOrigin) -> String {
    match origin {
        SecretOrigin::Variable(name) => format!("the environment variable `{name}`"),
        SecretOrigin::File(file) => format!("the file `{file}`"),
        SecretOrigin::Command(program) => format!("the command `{program}`"),
    }
}
