//! Paths to where the field table puts each field on the wire.

use crate::model::Wire;
use crate::scim::attr_path::AttrPath;
use crate::scim::path::Path;
use crate::scim::urn;

/// Returns the path of a PATCH operation on a field, or on another part of its attribute.
pub(super) fn path_to(wire: &Wire, part: Option<&str>) -> Path {
    let mut attr = AttrPath::new(wire.attribute, part);
    attr.schema = wire.practice.then(|| urn::PRACTICE.to_owned());
    Path { attr, filter: None, sub: None }
}
