//! The client against servers that say "later" in the middle of something, fail after they have stored it, or say less than they know.

use rosterctl::directory::{Reader, ScimDirectory, Server};
use rosterctl::model::*;
use rosterctl::reconcile::add_found;
use serde_json::json;

use crate::lousy_server::{self, Habits, Later, Lousy, Stumble};
use crate::servers::{of, read, run, run_with, small_pages, text};
use crate::support::*;

fn once(on: &'static str, after: usize, status: u16) -> Later {
    Later { on, after, times: 1, status }
}

fn renamed_and_retitled(actual: &Actual) -> Step {
    let renamed = set(of(actual, 0, update()), Field::LastName, text("Ruiz"), text("Stone"));
    set(renamed, Field::Title, text("MD"), text("RN"))
}

#[tokio::test]
async fn a_page_past_the_end_that_is_put_off_is_asked_for_again() {
    // rule 7 of the core
    for status in [429, 503] {
        let habits = Habits { total_is_page: true, later: Some(once("GET /Users?startIndex=8", 0, status)), ..small_pages() };
        let (_, actual) = read(20, habits).await;
        assert_eq!((actual.accounts.len(), actual.completeness), (20, Completeness::Complete), "{status}");
    }
}

#[tokio::test]
async fn a_look_up_that_is_put_off_is_asked_again_and_never_taken_for_a_server_without_filters() {
    // rule 7 of the core
    let lousy = Lousy::with(3, Habits { later: Some(once("POST /Users/.search", 0, 429)), ..Habits::default() });
    let directory = lousy.connect().await.unwrap();
    assert_eq!(directory.look_up(&[email(2)]).await.unwrap().found.len(), 1);
}

// rules 7 and 10 of the core: a failure is asked again, and one that stays is said; the users who are listed are planned all the same.
#[tokio::test]
async fn a_look_up_that_fails_is_asked_again_and_one_that_always_fails_leaves_the_list_unproven() {
    for (on, status) in
        [500, 502, 504, 403, 503, 429].into_iter().map(|status| ("GET /Users?filter", status)).chain([("POST /Users/.search", 503)])
    {
        let looked_up = async |times| {
            let later = Some(Later { on, after: 0, times, status });
            let lousy = Lousy::with(3, Habits { no_search: status != 503 || on.starts_with("GET"), later, ..Habits::default() });
            let directory = lousy.connect().await.unwrap();
            let mut actual = directory.read().await.unwrap();
            actual.accounts.truncate(2);
            let looked_up = directory.look_up(&[email(2)]).await.unwrap();
            (add_found(&mut actual, looked_up), actual)
        };
        let (has_news, actual) = looked_up(1).await;
        assert!(has_news && matches!(actual.completeness, Completeness::Partial { .. }), "{on} {status}");
        let (has_news, actual) = looked_up(999).await;
        let unknown = PartialCause::NotLookedUp { email: email(2), status: Some(status) };
        let is_other_way_open = on.starts_with("POST");
        assert!(
            has_news && (is_other_way_open || actual.completeness == Completeness::Unproven { why: unknown }),
            "{:?}",
            actual.completeness
        );
    }
    let without = Lousy::with(3, Habits { no_filters: Some(501), ..Habits::default() });
    assert_eq!(without.connect().await.unwrap().look_up(&[email(2)]).await, Ok(LookUp::default()), "it has no filter");
}

#[tokio::test]
async fn a_value_that_a_run_stored_before_a_pause_is_nobody_elses_change() {
    // rules 2 and 5 of the core
    let ways = [
        Habits { no_patch_of: Some("title"), later: Some(once("PATCH", 2, 429)), ..Habits::default() },
        Habits { no_patch_of: Some("title"), later: Some(once("PATCH", 2, 503)), ..Habits::default() },
        Habits { later: Some(once("GET /Users/u1", 1, 429)), no_body_after_writes: true, ..Habits::default() },
        Habits { failing_patches: 1, ..Habits::default() },
        Habits { failing_patches: 1, drops: Some("title"), ..Habits::default() },
    ];
    for habits in ways.into_iter().flat_map(|habits| [Habits { no_versions: true, ..habits.clone() }, habits]) {
        let lousy = Lousy::with(1, habits.clone());
        lousy.give("user000@glow.example", &json!({ "title": "MD" }));
        let (receipt, end) = run(&lousy, |actual| {
            let mut update = renamed_and_retitled(actual);
            if habits.drops.is_some() {
                update = set(of(actual, 0, crate::support::update()), Field::LastName, text("Ruiz"), text("Stone"));
                update = set(update, Field::Title, Value::Unset, text("RN"));
            }
            vec![update]
        })
        .await;
        assert!(receipt.records[0].outcome.is_made(), "{habits:?}: {:?}", receipt.records);
        assert_eq!(end.accounts[0].fields.text(Field::LastName), Some("Stone"), "{habits:?}");
    }
}

