//! The client against servers whose lists, schemas and writes are not what they seem.

use rosterctl::directory::Reader;
use rosterctl::model::*;
use rosterctl::reconcile::{add_found, approve, diff, doubtful, hidden, narrow};
use rosterctl::report::sentences;
use serde_json::json;

use crate::lousy_server::{Extension, Habits, Later, ListedVersion, Lousy};
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
    for status in [400, 405, 406, 413, 414, 416, 422, 501] {
        let answers: &'static [(&str, u16)] = Box::leak(Box::new([("GET /Users?", status)]));
        let (_, actual) = read(50, Habits { answers, ..Habits::default() }).await;
        assert_eq!((actual.accounts.len(), actual.completeness), (50, Completeness::Complete), "{status}");
    }
}

/// A roster with these users and nobody else.
pub(crate) fn roster(users: impl IntoIterator<Item = usize>) -> Desired {
    let user = desired().users.into_values().next().unwrap();
    let users = users.into_iter().map(|n| (email(n), DesiredUser { email: email(n), ..user.clone() })).collect();
    Desired { manage: Manage::Exact, users, ..desired() }
}

#[tokio::test]
async fn somebody_to_be_invited_who_has_an_account_proves_that_the_list_is_not_complete() {
    // rule 7 of the core
    let lousy = Lousy::with(50, Habits { shows_at_most: Some(23), ..Habits::default() });
    let directory = lousy.connect().await.unwrap();
    let mut actual = directory.read().await.unwrap();
    assert!(actual.accounts.len() == 23 && matches!(actual.completeness, Completeness::Unproven { .. }), "{:?}", actual.completeness);
    let wanted = roster((1..23).chain([30]));
    let plan = diff(&wanted, &actual);
    let found = directory.look_up(&doubtful(&wanted, &plan, &actual)).await.unwrap();
    assert!(add_found(&mut actual, found), "the list lacks user030");
    let stopped = approve(diff(&wanted, &actual), &actual, &wanted).unwrap_err();
    assert!(stopped.stops.iter().any(|stop| stop.guard() == Guard::PartialRead), "{:?}", stopped.stops);

    let newcomer = roster((1..23).chain([90]));
    let found = directory.look_up(&doubtful(&newcomer, &diff(&newcomer, &actual), &actual)).await.unwrap();
    assert!(!add_found(&mut actual, found));
    actual.completeness = Completeness::Complete;
    actual.accounts[0].state.inactive = true;
    let nobody_leaves = roster((1..23).chain([30, 90]));
    assert_eq!(doubtful(&nobody_leaves, &diff(&nobody_leaves, &actual), &actual), [email(90)], "a list may lack anybody");
    actual.capabilities.practice_extension = true;
    assert_eq!(doubtful(&nobody_leaves, &diff(&nobody_leaves, &actual), &actual), [], "our own server's has everybody");
}

/// The plan for a server, after the second opinion on its list.
pub(crate) async fn planned(lousy: &Lousy, wanted: &Desired) -> (Plan, Actual) {
    let directory = lousy.connect().await.unwrap();
    let mut actual = directory.read().await.unwrap();
    let hidden = hidden(&diff(wanted, &actual), &actual);
    directory.read_alone(&mut actual.accounts, &hidden).await;
    let found = directory.look_up(&doubtful(wanted, &diff(wanted, &actual), &actual)).await.unwrap();
    add_found(&mut actual, found);
    (diff(wanted, &actual), actual)
}

pub(crate) fn actions(plan: &Plan) -> Vec<(Action, Email)> {
    plan.changes.iter().map(|step| (step.change.action(), step.change.subject().user().unwrap().clone())).collect()
}

// rules 5 and 7 of the core
#[tokio::test]
async fn somebody_who_comes_back_to_a_server_that_lists_no_inactive_users_is_activated() {
    let lousy = Lousy::with(5, Habits { lists_no_inactive: true, ..Habits::default() });
    lousy.give("user003@glow.example", &json!({ "active": false }));
    let wanted = roster([0, 1, 3]);
    let (plan, actual) = planned(&lousy, &wanted).await;
    assert_eq!(actual.completeness, Completeness::Complete);
    let leave = [2, 4].map(|n| (Action::Inactivate, email(n)));
    let all: Vec<_> = leave.into_iter().chain([(Action::Activate, email(3))]).collect();
    assert_eq!(actions(&plan), all);
    assert!(approve(plan, &actual, &wanted).is_ok_and(|approved| approved.plan().changes.len() == 3));
}

// rule 6 of the core
#[tokio::test]
async fn an_address_of_a_hidden_account_is_refused_with_what_to_look_for() {
    let lousy = Lousy::with(2, Habits { lists_no_inactive: true, filter_finds_nobody: true, ..Habits::default() });
    lousy.give("user001@glow.example", &json!({ "active": false }));
    let (plan, _) = planned(&lousy, &roster([0, 1])).await;
    let (receipt, end) = run(&lousy, |_| plan.changes).await;
    let OpOutcome::Failed(failure) = &receipt.records[0].outcome else { panic!("{:?}", receipt.records) };
    assert!(
        failure.refused && sentences::failure(failure).contains("409") && sentences::failure(failure).contains("such as an inactive one"),
        "{failure:?}"
    );
    assert_eq!((end.accounts.len(), lousy.lock().users.len()), (1, 2));
}

// rule 7 of the core
#[tokio::test]
async fn a_user_without_access_in_the_roster_is_looked_up_and_inactivated_although_the_list_lacks_them() {
    let lousy = Lousy::with(5, Habits { shows_at_most: Some(3), ..Habits::default() });
    let mut wanted = Desired { manage: Manage::Additive, ..roster(0..3) };
    let leaver = DesiredUser { status: Status::Inactive, ..wanted.users[&email(0)].clone() };
    wanted.users.insert(email(4), DesiredUser { email: email(4), ..leaver });
    let (plan, actual) = planned(&lousy, &wanted).await;
    assert_eq!(actions(&plan), [(Action::Inactivate, email(4))]);
    assert!(
        matches!(actual.completeness, Completeness::Partial { .. }) && approve(plan, &actual, &wanted).is_ok(),
        "the roster names them"
    );
}

// rule 10 of the core
#[tokio::test]
async fn an_active_account_without_an_address_is_in_the_plan() {
    let lousy = Lousy::with(3, Habits::default());
    for (n, active) in [(1, true), (2, false)] {
        lousy.give(&format!("user00{n}@glow.example"), &json!({ "userName": format!("desk{n}"), "active": active }));
    }
    // Rule 6 of the core: everybody else who is not listed leaves.
    let (plan, _) = planned(&lousy, &roster(0..1)).await;
    let cause = RefusalCause::NoAddress { login: "desk1".to_owned() };
    assert_eq!((plan.changes.len(), plan.refusals), (0, vec![Refusal { subject: Subject::Workspace, cause }]));

    let (plan, _) = planned(&lousy, &Desired { manage: Manage::Additive, ..roster(0..1) }).await;
    let workspace = plan.notices.iter().filter(|notice| notice.subject == Subject::Workspace);
    let named: Vec<&NoticeCause> = workspace.map(|notice| &notice.cause).collect();
    assert_eq!((named, plan.refusals), (vec![&NoticeCause::NoAddress { login: "desk1".to_owned() }], Vec::new()));
}

