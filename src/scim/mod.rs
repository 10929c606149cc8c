//! SCIM 2.0 (RFC 7643, 7644, 9865) as pure functions over JSON values and schema tables.
//!
//! The client and the server share this module: the schemas of each platform's users, the meaning of filters, paths and PATCH, the form of
//! errors, and the mapping between the model's values and attributes. Nothing here does I/O or reads a clock.

mod answers;
mod attr_path;
mod error;
pub mod filter;
pub mod map;
mod node;
pub mod patch;
mod path;
pub mod paths;
pub mod schema;
pub mod validate;
mod value;
pub(crate) use value::member;

pub use answers::{message, project};

pub use answers::page::PageRequest;
pub use answers::sort::{Order, Sort};
pub use attr_path::AttrPath;
pub(crate) use error::own;
pub use error::{Explanation, ScimError, ScimType};
pub use filter::Filter;
pub use node::Node;
pub use path::{Path, PathTarget};
pub use schema::{Attribute, ResourceType, ResourceTypes, Schema};

/// The media type of every message (RFC 7644 section 3.1).
pub const MEDIA_TYPE: &str = "application/scim+json";

/// The headers of a write that say what it belongs to.
pub mod write_headers {
    /// The same for each repetition of a write.
    pub const IDEMPOTENCY_KEY: &str = "idempotency-key";
    /// The digest of the plan.
    pub const PLAN: &str = "rosterctl-plan";
    /// The name of the person who approved the plan, percent-encoded.
    pub const APPROVER: &str = "rosterctl-approver";
    /// The commit of the roster.
    pub const COMMIT: &str = "rosterctl-commit";
    /// The most characters of a name, or of a commit.
    pub const MOST_CHARACTERS: usize = 200;
}

/// The URNs of schemas and messages.
pub mod urn {
    /// The core user (RFC 7643 section 4.1).
    pub const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
    /// The core group (RFC 7643 section 4.2).
    pub const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
    /// The extension with what a practice knows about a user beyond the core.
    pub const PRACTICE: &str = "urn:rosterctl:params:scim:schemas:extension:practice:2.0:User";
    /// A clinic.
    pub const CLINIC: &str = "urn:rosterctl:params:scim:schemas:core:2.0:Clinic";
    /// A role.
    pub const ROLE: &str = "urn:rosterctl:params:scim:schemas:core:2.0:Role";
    /// An employee record.
    pub const EMPLOYEE: &str = "urn:rosterctl:params:scim:schemas:core:2.0:Employee";
    /// The relation of a link to the main admin of a workspace (RFC 8288).
    pub const MAIN_ADMIN: &str = "urn:rosterctl:params:main-admin";
    /// The actions a server offers: a schema whose attribute `actions` names them in its canonical values.
    pub const ACTIONS: &str = "urn:rosterctl:params:scim:schemas:core:2.0:Actions";
    /// A passcode, shown once.
    pub const PASSCODE: &str = "urn:rosterctl:params:scim:api:messages:2.0:Passcode";
    /// `ServiceProviderConfig` (RFC 7643 section 5).
    pub const SERVICE_PROVIDER_CONFIG: &str = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig";
    /// `ResourceType` (RFC 7643 section 6).
    pub const RESOURCE_TYPE: &str = "urn:ietf:params:scim:schemas:core:2.0:ResourceType";
    /// `Schema` (RFC 7643 section 7).
    pub const SCHEMA: &str = "urn:ietf:params:scim:schemas:core:2.0:Schema";
    /// An answer to a query (RFC 7644 section 3.4.2).
    pub const LIST_RESPONSE: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
    /// A query by POST (RFC 7644 section 3.4.3).
    pub const SEARCH_REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";
    /// A change of some attributes (RFC 7644 section 3.5.2).
    pub const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
    /// An error (RFC 7644 section 3.12).
    pub const ERROR: &str = "urn:ietf:params:scim:api:messages:2.0:Error";
}

/// Returns whether a path has a part that is dropped on the way, or drops the part before it (RFC 3986 section 6.2.2.3). An id that has one leads to
/// another resource.
#[must_use]
pub fn climbs(path: &str) -> bool {
    path.split(['/', '\\']).any(|part| part == "." || part == "..")
}
