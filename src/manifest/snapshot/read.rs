//! Reads a workspace's own list of users from its document.

use std::collections::{BTreeMap, BTreeSet};

use crate::manifest::fields::fields;
use crate::manifest::file::File;
use crate::manifest::keys::UserKeys;
use crate::manifest::own_keys::OwnFields;
use crate::manifest::said::{self, SaidWords};
use crate::manifest::scalars::Address;
use crate::manifest::supporting::needed;
use crate::manifest::waivers::NOT_A_DIGEST;
use crate::model::{
    Attestation, BLOCKED, BlockSet, Digest, Earlier, Field, Fields, LoginName, Row, Shows, Snapshot, StepId, StepKind, StepValue,
    StepValues, Tab, TabRead, Value,
};
use crate::platform::{Catalog, Platform};
use crate::yaml::{Each, Finding, Given, NodeRef, OrFalse, Span, Table, suggest};

use super::entries::{
    AttestedEntry, EarlierEntry, FlatSeed, FromEntry, PASSCODE, RowEntry, STATUS, SetEntry, SnapshotEntry, TabEntry, TabsEntry,
};
use super::row_status::RowStatus;
use super::write::key_of;

/// Reads the list of users that a document has, for the workspace whose platform and country are those of the file.
pub(in crate::manifest) fn snapshot(file: &mut File<'_>, root: NodeRef<'_>, platform: &'static Platform) -> Option<Snapshot> {
    let catalog = platform.catalog();
    file.user_keys = keys(catalog);
    file.set_own(OwnFields::new(catalog));
    let file = &*file;
    let entry: SnapshotEntry = file.decoder.decode(root)?;
    let head = file.key_span(root, super::SNAPSHOT);
    let absent = [
        ("tabs", entry.tabs.is_absent(), "say which lists were given, such as `active: { taken: TIME }`"),
        ("shows", entry.shows.is_absent(), "list the fields that the list shows"),
        ("accounts", entry.accounts.is_absent(), "list the users, or write `accounts: {}` if there are none"),
    ];
    for (key, is_absent, hint) in absent {
        if is_absent && !file.may_have(root, key) {
            file.push(Finding::new("missing", head, format!("`{key}` is missing")).hint(hint));
        }
    }
    let shows = shows(file, catalog, &entry.shows);
    let accounts = accounts(file, catalog, &entry.accounts, &shows);
    let earlier = earlier(file, catalog, &entry.earlier);
    let workspace = entry.snapshot.take()?.0;
    let attested = attested(file, catalog, &workspace, &entry.attested);
    Some(Snapshot { workspace, from: from(file, &entry.from), tabs: tabs(file, entry.tabs), shows, accounts, earlier, attested })
}

