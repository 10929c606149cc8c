//! Plans and receipts made by hand, with something for every section of a report.

use std::collections::{BTreeMap, BTreeSet};

use rosterctl::model::{
    AccountChange, Action, Bill, Block, BlockReason, Change, ChangeFailure, Digest, Drift, Effective, Email, Field, FieldChange,
    Fingerprint, Guards, HandState, Immutable, Left, Manage, NewAccount, NotTried, Notice, NoticeCause, OpOutcome, OpRecord, Plan,
    PlatformId, Reason, Receipt, Refusal, RefusalCause, RemoteId, RemovalLimit, RosterPlan, Scope, SeatLine, ServerError, ServerId, Stage,
    Step, Stop, StopCause, Subject, TakesEffect, Target, Task, TaskKind, Value, WorkspacePlan, WorkspaceReceipt,
};
use rosterctl::report::People;

pub(crate) fn email(text: &str) -> Email {
    Email::parse(text).unwrap()
}

pub(crate) fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

pub(crate) fn set(entries: &[&str]) -> Value {
    Value::Set(words(entries))
}

fn words(entries: &[&str]) -> BTreeSet<String> {
    entries.iter().map(|e| (*e).to_owned()).collect()
}

pub(crate) fn step(change: Change, reason: Reason) -> Step {
    Step { change, reason, stage: Stage::Access, risky: false, after: Vec::new() }
}

pub(crate) fn user(address: &str, change: AccountChange, reason: Reason) -> Step {
    let target = Target { id: RemoteId("u-1".to_owned()), fingerprint: Fingerprint("W/\"1\"".to_owned()) };
    step(Change::Account { email: email(address), target, change }, reason)
}

pub(crate) fn update(fields: Vec<FieldChange>) -> AccountChange {
    AccountChange::Update { fields, effective: None }
}

pub(crate) fn field(field: Field, before: Value, after: Value) -> FieldChange {
    FieldChange { field, before, after, unknown: false }
}

pub(crate) fn empty_plan(workspace: &str, platform: &str) -> Plan {
    Plan {
        workspace: workspace.to_owned(),
        platform: PlatformId(platform.to_owned()),
        server: ServerId::Embedded { workspace: workspace.to_owned(), store: None },
        as_of: 1_795_305_600_000,
        manage: Manage::Exact,
        guards: Guards::default(),
        changes: Vec::new(),
        refusals: Vec::new(),
        notices: Vec::new(),
        tasks: Vec::new(),
        bill: Bill::default(),
        unchanged: 8,
        kept_out: Vec::new(),
        by_hand: None,
        only: std::collections::BTreeSet::new(),
    }
}

/// A plan with something in every section.
pub(crate) fn full_plan() -> Plan {
    let note = Some("exports of 18 November".to_owned());
    let block = AccountChange::Block(Block { reason: BlockReason::ActivityReview, note });
    let block = Step { risky: true, ..user("kim.park@glow.example", block, Reason::WantedBlocked(BlockReason::ActivityReview)) };
    let inactivate = Step { risky: true, ..user("lee.old@glow.example", AccountChange::Inactivate, Reason::NotListed) };
    let clinic = step(Change::CreateClinic { key: "uptown".to_owned(), name: "Glow Uptown".to_owned() }, Reason::NoClinic);
    let invited = vec![
        field(Field::FirstName, Value::Unset, text("Ivy")),
        field(Field::LastName, Value::Unset, text("Chen")),
        field(Field::Phones, Value::Unset, Value::List(vec!["+16025550150".to_owned()])),
        field(Field::Role, Value::Unset, text("front-desk")),
        field(Field::Clinics, Value::Unset, set(&["downtown", "uptown"])),
    ];
    let ivy = NewAccount { email: email("ivy.chen@glow.example"), fields: invited, with_password: false };
    let invite = Step { after: vec![2], ..step(Change::CreateAccount(ivy), Reason::NoAccount) };
    let fields = vec![
        field(Field::Role, text("front-desk"), text("lead-provider")),
        field(Field::Clinics, set(&["downtown", "midtown"]), set(&["downtown", "uptown"])),
        field(Field::DashboardAccess, Value::Unset, Value::Flag(true)),
        field(Field::PrivilegeChanges, Value::Unset, Value::changes(words(&["block-user"]), words(&["export-reports"]))),
        field(Field::BookingTitle, text("Aesthetician"), Value::Unset),
        field(
            Field::BookingBio,
            text("Ten years of laser and skin care. Trained in Phoenix. Speaks Spanish."),
            text("Twelve years of laser and skin care. Trained in Phoenix. Speaks Spanish."),
        ),
    ];
    let effective = Effective {
        before: words(&["check-in-patients", "manage-appointments", "view-reports"]),
        after: words(&["manage-appointments", "edit-patient-records", "view-patient-records"]),
    };
    let differs = AccountChange::Update { fields, effective: Some(Box::new(effective)) };
    let update = user("ana.ruiz@glow.example", differs, Reason::FieldsDiffer { fields: [].into(), role_again: true });
    let passcode = user("ana.ruiz@glow.example", AccountChange::GeneratePasscode, Reason::PasscodeMissing);
    Plan {
        changes: vec![block, inactivate, clinic, invite, update, passcode],
        refusals: vec![Refusal {
            subject: Subject::User(email("tom.ito@glow.example")),
            cause: RefusalCause::Immutable {
                field: Field::LastName,
                workspace: text("Ito"),
                roster: text("Ito-Reyes"),
                why: Immutable::MembersOwn { requirement: Some("AR-13".into()), pending: false, withdrawn: false, main_admin: false },
            },
        }],
        notices: vec![
            Notice { subject: Subject::User(email("zoe.hart@glow.example")), cause: NoticeCause::LeftBlocked },
            Notice {
                subject: Subject::User(email("ana.ruiz@glow.example")),
                cause: NoticeCause::BlockReasonKept { reason: BlockReason::ClearSchedule },
            },
            Notice { subject: Subject::User(email("old.hand@glow.example")), cause: NoticeCause::InactiveWithoutAccount },
        ],
        tasks: vec![Task { user: email("ivy.chen@glow.example"), what: TaskKind::HandOverCodeWord }],
        bill: Bill {
            lines: vec![SeatLine {
                kind: "accelerator".to_owned(),
                before: 10,
                after: 12,
                added: 2,
                price_cents: Some(1900),
                assumed: false,
            }],
            monthly_change_cents: Some(3_800),
            at_once_cents: Some(22_800),
            estimate: true,
            when: Some(TakesEffect::AtOnce),
        },
        ..empty_plan("glow-medspa", "aesthetic-record")
    }
}

