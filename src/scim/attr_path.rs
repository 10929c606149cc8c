//! Names of attributes (RFC 7644 section 3.10).

use std::fmt;

use super::schema::{Attribute, Resolved, ResourceType};

/// An attribute's name, with its schema where given and its part where named: `URN:name.familyName`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AttrPath {
    /// The schema's URN.
    pub schema: Option<String>,
    /// The attribute.
    pub name: String,
    /// The part of it.
    pub sub: Option<String>,
}

impl AttrPath {
    /// A name without schema.
    #[must_use]
    pub fn new(name: &str, sub: Option<&str>) -> Self {
        Self { schema: None, name: name.to_owned(), sub: sub.map(str::to_owned) }
    }

    /// Reads a name; `None` where the text has not the form of one. The URN, where there is one, ends at the last colon.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (schema, rest) = match text.rsplit_once(':') {
            Some((schema, rest)) if schema.get(..4).is_some_and(|s| s.eq_ignore_ascii_case("urn:")) => (Some(schema.to_owned()), rest),
            Some(_) => return None,
            None => (None, text),
        };
        let (name, sub) = match rest.split_once('.') {
            Some((name, sub)) => (name, Some(sub)),
            None => (rest, None),
        };
        let good = is_name(name) && sub.is_none_or(is_name);
        good.then(|| Self { schema, name: name.to_owned(), sub: sub.map(str::to_owned) })
    }

    /// What it names; `None` where the resource type has no such thing.
    #[must_use]
    pub fn resolve<'a>(&self, of: &'a ResourceType) -> Option<Resolved<'a>> {
        of.resolve(self.schema.as_deref(), &self.name, self.sub.as_deref())
    }
}

/// Whether a text is an attribute name (RFC 7643 section 2.1), `$ref` included.
pub(super) fn is_name(text: &str) -> bool {
    let rest = text.strip_prefix('$').unwrap_or(text);
    rest.bytes().next().is_some_and(|b| b.is_ascii_alphabetic())
        && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

/// The name that answers and comparisons without a part use: `value`, where a complex attribute has it.
pub(super) fn value_part<'a>(resolved: &Resolved<'a>) -> Option<&'a Attribute> {
    match resolved.sub {
        Some(sub) => Some(sub),
        None if resolved.attribute.sub_attributes.is_empty() => Some(resolved.attribute),
        None => resolved.attribute.sub("value").filter(|_| resolved.attribute.multi_valued),
    }
}

impl fmt::Display for AttrPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(schema) = &self.schema {
            write!(f, "{schema}:")?;
        }
        f.write_str(&self.name)?;
        if let Some(sub) = &self.sub {
            write!(f, ".{sub}")?;
        }
        Ok(())
    }
}
