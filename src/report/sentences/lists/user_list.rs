//! The sentences about a list of users, and about steps that people do by hand.

use crate::model::{
    Action, AddressQuestion, AttestedStep, BLOCKED, ByHand, DAY, Field, HandState, Moment, PendingTab, Plan, Proof, StepKind, StepValue,
    Tab, TabState, Tick,
};
use crate::platform::{self, Catalog};
use crate::report::boxes;
use crate::report::clean::clean;
use crate::report::words::matching;
use crate::report::words::{self, count};
use crate::yaml::write::scalar;

/// Says that a newer list shows what somebody attests.
pub(in crate::report) const PROVED: &str = "proved by the list";
/// Says that a list has shown what somebody attests, and that the present one is older.
pub(in crate::report) const PROVED_EARLIER: &str = "proved by a later list than this one";
/// Says that no list can show what somebody attests.
pub(in crate::report) const CANNOT_SHOW: &str = "the list cannot show it";
/// Says that the next list can show what somebody attests.
pub(in crate::report) const WAITS: &str = "waiting for the next list";
/// Says that a newer list shows otherwise than somebody attests.
pub(in crate::report) const SHOWS_OTHERWISE: &str = "the list, which is newer, shows otherwise";
/// Of an attestation that a list has contradicted, although the value is right by now.
pub(in crate::report) const SHOWED_OTHERWISE: &str = "a list showed otherwise";
/// Says that what somebody attests was changed by something later.
pub(in crate::report) const CHANGED_SINCE: &str = "changed again since";

/// Says that a newer list shows a part of what somebody attests, and what it cannot show; the keys of that.
pub(in crate::report) fn proved_in_part(not_shown: &[String]) -> String {
    let keys: Vec<&str> = not_shown.iter().map(String::as_str).collect();
    format!("{PROVED}, except for {}, which it cannot show", words::few(&keys, 6))
}

/// Says how old a list is, whether it is complete, what it does not show, and how many steps are left.
pub(in crate::report) fn lead(by_hand: &ByHand, plan: &Plan, is_approved: bool) -> String {
    let catalog = platform::by_id(&plan.platform).catalog();
    let parts =
        [age(by_hand), Some(completeness(by_hand, catalog)), Some(not_shown(by_hand, catalog)), Some(steps(by_hand, plan, is_approved))];
    parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Says how old a list is: by its oldest and newest tab.
fn age(by_hand: &ByHand) -> Option<String> {
    let oldest = by_hand.tabs.iter().map(|tab| tab.taken).min()?;
    let newest = by_hand.tabs.iter().map(|tab| tab.taken).max()?;
    if newest.is_to_come(by_hand.read_at) {
        return Some(format!("The list of users was taken on {}, which is still to come. {}", when(newest), age_unknown()));
    }
    let days = |taken: Moment| by_hand.read_at.saturating_sub(taken.millis()).max(0) / DAY;
    let ago = |taken| match days(taken) {
        0 => "less than a day ago".to_owned(),
        1 => "1 day ago".to_owned(),
        days => format!("{days} days ago"),
    };
    let said = if days(oldest) == days(newest) {
        format!("The list of users was taken on {}, {}.", when(newest), ago(newest))
    } else {
        format!("The list of users was taken from {}, {}, to {}, {}.", when(oldest), ago(oldest), when(newest), ago(newest))
    };
    let stale: Vec<&str> = by_hand.tabs.iter().filter(|tab| tab.is_stale).map(|tab| tab.tab.as_str()).collect();
    if stale.is_empty() {
        return Some(said);
    }
    Some(format!("{said} {}", too_old(&stale)))
}

/// Says that a list has a time that is still to come.
pub(in crate::report) const fn age_unknown() -> &'static str {
    "So nobody knows how old it is: check this machine's clock, and correct `taken` in its file, or take a new list with `rosterctl snapshot` and `--older`."
}

