//! Uses a saved plan instead of a new one, after comparing it with the workspace as it is now.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::apply::stale::{self, PlanDrift};
use crate::directory::Reader as _;
use crate::manifest::Roster;
use crate::model::{Desired, Digest, Email, NotTried, Plan, RosterPlan, ServerId, Step, UnreadCause, Withheld, WorkspacePlan};
use crate::reconcile;
use crate::report::Unread;
use crate::report::saved::Saved;
use crate::report::sentences::{self, subject_name};

use crate::cli::exit::Exit;
use crate::cli::files::path_text::shown;
use crate::cli::files::saved_file;
use crate::cli::terminal::Terminal;
use crate::cli::workspaces::connect;
use crate::cli::workspaces::stores::Stores;
use crate::cli::workspaces::survey::{self, Approval, Survey, Surveyed};

/// A saved plan.
pub(in crate::cli) struct SavedPlan {
    /// The plan.
    pub(in crate::cli) plan: RosterPlan,
    /// The workspaces that could not be read when the plan was made.
    unread: Vec<Unread>,
}

impl SavedPlan {
    /// Returns the users it was narrowed to; an empty set means all users.
    pub(in crate::cli) fn users(&self) -> BTreeSet<Email> {
        self.plan.only()
    }
}

/// Opens a saved plan.
pub(in crate::cli) fn open(file: &Path) -> anyhow::Result<SavedPlan> {
    match saved_file::open(file)? {
        Saved::Plan { plan, unread, .. } => Ok(SavedPlan { plan, unread }),
        Saved::Receipt { .. } => {
            anyhow::bail!("`{}` is a receipt, not a plan: make a plan with `rosterctl plan --out FILE`", shown(file))
        }
    }
}

/// Returns the workspaces of a saved plan, with the connections and secrets of the roster.
pub(in crate::cli) fn workspaces(saved: &SavedPlan, roster: Roster) -> anyhow::Result<Vec<Desired>> {
    for planned in &saved.plan.workspaces {
        let name = &planned.plan.workspace;
        anyhow::ensure!(
            roster.workspaces.iter().any(|w| w.workspace == *name),
            "the plan has the workspace `{name}`, which is not in this roster: give the roster from which the plan was made"
        );
    }
    Ok(roster.workspaces.into_iter().filter(|w| saved.plan.workspaces.iter().any(|p| p.plan.workspace == w.workspace)).collect())
}

/// Returns whether a plan for an embedded workspace that did not exist yet is this roster's. Such a workspace has no identity, but its
/// content follows from the roster, and so does its plan.
async fn is_of_roster(planned: &WorkspacePlan, surveyed: &Surveyed, users: &BTreeSet<Email>, (roster, stores): (&Path, &Stores)) -> bool {
    match &planned.plan.server {
        ServerId::Embedded { store: None, .. } if !surveyed.connection.is_created() => {
            reconcile::digest(surveyed.verdict.checked_plan()) == planned.digest
        }
        ServerId::Embedded { store: None, .. } => {
            let Ok(connection) = connect::to_read_as_new(&surveyed.desired, roster, stores).await else { return false };
            let Ok(actual) = connection.read().await else { return false };
            reconcile::digest(&survey::plan(&surveyed.desired, &actual, users)) == planned.digest
        }
        ServerId::Embedded { store: Some(_), .. } | ServerId::Scim { .. } | ServerId::Snapshot { .. } => true,
    }
}

/// Computes the digest of what a saved plan contains, whatever digest it states.
pub(in crate::cli) fn digest(saved: &SavedPlan) -> Digest {
    let digests: Vec<Digest> = saved.plan.workspaces.iter().map(|workspace| reconcile::digest(&workspace.plan)).collect();
    reconcile::roster_digest(&digests, &saved.unread)
}

/// Finds what a saved plan would still do although a plan made now would not. The roster's whole plan has everything that it asks for: one for
/// some users leaves out the records that they no longer need.
fn no_longer_planned(plan: &Plan, drift: &PlanDrift, Surveyed { verdict, actual, desired, .. }: &Surveyed) -> Option<Withheld> {
    let whole = (!plan.only.is_empty()).then(|| survey::plan(desired, actual, &BTreeSet::new()));
    let fresh = whole.as_ref().unwrap_or_else(|| verdict.checked_plan());
    let attested = reconcile::attested(desired, actual);
    let is_open = |at| drift.is_open(at);
    let wanted = attested.as_ref().unwrap_or(actual);
    let (change, what) = reconcile::no_longer_planned(plan, &is_open, fresh, (actual, wanted))?;
    Some(Withheld::NoLongerPlanned { what, subject: change.subject().to_subject(), platform: plan.platform.clone() })
}

