//! The sentences about what does not work at all: databases, servers, requests and secrets, and the workspaces that are left out for it.

mod code_word;
mod database_error;
mod not_ready;
mod protocol_error;
mod secret_error;
mod server_error;
mod server_warning;

pub use code_word::code_word;
pub use database_error::{database_error, seed_fault};
pub use not_ready::{address_error, not_ready, unconfirmed};
pub use protocol_error::protocol_error;
pub use secret_error::{missing_secret, secret_error};
pub use server_error::{answered, network_error, server_error};
pub use server_warning::server_warning;
