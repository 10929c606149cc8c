//! Supporting records: clinics, roles, employee records, and the groups of plain SCIM.

pub(in crate::server) mod endpoints;
pub(in crate::server) mod input;
pub(in crate::server) mod rules;
pub(in crate::server) mod view;
