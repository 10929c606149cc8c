//! The way in for the main admin: a one-time link, made on the server's machine.

use axum::http::StatusCode;
use axum::response::Response;
use futures::FutureExt;

use super::answer;
use super::links::{self, Found};
use super::new_admin::MainAdminAccount;
use super::passwords::{is_still_the_first, known_of, new_password, set_password, user_name};
use super::profile::handover::{self, target};
use super::signing_in::entering::{self, Entered, Opening};
use super::signing_in::second_factor;
use super::view::{FormView, Page};
use super::visit::{MemberLogRow, Visit};
use super::words;
use crate::members::{Login, LoginEvent, SET_UP_LIVES, choose};
use crate::model::{Email, LogAction, LogSubject, OperatorAction, OwnSecret, Secret};
use crate::server::denial::by_operator;
use crate::server::failure::Failure;
use crate::server::hashing::sha256;
use crate::server::ids;
use crate::server::members::frame::page_name::PageName;
use crate::store::members::links as stored_links;
use crate::store::members::links::{LinkKind, LinkPurpose, NewLink};
use crate::store::members::logins;
use crate::store::{AccountRow, NewLogRow, Seed, Store, StoreError, accounts, log};
use crate::workspace::{HandedBy, Handover, NoHandover, hand_over, may_sign_in};

/// The reason why there is no set-up link.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The workspace has no main admin, or it does not exist.
    #[error("the workspace has no main admin")]
    NoMainAdmin,
    /// The main admin may not sign in.
    #[error("the main admin {0} is pending, inactive or blocked")]
    Out(String),
    /// The next main admin has an account that may not sign in.
    #[error("the account of {0} in this workspace is pending, inactive or blocked: have the invitation accepted, or choose somebody else")]
    MayNotSignIn(Email),
    /// The next main admin has neither an account nor an entry from which one can be made.
    #[error(
        "{0} has no account in this workspace: write an entry for them under `users` in the roster, active and with what the account needs, then run this again"
    )]
    NoEntry(Email),
    /// The account of the next main admin cannot be made.
    #[error("the account of {0} cannot be made: {1}")]
    NotMade(Email, String),
}

/// Gives the main admin role to another account, and ends everything that lets the previous main admin in: sessions, links, codes and
/// tokens. The previous main admin gets a mail. If there is no such account yet, `entry` says what it is made of. Returns the address of the
/// previous main admin; `None` if the account had the role already.
///
/// # Errors
/// The workspace has no main admin, the account may not sign in or cannot be made, or the store refuses.
pub async fn move_main_admin(
    store: &Store,
    workspace: &str,
    to: &Email,
    entry: Result<Option<Seed>, String>,
    origin: Option<String>,
) -> Result<Option<String>, SetUpError> {
    let (name, to, inside) = (workspace.to_owned(), to.clone(), store.clone());
    store
        .write(workspace, move |writing| {
            async move {
                let conn = &mut writing.conn;
                let former = accounts::main_admin(conn, &name).await?.ok_or(SetUpError::NoMainAdmin)?;
                let known = accounts::find_by_user_name(conn, &name, to.as_str()).await?;
                let next = if let Some(known) = known {
                    known
                } else {
                    let entry =
                        entry.map_err(|why| SetUpError::NotMade(to.clone(), why))?.ok_or_else(|| SetUpError::NoEntry(to.clone()))?;
                    let making = MainAdminAccount { workspace: &name, now: inside.now(), origin: origin.clone() };
                    making.account(conn, entry).await.map_err(|why| not_made(&to, why))?
                };
                let handover = match hand_over(&target(&former), &target(&next), HandedBy::Operator) {
                    Ok(handover) => handover,
                    Err(NoHandover::AlreadyTheirs) => return Ok(None),
                    Err(NoHandover::MayNotSignIn | NoHandover::OfferIsOver) => return Err(SetUpError::MayNotSignIn(to)),
                };
                let entry = row(Handover::EVENT.action(), &next, origin);
                handover::carry_out(writing, &inside, &name, (&former, &next), handover, entry).await?;
                Ok(Some(former.user_name))
            }
            .boxed()
        })
        .await
}

fn not_made(to: &Email, why: Failure) -> SetUpError {
    match why {
        Failure::Store(why) => SetUpError::Store(why),
        why @ (Failure::Refused(_)
        | Failure::Denied(_)
        | Failure::Unentitled(_)
        | Failure::WrongPhone(_)
        | Failure::TooMany { .. }
        | Failure::Damaged) => SetUpError::NotMade(to.clone(), why.to_error().detail.into()),
    }
}

/// A row of the user log about an account, of what somebody did on the server's machine.
fn row(action: LogAction, account: &AccountRow, origin: Option<String>) -> NewLogRow {
    NewLogRow {
        subject_id: Some(account.id.clone()),
        subject: Some(account.user_name.clone()),
        ..by_operator(action, LogSubject::User, origin)
    }
}

