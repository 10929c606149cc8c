//! The carriers of messages to people: a mail server and a gateway for text messages, or a folder in place of both.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::gateway::TextGateway;
use super::posted::{Posted, Sending};
use super::smtp::MailServer;
use crate::report::of_system;

/// The carrier of mail, or of text messages.
#[derive(Clone)]
pub enum Carrier {
    /// A folder in which they arrive, for a laptop and for trying the server out; each workspace has one of its own inside.
    Folder(PathBuf),
    /// A mail server.
    Mail(Box<MailServer>),
    /// A gateway for text messages.
    Texts(Box<TextGateway>),
}

/// The carriers of each kind of message; what nobody carries waits in the database.
#[derive(Clone)]
pub struct Post {
    /// The address of the pages, without a slash at the end.
    pub base: String,
    /// The carrier of mail.
    pub mail: Option<Carrier>,
    /// The carrier of text messages.
    pub texts: Option<Carrier>,
}

impl Carrier {
    /// Returns whether a message can be sent twice without arriving twice.
    pub(super) const fn repeats_safely(&self) -> bool {
        match self {
            Self::Folder(_) => true,
            Self::Mail(_) | Self::Texts(_) => false,
        }
    }

    /// Sends a message.
    pub(super) async fn send(&self, posted: &Posted<'_>) -> Sending {
        match self {
            Self::Mail(server) => server.send(posted).await,
            Self::Texts(gateway) => gateway.send(posted).await,
            Self::Folder(folder) => match keep(&folder.join(posted.workspace), posted) {
                Ok(()) => Sending::Sent,
                Err(why) => Sending::Later(format!("the folder cannot be written: {}", of_system(&why))),
            },
        }
    }
}

/// Writes a file that only its owner can read; an existing one is the same message.
fn keep(folder: &Path, posted: &Posted<'_>) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let subject = posted.letter.subject.as_ref().map(|subject| format!("Subject: {subject}\n")).unwrap_or_default();
    let text = format!("To: {}\n{subject}\n{}", posted.recipient, posted.letter.text);
    let mut open = std::fs::OpenOptions::new();
    open.create(true).truncate(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
    open.open(folder.join(format!("{}-{}.txt", posted.id, posted.kind)))?.write_all(text.as_bytes())
}
