//! The client against servers whose lists and schemas do not say what each user shows and takes.

use rosterctl::model::*;
use rosterctl::reconcile::approve;
use rosterctl::report::sentences;
use serde_json::json;

use crate::foreign::{actions, planned, roster};
use crate::lousy_server::{Habits, Later, Lousy};
use crate::servers::{of, read, run, run_with, text};
use crate::support::*;

// Rule 7 of the core: at most 50 addresses are looked up, and nobody is removed on the strength of those that were not.
#[tokio::test]
async fn a_plan_that_invites_more_people_than_are_looked_up_says_so_and_removes_nobody() {
    for (invited, unasked) in [(50, 0), (51, 1), (60, 10)] {
        let lousy = Lousy::with(3, Habits::default());
        lousy.give("user001@glow.example", &json!({ "active": false }));
        let wanted = roster((0..2).chain(100..100 + invited));
        let (plan, actual) = planned(&lousy, &wanted).await;
        let why = PartialCause::NotAllLookedUp { asked: 50, unasked };
        let notice = NoticeCause::ListUnproven { why: why.clone() };
        assert_eq!(plan.notices.iter().any(|known| known.cause == notice), unasked > 0, "{:?}", plan.notices);
        let stops = approve(plan, &actual, &wanted).err().map(|stopped| stopped.stops).unwrap_or_default();
        let cause = StopCause::PartialRead { why, removed: 1, invited };
        assert_eq!(stops.iter().any(|stop| stop.cause == cause), unasked > 0, "{stops:?}");
        // The remedy invites everybody, and the next plan has only the removal.
        let additive = Desired { manage: Manage::Additive, ..wanted.clone() };
        let (plan, actual) = planned(&lousy, &additive).await;
        assert!(approve(plan.clone(), &actual, &additive).is_ok(), "{invited}");
        let receipt = apply_plan(&lousy, plan, &additive).await;
        assert!(receipt.records.iter().all(is_done), "{receipt:?}");
        let (plan, actual) = planned(&lousy, &wanted).await;
        assert_eq!(actions(&plan), [(Action::Inactivate, email(2))]);
        assert!(approve(plan, &actual, &wanted).is_ok(), "{invited}");
    }
}

/// A roster of five users in which one of them has a title.
fn titled(n: usize) -> Desired {
    let mut wanted = roster(0..5);
    wanted.users.get_mut(&email(n)).unwrap().fields.set(Field::Title, text("RN"));
    wanted
}

// rule 10 of the core: a list hides the titles, and the three users who are looked at in any case have none.
#[tokio::test]
async fn a_field_that_a_list_hides_is_read_of_those_whom_the_plan_changes() {
    for no_versions in [true, false] {
        let lousy = Lousy::with(5, Habits { lists_without: Some("title"), no_versions, ..Habits::default() });
        for n in [0, 2, 4] {
            lousy.lock().users[n].shift_remove("title");
        }
        let (plan, _) = planned(&lousy, &titled(1)).await;
        let edits: Vec<&FieldChange> = plan.changes.iter().flat_map(|step| step.change.fields()).collect();
        let edit = FieldChange { field: Field::Title, before: text("MD"), after: text("RN"), unknown: false };
        assert_eq!(edits, [&edit], "{no_versions}");
        let receipt = apply_plan(&lousy, plan, &titled(1)).await;
        assert!(is_done(&receipt.records[0]) && receipt.converged, "{receipt:?}");
        assert!(!lousy.lock().requests.contains(&"GET /Users/u4".to_owned()), "nothing changes for that user");
        assert_eq!(lousy.user("user001@glow.example").unwrap()["title"], "RN");
    }
}

