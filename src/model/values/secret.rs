//! Secrets and references to them.

use std::path::PathBuf;

use secrecy::{ExposeSecret, SecretString};

/// The place where to find a secret. The roster contains only this, never the value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SecretRef {
    /// An environment variable.
    Env(String),
    /// A file, without one line end at the end.
    File(PathBuf),
    /// The output of a command, without one line end at the end.
    Command(Vec<String>),
}

/// A secret value. It has neither `Debug` nor `Serialize`, so it cannot get into a plan, a log or a report.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Wraps a value.
    #[must_use]
    pub fn new(value: String) -> Self {
        Self(value.into())
    }

    /// Returns the value, for the code that must send or hash it.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}