#[tokio::test]
async fn somebody_elses_change_is_still_drift_after_a_pause() {
    // rule 2 of the core
    let lousy = Lousy::with(1, Habits { later: Some(once("PATCH", 0, 503)), ..Habits::default() });
    let (receipt, end) = run(&lousy, |actual| {
        lousy.give("user000@glow.example", &json!({ "title": "DO" }));
        vec![renamed_and_retitled(actual)]
    })
    .await;
    assert_eq!(receipt.records[0].outcome, OpOutcome::Drifted(Drift::Rewritten));
    assert_eq!(end.accounts[0].fields.text(Field::LastName), Some("Ruiz"));
}

#[tokio::test]
async fn a_list_that_shows_less_than_each_user_is_not_drift() {
    // rule 2 of the core
    let ways = [
        Habits { lists_no_versions: true, ..Habits::default() },
        Habits { lists_without: Some("title"), no_versions: true, ..Habits::default() },
        Habits { lists_without: Some("title"), lists_no_versions: true, ..Habits::default() },
    ];
    for habits in ways {
        let lousy = Lousy::with(2, habits.clone());
        let (receipt, end) = run(&lousy, |actual| {
            let renamed = set(of(actual, 0, update()), Field::LastName, text("Ruiz"), text("Stone"));
            vec![renamed, of(actual, 1, AccountChange::Inactivate)]
        })
        .await;
        assert!(receipt.records.iter().all(is_done), "{habits:?}: {:?}", receipt.records);
        assert!(end.accounts[1].state.inactive, "{habits:?}");

        let edited = Lousy::with(1, habits.clone());
        let (receipt, _) = run(&edited, |actual| {
            edited.give("user000@glow.example", &json!({ "name": { "givenName": "Zoe", "familyName": "Ruiz" } }));
            vec![of(actual, 0, AccountChange::Inactivate)]
        })
        .await;
        assert_eq!(receipt.records[0].outcome, OpOutcome::Drifted(Drift::Rewritten), "{habits:?}");
    }
}

#[tokio::test]
async fn an_answer_that_says_little_is_not_the_whole_user() {
    let lousy = Lousy::with(2, Habits { says_little: true, ..Habits::default() });
    let (receipt, end) =
        run(&lousy, |actual| vec![renamed_and_retitled(actual), of(actual, 1, AccountChange::Inactivate), invite(5)]).await;
    assert!(receipt.records.iter().all(is_done), "{:?}", receipt.records);
    assert_eq!(end.accounts.len(), 3);
}

#[tokio::test]
async fn a_user_who_gets_another_id_with_another_login_is_found_again() {
    let ways = [(true, false), (false, false), (false, true)];
    for (no_body_after_writes, one_operation) in ways {
        let lousy = Lousy::with(1, Habits { login_as_id: true, no_body_after_writes, one_operation, ..Habits::default() });
        let new = text("ana.stone@glow.example");
        let (receipt, end) = run(&lousy, |actual| {
            let renamed = set(of(actual, 0, update()), Field::Email, text("user000@glow.example"), new.clone());
            let renamed = set(renamed, Field::LastName, text("Ruiz"), text("Stone"));
            let retitled = set(of(actual, 0, update()), Field::Title, text("MD"), text("RN"));
            vec![renamed, after(retitled, &[0])]
        })
        .await;
        assert!(receipt.records.iter().all(is_done), "{:?}", receipt.records);
        let account = &end.accounts[0];
        assert_eq!((account.email.as_str(), account.fields.text(Field::Title)), ("ana.stone@glow.example", Some("RN")));
    }
}

#[tokio::test]
async fn a_server_that_finds_no_route_to_patch_gets_the_whole_resource() {
    let lousy = Lousy::with(1, Habits { later: Some(Later { on: "PATCH", after: 0, times: 99, status: 404 }), ..Habits::default() });
    let (receipt, end) = run(&lousy, |actual| vec![renamed_and_retitled(actual)]).await;
    assert!(is_done(&receipt.records[0]), "{:?}", receipt.records);
    assert_eq!(end.accounts[0].fields.text(Field::Title), Some("RN"));
    let (receipt, end) = run(&lousy, |actual| vec![of(actual, 0, AccountChange::Inactivate)]).await;
    assert!(is_done(&receipt.records[0]) && end.accounts[0].state.inactive, "{:?}", receipt.records);
}

