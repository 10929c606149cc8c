//! Servers that refuse, keep things back or put things off: what can be done is done, and the rest is said.

use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

use crate::foreign::{planned, roster};
use crate::lousy_server::{Habits, Lousy, server};
use crate::servers::{of, run, run_in_order, run_with, text};
use crate::support::*;
use rosterctl::apply::{Journal, Options, Quiet, apply, converge};
use rosterctl::directory::retry::Backoff;
use rosterctl::directory::{DirectoryError, Reader, ScimDirectory, Server};
use rosterctl::model::*;
use rosterctl::reconcile::{add_found, approve, diff, doubtful};
use rosterctl::report::sentences;
use rosterctl::report::sentences::server_warning;
use rosterctl::report::{Format, People, PlanView, Width, show_plan, show_receipt};
use serde_json::json;

// Rule 8 of the lessons from nine servers: what is unknown is not absent.
#[tokio::test]
async fn an_endpoint_that_a_token_may_not_read_counts_as_one_that_is_missing() {
    for (on, status, said) in [
        ("GET /Schemas", 401, "/Schemas (401)"),
        ("GET /Schemas", 403, "/Schemas (403)"),
        ("GET /ServiceProviderConfig", 401, "/ServiceProviderConfig"),
        ("GET /ResourceTypes", 401, "/ResourceTypes"),
        ("GET /Me", 401, "/Me"),
        ("POST /Users/.search", 401, ""),
    ] {
        let answers: &'static [(&str, u16)] = Box::leak(Box::new([(on, status)]));
        let lousy = Lousy::with(3, Habits { answers, ..Habits::default() });
        let directory = lousy.connect().await.unwrap_or_else(|why| panic!("{on} {status}: {why}"));
        let actual = directory.read().await.unwrap_or_else(|why| panic!("{on} {status}: {why}"));
        assert_eq!(actual.accounts.len(), 3, "{on}");
        assert!(directory.look_up(&[email(7)]).await.unwrap().unanswered.is_none(), "{on}");
        let warnings = directory.warnings();
        assert!(warnings.iter().any(|warning| server_warning(warning).contains(said)) || said.is_empty(), "{on}: {warnings:?}");
        assert!(actual.capabilities.has_no_schema, "{on}");
    }
    let lousy = Lousy::with(3, Habits { answers: &[("", 401)], ..Habits::default() });
    let refused = lousy.connect().await.err().unwrap();
    assert!(matches!(refused, DirectoryError::Auth { status: 401, .. }), "{refused}");
}

// Rule 7 of the core: a list that nobody could compare is not one that nobody could read.
#[tokio::test]
async fn filters_that_are_kept_from_a_token_leave_the_list_unproven_and_no_new_account_twice() {
    const BY_POST: &str = "POST /Users/.search";
    const BY_GET: &str = "GET /Users?filter";
    for (answers, status) in [
        (&[(BY_POST, 401), (BY_GET, 401)], 401),
        (&[(BY_POST, 403), (BY_GET, 403)], 403),
        (&[(BY_POST, 404), (BY_GET, 401)], 401),
        (&[(BY_POST, 401), (BY_GET, 403)], 403),
    ] {
        let answers: &'static [(&str, u16)] = answers;
        let lousy = Lousy::with(3, Habits { answers, ..Habits::default() });
        let directory = lousy.connect().await.unwrap();
        let mut actual = directory.read().await.unwrap();
        let looked_up = directory.look_up(&[email(7), email(8)]).await.unwrap();
        assert_eq!(looked_up.unanswered, Some(PartialCause::NotLookedUp { email: email(7), status: Some(status) }));
        assert!(add_found(&mut actual, looked_up) && matches!(actual.completeness, Completeness::Unproven { .. }));
        let asked = lousy.lock().requests.iter().filter(|request| request.contains(".search")).count();
        assert!(asked <= 2 || status != 401, "a token that is not good for filters is not asked again: {asked}");

        // Whether an account was made although the answer was lost is found in the list.
        lousy.lock().habits.failing_posts = 1;
        let named = |_: &Actual| {
            vec![set(set(invite(90), Field::FirstName, Value::Unset, text("Kim")), Field::LastName, Value::Unset, text("Park"))]
        };
        let (receipt, end) = run_with(&directory, named).await;
        assert!(is_done(&receipt.records[0]) && !receipt.not_authorized, "{answers:?}: {receipt:?}");
        assert_eq!(end.accounts.len(), 4);
    }
    let lousy = Lousy::with(3, Habits::default());
    let directory = lousy.connect().await.unwrap();
    directory.read().await.unwrap();
    lousy.lock().habits.answers = &[("", 401)];
    let refused = directory.look_up(&[email(7)]).await.unwrap_err();
    assert!(matches!(refused, DirectoryError::Auth { status: 401, .. }), "{refused}");
}

