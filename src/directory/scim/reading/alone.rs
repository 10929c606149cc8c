//! Compares the list of users with some users alone: a list may say less of its users than each of them does (RFC 7644 section 3.4.2).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use futures::StreamExt as _;

use crate::directory::Transport;
use crate::directory::scim::ScimDirectory;
use crate::model::{Account, Field, RemoteId};
use crate::scim::map;
use crate::scim::schema::record_names::user;

/// The most users who are read one by one if the list says less than they do.
const MOST_ALONE: usize = 1000;
/// The number of them that are read at once.
const AT_ONCE: usize = 8;
/// The most users who are read to find out whether they show more than the list.
const SAMPLE: usize = 100;

impl<T: Transport> ScimDirectory<T> {
    /// Reads every user alone if some show more than the list shows of anybody, and gives up the versions of the list if users alone have
    /// others: some servers write them otherwise there, or not at all.
    pub(in crate::directory::scim) async fn look_closer(&self, accounts: &mut [Account]) {
        if self.discovery.capabilities.practice_extension || accounts.is_empty() {
            return;
        }
        let (mut same_versions, mut says_less) = (false, false);
        for at in BTreeSet::from([0, accounts.len() / 2, accounts.len() - 1]) {
            let Some(listed) = accounts.get(at) else { continue };
            let Some(alone) = self.alone(&listed.id).await else {
                same_versions = true;
                continue;
            };
            // Somebody may be changed meanwhile, so one user with the same version is enough.
            same_versions |= !map::is_entity_tag(&listed.fingerprint) || alone.fingerprint == listed.fingerprint;
            says_less |= shown(&alone).any(|field| !self.lists(field));
        }
        let reads_alone = says_less || self.reads_alone.load(Ordering::Relaxed);
        if reads_alone && accounts.len() <= MOST_ALONE {
            self.reads_alone.store(true, Ordering::Relaxed);
            let ids: Vec<RemoteId> = accounts.iter().map(|account| account.id.clone()).collect();
            let alone = self.each_alone(&ids).await;
            self.listed.lock().unwrap_or_else(PoisonError::into_inner).extend(alone.iter().flat_map(shown));
            replace(accounts, alone);
        } else if !same_versions {
            self.own_versions.store(true, Ordering::Relaxed);
        }
        if self.own_versions.load(Ordering::Relaxed) {
            for account in accounts.iter_mut() {
                account.fingerprint = map::own_fingerprint(account);
            }
        }
        let known: Vec<RemoteId> = self.known_alone.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect();
        if !known.is_empty() {
            replace(accounts, self.each_alone(&known).await);
        }
    }

    /// Reads some users alone, now and whenever the list is read again, if any of them shows more than the list shows of anybody. Returns
    /// whether it is so.
    pub async fn read_alone(&self, accounts: &mut [Account], who: &[RemoteId]) -> bool {
        if self.discovery.capabilities.practice_extension || self.reads_alone.load(Ordering::Relaxed) {
            return false;
        }
        let step = who.len().div_ceil(SAMPLE).max(1);
        let sample: Vec<RemoteId> = who.iter().step_by(step).cloned().collect();
        let alone = self.each_alone(&sample).await;
        if !alone.iter().flat_map(shown).any(|field| !self.lists(field)) {
            return false;
        }
        self.known_alone.lock().unwrap_or_else(PoisonError::into_inner).extend(who.iter().take(MOST_ALONE).cloned());
        let others: Vec<RemoteId> = who.iter().take(MOST_ALONE).filter(|id| !sample.contains(id)).cloned().collect();
        replace(accounts, alone);
        replace(accounts, self.each_alone(&others).await);
        true
    }

    /// Reads users one by one; those that cannot be read are left out.
    async fn each_alone(&self, ids: &[RemoteId]) -> Vec<Account> {
        let questions: Vec<_> = ids.iter().map(|id| self.alone(id)).collect();
        futures::stream::iter(questions).buffered(AT_ONCE).filter_map(std::future::ready).collect().await
    }

    fn lists(&self, field: Field) -> bool {
        self.listed.lock().unwrap_or_else(PoisonError::into_inner).contains(&field)
    }

    /// Reads one user; `None` if that fails, since the list has them.
    async fn alone(&self, id: &RemoteId) -> Option<Account> {
        if self.client.is_putting_off() {
            return None;
        }
        let answer = self.client.get_patiently(&self.address(user::ENDPOINT, id)).await.ok().filter(|answer| answer.status.is_success())?;
        self.account(&answer.resource()?).ok().filter(|account| account.id == *id)
    }
}

fn replace(accounts: &mut [Account], alone: Vec<Account>) {
    let mut alone: BTreeMap<RemoteId, Account> = alone.into_iter().map(|account| (account.id.clone(), account)).collect();
    for account in accounts {
        if let Some(alone) = alone.remove(&account.id) {
            *account = alone;
        }
    }
}

fn shown(account: &Account) -> impl Iterator<Item = Field> {
    account.fields.iter().filter(|(_, value)| !value.is_empty()).map(|(field, _)| field)
}
