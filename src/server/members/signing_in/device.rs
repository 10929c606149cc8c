//! Devices on which the password was typed: a passcode opens the app there (AR-11), and wrong passwords that others type do not count.

use futures::FutureExt;

use crate::members::{DEVICE_LIVES, Guarded, SessionKind};
use crate::model::{OwnSecret, Secret};
use crate::server::failure::Failure;
use crate::server::hashing::{FormPlace, sha256};
use crate::server::ids;
use crate::server::members::signing_in::tries;
use crate::server::members::visit::Visit;
use crate::store::members::devices::{self, DeviceRow, NewDevice};
use crate::store::{Conn, accounts};
use crate::workspace::may_sign_in;

/// The device that asks, if the password of some account was typed on it before.
pub(in crate::server::members) async fn known_device(conn: &mut Conn, visit: &Visit) -> Result<Option<DeviceRow>, Failure> {
    match &visit.known {
        Some(hash) => {
            let found = devices::find(conn, &visit.workspace.name, visit.kind, hash).await?;
            Ok(found.filter(|device| visit.now().saturating_sub(device.password_at) < DEVICE_LIVES))
        }
        None => Ok(None),
    }
}

/// A place among the forms that are being answered, for a caller without a session; `None` if there is none. Where strangers have taken all
/// (N1), a device on which the password was typed before has another, as long as its account may sign in (E3).
pub(in crate::server::members) async fn place(visit: &Visit) -> Result<Option<FormPlace>, Failure> {
    if let Some(place) = visit.server.hashing.place() {
        return Ok(Some(place));
    }
    // A stranger is sent away without a look into the database.
    if visit.known.is_none() {
        return Ok(None);
    }
    let inside = visit.clone();
    let device = visit.read(move |conn| async move { member_device(conn, &inside).await }.boxed()).await?;
    Ok(device.and_then(|device| visit.server.hashing.spare_place(&device.id)))
}

/// As [`known_device`], if its account may sign in now.
async fn member_device(conn: &mut Conn, visit: &Visit) -> Result<Option<DeviceRow>, Failure> {
    let Some(device) = known_device(conn, visit).await? else { return Ok(None) };
    let account = accounts::find(conn, &visit.workspace.name, &device.account).await?;
    Ok(account.filter(|account| may_sign_in(&account.state)).map(|_| device))
}

/// Remembers that the password of an account was typed on the device that asks. Returns the device's id where the app runs on it, and its
/// secret if it was not known before.
pub(in crate::server::members) async fn know(
    conn: &mut Conn,
    visit: &Visit,
    account: &str,
) -> Result<(Option<String>, Option<Secret>), Failure> {
    let (name, now) = (visit.workspace.name.as_str(), visit.now());
    let (id, secret) = if let Some(device) = known_device(conn, visit).await?.filter(|device| device.account == account) {
        devices::typed_again(conn, name, &device.id, now).await?;
        // Nobody types a passcode in a browser.
        if visit.kind.is_of_app() {
            tries::forget(conn, &visit.workspace, Guarded::Passcode, &device.id).await?;
        }
        (device.id, None)
    } else {
        let (secret, id) = (ids::random_token(OwnSecret::Device), ids::new_id(now));
        let hash = sha256(&[secret.expose().as_bytes()]);
        let new = NewDevice { hash, id: id.clone(), account: account.to_owned(), kind: visit.kind, name: visit.device.clone() };
        devices::insert(conn, name, &new, now).await?;
        (id, Some(secret))
    };
    let id = match visit.kind {
        SessionKind::Ios => Some(id),
        SessionKind::Web => None,
    };
    Ok((id, secret))
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;
    use crate::server::members::frame::form::Form;
    use crate::server::request::RequestHead;
    use crate::server::workspace::Workspace;
    use crate::server::{Door, HashingCost, Settings, app};
    use crate::store::{Store, WorkspaceRow};

    // N1: what a stranger costs while every place is taken.
    #[tokio::test]
    async fn a_caller_without_a_device_is_sent_away_without_a_look_into_the_database() {
        let server = app(Store::memory().await.unwrap(), Settings { hashing: HashingCost::Least, ..Settings::default() }, Door::Tokens);
        let (mut parts, ()) = Request::new(()).into_parts();
        let row = WorkspaceRow {
            name: "glow".to_owned(),
            platform: "aesthetic-record".to_owned(),
            time_zone: "America/Phoenix".to_owned(),
            initial_password_allowed: false,
        };
        let mut visit = Visit {
            note: RequestHead::read(&mut parts, &server, "glow").await,
            workspace: Workspace::from_row(&row).unwrap(),
            kind: SessionKind::Web,
            origin: None,
            is_at_this_machine: false,
            device: None,
            known: None,
            trust: None,
            token: String::new(),
            form: Form::default(),
            session: None,
            server,
        };
        let held: Vec<_> = std::iter::from_fn(|| visit.server.hashing.place()).collect();
        // What reads does not answer at once.
        assert!(matches!(place(&visit).now_or_never(), Some(Ok(None))));
        visit.known = Some(sha256(&[b"rdev_unknown"]));
        assert!(place(&visit).now_or_never().is_none());
        assert!(place(&visit).await.unwrap().is_none(), "it is not known");
        drop(held);
        assert!(place(&visit).await.unwrap().is_some());
    }
}
