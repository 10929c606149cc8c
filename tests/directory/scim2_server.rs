//! Plan, apply and converge against somebody else's server: `scim2-server` from `PyPI`, which `./test` installs.

#![expect(clippy::disallowed_methods, reason = "a test program has switches of its own")]

use std::io;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::support::*;
use rosterctl::apply::{Journal, Quiet, apply, converge};
use rosterctl::directory::retry::Backoff;
use rosterctl::directory::{DirectoryError, HttpTransport, Reader, ScimDirectory, Server};
use rosterctl::model::*;
use rosterctl::reconcile::{approve, diff};

/// The foreign server, killed when the test ends.
pub(crate) struct Foreign {
    pub(crate) child: Child,
    pub(crate) base: String,
}

impl Drop for Foreign {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn program() -> PathBuf {
    let ours = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/interop/server/bin/scim2-server");
    let program = std::env::var_os("ROSTERCTL_INTEROP_SERVER").map_or_else(ours, PathBuf::from);
    assert!(program.exists(), "{} is missing: ./test tools installs it", program.display());
    program
}

pub(crate) fn start() -> Foreign {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let child = Command::new(program())
        .args(["--hostname", "127.0.0.1", "--port", &port.to_string(), "--bearer-token", "secret"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    Foreign { child, base: format!("http://127.0.0.1:{port}/v2") }
}

impl Foreign {
    pub(crate) async fn connect(&self, token: &str, platform: &str) -> Result<ScimDirectory<HttpTransport>, DirectoryError> {
        let base = self.base.parse().unwrap();
        let transport = HttpTransport::new(&base, &Secret::new(token.to_owned())).unwrap();
        let server = Server {
            name: ServerId::Scim { url: self.base.clone() },
            base,
            platform: PlatformId(platform.to_owned()),
            country: None,
            code_word: None,
            now: 0,
            backoff: Backoff { attempts: 100, base: Duration::from_millis(50), most: Duration::from_millis(200), ..Backoff::default() },
        };
        ScimDirectory::connect(transport, server).await
    }
}

fn person(n: usize, title: &str) -> DesiredUser {
    let text = |t: &str| Value::Text(t.to_owned());
    let fields = [
        (Field::FirstName, text("Ana")),
        (Field::LastName, text(&format!("Ruiz-{n}"))),
        (Field::Title, text(title)),
        (Field::Phones, Value::List(vec![format!("+1602555{n:04}"), format!("+1602556{n:04}")])),
        (Field::Role, text("nurse")),
    ];
    DesiredUser {
        email: email(n),
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

pub(crate) fn roster(people: impl IntoIterator<Item = DesiredUser>) -> Desired {
    Desired { manage: Manage::Exact, users: people.into_iter().map(|p| (p.email.clone(), p)).collect(), ..desired() }
}

/// Plans, applies, reads again; returns the plan and the receipt.
async fn run(directory: &ScimDirectory<HttpTransport>, desired: &Desired) -> (Plan, WorkspaceReceipt) {
    let actual = directory.read().await.unwrap();
    let plan = diff(desired, &actual);
    let approved = approve(plan.clone(), &actual, desired).unwrap_or_else(|stopped| panic!("{:?}", stopped.stops));
    let options = options(&approved);
    let mut receipt = apply(&approved, directory, &options, &mut Journal::to(io::sink(), ""), &Quiet, &going_on()).await;
    converge(&mut receipt, directory, &options, |fresh| diff(desired, fresh)).await.unwrap();
    (plan, receipt)
}

fn actions(plan: &Plan) -> Vec<Action> {
    plan.changes.iter().map(|c| c.change.action()).collect()
}

#[tokio::test]
async fn a_roster_becomes_true_on_a_foreign_server_and_stays_so() {
    // A17
    let foreign = start();
    let directory = foreign.connect("secret", "generic").await.unwrap();
    assert!(!directory.capabilities().practice_extension);

    let first = roster((0..20).map(|n| person(n, "MD")));
    let (plan, receipt) = run(&directory, &first).await;
    assert_eq!(actions(&plan), [Action::Invite; 20]);
    assert!(receipt.records.iter().all(is_done), "{:?}", receipt.records);
    assert!(receipt.converged, "{:?}", receipt.left);
    let (plan, receipt) = run(&directory, &first).await;
    assert!(plan.is_empty() && receipt.converged);

    // One leaves, one changes, one comes, one returns a round later.
    let mut people: Vec<DesiredUser> = (1..21).map(|n| person(n, "MD")).collect();
    people[3].fields.set(Field::Title, Value::Text("RN".to_owned()));
    people[4].fields.set(Field::Title, Value::Unset);
    people[5].fields.set(Field::Phones, Value::List(vec!["+16025559999".to_owned()]));
    let (plan, receipt) = run(&directory, &roster(people.clone())).await;
    let expected = [Action::Inactivate, Action::Update, Action::Update, Action::Update, Action::Invite];
    assert_eq!(actions(&plan), expected);
    assert!(receipt.converged, "{:?} {:?}", receipt.records, receipt.left);

    people.push(person(0, "MD"));
    let (plan, receipt) = run(&directory, &roster(people.clone())).await;
    assert_eq!(actions(&plan), [Action::Activate]);
    assert!(receipt.converged, "{:?}", receipt.left);
    let (plan, _) = run(&directory, &roster(people)).await;
    assert!(plan.is_empty());
}

#[tokio::test]
async fn a_field_that_a_foreign_server_cannot_store_is_refused_and_the_rest_is_done() {
    let foreign = start();
    let directory = foreign.connect("secret", "generic").await.unwrap();
    let all_well = roster([person(0, "MD"), person(1, "MD")]);
    run(&directory, &all_well).await;

    let mut blocked = person(0, "MD");
    blocked.blocked = Some(DesiredBlock::Blocked { reason: BlockReason::ActivityReview, note: None });
    let (plan, receipt) = run(&directory, &roster([blocked, person(1, "RN")])).await;
    assert_eq!(actions(&plan), [Action::Update]);
    assert!(receipt.records.iter().all(is_done) && receipt.converged);
    let [refusal] = plan.refusals.as_slice() else { panic!("{:?}", plan.refusals) };
    assert_eq!(refusal.cause, RefusalCause::NotOffered { action: Action::Block });

    let practice = foreign.connect("secret", "aesthetic-record").await.unwrap();
    let actual = practice.read().await.unwrap();
    let plan = diff(&Desired { platform: PlatformId("aesthetic-record".to_owned()), ..all_well }, &actual);
    assert!(plan.is_empty(), "nothing is written, since nobody could tell");
    assert!(plan.refusals.iter().any(|r| r.cause == RefusalCause::NoPracticeExtension), "{:?}", plan.refusals);
}

#[tokio::test]
async fn a_wrong_token_is_distinguished_from_a_wrong_server() {
    let foreign = start();
    // Discovery may be open, so the refusal may come with the reading.
    let refused = match foreign.connect("wrong", "generic").await {
        Ok(directory) => directory.read().await.unwrap_err(),
        Err(error) => error,
    };
    assert!(matches!(refused, DirectoryError::Auth { status: 401, .. }), "{refused}");
}
