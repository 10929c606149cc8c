//! Changes of attributes in the forms that servers really accept: one PATCH, one for each attribute, with or without paths, or PUT.

use std::collections::{BTreeSet, VecDeque};
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, Ordering};

use http::{HeaderMap, Method, StatusCode};

use super::content::{FAILURES_OF_ALL, is_about_content, named_in};
use super::write::refused;
use crate::directory::scim::ScimDirectory;
use crate::directory::scim::client::Reply;
use crate::directory::{DirectoryError, Transport, WriteContext};
use crate::model::{Action, Field, Scope};
use crate::scim::ScimType;
use crate::scim::patch::{Operation, Patch};
use crate::scim::schema::record_names::user;

/// A form in which attributes can be changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::directory::scim) enum WriteForm {
    /// One PATCH with all attributes, each with its path.
    #[default]
    Together,
    /// A PATCH for each attribute.
    Apart {
        /// Says whether the attribute is named by its path, or inside the value.
        by_path: bool,
    },
    /// The whole resource.
    Whole,
}

/// The outcome of a form.
pub(super) enum FormOutcome {
    /// The server accepted it, at least in part, or refused it for what is in it.
    Answered(Reply),
    /// The server may accept another form.
    Another(WriteForm),
}

impl<T: Transport> ScimDirectory<T> {
    /// Changes attributes. A server that does not accept a form is offered the next one, and the rest of the run begins with the one that
    /// worked, so that an attribute that the server does not accept spoils only itself (rule 3 of the core).
    pub(in crate::directory::scim) async fn patch(
        &self,
        url: &str,
        patch: &Patch,
        context: &WriteContext<'_>,
    ) -> Result<Reply, DirectoryError> {
        let mut form = self.write_form();
        let keeps_failing = context.failed >= FAILURES_OF_ALL && self.is_foreign();
        if form == WriteForm::Together && keeps_failing {
            form = WriteForm::Apart { by_path: true };
        }
        let mut takes_no_whole = false;
        // Whether what belongs together was sent so, in vain.
        let mut is_refused_as_one = keeps_failing;
        loop {
            is_refused_as_one |= form == WriteForm::Together;
            let sent = match form {
                WriteForm::Together => self.together(url, patch, context).await?,
                WriteForm::Apart { by_path } => self.apart(url, patch, by_path, (is_refused_as_one, takes_no_whole), context).await?,
                WriteForm::Whole => match self.put(url, patch, context).await {
                    // It may be one attribute for which the server allows neither PATCH nor PUT.
                    Ok(answer) if self.may_be_one_attribute(patch, &answer) && !takes_no_whole && self.write_form() != WriteForm::Whole => {
                        takes_no_whole = true;
                        FormOutcome::Another(WriteForm::Apart { by_path: true })
                    }
                    Ok(answer)
                        if self.may_be_one_attribute(patch, &answer)
                            || self.may_split(patch) && self.is_about_one(url, patch, &answer).await =>
                    {
                        let stored = self.put_apart(url, patch, context).await?;
                        self.learn_forbidden(stored.is_some(), &answer);
                        self.allows_nothing.fetch_or(stored.is_none() && is_not_allowed(&answer), Ordering::Relaxed);
                        FormOutcome::Answered(stored.unwrap_or(answer))
                    }
                    Ok(answer) => FormOutcome::Answered(answer),
                    // The server fails at this change in every form, so it is refused.
                    Err(error) if keeps_failing && error.status().is_some_and(|status| status >= 500 && status != 503) => {
                        let stored = if self.may_split(patch) { self.put_apart(url, patch, context).await? } else { None };
                        FormOutcome::Answered(stored.ok_or_else(|| error.as_refusal_of(self.keys(patch)))?)
                    }
                    Err(error) => return Err(error),
                },
            };
            match sent {
                FormOutcome::Answered(answer) => {
                    if answer.status.is_success() && form == WriteForm::Whole {
                        self.learn_form(form);
                    }
                    return Ok(answer);
                }
                FormOutcome::Another(next) => form = next,
            }
        }
    }

    /// The keys of what a change sets; the names of attributes that no field has.
    fn keys(&self, patch: &Patch) -> Vec<String> {
        let paths = patch.operations.iter().filter_map(|operation| operation.path.as_ref());
        let keys = paths.map(|path| {
            let is_at = |field: &Field| {
                let wire = &field.definition().wire;
                wire.attribute == path.attr.name && wire.part == path.attr.sub.as_deref()
            };
            Field::ALL.into_iter().find(is_at).map_or_else(|| path.to_string(), |field| self.platform.catalog().yaml_key(field).to_owned())
        });
        keys.collect()
    }

