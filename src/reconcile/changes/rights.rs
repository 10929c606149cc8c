//! The question whether the owner of the token can give what the roster asks for, so that the server's refusal is foreseen (core rule 6).

use std::collections::BTreeSet;

use crate::model::{Account, Action, DesiredUser, Field, FieldChange, Fields, NAME, NoticeCause, RefusalCause, Subject, Ungranted};
use crate::platform::catalog::RolesReach;
use crate::platform::{Catalog, effective};
use crate::workspace::{Acting, Grant, is_foreign_to, main_admins_own, may_block, may_grant, may_write_role, numbers};

use super::draft::{PlanDraft, user};

/// Returns whether a change of the field can give rights.
fn gives(catalog: &Catalog, field: Field) -> bool {
    field == Field::Role || field == Field::PrivilegeChanges || catalog.switch_privileges.iter().any(|(switch, _)| switch == field)
}

/// The owner of the token as the rules see them; `None` where the server does not say who it is.
fn acting<'a>(draft: &PlanDraft<'a>) -> Option<(Acting<'a>, &'a Account)> {
    let owner = draft.account(draft.actual.token_owner.as_ref()?)?;
    let role = owner.fields.text(Field::Role);
    Some((Acting { id: &owner.id.0, privileges: &owner.privileges, role, main_admin: owner.main_admin }, owner))
}

fn ungranted(draft: &PlanDraft<'_>, grant: &Grant<'_>) -> Option<Ungranted> {
    let (acting, _) = acting(draft)?;
    may_grant(draft.catalog(), &acting, grant).err()
}

/// Refuses a role that the owner of the token cannot write; whether it did. `before` are the privileges it has now.
pub(in crate::reconcile) fn refuses_role(
    draft: &mut PlanDraft<'_>,
    key: &str,
    before: &BTreeSet<String>,
    after: &BTreeSet<String>,
) -> bool {
    let Some((acting, owner)) = acting(draft) else { return false };
    let (giver, own) = (owner.email.clone(), acting.role == Some(key));
    let found = may_write_role(draft.catalog(), &acting, key, before, after).err().or_else(|| {
        let holders_gain = draft.reaches_holders() && own;
        holders_gain.then(|| ungranted(draft, &Grant { to: Some(acting.id), before, after, role: None })).flatten()
    });
    let Some(ungranted) = found else { return false };
    draft.refuse(Subject::Role(key.to_owned()), RefusalCause::NotGiven { giver, field: None, ungranted });
    true
}

/// Refuses somebody new with rights that the owner of the token cannot give; whether it did.
pub(in crate::reconcile) fn refuses_new(draft: &mut PlanDraft<'_>, wanted: &DesiredUser, fields: &Fields) -> bool {
    let role = fields.text(Field::Role);
    if let Some(role) = role.filter(|role| draft.roles_not_made.contains(*role)) {
        draft.refuse(user(&wanted.email), RefusalCause::RoleNotMade { role: role.to_owned() });
        return true;
    }
    let nothing = BTreeSet::new();
    let given = role.and_then(|role| draft.roles_after.get(role)).unwrap_or(&nothing);
    let after = effective(draft.catalog(), given, fields, false);
    let found = ungranted(draft, &Grant { to: None, before: &nothing, after: &after, role });
    let (Some(ungranted), Some(giver)) = (found, draft.actual.token_owner.clone()) else { return false };
    draft.refuse(user(&wanted.email), RefusalCause::NotGiven { giver, field: Some(Field::Role), ungranted });
    true
}

