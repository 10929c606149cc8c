//! A whole account ↔ a wire user.

use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use super::read::{extension, switch, texts, user_fields};
use super::write::{assembled, fields_to_user};
use super::{Context, MapError, fingerprint, remote_id};
use crate::model::{Account, Block, BlockReason, Email, Fingerprint, Invitation, InvitationState, State};
use crate::scim::urn;
use crate::scim::value::{instant, member};

/// Reads a user as any SCIM server sends it.
///
/// Without the practice extension an account counts as accepted, unblocked and never invited, and its practice fields are absent.
///
/// # Errors
/// Where the user has no id, or no address to know the person by.
pub fn user_to_account(user: &Json, context: &Context<'_>) -> Result<Account, MapError> {
    let Json::Object(members) = user else { return Err(MapError::Lacks { what: "user", missing: "id" }) };
    let id = remote_id(members).ok_or(MapError::Lacks { what: "user", missing: "id" })?;
    let email = address(members).ok_or_else(|| MapError::NoAddress { id: id.0.clone() })?;
    let empty = Map::new();
    let practice = extension(members);
    let told = context.practice_extension || practice.is_some();
    let practice = practice.unwrap_or(&empty);
    let state = state(members, practice);
    let fields = user_fields(user, context);
    let set = |name: &str| member(practice, name).map(texts).unwrap_or_default();
    let privileges = Arc::new(set("privileges"));
    let role_privileges = told.then(|| Arc::new(set("rolePrivileges")));
    let part = |name: &str, part: &str| member(practice, name).and_then(Json::as_object).and_then(|parts| member(parts, part));
    let has_passcode = part("passcode", "set").and_then(switch) == Some(true);
    let main_admin = member(practice, "mainAdmin").and_then(switch) == Some(true);
    let invited = |name: &str| part("invitedName", name).and_then(Json::as_str).map(str::to_owned);
    let invited_name = match (invited("givenName"), invited("familyName")) {
        (None, None) => None,
        (first, last) => Some((first.unwrap_or_default(), last.unwrap_or_default())),
    };
    let fingerprint = fingerprint(members, &(&email, &state, &fields, &privileges, has_passcode, main_admin));
    Ok(Account { id, email, fingerprint, state, fields, privileges, role_privileges, has_passcode, main_admin, invited_name })
}

/// Writes an account as our server sends it: what `fields_to_user` writes, and all that is the server's to say.
///
/// # Errors
/// As `fields_to_user`.
pub fn account_to_user(account: &Account, context: &Context<'_>) -> Result<Json, MapError> {
    let Json::Object(mut core) = fields_to_user(&account.email, &account.fields, context)? else {
        return Err(MapError::Lacks { what: "user", missing: "id" });
    };
    let mut practice = match core.shift_remove(urn::PRACTICE) {
        Some(Json::Object(practice)) => practice,
        _ => Map::new(),
    };
    core.insert("id".to_owned(), json!(account.id.0));
    core.insert("active".to_owned(), json!(!account.state.inactive));
    let Fingerprint(version) = &account.fingerprint;
    core.insert("meta".to_owned(), json!({ "resourceType": "User", "version": version }));
    if context.practice_extension {
        let mut put = |name: &str, value: Json| practice.insert(name.to_owned(), value);
        put("accepted", json!(account.state.accepted));
        put("mainAdmin", json!(account.main_admin));
        if !account.privileges.is_empty() {
            put("privileges", json!(account.privileges));
        }
        if let Some(given) = account.role_privileges.as_ref().filter(|p| !p.is_empty()) {
            put("rolePrivileges", json!(given));
        }
        if let Some(invitation) = &account.state.invitation {
            let state = word(invitation.state);
            put("invitation", json!({ "state": state, "sentAt": time(invitation.sent_at), "expiresAt": time(invitation.expires_at) }));
        }
        if let Some(block) = &account.state.block {
            let mut said = json!({ "blocked": true, "reason": block.reason.as_str() });
            if let (Some(note), Json::Object(parts)) = (&block.note, &mut said) {
                parts.insert("note".to_owned(), json!(note));
            }
            put("block", said);
        }
        if account.has_passcode {
            put("passcode", json!({ "set": true }));
        }
        if let Some((first, last)) = &account.invited_name {
            put("invitedName", json!({ "givenName": first, "familyName": last }));
        }
    }
    Ok(Json::Object(assembled(core, practice)))
}

