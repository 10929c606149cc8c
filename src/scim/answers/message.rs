//! Queries and answers: `ListResponse` and `SearchRequest` (RFC 7644 sections 3.4.2 and 3.4.3).

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::scim::urn;
use crate::scim::value::{kind, member};
use crate::scim::{ScimError, own};

/// Writes the answer to a query, resource by resource, without keeping the resources as values.
#[derive(Clone, Debug, Default)]
pub struct ListWriter {
    /// The resources as JSON, separated by commas.
    resources: Vec<u8>,
    count: usize,
}

impl ListWriter {
    /// Adds a resource.
    ///
    /// # Errors
    /// Fails if the resource cannot be written as JSON. The writer must not be used afterward.
    pub fn push(&mut self, resource: &impl Serialize) -> Result<(), serde_json::Error> {
        if self.count > 0 {
            self.resources.push(b',');
        }
        self.count += 1;
        serde_json::to_writer(&mut self.resources, resource)
    }

    /// Returns the number of resources.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.count
    }

    /// Returns whether there are no resources.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Returns the answer as JSON: the page that starts at `start` (1-based) of `total` results.
    #[must_use]
    pub fn finish(self, total: usize, start: usize) -> Vec<u8> {
        let Self { mut resources, count } = self;
        let schema = urn::LIST_RESPONSE;
        let head = format!(r#"{{"schemas":["{schema}"],"totalResults":{total},"startIndex":{start},"itemsPerPage":{count},"Resources":["#);
        resources.splice(0..0, head.into_bytes());
        resources.extend_from_slice(b"]}");
        resources
    }
}

/// The answer to a query, as a client reads it from any server.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListAnswer {
    /// The resources of this page.
    pub resources: Vec<Value>,
    /// The total number of resources, if the server says.
    pub total: Option<usize>,
    /// The 1-based index of the first resource, if the server says.
    pub start: Option<usize>,
    /// The cursor of the next page, if the server pages by cursor and this is not the last page.
    pub next_cursor: Option<String>,
}

/// Reads an answer leniently: names in any case, counts as numbers or texts, and no `Resources` if there are none.
///
/// # Errors
/// Returns `invalidSyntax` if the answer is not an object, or has neither resources nor a total.
pub fn read_list(body: &Value) -> Result<ListAnswer, ScimError> {
    let Value::Object(members) = body else {
        return Err(ScimError::syntax(own!("the server answered {} instead of a list", kind(body))));
    };
    let total = number(members, "totalResults");
    let resources = match member(members, "Resources") {
        Some(Value::Array(resources)) => resources.clone(),
        None | Some(Value::Null) if total.is_some() => Vec::new(),
        _ => return Err(ScimError::syntax("the server's answer is not a list: `Resources` is missing")),
    };
    let next_cursor = member(members, "nextCursor").and_then(Value::as_str).filter(|c| !c.is_empty()).map(str::to_owned);
    Ok(ListAnswer { resources, total, start: number(members, "startIndex"), next_cursor })
}

fn number(members: &Map<String, Value>, name: &str) -> Option<usize> {
    let value = member(members, name)?;
    match value.as_str() {
        Some(text) => text.trim().parse().ok(),
        None => usize::try_from(value.as_u64()?).ok(),
    }
}

/// A query by POST. Each part is as it would be in a query string.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchRequest {
    /// The attributes to return.
    pub attributes: Vec<String>,
    /// The attributes to leave out.
    pub excluded_attributes: Vec<String>,
    /// The filter.
    pub filter: Option<String>,
    /// The attribute to sort by.
    pub sort_by: Option<String>,
    /// The direction of sorting.
    pub sort_order: Option<String>,
    /// The 1-based index of the first result.
    pub start_index: Option<String>,
    /// The most results in the page.
    pub count: Option<String>,
}

impl SearchRequest {
    /// Reads the body of `POST /.search`.
    ///
    /// # Errors
    /// Returns `invalidSyntax` if the body is not a `SearchRequest`, and `invalidValue` if a part has the wrong type.
    pub fn read(body: &Value) -> Result<Self, ScimError> {
        let Value::Object(members) = body else {
            return Err(ScimError::syntax(own!("a search must be a JSON object, not {}", kind(body))));
        };
        let is_search = |id: &Value| id.as_str().is_some_and(|id| id.eq_ignore_ascii_case(urn::SEARCH_REQUEST));
        if !member(members, "schemas").and_then(Value::as_array).is_some_and(|ids| ids.iter().any(is_search)) {
            return Err(ScimError::syntax(own!("`schemas` must list `{}`", urn::SEARCH_REQUEST)));
        }
        let text = |name: &str| match member(members, name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(other) => Err(ScimError::value(own!("`{name}` must be a text, not {}", kind(other)))),
        };
        let whole = |name: &str| match member(members, name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Number(number)) => Ok(Some(number.to_string())),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(other) => Err(ScimError::value(own!("`{name}` must be a number, not {}", kind(other)))),
        };
        let names = |name: &str| match member(members, name) {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::String(text)) => Ok(vec![text.clone()]),
            Some(Value::Array(items)) => items
                .iter()
                .map(|item| item.as_str().map(str::to_owned).ok_or_else(|| ScimError::value(own!("`{name}` must be a list of texts"))))
                .collect(),
            Some(other) => Err(ScimError::value(own!("`{name}` must be an array, not {}", kind(other)))),
        };
        Ok(Self {
            attributes: names("attributes")?,
            excluded_attributes: names("excludedAttributes")?,
            filter: text("filter")?,
            sort_by: text("sortBy")?,
            sort_order: text("sortOrder")?,
            start_index: whole("startIndex")?,
            count: whole("count")?,
        })
    }

    /// Returns the request body.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut out = Map::new();
        out.insert("schemas".to_owned(), json!([urn::SEARCH_REQUEST]));
        let mut put = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                out.insert(name.to_owned(), value);
            }
        };
        let list = |names: &[String]| (!names.is_empty()).then(|| json!(names));
        let number = |text: &Option<String>| text.as_ref().and_then(|t| t.parse::<i64>().ok()).map(|n| json!(n));
        put("attributes", list(&self.attributes));
        put("excludedAttributes", list(&self.excluded_attributes));
        put("filter", self.filter.as_ref().map(|f| json!(f)));
        put("sortBy", self.sort_by.as_ref().map(|s| json!(s)));
        put("sortOrder", self.sort_order.as_ref().map(|s| json!(s)));
        put("startIndex", number(&self.start_index));
        put("count", number(&self.count));
        Value::Object(out)
    }
}
