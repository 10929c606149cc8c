//! Measures a review of 1,000 workspaces, compared with reading them.

use rosterctl::model::{Actual, Desired, Moment};
use rosterctl::reconcile::{Reviewed, review};
use rosterctl::report::review::{ReviewFormat, ReviewView, show_review};
use rosterctl::report::users::ReadWorkspace;
use tokio::runtime::Runtime;

use crate::measure::{Report, by_turns};
use crate::{Folder, generate, over, world};

/// The workspaces, and the users of each.
const WORKSPACES: usize = 1_000;
const USERS: usize = 200;

/// Measures reading all workspaces and making the page of the review, and reading alone.
pub(crate) fn section(runtime: &Runtime, report: &mut Report) {
    let folder = Folder::new();
    let desired = world::load(&world::sources(&generate::workspaces(WORKSPACES, USERS))).workspaces;
    for one in &desired {
        runtime.block_on(world::settle(&folder.0, one));
    }
    let read = || -> Vec<Actual> { desired.iter().map(|one| runtime.block_on(world::read(&folder.0, one))).collect() };
    let (ours, theirs) = by_turns(3, || page(&desired, &read()), read);
    report.note(&format!("review of {WORKSPACES} workspaces with {USERS} users each, as a page"), &ours.shown());
    report.note(&format!("reading the same {WORKSPACES} workspaces"), &theirs.shown());
    report.at_most(&format!("{WORKSPACES} x {USERS} users: review, of the processor time of reading them"), over(&ours, &theirs), 1.5, "x");
}

fn page(desired: &[Desired], actual: &[Actual]) -> String {
    let reviewed: Vec<Reviewed<'_>> =
        desired.iter().zip(actual).map(|(desired, actual)| Reviewed { desired, actual, shown: actual, by_hand: None }).collect();
    let review = review(&reviewed, None);
    assert_eq!(review.people.len(), WORKSPACES * USERS, "every address is another person");
    let read: Vec<ReadWorkspace<'_>> = desired
        .iter()
        .zip(actual)
        .map(|(desired, actual)| ReadWorkspace { desired, actual, attested: None, by_hand: None, exists: true })
        .collect();
    let as_of = Moment::new(jiff::Timestamp::UNIX_EPOCH, jiff::tz::Offset::UTC);
    show_review(&ReviewView { review: &review, workspaces: &read, unread: &[], payroll: None, as_of }, ReviewFormat::Html)
}
