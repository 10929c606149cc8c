//! `rosterctl snapshot`: turns a product's user list into a document of the roster.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::list::{self, Input, UserList, Words};
use crate::manifest;
use crate::model::{Connection, Country, Desired, Moment, Snapshot as List, Tab, size};
use crate::platform::{self, Catalog, ListColumn};
use crate::reconcile::{attest, with_earlier};

use crate::cli::exit::Exit;
use crate::cli::files::list_lock;
use crate::cli::files::path_text::shown;
use crate::cli::files::roster_file;
use crate::cli::lists::files::{self, ListFile};
use crate::cli::lists::{changes, document, notes, sentences};
use crate::cli::roster::{self, no_workspace};
use crate::cli::terminal::Terminal;

/// Reads a product's own list of users into the roster, and says what changed since the last list.
///
/// The files can be CSV, XLSX, ODS, a web page saved from the browser, or text pasted from a page; `-` reads what is piped in. All files
/// of one call are one list, which replaces the last one.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  # One list with a column for the state
  rosterctl snapshot glow-medspa users.csv
  # One file for each tab of the page
  rosterctl snapshot glow-medspa --active active.html --inactive old.csv
  # All files are active users; the page says 43
  rosterctl snapshot glow-medspa --state active users.xlsx --total 43")]
pub(in crate::cli) struct Snapshot {
    /// The workspace.
    #[arg(value_name = "WORKSPACE")]
    workspace: String,
    /// The files with the users.
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// A file with the active users. Can be given several times.
    #[arg(long, value_name = "FILE")]
    active: Vec<PathBuf>,
    /// A file with the inactive users. Can be given several times.
    #[arg(long, value_name = "FILE")]
    inactive: Vec<PathBuf>,
    /// A file with the users who have not accepted their invitation. Can be given several times.
    #[arg(long, value_name = "FILE")]
    pending: Vec<PathBuf>,
    /// A file with the blocked users. Can be given several times.
    #[arg(long, value_name = "FILE")]
    blocked: Vec<PathBuf>,
    /// The state of everybody in the files without a flag of their own: `active`, `inactive`, `pending` or `blocked`.
    #[arg(long, value_name = "STATE", value_parser = state)]
    state: Option<Tab>,
    /// The number of users that the page shows, such as `43`, or `active=43` for one of several tabs.
    #[arg(long, value_name = "N", value_parser = total)]
    total: Vec<(Option<Tab>, u64)>,
    /// Accept that the list lacks this column, which the last one had.
    #[arg(long, value_name = "COLUMN")]
    without: Vec<String>,
    /// Accept a list that is older than the last one.
    #[arg(long)]
    older: bool,
    /// When the list was taken, such as `2026-11-27T17:05:00-07:00`; the time at which the file was saved if absent.
    #[arg(long, value_name = "TIME")]
    taken: Option<Moment>,
    /// The directory that contains the roster.
    #[arg(long, default_value = ".", value_name = "ROSTER_DIR")]
    roster: PathBuf,
}

/// Reads the name of a tab.
fn state(word: &str) -> Result<Tab, String> {
    let tab = Tab::parse(word).filter(|tab| !tab.has_everybody());
    tab.ok_or_else(|| "write `active`, `inactive`, `pending` or `blocked`".to_owned())
}

/// Reads a number of users, with the tab that it is of.
fn total(text: &str) -> Result<(Option<Tab>, u64), String> {
    let (tab, number) = match text.split_once('=') {
        Some((tab, number)) => (Some(Tab::parse(tab).ok_or("write it like `active=43`")?), number),
        None => (None, text),
    };
    let number = number.parse().map_err(|_| "write it like `43` or `active=43`".to_owned())?;
    Ok((tab, number))
}

