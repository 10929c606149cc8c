//! Signing in with address and password, and with the code of the second factor.

pub(super) mod app;
pub(super) mod code;
pub(super) mod device;
mod door;
pub(super) mod entering;
pub(super) mod gate;
pub(super) mod leaving;
pub(in crate::server) mod open_sessions;
mod other_person;
pub(super) mod second_factor;
pub(super) mod tries;

use axum::http::StatusCode;
use axum::response::Response;
use entering::Entered;
use futures::FutureExt;

use super::answer;
use super::view::{FieldKind, FieldView, FormView, Page};
use super::visit::{MemberLogRow, Visit};
use super::words;
use crate::members::{Guarded, LONGEST_PASSWORD, Login, LoginEvent, PasswordOpens, SessionStage, enter, needs_second_factor, normal};
use crate::model::Email;
use crate::server::failure::Failure;
use crate::server::hashing::sha256;
use crate::server::members::frame::page_name::PageName;
use crate::store::members::{logins, second_factors};
use crate::store::{AccountRow, accounts};

/// The pages that somebody can be sent back to after signing in.
const NEXT: [PageName; 4] = [PageName::Sessions, PageName::Profile, PageName::Password, PageName::SecondFactor];

/// The page to go on with, if it is one of those.
fn known_next(typed: &str) -> Option<PageName> {
    NEXT.into_iter().find(|known| known.word() == typed)
}

/// The path of the page to go on with: the first page, if it is none of those.
fn path_of_next(visit: &Visit, next: Option<PageName>) -> String {
    visit.path(next.unwrap_or(PageName::Home))
}

/// `GET /sign-in`.
pub(super) fn ask(visit: &Visit) -> Response {
    answer::page(StatusCode::OK, &page(visit, "", known_next(visit.form.text("next")), ""))
}

/// Returns what somebody without a session gets in place of a page that needs one.
pub(super) fn needed(visit: &Visit, is_post: bool) -> Response {
    if is_post {
        let mut page = page(visit, "", None, "");
        "Your session has ended, and nothing was done. Sign in, and do it again.".clone_into(&mut page.notice);
        return answer::page(StatusCode::UNAUTHORIZED, &page);
    }
    let asked = visit.note.path.rsplit('/').next().unwrap_or_default();
    answer::go(&with_next(visit, PageName::SignIn, known_next(asked)))
}

/// The path of a page, with the page to go on with.
fn with_next(visit: &Visit, page: PageName, next: Option<PageName>) -> String {
    let query = next.map(|next| format!("?next={}", next.word())).unwrap_or_default();
    visit.path(page) + &query
}

/// The page to go on with, as a hidden field.
fn hidden_next(next: Option<PageName>) -> Vec<(String, String)> {
    next.map(|next| ("next".to_owned(), next.word().to_owned())).into_iter().collect()
}

fn page(visit: &Visit, address: &str, next: Option<PageName>, fault: &str) -> Page {
    let email = FieldView {
        name: "email",
        label: "E-mail address".to_owned(),
        kind: FieldKind::Email,
        autocomplete: "username",
        value: address.to_owned(),
        fault: fault.to_owned(),
        ..FieldView::default()
    };
    let password = FieldView {
        name: "password",
        label: "Password".to_owned(),
        kind: FieldKind::Password,
        autocomplete: "current-password",
        ..FieldView::default()
    };
    let form = FormView {
        action: visit.path(PageName::SignIn),
        fields: vec![email, password],
        hidden: hidden_next(next),
        button: "Sign in".to_owned(),
    };
    let notice = if visit.needs_https() { words::NEEDS_HTTPS.to_owned() } else { String::new() };
    Page { form: Some(form), notice, links: vec![("Forgot password".to_owned(), visit.path(PageName::AskReset))], ..visit.page("Sign in") }
}