#[tokio::test]
async fn a_login_that_is_not_an_address_stays_when_the_address_changes() {
    let lousy = Lousy::with(1, Habits::default());
    lousy.give("user000@glow.example", &json!({ "userName": "btwo", "emails": [{ "value": "bea@glow.example", "type": "work" }] }));
    let renamed = |actual: &Actual| {
        vec![set(to(&actual.accounts[0], update(), Stage::Access), Field::Email, text("bea@glow.example"), text("bea.new@glow.example"))]
    };
    let (receipt, end) = run(&lousy, renamed).await;
    assert!(is_done(&receipt.records[0]), "{:?}", receipt.records);
    let user = lousy.user("btwo").expect("the login is the same");
    assert_eq!(user["emails"], json!([{ "value": "bea.new@glow.example", "type": "work" }]));
    assert_eq!(end.accounts[0].email.as_str(), "bea.new@glow.example");
}

// A1, A8: what a run has created itself was created by nobody else, however the server has altered it.
#[tokio::test]
async fn an_account_that_is_created_altered_under_a_failure_is_this_runs() {
    let invited = || set(set(invite(90), Field::FirstName, Value::Unset, text("Kim")), Field::LastName, Value::Unset, text("Párk"));
    let failing = Habits { failing_posts: 1, ..Habits::default() };
    for (habits, left) in [
        (Habits { capitals: true, ..failing.clone() }, vec![]),
        (Habits { drops: Some("name"), created_at: Some("2026-11-22T12:00:03Z"), ..failing.clone() }, vec!["first_name", "last_name"]),
    ] {
        let lousy = Lousy::with(2, habits.clone());
        let (receipt, _) = run(&lousy, |_| vec![invited()]).await;
        let OpOutcome::Partly { rest, .. } = &receipt.records[0].outcome else { panic!("{habits:?}: {:?}", receipt.records) };
        assert_eq!(rest.not_stored, left, "{habits:?}");
        let kept: Vec<&str> = rest.kept.iter().map(|kept| kept.value.as_str()).collect();
        assert_eq!(kept, if habits.capitals { vec!["KIM", "PÁRK"] } else { vec![] });
        assert_eq!(lousy.lock().users.len(), 3, "posted once");
    }
    // Somebody else's account is theirs: it has another name, or was created before the list was read, which lacked it.
    for (somebody, created_at) in [("Zoe", None), ("KIM", Some("2026-11-20T12:00:00Z"))] {
        let lousy = Lousy::with(2, Habits { lost_posts: 1, created_at, ..Habits::default() });
        let (receipt, _) = run(&lousy, |_| {
            let name = json!({ "givenName": somebody, "familyName": "PARK" });
            let theirs = json!({ "userName": email(90).as_str(), "name": name, "active": true });
            lousy.lock().store(theirs.as_object().unwrap().clone(), None);
            vec![invited()]
        })
        .await;
        assert_eq!(receipt.records[0].outcome, OpOutcome::Drifted(Drift::Appeared), "{somebody} {created_at:?}");
    }
}

// A number that a server has as people write it in the country is the same number.
#[tokio::test]
async fn a_number_that_a_server_has_in_national_form_is_read_in_the_workspaces_country() {
    let lousy = Lousy::with(1, Habits::default());
    let desk = json!({ "value": "602-555-0142", "type": "work", "primary": true });
    lousy.give("user000@glow.example", &json!({ "phoneNumbers": [desk, { "value": "tel:(602) 555 0143", "type": "other" }] }));
    let server = Server { country: Country::named("US"), ..lousy_server::server() };
    let directory = ScimDirectory::connect(lousy.transport(), server).await.unwrap();
    let numbers = |numbers: &[&str]| Value::List(numbers.iter().map(|n| (*n).to_owned()).collect());
    let (receipt, end) = run_with(&directory, |actual| {
        assert_eq!(actual.accounts[0].fields.value(Field::Phones), numbers(&["+16025550142", "+16025550143"]));
        let after = numbers(&["+16025550142", "+16025550144"]);
        vec![set(of(actual, 0, update()), Field::Phones, numbers(&["+16025550142", "+16025550143"]), after)]
    })
    .await;
    assert!(is_done(&receipt.records[0]), "{:?}", receipt.records);
    assert_eq!(lousy.user("user000@glow.example").unwrap()["phoneNumbers"], json!([desk, { "value": "+16025550144" }]));
    assert_eq!(end.accounts[0].fields.value(Field::Phones), numbers(&["+16025550142", "+16025550144"]));
    // Without a country, nobody knows whose number it is.
    let actual = lousy.connect().await.unwrap().read().await.unwrap();
    assert_eq!(actual.accounts[0].fields.value(Field::Phones), numbers(&["602-555-0142", "+16025550144"]));
}

