//! Authentication: the server identifies the caller before it reads anything else of a request (D3).

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use futures::FutureExt;

use crate::model::LogVia;
use crate::scim::ScimError;
use crate::server::App;
use crate::server::Door;
use crate::server::InProcessCaller;
use crate::server::ServerState;
use crate::server::answer;
use crate::server::denial;
use crate::server::denial::Who;
use crate::server::failure::Failure;
use crate::server::hashing::sha256;
use crate::server::metrics::{CallerResult, RefusalKind};
use crate::server::origin::{Origin, ToKnownCaller};
use crate::server::own_words;
use crate::server::request::MOST_BODY;
use crate::server::request::RequestHead;
use crate::server::route;
use crate::server::route::Needs;
use crate::server::scim::refusal;
use crate::server::scim::rights;
use crate::server::scim::supporting;
use crate::server::workspace::Workspace;
use crate::store::{AccountRow, Conn, Writing, accounts, tokens, workspaces};
use crate::workspace::{Calls, Refusal, may_call, may_sign_in};

/// The answer to an unknown caller.
pub(in crate::server) const UNKNOWN: &str = "a valid token for this workspace is required";

/// The challenge sent to a token that is not allowed to write.
const LACKS_RIGHT: &str = "Bearer realm=\"rosterctl\", error=\"insufficient_scope\"";

/// The caller of a request.
#[derive(Clone)]
pub(in crate::server) struct Caller {
    pub(in crate::server) workspace: Arc<Workspace>,
    pub(in crate::server) account: Arc<AccountRow>,
    /// Says whether the token may write.
    pub(in crate::server) writes: bool,
    /// The hash of the token they showed; `None` in process.
    token: Option<String>,
    /// The way by which they came in.
    pub(in crate::server) via: LogVia,
    /// The address they called from.
    pub(in crate::server) origin: Option<String>,
    /// Their effective privileges; computed for callers with a token and for requests that write.
    pub(in crate::server) effective: Arc<BTreeSet<String>>,
    /// The key of their role; read where `effective` is.
    pub(in crate::server) role: Option<Arc<str>>,
}

impl Caller {
    /// As the user log names them.
    pub(in crate::server) fn who(&self) -> Who<'_> {
        Who { workspace: &self.workspace.name, actor: &self.account.user_name, via: &self.via, origin: self.origin.as_deref() }
    }
}

