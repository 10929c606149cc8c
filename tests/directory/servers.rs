//! The client against servers with bad habits, each of them seen on a real one.

use std::io;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::lousy_server::{Habits, Lousy, server};
use crate::support::*;
use bytes::Bytes;
use rosterctl::apply::{Journal, Options, Quiet, apply};
use rosterctl::directory::{DirectoryError, InProcess, Reader, ScimDirectory, Transport, TransportError, Writer};
use rosterctl::model::*;
use rosterctl::report::sentences;
use rosterctl::report::sentences::server_warning;
use serde_json::json;

pub(crate) async fn read(users: usize, habits: Habits) -> (Lousy, Actual) {
    let lousy = Lousy::with(users, habits);
    let actual = lousy.connect().await.unwrap().read().await.unwrap();
    (lousy, actual)
}

pub(crate) fn small_pages() -> Habits {
    Habits { page_of_at_most: Some(7), ..Habits::default() }
}

pub(crate) fn listings(lousy: &Lousy) -> usize {
    lousy.lock().requests.iter().filter(|r| *r == "GET /Users").count()
}

#[tokio::test]
async fn a_tidy_server_is_read_once_with_its_own_time() {
    let (lousy, actual) = read(50, small_pages()).await;
    assert_eq!(actual.accounts.len(), 50);
    assert_eq!(actual.completeness, Completeness::Complete);
    assert_eq!(actual.as_of, 1_795_348_800_000);
    assert_eq!(listings(&lousy), 9, "eight pages, and a look past the end");
    assert!(actual.accounts.iter().all(|a| a.state.accepted && a.fields.text(Field::Title) == Some("MD")));
}

#[tokio::test]
async fn every_way_of_paging_badly_still_gives_every_user_once() {
    let tidy = read(47, Habits::default()).await.1.accounts;
    let habits = [
        Habits { ignores_paging: true, ..small_pages() },
        Habits { ignores_paging: true, no_total: true, ..small_pages() },
        Habits { repeats_the_last_page: true, no_total: true, ..small_pages() },
        Habits { lower_case_names: true, ..small_pages() },
        Habits { no_total: true, ..small_pages() },
        Habits { cursors: true, ..small_pages() },
    ];
    for habits in habits {
        let (lousy, actual) = read(47, habits.clone()).await;
        assert_eq!(actual.accounts, tidy, "{habits:?}");
        // Nothing shows that a server which never turns a page sends everybody.
        let is_doubted = matches!(actual.completeness, Completeness::Unproven { .. });
        assert!(actual.completeness == Completeness::Complete || (is_doubted && habits.ignores_paging), "{habits:?}: {actual:?}");
        assert!(listings(&lousy) <= 20, "{habits:?}: {}", listings(&lousy));
    }
}

#[tokio::test]
async fn a_listing_that_moved_or_ended_early_or_was_empty_is_read_again_before_it_is_trusted() {
    // rule 7 of the core
    for (habits, odd) in [
        (Habits { restless_listings: 1, ..small_pages() }, "the total changed"),
        (Habits { short_listings: 1, ..small_pages() }, "the list ended after"),
        (Habits { empty_listings: 1, ..small_pages() }, "it was empty"),
    ] {
        let (_, actual) = read(50, habits.clone()).await;
        assert_eq!((actual.accounts.len(), actual.completeness), (50, Completeness::Complete), "{habits:?}");

        let twice = Habits {
            restless_listings: habits.restless_listings * 2,
            short_listings: habits.short_listings * 2,
            empty_listings: 0,
            ..habits
        };
        if twice.restless_listings + twice.short_listings > 0 {
            let (_, actual) = read(50, twice).await;
            let Completeness::Partial { why } = &actual.completeness else { panic!("{odd}") };
            let why = rosterctl::report::sentences::partial(why);
            assert!(why.contains(odd), "{why}");
        }
    }
    let (_, actual) = read(0, Habits::default()).await;
    assert_eq!(actual.completeness, Completeness::Complete, "empty twice is empty");
    let (_, actual) = read(50, Habits { short_listings: 1, empty_from: Some(2), ..small_pages() }).await;
    assert!(matches!(actual.completeness, Completeness::Partial { .. }), "somebody, then nobody");
}