#[tokio::test]
async fn a_type_that_a_server_fails_at_is_one_that_it_lacks() {
    for status in [400, 401, 403, 500] {
        let answers: &'static [(&str, u16)] = Box::leak(Box::new([("GET /Clinics", status), ("GET /Roles", status)]));
        let lousy = Lousy::with(3, Habits { no_resource_types: true, answers, ..Habits::default() });
        let actual = lousy.connect().await.unwrap().read().await.unwrap();
        assert_eq!((actual.accounts.len(), actual.capabilities.clinics), (3, false), "{status}");
    }
}

fn retitled(actual: &Actual, n: usize) -> Step {
    set(of(actual, n, update()), Field::Title, text("MD"), text("RN"))
}

// A8
#[tokio::test]
async fn a_server_that_takes_every_second_request_gets_every_change() {
    for (no_versions, people) in [(false, 12), (true, 12), (true, 1)] {
        let lousy = Lousy::with(12, Habits { puts_off_every_second: true, no_versions, ..Habits::default() });
        let (receipt, end) =
            run_in_order(&lousy, |actual| (0..people).map(|n| retitled(actual, n)).chain((90..93).map(invite)).collect()).await;
        assert!(receipt.records.iter().all(is_done), "{no_versions}: {:?}", receipt.records);
        let changed = end.accounts.iter().filter(|account| account.fields.text(Field::Title) == Some("RN")).count();
        assert_eq!((changed, end.accounts.len()), (people, 15));
    }
}

// A8: five questions that wait as long as the server asks would take ten minutes.
#[tokio::test]
async fn a_question_waits_no_longer_than_a_run_has_patience() {
    let habits = Habits { answers: &[("GET /Users", 429)], asks_for: Some(1), ..Habits::default() };
    let lousy = Lousy::with(3, habits);
    let backoff = Backoff { patience: Duration::from_millis(1500), ..server().backoff };
    let directory = ScimDirectory::connect(lousy.transport(), Server { backoff, ..server() }).await.unwrap();
    let error = directory.read().await.unwrap_err();
    assert_eq!(error.status(), Some(429));
    assert!(error.to_string().contains("a pause of 1 s: run again after that"), "{error}");
    let asked = lousy.lock().requests.iter().filter(|request| *request == "GET /Users").count();
    assert!((2..=5).contains(&asked), "{asked}");
}

fn shown(receipt: &WorkspaceReceipt) -> String {
    let (digest, workspaces) = (Digest("7".repeat(64)), vec![receipt.clone()]);
    let receipt = Receipt { format: 1, digest, workspaces, unread: Vec::new() };
    show_receipt(&receipt, &People::default(), Format::Markdown)
}