/// The login address: `userName`, else the primary e-mail, else the first that is an address.
fn address(user: &Map<String, Json>) -> Option<Email> {
    let login = member(user, "userName").and_then(Json::as_str).and_then(|name| Email::parse(name.trim()).ok());
    login.or_else(|| {
        let emails = member(user, "emails")?;
        let items: Vec<&Json> = match emails {
            Json::Array(items) => items.iter().collect(),
            one => vec![one],
        };
        let parsed = |item: &Json| {
            let text = match item {
                Json::Object(parts) => member(parts, "value").and_then(Json::as_str)?,
                other => other.as_str()?,
            };
            Email::parse(text.trim()).ok()
        };
        let primary = items.iter().find(|item| item.as_object().and_then(|p| member(p, "primary")).and_then(switch) == Some(true));
        primary.and_then(|item| parsed(item)).or_else(|| items.iter().find_map(|item| parsed(item)))
    })
}

fn state(user: &Map<String, Json>, practice: &Map<String, Json>) -> State {
    let inactive = member(user, "active").and_then(switch) == Some(false);
    let invitation = member(practice, "invitation").and_then(Json::as_object).and_then(invitation);
    let accepted = member(practice, "accepted")
        .and_then(switch)
        .unwrap_or_else(|| invitation.as_ref().is_none_or(|i| i.state == InvitationState::Accepted));
    let block = member(practice, "block").and_then(Json::as_object).and_then(block);
    State { accepted, inactive, block, invitation }
}

fn invitation(parts: &Map<String, Json>) -> Option<Invitation> {
    let state = match member(parts, "state")?.as_str()? {
        "open" => InvitationState::Open,
        "expired" => InvitationState::Expired,
        "accepted" => InvitationState::Accepted,
        _ => InvitationState::Killed,
    };
    let at = |name: &str| member(parts, name).and_then(Json::as_str).and_then(milliseconds).unwrap_or_default();
    Some(Invitation { state, sent_at: at("sentAt"), expires_at: at("expiresAt") })
}

fn block(parts: &Map<String, Json>) -> Option<Block> {
    if member(parts, "blocked").and_then(switch) != Some(true) {
        return None;
    }
    let word = member(parts, "reason").and_then(Json::as_str);
    let note = member(parts, "note").and_then(Json::as_str).filter(|note| !note.is_empty()).map(str::to_owned);
    match word.map(|word| (word, BlockReason::parse(word))) {
        Some((_, Some(reason))) => Some(Block { reason, note }),
        Some((word, None)) => Some(Block { reason: BlockReason::Other, note: note.or_else(|| Some(word.to_owned())) }),
        None => Some(Block { reason: BlockReason::Other, note }),
    }
}

const fn word(state: InvitationState) -> &'static str {
    match state {
        InvitationState::Open => "open",
        InvitationState::Expired => "expired",
        InvitationState::Killed => "killed",
        InvitationState::Accepted => "accepted",
    }
}

fn milliseconds(text: &str) -> Option<i64> {
    i64::try_from(instant(text)?.div_euclid(1_000_000)).ok()
}

/// A time of the wire from epoch milliseconds; times outside years -9999 to 9999 are clamped.
fn time(milliseconds: i64) -> String {
    let clamped = match jiff::Timestamp::from_millisecond(milliseconds) {
        Ok(at) => at,
        Err(_) if milliseconds < 0 => jiff::Timestamp::MIN,
        Err(_) => jiff::Timestamp::MAX,
    };
    clamped.to_string()
}
