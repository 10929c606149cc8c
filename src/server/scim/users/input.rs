//! A user as a client sends it, taken apart.

use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

use crate::model::Email;
use crate::scim::urn;
use crate::server::failure::Failure;
use crate::server::workspace::Workspace;

/// A client's request about a user, without the parts that are not attributes of the account.
pub(in crate::server) struct UserInput {
    pub(in crate::server) user: Value,
    pub(in crate::server) user_name: String,
    pub(in crate::server) active: Option<bool>,
    pub(in crate::server) send_invitation: bool,
    pub(in crate::server) password: bool,
}

/// The login a text means: an address, or on plain SCIM any text without regard to case. `None` where it is none.
pub(in crate::server) fn login(workspace: &Workspace, text: &str) -> Option<String> {
    if workspace.is_plain() {
        let folded = text.trim().nfc().collect::<String>().to_lowercase();
        return (!folded.is_empty()).then_some(folded);
    }
    Email::parse(text.trim()).ok().map(|email| email.as_str().to_owned())
}

impl UserInput {
    /// Takes a validated user apart.
    pub(in crate::server) fn of(workspace: &Workspace, mut user: Value) -> Result<Self, Failure> {
        let name = user.get("userName").and_then(Value::as_str).unwrap_or_default();
        let Some(user_name) = login(workspace, name) else {
            return Err(Failure::value("`userName` is not an email address: write it like `name@practice.example`"));
        };
        let active = user.get("active").and_then(Value::as_bool);
        let (mut send_invitation, mut password) = (false, false);
        if let Value::Object(members) = &mut user {
            password = members.shift_remove("password").is_some();
            if let Some(Value::Object(part)) = members.get_mut(urn::PRACTICE) {
                send_invitation = part.shift_remove("sendInvitation").and_then(|v| v.as_bool()).unwrap_or(false);
            }
        }
        Ok(Self { user, user_name, active, send_invitation, password })
    }
}
