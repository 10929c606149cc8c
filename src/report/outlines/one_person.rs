//! Shows two changes side by side that may be about one person with a new address.

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::{PerhapsOnePerson, Plan, Step};

use super::entries::headline;
use super::outline::{Entry, EntrySign, Line};
use crate::report::clean::clean;
use crate::report::{People, sentences};

/// Two changes that may be about one person with a new address.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct OnePersonDocument {
    /// This address loses access.
    pub leaves: String,
    /// This address gets an account.
    pub joins: String,
    /// Says what both have in common: `name`, or `name` and `phone`.
    pub same: Vec<String>,
    /// The positions of both in `changes`.
    pub changes: Vec<usize>,
    /// Says what to do if it is one person.
    pub remedy: String,
}

/// Returns one entry for each pair.
pub(in crate::report) fn entries(plan: &Plan, people: &People) -> Vec<Entry> {
    let pairs = plan.perhaps_one_person();
    let entries = pairs.iter().filter_map(|pair| {
        let [leaves, joins] = steps(plan, pair)?;
        let ((old, new), line) = (addresses(leaves, joins)?, |step: &Step, address: &str| Line::Pair(clean(address), headline(step, plan)));
        let title = plan.changes.get(pair.joins)?.change.subject().user().and_then(|email| people.name(&plan.workspace, email));
        Some(Entry {
            mark: EntrySign::Risk,
            title: title.map_or_else(|| clean(&new), clean),
            lines: vec![
                line(leaves, &old),
                line(joins, &new),
                Line::Pair("what to do".to_owned(), clean(&sentences::one_person(&old, &new, pair.phone))),
            ],
        })
    });
    entries.collect()
}

/// Returns the document of each pair.
pub(in crate::report) fn documents(plan: &Plan) -> Vec<OnePersonDocument> {
    let pairs = plan.perhaps_one_person();
    let documents = pairs.iter().filter_map(|pair| {
        let [leaves, joins] = steps(plan, pair)?;
        let (old, new) = addresses(leaves, joins)?;
        let same = if pair.phone { &["name", "phone"][..] } else { &["name"] };
        Some(OnePersonDocument {
            same: same.iter().map(|word| (*word).to_owned()).collect(),
            changes: vec![pair.leaves, pair.joins],
            remedy: sentences::one_person(&old, &new, pair.phone),
            leaves: old,
            joins: new,
        })
    });
    documents.collect()
}

fn steps<'a>(plan: &'a Plan, pair: &PerhapsOnePerson) -> Option<[&'a Step; 2]> {
    Some([plan.changes.get(pair.leaves)?, plan.changes.get(pair.joins)?])
}

fn addresses(leaves: &Step, joins: &Step) -> Option<(String, String)> {
    Some((leaves.change.subject().user()?.to_string(), joins.change.subject().user()?.to_string()))
}
