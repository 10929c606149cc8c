//! The reasons why the workspace refuses. The sentences are written at the edge.

use crate::model::transition::Impossible;
use crate::model::{Action, Field, Ungranted, Violation, with_all};
use crate::platform::Answer;

/// An act that the rules forbid on some accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Block it.
    Block,
    /// Make it inactive, also by withdrawing its invitation.
    Inactivate,
    /// Hide it, on plain SCIM.
    Delete,
}

/// A part of the main admin's account that only the main admin changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MainAdmins {
    /// A field.
    Field(Field),
    /// The passcode.
    Passcode,
    /// The password, on plain SCIM.
    Password,
    /// The second factor.
    SecondFactor,
    /// A list of the user, on plain SCIM.
    List(OwnList),
    /// The employee record that the account belongs to (PBN-8).
    Record,
}

with_all! {
    /// A list of a plain SCIM user that says who they are, or gives rights.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub enum OwnList {
        /// The e-mail addresses.
        Emails,
        /// The phone numbers.
        Phones,
        /// The roles.
        Roles,
        /// The entitlements.
        Entitlements,
        /// The certificates.
        Certificates,
    }
}

/// A text of a supporting record that rosters have, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordText {
    /// The key of a clinic or employee record.
    Key,
    /// The key of a role.
    RoleKey,
    /// The name of a clinic.
    ClinicName,
    /// The name of a role.
    RoleName,
    /// The first name of an employee.
    FirstName,
    /// The last name of an employee.
    LastName,
    /// The id that clients give to the record.
    ExternalId,
}

/// The reason why rosters could not have a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordFault {
    /// They could not name it by its key.
    NotAKey(RecordText),
    /// A text contains a character that they cannot have.
    Unwritable {
        /// The text.
        text: RecordText,
        /// The character.
        character: char,
    },
}

/// The reason why the workspace refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The token allows reading only.
    ReadOnlyToken,
    /// The owner of the token lacks the privilege to manage users.
    CannotManageUsers {
        /// The privilege.
        privilege: String,
    },
    /// Blocking and unblocking need a privilege (AR-18, AR-22).
    CannotBlock {
        /// The privilege.
        privilege: String,
    },
    /// Nobody can do this to their own account (AR-20).
    Oneself(Deed),
    /// Nobody can do this to the main admin (AR-20).
    MainAdmin(Deed),
    /// The state of the account does not allow it.
    State {
        /// The action that was refused.
        action: Action,
        /// The reason.
        why: Impossible,
    },
    /// The reason `other` needs a note (AR-26).
    NoNote,
    /// The acting admin's phone number is missing (AR-19).
    NoPhone,
    /// The confirmation of a block is not a phone number (AR-19).
    NotAPhone,
    /// The number is the target's (AR-19).
    PhoneOfTarget {
        /// Its last digits.
        digits: String,
    },
    /// The number is not the acting admin's (AR-19).
    PhoneOfAnother {
        /// Its last digits.
        digits: String,
    },
    /// The acting admin typed too many wrong numbers lately (AR-19).
    TooManyPhones {
        /// The time that they have to wait, in milliseconds.
        wait: i64,
    },
    /// The workspace was asked for too many wrong code words today (PBN-5).
    TooManyWords {
        /// The time until tomorrow, in milliseconds.
        wait: i64,
    },
    /// The request asks for an invitation of somebody who has an account.
    NotNew,
    /// The request asks for an invitation, and also for an inactive account or a password.
    InvitationBesides,
    /// Only members change their own password (AR-10, AR-14).
    MembersPassword,
    /// The workspace does not allow first passwords (AR-10).
    NoFirstPasswords,
    /// The first password is too short or too long (AR-10).
    FirstPasswordLength,
    /// The request removes the switch that says whether the account is active.
    ActiveRemoved,
    /// The e-mail addresses have another one than the login.
    OtherAddress,
    /// The user has several roles.
    SeveralRoles,
    /// The user names no employee record (PBN-1).
    NoEmployee,
    /// The user names an employee record that the workspace does not have (PBN-2).
    UnknownEmployee,
    /// An inactive employee cannot have a working account (PBN-8).
    InactiveEmployee,
    /// The employee record of a working account cannot become inactive (PBN-8).
    WorkingAccount,
    /// Rosters could not have the record.
    Record(RecordFault),
    /// A rule of the platform is broken.
    Broken(Box<Violation>),
    /// An admin is not allowed to change the field (AR-13, CHR-4, CHR-5).
    NotTheAdmins {
        /// The field.
        field: Field,
        /// The platform's answer.
        answer: Answer,
    },
    /// The acting account cannot give this (AR-6, AR-18, PBN-6).
    Ungranted(Ungranted),
    /// Nobody but the main admin changes this of their account.
    MainAdmins(MainAdmins),
    /// The acting admin would lose the right to manage users.
    OwnRights,
    /// The acting admin would lose the right to manage users by changing a role.
    OwnRole {
        /// The privilege.
        privilege: String,
    },
    /// Nobody could manage users afterward.
    LastAdmin,
}
