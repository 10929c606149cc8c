//! Scenarios: one file each in `tests/scenarios`, an edit of a base, expanded into the YAML files that the program reads.
//!
//! The file's name is the sentence it proves. `base` names a file of `tests/scenarios/bases`: a roster, a start file and people. `roster` and
//! `start` are merged into the base's; `users` and `accounts` list people of the base by the first part of their address, each with what
//! differs, and `(gone)` takes a key away. The base's main admin is in both unless said otherwise. Without `exits`, there is something to do,
//! it is done, and nothing is left.

#![allow(dead_code, reason = "each test program uses its part")]

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_yaml::{Mapping, Value};

/// The value of an edit for a key that is to be taken away.
const GONE: &str = "(gone)";

/// The exit codes of a scenario that does not write `exits`: something to do, done, nothing left.
const USUAL: &str = "plan 2, apply 0, plan again 0";

/// A base, as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Base {
    roster: Value,
    start: Value,
    always: String,
    people: Mapping,
}

/// A scenario, as it is written; `before` and `and` have the part about a workspace only.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    #[serde(default)]
    requirements: String,
    #[serde(default)]
    because: String,
    before: Option<Box<Form>>,
    base: Option<String>,
    #[serde(default)]
    roster: Mapping,
    #[serde(default)]
    users: Mapping,
    #[serde(default)]
    start: Value,
    #[serde(default)]
    accounts: Mapping,
    and: Option<Box<Form>>,
    phone: Option<String>,
    #[serde(default)]
    files: Mapping,
    #[serde(default = "usual")]
    exits: String,
    #[serde(default)]
    expect: String,
}

/// A scenario.
pub(crate) struct Scenario {
    /// The sentence it proves, with `-` between the words.
    pub(crate) title: String,
    /// Its file.
    pub(crate) path: PathBuf,
    form: Form,
}

fn usual() -> String {
    USUAL.to_owned()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios")
}

/// Every scenario, by title.
pub(crate) fn all() -> Vec<Scenario> {
    let entries = fs::read_dir(folder()).expect("the scenarios").map(|entry| entry.expect("an entry").path());
    let mut paths: Vec<PathBuf> = entries.filter(|path| path.is_file()).collect();
    paths.sort();
    paths.into_iter().map(Scenario::read).collect()
}

impl Scenario {
    fn read(path: PathBuf) -> Self {
        let title = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let form = parse(&path);
        Self { title, path, form }
    }

    /// The requirements it proves.
    pub(crate) fn requirements(&self) -> &str {
        &self.form.requirements
    }

    /// The acting admin's phone number, given where a block is confirmed.
    pub(crate) fn phone(&self) -> Option<&str> {
        self.form.phone.as_deref()
    }

    /// Returns whether another roster was applied some time ago.
    pub(crate) fn has_before(&self) -> bool {
        self.form.before.is_some()
    }

    /// Writes the files of the roster that was applied some time ago.
    pub(crate) fn lay_out_before(&self, folder: &Path) {
        if let Some(before) = &self.form.before {
            lay_out(before, folder);
        }
    }

    /// Writes the roster's files.
    pub(crate) fn lay_out(&self, folder: &Path) {
        lay_out(&self.form, folder);
    }

    /// Returns what the commands exit with, and what they say in short.
    pub(crate) fn expected(&self) -> (&str, &str) {
        (&self.form.exits, &self.form.expect)
    }

    /// The file's text with other expectations.
    pub(crate) fn expecting(&self, exits: &str, said: &str) -> String {
        let text = fs::read_to_string(&self.path).expect("it can be read");
        let end = ["\nexits: ", "\nexpect: |"].iter().filter_map(|key| text.find(key)).min();
        let head = end.map_or(text.as_str(), |at| &text[..=at]);
        let said: String = said.lines().map(|line| format!("  {line}").trim_end().to_owned() + "\n").collect();
        let expect = if said.is_empty() { String::new() } else { format!("expect: |\n{said}") };
        let exits = if exits == USUAL { String::new() } else { format!("exits: {exits}\n") };
        format!("{head}{exits}{expect}")
    }
}

fn parse<T: serde::de::DeserializeOwned>(path: &Path) -> T {
    let text = fs::read_to_string(path).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
    serde_yaml::from_str(&text).unwrap_or_else(|why| panic!("{}: {why}", path.display()))
}

fn lay_out(form: &Form, folder: &Path) {
    let mut roster = Value::Mapping(form.roster.clone());
    let mut start = form.start.clone();
    let (mut users, mut accounts) = (form.users.clone(), form.accounts.clone());
    if let Some(name) = &form.base {
        let base: Base = parse(&self::folder().join(format!("bases/{name}.yaml")));
        roster = merge(base.roster.clone(), roster);
        start = if start.is_null() { base.start.clone() } else { merge(base.start.clone(), start) };
        (users, accounts) = (people(&base, users), people(&base, accounts));
    }
    let name = roster["workspace"].as_str().expect("a workspace").to_owned();
    let start_file = roster["connection"]["embedded"]["start"].as_str().unwrap_or("start.yaml").to_owned();
    write(&folder.join(format!("{name}.yaml")), roster, "users", users);
    if start.as_str() != Some(GONE) {
        write(&folder.join(start_file), start, "accounts", accounts);
    }
    for (name, text) in &form.files {
        fs::write(folder.join(name.as_str().expect("a name")), text.as_str().expect("a text")).expect("written");
    }
    if let Some(and) = &form.and {
        lay_out(and, folder);
    }
}

fn write(path: &Path, mut document: Value, key: &str, people: Mapping) {
    document[key] = Value::Mapping(people);
    fs::write(path, serde_yaml::to_string(&document).expect("it can be written")).expect("written");
}

/// The people an edit names, each with what the base says of them.
fn people(base: &Base, mut edit: Mapping) -> Mapping {
    let mut all = Mapping::new();
    let always = Value::String(base.always.clone());
    let admin = edit.remove(&always).unwrap_or_else(|| Value::Mapping(Mapping::new()));
    for (who, what) in std::iter::once((always, admin)).chain(edit) {
        let who = who.as_str().expect("a name or an address");
        let known = base.people.iter().find(|(address, _)| {
            let address = address.as_str().unwrap_or_default();
            address == who || address.split('@').next() == Some(who)
        });
        if what.as_str() == Some(GONE) {
            continue;
        }
        let (address, value) = match known {
            Some((address, entry)) => (address.clone(), merge(entry.clone(), what)),
            None if who.contains('@') => (Value::String(who.to_owned()), what),
            None => panic!("the base knows nobody called {who}"),
        };
        all.insert(address, value);
    }
    all
}

/// The base's value with the edit's: maps are merged, all else is replaced.
fn merge(base: Value, edit: Value) -> Value {
    match (base, edit) {
        (Value::Mapping(mut base), Value::Mapping(edit)) => {
            for (key, value) in edit {
                if value.as_str() == Some(GONE) {
                    base.shift_remove(&key);
                } else {
                    let old = base.get(&key).cloned().unwrap_or(Value::Null);
                    base.insert(key, merge(old, value));
                }
            }
            Value::Mapping(base)
        }
        (_, edit) => edit,
    }
}
