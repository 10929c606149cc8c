//! The client against servers whose lists, schemas and writes are not what they seem.

use rosterctl::directory::Reader;
use rosterctl::model::*;
use rosterctl::reconcile::{approve, contradicted, diff, doubtful};
use serde_json::json;

use crate::lousy_server::{Habits, Lousy};
use crate::servers::{listings, of, read, run, run_with, small_pages, text};
use crate::support::*;

#[tokio::test]
async fn a_total_that_is_only_the_size_of_a_page_is_not_believed() {
    // rule 7 of the core
    let (_, actual) = read(50, Habits { total_is_page: true, ..small_pages() }).await;
    assert_eq!((actual.accounts.len(), actual.completeness), (50, Completeness::Complete));
}

#[tokio::test]
async fn a_server_that_fails_at_any_query_is_asked_without_one() {
    let (lousy, actual) = read(50, Habits { no_queries: true, ..Habits::default() }).await;
    assert_eq!((actual.accounts.len(), actual.completeness), (50, Completeness::Complete));
    assert!(listings(&lousy) <= 3, "{}", listings(&lousy));
}

/// A roster with these users and nobody else.
fn roster(users: impl IntoIterator<Item = usize>) -> Desired {
    let user = desired().users.into_values().next().unwrap();
    let users = users.into_iter().map(|n| (email(n), DesiredUser { email: email(n), ..user.clone() })).collect();
    Desired { manage: Manage::Exact, users, ..desired() }
}

#[tokio::test]
async fn somebody_to_be_invited_who_has_an_account_proves_that_the_list_is_not_complete() {
    // rule 7 of the core
    let lousy = Lousy::with(50, Habits { shows_at_most: Some(20), ..Habits::default() });
    let directory = lousy.connect().await.unwrap();
    let mut actual = directory.read().await.unwrap();
    assert_eq!((actual.accounts.len(), &actual.completeness), (20, &Completeness::Complete), "nothing is odd about the list");
    let wanted = roster((1..20).chain([30]));
    let plan = diff(&wanted, &actual);
    let found = directory.look_up(&doubtful(&plan)).await.unwrap();
    actual.completeness = contradicted(&actual, &found).expect("the list lacks user030");
    let stopped = approve(diff(&wanted, &actual), &actual, &wanted).unwrap_err();
    assert!(stopped.stops.iter().any(|stop| stop.guard() == Guard::PartialRead), "{:?}", stopped.stops);

    let newcomer = diff(&roster((1..20).chain([90])), &actual);
    assert_eq!(contradicted(&actual, &directory.look_up(&doubtful(&newcomer)).await.unwrap()), None);
    assert_eq!(doubtful(&diff(&roster((0..20).chain([30])), &actual)), [], "nobody is removed");
}

#[tokio::test]
async fn a_taken_address_stops_the_removals_of_those_who_are_not_listed() {
    // rule 7 of the core
    let lousy = Lousy::with(5, Habits::default());
    let (receipt, end) = run(&lousy, |actual| {
        let leaves = |n: usize, reason: Reason| Step { reason, stage: Stage::HandOver, ..of(actual, n, AccountChange::Inactivate) };
        let taken = set(invite(3), Field::LastName, Value::Unset, text("Stone"));
        vec![taken, leaves(0, Reason::NotListed), leaves(1, Reason::WantedInactive)]
    })
    .await;
    let OpOutcome::NotTried { why } = &receipt.records[1].outcome else { panic!("{:?}", receipt.records) };
    assert!(why.contains("may be incomplete"), "{why}");
    assert!(is_done(&receipt.records[2]), "{:?}", receipt.records);
    let inactive: Vec<&Email> = end.accounts.iter().filter(|a| a.state.inactive).map(|a| &a.email).collect();
    assert_eq!(inactive, [&email(1)]);
}

/// A schema with names in one text, addresses without a type, and neither titles nor phone numbers.
const SMALL_SCHEMA: &str = r#"[{"name":"userName","required":true},
    {"name":"name","required":true,"subAttributes":[{"name":"formatted","required":true}]},
    {"name":"emails","subAttributes":[{"name":"value"},{"name":"primary"}]}]"#;

