//! The state in which a plan leaves the users whom a refusal is about: what depends on them is judged by that, and not by what the roster wants.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Email, Field};
use crate::platform::Surroundings as _;

use super::draft::{LeftAs, PlanDraft};
use super::fits::After;
use crate::reconcile::project::Overlay;

/// Finds the users whom the plan leaves otherwise than it was made for, since something is refused for them.
pub(super) fn otherwise(draft: &PlanDraft<'_>) -> BTreeMap<Email, LeftAs> {
    let refused: BTreeSet<&Email> = draft
        .refusals
        .iter()
        .filter_map(|refusal| refusal.subject.borrow().user())
        .filter(|email| draft.desired.users.contains_key(*email))
        .collect();
    if refused.is_empty() {
        return BTreeMap::new();
    }
    let after = Overlay::new(draft.changes.iter().map(|proposed| &proposed.step.change), draft.actual, draft.catalog());
    let mut left: BTreeMap<&Email, LeftAs> = refused.into_iter().map(|email| (email, None)).collect();
    for (_, account) in after.iter() {
        if let Some(left) = left.get_mut(&account.email) {
            *left = account.fields.text(Field::Role).map(|role| (role.to_owned(), !account.state.inactive));
        }
    }
    let is_assumed = |email: &Email, left: &LeftAs| After(draft).colleague(email.as_str()) == *left;
    left.into_iter().filter(|(email, left)| !is_assumed(email, left)).map(|(email, found)| (email.clone(), found)).collect()
}
