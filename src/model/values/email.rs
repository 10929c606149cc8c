//! The e-mail address: one login, compared without regard to case after normalization.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::characters::{is_filler, is_hidden, is_joiner};

/// The end of an address that nobody can have (RFC 2606 section 2).
const NO_ADDRESS: &str = "@user-name.invalid";

/// The most characters before the @ (RFC 5321 section 4.5.3.1.1).
const LONGEST_LOCAL_PART: usize = 64;

/// The most characters of a domain (RFC 1035 section 2.3.4, without the length of the root).
const LONGEST_DOMAIN: usize = 253;

/// A valid address in its normal form: NFC, lower case, the domain in its ASCII (IDNA) form.
///
/// Plus signs and dots matter: `a.b@x.example` and `ab@x.example` are two logins. A copy shares its text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct Email(Arc<str>);

/// The reason why a text is not an e-mail address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidEmail {
    /// The text does not have the form of RFC 5321.
    #[error("not an e-mail address: write it like `name@practice.example`")]
    NormalForm,
    /// It contains an invisible, control or compatibility character.
    #[error("an e-mail address cannot contain {}: type the address again by hand", character(*.0))]
    Character(char),
    /// The domain is not a host name.
    #[error("the part after the @ is not a domain name")]
    Domain,
}

impl InvalidEmail {
    /// Says what to do, where the text is already said not to be an address.
    #[must_use]
    pub fn remedy(&self) -> String {
        match self {
            Self::NormalForm => "write it like `name@practice.example`".to_owned(),
            other @ (Self::Character(_) | Self::Domain) => other.to_string(),
        }
    }
}

impl Email {
    /// Normalizes a text to an address.
    ///
    /// # Errors
    /// If the text does not have the form of an address, contains a character that nobody can see, or has an invalid domain.
    pub fn parse(text: &str) -> Result<Self, InvalidEmail> {
        if is_plain(text) { Ok(Self(text.into())) } else { Self::normalize(text) }
    }

    /// Normalizes a text that is not obviously an address in its normal form.
    fn normalize(text: &str) -> Result<Self, InvalidEmail> {
        if let Some(stand_in) =
            text.strip_suffix(NO_ADDRESS).filter(|name| !name.is_empty()).map(|name| Self::of_user_name(&unescaped(name)))
            && stand_in.as_str() == text
        {
            return Ok(stand_in);
        }
        if let Some(c) = text.chars().find(|c| is_deceptive(*c)) {
            return Err(InvalidEmail::Character(c));
        }
        let folded = fold(text);
        if !text.is_ascii()
            && let Some(c) = folded.chars().find(|c| is_deceptive(*c))
        {
            return Err(InvalidEmail::Character(c));
        }
        let (local, domain) = folded.rsplit_once('@').ok_or(InvalidEmail::NormalForm)?;
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
            return Err(InvalidEmail::NormalForm);
        }
        if !normal.rsplit('@').next().is_some_and(|domain| domain.contains('.')) {
            return Err(InvalidEmail::Domain);
        }
        Ok(Self(normal.into()))
    }

    /// Returns an address that nobody can have, in place of a user name, which it says letter by letter.
    #[must_use]
    pub fn of_user_name(name: &str) -> Self {
        Self(format!("{}{NO_ADDRESS}", escaped(name)).into())
    }

    /// Returns the user name, as the workspace has it, if the address is in its place.
    #[must_use]
    pub fn user_name(&self) -> Option<Cow<'_, str>> {
        self.0.strip_suffix(NO_ADDRESS).map(unescaped)
    }

    /// Returns the address as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the UTS 39 skeleton of the address as people see it, with its domain in Unicode; equal skeletons look alike.
    #[must_use]
    pub fn skeleton(&self) -> String {
        let shown = match self.0.rsplit_once('@') {
            Some((local, domain)) if domain.contains("xn--") => format!("{local}@{}", idna::domain_to_unicode(domain).0),
            _ => self.0.to_string(),
        };
        unicode_security::confusable_detection::skeleton(&shown).collect()
    }
}

/// Writes a user name with the characters that every address can have: each byte of another one as `=` and two hex digits.
fn escaped(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for (at, c) in name.char_indices() {
        let is_between = || at > 0 && at + 1 < name.len() && !text.ends_with('.');
        match c {
            'a'..='z' | '0'..='9' | '_' | '-' => text.push(c),
            '.' if is_between() => text.push(c),
            other => text.extend(other.encode_utf8(&mut [0; 4]).bytes().map(|byte| format!("={byte:02x}"))),
        }
    }
    text
}