/// Reads a server once more as a run does, applies a plan that was made for it, and compares the end with the roster.
async fn apply_plan(lousy: &Lousy, plan: Plan, wanted: &Desired) -> WorkspaceReceipt {
    use rosterctl::apply::{Journal, Options, Quiet, apply, converge};
    use rosterctl::directory::Reader;
    use rosterctl::reconcile::{diff, hidden};

    let directory = lousy.connect().await.unwrap();
    let mut actual = directory.read().await.unwrap();
    let who = hidden(&diff(wanted, &actual), &actual);
    directory.read_alone(&mut actual.accounts, &who).await;
    assert_eq!(diff(wanted, &actual).changes, plan.changes, "the same plan");
    let approved = approved(plan.changes, &actual);
    let options = Options { sleep: Box::new(|_| Box::pin(async {})), ..options(&approved) };
    let mut receipt = apply(&approved, &directory, &options, &mut Journal::to(std::io::sink(), ""), &Quiet, &going_on()).await;
    converge(&mut receipt, &directory, &options, |fresh| diff(wanted, fresh)).await.unwrap();
    receipt
}

/// Gives users names as logins and addresses at home and at work.
fn handles(lousy: &Lousy, work: [(usize, &str); 2]) {
    for (n, work) in work {
        let emails = json!([{ "value": format!("home{n}@mail.example"), "primary": true }, { "value": work }]);
        lousy.give(&format!("user{n:03}@glow.example"), &json!({ "userName": format!("desk{n}"), "emails": emails }));
    }
}

// rule 5 of the core: the login is a name, and the roster has one of the user's other addresses.
#[tokio::test]
async fn a_user_is_known_by_any_address_that_the_roster_has_and_nobody_else() {
    use rosterctl::directory::Reader;
    use rosterctl::reconcile::diff;

    let mut wanted = roster([0, 1]);
    for user in wanted.users.values_mut() {
        user.fields.set(Field::LastName, text("Ruiz"));
    }
    let plan = async |work: [(usize, &str); 2]| {
        let lousy = Lousy::with(2, Habits::default());
        handles(&lousy, work);
        let directory = lousy.connect().await.unwrap().for_roster(&wanted);
        let plan = diff(&wanted, &directory.read().await.unwrap());
        (plan.changes.len(), plan.refusals.len())
    };
    assert_eq!(plan([(0, "user000@glow.example"), (1, "user001@glow.example")]).await, (0, 0));
    assert_eq!(plan([(0, "user000@glow.example"), (1, "user000@glow.example")]).await, (1, 2), "nobody knows whose address it is");
}

