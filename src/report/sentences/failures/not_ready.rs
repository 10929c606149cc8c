//! The sentences about workspaces that cannot be read or written at all.

use crate::model::{AddressError, NotReady, Unconfirmed, scim_address};

use super::{database_error, secret_error, server_error};

/// Says why a workspace cannot be read, or why nothing is written to it.
#[must_use]
pub fn not_ready(why: &NotReady) -> String {
    match why {
        NotReady::Server(why) => server_error(why),
        NotReady::Token(why) => format!("connection.scim.token: {}", secret_error(why)),
        NotReady::Address(why) => format!("connection.scim.url: {}", address_error(why)),
        NotReady::NoList { workspace, file } => format!(
            "there is no list of users yet: run `rosterctl snapshot {workspace} FILE…` with what the workspace's own page shows; it writes `{file}`"
        ),
        NotReady::NoInterface => "the workspace has no interface: a person makes its changes".to_owned(),
        NotReady::NoMainAdmin => "an embedded workspace needs `main_admin`: that account makes the changes".to_owned(),
        NotReady::NameInAddress { source_text } => format!("the workspace's name cannot be part of a URL: {source_text}"),
        NotReady::DatabaseName { file } => format!(
            "the path of the workspace's database, `{file}`, is not UTF-8: rename its folder, or name another file with `embedded: {{ path: … }}`"
        ),
        NotReady::DatabaseLink { file } => format!(
            "`{file}` is a link that leads nowhere, and the workspace's database is behind it: restore what the link leads to, or name the database itself with `embedded: {{ path: … }}`"
        ),
        NotReady::DatabaseUnknown { file, source_text } => format!(
            "cannot tell whether the workspace's database `{file}` exists: {source_text}. Run this as a user who may read its folder"
        ),
        NotReady::DatabaseLost { file } => format!(
            "the workspace's database `{file}` is missing or empty, although its key and the journal of an earlier run exist: restore it from a backup. \
             To create the workspace anew, with none of its accounts, remove the database and the key beside it"
        ),
        NotReady::Database { file, why } => format!("cannot open the embedded workspace `{file}`: {}", database_error(why)),
        NotReady::DatabaseRead(why) => format!("cannot read the embedded workspace: {}", database_error(why)),
        NotReady::Folder { folder, source_text } => format!("cannot make `{folder}`: {source_text}"),
        NotReady::Journal { file, source_text } => format!("cannot write the journal `{file}`: {source_text}"),
        NotReady::Unconfirmed { why, variable: None } => unconfirmed(why),
        NotReady::Unconfirmed { why, variable: Some(variable) } => format!("{}, or in {variable}", unconfirmed(why)),
        NotReady::NoAnswer { source_text: None } => "there was no answer".to_owned(),
        NotReady::NoAnswer { source_text: Some(source_text) } => format!("cannot read the answer: {source_text}"),
        NotReady::NotConnected { workspace } => format!("the workspace `{workspace}` is not connected"),
    }
}

/// Says why a block is not confirmed, and what to give.
#[must_use]
pub fn unconfirmed(why: &Unconfirmed) -> String {
    match why {
        Unconfirmed::Missing(who) => {
            format!("blocking {who} must be confirmed with the acting admin's own phone number: give it with --confirm-phone")
        }
        Unconfirmed::Form => {
            "the value given to confirm the block is not a phone number: write it with the country code, such as +1 602 555 0100".to_owned()
        }
        Unconfirmed::NobodyActs(who) => format!(
            "the server does not say whose token this is, so nobody can confirm the block of {who}: use a token that belongs to a named admin"
        ),
        Unconfirmed::Target(who) => {
            format!("this phone number belongs to {who}, who will be blocked: confirm with a number of the acting admin")
        }
        Unconfirmed::NotTheirs { admin } => {
            format!("this is not one of {admin}'s registered phone numbers: confirm with one of those")
        }
    }
}

/// Says why a token is not sent to an address.
#[must_use]
pub fn address_error(why: &AddressError) -> String {
    match why {
        AddressError::NotEncrypted { url } => {
            format!("{url} is not encrypted, and the token would be sent in plain text: use https://")
        }
        AddressError::NotWeb { url } => {
            format!("{url} is not a web address: write it like {}", scim_address("https://host", "workspace"))
        }
        AddressError::Credentials => {
            "the address of the server contains a user name or password: write the token under `token` instead".to_owned()
        }
        AddressError::Token => "the token contains characters that cannot be sent in a header: check its source for line breaks".to_owned(),
        AddressError::Client { source_text } => format!("the HTTP client cannot start: {source_text}"),
    }
}