    async fn together(&self, url: &str, patch: &Patch, context: &WriteContext<'_>) -> Result<FormOutcome, DirectoryError> {
        let answer = self.send_write(Method::PATCH, url, Some(&patch.to_json()), context, &context.idempotency_key).await?;
        if answer.status.is_success() {
            self.takes_paths.store(true, Ordering::Relaxed);
        }
        Ok(match wants_another_form(&answer, self.may_misunderstand()) {
            None if self.may_split(patch) && self.is_about_one(url, patch, &answer).await => {
                FormOutcome::Another(WriteForm::Apart { by_path: true })
            }
            None if self.has_no_patch(url, &answer).await => FormOutcome::Another(WriteForm::Whole),
            None => FormOutcome::Answered(answer),
            Some(Refused::NoPatch) => FormOutcome::Another(WriteForm::Whole),
            Some(Refused::Form) => {
                // The same form for one attribute was just refused.
                let next = WriteForm::Apart { by_path: patch.operations.len() > 1 };
                // Nothing that is asked for once more is asked for in a form that the server says it does not have.
                if answer.status == StatusCode::NOT_IMPLEMENTED {
                    self.learn_form(next);
                }
                FormOutcome::Another(next)
            }
        })
    }

    pub(in crate::directory::scim) const fn is_foreign(&self) -> bool {
        !self.discovery.capabilities.practice_extension
    }

    /// Returns whether a refusal without a kind may mean the form: ours says what it means, and others have perhaps accepted the form before.
    pub(super) fn may_misunderstand(&self) -> bool {
        self.is_foreign() && !self.takes_paths.load(Ordering::Relaxed)
    }

    /// Returns whether an attribute that is refused may keep others from being stored. A server with our extension has all or nothing for a reason.
    fn may_split(&self, patch: &Patch) -> bool {
        patch.operations.len() > 1 && self.is_foreign()
    }

    /// Returns whether a server that does not allow the method may do so because of one attribute: not where it has allowed nobody anything.
    fn may_be_one_attribute(&self, patch: &Patch, answer: &Reply) -> bool {
        is_not_allowed(answer) && self.may_split(patch) && !self.allows_nothing.load(Ordering::Relaxed)
    }

    /// Returns whether a server refuses a change perhaps for one of the attributes in it.
    pub(super) async fn is_about_one(&self, url: &str, patch: &Patch, answer: &Reply) -> bool {
        self.may_forbid_one(answer, &self.forbids_changes) || self.is_about_attributes(url, patch, answer).await
    }

    /// Returns whether a server that forbids a write may do so because of one attribute in it: not if it says that the token lacks the right, or has
    /// forbidden every attribute of somebody before.
    pub(super) fn may_forbid_one(&self, answer: &Reply, forbids_all: &AtomicBool) -> bool {
        self.is_foreign() && answer.status == StatusCode::FORBIDDEN && !answer.lacks_scope() && !forbids_all.load(Ordering::Relaxed)
    }

    /// Remembers what a server answered to a part of a change that it refused.
    pub(super) fn note_answer(&self, context: &WriteContext<'_>, refusal: &Reply) {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers.entry(context.idempotency_key.clone()).or_insert_with(|| refusal.refusal().to_string());
    }

    /// Remembers a server that has forbidden every attribute of a change.
    pub(super) fn learn_forbidden(&self, has_stored: bool, answer: &Reply) {
        self.forbids_changes.fetch_or(!has_stored && answer.status == StatusCode::FORBIDDEN, Ordering::Relaxed);
    }

    /// Returns whether a server refuses a change for an attribute in it, not as a whole. A status such as 403 is about an attribute if the answer
    /// names one; 404 is about a path as long as the user is there.
    pub(super) async fn is_about_attributes(&self, url: &str, patch: &Patch, answer: &Reply) -> bool {
        if is_about_content(answer) || answer.error().scim_type == Some(ScimType::Uniqueness) {
            return true;
        }
        match answer.status.as_u16() {
            404 => self.client.once().get(url).await.is_ok_and(|user| user.status.is_success()),
            409 | 413 => true,
            403 => !named_in(answer, &names(patch)).is_empty(),
            _ => false,
        }
    }

    /// Returns whether a server that finds no user to PATCH has the user, and so no PATCH.
    pub(super) async fn has_no_patch(&self, url: &str, answer: &Reply) -> bool {
        let is_missing = self.is_foreign() && answer.status == StatusCode::NOT_FOUND;
        is_missing && self.client.once().get(url).await.is_ok_and(|user| user.status.is_success())
    }

