//! The attributes that every resource has (RFC 7643 section 3.1); `/Schemas` does not list them.

use std::sync::LazyLock;

use super::record_names::EXTERNAL_ID;
use super::{Attribute, Returned, Uniqueness};

/// Returns `schemas`, `id`, `externalId` and `meta`.
#[must_use]
pub fn common() -> &'static [Attribute] {
    static COMMON: LazyLock<Vec<Attribute>> = LazyLock::new(|| {
        let mut id = Attribute::string("id", "The server assigns this id.").exact().read_only().always();
        id.uniqueness = Uniqueness::Global;
        id.required = true;
        let mut schemas = Attribute::reference("schemas", &["uri"], "These are the resource's schemas.").many().always();
        schemas.required = true;
        schemas.case_exact = false;
        let meta = vec![
            Attribute::string("resourceType", "This is the resource type's name.").exact(),
            Attribute::date_time("created", "Says when the resource was created."),
            Attribute::date_time("lastModified", "Says when it was last changed."),
            Attribute::reference("location", &["uri"], "This is its URI."),
            Attribute::string("version", "This is its entity tag.").exact(),
        ];
        let mut meta = Attribute::complex("meta", "Says what the server knows about the resource.", meta).read_only();
        meta.returned = Returned::Default;
        vec![schemas, id, Attribute::string(EXTERNAL_ID, "The client uses this id for the resource.").exact(), meta]
    });
    &COMMON
}