#[tokio::test]
async fn a_broken_configuration_document_switches_nothing_off() {
    for config in ["", "no json at all", r#"{"bulk":{"supported":false}}"#, r#"{"patch":{"supported":"true"},"etag":null}"#] {
        let lousy = Lousy::with(3, Habits { config: Some(config), ..Habits::default() });
        let directory = lousy.connect().await.unwrap();
        assert!(directory.capabilities().patch, "{config}");
        directory.read().await.unwrap();
        if !config.contains("patch") {
            assert!(!directory.warnings().is_empty(), "{config}");
        }
    }
    let lousy = Lousy::with(3, Habits { no_resource_types: true, pages_of_html: true, ..Habits::default() });
    let directory = lousy.connect().await.unwrap();
    assert!(directory.warnings().contains(&ServerWarning::NoResourceTypes), "{:?}", directory.warnings());
    let offered = directory.capabilities();
    assert!(!offered.clinics && !offered.roles && !offered.practice_extension);
}

/// Applies changes to a server and returns the outcomes.
pub(crate) async fn run(lousy: &Lousy, changes: impl FnOnce(&Actual) -> Vec<Step>) -> (WorkspaceReceipt, Actual) {
    let directory = lousy.connect().await.unwrap();
    run_with(&directory, changes).await
}

/// Makes one change after the other, for servers that count their requests: parallel ones would arrive in any order.
pub(crate) async fn run_in_order(lousy: &Lousy, changes: impl FnOnce(&Actual) -> Vec<Step>) -> (WorkspaceReceipt, Actual) {
    let directory = lousy.connect().await.unwrap();
    run_at_most(&directory, NonZeroUsize::MIN, changes).await
}

pub(crate) async fn run_with<T: Transport>(
    directory: &ScimDirectory<T>,
    changes: impl FnOnce(&Actual) -> Vec<Step>,
) -> (WorkspaceReceipt, Actual) {
    run_at_most(directory, NonZeroUsize::new(8).unwrap(), changes).await
}

async fn run_at_most<T: Transport>(
    directory: &ScimDirectory<T>,
    parallelism: NonZeroUsize,
    changes: impl FnOnce(&Actual) -> Vec<Step>,
) -> (WorkspaceReceipt, Actual) {
    let actual = directory.read().await.unwrap();
    let approved = approved(changes(&actual), &actual);
    let options = Options { parallelism, sleep: Box::new(|_| Box::pin(async {})), ..options(&approved) };
    let receipt = apply(&approved, directory, &options, &mut Journal::to(io::sink(), ""), &Quiet, &going_on()).await;
    (receipt, directory.read().await.unwrap())
}

pub(crate) fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// A change of the n-th user of the server.
pub(crate) fn of(actual: &Actual, n: usize, change: AccountChange) -> Step {
    let account = actual.accounts.iter().find(|a| a.email == email(n)).unwrap();
    let stage = if change == AccountChange::Inactivate { Stage::Risk } else { Stage::Access };
    to(account, change, stage)
}

/// Somebody new, a new name, a title that goes, somebody who leaves and somebody who stays.
fn a_bit_of_everything(actual: &Actual) -> Vec<Step> {
    let newcomer = set(set(invite(90), Field::FirstName, Value::Unset, text("Kim")), Field::LastName, Value::Unset, text("Park"));
    vec![
        of(actual, 2, AccountChange::Inactivate),
        newcomer,
        set(of(actual, 0, update()), Field::LastName, text("Ruiz"), text("Stone")),
        set(of(actual, 1, update()), Field::Title, text("MD"), Value::Unset),
        set(of(actual, 0, update()), Field::Title, text("MD"), text("RN")),
    ]
}

