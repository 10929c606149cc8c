//! The program itself, run in rosters of its own.
#![allow(dead_code, reason = "each test file uses its part")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// One of the acting admin's own numbers in the medical spa of the examples.
pub(crate) const OWN_PHONE: &str = "+1 602 555 0100";

/// The file, outside of the roster's own files, to which `apply` writes new passcodes, and the variable that turns this off.
pub(crate) const PASSCODES: &str = ".passcodes";
pub(crate) const NO_PASSCODES: &str = "TEST_WITHOUT_PASSCODES";

/// The output of a run.
pub(crate) struct Said {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

/// A roster in a directory of its own.
pub(crate) struct Roster {
    directory: tempfile::TempDir,
    variables: BTreeMap<String, String>,
}

impl Roster {
    /// A roster with nothing in it.
    pub(crate) fn empty() -> Self {
        Self { directory: tempfile::tempdir().unwrap(), variables: BTreeMap::new() }
    }

    /// A copy of an example, its blocks confirmed by the environment.
    pub(crate) fn example(name: &str) -> Self {
        let mut roster = Self::empty();
        roster.set("ROSTERCTL_CONFIRM_PHONE", OWN_PHONE);
        for entry in fs::read_dir(Path::new("examples").join(name)).unwrap() {
            let entry = entry.unwrap();
            if entry.path().is_file() {
                fs::copy(entry.path(), roster.path().join(entry.file_name())).unwrap();
            }
        }
        roster
    }

    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    /// Replaces a text in a file; it must be there.
    pub(crate) fn edit(&self, name: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path().join(name)).unwrap();
        assert!(text.contains(from), "`{from}` is not in {name}");
        self.write(name, &text.replace(from, to));
    }

    /// Sets a variable for the runs that follow.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.variables.insert(name.to_owned(), value.to_owned());
    }

    /// Takes a variable away.
    pub(crate) fn unset(&mut self, name: &str) {
        self.variables.remove(name);
    }

    /// Runs the program in the roster's directory, without a terminal.
    #[expect(clippy::disallowed_methods, reason = "the program needs PATH to find git")]
    pub(crate) fn run(&self, arguments: &[&str]) -> Said {
        let mut command = assert_cmd::Command::cargo_bin("rosterctl").unwrap();
        command.current_dir(self.path()).args(arguments);
        // Without a terminal, no passcode is made unless it goes into a file.
        if arguments.first() == Some(&"apply") && !arguments.contains(&"--passcodes") && !self.variables.contains_key(NO_PASSCODES) {
            command.args(["--passcodes", PASSCODES]);
        }
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.envs(&self.variables);
        let output = command.output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        Said { code: output.status.code().unwrap_or(-1), stdout: text(&output.stdout), stderr: text(&output.stderr) }
    }

    /// Runs the program and expects an exit code.
    pub(crate) fn expect(&self, code: i32, arguments: &[&str]) -> Said {
        let said = self.run(arguments);
        assert_eq!(said.code, code, "{arguments:?}\n{}\n{}", said.stdout, said.stderr);
        said
    }

    /// Every file below the roster, relative, sorted.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        let mut open = vec![self.path().to_owned()];
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() { open.push(path) } else { files.push(path.strip_prefix(self.path()).unwrap().to_owned()) }
            }
        }
        files.sort();
        files
    }
}

/// Replaces what differs from run to run: digests, days, file names.
pub(crate) fn settled(text: &str) -> String {
    let mut words = Vec::new();
    for line in text.lines() {
        let line: Vec<String> = line.split(' ').map(settled_word).collect();
        words.push(line.join(" "));
    }
    words.join("\n")
}

fn settled_word(word: &str) -> String {
    let bare = word.trim_matches(['"', ',', '`', '.']);
    let is_hex = bare.len() >= 12 && bare.bytes().all(|b| b.is_ascii_hexdigit());
    let is_day = bare.len() == 10 && bare.bytes().enumerate().all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
    if is_hex {
        word.replace(bare, if bare.len() == 64 { "[digest]" } else { "[12 digits]" })
    } else if is_day {
        word.replace(bare, "[day]")
    } else if let Some(at) = bare.find("/receipts/") {
        word.replace(&bare[at + 10..], "[receipt]")
    } else {
        word.to_owned()
    }
}
