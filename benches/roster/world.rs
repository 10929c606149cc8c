//! Runs the program from YAML to a plan and to an applied plan, as the command line does.

use std::path::{Path, PathBuf};

use rosterctl::apply::{self, Interrupt, Journal, Options, Quiet};
use rosterctl::directory::retry::Backoff;
use rosterctl::directory::{InProcess, Provenance, Reader, ScimDirectory, Server};
use rosterctl::manifest::{self, Roster, Source, Sources};
use rosterctl::model::{
    Actual, Connection, Desired, EmbeddedStart, Plan, ServerId, StartAccount, State, Status, WantedPasscode, WorkspaceReceipt,
};
use rosterctl::reconcile::{self, Approved};
use rosterctl::server;
use rosterctl::store::Store;

use crate::generate::File;

/// The number of changes that are made at the same time, as in the program by default.
pub(crate) const PARALLELISM: usize = 8;

/// Returns the files in the form that `manifest` reads.
pub(crate) fn sources(files: &[File]) -> Sources {
    Sources { files: files.iter().map(|f| Source { name: f.name.clone(), bytes: f.text.clone().into_bytes() }).collect() }
}

/// Loads and validates.
pub(crate) fn load(sources: &Sources) -> Roster {
    match manifest::read(sources) {
        Ok(roster) => roster,
        Err(mistakes) => panic!("the generator writes good rosters: {}", mistakes.render("in the roster", false)),
    }
}

/// Returns the path of a workspace's embedded store in a roster.
pub(crate) fn store_path(folder: &Path, desired: &Desired) -> PathBuf {
    folder.join(".rosterctl").join(format!("{}.db", desired.workspace))
}

/// Makes the store of a workspace that already matches the roster; everybody accepted long ago.
pub(crate) async fn settle(folder: &Path, desired: &Desired) {
    let accounts = desired.users.iter().map(|(email, user)| {
        let state = State { accepted: true, inactive: user.status == Status::Inactive, ..State::default() };
        (
            email.clone(),
            StartAccount { fields: user.fields.clone(), state, has_passcode: user.passcode.is_some_and(WantedPasscode::is_set) },
        )
    });
    let start = EmbeddedStart {
        clinics: desired.clinics.clone(),
        roles: desired.roles.clone(),
        accounts: accounts.collect(),
        employees: desired.employees.clone(),
    };
    let settled = Desired { connection: Connection::Embedded { path: None, start: Some(start) }, ..desired.clone() };
    make(folder, &settled).await;
}

/// Makes the store of a workspace from its `connection`.
pub(crate) async fn make(folder: &Path, desired: &Desired) {
    let store = Store::open(&store_path(folder, desired)).await.expect("the store can be made");
    let seed = server::seed::from_desired(desired).expect("a generated workspace makes sense");
    store.create_workspace(&seed).await.expect("the workspace can be made");
    store.close().await;
}

/// Opens the embedded workspace.
pub(crate) async fn open(folder: &Path, desired: &Desired) -> (Store, ScimDirectory<InProcess>) {
    let store = Store::open(&store_path(folder, desired)).await.expect("the store opens");
    let acting = desired.main_admin.as_ref().expect("a generated workspace has a main admin");
    let router = server::embedded(store.clone(), &desired.workspace, acting);
    let described = Server {
        name: ServerId::Embedded { workspace: desired.workspace.clone(), store: None },
        base: format!("http://embedded/{}/scim/v2", desired.workspace).parse().expect("a slug fits into a URL"),
        platform: desired.platform.clone(),
        country: None,
        code_word: None,
        now: store.now(),
        backoff: Backoff::default(),
    };
    let directory = ScimDirectory::connect(InProcess::new(router), described).await.expect("the server tells what it can do");
    (store, directory)
}

/// Reads a workspace through the router and the directory.
pub(crate) async fn read(folder: &Path, desired: &Desired) -> Actual {
    let (store, directory) = open(folder, desired).await;
    let actual = directory.read().await.expect("the workspace can be read");
    store.close().await;
    actual
}

/// Asks the guards.
pub(crate) fn approve(desired: &Desired, actual: &Actual, plan: Plan) -> Approved {
    match reconcile::approve(plan, actual, desired) {
        Ok(approved) => approved,
        Err(stopped) => panic!("no guard stops a generated roster: {:?}", stopped.stops),
    }
}

/// Applies a plan with a journal on disk, under the default options.
pub(crate) async fn write(folder: &Path, directory: &ScimDirectory<InProcess>, approved: &Approved) -> WorkspaceReceipt {
    let mut journal = Journal::open(&folder.join("journal.jsonl")).expect("the journal opens");
    let options = Options::new(Provenance { plan: approved.digest().clone(), approver: None, commit: None });
    assert_eq!(options.parallelism.get(), PARALLELISM, "the default is what is measured");
    apply::apply(approved, directory, &options, &mut journal, &Quiet, &Interrupt::pair().1).await
}
