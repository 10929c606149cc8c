//! Compares a value that somebody attests with the list: the one place that decides whether the list is newer, and what it shows.

use crate::model::{
    Action, Attestation, BlockSet, DAY, Desired, DesiredBlock, DesiredUser, Email, Field, JudgedList, LoginName, Manage, Moment, NAME, Row,
    Snapshot, Standing, StepValue, Tab, Value, ValueRef,
};
use crate::platform::field_rules::ChangedBy;
use crate::platform::{self, Catalog};

use super::logins::Logins;

/// The verdict of the list about a value that somebody attests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::reconcile) enum Verdict {
    /// It is older, or it does not show the value: the attestation counts.
    Silent,
    /// It is newer, and shows the same.
    Same,
    /// It is newer, and shows otherwise.
    Otherwise {
        /// The time at which it was taken.
        taken: Moment,
    },
    /// It is newer, and proves neither: the person no longer has an account, or the value came about without this step.
    Gone,
    /// It is newer, and does not tell whether the step was done: an account that no tab has may have another login by now, and an invitation that was
    /// sent again may have expired again.
    Unclear,
    /// It is newer, and shows another value, which is the member's own: nobody else could have set it.
    Members,
}

impl Verdict {
    /// Returns whether the attestation counts.
    pub(in crate::reconcile) const fn lets_count(self) -> bool {
        match self {
            Self::Silent => true,
            Self::Same | Self::Otherwise { .. } | Self::Gone | Self::Unclear | Self::Members => false,
        }
    }

    /// Returns whether the list shows a value that nobody but the member can have chosen.
    pub(super) const fn is_members_own(self) -> bool {
        match self {
            Self::Members => true,
            Self::Silent | Self::Same | Self::Otherwise { .. } | Self::Gone | Self::Unclear => false,
        }
    }
}

/// Compares what people attest with one list.
pub(in crate::reconcile) struct Judge<'a> {
    pub(super) desired: &'a Desired,
    pub(super) list: &'a JudgedList,
    pub(in crate::reconcile) logins: Logins<'a>,
    catalog: &'static Catalog,
}

impl<'a> Judge<'a> {
    pub(in crate::reconcile) fn new(desired: &'a Desired, list: &'a JudgedList) -> Self {
        let catalog = platform::by_id(&desired.platform).catalog();
        Self { desired, list, logins: Logins::new(desired, &list.snapshot), catalog }
    }

    /// The login that the list has for a person, or else the roster's address.
    pub(in crate::reconcile) fn present<'l>(&'l self, login: &'l LoginName) -> &'l str {
        self.logins.present(login)
    }

    /// Judges one value of an attestation. `login` is the person's present one.
    ///
    /// A list of the same second is not newer: a person who ticks a step has the list before them.
    pub(in crate::reconcile) fn verdict(&self, login: &str, value: StepValue, one: &Attestation) -> Verdict {
        // No list of users shows employee records (PBN-3).
        if one.change.added_record() {
            return Verdict::Silent;
        }
        if self.is_older_passcode(login, value, one) {
            return Verdict::Gone;
        }
        let list = self.list;
        let row = self.row(login);
        let (taken, shown) = match row {
            Some(row) => (covered_by(list, row, value), self.shown(row, login, value, one)),
            // Each tab that could show them has its own time.
            None => (list.snapshot.tabs.values().map(|tab| tab.taken).min(), self.absent(login, value, one)),
        };
        let newer = taken.filter(|taken| one.at < *taken);
        if one.settled.contains(&value) {
            return if one.contradicted.contains(&value) { Verdict::Gone } else { Verdict::Unclear };
        }
        if one.contradicted.contains(&value) && !self.is_members(row, value) {
            // The step was not done: a list that shows less changes nothing about that, and one that shows the value shows another's work.
            return match (&shown, newer) {
                (ListShows::Same | ListShows::NoAccount | ListShows::Unclear, Some(_)) => Verdict::Gone,
                (
                    ListShows::Same
                    | ListShows::NoAccount
                    | ListShows::Unclear
                    | ListShows::Nothing
                    | ListShows::Otherwise
                    | ListShows::Members,
                    taken,
                ) => Verdict::Otherwise { taken: taken.or_else(|| list.snapshot.taken()).unwrap_or(one.at) },
            };
        }
        let Some(taken) = newer else { return Verdict::Silent };
        match shown {
            ListShows::Nothing => Verdict::Silent,
            ListShows::Same => Verdict::Same,
            ListShows::Otherwise => Verdict::Otherwise { taken },
            ListShows::NoAccount => Verdict::Gone,
            ListShows::Unclear => Verdict::Unclear,
            ListShows::Members => Verdict::Members,
        }
    }

