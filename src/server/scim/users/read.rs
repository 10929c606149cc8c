//! Reading users: one, a page, a search.

use std::sync::Arc;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures::{FutureExt, TryStreamExt};
use serde_json::Value;

use crate::scim::message::{ListWriter, SearchRequest};
use crate::scim::schema::record_names::user;
use crate::scim::{PageRequest, filter, urn};
use crate::server::App;
use crate::server::answer;
use crate::server::call::Call;
use crate::server::failure::Failure;
use crate::server::scim::query::Query;
use crate::server::scim::supporting;
use crate::server::scim::users;
use crate::server::scim::users::view::Viewer;
use crate::server::workspace::Workspace;
use crate::server::write;
use crate::store::{AccountRow, Conn, ROWS_AHEAD, accounts};

/// Rows read at once while looking through all of them.
const STRIDE: i64 = 1000;

/// `GET /Users`.
pub(in crate::server) async fn list(call: Call) -> Response {
    let request = call.url_request();
    listed(call, request).await
}

/// `POST /Users/.search`.
pub(in crate::server) async fn search(mut call: Call) -> Response {
    let request = call.search_request().await;
    listed(call, request).await
}

async fn listed(call: Call, request: Result<SearchRequest, Failure>) -> Response {
    let id = call.note.request_id.clone();
    let body = async move {
        let query = Query::read(&request?, call.caller.workspace.wire.users(), call.server.settings.limits)?;
        find(call, query).await
    };
    match body.await {
        Ok(body) => answer::text(200, body),
        Err(why) => answer::failure(&why, &id),
    }
}

/// The answer to a query, as JSON.
async fn find(call: Call, query: Query) -> Result<Vec<u8>, Failure> {
    let (caller, base, now) = (call.caller, call.note.base, call.server.store.now());
    call.server
        .store
        .read(move |conn| {
            async move {
                let workspace: &Workspace = &caller.workspace;
                let around = supporting::records(conn, workspace).await?;
                let viewer = Viewer::new(workspace, &around, &base, now).with_sources(query.asks_sources);
                RunningQuery { conn, workspace, viewer }.answer(&query).await
            }
            .boxed()
        })
        .await
}

/// A query that is being answered.
struct RunningQuery<'a> {
    conn: &'a mut Conn,
    workspace: &'a Workspace,
    viewer: Viewer<'a>,
}

impl RunningQuery<'_> {
    async fn answer(mut self, query: &Query) -> Result<Vec<u8>, Failure> {
        let of = self.workspace.wire.users();
        if query.filter.is_none() && query.sort.is_none() {
            return self.plain_page(query).await;
        }
        let hinted = match query.filter.as_ref() {
            Some(f) => self.hinted(f).await?,
            None => None,
        };
        if let Some(rows) = hinted {
            return query.answer(self.values(&rows)?, of);
        }
        if query.sort.is_some() {
            return query.answer(self.all().await?, of);
        }
        self.filtered(query).await
    }

    /// Accounts that a filter of one address or id can mean at most.
    async fn hinted(&mut self, wanted: &filter::Filter) -> Result<Option<Vec<AccountRow>>, Failure> {
        let name = &self.workspace.name;
        if let Some(login) = filter::eq_on(wanted, "userName") {
            let login = users::input::login(self.workspace, login).unwrap_or_default();
            return Ok(Some(accounts::find_by_user_name(self.conn, name, &login).await?.into_iter().collect()));
        }
        if let Some(id) = filter::eq_on(wanted, "id") {
            return Ok(Some(accounts::find(self.conn, name, id).await?.into_iter().collect()));
        }
        Ok(None)
    }

    /// A page in the order of ids: only its own rows are read.
    async fn plain_page(mut self, query: &Query) -> Result<Vec<u8>, Failure> {
        let name = &self.workspace.name;
        let total = usize::try_from(accounts::count(self.conn, name).await?).unwrap_or(0);
        let PageRequest { start, count, .. } = query.page;
        let first = match (i64::try_from(query.page.offset()), count) {
            (_, 0) | (Err(_), _) => None,
            (Ok(0), _) => Some(String::new()),
            (Ok(offset), _) => accounts::id_at(self.conn, name, offset).await?,
        };
        let (mut list, of) = (ListWriter::default(), self.workspace.wire.users());
        let mut next = first;
        while let Some(from) = next.take() {
            // No more than are read ahead, so that neither side waits for the other row by row.
            let stride = ROWS_AHEAD.min(count - list.len());
            let mut rows = accounts::each(self.conn, name, &from, i64::try_from(stride).unwrap_or(i64::MAX));
            let (before, mut last) = (list.len(), None);
            while let Some(row) = rows.try_next().await? {
                if query.projection.is_default() {
                    list.push(&self.viewer.user(&row)?)?;
                } else {
                    list.push(&query.projection.apply(&self.viewer.value(&row)?, of))?;
                }
                last = Some(row.id);
            }
            if list.len() - before == stride && list.len() < count {
                next = last.as_deref().map(accounts::after);
            }
        }
        Ok(list.finish(total, start))
    }

    /// A page of what a filter lets through: nothing but that page is kept.
    async fn filtered(mut self, query: &Query) -> Result<Vec<u8>, Failure> {
        let of = self.workspace.wire.users();
        let (mut from, mut total, mut list) = (String::new(), 0_usize, ListWriter::default());
        loop {
            let rows = accounts::page(self.conn, &self.workspace.name, &from, STRIDE).await?;
            for row in &rows {
                let user = self.viewer.value(row)?;
                if query.filter.as_ref().is_none_or(|f| f.matches(&user, of)) {
                    if total >= query.page.offset() && list.len() < query.page.count {
                        list.push(&query.projection.apply(&user, of))?;
                    }
                    total += 1;
                }
            }
            match rows.last() {
                Some(last) if rows.len() >= usize::try_from(STRIDE).unwrap_or(usize::MAX) => from = accounts::after(&last.id),
                Some(_) | None => return Ok(list.finish(total, query.page.start)),
            }
        }
    }

    /// Every user.
    async fn all(&mut self) -> Result<Vec<Value>, Failure> {
        let mut users = Vec::new();
        let mut from = String::new();
        loop {
            let rows = accounts::page(self.conn, &self.workspace.name, &from, STRIDE).await?;
            users.extend(self.values(&rows)?);
            match rows.last() {
                Some(last) => from = accounts::after(&last.id),
                None => return Ok(users),
            }
        }
    }

    fn values(&mut self, rows: &[AccountRow]) -> Result<Vec<Value>, Failure> {
        rows.iter().map(|row| self.viewer.value(row)).collect()
    }
}

