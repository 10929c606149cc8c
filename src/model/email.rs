//! The e-mail address: one login, compared case-insensitively after normalisation.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// A valid address in its normal form: NFC, lower case, the domain in its ASCII (IDNA) form.
///
/// Plus signs and dots are kept: `a.b@x.example` and `ab@x.example` are two logins. A copy shares its text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(Arc<str>);

/// Why a text is no e-mail address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidEmail {
    /// The form of RFC 5321 does not fit.
    #[error("not an e-mail address: write it like `name@practice.example`")]
    Form,
    /// An invisible, control or compatibility character stands in it.
    #[error("an e-mail address may not hold the character U+{0:04X}: type the address again by hand")]
    Character(u32),
    /// The domain is no host name.
    #[error("the part after the @ is not a domain name")]
    Domain,
}

impl Email {
    /// Normalises a text to an address.
    ///
    /// # Errors
    /// Says what rules the text out: its form, a character that can not be seen, or its domain.
    pub fn parse(text: &str) -> Result<Self, InvalidEmail> {
        if let Some(c) = text.chars().find(|c| is_deceptive(*c)) {
            return Err(InvalidEmail::Character(c as u32));
        }
        let folded = fold(text);
        if !text.is_ascii()
            && let Some(c) = folded.chars().find(|c| is_deceptive(*c))
        {
            return Err(InvalidEmail::Character(c as u32));
        }
        let (local, domain) = folded.rsplit_once('@').ok_or(InvalidEmail::Form)?;
        if domain.is_empty() || domain.ends_with('.') || domain.starts_with('[') {
            return Err(InvalidEmail::Domain);
        }
        let plain = domain.is_ascii() && !domain.contains("xn--");
        let normal = if plain {
            Cow::Borrowed(folded.as_str())
        } else {
            Cow::Owned(format!("{local}@{}", idna::domain_to_ascii_strict(domain).map_err(|_| InvalidEmail::Domain)?))
        };
        if !email_address::EmailAddress::is_valid(&normal) || local.starts_with('"') {
            return Err(InvalidEmail::Form);
        }
        if !normal.rsplit('@').next().is_some_and(|domain| domain.contains('.')) {
            return Err(InvalidEmail::Domain);
        }
        Ok(Self(normal.into()))
    }

    /// The address as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The UTS 39 skeleton of the address as people see it, its domain in Unicode; equal skeletons look alike.
    #[must_use]
    pub fn skeleton(&self) -> String {
        let shown = match self.0.rsplit_once('@') {
            Some((local, domain)) if domain.contains("xn--") => format!("{local}@{}", idna::domain_to_unicode(domain).0),
            _ => self.0.to_string(),
        };
        unicode_security::confusable_detection::skeleton(&shown).collect()
    }
}

/// Lower case after NFC, brought back to NFC; repeated once, since lower case can make new pairs.
fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let once: String = text.nfc().flat_map(char::to_lowercase).nfc().collect();
    once.nfc().flat_map(char::to_lowercase).nfc().collect()
}

/// Whether a character is invisible, a control, white space, or only a compatibility form of others.
fn is_deceptive(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control() || c == ' ';
    }
    c.is_control()
        || c.is_whitespace()
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffd}' | '\u{e0000}'..='\u{e0fff}')
        || is_compatibility_form(c)
}

/// Whether NFKC changes a character that NFC leaves alone: full-width letters, ligatures, circled digits.
fn is_compatibility_form(c: char) -> bool {
    let one = std::iter::once(c);
    !one.clone().nfc().eq(one.nfkc())
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Email {
    type Err = InvalidEmail;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        Self::parse(s)
    }
}

impl TryFrom<String> for Email {
    type Error = InvalidEmail;
    fn try_from(s: String) -> Result<Self, Self::Error> {
        Self::parse(&s)
    }
}

impl From<Email> for String {
    fn from(e: Email) -> Self {
        e.0.to_string()
    }
}
