//! Finds users by their logins, without trusting the server's filter.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use futures::StreamExt as _;
use serde_json::{Value as Json, json};

use super::address::{add_others, addresses};
use crate::directory::scim::ScimDirectory;
use crate::directory::scim::client::{Reply, encoded};
use crate::directory::{DirectoryError, Transport};
use crate::model::{Account, Email, Guards, LookUp, PartialCause, ProtocolError, ServerWarning, joined};
use crate::scim::message::read_list;
use crate::scim::paths::SEARCH;
use crate::scim::schema::record_names::user;
use crate::scim::urn;

/// The number of look-ups that run concurrently.
const AT_ONCE: usize = 8;
/// The number of times that somebody is looked up while the server fails.
const TRIES: u32 = 3;

impl<T: Transport> ScimDirectory<T> {
    /// Finds the users with this login, without trusting the server's filter. If the filter finds nobody, or somebody else, the whole list
    /// is read instead.
    pub(in crate::directory::scim) async fn find(&self, email: &Email) -> Result<Vec<Account>, DirectoryError> {
        match self.filtered(email, false).await? {
            Filtered::Users(accounts) if !accounts.is_empty() || self.has_working_filter(email).await? => return Ok(accounts),
            Filtered::Users(_) | Filtered::Refused | Filtered::Failed(_) => {}
            Filtered::Ignored => self.warn(ServerWarning::FiltersIgnored),
        }
        let names = self.names();
        let everybody = self.users(&self.client.once(), &names).await?;
        if let Some(why) = everybody.completeness.partial() {
            return Err(ProtocolError::AccountUnknown { email: email.clone(), why: why.clone() }.into());
        }
        Ok(everybody.resources.into_iter().flatten().map(|listed| listed.account).filter(|a| a.email == *email).collect())
    }

