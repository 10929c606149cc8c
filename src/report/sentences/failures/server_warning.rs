//! The sentences about unusual things of a server.

use crate::model::ServerWarning;

use super::server_error;

/// Says what is unusual about a server.
#[must_use]
pub fn server_warning(warning: &ServerWarning) -> String {
    let said = match warning {
        ServerWarning::NoFeatures => {
            "the server has no readable /ServiceProviderConfig: assuming that PATCH works and that versions do not"
        }
        ServerWarning::NoResourceTypes => "the server has no readable /ResourceTypes, so each type was tried",
        ServerWarning::PatchUnknown => "the server does not say whether it takes PATCH: assuming that it does",
        ServerWarning::SchemasKept { status } => {
            return format!("this token cannot read /Schemas ({status}): what the server does not store is known only when it refuses it");
        }
        ServerWarning::NoAddress { id } => {
            return format!(
                "user `{id}` has no e-mail address as `userName` or in `emails`, so nobody can know whose account it is; this account is \
                 left as it is"
            );
        }
        ServerWarning::FiltersIgnored => "the server ignores filters: all users were listed instead",
        ServerWarning::OwnerUnknown { error } => {
            return format!(
                "/Me does not say whose token this is ({}): make sure that this plan does not take away its own rights",
                server_error(error)
            );
        }
        ServerWarning::Deleted { email } => {
            return format!("the server deleted {email}, although it was asked to inactivate the account");
        }
    };
    said.to_owned()
}