/// Takes out of an update what the owner of the token cannot give, or what is the main admin's to change, and refuses that alone.
pub(in crate::reconcile) fn keep_permitted(
    draft: &mut PlanDraft<'_>,
    wanted: &DesiredUser,
    account: &Account,
    changes: &mut Vec<FieldChange>,
) {
    if changes.is_empty() {
        return;
    }
    let Some((acting, owner)) = acting(draft) else { return };
    if is_foreign_to(&acting, &account.id.0, account.main_admin) {
        let is_of_name = |change: &FieldChange| NAME.contains(&change.field);
        let is_renamed = changes.iter().any(is_of_name) && draft.names_its_record(account);
        let is_moved = changes.iter().any(|change| change.field == Field::Employee);
        if is_renamed && !is_moved {
            draft.refuse(user(&wanted.email), RefusalCause::MainAdminsField { field: Field::Employee });
        }
        changes.retain(|change| {
            let [before, after] = [&change.before, &change.after].map(|value| Fields::from_iter([(change.field, value.clone())]));
            let own = change.field == Field::Email || main_admins_own(draft.catalog(), &before, &after).is_some();
            if own {
                draft.refuse(user(&wanted.email), RefusalCause::MainAdminsField { field: change.field });
            }
            !own
        });
        // The login and its record get another name together, or neither does (PBN-2).
        if is_renamed || is_moved {
            changes.retain(|change| !is_of_name(change));
        }
    }
    // Somebody who controls the address of a login can take it over, so a new address gives away all that the account has.
    if acting.id != account.id.0 && changes.iter().any(|change| change.field == Field::Email) {
        let role = account.fields.text(Field::Role);
        let all = Grant { to: None, before: &BTreeSet::new(), after: &account.privileges, role };
        if let Some(ungranted) = ungranted(draft, &all) {
            changes.retain(|change| change.field != Field::Email);
            let giver = owner.email.clone();
            draft.refuse(user(&wanted.email), RefusalCause::NotGiven { giver, field: Some(Field::Email), ungranted });
        }
    }
    let not_made = |change: &FieldChange| {
        let role = (change.field == Field::Role).then(|| change.after.as_text()).flatten()?;
        draft.roles_not_made.get(role).cloned()
    };
    if let Some((at, role)) = changes.iter().enumerate().find_map(|(at, change)| Some((at, not_made(change)?))) {
        changes.remove(at);
        draft.refuse(user(&wanted.email), RefusalCause::RoleNotMade { role });
    }
    let giver = owner.email.clone();
    while let Some(ungranted) = beyond(draft, account, changes) {
        let alone = |(at, change): (usize, &FieldChange)| Some((at, beyond(draft, account, std::slice::from_ref(change))?));
        let together = |at: usize| (at, ungranted);
        let found = changes.iter().enumerate().find_map(alone);
        let Some((at, ungranted)) = found.or_else(|| changes.iter().position(|change| gives(draft.catalog(), change.field)).map(together))
        else {
            return;
        };
        let field = changes.remove(at).field;
        changes.retain(|change| change.field.switch() != Some(field));
        draft.refuse(user(&wanted.email), RefusalCause::NotGiven { giver: giver.clone(), field: Some(field), ungranted });
    }
}

/// Returns what these changes would give and the owner of the token cannot.
fn beyond(draft: &PlanDraft<'_>, account: &Account, changes: &[FieldChange]) -> Option<Ungranted> {
    let role = changes.iter().find(|change| change.field == Field::Role && change.before != change.after);
    let any = changes.iter().any(|change| gives(draft.catalog(), change.field));
    let after = any.then(|| privileges_after(draft, account, changes)).flatten()?;
    let grant = Grant { to: Some(&account.id.0), before: &account.privileges, after: &after, role: role.and_then(|c| c.after.as_text()) };
    ungranted(draft, &grant)
}

/// Refuses a block or its end that the owner of the token lacks the privilege for; whether it did.
pub(in crate::reconcile) fn refuses_block(draft: &mut PlanDraft<'_>, account: &Account, action: Action) -> bool {
    let Some((acting, owner)) = acting(draft) else { return false };
    let (Err(_), Some(privilege)) = (may_block(draft.catalog(), &acting), draft.catalog().blocks_users.clone()) else { return false };
    let giver = owner.email.clone();
    draft.refuse(user(&account.email), RefusalCause::CannotBlock { giver, action, privilege });
    true
}