fn attribute(name: &str, more: &str) -> String {
    format!(r#"{{"name":"{name}"{more}}}"#)
}

/// A schema with the usual attributes, of which the last one given replaces the first.
fn schema(state: bool, emails: &str) -> &'static str {
    let parts = r#","subAttributes":[{"name":"value"},{"name":"type"},{"name":"primary","mutability":"readOnly"}]"#;
    let name = attribute("name", r#","subAttributes":[{"name":"givenName"},{"name":"familyName"}]"#);
    let mut all = vec![attribute("userName", ""), name, attribute("title", ""), attribute("emails", &format!("{parts}{emails}"))];
    if state {
        all.push(attribute("active", ""));
    }
    Box::leak(format!("[{}]", all.join(",")).into_boxed_str())
}

// rule 6 of the core
#[tokio::test]
async fn where_a_schema_has_no_state_nobody_is_inactivated_and_the_plan_says_so() {
    let lousy = Lousy::with(3, Habits { schema: Some(schema(false, "")), ..Habits::default() });
    let (plan, _) = planned(&lousy, &roster(0..1)).await;
    // One refusal for all users, which names everybody who keeps access.
    let cause = RefusalCause::StateNotOnServer { active: [email(1), email(2)].into(), inactive: [].into() };
    assert_eq!((plan.changes.len(), plan.refusals), (0, vec![Refusal { subject: Subject::Workspace, cause }]));
    let (receipt, _) = run(&lousy, |_| vec![invite(90)]).await;
    assert!(is_done(&receipt.records[0]), "{:?}", receipt.records);
    assert!(lousy.user("user090@glow.example").unwrap().get("active").is_none());
}

// rule 6 of the core
#[tokio::test]
async fn where_a_schema_lets_nobody_change_addresses_the_plan_refuses_a_new_one() {
    for emails in [r#","mutability":"readOnly""#, r#","mutability":"immutable""#] {
        let lousy = Lousy::with(1, Habits { schema: Some(schema(true, emails)), ..Habits::default() });
        let mut wanted = roster([7]);
        wanted.users.get_mut(&email(7)).unwrap().formerly.push(email(0));
        let (plan, _) = planned(&lousy, &wanted).await;
        assert_eq!(plan.changes.len(), 0, "{emails}");
        let [Refusal { cause: RefusalCause::Immutable { field, .. }, .. }] = plan.refusals.as_slice() else {
            panic!("{:?}", plan.refusals)
        };
        assert_eq!(*field, Field::Email);
    }
}

// RFC 7643 sections 2.2 and 7
#[tokio::test]
async fn an_address_is_sent_in_the_form_that_the_schema_has() {
    let only = json!({ "value": "user090@glow.example", "type": "work" });
    for (emails, wanted) in [(r#","multiValued":false"#, only.clone()), ("", json!([only]))] {
        let lousy = Lousy::with(1, Habits { schema: Some(schema(true, emails)), ..Habits::default() });
        let (receipt, _) = run(&lousy, |_| vec![invite(90)]).await;
        assert!(is_done(&receipt.records[0]), "{:?}", receipt.records);
        assert_eq!(lousy.user("user090@glow.example").unwrap()["emails"], wanted);
        let (receipt, _) = run(&lousy, |actual| vec![set(of(actual, 90, update()), Field::Email, email_text(90), email_text(91))]).await;
        assert!(is_done(&receipt.records[0]), "{:?}", receipt.records);
        assert_eq!(lousy.user("user091@glow.example").unwrap()["emails"].to_string(), wanted.to_string().replace("090", "091"));
    }
}

fn email_text(n: usize) -> Value {
    text(email(n).as_str())
}

fn with_emails(habits: Habits) -> Lousy {
    let lousy = Lousy::with(2, habits);
    lousy.give("user000@glow.example", &json!({ "emails": [{ "value": "user000@glow.example", "type": "work" }] }));
    lousy
}

// rule 5 of the core: the address is written before the login, by which the next run finds out what is left.
#[tokio::test]
async fn a_run_that_ends_between_address_and_login_is_finished_by_the_next_one() {
    for no_versions in [true, false] {
        let later = Some(Later { on: "PATCH", after: 2, times: 999, status: 503 });
        let lousy = with_emails(Habits { one_operation: true, later, no_versions, ..Habits::default() });
        let rename = |actual: &Actual| vec![set(of(actual, 0, update()), Field::Email, email_text(0), email_text(7))];
        let (receipt, _) = run(&lousy, rename).await;
        assert!(!is_done(&receipt.records[0]), "{:?}", receipt.records);
        lousy.lock().habits.later = None;
        let mut wanted = roster([1, 7]);
        wanted.users.get_mut(&email(7)).unwrap().formerly.push(email(0));
        let (plan, _) = planned(&lousy, &wanted).await;
        assert_eq!(actions(&plan), [(Action::Update, email(0))]);
        let receipt = apply_plan(&lousy, plan, &wanted).await;
        assert!(receipt.converged, "{receipt:?}");
        assert_eq!(lousy.user("user007@glow.example").unwrap()["emails"][0]["value"], "user007@glow.example");
    }
}

// rule 3 of the core: half an identity is worse than the old one.
#[tokio::test]
async fn a_login_that_is_refused_leaves_the_address_as_it_was() {
    for no_versions in [true, false] {
        let lousy = with_emails(Habits { one_operation: true, refuses: &["userName"], no_versions, ..Habits::default() });
        let (receipt, _) = run(&lousy, |actual| {
            let new = set(of(actual, 0, update()), Field::Email, email_text(0), email_text(7));
            vec![set(new, Field::Title, text("MD"), text("RN"))]
        })
        .await;
        let OpOutcome::Partly { rest, .. } = &receipt.records[0].outcome else { panic!("{:?}", receipt.records) };
        assert_eq!(rest.not_stored, ["email"], "people have one field for it");
        assert!(rest.answer.as_ref().is_some_and(|answer| answer.contains("400 invalidValue")), "{rest:?}");
        let user = lousy.user("user000@glow.example").unwrap();
        assert_eq!((&user["emails"][0]["value"], &user["title"]), (&json!("user000@glow.example"), &json!("RN")));
    }
}

// A8: a few servers act and say "later".
#[tokio::test]
async fn a_value_stored_although_the_server_says_later_is_this_runs() {
    for (one_operation, no_versions) in [(false, true), (false, false), (true, true), (true, false)] {
        let habits = Habits { failing_patches: 1, failing_with: Some(429), one_operation, no_versions, ..Habits::default() };
        let (receipt, _) = run(&Lousy::with(1, habits), |actual| {
            let renamed = set(of(actual, 0, update()), Field::LastName, text("Ruiz"), text("Stone"));
            vec![set(renamed, Field::Title, text("MD"), text("RN"))]
        })
        .await;
        assert!(is_done(&receipt.records[0]), "{one_operation} {no_versions}: {:?}", receipt.records);
    }
}

// A8: a server accepts a title, stores a new version without it, and puts off the question what it stored.
#[tokio::test]
async fn a_version_in_which_nothing_of_a_change_is_stored_is_this_runs() {
    let later = Some(Later { on: "GET /Users/u1", after: 1, times: 1, status: 429 });
    let lousy = Lousy::with(1, Habits { drops: Some("title"), later, ..Habits::default() });
    let (receipt, _) = run(&lousy, |actual| vec![set(of(actual, 0, update()), Field::Title, Value::Unset, text("RN"))]).await;
    let OpOutcome::Failed(failure) = &receipt.records[0].outcome else { panic!("{:?}", receipt.records) };
    assert!(sentences::failure(failure).contains("did not store title"), "{}", sentences::failure(failure));
}

// A8: the id is the login, and no answer says so.
#[tokio::test]
async fn the_rest_of_a_change_follows_a_user_to_another_id() {
    let habits = Habits { one_operation: true, login_as_id: true, no_body_after_writes: true, ..Habits::default() };
    let (receipt, end) = run(&Lousy::with(2, habits), |actual| {
        let moved = set(of(actual, 0, update()), Field::Email, email_text(0), email_text(7));
        vec![set(moved, Field::Title, text("MD"), text("RN"))]
    })
    .await;
    assert!(is_done(&receipt.records[0]), "{:?}", receipt.records);
    let account = end.accounts.iter().find(|account| account.email == email(7)).unwrap();
    assert_eq!(account.fields.text(Field::Title), Some("RN"));
}

/// Applies a roster to a server whose answers begin to lag behind its writes, and compares the end with the roster.
async fn lagging(lags: usize, no_versions: bool, no_body_after_writes: bool) -> WorkspaceReceipt {
    let lousy = Lousy::with(3, Habits { no_versions, no_body_after_writes, ..Habits::default() });
    let back = json!({ "active": false, "name": { "givenName": "Zoe", "familyName": "Ruiz" } });
    lousy.give("user001@glow.example", &back);
    let mut wanted = roster([0, 1, 5]);
    for (n, first, last) in [(0, "Ana", "Ruiz"), (1, "Zoe", "Stone"), (5, "Kim", "Park")] {
        let fields = &mut wanted.users.get_mut(&email(n)).unwrap().fields;
        fields.set(Field::FirstName, text(first));
        fields.set(Field::LastName, text(last));
    }
    let (plan, _) = planned(&lousy, &wanted).await;
    assert_eq!(plan.changes.len(), 4, "{plan:?}");
    lousy.lock().habits.lags = lags;
    apply_plan(&lousy, plan, &wanted).await
}

// Rules 4 and 5 of the core: what was written was written, also where the server shows it a moment later.
#[tokio::test]
async fn a_server_whose_answers_lag_behind_its_writes_matches_in_the_end() {
    for lags in [1, 2, 3] {
        for (no_versions, no_body) in [(true, true), (true, false), (false, true), (false, false)] {
            let receipt = lagging(lags, no_versions, no_body).await;
            assert!(receipt.records.iter().all(is_done) && receipt.converged, "{lags} {no_versions} {no_body}: {receipt:?}");
        }
    }
}

// A created account is created, also where the server does not show it as long as the run lasts.
#[tokio::test]
async fn an_account_that_is_not_shown_yet_is_created() {
    let lousy = Lousy::with(2, Habits { no_body_after_writes: true, ..Habits::default() });
    lousy.lock().habits.lags = 999;
    let (receipt, end) = run(&lousy, |_| vec![invite(90)]).await;
    assert!(is_done(&receipt.records[0]), "{:?}", receipt.records);
    assert_eq!(end.accounts.len(), 2, "nobody sees it yet");
    assert_eq!(lousy.lock().users.len(), 3);
}

// A server that keeps no order of phone numbers, and no mark of the cell phone, has the same numbers.
#[tokio::test]
async fn the_order_of_phone_numbers_says_nothing_where_none_is_marked() {
    use rosterctl::directory::Reader;
    use rosterctl::reconcile::diff;

    let numbers = |numbers: [&str; 3]| Value::List(numbers.map(str::to_owned).to_vec());
    let wanted_numbers = ["+16025550101", "+16025550199", "+16025550150"];
    for sorts_phones in [true, false] {
        let lousy = Lousy::with(1, Habits { sorts_phones, ..Habits::default() });
        let mut wanted = roster([0]);
        let fields = &mut wanted.users.get_mut(&email(0)).unwrap().fields;
        fields.set(Field::LastName, text("Ruiz"));
        fields.set(Field::Phones, numbers(wanted_numbers));
        let directory = lousy.connect().await.unwrap().for_roster(&wanted);
        let actual = directory.read().await.unwrap();
        let (receipt, _) = run_with(&directory, |_| diff(&wanted, &actual).changes).await;
        assert!(is_done(&receipt.records[0]), "{receipt:?}");
        assert_eq!(diff(&wanted, &directory.read().await.unwrap()).changes.len(), 0, "{sorts_phones}");
        // Another cell phone is a change where the server says which one it is, and nowhere else.
        let mut other = wanted.clone();
        let turned = ["+16025550199", "+16025550101", "+16025550150"];
        other.users.get_mut(&email(0)).unwrap().fields.set(Field::Phones, numbers(turned));
        let directory = lousy.connect().await.unwrap().for_roster(&other);
        assert_eq!(diff(&other, &directory.read().await.unwrap()).changes.len(), usize::from(!sorts_phones));
    }
}

// rule 7 of the core: a server that counts nobody beside users does not count.
#[tokio::test]
async fn a_total_of_nobody_beside_users_does_not_count() {
    for page_of_at_most in [None, Some(2)] {
        let (_, actual) = read(5, Habits { total_is_zero: true, page_of_at_most, ..Habits::default() }).await;
        assert_eq!((actual.accounts.len(), actual.completeness), (5, Completeness::Complete), "{page_of_at_most:?}");
    }
}

// Every role of a user gives access, so none of them is passed over.
#[tokio::test]
async fn a_role_that_the_roster_does_not_give_is_taken_away_and_is_a_risk() {
    for roles in [
        json!([{ "value": "clerk" }, { "value": "admin" }]),
        json!([{ "value": "admin" }, { "value": "clerk", "primary": true }]),
        json!([{ "value": "clerk" }, { "value": "" }, { "value": "admin" }]),
    ] {
        let lousy = Lousy::with(1, Habits::default());
        lousy.give("user000@glow.example", &json!({ "roles": roles }));
        let mut wanted = roster([0]);
        let fields = &mut wanted.users.get_mut(&email(0)).unwrap().fields;
        fields.set(Field::LastName, text("Ruiz"));
        fields.set(Field::Role, text("clerk"));
        let (plan, _) = planned(&lousy, &wanted).await;
        let [step] = plan.changes.as_slice() else { panic!("{roles}: {plan:?}") };
        let edit = FieldChange { field: Field::Role, before: text("admin, clerk"), after: text("clerk"), unknown: false };
        assert!(step.risky && step.change.fields() == [edit], "{step:?}");
        let receipt = apply_plan(&lousy, plan.clone(), &wanted).await;
        assert!(receipt.converged, "{receipt:?}");
        assert_eq!(lousy.user("user000@glow.example").unwrap()["roles"], json!([{ "value": "clerk", "primary": true }]));
    }
}

// RFC 9110 section 13.1.1: `If-Match` compares strongly, so a weak tag never matches.
#[tokio::test]
async fn a_server_on_which_no_weak_tag_matches_is_compared_by_the_client() {
    let lousy = Lousy::with(3, Habits { compares_strictly: true, ..Habits::default() });
    let (receipt, end) = run(&lousy, |actual| {
        lousy.give("user002@glow.example", &json!({ "title": "DO" }));
        let renamed = set(of(actual, 0, update()), Field::LastName, text("Ruiz"), text("Stone"));
        vec![renamed, of(actual, 1, AccountChange::Inactivate), of(actual, 2, AccountChange::Inactivate)]
    })
    .await;
    assert!(receipt.records[..2].iter().all(is_done), "{:?}", receipt.records);
    assert_eq!(receipt.records[2].outcome, OpOutcome::Drifted(Drift::Rewritten), "somebody else's change is still one");
    assert!(end.accounts[1].state.inactive && !end.accounts[2].state.inactive);
}

// Several accounts can have one address: each change is written to its own account.
#[tokio::test]
async fn changes_of_accounts_with_one_address_are_written_to_each_of_them() {
    for no_versions in [true, false] {
        let lousy = Lousy::with(3, Habits { no_versions, ..Habits::default() });
        for n in 0..3 {
            let shared = json!({ "userName": format!("desk{n}"), "emails": [{ "value": "office@glow.example" }], "active": n != 1 });
            lousy.give(&format!("user00{n}@glow.example"), &shared);
        }
        let (receipt, end) = run(&lousy, |actual| {
            let [first, second, third] = actual.accounts.as_slice() else { panic!("{:?}", actual.accounts) };
            vec![
                to(first, AccountChange::Inactivate, Stage::Risk),
                to(third, AccountChange::Inactivate, Stage::Risk),
                to(second, AccountChange::Activate, Stage::Access),
            ]
        })
        .await;
        assert!(receipt.records.iter().all(is_done), "{:?}", receipt.records);
        assert_eq!(end.accounts.iter().map(|account| account.state.inactive).collect::<Vec<_>>(), [true, false, true], "{no_versions}");
    }
}

// A number that a server keeps without its country code is the same number, with and without a country of the workspace.
#[tokio::test]
async fn a_number_without_its_country_code_stays_as_it_is() {
    for held in ["16025550101", "(602) 555-0101", "0016025550101"] {
        let lousy = Lousy::with(1, Habits::default());
        let work = json!({ "value": held, "type": "work", "primary": true });
        lousy.give("user000@glow.example", &json!({ "phoneNumbers": [work] }));
        let mut wanted = roster([0]);
        let fields = &mut wanted.users.get_mut(&email(0)).unwrap().fields;
        fields.set(Field::LastName, text("Ruiz"));
        fields.set(Field::Phones, Value::List(vec!["+16025550101".to_owned()]));
        let plan = async |wanted: &Desired| {
            use rosterctl::directory::Reader;
            let directory = lousy.connect().await.unwrap().for_roster(wanted);
            let actual = directory.read().await.unwrap();
            (rosterctl::reconcile::diff(wanted, &actual).changes, directory)
        };
        assert_eq!(plan(&wanted).await.0.len(), 0, "{held}");
        let two = Value::List(["+16025550101", "+16025550102"].map(str::to_owned).to_vec());
        wanted.users.get_mut(&email(0)).unwrap().fields.set(Field::Phones, two);
        let (changes, directory) = plan(&wanted).await;
        let (receipt, _) = run_with(&directory, |_| changes).await;
        assert!(is_done(&receipt.records[0]), "{held}: {receipt:?}");
        let stored = &lousy.user("user000@glow.example").unwrap()["phoneNumbers"];
        assert_eq!(stored, &json!([work, { "value": "+16025550102" }]), "the number that stays keeps its type");
    }
}