// rule 6 of the core: a plan does not claim that a server without a schema will take something.
#[tokio::test]
async fn a_field_that_a_server_without_a_schema_refuses_is_called_refused() {
    for (habits, field) in [
        (Habits { refuses: &["title"], refuses_with: Some((403, "")), ..Habits::default() }, Field::Title),
        (Habits { refuses: &["title"], refuses_with: Some((400, "")), ..Habits::default() }, Field::Title),
        (Habits { refuses: &["userName"], refuses_with: Some((400, "invalidValue")), ..Habits::default() }, Field::Email),
        (Habits { frozen: Some("title"), ..Habits::default() }, Field::Title),
    ] {
        let lousy = Lousy::with(4, habits);
        let (receipt, end) = run(&lousy, |actual| {
            let to = if field == Field::Email { "user009@glow.example" } else { "RN" };
            let from = if field == Field::Email { "user000@glow.example" } else { "MD" };
            vec![set(of(actual, 0, update()), field, text(from), text(to))]
        })
        .await;
        let OpOutcome::Failed(failure) = &receipt.records[0].outcome else { panic!("{field:?}: {:?}", receipt.records) };
        assert!(failure.refused && !receipt.not_authorized, "{field:?}: {failure:?}");
        let said = shown(&receipt);
        assert!(said.contains("Refused by the workspace (1)") && !said.contains("Failed"), "{said}");
        assert!(said.contains("1 of them refused by the workspace") && said.contains("The next plan has again"), "{said}");

        let mut wanted = Desired { manage: Manage::Additive, ..roster([0]) };
        wanted.users.get_mut(&email(0)).unwrap().fields.set(Field::Title, text("DO"));
        let plan = diff(&wanted, &end);
        let notices: Vec<_> =
            plan.notices.iter().filter(|notice| notice.cause == NoticeCause::NoSchema { unseen: Box::default() }).collect();
        assert_eq!((plan.changes.len(), notices.len()), (1, 1), "{:?}", plan.notices);
    }
}

#[tokio::test]
async fn a_field_that_no_account_has_is_named_before_a_server_without_a_schema_is_asked() {
    let lousy = Lousy::with(4, Habits { drops: Some("title"), ..Habits::default() });
    let mut wanted = roster([0]);
    wanted.users.get_mut(&email(0)).unwrap().fields.set(Field::Title, text("DO"));
    let (plan, _) = planned(&lousy, &wanted).await;
    assert!(plan.notices.iter().all(|notice| notice.cause != NoticeCause::NoSchema { unseen: Box::default() }), "the roster lacks names");
    let digest = Digest("7".repeat(64));
    let workspaces = vec![WorkspacePlan { plan, digest: digest.clone(), stops: Vec::new(), waived: BTreeMap::new() }];
    let plan = RosterPlan { format: 2, workspaces, digest };
    let said = show_plan(&PlanView { plan: &plan, people: &People::default(), unread: &[] }, Format::Markdown);
    assert!(said.contains("No account there has ") && said.contains("the server may not store that"), "{said}");

    let titles = r#"[{ "name": "userName" }, { "name": "title" }, { "name": "name" }, { "name": "emails" }]"#;
    let lousy = Lousy::with(4, Habits { schema: Some(titles), ..Habits::default() });
    let (plan, _) = planned(&lousy, &wanted).await;
    assert!(!plan.notices.iter().any(|notice| matches!(notice.cause, NoticeCause::NoSchema { .. })), "{:?}", plan.notices);
}

// Rule 7 of the core: a list that lacks an account is not complete, whatever it says of itself.
#[tokio::test]
async fn an_address_that_the_list_lacks_is_looked_up_before_an_invitation_and_proves_the_list_incomplete_after_one() {
    let lousy = Lousy::with(6, Habits { shows_at_most: Some(4), no_versions: true, ..Habits::default() });
    lousy.give("user003@glow.example", &json!({ "active": false }));
    let mut wanted = Desired { manage: Manage::Exact, ..roster((0..4).chain([90])) };
    wanted.users.get_mut(&email(3)).unwrap().status = Status::Inactive;
    for user in wanted.users.values_mut() {
        user.fields.set(Field::LastName, text("Ruiz"));
    }
    let directory = lousy.connect().await.unwrap();
    let mut actual = directory.read().await.unwrap();
    actual.completeness = Completeness::Complete;
    let approved = approve(diff(&wanted, &actual), &actual, &wanted).unwrap_or_else(|stopped| panic!("{:?}", stopped.stops));
    let options = Options { sleep: Box::new(|_| Box::pin(async {})), ..options(&approved) };
    let mut receipt = apply(&approved, &directory, &options, &mut Journal::to(io::sink(), ""), &Quiet, &going_on()).await;
    let again = |fresh: &Actual| diff(&wanted, fresh);
    converge(&mut receipt, &directory, &options, again).await.unwrap();
    assert!(receipt.records.iter().all(is_done), "{:?}", receipt.records);
    assert!(!receipt.converged && receipt.left.iter().any(|left| matches!(left, Left::PartialRead { .. })), "{:?}", receipt.left);

    // A later plan asks for everybody who would be invited.
    let mut actual = directory.read().await.unwrap();
    actual.completeness = Completeness::Complete;
    let plan = diff(&wanted, &actual);
    let doubted = doubtful(&wanted, &plan, &actual);
    assert_eq!(doubted, [email(90)]);
    assert!(add_found(&mut actual, directory.look_up(&doubted).await.unwrap()));
    assert!(matches!(actual.completeness, Completeness::Partial { .. }) && diff(&wanted, &actual).changes.is_empty());
}

