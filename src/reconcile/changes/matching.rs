//! Finds the account of each user: by id, or else by address, or else by a former address.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::model::{Account, DesiredUser, Email, NoticeCause, RefusalCause, RemoteId, Row, WholeName, owners};

use super::draft::{PlanDraft, user};
use crate::reconcile::list;
use crate::reconcile::whose::{self, Holder};

/// Users with their accounts, and the accounts without a user.
pub(in crate::reconcile) struct Pairs<'a> {
    /// Each user with the account that was found, or with several that all end; refused users are left out.
    pub(in crate::reconcile) users: Vec<(&'a DesiredUser, Option<&'a Account>)>,
    /// Accounts that somebody who is to be blocked has besides, by the user's address: they are blocked, too, and otherwise treated as without a
    /// user.
    pub(in crate::reconcile) besides: BTreeMap<&'a Email, Vec<&'a Account>>,
    /// Accounts for which no user was found.
    pub(in crate::reconcile) unlisted: Vec<&'a Account>,
}

/// The reason why it is unknown which account a user has.
enum NotFound {
    /// Several accounts have one of the user's addresses.
    Several {
        /// Their ids.
        ids: Box<[RemoteId]>,
        /// Their addresses, if these are former ones.
        former: Box<[Email]>,
    },
    /// No account has the user's id.
    Gone {
        /// The id.
        id: RemoteId,
        /// The account that may be meant.
        other: Option<RemoteId>,
    },
}

impl NotFound {
    fn refusal(self) -> RefusalCause {
        match self {
            Self::Several { ids, former } => RefusalCause::DuplicateAccount { ids, former },
            Self::Gone { id, other } => RefusalCause::IdGone { id, other },
        }
    }
}

/// The accounts of a workspace in the order of their addresses, to be looked up and claimed.
struct AccountIndex<'a> {
    accounts: Vec<&'a Account>,
    /// Positions in `accounts`, in the order of ids; empty if nobody asks for an id.
    by_id: Vec<usize>,
    /// Says which of `accounts` belong to a user of the roster.
    claimed: Vec<bool>,
    /// The place where the last address was found, or would have been: users come in the order of their addresses, so the next one is near.
    last: Cell<usize>,
}

impl<'a> AccountIndex<'a> {
    fn index(draft: &PlanDraft<'a>) -> Self {
        let mut accounts: Vec<&Account> = draft.actual.accounts.iter().collect();
        accounts.sort_by(|a, b| a.email.cmp(&b.email).then_with(|| a.id.cmp(&b.id)));
        let mut by_id = Vec::new();
        if !draft.actual.other_addresses.is_empty() || draft.desired.users.values().any(|user| user.id.is_some()) {
            by_id.extend(0..accounts.len());
            by_id.sort_by_key(|&at| accounts.get(at).map(|account| &account.id));
        }
        let claimed = vec![false; accounts.len()];
        Self { accounts, by_id, claimed, last: Cell::new(0) }
    }

    /// Finds the positions of the accounts with that address.
    fn at(&self, email: &Email) -> Range<usize> {
        let is_before = |at: usize| self.accounts.get(at).is_some_and(|account| account.email < *email);
        let last = self.last.get();
        let near = (last..last + 2).find(|at| !is_before(*at) && at.checked_sub(1).is_none_or(is_before));
        let from = near.unwrap_or_else(|| self.accounts.partition_point(|account| account.email < *email));
        self.last.set(from);
        let same = self.accounts.iter().skip(from).take_while(|account| account.email == *email).count();
        from..from + same
    }

    /// Finds the position of the account with that id.
    fn with_id(&self, id: &RemoteId) -> Option<usize> {
        let id_at = |at: &usize| self.accounts.get(*at).map(|account| &account.id);
        let found = self.by_id.binary_search_by(|at| id_at(at).cmp(&Some(id))).ok()?;
        self.by_id.get(found).copied()
    }