impl Snapshot {
    /// Reads the list, and writes the document if everything in it is understood.
    ///
    /// # Errors
    /// Fails if a file cannot be read or written, or if the roster does not have the workspace.
    #[expect(clippy::disallowed_methods, reason = "the command line is where this machine's clock is read")]
    pub(in crate::cli) fn run(&self, terminal: Terminal) -> anyhow::Result<Exit> {
        let Some(roster) = roster::load_for_list(&self.roster, terminal)? else { return Ok(Exit::Error) };
        let known: Vec<String> = roster.workspaces.iter().map(|w| w.workspace.clone()).collect();
        let desired = roster
            .workspaces
            .iter()
            .find(|w| w.workspace == self.workspace)
            .with_context(|| no_workspace("the roster", &self.workspace, &known))?;
        let (path, last) = self.target(desired)?;
        let catalog = platform::by_id(&desired.platform).catalog();
        self.can_be(catalog)?;
        let files = files::read(&self.paths()?)?;
        let list = match self.list(&files, desired, catalog)? {
            Ok(list) => list,
            Err(problems) => {
                terminal.say(&sentences::problems(&problems, catalog));
                return Ok(Exit::Error);
            }
        };
        let taken = self.times(&files, desired);
        let now = Timestamp::now().as_millisecond();
        let ahead = taken.values().find(|taken| taken.is_to_come(now));
        anyhow::ensure!(
            ahead.is_none(),
            "the list cannot be from the future: check `--taken` and this machine's clock. Nothing was written"
        );
        let new = document::snapshot(&list, &files, &taken, desired, catalog, last);
        let new = platform::user_list(desired, new, now);
        let new = match last {
            Some(last) => with_earlier(new, last),
            None => new,
        };
        let new = attest::with_proofs(desired, new, last);
        if let Some(last) = last {
            self.check(last, &new, catalog)?;
        }
        let text = manifest::snapshot::write(&new, catalog);
        anyhow::ensure!(
            text.len() <= crate::yaml::MOST_BYTES,
            "the list of {} users makes a file of more than {}, which no command can read. Nothing was written",
            new.accounts.len(),
            size(crate::yaml::MOST_BYTES)
        );
        // Nobody should have to mend this file by hand.
        let is_readable = crate::yaml::edit::keys(text.as_bytes()).is_ok();
        anyhow::ensure!(is_readable, "the list cannot be written so that it is read again: please report this. Nothing was written");
        let _lock = list_lock::take(&path, terminal)?;
        anyhow::ensure!(
            self.is_unchanged(last, terminal)?,
            "another run has changed `{}` in the meantime: run this again. Nothing was written",
            shown(&path)
        );
        roster_file::write(&path, text.as_bytes()).with_context(|| format!("cannot write `{}`", shown(&path)))?;
        terminal.print(&said(&list, last, &new, (catalog, desired.country), &path))?;
        Ok(Exit::Done)
    }

    /// Returns whether the list is still the last one that was read: somebody may have attested something since.
    fn is_unchanged(&self, last: Option<&List>, terminal: Terminal) -> anyhow::Result<bool> {
        let Some(roster) = roster::load_again(&self.roster, terminal)? else { return Ok(false) };
        let own = roster.workspaces.iter().find(|own| own.workspace == self.workspace);
        let found = own.map(|own| self.target(own)).transpose()?.and_then(|(_, list)| list);
        Ok(found == last)
    }

