//! Why a plan has a change, in words.

use crate::model::Reason;
use crate::platform::Catalog;

/// Why a plan has a change.
#[must_use]
pub fn reason(reason: &Reason, catalog: &Catalog) -> String {
    let said = match reason {
        Reason::NoAccount => "no account yet",
        Reason::NoAccountTemporaryPassword => "no account yet; active at once with a temporary password, no invitation goes out",
        Reason::PasscodeWanted => "a passcode is wanted",
        Reason::PasscodeMissing => "a passcode is wanted, and there is none",
        Reason::WantedInactive => "wanted inactive",
        Reason::NotListed => "not listed, and the roster is exact",
        Reason::WantedActive => "wanted active, and the account is inactive",
        Reason::BlockEndedInvitation => "the block ended the old invitation",
        Reason::InvitationOver => "the invitation expired or was ended",
        Reason::InvitationWithdrawn => "an earlier invitation was withdrawn before it was accepted",
        Reason::WantedBlocked(why) => return format!("wanted blocked: {}", why.as_str()),
        Reason::WantedUnblocked => "wanted not blocked",
        Reason::FieldsDiffer { fields, role_again } => {
            let keys: Vec<&str> = fields.iter().map(|field| catalog.yaml_key(*field)).collect();
            return match (role_again, keys.as_slice()) {
                (true, []) => "re-apply role: its privileges have changed since this person got it".to_owned(),
                (true, keys) => format!("{} differ; re-apply role: its privileges have changed", keys.join(", ")),
                (false, [one]) => format!("{one} differs"),
                (false, keys) => format!("{} differ", keys.join(", ")),
            };
        }
        Reason::DirectorComesIn => "names a medical director who comes in with this plan",
        Reason::NoClinic => "no such clinic yet",
        Reason::ClinicDiffers => "its name differs",
        Reason::NoRole => "no such role yet",
        Reason::RoleDiffers => "the role differs",
        Reason::NoEmployee => "no such employee record yet",
        Reason::NoEmployeeForExternal => "somebody from outside the practice needs an employee record first (PBN-3)",
        Reason::EmployeeDiffers => "the employee record differs",
        Reason::OtherCodeWord => "another code word is set in the workspace",
    };
    said.to_owned()
}

/// Whether a reason says nothing that the fields of the change do not show.
#[must_use]
pub const fn is_shown_by_fields(reason: &Reason) -> bool {
    match reason {
        Reason::FieldsDiffer { role_again, .. } => !*role_again,
        Reason::ClinicDiffers | Reason::RoleDiffers | Reason::EmployeeDiffers => true,
        Reason::NoAccount
        | Reason::NoAccountTemporaryPassword
        | Reason::PasscodeWanted
        | Reason::PasscodeMissing
        | Reason::WantedInactive
        | Reason::NotListed
        | Reason::WantedActive
        | Reason::BlockEndedInvitation
        | Reason::InvitationOver
        | Reason::InvitationWithdrawn
        | Reason::WantedBlocked(_)
        | Reason::WantedUnblocked
        | Reason::DirectorComesIn
        | Reason::NoClinic
        | Reason::NoRole
        | Reason::NoEmployee
        | Reason::NoEmployeeForExternal
        | Reason::OtherCodeWord => false,
    }
}
