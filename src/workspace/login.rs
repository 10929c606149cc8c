//! The login above the accounts of a person: one address on one platform (design.md, "Login and account").

use crate::model::{Email, PlatformId};

/// The login that a person signs in with. Today the accounts accepted under an address prove that its login exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// The address.
    pub email: Email,
    /// The platform on which it exists: the same address elsewhere is another login.
    pub platform: PlatformId,
}
