//! The attributes in which values of the domain are on the wire.

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
        RecordText::Key => "key",
        RecordText::RoleKey => "value",
        RecordText::ClinicName => "displayName",
        RecordText::RoleName => "display",
        RecordText::FirstName => "givenName",
        RecordText::LastName => "familyName",
        RecordText::ExternalId => "externalId",
    }
}
