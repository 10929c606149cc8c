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

/// `Name "prefix";`, one line a kind of secret.
macro_rules! own_secrets {
    ($($(#[$doc:meta])* $name:ident $prefix:literal;)+) => {
        /// A kind of secret that this program makes. Each has a prefix, so that people, logs and scanners recognize it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum OwnSecret {
            $($(#[$doc])* $name,)+
        }

        impl OwnSecret {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The characters that each secret of this kind begins with.
            #[must_use]
            pub const fn prefix(self) -> &'static str {
                match self {
                    $(Self::$name => $prefix,)+
                }
            }
        }
    };
}

own_secrets! {
    /// A bearer token.
    Token "rctl_";
    /// The link of an invitation.
    Invitation "rinv_";
    /// The link with which a password is chosen.
    Reset "rset_";
    /// The link that confirms a new address.
    Address "radr_";
    /// The link that offers the role of the main admin.
    MainAdmin "roff_";
    /// A session.
    Session "rses_";
    /// A trusted browser.
    TrustedBrowser "rtru_";
    /// A device that a passcode opens.
    Device "rdev_";
}

impl OwnSecret {
    /// Returns whether a text contains the beginning of a secret of any kind.
    #[must_use]
    pub fn is_in(text: &str) -> bool {
        Self::ALL.iter().any(|kind| text.contains(kind.prefix()))
    }

    /// Returns whether a word of a text begins as a secret of any kind does, where only a name or a path should be.
    #[must_use]
    pub fn is_given(text: &str) -> bool {
        let begins = |word: &str| Self::ALL.iter().any(|kind| word.starts_with(kind.prefix()));
        text.split(|c: char| c.is_whitespace() || matches!(c, '=' | ':' | '"' | '\'')).any(begins)
    }
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
