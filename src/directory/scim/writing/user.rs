//! Writes changes of users: attributes, actions.

use std::borrow::Cow;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use http::Method;
use serde_json::{Value as Json, json};

use super::compare::{dropped, kept};
use super::patching::nothing_said;
use super::phones;
use super::repeated::{Repeated, may_be_repeated};
use super::write::{derived, id_of, refused};
use crate::directory::scim::client::{Reply, get};
use crate::directory::scim::reading::page::id_text;
use crate::directory::scim::{ScimDirectory, unmapped};
use crate::directory::{DirectoryError, Outcome, Transport, WriteContext};
use crate::model::{
    Account, AccountChange, Action, Change, Drift, Email, Field, FieldChange, Fingerprint, ProtocolError, RemoteId, Rest, Secret,
    ServerWarning,
};
use crate::scim::map::{self, changes_to_patch, replace_active};
use crate::scim::patch::{Operation, Patch};
use crate::scim::paths::ACTIONS;
use crate::scim::schema::record_names::user;
use crate::scim::urn;

const EMAILS: &str = "emails";

/// The statuses by which servers refuse an attribute.
const REFUSALS: [u16; 7] = [400, 403, 405, 409, 413, 422, 501];

/// The number of times that a change is asked for that the server does not show yet.
const LAGS: u32 = 3;

/// The number of times that a user is asked for who still is as before the latest write of this run.
const OWN_LAGS: u32 = 6;

impl<T: Transport> ScimDirectory<T> {
    /// Writes a change to an existing account; `change` is the same change as the plan has it.
    pub(in crate::directory::scim) async fn write_account(
        &self,
        email: &Email,
        to_account: &AccountChange,
        change: &Change,
        context: &WriteContext<'_>,
    ) -> Result<Outcome, DirectoryError> {
        let is_passcode = to_account.action().makes_passcode();
        let id = id_of(change, context)?;
        let url = self.address(user::ENDPOINT, &id);
        let planned = context.fingerprint.as_ref();
        let follows = self.must_look_first(to_account);
        let (mut repeated, mut has_begun) = (Repeated::default(), false);
        let mut phones = None;
        // An earlier try may have been acted on; a server with our extension knows it by its key.
        let is_again = self.may_have_begun(context);
        let is_unsure = is_again && !self.discovery.capabilities.practice_extension;
        let mut context = Cow::Borrowed(context);
        let mut fields = Cow::Borrowed(change.fields());
        if follows || is_unsure || self.has_twin(&id) || planned.is_some_and(|planned| !self.guards_versions(planned)) {
            // The server does not check versions, or the change depends on what else it has: this client looks before it writes.
            let read = self.look(&url, change, &context).await;
            if is_unsure && let Err(DirectoryError::Stale(_)) = read {
                return self.read_moved(&url, change).await.map(|now| applied(now, None));
            }
            let user = read?;
            // A server that does not tell two ids apart shows somebody else.
            if !is_again && get(&user, "id").and_then(id_text).is_some_and(|shown| !self.is_same_id(&shown, &id)) {
                return Err(DirectoryError::Stale(Drift::Replaced));
            }
            let now = self.account(&user)?;
            if follows {
                repeated = self.repeated(&user, change);
            }
            // A passcode is shown once: that one exists does not mean that anybody has seen it.
            if is_again && !is_passcode && dropped(change, &now, &self.platform).is_empty() && repeated.operations.is_empty() {
                return Ok(applied(now, None));
            }
            if let Some(planned) = planned
                && !self.is_as_planned(&user, &now, planned, change)
            {
                // What this run has written itself is nobody else's change.
                let is_begun = repeated.has_begun || self.was_accepted(&context);
                let left = if is_unsure { self.left_of(change, &now, is_begun) } else { None };
                let left = left.ok_or(DirectoryError::Stale(Drift::Rewritten))?;
                has_begun = true;
                fields = Cow::Owned(left.into_iter().cloned().collect());
            }
            context.attempts.found_left(fields.len() + repeated.operations.len());
            if planned.is_some_and(|planned| now.fingerprint != *planned) {
                context.to_mut().fingerprint = Some(now.fingerprint);
            }
            if follows {
                phones = phones::replaced(&user, &fields, self.country);
                if repeated.has_other_login {
                    fields.to_mut().retain(|edit| edit.field != Field::Email);
                }
            }
        }
        let context = &*context;
        let answer = match to_account {
            AccountChange::Update { .. } => {
                let first = repeated.operations.iter().cloned().chain(phones).collect();
                match self.set_attributes(&url, first, &fields, context).await {
                    // What this run stored before is stored, whatever is refused of the rest.
                    Err(error) if has_begun && error.status().is_some_and(|status| REFUSALS.contains(&status)) => nothing_said(),
                    answer => answer?,
                }
            }
            AccountChange::Activate => self.set_attributes(&url, vec![replace_active(true)], &[], context).await?,
            AccountChange::Inactivate => self.set_attributes(&url, vec![replace_active(false)], &[], context).await?,
            AccountChange::Invite
            | AccountChange::ResendInvitation
            | AccountChange::WithdrawInvitation
            | AccountChange::Block(_)
            | AccountChange::Unblock
            | AccountChange::GeneratePasscode
            | AccountChange::RenewPasscode { .. } => self.act(&url, to_account, context, &context.idempotency_key).await?,
        };
        if answer.status.as_u16() == 412 {
            let unwritten = fields.len() + repeated.operations.len();
            return self.after_conflict(&answer, (email, to_account, change), &url, context, unwritten).await;
        }
        if !answer.status.is_success() {
            return Err(refused(&answer, change.action()));
        }
        if is_passcode {
            return self.passcode(&url, context, answer).await;
        }
        let says = answer.resource().is_some();
        // Where the id is the login, an answer may still show the old one.
        let moves = change.fields().iter().any(|edit| edit.field == Field::Email && edit.before.as_text() == Some(&id.0));
        let stored = if moves { self.read_user(&url).await } else { self.stored_user(answer, &url).await };
        // Some servers delete a user who should only be inactivated.
        if to_account.action().sets_active() == Some(false)
            && let Err(DirectoryError::Stale(_)) = stored
        {
            self.warn(ServerWarning::Deleted { email: email.clone() });
            return Ok(Outcome::Applied { id, fingerprint: None, passcode: None });
        }
        if let Err(DirectoryError::Stale(_)) = stored {
            return self.read_moved(&url, change).await.map(|now| applied(now, None));
        }
        let read = if says { None } else { context.fingerprint.as_ref() };
        self.outcome(change, &url, stored?, read, repeated, context).await
    }

