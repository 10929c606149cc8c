//! What must change, what can not, and what the reader should know.

use crate::model::{Actual, Desired, Manage, Notice, NoticeKind, Plan, Subject};

use super::draft::{Because, Draft};
use super::{bill, matching, order, people, records, workspace};

/// Compares a workspace as wanted with the workspace as read.
///
/// Deterministic: equal inputs give equal plans, in one order; the only clock is `Actual::as_of`.
#[must_use]
pub fn diff(desired: &Desired, actual: &Actual) -> Plan {
    let mut draft = Draft::new(desired, actual);
    if !draft.rules.catalog().main_admin_optional && !actual.capabilities.practice_extension {
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
    let Draft { desired, actual, rules, changes, refusals, mut notices, tasks, unchanged, .. } = draft;
    let ordered = order::order(changes, rules, actual, desired.guards.administrators_at_least);
    let changes = if desired.manage == Manage::Observe {
        notices.extend(ordered.into_iter().map(|c| Notice {
            text: format!("differs: {} ({}); nothing is written in `manage: observe`", c.action.as_str(), c.reason),
            subject: c.subject,
            kind: NoticeKind::Silent,
        }));
        Vec::new()
    } else {
        ordered
    };
    notices.sort_by(|a, b| (&a.subject, a.kind, &a.text).cmp(&(&b.subject, b.kind, &b.text)));
    let mut refusals = refusals;
    refusals.sort_by(|a, b| (&a.subject, &a.wanted, &a.code).cmp(&(&b.subject, &b.wanted, &b.code)));
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
    };
    plan.bill = bill::bill(&plan, desired, actual);
    plan
}
