//! The practice extension of the user: the attributes that a platform has in addition to the core.

use crate::model::{BlockReason, DeliveryState, Field, InvitationState};
use crate::platform::{Catalog, PrivilegeOrigin};
use crate::scim::schema::record_names::user;

use super::super::urn;
use super::{Attribute, Schema, table};

/// Makes the extension of one platform.
pub(super) fn extension(catalog: &Catalog) -> Schema {
    let mut attributes = settings(catalog);
    attributes.extend(state_attributes(catalog));
    Schema {
        id: urn::PRACTICE.to_owned(),
        name: "PracticeUser".to_owned(),
        description: format!("{} stores these values of a user in addition to the core.", catalog.name),
        attributes,
    }
}

/// Makes the attributes that clients can write.
fn settings(catalog: &Catalog) -> Vec<Attribute> {
    let mut out = table::attributes(catalog, |wire| wire.practice);
    out.push(Attribute::boolean("sendInvitation", "Says whether to send an invitation when the user is created.").write_only());
    out
}

/// Makes the read-only attributes about the state of the account, which actions change.
fn state_attributes(catalog: &Catalog) -> Vec<Attribute> {
    let text = Attribute::string;
    let flag = Attribute::boolean;
    let time = Attribute::date_time;
    let mut out = vec![
        text("privileges", "These are the effective privileges of the account.").exact().many().read_only(),
        text("rolePrivileges", "The role had these privileges when it was last applied.").exact().many().read_only(),
        privilege_sources(),
        Attribute::complex(
            "invitation",
            "This is the latest invitation.",
            vec![
                text("state", "Says whether the invitation is still open.").only(InvitationState::ALL.map(InvitationState::as_str)),
                time("sentAt", "Says when the invitation was sent."),
                time("expiresAt", "Says when its link expires."),
                text("delivery", "Says what became of its mail. It is left out once the link has ended.")
                    .only(DeliveryState::ALL.map(DeliveryState::as_str)),
                text("deliveryFailure", "Says why the last try to send the mail failed."),
            ],
        )
        .read_only(),
        flag("accepted", "Says whether an invitation was accepted, or none was needed.").read_only(),
        flag("mainAdmin", "Says whether this is the workspace's main admin.").read_only(),
        text("lastLogin", "This is the day of the last login, YYYY-MM-DD. It is not part of the version.").read_only(),
    ];
    if catalog.states.blocked {
        let parts = vec![
            flag(user::BLOCKED, "Says whether the account is blocked."),
            text("reason", "This is the reason for the block.").only(BlockReason::ALL.map(BlockReason::as_str)),
            text("note", "This is a note about the block."),
            time("since", "Says when the account was blocked."),
            text("by", "This is the userName of the admin who blocked the account."),
        ];
        out.push(Attribute::complex("block", "Describes the block, which actions set and lift.", parts).read_only());
    }
    if catalog.passcode {
        let parts = vec![flag("set", "Says whether the account has a passcode."), time("madeAt", "Says when the passcode was made.")];
        out.push(Attribute::complex("passcode", "Says whether there is a passcode, and since when.", parts).read_only());
    }
    if catalog.shares_logins() {
        out.push(text("formerEmails", "The account had these addresses before the member changed them.").many().read_only());
    }
    let members_own = |field| catalog.field(field).is_some_and(|rule| !rule.by.is_admins());
    if members_own(Field::FirstName) || members_own(Field::LastName) {
        let parts = vec![
            text("givenName", "This is the first name in the invitation."),
            text("familyName", "This is the last name in the invitation."),
        ];
        out.push(
            Attribute::complex("invitedName", "This is the name in the invitation. The member may have changed it since.", parts)
                .read_only(),
        );
    }
    out
}

/// Makes the attribute that says why somebody may do what they may. Answers to reads have it where it is asked for: in a list, it would be longer than
/// all the rest.
fn privilege_sources() -> Attribute {
    let parts = vec![
        Attribute::string("value", "This is the effective privilege.").exact(),
        Attribute::string(
            "from",
            "Says where it comes from: the role, a grant to this person, a switch of the account, or the main admin role.",
        )
        .only(PrivilegeOrigin::WORDS),
        Attribute::string("by", "This is the key of the role, or of the switch.").exact(),
    ];
    Attribute::complex(
        user::PRIVILEGE_SOURCES,
        "Says why the account has each effective privilege, with an element for each reason.",
        parts,
    )
    .many()
    .on_request()
    .read_only()
}
