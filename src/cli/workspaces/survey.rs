//! Reads workspaces concurrently and plans each. A workspace that cannot be read does not hold up the others.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::apply::stale::PlanDrift;
use crate::directory::Reader as _;
use crate::model::{Actual, Desired, Email, Plan, RosterPlan, Stopped, WorkspacePlan};
use crate::reconcile::{self, Approved};
use crate::report::{People, PlanView, Unread, sentences};

use super::connect::{self, ConnectionAfterRead};
use super::reading::{self, LoadedWorkspaces, NotRead, not_read};
use super::stores::Stores;
use crate::cli::terminal::Terminal;

/// A workspace that was read, with its plan.
pub(in crate::cli) struct Surveyed {
    /// The roster's side.
    pub desired: Desired,
    /// The workspace's side, as it was read.
    pub actual: Actual,
    /// The connection.
    pub connection: ConnectionAfterRead,
    /// The plan, approved or stopped.
    pub verdict: Approval,
}

impl Surveyed {
    /// Returns the plan, if it was approved.
    pub(in crate::cli) const fn approved(&self) -> Option<&Approved> {
        match &self.verdict {
            Approval::Approved(approved) => Some(approved),
            Approval::Stopped(_) => None,
        }
    }

    /// Drops the users whom the plan does not name, since there may be a hundred thousand of them.
    fn keep_named_users(&mut self) {
        let mut named = People::default();
        named.add(self.verdict.checked_plan(), &self.desired, &self.actual);
        let workspace = &self.desired.workspace;
        self.desired.users.retain(|email, _| named.name(workspace, email).is_some());
        self.actual.accounts.retain(|account| named.name(workspace, &account.email).is_some());
        self.actual.accounts.shrink_to_fit();
    }
}

/// The answer of the guards about a plan.
pub(in crate::cli) enum Approval {
    /// The plan may be applied.
    Approved(Approved),
    /// A guard stopped the plan.
    Stopped(Stopped),
}

impl Approval {
    /// Asks the guards about a plan.
    pub(in crate::cli) fn on(plan: Plan, actual: &Actual, desired: &Desired) -> Self {
        reconcile::approve(plan, actual, desired).map_or_else(Self::Stopped, Self::Approved)
    }

    /// Asks the guards about a saved plan, and about what is left of it.
    pub(in crate::cli) fn on_saved(plan: Plan, drift: &PlanDrift, actual: &Actual, desired: &Desired) -> Self {
        let drifted = drift.drifted.keys().copied().collect();
        reconcile::approve_saved(plan, &drift.done, &drifted, actual, desired).map_or_else(Self::Stopped, Self::Approved)
    }

    /// Returns the plan that the guards checked.
    pub(in crate::cli) fn checked_plan(&self) -> &Plan {
        match self {
            Self::Approved(approved) => approved.plan(),
            Self::Stopped(stopped) => &stopped.plan,
        }
    }

    /// Returns the plan as it is saved and shown.
    pub(in crate::cli) fn plan(&self) -> WorkspacePlan {
        match self {
            Self::Approved(approved) => WorkspacePlan {
                plan: approved.plan().clone(),
                digest: approved.digest().clone(),
                stops: Vec::new(),
                waived: approved.waived().clone(),
            },
            Self::Stopped(stopped) => WorkspacePlan {
                plan: stopped.plan.clone(),
                digest: stopped.digest.clone(),
                stops: stopped.stops.clone(),
                waived: BTreeMap::new(),
            },
        }
    }
}

/// All workspaces of a run, read and planned.
pub(in crate::cli) type Survey = LoadedWorkspaces<Surveyed>;

impl Survey {
    /// Returns the plans of the workspaces that were read.
    pub(in crate::cli) fn plan(&self) -> RosterPlan {
        roster_plan(self.read.iter().map(|s| s.verdict.plan()).collect(), &self.unread)
    }

    /// Prints warnings about the servers.
    pub(in crate::cli) fn print_warnings(&self, terminal: Terminal) {
        for surveyed in &self.read {
            for warning in surveyed.connection.warnings() {
                terminal.warn(&format!("{}: {}", surveyed.desired.workspace, sentences::server_warning(&warning)));
            }
        }
    }

    /// Returns the names of the people in the plans.
    pub(in crate::cli) fn people(&self) -> People {
        let mut people = People::default();
        for surveyed in &self.read {
            people.add(surveyed.verdict.checked_plan(), &surveyed.desired, &surveyed.actual);
        }
        people
    }
}

/// Joins several plans into one.
pub(in crate::cli) fn roster_plan(workspaces: Vec<WorkspacePlan>, unread: &[Unread]) -> RosterPlan {
    let digests: Vec<_> = workspaces.iter().map(|w| w.digest.clone()).collect();
    RosterPlan { format: RosterPlan::FORMAT, digest: reconcile::roster_digest(&digests, unread), workspaces }
}