/// Reads what `escaped` writes; any other text is returned as it is.
fn unescaped(text: &str) -> Cow<'_, str> {
    let Some((first, rest)) = text.split_once('=') else { return Cow::Borrowed(text) };
    let mut bytes = first.as_bytes().to_vec();
    for piece in rest.split('=') {
        let byte = piece.get(..2).and_then(|hex| data_encoding::HEXLOWER.decode(hex.as_bytes()).ok());
        let Some(byte) = byte else { return Cow::Borrowed(text) };
        bytes.extend(byte);
        bytes.extend(piece.bytes().skip(2));
    }
    String::from_utf8(bytes).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// Returns whether a text is obviously an address in its normal form: most are, and a roster has each several times.
fn is_plain(text: &str) -> bool {
    // Bytes, since the search for a text in a short one takes longer than all the rest.
    let is_in = |part: &[u8], is_more: fn(u8) -> bool| {
        !part.is_empty() && part.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || is_more(*b))
    };
    let is_label = |label: &[u8]| is_in(label, |b| b == b'-') && label.len() <= 63 && !label.starts_with(b"-") && !label.ends_with(b"-");
    let is_dot = |b: &u8| *b == b'.';
    let mut halves = text.as_bytes().splitn(2, |b| *b == b'@');
    let (Some(local), Some(domain)) = (halves.next(), halves.next()) else { return false };
    let is_local = local.len() <= LONGEST_LOCAL_PART && local.split(is_dot).all(|part| is_in(part, |b| matches!(b, b'_' | b'+' | b'-')));
    let is_domain = domain.len() <= LONGEST_DOMAIN && domain.iter().any(is_dot) && !domain.windows(4).any(|four| four == b"xn--");
    is_local && is_domain && domain.split(is_dot).all(is_label)
}

/// Names a character that an address cannot contain.
fn character(c: char) -> String {
    match c {
        ' ' => "a space".to_owned(),
        '\t' => "a tab".to_owned(),
        '\n' | '\r' => "a line break".to_owned(),
        c => format!("the character U+{:04X}", u32::from(c)),
    }
}

/// Converts to lower case after NFC, then to NFC again; done twice, since lower case can make new pairs.
fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let once: String = text.nfc().flat_map(char::to_lowercase).nfc().collect();
    once.nfc().flat_map(char::to_lowercase).nfc().collect()
}

/// Lists addresses that look alike when at least one is not plain ASCII: each with the first that it looks like.
pub fn look_alikes<'e>(emails: impl Iterator<Item = &'e Email> + Clone) -> Vec<(&'e Email, &'e Email)> {
    let is_odd = |email: &Email| !email.as_str().is_ascii() || email.as_str().contains("xn--");
    if !emails.clone().any(is_odd) {
        return Vec::new();
    }
    let mut seen: BTreeMap<String, &Email> = BTreeMap::new();
    let twins = emails.filter_map(|email| Some((email, seen.insert(email.skeleton(), email)?)));
    twins.filter(|(email, first)| is_odd(first) || is_odd(email)).collect()
}

/// Returns whether a character is invisible, a control, white space, or only a compatibility form of others.
fn is_deceptive(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control() || c == ' ';
    }
    c.is_control()
        || c.is_whitespace()
        || is_hidden(c)
        || is_joiner(c)
        || is_filler(c)
        || matches!(c, '\u{fff0}'..='\u{fffd}')
        || is_compatibility_form(c)
}

/// Returns whether NFKC changes a character that NFC does not: full-width letters, ligatures, circled digits.
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_user_name_is_said_as_the_workspace_has_it() {
        let long = "l\u{f6}ng".repeat(40);
        for (name, expected) in
            [("kpark", "kpark"), ("k.park-2_x", "k.park-2_x"), ("ed moe", "ed=20moe"), ("KPark", "=4b=50ark"), (".a..b.", "=2ea.=2eb=2e")]
        {
            assert_eq!(Email::of_user_name(name).as_str(), format!("{expected}@user-name.invalid"));
        }
        for name in ["kpark", "ed moe", "KPark", ".a..b.", "a=20b", "Jos\u{e9}", long.as_str()] {
            let email = Email::of_user_name(name);
            assert_eq!(email.user_name().as_deref(), Some(name));
            assert_eq!(Email::parse(email.as_str()), Ok(email), "{name}");
        }
        for text in ["a=zz", "a=", "a=ff", "k+park"] {
            assert_eq!(unescaped(text), text);
        }
    }

    proptest! {
        // the short way for plain addresses takes none that the long way refuses or changes.
        #[test]
        fn a_plain_address_is_one_in_its_normal_form(text in "[a-z0-9._+-]{0,70}@[a-z0-9.-]{0,80}|[aA1.+@xn -]{0,12}|a@([a-z0-9-]{1,64}[.]){1,5}[a-z0-9]{1,4}") {
            if is_plain(&text) {
                prop_assert_eq!(Email::normalize(&text).map(|email| email.0.to_string()), Ok(text));
            }
        }
    }
}
