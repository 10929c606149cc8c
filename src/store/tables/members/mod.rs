//! The rows that members sign in with: logins, second factors, sessions, links and codes, wrong tries, and messages on their way.

pub mod addresses;
pub mod asked_resets;
pub mod codes;
pub mod devices;
pub mod failures;
pub mod links;
pub mod logins;
pub mod main_admins;
pub mod messages;
pub mod recovery_codes;
pub mod second_factors;
pub mod sessions;
pub mod trusted_devices;
