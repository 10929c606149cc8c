//! The features that a server says it has. A feature that it does not mention is tried, never assumed to be absent.

use std::collections::BTreeSet;

use http::StatusCode;
use serde_json::Value;

use super::user_schema::{Extensions, UserSchema};
use crate::directory::scim::client::{Client, get, text, truth};
use crate::directory::{DirectoryError, Transport};
use crate::model::{Action, Capabilities, ServerWarning, joined};
use crate::scim::paths;
use crate::scim::schema::record_names::{clinic, employee, role, user};
use crate::scim::urn;

/// The facts that discovery found out about a server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::directory::scim) struct Discovery {
    pub(in crate::directory::scim) capabilities: Capabilities,
    pub(in crate::directory::scim) paging: Paging,
    /// Says whether the server accepts `PUT` only.
    pub(in crate::directory::scim) put_only: bool,
    /// The server's schema of users, if it has one.
    pub(in crate::directory::scim) user_schema: Option<UserSchema>,
    /// Everything unusual.
    pub(in crate::directory::scim) warnings: Vec<ServerWarning>,
}

/// The way in which whole lists are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::directory::scim) struct Paging {
    /// Says whether they are asked for by cursor (RFC 9865).
    pub(in crate::directory::scim) cursor: bool,
    /// The number of resources in a page.
    pub(in crate::directory::scim) size: usize,
}

impl Default for Paging {
    fn default() -> Self {
        Self { cursor: false, size: PAGE }
    }
}

/// The number of resources to ask for, unless the server sends fewer: a page is kept as text, and a larger one saves little.
const PAGE: usize = 250;

/// Reads the discovery documents.
pub(in crate::directory::scim) async fn discover<T: Transport>(client: &Client<T>) -> Result<Discovery, DirectoryError> {
    let mut found = Discovery::default();
    let mut documents = Documents::new(client);
    if let Some(config) = documents.read(paths::SERVICE_PROVIDER_CONFIG).await? {
        features(&config, &mut found);
    } else {
        found.capabilities.patch = true;
        found.warnings.push(ServerWarning::NoFeatures);
    }
    let mut extensions = Extensions::new();
    if let Some(types) = documents.read(paths::RESOURCE_TYPES).await?.as_ref().and_then(listed) {
        extensions = extensions_of_users(types);
        resource_types(types, &extensions, &mut found.capabilities);
    } else {
        found.warnings.push(ServerWarning::NoResourceTypes);
        let offered = |status: StatusCode| status.is_success();
        found.capabilities.clinics = documents.probe(clinic::ENDPOINT).await?.is_some_and(offered);
        found.capabilities.roles = documents.probe(role::ENDPOINT).await?.is_some_and(offered);
        found.capabilities.employees = documents.probe(employee::ENDPOINT).await?.is_some_and(offered);
        let extension = format!("{}/{}", paths::SCHEMAS, urn::PRACTICE);
        found.capabilities.practice_extension = documents.probe(&extension).await?.is_some_and(offered);
    }
    if found.capabilities.practice_extension
        && let Some(schema) = documents.read(&format!("{}/{}", paths::SCHEMAS, urn::ACTIONS)).await?
    {
        found.capabilities.actions = actions(&schema);
    }
    // A server with the practice extension stores what its catalog has.
    if !found.capabilities.practice_extension
        && let Some(schema) = user_schema(&mut documents, &extensions).await?
    {
        found.capabilities.lacking = schema.lacking();
        found.capabilities.fixed = schema.fixed();
        found.capabilities.single = schema.single();
        found.capabilities.is_state_fixed = schema.is_state_fixed();
        found.capabilities.one_name = schema.has_one_name();
        found.capabilities.required = schema.required();
        found.user_schema = Some(schema);
    }
    found.capabilities.has_no_schema = !found.capabilities.practice_extension && found.user_schema.is_none();
    if let (true, Some(status)) = (found.capabilities.has_no_schema, documents.kept_back) {
        found.warnings.push(ServerWarning::SchemasKept { status });
    }
    Ok(found)
}

/// Reads what the server says about users: in the list of its schemas, or where that is missing, under the schema's own address.
async fn user_schema<T: Transport>(
    documents: &mut Documents<'_, T>,
    extensions: &Extensions,
) -> Result<Option<UserSchema>, DirectoryError> {
    if let Some(all) = documents.read(paths::SCHEMAS).await?
        && let Some(mut schema) = UserSchema::read(&all)
    {
        schema.extend(&all, extensions);
        return Ok(Some(schema));
    }
    let own = documents.read(&format!("{}/{}", paths::SCHEMAS, urn::USER)).await?;
    let Some(mut schema) = own.as_ref().and_then(UserSchema::read) else { return Ok(None) };
    for (extension, _) in extensions.iter().filter(|(_, required)| **required == Some(true)) {
        if let Some(extension) = documents.read(&format!("{}/{extension}", paths::SCHEMAS)).await? {
            schema.extend(&extension, extensions);
        }
    }
    Ok(Some(schema))
}