    /// Finds an account whose id differs in case only.
    fn near(&self, id: &RemoteId) -> Option<RemoteId> {
        self.accounts.iter().map(|account| &account.id).find(|known| known.0.to_lowercase() == id.0.to_lowercase()).cloned()
    }

    /// Returns the only account of these; an error if there are several.
    fn one(&self, places: &[usize]) -> Result<Option<usize>, NotFound> {
        match places {
            [] => Ok(None),
            [one] => Ok(Some(*one)),
            several => {
                let ids = several.iter().filter_map(|&at| Some(self.accounts.get(at)?.id.clone())).collect();
                Err(NotFound::Several { ids, former: Box::default() })
            }
        }
    }

    /// Returns the only account with one of these former addresses; an error if there are several.
    fn one_of_former(&self, formerly: &[Email]) -> Result<Option<usize>, NotFound> {
        let places: Vec<usize> = formerly.iter().flat_map(|old| self.at(old)).collect();
        self.one(&places).map_err(|_| {
            let (ids, former) = places
                .iter()
                .filter_map(|&at| self.accounts.get(at))
                .map(|held| (held.id.clone(), held.email.clone()))
                .unzip::<_, _, Vec<_>, Vec<_>>();
            NotFound::Several { ids: ids.into(), former: former.into() }
        })
    }

    /// Finds the positions of the accounts with that address that no user has claimed.
    fn free_at(&self, email: &Email) -> Vec<usize> {
        self.at(email).filter(|at| self.claimed.get(*at) == Some(&false)).collect()
    }

    /// Claims an account for a user, and returns whether nobody had claimed it before.
    fn claim(&mut self, at: usize) -> bool {
        self.claimed.get_mut(at).is_some_and(|claimed| !std::mem::replace(claimed, true))
    }

    /// Lists the accounts that belong to no user, in the order of ids.
    fn unlisted(&self) -> Vec<&'a Account> {
        let mut left: Vec<&Account> = self.accounts.iter().zip(&self.claimed).filter(|(_, claimed)| !**claimed).map(|(a, _)| *a).collect();
        left.sort_by(|a, b| a.id.cmp(&b.id));
        left
    }
}