/// Says 401 where the caller is not known, 403 where they may not do it, and lets the rest through.
pub(in crate::server) async fn gate(State(server): State<App>, request: Request, next: Next) -> Response {
    let name = route::workspace(request.uri()).to_owned();
    let from = request.extensions().get::<Origin>().map(|origin| origin.0.to_string());
    let origin = from.or_else(|| server.door.origin());
    let now = server.store.now();
    let reading = *request.method() == Method::GET;
    let (mut parts, body) = request.into_parts();
    let note = RequestHead::read(&mut parts, &server, &name).await;
    let writing = needs(&note, &parts.method).is_writing();
    let mut response = match authenticate(&server, &name, &parts.headers, origin.clone(), writing).await {
        Err(why) => answer::failure(&why, "-"),
        Ok(Recognized::Nobody) => {
            server.settings.metrics.called(CallerResult::Unknown);
            answer::error(&ScimError::new(401, UNKNOWN))
        }
        // The caller learns no more than a stranger does; the workspace's own log names them.
        Ok(Recognized::Ended(token)) => {
            server.settings.metrics.called(CallerResult::Ended);
            let who = Who { workspace: &name, actor: &token.actor, via: &token.via, origin: origin.as_deref() };
            ended(&server, who, &note, token.why).await
        }
        Ok(Recognized::Known(caller)) => {
            server.settings.metrics.called(CallerResult::Known);
            let mut response = if let Err(why) = permit(&caller, writing) {
                // Read and thrown away, so that the connection can be used again.
                let _ = to_bytes(body, MOST_BODY).await;
                unentitled(&refusal::words(caller.workspace.catalog(), &why))
            } else {
                let mut request = Request::from_parts(parts, body);
                request.extensions_mut().insert(caller.clone());
                request.extensions_mut().insert(note.clone());
                next.run(request).await
            };
            response.extensions_mut().insert(ToKnownCaller);
            logged(&server, &caller, &note, writing, response).await
        }
    };
    // The body of an unknown caller is not read, so the connection cannot be used again.
    if !reading && response.status() == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    if let Some(date) = answer::http_date(now) {
        response.headers_mut().insert(header::DATE, date);
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Writes a refusal of a known caller to the user log, unless that was done where it was refused.
async fn logged(server: &App, caller: &Caller, note: &RequestHead, writing: bool, response: Response) -> Response {
    let Some(why) = answer::refusal(&response).filter(|why| denial::is_logged(why.status, note, writing)) else { return response };
    if matches!(why.status, 401 | 403) {
        server.settings.metrics.refused(RefusalKind::Denied);
    }
    let kept = own_words::kept(why);
    let mark = denial::mark(caller.who(), note, why.status, &kept);
    match denial::record(server, caller.who(), note, kept.into_owned(), mark).await {
        Ok(()) => response,
        Err(failure) => answer::failure(&failure, &note.request_id),
    }
}

/// Refuses somebody whose access has ended. All refusals of one dead token are equal, so that nobody fills the log with them.
async fn ended(server: &App, who: Who<'_>, note: &RequestHead, why: &str) -> Response {
    let mark = sha256(&[who.actor, who.via.as_str(), why].map(str::as_bytes));
    match denial::record(server, who, note, why.to_owned(), mark).await {
        Ok(()) => answer::error(&ScimError::new(401, UNKNOWN)),
        Err(failure) => answer::failure(&failure, &note.request_id),
    }
}

/// Refuses a caller whose token is not worth enough, in words that tell it from a rule about one account (RFC 6750 section 3.1).
pub(in crate::server) fn unentitled(why: &ScimError) -> Response {
    let mut refused = answer::error(why);
    if refused.status() == StatusCode::FORBIDDEN {
        answer::put(&mut refused, header::WWW_AUTHENTICATE, Some(LACKS_RIGHT));
    }
    refused
}

/// The access that a request needs: its route says so; without a route, the method decides.
fn needs(note: &RequestHead, method: &Method) -> Needs {
    match note.route {
        Some(route) => route.needs,
        None if matches!(*method, Method::POST | Method::PUT | Method::PATCH | Method::DELETE) => Needs::Write,
        None => Needs::Read,
    }
}

/// Checks whether a known caller may do it.
fn permit(caller: &Caller, writes: bool) -> Result<(), Refusal> {
    let calls = Calls { writes, may_write: caller.writes, by_token: caller.token.is_some() };
    may_call(caller.workspace.catalog(), &caller.effective, calls)
}

/// The caller, as far as they are known. A token of another workspace is as unknown as one that never was.
async fn authenticate(
    server: &Arc<ServerState>,
    name: &str,
    headers: &HeaderMap,
    origin: Option<String>,
    writing: bool,
) -> Result<Recognized<Caller>, Failure> {
    let token = match &server.door {
        Door::Embedded { workspace, .. } if workspace != name => return Ok(Recognized::Nobody),
        Door::Embedded { .. } => None,
        Door::Tokens => match bearer(headers) {
            Some(token) => Some(sha256(&[token.as_bytes()])),
            None => return Ok(Recognized::Nobody),
        },
    };
    if server.settings.workspaces.as_ref().is_some_and(|served| !served.contains(name)) {
        return Ok(Recognized::Nobody);
    }
    let (name, inside) = (name.to_owned(), Arc::clone(server));
    let now = server.store.now();
    server
        .store
        .read(move |conn| {
            async move {
                let KnownCaller { account, writes, via } = match recognize(conn, &inside, &name, token.as_deref(), now).await? {
                    Recognized::Known(known) => known,
                    Recognized::Ended(ended) => return Ok(Recognized::Ended(ended)),
                    Recognized::Nobody => return Ok(Recognized::Nobody),
                };
                let Some(workspace) = workspace(conn, &inside, &name).await? else { return Ok(Recognized::Nobody) };
                let (effective, role) = if (writing || token.is_some()) && workspace.catalog().manages_users.is_some() {
                    let records = supporting::records(conn, &workspace).await?;
                    rights::of_caller(&workspace, &account, &records)
                } else {
                    (BTreeSet::new(), None)
                };
                let (account, effective, role) = (Arc::new(account), Arc::new(effective), role.map(Arc::from));
                Ok(Recognized::Known(Caller { workspace, account, writes, token, via, origin, effective, role }))
            }
            .boxed()
        })
        .await
}

/// The caller of a write as they are inside its transaction: between gate and write, a token ends and an owner is blocked or demoted
/// (AR-20).
pub(in crate::server) async fn recognize_again(writing: &mut Writing, server: &ServerState, caller: &Caller) -> Result<Caller, Failure> {
    let workspace = Arc::clone(&caller.workspace);
    let asking = recognize(&mut writing.conn, server, &workspace.name, caller.token.as_deref(), server.store.now()).await?;
    let found = match asking {
        Recognized::Known(found) => found,
        Recognized::Ended(_) | Recognized::Nobody => return Err(Failure::denied(401, UNKNOWN)),
    };
    let (effective, role) = if workspace.catalog().manages_users.is_some() {
        let records = supporting::shared_records(writing, &workspace).await?;
        rights::of_caller(&workspace, &found.account, &records)
    } else {
        (BTreeSet::new(), None)
    };
    let (account, effective, role) = (Arc::new(found.account), Arc::new(effective), role.map(Arc::from));
    let present = Caller { account, writes: found.writes, via: found.via, effective, role, ..caller.clone() };
    // The gate had let them pass.
    permit(&present, true).map_err(|why| Failure::denied(409, refusal::lost_meanwhile(&present.workspace, &why)))?;
    Ok(present)
}

/// The result of identifying a caller.
enum Recognized<T> {
    Known(T),
    /// Somebody this workspace knows, whose access has ended.
    Ended(Ended),
    /// Nobody this workspace knows.
    Nobody,
}

/// The person whose access ended, and how.
struct Ended {
    actor: String,
    via: LogVia,
    why: &'static str,
}

/// The account behind a token, or behind a call in process.
struct KnownCaller {
    account: AccountRow,
    writes: bool,
    via: LogVia,
}

/// The account that calls, if its token is valid and it may sign in.
async fn recognize(
    conn: &mut Conn,
    server: &ServerState,
    name: &str,
    token: Option<&str>,
    now: i64,
) -> Result<Recognized<KnownCaller>, Failure> {
    let (account, writes, via) = match token {
        None => match acting(conn, server, name).await? {
            Some(account) => (account, true, LogVia::Embedded),
            None => return Ok(Recognized::Nobody),
        },
        Some(hash) => {
            let Some(token) = tokens::find(conn, hash).await?.filter(|token| token.workspace == name) else {
                return Ok(Recognized::Nobody);
            };
            let via = LogVia::of_token(&token.id);
            let why = match token.revoked {
                Some(_) => Some("the token was revoked"),
                None if token.expires <= now => Some("the token has expired"),
                None => None,
            };
            match (why, accounts::find(conn, name, &token.owner).await?) {
                (None, Some(account)) => (account, token.access.writes(), via),
                (why, _) => {
                    let why = why.unwrap_or("the owner of the token no longer has an account");
                    return Ok(Recognized::Ended(Ended { actor: token.owner_name, via, why }));
                }
            }
        }
    };
    if may_sign_in(&account.state) {
        return Ok(Recognized::Known(KnownCaller { account, writes, via }));
    }
    Ok(Recognized::Ended(Ended { actor: account.user_name, via, why: "its account is pending, inactive or blocked" }))
}

async fn acting(conn: &mut Conn, server: &ServerState, name: &str) -> Result<Option<AccountRow>, Failure> {
    let login = match &server.door {
        Door::Embedded { acting: InProcessCaller::Login(login), .. } => login,
        Door::Embedded { acting: InProcessCaller::MainAdmin(otherwise), .. } => match accounts::main_admin(conn, name).await? {
            Some(account) => return Ok(Some(account)),
            None => otherwise,
        },
        Door::Tokens => return Ok(None),
    };
    Ok(accounts::find_by_user_name(conn, name, login.as_str()).await?)
}

/// The workspace, if it was read before: the values that the server keeps never change.
pub(in crate::server) fn known_workspace(server: &ServerState, name: &str) -> Option<Arc<Workspace>> {
    server.workspaces.read().ok()?.get(name).cloned()
}

/// The workspace, read once.
pub(in crate::server) async fn workspace(conn: &mut Conn, server: &ServerState, name: &str) -> Result<Option<Arc<Workspace>>, Failure> {
    if let Some(known) = known_workspace(server, name) {
        return Ok(Some(known));
    }
    let Some(found) = workspaces::find(conn, name).await?.and_then(|row| Workspace::from_row(&row)) else { return Ok(None) };
    if let Ok(mut all) = server.workspaces.write() {
        all.insert(name.to_owned(), Arc::clone(&found));
    }
    Ok(Some(found))
}

/// The bearer token of the header (RFC 6750 section 2.1).
pub(in crate::server) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let text = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = text.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() && token.len() <= 512).then_some(token)
}
