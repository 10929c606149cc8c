//! Laws of plans: what the server refuses, the plan has shown, and what it does, the state machine has foreseen, in random workspaces of every
//! platform, made on our own server and changed there.
//!
//! `PROPTEST_CASES` sets how many workspaces are made.

#![expect(clippy::disallowed_methods, reason = "a test program has switches of its own")]

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::Mutex;

use axum::body::Body;
use http::header::AUTHORIZATION;
use http::{HeaderValue, Request};
use proptest::prelude::*;
use rosterctl::apply::{Journal, Options, Quiet, Secrets, apply, converge};
use rosterctl::directory::{InProcess, Provenance, Reader, ScimDirectory, Server};
use rosterctl::model::*;
use rosterctl::platform::by_id;
use rosterctl::platform::catalog::Catalog;
use rosterctl::reconcile::{approve, diff, project};
use rosterctl::server::{HashingCost, Settings, create_token, router, seed};
use rosterctl::store::{Store, TokenAccess};
use tower::util::MapRequestLayer;

use crate::counted::Counted;
use crate::support::going_on;
use crate::twists::{Twists, twists};
use crate::worlds::{Plot, build, of_round, plot};

/// Workspaces in an ordinary run.
const CASES: u32 = 400;

/// The number of times that there are more of them because a kind of change was never made.
const MORE: u64 = 8;

/// The number of rounds that are made at the same time, each with its share of the workspaces.
const AT_ONCE: u32 = 2;

const DAY: i64 = 24 * 60 * 60 * 1000;

/// An invitation as a new workspace can begin with it: its times count from the moment the workspace is made.
fn begun(invitation: &Invitation) -> Invitation {
    let sent_at = match invitation.state {
        InvitationState::Open => 0,
        InvitationState::Accepted | InvitationState::Expired | InvitationState::Killed => -8 * DAY,
    };
    Invitation { state: invitation.state, sent_at, expires_at: sent_at + 7 * DAY }
}

/// The start of an embedded workspace that has these accounts.
pub(crate) fn start(actual: &Actual) -> EmbeddedStart {
    let account = |account: &Account| {
        let invitation = account.state.invitation.as_ref().map(begun);
        let state = State { invitation, ..account.state.clone() };
        (account.email.clone(), StartAccount { fields: account.fields.clone(), state, has_passcode: account.has_passcode })
    };
    let employee = |record: &Employee| DesiredEmployee {
        id: Some(record.key.clone()),
        first_name: record.first_name.clone(),
        last_name: record.last_name.clone(),
        active: Some(record.active),
        external: Some(record.external),
    };
    let custom = actual.roles.iter().filter(|(_, role)| !role.built_in);
    EmbeddedStart {
        clinics: actual.clinics.iter().map(|(key, clinic)| (key.clone(), DesiredClinic { name: clinic.name.clone() })).collect(),
        roles: custom
            .map(|(key, role)| (key.clone(), DesiredRole { name: role.name.clone(), based_on: None, privileges: role.privileges.clone() }))
            .collect(),
        accounts: actual.accounts.iter().map(account).collect(),
        employees: actual.employees.iter().map(employee).collect(),
    }
}

/// The kinds of change that affect accounts, each of which some workspace sees. Later updates of new accounts are rarer: see
/// `tests/model/transition.rs`.
const KINDS: [&str; 11] = [
    "new account",
    "later passcode",
    "invite",
    "resend-invitation",
    "withdraw-invitation",
    "update",
    "inactivate",
    "activate",
    "block",
    "unblock",
    "generate-passcode",
];

/// The kind of a change, new accounts apart.
fn kind(change: &Change) -> &'static str {
    match change {
        Change::CreateAccount(_) => "new account",
        Change::Complete { followup: Followup::Update { .. }, .. } => "later update",
        Change::Complete { followup: Followup::GeneratePasscode, .. } => "later passcode",
        Change::Account { change, .. } => change.action().as_str(),
        Change::CreateClinic { .. }
        | Change::UpdateClinic(_)
        | Change::CreateRole { .. }
        | Change::UpdateRole(_)
        | Change::CreateEmployee { .. }
        | Change::UpdateEmployee(_)
        | Change::SetCodeWord => "no account",
    }
}

/// The outcome of one workspace.
struct Applied {
    /// Kinds of the changes that were made.
    kinds: BTreeSet<&'static str>,
    /// The promises of the plan that the server did not keep, in words.
    broken: Vec<String>,
}

