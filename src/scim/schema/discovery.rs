//! `ServiceProviderConfig` (RFC 7643 section 5; paging RFC 9865 section 4).

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::super::urn;
use crate::model::Action;
use crate::platform::Catalog;
use crate::scim::paths::SERVICE_PROVIDER_CONFIG;

/// The limits of one answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageLimits {
    /// The number of resources in a page if the query does not give a count.
    pub default_page: usize,
    /// The most resources in a page.
    pub max_page: usize,
}

impl Default for PageLimits {
    fn default() -> Self {
        Self { default_page: 100, max_page: 1000 }
    }
}

/// Returns the document; `base` is the base URL without a trailing slash.
#[must_use]
pub fn service_provider_config(base: &str, limits: PageLimits) -> Value {
    json!({
        "schemas": [urn::SERVICE_PROVIDER_CONFIG],
        "patch": { "supported": true },
        "bulk": { "supported": false, "maxOperations": 0, "maxPayloadSize": 0 },
        "filter": { "supported": true, "maxResults": limits.max_page },
        "changePassword": { "supported": false },
        "sort": { "supported": true },
        "etag": { "supported": true },
        "pagination": {
            "cursor": false,
            "index": true,
            "defaultPaginationMethod": "index",
            "defaultPageSize": limits.default_page,
            "maxPageSize": limits.max_page,
        },
        "authenticationSchemes": [{
            "type": "oauthbearertoken",
            "name": "Bearer token",
            "description": "The Authorization header has a token of this workspace.",
            "specUri": "https://www.rfc-editor.org/rfc/rfc6750",
            "primary": true,
        }],
        "meta": { "resourceType": "ServiceProviderConfig", "location": format!("{base}{SERVICE_PROVIDER_CONFIG}") },
    })
}

/// Returns the actions that a platform has for a user. Discovery lists them as the canonical values of the schema [`urn::ACTIONS`], because
/// clients that read schemas strictly refuse an unknown extension of `ServiceProviderConfig`.
#[must_use]
pub fn actions(catalog: &Catalog) -> BTreeSet<Action> {
    let is_offered = |action: &Action| match action {
        Action::ResendInvitation | Action::WithdrawInvitation | Action::Block | Action::Unblock => {
            catalog.states.lacking(*action).is_none()
        }
        // Somebody who is there already is invited where their invitation can be sent again.
        Action::Invite => catalog.states.lacking(Action::ResendInvitation).is_none(),
        Action::GeneratePasscode => catalog.passcode,
        Action::CreateClinic
        | Action::UpdateClinic
        | Action::CreateRole
        | Action::UpdateRole
        | Action::CreateEmployee
        | Action::UpdateEmployee
        | Action::Update
        | Action::Inactivate
        | Action::Activate
        | Action::SetCodeWord => false,
    };
    Action::ALL.into_iter().filter(is_offered).collect()
}
