//! The reasons why something was not done: causes, which `report` puts into words.

pub(in crate::model) mod database_error;
pub(in crate::model) mod not_ready;
pub(in crate::model) mod protocol_error;
pub(in crate::model) mod secret_error;
pub(in crate::model) mod server_error;