// rule 10 of the core
#[tokio::test]
async fn a_field_that_only_each_user_shows_is_compared_and_changed_all_the_same() {
    for no_versions in [true, false] {
        let lousy = Lousy::with(3, Habits { lists_without: Some("title"), no_versions, ..Habits::default() });
        let (receipt, end) = run(&lousy, |actual| {
            assert_eq!(actual.accounts[0].fields.text(Field::Title), Some("MD"), "read alone");
            vec![renamed_and_retitled(actual)]
        })
        .await;
        assert!(is_done(&receipt.records[0]), "{:?}", receipt.records);
        assert_eq!(end.accounts[0].fields.text(Field::Title), Some("RN"));
    }
}

// rules 3 and 5 of the core: a server takes one attribute of a PATCH, and puts off the second one once.
#[tokio::test]
async fn a_pause_after_the_new_login_leaves_no_old_address() {
    for no_versions in [true, false] {
        let later = Some(once("PATCH", 3, 429));
        let lousy = Lousy::with(1, Habits { one_operation: true, later, no_versions, ..Habits::default() });
        lousy.give("user000@glow.example", &json!({ "emails": [{ "value": "user000@glow.example", "type": "work" }] }));
        let new = text("ana.stone@glow.example");
        let (receipt, _) =
            run(&lousy, |actual| vec![set(of(actual, 0, update()), Field::Email, text("user000@glow.example"), new.clone())]).await;
        assert!(is_done(&receipt.records[0]), "{:?}", receipt.records);
        let user = lousy.user("ana.stone@glow.example").unwrap();
        assert_eq!(user["emails"][0]["value"], "ana.stone@glow.example");
    }
}

// rules 2 and 3 of the core
#[tokio::test]
async fn values_stored_before_a_pause_count_although_the_rest_is_refused() {
    for refuses_with in [Some((400, "invalidValue")), Some((403, "")), Some((409, ""))] {
        for no_versions in [true, false] {
            let later = Some(once("PATCH", 2, 429));
            let habits = Habits { refuses: &["title"], refuses_with, says_what_it_refuses: true, later, no_versions, ..Habits::default() };
            let (receipt, end) = run(&Lousy::with(1, habits), |actual| vec![renamed_and_retitled(actual)]).await;
            let OpOutcome::Partly { rest, .. } = &receipt.records[0].outcome else { panic!("{refuses_with:?} {:?}", receipt.records) };
            assert_eq!(rest.not_stored, ["title"]);
            assert_eq!(end.accounts[0].fields.text(Field::LastName), Some("Stone"));
        }
    }
}

// rules 2 and 3 of the core: a PATCH is refused for one attribute, and the ones before it are stored.
#[tokio::test]
async fn values_that_a_refused_change_stored_are_this_runs() {
    for no_versions in [true, false] {
        let habits = Habits { refuses: &["title"], stores_before_it_refuses: true, no_versions, ..Habits::default() };
        let (receipt, end) = run(&Lousy::with(1, habits), |actual| vec![renamed_and_retitled(actual)]).await;
        let OpOutcome::Partly { rest, .. } = &receipt.records[0].outcome else { panic!("{:?}", receipt.records) };
        assert_eq!(rest.not_stored, ["title"]);
        assert_eq!(end.accounts[0].fields.text(Field::LastName), Some("Stone"));
    }
}

// RFC 7643 section 4.1.2: `groups` is read-only, and a strict server refuses it in a PUT.
#[tokio::test]
async fn a_server_that_refuses_what_is_read_only_gets_the_rest() {
    let lousy = Lousy::with(2, Habits { no_patch: true, refuses_groups: true, ..Habits::default() });
    for name in ["user000@glow.example", "user001@glow.example"] {
        lousy.give(name, &json!({ "groups": [{ "value": "g1" }], "active": "True" }));
    }
    let (receipt, end) = run(&lousy, |actual| vec![renamed_and_retitled(actual), of(actual, 1, AccountChange::Inactivate)]).await;
    assert!(receipt.records.iter().all(is_done), "{:?}", receipt.records);
    assert!(end.accounts[1].state.inactive);
    assert_eq!(lousy.user("user000@glow.example").unwrap()["active"], json!(true), "a boolean, and no text");
}

