//! A search over every resource type (RFC 7644 section 3.4.3).

use axum::response::Response;
use futures::FutureExt;
use serde_json::Value;

use crate::scim::message::{ListWriter, SearchRequest};
use crate::scim::project::Projection;
use crate::scim::{Filter, PageRequest, ResourceType, ScimError, Sort};
use crate::server::answer;
use crate::server::call::Call;
use crate::server::failure::Failure;
use crate::server::scim::query::{asks_sources, projection};
use crate::server::scim::records;
use crate::server::scim::supporting;
use crate::server::scim::users;
use crate::server::scim::users::view::Viewer;
use crate::server::scim::wire_names;
use crate::server::workspace::Workspace;
use crate::store::ResourceKind;

/// `POST /.search`: over every resource type.
pub(in crate::server) async fn search_everything(call: Call) -> Response {
    let id = call.note.request_id.clone();
    match everything(call).await {
        Ok(body) => answer::text(200, body),
        Err(why) => answer::failure(&why, &id),
    }
}

/// The attribute that all types are sorted by: a type without the attribute has no value there.
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

async fn everything(mut call: Call) -> Result<Vec<u8>, Failure> {
    let request = call.search_request().await?;
    let (server, caller, base) = (call.server, call.caller, call.note.base);
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
                let page = PageRequest::read(request.start_index.as_deref(), request.count.as_deref(), server.settings.limits)?;
                let shown: Vec<Projection> = types.iter().map(|of| projection(&request, of)).collect::<Result<_, _>>()?;
                let mut found: Vec<(Value, &ResourceType, &Projection)> = Vec::new();
                for (of, shown) in types.iter().zip(&shown) {
                    let all = match wire_names::kind(&of.name).ok_or(Failure::Damaged)? {
                        ResourceKind::User => {
                            let around = supporting::records(conn, workspace).await?;
                            let viewer = Viewer::new(workspace, &around, &base, now).with_sources(asks_sources(&request));
                            users::read::all(conn, workspace, viewer).await?
                        }
                        ResourceKind::Supporting(kind) => records::endpoints::all(conn, workspace, kind, &base).await?,
                    };
                    let matches = all.into_iter().filter(|one| filter.as_ref().is_none_or(|f| f.matches(one, of)));
                    found.extend(matches.map(|one| (one, of, shown)));
                }
                if let Some(sort) = &sort {
                    found.sort_by(|(a, of_a, _), (b, of_b, _)| sort.compare((a, of_a), (b, of_b)));
                }
                let mut list = ListWriter::default();
                for (one, of, shown) in page.slice(&found) {
                    list.push(&shown.apply(one, of))?;
                }
                Ok(list.finish(found.len(), page.start))
            }
            .boxed()
        })
        .await
}