    /// Returns whether it is about a passcode that the roster wants to be made anew since (AR-11).
    fn is_older_passcode(&self, login: &str, value: StepValue, one: &Attestation) -> bool {
        let wanted = || self.logins.user(login).and_then(|user| user.passcode?.made_since(self.list.read_at));
        match value {
            StepValue::Passcode => wanted().is_some_and(|since| one.at < since),
            StepValue::Field(_) | StepValue::Status | StepValue::Blocked => false,
        }
    }

    /// Returns whether a new account of the product begins with an invitation.
    pub(super) const fn has_invitations(&self) -> bool {
        self.catalog.states.pending
    }

    /// Returns whether the next list can show a value of an attestation that counts: this one has such a column.
    pub(super) fn waits(&self, login: &str, value: StepValue, one: &Attestation) -> bool {
        let shows = &self.list.snapshot.shows;
        let can_show = match value {
            StepValue::Field(field) => (field == Field::Email || shows.fields.contains(&field)) && !self.hides(login, field),
            // That an expired invitation can be accepted again.
            StepValue::Status if renews(one) => shows.status && self.row(login).is_some_and(|row| row.is_expired),
            StepValue::Status => shows.status,
            StepValue::Blocked => shows.blocked,
            StepValue::Passcode => false,
        };
        can_show && !one.change.added_record()
    }

    /// Returns whether the product shows no names of somebody who has not accepted the invitation (CHR-4).
    fn hides(&self, login: &str, field: Field) -> bool {
        let is_pending = self.row(login).is_some_and(|row| row.status.is_some_and(Standing::is_pending) && row.fields.get(field).is_none());
        is_pending && NAME.contains(&field) && self.catalog.list.nameless.is_some()
    }