/// `POST /sign-in`.
pub(super) async fn sign_in(visit: Visit) -> Response {
    let address = visit.form.text("email").to_owned();
    let next = known_next(visit.form.text("next"));
    match attempt(&visit, &address, visit.form.typed("password")).await {
        Ok(SignIn::In(entered)) => {
            let path = match entered.stage {
                SessionStage::GiveCode => with_next(&visit, PageName::SignInCode, next),
                // The gate knows what somebody must do first.
                SessionStage::Whole | SessionStage::ChoosePassword | SessionStage::SetUpFactor => path_of_next(&visit, next),
            };
            entering::entered(&visit, &entered, &path)
        }
        Ok(SignIn::NotRight) => answer::page(StatusCode::UNPROCESSABLE_ENTITY, &page(&visit, &address, next, &words::not_right())),
        Ok(SignIn::Blocked) => {
            let mut page = visit.page("You are blocked here");
            page.lead.push(format!("Your account in {} is blocked. Ask an administrator of the practice.", visit.workspace.name));
            answer::page(StatusCode::FORBIDDEN, &page)
        }
        Ok(SignIn::Inactive) => {
            let mut page = visit.page("Your account is inactive");
            page.lead.push(format!("Your account in {} is inactive. Ask an administrator of the practice.", visit.workspace.name));
            answer::page(StatusCode::FORBIDDEN, &page)
        }
        Err(why) => visit.failed(&why),
    }
}

/// The outcome of an attempt to sign in.
pub(in crate::server::members) enum SignIn {
    In(Entered),
    /// An unknown address, a wrong password, or too many of them.
    NotRight,
    Blocked,
    Inactive,
}

/// The person whom an attempt is about, where the address has an account.
#[derive(Clone)]
struct KnownAccount {
    account: AccountRow,
    login: Login,
}

pub(in crate::server::members) async fn attempt(visit: &Visit, address: &str, typed: &str) -> Result<SignIn, Failure> {
    let address = Email::parse(address).map_or_else(|_| address.to_lowercase(), |email| email.as_str().to_owned());
    let (mut known, counted) = match reserve(visit, &address, None).await? {
        Ok(reserved) => reserved,
        Err(account) => {
            tries::too_many(visit, account.as_deref(), LoginEvent::SignedIn, NOT_COMPARED);
            return Ok(SignIn::NotRight);
        }
    };
    if typed.is_empty() || typed.len() > LONGEST_PASSWORD {
        return Ok(SignIn::NotRight);
    }
    let hashing = &visit.server.hashing;
    for _ in 0..MOST_COMPARED {
        let hash = known.as_ref().and_then(|known| known.login.password_hash.clone());
        let right = hashing.verify(normal(typed), hash.clone()).await?;
        let fresh = match hash {
            Some(hash) if right && hashing.is_outdated(&hash) => Some(hashing.hash(normal(typed)).await?),
            Some(_) | None => None,
        };
        let compared = ComparedPassword { right, fresh, is_short: needs_second_factor(typed) };
        match finish(visit, known, counted.clone(), compared).await? {
            Ok(done) => return Ok(done),
            Err(changed) => known = Some(changed),
        }
    }
    Ok(SignIn::NotRight)
}

/// A password is compared again if its hash was replaced in the meantime: by another sign-in, or with the password.
const MOST_COMPARED: usize = 2;

/// The result of comparing a password.
struct ComparedPassword {
    right: bool,
    /// A hash with the parameters of today, if the stored one has others.
    fresh: Option<String>,
    /// It is too short to open the login by itself.
    is_short: bool,
}

/// The words of the user log about a try that was not compared.
const NOT_COMPARED: &str = "a password was not compared: there were too many wrong ones for this account or from this network address";

/// The marks that a try of a password is counted under.
type CountedUnder = Vec<(Guarded, String)>;

/// The account whose password is tried, where the address has one, and the marks that the try is counted under.
type Reserved = (Option<KnownAccount>, CountedUnder);

