//! The page that says what a member may do, and why.

use axum::http::StatusCode;
use axum::response::Response;
use futures::FutureExt;

use crate::model::Field;
use crate::report::privilege_origin;
use crate::server::failure::Failure;
use crate::server::members::frame::page_name::PageName;
use crate::server::members::visit::Visit;
use crate::server::members::{answer, signing_in, words};
use crate::server::scim::{rights, supporting};
use crate::store::{RecordKind, accounts};

/// `GET /may-do`.
pub(in crate::server::members) async fn show(visit: Visit) -> Response {
    match facts(&visit).await {
        Ok(Some(facts)) => {
            let mut page = visit.page(words::MAY_DO);
            if facts.is_empty() {
                page.lead.push("Your account has no privileges here.".to_owned());
            }
            page.facts = facts;
            page.links.push(("Back".to_owned(), visit.path(PageName::Home)));
            answer::page(StatusCode::OK, &page)
        }
        Ok(None) => signing_in::needed(&visit, false),
        Err(why) => visit.failed(&why),
    }
}

/// Each privilege of the member, by its name, with its origins.
async fn facts(visit: &Visit) -> Result<Option<Vec<(String, String)>>, Failure> {
    let Some(session) = visit.session.clone() else { return Ok(None) };
    let inside = visit.clone();
    visit
        .read(move |conn| {
            async move {
                let (workspace, catalog) = (&inside.workspace, inside.workspace.catalog());
                let Some(account) = accounts::find(conn, &workspace.name, &session.row.account).await? else { return Ok(None) };
                let records = supporting::records(conn, workspace).await?;
                let key = account.particulars.fields().text(Field::Role);
                let named = match key {
                    Some(key) => supporting::name_of(conn, workspace, RecordKind::Role, key).await?,
                    None => None,
                };
                let role = named.as_deref().or(key);
                let found = rights::origins(workspace, &account, &records).into_iter().map(|(privilege, origins)| {
                    let why: Vec<String> = origins.into_iter().map(|origin| privilege_origin(origin, role, catalog)).collect();
                    let name = catalog.privileges.get(&privilege).and_then(|entry| entry.name.clone());
                    (name.unwrap_or(privilege), why.join(" and "))
                });
                Ok(Some(found.collect()))
            }
            .boxed()
        })
        .await
}
