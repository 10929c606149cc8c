//! The attributes in which values of the domain are on the wire.

use crate::scim::schema::record_names as names;
use crate::store::{RecordKind, ResourceKind};
use crate::workspace::{OwnList, RecordText};

/// The attribute of a list of a plain SCIM user.
pub(in crate::server) const fn of_list(list: OwnList) -> &'static str {
    match list {
        OwnList::Emails => "emails",
        OwnList::Phones => "phoneNumbers",
        OwnList::Roles => "roles",
        OwnList::Entitlements => "entitlements",
        OwnList::Certificates => "x509Certificates",
    }
}

/// The attribute of a text of a supporting record.
pub(in crate::server) const fn of_text(text: RecordText) -> &'static str {
    match text {
        RecordText::Key => names::clinic::KEY,
        RecordText::RoleKey => names::role::KEY,
        RecordText::ClinicName => names::clinic::NAME,
        RecordText::RoleName => names::role::NAME,
        RecordText::FirstName => names::employee::FIRST_NAME,
        RecordText::LastName => names::employee::LAST_NAME,
        RecordText::ExternalId => names::EXTERNAL_ID,
    }
}

/// The type of a resource.
pub(in crate::server) const fn of_kind(kind: ResourceKind) -> &'static str {
    match kind {
        ResourceKind::User => names::user::TYPE,
        ResourceKind::Supporting(RecordKind::Clinic) => names::clinic::TYPE,
        ResourceKind::Supporting(RecordKind::Role) => names::role::TYPE,
        ResourceKind::Supporting(RecordKind::Employee) => names::employee::TYPE,
        ResourceKind::Supporting(RecordKind::Group) => names::group::TYPE,
    }
}

/// The resource that a type names.
pub(in crate::server) fn kind(name: &str) -> Option<ResourceKind> {
    let supporting = RecordKind::ALL.into_iter().map(ResourceKind::Supporting);
    std::iter::once(ResourceKind::User).chain(supporting).find(|kind| of_kind(*kind) == name)
}
