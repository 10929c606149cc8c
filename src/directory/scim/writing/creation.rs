//! Creates users: everything at once, or the core of an account first and the rest by changes, where a server refuses something of it.

use std::collections::BTreeSet;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use http::Method;
use jiff::Timestamp;
use serde_json::{Map, Value as Json};

use super::compare::{dropped, is_the_one, kept};
use super::content::{FAILURES_OF_ALL, LeftOutAttributes, is_about_attributes, is_about_content, named_in};
use super::user::{applied, written};
use super::write::derived;
use crate::directory::scim::client::{Reply, get, text};
use crate::directory::scim::{ScimDirectory, unmapped};
use crate::directory::{DirectoryError, Outcome, Transport, WriteContext};
use crate::model::transition::is_let_in;
use crate::model::{Account, Change, Drift, Email, Field, Fields, NAME, NewAccount, ProtocolError, RefusalNote, RemoteId, Rest};
use crate::platform::without_accents;
use crate::scim::map::{ask_for_invitation, fields_to_user, replace, replace_active, set_password};
use crate::scim::patch::{Operation, Patch};
use crate::scim::schema::record_names::user;
use crate::scim::{ScimError, ScimType};

/// After so many failures, the login is tried alone.
const FAILURES_OF_CORE: u32 = 4;

/// The number of times that something new is asked for that the server does not show yet.
const LAGS: u32 = 5;

/// The attributes that an account is created with if a server refuses more: login, name, addresses and state.
const CORE: [&str; 6] = ["schemas", "userName", "password", "name", "emails", user::ACTIVE];
/// The attributes that an account is created with if a server refuses even that.
const LOGIN: [&str; 3] = ["schemas", "userName", "password"];

impl<T: Transport> ScimDirectory<T> {
    /// Creates an account; `change` is the same change as the plan has it.
    pub(in crate::directory::scim) async fn create(
        &self,
        new: &NewAccount,
        change: &Change,
        context: &WriteContext<'_>,
    ) -> Result<Outcome, DirectoryError> {
        let user = self.new_user(new, context)?;
        if context.tried > 0
            && let Some(account) = self.made_before(&new.email, change).await?
        {
            let (_, rest) = parts(&user, &self.left_out(&user, context));
            let rest = if is_the_one(change, &account, &self.platform) { Vec::new() } else { rest };
            let account = self.complete(account, rest, context).await;
            return Ok(self.created(change, account));
        }
        let (answer, rest) = self.post(user, context).await?;
        let account = match answer.status.as_u16() {
            409 => return self.taken(&new.email, change, &answer).await,
            200..=299 => {
                let made = match answer.resource() {
                    Some(user) => self.as_made(&new.email, change, &user, &answer).await,
                    None => self.just_made(&new.email, &answer).await,
                };
                match made {
                    Ok(account) => account,
                    Err(error) => return self.made_unseen(&new.email, &answer, &rest).ok_or(error),
                }
            }
            _ if answer.error().scim_type == Some(ScimType::Uniqueness) => return self.taken(&new.email, change, &answer).await,
            _ => return Err(answer.refusal()),
        };
        let account = self.complete(account, rest, context).await;
        Ok(self.created(change, account))
    }

    /// The body of a new user, with everything that the roster says and the server requires.
    fn new_user(&self, new: &NewAccount, context: &WriteContext<'_>) -> Result<Json, DirectoryError> {
        let NewAccount { email, fields, with_password } = new;
        let fields: Fields = fields.iter().map(|f| (f.field, f.after.clone())).collect();
        let names = self.names();
        let mut user = fields_to_user(email, &fields, &self.context(&names)).map_err(unmapped)?;
        match (*with_password, context.initial_password) {
            (true, Some(password)) => set_password(&mut user, password),
            (true, None) => return Err(ProtocolError::NoFirstPassword.into()),
            (false, _) if self.discovery.capabilities.practice_extension => ask_for_invitation(&mut user),
            (false, _) => {}
        }
        if let Some(schema) = &self.discovery.user_schema {
            schema.fit_user(&mut user);
        }
        Ok(user)
    }

