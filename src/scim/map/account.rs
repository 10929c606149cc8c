//! Turns a wire user into an account, and back.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use super::read::{elements, extension, is_primary, switch, texts, user_fields, value_of, values};
use super::write::{assembled, fields_to_user};
use super::{Context, MapError, fingerprint, remote_id};
use crate::model::{
    Account, Block, BlockReason, BlockRecord, Delivery, DeliveryState, Email, Fingerprint, Invitation, InvitationState, State,
};
use crate::scim::schema::record_names::user;
use crate::scim::value::instant;
use crate::scim::{Node, urn};

/// Sets of privileges that were read before: thousands of accounts share a few dozen of them.
#[derive(Debug, Default)]
pub struct Privileges {
    sets: BTreeSet<Arc<BTreeSet<String>>>,
    /// The newest sets, by a hash of their names as they arrived.
    seen: BTreeMap<u64, Arc<BTreeSet<String>>>,
}

impl Privileges {
    /// Returns the set of these names.
    fn shared<J: Node>(&mut self, names: Option<&J>) -> Arc<BTreeSet<String>> {
        let Some(names) = names else { return Arc::default() };
        let mut hasher = DefaultHasher::new();
        values(names).for_each(|name| name.hash(&mut hasher));
        let hash = hasher.finish();
        if let Some(known) = self.seen.get(&hash).filter(|known| known.iter().map(String::as_str).eq(values(names))) {
            return Arc::clone(known);
        }
        let set = Arc::new(texts(names));
        let set = self.sets.get(&set).cloned().unwrap_or_else(|| {
            self.sets.insert(Arc::clone(&set));
            set
        });
        self.seen.insert(hash, Arc::clone(&set));
        set
    }
}

/// Reads a user as any SCIM server sends it.
///
/// Without the practice extension an account counts as accepted, not blocked and never invited, and its practice fields are absent.
///
/// # Errors
/// If the user has no id, or no address that identifies the person.
pub fn user_to_account(user: &impl Node, context: &Context<'_>) -> Result<Account, MapError> {
    user_to_account_sharing(user, context, &mut Privileges::default())
}

/// Reads one of many users as [`user_to_account`] does.
///
/// # Errors
/// As for [`user_to_account`].
pub fn user_to_account_sharing<J: Node>(user: &J, context: &Context<'_>, known: &mut Privileges) -> Result<Account, MapError> {
    let id = remote_id(user).ok_or(MapError::Lacks { what: "user", missing: "id" })?;
    let email = address(user).ok_or_else(|| MapError::NoAddress { id: id.0.clone() })?;
    let practice = extension(user);
    let told = context.practice_extension || practice.is_some();
    let state = state(user, practice);
    let fields = user_fields(user, context);
    let own = |name: &str| practice.and_then(|practice| practice.member(name));
    let privileges = known.shared(own("privileges"));
    let role_privileges = told.then(|| known.shared(own("rolePrivileges")));
    let part = |name: &str, part: &str| own(name).and_then(|parts| parts.member(part));
    let has_passcode = part("passcode", "set").and_then(switch) == Some(true);
    let passcode_made = part("passcode", "madeAt").and_then(Node::text).and_then(milliseconds).filter(|_| has_passcode);
    let main_admin = own("mainAdmin").and_then(switch) == Some(true);
    let invited = |name: &str| part("invitedName", name).and_then(Node::text).map(str::to_owned);
    let invited_name = match (invited("givenName"), invited("familyName")) {
        (None, None) => None,
        (first, last) => Some(Box::new((first.unwrap_or_default(), last.unwrap_or_default()))),
    };
    let former = own("formerEmails").into_iter().flat_map(values).filter_map(|one| Email::parse(one.trim()).ok()).collect();
    let fingerprint = fingerprint(user, &(&email, &state, &fields, &privileges, has_passcode, main_admin));
    Ok(Account {
        id,
        email,
        fingerprint,
        state,
        fields,
        privileges,
        role_privileges,
        has_passcode,
        passcode_made,
        main_admin,
        invited_name,
        former,
    })
}

/// Writes an account as our server sends it: what `fields_to_user` writes, and the attributes that only the server sets.
///
/// # Errors
/// As for `fields_to_user`.
pub fn account_to_user(account: &Account, context: &Context<'_>) -> Result<Json, MapError> {
    let Json::Object(mut core) = fields_to_user(&account.email, &account.fields, context)? else {
        return Err(MapError::Lacks { what: "user", missing: "id" });
    };
    let mut practice = match core.shift_remove(urn::PRACTICE) {
        Some(Json::Object(practice)) => practice,
        _ => Map::new(),
    };
    core.insert("id".to_owned(), json!(account.id.0));
    core.insert(user::ACTIVE.to_owned(), json!(!account.state.inactive));
    let Fingerprint(version) = &account.fingerprint;
    core.insert("meta".to_owned(), json!({ "resourceType": user::TYPE, "version": version }));
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
            let state = invitation.state.as_str();
            put("invitation", json!({ "state": state, "sentAt": time(invitation.sent_at), "expiresAt": time(invitation.expires_at) }));
        }
        if let Some(block) = &account.state.block {
            let mut said = json!({ user::BLOCKED: true, "reason": block.reason.as_str() });
            if let (Some(note), Json::Object(parts)) = (&block.note, &mut said) {
                parts.insert("note".to_owned(), json!(note));
            }
            put("block", said);
        }
        if account.has_passcode {
            put("passcode", passcode(account.passcode_made));
        }
        if let Some((first, last)) = account.invited_name.as_deref() {
            put("invitedName", json!({ "givenName": first, "familyName": last }));
        }
        if !account.former.is_empty() {
            put("formerEmails", json!(account.former.iter().map(Email::as_str).collect::<Vec<_>>()));
        }
    }
    Ok(Json::Object(assembled(core, practice)))
}

