//! Changes of attributes in one PATCH for each.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::atomic::Ordering;

use http::{Method, StatusCode};
use serde_json::Value as Json;

use super::content::FAILURES_OF_ALL;
use super::patching::{
    FormOutcome, LOGIN, Refused, WriteForm, groups, is_at, is_login, is_not_allowed, nothing_said, repeats_login, wants_another_form,
};
use super::write::derived;
use crate::directory::scim::ScimDirectory;
use crate::directory::scim::client::{Reply, get};
use crate::directory::{DirectoryError, Transport, WriteContext};
use crate::model::{Email, Fingerprint, RemoteId};
use crate::scim::ScimType;
use crate::scim::map::replace;
use crate::scim::patch::{Operation, Patch};
use crate::scim::schema::record_names::user;

const EMAILS: &str = "emails";

/// A server that has no PATCH for so many attributes in a row, or fails at them, has none at all.
const UNSUPPORTED: u32 = 2;

/// The outcomes of sending each attribute alone.
struct EachAlone<'a> {
    now: WriteContext<'a>,
    has_stored: bool,
    takes_no_whole: bool,
    failure: Option<DirectoryError>,
    refusal: Option<Reply>,
}

impl<T: Transport> ScimDirectory<T> {
    /// Sends each attribute alone, so that those go through that the server accepts.
    pub(super) async fn apart(
        &self,
        url: &str,
        patch: &Patch,
        by_path: bool,
        (is_refused_as_one, takes_no_whole): (bool, bool),
        context: &WriteContext<'_>,
    ) -> Result<FormOutcome, DirectoryError> {
        let (mut by_path, mut url) = (by_path, Cow::Borrowed(url));
        let mut now = context.clone();
        let (mut has_stored, mut failure, mut refusal) = (false, None, None);
        // How the server failed at what repeats the login: that counts once the login is stored.
        let mut failed_repeat = None;
        // What repeats the login, as it was before this change, once the new one is stored.
        let (mut old_repeats, mut undo) = (None, None);
        // For how many attributes in a row the server has no PATCH.
        let (mut unsupported, mut has_sent_pathless) = (0, false);
        let mut groups = groups(patch);
        if by_path && is_refused_as_one && groups.len() == 1 && patch.operations.len() > 1 {
            old_repeats = self.repeats_now(&url).await?;
            groups = login_last(patch);
        }
        while let Some(operations) = groups.pop_front() {
            if context.attempts.remaining() == 0 {
                break;
            }
            let one = Patch { operations };
            let mut answer = self.some_attributes(&url, &one, by_path, &now).await?;
            if answer.is_err() && self.is_stored(&url, &one, context).await {
                answer = Ok(nothing_said());
            }
            let is_refused = |answer: &Reply| wants_another_form(answer, self.may_misunderstand()) == Some(Refused::Form);
            // The last request is the one that most servers take.
            let is_last = |answer: &Result<Reply, DirectoryError>| {
                let is_vague = answer.as_ref().map_or(true, |answer| may_be_about_patch(answer) || is_refused(answer));
                context.attempts.remaining() == 1 && is_vague
            };
            if one.operations.len() > 1 && !is_success(&answer) {
                unsupported += u32::from(is_unsupported(&answer) || self.is_misunderstood(&answer));
                if (unsupported >= UNSUPPORTED || is_last(&answer)) && !has_stored && !takes_no_whole {
                    return Ok(FormOutcome::Another(WriteForm::Whole));
                }
                old_repeats = self.repeats_now(&url).await?;
                login_last(&one).into_iter().rev().for_each(|operation| groups.push_front(operation));
                continue;
            }
            let awaits_login = one.operations.iter().any(repeats_login) && groups.iter().flatten().any(|operation| is_at(operation, LOGIN));
            let may_lack_paths = by_path && !has_stored && refusal.is_none() && !has_sent_pathless;
            if may_lack_paths && answer.as_ref().is_ok_and(is_refused) && one.to_pathless().is_some() {
                has_sent_pathless = true;
                answer = self.some_attributes(&url, &one, false, &now).await?;
                by_path = !is_success(&answer);
            }
            unsupported += u32::from(is_unsupported(&answer) || self.is_misunderstood(&answer));
            if (unsupported >= UNSUPPORTED || is_last(&answer)) && !has_stored && undo.is_none() && !takes_no_whole {
                return Ok(FormOutcome::Another(WriteForm::Whole));
            }
            if is_login(&one)
                && !is_success(&answer)
                && let Some(operation) = undo.take()
            {
                now.fingerprint = self.undo(operation, &url, by_path, &now).await?;
            }
            let answer = match answer {
                Ok(answer) => answer,
                Err(error) => {
                    let known = if awaits_login { &mut failed_repeat } else { &mut failure };
                    known.get_or_insert(error);
                    continue;
                }
            };
            if answer.status.is_success() {
                self.learn_form(WriteForm::Apart { by_path });
                self.takes_paths.fetch_or(by_path, Ordering::Relaxed);
                // Some servers give a user another id with another login.
                if let Some(moved) = self.moved_address(&answer, &url, &one, !groups.is_empty()).await? {
                    url = Cow::Owned(moved);
                }
                now.fingerprint = self.version_after(&answer, &url, &now).await?;
                has_stored |= !awaits_login;
                if is_login(&one) {
                    failure = failure.or(failed_repeat.take());
                }
                undo = if awaits_login { old_repeats.take() } else { None };
            } else if awaits_login {
                // The login decides.
            } else if is_not_allowed(&answer) && !has_stored && !takes_no_whole {
                return Ok(FormOutcome::Another(WriteForm::Whole));
            } else {
                if ends_all(&answer, has_stored) && !is_refused(&answer) && !self.is_about_one(&url, &one, &answer).await {
                    return Ok(FormOutcome::Answered(answer));
                }
                self.note_answer(context, &answer);
                refusal = refusal.or(Some(answer));
            }
        }
        self.ended(&url, patch, EachAlone { now, has_stored, takes_no_whole, failure, refusal }, context).await
    }