/// Says that tabs of a list are too old.
pub(in crate::report) fn too_old(tabs: &[&str]) -> String {
    format!("It is too old ({}): take a new one with `rosterctl snapshot`.", tabs.join(", "))
}

/// Says whether everybody who has an account is in a list, and if not, why that is unknown.
fn completeness(by_hand: &ByHand, catalog: &Catalog) -> String {
    if by_hand.is_complete && is_anybody_moved(by_hand) {
        return "It is complete, except that somebody was changed between the times of its tabs: none of them needs to show this person."
            .to_owned();
    }
    if by_hand.is_complete {
        return "It is complete.".to_owned();
    }
    let mut why: Vec<String> = by_hand.tabs.iter().filter_map(|tab| incomplete(tab, by_hand.read_at)).collect();
    let has = |tab| by_hand.tabs.iter().any(|state| state.tab == tab);
    if !has(Tab::All) {
        let has_pending_tab = match catalog.states.other_tabs(&catalog.list).pending {
            PendingTab::Own => true,
            PendingTab::Nowhere | PendingTab::AmongActive => false,
        };
        let needed = [(Tab::Active, true), (Tab::Inactive, catalog.states.inactive), (Tab::Pending, has_pending_tab)];
        why.extend(
            needed.into_iter().filter(|(tab, is_needed)| *is_needed && !has(*tab)).map(|(tab, _)| format!("no {} tab", tab.as_str())),
        );
    }
    let why = if why.is_empty() { String::new() } else { format!(" ({})", why.join("; ")) };
    format!("It is not complete{why}: somebody whom it lacks may have an account.")
}

/// Returns whether somebody attests a change that was made after one tab was taken and before another.
fn is_anybody_moved(by_hand: &ByHand) -> bool {
    let taken = || by_hand.tabs.iter().map(|tab| tab.taken);
    let is_between = |at: Moment| taken().any(|taken| taken <= at) && taken().any(|taken| at < taken);
    by_hand.attested.iter().any(|one| one.proof.is_waiting() && changes_tabs(one.change) && is_between(one.tick.at))
}

/// Returns whether somebody is on another tab after a step.
const fn changes_tabs(step: StepKind) -> bool {
    let Some(action) = step.made() else { return false };
    match action {
        Action::Invite | Action::WithdrawInvitation | Action::Inactivate | Action::Activate => true,
        Action::CreateClinic
        | Action::UpdateClinic
        | Action::CreateRole
        | Action::UpdateRole
        | Action::CreateEmployee
        | Action::UpdateEmployee
        | Action::ResendInvitation
        | Action::Update
        | Action::Block
        | Action::Unblock
        | Action::GeneratePasscode
        | Action::SetCodeWord => false,
    }
}

/// Says why a tab is not complete; `None` if it is.
fn incomplete(state: &TabState, now: i64) -> Option<String> {
    let tab = state.tab.as_str();
    let TabState { tab: _, taken, rows, total, filtered, is_stale } = state;
    if taken.is_to_come(now) {
        return Some(format!("{tab}: its time is still to come"));
    }
    match (total, filtered, is_stale) {
        (_, true, _) => Some(format!("{tab}: a filter was on")),
        (None, false, _) => Some(format!("{tab}: nobody says how many there are")),
        (Some(total), false, _) if u64::try_from(*rows) != Ok(*total) => Some(format!("{tab}: {rows} of {total}")),
        (Some(_), false, true) => Some(format!("{tab}: too old")),
        (Some(_), false, false) => None,
    }
}

fn not_shown(by_hand: &ByHand, catalog: &Catalog) -> String {
    let fields = by_hand.not_shown.iter().map(|field| catalog.yaml_key(*field));
    let states = [(StepValue::STATUS, by_hand.shows_status), (BLOCKED, by_hand.shows_blocked)];
    let missing: Vec<&str> = states.into_iter().filter(|(_, shows)| !shows).map(|(word, _)| word).chain(fields).collect();
    if missing.is_empty() { String::new() } else { format!("It does not show {}.", words::few(&missing, 6)) }
}

