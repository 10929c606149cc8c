//! Counts how often the random workspaces came to what a law is about, and says what came up too seldom to prove anything.

use std::collections::{BTreeMap, BTreeSet};

use rosterctl::model::*;
use rosterctl::platform::built_in;

/// The refusals that our own server can give a plan, by their codes, and how many there are at least in a thousand workspaces: half of what
/// was met. Those of rules are made by several of them.
const REFUSED: [(&str, usize); 14] = [
    ("account-in-use", 24),
    ("address-taken", 34),
    ("cannot-block", 2),
    ("claimed-twice", 33),
    ("id-gone", 46),
    ("immutable", 108),
    ("inactive-employee", 7),
    ("main-admin", 7),
    ("main-admin-differs", 16),
    ("no-employee-record", 12),
    ("nobody-confirms", 1),
    ("not-given", 10),
    ("passcode-stays", 3),
    ("rule", 8),
];

/// The number of them that there are at least on each platform in a thousand workspaces: plans that no guard stopped, those of a token that is not
/// the main admin's, changes that were made, and refusals.
const APPROVED: usize = 80;
const BY_OTHERS: usize = 18;
const MADE: usize = 260;
const REFUSALS: usize = 33;
/// The number of times that each field of each platform is set at least in a thousand workspaces.
const SET: usize = 5;

/// The things that came up, in words, and how often.
#[derive(Default)]
pub(crate) struct Counted {
    times: BTreeMap<String, usize>,
    worlds: usize,
}

impl Counted {
    /// Counts a plan that no guard stopped.
    pub(crate) fn approved(&mut self, plan: &Plan, word: &str, is_other_token: bool) {
        self.one(format!("{word}: plans approved"));
        if is_other_token {
            self.one(format!("{word}: by another administrator"));
        }
        for refusal in &plan.refusals {
            self.one(format!("refused: {}", refusal.cause.code(&|_| "rule")));
            self.one(format!("{word}: refusals"));
        }
    }

    /// Counts a plan that a guard stopped.
    pub(crate) fn stopped(&mut self, word: &str) {
        self.one(format!("{word}: plans stopped"));
    }

    /// Counts a change that was made.
    pub(crate) fn made(&mut self, change: &Change, word: &str) {
        self.one(format!("{word}: changes made"));
        self.one(format!("made: {}", change.action().as_str()));
        for field in change.fields() {
            self.one(format!("{word}: {} set", field.field.key()));
        }
    }

    /// Counts a workspace.
    pub(crate) const fn world(&mut self) {
        self.worlds += 1;
    }

    /// Adds what was counted elsewhere.
    pub(crate) fn add(&mut self, others: Self) {
        self.worlds += others.worlds;
        for (what, times) in others.times {
            *self.times.entry(what).or_default() += times;
        }
    }

    fn one(&mut self, what: String) {
        *self.times.entry(what).or_default() += 1;
    }

    /// Lists what came up less often than it must.
    pub(crate) fn too_seldom(&self) -> BTreeSet<String> {
        let mut floors: BTreeMap<String, usize> = REFUSED.iter().map(|(code, least)| (format!("refused: {code}"), *least)).collect();
        for platform in built_in() {
            let (word, catalog) = (platform.word(), platform.catalog());
            floors.insert(format!("{word}: plans approved"), APPROVED);
            floors.insert(format!("{word}: by another administrator"), BY_OTHERS);
            floors.insert(format!("{word}: changes made"), MADE);
            floors.insert(format!("{word}: refusals"), REFUSALS);
            for (field, _) in catalog.known_fields().filter(|(field, _)| *field != Field::Email) {
                floors.insert(format!("{word}: {} set", field.key()), SET);
            }
        }
        let floors = floors.into_iter().map(|(what, least)| (what, least * self.worlds / 1000));
        let seen = |what: &str| self.times.get(what).copied().unwrap_or_default();
        floors.filter(|(what, least)| seen(what) < *least).map(|(what, least)| format!("{what}: {} of {least}", seen(&what))).collect()
    }

    /// Prints what came up.
    pub(crate) fn print(&self) {
        println!("{} workspaces", self.worlds);
        for (what, times) in &self.times {
            println!("{what}: {times}");
        }
    }
}