/// The keys that a user can have in a list of a platform.
fn keys(catalog: &'static Catalog) -> Vec<&'static str> {
    let switches = [(Field::Email.key(), true), (STATUS, true), (BLOCKED, catalog.states.blocked), (PASSCODE, catalog.passcode)];
    let fields = catalog.known_fields().map(|(field, _)| catalog.yaml_key(field));
    fields.chain(switches.into_iter().filter_map(|(key, has)| has.then_some(key))).collect()
}

fn from(file: &File<'_>, given: &Given<Each<FromEntry>>) -> BTreeMap<String, String> {
    let Some(each) = given.value() else { return BTreeMap::new() };
    let read = file.decoder.each::<FromEntry>(file.node(each.0));
    read.into_iter()
        .filter_map(|(entry, node)| {
            let name = needed(file, entry.file.unless_supplied(file.may_have(node, "file")), node.span(), "file", "file of a list");
            let hash = needed(file, entry.sha256.unless_supplied(file.may_have(node, "sha256")), node.span(), "sha256", "file of a list");
            Some((name?, hash?))
        })
        .collect()
}

fn tabs(file: &File<'_>, given: Given<TabsEntry>) -> BTreeMap<Tab, TabRead> {
    let Some((TabsEntry { all, active, inactive, pending, blocked }, at)) = given.with_node() else { return BTreeMap::new() };
    let span = file.node(at).span();
    let given = [(Tab::All, all), (Tab::Active, active), (Tab::Inactive, inactive), (Tab::Pending, pending), (Tab::Blocked, blocked)];
    if given.iter().all(|(tab, given)| given.is_absent() && !file.may_have(file.node(at), tab.as_str())) {
        let finding = Finding::new("missing", span, "no tab is given");
        file.push(finding.hint("take the list again with `rosterctl snapshot`"));
    }
    given.into_iter().filter_map(|(tab, given)| Some((tab, tab_read(file, given)?))).collect()
}

fn tab_read(file: &File<'_>, given: Given<TabEntry>) -> Option<TabRead> {
    let (entry, at) = given.with_node()?;
    let node = file.node(at);
    if entry.taken.is_absent() && !file.may_have(node, "taken") {
        let finding = Finding::new("missing", node.span(), "`taken` is missing");
        file.push(finding.hint("say when the list was taken, such as `taken: 2026-11-27T17:05:00-07:00`"));
    }
    Some(TabRead { total: entry.total.take(), taken: entry.taken.take()?.0, filtered: entry.filtered.take().unwrap_or_default() })
}

fn shows(file: &File<'_>, catalog: &Catalog, given: &Given<Each<String>>) -> Shows {
    let mut shows = Shows::default();
    let Some(each) = given.value() else { return shows };
    for (word, node) in file.decoder.each::<String>(file.node(each.0)) {
        match word.as_str() {
            STATUS => shows.status = true,
            word if word == Field::Email.key() => drop(shows.fields.insert(Field::Email)),
            BLOCKED if catalog.states.blocked => shows.blocked = true,
            word => {
                let field = catalog.known_fields().map(|(field, _)| field).find(|field| catalog.yaml_key(*field) == word);
                shows.fields.extend(field);
                if field.is_none() {
                    let known: Vec<&str> = file.user_keys.iter().copied().filter(|key| *key != PASSCODE).collect();
                    let finding = Finding::new("unknown-field", node.span(), format!("{} has no field `{word}`", catalog.name));
                    file.push(finding.hint(suggest(word, &known)));
                }
            }
        }
    }
    shows
}

fn accounts(file: &File<'_>, catalog: &Catalog, given: &Given<Table<RowEntry>>, shows: &Shows) -> BTreeMap<LoginName, Row> {
    let mut accounts = BTreeMap::new();
    let mut keys: BTreeMap<LoginName, Span> = BTreeMap::new();
    let Some(table) = given.value() else { return accounts };
    let seed = FlatSeed::new(&file.own);
    for (key, node) in file.node(table.0).entries() {
        let login = match LoginName::parse(key.text()) {
            Ok(login) => login,
            Err(why) => {
                file.push(Finding::new("login", key.span(), format!("`{}` is not a login", key.text())).hint(why.to_string()));
                continue;
            }
        };
        if let Some(first) = keys.get(&login) {
            let message = format!("`{}` is given twice", key.text());
            let hint = "one login has one row: take the list again with `rosterctl snapshot`";
            file.push(Finding::new("duplicate-user", key.span(), message).hint(hint).also(*first, "first given here"));
            continue;
        }
        let Some(row) = row(file, catalog, node, (seed, shows), login.address().is_some()) else { continue };
        keys.insert(login.clone(), key.span());
        accounts.insert(login, row);
    }
    accounts
}

/// Reads what earlier lists showed of people of whom this one does not say whether they have access.
fn earlier(file: &File<'_>, catalog: &Catalog, given: &Given<Table<EarlierEntry>>) -> BTreeMap<LoginName, Earlier> {
    let mut earlier = BTreeMap::new();
    let Some(table) = given.value() else { return earlier };
    let seed = FlatSeed::<EarlierEntry>::new(&file.own);
    for (key, node) in file.node(table.0).entries() {
        let login = match LoginName::parse(key.text()) {
            Ok(login) => login,
            Err(why) => {
                file.push(Finding::new("login", key.span(), format!("`{}` is not a login", key.text())).hint(why.to_string()));
                continue;
            }
        };
        let Some(EarlierEntry { row, taken }) = file.decoder.decode_seed(node, seed, &UserKeys(&file.user_keys, &file.required)) else {
            continue;
        };
        if taken.is_absent() && !file.may_have(node, "taken") {
            let finding = Finding::new("missing", node.span(), "`taken` is missing");
            file.push(finding.hint("say when that list was taken, such as `taken: 2026-11-27T17:05:00-07:00`"));
        }
        let Some(taken) = taken.take() else { continue };
        let row = shown(file, catalog, row, node);
        earlier.insert(login, Earlier { row, taken: taken.0 });
    }
    earlier
}

/// Returns what a row shows.
fn shown(file: &File<'_>, catalog: &Catalog, entry: RowEntry, node: NodeRef<'_>) -> Row {
    let mut fields = values(file, catalog, &entry.said, None, node);
    // Beside a user name there may be no address.
    if let Some(address) = entry.email.take() {
        fields.set(Field::Email, address.map_or(Value::Unset, |address| Value::Text(address.0.into())));
    }
    let status = entry.status.take();
    let standing = status.map(RowStatus::standing);
    Row { fields, status: standing, blocked: entry.blocked.take(), is_expired: status.is_some_and(RowStatus::is_expired) }
}

fn row(
    file: &File<'_>,
    catalog: &Catalog,
    node: NodeRef<'_>,
    (seed, shows): (FlatSeed<'_, RowEntry>, &Shows),
    has_address: bool,
) -> Option<Row> {
    let entry: RowEntry = file.decoder.decode_seed(node, seed, &UserKeys(&file.user_keys, &file.required))?;
    let is_shown = |key: &str| match key {
        STATUS => shows.status,
        BLOCKED => shows.blocked,
        key => shows.fields.iter().any(|field| catalog.yaml_key(*field) == key),
    };
    for (key, _) in node.entries() {
        let word = key.text();
        if has_address && word == Field::Email.key() {
            let finding = Finding::new("unknown-key", key.span(), "the login is the address already");
            file.push(finding.hint("remove `email`; only a user name can have an address beside it"));
        } else if file.user_keys.contains(&word) && word != PASSCODE && !is_shown(word) {
            let finding = Finding::new("not-shown", key.span(), format!("`{word}` is not among the fields that the list shows"));
            file.push(finding.hint(format!("add `{word}` to `shows`, or remove it here")));
        }
    }
    Some(shown(file, catalog, entry, node))
}

/// The values of a flat map, in the form in which they are compared. Keys that this platform does not have are reported.
fn values(file: &File<'_>, catalog: &Catalog, said: &SaidWords, email: Option<Address>, node: NodeRef<'_>) -> Fields {
    for (key, _) in node.entries() {
        let word = key.text();
        if said::field(word).is_some() && !file.user_keys.contains(&word) {
            let finding = Finding::new("unknown-field", key.span(), format!("{} has no field `{word}`", catalog.name));
            file.push(finding.hint(suggest(word, &file.user_keys)));
        }
    }
    let mut fields = fields(file, catalog, said);
    catalog.normalize(&mut fields);
    if let Some(address) = email {
        fields.set(Field::Email, Value::Text(address.0.into()));
    }
    fields
}

fn attested(file: &File<'_>, catalog: &Catalog, workspace: &str, given: &Given<Each<AttestedEntry>>) -> BTreeSet<Attestation> {
    let Some(each) = given.value() else { return BTreeSet::new() };
    let read = file.decoder.each::<AttestedEntry>(file.node(each.0));
    let read = read.into_iter().filter_map(|(entry, node)| Some((attestation(file, catalog, entry, node)?, node)));
    let mut all: BTreeSet<Attestation> = read.inspect(|(one, node)| check_id(file, workspace, one, *node)).map(|(one, _)| one).collect();
    // Two branches may have added the same one, and only one of them a list that proves it.
    let mut merged: BTreeSet<Attestation> = BTreeSet::new();
    while let Some(mut one) = all.pop_first() {
        while let Some(same) = all.first().filter(|next| next.says_the_same(&one)) {
            one.proved.extend(&same.proved);
            one.contradicted.extend(&same.contradicted);
            one.settled.extend(&same.settled);
            all.pop_first();
        }
        merged.insert(one);
    }
    merged
}

/// Reads which values of an attestation lists have shown, or contradicted, since.
fn shown_since(file: &File<'_>, catalog: &Catalog, given: &Given<Each<String>>, set: &StepValues) -> BTreeSet<StepValue> {
    let Some(each) = given.value() else { return BTreeSet::new() };
    let known = set.each();
    let mut read = BTreeSet::new();
    for (word, node) in file.decoder.each::<String>(file.node(each.0)) {
        let found = known.iter().find(|value| key_of(**value, catalog) == word);
        read.extend(found);
        if found.is_none() {
            let keys: Vec<&str> = known.iter().map(|value| key_of(*value, catalog)).collect();
            let finding = Finding::new("unknown-field", node.span(), format!("`{word}` is not among the values of `set`"));
            file.push(finding.hint(suggest(&word, &keys)));
        }
    }
    read
}

fn attestation(file: &File<'_>, catalog: &Catalog, entry: AttestedEntry, node: NodeRef<'_>) -> Option<Attestation> {
    let span = node.span();
    let keys = [
        ("id", entry.id.is_absent()),
        ("user", entry.user.is_absent()),
        ("change", entry.change.is_absent()),
        ("set", entry.set.is_absent()),
        ("by", entry.by.is_absent()),
        ("at", entry.at.is_absent()),
        ("plan", entry.plan.is_absent()),
    ];
    for (key, is_absent) in keys {
        if is_absent && !file.may_have(node, key) {
            file.push(Finding::new("missing", span, format!("`{key}` is missing")).hint("every attestation must have it"));
        }
    }
    let at_node = |at: u32| file.node(at).span();
    let id = entry.id.with_node().and_then(|(id, at)| {
        let read = StepId::parse(&id);
        if read.is_none() {
            file.push(
                Finding::new("step-id", at_node(at), format!("`{id}` is not the id of a step"))
                    .hint(format!("write its {} hex digits, in quotes", StepId::DIGITS)),
            );
        }
        read
    });
    let change = entry.change.with_node().and_then(|(word, at)| {
        let read = StepKind::parse(&word);
        if read.is_none() {
            let finding = Finding::new("unknown-change", at_node(at), format!("`{word}` is not a kind of change"));
            file.push(finding.hint(suggest(&word, &StepKind::words())));
        }
        read
    });
    let plan = entry.plan.with_node().and_then(|(plan, at)| {
        let is_digest = Digest::is_named_by(&plan);
        if !is_digest {
            let finding = Finding::new("digest", at_node(at), NOT_A_DIGEST);
            file.push(
                finding.hint(format!("write at least the first {} hex digits of the plan's digest, in quotes", Digest::FEWEST_DIGITS)),
            );
        }
        is_digest.then(|| plan.to_ascii_lowercase())
    });
    let set = entry.set.value().and_then(|set| set_values(file, catalog, file.node(set.0)));
    let since = |given: &Given<Each<String>>| set.as_ref().map(|set| shown_since(file, catalog, given, set)).unwrap_or_default();
    let (proved, contradicted, settled) = (since(&entry.proved), since(&entry.contradicted), since(&entry.settled));
    let by = needed(file, if entry.by.is_absent() { Given::Bad } else { entry.by }, span, "by", "attestation");
    Some(Attestation {
        user: entry.user.take()?.0,
        at: entry.at.take()?.0,
        id: id?,
        change: change?,
        set: set?,
        by: by?,
        plan: plan?,
        note: entry.note.take().map(|note| note.trim().to_owned()).filter(|note| !note.is_empty()),
        proved,
        contradicted,
        settled,
    })
}

/// Reports an attestation that was edited: its id says what was done.
fn check_id(file: &File<'_>, workspace: &str, one: &Attestation, node: NodeRef<'_>) {
    let own = StepId::new(workspace, &one.user, one.change, &one.set);
    if own != one.id {
        let span = node.entry("id").map_or_else(|| node.span(), |(_, value)| value.span());
        let finding = Finding::new("step-id", span, format!("the id {} is not that of this step, so something in it was edited", one.id));
        file.push(
            finding.hint("restore the line from git; to say that something else was done, record it with `rosterctl attest`").warning(),
        );
    }
}

fn set_values(file: &File<'_>, catalog: &Catalog, node: NodeRef<'_>) -> Option<StepValues> {
    let entry: SetEntry = file.decoder.decode_seed(node, FlatSeed::new(&file.own), &UserKeys(&file.user_keys, &file.required))?;
    Some(StepValues {
        fields: values(file, catalog, &entry.said, entry.email.take(), node),
        status: entry.status.take(),
        blocked: entry.blocked.take().map(|blocked| match blocked {
            OrFalse::False => BlockSet::Lifted,
            OrFalse::Is(reason) => BlockSet::For(reason),
        }),
        passcode: entry.passcode.take().is_some_and(|passcode| passcode.0),
    })
}