// A8: every request counts, and a server that has no PATCH is not asked for each attribute in each form.
#[tokio::test]
async fn a_server_that_has_no_patch_although_it_says_so_is_asked_five_times_at_most() {
    let fields = [Field::Email, Field::LastName, Field::Title, Field::Phones];
    let changes = [&fields[..], &fields[..1], &fields[2..3], &fields[2..], &[Field::Email, Field::Phones], &fields[..3]];
    for (status, changed) in
        [400, 404, 405, 422, 500, 501, 502, 504].into_iter().flat_map(|status| changes.map(|changed| (status, changed)))
    {
        let way = format!("{status} {changed:?}");
        let lousy = Lousy::with(2, Habits { no_patch: true, no_patch_with: Some(status), ..Habits::default() });
        lousy.give("user000@glow.example", &json!({ "emails": [{ "value": "user000@glow.example" }], "displayName": "Ana Ruiz" }));
        let (receipt, end) = run(&lousy, |actual| {
            let numbers = Value::List(vec!["+16025550102".to_owned()]);
            let edits = [
                (Field::Email, text("user000@glow.example"), text("user009@glow.example")),
                (Field::LastName, text("Ruiz"), text("Stone")),
                (Field::Title, text("MD"), text("RN")),
                (Field::Phones, Value::Unset, numbers),
            ];
            let edits = edits.into_iter().filter(|(field, ..)| changed.contains(field));
            vec![edits.fold(of(actual, 0, update()), |step, (field, before, after)| set(step, field, before, after))]
        })
        .await;
        let writes = lousy.writes();
        assert!(is_done(&receipt.records[0]) && writes.len() <= 5, "{way}: {:?} {writes:?}", receipt.records);
        assert_eq!(receipt.records[0].attempts as usize, writes.len(), "{way}: each counts");
        let is_there = |login: &str| end.accounts.iter().any(|account| account.email.as_str() == login);
        assert!(is_there("user009@glow.example") || !changed.contains(&Field::Email), "{way}");
    }
}