// rule 7 of the core
#[tokio::test]
async fn a_failure_past_a_total_that_is_only_the_size_of_a_page_is_not_the_end() {
    for status in [500, 502, 404, 400] {
        let habits = Habits {
            total_is_page: true,
            later: Some(Later { on: "GET /Users?startIndex=8", after: 0, times: 99, status }),
            ..small_pages()
        };
        assert!(Lousy::with(20, habits.clone()).connect().await.unwrap().read().await.is_err(), "{status}");
        let true_total = Habits { total_is_page: false, ..habits };
        let actual = Lousy::with(7, true_total).connect().await.unwrap().read().await.unwrap();
        assert_eq!((actual.accounts.len(), actual.completeness), (7, Completeness::Complete), "{status}");
    }
    let once = Some(Later { on: "GET /Users?startIndex=8", after: 0, times: 2, status: 500 });
    let (_, actual) = read(20, Habits { total_is_page: true, later: once, ..small_pages() }).await;
    assert_eq!((actual.accounts.len(), actual.completeness), (20, Completeness::Complete));
    // Everybody is on one page, and an empty one counts nobody.
    let (_, actual) = read(5, Habits { total_is_page: true, ..Habits::default() }).await;
    assert_eq!((actual.accounts.len(), actual.completeness), (5, Completeness::Complete));
}

// rule 7 of the core: the last users, asked for from the second one on, are the known ones, so nobody follows them.
#[tokio::test]
async fn a_failure_past_the_end_hides_nobody_where_the_last_page_shows_that_it_is_the_last() {
    for status in [400, 403, 404, 416, 500, 502, 503] {
        for (users, size, total_is_page, no_total) in
            [(4, 100, true, false), (4, 100, false, true), (20, 7, true, false), (15, 7, true, false)]
        {
            let fails_past_the_end = Some(status);
            let habits = Habits { total_is_page, no_total, page_of_at_most: Some(size), fails_past_the_end, ..Habits::default() };
            let (_, actual) = read(users, habits).await;
            assert_eq!((actual.accounts.len(), actual.completeness), (users, Completeness::Complete), "{status} {users}");
        }
    }
}

// rule 2 of the core
#[tokio::test]
async fn versions_that_a_list_writes_in_another_form_are_not_drift() {
    for shown in [ListedVersion::Weak, ListedVersion::Only] {
        for no_etags in [true, false] {
            let config = no_etags.then_some(r#"{"patch":{"supported":true}}"#);
            let habits = Habits { listed_version: shown, config, ..Habits::default() };
            let (receipt, end) = run(&Lousy::with(3, habits.clone()), |actual| {
                vec![renamed_and_retitled(actual, 0), of(actual, 1, AccountChange::Inactivate)]
            })
            .await;
            assert!(receipt.records.iter().all(is_done), "{habits:?}: {:?}", receipt.records);
            assert!(end.accounts[1].state.inactive);

            let edited = Lousy::with(2, habits);
            let (receipt, _) = run(&edited, |actual| {
                edited.give("user000@glow.example", &json!({ "title": "DO" }));
                vec![of(actual, 0, AccountChange::Inactivate)]
            })
            .await;
            assert_eq!(receipt.records[0].outcome, OpOutcome::Drifted(Drift::Rewritten), "{shown:?}");
        }
    }
}

#[tokio::test]
async fn active_is_read_in_numbers_and_words_too() {
    let lousy = Lousy::with(6, Habits::default());
    for (n, said) in [json!(0), json!(1), json!("no"), json!("YES"), json!("disabled"), json!("False")].into_iter().enumerate() {
        lousy.give(&format!("user00{n}@glow.example"), &json!({ "active": said }));
    }
    let actual = lousy.connect().await.unwrap().read().await.unwrap();
    let inactive: Vec<bool> = actual.accounts.iter().map(|account| account.state.inactive).collect();
    assert_eq!(inactive, [true, false, true, false, true, true]);
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
    assert_eq!(receipt.records[1].outcome, OpOutcome::NotTried(NotTried::ListInDoubt));
    assert!(is_done(&receipt.records[2]), "{:?}", receipt.records);
    let inactive: Vec<&Email> = end.accounts.iter().filter(|a| a.state.inactive).map(|a| &a.email).collect();
    assert_eq!(inactive, [&email(1)]);
}

/// A schema with names in one text, addresses without a type, and neither titles nor phone numbers.
const SMALL_SCHEMA: &str = r#"[{"name":"userName","required":true},
    {"name":"name","required":true,"subAttributes":[{"name":"formatted","required":true}]},
    {"name":"emails","subAttributes":[{"name":"value"},{"name":"primary"}]}]"#;

