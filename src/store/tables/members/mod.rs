//! What members sign in with: logins, sessions, links and codes, wrong tries, and messages on their way.

pub mod codes;
pub mod failures;
pub mod links;
pub mod logins;
pub mod messages;
pub mod sessions;
