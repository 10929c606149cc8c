//! The shape of catalogs: fields, states, lists of users, click paths, and catalogs that rosters bring.

pub mod catalog;
pub mod field_rules;
pub(super) mod listing;
pub mod member_rules;
pub mod needed_colleague;
pub mod runbook;
pub mod seats;
pub mod states;
