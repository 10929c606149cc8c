//! The question whether an account is still the one that a change was planned for, or the one that this run left half changed.

use std::sync::PoisonError;

use serde_json::Value as Json;

use crate::directory::scim::ScimDirectory;
use crate::directory::{DirectoryError, Transport, WriteContext};
use crate::model::{Account, Change, Email, Field, FieldChange, Fields, Fingerprint, RemoteId, Value, ValueRef};
use crate::scim::map::{is_entity_tag, own_fingerprint, user_to_account};

impl<T: Transport> ScimDirectory<T> {
    /// Returns whether a user is as the plan saw them. A list may say less of its users than each of them does, such as no version, so what the list
    /// shows of nobody is not compared.
    pub(in crate::directory::scim) fn is_as_planned(&self, user: &Json, now: &Account, planned: &Fingerprint, change: &Change) -> bool {
        if now.fingerprint == *planned {
            return true;
        }
        let names = self.names();
        let account = if is_entity_tag(planned) { None } else { user_to_account(user, &self.context(&names)).ok() };
        let Some(account) = account else { return false };
        let listed = self.listed.lock().unwrap_or_else(PoisonError::into_inner);
        let is_compared = |field: &Field| listed.contains(field) || change.fields().iter().any(|edit| edit.field == *field);
        let shown = |(field, value): (Field, ValueRef<'_>)| (field, if is_compared(&field) { value.to_value() } else { Value::Unset });
        // A server with names as one text divides them as the client has learned.
        [account, now.clone()].into_iter().any(|mut account| {
            account.fields = account.fields.iter().map(shown).collect();
            own_fingerprint(&account) == *planned
        })
    }

    /// Returns whether the list has another id that a server might not tell apart from this one.
    pub(in crate::directory::scim) fn has_twin(&self, id: &RemoteId) -> bool {
        self.twins.lock().unwrap_or_else(PoisonError::into_inner).contains(id)
    }

    /// Returns whether a server shows the user whom it was asked for. Some write ids in capitals here and in small letters there.
    pub(in crate::directory::scim) fn is_same_id(&self, shown: &str, id: &RemoteId) -> bool {
        shown == id.0 || shown.eq_ignore_ascii_case(&id.0) && !self.has_twin(id)
    }

    /// Returns whether a request of this run may have been acted on for a change that is not done.
    pub(in crate::directory::scim) fn may_have_begun(&self, context: &WriteContext<'_>) -> bool {
        context.tried > 0 || context.is_put_off || self.was_accepted(context)
    }

    /// Returns whether the server has accepted a request of this run for a change that is not done: it may have stored nothing, in a new version.
    pub(in crate::directory::scim) fn was_accepted(&self, context: &WriteContext<'_>) -> bool {
        self.effective.lock().unwrap_or_else(PoisonError::into_inner).contains(&context.idempotency_key)
    }

    /// Lists the fields that are left to write, if a user has some of the new values of a change and otherwise the old ones: the rest of a
    /// write of this run. `has_begun` says that something else shows the beginning of such a write. `None` if somebody else changed them, or nobody did.
    pub(in crate::directory::scim) fn left_of<'c>(
        &self,
        change: &'c Change,
        now: &Account,
        has_begun: bool,
    ) -> Option<Vec<&'c FieldChange>> {
        let values = |of: fn(&FieldChange) -> &Value| -> Fields {
            let mut fields = change.fields().iter().map(|edit| (edit.field, of(edit).clone())).collect();
            self.platform.catalog().normalize(&mut fields);
            fields
        };
        let (before, after) = (values(|edit| &edit.before), values(|edit| &edit.after));
        let has = |fields: &Fields, field: Field| {
            let wanted = fields.get(field).unwrap_or(ValueRef::Unset);
            now.shown(field).is_same(wanted, field)
        };
        let (done, left): (Vec<_>, Vec<_>) = change.fields().iter().partition(|edit| has(&after, edit.field));
        ((has_begun || !done.is_empty()) && left.iter().all(|edit| has(&before, edit.field))).then_some(left)
    }

    /// Reads a user after a write. Some servers give a user another id with another login.
    pub(in crate::directory::scim) async fn read_moved(&self, url: &str, change: &Change) -> Result<Account, DirectoryError> {
        let gone = match self.read_user(url).await {
            Ok(user) => return self.account(&user),
            Err(error) => error,
        };
        let login = change.fields().iter().find(|edit| edit.field == Field::Email).and_then(|edit| edit.after.as_text());
        let (DirectoryError::Stale(_), Some(login)) = (&gone, login.and_then(|login| Email::parse(login).ok())) else { return Err(gone) };
        let found = self.find(&login).await?;
        if let [one] = found.as_slice() { Ok(one.clone()) } else { Err(gone) }
    }
}
