//! Secrets and references to them.

use std::path::PathBuf;

use secrecy::{ExposeSecret, SecretString};

/// Where a secret is to be had. YAML holds only this, never the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretRef {
    /// An environment variable.
    Env(String),
    /// A file; a trailing line end does not count.
    File(PathBuf),
    /// A command whose output it is; a trailing line end does not count.
    Command(Vec<String>),
}

/// A secret value. It has neither `Debug` nor `Serialize`, so it can not slip into a plan, a log or a report.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Wraps a value.
    #[must_use]
    pub fn new(value: String) -> Self {
        Self(value.into())
    }

    /// The value, for the one place that must send or hash it.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}
