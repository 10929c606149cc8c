//! Four workspaces on one server, whose rosters reach it by SCIM: two of one platform, in which somebody has one login, and two others.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::post::Post;
use crate::serving::served::{Served, create_token, get};
use crate::support::OWN_PHONE;

const WORKSPACES: &str = "\
workspaces:
  glow: { platform: aesthetic-record, start: glow-start.yaml, main_admin: olivia@glow.example }
  spa: { platform: aesthetic-record, start: spa-start.yaml, main_admin: olivia@glow.example }
  bright: { platform: practice-by-numbers, start: bright-start.yaml, main_admin: dana@bright.example }
  lakeside: { platform: telus-chr, start: lakeside-start.yaml, main_admin: iyer@lakeside.example }
";

const GLOW: &str = "\
clinics: { downtown: { name: Downtown } }
WHO:
  olivia@glow.example:
    { first_name: Olivia, last_name: Stone, role: administrator, clinics: [downtown], phones: [\"+1 602 555 0100\"], dashboard_access: true }
";
const BRIGHT: &str = "\
WHO:
  dana@bright.example: { first_name: Dana, last_name: Fox, role: owner }
";
const LAKESIDE: &str = "\
WHO:
  iyer@lakeside.example: { first_name: Asha, last_name: Iyer, type: practitioner, needs: [schedule] }
";

/// A workspace of the practice.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    pub workspace: &'static str,
    platform: &'static str,
    main_admin: &'static str,
    /// The content that the workspace starts with, and what its roster has besides the people of a test.
    content: &'static str,
}

pub(crate) const PLACES: [Place; 4] = [
    Place { workspace: "glow", platform: "aesthetic-record", main_admin: "olivia@glow.example", content: GLOW },
    Place { workspace: "spa", platform: "aesthetic-record", main_admin: "olivia@glow.example", content: GLOW },
    Place { workspace: "bright", platform: "practice-by-numbers", main_admin: "dana@bright.example", content: BRIGHT },
    Place { workspace: "lakeside", platform: "telus-chr", main_admin: "iyer@lakeside.example", content: LAKESIDE },
];

pub(crate) fn place(workspace: &str) -> Place {
    PLACES.into_iter().find(|place| place.workspace == workspace).expect("a workspace of the practice")
}

/// The server, the post, and the rosters with their tokens.
pub(crate) struct Practice {
    pub served: Served,
    pub post: Post,
    tokens: Vec<String>,
}

impl Practice {
    pub(crate) fn open() -> Self {
        let post = Post::start(&[]);
        let starts = PLACES.map(|place| {
            let content = place.content.replace("WHO:", "accounts:");
            (format!("{}-start.yaml", place.workspace), format!("start: {}\n{content}", place.workspace))
        });
        let files: Vec<(&str, &str)> = starts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let served = Served::hosting(&format!("{}{WORKSPACES}", post.lines()), &files, ("glow", "olivia@glow.example"));
        let config = served.path().join("server.yaml");
        let tokens = PLACES.map(|place| create_token(&["--config", config.to_str().unwrap()], place.workspace, place.main_admin));
        Self { served, post, tokens: tokens.into() }
    }

    /// The folder of a roster.
    pub(crate) fn roster(&self, workspace: &str) -> PathBuf {
        self.served.path().join("rosters").join(workspace)
    }

    /// Writes the roster of a workspace with these people besides the main admin, each a line.
    pub(crate) fn write(&self, workspace: &str, people: &[&str]) {
        let Place { platform, main_admin, content, .. } = place(workspace);
        let url = format!("http://{}/{workspace}/scim/v2", self.served.address);
        let people: String = people.iter().flat_map(|line| ["  ", line, "\n"]).collect();
        let text = format!(
            "workspace: {workspace}\nplatform: {platform}\nmain_admin: {main_admin}\n\
             connection: {{ scim: {{ url: \"{url}\", token: {{ env: TOKEN }} }} }}\n{}{people}",
            content.replace("WHO:", "users:")
        );
        std::fs::create_dir_all(self.roster(workspace)).unwrap();
        std::fs::write(self.roster(workspace).join("roster.yaml"), text).unwrap();
    }

    /// The environment of the program for a workspace.
    pub(crate) fn environment(&self, workspace: &str) -> [(&'static str, String); 2] {
        let at = PLACES.iter().position(|place| place.workspace == workspace).unwrap();
        [("TOKEN", self.tokens[at].clone()), ("ROSTERCTL_CONFIRM_PHONE", OWN_PHONE.to_owned())]
    }

    /// Runs the program about a workspace, and returns its exit code and what it said.
    pub(crate) fn run(&self, workspace: &str, arguments: &[&str]) -> (i32, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rosterctl"));
        let done = command.args(arguments).envs(self.environment(workspace)).output().unwrap();
        let said = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
        (done.status.code().unwrap_or(-1), said)
    }

    /// Writes the roster and applies it; nothing is left over.
    pub(crate) fn apply(&self, workspace: &str, people: &[&str]) {
        self.write(workspace, people);
        self.apply_again(workspace);
    }

    /// Applies the roster as it is written; nothing is left over.
    pub(crate) fn apply_again(&self, workspace: &str) {
        let (code, said) = self.run(workspace, &["apply", self.roster(workspace).to_str().unwrap(), "--yes"]);
        assert_eq!(code, 0, "{said}");
        let (code, left) = self.run(workspace, &["plan", self.roster(workspace).to_str().unwrap(), "--detailed-exitcode"]);
        assert_eq!(code, 0, "the plan is not empty: {left}");
    }

    /// Lists what the user log of a workspace says of somebody: action, result and detail of each row.
    pub(crate) fn logged(&self, workspace: &str, about: &str) -> Vec<String> {
        let [(_, token), _] = self.environment(workspace);
        let headers = format!("Authorization: Bearer {token}\r\n");
        let answer = get(&self.served.address, &format!("GET /{workspace}/api/v1/log"), &headers).unwrap();
        let log: Value = serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap();
        let rows = log["entries"].as_array().unwrap().iter().filter(|row| row["subject"]["name"] == about);
        rows.map(|row| {
            let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
            let detail = text("detail");
            let result = if text("result") == "done" { String::new() } else { format!(" {}", text("result")) };
            if detail.is_empty() { format!("{}{result}", text("action")) } else { format!("{}{result}: {detail}", text("action")) }
        })
        .collect()
    }

    /// Returns where the database of the server is.
    pub(crate) fn database(&self) -> PathBuf {
        self.served.path().join(".rosterctl/server.db")
    }

    /// Checks every row of every user log; returns what the program said.
    pub(crate) fn verify(&self) -> String {
        let database: &Path = &self.database();
        let (code, said) = self.run("glow", &["log", "--verify", "--database", database.to_str().unwrap()]);
        assert_eq!(code, 0, "{said}");
        said
    }
}
