//! Queries (RFC 7644 section 3.4.2): the same from a URL and from the body of a `.search`.

use serde_json::Value;

use crate::scim::message::{ListWriter, SearchRequest};
use crate::scim::paths::SEARCH;
use crate::scim::project::Projection;
use crate::scim::schema::PageLimits;
use crate::scim::schema::record_names::user;
use crate::scim::{Filter, PageRequest, ResourceType, ScimError, ScimType, Sort, urn};
use crate::server::failure::Failure;

/// The longest query string, in bytes (J4).
const LONGEST_QUERY: usize = 4096;

/// A query for one resource type.
pub(in crate::server) struct Query {
    pub(in crate::server) filter: Option<Filter>,
    pub(in crate::server) sort: Option<Sort>,
    pub(in crate::server) page: PageRequest,
    pub(in crate::server) projection: Projection,
    /// Says whether the origins of privileges are asked for, which few answers have.
    pub(in crate::server) asks_sources: bool,
}

impl Query {
    /// Checks a request against a resource type.
    pub(in crate::server) fn read(request: &SearchRequest, of: &ResourceType, limits: PageLimits) -> Result<Self, ScimError> {
        Ok(Self {
            filter: request.filter.as_deref().map(|text| Filter::read(text, of)).transpose()?,
            sort: Sort::read(request.sort_by.as_deref(), request.sort_order.as_deref(), of)?,
            page: PageRequest::read(request.start_index.as_deref(), request.count.as_deref(), limits)?,
            projection: projection(request, of)?,
            asks_sources: asks_sources(request),
        })
    }

    /// The page of these resources, which are all there are, as JSON.
    pub(in crate::server) fn answer(&self, mut all: Vec<Value>, of: &ResourceType) -> Result<Vec<u8>, Failure> {
        if let Some(filter) = &self.filter {
            all.retain(|resource| filter.matches(resource, of));
        }
        if let Some(sort) = &self.sort {
            sort.sort(&mut all, of);
        }
        let mut list = ListWriter::default();
        for resource in self.page.slice(&all) {
            list.push(&self.projection.apply(resource, of))?;
        }
        Ok(list.finish(all.len(), self.page.start))
    }
}

/// The attributes of a resource of this type that the answer contains.
pub(in crate::server) fn projection(request: &SearchRequest, of: &ResourceType) -> Result<Projection, ScimError> {
    let attributes: Vec<&str> = request.attributes.iter().map(String::as_str).collect();
    let excluded: Vec<&str> = request.excluded_attributes.iter().map(String::as_str).collect();
    Projection::read(&attributes, &excluded, of)
}

/// The query of a URL.
pub(in crate::server) fn of_url(query: &str) -> Result<SearchRequest, ScimError> {
    if query.len() > LONGEST_QUERY {
        return Err(ScimError::with_type(
            ScimType::InvalidValue,
            format!("the query is longer than {LONGEST_QUERY} bytes: use POST {SEARCH}"),
        ));
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

/// Returns whether a request names the origins of privileges, or all attributes of the extension that has them.
pub(in crate::server) fn asks_sources(request: &SearchRequest) -> bool {
    let names = |text: &String| text.to_ascii_lowercase().contains(&user::PRIVILEGE_SOURCES.to_ascii_lowercase());
    let has_all = |entry: &String| entry.split(',').any(|name| name.trim().eq_ignore_ascii_case(urn::PRACTICE));
    request.attributes.iter().any(|entry| names(entry) || has_all(entry)) || request.filter.iter().chain(&request.sort_by).any(names)
}