    /// Returns whether the filter finds somebody who is known to have an account: then a filter that finds nobody is believed, and a list that others
    /// are just adding to is not needed.
    async fn has_working_filter(&self, other_than: &Email) -> Result<bool, DirectoryError> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(known) = known.filter(|known| known != other_than) else { return Ok(false) };
        Ok(match self.filtered(&known, false).await? {
            Filtered::Users(accounts) => !accounts.is_empty(),
            Filtered::Ignored | Filtered::Refused | Filtered::Failed(_) => false,
        })
    }

    /// Remembers somebody who has an account.
    pub(in crate::directory::scim) fn remember(&self, email: &Email) {
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(email.clone());
    }

    /// Finds the accounts with the first of these logins, [`Guards::MOST_LOOK_UPS`] at most, by the server's filter alone. Nobody found means nothing: not every server has
    /// filters.
    ///
    /// # Errors
    /// Fails if the server no longer accepts the token, not even for the list.
    pub async fn look_up(&self, emails: &[Email]) -> Result<LookUp, DirectoryError> {
        let questions: Vec<_> =
            emails.iter().take(Guards::MOST_LOOK_UPS).map(|email| async move { (email, self.looked_up_by_both(email).await) }).collect();
        let mut answers = futures::stream::iter(questions).buffered(AT_ONCE);
        let mut all = LookUp::default();
        while let Some((email, (answer, elsewhere))) = answers.next().await {
            for (account, addresses) in elsewhere {
                add_others(&mut all.other_addresses, &account, addresses);
                all.found.push(account);
            }
            match answer {
                Ok(Filtered::Users(accounts)) => all.found.extend(accounts),
                // A server without filters answers in many ways.
                Ok(Filtered::Ignored | Filtered::Refused) => return Ok(all),
                Ok(Filtered::Failed(error)) | Err(error) => {
                    self.confirm_token(&error).await?;
                    all.unanswered = Some(PartialCause::NotLookedUp { email: email.clone(), status: error.status() });
                    return Ok(all);
                }
            }
        }
        if emails.len() > Guards::MOST_LOOK_UPS && self.is_foreign() {
            all.unanswered =
                Some(PartialCause::NotAllLookedUp { asked: Guards::MOST_LOOK_UPS, unasked: emails.len() - Guards::MOST_LOOK_UPS });
        }
        Ok(all)
    }

    /// Asks for the list again after a question that the token was not good for: the list was open to it before.
    async fn confirm_token(&self, error: &DirectoryError) -> Result<(), DirectoryError> {
        if error.status() != Some(401) {
            return Ok(());
        }
        match self.client.once().get(&self.client.below(joined!(user::ENDPOINT, "?startIndex=1&count=1"))).await {
            Err(error) if error.status() == Some(401) => Err(error),
            Ok(_) | Err(_) => Ok(()),
        }
    }

    /// Looks somebody up by their login, and then by `emails`: the account may have another login. Where the server answers no such question,
    /// nothing is known.
    async fn looked_up_by_both(&self, email: &Email) -> (Result<Filtered, DirectoryError>, Vec<(Account, Vec<Email>)>) {
        let by_login = self.looked_up(email).await;
        let has_nobody = if let Ok(Filtered::Users(accounts)) = &by_login { accounts.is_empty() } else { false };
        if !has_nobody || self.finds_no_emails.load(Ordering::Relaxed) {
            return (by_login, Vec::new());
        }
        let found = match self.asked(&format!("emails.value eq {}", json!(email.as_str())), true).await {
            Ok(LookUpAnswer::Users(found)) => found,
            Ok(LookUpAnswer::NotOffered | LookUpAnswer::Failed(_)) | Err(_) => {
                self.finds_no_emails.store(true, Ordering::Relaxed);
                return (by_login, Vec::new());
            }
        };
        let has_it = |user: &Json| addresses(user).contains(email);
        if !found.iter().all(has_it) {
            return (by_login, Vec::new());
        }
        let read = found.iter().filter_map(|user| Some((self.account(user).ok()?, addresses(user).into_iter().collect())));
        (by_login, read.collect())
    }

    /// Looks somebody up, and again if the server fails: a failure says nothing about a filter.
    async fn looked_up(&self, email: &Email) -> Result<Filtered, DirectoryError> {
        for tried in 1..TRIES {
            match self.filtered(email, true).await? {
                Filtered::Failed(error) if error.status() != Some(401) => self.client.lag(tried).await,
                answer @ (Filtered::Failed(_) | Filtered::Users(_) | Filtered::Ignored | Filtered::Refused) => return Ok(answer),
            }
        }
        self.filtered(email, true).await
    }

    /// Asks for the users with this login, during a write only once, since the whole write is tried again.
    async fn filtered(&self, email: &Email, is_patient: bool) -> Result<Filtered, DirectoryError> {
        let found = match self.asked(&format!("userName eq {}", json!(email.as_str())), is_patient).await? {
            LookUpAnswer::Users(found) => found,
            LookUpAnswer::NotOffered => return Ok(Filtered::Refused),
            LookUpAnswer::Failed(error) => return Ok(Filtered::Failed(error)),
        };
        let accounts: Vec<Account> = found.iter().filter_map(|u| self.account(u).ok()).collect();
        let is_filtered = accounts.len() == found.len() && accounts.iter().all(|a| a.email == *email);
        Ok(if is_filtered { Filtered::Users(accounts) } else { Filtered::Ignored })
    }

    /// Asks by a search by POST first, so that no access log contains an address (RFC 7644 section 7.5.2).
    async fn asked(&self, filter: &str, is_patient: bool) -> Result<LookUpAnswer, DirectoryError> {
        let search = json!({ "schemas": [urn::SEARCH_REQUEST], "filter": filter, "startIndex": 1, "count": 10 });
        let by_post = self.client.below(joined!(user::ENDPOINT, SEARCH));
        let by_get = self.client.below(&format!("{}?filter={}", user::ENDPOINT, encoded(filter)));
        let searched =
            if is_patient { self.client.ask_patiently(&by_post, &search).await } else { self.client.once().ask(&by_post, &search).await };
        match found_in(searched) {
            Ok(LookUpAnswer::Users(found)) => Ok(LookUpAnswer::Users(found)),
            // A server that puts off every search may have a filter all the same.
            Err(error) if !(is_patient && error.is_later()) => Err(error),
            Ok(LookUpAnswer::NotOffered | LookUpAnswer::Failed(_)) | Err(_) => {
                found_in(if is_patient { self.client.get_patiently(&by_get).await } else { self.client.once().get(&by_get).await })
            }
        }
    }
}

/// The answer of a server to one of the two ways of asking for somebody.
enum LookUpAnswer {
    /// The users that it found.
    Users(Vec<Json>),
    /// It does not offer such a question. Servers say that in many ways, some with a page of HTML.
    NotOffered,
    /// It failed, or does not allow it.
    Failed(DirectoryError),
}

fn found_in(answer: Result<Reply, DirectoryError>) -> Result<LookUpAnswer, DirectoryError> {
    match answer {
        Ok(answer) if answer.status.is_success() => {
            let list = answer.json().ok().and_then(|list| read_list(&list).ok());
            Ok(list.map_or(LookUpAnswer::NotOffered, |list| LookUpAnswer::Users(list.resources)))
        }
        Ok(answer) if answer.status.as_u16() == 403 => Ok(LookUpAnswer::Failed(answer.refusal())),
        Err(error) if error.is_silence() || error.is_later() => Err(error),
        Err(error) if error.status().is_some() => Ok(LookUpAnswer::Failed(error)),
        Ok(_) | Err(_) => Ok(LookUpAnswer::NotOffered),
    }
}

/// The result of a filter.
enum Filtered {
    /// Users that match.
    Users(Vec<Account>),
    /// Somebody else: the server ignores filters.
    Ignored,
    /// Nothing: the server does not take the filter.
    Refused,
    /// Nothing: the server failed, or does not allow it.
    Failed(DirectoryError),
}
