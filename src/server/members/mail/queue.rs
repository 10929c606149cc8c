//! Queues a message in the transaction of the change that it tells: none leaves for a change that did not happen.

use crate::model::Secret;
use crate::server::ServerState;
use crate::server::failure::Failure;
use crate::server::ids;
use crate::store::Conn;
use crate::store::members::messages::{self, NewMessage};

/// What a message says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::server) enum Kind {
    /// The link of an invitation.
    Invitation,
    /// A link to choose a new password (AR-14, PBN-7).
    Reset,
    /// The password was changed.
    PasswordChanged,
    /// A second factor was set up.
    FactorSetUp,
    /// The second factor was removed, or reset by an administrator.
    FactorRemoved,
    /// A recovery code was used.
    RecoveryCodeUsed,
    /// The cell phone of the login is another one.
    CellChanged,
    /// A one-time code, as a text message (AR-2).
    Code,
}

impl Kind {
    const ALL: [Self; 8] = [
        Self::Invitation,
        Self::Reset,
        Self::PasswordChanged,
        Self::FactorSetUp,
        Self::FactorRemoved,
        Self::RecoveryCodeUsed,
        Self::CellChanged,
        Self::Code,
    ];

    /// How long a message is worth sending, in milliseconds: as long as what it has in it, or a day.
    pub(super) const fn lives(self) -> i64 {
        const MINUTE: i64 = 60 * 1000;
        match self {
            Self::Code => 10 * MINUTE,
            Self::Reset => 60 * MINUTE,
            Self::Invitation
            | Self::PasswordChanged
            | Self::FactorSetUp
            | Self::FactorRemoved
            | Self::RecoveryCodeUsed
            | Self::CellChanged => 24 * 60 * MINUTE,
        }
    }

    /// Its word in the store.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Reset => "reset",
            Self::PasswordChanged => "password-changed",
            Self::FactorSetUp => "second-factor-set-up",
            Self::FactorRemoved => "second-factor-removed",
            Self::RecoveryCodeUsed => "recovery-code-used",
            Self::CellChanged => "cell-changed",
            Self::Code => "code",
        }
    }

    pub(super) fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// A message about an account.
pub(in crate::server) struct Message<'a> {
    pub(in crate::server) workspace: &'a str,
    pub(in crate::server) account: &'a str,
    pub(in crate::server) kind: Kind,
    /// The address or phone number that it goes to.
    pub(in crate::server) recipient: &'a str,
    /// The token or code in it.
    pub(in crate::server) secret: Option<&'a Secret>,
}

/// Queues a message.
pub(in crate::server) async fn queue(conn: &mut Conn, server: &ServerState, message: &Message<'_>, now: i64) -> Result<(), Failure> {
    let id = ids::new_id(now);
    let secret = match message.secret {
        Some(secret) => Some(server.store.vault().seal(&purpose(&id), secret).ok_or(Failure::Damaged)?),
        None => None,
    };
    let new = NewMessage {
        id,
        account: message.account.to_owned(),
        kind: message.kind.word().to_owned(),
        recipient: message.recipient.to_owned(),
        secret,
    };
    Ok(messages::insert(conn, message.workspace, &new, now).await?)
}

/// What the secret of a message is sealed for.
pub(super) fn purpose(id: &str) -> String {
    format!("message {id}")
}