    /// Returns the file of the document, and the last list.
    fn target<'d>(&self, desired: &'d Desired) -> anyhow::Result<(PathBuf, Option<&'d List>)> {
        match &desired.connection {
            Connection::Snapshot(to) => Ok((self.roster.join(&to.path), to.snapshot.as_deref())),
            Connection::Embedded { .. } => anyhow::bail!(
                "`{0}` is an embedded workspace: to keep it by its own list of users instead, replace its `connection` by \
                 `connection: {{ snapshot: snapshots/{0}.yaml }}`, and run this again. Nothing was written",
                desired.workspace
            ),
            Connection::Scim(_) => anyhow::bail!(
                "`{0}` is read and written over SCIM, so it needs no list: if it has no such interface, replace its `connection` by \
                 `connection: {{ snapshot: snapshots/{0}.yaml }}`, and run this again. Nothing was written",
                desired.workspace
            ),
        }
    }

    /// Refuses tabs of states that nobody has on the platform, and names of columns that no list has.
    fn can_be(&self, catalog: &Catalog) -> anyhow::Result<()> {
        let states = catalog.states;
        let given = |paths: &[PathBuf], tab: Tab| !paths.is_empty() || self.state == Some(tab);
        for (paths, tab, has) in [
            (&self.inactive, Tab::Inactive, states.inactive),
            (&self.pending, Tab::Pending, states.pending),
            (&self.blocked, Tab::Blocked, states.blocked),
        ] {
            let (word, name) = (tab.as_str(), &catalog.name);
            let hint =
                if catalog.is_own { format!(": if somebody can, add `{word}` to the `states` of its definition") } else { String::new() };
            anyhow::ensure!(has || !given(paths, tab), "nobody can be {word} on {name}, so it has no list of {word} users{hint}");
        }
        let columns = catalog.list_columns();
        let known: Vec<&str> = columns.iter().copied().chain(Tab::ALL.map(Tab::as_str)).collect();
        if let Some(without) = self.without.iter().find(|without| !known.contains(&without.as_str())) {
            anyhow::bail!("`--without {without}` is not a column of a list: {}", crate::yaml::suggest(without, &known));
        }
        Ok(())
    }

    /// Returns all files, each with its tab.
    fn paths(&self) -> anyhow::Result<Vec<(PathBuf, Option<Tab>)>> {
        let of_tab = |paths: &[PathBuf], tab: Tab| paths.iter().map(|path| (path.clone(), Some(tab))).collect::<Vec<_>>();
        let mut all: Vec<_> = self.files.iter().map(|path| (path.clone(), self.state)).collect();
        for (paths, tab) in
            [(&self.active, Tab::Active), (&self.inactive, Tab::Inactive), (&self.pending, Tab::Pending), (&self.blocked, Tab::Blocked)]
        {
            all.extend(of_tab(paths, tab));
        }
        anyhow::ensure!(!all.is_empty(), "give the files with the users, or `-` to read what is piped in");
        Ok(all)
    }

    /// Reads the files as one list.
    fn list(&self, files: &[ListFile], desired: &Desired, catalog: &Catalog) -> anyhow::Result<Result<UserList, list::Problems>> {
        let clinics = desired.clinics.iter().map(|(key, clinic)| (key.clone(), clinic.name.clone())).collect();
        let roles = desired.roles.iter().map(|(key, role)| (key.clone(), role.name.clone())).collect();
        let words = Words {
            catalog,
            own: &desired.list,
            clinics: &clinics,
            roles: &roles,
            country: desired.country,
            as_of: self.day(files, desired),
        };
        let inputs: Vec<Input<'_>> = files.iter().map(|file| Input { name: &file.name, bytes: &file.bytes, tab: file.tab }).collect();
        let tabs: std::collections::BTreeSet<Tab> = inputs.iter().map(|input| input.tab.unwrap_or(Tab::All)).collect();
        let mut totals = BTreeMap::new();
        for (tab, number) in &self.total {
            let tab = match (tab, tabs.iter().collect::<Vec<_>>().as_slice()) {
                (Some(tab), _) => *tab,
                (None, [only]) => **only,
                (None, _) => anyhow::bail!("say of which tab the total is, such as `--total active={number}`"),
            };
            anyhow::ensure!(
                tabs.contains(&tab) || (*number == 0 && !tab.has_everybody()),
                "no file is given for `--total {}={number}`",
                tab.as_str()
            );
            let before = totals.insert(tab, *number);
            anyhow::ensure!(before.is_none(), "`--total` of {} is given twice", tab.as_str());
        }
        Ok(list::read(&inputs, &words, &totals))
    }

    /// Returns the day of the newest file, in the workspace's time zone.
    fn day(&self, files: &[ListFile], desired: &Desired) -> Option<jiff::civil::Date> {
        let zone = TimeZone::get(&desired.time_zone).unwrap_or(TimeZone::UTC);
        let newest = self.times(files, desired).into_values().max()?;
        Some(Timestamp::from_millisecond(newest.millis()).ok()?.to_zoned(zone).date())
    }

    /// Returns when each tab was taken: when its oldest file was saved.
    fn times(&self, files: &[ListFile], desired: &Desired) -> BTreeMap<Tab, Moment> {
        let zone = TimeZone::get(&desired.time_zone).unwrap_or(TimeZone::UTC);
        let mut times: BTreeMap<Tab, Moment> = BTreeMap::new();
        for file in files {
            let saved = |at: Timestamp| Moment::new(at, zone.to_offset(at));
            let time = match self.taken {
                // Where the workspace does not say which clock it has, that of the person counts.
                Some(taken) if zone == TimeZone::UTC => taken,
                Some(taken) => saved(taken.timestamp()),
                None => saved(file.saved),
            };
            let known = times.entry(file.tab.unwrap_or(Tab::All)).or_insert(time);
            *known = (*known).min(time);
        }
        if let Some(newest) = times.values().max().copied() {
            for tab in self.total.iter().filter(|(_, number)| *number == 0).filter_map(|(tab, _)| *tab) {
                times.entry(tab).or_insert(newest);
            }
        }
        times
    }

    /// Refuses a list that says less than the last one, or is older.
    fn check(&self, last: &List, new: &List, catalog: &Catalog) -> anyhow::Result<()> {
        let mut missing = changes::missing_columns(last, new);
        missing.retain(|column| !self.without.iter().any(|without| without == column.key(catalog)));
        let is_blocked = missing.contains(&ListColumn::Blocked);
        let missing: Vec<&str> = missing.iter().map(|column| column.key(catalog)).collect();
        let mark = if is_blocked && !catalog.list.marks.is_empty() {
            "; if nobody is blocked anymore and the page marks people with an icon, say so with `list: { marks: { blocked: TEXT } }`"
        } else {
            ""
        };
        let word = if is_blocked && new.tabs.contains_key(&Tab::All) {
            "; if nobody is blocked anymore and a word in the column of states says who is, say which, as in `list: { values: { status: { Suspended: blocked } } }`"
        } else {
            ""
        };
        anyhow::ensure!(
            missing.is_empty(),
            "the list lacks {}, which the last one had: show the column and save again{mark}{word}, or accept it with {}. Nothing was written",
            missing.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", "),
            missing.iter().map(|key| format!("`--without {key}`")).collect::<Vec<_>>().join(" ")
        );
        let gone: Vec<&str> = (last.tabs.keys().filter(|tab| !new.tabs.contains_key(tab) && !new.tabs.contains_key(&Tab::All)))
            .map(|tab| tab.as_str())
            .filter(|tab| !self.without.iter().any(|without| without == tab))
            .collect();
        anyhow::ensure!(
            gone.is_empty(),
            "the last list had a tab for {}, and a call replaces the whole list: give that tab, too, or accept it with {}. Nothing was written",
            gone.iter().map(|tab| format!("`{tab}`")).collect::<Vec<_>>().join(", "),
            gone.iter().map(|tab| format!("`--without {tab}`")).collect::<Vec<_>>().join(" ")
        );
        for (tab, read) in &new.tabs {
            // A list of everybody shows the people of each tab, too.
            let is_same = |other: Tab| other == *tab || other.has_everybody() || tab.has_everybody();
            let old = last.tabs.iter().filter(|(other, _)| is_same(**other)).map(|(_, old)| old).max_by_key(|old| old.taken);
            if let Some(old) = old.filter(|old| old.taken > read.taken && !self.older) {
                anyhow::bail!(
                    "the list of `{}` was taken at {}, before the last one ({}): take a new one, or accept it with `--older`. Nothing was written",
                    tab.as_str(),
                    read.taken,
                    old.taken
                );
            }
        }
        Ok(())
    }
}

/// Says what the list shows, with what changed first.
fn said(list: &UserList, last: Option<&List>, new: &List, (catalog, country): (&Catalog, Option<Country>), path: &Path) -> String {
    let mut text = changes::changes(last, new, catalog);
    text.push_str(&changes::tabs(list, new, catalog));
    text.push_str(&sentences::unknown_columns(&list.unknown));
    text.push_str(&changes::not_shown(&new.shows, catalog));
    text.push_str(&notes::notes(&list.notes, catalog, country));
    text + &format!("Written to {}: commit it.\n", shown(path.strip_prefix(".").unwrap_or(path)))
}