/// Pairs users with accounts. A user who cannot be paired safely is refused, and the account is not removed.
pub(in crate::reconcile) fn pair<'a>(draft: &mut PlanDraft<'a>) -> Pairs<'a> {
    let mut book = AccountIndex::index(draft);
    let is_unclear = draft.actual.list.as_deref().is_some_and(|list| !list.is_complete);
    let mut users = Vec::with_capacity(draft.desired.users.len());
    // Accounts that may belong to a user who was not found: they are not inactivated, and others may still claim them.
    let mut unclear: Vec<usize> = Vec::new();
    // Users whose account nobody found in a list of users.
    let mut gone = Vec::new();
    // Ids are claimed first, then addresses, then former ones: a weaker claim never takes the account of a stronger one.
    let mut entries: Vec<(Claim<'_>, &DesiredUser)> =
        draft.desired.users.values().map(|wanted| (claim_of(wanted, &book, is_unclear), wanted)).collect();
    entries.sort_by_key(|(claim, _)| claim.strength());
    for (claim, wanted) in entries {
        let found = match claim {
            // Nobody whom an incomplete list lacks is called gone.
            Claim::Id(id) if is_unclear => Ok(book.with_id(id)),
            // Nobody invites somebody anew who should have no access: what counts is the account with their address.
            Claim::LostId => book.one(&book.free_at(&wanted.email)),
            Claim::Id(id) => book.with_id(id).map(Some).ok_or_else(|| {
                let by_address = || book.free_at(&wanted.email).first().and_then(|at| Some(book.accounts.get(*at)?.id.clone()));
                let other = book.near(id).or_else(by_address);
                NotFound::Gone { id: id.clone(), other }
            }),
            Claim::Address => book.one(&book.at(&wanted.email).collect::<Vec<_>>()),
            Claim::Former => book.one_of_former(&wanted.formerly),
        };
        match found.map(|at| at.and_then(|at| Some((at, *book.accounts.get(at)?)))) {
            Ok(None) => users.push((wanted, None)),
            Ok(Some((at, account))) if !book.claim(at) => {
                draft.refuse(user(&wanted.email), RefusalCause::ClaimedTwice { id: account.id.clone() });
            }
            Ok(Some((_, account))) => match pointed_elsewhere(draft, wanted, account, &book) {
                None => users.push((wanted, Some(account))),
                Some(LoginElsewhere { at, pointed, holder }) => {
                    // Whose account it is, nobody knows; but an exact roster that calls them inactive ends it in either case.
                    let leaves_anyway =
                        account.email == wanted.email && !wanted.status.is_active() && draft.desired.manage.removes_unlisted();
                    unclear.extend((!leaves_anyway).then_some(at));
                    let (id, other, email) = (pointed.id.clone(), holder.id.clone(), wanted.email.clone());
                    let (login, leaves) = (Some(pointed.email.clone()), !wanted.status.is_active());
                    draft.refuse(user(&wanted.email), RefusalCause::AddressTaken { id, other, email, login, leaves });
                }
            },
            Err(why) => {
                let may_leave = !wanted.status.is_active() && draft.actual.list.is_none();
                let other = match &why {
                    NotFound::Several { ids, former: _ } if may_leave => {
                        users.extend(all_of(ids, &mut book).into_iter().map(|account| (wanted, Some(account))));
                        continue;
                    }
                    NotFound::Several { .. } => None,
                    NotFound::Gone { id: _, other } => other.as_ref(),
                };
                let own = wanted.addresses().flat_map(|email| book.at(email));
                let before = unclear.len();
                unclear.extend(own);
                unclear.extend(other.and_then(|other| book.with_id(other)));
                let cause = why.refusal();
                if unclear.len() == before && draft.actual.list.is_some() {
                    gone.push((wanted, cause));
                } else {
                    draft.refuse(user(&wanted.email), cause);
                }
            }
        }
    }
    for at in unclear {
        book.claim(at);
    }
    end_former_too(draft, &mut users, &mut book);
    for (wanted, cause) in gone {
        // Whether the row with their names is theirs, a person is asked.
        let beside = |account: &Account| list::row(draft.actual, account).and_then(Row::address);
        if book.unlisted().iter().any(|account| owners::may_be(wanted, &account.fields, beside(account))) {
            users.push((wanted, None));
        } else {
            draft.refuse(user(&wanted.email), cause);
        }
    }
    doubt_other_addresses(draft, &mut users, &mut book);
    // Newcomers last: which employee records are free then, the accounts decide.
    users.sort_by(|(a, one), (b, other)| (one.is_none(), &a.email).cmp(&(other.is_none(), &b.email)));
    let besides: BTreeMap<&Email, Vec<&Account>> = (users.iter())
        .filter(|(wanted, _)| wanted.status.is_active() && wanted.is_blocked())
        .map(|(wanted, account)| (&wanted.email, former_too(draft, wanted, *account, &book).into_iter().map(|(_, held)| held).collect()))
        .collect();
    warn_of_former_twins(draft, &users, &besides, &book);
    Pairs { users, besides, unlisted: book.unlisted() }
}

