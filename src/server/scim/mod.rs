//! The SCIM endpoints: from the wire to the domain, and back.

pub(in crate::server) mod discovery;
pub(in crate::server) mod json_members;
pub(in crate::server) mod lockout;
pub(in crate::server) mod projection;
pub(in crate::server) mod query;
pub(in crate::server) mod records;
pub(in crate::server) mod refusal;
pub(in crate::server) mod rights;
pub(in crate::server) mod search;
pub(in crate::server) mod supporting;
pub(in crate::server) mod users;
pub(in crate::server) mod wire_names;
