//! Accepting an invitation: with the practice's code word (PBN-4), with names to confirm (CHR-4), or after a code to the cell
//! phone (AR-2, AR-3).
//!
//! Where a code comes first, it comes first for everybody, so neither the page nor its words tell whether a login exists already.

mod accept;
pub(super) mod again;
mod code;
mod invited;
mod page;

use axum::http::StatusCode;
use axum::response::Response;
use futures::FutureExt;

use super::answer;
use super::links;
use super::signing_in::{self, PasswordComparison, entering};
use super::visit::Visit;
use super::words;
use crate::members::choose;
use crate::server::failure::Failure;
use crate::server::members::frame::page_name::PageName;
use accept::Accepting;
use invited::{FoundInvitation, Invited, find};
use page::JoiningFaults;

/// `GET /join/{token}`.
pub(super) async fn ask(visit: Visit) -> Response {
    match find(&visit).await {
        Ok(FoundInvitation::Open(invited)) if asks_code(&visit) => {
            if let Some(missing) = missing(&invited) {
                return answer::page(StatusCode::OK, &page::incomplete(&visit, missing));
            }
            answer::page(StatusCode::OK, &page::send(&visit))
        }
        Ok(FoundInvitation::Open(invited)) => {
            answer::page(StatusCode::OK, &page::whole(&visit, &invited.account.user_name, &invited.names, &JoiningFaults::default()))
        }
        Ok(FoundInvitation::Other(other)) => again::dead_page(&visit, &other),
        Err(why) => visit.failed(&why),
    }
}

/// Returns whether a code to the cell phone comes first.
fn asks_code(visit: &Visit) -> bool {
    visit.workspace.catalog().members.as_ref().is_some_and(|rules| rules.cell_code)
}

/// Says what the invitation lacks for somebody new to the platform (AR-3): only the invited person learns it.
fn missing(invited: &Invited) -> Option<&'static str> {
    let has_name = !invited.names.first.is_empty() && !invited.names.last.is_empty();
    match (&invited.login, &invited.cell) {
        (Some(_) | None, None) => Some("a cell phone number"),
        (None, Some(_)) if !has_name => Some("your first and last name"),
        (Some(_) | None, Some(_)) => None,
    }
}

/// `POST /join/{token}/code`: sends a code to the cell phone.
pub(super) async fn send_code(visit: Visit) -> Response {
    let sent = match find(&visit).await {
        Ok(FoundInvitation::Open(invited)) if asks_code(&visit) => code::send(&visit, &invited).await,
        Ok(FoundInvitation::Open(_)) => return links::dead_page(&visit, &links::Found::Unknown),
        Ok(FoundInvitation::Other(other)) => return again::dead_page(&visit, &other),
        Err(why) => return visit.failed(&why),
    };
    match sent {
        Ok(Ok(())) => answer::page(StatusCode::OK, &page::code(&visit, "")),
        Ok(Err(wait)) => answer::wait(wait, &page::code(&visit, &words::wait(wait.millis))),
        Err(why) => visit.failed(&why),
    }
}

/// `POST /join/{token}`.
pub(super) async fn join(visit: Visit) -> Response {
    visit.answered(joined(&visit).await)
}

async fn joined(visit: &Visit) -> Result<Response, Failure> {
    let invited = match find(visit).await? {
        FoundInvitation::Open(invited) => invited,
        FoundInvitation::Other(other) => return Ok(again::dead_page(visit, &other)),
    };
    if !asks_code(visit) {
        return with_password(visit, &invited).await;
    }
    if visit.form.text("proof").is_empty() {
        return Ok(match code::check(visit, &invited).await? {
            Ok(proof) => {
                answer::page(StatusCode::OK, &page::password(visit, &invited.account.user_name, invited.login.is_some(), &proof, ""))
            }
            Err(why) => answer::page(StatusCode::UNPROCESSABLE_ENTITY, &page::code(visit, words::code(why))),
        });
    }
    if !code::is_proved(visit, &invited).await? {
        return Ok(answer::page(StatusCode::UNPROCESSABLE_ENTITY, &page::code(visit, words::code(crate::members::CodeFault::NoneGood))));
    }
    after_code(visit, &invited).await
}

/// The whole form at once: code word or names, and a new password.
async fn with_password(visit: &Visit, invited: &Invited) -> Result<Response, Failure> {
    let names = page::confirmed(visit, &invited.names);
    let again = |faults: &JoiningFaults| {
        let page = page::whole(visit, &invited.account.user_name, &names, faults);
        Ok(answer::page(StatusCode::UNPROCESSABLE_ENTITY, &page))
    };
    let mut faults = page::name_faults(visit, &names);
    let known = [invited.account.user_name.as_str(), &names.first, &names.last, &visit.workspace.name];
    let password = match choose(visit.form.typed("new-password"), &known, false) {
        Ok(password) => Some(password),
        Err(why) => {
            faults.password = words::password(why);
            None
        }
    };
    let Some(password) = password.filter(|_| faults == JoiningFaults::default()) else { return again(&faults) };
    if let Err(why) = links::check_code_word(visit, &invited.account).await? {
        return again(&JoiningFaults { code_word: why.to_owned(), ..JoiningFaults::default() });
    }
    let hash = visit.server.hashing.hash(password).await?;
    finish(visit, Accepting::NewLogin { hash, cell: None, names }).await
}

/// The password, after the code: the present one of a login that exists, or a new one.
async fn after_code(visit: &Visit, invited: &Invited) -> Result<Response, Failure> {
    let proof = visit.form.text("proof").to_owned();
    let again = |fault: &str| {
        let page = page::password(visit, &invited.account.user_name, invited.login.is_some(), &proof, fault);
        Ok(answer::page(StatusCode::UNPROCESSABLE_ENTITY, &page))
    };
    let Some(cell) = invited.cell.clone() else { return Ok(links::dead_page(visit, &links::Found::Unknown)) };
    if let Some(login) = &invited.login {
        return match signing_in::compare(visit, &invited.account, login, visit.form.typed("password"), None).await? {
            PasswordComparison::Right => finish(visit, Accepting::KnownLogin { login: login.clone() }).await,
            PasswordComparison::Wrong | PasswordComparison::NotCompared => {
                code::log_refused_password(visit, invited).await?;
                again(words::NOT_THE_PASSWORD)
            }
        };
    }
    let known = [invited.account.user_name.as_str(), &invited.names.first, &invited.names.last, &visit.workspace.name];
    let hash = match choose(visit.form.typed("new-password"), &known, false) {
        Ok(password) => visit.server.hashing.hash(password).await?,
        Err(why) => {
            code::log_refused_password(visit, invited).await?;
            return again(&words::password(why));
        }
    };
    finish(visit, Accepting::NewLogin { hash, cell: Some(cell), names: invited.names.clone() }).await
}

async fn finish(visit: &Visit, how: Accepting) -> Result<Response, Failure> {
    let inside = visit.clone();
    let done = visit.write(move |writing| async move { accept::accept(writing, &inside, how).await }.boxed()).await?;
    Ok(match done {
        Ok(entered) => entering::entered(visit, &entered, &visit.path(PageName::Home)),
        Err(other) => again::dead_page(visit, &other),
    })
}
