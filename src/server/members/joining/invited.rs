//! The invitation behind the path of a page.

use futures::FutureExt;

use super::page::Confirmed;
use crate::members::{DeadLink, Login, accept};
use crate::model::{Field, InvitationState, State};
use crate::server::failure::Failure;
use crate::server::members::links;
use crate::server::members::visit::Visit;
use crate::store::members::logins;
use crate::store::{AccountRow, Conn, accounts, invitations};
use crate::workspace::{numbers, state_at};

/// An open invitation and whom it is for.
#[derive(Clone)]
pub(super) struct Invited {
    pub(super) account: AccountRow,
    /// The state of the account once the invitation is accepted.
    pub(super) accepted: State,
    /// First name, last name and title of the invitation.
    pub(super) names: Confirmed,
    /// The person's login, where one exists already for every workspace of the platform (AR-3).
    pub(super) login: Option<Login>,
    /// The number that the code goes to: that of the login, never the invited one where there is a login.
    pub(super) cell: Option<String>,
    /// Says whether the invitation itself has all that somebody new to the platform needs. Where it lacks something, only somebody with a login can
    /// go on, so the user log says nothing of their tries before they have accepted (AR-4).
    pub(super) is_complete: bool,
}

/// The result of looking up the token of the path.
pub(super) enum FoundInvitation {
    Open(Box<Invited>),
    Other(links::Found),
}

/// Looks at the invitation of the path; nothing is written.
pub(super) async fn find(visit: &Visit) -> Result<FoundInvitation, Failure> {
    let inside = visit.clone();
    visit.read(move |conn| async move { look(conn, &inside).await }.boxed()).await
}

pub(super) async fn look(conn: &mut Conn, visit: &Visit) -> Result<FoundInvitation, Failure> {
    let (workspace, now) = (&visit.workspace, visit.now());
    let name = &workspace.name;
    let dead = |why, since| Ok(FoundInvitation::Other(links::Found::Dead(why, since)));
    let Some(link) = invitations::find_by_token(conn, name, &links::hash(&visit.token)).await? else {
        return Ok(FoundInvitation::Other(links::Found::Unknown));
    };
    if link.superseded {
        return dead(DeadLink::Replaced, link.over_at);
    }
    match state_at(&link.sent, now) {
        InvitationState::Open => {}
        InvitationState::Expired => return dead(DeadLink::Expired, Some(link.sent.expires_at)),
        InvitationState::Killed => return dead(DeadLink::Withdrawn, link.over_at),
        InvitationState::Accepted => return dead(DeadLink::Used, link.over_at),
    }
    let Some(account) = accounts::find(conn, name, &link.account).await? else { return dead(DeadLink::Withdrawn, None) };
    let Ok(accepted) = accept(&account.state, now) else { return dead(DeadLink::Withdrawn, None) };
    let fields = account.particulars.fields();
    let text = |field| fields.text(field).unwrap_or_default().to_owned();
    let names = Confirmed { first: text(Field::FirstName), last: text(Field::LastName), title: text(Field::Title) };
    let shared = workspace.catalog().shares_logins();
    let login = if shared { logins::of_person(conn, &workspace.catalog().platform, &account.user_name).await? } else { None };
    let invited = numbers(fields).next();
    let is_complete = invited.is_some() && !names.first.is_empty() && !names.last.is_empty();
    let cell = match &login {
        Some(login) => login.cell.clone(),
        None => invited,
    };
    Ok(FoundInvitation::Open(Box::new(Invited { account, accepted, names, login, cell, is_complete })))
}