// A8: a server that takes no form at all is asked five times for each change, and nothing that it accepts is left out.
#[tokio::test]
async fn no_change_is_sent_more_than_five_times_in_vain() {
    for (status, kind) in [
        (400, ""),
        (400, "invalidSyntax"),
        (400, "invalidPath"),
        (403, ""),
        (404, ""),
        (409, ""),
        (422, ""),
        (500, ""),
        (501, ""),
        (503, ""),
    ] {
        for refuses in [&["userName", "emails", "name", "displayName", "title", "phoneNumbers", "active"][..], &["title", "phoneNumbers"]] {
            for no_versions in [true, false] {
                let way = format!("{status} {kind} {refuses:?} {no_versions}");
                let lousy = Lousy::with(2, Habits { no_versions, ..Habits::default() });
                let emails = json!([{ "value": "user000@glow.example" }]);
                lousy.give("user000@glow.example", &json!({ "emails": emails, "displayName": "Ana Ruiz" }));
                lousy.lock().habits.refuses = refuses;
                lousy.lock().habits.refuses_with = Some((status, kind));
                let (receipt, end) = run(&lousy, |actual| {
                    let renamed = set(of(actual, 0, update()), Field::Email, text("user000@glow.example"), text("user009@glow.example"));
                    let renamed = set(renamed, Field::LastName, text("Ruiz"), text("Stone"));
                    let phones = Value::List(vec!["+16025550102".to_owned()]);
                    let retitled = set(set(renamed, Field::Title, text("MD"), text("RN")), Field::Phones, Value::Unset, phones.clone());
                    vec![retitled, after(set(newcomer(90), Field::Phones, Value::Unset, phones), &[0])]
                })
                .await;
                let (accepts_some, is_later) = (!refuses.contains(&"name"), status == 503);
                for (at, (record, stored)) in receipt.records.iter().zip([4, 2]).enumerate() {
                    let most = if accepts_some && !is_later { 5 + stored + 5 } else { 5 };
                    assert!(record.attempts <= most, "{way}: {record:?}");
                    // Nothing is left out of a new user for a status that is about the whole request.
                    let is_made = accepts_some && !is_later && (at == 0 || ![404, 409].contains(&status));
                    assert_eq!(record.outcome.is_made(), is_made, "{way}: {record:?}");
                }
                let last = end.accounts.iter().find(|account| account.email == email(9)).and_then(|a| a.fields.text(Field::LastName));
                assert_eq!(last, (accepts_some && !is_later).then_some("Stone"), "{way}");
            }
        }
    }
}

/// Somebody new with a title.
fn newcomer(n: usize) -> Step {
    let named = set(set(invite(n), Field::FirstName, Value::Unset, text("Kim")), Field::LastName, Value::Unset, text("Park"));
    set(named, Field::Title, Value::Unset, text("RN"))
}

#[tokio::test]
async fn an_attribute_that_a_server_has_no_patch_for_is_written_whole_in_the_same_run() {
    let lousy = Lousy::with(3, Habits { no_patch_of: Some("name.familyName"), ..Habits::default() });
    let (receipt, end) = run(&lousy, |actual| {
        let renamed = |n| set(of(actual, n, update()), Field::LastName, text("Ruiz"), text("Stone"));
        (0..3).map(|n| set(renamed(n), Field::FirstName, text("Ana"), text("Ann"))).collect()
    })
    .await;
    assert!(receipt.records.iter().all(is_done), "{:?}", receipt.records);
    assert!(end.accounts.iter().all(|a| (a.fields.text(Field::FirstName), a.fields.text(Field::LastName)) == (Some("Ann"), Some("Stone"))));
}

#[tokio::test]
async fn a_server_that_mixes_up_ids_changes_nobody_else() {
    for no_versions in [false, true] {
        let lousy = Lousy::with(2, Habits { mixes_ids_up: true, no_versions, ..Habits::default() });
        for (n, id) in ["ab", "AB"].into_iter().enumerate() {
            lousy.lock().users[n].insert("id".to_owned(), json!(id));
            if !no_versions {
                lousy.lock().users[n].insert("meta".to_owned(), json!({ "version": "W/\"1\"" }));
            }
        }
        let directory = lousy.connect().await.unwrap();
        let (receipt, end) = run_with(&directory, |actual| vec![of(actual, 1, AccountChange::Inactivate)]).await;
        assert_eq!(receipt.records[0].outcome, OpOutcome::Drifted(Drift::Replaced), "{no_versions}");
        assert!(end.accounts.iter().all(|account| !account.state.inactive), "{no_versions}");
    }
}

/// A world in which three people have these last names and titles.
fn named(names: [&str; 3], titles: [&str; 3]) -> Lousy {
    let lousy = Lousy::with(3, Habits::default());
    for (n, (name, title)) in names.into_iter().zip(titles).enumerate() {
        lousy.give(&format!("user00{n}@glow.example"), &json!({ "name": { "givenName": "Ana", "familyName": name }, "title": title }));
    }
    lousy
}

