//! Reads workspaces beside each other and plans each; one that can not be read holds up no other.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures::StreamExt as _;
use tokio::sync::Semaphore;

use crate::directory::{DirectoryError, Reader as _};
use crate::model::{Actual, Connection, Desired, Email, Plan, RosterPlan, Stopped, WorkspacePlan};
use crate::reconcile::{self, Approved};
use crate::report::{Page, People, Unread};

use super::connect::{self, Looking, Unconnected};
use super::stores::Stores;
use crate::cli::exit::Exit;
use crate::cli::terminal::Terminal;

/// How many workspaces are read at one time: servers let us wait.
const BESIDE: usize = 16;
/// How many embedded ones: they are work for this machine, and each holds all its people while it is read.
const EMBEDDED_BESIDE: usize = 2;

/// A workspace that was read, with its plan.
pub(in crate::cli) struct Surveyed {
    /// What is wanted.
    pub desired: Desired,
    /// What was read.
    pub actual: Actual,
    /// The way there.
    pub looking: Looking,
    /// The plan, let through or stopped.
    pub verdict: Verdict,
}

impl Surveyed {
    /// The plan, where it may be applied.
    pub(in crate::cli) const fn approved(&self) -> Option<&Approved> {
        match &self.verdict {
            Verdict::Approved(approved) => Some(approved),
            Verdict::Stopped(_) => None,
        }
    }

    /// Forgets everybody whom the plan does not name: there may be a hundred thousand of them.
    fn forget(&mut self) {
        let mut named = People::default();
        named.add(self.verdict.asked(), &self.desired, &self.actual);
        let workspace = &self.desired.workspace;
        self.desired.users.retain(|email, _| named.name(workspace, email).is_some());
        self.actual.accounts.retain(|account| named.name(workspace, &account.email).is_some());
        self.actual.accounts.shrink_to_fit();
    }
}

/// What the guards say about a plan.
pub(in crate::cli) enum Verdict {
    /// It may be applied.
    Approved(Approved),
    /// It may not.
    Stopped(Stopped),
}

impl Verdict {
    /// Asks the guards.
    pub(in crate::cli) fn on(plan: Plan, actual: &Actual, desired: &Desired) -> Self {
        match reconcile::approve(plan, actual, desired) {
            Ok(approved) => Self::Approved(approved),
            Err(stopped) => Self::Stopped(stopped),
        }
    }

    /// What the guards were asked about.
    pub(in crate::cli) fn asked(&self) -> &Plan {
        match self {
            Self::Approved(approved) => approved.plan(),
            Self::Stopped(stopped) => &stopped.plan,
        }
    }

    /// The plan as it is saved and shown.
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

/// All workspaces of a run.
pub(in crate::cli) struct Survey {
    /// Those that were read, in the roster's order.
    pub read: Vec<Surveyed>,
    /// Those that were not.
    pub unread: Vec<Unread>,
    /// What the unread ones mean for the exit code.
    pub exits: Vec<Exit>,
}

impl Survey {
    /// The plans of all that was read.
    pub(in crate::cli) fn plan(&self) -> RosterPlan {
        roster_plan(self.read.iter().map(|s| s.verdict.plan()).collect())
    }

    /// Says what was odd about the servers, and what could not be read.
    pub(in crate::cli) fn tell(&self, terminal: Terminal) {
        for surveyed in &self.read {
            for warning in surveyed.looking.warnings() {
                terminal.warn(&format!("{}: {warning}", surveyed.desired.workspace));
            }
        }
        for unread in &self.unread {
            terminal.complain(&anyhow::anyhow!("{}: {}", unread.workspace, unread.why));
        }
    }

