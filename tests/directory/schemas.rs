//! The client against servers that require something, say so or not, and store one value where others store several.

use rosterctl::directory::Reader;
use rosterctl::model::*;
use rosterctl::reconcile::diff;
use rosterctl::report::sentences;
use serde_json::json;

use crate::foreign::{planned, roster};
use crate::lousy_server::{Habits, Later, Lousy};
use crate::servers::{of, run, text};
use crate::support::*;

fn kim() -> Step {
    set(
        set(set(invite(90), Field::FirstName, Value::Unset, text("Kim")), Field::LastName, Value::Unset, text("Park")),
        Field::Title,
        Value::Unset,
        text("RN"),
    )
}

// rule 6 of the core: what a server requires is sent, whether its schema says so or not.
#[tokio::test]
async fn a_display_name_that_a_server_without_a_schema_requires_is_sent() {
    for refuses in [&[] as &[&str], &["title"]] {
        for says_what_it_refuses in [true, false] {
            let habits = Habits { demands: &["displayName"], refuses, says_what_it_refuses, ..Habits::default() };
            let lousy = Lousy::with(1, habits.clone());
            let other = set(set(invite(91), Field::FirstName, Value::Unset, text("Ben")), Field::LastName, Value::Unset, text("Cho"));
            let (receipt, end) = run(&lousy, |_| vec![kim(), other]).await;
            assert!(receipt.records.iter().all(|record| record.outcome.is_made()), "{habits:?}: {:?}", receipt.records);
            assert_eq!(lousy.user(email(90).as_str()).unwrap()["displayName"], "Kim Park", "{habits:?}");
            assert_eq!(end.accounts.len(), 3);
        }
    }
    let lousy = Lousy::with(1, Habits::default());
    run(&lousy, |_| vec![kim()]).await;
    assert!(!lousy.user(email(90).as_str()).unwrap().contains_key("displayName"), "nobody asked for it");
}