#[tokio::test]
async fn a_field_that_a_schema_lacks_is_one_refusal_and_one_that_it_requires_is_sent() {
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

// RFC 7643 section 7: what a server does not show can be compared by nobody.
#[tokio::test]
async fn a_field_that_a_schema_never_shows_is_one_refusal_and_no_change_in_every_plan() {
    for said in [r#""returned": "never""#, r#""returned": "Request""#, r#""mutability": "writeOnly""#, r#""returned": "default""#] {
        let schema = format!(r#"[{{ "name": "userName" }}, {{ "name": "active" }}, {{ "name": "name" }}, {{ "name": "title", {said} }}]"#);
        let lousy = Lousy::with(2, Habits { schema: Some(schema.leak()), lists_without: Some("title"), ..Habits::default() });
        let mut wanted = roster([0, 1]);
        wanted.users.values_mut().for_each(|user| user.fields.set(Field::Title, text("RN")));
        let plan = diff(&wanted, &lousy.connect().await.unwrap().read().await.unwrap());
        let is_shown = said.contains("default");
        let refused = Refusal { subject: Subject::Workspace, cause: RefusalCause::NotOnServer { field: Field::Title, users: 2 } };
        assert_eq!(plan.refusals.contains(&refused), !is_shown, "{said}: {plan:?}");
        let sets_title = plan.changes.iter().flat_map(|step| step.change.fields()).any(|edit| edit.field == Field::Title);
        assert_eq!(sets_title, is_shown, "{said}");
    }
}

// Rule 7 of the core: a plan gives nobody an address that somebody has whom the list lacks.
#[tokio::test]
async fn the_new_address_of_somebody_is_looked_up_before_others_lose_their_access() {
    let lousy = Lousy::with(5, Habits { shows_at_most: Some(4), ..Habits::default() });
    let mut wanted = roster([1, 2, 4]);
    wanted.users.get_mut(&email(4)).unwrap().formerly.push(email(0));
    let (plan, actual) = planned(&lousy, &wanted).await;
    let stopped = approve(plan, &actual, &wanted).unwrap_err();
    assert!(stopped.stops.iter().any(|stop| stop.guard() == Guard::PartialRead), "{:?}", stopped.stops);
    // Nor is somebody invited whose account has the former address.
    wanted.users.remove(&email(4));
    let mut returning = roster([8]).users.remove(&email(8)).unwrap();
    returning.formerly.push(email(4));
    wanted.users.insert(email(8), returning);
    let (plan, actual) = planned(&lousy, &wanted).await;
    assert!(plan.changes.iter().all(|step| step.change.new_account().is_none()), "{:?}", plan.changes);
    assert!(approve(plan, &actual, &wanted).unwrap_err().stops.iter().any(|stop| stop.guard() == Guard::PartialRead));
    wanted.users.remove(&email(8));
    let mut renamed = roster([9]).users.remove(&email(9)).unwrap();
    renamed.formerly.push(email(0));
    wanted.users.insert(email(9), renamed);
    let (plan, actual) = planned(&lousy, &wanted).await;
    assert!(approve(plan, &actual, &wanted).is_ok(), "nobody has that address");
}

/// A schema that requires much of what a roster does not have, all of which follows from what it has.
const DEMANDING_SCHEMA: &str = r#"[{"name":"userName","required":true},{"name":"externalId","required":true},{"name":"title"},
    {"name":"displayName","required":true},{"name":"nickName","required":true},{"name":"active","required":true},
    {"name":"groups","required":true,"mutability":"readOnly"},
    {"name":"name","required":true,"subAttributes":[{"name":"formatted","required":true},{"name":"givenName","required":true},
        {"name":"familyName","required":true}]},
    {"name":"phoneNumbers","subAttributes":[{"name":"value","required":true},{"name":"type","required":true},{"name":"primary","required":true}]},
    {"name":"emails","required":true,"subAttributes":[{"name":"value","required":true},{"name":"type","required":true},
        {"name":"primary","required":true},{"name":"display","required":true}]}]"#;

#[tokio::test]
async fn everything_that_a_schema_requires_and_that_is_known_is_sent() {
    let lousy = Lousy::with(0, Habits { schema: Some(DEMANDING_SCHEMA), ..Habits::default() });
    let directory = lousy.connect().await.unwrap();
    let mut wanted = roster([1]);
    for user in wanted.users.values_mut() {
        let phones = Value::List(vec!["+16025550100".to_owned(), "+16025550101".to_owned()]);
        user.fields = [(Field::FirstName, text("Ana")), (Field::LastName, text("Ruiz")), (Field::Phones, phones)].into_iter().collect();
    }
    let plan = diff(&wanted, &directory.read().await.unwrap());
    assert_eq!(plan.refusals, []);
    let (receipt, end) = run_with(&directory, |_| plan.changes.clone()).await;
    assert!(receipt.records.iter().all(is_done), "{:?}", receipt.records);
    let user = lousy.user("user001@glow.example").unwrap();
    let said = ["externalId", "displayName", "nickName"].map(|name| user[name].as_str().unwrap());
    assert_eq!(said, ["user001@glow.example", "Ana Ruiz", "Ana"]);
    assert_eq!(user["emails"][0]["display"], "user001@glow.example");
    assert_eq!(user["phoneNumbers"][1], json!({ "value": "+16025550101", "type": "work", "primary": false }));
    assert_eq!(diff(&wanted, &end).changes, []);
}

#[tokio::test]
async fn a_user_without_a_value_that_a_schema_requires_is_refused_in_the_plan() {
    // rule 6 of the core
    let schema = r#"[{"name":"userName","required":true},{"name":"title","required":true},{"name":"division","required":true},
        {"name":"name","subAttributes":[{"name":"givenName"},{"name":"familyName"},{"name":"middleName","required":true}]}]"#;
    let lousy = Lousy::with(1, Habits { schema: Some(schema), ..Habits::default() });
    let directory = lousy.connect().await.unwrap();
    let mut wanted = roster([0, 1, 2]);
    for (n, user) in wanted.users.values_mut().enumerate() {
        user.fields = [(Field::FirstName, text("Ana")), (Field::LastName, text("Ruiz"))].into_iter().collect();
        if n == 2 {
            user.fields.set(Field::Title, text("MD"));
        }
    }
    let actual = directory.read().await.unwrap();
    let plan = diff(&wanted, &actual);
    assert_eq!((plan.changes.len(), plan.unchanged), (0, 1), "only user000 has an account");
    let everybody = |attribute: &str, users| Refusal {
        subject: Subject::Workspace,
        cause: RefusalCause::RequiredByServer { attribute: attribute.to_owned(), field: None, users },
    };
    let title = RefusalCause::RequiredByServer { attribute: "title".to_owned(), field: Some(Field::Title), users: 1 };
    let refused = [everybody("division", 2), everybody("name.middleName", 2), Refusal { subject: Subject::User(email(1)), cause: title }];
    assert_eq!(plan.refusals, refused);

    let one = narrow(plan, &[email(2)].into(), &wanted, &actual);
    assert_eq!((one.refusals, one.unchanged), (vec![everybody("division", 1), everybody("name.middleName", 1)], 0));
}

// rule 6 of the core
#[tokio::test]
async fn a_user_without_a_value_that_an_extension_requires_is_refused_in_the_plan() {
    let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    let (all, some) = (Extension::Listed { required: true }, Extension::Listed { required: false });
    for (extension, refuses) in [(all, true), (Extension::Unlisted, true), (some, false)] {
        let lousy = Lousy::with(1, Habits { schema: Some(DEMANDING_SCHEMA), extension, ..Habits::default() });
        let directory = lousy.connect().await.unwrap();
        let mut wanted = roster([0, 1, 2]);
        for user in wanted.users.values_mut() {
            user.fields = [(Field::FirstName, text("Ana")), (Field::LastName, text("Ruiz"))].into_iter().collect();
        }
        let plan = diff(&wanted, &directory.read().await.unwrap());
        let attribute = format!("{enterprise}:employeeNumber");
        let cause = RefusalCause::RequiredByServer { attribute, field: None, users: 2 };
        let refused = if refuses { vec![Refusal { subject: Subject::Workspace, cause }] } else { Vec::new() };
        assert_eq!((&plan.refusals, plan.changes.len()), (&refused, if refuses { 0 } else { 2 }), "{extension:?}");
        let (receipt, end) = run_with(&directory, |_| plan.changes.clone()).await;
        assert!(receipt.records.iter().all(is_done), "{extension:?}: {:?}", receipt.records);
        assert_eq!(diff(&wanted, &end).changes, [], "{extension:?}");
    }
}

