//! The boxes of a change: an update has one for each part of the product where its fields are.

use std::collections::BTreeMap;

use crate::model::{Action, Change, Field, FieldChange, HandStep, Plan, Step, StepId, StepKind, StepValues};
use crate::platform::runbook::{ClickPath, NAME};
use crate::platform::{self, Catalog};

/// A box of a runbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::report) struct StepPart {
    /// Its id.
    pub id: StepId,
    /// The fields that it is about.
    pub fields: Vec<Field>,
}

/// Lists the boxes of a change that a person must still make.
pub(in crate::report) fn parts(plan: &Plan, step: &Step, hand: &HandStep) -> Vec<StepPart> {
    let (change, action) = (&step.change, step.change.action());
    if !hand.state.is_left() {
        return Vec::new();
    }
    if !action.updates() || change.subject().user().is_none() {
        let fields = left(change, Some(hand)).iter().map(|change| change.field).collect();
        return vec![StepPart { id: hand.id.clone(), fields }];
    }
    let catalog = platform::by_id(&plan.platform).catalog();
    let part = |(_, changes): (&ClickPath, Vec<&FieldChange>)| StepPart {
        id: StepId::new(&plan.workspace, &hand.user, StepKind::Done(action), &StepValues::of_fields(changes.iter().copied())),
        fields: changes.iter().map(|change| change.field).collect(),
    };
    of_update(change, Some(hand), click_path(catalog, action)).into_iter().map(part).collect()
}

/// Counts the boxes of a plan that a person must still tick, without those of people to look for.
pub(in crate::report) fn number(plan: &Plan) -> usize {
    let steps = plan.by_hand.iter().flat_map(|by_hand| plan.changes.iter().zip(&by_hand.steps));
    steps.map(|(step, hand)| parts(plan, step, hand).len()).sum()
}

/// The fields of a change that nobody attests.
pub(in crate::report) fn left<'c>(change: &'c Change, hand: Option<&HandStep>) -> Vec<&'c FieldChange> {
    let is_attested = |field: Field| hand.is_some_and(|hand| hand.attested_fields.contains(&field));
    change.fields().iter().filter(|change| !is_attested(change.field)).collect()
}

/// The fields of an update that nobody attests, by the part of the product where they are.
pub(in crate::report) fn of_update<'c, 'p>(
    change: &'c Change,
    hand: Option<&HandStep>,
    click_path: &'p ClickPath,
) -> Vec<(&'p ClickPath, Vec<&'c FieldChange>)> {
    let mut groups: BTreeMap<Option<usize>, Vec<&FieldChange>> = BTreeMap::new();
    for change in left(change, hand) {
        groups.entry(click_path.parts.iter().position(|part| part.has(change.field))).or_default().push(change);
    }
    let part = |at: Option<usize>| at.and_then(|at| click_path.parts.get(at)).unwrap_or(click_path);
    groups.into_iter().map(|(at, changes)| (part(at), changes)).collect()
}

/// Returns the vendor's click path of a kind of change, or else general words.
pub(in crate::report) fn click_path(catalog: &Catalog, action: Action) -> &ClickPath {
    static NOTHING: std::sync::LazyLock<ClickPath> = std::sync::LazyLock::new(ClickPath::default);
    static REMOVAL: std::sync::LazyLock<ClickPath> = std::sync::LazyLock::new(removal);
    let plain = platform::built_in().last().map(|platform| platform.catalog());
    let removes = action.sets_active() == Some(false) && !catalog.states.inactive;
    let usual = || if removes { Some(&*REMOVAL) } else { plain?.click_path(action) };
    catalog.click_path(action).or_else(usual).unwrap_or(&NOTHING)
}

/// The general words for a product in which nobody can be inactive.
fn removal() -> ClickPath {
    ClickPath {
        path: vec!["user administration".to_owned(), NAME.to_owned()],
        instructions: vec!["Remove the user.".to_owned()],
        check: Some("{name} is no longer listed, and cannot sign in.".to_owned()),
        assumed: true,
        ..ClickPath::default()
    }
}