/// Counts the attempt before anything is compared, so that simultaneous ones are counted, too (E1). Where there were too many, returns the
/// account that they are about, if the address has one. On a device where the password of this account was typed before, tries are counted for
/// themselves: others cannot lock its owner out (E3). `of` is the login whose password it is, if it need not be that of the account.
async fn reserve(visit: &Visit, address: &str, of: Option<&Login>) -> Result<Result<Reserved, Option<Box<AccountRow>>>, Failure> {
    let (inside, address, now, of) = (visit.clone(), address.to_owned(), visit.now(), of.cloned());
    visit
        .write(move |writing| {
            async move {
                let (conn, name) = (&mut writing.conn, inside.workspace.name.as_str());
                let account = accounts::find_by_user_name(conn, name, &address).await?;
                let device = device::known_device(conn, &inside).await?;
                // It is asked for in any case, so that the time does not tell whether there is an account (E8).
                let login = logins::of_account(conn, name, account.as_ref().map_or("", |account| &account.id)).await?;
                let is_own = of.as_ref().is_none_or(|of| login.as_ref().is_some_and(|login| login.id == of.id));
                let own = device.filter(|device| is_own && account.as_ref().is_some_and(|account| account.id == device.account));
                let who = guess_mark(&inside, &address, of.as_ref().or(login.as_ref()));
                let counted = match own {
                    Some(device) => vec![(Guarded::PasswordOnDevice, device.id)],
                    None => vec![(Guarded::Password, who), (Guarded::Origin, inside.origin.clone().unwrap_or_default())],
                };
                if !tries::reserve(conn, &inside.workspace, &counted, now).await? {
                    return Ok(Err(account.map(Box::new)));
                }
                Ok(Ok((account.zip(login).map(|(account, login)| KnownAccount { account, login }), counted)))
            }
            .boxed()
        })
        .await
}

/// Returns whether the present password of a member who is signed in was typed.
pub(super) async fn is_right(visit: &Visit, account: &AccountRow, typed: &str) -> Result<bool, Failure> {
    let (name, id) = (visit.workspace.name.clone(), account.id.clone());
    let login = visit.read(move |conn| async move { Ok(logins::of_account(conn, &name, &id).await?) }.boxed()).await?;
    match login {
        Some(login) => is_password_of(visit, account, &login, typed).await,
        None => Ok(false),
    }
}

/// Returns whether the password of a login was typed; counted like a sign-in (E5), and a wrong one is in the user log.
pub(super) async fn is_password_of(visit: &Visit, account: &AccountRow, login: &Login, typed: &str) -> Result<bool, Failure> {
    let detail = Some("a wrong password".to_owned());
    let wrong = MemberLogRow { denied: true, detail, ..MemberLogRow::new(LoginEvent::CheckedPassword) };
    match compare(visit, account, login, typed, Some(wrong)).await? {
        PasswordComparison::Right => Ok(true),
        PasswordComparison::Wrong => Ok(false),
        PasswordComparison::NotCompared => {
            tries::too_many(visit, Some(account), LoginEvent::CheckedPassword, NOT_COMPARED);
            Ok(false)
        }
    }
}

/// The result of comparing what was typed with the password of a login.
pub(super) enum PasswordComparison {
    Right,
    Wrong,
    /// There were too many wrong ones.
    NotCompared,
}

/// Compares a typed password with that of a login, counted like a sign-in (E5); `wrong` is the row of the user
/// log for a wrong one, if there is to be one.
pub(super) async fn compare(
    visit: &Visit,
    account: &AccountRow,
    login: &Login,
    typed: &str,
    wrong: Option<MemberLogRow>,
) -> Result<PasswordComparison, Failure> {
    let Ok((_, counted)) = reserve(visit, &account.user_name, Some(login)).await? else { return Ok(PasswordComparison::NotCompared) };
    if typed.is_empty() || typed.len() > LONGEST_PASSWORD {
        return Ok(PasswordComparison::Wrong);
    }
    let right = visit.server.hashing.verify(normal(typed), login.password_hash.clone()).await?;
    let (inside, account) = (visit.clone(), account.clone());
    visit
        .write(move |writing| {
            async move {
                let conn = &mut writing.conn;
                if right {
                    tries::was_right(conn, &inside.workspace, &counted).await?;
                    return Ok(PasswordComparison::Right);
                }
                if let Some(wrong) = wrong {
                    inside.log(conn, &account, wrong).await?;
                }
                tries::warn_holder(conn, &inside, &account, &counted).await?;
                Ok(PasswordComparison::Wrong)
            }
            .boxed()
        })
        .await
}