// A8: the account is there, and what the server does not show at once it shows a moment later.
#[tokio::test]
async fn a_record_that_was_just_created_is_asked_for_again() {
    for (no_body_after_writes, status) in [(true, 404), (true, 429), (false, 503), (false, 404)] {
        let later = Some(once("GET /Users/u3", 0, status));
        let lousy = Lousy::with(2, Habits { says_little: !no_body_after_writes, no_body_after_writes, later, ..Habits::default() });
        let (receipt, _) = run(&lousy, |_| vec![set(invite(90), Field::Title, Value::Unset, text("RN"))]).await;
        assert!(is_done(&receipt.records[0]), "{status}: {:?}", receipt.records);
    }
}

// A8: a server stores each attribute, and answers 500 to it.
#[tokio::test]
async fn attributes_that_are_stored_under_a_failure_each_are_this_runs() {
    for no_versions in [true, false] {
        let habits = Habits { one_operation: true, failing_patches: 2, no_versions, ..Habits::default() };
        let (receipt, end) = run(&Lousy::with(1, habits), |actual| vec![renamed_and_retitled(actual)]).await;
        assert!(is_done(&receipt.records[0]), "{:?}", receipt.records);
        let account = &end.accounts[0];
        assert_eq!([Field::LastName, Field::Title].map(|field| account.fields.text(field)), [Some("Stone"), Some("RN")]);
    }
}

// rules 3 and 5 of the core: a server takes one attribute of a PATCH, and fails at each PATCH the first time.
#[tokio::test]
async fn a_server_that_fails_once_at_each_attribute_stores_all_of_them_in_the_end() {
    let ways = [429, 500, 502, 503].into_iter().flat_map(|status| [true, false].map(|stores| Stumble { status, stores }));
    for stumble in ways {
        for no_versions in [true, false] {
            let habits = Habits { one_operation: true, stumbles: Some(stumble), no_versions, ..Habits::default() };
            let lousy = Lousy::with(1, habits);
            let emails = json!([{ "value": "user000@glow.example", "type": "work" }]);
            lousy.give("user000@glow.example", &json!({ "emails": emails, "displayName": "Ana Ruiz" }));
            let new = text("ana.stone@glow.example");
            let (receipt, _) =
                run(&lousy, |actual| vec![set(renamed_and_retitled(actual), Field::Email, text("user000@glow.example"), new.clone())])
                    .await;
            assert!(is_done(&receipt.records[0]), "{stumble:?} {no_versions}: {:?}", receipt.records);
            let user = lousy.user("ana.stone@glow.example").unwrap();
            let stored = [&user["emails"][0]["value"], &user["displayName"], &user["name"]["familyName"], &user["title"]];
            assert_eq!(stored, ["ana.stone@glow.example", "Ana Stone", "Stone", "RN"], "{stumble:?} {no_versions}");
        }
    }
}

// A8: tries in which nothing is stored come to an end, whatever was stored before.
#[tokio::test]
async fn a_server_that_stops_in_the_middle_is_given_up() {
    let later = Some(Later { on: "PATCH", after: 2, times: 999, status: 503 });
    let lousy = Lousy::with(1, Habits { one_operation: true, later, ..Habits::default() });
    let (receipt, _) = run(&lousy, |actual| vec![renamed_and_retitled(actual)]).await;
    assert!(matches!(receipt.records[0].outcome, OpOutcome::Failed(_)), "{:?}", receipt.records);
    assert!(lousy.writes().len() < 20, "{:?}", lousy.writes());
}

// A8: 408 and 425 ask for the same request again.
#[tokio::test]
async fn a_request_that_the_server_asks_for_again_is_sent_again() {
    for (on, status) in ["GET /Users?", "PATCH", "POST /Users"].into_iter().flat_map(|on| [408, 425].map(|status| (on, status))) {
        let lousy = Lousy::with(1, Habits { later: Some(once(on, 0, status)), ..Habits::default() });
        let (receipt, _) = run(&lousy, |actual| vec![renamed_and_retitled(actual), invite(90)]).await;
        assert!(receipt.records.iter().all(is_done), "{on} {status}: {:?}", receipt.records);
    }
}

