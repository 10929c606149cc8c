//! The attributes that every resource has (RFC 7643 section 3.1); `/Schemas` does not list them.

use std::sync::LazyLock;

use super::record_names::EXTERNAL_ID;
use super::{Attribute, Returned, Uniqueness};

/// Returns `schemas`, `id`, `externalId` and `meta`.
#[must_use]
pub fn common() -> &'static [Attribute] {
    static COMMON: LazyLock<Vec<Attribute>> = LazyLock::new(|| {
        let mut id = Attribute::string("id", "The id, assigned by the server").exact().read_only().always();
        id.uniqueness = Uniqueness::Global;
        id.required = true;
        let mut schemas = Attribute::reference("schemas", &["uri"], "The schemas of the resource").many().always();
        schemas.required = true;
        schemas.case_exact = false;
        let meta = vec![
            Attribute::string("resourceType", "The resource type's name").exact(),
            Attribute::date_time("created", "When the resource was created"),
            Attribute::date_time("lastModified", "When it was last changed"),
            Attribute::reference("location", &["uri"], "Its URI"),
            Attribute::string("version", "Its entity tag").exact(),
        ];
        let mut meta = Attribute::complex("meta", "What the server knows about the resource", meta).read_only();
        meta.returned = Returned::Default;
        vec![schemas, id, Attribute::string(EXTERNAL_ID, "The id that the client uses").exact(), meta]
    });
    &COMMON
}