// A set is compared as a set, text as the workspace keeps it: no plan repeats itself.
#[tokio::test]
async fn a_form_in_which_a_workspace_keeps_everything_is_said_and_never_changed() {
    let small = ["mcdonald", "ruiz", "stone"];
    for (names, titles, wanted_name, wanted_title, kept) in [
        (small, ["rn", "md", "rn"], "McDonald", "RN", vec![Field::LastName, Field::Title]),
        (small.map(str::to_uppercase).each_ref().map(String::as_str), ["RN", "md", "RN"], "McDonald", "Rn", vec![Field::LastName]),
        (["Mcdonald", "Ruiz", "Stone"], ["Head Nurse", "RN", "RN"], "McDonald", "Head  Nurse", vec![Field::Title]),
        (["ruiz", "ruiz", "ruiz"], ["Rn", "RN", "RN"], "Ruiz", "RN", vec![]),
        // No server makes two blanks of one, or another blank.
        (["Lee", "Ruiz", "Stone"], ["Head  Nurse", "RN", "RN"], "Ruiz", "Head Nurse", vec![]),
        (["Lee", "Ruiz", "Stone"], ["Head\u{a0}Nurse", "RN", "RN"], "Ruiz", "Head Nurse", vec![]),
        // Nor does one that keeps somebody's two blanks make one of them.
        (["Lee", "Ruiz", "Stone"], ["Head Nurse", "Charge  Nurse", "RN"], "Ruiz", "Head  Nurse", vec![]),
    ]
    .map(|(names, titles, name, title, kept)| (names.map(str::to_owned), titles, name, title, kept))
    {
        let lousy = named(names.each_ref().map(String::as_str), titles);
        let mut wanted = Desired { manage: Manage::Additive, ..roster([0]) };
        let user = wanted.users.get_mut(&email(0)).unwrap();
        user.fields.set(Field::LastName, text(wanted_name));
        user.fields.set(Field::Title, text(wanted_title));
        let (plan, _) = planned(&lousy, &wanted).await;
        let mut found = Vec::new();
        for notice in &plan.notices {
            if let NoticeCause::Kept { field, why: Keep::OwnForm, .. } = &notice.cause {
                found.push(*field);
            }
        }
        assert_eq!(found, kept, "{names:?}: {:?}", plan.notices);
        let changed: usize = plan.changes.iter().map(|step| step.change.fields().len()).sum();
        assert_eq!(changed, 2 - kept.len(), "{names:?}: {:?}", plan.changes);
    }
}

#[tokio::test]
async fn a_value_that_a_server_writes_in_another_form_is_shown_as_it_keeps_it() {
    let lousy = Lousy::with(3, Habits { capitals: true, ..Habits::default() });
    let (receipt, _) = run(&lousy, |_| vec![set(invite(90), Field::LastName, Value::Unset, text("Park"))]).await;
    let OpOutcome::Partly { rest, .. } = &receipt.records[0].outcome else { panic!("{:?}", receipt.records) };
    assert_eq!((rest.not_stored.len(), rest.kept.len()), (0, 1), "{rest:?}");
    let said = shown(&receipt);
    assert!(said.contains("the workspace keeps last") && said.contains("PARK") && said.contains("1 of them in part"), "{said}");
    assert!(said.contains("The next plan has again"), "{said}");
}