    /// The row of a person with a present login.
    pub(super) fn row(&self, login: &str) -> Option<&'a Row> {
        self.list.snapshot.accounts.get(&LoginName::parse(login).ok()?)
    }

    /// Returns whether a value is the member's own in the state that a row shows: then another one contradicts nobody (AR-3, AR-13, CHR-4).
    fn is_members(&self, row: Option<&Row>, value: StepValue) -> bool {
        let by = value.field().and_then(|field| Some(self.catalog.field(field)?.by));
        match by {
            Some(ChangedBy::Member) => true,
            Some(ChangedBy::Suggestion | ChangedBy::BeforeAcceptance) => {
                row.is_some_and(|row| !row.status.is_some_and(Standing::is_pending))
            }
            Some(ChangedBy::Admin) | None => false,
        }
    }

    fn shown(&self, row: &Row, login: &str, value: StepValue, one: &Attestation) -> ListShows {
        let set = &one.set;
        let compared = match value {
            StepValue::Field(field) => {
                let said = set.fields.get(field).unwrap_or(ValueRef::Unset);
                // The login is the address, unless the product has user names.
                let login = (field == Field::Email && Email::parse(login).is_ok()).then_some(ValueRef::Text(login));
                row.fields.get(field).or(login).map(|shown| shown.is_same(said, field))
            }
            StepValue::Status if is_expired_again(row, value, one) => {
                let age = covered_by(self.list, row, value).map(|taken| taken.millis().saturating_sub(one.at.millis()));
                // Later, nobody knows whether an invitation that was sent again has expired again.
                let was_not_sent = one.contradicted.contains(&value) || age.is_some_and(|age| age < SHORTEST_INVITATION);
                return if was_not_sent { ListShows::Otherwise } else { ListShows::Unclear };
            }
            // Before and after an invitation is sent again, a list shows the same, unless it called the invitation expired.
            StepValue::Status if renews(one) && !row.status.is_some_and(Standing::is_inactive) => {
                return match (one.proved.contains(&value), one.contradicted.contains(&value)) {
                    (true, _) => ListShows::Same,
                    (false, true) => ListShows::NoAccount,
                    (false, false) => ListShows::Nothing,
                };
            }
            StepValue::Status if self.list.shows_not_inactive(row) => set.status.map(|said| !said.is_inactive()),
            // An invitation may have been accepted since.
            StepValue::Status => {
                row.status.map(|shown| set.status == Some(shown) || set.status.is_some_and(|said| said.becomes_by_acceptance(shown)))
            }
            StepValue::Blocked => row.blocked.map(|shown| set.blocked.map(BlockSet::blocks) == Some(shown)),
            StepValue::Passcode => None,
        };
        match compared {
            Some(true) => ListShows::Same,
            Some(false) if self.is_members(Some(row), value) => ListShows::Members,
            Some(false) => ListShows::Otherwise,
            None => ListShows::Nothing,
        }
    }

    /// Returns what the list shows of somebody whom it lacks. An incomplete one shows nothing, nor does one that may have them under another login.
    fn absent(&self, login: &str, value: StepValue, one: &Attestation) -> ListShows {
        let list = self.list;
        if self.logins.is_asked(login) {
            return ListShows::Nothing;
        }
        // Where accounts stay, one that no tab has has another login by now, or somebody deleted it: neither is the step. Only an invitation goes.
        let has_another_fate = list.is_complete && self.catalog.states.inactive && !withdraws(one);
        match value {
            StepValue::Status if one.set.status.is_some_and(Standing::is_inactive) => match (list.shows_all_access, has_another_fate) {
                (false, _) => ListShows::Nothing,
                (true, false) => ListShows::Same,
                (true, true) => ListShows::Unclear,
            },
            StepValue::Status if list.is_complete => ListShows::Otherwise,
            StepValue::Blocked if one.set.blocked.is_some_and(BlockSet::blocks) && has_another_fate => ListShows::Unclear,
            // Nobody can sign in without an account.
            StepValue::Blocked if list.is_complete && one.set.blocked.is_some_and(BlockSet::blocks) => ListShows::Same,
            StepValue::Field(_) | StepValue::Blocked | StepValue::Passcode if list.is_complete => ListShows::NoAccount,
            StepValue::Field(_) | StepValue::Status | StepValue::Blocked | StepValue::Passcode => ListShows::Nothing,
        }
    }

    /// Returns whether this list shows what the roster wants by now, or the roster wants nothing, where an earlier one contradicted a value.
    pub(in crate::reconcile) fn is_settled(&self, login: &str, value: StepValue, one: &Attestation) -> bool {
        let (user, row) = (self.logins.user(login), self.row(login));
        // Nothing else is compared of somebody who has left, and nobody sends a blocked person an invitation.
        let has_left = row.is_some_and(|row| row.status.is_some_and(Standing::is_inactive));
        let is_blocked = match value {
            StepValue::Status => row.is_some_and(|row| row.blocked == Some(true)),
            StepValue::Field(_) | StepValue::Blocked | StepValue::Passcode => false,
        };
        if user.is_some_and(|user| (has_left && !user.status.is_active()) || (is_blocked && user.is_blocked())) {
            return true;
        }
        // Of somebody whom an incomplete list lacks, it shows nothing.
        let shows_them = row.is_some() || self.list.shows_all_access;
        match value {
            StepValue::Passcode => true,
            StepValue::Status if row.is_some_and(|row| is_expired_again(row, value, one)) => false,
            StepValue::Status => {
                let Some(wanted) = self.wanted_access(user, row.is_some()) else { return shows_them };
                let has_access = match row {
                    Some(row) => row.status.map(|status| !status.is_inactive()),
                    None => self.list.is_complete.then_some(false),
                };
                has_access.map_or(one.set.status.map(|status| !status.is_inactive()) != Some(wanted), |has| has == wanted)
            }
            StepValue::Blocked => {
                let wanted = match user.and_then(|user| user.blocked.as_ref()) {
                    Some(DesiredBlock::Blocked { .. }) => true,
                    Some(DesiredBlock::Unblocked) => false,
                    None => return shows_them,
                };
                let shown = row.and_then(|row| row.blocked);
                shown.map_or(one.set.blocked.map(BlockSet::blocks) != Some(wanted), |shown| shown == wanted)
            }
            StepValue::Field(field) => {
                let Some(user) = user else { return shows_them };
                let mut fields = user.fields.clone();
                fields.set(Field::Email, Value::Text(user.email.as_str().to_owned()));
                self.catalog.normalize(&mut fields);
                let Some(wanted) = fields.get(field) else { return true };
                let said = || one.set.fields.get(field).is_none_or(|said| !said.is_same(wanted, field));
                row.and_then(|row| row.fields.get(field)).map_or_else(said, |shown| shown.is_same(wanted, field))
            }
        }
    }

    /// Returns whether this list proves that an invitation was sent again: `last` called it expired, and no longer does after somebody attested it.
    pub(in crate::reconcile) fn shows_renewal(&self, login: &str, value: StepValue, one: &Attestation, last: &Snapshot) -> bool {
        let (Some(row), true) = (self.row(login), renews(one) && self.verdict(login, value, one).lets_count()) else { return false };
        let before = LoginName::parse(login).ok().and_then(|login| last.accounts.get(&login));
        let was_expired = before.is_some_and(|row| row.is_expired && last.tab_of(row).is_some_and(|(_, tab)| tab.taken <= one.at));
        let can_be_accepted = !row.is_expired && row.status.is_some_and(|status| !status.is_inactive());
        let is_newer = covered_by(self.list, row, value).is_some_and(|taken| one.at < taken);
        match value {
            StepValue::Status => was_expired && can_be_accepted && is_newer,
            StepValue::Field(_) | StepValue::Blocked | StepValue::Passcode => false,
        }
    }

    /// Returns whether this list shows an expired invitation, so that no later one proves that it was sent again: somebody else may do it.
    pub(in crate::reconcile) fn is_past_proof(&self, login: &str, value: StepValue, one: &Attestation) -> bool {
        !one.proved.contains(&value) && self.row(login).is_some_and(|row| is_expired_again(row, value, one))
    }

    /// Returns whether the roster wants somebody to be active; `None` if it says nothing about them. Nobody without an account is invited to be
    /// blocked.
    fn wanted_access(&self, user: Option<&DesiredUser>, has_account: bool) -> Option<bool> {
        match (user, self.desired.manage) {
            (Some(user), _) => Some(user.status.is_active() && (has_account || !user.is_blocked())),
            (None, Manage::Exact) => Some(false),
            (None, Manage::Additive | Manage::Observe) => None,
        }
    }
}