/// Lists the actions a server knows: the canonical values of the only attribute of their schema.
fn actions(schema: &Value) -> BTreeSet<Action> {
    let attributes = get(schema, "attributes").and_then(Value::as_array);
    let named = attributes.into_iter().flatten().find(|a| text(a, "name").is_some_and(|name| name.eq_ignore_ascii_case("actions")));
    let values = named.and_then(|a| get(a, "canonicalValues")).and_then(Value::as_array);
    let words = values.into_iter().flatten().filter_map(Value::as_str);
    words.filter_map(|word| Action::ALL.into_iter().find(|action| action.as_str() == word)).collect()
}

/// The discovery documents of a server, which may keep some of them from this token.
struct Documents<'c, T> {
    client: &'c Client<T>,
    /// Says whether the server shows users to this token; `None` until that is asked.
    shows_users: Option<bool>,
    /// With which status the server keeps its schemas from this token.
    kept_back: Option<u16>,
}

impl<'c, T: Transport> Documents<'c, T> {
    const fn new(client: &'c Client<T>) -> Self {
        Self { client, shows_users: None, kept_back: None }
    }

    /// Fetches a document; `None` if there is none, or it cannot be read.
    async fn read(&mut self, path: &str) -> Result<Option<Value>, DirectoryError> {
        let answer = self.client.get(&self.client.below(path)).await;
        let status = answer.as_ref().map_or_else(DirectoryError::status, |answer| Some(answer.status.as_u16()));
        if path.starts_with(paths::SCHEMAS) {
            self.kept_back = self.kept_back.or(status.filter(|status| matches!(status, 401 | 403)));
        }
        match answer {
            Ok(answer) if answer.status.is_success() => Ok(answer.json().ok()),
            // A document that is put off is not missing: the rest would be read on a wrong footing.
            Err(error) if error.is_later() => Err(error),
            // A feature that a broken document does not mention is unknown, not absent.
            Ok(_) | Err(DirectoryError::Busy { .. } | DirectoryError::Protocol { .. }) => Ok(None),
            // A document that is kept from a token says nothing about the users.
            Err(DirectoryError::Auth { .. }) if self.shows_users().await => Ok(None),
            Err(
                error @ (DirectoryError::Unreachable { .. }
                | DirectoryError::Stale(_)
                | DirectoryError::Taken
                | DirectoryError::Refused { .. }
                | DirectoryError::Auth { .. }
                | DirectoryError::Dropped { .. }),
            ) => Err(error),
        }
    }

    /// Returns the status of a resource type; `None` if it has no list, or keeps it from this token.
    async fn probe(&mut self, path: &str) -> Result<Option<StatusCode>, DirectoryError> {
        match self.client.get(&self.client.below(&format!("{path}?count=1"))).await {
            // A page of HTML with status 200 is not a resource type.
            Ok(answer) => Ok(answer.json().ok().map(|_| answer.status)),
            // A type that the server fails at, or keeps from this token, may be one that it does not have.
            Err(error) if error.status() == Some(401) && self.shows_users().await => Ok(None),
            Err(error) if error.status().is_some_and(|status| status >= 500 && status != 503) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn shows_users(&mut self) -> bool {
        if self.shows_users.is_none() {
            let users = self.client.get(&self.client.below(joined!(user::ENDPOINT, "?startIndex=1&count=1"))).await;
            self.shows_users = Some(users.is_ok_and(|answer| answer.status.is_success()));
        }
        self.shows_users == Some(true)
    }
}

/// Reads each feature separately, so that one broken part does not switch off the others.
fn features(config: &Value, found: &mut Discovery) {
    let supported = |name: &str| get(config, name).and_then(|f| get(f, "supported")).and_then(truth);
    if let Some(patch) = supported("patch") {
        found.capabilities.patch = patch;
        found.put_only = !patch;
    } else {
        found.capabilities.patch = true;
        found.warnings.push(ServerWarning::PatchUnknown);
    }
    found.capabilities.etag = supported("etag").unwrap_or(false);
    found.paging.cursor = get(config, "pagination").and_then(|p| get(p, "cursor")).and_then(truth).unwrap_or(false);
    let given = get(config, "filter").and_then(|f| get(f, "maxResults")).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
    found.paging.size = given.filter(|n| *n > 0).map_or(PAGE, |n| n.min(PAGE));
}

/// Lists the resource types of a list response or a bare array.
fn listed(document: &Value) -> Option<&Vec<Value>> {
    document.as_array().or_else(|| get(document, "Resources")?.as_array())
}

/// Reads which extensions users have, and whether each of them must have it.
fn extensions_of_users(types: &[Value]) -> Extensions {
    let users = types.iter().filter(|t| text(t, "schema").is_some_and(|s| s.eq_ignore_ascii_case(urn::USER)));
    let extensions = users.filter_map(|t| get(t, "schemaExtensions").and_then(Value::as_array)).flatten();
    let read = |e: &Value| Some((text(e, "schema")?.to_ascii_lowercase(), get(e, "required").and_then(truth)));
    extensions.filter_map(read).collect()
}

fn resource_types(types: &[Value], extensions: &Extensions, capabilities: &mut Capabilities) {
    let has = |schema: &str| types.iter().any(|t| text(t, "schema").is_some_and(|s| s.eq_ignore_ascii_case(schema)));
    capabilities.clinics = has(urn::CLINIC);
    capabilities.roles = has(urn::ROLE);
    capabilities.employees = has(urn::EMPLOYEE);
    capabilities.practice_extension = extensions.contains_key(&urn::PRACTICE.to_ascii_lowercase());
}
