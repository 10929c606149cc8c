//! Queries (RFC 7644 section 3.4.2): the same from a URL and from the body of a `.search`.

use serde_json::Value;

use super::asked::Asked;
use super::failure::Failure;
use super::surroundings;
use super::workspace::Workspace;
use super::{answer, ground, users};
use crate::scim::message::{ListWriter, SearchRequest};
use crate::scim::project::Projection;
use crate::scim::schema::Limits;
use crate::scim::{Filter, Page, ResourceType, ScimError, ScimType, Sort};
use crate::store::Kind;
use axum::response::Response;
use futures::FutureExt;

/// The longest query string, in bytes (J4).
const LONGEST_QUERY: usize = 4096;

/// What a query asks of one resource type.
pub(super) struct Query {
    pub(super) filter: Option<Filter>,
    pub(super) sort: Option<Sort>,
    pub(super) page: Page,
    pub(super) projection: Projection,
}

impl Query {
    /// Checks a request against a resource type.
    pub(super) fn read(request: &SearchRequest, of: &ResourceType, limits: Limits) -> Result<Self, ScimError> {
        Ok(Self {
            filter: request.filter.as_deref().map(|text| Filter::read(text, of)).transpose()?,
            sort: Sort::read(request.sort_by.as_deref(), request.sort_order.as_deref(), of)?,
            page: Page::read(request.start_index.as_deref(), request.count.as_deref(), limits)?,
            projection: projection(request, of)?,
        })
    }

    /// The page of these resources, which are all there are, as JSON.
    pub(super) fn answer(&self, mut all: Vec<Value>, of: &ResourceType) -> Result<Vec<u8>, Failure> {
        if let Some(filter) = &self.filter {
            all.retain(|resource| filter.matches(resource, of));
        }
        if let Some(sort) = &self.sort {
            sort.sort(&mut all, of);
        }
        let mut list = ListWriter::default();
        for resource in self.page.of(&all) {
            list.push(&self.projection.of(resource, of))?;
        }
        Ok(list.finish(all.len(), self.page.start))
    }
}

/// Which attributes of a resource of this type the answer holds.
pub(super) fn projection(request: &SearchRequest, of: &ResourceType) -> Result<Projection, ScimError> {
    let attributes: Vec<&str> = request.attributes.iter().map(String::as_str).collect();
    let excluded: Vec<&str> = request.excluded_attributes.iter().map(String::as_str).collect();
    Projection::read(&attributes, &excluded, of)
}

/// The query of a URL.
pub(super) fn of_url(query: &str) -> Result<SearchRequest, ScimError> {
    if query.len() > LONGEST_QUERY {
        return Err(ScimError::of(ScimType::InvalidValue, format!("the query is longer than {LONGEST_QUERY} bytes: use POST /.search")));
    }
    let mut request = SearchRequest::default();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        let value = value.into_owned();
        match name.to_ascii_lowercase().as_str() {
            "filter" => request.filter = Some(value),
            "sortby" => request.sort_by = Some(value),
            "sortorder" => request.sort_order = Some(value),
            "startindex" => request.start_index = Some(value),
            "count" => request.count = Some(value),
            "attributes" => request.attributes.push(value),
            "excludedattributes" => request.excluded_attributes.push(value),
            _ => {}
        }
    }
    Ok(request)
}

/// `POST /.search`: over every resource type.
pub(super) async fn search_everything(asked: Asked) -> Response {
    let id = asked.note.request_id.clone();
    match everything(asked).await {
        Ok(body) => answer::text(200, body),
        Err(why) => answer::failure(&why, &id),
    }
}

/// What all types are sorted by: where one lacks the attribute, it has no value there.
fn sort_over(request: &SearchRequest, types: &[ResourceType]) -> Result<Option<Sort>, ScimError> {
    let mut refused = None;
    for of in types {
        match Sort::read(request.sort_by.as_deref(), request.sort_order.as_deref(), of) {
            Ok(sort) => return Ok(sort),
            Err(why) => refused = refused.or(Some(why)),
        }
    }
    refused.map_or(Ok(None), Err)
}

async fn everything(mut asked: Asked) -> Result<Vec<u8>, Failure> {
    let request = asked.search_request().await?;
    let (server, caller, base) = (asked.server, asked.caller, asked.note.base);
    let now = server.store.now();
    server
        .clone()
        .store
        .read(move |conn| {
            async move {
                let workspace: &Workspace = &caller.workspace;
                let types = workspace.wire.types();
                let filter = request.filter.as_deref().map(|text| Filter::read_over(text, types)).transpose()?;
                let sort = sort_over(&request, types)?;
                let page = Page::read(request.start_index.as_deref(), request.count.as_deref(), server.settings.limits)?;
                let shown: Vec<Projection> = types.iter().map(|of| projection(&request, of)).collect::<Result<_, _>>()?;
                let mut found: Vec<(Value, &ResourceType, &Projection)> = Vec::new();
                for (of, shown) in types.iter().zip(&shown) {
                    let all = match Kind::parse(&of.name) {
                        None => {
                            let around = surroundings::ground(conn, workspace).await?;
                            users::all(conn, workspace, &around, &base, now).await?
                        }
                        Some(kind) => ground::all(conn, workspace, kind, &base).await?,
                    };
                    let matches = all.into_iter().filter(|one| filter.as_ref().is_none_or(|f| f.matches(one, of)));
                    found.extend(matches.map(|one| (one, of, shown)));
                }
                if let Some(sort) = &sort {
                    found.sort_by(|(a, of_a, _), (b, of_b, _)| sort.compare((a, of_a), (b, of_b)));
                }
                let mut list = ListWriter::default();
                for (one, of, shown) in page.of(&found) {
                    list.push(&shown.of(one, of))?;
                }
                Ok(list.finish(found.len(), page.start))
            }
            .boxed()
        })
        .await
}