    /// The names of the people in the plans.
    pub(in crate::cli) fn people(&self) -> People {
        let mut people = People::default();
        for surveyed in &self.read {
            people.add(surveyed.verdict.asked(), &surveyed.desired, &surveyed.actual);
        }
        people
    }
}

/// Several plans as one.
pub(in crate::cli) fn roster_plan(workspaces: Vec<WorkspacePlan>) -> RosterPlan {
    let digests: Vec<_> = workspaces.iter().map(|w| w.digest.clone()).collect();
    RosterPlan { format: 1, digest: reconcile::roster_digest(&digests), workspaces }
}

/// Page and parts of a survey, ready to be shown.
pub(in crate::cli) fn page<'a>(plan: &'a RosterPlan, people: &'a People, unread: &'a [Unread]) -> Page<'a> {
    Page { plan, people, unread }
}

/// What is done with the plans of a survey.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Purpose {
    /// They are shown: of the people only those they name are kept.
    Show,
    /// They are applied.
    Apply,
}

/// Reads and plans.
pub(in crate::cli) async fn survey(
    workspaces: Vec<Desired>,
    roster: &Path,
    users: &BTreeSet<Email>,
    stores: &Stores,
    purpose: Purpose,
) -> Survey {
    let roster: Arc<PathBuf> = Arc::new(roster.to_owned());
    let users = Arc::new(users.clone());
    let turns = Arc::new(Semaphore::new(EMBEDDED_BESIDE));
    let looks = workspaces.into_iter().map(|desired| {
        let (roster, users, stores, turns) = (Arc::clone(&roster), Arc::clone(&users), stores.clone(), Arc::clone(&turns));
        async move {
            let name = desired.workspace.clone();
            let looked = tokio::spawn(async move {
                let embedded = matches!(desired.connection, Connection::Embedded { .. });
                let _turn = if embedded { turns.acquire().await.ok() } else { None };
                let mut surveyed = look(desired, &roster, &users, &stores).await?;
                if purpose == Purpose::Show && users.is_empty() {
                    surveyed.forget();
                }
                Ok(surveyed)
            })
            .await;
            looked.unwrap_or_else(|_| Err((Unread { workspace: name, why: "the reading broke off".to_owned() }, Exit::Error)))
        }
    });
    let mut survey = Survey { read: Vec::new(), unread: Vec::new(), exits: Vec::new() };
    let mut looks = futures::stream::iter(looks).buffered(BESIDE);
    while let Some(looked) = looks.next().await {
        match looked {
            Ok(surveyed) => survey.read.push(surveyed),
            Err((unread, exit)) => {
                survey.unread.push(unread);
                survey.exits.push(exit);
            }
        }
    }
    survey
}

async fn look(desired: Desired, roster: &Path, users: &BTreeSet<Email>, stores: &Stores) -> Result<Surveyed, (Unread, Exit)> {
    let unread = |why: String, exit: Exit| (Unread { workspace: desired.workspace.clone(), why }, exit);
    let looking = connect::to_look(&desired, roster, stores).await.map_err(|why| {
        let exit = if let Unconnected::Directory(why) = &why { exit_of(why) } else { Exit::Error };
        unread(why.to_string(), exit)
    })?;
    let actual = looking.read().await.map_err(|why| {
        let exit = exit_of(&why);
        unread(why.to_string(), exit)
    })?;
    let plan = plan(&desired, &actual, users);
    let verdict = Verdict::on(plan, &actual, &desired);
    Ok(Surveyed { desired, actual, looking, verdict })
}

/// What a workspace needs, for all users or the given ones.
pub(in crate::cli) fn plan(desired: &Desired, actual: &Actual, users: &BTreeSet<Email>) -> Plan {
    let plan = reconcile::diff(desired, actual);
    if users.is_empty() { plan } else { reconcile::narrow(plan, users, desired, actual) }
}

/// Refused entry is 6, anything else 1.
pub(in crate::cli) const fn exit_of(error: &DirectoryError) -> Exit {
    match error {
        DirectoryError::Auth { .. } => Exit::Unconfirmed,
        DirectoryError::Unreachable { .. }
        | DirectoryError::Busy { .. }
        | DirectoryError::Stale { .. }
        | DirectoryError::Refused { .. }
        | DirectoryError::Dropped { .. }
        | DirectoryError::Protocol { .. } => Exit::Error,
    }
}