#[tokio::test]
async fn a_name_that_a_schema_requires_is_sent_or_refused_in_the_plan() {
    let name = r#"{ "name": "name", "required": true, "subAttributes": [{ "name": "givenName" }, { "name": "familyName", "required": true }, { "name": "formatted" }] }"#;
    let schema = format!(r#"[{{ "name": "userName" }}, {{ "name": "emails" }}, {{ "name": "displayName", "required": true }}, {name}]"#);
    let lousy = Lousy::with(1, Habits { schema: Some(schema.leak()), ..Habits::default() });
    let mut wanted = roster([0, 5]);
    let (plan, _) = planned(&lousy, &wanted).await;
    let cause = RefusalCause::RequiredByServer { attribute: "name.familyName".to_owned(), field: Some(Field::LastName), users: 1 };
    assert_eq!((plan.changes.len(), plan.refusals), (0, vec![Refusal { subject: Subject::User(email(5)), cause: cause.clone() }]));

    let first = wanted.users.get_mut(&email(0)).unwrap();
    first.fields.set(Field::LastName, Value::Unset);
    wanted.users.get_mut(&email(5)).unwrap().fields.set(Field::LastName, text("Park"));
    let (plan, actual) = planned(&lousy, &wanted).await;
    assert_eq!(plan.refusals, [Refusal { subject: Subject::User(email(0)), cause }], "nobody clears what is required");
    let (receipt, _) = run(&lousy, |_| diff(&wanted, &actual).changes).await;
    assert!(receipt.records.len() == 1 && receipt.records.iter().all(is_done), "{:?}", receipt.records);
    assert_eq!(lousy.user(email(5).as_str()).unwrap()["displayName"], "Park");
}

#[tokio::test]
async fn one_value_is_read_and_written_as_the_schema_has_it_and_several_are_refused() {
    let parts = r#""subAttributes": [{ "name": "value" }, { "name": "type" }]"#;
    for (kind, held, stored) in [
        ("complex", json!({ "value": "+16025550101" }), json!({ "value": "+16025550102", "type": "mobile" })),
        ("string", json!("+16025550101"), json!("+16025550102")),
        ("", json!({ "value": "+16025550101" }), json!({ "value": "+16025550102", "type": "mobile", "primary": true })),
    ] {
        let form = match kind {
            "complex" => format!(r#""type": "complex", "multiValued": false, {parts}"#),
            "string" => r#""type": "string", "multiValued": false"#.to_owned(),
            _ => r#""multiValued": false"#.to_owned(),
        };
        let schema = format!(
            r#"[{{ "name": "userName" }}, {{ "name": "active" }}, {{ "name": "name" }}, {{ "name": "title" }}, {{ "name": "emails", "type": "string", "multiValued": false }}, {{ "name": "phoneNumbers", {form} }}]"#
        );
        let lousy = Lousy::with(2, Habits { schema: Some(schema.leak()), ..Habits::default() });
        lousy.give("user000@glow.example", &json!({ "phoneNumbers": held, "emails": "user000@glow.example" }));
        let mut wanted = roster([0, 1, 5]);
        for n in [0, 5] {
            wanted.users.get_mut(&email(n)).unwrap().fields.set(Field::Phones, Value::List(vec!["+16025550102".to_owned()]));
        }
        let (plan, actual) = planned(&lousy, &wanted).await;
        assert!(actual.accounts[0].fields.items(Field::Phones).into_iter().eq(["+16025550101"]), "{kind}");
        assert_eq!((plan.changes.len(), plan.refusals.len()), (2, 0), "{kind}: {:?}", plan.refusals);
        let (receipt, _) = run(&lousy, |_| plan.changes).await;
        assert!(receipt.records.iter().all(is_done), "{kind}: {:?}", receipt.records);
        for n in [0, 5] {
            let user = lousy.user(email(n).as_str()).unwrap();
            assert_eq!((&user["phoneNumbers"], &user["emails"]), (&stored, &json!(email(n).as_str())), "{kind} {n}");
        }
        let two = Value::List(vec!["+16025550102".to_owned(), "+16025550103".to_owned()]);
        for n in [0, 7] {
            let mut wanted = roster([0, 1, n]);
            wanted.users.get_mut(&email(n)).unwrap().fields.set(Field::Phones, two.clone());
            let (plan, _) = planned(&lousy, &wanted).await;
            let refused = Refusal { subject: Subject::User(email(n)), cause: RefusalCause::OneOnServer { field: Field::Phones } };
            assert!(
                plan.refusals == [refused] && plan.changes.iter().all(|step| step.change.fields().iter().all(|f| f.field != Field::Phones)),
                "{kind}"
            );
        }
    }
}

// rule 6 of the core
#[tokio::test]
async fn roles_that_a_server_keeps_beside_the_new_one_and_changes_that_it_only_pretends_are_said() {
    let retitled = |actual: &Actual| vec![set(of(actual, 0, update()), Field::Role, text("old"), text("new"))];
    for habits in [Habits { merges_roles: true, no_put: true, ..Habits::default() }, Habits { pretends: true, ..Habits::default() }] {
        let lousy = Lousy::with(1, habits.clone());
        lousy.give("user000@glow.example", &json!({ "roles": [{ "value": "old" }] }));
        let (receipt, end) = run(&lousy, retitled).await;
        let outcome = &receipt.records[0].outcome;
        match outcome {
            OpOutcome::Failed(failure) => {
                assert!(habits.pretends && sentences::failure(failure).contains("role"), "{}", sentences::failure(failure));
            }
            OpOutcome::Partly { rest, .. } => {
                assert_eq!(rest.still_there, [KeptForm { key: "role".to_owned(), value: "old".to_owned() }], "{habits:?}");
            }
            OpOutcome::Done { .. } | OpOutcome::AlreadyDone | OpOutcome::Handoff(_) | OpOutcome::Drifted(_) | OpOutcome::NotTried(_) => {
                panic!("{habits:?}: {outcome:?}")
            }
        }
        let kept = if habits.pretends { "old" } else { "new, old" };
        assert_eq!(end.accounts[0].fields.text(Field::Role), Some(kept));
        let mut wanted = roster([0]);
        wanted.users.get_mut(&email(0)).unwrap().fields.set(Field::Role, text("new"));
        assert_eq!(diff(&wanted, &end).changes.len(), 1, "the next plan has it again");
    }
    let lousy = Lousy::with(2, Habits { pretends: true, ..Habits::default() });
    let (receipt, _) = run(&lousy, |actual| vec![of(actual, 0, AccountChange::Inactivate)]).await;
    assert!(
        matches!(&receipt.records[0].outcome, OpOutcome::Failed(failure) if sentences::failure(failure).contains("inactivate")),
        "{:?}",
        receipt.records
    );
}

// A8
#[tokio::test]
async fn a_server_that_puts_off_everything_is_given_up_soon() {
    let later = |on, after| Some(Later { on, after, times: usize::MAX / 2, status: 429 });
    for after in 0..12 {
        let lousy = Lousy::with(300, Habits { later: later("", after), lists_without: Some("title"), ..Habits::default() });
        if let Ok(directory) = lousy.connect().await {
            let _ = directory.read().await;
        }
        assert!(lousy.lock().requests.len() <= after + 60, "{after}: {}", lousy.lock().requests.len());
    }
    let lousy = Lousy::with(40, Habits { later: later("PATCH", 2), ..Habits::default() });
    let (receipt, _) = run(&lousy, |actual| (0..40).map(|n| of(actual, n, AccountChange::Inactivate)).collect()).await;
    let attempts: u32 = receipt.records.iter().map(|record| record.attempts).sum();
    let made = receipt.records.iter().filter(|record| record.outcome.is_made()).count();
    assert!(made == 2 && attempts <= 40, "{made} {attempts}");
    assert_eq!(receipt.error, Some(WorkspaceError::Halted(Halt::PutOff)));
}

#[tokio::test]
async fn an_id_that_no_path_can_have_changes_nobody_else() {
    for (id, is_possible) in
        [("..", false), (".", false), ("u1/../u2", false), ("..\\u2", false), ("%2e%2e", true), ("a b", true), ("a?b#c", true)]
    {
        let lousy = Lousy::with(2, Habits::default());
        lousy.lock().users[0].insert("id".to_owned(), json!(id));
        let (receipt, end) = run(&lousy, |actual| vec![of(actual, 0, AccountChange::Inactivate)]).await;
        assert!(is_possible || !receipt.records[0].outcome.is_made(), "{id}: {:?}", receipt.records);
        let inactive: Vec<&str> = end.accounts.iter().filter(|a| a.state.inactive).map(|a| a.id.0.as_str()).collect();
        assert!(inactive.iter().all(|found| *found == id), "{id}: {inactive:?}");
        let asked = lousy.lock().requests.iter().any(|request| request.contains("..") || request.ends_with("/."));
        assert!(!asked && receipt.records.len() == 1, "{id}: {:?}", lousy.lock().requests);
    }
}

// A server without a schema that shows a field of nobody and forbids it: the token may write everything else.
#[tokio::test]
async fn a_field_that_is_forbidden_and_shown_of_nobody_says_nothing_about_the_token() {
    let lousy = Lousy::with(2, Habits { drops: Some("title"), refuses: &["title"], refuses_with: Some((403, "")), ..Habits::default() });
    for n in 0..2 {
        lousy.give(&format!("user00{n}@glow.example"), &json!({ "title": null }));
    }
    for changes in [1, 2] {
        let (receipt, _) =
            run(&lousy, |actual| (0..changes).map(|n| set(of(actual, n, update()), Field::Title, Value::Unset, text("RN"))).collect())
                .await;
        assert!(receipt.records.iter().all(|record| matches!(record.outcome, OpOutcome::Failed(_))), "{:?}", receipt.records);
        assert!(!receipt.not_authorized, "{changes}");
    }
    let readable = Lousy::with(2, Habits { refuses: &["title"], refuses_with: Some((403, "")), ..Habits::default() });
    let (receipt, _) = run(&readable, |actual| vec![set(of(actual, 0, update()), Field::Title, text("MD"), text("RN"))]).await;
    assert!(!receipt.not_authorized, "one field says nothing about the token");
}
