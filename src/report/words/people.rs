//! The names of the people in a plan, so that a report shows more than addresses.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::model::{Actual, Desired, Email, Field, Fields, Names, Plan, SubjectRef};

/// First and last names by workspace and address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct People(BTreeMap<String, BTreeMap<Email, String>>);

impl People {
    /// Adds the people in a plan; the workspace's spelling takes precedence over the roster's.
    pub fn add(&mut self, plan: &Plan, desired: &Desired, actual: &Actual) {
        let mentioned = mentioned(plan);
        let mut names = BTreeMap::new();
        for email in &mentioned {
            if let Some(name) = desired.users.get(email).and_then(|user| full_name(&user.fields)) {
                names.insert(email.clone(), name);
            }
        }
        for account in &actual.accounts {
            if mentioned.contains(&account.email)
                && let Some(name) = full_name(&account.fields)
            {
                names.insert(account.email.clone(), name);
            }
        }
        for (login, one) in actual.list.iter().flat_map(|list| &list.snapshot.earlier) {
            let email = login.to_email();
            if let Some(name) = full_name(&one.row.fields)
                && mentioned.contains(&email)
            {
                names.entry(email).or_insert(name);
            }
        }
        // Somebody whom neither roster nor list has was given an account by a step that somebody attests.
        for one in actual.list.iter().flat_map(|list| &list.snapshot.attested) {
            let email = one.user.to_email();
            if let Some(name) = full_name(&one.set.fields)
                && mentioned.contains(&email)
            {
                names.entry(email).or_insert(name);
            }
        }
        if !names.is_empty() {
            self.0.entry(plan.workspace.clone()).or_default().extend(names);
        }
    }

    /// Returns the name of a person, if it is known.
    #[must_use]
    pub fn name(&self, workspace: &str, email: &Email) -> Option<&str> {
        self.0.get(workspace)?.get(email).map(String::as_str)
    }
}

fn mentioned(plan: &Plan) -> BTreeSet<Email> {
    let subjects = (plan.changes.iter().map(|step| step.change.subject()))
        .chain(plan.refusals.iter().map(|r| r.subject.borrow()))
        .chain(plan.notices.iter().map(|n| n.subject.borrow()));
    let asked = plan.by_hand.iter().flat_map(|by_hand| &by_hand.questions).map(|question| &question.user);
    let attested = plan.by_hand.iter().flat_map(|by_hand| &by_hand.attested).filter_map(|one| one.user.address());
    let people = subjects.filter_map(SubjectRef::user).chain(plan.tasks.iter().map(|t| &t.user)).chain(asked).chain(attested);
    people.cloned().chain(colleagues(plan)).collect()
}

/// The people whom a value names: a product may show only their names.
fn colleagues(plan: &Plan) -> impl Iterator<Item = Email> {
    let fields = plan.changes.iter().flat_map(|step| step.change.fields());
    let named = fields.filter(|change| change.field.definition().names == Names::Colleague);
    named.flat_map(|change| [&change.before, &change.after]).filter_map(|value| value.as_text()?.parse().ok())
}

/// Returns first and last name; `None` if neither is known.
pub(in crate::report) fn full_name(fields: &Fields) -> Option<String> {
    let name = [fields.text(Field::FirstName), fields.text(Field::LastName)].into_iter().flatten().collect::<Vec<_>>().join(" ");
    (!name.is_empty()).then_some(name)
}