    /// Sends a new user. If the server refuses something of it, less is sent, and the rest of the run begins with the form that worked.
    /// Returns the answer, and what has to be changed afterward.
    async fn post(&self, user: Json, context: &WriteContext<'_>) -> Result<(Reply, Vec<Operation>), DirectoryError> {
        let url = self.client.below(user::ENDPOINT);
        let mut left_out = self.left_out(&user, context);
        let mut has_display_name = self.needs_display_name.load(Ordering::Relaxed);
        loop {
            let (mut body, rest) = parts(&user, &left_out);
            let mut key = if left_out.is_empty() {
                context.idempotency_key.clone()
            } else {
                let names: Vec<&str> = left_out.iter().map(String::as_str).collect();
                derived(&context.idempotency_key, &format!("without {}", names.join(" ")))
            };
            if has_display_name {
                give_display_name(&mut body);
                key = derived(&key, "with a display name");
            }
            let answer = self.send_write(Method::POST, &url, Some(&body), context, &key).await?;
            if answer.status.is_success() {
                self.creation.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&left_out);
                self.needs_display_name.store(has_display_name, Ordering::Relaxed);
            }
            let is_forbidden = self.may_forbid_one(&answer, &self.forbids_creation);
            let is_vague = is_about_content(&answer) || is_forbidden;
            let may_retry = is_vague || is_about_attributes(&answer, &named_in(&answer, &self.besides(&user, &CORE)));
            if self.discovery.capabilities.practice_extension || !may_retry {
                return Ok((answer, rest));
            }
            let named = named_in(&answer, &self.besides(&user, &CORE));
            // Without a schema nobody knows what the server requires. Some require the name for people to read, and nothing else.
            let has_core_only =
                body.as_object().is_some_and(|sent| sent.contains_key("emails") && sent.keys().all(|name| CORE.contains(&name.as_str())));
            if self.discovery.user_schema.is_none() && is_vague && has_core_only {
                has_display_name = true;
                continue;
            }
            has_display_name = self.needs_display_name.load(Ordering::Relaxed);
            let sent: BTreeSet<&String> = body.as_object().into_iter().flat_map(Map::keys).collect();
            let mut smaller = vec![named];
            // Another status is about what it names, and about nothing else.
            if is_vague {
                smaller.extend([self.besides(&user, &CORE), self.besides(&user, &LOGIN)]);
            }
            let Some(next) = smaller.into_iter().find(|next| next.iter().any(|name| sent.contains(name))) else {
                self.forbids_creation.fetch_or(is_forbidden, Ordering::Relaxed);
                return Ok((answer, rest));
            };
            left_out.extend(next);
        }
    }

    /// Lists the attributes to leave out from the start: what this run has learned, and more after each failure.
    fn left_out(&self, user: &Json, context: &WriteContext<'_>) -> LeftOutAttributes {
        if self.discovery.capabilities.practice_extension {
            return LeftOutAttributes::new();
        }
        let mut left_out = self.creation.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match context.failed {
            ..FAILURES_OF_ALL => {}
            FAILURES_OF_ALL..FAILURES_OF_CORE => left_out.extend(self.besides(user, &CORE)),
            FAILURES_OF_CORE.. => left_out.extend(self.besides(user, &LOGIN)),
        }
        left_out
    }

    /// The attributes of a user besides these and those that the server requires.
    fn besides(&self, user: &Json, kept: &[&str]) -> LeftOutAttributes {
        let is_required = |name: &str| self.discovery.user_schema.as_ref().is_some_and(|schema| schema.requires(name));
        let names = user.as_object().into_iter().flat_map(Map::keys);
        names.filter(|name| !kept.contains(&name.as_str()) && !is_required(name)).cloned().collect()
    }

    /// Changes the attributes that a new account was created without, each alone. The account is there, so a failure ends nothing but this.
    async fn complete(&self, made: Account, rest: Vec<Operation>, context: &WriteContext<'_>) -> Account {
        let mut account = made;
        let url = self.address(user::ENDPOINT, &account.id);
        // Some servers create users inactive, and activate them when they are asked to.
        let activation = Some(replace_active(true)).filter(|_| account.state.inactive && self.is_foreign());
        for operation in activation.into_iter().chain(rest) {
            let name = operation.path.as_ref().map(ToString::to_string).unwrap_or_default();
            let one = WriteContext {
                id: Some(account.id.clone()),
                fingerprint: Some(account.fingerprint.clone()),
                idempotency_key: derived(&context.idempotency_key, &name),
                tried: 0,
                failed: 0,
                is_put_off: false,
                ..context.clone()
            };
            let stored = match self.patch(&url, &Patch { operations: vec![operation] }, &one).await {
                Ok(answer) if answer.status.is_success() => self.stored_user(answer, &url).await,
                // Only this attribute is refused.
                Ok(_) => continue,
                Err(error) if error.status().is_some_and(|status| status >= 500 && status != 503) => continue,
                Err(error) => Err(error),
            };
            match stored.and_then(|user| self.account(&user)) {
                Ok(now) => account = now,
                // The receipt names the rest, and the next plan has it.
                Err(_) => break,
            }
        }
        account
    }

    /// A created account is created, also where the server does not show it yet: the list that is read after the run says what it has.
    fn made_unseen(&self, email: &Email, answer: &Reply, rest: &[Operation]) -> Option<Outcome> {
        let told = answer.resource().and_then(|user| get(&user, "id")?.as_str().map(|id| RemoteId(id.to_owned())));
        let id = told.or_else(|| answer.located())?;
        self.remember(email);
        let not_stored: Vec<String> = rest.iter().filter_map(|operation| operation.path.as_ref()).map(ToString::to_string).collect();
        if not_stored.is_empty() {
            return Some(Outcome::Applied { id, fingerprint: None, passcode: None });
        }
        Some(Outcome::Partly { id, fingerprint: None, rest: Rest { not_stored, ..Rest::default() } })
    }

    /// The account is there, whatever the server did not store of it.
    fn created(&self, change: &Change, account: Account) -> Outcome {
        self.remember(&account.email);
        let mut what = dropped(change, &account, &self.platform);
        let kept = if self.is_foreign() { kept(change, &account, &mut what, &self.platform) } else { Vec::new() };
        // What a creation leaves is an account that is active.
        let named = what.into_iter().map(|name| if name == change.action().as_str() { user::ACTIVE.to_owned() } else { name });
        written(account, Rest { not_stored: named.collect(), kept, ..Rest::default() })
    }

    /// Finds the account that an earlier try created although its answer was lost or reported a failure. Another try would create a second
    /// account on a server without idempotency keys.
    async fn made_before(&self, email: &Email, change: &Change) -> Result<Option<Account>, DirectoryError> {
        match self.find(email).await?.as_slice() {
            [] => Ok(None),
            [one] if self.is_ours(change, one).await? => Ok(Some(one.clone())),
            [_] => Err(DirectoryError::Taken),
            several => Err(DirectoryError::Stale(Drift::SeveralAppeared { accounts: several.len() })),
        }
    }

    /// Returns whether an account is the one that this run tried to create. The list had nobody with this address, so an account that matches exactly
    /// is ours. A server that drops, alters or cuts a value, or creates people inactive, has done so with ours, too: then the account has the same
    /// name, or was created after the list was read.
    async fn is_ours(&self, change: &Change, account: &Account) -> Result<bool, DirectoryError> {
        let wanted: Fields = change.fields().iter().map(|f| (f.field, f.after.clone())).collect();
        if is_the_one(change, account, &self.platform) || is_let_in(account) && account.fields.is_same_name(&wanted) {
            return Ok(true);
        }
        if self.discovery.capabilities.practice_extension {
            return Ok(false);
        }
        let user = self.read_user(&self.address(user::ENDPOINT, &account.id)).await?;
        let created = get(&user, "meta").and_then(|meta| text(meta, "created")).and_then(|at| at.parse::<Timestamp>().ok());
        let read = *self.read_at.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(match created.map(Timestamp::as_millisecond).zip(read) {
            Some((created, read)) => created >= read,
            None => has_altered_name(account, &wanted),
        })
    }

    /// The login already exists. It counts as created only if it matches exactly: then it is most likely this run's, whose answer was lost.
    /// If it cannot be found, the answer alone proves that the list lacks somebody.
    async fn taken(&self, email: &Email, change: &Change, answer: &Reply) -> Result<Outcome, DirectoryError> {
        let note = match self.find(email).await.as_deref() {
            Ok([one]) if is_the_one(change, one, &self.platform) => return Ok(applied(one.clone(), None)),
            Ok([]) => Some(RefusalNote::NobodyShown),
            Err(_) => None,
            Ok(_) => return Err(DirectoryError::Taken),
        };
        let ScimError { scim_type, detail, status: _ } = answer.error();
        let scim_type = scim_type.map(|kind| kind.as_str().to_owned());
        Err(DirectoryError::Refused { status: 409, scim_type, why: detail.into(), note })
    }

    /// Reads what was created from the answer, or asks for it if the answer says less than was sent.
    async fn as_made(&self, email: &Email, change: &Change, user: &Json, answer: &Reply) -> Result<Account, DirectoryError> {
        let told = self.account(user);
        if told
            .as_ref()
            .is_ok_and(|account| self.discovery.capabilities.practice_extension || dropped(change, account, &self.platform).is_empty())
        {
            return told;
        }
        let read = match get(user, "id").and_then(Json::as_str) {
            Some(id) => self.read_made(&RemoteId(id.to_owned())).await,
            None => self.just_made(email, answer).await,
        };
        read.or(told)
    }

    /// Reads what was just created, with patience: the account is there, even if the server cannot show it yet.
    async fn read_made(&self, id: &RemoteId) -> Result<Account, DirectoryError> {
        let url = self.address(user::ENDPOINT, id);
        for tried in 1..=LAGS {
            let answer = self.client.get(&url).await?;
            match answer.status.as_u16() {
                200..=299 => return self.account(&answer.json()?),
                404 if tried < LAGS => self.client.lag(tried).await,
                _ => break,
            }
        }
        self.account(&self.read_user(&url).await?)
    }

    /// Finds what was created, if the answer has no body.
    async fn just_made(&self, email: &Email, answer: &Reply) -> Result<Account, DirectoryError> {
        if let Some(id) = answer.located() {
            return self.read_made(&id).await;
        }
        for tried in 1..=LAGS {
            if let Some(account) = self.find(email).await?.into_iter().next() {
                return Ok(account);
            }
            self.client.lag(tried).await;
        }
        Err(DirectoryError::Dropped { what: vec!["the whole user".to_owned()], after: None })
    }
}

