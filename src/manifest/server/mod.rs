//! The configuration of a server: where it listens, and which workspaces it serves.

mod addresses;
pub(super) mod entries;
mod post;
mod read;
mod schema;

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::model::{Desired, Email, Network, PlatformId, SecretRef};

pub use addresses::public_url;
pub(super) use read::document;
pub use read::read;
pub use schema::schema;

/// The first key of the document.
pub(super) const SERVER: &str = "server";

/// The configuration of a server.
#[derive(Clone, Debug)]
pub struct ServerConfig {
    /// The server's name.
    pub name: String,
    /// The host and port on which it listens.
    pub listen: String,
    /// The URL under which clients reach it, without a slash at its end.
    pub public_url: Option<String>,
    /// The files of its certificate and key, if it speaks TLS.
    pub tls: Option<TlsFiles>,
    /// The database file, as it is written.
    pub database: Option<PathBuf>,
    /// The file of the key that opens what is sealed in the database, as it is written.
    pub key_file: Option<PathBuf>,
    /// The time for which an invitation is valid, in milliseconds; `None` if the document does not say.
    pub invitations_valid_for: Option<i64>,
    /// The place of the secret that goes into the hashes of passwords.
    pub pepper: Option<SecretRef>,
    /// The proxies whose forwarded headers count.
    pub proxies: Vec<Network>,
    /// The host and port where monitors read what it counts.
    pub metrics: Option<String>,
    /// The mail server, which gets the messages to members.
    pub mail: Option<MailConfig>,
    /// The gateway for text messages.
    pub texts: Option<TextsConfig>,
    /// Says whether the lines of its log are JSON.
    pub logs_json: bool,
    /// The workspaces that it serves, by name.
    pub workspaces: BTreeMap<String, Hosted>,
}

/// The files of a certificate, as they are written.
#[derive(Clone, Debug)]
pub struct TlsFiles {
    /// The certificate and its chain.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// The way in which the server sends mail.
#[derive(Clone, Debug)]
pub struct MailConfig {
    /// The mail server's host.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The address that mail comes from.
    pub from: Email,
    /// The encryption of the connection.
    pub encryption: Encryption,
    /// The user and where its password is, if the mail server asks for them.
    pub login: Option<(String, SecretRef)>,
    /// The certificate of the authority that signed the mail server's, as it is written.
    pub authority: Option<PathBuf>,
}

/// The encryption of a connection to a mail server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// By STARTTLS.
    StartTls,
    /// From the first byte on.
    Tls,
    /// Not at all.
    None,
}

impl Encryption {
    /// Returns whether nothing is encrypted.
    #[must_use]
    pub const fn is_none(self) -> bool {
        match self {
            Self::None => true,
            Self::StartTls | Self::Tls => false,
        }
    }
}

/// The way in which the server sends text messages.
#[derive(Clone, Debug)]
pub struct TextsConfig {
    /// The URL that messages are posted to.
    pub url: String,
    /// Says whether the fields are those of an HTML form; otherwise they are a JSON object.
    pub as_form: bool,
    /// The name of the field for the phone number.
    pub to: String,
    /// The name of the field for the text.
    pub text: String,
    /// Other fields, with their values.
    pub fields: BTreeMap<String, String>,
    /// The login by which the server shows who it is.
    pub login: Option<TextsLogin>,
}

/// The login by which the server shows a gateway for text messages who it is.
#[derive(Clone, Debug)]
pub enum TextsLogin {
    /// By a bearer token.
    Token(SecretRef),
    /// By a user and a password.
    Password(String, SecretRef),
}

/// The source of the first accounts of a workspace on a server.
#[derive(Clone, Debug)]
pub enum Hosted {
    /// A roster describes the workspace.
    Roster {
        /// The directory that contains the roster, as it is written.
        directory: PathBuf,
        /// The platform that the workspace must have.
        platform: Option<PlatformId>,
    },
    /// A start file lists its accounts.
    Start(Box<Desired>),
}
