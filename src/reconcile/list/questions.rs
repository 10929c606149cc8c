//! Rows that may belong to users whom the list lacks: one person with a new address, or two people? A person must say.

use std::collections::BTreeMap;

use super::plan_questions::Questions;
use crate::model::{Account, AddressQuestion, DesiredUser};
use crate::reconcile::draft::PlanDraft;
use crate::reconcile::matching::Pairs;
use crate::reconcile::register::{self, Name};

/// Finds users whom the list lacks and rows without a user that have the same names.
pub(in crate::reconcile) fn questions(draft: &PlanDraft<'_>, pairs: &Pairs<'_>) -> Questions {
    if draft.actual.list.is_none() {
        return Questions::default();
    }
    let mut rows: BTreeMap<Name, Vec<&Account>> = BTreeMap::new();
    for account in &pairs.unlisted {
        if let Some(name) = register::of_fields(&account.fields) {
            rows.entry(name).or_default().push(account);
        }
    }
    let lacking = pairs.users.iter().filter(|(_, account)| account.is_none()).map(|(wanted, _)| *wanted);
    let mut found: Vec<AddressQuestion> = lacking.flat_map(|wanted| of_user(draft, wanted, &rows)).collect();
    found.sort_by(|a, b| (&a.user, &a.other).cmp(&(&b.user, &b.other)));
    Questions(found)
}

fn of_user(draft: &PlanDraft<'_>, wanted: &DesiredUser, rows: &BTreeMap<Name, Vec<&Account>>) -> Vec<AddressQuestion> {
    let is_exact = draft.desired.manage.removes_unlisted();
    let question = |account: &&Account| AddressQuestion {
        user: wanted.email.clone(),
        other: account.email.clone(),
        id: account.id.clone(),
        is_invitation: draft.catalog().user_name_change.by.is_members() && account.state.standing().is_pending(),
        keeps_access: is_exact && !account.state.standing().is_inactive() && account.state.block.is_none(),
    };
    register::of_fields(&wanted.fields).and_then(|name| rows.get(&name)).into_iter().flatten().map(question).collect()
}