#[tokio::test]
async fn whatever_a_server_answers_with_the_same_things_are_stored() {
    let habits = [
        Habits::default(),
        Habits { no_body_after_writes: true, ..Habits::default() },
        Habits { no_versions: true, ..Habits::default() },
        Habits { no_versions: true, no_body_after_writes: true, ..Habits::default() },
        Habits { no_paths: true, ..Habits::default() },
        Habits { no_paths: true, no_paths_with: Some((400, "")), ..Habits::default() },
        Habits { no_paths: true, no_paths_with: Some((400, "invalidSyntax")), ..Habits::default() },
        Habits { no_paths: true, no_paths_with: Some((501, "")), no_versions: true, ..Habits::default() },
        Habits { no_paths: true, pages_of_html: true, ..Habits::default() },
        Habits { no_patch: true, ..Habits::default() },
        Habits { no_patch: true, config: Some(""), ..Habits::default() },
        Habits { no_patch: true, no_versions: true, no_body_after_writes: true, ..Habits::default() },
        Habits { numbers_as_ids: true, ..Habits::default() },
        Habits { config: Some(r#"{"bulk":{}}"#), no_resource_types: true, ..Habits::default() },
    ];
    for habits in habits {
        let lousy = Lousy::with(5, habits.clone());
        let (receipt, end) = run(&lousy, a_bit_of_everything).await;
        assert!(receipt.records.iter().all(is_done), "{habits:?}: {:?}", receipt.records);
        let by = |n: usize| end.accounts.iter().find(|a| a.email == email(n)).unwrap_or_else(|| panic!("{habits:?}"));
        assert_eq!(by(0).fields.text(Field::LastName), Some("Stone"), "{habits:?}");
        assert_eq!(by(0).fields.text(Field::FirstName), Some("Ana"), "{habits:?}: what is not managed stays");
        assert_eq!(by(0).fields.text(Field::Title), Some("RN"), "{habits:?}");
        assert_eq!(by(1).fields.text(Field::Title), None, "{habits:?}");
        assert!(by(2).state.inactive, "{habits:?}");
        assert_eq!((by(90).fields.text(Field::FirstName), by(90).state.inactive), (Some("Kim"), false), "{habits:?}");
        assert_eq!(end.accounts.len(), 6, "{habits:?}");
    }
}

#[tokio::test]
async fn a_value_that_a_server_drops_silently_is_a_failure_of_that_change() {
    let lousy = Lousy::with(3, Habits { drops: Some("title"), ..Habits::default() });
    let (receipt, _) = run(&lousy, |actual| {
        vec![
            set(of(actual, 0, update()), Field::Title, Value::Unset, text("RN")),
            set(of(actual, 1, update()), Field::LastName, text("Ruiz"), text("Stone")),
        ]
    })
    .await;
    let OpOutcome::Failed(why) = &receipt.records[0].outcome else { panic!("{:?}", receipt.records) };
    assert_eq!(sentences::failure(why), "the server did not store title, although it reported success");
    assert!(is_done(&receipt.records[1]));
}

#[tokio::test]
async fn a_write_from_an_old_version_is_never_made_with_or_without_entity_tags() {
    // A13, A15
    let unannounced = Some(r#"{"patch":{"supported":true},"etag":{"supported":false}}"#);
    for habits in [
        Habits::default(),
        Habits { no_versions: true, ..Habits::default() },
        Habits { no_patch: true, ..Habits::default() },
        Habits { one_version: true, config: unannounced, ..Habits::default() },
    ] {
        let lousy = Lousy::with(3, habits.clone());
        let server = lousy.clone();
        let (receipt, end) = run(&lousy, move |actual| {
            let mut inner = server.lock();
            let mut user = inner.users[0].clone();
            user.insert("title".to_owned(), serde_json::json!("Boss"));
            inner.store(user, Some(0));
            vec![set(of(actual, 0, update()), Field::LastName, text("Ruiz"), text("Stone"))]
        })
        .await;
        assert!(matches!(receipt.records[0].outcome, OpOutcome::Drifted(_)), "{habits:?}: {:?}", receipt.records);
        let account = end.accounts.iter().find(|a| a.email == email(0)).unwrap();
        assert_eq!((account.fields.text(Field::LastName), account.fields.text(Field::Title)), (Some("Ruiz"), Some("Boss")));
    }
}

#[tokio::test]
async fn errors_are_understood_as_html_with_numbers_and_without_a_kind() {
    for habits in [Habits { pages_of_html: true, ..Habits::default() }, Habits { status_as_number: true, ..Habits::default() }] {
        let lousy = Lousy::with(3, habits);
        let (receipt, _) = run(&lousy, |actual| {
            let mut gone = set(of(actual, 0, update()), Field::Title, text("MD"), text("RN"));
            let Change::Account { target, .. } = &mut gone.change else { panic!("an update of an account") };
            target.id = RemoteId("nobody".to_owned());
            vec![gone]
        })
        .await;
        assert_eq!(receipt.records[0].outcome, OpOutcome::Drifted(Drift::Gone));
    }
}

#[tokio::test]
async fn an_account_that_appeared_meanwhile_counts_only_if_it_matches_exactly() {
    let everybody = [
        Habits::default(),
        Habits { no_search: true, ..Habits::default() },
        Habits { filter_finds_everybody: true, ..Habits::default() },
        Habits { filter_finds_nobody: true, ..Habits::default() },
    ];
    for habits in everybody {
        for (name, same) in [("Ruiz", true), ("Other", false)] {
            let lousy = Lousy::with(3, habits.clone());
            let (receipt, end) = run(&lousy, |_| {
                let with_first = set(invite(1), Field::FirstName, Value::Unset, text("Ana"));
                vec![set(with_first, Field::LastName, Value::Unset, text(name))]
            })
            .await;
            let outcome = &receipt.records[0].outcome;
            match outcome {
                OpOutcome::AlreadyDone => assert!(same, "{habits:?}"),
                OpOutcome::Drifted(drift) => assert_eq!((same, drift), (false, &Drift::Appeared), "{habits:?}"),
                OpOutcome::Done { .. }
                | OpOutcome::Partly { .. }
                | OpOutcome::Handoff(_)
                | OpOutcome::Failed(_)
                | OpOutcome::NotTried(_) => {
                    panic!("{habits:?}: {outcome:?}")
                }
            }
            assert_eq!(end.accounts.len(), 3, "nobody twice");
        }
    }
}

/// Loses some answers after the server has acted.
struct Forgetful {
    inner: InProcess,
    /// Every so-manieth write's answer arrives.
    arrives: usize,
    writes: AtomicUsize,
}

impl Transport for Forgetful {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        let is_write = request.method() != http::Method::GET && !request.uri().path().contains(".search");
        let answer = self.inner.send(request).await?;
        if is_write && !(self.writes.fetch_add(1, Ordering::SeqCst) + 1).is_multiple_of(self.arrives) {
            return Err(TransportError::Network(NetworkError::InProcess { source_text: "connection reset".to_owned() }));
        }
        Ok(answer)
    }
}

#[tokio::test]
async fn a_lost_answer_leaves_one_effect_even_where_the_server_knows_no_keys() {
    // A7, on a server that ignores Idempotency-Key
    for habits in [Habits::default(), Habits { no_versions: true, ..Habits::default() }] {
        let lousy = Lousy::with(5, habits.clone());
        let transport = Forgetful { inner: lousy.transport(), arrives: 3, writes: AtomicUsize::new(0) };
        let directory = ScimDirectory::connect(transport, server()).await.unwrap();
        let (receipt, end) = run_with(&directory, a_bit_of_everything).await;
        assert!(receipt.records.iter().all(is_done), "{habits:?}: {:?}", receipt.records);
        assert_eq!(end.accounts.len(), 6, "{habits:?}: nobody twice");
    }
}

#[tokio::test]
async fn a_server_that_stores_and_says_it_failed_gets_nobody_twice() {
    // A7
    let searches = [
        Habits::default(),
        Habits { no_search: true, ..Habits::default() },
        Habits { filter_finds_nobody: true, ..Habits::default() },
        Habits { filter_finds_everybody: true, ..Habits::default() },
    ];
    for habits in searches {
        let lousy = Lousy::with(3, Habits { failing_posts: 5, ..habits });
        let (receipt, end) = run(&lousy, |_| {
            let named = set(invite(90), Field::FirstName, Value::Unset, text("Kim"));
            vec![set(named, Field::LastName, Value::Unset, text("Park"))]
        })
        .await;
        assert!(is_done(&receipt.records[0]), "{:?}", receipt.records);
        assert_eq!((receipt.records[0].attempts, end.accounts.len()), (2, 4), "looked up, not sent again");
    }
}

#[tokio::test]
async fn nobody_is_created_again_while_it_is_unknown_whether_they_were_created() {
    // A1, rule 7 of the core: the post is answered 500, the filter finds nobody, and the list ends early from then on
    let habits = Habits { failing_posts: 5, filter_finds_nobody: true, short_from: Some(2), ..Habits::default() };
    let lousy = Lousy::with(4, habits);
    let directory = lousy.connect().await.unwrap();
    let (receipt, _) = run_with(&directory, |_| vec![invite(90)]).await;
    assert!(
        matches!(&receipt.records[0].outcome, OpOutcome::Failed(why) if sentences::failure(why).contains("cannot find out")),
        "{:?}",
        receipt.records
    );
    assert_eq!(lousy.lock().users.len(), 5, "posted once");
}

#[tokio::test]
async fn a_second_list_with_fewer_users_is_not_trusted() {
    // rule 7 of the core
    let (_, actual) = read(8, Habits { short_listings: 1, truncated_from: Some(2), ..Habits::default() }).await;
    assert!(
        matches!(&actual.completeness, Completeness::Partial { why: PartialCause::Odd { second: SecondRead::SmallerTotal { .. }, .. } }),
        "{:?}",
        actual.completeness
    );
}

#[tokio::test]
async fn a_dead_server_gets_five_requests_for_a_change_at_most() {
    // A8
    for (habits, change) in
        [(Habits { no_versions: true, ..Habits::default() }, None), (Habits::default(), None), (Habits::default(), Some(invite(90)))]
    {
        let lousy = Lousy::with(3, habits.clone());
        let directory = lousy.connect().await.unwrap();
        let actual = directory.read().await.unwrap();
        let change = change.unwrap_or_else(|| of(&actual, 1, AccountChange::Inactivate));
        let approved = approved(vec![change], &actual);
        lousy.lock().habits.dead = true;
        lousy.lock().requests.clear();
        let options = Options { sleep: Box::new(|_| Box::pin(async {})), ..options(&approved) };
        apply(&approved, &directory, &options, &mut Journal::to(io::sink(), ""), &Quiet, &going_on()).await;
        let requests = lousy.lock().requests.clone();
        assert!((1..=5).contains(&requests.len()), "{habits:?}: {requests:?}");
    }
}

#[tokio::test]
async fn a_server_that_deletes_instead_of_inactivating_causes_a_warning() {
    let lousy = Lousy::with(3, Habits { deletes_the_inactive: true, no_body_after_writes: true, ..Habits::default() });
    let directory = lousy.connect().await.unwrap();
    let (receipt, end) = run_with(&directory, |actual| vec![of(actual, 1, AccountChange::Inactivate)]).await;
    assert!(is_done(&receipt.records[0]), "{:?}", receipt.records);
    assert_eq!(end.accounts.len(), 2);
    assert_eq!(directory.warnings(), [ServerWarning::Deleted { email: email(1) }]);
}

#[tokio::test]
async fn nothing_but_reading_happens_while_reading() {
    // rule 1 of the core
    let (lousy, _) = read(20, Habits::default()).await;
    assert_eq!(lousy.writes(), [] as [&str; 0]);
}

#[tokio::test]
async fn twelve_thousand_users_are_read_in_four_dozen_pages() {
    let (lousy, actual) = read(12_000, Habits::default()).await;
    assert_eq!(actual.accounts.len(), 12_000);
    assert_eq!(listings(&lousy), 48);
}

#[tokio::test]
async fn a_listing_without_an_end_is_not_followed() {
    for (habits, most) in [
        (Habits { endless: true, cursors: true, ..Habits::default() }, 100),
        (Habits { endless: true, no_total: true, cursors: true, empty_from: Some(0), ..Habits::default() }, 60),
    ] {
        let lousy = Lousy::with(3, habits.clone());
        let error = lousy.connect().await.unwrap().read().await.unwrap_err();
        assert!(error.to_string().contains("/Users does not end"), "{error}");
        assert!(listings(&lousy) <= most, "{habits:?}: {}", listings(&lousy));
    }
}

#[tokio::test]
async fn a_server_that_fails_to_say_whose_token_it_is_is_warned_of() {
    let lousy = Lousy::with(3, Habits { no_me: Some(500), ..Habits::default() });
    let directory = lousy.connect().await.unwrap();
    assert_eq!(directory.read().await.unwrap().token_owner, None);
    assert!(directory.warnings().iter().any(|warning| server_warning(warning).contains("/Me")), "{:?}", directory.warnings());
    let lousy = Lousy::with(3, Habits::default());
    let directory = lousy.connect().await.unwrap();
    directory.read().await.unwrap();
    assert_eq!(directory.warnings(), [], "a server without /Me is none to warn of");
}

/// Answers every request with one status.
struct Always(u16);

impl Transport for Always {
    async fn send(&self, _: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        Ok(http::Response::builder().status(self.0).body(Bytes::new()).unwrap())
    }
}

#[tokio::test]
async fn a_status_is_what_decides_how_a_failure_is_met() {
    // A8
    for status in [400, 401, 403, 404, 409, 412, 422, 429, 500, 502, 503, 504] {
        let connected = ScimDirectory::connect(Always(status), server()).await;
        let error = match connected {
            Err(error) => error,
            Ok(directory) => directory.read().await.unwrap_err(),
        };
        let retryable = matches!(status, 429 | 500..);
        assert_eq!(error.is_retryable(), retryable, "{status}: {error}");
        assert_eq!(matches!(error, DirectoryError::Auth { .. }), matches!(status, 401 | 403), "{status}: {error}");
        assert_eq!(matches!(error, DirectoryError::Stale(_)), status == 412, "{status}");
    }
}

#[tokio::test]
async fn a_plan_that_needs_an_id_it_does_not_have_sends_nothing() {
    let lousy = Lousy::with(1, Habits::default());
    let directory = lousy.connect().await.unwrap();
    let actual = directory.read().await.unwrap();
    let stray = passcode_for_new(0);
    let approved = approved(vec![stray.clone()], &actual);
    let options = options(&approved);
    let context = rosterctl::directory::WriteContext {
        id: None,
        fingerprint: None,
        idempotency_key: "0".repeat(64),
        tried: 0,
        is_put_off: false,
        provenance: &options.provenance,
        confirm_phone: None,
        initial_password: None,
        code_word: None,
        attempts: rosterctl::directory::Attempts::at_most(5),
        failed: 0,
    };
    assert!(matches!(directory.write(&stray.change, &context).await, Err(DirectoryError::Protocol { .. })));
    assert!(lousy.writes().is_empty());
}

/// Every way in which a change of attributes can reach a server.
fn ways_to_write() -> [Habits; 5] {
    [
        Habits::default(),
        Habits { no_versions: true, ..Habits::default() },
        Habits { no_paths: true, ..Habits::default() },
        Habits { no_patch: true, ..Habits::default() },
        Habits { no_body_after_writes: true, ..Habits::default() },
    ]
}

/// A person with a name and an address in every place that has room for them.
fn give_every_name(lousy: &Lousy) {
    let emails = json!([{ "value": "user000@glow.example", "type": "work", "primary": true }, { "value": "own@mail.example" }]);
    let name = json!({ "givenName": "Ana", "familyName": "Ruiz", "formatted": "Ana Ruiz" });
    lousy.give("user000@glow.example", &json!({ "emails": emails, "name": name, "displayName": "Ruiz, Ana", "nickName": "Annie" }));
}

fn marry(actual: &Actual) -> Vec<Step> {
    let address = |n: usize| text(email(n).as_str());
    let moved = set(of(actual, 0, update()), Field::Email, address(0), address(90));
    vec![set(moved, Field::LastName, text("Ruiz"), text("Stone"))]
}

#[tokio::test]
async fn a_new_name_and_address_reach_every_attribute_that_repeats_them() {
    for habits in ways_to_write() {
        let lousy = Lousy::with(2, habits.clone());
        give_every_name(&lousy);
        let (receipt, _) = run(&lousy, marry).await;
        assert!(is_done(&receipt.records[0]), "{habits:?}: {:?}", receipt.records);
        let user = lousy.user("user090@glow.example").unwrap();
        let name = json!({ "givenName": "Ana", "familyName": "Stone", "formatted": "Ana Stone" });
        let emails = json!([{ "value": "user090@glow.example", "type": "work", "primary": true }, { "value": "own@mail.example" }]);
        assert_eq!((&user["name"], &user["emails"]), (&name, &emails), "{habits:?}");
        assert_eq!((&user["displayName"], &user["nickName"]), (&json!("Stone, Ana"), &json!("Annie")), "{habits:?}");
    }
}

#[tokio::test]
async fn attributes_that_keep_the_old_name_after_a_rename_are_reported() {
    let lousy = Lousy::with(2, Habits { frozen: Some("emails"), ..Habits::default() });
    give_every_name(&lousy);
    lousy.give("user000@glow.example", &json!({ "displayName": "Doctor A" }));
    let (receipt, _) = run(&lousy, marry).await;
    let OpOutcome::Partly { rest, .. } = &receipt.records[0].outcome else { panic!("{:?}", receipt.records) };
    assert_eq!((rest.not_stored.join(" "), rest.stayed.join(" ")), ("emails".to_owned(), "displayName".to_owned()));
}

#[tokio::test]
async fn numbers_that_stay_keep_their_type_and_the_cell_phone_stays_the_cell_phone() {
    for habits in ways_to_write() {
        let lousy = Lousy::with(2, habits.clone());
        let work = json!({ "value": "+1 602 555 0100", "type": "work" });
        let cell = json!({ "value": "+16025550101", "type": "mobile" });
        lousy.give("user000@glow.example", &json!({ "phoneNumbers": [work, cell, { "value": "+16025550109", "type": "fax" }] }));
        let numbers = |numbers: &[&str]| Value::List(numbers.iter().map(|n| (*n).to_owned()).collect());
        let (receipt, end) = run(&lousy, |actual| {
            let after = numbers(&["+16025550101", "+16025550100", "+16025550102", "+16025550103"]);
            vec![set(of(actual, 0, update()), Field::Phones, numbers(&["+16025550101"]), after)]
        })
        .await;
        assert!(is_done(&receipt.records[0]), "{habits:?}: {:?}", receipt.records);
        let held = lousy.user("user000@glow.example").unwrap()["phoneNumbers"].clone();
        assert_eq!(held, json!([work, cell, { "value": "+16025550102" }, { "value": "+16025550103" }]), "{habits:?}");
        let read = end.accounts.iter().find(|a| a.email == email(0)).unwrap().fields.value(Field::Phones);
        assert_eq!(read, numbers(&["+16025550101", "+16025550100", "+16025550102", "+16025550103"]));
    }
}

// Rules 3 and 6 of the core: some servers add to a list where they are asked to replace it.
#[tokio::test]
async fn an_old_value_that_a_server_keeps_beside_the_new_one_is_removed_or_named() {
    for (no_removal, no_put) in [(false, true), (true, false), (false, false), (true, true)] {
        for no_versions in [false, true] {
            let way = format!("removal {}, PUT {}, versions {}", !no_removal, !no_put, !no_versions);
            let lousy = Lousy::with(1, Habits { appends: true, no_removal, no_put, no_versions, ..Habits::default() });
            let desk = json!({ "value": "+16025550109", "type": "work" });
            let phones = json!([{ "value": "+16025550101", "type": "mobile" }, desk]);
            let emails = json!([{ "value": "user000@glow.example", "type": "work" }]);
            lousy.give("user000@glow.example", &json!({ "phoneNumbers": phones, "emails": emails, "roles": [{ "value": "old" }] }));
            let numbers = |numbers: &[&str]| Value::List(numbers.iter().map(|n| (*n).to_owned()).collect());
            let (receipt, _) = run(&lousy, |actual| {
                let moved = set(of(actual, 0, update()), Field::Email, text("user000@glow.example"), text("user090@glow.example"));
                let given = set(moved, Field::Role, text("old"), text("new"));
                let phones = (numbers(&["+16025550101", "+16025550109"]), numbers(&["+16025550102", "+16025550109"]));
                vec![set(given, Field::Phones, phones.0, phones.1)]
            })
            .await;
            let user = lousy.user("user090@glow.example").unwrap();
            let values = |name: &str| user[name].as_array().unwrap().iter().map(|one| one["value"].as_str().unwrap()).collect::<Vec<_>>();
            let stays = no_removal && no_put;
            let OpOutcome::Partly { rest, .. } = &receipt.records[0].outcome else {
                assert!(is_done(&receipt.records[0]) && !stays, "{way}: {:?}", receipt.records);
                assert_eq!((values("emails"), values("roles")), (vec!["user090@glow.example"], vec!["new"]), "{way}");
                let mut phones = values("phoneNumbers");
                phones.sort_unstable();
                assert_eq!(phones, ["+16025550102", "+16025550109"], "{way}");
                assert!(user["phoneNumbers"].as_array().unwrap().contains(&desk), "{way}: what stays keeps its type");
                continue;
            };
            let still = |key: &str, value: &str| KeptForm { key: key.to_owned(), value: value.to_owned() };
            let still = [still("email", "user000@glow.example"), still("phones", "+16025550101"), still("role", "old")];
            assert!(stays && rest.not_stored.is_empty() && rest.still_there == still, "{way}: {rest:?}");
            assert!(receipt.records[0].attempts <= 5 && !receipt.converged, "{way}: {receipt:?}");
        }
    }
}
