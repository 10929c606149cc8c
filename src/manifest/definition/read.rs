//! Turns the document of a definition into a catalog.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use crate::manifest::entries::ListEntry;
use crate::manifest::file::File;
use crate::manifest::list;
use crate::manifest::scalars::{invalid_name, unseen};
use crate::model::{Action, Field, ListWords};
use crate::platform::catalog::{CodeWord, RolesReach, UserNameChange};
use crate::platform::field_rules::{ChangedBy, SwitchPrivileges};
use crate::platform::seats::{Seats, SeatsBy};
use crate::platform::sentences::key_form;
use crate::platform::states::{StateName, States};
use crate::platform::{Catalog, FieldRule, FieldRules, Platform, is_key, of_roster, text_form};
use crate::yaml::{Each, Finding, Given, NodeRef, Table, suggest};

use super::check;
use super::entries::{DefinitionEntry, DefinitionListEntry};
use super::{texts, twice};

/// The first key of a file that defines a platform.
pub(in crate::manifest) const DEFINE_PLATFORM: &str = "define_platform";

/// The parts of a definition on which nothing in a workspace's files depends.
const APART: [&str; 4] = ["runbook", "list", "prices", "administrators"];

/// Reads the platform that a document defines; `None` if so much is wrong with it that nobody knows what a workspace can say.
pub(super) fn definition(file: &File<'_>, root: NodeRef<'_>) -> Option<&'static Arc<Platform>> {
    let mut entry: DefinitionEntry = file.decoder.decode(root)?;
    let head = file.key_span(root, DEFINE_PLATFORM);
    for (key, is_absent, hint) in [
        ("name", entry.name.is_absent(), "write what people call the product, such as `name: Jane App`"),
        ("fields", entry.fields.is_absent(), "list the fields of a user, such as `fields: { first_name: {}, last_name: {} }`"),
    ] {
        if is_absent && !file.may_have(root, key) {
            file.push(Finding::new("missing", head, format!("`{key}` is missing")).hint(hint));
        }
    }
    let given_list = std::mem::take(&mut entry.list);
    let parts =
        [std::mem::take(&mut entry.fields).with_node().map(|(table, _)| file.node(table.0)), root.get("roles"), root.get("runbook")];
    let mut catalog = catalog(file, entry, parts[0])?;
    let words = list_words(file, given_list, &catalog);
    catalog.list = words;
    check::catalog(file, root, &catalog);
    texts::runbook(file, root, &catalog);
    twice::check(file, root, &catalog);
    let mut others = root.entries().filter(|(key, _)| !APART.contains(&key.text()));
    if others.any(|(key, node)| file.decoder.has_mistake_in(key.span()) || file.decoder.has_mistake_in(node.span())) {
        return None;
    }
    let platform = of_roster(catalog);
    if platform.is_none() {
        file.push(Finding::new("too-many", head, "there are too many definitions of platforms").hint(check::UNUSED));
    }
    platform
}

fn catalog(file: &File<'_>, entry: DefinitionEntry, fields_node: Option<NodeRef<'_>>) -> Option<Catalog> {
    let text = |given: Given<String>, key: &str| {
        let (text, at) = given.with_node()?;
        if let Some(problem) = unseen(&text, key, "write a text that people can see") {
            file.push(problem.finding("no-value", file.node(at).span()));
        }
        Some(text_form(&text))
    };
    let has = |given: Given<bool>| given.take().unwrap_or_default();
    let fields = fields_node.map(|node| fields(file, node)).unwrap_or_default();
    // A field of clinics says that the product has some.
    let has_for = |given: Given<bool>, field: Field| given.take().unwrap_or_else(|| fields.contains_key(field.key()));
    let (clinics, employees) = (has_for(entry.clinics, Field::Clinics), has_for(entry.employees, Field::Employee));
    let mut roles = table(file, &entry.roles, |key| {
        if !is_key(key.text()) {
            let finding = Finding::new("key", key.span(), invalid_name(key.text()));
            file.push(finding.hint(format!("use {}; write what people see under `name`", key_form())));
        }
        Some(key.text().to_owned())
    });
    roles.retain(|key, _| is_key(key));
    let seats = entry.seats.take().unwrap_or(Seats { by: SeatsBy::Account, kinds: vec!["account".to_owned()] });
    let name_change = UserNameChange { by: ChangedBy::Admin, source: None, assumed: false };
    Some(Catalog {
        platform: entry.define_platform.take()?.0,
        name: text(entry.name, "name")?,
        country: entry.country.take().map(|country| country.0),
        members: None,
        practice_extension: entry.practice_extension.take().unwrap_or(true),
        clinics,
        employees,
        passcode: has(entry.passcode),
        initial_password: has(entry.initial_password),
        code_word: entry.shared_word.take().map(|word| CodeWord { hand_over: word.hand_over, spoken: None }),
        states: states(file, entry.states),
        invitation_details: entry.invitation_details.take(),
        requirements: entry.requirements.take().unwrap_or_default(),
        needed_colleague: entry.needed_colleague.take(),
        custom_roles: has(entry.custom_roles),
        open_roles: has(entry.open_roles),
        open_privileges: has(entry.open_privileges),
        main_admin_optional: entry.main_admin_optional.take().unwrap_or(true),
        roles_reach: entry.roles_reach.take().unwrap_or(RolesReach::AllHolders),
        administrators: entry.administrators.take(),
        is_own: false,
        manages_users: entry.manages_users.take(),
        blocks_users: entry.blocks_users.take(),
        user_name_change: entry.user_name_change.take().unwrap_or(name_change),
        switch_privileges: switches(file, &entry.switch_privileges),
        fields: FieldRules::try_from(fields).ok()?,
        privileges: table(file, &entry.privileges, |key| Some(key.text().to_owned())),
        roles,
        seats,
        prices: entry
            .prices
            .value()
            .map(|each| file.decoder.each(file.node(each.0)))
            .unwrap_or_default()
            .into_iter()
            .map(|(p, _)| p)
            .collect(),
        email_label: text(entry.email_label, "email_label").unwrap_or_else(Catalog::usual_email_label),
        runbook: table(file, &entry.runbook, |key| action(file, key)),
        list: ListWords::default(),
    })
}

