//! Everything the program says about a roster: of every scenario, every example and every mistake.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::mask::Mask;
use super::record::{Case, Said, beside, compare};
use crate::report::fits;
use crate::scenario::{self, Scenario};

/// The folder of an example's lists of users, and the day on which all of them were taken.
const LISTS: &str = "snapshots";
const DAY_OF_LISTS: &str = "2026-11-27";

/// A day on which a list of users was taken that is neither new nor too old.
#[expect(clippy::disallowed_methods, reason = "the program judges the age of a list by the machine's clock")]
fn some_days_ago() -> String {
    let now = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC);
    now.date().checked_sub(jiff::Span::new().days(4)).expect("a day").to_string()
}

/// A copy of a folder's roster, and how the program is run in it.
struct Roster {
    copy: tempfile::TempDir,
    passcodes: tempfile::NamedTempFile,
    phone: Option<String>,
    mask: Mask,
}

impl Roster {
    fn empty() -> Self {
        let copy = tempfile::tempdir().expect("a folder");
        let passcodes = tempfile::NamedTempFile::new().expect("a file");
        let paths = vec![(path_of(copy.path()), "[roster]"), (path_of(passcodes.path()), "/dev/null")];
        Self { copy, passcodes, phone: None, mask: Mask { paths, given: String::new() } }
    }

    /// A copy of a folder's YAML. A list of users is always as old, since its age is in what is said about it.
    fn of(folder: &Path) -> Self {
        let roster = Self::empty();
        for file in files(folder).into_iter().filter(|file| !file.ends_with("expected.txt")) {
            fs::copy(&file, roster.copy.path().join(file.file_name().expect("a name"))).expect("copied");
        }
        let (lists, copied) = (folder.join(LISTS), roster.copy.path().join(LISTS));
        for file in files(&lists) {
            fs::create_dir_all(&copied).expect("a folder");
            let text = fs::read_to_string(&file).expect("it can be read").replace(DAY_OF_LISTS, &some_days_ago());
            fs::write(copied.join(file.file_name().expect("a name")), text).expect("written");
        }
        roster.knowing()
    }

    /// A scenario's files, after what was applied before it.
    fn of_scenario(scenario: &Scenario) -> Self {
        let mut roster = Self::empty();
        roster.phone = scenario.phone().map(str::to_owned);
        if scenario.has_before() {
            scenario.lay_out_before(roster.copy.path());
            roster = roster.knowing();
            let passcodes = path_of(roster.passcodes.path());
            assert_eq!(roster.run("before", &["apply", "--yes", "--passcodes", &passcodes]).exit, 0, "{}", scenario.title);
            for file in files(roster.copy.path()) {
                fs::remove_file(file).expect("removed");
            }
        }
        scenario.lay_out(roster.copy.path());
        roster.knowing()
    }

    /// Lets the mask know what the files say.
    fn knowing(mut self) -> Self {
        for file in files(self.copy.path()) {
            self.mask.given.push_str(&String::from_utf8_lossy(&fs::read(&file).expect("it can be read")));
        }
        self
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

    /// Checks that a saved receipt fits the published schema and is printed, once read, as it was saved.
    fn check_saved(&self, receipt: &Path) {
        let saved = fs::read(receipt).expect("it can be read");
        fits("receipt.schema.json", &serde_json::from_slice(&saved).expect("JSON"));
        let shown = Command::new(env!("CARGO_BIN_EXE_rosterctl")).args(["show", "--format", "json"]).arg(receipt).output();
        let shown = shown.expect("the program runs");
        let (whose, said) = (self.copy.path().display(), String::from_utf8_lossy(&shown.stderr));
        assert_eq!((shown.status.code(), &*said), (Some(0), ""), "{whose}");
        assert_eq!(String::from_utf8(shown.stdout), String::from_utf8(saved), "{whose}");
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
        let passcodes = path_of(self.passcodes.path());
        said.push(self.run("apply", &["apply", "--yes", "--passcodes", &passcodes, "--receipt", &receipt.to_string_lossy()]));
        if receipt.exists() {
            self.check_saved(&receipt);
        }
        for form in ["text", "markdown", "json"].into_iter().filter(|_| receipt.exists()) {
            said.push(self.start(&format!("receipt {form}"), &["show", "--format", form], &receipt));
        }
        said
    }
}

fn path_of(file: &Path) -> String {
    file.to_string_lossy().into_owned()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    if !folder.exists() {
        return Vec::new();
    }
    entries(folder).into_iter().filter(|path| path.is_file()).collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry").path()).collect();
    found.sort();
    found
}

/// The rosters in a folder; a folder that only has other folders is not one.
fn folders(below: &str) -> Vec<PathBuf> {
    let inside = entries(&Path::new(env!("CARGO_MANIFEST_DIR")).join(below));
    inside.into_iter().filter(|path| path.is_dir() && !files(path).is_empty()).collect()
}

fn name(folder: &Path) -> String {
    folder.file_name().expect("a name").to_string_lossy().into_owned()
}

#[test]
fn every_scenario_says_what_is_recorded() {
    let cases = beside(&scenario::all(), |scenario| Case { name: scenario.title.clone(), said: Roster::of_scenario(scenario).said() });
    compare("scenarios", &cases);
}

#[test]
fn every_example_says_what_is_recorded() {
    let mut all = folders("examples");
    all.extend(folders("examples/platforms"));
    let cases = beside(&all, |folder| {
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
