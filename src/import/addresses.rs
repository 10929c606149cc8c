//! The addresses under which users with user names are written: the one beside the user name, if it is nobody else's.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Account, Actual, Desired, DesiredUser, Email, LoginName};

/// Returns the accounts with the addresses under which the roster gets them.
pub(super) fn with_addresses<'a>(state: Cow<'a, Actual>, desired: &Desired) -> Cow<'a, Actual> {
    let Some(list) = state.list.as_deref() else { return state };
    let beside = |account: &Account| {
        let row = list.snapshot.accounts.get(&LoginName::parse(&account.id.0).ok()?)?;
        Email::parse(row.address()?).ok()
    };
    let mut uses: BTreeMap<Email, usize> = BTreeMap::new();
    let known = desired.users.values().flat_map(DesiredUser::addresses).cloned();
    let shown =
        state.accounts.iter().flat_map(|account| beside(account).into_iter().chain([account.email.clone()]).collect::<BTreeSet<Email>>());
    for email in known.chain(shown) {
        *uses.entry(email).or_default() += 1;
    }
    let is_unknown = |account: &&Account| account.email.user_name().is_some();
    let own: Vec<Option<Email>> = (state.accounts.iter())
        .map(|account| Some(account).filter(is_unknown).and_then(beside).filter(|email| uses.get(email) == Some(&1)))
        .collect();
    if own.iter().all(Option::is_none) {
        return state;
    }
    let mut state = state.into_owned();
    for (account, email) in state.accounts.iter_mut().zip(own) {
        if let Some(email) = email {
            account.email = email;
        }
    }
    Cow::Owned(state)
}