/// Refuses a block that no phone number of the token's owner can confirm (AR-19); whether it did. One number confirms all blocks of a run.
pub(in crate::reconcile) fn refuses_unconfirmed(draft: &mut PlanDraft<'_>, account: &Account) -> bool {
    if draft.actual.list.is_some() {
        // The product asks the person who works there.
        return false;
    }
    let cause = match &draft.actual.token_owner {
        None => Some(RefusalCause::NobodyActs),
        Some(giver) if draft.account(giver).is_none() => Some(RefusalCause::NobodyConfirms { giver: giver.clone(), shares: false }),
        Some(_) => None,
    };
    if let Some(cause) = cause {
        draft.refuse(user(&account.email), cause);
        return true;
    }
    // Guards stop a plan that blocks the main admin or its own account.
    let Some((_, owner)) = acting(draft).filter(|(acting, _)| acting.id != account.id.0 && !account.main_admin) else { return false };
    let own = draft.confirming.take().unwrap_or_else(|| numbers(&owner.fields).collect());
    let targets: BTreeSet<String> = numbers(&account.fields).collect();
    let left: BTreeSet<String> = own.difference(&targets).cloned().collect();
    let refused = left.is_empty();
    if refused {
        let cause = RefusalCause::NobodyConfirms { giver: owner.email.clone(), shares: !own.is_empty() };
        draft.refuse(user(&account.email), cause);
    }
    draft.confirming = Some(if refused { own } else { left });
    refused
}

/// Warns if the account of an admin who confirms blocks loses its last phone number (AR-19).
pub(in crate::reconcile) fn warn_of_lost_phones(draft: &mut PlanDraft<'_>, account: &Account, changes: &[FieldChange]) {
    let acts = account.main_admin || draft.actual.token_owner.as_ref() == Some(&account.email);
    let lost = |change: &FieldChange| change.field == Field::Phones && change.after.is_empty();
    if acts && draft.catalog().states.blocked && changes.iter().any(lost) {
        draft.notice(user(&account.email), NoticeCause::CannotConfirmBlocks);
    }
}

/// Refuses a change of the main admin's employee record by somebody else; whether it did.
pub(in crate::reconcile) fn refuses_record(draft: &mut PlanDraft<'_>, key: &str) -> bool {
    let is_on_it = |account: &&Account| account.main_admin && account.fields.text(Field::Employee) == Some(key);
    let foreign = |account: &Account| acting(draft).is_some_and(|(acting, _)| is_foreign_to(&acting, &account.id.0, account.main_admin));
    let refused = draft.actual.accounts.iter().find(is_on_it).is_some_and(foreign);
    if refused {
        draft.refuse(Subject::Employee(key.to_owned()), RefusalCause::MainAdminsRecord);
    }
    refused
}

/// Refuses a passcode that somebody else would give the main admin; whether it did.
pub(in crate::reconcile) fn refuses_passcode(draft: &mut PlanDraft<'_>, account: &Account) -> bool {
    let foreign = acting(draft).is_some_and(|(acting, _)| is_foreign_to(&acting, &account.id.0, account.main_admin));
    if foreign {
        draft.refuse(user(&account.email), RefusalCause::MainAdminsPasscode);
    }
    foreign
}

pub(in crate::reconcile) fn privileges_after(draft: &PlanDraft<'_>, account: &Account, found: &[FieldChange]) -> Option<BTreeSet<String>> {
    let mut fields = account.fields.clone();
    for change in found {
        fields.set(change.field, change.after.clone());
    }
    let role = fields.text(Field::Role)?;
    let role_is_written = found.iter().any(|c| c.field == Field::Role);
    let snapshot = match draft.catalog().roles_reach {
        RolesReach::FutureHolders if !role_is_written => account.role_privileges.as_deref().cloned(),
        RolesReach::FutureHolders | RolesReach::AllHolders => draft.roles_after.get(role).cloned(),
    };
    Some(effective(draft.catalog(), &snapshot?, &fields, account.main_admin))
}
