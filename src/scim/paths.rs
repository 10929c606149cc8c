//! The paths of our own server below a workspace, each in one place: the server's table of routes and the client's addresses are made of
//! them. Those of resources are in `schema::record_names`, that of SCIM is [`SCIM_PATH`](crate::model::SCIM_PATH).

/// The path of what the server supports (RFC 7644 section 4).
pub const SERVICE_PROVIDER_CONFIG: &str = "/ServiceProviderConfig";
/// The types of resources (RFC 7644 section 4).
pub const RESOURCE_TYPES: &str = "/ResourceTypes";
/// The schemas (RFC 7644 section 4).
pub const SCHEMAS: &str = "/Schemas";
/// The owner of the token (RFC 7644 section 3.11).
pub const ME: &str = "/Me";
/// A search by POST, below SCIM or a kind of resource (RFC 7644 section 3.4.3).
pub const SEARCH: &str = "/.search";
/// The actions on a user, below the user.
pub const ACTIONS: &str = "/actions";

/// The path of what our own server has beside SCIM.
pub const API: &str = "/api/v1";
/// The user log, beside SCIM.
pub const LOG: &str = "/log";
/// The code word, beside SCIM (PBN-5).
pub const CODE_WORD: &str = "/code-word";
/// The comparison of a code word, below it.
pub const VERIFY: &str = "/verify";
/// Members' sessions and second factors by the id of the user, beside SCIM.
pub const MEMBERS: &str = "/users";
/// The path of what the app on a member's device asks, beside SCIM.
pub const APP: &str = "/app";
