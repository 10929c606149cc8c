//! The parts that every write needs: headers, the version check, and a way to handle a lost answer.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use http::Method;
use http::header::{HeaderMap, HeaderName, HeaderValue, IF_MATCH};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};

use crate::directory::failpoint::{self, Point};
use crate::directory::scim::ScimDirectory;
use crate::directory::scim::client::{Reply, encoded};
use crate::directory::{DirectoryError, Outcome, Transport, WriteContext, Writer};
use crate::model::{Action, Change, Drift, Fingerprint, ProtocolError, RemoteId, Scope};
use crate::scim::map::is_entity_tag;
use crate::scim::paths;
use crate::scim::write_headers;

/// The most code words that one plan can set, one after the other.
const MOST_WORDS: usize = 8;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static(write_headers::IDEMPOTENCY_KEY);
const PLAN: HeaderName = HeaderName::from_static(write_headers::PLAN);
/// The characters of a name that are escaped: `%`, controls, and all that are not ASCII.
const NOT_IN_HEADER: &AsciiSet = &CONTROLS.add(b'%');
const APPROVER: HeaderName = HeaderName::from_static(write_headers::APPROVER);
const COMMIT: HeaderName = HeaderName::from_static(write_headers::COMMIT);

impl<T: Transport> Writer for ScimDirectory<T> {
    async fn write(&self, change: &Change, context: &WriteContext<'_>) -> Result<Outcome, DirectoryError> {
        let written = match change {
            Change::SetCodeWord => self.set_code_word(context).await,
            Change::CreateClinic { .. }
            | Change::UpdateClinic(_)
            | Change::CreateRole { .. }
            | Change::UpdateRole(_)
            | Change::CreateEmployee { .. }
            | Change::UpdateEmployee(_) => self.write_record(change, context).await,
            Change::CreateAccount(new) => self.create(new, change, context).await,
            Change::Complete { email, followup } => self.write_account(email, &followup.to_account_change(), change, context).await,
            Change::Account { email, change: to_account, .. } => self.write_account(email, to_account, change, context).await,
        };
        let is_earlier = written.is_ok() && !self.took_effect(context);
        let written = written.map(|outcome| match outcome {
            Outcome::Applied { id, fingerprint, passcode: None } if is_earlier => Outcome::AppliedBefore { id, fingerprint },
            other @ (Outcome::Applied { .. } | Outcome::Partly { .. } | Outcome::AppliedBefore { .. } | Outcome::Unchanged) => other,
        });
        written.map_err(|mut error| {
            // A server with our extension says whether it is the token that lacks the right.
            if let DirectoryError::Auth { scope, .. } = &mut error
                && *scope == Scope::Unknown
                && self.discovery.capabilities.practice_extension
            {
                *scope = Scope::Request;
            }
            error
        })
    }
}

impl<T: Transport> ScimDirectory<T> {
    async fn set_code_word(&self, context: &WriteContext<'_>) -> Result<Outcome, DirectoryError> {
        let word = context.code_word.ok_or(ProtocolError::NoCodeWord)?;
        let url = self.client.beside(paths::CODE_WORD).ok_or(ProtocolError::CodeWordNotOffered)?;
        let body = json!({ "codeWord": word.expose() });
        let mut key = context.idempotency_key.clone();
        let mut answer = self.send_write(Method::POST, &url, Some(&body), context, &key).await?;
        // An earlier run of the same plan had another word.
        for _ in 0..MOST_WORDS {
            if answer.status.as_u16() != 409 {
                break;
            }
            key = derived(&key, "another word");
            answer = self.send_write(Method::POST, &url, Some(&body), context, &key).await?;
        }
        if !answer.status.is_success() {
            return Err(answer.refusal());
        }
        Ok(Outcome::Applied { id: RemoteId(String::new()), fingerprint: None, passcode: None })
    }

    /// Returns whether a request of this run has changed something for the change that is now done. An answer that was lost may have.
    fn took_effect(&self, context: &WriteContext<'_>) -> bool {
        let mut effective = self.effective.lock().unwrap_or_else(PoisonError::into_inner);
        effective.remove(&context.idempotency_key) || context.tried > 0 || context.is_put_off
    }

