//! Parses the paths of PATCH operations (RFC 7644 section 3.5.2).

use crate::scim::own;
use crate::scim::value::no_attribute;
use std::fmt;

use super::attr_path::{AttrPath, is_name};
use super::error::ScimError;
use super::filter::{self, Filter};
use super::schema::{Resolved, ResourceType, Schema};
use super::value::short;

/// The target of a PATCH operation: `attribute`, `attribute.part`, `attribute[filter]`, `attribute[filter].part`.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// The attribute, with its part if there is no filter.
    pub attr: AttrPath,
    /// The filter that selects values.
    pub filter: Option<Filter>,
    /// The part of the selected values.
    pub sub: Option<String>,
}

/// The meaning of a path in a resource type.
#[derive(Clone, Copy, Debug)]
pub enum PathTarget<'a> {
    /// A whole extension.
    Extension(&'a Schema),
    /// An attribute, all or some of its values, or a part of them.
    Attribute {
        /// The attribute and the part.
        resolved: Resolved<'a>,
        /// The filter that selects values.
        filter: Option<&'a Filter>,
    },
}

impl Path {
    /// Parses a path. Refuses texts over 4 KiB, and filters over their own limits.
    ///
    /// # Errors
    /// Returns `invalidPath` if the text is not a path, and `invalidFilter` if the filter in it is not a filter.
    pub fn parse(text: &str) -> Result<Self, ScimError> {
        let text = text.trim();
        if text.len() > filter::LONGEST {
            return Err(ScimError::path(own!("the path is longer than {} bytes: shorten it", filter::LONGEST)));
        }
        let malformed = || ScimError::path(format!("`{}` is not a path: write it like `emails[type eq \"work\"].value`", short(text)));
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

    /// Finds the target in a resource type.
    ///
    /// # Errors
    /// Returns `invalidPath` if the resource type has no such attribute or part, or if the attribute has only one value to filter;
    /// `invalidFilter` if the filter does not fit the attribute.
    pub fn resolve<'a>(&'a self, of: &'a ResourceType) -> Result<PathTarget<'a>, ScimError> {
        if self.filter.is_none()
            && self.sub.is_none()
            && self.attr.sub.is_none()
            && let Some(extension) = whole_extension(&self.attr, of)
        {
            return Ok(PathTarget::Extension(extension));
        }
        let unknown = || ScimError::path(no_attribute(&of.name, &self.to_string()));
        let sub = self.sub.as_deref().or(self.attr.sub.as_deref());
        let resolved = of.resolve(self.attr.schema.as_deref(), &self.attr.name, sub).ok_or_else(unknown)?;
        if let Some(filter) = &self.filter {
            if !resolved.attribute.multi_valued {
                return Err(ScimError::path(own!("`{}` has only one value: remove the filter", resolved.attribute.name)));
            }
            filter.check_within(resolved.attribute)?;
        }
        Ok(PathTarget::Attribute { resolved, filter: self.filter.as_ref() })
    }
}

/// Finds the extension that a path without an attribute names: its URN parses as a schema and a name.
fn whole_extension<'a>(attr: &AttrPath, of: &'a ResourceType) -> Option<&'a Schema> {
    let schema = attr.schema.as_deref()?;
    of.extension(&format!("{schema}:{}", attr.name))
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
