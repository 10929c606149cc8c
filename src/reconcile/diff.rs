//! What must change, what can not, and what the reader should know.

use std::collections::BTreeSet;

use crate::model::{Actual, Change, Completeness, DIFFERS, Desired, Manage, Notice, NoticeKind, Plan, Standing, Subject};
use crate::platform::Catalog;

use super::draft::{Because, Draft};
use super::project::{Overlay, is_administrator};
use super::{bill, matching, order, people, records, workspace};

/// Compares a workspace as wanted with the workspace as read.
///
/// Deterministic: equal inputs give equal plans, in one order; the only clock is `Actual::as_of`.
#[must_use]
pub fn diff(desired: &Desired, actual: &Actual) -> Plan {
    let mut draft = Draft::new(desired, actual);
    if !draft.platform.catalog().main_admin_optional && !actual.capabilities.practice_extension {
        draft.refuse(
            Subject::Workspace,
            "workspace",
            "no-practice-extension",
            Because::new(
                "the server does not carry the practice extension, so roles, clinics and blocks can not be said there",
                "check the URL; for a plain SCIM server write `platform: generic`",
            )
            .required_by("X-2"),
        );
    } else {
        workspace::compare(&mut draft);
        records::compare(&mut draft);
        let pairs = matching::pair(&mut draft);
        people::compare(&mut draft, &pairs);
    }
    finish(draft)
}

fn finish(draft: Draft<'_>) -> Plan {
    let Draft { desired, actual, platform, changes, refusals, mut notices, mut tasks, unchanged, .. } = draft;
    let ordered = order::order(changes, platform, actual, desired.guards.administrators_at_least);
    let changes = if desired.manage == Manage::Observe {
        tasks.clear();
        notices.extend(ordered.into_iter().map(|c| Notice {
            text: format!("{DIFFERS}{} ({}); nothing is written in `manage: observe`", c.action.as_str(), c.reason),
            subject: c.subject,
            kind: NoticeKind::Silent,
        }));
        Vec::new()
    } else {
        ordered
    };
    if let Completeness::Partial { why } = &actual.completeness {
        let text = format!("the workspace could not be read in full ({why}): who seems to be missing may be there; run it again");
        notices.push(Notice { subject: Subject::Workspace, kind: NoticeKind::Warning, text });
    }
    notices.sort_by(|a, b| (&a.subject, a.kind, &a.text).cmp(&(&b.subject, b.kind, &b.text)));
    let mut refusals = refusals;
    refusals.sort_by(|a, b| (&a.subject, &a.wanted, &a.code).cmp(&(&b.subject, &b.wanted, &b.code)));
    notices.extend(shortfall(&changes, desired, actual, platform.catalog()));
    let mut plan = Plan {
        workspace: desired.workspace.clone(),
        platform: desired.platform.clone(),
        server: actual.server.clone(),
        as_of: actual.as_of,
        manage: desired.manage,
        guards: desired.guards.clone(),
        changes,
        refusals,
        notices,
        tasks,
        bill: crate::model::Bill::default(),
        unchanged,
        only: BTreeSet::new(),
    };
    plan.bill = bill::bill(&plan, desired, actual);
    plan
}

/// Too few administrators after the plan, where no guard stops it: says so, and who could become one by accepting.
fn shortfall(changes: &[Change], desired: &Desired, actual: &Actual, catalog: &Catalog) -> Option<Notice> {
    let privilege = catalog.manages_users.as_deref()?;
    let after = Overlay::new(changes, actual, catalog);
    let left = after.iter().filter(|(_, a)| is_administrator(a, privilege)).count();
    let at_least = desired.guards.administrators_at_least as usize;
    if left >= at_least {
        return None;
    }
    let invited: Vec<String> = after
        .iter()
        .filter(|(_, a)| a.state.standing() == Standing::Pending && a.state.block.is_none() && a.privileges.contains(privilege))
        .map(|(_, a)| a.email.to_string())
        .collect();
    let hope = if invited.is_empty() { "nobody who could is invited".to_owned() } else { format!("invited are: {}", invited.join(", ")) };
    Some(Notice {
        subject: Subject::Workspace,
        kind: NoticeKind::Warning,
        text: format!("{left} can manage users, {at_least} are wanted; {hope}"),
    })
}
