//! Rows that may belong to users whom the list lacks: one person with a new address, or two people? A person must say.

use std::collections::BTreeMap;

use super::plan_questions::Questions;
use crate::model::{Account, AddressQuestion, ByLooseName, DesiredUser, Email, LooseName, NAME, Row, owners};
use crate::reconcile::draft::PlanDraft;
use crate::reconcile::matching::Pairs;

/// Finds users whom the list lacks, and rows without a user that have the same names, or the user's address beside a user name.
pub(in crate::reconcile) fn questions(draft: &PlanDraft<'_>, pairs: &Pairs<'_>) -> Questions {
    if draft.actual.list.is_none() {
        return Questions::default();
    }
    let names = pairs.unlisted.iter().filter_map(|account| Some((LooseName::of_fields(&account.fields)?, *account)));
    let mut rows = LooseRows { by_name: names.collect(), by_address: BTreeMap::new() };
    for account in &pairs.unlisted {
        if let Some(address) = super::row(draft.actual, account).and_then(Row::address) {
            rows.by_address.entry(address).or_default().push(account);
        }
    }
    let lacking = pairs.users.iter().filter(|(_, account)| account.is_none()).map(|(wanted, _)| *wanted);
    let mut found: Vec<AddressQuestion> = lacking.flat_map(|wanted| of_user(draft, wanted, &rows)).collect();
    found.sort_by(|a, b| (&a.user, &a.other).cmp(&(&b.user, &b.other)));
    Questions(found)
}

/// The rows without a user.
struct LooseRows<'a> {
    by_name: ByLooseName<&'a Account>,
    by_address: BTreeMap<&'a str, Vec<&'a Account>>,
}

fn of_user(draft: &PlanDraft<'_>, wanted: &DesiredUser, rows: &LooseRows<'_>) -> Vec<AddressQuestion> {
    let is_exact = draft.desired.manage.removes_unlisted();
    let own = LooseName::of_fields(&wanted.fields);
    let compared = |account: &Account, is_meant: fn(&LooseName, &LooseName) -> bool| {
        own.as_ref().zip(LooseName::of_fields(&account.fields)).is_some_and(|(own, name)| is_meant(own, &name))
    };
    let question = |account: &&Account| AddressQuestion {
        user: wanted.email.clone(),
        other: account.email.clone(),
        id: account.id.clone(),
        has_same_names: compared(account, LooseName::is_same),
        like_name: (!compared(account, LooseName::is_same) && compared(account, LooseName::may_be)).then(|| whole_name(account)),
        is_invitation: draft.catalog().user_name_change.by.is_members() && account.state.standing().is_pending(),
        keeps_access: is_exact && !account.state.standing().is_inactive() && account.state.block.is_none(),
    };
    let named = own.iter().flat_map(|name| rows.by_name.alike(name));
    let addresses = wanted.addresses().map(Email::as_str);
    let with_address = addresses.filter_map(|address| Some((address, rows.by_address.get(address)?)));
    let may_be = with_address.flat_map(|(address, all)| all.iter().filter(move |one| owners::may_be(wanted, &one.fields, Some(address))));
    let mut questions: Vec<AddressQuestion> = named.chain(may_be).map(question).collect();
    questions.sort_by(|a, b| a.id.cmp(&b.id));
    questions.dedup_by(|a, b| a.id == b.id);
    questions
}

fn whole_name(account: &Account) -> String {
    NAME.iter().filter_map(|field| account.fields.text(*field)).collect::<Vec<_>>().join(" ")
}
