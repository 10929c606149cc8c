//! Compares the workspace itself: main admin, clinics, roles, code word.

use std::collections::BTreeSet;

use crate::model::{
    Change, ClinicUpdate, CodeWordCheck, Edit, Email, NoticeCause, Reason, RefusalCause, RoleUpdate, Stage, Step, Subject, Target,
};

use super::draft::{PlanDraft, step};

/// Compares all of them.
pub(in crate::reconcile) fn compare(draft: &mut PlanDraft<'_>) {
    main_admin(draft);
    clinics(draft);
    roles(draft);
    code_word(draft);
}

fn main_admin(draft: &mut PlanDraft<'_>) {
    if let (Some(wanted), Some(held)) = (&draft.desired.main_admin, &draft.actual.main_admin)
        && wanted != held
        && !has_another_address(draft, wanted, held)
    {
        draft.refuse(Subject::Workspace, RefusalCause::OtherMainAdmin { workspace: held.clone(), roster: wanted.clone() });
    }
}

/// Returns whether the main admin is the same person under another address, which the plan changes.
fn has_another_address(draft: &PlanDraft<'_>, wanted: &Email, held: &Email) -> bool {
    let (Some(entry), Some(account)) = (draft.desired.users.get(wanted), draft.account(held)) else { return false };
    draft.account(wanted).is_none() && (entry.formerly.contains(held) || entry.id.as_ref() == Some(&account.id))
}

fn clinics(draft: &mut PlanDraft<'_>) {
    let desired = draft.desired;
    let actual = draft.actual;
    for (key, wanted) in &desired.clinics {
        let subject = Subject::Clinic(key.clone());
        match actual.clinics.get(key) {
            None if !actual.capabilities.clinics => draft.refuse(subject, RefusalCause::NoClinicResources),
            None => {
                let change = Change::CreateClinic { key: key.clone(), name: wanted.name.clone() };
                draft.push(step(change, Stage::Supporting, Reason::NoClinic), BTreeSet::new());
            }
            Some(held) if held.name != wanted.name => {
                let update = ClinicUpdate {
                    key: key.clone(),
                    target: Target { id: held.id.clone(), fingerprint: held.fingerprint.clone() },
                    name: Edit { before: held.name.clone(), after: wanted.name.clone() },
                };
                draft.push(step(Change::UpdateClinic(Box::new(update)), Stage::Supporting, Reason::ClinicDiffers), BTreeSet::new());
            }
            Some(_) => {}
        }
    }
    for (key, held) in &actual.clinics {
        if !desired.clinics.contains_key(key) {
            draft.notice(Subject::Clinic(key.clone()), NoticeCause::ClinicNotListed { name: held.name.clone() });
        }
    }
}

fn roles(draft: &mut PlanDraft<'_>) {
    let desired = draft.desired;
    let actual = draft.actual;
    for (key, wanted) in &desired.roles {
        let subject = Subject::Role(key.clone());
        let Some(held) = actual.roles.get(key) else {
            if actual.capabilities.roles && super::rights::refuses_role(draft, key, &BTreeSet::new(), &wanted.privileges) {
                draft.roles_not_made.insert(key.clone());
            } else if actual.capabilities.roles {
                let change = Change::CreateRole { key: key.clone(), name: wanted.name.clone(), privileges: wanted.privileges.clone() };
                draft.push(step(change, Stage::Supporting, Reason::NoRole), BTreeSet::new());
            } else {
                draft.refuse(subject, RefusalCause::NoRoleResources);
            }
            continue;
        };
        let name = (held.name != wanted.name).then(|| Edit { before: held.name.clone(), after: wanted.name.clone() });
        let privileges =
            (held.privileges != wanted.privileges).then(|| Edit { before: held.privileges.clone(), after: wanted.privileges.clone() });
        let privileges = privileges.filter(|edit| {
            let refused = super::rights::refuses_role(draft, key, &edit.before, &edit.after);
            if refused {
                draft.roles_after.insert(key.clone(), edit.before.clone());
            }
            !refused
        });
        if name.is_none() && privileges.is_none() {
            continue;
        }
        let risky = privileges.as_ref().is_some_and(|edit| !edit.lost().is_empty());
        let stage = if risky { Stage::Risk } else { Stage::Supporting };
        let target = Target { id: held.id.clone(), fingerprint: held.fingerprint.clone() };
        let update = Change::UpdateRole(Box::new(RoleUpdate { key: key.clone(), target, name, privileges }));
        draft.push(Step { risky, ..step(update, stage, Reason::RoleDiffers) }, BTreeSet::new());
    }
    for (key, held) in &actual.roles {
        if !held.built_in && !desired.roles.contains_key(key) && draft.catalog().custom_roles {
            draft.notice(Subject::Role(key.clone()), NoticeCause::RoleNotListed { name: held.name.clone() });
        }
    }
}

fn code_word(draft: &mut PlanDraft<'_>) {
    match (&draft.desired.code_word, draft.actual.code_word_matches) {
        (Some(_), Some(CodeWordCheck::Differs)) => {
            draft.push(step(Change::SetCodeWord, Stage::Supporting, Reason::OtherCodeWord), BTreeSet::new());
        }
        // Unknown is not equal, so it stays among the changes. Setting it needs no comparison.
        (Some(_), Some(CodeWordCheck::NotFetched)) => {
            draft.push(step(Change::SetCodeWord, Stage::Supporting, Reason::CodeWordNotFetched), BTreeSet::new());
        }
        (Some(_), Some(CodeWordCheck::NotCompared)) => {
            draft.push(step(Change::SetCodeWord, Stage::Supporting, Reason::CodeWordNotCompared), BTreeSet::new());
        }
        (Some(_), Some(CodeWordCheck::Matches) | None) | (None, _) => {}
    }
}