/// Returns what wrong passwords of an address are counted under; it tells nothing without the store's key. The login of one account has a count of
/// its own: a practice that knows its password must not be able to clear the count of the person who has the same address elsewhere.
pub(super) fn guess_mark(visit: &Visit, address: &str, login: Option<&Login>) -> String {
    let of_one_account = login.filter(|login| !login.is_persons()).map(|login| login.id.as_bytes());
    let mark = of_one_account.map_or_else(|| sha256(&[b"sign-in", address.as_bytes()]), |id| sha256(&[b"sign-in of one account", id]));
    visit.server.store.seal(&mark)
}

/// Ends an attempt: the account may have been blocked, and the password changed, while the hash was computed.
/// Returns the account with its new password if that was changed.
async fn finish(
    visit: &Visit,
    known: Option<KnownAccount>,
    counted: CountedUnder,
    compared: ComparedPassword,
) -> Result<Result<SignIn, KnownAccount>, Failure> {
    let (inside, now) = (visit.clone(), visit.now());
    visit
        .write(move |writing| {
            async move {
                let (conn, name) = (&mut writing.conn, inside.workspace.name.as_str());
                let Some(KnownAccount { account, login }) = known else {
                    tries::store_again(conn, &inside.workspace, &counted).await?;
                    return Ok(Ok(SignIn::NotRight));
                };
                let Some(account) = accounts::find(conn, name, &account.id).await? else { return Ok(Ok(SignIn::NotRight)) };
                let present = logins::of_account(conn, name, &account.id).await?.filter(|_| compared.right);
                let Some(present) = present else {
                    let row = MemberLogRow {
                        denied: true,
                        detail: Some("a wrong password".to_owned()),
                        ..MemberLogRow::new(LoginEvent::SignedIn)
                    };
                    inside.log(conn, &account, row).await?;
                    tries::warn_holder(conn, &inside, &account, &counted).await?;
                    return Ok(Ok(SignIn::NotRight));
                };
                if present.password_hash != login.password_hash {
                    return Ok(Err(KnownAccount { account, login: present }));
                }
                if present.first_is_over(account.created, inside.server.settings.invitation_lives, now) {
                    let detail = Some("the first password is over: the member asks for a new one by mail".to_owned());
                    inside.log(conn, &account, MemberLogRow { denied: true, detail, ..MemberLogRow::new(LoginEvent::SignedIn) }).await?;
                    return Ok(Ok(SignIn::NotRight));
                }
                tries::was_right(conn, &inside.workspace, &counted).await?;
                // What others typed elsewhere does not keep the owner from the next device.
                tries::forget(conn, &inside.workspace, Guarded::Password, &guess_mark(&inside, &account.user_name, Some(&present))).await?;
                if let (Some(seen), Some(fresh)) = (&login.password_hash, &compared.fresh) {
                    logins::rehash(conn, &login.id, seen, fresh).await?;
                }
                let is_trusted = second_factor::is_trusted(conn, &inside, &account.id).await?;
                let may = entering::stage_of(conn, &inside, (&account, &present), is_trusted).await?;
                // The second factor that the password was chosen beside is gone (H5).
                let is_too_short = may.is_whole() && compared.is_short && second_factors::find(conn, &present.id).await?.is_none();
                let stage = if is_too_short { SessionStage::ChoosePassword } else { may };
                let denied =
                    |why: &str| MemberLogRow { denied: true, detail: Some(why.to_owned()), ..MemberLogRow::new(LoginEvent::SignedIn) };
                match enter(&account.state, stage) {
                    PasswordOpens::Blocked => {
                        inside.log(conn, &account, denied("the account is blocked")).await?;
                        Ok(Ok(SignIn::Blocked))
                    }
                    PasswordOpens::Inactive => {
                        inside.log(conn, &account, denied("the account is inactive")).await?;
                        Ok(Ok(SignIn::Inactive))
                    }
                    PasswordOpens::Session(stage) => {
                        let entered = entering::with_password(conn, &inside, &account.id, stage).await?;
                        if stage.is_signed_in() {
                            accounts::signed_in(conn, name, &account.id, now).await?;
                            let detail = is_trusted.then(|| "in a trusted browser".to_owned());
                            inside.log(conn, &account, MemberLogRow { detail, ..MemberLogRow::new(LoginEvent::SignedIn) }).await?;
                        }
                        Ok(Ok(SignIn::In(entered)))
                    }
                }
            }
            .boxed()
        })
        .await
}