fn steps(by_hand: &ByHand, plan: &Plan, is_approved: bool) -> String {
    let number = |is_meant: fn(&HandState) -> bool| by_hand.steps.iter().filter(|step| is_meant(&step.state)).count();
    let left = boxes::number(plan);
    let looked_for = plan.looked_for().filter(|state| !state.is_waiting()).count();
    let attested = by_hand.steps.len().saturating_sub(number(HandState::is_left)) + by_hand.apart(Proof::Waits).count() + looked_for;
    let mut said = match (left, is_approved) {
        (0, _) => format!("No steps are left; {}.", matching(plan.unchanged)),
        (left, true) => format!("{} left for a person; {}.", count(left, "step", "steps"), matching(plan.unchanged)),
        (left, false) => format!("{} planned, but a guard stopped the run: nobody should do them.", count(left, "step", "steps")),
    };
    if !by_hand.questions.is_empty() {
        said = format!("{} to answer. {said}", count(by_hand.questions.len(), "question", "questions"));
    }
    if attested > 0 {
        said = format!("{said} {} attested since.", count(attested, "step is", "steps are"));
    }
    if plan.to_look_for() > 0 {
        let said_of = count(plan.to_look_for(), "user must", "users must");
        said = format!("{said} {said_of} be looked for in the workspace: the list is incomplete.");
    }
    if plan.is_list_overdue() {
        said.push_str(" A new list is overdue: it must show what was attested.");
    }
    said
}

/// Returns day and time of a moment on the clock of the workspace; one that is not known to be its own is named.
pub(in crate::report) fn when(moment: Moment) -> String {
    let text = moment.to_string();
    let zone = if moment.is_utc() { " UTC" } else { "" };
    match (text.get(..10), text.get(11..16)) {
        (Some(day), Some(time)) => format!("{day} at {time}{zone}"),
        (_, _) => text,
    }
}

/// Says who attests a step, and when it was done.
pub(in crate::report) fn attested(tick: &Tick) -> String {
    format!("attested by {} on {}", clean(&tick.by), when(tick.at))
}

/// Says how far a step is.
#[must_use]
pub fn hand_state(state: &HandState) -> String {
    match state {
        HandState::Left => "a person must do it: this workspace has no interface".to_owned(),
        HandState::Contradicted(tick) => contradicted(tick),
        HandState::Waits { tick, is_overdue: false } => format!("{}; {WAITS}", attested(tick)),
        HandState::Waits { tick, is_overdue: true } => format!("{}; {WAITS}, which is overdue", attested(tick)),
        HandState::Attested(tick) => format!("{}; {CANNOT_SHOW}", attested(tick)),
        HandState::Proved(tick) => format!("{}; {PROVED_EARLIER}", attested(tick)),
    }
}

/// Says what is left of a plan: steps, and what no step can be made of.
#[must_use]
pub fn left_by_hand(by_hand: &ByHand, plan: &Plan) -> String {
    let number = |is_meant: fn(&HandState) -> bool| by_hand.steps.iter().filter(|step| is_meant(&step.state)).count();
    let (left, asked) = (boxes::number(plan), by_hand.questions.len());
    let questions = count(asked, "question", "questions");
    let waiting = number(HandState::is_waiting) + by_hand.apart(Proof::Waits).count();
    let steps = |number: usize| count(number, "step", "steps");
    let mut said = match (left, asked) {
        (0, 0) => vec!["no step is left to do".to_owned()],
        (0, _) => vec![format!("{questions} to answer; no step is left to do")],
        (left, 0) => vec![format!("{} left, which a person must do: this workspace has no interface", steps(left))],
        (left, _) => vec![format!("{questions} to answer; {} left, which a person must do: this workspace has no interface", steps(left))],
    };
    if waiting > 0 {
        said.push(format!("{} attested, {WAITS} of users", steps(waiting)));
    }
    if plan.to_look_for() > 0 {
        let users = count(plan.to_look_for(), "user must", "users must");
        said.push(format!("{users} be looked for in the workspace, since the list is incomplete"));
    }
    if !plan.refusals.is_empty() {
        said.push(format!("{} refused, see the plan", plan.refusals.len()));
    }
    said.join("; ")
}

