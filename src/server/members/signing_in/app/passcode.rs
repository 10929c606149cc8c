//! Opening the app again with the passcode (AR-11): only on a device where the password was typed, and not for longer than a day.

use axum::response::Response;
use futures::FutureExt;

use super::answers::{self, AppRefusal};
use crate::members::{Guarded, LoginEvent, SessionStage, passcode_opens_until, read_code};
use crate::model::Secret;
use crate::server::failure::Failure;
use crate::server::members::signing_in::entering::{self, Entered, Opening};
use crate::server::members::signing_in::{device, tries};
use crate::server::members::visit::{MemberLogRow, Visit};
use crate::store::members::devices::DeviceRow;
use crate::store::{AccountRow, Conn, accounts};
use crate::workspace::may_sign_in;

/// `POST /api/v1/app/passcode`. Every refusal is the same: nobody has typed the password.
pub(super) async fn open(visit: Visit) -> Response {
    match attempt(&visit).await {
        Ok(Some(entered)) => answers::entered(&entered),
        Ok(None) => answers::refused(AppRefusal::NotThePasscode),
        Err(why) => answers::failed(&visit, &why),
    }
}

async fn attempt(visit: &Visit) -> Result<Option<Entered>, Failure> {
    let hash = match reserve(visit).await? {
        Ok(hash) => hash,
        Err(account) => {
            let detail = "a passcode was not compared: the device asks for the password";
            tries::too_many(visit, account.as_deref(), LoginEvent::SignedIn, detail);
            return Ok(None);
        }
    };
    let right = visit.server.hashing.verify(Secret::new(read_code(visit.form.text("passcode"))), hash.clone()).await?;
    let inside = visit.clone();
    visit.write(move |writing| async move { finish(&mut writing.conn, &inside, hash.as_deref(), right).await }.boxed()).await
}

/// The device that asks, while the password that was typed on it counts.
async fn usable_device(conn: &mut Conn, visit: &Visit) -> Result<Option<DeviceRow>, Failure> {
    let found = device::known_device(conn, visit).await?;
    Ok(found.filter(|device| visit.now() < passcode_opens_until(device.password_at)))
}

/// Counts the try before anything is compared, on this device alone: somebody without the device uses up none of its tries. Returns the hash
/// of the passcode; where nothing is compared, the account of the device, if that is known.
async fn reserve(visit: &Visit) -> Result<Result<Option<String>, Option<Box<AccountRow>>>, Failure> {
    let inside = visit.clone();
    visit
        .write(move |writing| {
            async move {
                let (conn, name) = (&mut writing.conn, inside.workspace.name.as_str());
                let Some(device) = usable_device(conn, &inside).await? else { return Ok(Err(None)) };
                if !tries::reserve(conn, &inside.workspace, &[(Guarded::Passcode, device.id)], inside.now()).await? {
                    return Ok(Err(accounts::find(conn, name, &device.account).await?.map(Box::new)));
                }
                Ok(Ok(accounts::passcode_hash(conn, name, &device.account).await?))
            }
            .boxed()
        })
        .await
}

/// Opens the session: account, device or passcode may have changed while the hash was computed.
async fn finish(conn: &mut Conn, visit: &Visit, hash: Option<&str>, right: bool) -> Result<Option<Entered>, Failure> {
    let (name, now) = (visit.workspace.name.as_str(), visit.now());
    let Some(device) = usable_device(conn, visit).await? else { return Ok(None) };
    let Some(account) = accounts::find(conn, name, &device.account).await? else { return Ok(None) };
    let denied = |why: &str| MemberLogRow { denied: true, detail: Some(why.to_owned()), ..MemberLogRow::new(LoginEvent::SignedIn) };
    if !right || accounts::passcode_hash(conn, name, &account.id).await?.as_deref() != hash {
        visit.log(conn, &account, denied("a wrong passcode")).await?;
        return Ok(None);
    }
    tries::was_right(conn, &visit.workspace, &[(Guarded::Passcode, &device.id)]).await?;
    if !may_sign_in(&account.state) {
        visit.log(conn, &account, denied("the account is blocked or inactive")).await?;
        return Ok(None);
    }
    let ends = passcode_opens_until(device.password_at);
    let opening = Opening { ends, device_id: Some(device.id), by_link: false, sign_in: None };
    let session = entering::open_until(conn, visit, &account.id, SessionStage::Whole, opening).await?;
    accounts::signed_in(conn, name, &account.id, now).await?;
    visit
        .log(conn, &account, MemberLogRow { detail: Some("with the passcode".to_owned()), ..MemberLogRow::new(LoginEvent::SignedIn) })
        .await?;
    Ok(Some(Entered { session, stage: SessionStage::Whole, ends, device: None }))
}