/// Returns what an account of the server and a projected one have in common: the state machine knows neither ids and versions of new accounts nor the
/// server's clock, a field that is empty is as one that is absent, and plain SCIM does not say what a role gave.
fn comparable(account: &Account, catalog: &Catalog) -> Account {
    let mut account =
        Account { id: RemoteId(String::new()), fingerprint: Fingerprint(String::new()), invited_name: None, ..account.clone() };
    account.role_privileges = account.role_privileges.filter(|_| catalog.practice_extension);
    account.fields = account.fields.iter().filter(|(_, value)| !value.is_empty()).map(|(field, value)| (field, value.to_value())).collect();
    if let Some(sent) = &mut account.state.invitation {
        (sent.sent_at, sent.expires_at) = (0, 0);
    }
    account.passcode_made = account.passcode_made.map(|_| 0);
    account
}

/// The accounts that did not end as `transition`, folded over the plan, says.
fn unforeseen(plan: &Plan, actual: &Actual, after: &Actual) -> Vec<String> {
    let catalog = by_id(&plan.platform).catalog();
    let by_address = |accounts: &[Account]| -> BTreeMap<Email, Account> {
        accounts.iter().map(|account| (account.email.clone(), comparable(account, catalog))).collect()
    };
    let (projected, now) = (by_address(&project(plan, actual)), by_address(&after.accounts));
    let addresses: BTreeSet<&Email> = projected.keys().chain(now.keys()).collect();
    let differ = addresses.into_iter().filter(|address| projected.get(*address) != now.get(*address));
    differ.map(|address| format!("{address}\n projected {:?}\n is        {:?}", projected.get(address), now.get(address))).collect()
}

/// Returns whether the plan has shown that something would be left: it refused the very action; or it refused a user something that others of the
/// workspace stood in the way of, such as who has which account or record, and what an administrator can give. A user whose address changes has one
/// name in the roster and another in the workspace.
fn was_shown(plan: &Plan, desired: &Desired, left: &Left) -> bool {
    let depends_on_others = |cause: &RefusalCause| {
        !matches!(
            cause,
            RefusalCause::Immutable { .. }
                | RefusalCause::Breaks { .. }
                | RefusalCause::LacksForNew { .. }
                | RefusalCause::EmployeeOfAnother { .. }
        )
    };
    let is_now = |new: &Email, old: &Email| desired.users.get(new).is_some_and(|user| user.formerly.contains(old));
    let may_change = |user: &Email| {
        let is_same = |subject: &Subject| matches!(subject, Subject::User(of) if of == user || is_now(of, user) || is_now(user, of));
        let of_user = plan.refusals.iter().filter(|refusal| is_same(&refusal.subject));
        let mut causes = of_user.map(|refusal| &refusal.cause);
        causes.any(depends_on_others)
    };
    let takes_an_account = plan.refusals.iter().any(|refusal| matches!(refusal.cause, RefusalCause::ClaimedTwice { .. }));
    let is_theirs = |subject: &Subject| match subject {
        Subject::User(user) => may_change(user),
        // Whose name it gets was not clear.
        Subject::Employee(_) => plan.refusals.iter().any(|refusal| refusal.cause.topic() == RefusalTopic::Word("employee")),
        Subject::Workspace | Subject::Clinic(_) | Subject::Role(_) => false,
    };
    takes_an_account
        || match left {
            Left::Change { subject, action, .. } => {
                let is_refused = |old: &Refusal| old.subject == *subject && old.cause.topic() == RefusalTopic::Action(*action);
                is_theirs(subject) || plan.refusals.iter().any(is_refused)
            }
            Left::Refused(refusal) => is_theirs(&refusal.subject),
            Left::NotRead(_) | Left::PartialRead { .. } => false,
        }
}

