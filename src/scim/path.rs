//! Names of attributes, and the paths of PATCH operations (RFC 7644 sections 3.5.2 and 3.10).

use std::fmt;

use super::error::ScimError;
use super::filter::{self, Filter};
use super::schema::{Attribute, Resolved, ResourceType, Schema};
use super::value::short;

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

/// Where a PATCH operation acts: `attribute`, `attribute.part`, `attribute[filter]`, `attribute[filter].part`.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// The attribute; a part is named here where there is no filter.
    pub attr: AttrPath,
    /// Which of its values.
    pub filter: Option<Filter>,
    /// The part of those values.
    pub sub: Option<String>,
}

/// What a path names in a resource type.
#[derive(Clone, Copy, Debug)]
pub enum Target<'a> {
    /// A whole extension.
    Extension(&'a Schema),
    /// An attribute, all or some of its values, or a part of these.
    Attribute {
        /// The attribute and the part.
        resolved: Resolved<'a>,
        /// Which of its values.
        filter: Option<&'a Filter>,
    },
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

impl Path {
    /// Reads a path; texts over 4 KiB, and filters over the filter's limits, are refused.
    ///
    /// # Errors
    /// `invalidPath` where the text has not the form of one; `invalidFilter` where the filter in it has not.
    pub fn parse(text: &str) -> Result<Self, ScimError> {
        let text = text.trim();
        if text.len() > filter::LONGEST {
            return Err(ScimError::path(format!("the path has more than {} bytes: shorten it", filter::LONGEST)));
        }
        let malformed = || ScimError::path(format!("`{}` is no path: write it like `emails[type eq \"work\"].value`", short(text)));
        let Some((head, rest)) = text.split_once('[') else {
            return Ok(Self { attr: AttrPath::parse(text).ok_or_else(malformed)?, filter: None, sub: None });
        };
        let attr = AttrPath::parse(head).filter(|attr| attr.sub.is_none()).ok_or_else(malformed)?;
        let close = filter::closing_bracket(rest).ok_or_else(malformed)?;
        let inner = rest.get(..close).unwrap_or_default();
        let tail = rest.get(close + 1..).unwrap_or_default();
        let sub = match tail.strip_prefix('.') {
            None if tail.is_empty() => None,
            Some(sub) if is_name(sub) => Some(sub.to_owned()),
            _ => return Err(malformed()),
        };
        Ok(Self { attr, filter: Some(Filter::parse_within(inner)?), sub })
    }

    /// What it names in a resource type.
    ///
    /// # Errors
    /// `invalidPath` where the resource type has no such attribute or part, or the attribute has no values to choose from;
    /// `invalidFilter` where the filter asks what can not be asked.
    pub fn resolve<'a>(&'a self, of: &'a ResourceType) -> Result<Target<'a>, ScimError> {
        if self.filter.is_none()
            && self.sub.is_none()
            && self.attr.sub.is_none()
            && let Some(extension) = whole_extension(&self.attr, of)
        {
            return Ok(Target::Extension(extension));
        }
        let unknown = || ScimError::path(format!("{} has no attribute `{}`: see /Schemas", of.name, short(&self.to_string())));
        let sub = self.sub.as_deref().or(self.attr.sub.as_deref());
        let resolved = of.resolve(self.attr.schema.as_deref(), &self.attr.name, sub).ok_or_else(unknown)?;
        if let Some(filter) = &self.filter {
            if !resolved.attribute.multi_valued {
                return Err(ScimError::path(format!("`{}` has one value: leave the filter out", resolved.attribute.name)));
            }
            filter.check_within(resolved.attribute)?;
        }
        Ok(Target::Attribute { resolved, filter: self.filter.as_ref() })
    }
}

/// The extension that a path without attribute names: its URN reads like a schema and a name.
fn whole_extension<'a>(attr: &AttrPath, of: &'a ResourceType) -> Option<&'a Schema> {
    let schema = attr.schema.as_deref()?;
    of.extension(&format!("{schema}:{}", attr.name))
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

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.attr)?;
        if let Some(filter) = &self.filter {
            write!(f, "[{filter}]")?;
        }
        if let Some(sub) = &self.sub {
            write!(f, ".{sub}")?;
        }
        Ok(())
    }
}
