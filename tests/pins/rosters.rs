//! Everything the program says about a roster: of every scenario, every example and every mistake.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::mask::Mask;
use crate::record::{Case, Said, beside, compare};

/// A copy of a folder's roster, and how the program is run in it.
struct Roster {
    copy: tempfile::TempDir,
    phone: Option<String>,
    mask: Mask,
}

impl Roster {
    fn of(folder: &Path) -> Self {
        let copy = tempfile::tempdir().expect("a folder");
        let mask = Mask { paths: vec![(copy.path().to_string_lossy().into_owned(), "[roster]")], given: String::new() };
        let phone = fs::read_to_string(folder.join("phone")).ok().map(|phone| phone.trim().to_owned());
        let mut roster = Self { copy, phone, mask };
        if folder.join("before").is_dir() {
            roster.fill(&folder.join("before"));
            assert_eq!(roster.run("before", &["apply", "--yes"]).exit, 0, "{}", folder.display());
            for file in files(roster.copy.path()) {
                fs::remove_file(file).expect("removed");
            }
        }
        roster.fill(folder);
        roster
    }

    fn fill(&mut self, folder: &Path) {
        for file in files(folder) {
            let name = file.file_name().expect("a name");
            if name != "expected.txt" && name != "phone" {
                fs::copy(&file, self.copy.path().join(name)).expect("copied");
                self.mask.given.push_str(&String::from_utf8_lossy(&fs::read(&file).expect("it can be read")));
            }
        }
    }

    /// Runs the program on the roster.
    fn run(&self, what: &str, arguments: &[&str]) -> Said {
        self.start(what, arguments, self.copy.path())
    }

    fn start(&self, what: &str, arguments: &[&str], last: &Path) -> Said {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rosterctl"));
        command.args(arguments).arg(last).env_remove("ROSTERCTL_CONFIRM_PHONE");
        if let Some(phone) = &self.phone {
            command.env("ROSTERCTL_CONFIRM_PHONE", phone);
        }
        let output = command.output().expect("the program runs");
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        let text = self.mask.apply(&format!("{out}-- stderr\n{err}"));
        Said { what: what.to_owned(), exit: output.status.code().unwrap_or(-1), text }
    }

    /// The plan in each form, what applying it says, and the receipt in each form.
    fn said(&self) -> Vec<Said> {
        let mut said = Vec::new();
        for form in ["text", "markdown", "json"] {
            said.push(self.run(&format!("plan {form}"), &["plan", "--detailed-exitcode", "--format", form]));
        }
        if said[0].exit == 1 {
            return said;
        }
        let receipt = self.copy.path().join("receipt.json");
        said.push(self.run("apply", &["apply", "--yes", "--receipt", &receipt.to_string_lossy()]));
        for form in ["text", "markdown", "json"].into_iter().filter(|_| receipt.exists()) {
            said.push(self.start(&format!("receipt {form}"), &["show", "--format", form], &receipt));
        }
        said
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    entries(folder).into_iter().filter(|path| path.is_file()).collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry").path()).collect();
    found.sort();
    found
}

fn folders(below: &str) -> Vec<PathBuf> {
    entries(&Path::new(env!("CARGO_MANIFEST_DIR")).join(below)).into_iter().filter(|path| path.is_dir()).collect()
}

fn name(folder: &Path) -> String {
    folder.file_name().expect("a name").to_string_lossy().into_owned()
}

#[test]
fn every_scenario_says_what_is_recorded() {
    let cases = beside(&folders("tests/scenarios"), |folder| Case { name: name(folder), said: Roster::of(folder).said() });
    compare("scenarios", &cases);
}

#[test]
fn every_example_says_what_is_recorded() {
    let cases = beside(&folders("examples"), |folder| {
        let mut roster = Roster::of(folder);
        let mut said = roster.said();
        roster.phone = Some("+1 602 555 0100".to_owned());
        said.extend(roster.said());
        Case { name: name(folder), said }
    });
    compare("examples", &cases);
}

#[test]
fn every_mistake_says_what_is_recorded() {
    let cases = beside(&folders("tests/mistakes"), |folder| {
        let roster = Roster::of(folder);
        Case { name: name(folder), said: vec![roster.run("validate", &["validate"]), roster.run("plan", &["plan"])] }
    });
    compare("mistakes", &cases);
}
