//! Parses the names of attributes (RFC 7644 section 3.10).

use std::fmt;

use super::schema::{Attribute, Resolved, ResourceType};

/// The name of an attribute, optionally with its schema and a part: `URN:name.familyName`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AttrPath {
    /// The schema's URN.
    pub schema: Option<String>,
    /// The attribute.
    pub name: String,
    /// The part of the attribute.
    pub sub: Option<String>,
}

impl AttrPath {
    /// Makes a name without a schema.
    #[must_use]
    pub fn new(name: &str, sub: Option<&str>) -> Self {
        Self { schema: None, name: name.to_owned(), sub: sub.map(str::to_owned) }
    }

    /// Parses a name; `None` if the text is not a name. A URN ends at the last colon.
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

    /// Finds the attribute in a resource type; `None` if the type does not have it.
    #[must_use]
    pub fn resolve<'a>(&self, of: &'a ResourceType) -> Option<Resolved<'a>> {
        of.resolve(self.schema.as_deref(), &self.name, self.sub.as_deref())
    }
}

/// Returns whether a text is an attribute name (RFC 7643 section 2.1), including `$ref`.
pub(super) fn is_name(text: &str) -> bool {
    let rest = text.strip_prefix('$').unwrap_or(text);
    rest.bytes().next().is_some_and(|b| b.is_ascii_alphabetic())
        && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

/// Returns the attribute that comparisons without a part use: `value`, if a complex attribute has it.
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
