//! The program as a server, with a main admin who has a password, and a colleague.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use reqwest::Client;
use rosterctl::directory::client_to;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

pub(crate) const PASSWORD: &str = "tram lens moss 8";
const MAIN: &str = "olivia@glow.example";
const COLLEAGUE: &str = "noa@glow.example";
const PROGRAM: &str = env!("CARGO_BIN_EXE_rosterctl");

const ROSTER: &str = "\
workspace: glow
platform: aesthetic-record
connection: { embedded: {} }
main_admin: olivia@glow.example
clinics: { downtown: { name: Downtown } }
users:
  olivia@glow.example: { first_name: Olivia, last_name: Stone, role: administrator, clinics: [downtown], phones: [\"+1 602 555 0100\"] }
  noa@glow.example: { first_name: Noa, last_name: Reed, role: administrator, clinics: [downtown], phones: [\"+1 602 555 0101\"] }
";

const START: &str = "\
start: glow
clinics: { downtown: { name: Downtown } }
accounts:
  olivia@glow.example: { first_name: Olivia, last_name: Stone, role: administrator, clinics: [downtown], phones: [\"+1 602 555 0100\"] }
  noa@glow.example: { first_name: Noa, last_name: Reed, role: administrator, clinics: [downtown], phones: [\"+1 602 555 0101\"] }
";

/// A server that is running.
pub(crate) struct Served {
    child: Child,
    url: String,
    client: Client,
    token: String,
    folder: PathBuf,
    _kept: tempfile::TempDir,
}

/// Runs the program about the roster's folder, and returns what it printed.
fn run(arguments: &[&str]) -> String {
    let done = Command::new(PROGRAM).args(arguments).output().expect("the program runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).expect("text").trim().to_owned()
}

impl Served {
    /// Starts it on the disk of the build, not in memory, so that a commit has its real cost.
    pub(crate) fn start(runtime: &Runtime) -> Self {
        let kept = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder can be made");
        let folder = kept.path().to_owned();
        std::fs::write(folder.join("glow.yaml"), ROSTER.replace("{ embedded: {} }", "{ embedded: { start: start.yaml } }"))
            .expect("a file");
        std::fs::write(folder.join("start.yaml"), START).expect("a file");
        let place = folder.to_str().expect("a path").to_owned();
        let token = run(&["token", "create", &place, "--workspace", "glow", "--owner", MAIN, "--access", "write"]);
        let mut child = Command::new(PROGRAM)
            .args(["serve", &place, "--listen", "127.0.0.1:0"])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let mut lines = BufReader::new(child.stderr.take().expect("its log")).lines();
        let said = lines.by_ref().map_while(Result::ok).find(|line| line.starts_with("http://")).expect("it says where it listens");
        std::thread::spawn(move || lines.for_each(drop));
        let url = said.split("/glow/").next().expect("a beginning").to_owned();
        let link = run(&["set-up-link", "--url", &url, "glow", &place]);
        let client = client_to(&url.parse().expect("a URL")).redirect(reqwest::redirect::Policy::none()).build().expect("a client");
        let served = Self { child, url, client, token: format!("Bearer {token}"), folder, _kept: kept };
        let form = url::form_urlencoded::Serializer::new(String::new()).append_pair("new-password", PASSWORD).finish();
        let path = link.strip_prefix(&served.url).expect("a link of this server").to_owned();
        assert_eq!(runtime.block_on(served.send(&path, form, None)).status(), 303, "the main admin chooses a password");
        served
    }

    async fn send(&self, path: &str, form: String, cookie: Option<&str>) -> reqwest::Response {
        let request = self.client.post(format!("{}{path}", self.url)).header("sec-fetch-site", "same-origin");
        let request = request.header("content-type", "application/x-www-form-urlencoded").body(form);
        let request = cookie.iter().fold(request, |request, cookie| request.header("cookie", *cookie));
        request.send().await.expect("an answer")
    }

    async fn signed_in(&self, cookie: Option<&str>) -> reqwest::Response {
        let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs([("email", MAIN), ("password", PASSWORD)]).finish();
        self.send("/glow/sign-in", form, cookie).await
    }

    /// The cookie of a browser in which the password was typed.
    pub(crate) async fn known_browser(&self) -> String {
        let answer = self.signed_in(None).await;
        let cookies = answer.headers().get_all("set-cookie").iter().map(|cookie| cookie.to_str().expect("text"));
        let known = cookies.filter_map(|cookie| cookie.split(';').next()).find(|cookie| cookie.contains("_known-"));
        known.expect("the browser is known from now on").to_owned()
    }

    /// Signs in, in a browser that is known; returns the status.
    pub(crate) async fn sign_in(&self, browser: &str) -> u16 {
        self.signed_in(Some(browser)).await.status().as_u16()
    }

    /// The header of a session of the app.
    pub(crate) async fn app_session(&self) -> String {
        let body = json!({ "email": MAIN, "password": PASSWORD }).to_string();
        let request = self.client.post(format!("{}/glow/api/v1/app/sign-in", self.url)).header("content-type", "application/json");
        let answer = request.body(body).send().await.expect("an answer").bytes().await.expect("a body");
        let answer: Value = serde_json::from_slice(&answer).expect("JSON");
        format!("Bearer {}", answer["session"].as_str().expect("a session"))
    }

    /// Asks for a path; returns the status, once the whole answer has come.
    pub(crate) async fn get(&self, path: &str, authorization: Option<&str>) -> u16 {
        let request = self.client.get(format!("{}{path}", self.url));
        let request = authorization.iter().fold(request, |request, header| request.header("authorization", *header));
        let answer = request.send().await.expect("an answer");
        let status = answer.status().as_u16();
        answer.bytes().await.expect("a body");
        status
    }

    /// The id of the colleague.
    pub(crate) async fn colleague(&self) -> String {
        let path = format!("{}/glow/scim/v2/Users?filter=userName%20eq%20%22{COLLEAGUE}%22", self.url);
        let answer = self.client.get(path).header("authorization", &self.token).send().await.expect("an answer");
        let answer: Value = serde_json::from_slice(&answer.bytes().await.expect("a body")).expect("JSON");
        answer["Resources"][0]["id"].as_str().expect("an id").to_owned()
    }

    /// The header of a new token of the colleague; a block ends the one before.
    pub(crate) fn colleagues_token(&self) -> String {
        let place = self.folder.to_str().expect("a path");
        format!("Bearer {}", run(&["token", "create", place, "--workspace", "glow", "--owner", COLLEAGUE, "--access", "write"]))
    }

    /// Blocks the colleague, or undoes it.
    pub(crate) async fn block(&self, id: &str, is_on: bool) {
        let (action, body) =
            if is_on { ("block", json!({ "reason": "activity-review", "confirmPhone": "+16025550100" })) } else { ("unblock", json!({})) };
        let request = self.client.post(format!("{}/glow/scim/v2/Users/{id}/actions/{action}", self.url));
        let request = request.header("authorization", &self.token).header("content-type", "application/scim+json");
        let status = request.body(body.to_string()).send().await.expect("an answer").status();
        assert_eq!(status, 200, "{action}");
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