/// Says that somebody has changed again what a list had proved.
pub(in crate::report) fn undone(tick: &Tick) -> String {
    let did = if tick.is_look { "saw this" } else { "did this" };
    format!("{} {did} on {}, and a list has shown it since: somebody has changed it again in the product", clean(&tick.by), when(tick.at))
}

/// Says that a list shows otherwise than somebody attests.
pub(in crate::report) fn contradicted(tick: &Tick) -> String {
    let (by, at) = (clean(&tick.by), when(tick.at));
    if tick.is_look {
        return format!("{by} said on {at} that the roster is right, but {SHOWS_OTHERWISE}");
    }
    format!("{by} ticked this on {at}, but {SHOWS_OTHERWISE}")
}

/// Says that a list shows otherwise than somebody attests, and what it shows.
pub(in crate::report) fn contradicted_by(one: &AttestedStep, catalog: &Catalog) -> String {
    let shown = one.otherwise.iter().map(|other| {
        let key = words::step_value(other.value, catalog);
        match &other.shown {
            None => format!("{key}: {}, and nobody with this login is in the list", words::value(&other.said)),
            Some(shown) => format!("{key}: {} in the list, {} was ticked", words::value(shown), words::value(&other.said)),
        }
    });
    let shown: Vec<String> = shown.collect();
    let said = contradicted(&one.tick);
    if shown.is_empty() { said } else { format!("{said} ({})", words::few(&shown, 6)) }
}

/// Asks whether a row is the user whom the list lacks.
pub(in crate::report) fn question(question: &AddressQuestion) -> String {
    let AddressQuestion { user, other, id, has_same_names, like_name, keeps_access, is_invitation } = question;
    let same = match (has_same_names, like_name) {
        (true, _) => "the same names".to_owned(),
        (false, Some(name)) => format!("nearly the same name, `{}`", clean(name)),
        (false, None) => "the same address beside it".to_owned(),
    };
    let login = clean(&id.0);
    if *is_invitation {
        let access = if *keeps_access { " Until this is answered, that invitation stays good." } else { "" };
        return format!(
            "the list lacks {user}, and has an invitation to {login} with {same}. Nobody can change the address of an invitation: \
             list {login} with `status: inactive`, and the next plan invites {user}.{access}"
        );
    }
    let (changed, two) = match other.user_name() {
        None => (
            format!("A changed address? Then write `formerly: [{other}]` for {user}."),
            format!("Then list {other} with `status: inactive`."),
        ),
        Some(_) => (
            format!("The same person? Then write `id: {}` for {user}.", scalar(&id.0)),
            format!("Then list the other one with `id: {}` and `status: inactive`.", scalar(&id.0)),
        ),
    };
    let access = if *keeps_access { format!(" Until this is answered, {login} still has access.") } else { String::new() };
    format!("the list lacks {user}, and has {login} with {same}. {changed} Two people? {two}{access}")
}

/// Says which fields differ, and which ones the list does not show.
pub(in crate::report) fn differences(fields: &[(Field, bool)], catalog: &Catalog) -> String {
    let keys = |is_shown: bool| -> Vec<&str> {
        fields.iter().filter(|(_, shown)| *shown == is_shown).map(|(field, _)| catalog.yaml_key(*field)).collect()
    };
    let differ = match keys(true).as_slice() {
        [] => None,
        [one] => Some(format!("{one} differs")),
        several => Some(format!("{} differ", several.join(", "))),
    };
    let unknown = match keys(false).as_slice() {
        [] => None,
        [one] => Some(format!("the list does not show what {one} is")),
        several => Some(format!("the list does not show what {} are", several.join(", "))),
    };
    differ.into_iter().chain(unknown).collect::<Vec<_>>().join("; ")
}
