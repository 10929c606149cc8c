//! The client against servers whose lists and schemas do not say what each user shows and takes.

use rosterctl::model::*;
use serde_json::json;

use crate::foreign::{actions, planned, roster};
use crate::lousy_server::{Habits, Later, Lousy};
use crate::servers::{of, run, text};
use crate::support::*;

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
    converge(&mut receipt, &directory, |fresh| diff(wanted, fresh)).await.unwrap();
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
        diff(&wanted, &directory.read().await.unwrap()).changes.len()
    };
    assert_eq!(plan([(0, "user000@glow.example"), (1, "user001@glow.example")]).await, 0);
    assert_eq!(plan([(0, "user000@glow.example"), (1, "user000@glow.example")]).await, 4, "nobody knows whose address it is");
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
    let (plan, _) = planned(&lousy, &roster(0..2)).await;
    let cause = RefusalCause::NotOffered { action: Action::Inactivate };
    assert_eq!((plan.changes.len(), plan.refusals), (0, vec![Refusal { subject: Subject::User(email(2)), cause }]));
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
        let later = Some(Later { on: "PATCH", after: 3, times: 999, status: 503 });
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
        assert_eq!(rest.not_stored, ["email", "emails"]);
        let user = lousy.user("user000@glow.example").unwrap();
        assert_eq!((&user["emails"][0]["value"], &user["title"]), (&json!("user000@glow.example"), &json!("RN")));
    }
}

// A8: a few servers act and say "later".
#[tokio::test]
async fn what_is_stored_under_a_later_is_this_runs() {
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
    assert!(failure.detail.contains("did not store title"), "{}", failure.detail);
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