// Rules 6 and 10 of the core: a difference that may be the server's doing stays one, since nobody knows, and the plan says what to write.
#[tokio::test]
async fn a_value_that_a_server_cuts_or_respells_is_shown_as_it_keeps_it_and_the_next_plan_says_why_it_comes_back() {
    for (habits, wanted, kept) in [
        (Habits { cuts: Some(("title", 4)), ..Habits::default() }, "Doctor", "Doct"),
        (Habits { no_accents: true, ..Habits::default() }, "Infirmière née", "Infirmière nee"),
        (Habits { no_accents: true, ..Habits::default() }, "Née", "Nee"),
    ] {
        let lousy = Lousy::with(4, habits);
        let mut roster = Desired { manage: Manage::Additive, ..roster([0]) };
        let fields = &mut roster.users.get_mut(&email(0)).unwrap().fields;
        fields.set(Field::LastName, text("Ruiz"));
        fields.set(Field::Title, text(wanted));
        let change = |actual: &Actual| vec![set(of(actual, 0, update()), Field::Title, text("MD"), text(wanted))];
        let (receipt, _) = run(&lousy, change).await;
        let OpOutcome::Partly { rest, .. } = &receipt.records[0].outcome else { panic!("{:?}", receipt.records) };
        assert_eq!((rest.not_stored.len(), rest.kept[0].value.as_str()), (0, kept), "{rest:?}");
        assert!(shown(&receipt).contains("write it there as the workspace keeps it"), "{}", shown(&receipt));

        let notices = |plan: &Plan| -> Vec<String> {
            let altered = plan.notices.iter().filter(|notice| matches!(notice.cause, NoticeCause::PerhapsAltered(..)));
            let catalog = rosterctl::platform::by_id(&plan.platform).catalog();
            altered.map(|notice| rosterctl::report::sentences::notice(&notice.cause, catalog)).collect()
        };
        let (plan, _) = planned(&lousy, &roster).await;
        assert_eq!(plan.changes.len(), 1, "a difference is not hidden");
        // A respelled value with an accent of its own shows that the server keeps accents.
        let is_said = !kept.contains('è');
        assert_eq!(notices(&plan).len(), usize::from(is_said), "{:?}", plan.notices);
        assert!(notices(&plan).iter().all(|said| said.contains("`title`") && said.contains(&format!("`{kept}`"))), "{:?}", plan.notices);

        // Somebody's longer value, or one with accents, shows that the server keeps such values.
        lousy.lock().habits.cuts = None;
        lousy.lock().habits.no_accents = false;
        lousy.give("user003@glow.example", &json!({ "title": "Médecin" }));
        assert_eq!(notices(&planned(&lousy, &roster).await.0), [""; 0], "{kept}");
    }
    let lousy = Lousy::with(2, Habits::default());
    let mut roster = Desired { manage: Manage::Additive, ..roster([0]) };
    roster.users.get_mut(&email(0)).unwrap().fields.set(Field::Title, text("MDs"));
    let (plan, _) = planned(&lousy, &roster).await;
    assert!(!plan.notices.iter().any(|notice| matches!(notice.cause, NoticeCause::PerhapsAltered(..))), "two accounts show nothing");
}

#[tokio::test]
async fn a_confirmed_value_that_a_workspace_does_not_show_is_nobody_elses_change() {
    let lousy = Lousy::with(3, Habits::default());
    let (mut receipt, _) = run(&lousy, |actual| vec![retitled(actual, 0)]).await;
    let reason = || Reason::FieldsDiffer { fields: Box::new([Field::Title]), role_again: false };
    let left = |n| Left::Change { subject: Subject::User(email(n)), action: Action::Update, reason: reason() };
    receipt.left = vec![left(0)];
    assert!(shown(&receipt).contains("does not show all of what it confirmed"), "{}", shown(&receipt));
    receipt.left = vec![left(0), left(1)];
    assert!(shown(&receipt).contains("has changed since"), "{}", shown(&receipt));
}

#[tokio::test]
async fn of_two_accounts_with_one_address_each_line_says_which_one_it_is_about() {
    let lousy = Lousy::with(3, Habits::default());
    lousy.lock().users[1].insert("userName".to_owned(), json!("USER000@glow.example"));
    let (plan, _) = planned(&lousy, &Desired { manage: Manage::Exact, ..roster([2]) }).await;
    assert_eq!(plan.changes.iter().filter(|step| step.change.action() == Action::Inactivate).count(), 2, "{:?}", plan.changes);
    let (digest, stops, waived) = (Digest("7".repeat(64)), Vec::new(), BTreeMap::new());
    let workspaces = vec![WorkspacePlan { plan, digest: digest.clone(), stops, waived }];
    let plan = RosterPlan { format: 2, workspaces, digest };
    let said = show_plan(
        &PlanView { plan: &plan, people: &People::default(), unread: &[] },
        Format::Text { color: false, width: Width::OF_FILES },
    );
    assert!(said.contains("(account u1)") && said.contains("(account u2)"), "{said}");
}

