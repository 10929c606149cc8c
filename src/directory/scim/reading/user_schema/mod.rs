//! A server's schema of users: `users` reads it, `attribute` has what it says of each attribute.

mod attribute;
mod users;

pub(in crate::directory::scim) use users::{Extensions, UserSchema};