    /// Handles a version that the server calls another one; `unwritten` values were to be written to it.
    async fn after_conflict(
        &self,
        answer: &Reply,
        (email, to_account, change): (&Email, &AccountChange, &Change),
        url: &str,
        context: &WriteContext<'_>,
        unwritten: usize,
    ) -> Result<Outcome, DirectoryError> {
        let user = self.read_user(url).await?;
        let now = self.account(&user)?;
        // A server that has the version that was sent, and says that it has another one, cannot compare it (RFC 9110 section 13.1.1: a weak
        // tag never matches). So this client does.
        if self.is_foreign() && context.fingerprint.as_ref().is_some_and(|sent| *sent == now.fingerprint && self.guards_versions(sent)) {
            self.compares_nothing.store(true, Ordering::Relaxed);
            return Box::pin(self.write_account(email, to_account, change, context)).await;
        }
        // A server that refuses or fails at a part of a change may have stored it, or the rest, and the version is this run's own.
        let due = if self.must_look_first(to_account) { self.repeated(&user, change) } else { Repeated::default() };
        let left = self.left_of(change, &now, due.has_begun || self.was_accepted(context));
        if self.is_foreign() && left.is_some_and(|left| left.len() + due.operations.len() < unwritten) {
            self.note_effect(context);
            let again = WriteContext { tried: context.tried.max(1), ..context.clone() };
            return Box::pin(self.write_account(email, to_account, change, &again)).await;
        }
        // Or the first answer was lost, or a failure of another form hid that the server has stored it.
        let is_passcode = to_account.action().makes_passcode();
        let may_be_done = self.is_foreign() || self.may_have_begun(context);
        let is_ours = may_be_done && !is_passcode && due.operations.is_empty() && dropped(change, &now, &self.platform).is_empty();
        if is_ours { Ok(applied(now, None)) } else { Err(answer.refusal()) }
    }

    /// Reads a user before a change. A server may still show a user from before the latest write of this run.
    async fn look(&self, url: &str, change: &Change, context: &WriteContext<'_>) -> Result<Json, DirectoryError> {
        let mut user = self.read_user(url).await;
        let is_own = |version: &&Fingerprint| change.target().is_none_or(|target| target.fingerprint != **version);
        let Some(own) = context.fingerprint.as_ref().filter(is_own).filter(|_| !self.may_have_begun(context)) else { return user };
        for tried in 1..=OWN_LAGS {
            let is_old = |user: &Json| self.account(user).is_ok_and(|now| !self.is_as_planned(user, &now, own, change));
            if !user.as_ref().is_ok_and(is_old) {
                break;
            }
            self.client.lag(tried).await;
            user = self.read_user(url).await;
        }
        user
    }