/// Returns the login address: `userName`, or else the primary e-mail, or else the first text that is an address.
fn address(user: &impl Node) -> Option<Email> {
    let login = user.member("userName").and_then(Node::text).and_then(|name| Email::parse(name.trim()).ok());
    login.or_else(|| {
        let items = elements(user.member("emails")?);
        let parsed = |item| Email::parse(value_of(item)?.trim()).ok();
        items.iter().find(|item| is_primary(*item)).and_then(parsed).or_else(|| items.iter().find_map(parsed))
    })
}

fn state<J: Node>(user: &J, practice: Option<&J>) -> State {
    let own = |name: &str| practice.and_then(|practice| practice.member(name));
    let inactive = !is_active_user(user);
    let invitation = own("invitation").and_then(invitation);
    let accepted = own("accepted").and_then(switch).unwrap_or_else(|| invitation.as_ref().is_none_or(|i| i.state.is_accepted()));
    let block = own("block").and_then(block);
    State { accepted, inactive, block, invitation }
}

/// Returns whether a user is active, which they are where the server does not say.
#[must_use]
pub fn is_active_user(user: &impl Node) -> bool {
    user.member(user::ACTIVE).and_then(is_active) != Some(false)
}

/// Some servers say with a number or in a word who is active.
fn is_active(said: &impl Node) -> Option<bool> {
    let by_number = || said.whole().map(|number| number != 0);
    let by_word = || {
        let word = said.text()?.trim().to_ascii_lowercase();
        match word.as_str() {
            "1" | "t" | "y" | "yes" | "on" | "active" | "enabled" => Some(true),
            "0" | "f" | "n" | "no" | "off" | "inactive" | "disabled" | "deactivated" | "suspended" => Some(false),
            _ => None,
        }
    };
    switch(said).or_else(by_number).or_else(by_word)
}

fn invitation(parts: &impl Node) -> Option<Invitation> {
    // An account in an unknown state gets no access.
    let state = InvitationState::parse(parts.member("state")?.text()?).unwrap_or(InvitationState::Killed);
    let at = |name: &str| parts.member(name).and_then(Node::text).and_then(milliseconds).unwrap_or_default();
    Some(Invitation { state, sent_at: at("sentAt"), expires_at: at("expiresAt") })
}

fn block(parts: &impl Node) -> Option<Block> {
    if parts.member(user::BLOCKED).and_then(switch) != Some(true) {
        return None;
    }
    let word = parts.member("reason").and_then(Node::text);
    let note = parts.member("note").and_then(Node::text).filter(|note| !note.is_empty()).map(str::to_owned);
    match word.map(|word| (word, BlockReason::parse(word))) {
        Some((_, Some(reason))) => Some(Block { reason, note }),
        Some((word, None)) => Some(Block { reason: BlockReason::Other, note: note.or_else(|| Some(word.to_owned())) }),
        None => Some(Block { reason: BlockReason::Other, note }),
    }
}

/// Reads when and by whom a user was blocked; `None` if the user is not blocked, or the server does not say it.
#[must_use]
pub fn block_record<J: Node>(user: &J) -> Option<BlockRecord> {
    let parts = extension(user)?.member("block")?;
    let is_blocked = parts.member(user::BLOCKED).and_then(switch) == Some(true);
    let said = |name: &str| parts.member(name).and_then(Node::text).filter(|text| !text.is_empty());
    let record = BlockRecord { since: said("since").and_then(milliseconds), by: said("by").map(str::to_owned) };
    (is_blocked && (record.since.is_some() || record.by.is_some())).then_some(record)
}

/// Reads what became of the mail with the newest invitation; `None` if the server does not say it in a word that is known.
#[must_use]
pub fn delivery<J: Node>(user: &J) -> Option<Delivery> {
    let parts = extension(user)?.member("invitation")?;
    let state = DeliveryState::parse(parts.member("delivery")?.text()?)?;
    let failure = parts.member("deliveryFailure").and_then(Node::text).filter(|text| !text.is_empty());
    Some(Delivery { state, failure: failure.map(str::to_owned) })
}

fn milliseconds(text: &str) -> Option<i64> {
    i64::try_from(instant(text)?.div_euclid(1_000_000)).ok()
}

/// Says that a passcode is set, and when it was made, if that is known.
fn passcode(made: Option<i64>) -> Json {
    match made {
        Some(made) => json!({ "set": true, "madeAt": time(made) }),
        None => json!({ "set": true }),
    }
}

/// Converts epoch milliseconds to a time on the wire; times outside years -9999 to 9999 are clamped.
fn time(milliseconds: i64) -> String {
    let clamped = match jiff::Timestamp::from_millisecond(milliseconds) {
        Ok(at) => at,
        Err(_) if milliseconds < 0 => jiff::Timestamp::MIN,
        Err(_) => jiff::Timestamp::MAX,
    };
    clamped.to_string()
}
