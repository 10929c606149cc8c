//! The texts that people see of plans and receipts.

use crate::bless;
use crate::report_plans::{
    email, empty_plan, field, full_plan, people, receipt, roster, set, step, stopped, text, update, user, workspace,
};
use rosterctl::model::{
    AccountChange, Action, AddressError, Change, ChangeFailure, CodeWordFault, Field, GivenUp, Left, ListEnd, MissingSecret, NamesakeFate,
    NetworkError, NewAccount, NoLongerPlanned, NotReady, NotTried, Notice, NoticeCause, OpOutcome, OpRecord, PlatformId, ProtocolError,
    Reason, Receipt, RefusalCause, RemoteId, Rest, RosterPlan, SeatLine, SecretError, SecretOrigin, SecretPurpose, ServerError, Stale,
    Step, Subject, Unconfirmed, UnreadCause, Withheld, WorkspaceError,
};
use rosterctl::report::saved::{self, Saved, Unreadable};
use sha2::{Digest as _, Sha256};

use rosterctl::report::{Format, People, PlanView, Unread, Width, show_plan, show_receipt};

const TEXT: Format = Format::Text { color: false, width: Width::OF_FILES };

fn shown(plan: &RosterPlan, form: Format) -> String {
    show_plan(&PlanView { plan, people: &people(), unread: &[] }, form)
}

#[test]
fn a_plan_reads_risk_first_and_then_by_person() {
    bless::compare("records/recorded/plan_text.txt", &shown(&roster(vec![workspace(full_plan())]), TEXT));
}

#[test]
fn a_plan_for_a_pull_request_is_markdown() {
    bless::compare("records/recorded/plan_markdown.txt", &shown(&roster(vec![workspace(full_plan())]), Format::Markdown));
}

#[test]
fn a_stopped_plan_says_what_to_do_and_gives_the_waiver_to_paste() {
    let text = shown(&roster(vec![stopped(full_plan())]), TEXT);
    bless::compare("records/recorded/plan_stopped.txt", text.split("Look at these first").next().unwrap());
    let waiver = text.lines().find(|line| line.contains("- { workspace")).unwrap();
    let read: Vec<std::collections::BTreeMap<String, String>> = serde_yaml::from_str(waiver.trim()).unwrap();
    assert_eq!(read[0]["plan"], "7".repeat(12));
    assert_eq!(read[0]["guard"], "removals");
    assert_eq!(text.matches("- { workspace").count(), 1, "a guard that no waiver lifts gets none");
}

#[test]
fn a_plan_without_changes_says_so() {
    let text = shown(&roster(vec![workspace(empty_plan("lakeside", "telus-chr"))]), TEXT);
    assert!(text.contains("No changes. 8 users already match."), "{text}");
}

#[test]
fn a_receipt_names_what_was_not_done_before_what_was() {
    bless::compare("records/recorded/receipt_text.txt", &show_receipt(&receipt(), &people(), TEXT));
}

#[test]
fn a_workspace_is_said_to_match_only_where_the_list_after_the_run_shows_it() {
    let mut receipt = receipt();
    assert!(!show_receipt(&receipt, &people(), TEXT).to_lowercase().contains(": matches the roster"));
    receipt.workspaces[0].converged = true;
    receipt.workspaces[0].left.clear();
    assert!(show_receipt(&receipt, &people(), TEXT).contains("glow-medspa: matches the roster, except for 1 refusal"));
}

#[test]
fn a_price_that_is_not_given_is_never_guessed() {
    // X-8, CHR-3
    let mut plan = empty_plan("lakeside", "telus-chr");
    plan.bill.lines = vec![SeatLine { kind: "practitioner".to_owned(), before: 1, after: 2, added: 1, price_cents: None, assumed: false }];
    let text = shown(&roster(vec![workspace(plan)]), TEXT);
    assert!(text.contains("2 seats (was 1); no price is set"), "{text}");
    assert!(!text.contains("USD"), "{text}");
}