#[tokio::test]
async fn what_a_schema_lacks_is_one_refusal_and_what_it_requires_is_sent() {
    let lousy = Lousy::with(0, Habits { schema: Some(SMALL_SCHEMA), ..Habits::default() });
    let directory = lousy.connect().await.unwrap();
    let mut wanted = roster([1, 2]);
    for user in wanted.users.values_mut() {
        user.fields =
            [(Field::FirstName, text("Ana")), (Field::LastName, text("Maria Ruiz")), (Field::Title, text("MD"))].into_iter().collect();
    }
    let plan = diff(&wanted, &directory.read().await.unwrap());
    let refused = [Refusal { subject: Subject::Workspace, cause: RefusalCause::NotOnServer { field: Field::Title, users: 2 } }];
    assert_eq!(plan.refusals, refused);
    let (receipt, end) = run_with(&directory, |_| plan.changes.clone()).await;
    assert!(receipt.records.iter().all(is_done), "{:?}", receipt.records);
    assert_eq!(lousy.user("user001@glow.example").unwrap()["name"], json!({ "formatted": "Ana Maria Ruiz" }));
    let again = diff(&wanted, &end);
    assert_eq!((again.changes.len(), again.refusals), (0, refused.to_vec()), "equal text is equal");

    wanted.users.values_mut().for_each(|user| user.fields.set(Field::LastName, text("Stone")));
    let renamed = diff(&wanted, &end);
    let (receipt, end) = run_with(&directory, |_| renamed.changes.clone()).await;
    assert!(receipt.records.iter().all(is_done), "{:?}", receipt.records);
    assert_eq!(lousy.user("user001@glow.example").unwrap()["name"], json!({ "formatted": "Ana Stone" }));
    assert_eq!(diff(&wanted, &end).changes, []);
}

/// A new last name and a new title.
fn renamed_and_retitled(actual: &Actual, n: usize) -> Step {
    let renamed = set(of(actual, n, update()), Field::LastName, text("Ruiz"), text("Stone"));
    set(renamed, Field::Title, text("MD"), text("RN"))
}

#[tokio::test]
async fn an_attribute_that_is_refused_spoils_only_itself() {
    // rule 3 of the core, A8
    let lousy = Lousy::with(2, Habits { no_patch_of: Some("title"), ..Habits::default() });
    let (receipt, end) = run(&lousy, |actual| {
        let mut second = renamed_and_retitled(actual, 1);
        second.after = vec![0];
        vec![renamed_and_retitled(actual, 0), second]
    })
    .await;
    for record in &receipt.records {
        let OpOutcome::Partly { rest, .. } = &record.outcome else { panic!("{record:?}") };
        assert_eq!((rest.not_stored.as_slice(), rest.stayed.len()), (["title".to_owned()].as_slice(), 0), "{record:?}");
    }
    assert!(end.accounts.iter().all(|account| account.fields.text(Field::LastName) == Some("Stone")));
    assert_eq!(receipt.records.iter().map(|record| record.attempts).collect::<Vec<_>>(), [2, 1], "the second begins with what worked");
}

#[tokio::test]
async fn a_server_that_fails_at_single_attributes_gets_the_whole_resource() {
    let lousy = Lousy::with(2, Habits { no_patch_of: Some("title"), fails_at_single_attributes: true, ..Habits::default() });
    let (receipt, end) = run(&lousy, |actual| vec![renamed_and_retitled(actual, 0), renamed_and_retitled(actual, 1)]).await;
    assert!(receipt.records.iter().all(is_done), "{:?}", receipt.records);
    assert!(end.accounts.iter().all(|account| account.fields.text(Field::Title) == Some("RN")));
    assert!(receipt.records.iter().all(|record| record.attempts <= 5), "{:?}", receipt.records);
}

#[tokio::test]
async fn a_server_that_fails_at_one_attribute_stores_the_others() {
    // rule 3 of the core, A8
    let lousy = Lousy::with(1, Habits { fails_at: Some("title"), ..Habits::default() });
    let (receipt, end) = run(&lousy, |actual| vec![renamed_and_retitled(actual, 0)]).await;
    let OpOutcome::Partly { rest, .. } = &receipt.records[0].outcome else { panic!("{:?}", receipt.records) };
    assert_eq!(rest.not_stored, ["title"]);
    assert!(receipt.records[0].attempts <= 5, "{:?}", receipt.records);
    assert_eq!(end.accounts[0].fields.text(Field::LastName), Some("Stone"));
}

#[tokio::test]
async fn an_account_that_was_created_without_its_title_is_created() {
    let lousy = Lousy::with(0, Habits { drops: Some("title"), ..Habits::default() });
    let (receipt, end) = run(&lousy, |_| {
        let named = set(invite(1), Field::LastName, Value::Unset, text("Ruiz"));
        vec![set(named, Field::Title, Value::Unset, text("MD"))]
    })
    .await;
    let OpOutcome::Partly { rest, .. } = &receipt.records[0].outcome else { panic!("{:?}", receipt.records) };
    assert_eq!(rest.not_stored, ["title"]);
    assert_eq!(end.accounts.len(), 1);
}

#[tokio::test]
async fn a_filter_that_is_known_to_work_is_believed_when_it_finds_nobody() {
    // The list cannot be read in full from then on, as while others add to it.
    let lousy = Lousy::with(4, Habits { lost_posts: 1, short_from: Some(2), ..Habits::default() });
    let (receipt, _) = run(&lousy, |_| vec![set(invite(90), Field::LastName, Value::Unset, text("Ruiz"))]).await;
    assert!(is_done(&receipt.records[0]), "{:?}", receipt.records);
}
