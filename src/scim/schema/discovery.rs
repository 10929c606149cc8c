//! `ServiceProviderConfig` (RFC 7643 section 5; paging RFC 9865 section 4).

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::super::urn;
use crate::platform::Catalog;

/// What a server admits in one answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Resources in a page where the query names no count.
    pub default_page: usize,
    /// Resources in a page at most.
    pub max_page: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { default_page: 100, max_page: 1000 }
    }
}

/// The document; `base` is the base URL without a slash at its end.
#[must_use]
pub fn service_provider_config(base: &str, limits: Limits) -> Value {
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
            "description": "A token of this workspace in the Authorization header",
            "specUri": "https://www.rfc-editor.org/rfc/rfc6750",
            "primary": true,
        }],
        "meta": { "resourceType": "ServiceProviderConfig", "location": format!("{base}/ServiceProviderConfig") },
    })
}

/// The actions below a user that a platform knows. Discovery lists them as the canonical values of the schema [`urn::ACTIONS`]:
/// clients that read schemas strictly take no unknown extension of `ServiceProviderConfig`.
#[must_use]
pub fn actions(catalog: &Catalog) -> BTreeSet<String> {
    let mut actions = BTreeSet::new();
    let mut add = |wanted: bool, names: &[&str]| {
        if wanted {
            actions.extend(names.iter().map(|n| (*n).to_owned()));
        }
    };
    add(catalog.invitations, &["invite", "resend-invitation", "withdraw-invitation"]);
    add(catalog.blocking, &["block", "unblock"]);
    add(catalog.passcode, &["generate-passcode"]);
    actions
}