#[test]
fn one_seat_out_and_one_in_shows_before_after_and_what_is_new() {
    // X-8
    let mut plan = empty_plan("lakeside", "telus-chr");
    plan.bill.lines = vec![SeatLine { kind: "staff".to_owned(), before: 3, after: 3, added: 1, price_cents: None, assumed: false }];
    let plan = roster(vec![workspace(plan)]);
    let text = shown(&plan, TEXT);
    assert!(text.contains("3 seats (was 3), 1 new; no price is set"), "{text}");
    let json: serde_json::Value = serde_json::from_str(&shown(&plan, Format::Json)).unwrap();
    assert_eq!(json["workspaces"][0]["bill"]["seats"][0]["added"], 1);
}

#[test]
fn a_role_that_is_written_again_is_said_to_be_reapplied() {
    // AR-6: the holder keeps an older set of the same role
    let mut plan = empty_plan("glow", "aesthetic-record");
    let again = update(vec![field(Field::Role, text("lead"), text("lead"))]);
    plan.changes = vec![user("jo@glow.example", again, Reason::FieldsDiffer { fields: [].into(), role_again: true })];
    let text = shown(&roster(vec![workspace(plan)]), TEXT);
    assert!(text.contains("role  lead applied again") && !text.contains('→'), "{text}");
}

#[test]
fn labels_are_the_keys_of_the_platforms_yaml() {
    // CHR-2: the role is written `type` there
    let mut plan = empty_plan("lakeside", "telus-chr");
    let update = update(vec![field(Field::Role, text("staff"), text("practitioner"))]);
    plan.changes = vec![user("jo@lakeside.example", update, Reason::FieldsDiffer { fields: [Field::Role].into(), role_again: false })];
    let plan = roster(vec![workspace(plan)]);
    assert!(shown(&plan, TEXT).contains("type  staff → practitioner"));
    let json: serde_json::Value = serde_json::from_str(&shown(&plan, Format::Json)).unwrap();
    assert_eq!(json["workspaces"][0]["changes"][0]["fields"][0]["field"], "type");
}

#[test]
fn json_has_the_promised_shape() {
    let plan = roster(vec![workspace(full_plan())]);
    let unread = [Unread { workspace: "lakeside".to_owned(), why: not_read() }];
    let text = show_plan(&PlanView { plan: &plan, people: &people(), unread: &unread }, Format::Json);
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(json["format"], 2);
    assert_eq!(json["summary"]["create"], 1);
    assert_eq!(json["summary"]["actions"].as_object().unwrap().len(), Action::ALL.len());
    let changes = json["workspaces"][0]["changes"].as_array().unwrap();
    assert_eq!(changes[0]["user"], "kim.park@glow.example");
    assert_eq!(changes[2]["user"], serde_json::Value::Null);
    assert_eq!(changes[2]["subject"], serde_json::json!({ "kind": "clinic", "key": "uptown" }));
    assert_eq!(changes[4]["effective"]["lost"], serde_json::json!(["check-in-patients", "view-reports"]));
    assert_eq!(json["unread"][0]["workspace"], "lakeside");
    let said = "connection.scim.token: the environment variable `TOKEN` is not set: set it to the secret's value";
    assert_eq!(json["unread"][0]["error"], said);
    fits("plan.schema.json", &json);
    let json: serde_json::Value = serde_json::from_str(&show_receipt(&receipt(), &people(), Format::Json)).unwrap();
    assert_eq!(json["summary"]["not_tried"], 1);
    fits("receipt.schema.json", &json);
}

fn not_read() -> UnreadCause {
    UnreadCause::NotRead(NotReady::Token(SecretError::NotSet { variable: "TOKEN".to_owned() }))
}

fn unanswered(text: &str) -> UnreadCause {
    let (server, source_text) = ("https://scim.example".to_owned(), text.to_owned());
    UnreadCause::NotRead(NotReady::Server(ServerError::NoAnswer(NetworkError::Lost { server, source_text })))
}