/// An invitation lives at least this long (milliseconds; assumed): the vendors only say that it expires.
const SHORTEST_INVITATION: i64 = DAY;

/// Returns whether a row shows an expired invitation of somebody to whom it was sent again, as somebody attests.
fn is_expired_again(row: &Row, value: StepValue, one: &Attestation) -> bool {
    match value {
        StepValue::Status => row.is_expired && renews(one),
        StepValue::Field(_) | StepValue::Blocked | StepValue::Passcode => false,
    }
}

/// Returns whether somebody attests that they sent an invitation again.
fn renews(one: &Attestation) -> bool {
    one.change.made().is_some_and(Action::renews_invitation)
}

/// Returns whether somebody attests that they withdrew an invitation.
fn withdraws(one: &Attestation) -> bool {
    one.change.made().is_some_and(Action::withdraws_invitation)
}

/// The answer that the list gives, whatever its age.
enum ListShows {
    Nothing,
    Same,
    Otherwise,
    NoAccount,
    Unclear,
    Members,
}

/// Returns when the tab was taken that shows a value of somebody. A tab of blocked users says who is blocked.
fn covered_by(list: &JudgedList, row: &Row, value: StepValue) -> Option<Moment> {
    let blocked = match value {
        StepValue::Blocked => list.snapshot.tabs.get(&Tab::Blocked),
        StepValue::Field(_) | StepValue::Status | StepValue::Passcode => None,
    };
    blocked.or_else(|| list.snapshot.tab_of(row).map(|(_, tab)| tab)).map(|tab| tab.taken)
}
