//! Sends mail to a mail server by SMTP (RFC 5321).

use std::time::{Duration, SystemTime};

use lettre::address::{Address, Envelope};
use lettre::message::{Mailbox, Message, MultiPart};
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;

use super::posted::{Posted, Sending};
use crate::model::{Email, Secret};

/// The encryption of the connection to a mail server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailEncryption {
    /// By STARTTLS; nothing is sent if the server does not offer it.
    StartTls,
    /// From the first byte on.
    Tls,
    /// Not at all: for a server on the same machine.
    None,
}

/// A mail server, and how to speak to it.
#[derive(Clone)]
pub struct MailServer {
    /// Its host name, which its certificate must have.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The address that mail comes from.
    pub from: Email,
    /// The encryption of the connection.
    pub encryption: MailEncryption,
    /// The user and the password, if it asks for them.
    pub login: Option<(String, Secret)>,
    /// The certificate, as PEM, of the authority that signed the server's, besides those of the system.
    pub authority: Option<Vec<u8>>,
}

/// The time that connecting, and every step after it, may take.
const STEP: Duration = Duration::from_mins(1);

/// The reason why a message did not leave.
enum NotSent {
    /// The message cannot be written, so another try ends in the same way.
    Unwritable,
    /// The encryption of the connection was refused, by either side.
    Certificate,
    Smtp(Error),
    TooLate,
}

impl From<Error> for NotSent {
    fn from(error: Error) -> Self {
        if is_about_encryption(&error) { Self::Certificate } else { Self::Smtp(error) }
    }
}

/// Returns whether a connection ended while both sides agreed on how to encrypt it; an error of the connection has that one inside.
fn is_about_encryption(error: &Error) -> bool {
    let mut causes = std::iter::successors(std::error::Error::source(error), |cause| cause.source());
    let is_inside = |cause: &(dyn std::error::Error + 'static)| {
        let inner = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        cause.is::<rustls::Error>() || inner.and_then(|inner| inner.downcast_ref::<rustls::Error>()).is_some()
    };
    error.is_tls() || causes.any(is_inside)
}

impl MailServer {
    /// Checks that the authority's certificate can be used.
    #[must_use]
    pub fn has_usable_authority(&self) -> bool {
        self.tls().is_ok()
    }

    /// Sends a message. Only a message whose text the mail server may have taken without an answer ends in [`Sending::Uncertain`].
    pub(super) async fn send(&self, posted: &Posted<'_>) -> Sending {
        let (envelope, bytes) = match self.written(posted) {
            Ok(written) => written,
            Err(fault) => return outcome(&fault),
        };
        let ready = tokio::time::timeout(STEP, self.offered(&envelope)).await.unwrap_or(Err(NotSent::TooLate));
        let mut connection = match ready {
            Ok(connection) => connection,
            Err(fault) => return outcome(&fault),
        };
        match tokio::time::timeout(STEP, connection.message(&bytes)).await {
            Ok(Ok(_)) => {
                // The message is out, so an answer to the goodbye changes nothing.
                drop(tokio::time::timeout(STEP, connection.quit()).await);
                Sending::Sent
            }
            Ok(Err(error)) if error.status().is_some() => outcome(&NotSent::Smtp(error)),
            Ok(Err(_)) | Err(_) => Sending::Uncertain,
        }
    }

    /// Connects, and has sender and recipient accepted: the text follows.
    async fn offered(&self, envelope: &Envelope) -> Result<AsyncSmtpConnection, NotSent> {
        let me = ClientId::default();
        let (tls, later) = match self.encryption {
            MailEncryption::Tls => (Some(self.tls()?), None),
            MailEncryption::StartTls => (None, Some(self.tls()?)),
            MailEncryption::None => (None, None),
        };
        let mut connection = AsyncSmtpConnection::connect_tokio1((self.host.as_str(), self.port), Some(STEP), &me, tls, None).await?;
        if let Some(tls) = later {
            connection.starttls(tls, &me).await?;
        }
        if let Some((user, password)) = &self.login {
            let credentials = Credentials::new(user.clone(), password.expose().to_owned());
            connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials).await?;
        }
        connection.command(Mail::new(envelope.from().cloned(), Vec::new())).await?;
        for address in envelope.to() {
            connection.command(Rcpt::new(address.clone(), Vec::new())).await?;
        }
        connection.command(Data).await?;
        Ok(connection)
    }

    fn tls(&self) -> Result<TlsParameters, Error> {
        let builder = TlsParameters::builder(self.host.clone());
        match &self.authority {
            Some(pem) => builder.add_root_certificate(Certificate::from_pem(pem)?).build(),
            None => builder.build(),
        }
    }

    /// The message with its headers, in ASCII alone. Its id is the same in every try.
    fn written(&self, posted: &Posted<'_>) -> Result<(Envelope, Vec<u8>), NotSent> {
        let (workspace, subject) = (posted.workspace, posted.letter.subject.clone().unwrap_or_default());
        if workspace.chars().chain(subject.chars()).any(char::is_control) {
            return Err(NotSent::Unwritable);
        }
        let address = |text: &str| text.parse::<Address>().map_err(|_| NotSent::Unwritable);
        let (from, to) = (address(self.from.as_str())?, address(posted.recipient)?);
        let since = Duration::from_millis(u64::try_from(posted.queued).unwrap_or_default());
        let message = Message::builder()
            .from(Mailbox::new(Some(workspace.to_owned()), from.clone()))
            .to(Mailbox::new(None, to))
            .subject(subject)
            .message_id(Some(format!("<{}@{}>", posted.id, from.domain())))
            .date(SystemTime::UNIX_EPOCH.checked_add(since).ok_or(NotSent::Unwritable)?)
            .multipart(MultiPart::alternative_plain_html(posted.letter.text.clone(), posted.letter.html()))
            .map_err(|_| NotSent::Unwritable)?;
        let bytes = message.formatted();
        let is_plain = bytes.is_ascii() && self.from.as_str().is_ascii() && posted.recipient.is_ascii();
        if is_plain { Ok((message.envelope().clone(), bytes)) } else { Err(NotSent::Unwritable) }
    }
}