/// The changes of a saved plan that are made already, or in force.
fn settled(drift: &PlanDrift) -> BTreeSet<usize> {
    drift.done.iter().chain(&drift.in_force).copied().collect()
}

/// Says which changes of a saved plan must not be made, and why, and which are left with them.
fn left_alone(plan: &Plan, drift: &PlanDrift) -> Vec<String> {
    let about = |position: &usize| {
        plan.changes.get(*position).map_or_else(String::new, |step| format!("{}: ", subject_name(step.change.subject())))
    };
    let mut said: Vec<String> = drift.drifted.iter().map(|(at, why)| about(at) + &sentences::drift(why)).collect();
    let drifted = drift.drifted.keys().copied().collect();
    let left = reconcile::with_dependents(plan, &drifted, &settled(drift));
    for at in left.difference(&drifted).filter(|at| !drift.done.contains(at)) {
        let first = plan.changes.get(*at).and_then(|step| step.after.iter().find(|first| left.contains(first)));
        let Some(Step { change, .. }) = first.and_then(|first| plan.changes.get(*first)) else { continue };
        let why = NotTried::DependsOn { subject: change.subject().to_subject(), action: change.action() };
        said.push(about(at) + &sentences::not_tried(&why));
    }
    said
}

/// Replaces new plans with the saved ones. A workspace whose plan is entirely stale is removed, so nothing is written to it.
pub(in crate::cli) async fn use_saved_plans(
    survey: &mut Survey,
    saved: SavedPlan,
    roster: &Path,
    stores: &Stores,
    terminal: Terminal,
) -> Vec<PlanDrift> {
    let users = saved.users();
    for Unread { workspace, why } in saved.unread {
        survey.unread.push(Unread { workspace, why: UnreadCause::NotInPlan(Box::new(why)) });
        survey.exits.push(Exit::Error);
    }
    let mut plans: BTreeMap<String, _> = saved.plan.workspaces.into_iter().map(|w| (w.plan.workspace.clone(), w)).collect();
    let mut drifts = Vec::new();
    for mut surveyed in std::mem::take(&mut survey.read) {
        let Some(planned) = plans.remove(&surveyed.desired.workspace) else { continue };
        let is_observed = surveyed.desired.manage.only_observes() && !planned.plan.changes.is_empty();
        let checked = if is_observed {
            Err(Withheld::OnlyObserved)
        } else if !is_of_roster(&planned, &surveyed, &users, (roster, stores)).await {
            Err(Withheld::OtherStart)
        } else {
            let computed = reconcile::digest(&planned.plan);
            let drift = stale::check(&planned, &computed, &surveyed.desired.platform, &surveyed.actual, stale::OLDEST);
            drift.map_err(Withheld::Stale).and_then(|drift| match no_longer_planned(&planned.plan, &drift, &surveyed) {
                Some(why) => Err(why),
                None => Ok(drift),
            })
        };
        match checked {
            Ok(drift) => {
                for left_alone in left_alone(&planned.plan, &drift) {
                    terminal.warn(&format!("{}: left alone: {left_alone}", surveyed.desired.workspace));
                }
                for Step { change, .. } in drift.done.iter().filter_map(|position| planned.plan.changes.get(*position)) {
                    if change.action().makes_passcode() {
                        let (workspace, who) = (&surveyed.desired.workspace, subject_name(change.subject()));
                        terminal.warn(&format!(
                            "{workspace}: {who} already has a passcode; if nobody has seen it, {}",
                            sentences::make_another_passcode(surveyed.actual.as_of)
                        ));
                    }
                }
                let plan = reconcile::brought_up_to_date(planned.plan, &surveyed.desired, &surveyed.actual);
                surveyed.verdict = Approval::on_saved(plan, &drift, &surveyed.actual, &surveyed.desired);
                survey.read.push(surveyed);
                drifts.push(drift);
            }
            Err(why) => {
                survey.unread.push(Unread { workspace: surveyed.desired.workspace, why: UnreadCause::Withheld(why) });
                survey.exits.push(Exit::Stale);
            }
        }
    }
    drifts
}
