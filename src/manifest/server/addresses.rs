//! Addresses and paths in the configuration of a server.

use std::borrow::Cow;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::Deserializer;

use crate::manifest::file::File;
use crate::manifest::scalars::{plain_url, scalar};
use crate::manifest::secrets::{is_url, not_a_file};
use crate::model::{self, InvalidNetwork};
use crate::yaml::{Finding, Given, Problem};

/// The number of days that an invitation can be valid for (G5).
const INVITATION_DAYS: RangeInclusive<i64> = 1..=30;

scalar!(
    /// A host and a port.
    Listen(String),
    host_and_port,
    { "type": "string", "pattern": "^(\\[[0-9a-fA-F:.%]+\\]|[^\\s:/]+):[0-9]{1,5}$" }
);

scalar!(
    /// The URL under which clients reach a server.
    PublicUrl(String),
    public_url,
    {
        "type": "string",
        "pattern": "^([Hh][Tt][Tt][Pp][Ss]://[^/?#@\\s]+|[Hh][Tt][Tt][Pp]://(localhost|127\\.\\d+\\.\\d+\\.\\d+|\\[::1\\])(:\\d+)?)(/[^?#\\s]*)?$"
    }
);

scalar!(
    /// The URL that a provider gets messages at.
    GatewayUrl(String),
    gateway_url,
    {
        "type": "string",
        "pattern": "^([Hh][Tt][Tt][Pp][Ss]://[^/?#@\\s]+|[Hh][Tt][Tt][Pp]://(localhost|127\\.\\d+\\.\\d+\\.\\d+|\\[::1\\])(:\\d+)?)(/[^?#\\s]*)?$"
    }
);

scalar!(
    /// The time for which an invitation is valid, in milliseconds.
    InvitationAge(i64),
    invitation_age,
    { "type": "string", "pattern": "^([1-9]|[12][0-9]|30)d$" }
);

scalar!(
    /// One proxy by its address, or several by their network.
    Proxy(model::Network),
    proxy,
    { "type": "string", "pattern": "^[0-9a-fA-F:.]+(/[1-9][0-9]{0,2})?$" }
);

fn host_and_port(text: &str) -> Result<String, Problem> {
    let hint = "write both, such as `localhost:8080` or `0.0.0.0:8080`";
    if model::is_host_and_port(text) {
        return Ok(text.to_owned());
    }
    let problem = Problem::new(format!("`{text}` is not a host and a port"), hint);
    // Perhaps a password is before the host.
    Err(if text.contains('@') || is_url(text) { Problem::with_secret("this is not a host and a port", hint) } else { problem })
}

fn invitation_age(text: &str) -> Result<i64, Problem> {
    let (least, most) = (INVITATION_DAYS.start(), INVITATION_DAYS.end());
    let digits = text.strip_suffix('d').filter(|digits| !digits.starts_with(['0', '+']));
    let days = digits.and_then(|digits| digits.parse::<i64>().ok()).filter(|days| INVITATION_DAYS.contains(days));
    days.map(|days| days * model::DAY).ok_or_else(|| {
        Problem::new(format!("an invitation cannot be valid for `{text}`"), format!("write {least} to {most} days, such as `7d`"))
    })
}

/// Reads the URL under which clients reach a server; the result does not end in `/`.
///
/// # Errors
/// Says what is wrong with the URL, and what to write instead.
pub fn public_url(text: &str) -> Result<String, Problem> {
    let hint = "write the server's own address, such as `https://staff.practice.example`";
    let url = unbroken_url(text, hint, "clients would send their tokens in plain text")?;
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

fn gateway_url(text: &str) -> Result<String, Problem> {
    let hint = "write the URL from the provider's documentation, such as `https://sms.provider.example/messages`";
    unbroken_url(text, hint, "one-time codes would be sent in plain text").map(|url| url.as_str().to_owned())
}

fn unbroken_url(text: &str, hint: &str, in_plain_text: &str) -> Result<url::Url, Problem> {
    let url = plain_url(text, hint, hint, in_plain_text)?;
    if text.contains(char::is_whitespace) {
        return Err(Problem::with_secret("the URL contains a space", hint));
    }
    Ok(url)
}

fn proxy(text: &str) -> Result<model::Network, Problem> {
    text.parse().map_err(|why| match why {
        InvalidNetwork::Malformed => Problem::new(
            format!("`{text}` is not the address of a proxy"),
            "write an IP address, such as `192.0.2.7`, or a network, such as `10.0.0.0/8`",
        ),
        InvalidNetwork::NotFirst(network) => Problem::new(
            format!("`{text}` is an address inside of a network"),
            format!("write `{network}` for the whole network, or the address without `/` for one proxy"),
        ),
        InvalidNetwork::Everything => Problem::new(
            format!("`{text}` has every address, so anybody could choose the origin that the log shows"),
            "write the addresses of your proxies",
        ),
    })
}

/// Reads the path of the database relative to the folder of the document.
pub(super) fn database(file: &File<'_>, given: Given<String>) -> Option<PathBuf> {
    if let Some((_, at)) = given.clone().with_node().filter(|(path, _)| is_url(path)) {
        file.push(not_a_file(file.node(at).span()));
        return None;
    }
    path(file, given)
}

/// Reads a path relative to the folder of the document.
pub(super) fn path(file: &File<'_>, given: Given<String>) -> Option<PathBuf> {
    let (path, at) = given.with_node()?;
    let is_url = is_url(&path);
    if is_url || path.trim().is_empty() || path.chars().any(char::is_control) {
        let finding = Finding::new("path", file.node(at).span(), "this is not a path");
        let finding = finding.hint("write the path relative to the folder of this document");
        file.push(if is_url { finding.secret() } else { finding });
        return None;
    }
    Some(PathBuf::from(path))
}
