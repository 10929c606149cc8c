//! Unusual things about a server that a workspace was read from or written to.

use crate::model::{Email, ServerError};

/// Something unusual about a server, which a person should know. `report` puts it into words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServerWarning {
    /// It has no readable document of its features.
    NoFeatures,
    /// It has no readable document of its resource types.
    NoResourceTypes,
    /// It does not say whether it has PATCH.
    PatchUnknown,
    /// It keeps its schemas from this token.
    SchemasKept {
        /// The HTTP status.
        status: u16,
    },
    /// A user has no e-mail address, so nobody can know whose account it is.
    NoAddress {
        /// The server's id.
        id: String,
    },
    /// It ignores filters.
    FiltersIgnored,
    /// It fails to say whose token this is.
    OwnerUnknown {
        /// The error of the connection or the server.
        error: ServerError,
    },
    /// It deleted a user who should only be inactivated.
    Deleted {
        /// The user's address.
        email: Email,
    },
}