/// Reads a table, entry by entry; those whose key cannot be used are left out.
fn table<'f, K: Ord, V: Deserialize<'f>>(
    file: &'f File<'_>,
    given: &Given<Table<V>>,
    named: impl Fn(NodeRef<'f>) -> Option<K>,
) -> BTreeMap<K, V> {
    let entries = given.value().map(|table| file.node(table.0).entries()).into_iter().flatten();
    entries.map(|(key, node)| (named(key), file.decoder.decode(node))).filter_map(|(key, value)| Some((key?, value?))).collect()
}

fn states(file: &File<'_>, given: Given<Each<StateName>>) -> States {
    let Some((each, at)) = given.with_node() else { return States::default() };
    let node = file.node(at);
    let names: Vec<StateName> = file.decoder.each(file.node(each.0)).into_iter().map(|(name, _)| name).collect();
    let is_complete = !file.decoder.has_mistake_in(node.span());
    States::try_from(names).unwrap_or_else(|message| {
        if is_complete {
            file.push(Finding::new("missing", node.span(), message).hint("write `active` first, such as `states: [active, inactive]`"));
        }
        States::default()
    })
}

fn fields(file: &File<'_>, table: NodeRef<'_>) -> BTreeMap<String, FieldRule> {
    let mut rules = BTreeMap::new();
    for (key, node) in table.entries() {
        let rule = file.decoder.decode::<FieldRule>(node).filter(|rule| check::field(file, key, node, rule));
        // What refers to a field with a mistake has none of its own.
        if let Some(rule) = rule.or_else(|| check::in_its_place(key.text())) {
            rules.insert(key.text().to_owned(), rule);
        }
    }
    rules
}

fn switches(file: &File<'_>, given: &Given<Table<String>>) -> SwitchPrivileges {
    let Some(table) = given.value() else { return SwitchPrivileges::default() };
    let mut privileges = BTreeMap::new();
    for (key, node) in file.node(table.0).entries() {
        let Some(privilege) = file.decoder.decode::<String>(node) else { continue };
        let one = BTreeMap::from_iter([(key.text().to_owned(), privilege.clone())]);
        match SwitchPrivileges::try_from(one) {
            Ok(_) => drop(privileges.insert(key.text().to_owned(), privilege)),
            Err(message) => file.push(Finding::new("unknown-key", key.span(), message).hint("name a field that is on or off")),
        }
    }
    SwitchPrivileges::try_from(privileges).unwrap_or_default()
}

/// Reads the kind of change under which a click path is.
fn action(file: &File<'_>, key: NodeRef<'_>) -> Option<Action> {
    let found = Action::ALL.into_iter().find(|action| action.as_str() == key.text());
    if found.is_none() {
        let known: Vec<&str> = Action::ALL.iter().map(|action| action.as_str()).collect();
        let hint = match key.text() {
            "remove" | "delete" | "deactivate" => "write `inactivate`, also where users who leave are removed".to_owned(),
            "create" | "add" => "write `invite`, also where no invitation is sent".to_owned(),
            word => suggest(word, &known),
        };
        file.push(Finding::new("unknown-key", key.span(), format!("`{}` is not a kind of change", key.text())).hint(hint));
    }
    found
}

fn list_words(file: &File<'_>, given: Given<DefinitionListEntry>, catalog: &Catalog) -> ListWords {
    let Some((DefinitionListEntry { columns, values, marks, nameless, not_users, assumed }, at)) = given.with_node() else {
        return ListWords::default();
    };
    // A workspace's own clinics are not known here.
    let keys = list::WordKeys { catalog, roles: catalog.roles.keys().map(String::as_str).collect(), clinics: Vec::new() };
    let words = list::list(file, Given::Is(ListEntry { columns, values, marks }, at), &keys);
    ListWords {
        nameless: nameless.take(),
        not_users: not_users.take().unwrap_or_default(),
        assumed: assumed.take().unwrap_or_default(),
        ..words
    }
}
