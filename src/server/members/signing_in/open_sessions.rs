//! The open sessions of an account and the devices on which a passcode opens the app, and how they are ended.

use super::gate;
use crate::members::{SessionKind, is_alive, passcode_opens_until};
use crate::server::failure::Failure;
use crate::server::workspace::Workspace;
use crate::store::Conn;
use crate::store::members::devices::{self, DeviceRow};
use crate::store::members::sessions::{self, SessionRow};

/// The open sessions of an account, and its devices.
pub(in crate::server) struct OpenSessions {
    /// The living sessions, the one used last first.
    pub(in crate::server) sessions: Vec<SessionRow>,
    /// The devices on which a passcode opens the app now.
    pub(in crate::server) devices: Vec<DeviceRow>,
}

/// Lists what is open for an account at a time (epoch milliseconds).
pub(in crate::server) async fn list(conn: &mut Conn, workspace: &Workspace, account: &str, now: i64) -> Result<OpenSessions, Failure> {
    let mut open = sessions::open_of(conn, &workspace.name, account, now).await?;
    // Nobody is signed in yet in a session that waits for the code.
    open.retain(|row| row.stage.is_signed_in() && is_alive(&gate::limits(workspace, row.used, row.ends), now));
    let after = now.saturating_sub(passcode_opens_until(0));
    Ok(OpenSessions { sessions: open, devices: devices::with_app(conn, &workspace.name, account, after).await? })
}

/// Ends a session of an account by its id, and forgets the device that has it: a passcode would open the app again. Returns what was
/// ended.
pub(in crate::server) async fn end(
    conn: &mut Conn,
    workspace: &Workspace,
    account: &str,
    id: &str,
    now: i64,
) -> Result<EndedSessions, Failure> {
    let open = sessions::open_of(conn, &workspace.name, account, now).await?;
    if let Some(device) = open.into_iter().find(|row| row.id == id).and_then(|row| row.device_id) {
        return forget(conn, &workspace.name, account, &device, now).await;
    }
    Ok(EndedSessions { sessions: u64::from(sessions::end(conn, &workspace.name, account, id, now).await?), devices: 0 })
}

/// Forgets a device of an account by its id, and ends its sessions.
pub(in crate::server) async fn forget(
    conn: &mut Conn,
    workspace: &str,
    account: &str,
    id: &str,
    now: i64,
) -> Result<EndedSessions, Failure> {
    let (sessions, was_known) = devices::end(conn, workspace, account, id, now).await?;
    Ok(EndedSessions { sessions, devices: u64::from(was_known) })
}

/// The number of sessions and devices that were ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::server) struct EndedSessions {
    pub(in crate::server) sessions: u64,
    /// Devices that a passcode no longer opens the app on.
    pub(in crate::server) devices: u64,
}

impl EndedSessions {
    /// As the user log says it; `None` if nothing was ended.
    pub(in crate::server) fn detail(self) -> Option<String> {
        match self {
            Self { sessions: 0, devices: 0 } => None,
            Self { sessions, devices: 0 } => Some(format!("{sessions} ended")),
            Self { sessions, devices } => Some(format!("{sessions} ended, devices forgotten: {devices}")),
        }
    }
}

/// Ends the sessions of an account except the one with this id, and forgets the devices that have the app.
pub(in crate::server) async fn end_others(
    conn: &mut Conn,
    workspace: &str,
    account: &str,
    except: Option<&str>,
    now: i64,
) -> Result<EndedSessions, Failure> {
    let devices = devices::end_of(conn, workspace, account, Some(SessionKind::Ios), now).await?;
    Ok(EndedSessions { sessions: sessions::end_of(conn, workspace, account, except, now).await?, devices })
}
