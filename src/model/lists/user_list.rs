//! The list of users that a workspace without an interface was read from.

use std::collections::BTreeSet;

use crate::model::{
    Desired, DesiredUser, Earlier, Email, LoginName, Moment, Row, RowsByPerson, Snapshot, Standing, Tab, TabRead, TabState, WholeName,
};

/// A list of users, with what is known about its age and completeness.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JudgedList {
    /// The content of the list, and what people attest.
    pub snapshot: Snapshot,
    /// The time at which it was read, epoch milliseconds of this machine's clock.
    pub read_at: i64,
    /// The age in milliseconds from which a tab is stale.
    pub stale_after: i64,
    /// Its tabs.
    pub tabs: Vec<TabState>,
    /// Says whether somebody whom it lacks is known to have no account.
    pub is_complete: bool,
    /// Says whether somebody whom it lacks is known to have no access: they can only be inactive.
    pub shows_all_access: bool,
    /// Says whether the tab of the active users has those who have not accepted their invitation, too: it says that they are not inactive.
    has_joint_tab: bool,
}

/// The tabs that a product has beside that of the active users.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OtherTabs {
    /// Says whether it has one of inactive users.
    pub inactive: bool,
    /// The tab of the users who have not accepted their invitation.
    pub pending: PendingTab,
}

/// The tab that has the users who have not accepted their invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PendingTab {
    /// Nobody is invited.
    Nowhere,
    /// They have a tab of their own.
    Own,
    /// They are among the active users.
    AmongActive,
}

impl JudgedList {
    /// Judges a list of users as of a moment of this machine's clock. `has` says which states accounts of the platform can have; `are_mixed`,
    /// that its tab of active users has the pending ones, too (CHR-1).
    #[must_use]
    pub fn new(snapshot: Snapshot, read_at: i64, stale_after: i64, others: OtherTabs) -> Self {
        let snapshot = with_unblocked(snapshot);
        let is_given = |tab| snapshot.tabs.contains_key(&tab);
        let (has_joint_tab, needs_pending) = match others.pending {
            PendingTab::Nowhere => (false, false),
            PendingTab::Own => (false, true),
            PendingTab::AmongActive => {
                let is_joint = !is_given(Tab::Pending) && !is_given(Tab::All);
                (is_joint, !is_joint)
            }
        };
        let tabs: Vec<TabState> = (snapshot.tabs.iter())
            .map(|(tab, read)| TabState {
                tab: *tab,
                taken: read.taken,
                rows: snapshot.accounts.values().filter(|row| is_in(*tab, row, &snapshot, has_joint_tab)).count(),
                total: read.total,
                filtered: read.filtered,
                is_stale: read_at.saturating_sub(read.taken.millis()) > stale_after || read.taken.is_to_come(read_at),
            })
            .collect();
        let is_complete = |tab| tabs.iter().any(|state| state.tab == tab && state.is_complete());
        let shows_all_access = is_complete(Tab::All) || (is_complete(Tab::Active) && (!needs_pending || is_complete(Tab::Pending)));
        let is_complete = is_complete(Tab::All) || (shows_all_access && (!others.inactive || is_complete(Tab::Inactive)));
        Self { snapshot, read_at, stale_after, tabs, is_complete, shows_all_access, has_joint_tab }
    }

    /// Returns whether somebody whom it lacks is known not to be active: the tab of the active users is complete, whatever the other ones are.
    #[must_use]
    pub fn shows_all_active(&self) -> bool {
        self.tabs.iter().any(|state| state.tab.has_active() && state.is_complete())
    }

    /// Returns whether it says of somebody no more than that they are not inactive: their tab has active and invited users.
    #[must_use]
    pub fn shows_not_inactive(&self, row: &Row) -> bool {
        let inactive = self.tabs.iter().find(|state| state.tab.is_of_inactive());
        // Somebody in the tab of inactive users can have an unknown state, too.
        let has_others = inactive.is_some_and(|state| u64::try_from(state.rows).ok() != state.total);
        self.has_joint_tab
            && row.status.is_none()
            && row.blocked != Some(true)
            && !has_others
            && self.snapshot.tabs.contains_key(&Tab::Active)
    }

