//! Reads a workspace file.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::Path;

use crate::model::{
    Connection, Country, Desired, DesiredUser, Email, EmbeddedStart, Field, Guards, RosterOddity, ScimConnection, SnapshotConnection,
    Subscription,
};
use crate::platform::sentences::hand_over;
use crate::platform::{Candidate, Catalog, Platform};
use crate::yaml::{Finding, Given, NodeRef, Sink, Span, Table, did_you_mean, suggest};

use super::list;
use super::supporting::{OF_SOME, clinics, employees, not_here, roles, strangers};
use super::waivers::waivers;
use crate::manifest::check::{self, Nearby};
use crate::manifest::definition::Definitions;
use crate::manifest::entries::{ConnectionEntry, GuardsEntry, STALE_AFTER, SubscriptionEntry, UsersOfEntry, WorkspaceEntry};
use crate::manifest::file::File;
use crate::manifest::keys::WorkspaceKeys;
use crate::manifest::listed::{ListedUsers, PlacedEntry};
use crate::manifest::own_keys::OwnFields;
use crate::manifest::scalars::{Price, add_platform};
use crate::manifest::secrets::{below, database, plain, secret};
use crate::manifest::snapshot::read::snapshot;
use crate::manifest::sources::Folder;
use crate::manifest::user_entry::{Of, UserEntry, required_keys, user_keys};

/// The code of a mistake about a key that a document must have.
pub(in crate::manifest) const MISSING: &str = "missing";

/// A workspace, with what must be looked up in other files.
#[derive(Debug)]
pub(in crate::manifest) struct RosterWorkspace {
    pub(in crate::manifest) desired: Desired,
    /// The place of its name.
    pub(in crate::manifest) name: Span,
    /// The path of its start file, and the path's place.
    pub(in crate::manifest) start: Option<(String, Span)>,
    /// The path of its list of users, and the path's place.
    pub(in crate::manifest) list: Option<(String, Span)>,
    /// The findings in the files that have more of its users, and in its list, by position in the roster.
    pub(in crate::manifest) more: Vec<(usize, Sink)>,
}