/// Returns the parts of a survey that are shown.
pub(in crate::cli) fn page<'a>(plan: &'a RosterPlan, people: &'a People, unread: &'a [Unread]) -> PlanView<'a> {
    PlanView { plan, people, unread }
}

/// The purpose of the plans of a survey.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Purpose {
    /// They are shown, so only the users whom they name are kept.
    Show,
    /// They are applied.
    Apply,
}

/// Reads and plans the workspaces.
pub(in crate::cli) async fn survey(
    workspaces: Vec<Desired>,
    roster: &Path,
    users: &BTreeSet<Email>,
    stores: &Stores,
    purpose: Purpose,
) -> Survey {
    let users = Arc::new(users.clone());
    let one = |desired: Desired, roster: Arc<PathBuf>, stores: Stores| {
        let users = Arc::clone(&users);
        async move {
            let mut surveyed = read_and_plan(desired, &roster, &users, &stores).await?;
            if purpose == Purpose::Show && users.is_empty() {
                surveyed.keep_named_users();
            }
            Ok(surveyed)
        }
    };
    reading::each(workspaces, roster, stores, one).await
}

async fn read_and_plan(mut desired: Desired, roster: &Path, users: &BTreeSet<Email>, stores: &Stores) -> Result<Surveyed, NotRead> {
    let connection = connect::to_read(&desired, roster, stores).await.map_err(not_read)?;
    let mut actual = connection.read().await.map_err(not_read)?;
    reconcile::follow(&mut desired, &actual);
    let mut plan = plan(&desired, &actual, users);
    let hidden = reconcile::hidden(&plan, &actual);
    if connection.read_alone(&mut actual, &hidden).await {
        plan = self::plan(&desired, &actual, users);
    }
    let looked_up = connection.look_up(&reconcile::doubtful(&desired, &plan, &actual)).await.map_err(not_read)?;
    if reconcile::add_found(&mut actual, looked_up) {
        plan = self::plan(&desired, &actual, users);
    }
    let verdict = Approval::on(plan, &actual, &desired);
    Ok(Surveyed { desired, actual, connection: connection.after_reading().await, verdict })
}

/// Plans a workspace, for all users or the given ones.
pub(in crate::cli) fn plan(desired: &Desired, actual: &Actual, users: &BTreeSet<Email>) -> Plan {
    let plan = reconcile::diff(desired, actual);
    if users.is_empty() { plan } else { reconcile::narrow(plan, &reconcile::followed(users, desired, actual), desired, actual) }
}

#[cfg(test)]
mod tests {
    use super::super::stores::KEPT_OPEN;
    use super::*;
    use crate::manifest::{self, Source, Sources};

    /// Workspaces of which none has a database.
    fn workspaces(count: usize) -> Vec<Desired> {
        let file = |name: String| Source {
            bytes: format!(
                "workspace: {name}\nplatform: generic\nconnection: {{ embedded: {{}} }}\nmain_admin: a@{name}.example\n\
                 users:\n  a@{name}.example: {{ first_name: Ada }}\n"
            )
            .into_bytes(),
            name: format!("{name}.yaml"),
        };
        manifest::read(&Sources { files: (0..count).map(|n| file(format!("w{n}"))).collect() }).unwrap().workspaces
    }

    #[tokio::test]
    async fn workspaces_that_do_not_exist_yet_are_planned_and_not_kept_open() {
        for purpose in [Purpose::Show, Purpose::Apply] {
            let (folder, stores) = (tempfile::tempdir().unwrap(), Stores::default());
            let survey = survey(workspaces(2), folder.path(), &BTreeSet::new(), &stores, purpose).await;
            assert_eq!((survey.read.len(), survey.unread.len(), stores.count()), (2, 0, 0));
            assert!(survey.read.iter().all(|surveyed| !surveyed.connection.is_created()));
        }
    }

    #[tokio::test]
    async fn of_many_workspaces_that_exist_only_a_few_are_kept_open() {
        let (folder, stores, all) = (tempfile::tempdir().unwrap(), Stores::default(), workspaces(KEPT_OPEN + 4));
        for desired in &all {
            connect::to_write(desired, folder.path(), &stores).await.unwrap().close().await;
        }
        assert_eq!(stores.count(), 0, "each is closed when it was written");
        let count = all.len();
        let survey = survey(all, folder.path(), &BTreeSet::new(), &stores, Purpose::Apply).await;
        assert_eq!((survey.read.len(), stores.count()), (count, KEPT_OPEN));
        assert!(survey.read.iter().all(|surveyed| surveyed.connection.is_created()));
        stores.close().await;
    }
}
