//! The names of supporting records on the wire: of their types, their endpoints and their attributes.

/// Clinics.
pub mod clinic {
    use crate::model::LogSubject;

    /// The type.
    pub const TYPE: &str = LogSubject::Clinic.as_str();
    /// The endpoint.
    pub const ENDPOINT: &str = "/Clinics";
    /// The key that rosters name it by.
    pub const KEY: &str = "key";
    /// The name people see.
    pub const NAME: &str = "displayName";
}

/// Roles.
pub mod role {
    use crate::model::LogSubject;

    /// The type.
    pub const TYPE: &str = LogSubject::Role.as_str();
    /// The endpoint.
    pub const ENDPOINT: &str = "/Roles";
    /// The key that rosters name it by, as in `roles` of users.
    pub const KEY: &str = "value";
    /// The name people see.
    pub const NAME: &str = "display";
    /// The privileges that it gives.
    pub const PRIVILEGES: &str = "privileges";
    /// Says whether the platform ships it.
    pub const BUILT_IN: &str = "builtIn";
}

/// Employee records (PBN-1).
pub mod employee {
    use crate::model::LogSubject;

    /// The type.
    pub const TYPE: &str = LogSubject::Employee.as_str();
    /// The endpoint.
    pub const ENDPOINT: &str = "/Employees";
    /// The key that rosters name it by.
    pub const KEY: &str = "key";
    /// First name.
    pub const FIRST_NAME: &str = "givenName";
    /// Last name.
    pub const LAST_NAME: &str = "familyName";
    /// Says whether it is active.
    pub const ACTIVE: &str = "active";
    /// Says whether the person is from outside the practice.
    pub const EXTERNAL: &str = "external";
}

/// Groups of plain SCIM (RFC 7643 section 4.2).
pub mod group {
    use crate::model::LogSubject;

    /// The type.
    pub const TYPE: &str = LogSubject::Group.as_str();
    /// The endpoint.
    pub const ENDPOINT: &str = "/Groups";
    /// The name people see.
    pub const NAME: &str = "displayName";
    /// The members.
    pub const MEMBERS: &str = "members";
    /// The id of a member.
    pub const MEMBER_ID: &str = "value";
    /// The type of a member.
    pub const MEMBER_TYPE: &str = "type";
    /// The URI of a member.
    pub const MEMBER_URI: &str = "$ref";
}

/// Users, which groups have as members.
pub mod user {
    use crate::model::LogSubject;

    /// The type.
    pub const TYPE: &str = LogSubject::User.as_str();
    /// The endpoint.
    pub const ENDPOINT: &str = "/Users";
    /// Says whether the account is active (RFC 7643 section 4.1.1).
    pub const ACTIVE: &str = "active";
    /// The part of a block that says whether there is one.
    pub const BLOCKED: &str = "blocked";
    /// Says why the account has each of its privileges.
    pub const PRIVILEGE_SOURCES: &str = "privilegeSources";
}

/// The id that a client gives to a resource of any type (RFC 7643 section 3.1).
pub const EXTERNAL_ID: &str = "externalId";