/// Says which accounts have the address of a user in `emails` alone. A user without an account who may have one of these is left out, and the
/// account is not removed.
fn doubt_other_addresses<'a>(
    draft: &mut PlanDraft<'a>,
    users: &mut Vec<(&'a DesiredUser, Option<&'a Account>)>,
    book: &mut AccountIndex<'a>,
) {
    if draft.actual.other_addresses.is_empty() {
        return;
    }
    let mut own: BTreeMap<&Email, (&DesiredUser, BTreeSet<&RemoteId>)> = BTreeMap::new();
    for (wanted, account) in users.iter() {
        let (_, ids) = own.entry(&wanted.email).or_insert_with(|| (*wanted, BTreeSet::new()));
        ids.extend(account.map(|account| &account.id));
    }
    for (email, (wanted, ids)) in own {
        let places: Vec<usize> = whose::holders(draft.actual, wanted).difference(&ids).filter_map(|id| book.with_id(id)).collect();
        let holder = |at: &usize| {
            let is_anothers = book.claimed.get(*at) == Some(&true);
            Some(Holder { account: book.accounts.get(*at).copied()?, is_anothers })
        };
        let holders: Vec<Holder<'_>> = places.iter().filter_map(holder).collect();
        if whose::say(draft, wanted, !ids.is_empty(), &holders) {
            users.retain(|(user, _)| user.email != *email);
            for at in places {
                book.claim(at);
            }
        }
    }
}

/// Claims several accounts of somebody who should have no access: whichever is theirs, it ends. Inactive ones are left as they are, unless
/// all of them are.
fn all_of<'a>(ids: &[RemoteId], book: &mut AccountIndex<'a>) -> Vec<&'a Account> {
    let places: Vec<(usize, &Account)> =
        book.accounts.iter().copied().enumerate().filter(|(_, account)| ids.contains(&account.id)).collect();
    let (inactive, mut active): (Vec<&Account>, Vec<&Account>) =
        places.into_iter().filter(|(at, _)| book.claim(*at)).map(|(_, account)| account).partition(|account| account.state.inactive);
    if active.is_empty() {
        active.extend(inactive.first());
    }
    active
}

/// Claims the accounts that somebody who should have no access has besides: all of them end.
fn end_former_too<'a>(draft: &PlanDraft<'a>, users: &mut Vec<(&'a DesiredUser, Option<&'a Account>)>, book: &mut AccountIndex<'a>) {
    let mut former = Vec::new();
    for (wanted, account) in users.iter().filter(|(wanted, _)| !wanted.status.is_active()) {
        let theirs = former_too(draft, wanted, *account, book).into_iter();
        former.extend(theirs.filter(|(at, _)| book.claim(*at)).map(|(_, held)| (*wanted, Some(held))));
    }
    // Somebody whose id is gone has these accounts instead.
    let found: BTreeSet<&Email> = former.iter().map(|(wanted, _)| &wanted.email).collect();
    users.retain(|(wanted, account)| account.is_some() || !found.contains(&wanted.email));
    users.extend(former);
}

/// Finds the accounts that somebody has besides, at former addresses and under the same name, and that nobody has claimed. Under another name,
/// or none, it may be somebody else's by now.
fn former_too<'a>(
    draft: &PlanDraft<'a>,
    wanted: &DesiredUser,
    account: Option<&Account>,
    book: &AccountIndex<'a>,
) -> Vec<(usize, &'a Account)> {
    let Some(name) = WholeName::of_fields(&wanted.fields).filter(|_| draft.actual.list.is_none()) else { return Vec::new() };
    let is_theirs = |held: &Account| {
        account.is_none_or(|account| account.id != held.id)
            && !held.state.inactive
            && WholeName::of_fields(&held.fields).as_ref() == Some(&name)
    };
    let former: BTreeSet<usize> = wanted.formerly.iter().flat_map(|email| book.free_at(email)).collect();
    let found = former.into_iter().filter_map(|at| Some((at, *book.accounts.get(at)?)));
    found.filter(|(_, held)| is_theirs(held)).collect()
}

/// The way in which a user claims an account.
#[derive(Clone, Copy)]
enum Claim<'a> {
    Id(&'a RemoteId),
    /// Somebody without access has the id of no account: their address is what counts.
    LostId,
    Address,
    Former,
}

