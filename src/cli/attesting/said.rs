//! Things that people say: ticked runbooks, ids that were ticked on paper, and fields that somebody looked at.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::path::Path;

use anyhow::Context as _;

use crate::model::{
    AttestedStep, BLOCKED, Desired, DesiredUser, Email, Field, Fields, JudgedList, LoginName, Row, Snapshot, StepId, StepKind, StepValue,
    StepValues, WorkspacePlan, owners,
};
use crate::platform;
use crate::reconcile::attest;
use crate::report::runbook::{RunbookStep, runbook, ticks};
use crate::report::{People, clean, few, sentences};
use crate::yaml::{did_you_mean, nearest};

use crate::cli::files::path_text::{not_read, shown};

/// The most bytes of a ticked runbook.
const LIMIT: u64 = 64 * 1024 * 1024;

/// One thing that somebody says.
#[derive(Clone, Debug)]
pub(in crate::cli) struct SaidFact {
    pub workspace: String,
    pub user: LoginName,
    pub change: StepKind,
    pub set: StepValues,
    /// The digest of the plan.
    pub plan: String,
    /// The time at which the plan was made, epoch milliseconds.
    pub planned_at: i64,
    /// The time at which it was done, epoch milliseconds.
    pub at: i64,
    pub note: Option<String>,
}

/// All that somebody says in one call.
#[derive(Debug, Default)]
pub(in crate::cli) struct AllSaid {
    /// The facts that can be judged.
    pub said: Vec<SaidFact>,
    /// The reasons why other things cannot be recorded.
    pub refused: Vec<String>,
    /// The number of steps that are recorded already.
    pub known: usize,
    /// The number of steps that are not ticked.
    pub left: usize,
}

/// Adds what a ticked file says.
pub(in crate::cli) fn file(path: &Path, at: Option<i64>, all: &mut AllSaid) -> anyhow::Result<()> {
    let opened = std::fs::File::open(path).map_err(|why| {
        let is_name = why.kind() == std::io::ErrorKind::NotFound && path.extension().is_none();
        let said = not_read(path, why);
        let hint = "for a workspace, say what was done with `--done ID` or `--seen FIELD`";
        if is_name { anyhow::anyhow!("{said}; {hint}") } else { said }
    })?;
    let modified = opened.metadata().and_then(|found| found.modified()).map_err(|why| not_read(path, why))?;
    let mut bytes = Vec::new();
    opened.take(LIMIT + 1).read_to_end(&mut bytes).map_err(|why| not_read(path, why))?;
    anyhow::ensure!(bytes.len() as u64 <= LIMIT, "`{}` is too large to be a runbook", shown(path));
    // Windows PowerShell and some editors write UTF-16.
    let text = crate::list::decoded(&bytes);
    let read = ticks(&text).with_context(|| format!("`{}`", shown(path)))?;
    let modified = jiff::Timestamp::try_from(modified).with_context(|| format!("cannot read `{}`", shown(path)))?.as_millisecond();
    all.left += read.left;
    all.refused.extend(read.refused.iter().map(|fault| format!("`{}`: {fault}", shown(path))));
    for tick in read.done {
        let step = tick.step;
        let Some(user) = step.user else {
            let about = "is about a clinic, a role or the code word: nobody attests such a step; untick it";
            all.refused.push(format!("`{}`: step {} {about}", shown(path), step.id));
            continue;
        };
        let at = at.or(tick.at).unwrap_or(modified);
        let (change, plan) = (StepKind::Done(step.change), step.plan.0);
        all.said.push(SaidFact {
            workspace: step.workspace,
            user,
            change,
            set: step.set,
            plan,
            planned_at: step.as_of,
            at,
            note: tick.note,
        });
    }
    Ok(())
}

