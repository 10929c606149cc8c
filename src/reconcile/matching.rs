//! Which account belongs to which user: by pinned id, else by address, else by a former address.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Account, DesiredUser, Email, NoticeKind, RemoteId};

use super::draft::{Because, Draft, user};

/// Users with their accounts, and the accounts that nobody lists.
pub(super) struct Pairs<'a> {
    /// A user and the account found for them; refused users are left out.
    pub(super) users: Vec<(&'a DesiredUser, Option<&'a Account>)>,
    /// Accounts no user was found for.
    pub(super) unlisted: Vec<&'a Account>,
}

/// Pairs users with accounts. Whoever can not be paired safely is refused, and their account is nobody's to remove.
pub(super) fn pair<'a>(draft: &mut Draft<'a>) -> Pairs<'a> {
    let desired = draft.desired;
    let actual = draft.actual;
    let by_id: BTreeMap<&RemoteId, &Account> = actual.accounts.iter().map(|a| (&a.id, a)).collect();
    let mut by_email: BTreeMap<&Email, Vec<&Account>> = BTreeMap::new();
    for account in &actual.accounts {
        by_email.entry(&account.email).or_default().push(account);
    }
    let mut claimed: BTreeSet<&RemoteId> = BTreeSet::new();
    let mut users = Vec::with_capacity(desired.users.len());
    // Pinned ids claim first, then addresses, then former ones: a weaker claim never takes a stronger one's account.
    for strength in [Claim::Id, Claim::Address, Claim::Former] {
        for wanted in desired.users.values().filter(|u| strength == claim_of(u, &by_email)) {
            let found = match strength {
                Claim::Id => match wanted.id.as_ref().and_then(|id| by_id.get(id).copied()) {
                    Some(account) => Ok(Some(account)),
                    None => Err(("id-gone", gone(wanted))),
                },
                Claim::Address => one(by_email.get(&wanted.email).map_or(&[][..], Vec::as_slice)),
                Claim::Former => former(wanted, &by_email),
            };
            match found {
                Ok(Some(account)) if !claimed.insert(&account.id) => draft.refuse(
                    user(&wanted.email),
                    "account",
                    "claimed-twice",
                    Because::new(
                        format!("account {} already belongs to another entry of this roster", account.id),
                        "keep one of the two entries; `id` or `formerly` points both at the same account",
                    )
                    .required_by("X-1"),
                ),
                Ok(Some(account)) => match taken(wanted, account, &by_email) {
                    Some(other) => {
                        claimed.insert(&other.id);
                        draft.refuse(
                            user(&wanted.email),
                            "email",
                            "address-taken",
                            Because::new(
                                format!(
                                    "the entry points at account {}, but {} is the login of account {}",
                                    account.id, wanted.email, other.id
                                ),
                                "correct the `id`, or give the other account its own entry",
                            )
                            .required_by("X-1"),
                        );
                    }
                    None => users.push((wanted, Some(account))),
                },
                Ok(None) => users.push((wanted, None)),
                Err((code, because)) => {
                    for account in std::iter::once(&wanted.email).chain(&wanted.formerly).filter_map(|e| by_email.get(e)).flatten() {
                        claimed.insert(&account.id);
                    }
                    draft.refuse(user(&wanted.email), "account", code, because);
                }
            }
        }
    }
    users.sort_by(|(a, _), (b, _)| a.email.cmp(&b.email));
    warn_of_former_twins(draft, &users, &by_email);
    let unlisted = actual.accounts.iter().filter(|a| !claimed.contains(&a.id)).collect();
    Pairs { users, unlisted }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Claim {
    Id,
    Address,
    Former,
}

fn claim_of(wanted: &DesiredUser, by_email: &BTreeMap<&Email, Vec<&Account>>) -> Claim {
    if wanted.id.is_some() {
        Claim::Id
    } else if wanted.formerly.is_empty() || by_email.contains_key(&wanted.email) {
        Claim::Address
    } else {
        Claim::Former
    }
}

fn gone(wanted: &DesiredUser) -> Because {
    let id = wanted.id.as_ref().map_or("", |id| id.0.as_str());
    Because::new(
        format!("account {id} is gone from the workspace; nobody is invited anew in its place"),
        "find out what became of it; to invite the person anew, take the `id` line out",
    )
    .required_by("X-4")
}

/// A few ids in words.
fn ids(accounts: &[&Account]) -> String {
    const SHOWN: usize = 5;
    let shown: Vec<&str> = accounts.iter().take(SHOWN).map(|a| a.id.0.as_str()).collect();
    let more = accounts.len().saturating_sub(SHOWN);
    if more > 0 { format!("{} and {more} more", shown.join(", ")) } else { shown.join(", ") }
}

fn one<'a>(accounts: &[&'a Account]) -> Result<Option<&'a Account>, (&'static str, Because)> {
    match accounts {
        [] => Ok(None),
        [one] => Ok(Some(one)),
        several => Err((
            "duplicate-account",
            Because::new(
                format!("{} accounts of the workspace have this address: {}", several.len(), ids(several)),
                "pin the right one with `id`, or merge them in the workspace",
            )
            .required_by("X-1"),
        )),
    }
}

fn former<'a>(wanted: &DesiredUser, by_email: &BTreeMap<&Email, Vec<&'a Account>>) -> Result<Option<&'a Account>, (&'static str, Because)> {
    let found: Vec<&'a Account> = wanted.formerly.iter().filter_map(|e| by_email.get(e)).flatten().copied().collect();
    one(&found)
}

/// Another account that has the wanted address, where the entry points at one that has not.
fn taken<'a>(wanted: &DesiredUser, account: &Account, by_email: &BTreeMap<&Email, Vec<&'a Account>>) -> Option<&'a Account> {
    if account.email == wanted.email {
        return None;
    }
    by_email.get(&wanted.email).and_then(|all| all.iter().find(|a| a.id != account.id)).copied()
}

/// Says so where both the present and a former address have an account: they may be one person.
fn warn_of_former_twins(draft: &mut Draft<'_>, users: &[(&DesiredUser, Option<&Account>)], by_email: &BTreeMap<&Email, Vec<&Account>>) {
    for (wanted, account) in users {
        for old in &wanted.formerly {
            let twin = by_email.get(old).into_iter().flatten().find(|a| Some(&a.id) != account.map(|b| &b.id));
            if let (Some(twin), Some(_)) = (twin, account) {
                draft.notice(
                    user(&wanted.email),
                    NoticeKind::Warning,
                    format!("{old} (formerly) is another account, {}: it is treated on its own", twin.id),
                );
            }
        }
    }
}