    /// Returns what repeats the old values of a change, and can be changed.
    fn repeated(&self, user: &Json, change: &Change) -> Repeated {
        let mut repeated = Repeated::find(user, change.fields(), self.has_one_name());
        if let Some(schema) = &self.discovery.user_schema {
            repeated.leave(|attribute, part| schema.is_fixed(attribute, part));
        }
        repeated
    }

    /// Compares what is stored after a change with what was sent. `read_after` is the version before the change if `user` was asked for; an
    /// answer to the change may say less than the whole of them.
    async fn outcome(
        &self,
        change: &Change,
        url: &str,
        user: Json,
        read_after: Option<&Fingerprint>,
        repeated: Repeated,
        context: &WriteContext<'_>,
    ) -> Result<Outcome, DirectoryError> {
        let mut user = user;
        let lacks = |user: &Json| {
            let account = self.account(user)?;
            let mut lacks = dropped(change, &account, &self.platform);
            lacks.extend(repeated.left_behind(user));
            Ok::<_, DirectoryError>((account, lacks))
        };
        if read_after.is_none() && !lacks(&user).is_ok_and(|(_, lacks)| lacks.is_empty()) {
            user = self.read_user(url).await?;
        }
        // A server that accepted a change, and shows the version from before it, may lag behind.
        for tried in 1..=LAGS {
            let is_old = |(now, lacks): &(Account, Vec<String>)| !lacks.is_empty() && read_after == Some(&now.fingerprint);
            if !lacks(&user).as_ref().is_ok_and(is_old) {
                break;
            }
            self.client.lag(tried).await;
            user = self.read_user(url).await?;
        }
        if self.is_foreign() && !lacks(&user)?.1.is_empty() {
            user = self.remove_leftovers(url, change.fields(), user, context).await?;
        }
        let (account, mut not_stored) = lacks(&user)?;
        let still_there = if self.is_foreign() { self.still_there(change.fields(), &user, &mut not_stored) } else { Vec::new() };
        let kept = if self.is_foreign() { kept(change, &account, &mut not_stored, &self.platform) } else { Vec::new() };
        if !not_stored.is_empty() && not_stored.len() >= change.fields().len() + repeated.operations.len() {
            let after = Some(Box::new((account.id, account.fingerprint)));
            return Err(DirectoryError::Dropped { what: not_stored, after });
        }
        // The address and what repeats it are one field to people.
        if not_stored.iter().any(|name| name == self.platform.catalog().yaml_key(Field::Email)) {
            not_stored.retain(|name| name != EMAILS);
        }
        let answer = self.answers.lock().unwrap_or_else(PoisonError::into_inner).remove(&context.idempotency_key);
        let answer = answer.filter(|_| !not_stored.is_empty());
        Ok(written(account, Rest { answer, not_stored, still_there, stayed: repeated.stayed, kept }))
    }

    /// Returns whether a change of attributes depends on what else the account holds. A server with our extension sees to it itself.
    fn must_look_first(&self, change: &AccountChange) -> bool {
        match change {
            AccountChange::Update { fields, .. } => {
                let numbers = fields.iter().any(|change| change.field == Field::Phones);
                !self.discovery.capabilities.practice_extension && (numbers || may_be_repeated(fields))
            }
            AccountChange::Invite
            | AccountChange::ResendInvitation
            | AccountChange::WithdrawInvitation
            | AccountChange::Activate
            | AccountChange::Inactivate
            | AccountChange::Block(_)
            | AccountChange::Unblock
            | AccountChange::GeneratePasscode
            | AccountChange::RenewPasscode { .. } => false,
        }
    }