#[tokio::test]
async fn a_chosen_user_whose_field_the_server_lacks_does_not_match() {
    let lousy = Lousy::with(2, Habits { schema: Some(SMALL_SCHEMA), ..Habits::default() });
    let actual = lousy.connect().await.unwrap().read().await.unwrap();
    let mut wanted = roster([0, 1]);
    for user in wanted.users.values_mut() {
        user.fields = [(Field::FirstName, text("Ana")), (Field::LastName, text("Ruiz"))].into_iter().collect();
    }
    wanted.users.get_mut(&email(0)).unwrap().fields.set(Field::Title, text("MD"));
    let plan = diff(&wanted, &actual);
    let chosen = |n: usize| narrow(plan.clone(), &[email(n)].into(), &wanted, &actual);
    assert_eq!([plan.unchanged, chosen(0).unchanged, chosen(1).unchanged], [1, 0, 1]);
    assert_eq!([chosen(0).refusals.len(), chosen(1).refusals.len()], [1, 0]);
}

/// A new last name and a new title.
fn renamed_and_retitled(actual: &Actual, n: usize) -> Step {
    let renamed = set(of(actual, n, update()), Field::LastName, text("Ruiz"), text("Stone"));
    set(renamed, Field::Title, text("MD"), text("RN"))
}