    /// Records that a request of this run has changed something for a change.
    pub(super) fn note_effect(&self, context: &WriteContext<'_>) {
        self.effective.lock().unwrap_or_else(PoisonError::into_inner).insert(context.idempotency_key.clone());
    }

    /// Sends one write. A failure that another try may mend is an error; every other result is an answer. If the change was sent often
    /// enough, whatever else is sent of it gets the latest answer (A8).
    pub(in crate::directory::scim) async fn send_write(
        &self,
        method: Method,
        url: &str,
        body: Option<&Json>,
        context: &WriteContext<'_>,
        key: &str,
    ) -> Result<Reply, DirectoryError> {
        if context.attempts.remaining() == 0
            && let Some((status, headers, body)) = context.attempts.latest_refusal()
        {
            let answer = Reply { status, headers, body };
            return answer.trouble().map_or(Ok(answer), Err);
        }
        let headers = self.headers(context, key);
        failpoint::hit(Point::SentNotApplied);
        context.attempts.add();
        let answer = if context.attempts.remaining() == 0 {
            self.client.send(method, url, body, headers).await?
        } else {
            let (answer, sent) = self.client.press(method, url, body, headers).await?;
            (1..sent).for_each(|_| context.attempts.add());
            answer
        };
        if answer.status.is_success() {
            failpoint::hit(Point::AppliedAnswerLost);
            context.attempts.stored_one();
            if !answer.is_repeated() {
                self.note_effect(context);
            }
        } else {
            context.attempts.refused(answer.status, answer.headers.clone(), answer.body.clone());
        }
        match answer.trouble() {
            Some(error) => Err(error),
            None => Ok(answer),
        }
    }

    fn headers(&self, context: &WriteContext<'_>, key: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let mut put = |name: HeaderName, value: Option<&str>| {
            if let Some(value) = value.and_then(|v| HeaderValue::from_bytes(v.as_bytes()).ok()) {
                headers.insert(name, value);
            }
        };
        put(IDEMPOTENCY_KEY, Some(key));
        put(PLAN, Some(&context.provenance.plan.0));
        // Header fields are ASCII (RFC 9110 section 5.5), and names are not.
        let approver = context.provenance.approver.as_deref().map(|name| utf8_percent_encode(name, NOT_IN_HEADER).to_string());
        put(APPROVER, approver.as_deref());
        put(COMMIT, context.provenance.commit.as_deref());
        put(IF_MATCH, context.fingerprint.as_ref().filter(|f| self.guards_versions(f)).map(|f| f.0.as_str()));
        headers
    }

    /// Returns whether the server itself refuses a write to a version other than this.
    pub(in crate::directory::scim) fn guards_versions(&self, fingerprint: &Fingerprint) -> bool {
        self.discovery.capabilities.etag && is_entity_tag(fingerprint) && !self.compares_nothing.load(Ordering::Relaxed)
    }

    /// Returns the URL of a resource.
    pub(in crate::directory::scim) fn address(&self, endpoint: &str, id: &RemoteId) -> String {
        self.client.below(&format!("{endpoint}/{}", encoded(&id.0)))
    }
}

/// Returns the id of the resource that a change writes to.
pub(in crate::directory::scim) fn id_of(change: &Change, context: &WriteContext<'_>) -> Result<RemoteId, DirectoryError> {
    let known = context.id.clone().or_else(|| change.target().map(|target| target.id.clone()));
    known.ok_or_else(|| ProtocolError::NoIdToWrite { action: change.action() }.into())
}

/// Derives a key for a second request of the same change, so that the server does not take it for the first.
pub(in crate::directory::scim) fn derived(key: &str, what: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(format!("{key} {what}")))
}

/// Returns what an answer means for a resource that should exist.
pub(in crate::directory::scim) fn refused(answer: &Reply, action: Action) -> DirectoryError {
    match answer.status.as_u16() {
        404 if action.adds_supporting_record() => answer.refusal(),
        404 | 410 => DirectoryError::Stale(Drift::Gone),
        _ => answer.refusal(),
    }
}