/// Adds what the ids of steps say that were ticked on paper.
pub(in crate::cli) fn done(ids: &[StepId], plan: &WorkspacePlan, at: i64, all: &mut AllSaid) {
    let steps = runbook(plan, &People::default()).steps;
    for id in ids {
        let whole = plan.plan.by_hand.iter().flat_map(|by_hand| &by_hand.steps).position(|hand| hand.id == *id);
        let subject = whole.and_then(|at| plan.plan.changes.get(at)).map(|step| (step.change.subject(), step.change.action()));
        let is_meant = |own: &&RunbookStep| {
            own.data.id == *id || subject.is_some_and(|(subject, action)| subject == own.subject && action == own.data.change)
        };
        let before = all.said.len();
        for step in steps.iter().filter(is_meant) {
            let Some(user) = step.data.user.clone() else { continue };
            let data = &step.data;
            all.said.push(SaidFact {
                workspace: data.workspace.clone(),
                user,
                change: StepKind::Done(data.change),
                set: data.set.clone(),
                plan: data.plan.0.clone(),
                planned_at: data.as_of.min(at),
                at,
                note: None,
            });
        }
        let is_recorded = |one: &AttestedStep| one.id == *id && one.proof.is_still_so();
        if all.said.len() > before {
            continue;
        }
        let is_done = plan.plan.by_hand.iter().flat_map(|by_hand| &by_hand.steps).any(|hand| hand.id == *id && !hand.state.is_left());
        if is_done || plan.plan.by_hand.iter().flat_map(|by_hand| &by_hand.attested).any(is_recorded) {
            all.known += 1;
        } else if let (Some(stop), Some(_)) = (plan.stops.first(), whole) {
            all.refused.push(sentences::stopped_step(id, &plan.plan.workspace, stop));
        } else {
            let workspace = &plan.plan.workspace;
            all.refused.push(format!(
                "no step of the present plan of `{workspace}` has the id {id}: roster or list have changed since that runbook was made, or the \
                 step is recorded already. Tick its box in the file of that runbook, which has what was done, and run `rosterctl attest FILE`"
            ));
        }
    }
}

/// Says which steps come only after others that are left and that nobody says to be done.
pub(in crate::cli) fn too_early(plan: &WorkspacePlan, people: &People, said: &[SaidFact]) -> Vec<String> {
    let own = said.iter().filter(|one| one.workspace == plan.plan.workspace);
    let done: BTreeSet<StepId> = own.map(|one| StepId::new(&one.workspace, &one.user, one.change, &one.set)).collect();
    let steps = runbook(plan, people).steps;
    let is_left = |first: &&StepId| !done.contains(*first);
    let early = |step: &RunbookStep| {
        let waits_for: Vec<&StepId> = step.after.iter().filter(is_left).collect();
        (!waits_for.is_empty()).then(|| step.too_early(&waits_for))
    };
    steps.iter().filter(|step| done.contains(&step.data.id)).filter_map(early).collect()
}

