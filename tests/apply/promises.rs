//! What the server refuses, the plan has shown: random workspaces of every platform, made on our own server and changed there.
//!
//! `PROPTEST_CASES` sets how many workspaces are made.

#![expect(clippy::disallowed_methods, reason = "a test program has switches of its own")]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;

use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use rosterctl::apply::{Journal, Options, Quiet, Secrets, apply, converge};
use rosterctl::directory::{InProcess, Provenance, Reader, ScimDirectory, Server};
use rosterctl::model::*;
use rosterctl::platform::by_id;
use rosterctl::reconcile::{approve, diff};
use rosterctl::server::{HashingCost, Settings, embedded_with, seed};
use rosterctl::store::Store;

use crate::support::going_on;
use crate::worlds::{Plot, build, plot};

/// Workspaces in an ordinary run.
const CASES: u32 = 400;

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

/// What one workspace came to.
struct Applied {
    /// Changes that were made.
    made: usize,
    /// What the plan said would not be done.
    refused: usize,
    /// What the plan promised and the server did not do, in words.
    broken: Vec<String>,
}

/// Makes a workspace, applies its roster, and compares what was done with what the plan said. `None` if a guard stops the plan.
async fn applied(plot: &Plot) -> Option<Applied> {
    // Our own server lacks nothing.
    let (mut desired, world) = build(&Plot { lacks: usize::MAX, ..plot.clone() });
    desired.connection = Connection::Embedded { path: None, start: Some(start(&world)) };
    let store = Store::memory().await.expect("a store");
    store.create_workspace(&seed::from_desired(&desired).expect("a seed")).await.expect("a workspace");
    let acting = desired.main_admin.clone().expect("every world has one");
    let settings = Settings { hashing: HashingCost::Least, ..Settings::default() };
    let server = Server {
        name: ServerId::Embedded { workspace: desired.workspace.clone(), store: None },
        base: "http://embedded/glow/scim/v2".parse().expect("an address"),
        platform: desired.platform.clone(),
        country: None,
        code_word: None,
        now: 0,
        backoff: rosterctl::directory::retry::Backoff::default(),
    };
    let transport = InProcess::new(embedded_with(store, &desired.workspace, &acting, settings));
    let directory = ScimDirectory::connect(transport, server).await.expect("a connection");
    let actual = directory.read().await.expect("a list");
    let approved = approve(diff(&desired, &actual), &actual, &desired).ok()?;
    let phone = actual.accounts.iter().find(|a| a.email == acting).and_then(|a| a.fields.items(Field::Phones).into_iter().next());
    let password = || Secret::new("a first password of this test".to_owned());
    let secrets = Secrets {
        confirm_phone: phone.map(|phone| Secret::new(phone.to_owned())),
        initial_passwords: desired.users.keys().map(|email| (email.clone(), password())).collect(),
        ..Secrets::default()
    };
    let provenance = Provenance { plan: approved.digest().clone(), approver: None, commit: None };
    let options = Options { secrets, sleep: Box::new(|_| Box::pin(async {})), ..Options::new(provenance) };
    let mut receipt = apply(&approved, &directory, &options, &mut Journal::to(io::sink(), ""), &Quiet, &going_on()).await;
    converge(&mut receipt, &directory, |fresh| diff(&desired, fresh)).await.expect("a second list");
    let mut broken = Vec::new();
    let mut made = 0;
    for record in &receipt.records {
        match &record.outcome {
            OpOutcome::Done { .. } | OpOutcome::AlreadyDone => made += 1,
            OpOutcome::Partly { .. }
            | OpOutcome::Handoff { .. }
            | OpOutcome::Failed(_)
            | OpOutcome::Drifted(_)
            | OpOutcome::NotTried(_) => {
                let change = &approved.plan().changes[record.change].change;
                broken.push(format!("{}: {change:?}: {:?}", by_id(&desired.platform).word(), record.outcome));
            }
        }
    }
    broken.extend(receipt.left.iter().map(|left| format!("{}: left: {left:?}", by_id(&desired.platform).word())));
    Some(Applied { made, refused: approved.plan().refusals.len(), broken })
}

#[test]
fn what_our_own_server_refuses_the_plan_has_shown() {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(CASES);
    let config = ProptestConfig { cases, failure_persistence: None, max_shrink_iters: 400, ..ProptestConfig::default() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let counted: RefCell<BTreeMap<usize, [usize; 3]>> = RefCell::default();
    let tried = TestRunner::new(config).run(&plot(), |plot| {
        let found = runtime.block_on(applied(&plot));
        let mut counted = counted.borrow_mut();
        let [stopped, made, refused] = counted.entry(plot.platform).or_default();
        let Some(found) = found else {
            *stopped += 1;
            return Ok(());
        };
        (*made, *refused) = (*made + found.made, *refused + found.refused);
        prop_assert!(found.broken.is_empty(), "{}", found.broken.join("\n"));
        Ok(())
    });
    if let Err(why) = tried {
        panic!("{why}");
    }
    let counted = counted.into_inner();
    for (platform, [stopped, made, refused]) in &counted {
        let word = rosterctl::platform::built_in()[*platform].word();
        println!("{word}: {made} changes made, {refused} refusals shown, {stopped} plans stopped");
    }
    let made: usize = counted.values().map(|[_, made, _]| made).sum();
    let refused: usize = counted.values().map(|[_, _, refused]| refused).sum();
    let worlds = cases as usize;
    assert!(made >= worlds && 20 * refused >= worlds, "{made} changes and {refused} refusals are too few to prove anything");
}
