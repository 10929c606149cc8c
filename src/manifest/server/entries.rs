//! The configuration of a server as it is written. The JSON Schema is generated from these types, so editors show these comments.

use schemars::JsonSchema;
use serde::Deserialize;

use super::addresses::{InvitationAge, Listen, Proxy, PublicUrl};
use super::post::{MailEntry, SmsEntry};
use crate::manifest::scalars::{Address, CountryName, Slug, TimeZone};
use crate::manifest::secret_entry::SecretEntry;
use crate::model::LISTEN;
use crate::yaml::{Each, Given, Reference, Table};

/// Says what `listen` is.
fn listen_description() -> String {
    format!("The server listens on this host and port; it is `{LISTEN}` if absent.")
}

/// A document configures one workspace server: where it listens, and which workspaces it serves.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::manifest) struct ServerEntry {
    /// The server's name consists of lower-case letters, digits and hyphens.
    #[schemars(example = &"staff-accounts")]
    pub(in crate::manifest) server: Given<Slug>,
    /// The server listens on this host and port.
    #[schemars(description = listen_description())]
    #[schemars(example = &"0.0.0.0:8080")]
    pub(in crate::manifest) listen: Given<Listen>,
    /// Clients reach the server under this URL. Behind a proxy it is required.
    #[schemars(example = &"https://staff.practice.example")]
    pub(in crate::manifest) public_url: Given<PublicUrl>,
    /// With it, the server speaks HTTPS. Without it, only a proxy on the same machine or network should reach the server.
    pub(in crate::manifest) tls: Given<TlsEntry>,
    /// All workspaces are in this SQLite file; it is `.rosterctl/server.db` beside this document if absent.
    #[schemars(example = &"/var/lib/rosterctl/server.db")]
    pub(in crate::manifest) database: Given<String>,
    /// This file has the key that opens code words, second factors and unsent mail in the database; it is beside the database, with the ending
    /// `.key`, if absent. The server makes it with a new database. Keep a copy of it, and keep it apart from copies of the database.
    #[schemars(example = &"/etc/rosterctl/server.key")]
    pub(in crate::manifest) key_file: Given<String>,
    /// An invitation is valid for so many days, 1 to 30; it is `7d` if absent. A temporary first password is valid as long.
    #[schemars(example = &"14d")]
    pub(in crate::manifest) invitations_valid_for: Given<InvitationAge>,
    /// This says where a secret is that goes into the hashes of passwords and passcodes, so that nobody can guess at them with a copy of the
    /// database alone. Hashes that were made without it get it when their owners sign in. Never change or lose it: everybody would need a new
    /// password.
    pub(in crate::manifest) pepper: Given<Reference<SecretEntry>>,
    /// The header `X-Forwarded-For` counts only if it comes from one of these proxies.
    #[schemars(example = &["10.0.0.0/8"])]
    pub(in crate::manifest) proxies: Given<Each<Proxy>>,
    /// Prometheus reads here what the server counts. If it is absent, nobody can.
    pub(in crate::manifest) metrics: Given<MetricsEntry>,
    /// The server sends mail with it. Without it, invitations and links for new passwords wait in the database.
    pub(in crate::manifest) mail: Given<MailEntry>,
    /// The server sends text messages with it. Without it, one-time codes wait in the database.
    pub(in crate::manifest) sms: Given<SmsEntry>,
    /// The log on stderr has lines of text or of JSON; it is `text` if absent.
    pub(in crate::manifest) log: Given<LogEntry>,
    /// These are the workspaces that the server serves, by name. It serves no others, even if they are in the database.
    pub(in crate::manifest) workspaces: Given<Table<HostedEntry>>,
}

/// The certificate of the server and its private key. The server reads both again when it gets SIGHUP.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::manifest) struct TlsEntry {
    /// This PEM file has the certificate, followed by those that lead to its authority.
    #[schemars(example = &"tls/certificate.pem")]
    pub(in crate::manifest) certificate: Given<String>,
    /// This PEM file has the private key. Only the server should be able to read it.
    #[schemars(example = &"tls/key.pem")]
    pub(in crate::manifest) key: Given<String>,
}

/// The log's lines have this form.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::manifest) enum LogEntry {
    /// Lines are sentences, for people.
    Text,
    /// Lines are JSON objects, for programs.
    Json,
}

/// Prometheus reads here what the server counts, without a token or TLS.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::manifest) struct MetricsEntry {
    /// The metrics are at `/metrics` on this host and port, which must differ from the server's. Keep it on loopback or a private network.
    #[schemars(example = &"127.0.0.1:9464")]
    pub(in crate::manifest) listen: Given<Listen>,
}

/// A workspace needs `roster`, or `platform` and `start`; both are read only to create the workspace.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::manifest) struct HostedEntry {
    /// The workspace runs on this platform. If a roster describes the workspace, it must say the same.
    pub(in crate::manifest) platform: Given<String>,
    /// This directory contains the roster that describes the workspace.
    #[schemars(example = &"../practice")]
    pub(in crate::manifest) roster: Given<String>,
    /// This file lists the accounts that the workspace starts with.
    #[schemars(example = &"glow-start.yaml")]
    pub(in crate::manifest) start: Given<String>,
    /// This is the address of the main admin, who must be one of the accounts in the start file.
    pub(in crate::manifest) main_admin: Given<Address>,
    /// The workspace's days begin and end in this time zone, an IANA name; it is UTC if absent.
    #[schemars(example = &"America/Phoenix")]
    pub(in crate::manifest) time_zone: Given<TimeZone>,
    /// National phone numbers in the start file are those of this country; it is the platform's if absent.
    #[schemars(example = &"US")]
    pub(in crate::manifest) country: Given<CountryName>,
}