impl Claim<'_> {
    /// The strongest claim is the smallest.
    const fn strength(self) -> u8 {
        match self {
            Self::Id(_) => 0,
            Self::LostId | Self::Address => 1,
            Self::Former => 2,
        }
    }
}

fn claim_of<'a>(wanted: &'a DesiredUser, book: &AccountIndex<'_>, is_unclear: bool) -> Claim<'a> {
    match &wanted.id {
        Some(id) if wanted.status.is_active() || is_unclear || book.with_id(id).is_some() => Claim::Id(id),
        Some(_) => Claim::LostId,
        None if wanted.formerly.is_empty() || !book.at(&wanted.email).is_empty() => Claim::Address,
        None => Claim::Former,
    }
}

/// An entry whose address is the login of another account than the one that it points at.
struct LoginElsewhere<'a> {
    /// The place of the account that was not found first.
    at: usize,
    /// The account that the entry points at, by `id` or `formerly`.
    pointed: &'a Account,
    /// The account that has the address.
    holder: &'a Account,
}

/// Finds the other account where an entry points at one and has the address of another. A former address points at an account beside that
/// of the present one only if the names say that it is the user's, and the other one somebody else's; an account that had the present address
/// counts like one.
fn pointed_elsewhere<'a>(
    draft: &PlanDraft<'a>,
    wanted: &DesiredUser,
    account: &'a Account,
    book: &AccountIndex<'a>,
) -> Option<LoginElsewhere<'a>> {
    let at =
        |email: &Email| book.at(email).filter_map(|at| Some((at, *book.accounts.get(at)?))).filter(|(_, other)| other.id != account.id);
    if account.email != wanted.email {
        return at(&wanted.email).next().map(|(at, holder)| LoginElsewhere { at, pointed: account, holder });
    }
    if wanted.id.is_some() {
        return None;
    }
    let had = draft.had(&wanted.email).filter(|other| other.id != account.id);
    let had = had.filter_map(|other| Some((book.accounts.iter().position(|held| std::ptr::eq(*held, other))?, other)));
    let mut former = wanted.formerly.iter().flat_map(at).chain(had).peekable();
    former.peek()?;
    let name = WholeName::of_fields(&wanted.fields)?;
    if !WholeName::of_fields(&account.fields)?.is_anothers(&name) {
        return None;
    }
    let is_theirs = |other: &Account| WholeName::of_fields(&other.fields).is_some_and(|held| !held.is_anothers(&name));
    former.find(|(_, other)| is_theirs(other)).map(|(at, pointed)| LoginElsewhere { at, pointed, holder: account })
}

/// Warns if both the present and a former address have an account: they may belong to one person. So may the only one of somebody whose id is
/// gone, who should have no access.
fn warn_of_former_twins(
    draft: &mut PlanDraft<'_>,
    users: &[(&DesiredUser, Option<&Account>)],
    besides: &BTreeMap<&Email, Vec<&Account>>,
    book: &AccountIndex<'_>,
) {
    // Of somebody who leaves or is blocked, both can be theirs.
    let also = besides.iter().flat_map(|(email, accounts)| accounts.iter().map(|held| (*email, &held.id)));
    let pairs: BTreeSet<(&Email, &RemoteId)> =
        users.iter().filter_map(|(wanted, held)| Some((&wanted.email, &held.as_ref()?.id))).chain(also).collect();
    let is_list = draft.actual.list.is_some();
    for (wanted, _) in users.iter().filter(|(_, account)| account.is_some() || !is_list) {
        for old in &wanted.formerly {
            let is_another = |held: &&&Account| !pairs.contains(&(&wanted.email, &held.id));
            let twin = book.at(old).filter_map(|at| book.accounts.get(at)).find(is_another);
            if let Some(twin) = twin {
                draft.notice(user(&wanted.email), NoticeCause::FormerlyAnother { former: old.clone(), id: twin.id.clone() });
            }
        }
    }
}