// Lessons from nine servers: what a server means counts, not the form in which it says it.
#[tokio::test]
async fn a_server_that_takes_plain_json_alone_gets_it() {
    for no_search in [true, false] {
        let lousy = Lousy::with(2, Habits { plain_json_only: true, no_search, ..Habits::default() });
        let (receipt, end) = run_in_order(&lousy, |actual| vec![retitled(actual, 0), retitled(actual, 1), newcomer(90)]).await;
        assert!(receipt.records.iter().all(is_done), "{:?}", receipt.records);
        assert!(end.accounts.len() == 3 && end.accounts.iter().all(|account| account.fields.text(Field::Title) == Some("RN")));
        assert!(lousy.writes().len() <= 4, "the first one alone is sent twice: {:?}", lousy.writes());
        let lousy = Lousy::with(12, Habits { plain_json_only: true, no_search, ..Habits::default() });
        let (receipt, _) = run(&lousy, |actual| (0..12).map(|n| retitled(actual, n)).collect()).await;
        assert!(receipt.records.iter().all(is_done), "at the same time: {:?}", receipt.records);
    }
}

#[tokio::test]
async fn an_error_inside_a_success_is_an_error() {
    for (status, kind, said) in [(400, "mutability", "400 mutability"), (403, "", "403"), (409, "uniqueness", "409 uniqueness")] {
        let refuses_with = Some((status, kind));
        let habits =
            Habits { refuses: &["title"], refuses_with, says_what_it_refuses: true, succeeds_with_errors: true, ..Habits::default() };
        let (receipt, _) = run(&Lousy::with(1, habits), |actual| vec![retitled(actual, 0)]).await;
        let OpOutcome::Failed(why) = &receipt.records[0].outcome else { panic!("{:?}", receipt.records) };
        assert!(
            sentences::failure(why).contains(said) && sentences::failure(why).contains("'title' is not supported"),
            "{}",
            sentences::failure(why)
        );
    }
    let lousy = Lousy::with(3, Habits { answers: &[("GET /Users", 500)], succeeds_with_errors: true, ..Habits::default() });
    let error = lousy.connect().await.unwrap().read().await.unwrap_err();
    assert_eq!(error.status(), Some(500), "{error}");
}

// Rule 10 of the core: two texts that look the same are not shown as if they were.
#[tokio::test]
async fn values_that_look_the_same_differ_visibly_in_every_form_of_a_plan() {
    for (held, shown) in [("Ana\u{a0}Maria", "Ana[U+00A0]Maria"), ("Ana  Maria", "Ana [U+0020]Maria")] {
        let lousy = Lousy::with(2, Habits::default());
        lousy.give("user000@glow.example", &json!({ "name": { "givenName": held, "familyName": "Ruiz" } }));
        let mut wanted = roster([0, 1]);
        let fields = [(Field::FirstName, text("Ana Maria")), (Field::LastName, text("Ruiz"))];
        wanted.users.get_mut(&email(0)).unwrap().fields = fields.into_iter().collect();
        let (plan, _) = planned(&lousy, &wanted).await;
        let digest = Digest("7".repeat(64));
        let workspaces = vec![WorkspacePlan { plan, digest: digest.clone(), stops: Vec::new(), waived: BTreeMap::new() }];
        let plan = RosterPlan { format: 2, workspaces, digest };
        for format in [Format::Text { color: false, width: Width::OF_FILES }, Format::Markdown, Format::Html, Format::Runbook] {
            let said = show_plan(&PlanView { plan: &plan, people: &People::default(), unread: &[] }, format).replace('\\', "");
            assert!(said.contains(shown), "{format:?}: {said}");
        }
    }
}

#[tokio::test]
async fn an_id_in_capitals_here_and_in_small_letters_there_is_one_account() {
    for no_versions in [true, false] {
        let lousy = Lousy::with(2, Habits { mixes_ids_up: true, shows_ids_in_capitals: true, no_versions, ..Habits::default() });
        let (receipt, end) = run(&lousy, |actual| vec![retitled(actual, 0), of(actual, 1, AccountChange::Inactivate)]).await;
        assert!(receipt.records.iter().all(is_done), "{no_versions}: {:?}", receipt.records);
        assert!(end.accounts.len() == 2 && end.accounts[1].state.inactive, "{no_versions}");
    }
}
