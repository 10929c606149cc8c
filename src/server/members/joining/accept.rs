//! Stores that an invitation was accepted: account, link, login, session and the row of the user log, in one transaction.

use super::code;
use super::invited::{FoundInvitation, look};
use super::page::Confirmed;
use crate::members::{DeadLink, Joining, Login, LoginEvent};
use crate::model::{Field, Value as FieldValue};
use crate::server::AttributeChanges;
use crate::server::failure::Failure;
use crate::server::ids;
use crate::server::members::links::Found as Link;
use crate::server::members::signing_in::entering::{self, Entered};
use crate::server::members::visit::{MemberLogRow, Visit};
use crate::server::scim::users::rules::{self, Rewritten};
use crate::store::members::logins;
use crate::store::{AccountRow, Conn, Writing, accounts, invitations};

/// With which login an invitation is accepted.
pub(super) enum Accepting {
    /// A new one, with this password.
    NewLogin {
        /// The hash of the password.
        hash: String,
        /// The number that took the code.
        cell: Option<String>,
        /// The names as the member confirmed them.
        names: Confirmed,
    },
    /// The person's own, whose password was right a moment ago.
    KnownLogin {
        /// The login.
        login: Login,
    },
}

/// Accepts the invitation of the path; returns the secret of the session that begins. Of simultaneous attempts one succeeds (G1).
pub(super) async fn accept(writing: &mut Writing, visit: &Visit, how: Accepting) -> Result<Result<Entered, Link>, Failure> {
    let (conn, workspace, now) = (&mut writing.conn, &visit.workspace, visit.now());
    let name = workspace.name.as_str();
    let invited = match look(conn, visit).await? {
        FoundInvitation::Open(invited) => invited,
        FoundInvitation::Other(other) => return Ok(Err(other)),
    };
    let account = &invited.account;
    if !invitations::follow(conn, name, &account.id, &account.state, &invited.accepted, now).await? {
        return Ok(Err(Link::Dead(DeadLink::Used, Some(now))));
    }
    let names = match &how {
        Accepting::NewLogin { names, .. } => names.clone(),
        Accepting::KnownLogin { login } => match login.name() {
            Some((first, last)) => Confirmed { first: first.clone(), last: last.clone(), ..invited.names.clone() },
            None => invited.names.clone(),
        },
    };
    let Rewritten { particulars, changes } = if names == invited.names {
        Rewritten { particulars: account.particulars.clone(), changes: AttributeChanges::default() }
    } else {
        renamed(conn, visit, account, &names).await?
    };
    accounts::accept(conn, name, &account.id, &invited.accepted, &particulars, now).await?;
    match how {
        Accepting::NewLogin { hash, cell, names } => {
            let shared = workspace.catalog().shares_logins();
            let joining = Joining { address: account.user_name.clone(), name: (names.first, names.last), cell, password_hash: hash };
            logins::insert(conn, name, &account.id, &Login::joining(ids::new_id(now), shared, joining)).await?;
        }
        Accepting::KnownLogin { login } => {
            let present = logins::of_person(conn, &workspace.catalog().platform, &account.user_name).await?;
            if present.is_none_or(|present| !present.is_still(&login)) {
                return Err(Failure::Damaged);
            }
            logins::attach(conn, name, &account.id, &login.id).await?;
        }
    }
    code::forget(conn, visit, &account.id).await?;
    visit.log(conn, account, MemberLogRow { changes, ..MemberLogRow::new(LoginEvent::AcceptedInvitation) }).await?;
    writing.forget();
    Ok(Ok(entering::begin(&mut writing.conn, visit, account, false).await?))
}

/// An account with other names.
async fn renamed(conn: &mut Conn, visit: &Visit, account: &AccountRow, confirmed: &Confirmed) -> Result<Rewritten, Failure> {
    let names = [(Field::FirstName, &confirmed.first), (Field::LastName, &confirmed.last), (Field::Title, &confirmed.title)];
    let names: Vec<(Field, FieldValue)> = names.into_iter().map(|(field, text)| (field, FieldValue::Text(text.clone()))).collect();
    rules::rewritten(conn, &visit.workspace, account, &names).await
}
