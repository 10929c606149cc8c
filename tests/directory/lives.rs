//! A whole life on other people's servers, which `./test` installs: create, change, rename, phones, inactivate, remove, reactivate, and 300
//! users. Everything becomes true, apart from what the plan said would not.

use std::collections::BTreeSet;
use std::io;
use std::net::{TcpListener, TcpStream};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rosterctl::apply::{Journal, Options, Quiet, apply, converge};
use rosterctl::directory::{HttpTransport, Reader, ScimDirectory};
use rosterctl::model::*;
use rosterctl::platform;
use rosterctl::reconcile::{approve, diff};

use crate::scim2_server::{self, Foreign, roster};
use crate::support::{going_on, options};

fn interop(below: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/interop").join(below);
    assert!(path.exists(), "{} is missing: ./test tools installs it", path.display());
    path
}

fn ours(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interop").join(file)
}

/// Starts a server that takes its port from the caller, and waits until it listens.
#[expect(clippy::disallowed_methods, reason = "a wait that ends")]
fn started(path: &str, command: impl FnOnce(u16) -> Command) -> Foreign {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let child = command(port).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let foreign = Foreign { child, base: format!("http://127.0.0.1:{port}/{path}") };
    let began = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(began.elapsed() < Duration::from_mins(2), "the server does not listen");
        std::thread::sleep(Duration::from_millis(50));
    }
    foreign
}

pub(crate) fn person(address: &str, first: &str, last: &str, title: &str, phones: &[&str]) -> DesiredUser {
    let text = |text: &str| Value::Text(text.to_owned());
    let fields = [
        (Field::FirstName, text(first)),
        (Field::LastName, text(last)),
        (Field::Title, text(title)),
        (Field::Phones, Value::List(phones.iter().map(|phone| (*phone).to_owned()).collect())),
    ];
    DesiredUser {
        email: address.parse().unwrap(),
        id: None,
        formerly: Vec::new(),
        status: Status::Active,
        blocked: None,
        fields: fields.into_iter().collect(),
        employee: EmployeeLink::ByName,
        passcode: None,
        initial_password: None,
        service_owner: None,
        place: Place::default(),
    }
}

/// Somebody who works on a foreign server, with one change at a time.
struct Life {
    directory: ScimDirectory<HttpTransport>,
    /// The fields that the server does not have.
    lacks: BTreeSet<Field>,
    options: fn(Options) -> Options,
}

impl Life {
    /// Applies a roster, and checks that all of it is true afterward, apart from what the plan refused.
    async fn step(&self, what: &str, people: Vec<DesiredUser>) {
        let desired = roster(people);
        let actual = self.directory.read().await.unwrap();
        let plan = diff(&desired, &actual);
        for refusal in &plan.refusals {
            let RefusalCause::NotOnServer { field, .. } = &refusal.cause else { panic!("{what}: {refusal:?}") };
            assert!(self.lacks.contains(field), "{what}: {refusal:?}");
        }
        let approved = approve(plan, &actual, &desired).unwrap_or_else(|stopped| panic!("{what}: {:?}", stopped.stops));
        let options = (self.options)(options(&approved));
        let mut receipt = apply(&approved, &self.directory, &options, &mut Journal::to(io::sink(), ""), &Quiet, &going_on()).await;
        converge(&mut receipt, &self.directory, &options, |fresh| diff(&desired, fresh)).await.unwrap();
        let not_done: Vec<&OpRecord> = receipt.records.iter().filter(|record| !crate::support::is_done(record)).collect();
        assert!(not_done.is_empty(), "{what}: {not_done:?}");
        assert!(receipt.left.is_empty(), "{what}: {:?}", receipt.left);
    }

    async fn account(&self, address: &str) -> Account {
        let actual = self.directory.read().await.unwrap();
        actual.accounts.into_iter().find(|account| account.email.as_str() == address).unwrap_or_else(|| panic!("{address} does not exist"))
    }
}

const CELL: &str = "+16025550100";