/// Adds what somebody says who looked at fields: the roster is right about them.
pub(in crate::cli) fn seen(
    keys: &[String],
    user: Option<&LoginName>,
    desired: &Desired,
    list: &JudgedList,
    (plan, at): (&WorkspacePlan, i64),
    all: &mut AllSaid,
) -> anyhow::Result<()> {
    let fields = fields(keys, desired)?;
    let only = user.map(|login| owners::meant(login, std::iter::once(desired)));
    if let (Some(only), Some(login)) = (&only, user) {
        let is_listed = only.iter().any(|email| desired.users.contains_key(email));
        anyhow::ensure!(is_listed, "the roster of `{}` does not list {}", desired.workspace, clean(login.as_str()));
    }
    let catalog = platform::by_id(&desired.platform).catalog();
    let owned = owners::by_user_name(desired, &list.snapshot).into_iter().map(|(name, user)| (&user.email, name)).collect();
    let (mut said, mut shown) = (Vec::new(), BTreeMap::<&str, Vec<&str>>::new());
    for (email, wanted) in desired.users.iter().filter(|(email, _)| only.as_ref().is_none_or(|only| only.contains(*email))) {
        let Some((login, row)) = listed(wanted, &owned, &list.snapshot) else {
            anyhow::ensure!(user.is_none(), "the list of users of `{}` does not have {email}", desired.workspace);
            continue;
        };
        let mut own = Fields::default();
        for field in fields.iter().copied().filter(|field| wanted.fields.get(*field).is_some()) {
            match attest::not_shown(&list.snapshot, row, &[field]) {
                Ok(()) => own.set(field, wanted.fields.value(field)),
                Err(field) => shown.entry(catalog.yaml_key(field)).or_default().push(email.as_str()),
            }
        }
        if own.is_empty() {
            continue;
        }
        said.push(SaidFact {
            workspace: desired.workspace.clone(),
            user: login.clone(),
            change: StepKind::Seen,
            set: StepValues { fields: own, ..StepValues::default() },
            plan: plan.digest.0.clone(),
            planned_at: plan.plan.as_of.min(at),
            at,
            note: None,
        });
    }
    anyhow::ensure!(
        !said.is_empty() || !shown.is_empty(),
        "the roster says nothing about these fields for anybody on the list: there is nothing to attest"
    );
    all.said.extend(said);
    for (key, people) in shown {
        let why = "what a list shows is not attested by looking; take a new list instead";
        all.refused.push(format!("the list shows `{key}` of {}: {why}", few(&people, 3)));
    }
    Ok(())
}

/// Finds a user's row: by the user name or by the pinned id, by the address, or by an earlier one.
fn listed<'l>(user: &DesiredUser, owned: &BTreeMap<&Email, &str>, snapshot: &'l Snapshot) -> Option<(&'l LoginName, &'l Row)> {
    let pinned = owned.get(&user.email).copied().into_iter().chain(user.id.iter().map(|id| id.0.as_str()));
    let names = pinned.chain(user.addresses().map(Email::as_str));
    names.filter_map(|name| LoginName::parse(name).ok()).find_map(|login| snapshot.accounts.get_key_value(&login))
}

fn fields(keys: &[String], desired: &Desired) -> anyhow::Result<Vec<Field>> {
    let catalog = platform::by_id(&desired.platform).catalog();
    let known: Vec<String> = catalog.known_fields().map(|(field, _)| catalog.yaml_key(field).to_owned()).collect();
    let mut fields = Vec::new();
    for key in keys {
        anyhow::ensure!(
            key != StepValue::STATUS && key != BLOCKED,
            "`{key}` is never attested by looking: take a new list with `rosterctl snapshot {}`",
            desired.workspace
        );
        let inside = format!("{key}.");
        let found = catalog.known_fields().map(|(field, _)| field).filter(|field| {
            let own = catalog.yaml_key(*field);
            own == key || own.starts_with(&inside)
        });
        let before = fields.len();
        fields.extend(found);
        if fields.len() == before {
            let hint = nearest(key, &known).map_or_else(|| format!("it has {}", known.join(", ")), did_you_mean);
            anyhow::bail!("{} has no field `{key}`: {hint}", catalog.name);
        }
    }
    Ok(fields)
}

/// Returns the list of users of a workspace.
///
/// # Errors
/// If the workspace has another connection, or nobody has taken a list yet.
pub(in crate::cli) fn list(desired: &Desired, now: i64) -> anyhow::Result<JudgedList> {
    let name = &desired.workspace;
    let Some(connection) = desired.connection.snapshot() else {
        anyhow::bail!("`{name}` has an interface, so `rosterctl apply` makes its changes: nobody attests them");
    };
    let snapshot = connection.snapshot.as_deref().with_context(|| {
        format!("`{}` does not exist yet: run `rosterctl snapshot {name} FILE…` first, which writes it", shown(&connection.path))
    })?;
    Ok(platform::user_list(desired, snapshot.clone(), now))
}