#[tokio::test]
async fn an_attribute_that_is_refused_spoils_only_itself() {
    // rule 3 of the core, A8
    let lousy = Lousy::with(2, Habits { no_patch_of: Some("title"), no_put: true, ..Habits::default() });
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
    assert_eq!(receipt.records.iter().map(|record| record.attempts).collect::<Vec<_>>(), [4, 2], "the second begins with what worked");
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
async fn an_attribute_that_a_server_without_patch_refuses_spoils_only_itself() {
    // rule 3 of the core
    for habits in [
        Habits { refuses: &["title"], ..Habits::default() },
        Habits { refuses: &["title"], refuses_with: Some((422, "")), no_versions: true, ..Habits::default() },
        Habits { fails_at: Some("title"), ..Habits::default() },
    ] {
        let lousy = Lousy::with(1, Habits { no_patch: true, ..habits.clone() });
        let (receipt, end) = run(&lousy, |actual| vec![renamed_and_retitled(actual, 0)]).await;
        let OpOutcome::Partly { rest, .. } = &receipt.records[0].outcome else { panic!("{habits:?}: {:?}", receipt.records) };
        assert_eq!(rest.not_stored, ["title"], "{habits:?}");
        assert_eq!(end.accounts[0].fields.text(Field::LastName), Some("Stone"), "{habits:?}");
    }
}

#[tokio::test]
async fn an_attribute_that_a_server_fails_at_alone_is_refused_by_name() {
    // rule 3 of the core, A8: canaille answers a new login with 500
    for habits in [Habits::default(), Habits { no_versions: true, ..Habits::default() }, Habits { no_patch: true, ..Habits::default() }] {
        let lousy = Lousy::with(1, Habits { fails_at: Some("userName"), ..habits.clone() });
        let (receipt, _) = run(&lousy, |actual| {
            vec![set(of(actual, 0, update()), Field::Email, text("user000@glow.example"), text("user090@glow.example"))]
        })
        .await;
        let OpOutcome::Failed(why) = &receipt.records[0].outcome else { panic!("{habits:?}: {:?}", receipt.records) };
        assert_eq!(sentences::failure(why), "the server refused (500): email: no", "{habits:?}");
        assert!(receipt.records[0].attempts <= 5, "{habits:?}: {:?}", receipt.records);
    }
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

/// Somebody new with a name, a title and two phone numbers.
fn newcomer(n: usize) -> Step {
    let named = set(set(invite(n), Field::FirstName, Value::Unset, text("Kim")), Field::LastName, Value::Unset, text("Park"));
    let phones = Value::List(vec!["+16025550100".to_owned(), "+16025550101".to_owned()]);
    set(set(named, Field::Title, Value::Unset, text("MD")), Field::Phones, Value::Unset, phones)
}

/// Every way in which a server refuses what is in a request.
fn ways_to_refuse() -> Vec<Habits> {
    let with = |status, kind| Habits { refuses_with: Some((status, kind)), ..Habits::default() };
    let mut ways: Vec<Habits> = [(400, "invalidValue"), (400, "invalidPath"), (400, "invalidSyntax"), (400, ""), (422, ""), (501, "")]
        .map(|(s, k)| with(s, k))
        .into();
    ways.push(Habits { pages_of_html: true, ..Habits::default() });
    ways.push(Habits { no_body_after_writes: true, ..Habits::default() });
    ways.push(Habits { no_versions: true, ..Habits::default() });
    ways.push(Habits { no_patch: true, ..Habits::default() });
    ways
}

#[tokio::test]
async fn a_field_that_is_refused_does_not_keep_an_account_from_being_created() {
    // rule 3 of the core, A8
    for habits in ways_to_refuse() {
        for (refused, lacking) in [(&["title"][..], &["title"][..]), (&["title", "phoneNumbers"], &["phones", "title"])] {
            let lousy = Lousy::with(1, Habits { refuses: refused, ..habits.clone() });
            let (receipt, end) = run(&lousy, |_| vec![newcomer(1), Step { after: vec![0], ..newcomer(2) }]).await;
            for record in &receipt.records {
                let OpOutcome::Partly { rest, .. } = &record.outcome else { panic!("{habits:?}: {record:?}") };
                let mut not_stored = rest.not_stored.clone();
                not_stored.sort();
                assert_eq!(not_stored, lacking, "{habits:?}");
            }
            let account = end.accounts.iter().find(|account| account.email == email(2)).unwrap();
            assert_eq!((account.fields.text(Field::LastName), account.state.inactive), (Some("Park"), false), "{habits:?}");
            assert_eq!(account.fields.items(Field::Phones).len(), if lacking.len() == 1 { 2 } else { 0 }, "{habits:?}");
            let posts = lousy.writes().iter().filter(|write| *write == "POST /Users").count();
            assert_eq!(posts, 3, "{habits:?}: the second begins with the form that worked");
            let writes: u32 = receipt.records.iter().map(|record| record.attempts).sum();
            assert!(writes as usize <= lousy.writes().len() && writes >= 7, "{habits:?}: {writes} of {:?}", lousy.writes());
        }
    }
}

#[tokio::test]
async fn an_account_is_created_with_its_login_where_names_addresses_or_the_state_are_refused() {
    for refused in [&["emails"][..], &["name"], &["name.familyName"], &["active", "emails"]] {
        let lousy = Lousy::with(1, Habits { refuses: refused, ..Habits::default() });
        let (receipt, end) = run(&lousy, |_| vec![newcomer(1)]).await;
        assert!(receipt.records[0].outcome.is_made(), "{refused:?}: {:?}", receipt.records);
        let account = end.accounts.iter().find(|account| account.email == email(1)).unwrap();
        assert_eq!(account.fields.text(Field::Title), Some("MD"), "{refused:?}");
        let lacks_name = refused.iter().any(|name| name.starts_with("name"));
        assert_eq!(account.fields.text(Field::LastName), (!lacks_name).then_some("Park"), "{refused:?}");
        assert_eq!(account.fields.text(Field::FirstName), (refused != ["name"]).then_some("Kim"), "{refused:?}");
    }
}

#[tokio::test]
async fn a_server_that_fails_at_an_attribute_creates_the_account_without_it_and_once() {
    // A7, A8
    let lousy = Lousy::with(1, Habits { refuses: &["title"], refuses_with: Some((500, "")), ..Habits::default() });
    let (receipt, end) = run(&lousy, |_| vec![newcomer(1)]).await;
    let OpOutcome::Partly { rest, .. } = &receipt.records[0].outcome else { panic!("{:?}", receipt.records) };
    assert_eq!(rest.not_stored, ["title"]);
    assert_eq!(end.accounts.len(), 2);
}

#[tokio::test]
async fn a_login_that_is_refused_is_refused_in_the_words_of_the_server() {
    let lousy = Lousy::with(1, Habits { refuses: &["userName"], ..Habits::default() });
    let (receipt, end) = run(&lousy, |_| vec![newcomer(1)]).await;
    let OpOutcome::Failed(why) = &receipt.records[0].outcome else { panic!("{:?}", receipt.records) };
    assert_eq!(sentences::failure(why), "the server refused (400 invalidValue): no");
    assert_eq!((end.accounts.len(), lousy.writes().len()), (1, 4));
}

#[tokio::test]
async fn a_page_that_repeats_itself_proves_nothing() {
    // rule 7 of the core
    for (users, habits, is_complete) in [
        (50, Habits { ignores_start: true, page_of_at_most: Some(20), ..Habits::default() }, false),
        (50, Habits { ignores_start: true, page_of_at_most: Some(23), total_is_page: true, ..Habits::default() }, false),
        (50, Habits { ignores_start: true, page_of_at_most: Some(23), no_total: true, ..Habits::default() }, false),
        (
            50,
            Habits { ignores_start: true, ignores_count: true, page_of_at_most: Some(20), total_is_page: true, ..Habits::default() },
            false,
        ),
        (50, Habits { ignores_start: true, ignores_count: true, page_of_at_most: Some(20), no_total: true, ..Habits::default() }, false),
        (47, Habits { repeats_the_last_page: true, ..Habits::default() }, true),
        (50, Habits { repeats_the_last_page: true, ..Habits::default() }, true),
        (50, Habits { repeats_the_last_page: true, no_total: true, ..Habits::default() }, true),
        (1, Habits { ignores_start: true, ..Habits::default() }, true),
        (
            50,
            Habits { ignores_start: true, ignores_count: true, page_of_at_most: Some(23), total_is_page: true, ..Habits::default() },
            false,
        ),
        (50, Habits { ignores_start: true, ignores_count: true, page_of_at_most: Some(23), no_total: true, ..Habits::default() }, false),
        (
            400,
            Habits { ignores_start: true, ignores_count: true, page_of_at_most: Some(300), total_is_page: true, ..Habits::default() },
            false,
        ),
        (47, Habits { ignores_paging: true, ..Habits::default() }, false),
        (47, Habits { ignores_paging: true, no_total: true, ..Habits::default() }, false),
        (300, Habits { ignores_paging: true, ..Habits::default() }, false),
        (50, Habits { ignores_paging: true, filters_out: true, ..Habits::default() }, true),
        (47, Habits { ignores_paging: true, filters_out: true, no_total: true, ..Habits::default() }, true),
        (300, Habits { ignores_paging: true, filters_out: true, ..Habits::default() }, true),
    ] {
        let (lousy, actual) = read(users, habits.clone()).await;
        assert_eq!(actual.completeness == Completeness::Complete, is_complete, "{habits:?}: {:?}", actual.completeness);
        assert!(!is_complete || actual.accounts.len() == users, "{habits:?}");
        assert!(listings(&lousy) <= 10, "{habits:?}: {}", listings(&lousy));
    }
}

// rule 7 of the core: such a list may be all there is, so it stops nothing by itself, and is never called complete.
#[tokio::test]
async fn a_list_that_nothing_proves_is_said_to_be_unproven_and_checked_against_each_invitation() {
    let cut = Habits { ignores_start: true, ignores_count: true, page_of_at_most: Some(23), total_is_page: true, ..Habits::default() };
    let directory = Lousy::with(50, cut.clone()).connect().await.unwrap();
    let actual = directory.read().await.unwrap();
    let Completeness::Unproven { why } = &actual.completeness else { panic!("{:?}", actual.completeness) };
    assert_eq!(why, &PartialCause::Repeats { endpoint: "/Users".to_owned(), listed: 23 });
    let unproven = |plan: &Plan| plan.notices.iter().any(|notice| matches!(notice.cause, NoticeCause::ListUnproven { .. }));
    let nothing = diff(&roster(0..23), &actual);
    assert!(nothing.changes.is_empty() && unproven(&nothing), "{:?}", nothing.notices);

    let additive = Desired { manage: Manage::Additive, ..roster((0..23).chain([30])) };
    let asked = doubtful(&additive, &diff(&additive, &actual), &actual);
    assert_eq!(asked, [email(30)]);
    let looked_up = directory.look_up(&asked).await.unwrap();
    assert!(add_found(&mut actual.clone(), looked_up));

    let refuted = Lousy::with(50, Habits { filters_out: true, ..cut }).connect().await.unwrap().read().await.unwrap();
    assert!(matches!(refuted.completeness, Completeness::Partial { .. }), "{:?}", refuted.completeness);
}

#[tokio::test]
async fn a_taken_address_stops_the_removals_also_where_the_server_has_no_filters() {
    // rule 7 of the core
    for habits in [
        Habits { no_filters: Some(400), ..Habits::default() },
        Habits { no_filters: Some(500), ..Habits::default() },
        Habits { no_filters: Some(501), ..Habits::default() },
        Habits { no_filters: Some(403), ..Habits::default() },
        Habits { no_filters: Some(500), shows_at_most: Some(23), ..Habits::default() },
        Habits { filter_finds_everybody: true, shows_at_most: Some(23), ..Habits::default() },
        Habits { filter_finds_nobody: true, short_from: Some(2), ..Habits::default() },
    ] {
        let lousy = Lousy::with(50, habits.clone());
        let (receipt, end) = run(&lousy, |actual| {
            let leaves = Step { reason: Reason::NotListed, stage: Stage::HandOver, ..of(actual, 0, AccountChange::Inactivate) };
            vec![set(invite(30), Field::LastName, Value::Unset, text("Stone")), leaves]
        })
        .await;
        assert!(!receipt.records[0].outcome.is_made(), "{habits:?}: {:?}", receipt.records);
        let OpOutcome::NotTried(why) = &receipt.records[1].outcome else { panic!("{habits:?}: {:?}", receipt.records) };
        assert_eq!(why, &NotTried::ListInDoubt, "{habits:?}");
        assert!(end.accounts.iter().all(|account| !account.state.inactive), "{habits:?}");
    }
}

#[tokio::test]
async fn every_plan_names_the_attributes_that_still_have_an_old_address_or_name() {
    let lousy = Lousy::with(4, Habits::default());
    let emails = json!([{ "value": "old@glow.example", "type": "work", "primary": true }]);
    lousy.give("user000@glow.example", &json!({ "emails": emails, "displayName": "Ana Lopez" }));
    lousy.give(
        "user001@glow.example",
        &json!({ "emails": emails, "name": { "givenName": "Ana", "familyName": "Ruiz", "formatted": "Ana Lopez" } }),
    );
    lousy.give("user002@glow.example", &json!({ "emails": [{ "value": "user002@glow.example" }], "displayName": "Doctor A" }));
    let actual = lousy.connect().await.unwrap().read().await.unwrap();
    let mut wanted = roster([0, 1, 2, 3]);
    for user in wanted.users.values_mut() {
        user.fields = [(Field::FirstName, text("Ana")), (Field::LastName, text("Ruiz"))].into_iter().collect();
    }
    wanted.users.get_mut(&email(0)).unwrap().formerly = vec!["old@glow.example".parse().unwrap()];
    let warned = |n: usize, attribute: Repeating, value: &str| Notice {
        subject: Subject::User(email(n)),
        cause: NoticeCause::NotRepeated { attribute, value: value.to_owned() },
    };
    let plan = diff(&wanted, &actual);
    let cause = RefusalCause::StillOutdated { attribute: Repeating::Emails, value: "old@glow.example".to_owned() };
    assert_eq!(plan.refusals, [Refusal { subject: Subject::User(email(0)), cause }]);
    let warnings: Vec<Notice> = plan.notices.into_iter().filter(|notice| notice.cause.kind() == NoticeKind::Warning).collect();
    let said = [
        warned(0, Repeating::DisplayName, "Ana Lopez"),
        warned(1, Repeating::Emails, "old@glow.example"),
        warned(1, Repeating::FormattedName, "Ana Lopez"),
    ];
    assert_eq!((warnings.as_slice(), plan.changes.len()), (said.as_slice(), 0));

    wanted.users.values_mut().for_each(|user| user.fields.set(Field::LastName, text("Stone")));
    let renamed = diff(&wanted, &actual);
    assert_eq!((renamed.changes.len(), renamed.refusals.len()), (4, 0), "the change takes it along");
}

#[tokio::test]
async fn an_address_that_the_server_keeps_is_refused_at_the_next_plan() {
    let lousy = Lousy::with(2, Habits { frozen: Some("emails"), ..Habits::default() });
    lousy.give("user000@glow.example", &json!({ "emails": [{ "value": "user000@glow.example" }] }));
    let directory = lousy.connect().await.unwrap();
    let mut wanted = roster([1, 90]);
    wanted.users.get_mut(&email(90)).unwrap().formerly = vec![email(0)];
    let plan = diff(&wanted, &directory.read().await.unwrap());
    let (receipt, end) = run_with(&directory, |_| plan.changes.clone()).await;
    let OpOutcome::Partly { rest, .. } = &receipt.records[0].outcome else { panic!("{:?}", receipt.records) };
    assert_eq!(rest.not_stored, ["emails"]);
    for _ in 0..2 {
        let again = diff(&wanted, &end);
        let cause = RefusalCause::StillOutdated { attribute: Repeating::Emails, value: email(0).to_string() };
        assert_eq!((again.changes.len(), again.refusals), (0, vec![Refusal { subject: Subject::User(email(90)), cause }]));
    }
    // So is one that stays beside the new one.
    lousy.lock().habits.frozen = None;
    let both = [90, 0].map(|n| json!({ "value": email(n).as_str(), "primary": n == 0 }));
    lousy.give("user090@glow.example", &json!({ "emails": both }));
    let cause = RefusalCause::StillOutdated { attribute: Repeating::Emails, value: email(0).to_string() };
    let refusals = diff(&wanted, &directory.read().await.unwrap()).refusals;
    assert_eq!(refusals, [Refusal { subject: Subject::User(email(90)), cause }]);
    wanted.users.get_mut(&email(90)).unwrap().formerly.clear();
    assert_eq!(diff(&wanted, &directory.read().await.unwrap()).refusals, [], "a second address is nobody's business");
}

#[tokio::test]
async fn a_server_that_names_what_it_refuses_gets_everything_else_at_once() {
    let habits = Habits { refuses: &["title"], says_what_it_refuses: true, no_patch_of: Some("phoneNumbers"), ..Habits::default() };
    let lousy = Lousy::with(1, habits);
    let (receipt, end) = run(&lousy, |_| vec![newcomer(1)]).await;
    let OpOutcome::Partly { rest, .. } = &receipt.records[0].outcome else { panic!("{:?}", receipt.records) };
    assert_eq!((rest.not_stored.join(" "), receipt.records[0].attempts), ("title".to_owned(), 3));
    assert_eq!(end.accounts.iter().find(|account| account.email == email(1)).unwrap().fields.items(Field::Phones).len(), 2);
}

// rule 3 of the core: whatever the status, an attribute that the server names is left out; nothing is left out for a login that is taken.
#[tokio::test]
async fn a_newcomer_is_created_without_what_a_server_names_in_any_refusal() {
    for (status, kind) in [(403, ""), (404, ""), (405, ""), (409, ""), (409, "uniqueness"), (413, ""), (400, ""), (422, ""), (501, "")] {
        let habits = Habits { refuses: &["title"], refuses_with: Some((status, kind)), says_what_it_refuses: true, ..Habits::default() };
        let (receipt, end) = run(&Lousy::with(1, habits), |_| vec![newcomer(1)]).await;
        let OpOutcome::Partly { rest, .. } = &receipt.records[0].outcome else { panic!("{status} {kind}: {:?}", receipt.records) };
        assert_eq!(rest.not_stored, ["title"], "{status} {kind}");
        let made = end.accounts.iter().find(|account| account.email == email(1)).unwrap();
        assert_eq!(made.fields.items(Field::Phones).len(), 2, "{status} {kind}");
    }
    for status in [403, 404, 405, 409, 413] {
        for refuses in [&["title"][..], &["userName"]] {
            // The first says nothing, the second names the login.
            let says = refuses == ["userName"];
            if status == 403 && !says {
                // Perhaps one attribute is forbidden, and it is.
                continue;
            }
            let habits = Habits { refuses, refuses_with: Some((status, "")), says_what_it_refuses: says, ..Habits::default() };
            let (receipt, end) = run(&Lousy::with(1, habits), |_| vec![newcomer(1)]).await;
            assert!(!receipt.records[0].outcome.is_made(), "{status} {refuses:?}: {:?}", receipt.records);
            assert_eq!(end.accounts.len(), 1, "{status} {refuses:?}");
        }
    }
}

#[tokio::test]
async fn a_change_of_which_one_attribute_is_refused_in_any_way_stores_the_others() {
    // rule 3 of the core
    for habits in ways_to_refuse() {
        let lousy = Lousy::with(1, Habits { refuses: &["title"], ..habits.clone() });
        let (receipt, end) = run(&lousy, |actual| vec![renamed_and_retitled(actual, 0)]).await;
        let OpOutcome::Partly { rest, .. } = &receipt.records[0].outcome else { panic!("{habits:?}: {:?}", receipt.records) };
        assert_eq!(rest.not_stored, ["title"], "{habits:?}");
        assert_eq!(end.accounts[0].fields.text(Field::LastName), Some("Stone"), "{habits:?}");
    }
}

// rule 3 of the core: whatever the status, a refusal of one attribute of a change is about that attribute.
#[tokio::test]
async fn a_change_of_which_one_attribute_is_refused_with_any_status_stores_the_others() {
    for (status, kind) in [
        (403, ""),
        (403, "mutability"),
        (404, ""),
        (404, "noTarget"),
        (409, ""),
        (409, "uniqueness"),
        (413, ""),
        (400, "uniqueness"),
        (405, ""),
    ] {
        for without in
            [Habits::default(), Habits { no_patch: true, ..Habits::default() }, Habits { no_versions: true, ..Habits::default() }]
        {
            let way = format!("{status} {kind}, PATCH: {}", !without.no_patch);
            let habits = Habits { refuses: &["title"], refuses_with: Some((status, kind)), says_what_it_refuses: true, ..without };
            let (receipt, end) = run(&Lousy::with(1, habits.clone()), |actual| vec![renamed_and_retitled(actual, 0)]).await;
            let OpOutcome::Partly { rest, .. } = &receipt.records[0].outcome else { panic!("{way}: {:?}", receipt.records) };
            assert_eq!(rest.not_stored, ["title"], "{way}");
            assert_eq!(end.accounts[0].fields.text(Field::LastName), Some("Stone"), "{way}");

            let (receipt, _) =
                run(&Lousy::with(1, habits), |actual| vec![set(of(actual, 0, update()), Field::Title, text("MD"), text("RN"))]).await;
            let OpOutcome::Failed(why) = &receipt.records[0].outcome else { panic!("{way}: {:?}", receipt.records) };
            assert!(sentences::failure(why).contains("'title' is not supported") && !receipt.not_authorized, "{way}: {receipt:?}");
        }
    }
}

// rule 3 of the core: a server that allows no change at all is not asked in every form for everybody.
#[tokio::test]
async fn a_server_that_allows_no_change_is_asked_in_every_form_once() {
    let later = Some(Later { on: "P", after: 0, times: 999, status: 405 });
    let lousy = Lousy::with(40, Habits { later, ..Habits::default() });
    let (receipt, _) = run(&lousy, |actual| (0..40).map(|n| renamed_and_retitled(actual, n)).collect()).await;
    assert!(receipt.records.iter().all(|record| !record.outcome.is_made()), "{:?}", receipt.records);
    let last = lousy.lock().users[39]["id"].as_str().unwrap().to_owned();
    let asked = lousy.writes().into_iter().filter(|request| request.ends_with(&last)).count();
    assert_eq!(asked, 2, "{:?}", lousy.writes());
}

// rule 3 of the core
#[tokio::test]
async fn a_login_that_is_taken_spoils_what_repeats_it_and_nothing_else() {
    for (status, kind) in [(409, "uniqueness"), (409, ""), (400, "uniqueness"), (400, "invalidValue")] {
        let lousy = Lousy::with(1, Habits { refuses: &["userName"], refuses_with: Some((status, kind)), ..Habits::default() });
        let emails = json!([{ "value": "user000@glow.example", "type": "work" }]);
        lousy.give("user000@glow.example", &json!({ "emails": emails }));
        let (receipt, _) = run(&lousy, |actual| {
            vec![set(renamed_and_retitled(actual, 0), Field::Email, text("user000@glow.example"), text("user090@glow.example"))]
        })
        .await;
        let OpOutcome::Partly { rest, .. } = &receipt.records[0].outcome else { panic!("{status} {kind}: {:?}", receipt.records) };
        assert_eq!(rest.not_stored, ["email"], "{status} {kind}");
        assert!(rest.answer.as_ref().is_some_and(|answer| answer.contains(&status.to_string())), "{status} {kind}: {rest:?}");
        let user = lousy.user("user000@glow.example").unwrap();
        assert_eq!(
            (&user["emails"], &user["title"], &user["name"]["familyName"]),
            (&emails, &json!("RN"), &json!("Stone")),
            "{status} {kind}"
        );
    }
}

#[tokio::test]
async fn somebody_who_is_gone_is_gone_whatever_was_to_be_changed() {
    let lousy = Lousy::with(2, Habits::default());
    let directory = lousy.connect().await.unwrap();
    let (receipt, _) = run_with(&directory, |actual| {
        let changes = vec![renamed_and_retitled(actual, 1)];
        lousy.lock().users.pop();
        changes
    })
    .await;
    assert_eq!(receipt.records[0].outcome, OpOutcome::Drifted(Drift::Gone));
}

#[tokio::test]
async fn a_schema_is_found_under_its_own_address_too() {
    let lousy = Lousy::with(0, Habits { schema: Some(SMALL_SCHEMA), no_list_of_schemas: true, ..Habits::default() });
    let directory = lousy.connect().await.unwrap();
    assert_eq!(directory.capabilities().lacking, [Field::Title, Field::Phones, Field::Role].into());
}

#[tokio::test]
async fn a_form_that_worked_is_not_doubted_when_an_attribute_is_refused() {
    // A8
    let lousy = Lousy::with(1, Habits { refuses: &["title"], refuses_with: Some((400, "")), ..Habits::default() });
    let (receipt, _) = run(&lousy, |_| {
        let chained = |n: usize| Step { after: (1..n).map(|before| before - 1).collect(), ..newcomer(n) };
        (1..=4).map(chained).collect()
    })
    .await;
    assert!(receipt.records.iter().all(|record| record.outcome.is_made()), "{:?}", receipt.records);
    let puts = lousy.writes().iter().filter(|write| write.starts_with("PUT")).count();
    assert!(puts <= 1 && receipt.records[3].attempts == 3, "{puts}, {:?}", receipt.records);
}

/// A roster with one user, who has these fields.
fn roster_of(fields: &[(Field, Value)]) -> Desired {
    let mut wanted = roster([0]);
    wanted.users.values_mut().for_each(|user| user.fields = fields.iter().cloned().collect());
    wanted
}

#[tokio::test]
async fn a_name_that_the_server_does_not_take_keeps_nobody_inactive() {
    // rule 3 of the core
    let ways = [
        Habits { refuses: &["name"], refuses_with: Some((400, "mutability")), ..Habits::default() },
        Habits { frozen: Some("name"), ..Habits::default() },
        Habits { fails_at: Some("name"), ..Habits::default() },
    ];
    for habits in ways {
        let lousy = Lousy::with(1, habits.clone());
        lousy.give("user000@glow.example", &json!({ "active": false }));
        let wanted = roster_of(&[(Field::FirstName, text("Ana")), (Field::LastName, text("Stone")), (Field::Title, text("MD"))]);
        let (receipt, end) = run(&lousy, |actual| diff(&wanted, actual).changes).await;
        let [update, activate] = &receipt.records[..] else { panic!("{:?}", receipt.records) };
        assert!(!is_done(update) && is_done(activate), "{habits:?}: {:?}", receipt.records);
        assert!(!end.accounts[0].state.inactive, "{habits:?}");
    }
}

#[tokio::test]
async fn nobody_comes_back_with_a_role_that_the_server_did_not_take_away() {
    // rule 4 of the core
    let lousy = Lousy::with(1, Habits { frozen: Some("roles"), ..Habits::default() });
    lousy.give("user000@glow.example", &json!({ "active": false, "roles": [{ "value": "administrator" }] }));
    let wanted = roster_of(&[(Field::FirstName, text("Ana")), (Field::LastName, text("Stone")), (Field::Role, text("staff"))]);
    let (receipt, end) = run(&lousy, |actual| diff(&wanted, actual).changes).await;
    let [update, activate] = &receipt.records[..] else { panic!("{:?}", receipt.records) };
    assert_eq!(update.outcome.not_stored(), ["role"]);
    assert!(matches!(activate.outcome, OpOutcome::NotTried(NotTried::DependsOn { .. })), "{:?}", receipt.records);
    assert!(end.accounts[0].state.inactive);
}

// Rule 3 of the core: a server may forbid one attribute without naming it.
#[tokio::test]
async fn an_attribute_that_is_forbidden_spoils_only_itself() {
    for (kind, no_patch, no_versions) in
        [("", false, true), ("", false, false), ("mutability", false, false), ("sensitive", false, true), ("", true, false)]
    {
        let habits = Habits { refuses: &["title"], refuses_with: Some((403, kind)), no_patch, no_versions, ..Habits::default() };
        let lousy = Lousy::with(3, habits);
        let (receipt, end) = run(&lousy, |actual| {
            let renamed = set(of(actual, 0, update()), Field::LastName, text("Ruiz"), text("Stone"));
            let newcomer = set(invite(90), Field::Title, Value::Unset, text("RN"));
            let newcomer = set(newcomer, Field::LastName, Value::Unset, text("Park"));
            vec![set(renamed, Field::Title, text("MD"), text("RN")), newcomer, of(actual, 2, AccountChange::Inactivate)]
        })
        .await;
        for record in &receipt.records[..2] {
            let OpOutcome::Partly { rest, .. } = &record.outcome else { panic!("{kind} {no_patch}: {:?}", receipt.records) };
            assert_eq!(rest.not_stored, ["title"], "{kind} {no_patch}");
        }
        assert!(is_done(&receipt.records[2]) && !receipt.not_authorized, "{receipt:?}");
        assert_eq!(end.accounts[0].fields.text(Field::LastName), Some("Stone"));
    }
}

// Rule 3 of the core: a token that cannot change anybody is not tried with every attribute of everybody.
#[tokio::test]
async fn a_server_that_forbids_every_attribute_of_somebody_is_not_asked_for_each_of_anybody_else() {
    let habits = Habits { refuses: &["title", "name", "userName"], refuses_with: Some((403, "")), ..Habits::default() };
    let lousy = Lousy::with(20, habits);
    let (receipt, _) = run(&lousy, |actual| {
        let renamed = |n| set(of(actual, n, update()), Field::LastName, text("Ruiz"), text("Stone"));
        (0..20).map(|n| set(renamed(n), Field::Title, text("MD"), text("RN"))).chain((90..99).map(invite)).collect()
    })
    .await;
    assert!(receipt.not_authorized && receipt.records.iter().all(|record| matches!(record.outcome, OpOutcome::Failed(_))), "{receipt:?}");
    assert!(lousy.writes().len() < 29 + 3 * 8 * 2, "{}", lousy.writes().len());
}

// Rules 7 and 10 of the core: where everybody else should leave, a list that is known to lack users is not "No changes".
#[tokio::test]
async fn an_exact_roster_is_never_called_done_on_a_list_that_is_known_to_lack_users() {
    use std::collections::BTreeMap;

    use rosterctl::report::{Format, People, PlanView, show_plan};

    let lousy = Lousy::with(6, Habits { shows_at_most: Some(2), ..Habits::default() });
    let mut wanted = roster(0..5);
    for user in wanted.users.values_mut() {
        user.fields.set(Field::LastName, text("Ruiz"));
    }
    for (manage, is_pending) in [(Manage::Exact, true), (Manage::Additive, false)] {
        let wanted = Desired { manage, ..wanted.clone() };
        let (plan, actual) = planned(&lousy, &wanted).await;
        assert!(plan.changes.is_empty() && matches!(actual.completeness, Completeness::Partial { .. }), "{plan:?}");
        assert_eq!(plan.is_pending(), is_pending);
        let digest = Digest("7".repeat(64));
        let workspaces = vec![WorkspacePlan { plan, digest: digest.clone(), stops: Vec::new(), waived: BTreeMap::new() }];
        let plan = RosterPlan { format: 2, workspaces, digest };
        let text = show_plan(&PlanView { plan: &plan, people: &People::default(), unread: &[] }, Format::Markdown);
        assert_eq!(text.contains("No changes."), !is_pending, "{text}");
    }
}