/// Makes a one-time link for the main admin of a workspace; earlier ones die. Returns the path of the link, with its secret, and the
/// address of the main admin. `origin` says who made it, and on which machine.
///
/// # Errors
/// The workspace has no main admin who may sign in, or the store refuses.
pub async fn set_up_link(store: &Store, workspace: &str, origin: Option<String>) -> Result<(Secret, String), SetUpError> {
    let (name, now) = (workspace.to_owned(), store.now());
    store
        .write(workspace, move |writing| {
            async move {
                let conn = &mut writing.conn;
                let admin = accounts::main_admin(conn, &name).await?.ok_or(SetUpError::NoMainAdmin)?;
                if !may_sign_in(&admin.state) {
                    return Err(SetUpError::Out(admin.user_name));
                }
                let token = ids::random_token(OwnSecret::Reset);
                let hash = sha256(&[token.expose().as_bytes()]);
                let link =
                    NewLink { hash, account: admin.id.clone(), purpose: LinkPurpose::SetUp, expires_at: now.saturating_add(SET_UP_LIVES) };
                stored_links::insert(conn, &name, &link, now).await?;
                log::append(conn, &name, &row(LogAction::Operator(OperatorAction::MakeSetUpLink), &admin, origin), now).await?;
                Ok((Secret::new(PageName::SetUp.path_of_link(&name, token.expose())), admin.user_name))
            }
            .boxed()
        })
        .await
}

/// `GET /set-up/{token}`.
pub(super) async fn ask(visit: Visit) -> Response {
    match look(&visit).await {
        Ok(Ok((account, login))) => answer::page(StatusCode::OK, &page(&visit, &account, &login, "")),
        Ok(Err(other)) => links::dead_page(&visit, &other),
        Err(why) => visit.failed(&why),
    }
}

async fn look(visit: &Visit) -> Result<Result<(Box<AccountRow>, Login), Found>, Failure> {
    let account = match links::find(visit, LinkKind::SetUp).await? {
        Found::Open(account) => account,
        other @ (Found::Dead(..) | Found::Unknown) => return Ok(Err(other)),
    };
    let (name, id) = (visit.workspace.name.clone(), account.id.clone());
    let login = visit.read(move |conn| async move { Ok(logins::of_account(conn, &name, &id).await?) }.boxed()).await?;
    Ok(Ok((account, login.ok_or(Failure::Damaged)?)))
}

fn page(visit: &Visit, account: &AccountRow, login: &Login, fault: &str) -> Page {
    let fields = if login.is_set_by_link() { vec![user_name(&account.user_name), new_password(fault)] } else { Vec::new() };
    let form = FormView { action: visit.path(PageName::SetUp), fields, hidden: Vec::new(), button: "Open the workspace".to_owned() };
    let mut page = visit.page(&format!("Set up {}", visit.workspace.name));
    page.lead.push(format!("You are about to sign in as {}.", account.user_name));
    Page { form: Some(form), ..page }
}

/// `POST /set-up/{token}`.
pub(super) async fn enter(visit: Visit) -> Response {
    visit.answered(entered(&visit).await)
}

async fn entered(visit: &Visit) -> Result<Response, Failure> {
    let (account, login) = match look(visit).await? {
        Ok(found) => found,
        Err(other) => return Ok(links::dead_page(visit, &other)),
    };
    let hash = if login.is_set_by_link() {
        let again = |fault: &str| Ok(answer::page(StatusCode::UNPROCESSABLE_ENTITY, &page(visit, &account, &login, fault)));
        match choose(visit.form.typed("new-password"), &known_of(visit, &account), false) {
            Ok(password) if is_still_the_first(visit, &account, &password).await? => return again(words::STILL_THE_FIRST),
            Ok(password) => Some(visit.server.hashing.hash(password).await?),
            Err(why) => return again(&words::password(why)),
        }
    } else {
        None
    };
    let inside = visit.clone();
    let opened = visit
        .write(move |writing| {
            async move {
                let (conn, now) = (&mut writing.conn, inside.now());
                let account = match links::take(conn, &inside, LinkKind::SetUp).await? {
                    Found::Open(account) => account,
                    other @ (Found::Dead(..) | Found::Unknown) => return Ok(Err(other)),
                };
                if let Some(hash) = hash {
                    set_password(conn, &inside, &account, &login, &hash, LoginEvent::ChosePassword).await?;
                }
                // It is the way in where the phone is lost, too. A person's login keeps its second factor, as it keeps its password.
                if !login.is_persons() && second_factor::take_away(conn, &login.id, now).await? {
                    let detail = Some("with a set-up link".to_owned());
                    inside.log(conn, &account, MemberLogRow { detail, ..MemberLogRow::new(LoginEvent::RemovedFactor) }).await?;
                }
                accounts::signed_in(conn, &inside.workspace.name, &account.id, now).await?;
                let detail = Some("with a set-up link".to_owned());
                inside.log(conn, &account, MemberLogRow { detail, ..MemberLogRow::new(LoginEvent::SignedIn) }).await?;
                // No password was typed, so the browser does not become known, and the session stays in this workspace.
                let stage = entering::stage(conn, &inside, &account, true).await?;
                let ends = now.saturating_add(stage.lives(inside.kind));
                let opening = Opening { ends, device_id: None, by_link: true, sign_in: None };
                let session = entering::open_until(conn, &inside, &account.id, stage, opening).await?;
                Ok(Ok(Entered { session, stage, ends, device: None }))
            }
            .boxed()
        })
        .await?;
    Ok(match opened {
        Ok(entered) => entering::entered(visit, &entered, &visit.path(PageName::Home)),
        Err(other) => links::dead_page(visit, &other),
    })
}
