//! The ways in which a server sends mail and text messages, as they are written and as they are read.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::addresses::{GatewayUrl, Listen, path};
use super::{Encryption, MailConfig, TextsConfig, TextsLogin};
use crate::manifest::file::File;
use crate::manifest::scalars::Address;
use crate::manifest::secret_entry::SecretEntry;
use crate::manifest::secrets::secret;
use crate::model::{self, SecretRef};
use crate::yaml::{Finding, Given, NodeRef, Reference, Table};

/// The server sends mail to members through this mail server.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::manifest) struct MailEntry {
    /// This is the mail server's host, which its certificate must have, and its port.
    #[schemars(example = &"smtp.practice.example:587")]
    pub(in crate::manifest) server: Given<Listen>,
    /// Mail comes from this address. Its name is that of the workspace.
    #[schemars(example = &"accounts@practice.example")]
    pub(in crate::manifest) from: Given<Address>,
    /// The connection is encrypted in this way; it is `start-tls` if absent.
    pub(in crate::manifest) encryption: Given<EncryptionEntry>,
    /// The server signs in to the mail server as this user. It needs `password`.
    #[schemars(example = &"accounts")]
    pub(in crate::manifest) user: Given<String>,
    /// This says where the user's password is.
    pub(in crate::manifest) password: Given<Reference<SecretEntry>>,
    /// This PEM file has the certificate of the authority that signed the mail server's, if the system does not know it.
    #[schemars(example = &"tls/mail-authority.pem")]
    pub(in crate::manifest) authority: Given<String>,
}

/// The connection to a mail server is encrypted in this way.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::manifest) enum EncryptionEntry {
    /// It is encrypted by STARTTLS, usually on port 587. Nothing is sent if the mail server does not offer it.
    StartTls,
    /// It is encrypted from the first byte on, usually on port 465.
    Tls,
    /// It is not encrypted. This is for a mail server on the same machine.
    None,
}

/// The server sends text messages through this HTTP interface of a provider.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::manifest) struct SmsEntry {
    /// Each message is posted to this URL.
    #[schemars(example = &"https://sms.provider.example/messages")]
    pub(in crate::manifest) url: Given<GatewayUrl>,
    /// The fields are sent in this form; it is `json` if absent.
    pub(in crate::manifest) form: Given<FormEntry>,
    /// The field with this name has the phone number, with its country code; it is `to` if absent.
    #[schemars(example = &"To")]
    pub(in crate::manifest) to: Given<String>,
    /// The field with this name has the text; it is `text` if absent.
    #[schemars(example = &"Body")]
    pub(in crate::manifest) text: Given<String>,
    /// These are other fields that the provider needs, with their values.
    pub(in crate::manifest) fields: Given<Table<String>>,
    /// This says where the bearer token is that the provider asks for.
    pub(in crate::manifest) token: Given<Reference<SecretEntry>>,
    /// The server signs in to the provider as this user. It needs `password`.
    pub(in crate::manifest) user: Given<String>,
    /// This says where the user's password is.
    pub(in crate::manifest) password: Given<Reference<SecretEntry>>,
}

/// The fields of a text message are sent in this form.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::manifest) enum FormEntry {
    /// They are a JSON object.
    Json,
    /// They are the fields of an HTML form.
    Form,
}

/// Reads how mail is sent.
pub(super) fn mail(file: &File<'_>, given: Given<MailEntry>) -> Option<MailConfig> {
    let (entry, at) = given.with_node()?;
    let node = file.node(at);
    for (key, is_absent) in [("server", entry.server.is_absent()), ("from", entry.from.is_absent())] {
        if is_absent && !file.may_have(node, key) {
            let finding = Finding::new("missing", node.span(), format!("`{key}` is missing"));
            file.push(finding.hint("mail needs both: `mail: { server: HOST:PORT, from: ADDRESS }`"));
        }
    }
    let encryption = entry.encryption.take().map_or(Encryption::StartTls, |entry| match entry {
        EncryptionEntry::StartTls => Encryption::StartTls,
        EncryptionEntry::Tls => Encryption::Tls,
        EncryptionEntry::None => Encryption::None,
    });
    let login = login(file, node, entry.user, entry.password);
    let authority = path(file, entry.authority);
    let address = entry.server.take()?.0;
    let (host, port) = address.rsplit_once(':')?;
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let is_here = url::Url::parse(&format!("http://{address}")).is_ok_and(|url| model::is_loopback(&url));
    if encryption.is_none() && !is_here {
        let finding = Finding::new("encryption", file.key_span(node, "encryption"), "links to accounts would be sent in plain text");
        file.push(finding.hint("write `start-tls` or `tls`; `none` is allowed only for a mail server on this machine"));
    }
    let port = port.parse().ok()?;
    Some(MailConfig { host: host.to_owned(), port, from: entry.from.take()?.0, encryption, login, authority })
}

/// Reads how text messages are sent.
pub(super) fn texts(file: &File<'_>, given: Given<SmsEntry>) -> Option<TextsConfig> {
    let (entry, at) = given.with_node()?;
    let node = file.node(at);
    if entry.url.is_absent() && !file.may_have(node, "url") {
        let finding = Finding::new("missing", node.span(), "`url` is missing");
        file.push(finding.hint("text messages need it: `sms: { url: https://…, token: { env: NAME } }`"));
    }
    if !entry.token.is_absent() && !entry.user.is_absent() {
        let finding = Finding::new("twice", file.key_span(node, "user"), "a provider is shown either a token or a user and a password");
        file.push(finding.hint("remove one of them"));
    }
    let as_form = entry.form.take().is_some_and(|entry| match entry {
        FormEntry::Json => false,
        FormEntry::Form => true,
    });
    let name = |given: Given<String>, usual: &str| given.take().filter(|name| !name.is_empty()).unwrap_or_else(|| usual.to_owned());
    let (to, text) = (name(entry.to, "to"), name(entry.text, "text"));
    let mut fields = BTreeMap::new();
    for (key, value) in entry.fields.value().map(|table| file.node(table.0)).into_iter().flat_map(NodeRef::entries) {
        if let Some(value) = file.decoder.decode::<String>(value) {
            fields.insert(key.text().to_owned(), value);
        }
    }
    let by_password = login(file, node, entry.user, entry.password).map(|(user, password)| TextsLogin::Password(user, password));
    let login = secret(file, entry.token).map(TextsLogin::Token).or(by_password);
    Some(TextsConfig { url: entry.url.take()?.0, as_form, to, text, fields, login })
}

/// Reads a user and where the password is; one needs the other.
fn login(file: &File<'_>, node: NodeRef<'_>, user: Given<String>, password: Given<Reference<SecretEntry>>) -> Option<(String, SecretRef)> {
    let missing = match (user.is_absent(), password.is_absent()) {
        (false, true) => Some(("user", "password")),
        (true, false) => Some(("password", "user")),
        (true, true) | (false, false) => None,
    };
    if let Some((key, other)) = missing.filter(|(_, other)| !file.may_have(node, other)) {
        let finding = Finding::new("missing", file.key_span(node, key), format!("`{other}` is missing"));
        file.push(finding.hint("write both: `user: NAME` and `password: { env: NAME }`"));
    }
    user.take().zip(secret(file, password))
}