    /// Returns what the outcomes of all attributes mean together.
    async fn ended(
        &self,
        url: &str,
        patch: &Patch,
        ended: EachAlone<'_>,
        context: &WriteContext<'_>,
    ) -> Result<FormOutcome, DirectoryError> {
        let EachAlone { now, has_stored, takes_no_whole, failure, refusal } = ended;
        if let Some(refusal) = refusal.as_ref().filter(|_| patch.operations.len() > 1) {
            self.learn_forbidden(has_stored || failure.is_some(), refusal);
        }
        if let Some(failure) = failure {
            if !has_stored {
                return Ok(FormOutcome::Another(WriteForm::Whole));
            }
            return match self.whole_after_some(url, patch, &now).await {
                Some(answer) => Ok(FormOutcome::Answered(answer)),
                // What a server fails at once, it may store the next time; what it fails at again, it does not accept.
                None if context.failed < FAILURES_OF_ALL => Err(failure),
                None => Ok(FormOutcome::Answered(nothing_said())),
            };
        }
        let may_put = has_stored && !takes_no_whole && !self.puts_in_vain.load(Ordering::Relaxed);
        if may_put && refusal.as_ref().is_some_and(|refusal| refusal.status == StatusCode::NOT_IMPLEMENTED) {
            return Ok(FormOutcome::Answered(self.put_the_rest(url, patch, &now).await));
        }
        Ok(match refusal {
            // The caller reads the user again: the answer to one attribute may say less.
            _ if has_stored => FormOutcome::Answered(nothing_said()),
            Some(refusal) if self.has_no_patch(url, &refusal).await => FormOutcome::Another(WriteForm::Whole),
            Some(refusal) if wants_another_form(&refusal, self.may_misunderstand()).is_none() => FormOutcome::Answered(refusal),
            Some(_) | None => FormOutcome::Another(WriteForm::Whole),
        })
    }

    /// Returns whether a server that failed at attributes has stored them all the same.
    async fn is_stored(&self, url: &str, one: &Patch, context: &WriteContext<'_>) -> bool {
        let Ok(user) = self.read_user(url).await else { return false };
        let is_stored = one.operations.iter().all(|operation| {
            let Some(path) = operation.path.as_ref().map(|path| &path.attr) else { return false };
            let attribute = get(&user, &path.name);
            let held = path.sub.as_deref().map_or(attribute, |sub| get(attribute?, sub));
            held == operation.value.as_ref()
        });
        if is_stored {
            context.attempts.stored_one();
            self.note_effect(context);
        }
        is_stored
    }

    /// Writes what repeats the login as it was before, since half an identity is worse than the old one. Returns the version afterward.
    async fn undo(
        &self,
        operation: Operation,
        url: &str,
        by_path: bool,
        now: &WriteContext<'_>,
    ) -> Result<Option<Fingerprint>, DirectoryError> {
        let old = Patch { operations: vec![operation] };
        match self.some_attributes(url, &old, by_path, now).await? {
            Ok(undone) => self.version_after(&undone, url, now).await,
            Err(_) => Ok(now.fingerprint.clone()),
        }
    }

    /// Returns whether a server that has accepted no form so far calls this one malformed.
    fn is_misunderstood(&self, answer: &Result<Reply, DirectoryError>) -> bool {
        let is_malformed =
            |answer: &Reply| answer.status == StatusCode::BAD_REQUEST && answer.error().scim_type == Some(ScimType::InvalidSyntax);
        self.may_misunderstand() && answer.as_ref().is_ok_and(is_malformed)
    }