pub(crate) fn digest(digit: char) -> Digest {
    Digest(digit.to_string().repeat(64))
}

pub(crate) fn roster(workspaces: Vec<WorkspacePlan>) -> RosterPlan {
    RosterPlan { format: RosterPlan::FORMAT, digest: digest('7'), workspaces }
}

pub(crate) fn workspace(plan: Plan) -> WorkspacePlan {
    WorkspacePlan { plan, digest: digest('7'), stops: Vec::new(), waived: BTreeMap::new() }
}

pub(crate) fn stopped(plan: Plan) -> WorkspacePlan {
    let removed = ["ana", "kim", "lee", "tom"].map(|name| email(&format!("{name}@glow.example")));
    let removals = StopCause::Removals { removed: removed.into(), working: 4, active: 10, limit: RemovalLimit::Share(250_000) };
    let stop = Stop { cause: removals, waiver: None };
    let lasting = Stop { cause: StopCause::MainAdmin { user: email("mia@glow.example") }, waiver: None };
    WorkspacePlan { stops: vec![stop, lasting], ..workspace(plan) }
}

/// Names as the command line gathers them.
pub(crate) fn people() -> People {
    serde_json::from_value(serde_json::json!({ "glow-medspa": {
        "ana.ruiz@glow.example": "Ana Ruiz",
        "ivy.chen@glow.example": "Ivy Chen",
        "kim.park@glow.example": "Kim Park",
        "lee.old@glow.example": "Lee Old",
        "tom.ito@glow.example": "Tom Ito",
    } }))
    .unwrap()
}

fn failure() -> ChangeFailure {
    let said = "the phone number is none of the acting admin's".to_owned();
    ChangeFailure { why: ServerError::Forbidden { status: 403, scope: Scope::Request, said }, given_up: None, refused: false }
}

/// A receipt in which every outcome occurs.
pub(crate) fn receipt() -> Receipt {
    let outcomes = [
        OpOutcome::Failed(failure()),
        OpOutcome::Done { id: RemoteId("u-2".to_owned()) },
        OpOutcome::AlreadyDone,
        OpOutcome::NotTried(NotTried::Interrupted),
        OpOutcome::Drifted(Drift::Fields(Box::new([Field::Role]))),
        OpOutcome::Handoff(HandState::Left),
    ];
    let records = (outcomes.into_iter().enumerate()).map(|(change, outcome)| OpRecord { change, outcome, attempts: 1 }).collect();
    Receipt {
        format: Receipt::FORMAT,
        digest: digest('7'),
        workspaces: vec![WorkspaceReceipt {
            plan: full_plan(),
            digest: digest('7'),
            stops: Vec::new(),
            records,
            converged: false,
            left: vec![Left::Change {
                subject: Subject::User(email("kim.park@glow.example")),
                action: Action::Block,
                reason: Reason::WantedBlocked(BlockReason::ActivityReview),
            }],
            error: None,
            not_authorized: false,
        }],
        unread: Vec::new(),
    }
}
