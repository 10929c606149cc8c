//! The practice extension of the user: what a platform holds besides the core, and nothing else.

use crate::model::{BlockReason, Field, InvitationState};
use crate::platform::Catalog;
use crate::platform::catalog::ChangedBy;

use super::super::urn;
use super::{Attribute, Schema, table};

/// The extension of one platform.
pub(super) fn extension(catalog: &Catalog) -> Schema {
    let mut attributes = settings(catalog);
    attributes.extend(standing(catalog));
    Schema {
        id: urn::PRACTICE.to_owned(),
        name: "PracticeUser".to_owned(),
        description: format!("What {} holds about a user besides the core", catalog.name),
        attributes,
    }
}

/// What can be written.
fn settings(catalog: &Catalog) -> Vec<Attribute> {
    let mut out = table::attributes(catalog, |wire| wire.practice);
    out.push(Attribute::boolean("sendInvitation", "On creation: whether an invitation is sent").write_only());
    out
}

/// What the server says about where the account stands; actions change it.
fn standing(catalog: &Catalog) -> Vec<Attribute> {
    let text = Attribute::string;
    let flag = Attribute::boolean;
    let time = Attribute::date_time;
    let mut out = vec![
        text("privileges", "What the account may do in effect").exact().many().read_only(),
        text("rolePrivileges", "What the role gave when it was last applied").exact().many().read_only(),
        Attribute::complex(
            "invitation",
            "The newest invitation",
            vec![
                text("state", "What has become of it").only(InvitationState::ALL.map(InvitationState::as_str)),
                time("sentAt", "When it was sent"),
                time("expiresAt", "When its link dies"),
            ],
        )
        .read_only(),
        flag("accepted", "Whether an invitation was ever accepted, or none was needed").read_only(),
        flag("mainAdmin", "Whether this is the workspace's main admin").read_only(),
        text("lastLogin", "The day of the last login, YYYY-MM-DD; not part of the version").read_only(),
    ];
    if catalog.blocking {
        let parts = vec![
            flag("blocked", "Whether the account is blocked"),
            text("reason", "Why").only(BlockReason::ALL.map(BlockReason::as_str)),
            text("note", "In words"),
            time("since", "Since when"),
            text("by", "The userName of who blocked it"),
        ];
        out.push(Attribute::complex("block", "The block; set and lifted by actions", parts).read_only());
    }
    if catalog.passcode {
        out.push(Attribute::complex("passcode", "The passcode", vec![flag("set", "Whether there is one")]).read_only());
    }
    let members_own = |field| catalog.field(field).is_some_and(|rule| rule.by != ChangedBy::Admin);
    if members_own(Field::FirstName) || members_own(Field::LastName) {
        let parts = vec![text("givenName", "First name"), text("familyName", "Last name")];
        out.push(Attribute::complex("invitedName", "The name of the invitation; the member's own may differ", parts).read_only());
    }
    out
}