// A server that creates people inactive activates them in the same run, also after a failure that hid that it created them.
#[tokio::test]
async fn somebody_who_is_created_inactive_is_activated() {
    for failing_posts in [0, 1] {
        let lousy = Lousy::with(1, Habits { creates_inactive: true, failing_posts, ..Habits::default() });
        let named = set(set(invite(90), Field::FirstName, Value::Unset, text("Kim")), Field::LastName, Value::Unset, text("Park"));
        let (receipt, end) = run(&lousy, |_| vec![named.clone()]).await;
        assert!(is_done(&receipt.records[0]), "{failing_posts}: {:?}", receipt.records);
        assert!(end.accounts.iter().any(|account| account.email == email(90) && !account.state.inactive));
    }
}

// Rule 3 of the core: "later" is about the request, so nothing of a new user is left out for it.
#[tokio::test]
async fn a_new_user_who_is_put_off_is_sent_whole_again() {
    let later = Some(Later { on: "POST /Users", after: 0, times: 3, status: 503 });
    let lousy = Lousy::with(1, Habits { later, ..Habits::default() });
    let (receipt, _) = run(&lousy, |_| vec![set(invite(90), Field::Title, Value::Unset, text("RN"))]).await;
    assert!(is_done(&receipt.records[0]), "{:?}", receipt.records);
    assert!(!lousy.writes().iter().any(|write| write.starts_with("PATCH")), "{:?}", lousy.writes());
}

// Rules 3 and 5 of the core: one failure at the new address or name leaves nothing of the old one, also where there is no PUT.
#[tokio::test]
async fn an_attribute_that_a_server_fails_at_once_is_sent_again() {
    for (after, status) in (1..6).flat_map(|after| [500, 502, 504].map(|status| (after, status))) {
        for no_versions in [true, false] {
            let later = Some(once("PATCH", after, status));
            let lousy = Lousy::with(1, Habits { one_operation: true, no_put: true, later, no_versions, ..Habits::default() });
            let emails = json!([{ "value": "user000@glow.example", "type": "work" }]);
            lousy.give("user000@glow.example", &json!({ "emails": emails, "displayName": "Ana Ruiz" }));
            let new = text("ana.stone@glow.example");
            let (receipt, _) =
                run(&lousy, |actual| vec![set(renamed_and_retitled(actual), Field::Email, text("user000@glow.example"), new.clone())])
                    .await;
            assert!(is_done(&receipt.records[0]), "{after} {status} {no_versions}: {:?}", receipt.records);
            let user = lousy.user("ana.stone@glow.example").unwrap();
            let stored = [&user["emails"][0]["value"], &user["displayName"], &user["name"]["familyName"], &user["title"]];
            assert_eq!(stored, ["ana.stone@glow.example", "Ana Stone", "Stone", "RN"], "{after} {status} {no_versions}");
        }
    }
}

// A8: a server that takes few writes at a time makes a run longer, and nothing fails.
#[tokio::test]
async fn a_server_that_takes_one_write_at_a_time_gets_all_of_them() {
    use rosterctl::apply::{Journal, Quiet, apply};

    let lousy = Lousy::with(24, Habits { one_patch_in: Some(std::time::Duration::from_millis(100)), ..Habits::default() });
    let directory = lousy.connect().await.unwrap();
    let actual = directory.read().await.unwrap();
    let approved = approved((0..24).map(|n| of(&actual, n, AccountChange::Inactivate)).collect(), &actual);
    let receipt = apply(&approved, &directory, &options(&approved), &mut Journal::to(std::io::sink(), ""), &Quiet, &going_on()).await;
    assert!(receipt.records.iter().all(is_done), "{:?}", receipt.records);
}

// A8: an activation is stored under a failure, and the version is this run's own, also in the next form.
#[tokio::test]
async fn an_activation_that_is_stored_under_a_failure_is_this_runs() {
    for no_versions in [true, false] {
        let stumbles = Some(Stumble { status: 502, stores: true });
        let lousy = Lousy::with(1, Habits { one_operation: true, stumbles, no_versions, ..Habits::default() });
        lousy.give("user000@glow.example", &json!({ "active": false }));
        let (receipt, end) = run(&lousy, |actual| {
            let back = after(of(actual, 0, AccountChange::Activate), &[0]);
            vec![renamed_and_retitled(actual), back]
        })
        .await;
        assert!(receipt.records.iter().all(|record| record.outcome.is_made()), "{no_versions}: {:?}", receipt.records);
        assert!(!end.accounts[0].state.inactive);
    }
}
