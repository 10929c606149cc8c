//! The workspace's own things: main admin, clinics, roles, code word.

use std::collections::BTreeSet;

use crate::model::{Action, AttributeChange, Effective, NoticeCause, Reason, RefusalCause, Stage, Subject, Value};

use super::draft::{Draft, creation};

/// Compares them all.
pub(super) fn compare(draft: &mut Draft<'_>) {
    main_admin(draft);
    clinics(draft);
    roles(draft);
    code_word(draft);
}

fn main_admin(draft: &mut Draft<'_>) {
    if let (Some(wanted), Some(held)) = (&draft.desired.main_admin, &draft.actual.main_admin)
        && wanted != held
    {
        draft.refuse(Subject::Workspace, RefusalCause::OtherMainAdmin { workspace: held.clone(), roster: wanted.clone() });
    }
}

fn clinics(draft: &mut Draft<'_>) {
    let desired = draft.desired;
    let actual = draft.actual;
    for (key, wanted) in &desired.clinics {
        let subject = Subject::Clinic(key.clone());
        let name = |before: Value| AttributeChange { name: "name".to_owned(), before, after: Value::Text(wanted.name.clone()) };
        match actual.clinics.get(key) {
            None if !actual.capabilities.clinics => draft.refuse(subject, RefusalCause::NoClinicResources),
            None => {
                let mut change = creation(subject, Action::CreateClinic, Stage::Ground, Reason::NoClinic);
                change.resource.push(name(Value::Unset));
                draft.push(change, BTreeSet::new());
            }
            Some(held) if held.name != wanted.name => {
                let mut change = creation(subject, Action::UpdateClinic, Stage::Ground, Reason::ClinicDiffers);
                change.id = Some(held.id.clone());
                change.fingerprint = Some(held.fingerprint.clone());
                change.resource.push(name(Value::Text(held.name.clone())));
                draft.push(change, BTreeSet::new());
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

fn roles(draft: &mut Draft<'_>) {
    let desired = draft.desired;
    let actual = draft.actual;
    for (key, wanted) in &desired.roles {
        let subject = Subject::Role(key.clone());
        let Some(held) = actual.roles.get(key) else {
            if actual.capabilities.roles {
                let mut change = creation(subject, Action::CreateRole, Stage::Ground, Reason::NoRole);
                change.resource = vec![
                    AttributeChange { name: "name".to_owned(), before: Value::Unset, after: Value::Text(wanted.name.clone()) },
                    AttributeChange { name: "privileges".to_owned(), before: Value::Unset, after: Value::Set(wanted.privileges.clone()) },
                ];
                draft.push(change, BTreeSet::new());
            } else {
                draft.refuse(subject, RefusalCause::NoRoleResources);
            }
            continue;
        };
        let mut changes = Vec::new();
        if held.name != wanted.name {
            changes.push(AttributeChange {
                name: "name".to_owned(),
                before: Value::Text(held.name.clone()),
                after: Value::Text(wanted.name.clone()),
            });
        }
        if held.privileges != wanted.privileges {
            changes.push(AttributeChange {
                name: "privileges".to_owned(),
                before: Value::Set(held.privileges.clone()),
                after: Value::Set(wanted.privileges.clone()),
            });
        }
        if changes.is_empty() {
            continue;
        }
        let effective =
            (held.privileges != wanted.privileges).then(|| Effective { before: held.privileges.clone(), after: wanted.privileges.clone() });
        let loses = effective.as_ref().is_some_and(|e| !e.lost().is_empty());
        let stage = if loses { Stage::Risk } else { Stage::Ground };
        let mut change = creation(subject, Action::UpdateRole, stage, Reason::RoleDiffers);
        change.id = Some(held.id.clone());
        change.fingerprint = Some(held.fingerprint.clone());
        change.resource = changes;
        change.effective = effective;
        change.risky = loses;
        draft.push(change, BTreeSet::new());
    }
    for (key, held) in &actual.roles {
        if !held.built_in && !desired.roles.contains_key(key) && draft.catalog().custom_roles {
            draft.notice(Subject::Role(key.clone()), NoticeCause::RoleNotListed { name: held.name.clone() });
        }
    }
}

fn code_word(draft: &mut Draft<'_>) {
    if draft.desired.code_word.is_some() && draft.actual.code_word_matches == Some(false) {
        let change = creation(Subject::Workspace, Action::SetCodeWord, Stage::Ground, Reason::OtherCodeWord);
        draft.push(change, BTreeSet::new());
    }
}