pub(crate) fn fits(name: &str, document: &serde_json::Value) {
    let schema = std::fs::read_to_string(format!("schemas/{name}")).unwrap();
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let errors: Vec<String> = validator.iter_errors(document).map(|e| e.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
}

/// Each place below a value where an object has a member, as a JSON pointer to the object with the member's name.
fn members(value: &serde_json::Value, at: &str, found: &mut Vec<(String, String)>) {
    for (key, inner) in value.as_object().into_iter().flatten() {
        found.push((at.to_owned(), key.clone()));
        members(inner, &format!("{at}/{key}"), found);
    }
    for (i, inner) in value.as_array().into_iter().flatten().enumerate() {
        members(inner, &format!("{at}/{i}"), found);
    }
}

#[test]
fn the_typed_part_of_a_plan_is_described_by_the_schema() {
    let plan = roster(vec![workspace(full_plan())]);
    let unread = [Unread { workspace: "lakeside".to_owned(), why: not_read() }];
    let text = show_plan(&PlanView { plan: &plan, people: &people(), unread: &unread }, Format::Json);
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    fits("plan.schema.json", &document);
    let schema = std::fs::read_to_string("schemas/plan.schema.json").unwrap();
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let (mut all, mut unnoticed, mut optional) = (Vec::new(), Vec::new(), 0);
    for typed in ["/workspaces/0/exact", "/unread/0/exact"] {
        members(document.pointer(typed).unwrap(), typed, &mut all);
    }
    assert!(all.len() >= 100, "{} members", all.len());
    let fits_if = |at: &str, change: &dyn Fn(&mut serde_json::Map<String, serde_json::Value>)| {
        let mut changed = document.clone();
        change(changed.pointer_mut(at).unwrap().as_object_mut().unwrap());
        validator.is_valid(&changed)
    };
    for (at, key) in &all {
        // Some members can be absent; then another name is only one more member.
        let can_be_absent = fits_if(at, &|object| drop(object.remove(key)));
        let renamed = fits_if(at, &|object| {
            let value = object.remove(key).unwrap();
            object.insert(format!("{key}-of-another-version"), value);
        });
        let of_another_kind = fits_if(at, &|object| drop(object.insert(key.clone(), serde_json::json!([[["another kind"]]]))));
        optional += usize::from(can_be_absent);
        if (renamed && !can_be_absent) || of_another_kind {
            unnoticed.push(format!("{at}/{key}"));
        }
    }
    assert!(unnoticed.is_empty(), "another name or kind of these still fits the schema: {unnoticed:#?}");
    assert!(optional * 10 < all.len(), "{optional} of {} members can be absent", all.len());
    for (at, other) in [
        ("/workspaces/0/exact/changes/0/stage", serde_json::json!("another-stage")),
        ("/workspaces/0/exact/changes/0/change", serde_json::json!("another-change")),
        ("/workspaces/0/exact/as_of", serde_json::json!("yesterday")),
        ("/workspaces/0/exact/manage", serde_json::json!("another-word")),
    ] {
        let mut changed = document.clone();
        *changed.pointer_mut(at).unwrap_or_else(|| panic!("no {at} in {text}")) = other;
        assert!(!validator.is_valid(&changed), "{at}");
    }
}

#[test]
fn the_published_schemas_are_those_of_the_types() {
    for (name, text) in rosterctl::report::schemas() {
        let published = std::fs::read_to_string(format!("schemas/{name}")).unwrap_or_default();
        assert!(published == text, "schemas/{name} is stale: run `cargo run -- schema --all schemas`");
    }
}

#[test]
fn hostile_names_reach_no_terminal_and_become_no_markup() {
    // J7
    let hostile = "\u{1b}[2J\u{202e}<img src=x onerror=alert(1)>|`x`|@everyone\r\nGH\u{9b}31m [a](https://evil.example)";
    let mut plan = full_plan();
    for Step { change, .. } in &mut plan.changes {
        let (Change::CreateAccount(NewAccount { fields, .. }) | Change::Account { change: AccountChange::Update { fields, .. }, .. }) =
            change
        else {
            continue;
        };
        for field in fields {
            field.after = if field.after.as_set().is_some() { set(&[hostile]) } else { text(hostile) };
        }
    }
    plan.notices[0].cause = NoticeCause::ClinicNotListed { name: hostile.to_owned() };
    plan.refusals[0].cause = RefusalCause::NoEmployeeWithKey { key: hostile.to_owned() };
    let plan = roster(vec![workspace(plan)]);
    let people: People = serde_json::from_value(serde_json::json!({ "glow-medspa": { "ana.ruiz@glow.example": hostile } })).unwrap();
    for form in [TEXT, Format::Markdown, Format::Json] {
        let shown = show_plan(&PlanView { plan: &plan, people: &people, unread: &[] }, form);
        let bad: Vec<char> = shown.chars().filter(|c| (c.is_control() && *c != '\n') || *c == '\u{202e}').collect();
        assert!(bad.is_empty(), "{form:?}: {bad:?}");
    }
    let markdown = show_plan(&PlanView { plan: &plan, people: &people, unread: &[] }, Format::Markdown);
    let prose: String = markdown.split("```").step_by(2).collect();
    assert!(
        !prose.contains("<img") && !prose.contains(" @everyone") && !prose.contains("|@everyone") && !prose.contains("https://"),
        "{prose}"
    );
}

#[test]
fn color_adds_nothing_but_color() {
    let plan = roster(vec![stopped(full_plan())]);
    let colored = shown(&plan, Format::Text { color: true, width: Width::OF_FILES });
    assert!(colored.contains("\u{1b}["));
    assert_eq!(anstream::adapter::strip_str(&colored).to_string(), shown(&plan, TEXT));
}

#[test]
fn no_line_is_wider_than_a_page_unless_a_word_is() {
    for line in shown(&roster(vec![stopped(full_plan())]), TEXT).lines() {
        assert!(line.chars().count() <= 96 || line.contains("- { workspace"), "{line}");
    }
}

#[test]
fn a_saved_plan_is_read_as_it_was_and_a_damaged_one_is_refused() {
    // A14
    let saved = Saved::Plan {
        plan: roster(vec![stopped(full_plan())]),
        people: people(),
        unread: vec![Unread { workspace: "away".to_owned(), why: unanswered("no \u{202e}answer") }],
    };
    let Saved::Plan { plan, people, unread } = &saved else { unreachable!() };
    let bytes = saved::plan(&PlanView { plan, people, unread }).into_bytes();
    assert_eq!(saved::open(&bytes).unwrap(), saved);
    for end in (0..bytes.len() - 1).step_by(5) {
        assert!(saved::open(&bytes[..end]).is_err(), "cut after {end} bytes");
    }
    for position in (0..bytes.len()).step_by(5) {
        let mut damaged = bytes.clone();
        damaged[position] ^= 1 << (position % 8);
        if let Ok(read) = saved::open(&damaged) {
            assert_eq!(read, saved, "a flip at {position} changed the plan unseen");
        }
    }
    let text = String::from_utf8(bytes).unwrap();
    let later = text.replacen("\"format\": 2", "\"format\": 3", 1);
    assert_eq!(saved::open(later.as_bytes()).unwrap_err(), Unreadable::Newer(3));
    let older = b"{\"format\":1,\"checksum\":\"\",\"content\":{}}";
    assert_eq!(saved::open(older).unwrap_err(), Unreadable::Older(1));
    assert!(Unreadable::Older(1).to_string().contains("older version of rosterctl: plan again"));
    assert_eq!(saved::open(b"{\"format\":1}").unwrap_err(), Unreadable::NotOurs);
}

/// Writes a file anew with the checksum that fits it.
fn sealed_again(text: &str) -> String {
    let (before, rest) = text.split_once("\"checksum\": \"").unwrap();
    let with = |sum: &str| format!("{before}\"checksum\": \"{sum}{}", &rest[64..]);
    with(&data_encoding::HEXLOWER.encode(&Sha256::digest(with(&"0".repeat(64)))))
}

#[test]
fn a_file_whose_checksum_fits_is_not_called_damaged() {
    let (names, plan) = (people(), roster(vec![stopped(full_plan())]));
    let plan = saved::plan(&PlanView { plan: &plan, people: &names, unread: &[] });
    for (text, advice) in [(plan, "plan again"), (saved::receipt(&receipt(), &names), "show it with the version that made it")] {
        assert_eq!(sealed_again(&text), text);
        let other = sealed_again(&text.replacen("\n  \"digest\"", "\n  \"summary\"", 1));
        let why = saved::open(other.as_bytes()).unwrap_err().to_string();
        assert!(why.contains("missing field `digest`") && why.contains(advice) && !why.contains("damaged"), "{why}");
    }
}

/// Receipts in which every cause occurs that has a payload of its own kind.
fn receipts() -> Vec<Receipt> {
    let email = || email("kim.park@glow.example");
    let causes = [
        not_read(),
        unanswered("no answer"),
        UnreadCause::ReadingBroke,
        UnreadCause::NotInPlan(Box::new(unanswered("no \u{202e}answer"))),
        UnreadCause::NotRead(NotReady::Unconfirmed { why: Unconfirmed::Missing(email()), variable: Some("PHONE".to_owned()) }),
        UnreadCause::NotRead(NotReady::Address(AddressError::NotEncrypted { url: "http://scim.example/".to_owned() })),
        UnreadCause::Earlier { said: "the password is not set".to_owned() },
        UnreadCause::Withheld(Withheld::OnlyObserved),
        UnreadCause::Withheld(Withheld::Stale(Stale::TooOld { age: 90_000_000, limit: 86_400_000 })),
        UnreadCause::Withheld(Withheld::NoLongerPlanned {
            what: NoLongerPlanned::Field(Field::Role),
            subject: Subject::User(email()),
            platform: PlatformId("aesthetic-record".to_owned()),
        }),
    ];
    let left_out = Receipt {
        unread: causes.into_iter().enumerate().map(|(at, why)| Unread { workspace: format!("away-{at}"), why }).collect(),
        ..receipt()
    };
    let mut failed = receipt();
    let origin = SecretOrigin::Command("op".to_owned());
    let why = SecretError::CodeWord { origin, fault: CodeWordFault::Unseen('\u{200b}') };
    let missing = MissingSecret { workspace: "glow-medspa".to_owned(), purpose: SecretPurpose::FirstPassword { user: email() }, why };
    let outcomes = [
        OpOutcome::NotTried(NotTried::NoSecret(missing)),
        OpOutcome::Failed(ChangeFailure {
            why: ServerError::Busy { status: 503, said: "closed".to_owned(), pause_seconds: Some(90) },
            given_up: Some(GivenUp::PauseAsked),
            refused: false,
        }),
        OpOutcome::Failed(ChangeFailure {
            why: ServerError::Protocol(ProtocolError::ListGivenUp {
                endpoint: "/Users".to_owned(),
                listed: 9,
                pages: 3,
                why: ListEnd::NobodyNew { pages: 1 },
            }),
            given_up: None,
            refused: false,
        }),
    ];
    failed.workspaces[0].records =
        outcomes.into_iter().enumerate().map(|(change, outcome)| OpRecord { change, outcome, attempts: 1 }).collect();
    failed.workspaces[0].left = vec![Left::NotRead(ServerError::Taken)];
    failed.workspaces[0].error = Some(WorkspaceError::NotStarted(NotReady::Unconfirmed { why: Unconfirmed::Form, variable: None }));
    vec![receipt(), left_out, failed, Receipt { workspaces: Vec::new(), ..receipt() }]
}

#[test]
fn a_saved_receipt_is_what_is_printed_fits_its_schema_and_is_read_as_it_was() {
    for receipt in receipts() {
        let text = saved::receipt(&receipt, &people());
        assert_eq!(text, show_receipt(&receipt, &people(), Format::Json));
        fits("receipt.schema.json", &serde_json::from_str(&text).unwrap());
        assert_eq!(saved::open(text.as_bytes()).unwrap(), Saved::Receipt { receipt, people: people() });
    }
}

#[test]
fn a_saved_receipt_says_of_workspaces_that_were_left_out_what_it_said_before() {
    let text = saved::receipt(&receipts()[1], &people());
    let Saved::Receipt { receipt, people } = saved::open(text.as_bytes()).unwrap() else { panic!("a receipt") };
    let said = show_receipt(&receipt, &people, TEXT);
    assert!(said.contains("away-8: nothing was written: the plan is 25 h old, and the limit is 24 h: plan again"), "{said}");
    let lost = "away-1: not read, so nothing was written: no answer from the server: the connection to https://scim.example was lost";
    assert!(said.split_whitespace().collect::<Vec<_>>().join(" ").contains(lost), "{said}");
}

// No plan brings a receipt back.
#[test]
fn a_receipt_that_cannot_be_read_is_never_answered_with_a_new_plan() {
    let text = saved::receipt(&receipt(), &people());
    let later = text.replacen("\"format\": 3", "\"format\": 4", 1);
    let damaged = text.replacen("glow-medspa", "glow-medspb", 1);
    let cut = &text[..text.len() / 2];
    let earlier = r#"{"format":2,"checksum":"","content":{"receipt":{"format":1,"digest":"","workspaces":[]},"people":{}}}"#;
    for (file, expected) in [
        (later.as_str(), Unreadable::NewerReceipt(4)),
        (damaged.as_str(), Unreadable::DamagedReceipt),
        (cut, Unreadable::DamagedReceipt),
        (earlier, Unreadable::OlderReceipt(2)),
    ] {
        let why = saved::open(file.as_bytes()).unwrap_err();
        assert_eq!(why, expected);
        assert!(!why.to_string().contains("plan again") && !why.to_string().contains("--out"), "{why}");
    }
}

#[test]
fn two_changes_that_may_be_about_one_person_are_side_by_side() {
    let mut plan = empty_plan("glow", "aesthetic-record");
    let new = NewAccount { email: email("kim.chang@glow.example"), fields: Vec::new(), with_password: false };
    plan.changes = vec![
        user("kim.park@glow.example", AccountChange::Inactivate, Reason::NotListed),
        step(Change::CreateAccount(new), Reason::NoAccount),
    ];
    let cause =
        NoticeCause::PerhapsTheSame { other: email("kim.park@glow.example"), phone: true, is_like: false, fate: NamesakeFate::LosesAccess };
    plan.notices = vec![Notice { subject: Subject::User(email("kim.chang@glow.example")), cause }];
    let plan = roster(vec![workspace(plan)]);
    let remedy = "both have the same name and phone: if this is one person with a new address, add `formerly: \
                  [kim.park@glow.example]` to kim.chang@glow.example, and the account is kept";
    for form in [TEXT, Format::Markdown] {
        let shown = shown(&plan, form);
        let at = |text: &str| shown.find(text).unwrap_or_else(|| panic!("{text}: {shown}"));
        let places = [
            "Perhaps one person (1)",
            "inactivate: no longer in the roster",
            "invite: no account yet",
            "both have the same name and phone",
        ];
        assert!(places.map(at).is_sorted(), "{shown}");
        assert!(!shown.contains("Warnings"), "said once: {shown}");
    }
    let json: serde_json::Value = serde_json::from_str(&shown(&plan, Format::Json)).unwrap();
    let pair = serde_json::json!([{
        "leaves": "kim.park@glow.example", "joins": "kim.chang@glow.example",
        "same": ["name", "phone"], "changes": [0, 1], "remedy": remedy,
    }]);
    assert_eq!(json["workspaces"][0]["perhaps_one_person"], pair);
}

#[test]
fn a_change_that_was_made_in_part_is_not_all_that_was_approved() {
    let mut receipt = receipt();
    let rest = Rest { not_stored: vec!["title".to_owned()], ..Rest::default() };
    let outcome = OpOutcome::Partly { id: RemoteId("u-1".to_owned()), rest: Box::new(rest) };
    receipt.workspaces[0].records = vec![OpRecord { change: 0, outcome, attempts: 1 }];
    let shown = show_receipt(&receipt, &people(), TEXT);
    assert!(shown.contains("does not match the roster yet, 1 change made, 1 of them in part"), "{shown}");
}
