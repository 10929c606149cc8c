//! Fetches code words, which people hand over and type: each character must be one that they see and can type.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::secrets;
use crate::model::{Secret, SecretError, SecretRef};
use crate::platform::check_code_word;

/// The code words of a command, by workspace. Each is fetched once, and so is a failure: a program may ask somebody, or hang.
#[derive(Clone, Default)]
pub(in crate::cli) struct CodeWords(Arc<Mutex<BTreeMap<String, Arc<FetchedWord>>>>);

/// A code word, or why it could not be fetched.
type FetchedWord = OnceLock<Result<Secret, SecretError>>;

impl CodeWords {
    /// Returns the code word of a workspace.
    ///
    /// # Errors
    /// Fails if the secret cannot be fetched, or if nobody could type it. The error never contains the word.
    pub(in crate::cli) fn fetch_once(&self, workspace: &str, reference: &SecretRef, roster: &Path) -> Result<Secret, SecretError> {
        let fetched = {
            let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(all.entry(workspace.to_owned()).or_default())
        };
        fetched.get_or_init(|| fetch(reference, roster)).clone()
    }
}

/// Fetches a code word.
fn fetch(reference: &SecretRef, roster: &Path) -> Result<Secret, SecretError> {
    let word = secrets::fetch(reference, roster)?;
    let variable = match reference {
        SecretRef::Env(name) => Some(name.as_str()),
        SecretRef::File(_) | SecretRef::Command(_) => None,
    };
    match check_code_word(word.expose().trim(), variable) {
        None => Ok(word),
        Some(fault) => Err(SecretError::CodeWord { origin: secrets::origin(reference), fault }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sentences::secret_error;

    // PBN-5
    #[test]
    fn a_code_word_that_nobody_could_type_is_refused_without_showing_it() {
        let directory = tempfile::tempdir().unwrap();
        let fetched = |content: &str| {
            std::fs::write(directory.path().join("word"), content).unwrap();
            fetch(&SecretRef::File("word".into()), directory.path()).map(|word| word.expose().to_owned()).map_err(|why| secret_error(&why))
        };
        for word in ["blue harbor", "Blåbær-7", " blue harbor ", "it's \"blue\"", "blue=harbor", "port: blue"] {
            assert_eq!(fetched(word), Ok(word.to_owned()));
        }
        let faults = [
            (" ", "is empty"),
            ("\u{200b}", "U+200B"),
            ("blue\u{200b}harbor", "U+200B"),
            ("blue\nharbor", "line break"),
            ("blue\tharbor", "U+0009"),
            ("blue\u{a0}harbor", "U+00A0"),
            ("\"blue harbor\"", "in quotes"),
            ("\u{201c}blue harbor\u{201d}", "in quotes"),
            ("code_word=blue harbor", "its own name and `=`"),
        ];
        for (word, said) in faults.map(|(word, said)| (word.to_owned(), said)).into_iter().chain([("blue".repeat(33), "128 characters")]) {
            let why = fetched(&word).unwrap_err();
            assert!(why.contains(said) && why.contains("the file `word`") && !why.contains("blue"), "{why}");
        }
    }
}