    /// Returns where a user is after a new login, if elsewhere: as the answer says, or as the server finds them if more is to be written.
    async fn moved_address(&self, answer: &Reply, url: &str, one: &Patch, has_more: bool) -> Result<Option<String>, DirectoryError> {
        let Some(login) = one.operations.iter().find(|operation| is_at(operation, LOGIN)) else { return Ok(None) };
        let told = answer
            .resource()
            .as_ref()
            .and_then(|user| Some(self.address(user::ENDPOINT, &RemoteId(get(user, "id")?.as_str()?.to_owned()))));
        if told.as_ref().is_some_and(|told| told != url) {
            return Ok(told);
        }
        let login = login.value.as_ref().and_then(Json::as_str).and_then(|login| Email::parse(login).ok());
        let (Some(login), true) = (login, has_more) else { return Ok(None) };
        let Err(DirectoryError::Stale(_)) = self.read_user(url).await else { return Ok(None) };
        let found = self.find(&login).await?;
        Ok(if let [one] = found.as_slice() { Some(self.address(user::ENDPOINT, &one.id)) } else { None })
    }

    /// The operation that writes what repeats the login as it is now.
    async fn repeats_now(&self, url: &str) -> Result<Option<Operation>, DirectoryError> {
        let user = self.read_user(url).await?;
        Ok(get(&user, EMAILS).map(|emails| replace(EMAILS, None, emails.clone())))
    }

    /// Sends one attribute, or those that belong together; the inner error is a failure of the server at it.
    async fn some_attributes(
        &self,
        url: &str,
        one: &Patch,
        by_path: bool,
        context: &WriteContext<'_>,
    ) -> Result<Result<Reply, DirectoryError>, DirectoryError> {
        let body = if by_path { Some(one.to_json()) } else { one.to_pathless() };
        let paths: Vec<String> = one.operations.iter().filter_map(|operation| operation.path.as_ref()).map(ToString::to_string).collect();
        let key = derived(&context.idempotency_key, &format!("attribute {}, {by_path}", paths.join(" ")));
        match self.send_write(Method::PATCH, url, body.as_ref(), context, &key).await {
            Ok(answer) => Ok(Ok(answer)),
            // 503 asks for another try later and says nothing about the attribute.
            Err(error) if error.status().is_some_and(|status| status >= 500 && status != 503) => Ok(Err(error)),
            Err(error) => Err(error),
        }
    }

    /// Sends the whole resource after some attributes were stored; `None` if that fails, too.
    async fn whole_after_some(&self, url: &str, patch: &Patch, context: &WriteContext<'_>) -> Option<Reply> {
        self.put(url, patch, context).await.ok().filter(|answer| answer.status.is_success())
    }

    /// Sends the whole resource for what the server has no PATCH for.
    async fn put_the_rest(&self, url: &str, patch: &Patch, context: &WriteContext<'_>) -> Reply {
        let answer = self.whole_after_some(url, patch, context).await;
        self.puts_in_vain.fetch_or(answer.is_none(), Ordering::Relaxed);
        answer.unwrap_or_else(nothing_said)
    }

    /// The version that the next attribute's write is based on.
    pub(super) async fn version_after(
        &self,
        answer: &Reply,
        url: &str,
        before: &WriteContext<'_>,
    ) -> Result<Option<Fingerprint>, DirectoryError> {
        let Some(planned) = before.fingerprint.as_ref().filter(|planned| self.guards_versions(planned)) else {
            return Ok(before.fingerprint.clone());
        };
        let told = |resource: &Json| {
            let version = get(resource, "meta").and_then(|meta| get(meta, "version")).and_then(Json::as_str)?;
            Some(Fingerprint(version.to_owned()))
        };
        if let Some(version) = answer.resource().as_ref().and_then(told) {
            return Ok(Some(version));
        }
        let held = self.client.once().get(url).await?;
        Ok(held.resource().as_ref().and_then(told).or_else(|| Some(planned.clone())))
    }
}

/// Each attribute of a login alone: what repeats it is written before it, by which a run that was killed is known to be due again.
fn login_last(patch: &Patch) -> VecDeque<Vec<Operation>> {
    let (login, repeats): (Vec<_>, Vec<_>) = patch.operations.iter().cloned().partition(|operation| is_at(operation, LOGIN));
    repeats.into_iter().chain(login).map(|operation| vec![operation]).collect()
}

/// Returns whether an answer to one attribute is about the account or the token.
fn ends_all(answer: &Reply, has_stored: bool) -> bool {
    let is_forbidden_after_others = has_stored && answer.status == StatusCode::FORBIDDEN;
    [401, 403, 404, 410, 412].contains(&answer.status.as_u16()) && !is_forbidden_after_others
}

fn is_success(answer: &Result<Reply, DirectoryError>) -> bool {
    answer.as_ref().is_ok_and(|answer| answer.status.is_success())
}

/// Returns whether a server has no PATCH for an attribute, or fails at it.
fn is_unsupported(answer: &Result<Reply, DirectoryError>) -> bool {
    answer.as_ref().map_or(true, |answer| answer.status == StatusCode::NOT_IMPLEMENTED)
}

/// Returns whether a server that refuses an attribute may have no PATCH at all.
fn may_be_about_patch(answer: &Reply) -> bool {
    [StatusCode::NOT_FOUND, StatusCode::NOT_IMPLEMENTED].contains(&answer.status)
}