/// Makes a workspace, applies its roster, and compares what was done with what the plan said. `None` if a guard stops the plan.
async fn applied(plot: &Plot, twists: &Twists, counted: &mut Counted) -> Option<Applied> {
    // Our own server lacks nothing.
    let (mut desired, world) = build(&Plot { lacks: usize::MAX, ..plot.clone() });
    desired.connection = Connection::Embedded { path: None, start: Some(start(&world)) };
    let store = Store::memory().await.expect("a store");
    store.create_workspace(&seed::from_desired(&desired).expect("a seed")).await.expect("a workspace");
    let main = desired.main_admin.clone().expect("every world has one");
    let catalog = by_id(&desired.platform).catalog();
    let acting = twists.token_owner(&world, &main, catalog);
    let has_code_word = catalog.code_word.is_some() && twists.code_word;
    desired.code_word = has_code_word.then(|| SecretRef::Env("CODE_WORD".to_owned()));
    let settings = Settings { hashing: HashingCost::Least, ..Settings::default() };
    let issued = create_token(&store, &desired.workspace, &acting, TokenAccess::Write, DAY).await.expect("a token");
    let bearer = HeaderValue::try_from(format!("Bearer {}", issued.token.expose())).expect("a header");
    let router = router(store, settings).layer(MapRequestLayer::new(move |mut request: Request<Body>| {
        request.headers_mut().insert(AUTHORIZATION, bearer.clone());
        request
    }));
    let server = Server {
        name: ServerId::Embedded { workspace: desired.workspace.clone(), store: None },
        base: "http://embedded/glow/scim/v2".parse().expect("an address"),
        platform: desired.platform.clone(),
        country: None,
        code_word: has_code_word.then(|| Secret::new("blue-heron-42".to_owned())),
        now: 0,
        backoff: rosterctl::directory::retry::Backoff::default(),
    };
    let directory = ScimDirectory::connect(InProcess::new(router), server).await.expect("a connection");
    let actual = directory.read().await.expect("a list");
    twists.twist(&mut desired, &actual);
    let word = by_id(&desired.platform).word();
    counted.world();
    let Ok(approved) = approve(diff(&desired, &actual), &actual, &desired) else {
        counted.stopped(word);
        return None;
    };
    counted.approved(approved.plan(), word, acting != main);
    let phone = actual.accounts.iter().find(|a| a.email == acting).and_then(|a| a.fields.items(Field::Phones).into_iter().next());
    let password = || Secret::new("a first password of this test".to_owned());
    let secrets = Secrets {
        confirm_phone: phone.map(|phone| Secret::new(phone.to_owned())),
        code_word: has_code_word.then(|| Secret::new("blue-heron-42".to_owned())),
        initial_passwords: desired.users.keys().map(|email| (email.clone(), password())).collect(),
    };
    let provenance = Provenance { plan: approved.digest().clone(), approver: None, commit: None };
    let options = Options { secrets, sleep: Box::new(|_| Box::pin(async {})), ..Options::new(provenance) };
    let mut receipt = apply(&approved, &directory, &options, &mut Journal::to(io::sink(), ""), &Quiet, &going_on()).await;
    let mut broken = Vec::new();
    if let Err(why) = converge(&mut receipt, &directory, &options, |fresh| diff(&desired, fresh)).await {
        broken.push(format!("{word}: a second list: {why:?}"));
        return Some(Applied { kinds: BTreeSet::new(), broken });
    }
    let mut kinds = BTreeSet::new();
    for record in &receipt.records {
        let change = &approved.plan().changes[record.change].change;
        match &record.outcome {
            OpOutcome::Done { .. } | OpOutcome::AlreadyDone => {
                counted.made(change, word);
                kinds.insert(kind(change));
            }
            OpOutcome::Partly { .. } | OpOutcome::Handoff(_) | OpOutcome::Failed(_) | OpOutcome::Drifted(_) | OpOutcome::NotTried(_) => {
                broken.push(format!("{}: {change:?}: {:?}", by_id(&desired.platform).word(), record.outcome));
            }
        }
    }
    let left = receipt.left.iter().filter(|left| !was_shown(approved.plan(), &desired, left));
    broken.extend(left.map(|left| format!("{word}: left: {left:?}")));
    let after = directory.read().await.expect("a list");
    broken.extend(unforeseen(approved.plan(), &actual, &after));
    Some(Applied { kinds, broken })
}

#[test]
fn our_own_server_does_what_the_plan_promised_and_ends_as_the_state_machine_says() {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(CASES);
    let config =
        ProptestConfig { cases: cases.div_ceil(AT_ONCE), failure_persistence: None, max_shrink_iters: 400, ..ProptestConfig::default() };
    let counted: Mutex<Counted> = Mutex::default();
    let seen: Mutex<BTreeSet<&'static str>> = Mutex::default();
    let missing = || KINDS.into_iter().filter(|kind| !seen.lock().expect("no panic").contains(kind)).collect::<Vec<_>>();
    let one_round = |round: u64| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        of_round(&config, round)
            .run(&(plot(), twists()), |(plot, twists)| {
                let mut counts = Counted::default();
                let found = runtime.block_on(applied(&plot, &twists, &mut counts));
                counted.lock().expect("no panic").add(counts);
                let Some(found) = found else { return Ok(()) };
                seen.lock().expect("no panic").extend(found.kinds);
                prop_assert!(found.broken.is_empty(), "{}", found.broken.join("\n"));
                Ok(())
            })
            .map_err(|why| why.to_string())
    };
    for first in (0..MORE).step_by(AT_ONCE as usize) {
        std::thread::scope(|scope| {
            let rounds: Vec<_> = (first..first + u64::from(AT_ONCE))
                .map(|round| {
                    scope.spawn({
                        let one_round = &one_round;
                        move || one_round(round)
                    })
                })
                .collect();
            for round in rounds {
                if let Err(why) = round.join().expect("a failure is returned") {
                    panic!("{why}");
                }
            }
        });
        if missing().is_empty() && counted.lock().expect("no panic").too_seldom().is_empty() {
            break;
        }
    }
    let counted = counted.into_inner().expect("no panic");
    counted.print();
    assert_eq!(missing(), Vec::<&str>::new(), "never made");
    assert_eq!(counted.too_seldom(), BTreeSet::new(), "too seldom to prove anything");
}