    /// Returns whether the list shows of nobody what a change sets, so that the server may not store it at all.
    fn shows_nowhere(&self, patch: &Patch) -> bool {
        let listed = self.listed.lock().unwrap_or_else(PoisonError::into_inner);
        let attributes: BTreeSet<&str> = listed.iter().map(|field| field.definition().wire.attribute).collect();
        let mut paths = patch.operations.iter().map(|operation| operation.path.as_ref());
        paths.all(|path| {
            path.is_some_and(|path| {
                ![LOGIN, user::ACTIVE].contains(&path.attr.name.as_str()) && !attributes.contains(path.attr.name.as_str())
            })
        })
    }

    /// Returns what a refused change of attributes means. A refusal that is about them says nothing about the account or the token.
    pub(in crate::directory::scim) async fn refused_change(&self, url: &str, patch: &Patch, answer: &Reply) -> DirectoryError {
        let is_about_them = self.is_about_attributes(url, patch, answer).await || self.shows_nowhere(patch);
        if patch.operations.is_empty() || !self.is_foreign() || !is_about_them {
            return refused(answer, Action::Update);
        }
        let error = answer.refusal();
        if let DirectoryError::Auth { status, scope: Scope::Unknown, why } = error {
            return DirectoryError::Auth { status, scope: Scope::Request, why };
        }
        error
    }
}

/// An answer after which the resource has to be read.
pub(super) fn nothing_said() -> Reply {
    Reply { status: StatusCode::NO_CONTENT, headers: HeaderMap::new(), body: bytes::Bytes::new() }
}

/// The reason why another form may be accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// The server has no PATCH.
    NoPatch,
    /// The server does not accept this form, or one of several attributes in it.
    Form,
}

/// The attributes of a change, each alone, except that the login and what repeats it are one: half an identity is worse than the old one.
/// Those come first that every server takes, since a server is asked a few times only.
pub(super) fn groups(patch: &Patch) -> VecDeque<Vec<Operation>> {
    let is_one = |operation: &Operation| is_at(operation, LOGIN) || repeats_login(operation);
    let has_login = patch.operations.iter().any(|operation| is_at(operation, LOGIN));
    let (login, others): (Vec<_>, Vec<_>) = patch.operations.iter().cloned().partition(|operation| has_login && is_one(operation));
    let login = Some(login).filter(|login| !login.is_empty());
    let (names, others): (Vec<_>, Vec<_>) = others.into_iter().partition(is_name);
    let alone = |operation: Operation| vec![operation];
    names.into_iter().map(alone).chain(login).chain(others.into_iter().map(alone)).collect()
}

fn is_name(operation: &Operation) -> bool {
    operation.path.as_ref().is_some_and(|path| ["name", "displayName"].contains(&path.attr.name.as_str()))
}

pub(super) const LOGIN: &str = "userName";

pub(super) fn is_at(operation: &Operation, attribute: &str) -> bool {
    operation.path.as_ref().is_some_and(|path| path.attr.name == attribute && path.attr.sub.is_none())
}

pub(super) fn is_login(patch: &Patch) -> bool {
    patch.operations.iter().any(|operation| is_at(operation, LOGIN))
}

pub(super) fn repeats_login(operation: &Operation) -> bool {
    is_at(operation, "emails")
}

/// The names of attributes, and of their parts, that a change sets.
fn names(patch: &Patch) -> BTreeSet<String> {
    let attributes = patch.operations.iter().filter_map(|operation| Some(&operation.path.as_ref()?.attr));
    attributes.flat_map(|attribute| [Some(attribute.name.clone()), attribute.sub.clone()]).flatten().collect()
}

/// Returns whether a server does not allow the method for this request.
pub(super) fn is_not_allowed(answer: &Reply) -> bool {
    answer.status == StatusCode::METHOD_NOT_ALLOWED
}

/// Returns why a server may accept the same change in another form; `None` if it answered the change itself.
pub(super) fn wants_another_form(answer: &Reply, may_misunderstand: bool) -> Option<Refused> {
    match answer.status.as_u16() {
        405 => Some(Refused::NoPatch),
        501 => Some(Refused::Form),
        // Servers that do not understand a form say so in many ways.
        400 | 422 if may_misunderstand && [None, Some(ScimType::InvalidSyntax)].contains(&answer.error().scim_type) => Some(Refused::Form),
        400 if answer.error().scim_type == Some(ScimType::InvalidPath) => Some(Refused::Form),
        _ => None,
    }
}