/// Every user.
pub(in crate::server) async fn all(conn: &mut Conn, workspace: &Workspace, viewer: Viewer<'_>) -> Result<Vec<Value>, Failure> {
    RunningQuery { conn, workspace, viewer }.all().await
}

/// `GET /Users/{id}`.
pub(in crate::server) async fn one(call: Call) -> Response {
    let id = call.id();
    with_id(call, id).await
}

/// `GET /Me` (RFC 7644 section 3.11): the caller's own account. A user of plain SCIM has no attribute that says who the main admin is, so a
/// link does (RFC 8288).
pub(in crate::server) async fn me(call: Call) -> Response {
    let (id, request_id) = (call.caller.account.id.clone(), call.note.request_id.clone());
    let (server, workspace, base) = (Arc::clone(&call.server), Arc::clone(&call.caller.workspace), call.note.base.clone());
    let link = match main_admins_link(&server, workspace, &base).await {
        Ok(link) => link,
        Err(why) => return answer::failure(&why, &request_id),
    };
    let mut response = with_id(call, id).await;
    answer::put(&mut response, header::LINK, link.as_deref());
    response
}

/// The link to the main admin of a workspace of plain SCIM, if it has one.
async fn main_admins_link(server: &App, workspace: Arc<Workspace>, base: &str) -> Result<Option<String>, Failure> {
    if !workspace.is_plain() {
        return Ok(None);
    }
    let found = server.store.read(move |conn| async move { accounts::main_admin(conn, &workspace.name).await }.boxed()).await?;
    Ok(found.map(|account| format!("<{base}{}/{}>; rel=\"{}\"", user::ENDPOINT, account.id, urn::MAIN_ADMIN)))
}

async fn with_id(call: Call, id: String) -> Response {
    let (request_id, if_none_match) = (call.note.request_id.clone(), call.note.if_none_match.clone());
    match read_one(call, id).await {
        Ok((user, etag)) => conditional(&user, &etag, if_none_match.as_deref()),
        Err(why) => answer::failure(&why, &request_id),
    }
}

/// The resource, or 304 where the client has this version (RFC 7644 section 3.14).
pub(in crate::server) fn conditional(resource: &Value, etag: &str, if_none_match: Option<&str>) -> Response {
    let mut response = if if_none_match.is_some_and(|tags| write::names(tags, etag)) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        answer::json(200, resource)
    };
    answer::put(&mut response, header::ETAG, Some(etag));
    let location = resource.get("meta").and_then(|m| m.get("location")).and_then(Value::as_str);
    answer::put(&mut response, header::CONTENT_LOCATION, location);
    response
}

async fn read_one(call: Call, id: String) -> Result<(Value, String), Failure> {
    let request = call.url_request()?;
    let query = Query::read(&request, call.caller.workspace.wire.users(), call.server.settings.limits)?;
    let (caller, base, now) = (call.caller, call.note.base, call.server.store.now());
    call.server
        .store
        .read(move |conn| {
            async move {
                let workspace: &Workspace = &caller.workspace;
                let row = accounts::find(conn, &workspace.name, &id).await?.ok_or_else(|| Failure::not_found("user", &id))?;
                let around = supporting::records(conn, workspace).await?;
                let user = Viewer::new(workspace, &around, &base, now).with_sources(query.asks_sources).value(&row)?;
                Ok((query.projection.apply(&user, workspace.wire.users()), answer::etag(row.version)))
            }
            .boxed()
        })
        .await
}