/// Returns whether an account has a name that a server may have made of another: with other capitals or accents, or cut.
fn has_altered_name(account: &Account, wanted: &Fields) -> bool {
    let plain = |fields: &Fields, field| -> String {
        let text = without_accents(fields.text(field).unwrap_or_default()).to_lowercase();
        text.chars().filter(|c| c.is_alphanumeric()).collect()
    };
    let is_cut = |field: &Field| plain(wanted, *field).starts_with(&plain(&account.fields, *field));
    NAME.iter().all(is_cut) && NAME.iter().any(|field| !plain(&account.fields, *field).is_empty())
}

/// Adds the name for people to read, or the login where there is no name.
fn give_display_name(user: &mut Json) {
    let name = |part: &str| user.pointer(&format!("/name/{part}")).and_then(Json::as_str).unwrap_or_default();
    let full = format!("{} {}", name("givenName"), name("familyName")).trim().to_owned();
    let shown = if full.is_empty() { text(user, "userName").unwrap_or_default().to_owned() } else { full };
    if let Json::Object(members) = user {
        members.entry("displayName").or_insert_with(|| Json::String(shown));
    }
}

/// Divides a new user into what is sent at once, and changes of each other attribute.
fn parts(user: &Json, left_out: &LeftOutAttributes) -> (Json, Vec<Operation>) {
    let Json::Object(members) = user else { return (user.clone(), Vec::new()) };
    let (left, sent): (Vec<_>, Vec<_>) = members.iter().partition(|(name, _)| left_out.contains(*name));
    let operations = left.into_iter().flat_map(|(name, value)| match value {
        Json::Object(parts) => parts.iter().map(|(part, value)| replace(name, Some(part), value.clone())).collect(),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Array(_) => vec![replace(name, None, value.clone())],
    });
    let operations = operations.collect();
    (Json::Object(sent.into_iter().map(|(name, value)| (name.clone(), value.clone())).collect()), operations)
}