async fn lives(foreign: &Foreign, lacks: &[Field], options: fn(Options) -> Options) {
    let directory = foreign.connect("secret", "generic").await.unwrap();
    let life = Life { directory, lacks: lacks.iter().copied().collect(), options };
    let ann = |title| person("ann@glow.example", "Ann", "Old", title, &[CELL]);
    let bob = |phones: &[&str]| person("bob@glow.example", "Bob", "Ruiz", "RN", phones);
    let cyd = || person("cyd@glow.example", "Cyd", "Lee", "MD", &[]);

    let three = ["+16025550110", "+16025550111", "+16025550112"];
    life.step("create", vec![ann("MD"), bob(&three), cyd()]).await;
    life.step("change, and a phone less", vec![ann("RN"), bob(&[three[0], three[2]]), cyd()]).await;

    // A server that does not let anybody change the address keeps it.
    let address = if lacks.contains(&Field::Email) { "ann@glow.example" } else { "new@glow.example" };
    let mut renamed = person(address, "Ann", "Married", "RN", &[CELL, "+16025550109"]);
    renamed.formerly = if lacks.contains(&Field::Email) { Vec::new() } else { vec!["ann@glow.example".parse().unwrap()] };
    let before = life.account("ann@glow.example").await.id;
    let inactive = DesiredUser { status: Status::Inactive, ..cyd() };
    life.step("rename and inactivate", vec![renamed.clone(), bob(&[three[0]]), inactive]).await;
    assert_eq!(life.account(address).await.id, before, "the account is the same");
    assert!(life.account("cyd@glow.example").await.state.inactive);

    life.step("remove, and reactivate", vec![renamed.clone(), cyd()]).await;
    let actual = life.directory.read().await.unwrap();
    let is_active = |address: &str| actual.accounts.iter().any(|a| a.email.as_str() == address && !a.state.inactive);
    assert!(!is_active("bob@glow.example") && is_active("cyd@glow.example"));

    let mut people: Vec<DesiredUser> =
        (0..300).map(|n| person(&format!("user{n}@glow.example"), &format!("User{n}"), "Person", "MD", &[])).collect();
    people.extend([renamed, cyd(), bob(&three)]);
    life.step("300 users, and one who comes back", people).await;
    assert_eq!(life.directory.read().await.unwrap().accounts.len(), 303);
}

// A17
#[tokio::test]
async fn a_whole_life_becomes_true_on_scim2_server() {
    lives(&scim2_server::start(), &[], |options| options).await;
}

/// SCIMMY, a library for Node.js, with our few lines around it.
pub(crate) fn scimmy() -> Foreign {
    let packages = interop("scimmy");
    started("scim/v2", |port| {
        let mut node = Command::new("node");
        node.arg(ours("scimmy.mjs")).arg(packages).arg(port.to_string());
        node
    })
}

/// The Django package for SCIM, with its database in a folder.
pub(crate) fn django(folder: &Path) -> Foreign {
    let django = |arguments: &[&str]| {
        let mut program = Command::new(interop("django/bin/python"));
        program.args(["-B", "-m", "django"]).args(arguments);
        program.args(["--settings", "settings", "--pythonpath"]).arg(ours("django"));
        program.env("SCIM_DATABASE", folder.join("users.sqlite3"));
        program
    };
    assert!(django(&["migrate", "--verbosity", "0"]).status().unwrap().success());
    started("scim/v2", |port| django(&["runserver", "--noreload", format!("127.0.0.1:{port}").as_str()]))
}

/// Better Auth with its plugin for SCIM, which keeps everybody in memory.
pub(crate) fn better_auth() -> Foreign {
    let packages = interop("better-auth");
    started("api/auth/scim/v2", |port| {
        let mut node = Command::new("node");
        node.arg(ours("better_auth.mjs")).arg(packages).arg(port.to_string());
        node
    })
}

/// Canaille, which keeps everybody in memory.
pub(crate) fn canaille() -> Foreign {
    let python = interop("canaille/bin/python");
    started("scim/v2", |port| {
        let mut server = Command::new(python);
        server.arg("-B").arg(ours("canaille_server.py")).arg(port.to_string());
        server
    })
}

// A17
#[tokio::test]
async fn a_whole_life_becomes_true_on_better_auth() {
    lives(&better_auth(), &[], |options| options).await;
}

// A17
#[tokio::test]
async fn a_whole_life_becomes_true_on_canaille_apart_from_an_address_that_nobody_can_change() {
    let foreign = canaille();
    lives(&foreign, &[Field::Email], |options| options).await;
    let directory = foreign.connect("secret", "generic").await.unwrap();
    let actual = directory.read().await.unwrap();
    let mut renamed = person("new@glow.example", "Ann", "Married", "RN", &[CELL, "+16025550109"]);
    renamed.formerly = vec!["ann@glow.example".parse().unwrap()];
    let wanted = Desired { manage: Manage::Additive, ..roster(vec![renamed]) };
    let plan = diff(&wanted, &actual);
    let catalog = platform::by_id(&plan.platform).catalog();
    let causes: Vec<&str> = plan.refusals.iter().map(|refusal| platform::refusal_code(&refusal.cause, catalog)).collect();
    assert_eq!((plan.changes.len(), causes), (0, vec!["immutable"]), "{plan:?}");
}

// A17
#[tokio::test]
async fn a_whole_life_becomes_true_on_scimmy() {
    lives(&scimmy(), &[], |options| options).await;
}

// A17
#[tokio::test]
async fn a_whole_life_becomes_true_on_django_scim2_server_apart_from_the_two_fields_that_it_lacks() {
    let folder = tempfile::tempdir().unwrap();
    let foreign = django(folder.path());
    // Its database is locked while another request writes.
    let one_by_one = |options| Options { parallelism: NonZeroUsize::MIN, ..options };
    lives(&foreign, &[Field::Title, Field::Phones], one_by_one).await;
}