    /// Sets fields, after `first`, which says it for the attributes that it has: what repeats a value is written before the value, by which a run that was killed is known to be due again.
    async fn set_attributes(
        &self,
        url: &str,
        first: Vec<Operation>,
        fields: &[FieldChange],
        context: &WriteContext<'_>,
    ) -> Result<Reply, DirectoryError> {
        let names = self.names();
        let fields = changes_to_patch(fields, &self.context(&names)).map_err(unmapped)?.operations;
        let mut patch = Patch { operations: first };
        let is_said = |field: &Operation| patch.operations.iter().any(|known| known.path == field.path) || self.is_part_of_one_name(field);
        let others: Vec<Operation> = fields.into_iter().filter(|field| !is_said(field)).collect();
        patch.operations.extend(others);
        if let Some(schema) = &self.discovery.user_schema {
            schema.fit_patch(&mut patch);
        }
        let answer = self.patch(url, &patch, context).await?;
        if answer.status.is_success() || answer.status.as_u16() == 412 {
            return Ok(answer);
        }
        Err(self.refused_change(url, &patch, &answer).await)
    }

    fn has_one_name(&self) -> bool {
        self.discovery.capabilities.one_name || self.names_seen.are_one_text()
    }

    /// Returns whether an operation writes a part of the name to a server whose schema has the whole only.
    fn is_part_of_one_name(&self, operation: &Operation) -> bool {
        let path = operation.path.as_ref().map(|path| &path.attr);
        self.discovery.capabilities.one_name && path.is_some_and(|path| path.name == "name" && path.sub.as_deref() != Some("formatted"))
    }

    async fn act(&self, url: &str, action: &AccountChange, context: &WriteContext<'_>, key: &str) -> Result<Reply, DirectoryError> {
        let body = if let Some(block) = action.block() {
            let phone = context.confirm_phone.ok_or(ProtocolError::NoPhone)?;
            map::block_body(block, phone.expose())
        } else {
            json!({})
        };
        self.send_write(Method::POST, &format!("{url}{ACTIONS}/{}", action.action().as_str()), Some(&body), context, key).await
    }

    /// A passcode is shown once. A repeated answer lacks it, so another one is generated if nobody has seen the first: an answer to this run was
    /// lost. Otherwise, another run made it and shows it.
    async fn passcode(&self, url: &str, context: &WriteContext<'_>, answer: Reply) -> Result<Outcome, DirectoryError> {
        let told = |answer: &Reply| answer.resource().as_ref().and_then(|body| get(body, urn::PASSCODE)).and_then(passcode_text);
        if let Some(passcode) = told(&answer) {
            let account = self.account(&self.stored_user(answer, url).await?)?;
            return Ok(applied(account, Some(passcode)));
        }
        let now = self.account(&self.read_user(url).await?)?;
        if !self.may_have_begun(context) {
            return Ok(Outcome::AppliedBefore { id: now.id, fingerprint: Some(now.fingerprint) });
        }
        let again = WriteContext { fingerprint: Some(now.fingerprint), ..context.clone() };
        let key = derived(&context.idempotency_key, &format!("again {}", context.tried));
        let answer = self.act(url, &AccountChange::GeneratePasscode, &again, &key).await?;
        if !answer.status.is_success() {
            return Err(refused(&answer, Action::GeneratePasscode));
        }
        let passcode = told(&answer).ok_or(ProtocolError::PasscodeUnseen)?;
        let account = self.account(&self.stored_user(answer, url).await?)?;
        Ok(applied(account, Some(passcode)))
    }

    /// Returns the user as stored now, from the answer or, after a 204, by asking.
    pub(in crate::directory::scim) async fn stored_user(&self, answer: Reply, url: &str) -> Result<Json, DirectoryError> {
        match answer.resource() {
            Some(user) if get(&user, "id").is_some() => Ok(user),
            _ => self.read_user(url).await,
        }
    }

    pub(in crate::directory::scim) async fn read_user(&self, url: &str) -> Result<Json, DirectoryError> {
        let answer = self.client.once().get(url).await?;
        match answer.status.as_u16() {
            200..=299 => answer.json(),
            404 | 410 => Err(DirectoryError::Stale(Drift::Gone)),
            _ => Err(answer.refusal()),
        }
    }
}

pub(in crate::directory::scim) fn written(account: Account, rest: Rest) -> Outcome {
    if rest.is_empty() {
        return applied(account, None);
    }
    Outcome::Partly { id: account.id, fingerprint: Some(account.fingerprint), rest }
}

pub(in crate::directory::scim) fn applied(account: Account, passcode: Option<Secret>) -> Outcome {
    let Account { id, fingerprint, .. } = account;
    Outcome::Applied { id: RemoteId(id.0), fingerprint: Some(fingerprint), passcode }
}

fn passcode_text(message: &Json) -> Option<Secret> {
    let text = message.as_str().or_else(|| get(message, "passcode")?.as_str());
    text.map(|t| Secret::new(t.to_owned()))
}
