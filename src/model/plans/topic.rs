//! What a requirement is about: a platform's catalog says which number its sources give it.

use serde::{Deserialize, Serialize};

/// What a requirement of a vendor is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Topic {
    /// The main admin, whom nobody here changes.
    MainAdmin,
    /// Accounts that nobody blocks, inactivates or deletes: one's own, and the main admin's.
    ProtectedAccounts,
    /// The right to block.
    Blocking,
    /// The reasons of blocks, and their notes.
    BlockReasons,
    /// The phone number that confirms a block.
    BlockConfirmation,
    /// Passcodes.
    Passcodes,
    /// Passwords that only members change.
    MembersPasswords,
    /// Temporary first passwords.
    FirstPasswords,
    /// The practice's code word.
    CodeWord,
    /// Accounts that belong to an employee record.
    EmployeeLink,
    /// The names and keys of employee records.
    EmployeeRecords,
    /// Employee records of people from outside the practice.
    ExternalPeople,
    /// Employee records that are inactive.
    InactiveEmployees,
}

/// The requirement behind a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source<'r> {
    /// The one that a platform has about a topic.
    About(Topic),
    /// The one with this number.
    Number(&'r str),
}