/// Reads the workspace that a document describes; `None` if its name or platform is unknown. The first file is its own; the others have
/// more of its users. `lists` are the files that say what its own list of users showed.
pub(in crate::manifest) fn workspace(
    files: &mut [File<'_>],
    lists: &mut [File<'_>],
    root: NodeRef<'_>,
    folder: &Folder<'_>,
    definitions: &Definitions,
) -> Option<RosterWorkspace> {
    let [file, more @ ..] = files else { return None };
    let mut entry: WorkspaceEntry = file.decoder.decode_with(root, &WorkspaceKeys)?;
    let head = file.key_span(root, "workspace");
    let missing = |file: &File<'_>, key: &str, hint: &str| file.push(Finding::new(MISSING, head, format!("`{key}` is missing")).hint(hint));
    if entry.platform.is_absent() && !file.may_have(root, "platform") {
        missing(file, "platform", &add_platform(&definitions.words()));
    }
    if entry.connection.is_absent() && !file.may_have(root, "connection") {
        missing(file, "connection", "add `connection: { embedded: {} }`, or use `scim` or `snapshot` there");
    }
    let has_no_users = entry.users.is_absent() && !file.may_have(root, "users") && more.is_empty();
    let is_imported = entry.workspace.value().is_some_and(|name| folder.importing.is_meant(&name.0));
    // A list of users can be taken, and users be imported, before anybody is in the roster.
    let is_begun = has_no_users && (is_imported || entry.connection.value().is_some_and(ConnectionEntry::is_snapshot));
    if has_no_users {
        let finding = Finding::new(if is_begun { "no-users" } else { MISSING }, head, "`users` is missing");
        let name = entry.workspace.value().map_or("WORKSPACE", |name| name.0.as_str());
        let finding = finding.hint(format!(
            "list every user by address, or write `users: {{}}` if there are none; `rosterctl import {name}` writes those whom the workspace has"
        ));
        file.push(if is_begun { finding.warning() } else { finding });
    }
    let platform = definitions.platform(file, &entry.platform)?;
    let catalog = platform.catalog();
    let added: Vec<Given<Table<UserEntry>>> = more.iter().map(users_of).collect();
    let country = entry.country.value().map(|country| country.0).or(catalog.country);
    for file in &mut *files {
        file.user_keys = user_keys(catalog, Of::Workspace);
        file.required = required_keys(catalog);
        file.set_own(OwnFields::new(catalog));
        file.country = country;
    }
    let (files, file) = (&*files, files.first()?);
    let name = entry.workspace.value().map_or_else(String::new, |n| n.0.clone());
    strangers(file, catalog, root, &OF_SOME);
    let connected = connection(file, std::mem::take(&mut entry.connection), catalog);
    let is_embedded = connected.as_ref().is_some_and(|to| to.connection.is_embedded());
    let begins_with_main_admin = is_embedded && connected.as_ref().is_some_and(|to| to.start.is_none());
    let unread = Connected { connection: Connection::Embedded { path: None, start: None }, start: None, list: None };
    let Connected { mut connection, start, list } = connected.unwrap_or(unread);
    read_list(&mut connection, list.as_ref(), lists, platform, country);
    let (clinics, roles) = (clinics(file, &entry.clinics), roles(file, catalog, &entry.roles));
    let listed = ListedUsers::read(files, platform, &std::iter::once(&entry.users).chain(&added).collect::<Vec<_>>());
    let users = &listed.users;
    let is_listed_badly = |email: &Email| {
        let tables = || std::iter::once(&entry.users).chain(&added);
        let given = files.iter().zip(tables()).filter_map(|(file, given)| Some(file.node(given.value()?.0)));
        let is_unreadable = tables().any(|given| given.value().is_none() && !given.is_absent());
        is_unreadable || given.flat_map(NodeRef::entries).any(|(key, _)| Email::parse(key.text().trim()).as_ref() == Ok(email))
    };
    // A platform of the roster has no embedded workspaces, which is a mistake of its own.
    let needs_main_admin = !is_imported && ((!catalog.main_admin_optional && !is_begun) || (is_embedded && !catalog.is_own));
    // The import adds the main admin, too.
    let is_listed = entry.main_admin.value().is_some_and(|address| users.contains_key(&address.0));
    let is_still_to_come = is_begun || (is_imported && !is_listed);
    let main_admin = main_admin(file, needs_main_admin, &entry, (!is_still_to_come).then_some(users), &is_listed_badly, root);
    let around = Nearby {
        catalog,
        clinics: &clinics,
        roles: &roles,
        people: &|email| users.get(email).map(|u| (u.fields.text(Field::Role).unwrap_or_default().to_owned(), u.status.is_active())),
        renamed: &|old| check::present_address(users, old),
        is_excused: &|candidate, field| check::is_excused(&connection, candidate, field),
        root: Some(root),
    };
    check_users(platform, &listed, main_admin.as_ref(), &around, entry.initial_password.is_absent());
    let lacking = if begins_with_main_admin { seeds(catalog, &listed, main_admin.as_ref()) } else { Vec::new() };
    check::clashes(platform, &listed);
    check::look_alikes(&listed);
    check::identities(&listed);
    let role_keys = roles.keys().chain(catalog.roles.keys()).map(String::as_str).collect();
    let list_keys = list::WordKeys { catalog, roles: role_keys, clinics: clinics.keys().map(String::as_str).collect() };
    let words = list::list(file, std::mem::take(&mut entry.list), &list_keys);
    let desired = Desired {
        workspace: name.clone(),
        platform: platform.id(),
        connection,
        subscription: subscription(file, catalog, entry.subscription.take(), root),
        time_zone: entry.time_zone.take().map_or_else(|| "UTC".to_owned(), |z| z.0),
        country: file.country,
        main_admin,
        manage: entry.manage.take().unwrap_or_default(),
        guards: guards(entry.guards.take()),
        waivers: waivers(file, &entry.waivers, Some(&name)).into_iter().map(|(waiver, _)| waiver).collect(),
        clinics,
        roles,
        users: listed.users,
        code_word: secret(file, entry.code_word),
        employees: employees(file, &entry.employees),
        initial_password_allowed: entry.initial_password.value().is_some(),
        list: words,
        stale_after: entry.stale_after.take().map_or(STALE_AFTER, |age| age.0),
        oddities: if is_begun { vec![RosterOddity::NoUsers] } else { Vec::new() },
        place: file.place(head),
    };
    // A workspace that exists is not created with this entry.
    if !lacking.is_empty() && !(folder.is_created)(&desired) {
        for (file, finding) in lacking {
            file.push(finding);
        }
    }
    Some(RosterWorkspace { desired, name: head, start, list, more: Vec::new() })
}

/// Checks every user by the rules of the platform and of the workspace.
fn check_users(platform: &Platform, listed: &ListedUsers<'_>, main_admin: Option<&Email>, around: &Nearby<'_>, is_without_passwords: bool) {
    let mut full = BTreeSet::new();
    for (user, PlacedEntry { file, key, node }, is_usable) in listed.all() {
        let is_main = is_usable && main_admin == Some(&user.email);
        // A file with a thousand mistakes is not read to its end: a hostile file could contain hundreds of thousands.
        if file.decoder.is_full() {
            if full.insert(file.index) {
                file.push(Finding::new("more", key.span(), "the rest of the file, from here on, was not checked"));
            }
            continue;
        }
        let candidate = Candidate { email: &user.email, fields: &user.fields, active: user.status.is_active(), main_admin: is_main };
        check::account(file, platform, &candidate, around, key, node);
        check::warnings(file, platform, &candidate, key, node);
        if user.initial_password.is_some() && is_without_passwords {
            file.push(
                Finding::new(
                    "initial-password",
                    file.key_span(node, "initial_password"),
                    "this workspace does not allow temporary first passwords",
                )
                .hint("remove it to send an invitation, or add `initial_password: allowed` to the workspace"),
            );
        }
    }
}

/// Reads the table of a file that has more users.
fn users_of(file: &File<'_>) -> Given<Table<UserEntry>> {
    let Some(root) = file.tree.root() else { return Given::default() };
    let Some(entry) = file.decoder.decode_with::<UsersOfEntry>(root, &WorkspaceKeys) else { return Given::default() };
    if entry.users.is_absent() && !file.may_have(root, "users") {
        let finding = Finding::new("missing", file.key_span(root, "users_of"), "`users` is missing");
        file.push(finding.hint("list the users by address, or delete the file"));
    }
    entry.users
}

/// Reads the main admin, who must be an active user of the document. An embedded workspace of any platform needs one to make its changes.
fn main_admin(
    file: &File<'_>,
    is_needed: bool,
    entry: &WorkspaceEntry,
    users: Option<&BTreeMap<Email, DesiredUser>>,
    is_listed_badly: &dyn Fn(&Email) -> bool,
    root: NodeRef<'_>,
) -> Option<Email> {
    if entry.main_admin.is_absent() && is_needed && !file.may_have(root, "main_admin") {
        let span = file.key_span(root, "workspace");
        file.push(
            Finding::new("missing", span, "`main_admin` is missing")
                .hint("add `main_admin: ADDRESS` with the address of the user who is the main admin"),
        );
    }
    let (address, at) = entry.main_admin.read()?;
    let span = file.node(at).span();
    // While the roster has no users, nobody can be among them.
    let Some(users) = users else { return Some(address.0.clone()) };
    match users.get(&address.0) {
        None if is_listed_badly(&address.0) => {}
        None => {
            let known: Vec<&str> = users.keys().map(Email::as_str).collect();
            let renamed = check::present_address(users, &address.0).map(|new| format!("write `{new}`, the present address"));
            let near = || crate::platform::nearest_address(address.0.as_str(), &known).map(did_you_mean);
            let hint = renamed.or_else(near).unwrap_or_else(|| "add the main admin under `users`".to_owned());
            file.push(Finding::new("main-admin", span, format!("main admin `{}` is not among the users", address.0)).hint(hint));
        }
        Some(user) => {
            if let Err(how) = check::is_meant_to_work(user) {
                file.push(
                    Finding::new("main-admin", span, format!("main admin `{}` is {how}", address.0))
                        .hint(format!("first hand the main admin role over, in a workspace of rosterctl's own with `{}`; then write the new one's address here", hand_over("ADDRESS"))),
                );
            }
        }
    }
    Some(address.0.clone())
}

/// Lists what the main admin's entry lacks for creating an embedded workspace, each with its file.
fn seeds<'a>(catalog: &Catalog, listed: &ListedUsers<'a>, main_admin: Option<&Email>) -> Vec<(&'a File<'a>, Finding)> {
    let is_main_admin = |(user, _, is_usable): &(&DesiredUser, PlacedEntry<'_>, bool)| *is_usable && main_admin == Some(&user.email);
    let Some((user, PlacedEntry { file, key, node }, _)) = listed.all().find(is_main_admin) else { return Vec::new() };
    let is_lacking = |field: Field| {
        user.fields.get(field).is_none_or(|value| value.is_empty()) && !check::is_unreadable(file, node, catalog.yaml_key(field))
    };
    let expected = catalog.known_fields().filter(|(_, rule)| rule.expected_for_invitation).map(|(field, _)| field);
    let lacks = |field: Field| {
        let message = format!("the main admin's `{}` is missing", catalog.yaml_key(field));
        let hint = "an embedded workspace is created with this entry as its first account";
        (file, Finding::new("missing", key.span(), message).hint(hint))
    };
    expected.filter(|field| is_lacking(*field)).map(lacks).collect()
}

/// Reads the list of users that a connection names, if there is such a file.
fn read_list(
    connection: &mut Connection,
    named: Option<&(String, Span)>,
    lists: &mut [File<'_>],
    platform: &'static Platform,
    country: Option<Country>,
) {
    if let (Some(to), Some((path, _))) = (connection.snapshot_mut(), named)
        && let Some(list) = lists.iter_mut().find(|list| plain(path).as_deref() == Some(&*list.name))
    {
        list.country = country;
        to.snapshot = list.tree.root().and_then(|root| snapshot(list, root, platform)).map(Box::new);
    }
}

/// A connection, with the paths of the files that it names and their places.
struct Connected {
    connection: Connection,
    start: Option<(String, Span)>,
    list: Option<(String, Span)>,
}

fn connection(file: &File<'_>, given: Given<ConnectionEntry>, catalog: &Catalog) -> Option<Connected> {
    let (entry, at) = given.with_node()?;
    let span = file.node(at).span();
    let missing = |key: &str| {
        if !file.node(at).children().any(|map| file.may_have(map, key)) {
            file.push(Finding::new("missing", span, format!("`{key}` is missing")).hint("the connection requires it"));
        }
    };
    if catalog.is_own && !entry.is_snapshot() {
        let message = format!("{} is defined in this roster, so rosterctl knows no interface of it", catalog.name);
        let hint =
            "write `connection: { snapshot: snapshots/WORKSPACE.yaml }`: its own list of users is read, and a person makes the changes";
        file.push(Finding::new("connection", span, message).hint(hint));
    }
    match entry {
        ConnectionEntry::Embedded(embedded) => {
            let start = embedded.start.with_node().map(|(name, at)| (name, file.node(at).span()));
            let initial = start.is_some().then(EmbeddedStart::default);
            Some(Connected { connection: Connection::Embedded { path: database(file, embedded.path), start: initial }, start, list: None })
        }
        ConnectionEntry::Scim(scim) => {
            for (key, absent) in [("url", scim.url.is_absent()), ("token", scim.token.is_absent())] {
                if absent {
                    missing(key);
                }
            }
            let token = secret(file, scim.token);
            let connection = Connection::Scim(ScimConnection { url: scim.url.take()?.0, token: token? });
            Some(Connected { connection, start: None, list: None })
        }
        ConnectionEntry::Snapshot(name) => {
            let span = file.node(at).get("snapshot").map_or(span, NodeRef::span);
            let Some(path) = plain(&name).filter(|path| !path.is_empty() && !name.contains("://")) else {
                let finding = Finding::new("snapshot", span, format!("`{name}` is not a path inside the roster"));
                file.push(finding.hint("write a path relative to the roster directory, such as `snapshots/NAME.yaml`"));
                return None;
            };
            if Path::new(&path).extension() != Some(OsStr::new("yaml")) {
                let finding = Finding::new("snapshot", span, format!("`{name}` does not end in `.yaml`"));
                file.push(finding.hint("name the file that `rosterctl snapshot` writes, such as `snapshots/NAME.yaml`; the product's own list is given to that command"));
                return None;
            }
            if path.split('/').any(|part| part.starts_with('.')) {
                let finding = Finding::new("snapshot", span, format!("`{name}` is in a hidden folder, which is not read"));
                file.push(finding.hint("choose a place whose names do not begin with a dot, such as `snapshots/NAME.yaml`"));
                return None;
            }
            let path = below(file, &path, span)?;
            let connection = Connection::Snapshot(SnapshotConnection { path, snapshot: None });
            Some(Connected { connection, start: None, list: Some((name, span)) })
        }
    }
}

fn guards(entry: Option<GuardsEntry>) -> Guards {
    let mut guards = Guards::default();
    let Some(entry) = entry else { return guards };
    if let Some(removals) = entry.removals.take() {
        guards.removals_count = removals.count.take().unwrap_or(guards.removals_count);
        guards.removals_share = removals.share.take().map_or(guards.removals_share, |s| s.0);
    }
    if let Some(administrators) = entry.administrators.take() {
        guards.administrators_at_least = administrators.at_least.take().unwrap_or(guards.administrators_at_least);
    }
    guards
}

/// Returns whether subscriptions of a platform have a plan.
fn has_plans(catalog: &Catalog) -> bool {
    catalog.seats.by.is_plan()
}

fn subscription(file: &File<'_>, catalog: &Catalog, entry: Option<SubscriptionEntry>, root: NodeRef<'_>) -> Subscription {
    let Some(entry) = entry else { return Subscription::default() };
    let mut prices = BTreeMap::new();
    let kinds = &catalog.seats.kinds;
    if let Some(table) = entry.prices.value() {
        for (key, node) in file.node(table.0).entries() {
            if !kinds.iter().any(|k| k == key.text()) {
                let what = if has_plans(catalog) { "plan" } else { "kind of seat" };
                let message = format!("{} has no {what} `{}`", catalog.name, key.text());
                file.push(Finding::new("unknown-seat", key.span(), message).hint(suggest(key.text(), kinds)));
            }
            if let Some(price) = file.decoder.decode::<Price>(node) {
                prices.insert(key.text().to_owned(), price.0);
            }
        }
    }
    if !entry.plan.is_absent() && !has_plans(catalog) {
        let span = root.get("subscription").map_or_else(Span::default, |s| file.key_span(s, "plan"));
        not_here(file, span, "plan", catalog, has_plans);
    }
    let plan = entry.plan.with_node().map(|(plan, at)| {
        if has_plans(catalog) && !kinds.contains(&plan) {
            let message = format!("{} has no plan `{plan}`", catalog.name);
            file.push(Finding::new("unknown-plan", file.node(at).span(), message).hint(suggest(&plan, kinds)));
        }
        plan
    });
    Subscription { plan, billing: entry.billing.take(), next_billing: entry.next_billing.take().map(|d| d.0), prices }
}