/// Returns what a fault before the text means. The server's own words are not kept: they may repeat the text, and the text has a link.
fn outcome(fault: &NotSent) -> Sending {
    match fault {
        NotSent::Unwritable => Sending::Refused("the address cannot be used in mail".to_owned()),
        NotSent::Certificate => Sending::Later("the mail server has no valid certificate".to_owned()),
        NotSent::TooLate => Sending::Later("the mail server did not answer in time".to_owned()),
        NotSent::Smtp(error) => match error.status() {
            Some(code) if error.is_permanent() => Sending::Refused(format!("the mail server answered {code}")),
            Some(code) => Sending::Later(format!("the mail server answered {code}")),
            None if error.is_client() => Sending::Later("the mail server does not offer what `mail` requires".to_owned()),
            None => Sending::Later("the mail server cannot be reached".to_owned()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::members::mail::texts::Letter;

    /// The characters that end a line, begin a header, or hide either.
    const ENDS: [&str; 10] = ["\r\n", "\n", "\r", "\r\n\r\n", "\0\r\n", "%0d%0a", "\u{85}", "\u{2028}", "=?utf-8?q?=0d=0a?=", "\r\n .\r\n"];
    const HEADERS: [&str; 10] = [
        "Bcc: evil@evil.example",
        "To: evil@evil.example",
        "RCPT TO:<evil@evil.example>",
        "Content-Type: text/evil",
        "Subject: evil",
        "From: evil@evil.example",
        "DATA",
        "<evil@evil.example>",
        ", evil@evil.example",
        "X-Evil: 1",
    ];
    const NAMES: [&str; 7] = ["From", "To", "Subject", "Message-ID", "Date", "MIME-Version", "Content-Type"];

    // N8: 1,000 and more messages whose workspace, recipient or subject carries a line end and a header.
    #[test]
    fn nothing_in_a_message_becomes_a_header_or_a_recipient() {
        let server = MailServer {
            host: "mail.practice.example".to_owned(),
            port: 25,
            from: Email::parse("accounts@practice.example").unwrap(),
            encryption: MailEncryption::None,
            login: None,
            authority: None,
        };
        let (mut written, mut all) = (0, 0);
        for end in ENDS {
            for header in HEADERS {
                for hostile in
                    [format!("x{end}{header}"), format!("{end}{header}"), format!("x{end}{header}{end}x"), format!("{header}{end}")]
                {
                    for at in 0..3 {
                        let plain = |slot: usize, usual: &str| if at == slot { hostile.clone() } else { usual.to_owned() };
                        let (workspace, recipient) = (plain(0, "glow"), plain(1, "noa@glow.example"));
                        let letter = Letter { subject: Some(plain(2, "You are invited")), text: "Open this link.\n".to_owned() };
                        let posted = Posted {
                            id: "m1",
                            workspace: &workspace,
                            kind: "invitation",
                            recipient: &recipient,
                            letter: &letter,
                            queued: 0,
                        };
                        all += 1;
                        let Ok((envelope, bytes)) = server.written(&posted) else { continue };
                        written += 1;
                        let text = String::from_utf8(bytes).unwrap();
                        let (head, _) = text.split_once("\r\n\r\n").unwrap();
                        let lines = head.split("\r\n").filter(|line| !line.starts_with([' ', '\t']));
                        let mut found: Vec<&str> = lines.map(|line| line.split(':').next().unwrap()).collect();
                        found.sort_unstable();
                        let mut wanted = NAMES;
                        wanted.sort_unstable();
                        assert_eq!(found, wanted, "{hostile:?}: {head}");
                        assert!(!head.replace("\r\n", "").contains(['\r', '\n', '\0']), "{hostile:?}: {head:?}");
                        let to: Vec<String> = envelope.to().iter().map(ToString::to_string).collect();
                        assert_eq!(to, ["noa@glow.example"], "{hostile:?}");
                    }
                }
            }
        }
        assert!(all >= 1_000 && written >= all / 10, "{written} of {all} were written");
    }
}
