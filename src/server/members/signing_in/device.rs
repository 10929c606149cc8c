//! Devices on which the password was typed: a passcode opens the app there (AR-11), and wrong passwords that others type do not count.

use futures::FutureExt;
use tokio::sync::OwnedSemaphorePermit;

use crate::members::{DEVICE_LIVES, Guarded, SessionKind};
use crate::model::Secret;
use crate::server::failure::Failure;
use crate::server::hashing::sha256;
use crate::server::ids;
use crate::server::members::signing_in::tries;
use crate::server::members::visit::Visit;
use crate::store::Conn;
use crate::store::members::devices::{self, DeviceRow, NewDevice};

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
/// (N1), a device on which the password was typed before has others (E3).
pub(in crate::server::members) async fn place(visit: &Visit) -> Result<Option<OwnedSemaphorePermit>, Failure> {
    if let Some(place) = visit.server.hashing.place() {
        return Ok(Some(place));
    }
    let inside = visit.clone();
    let device = visit.read(move |conn| async move { known_device(conn, &inside).await }.boxed()).await?;
    Ok(device.and_then(|_| visit.server.hashing.spare_place()))
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
        tries::forget(conn, &visit.workspace, Guarded::Passcode, &device.id).await?;
        (device.id, None)
    } else {
        let (secret, id) = (ids::random_token("rdev_"), ids::new_id(now));
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