    /// Lists the accounts that an earlier list showed with access, that this one lacks, and that nobody in a roster claims although it says who
    /// should have access (`manage: exact`).
    #[must_use]
    pub fn unseen(&self, desired: &Desired) -> Vec<(&LoginName, &Earlier)> {
        if !desired.manage.removes_unlisted() {
            return Vec::new();
        }
        let claimed: BTreeSet<&str> = (desired.users.values())
            .flat_map(|user| {
                let addresses = user.addresses().map(Email::as_str);
                addresses.chain(user.id.iter().map(|id| id.0.as_str()))
            })
            .collect();
        let is_unseen = |(login, one): &(&LoginName, &Earlier)| {
            let is_claimed = claimed.contains(login.as_str()) || desired.users.values().any(|user| has_names_and_address(user, &one.row));
            !is_claimed && !self.snapshot.accounts.contains_key(*login)
        };
        self.snapshot.earlier.iter().filter(is_unseen).collect()
    }

    /// The rows that give access, or of which nobody knows whether they do.
    #[must_use]
    pub fn with_access(&self) -> RowsByPerson<'_> {
        RowsByPerson::new(self.snapshot.accounts.iter().filter(|(_, row)| !row.status.is_some_and(Standing::is_inactive)))
    }

    /// Returns whether a list that shows what was done at a moment should be there by now.
    #[must_use]
    pub fn is_overdue(&self, at: Moment) -> bool {
        self.read_at.saturating_sub(at.millis()) > self.stale_after || at.is_to_come(self.read_at)
    }

    /// Returns whether the tab that shows somebody is too old for a step that takes an administrator away.
    #[must_use]
    pub fn is_stale_for(&self, row: &Row) -> bool {
        let shown_in = self.snapshot.tab_of(row).map(|(tab, _)| tab);
        self.tabs.iter().any(|state| Some(state.tab) == shown_in && state.is_stale)
    }
}

/// The list with everybody as not blocked whom a complete tab of blocked users lacks, as far as no file says otherwise. Its age does not matter: it
/// says so of its own time.
fn with_unblocked(mut snapshot: Snapshot) -> Snapshot {
    let rows = snapshot.accounts.values().filter(|row| row.blocked == Some(true)).count();
    let has_all = |tab: &TabRead| !tab.filtered && tab.total.is_some_and(|total| u64::try_from(rows) == Ok(total));
    if snapshot.tabs.get(&Tab::Blocked).is_some_and(has_all) {
        // Also where nobody is in it, and no file was given.
        snapshot.shows.blocked = true;
        for row in snapshot.accounts.values_mut() {
            row.blocked = row.blocked.or(Some(false));
        }
    }
    snapshot
}

/// Returns whether a row has the names of a user, and the address beside a user name is theirs, too.
fn has_names_and_address(user: &DesiredUser, row: &Row) -> bool {
    let is_own = |address: &str| user.addresses().any(|email| email.as_str() == address);
    let [own, shown] = [&user.fields, &row.fields].map(WholeName::of_fields);
    row.address().is_some_and(is_own) && own.is_some() && own == shown
}

/// Returns whether a tab has a row. Where other tabs were given beside the list of all, nobody knows from which of them a row came: those that the
/// others can have do not count, so that no list counts as complete that may not be.
fn is_in(tab: Tab, row: &Row, snapshot: &Snapshot, has_joint_tab: bool) -> bool {
    match tab {
        Tab::All => !snapshot.tabs.keys().any(|other| !other.has_everybody() && is_in(*other, row, snapshot, has_joint_tab)),
        Tab::Active if has_joint_tab => !row.status.is_some_and(Standing::is_inactive),
        Tab::Active | Tab::Inactive | Tab::Pending => row.status.map(Tab::showing) == Some(tab),
        Tab::Blocked => row.blocked == Some(true),
    }
}
