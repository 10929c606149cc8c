//! The sentences about what a guard found and what to do.

use std::borrow::Cow;

use crate::model::{Email, PartialCause, RemovalLimit, Stop, StopCause, UnfitWaiver};
use crate::platform::Catalog;
use crate::platform::sentences::hand_over;
use crate::report::words;

use crate::report::sentences::lists::partial;

/// The number of people that a stop names.
const SHOWN: usize = 5;

/// Says what a guard found, and what to do.
#[must_use]
pub fn stop<'c>(stop: &Stop, catalog: &'c Catalog) -> (String, Cow<'c, str>) {
    let (found, remedy) = cause(&stop.cause, catalog);
    match &stop.waiver {
        Some(waiver) => (format!("{found}; the waiver for it (“{}”) {}", waiver.reason, unfit(waiver)), remedy),
        None => (found, remedy),
    }
}

/// Returns the logins of people: a user name where the workspace shows no address.
fn logins(people: &[Email]) -> Vec<String> {
    people.iter().map(words::login).collect()
}

/// Returns a number of users, in words.
fn users(number: usize) -> String {
    if number == 1 { "1 user".to_owned() } else { format!("{number} users") }
}

/// Says from how many users a plan takes access, and how many it invites.
fn takes_and_invites(removed: usize, invited: usize) -> String {
    let takes = (removed > 0).then(|| format!("takes access from {}", users(removed)));
    let invites = (invited > 0).then(|| format!("invites {} who may be there already", users(invited)));
    takes.into_iter().chain(invites).collect::<Vec<_>>().join(" and ")
}

fn cause<'c>(cause: &StopCause, catalog: &'c Catalog) -> (String, Cow<'c, str>) {
    let (found, remedy) = match cause {
        StopCause::PartialRead { why, removed, invited } => {
            let does = takes_and_invites(*removed, *invited);
            match why {
                PartialCause::NotAllLookedUp { .. } => (
                    format!("{}, and the plan {does}", partial(why)),
                    "invite them first: write `manage: additive`, apply, and write `manage: exact` again. Then nobody is removed while somebody else may have two accounts",
                ),
                PartialCause::Odd { .. } | PartialCause::Repeats { .. } | PartialCause::Lacks { .. } | PartialCause::NotLookedUp { .. } => {
                    (
                        format!("the workspace could not be read in full ({}), and the plan {does}", partial(why)),
                        "run it again: nobody is removed or invited on the strength of an incomplete list. `--user ADDRESS` takes access from somebody to whom the roster itself gives none",
                    )
                }
            }
        }
        StopCause::EmptyDesired { removed } => (
            format!("the roster lists no users at all, and the plan takes access from {}", users(*removed)),
            "is a file missing? To stop managing the workspace, remove its file or write `manage: observe`",
        ),
        StopCause::Removals { removed, working, active, limit } => {
            // A share is at most 1.
            let is_beyond_every_share = limit.is_share() && removed.len() > *active;
            let limit = match limit {
                RemovalLimit::Count(count) => format!("the limit is {count}"),
                RemovalLimit::Share(millionths) => {
                    let accounts = if *active == 1 { "account" } else { "accounts" };
                    format!("the limit is {} of the {active} active {accounts}", percent(*millionths))
                }
            };
            let others = match removed.len().saturating_sub(*working) {
                0 => String::new(),
                others => format!(" ({working} active, {others} invited, blocked or inactive)"),
            };
            let named = logins(removed);
            let named: Vec<&str> = named.iter().map(String::as_str).collect();
            (
                format!("the plan takes access or rights from {}{others}; {limit}: {}", users(removed.len()), words::few(&named, SHOWN)),
                if is_beyond_every_share {
                    "check the list; then write a waiver: no `share` allows this"
                } else {
                    "check the list; then raise `guards: { removals: … }` or write a waiver"
                },
            )
        }
        StopCause::LastAdministrator { worst, before, at_least } => (
            format!("at some point during the run, {worst} could manage users; {before} can now, and the limit is {at_least}"),
            "keep one, or wait until another has accepted an invitation: people who were only invited do not count",
        ),
        StopCause::PerhapsLastAdministrator { taken } => {
            let named = logins(taken);
            let named: Vec<&str> = named.iter().map(String::as_str).collect();
            (
                format!(
                    "the plan takes access or a role from {}, and nobody is known who could still manage users then: the list does not show who can",
                    words::few(&named, SHOWN)
                ),
                "add a user with the role of an administrator to the roster, or take a list that shows the roles",
            )
        }
        StopCause::MainAdmin { user } => {
            let command = hand_over("ADDRESS");
            return (
                format!("{user} is the workspace's main admin, who cannot be inactivated or blocked"),
                format!("hand the main admin role over in the workspace first; in one of rosterctl's own, `{command}` does it").into(),
            );
        }
        StopCause::OwnAccount { user, embedded: true, refused: _, main_admin: _ } => {
            let command = hand_over("ADDRESS");
            return (
                format!("the plan takes access or administration from {user}, the account that applies it"),
                format!("hand the main admin role over first, with `{command}`, and name that person as `main_admin`").into(),
            );
        }
        StopCause::OwnAccount { user, embedded: false, refused, main_admin } => (
            format!("the plan takes access or administration from {user}, the owner of the token that applies it"),
            if *main_admin {
                "transfer the main admin role in the workspace first, and apply it with the token of the new main admin"
            } else if *refused {
                "apply it with another administrator's token"
            } else {
                "apply it with another administrator's token, or write a waiver"
            },
        ),
        StopCause::NeededColleague { stranded } => {
            let named: Vec<String> = stranded.iter().map(|(user, colleague)| format!("{user} (names {colleague})")).collect();
            let named: Vec<&str> = named.iter().map(String::as_str).collect();
            let (leaves, remedy) = catalog.needed_colleague.as_ref().map_or_else(
                || ("somebody leaves whom others need", "name another one in the same change".to_owned()),
                |said| {
                    (
                        said.leaves.as_str(),
                        said.source.as_ref().map_or_else(|| said.remedy.clone(), |source| format!("{} ({source})", said.remedy)),
                    )
                },
            );
            return (format!("{leaves}: {}", words::few(&named, SHOWN)), Cow::Owned(remedy));
        }
    };
    (found, Cow::Borrowed(remedy))
}

/// Says why a waiver does not lift the guard it names.
fn unfit(waiver: &UnfitWaiver) -> String {
    let other = waiver.other_plan.as_ref().map(|plan| {
        format!(
            "names another plan, {}…, from before a change or made by an older version of rosterctl: plan again",
            plan.get(..12).unwrap_or(plan)
        )
    });
    let ended = waiver.ended.map(|day| format!("ended on {day}"));
    ended.into_iter().chain(other).collect::<Vec<_>>().join(", and ")
}

/// Returns millionths as percent, without unnecessary zeros.
fn percent(millionths: u32) -> String {
    let text = format!("{}.{:04}", millionths / 10_000, millionths % 10_000);
    format!("{} %", text.trim_end_matches('0').trim_end_matches('.'))
}
