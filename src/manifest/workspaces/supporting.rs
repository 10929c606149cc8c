//! The supporting records of a document, which users refer to: clinics, custom roles, employee records.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{DesiredClinic, DesiredEmployee, DesiredRole, Field, LONGEST_TEXT};
use crate::platform::{self, Catalog, is_key, unwritable_in_line};
use crate::yaml::{Each, Finding, Given, NodeRef, Span, Table, suggest};

use crate::manifest::entries::{ClinicEntry, EmployeeEntry, RoleEntry};
use crate::manifest::fields::switched;
use crate::manifest::file::File;
use crate::manifest::keys::{EmployeeKeys, NamedKeys};
use crate::manifest::scalars::{invalid_name, unfit_id, unseen};

/// Reads a text that must be present and not empty.
pub(in crate::manifest) fn needed(file: &File<'_>, given: Given<String>, holder: Span, key: &str, what: &str) -> Option<String> {
    if given.is_absent() {
        file.push(Finding::new("missing", holder, format!("`{key}` is missing")).hint(format!("every {what} must have it")));
    }
    let (text, at) = given.with_node()?;
    seen(file, &text, at, key, &format!("every {what} must have it"))
}

/// Reads a text that people see; one that they cannot see is a mistake.
fn seen(file: &File<'_>, text: &str, at: u32, key: &str, remedy: &str) -> Option<String> {
    if let Some(problem) = unseen(text, key, remedy) {
        file.push(problem.finding("missing", file.node(at).span()));
        return None;
    }
    let text = crate::platform::text_form(text);
    stored(file, &text, file.node(at).span(), key);
    Some(text)
}

/// Reports a text that a workspace would not store.
fn stored(file: &File<'_>, text: &str, span: Span, key: &str) {
    if text.len() > LONGEST_TEXT {
        let message = format!("`{key}` has {} bytes; at most {LONGEST_TEXT} are allowed", text.len());
        file.push(Finding::new("too-long", span, message).hint("shorten it"));
    }
    if let Some(character) = unwritable_in_line(text) {
        let (message, hint) = platform::sentences::unwritable(key, character);
        file.push(Finding::new("unwritable", span, message).hint(hint));
    }
}

/// A key that only some platforms have, with what says so.
pub(in crate::manifest) type KeyOfSome = (&'static str, Has);

/// The key of clinics.
pub(super) const CLINICS: KeyOfSome = ("clinics", |catalog| catalog.clinics);
/// The key of employee records.
pub(super) const EMPLOYEES: KeyOfSome = ("employees", |catalog| catalog.employees);
/// The key of roles.
pub(super) const ROLES: KeyOfSome = ("roles", |catalog| catalog.custom_roles);

/// The keys of a workspace that only some platforms have.
pub(in crate::manifest) const OF_SOME: [KeyOfSome; 5] = [
    CLINICS,
    EMPLOYEES,
    ("code_word", |catalog| catalog.code_word.is_some()),
    ("initial_password", |catalog| catalog.initial_password),
    ROLES,
];

/// Reports those of these keys that an entry has and the platform does not.
pub(super) fn strangers(file: &File<'_>, catalog: &Catalog, root: NodeRef<'_>, keys: &[KeyOfSome]) {
    for (word, has) in keys.iter().filter(|(_, has)| !has(catalog)) {
        if let Some((key, value)) = root.entry(word) {
            file.decoder.forget_value(key, value);
            not_here(file, key.span(), word, catalog, *has);
        }
    }
}

/// Says whether a platform has something.
pub(in crate::manifest) type Has = fn(&Catalog) -> bool;

/// Reports something that this platform does not have.
pub(in crate::manifest) fn not_here(file: &File<'_>, span: Span, what: &str, catalog: &Catalog, has: Has) {
    let owners: Vec<&str> =
        platform::built_in().iter().map(|platform| platform.catalog()).filter(|c| has(c)).map(|c| c.name.as_str()).collect();
    let message = format!("`{what}` is not available on {}, only on {}", catalog.name, crate::manifest::keys::all(&owners));
    let is_field = catalog.is_own && Field::from_key(what).is_some();
    let hint = if is_field {
        format!("remove it, or add `{what}: {{}}` under `fields` in the definition of the platform")
    } else {
        "remove it".to_owned()
    };
    file.push(Finding::new("other-platform", span, message).hint(hint));
}

fn key_form(file: &File<'_>, key: NodeRef<'_>) -> bool {
    let good = is_key(key.text());
    if !good {
        file.push(
            Finding::new("key", key.span(), invalid_name(key.text()))
                .hint(format!("use {}; write the display name under `name`", platform::sentences::key_form())),
        );
    }
    good
}

/// Reports a key where any text is one, if people could not see what it is or a workspace would not store it.
fn name_form(file: &File<'_>, key: NodeRef<'_>, table: &str) {
    match unfit_id(key.text(), "key") {
        Some(problem) => file.push(problem.finding("key", key.span())),
        None => stored(file, key.text(), key.span(), table),
    }
}

/// Reads the clinics of a document.
pub(in crate::manifest) fn clinics(file: &File<'_>, given: &Given<Table<ClinicEntry>>) -> BTreeMap<String, DesiredClinic> {
    let mut clinics = BTreeMap::new();
    let Some(table) = given.value() else { return clinics };
    for (key, node) in file.node(table.0).entries() {
        // A clinic that could not be read is known to users all the same.
        let entry: Option<ClinicEntry> = file.decoder.decode_with(node, &NamedKeys);
        let name =
            entry.and_then(|entry| needed(file, entry.name.unless_supplied(file.may_have(node, "name")), key.span(), "name", "clinic"));
        if key_form(file, key) {
            clinics.insert(key.text().to_owned(), DesiredClinic { name: name.unwrap_or_else(|| key.text().to_owned()) });
        }
    }
    clinics
}

/// A custom role before its base is resolved.
struct CustomRole {
    name: String,
    based_on: Option<(String, Span)>,
    on: BTreeSet<String>,
    off: BTreeSet<String>,
}

/// Reads the custom roles of a document and resolves their bases (AR-6).
pub(in crate::manifest) fn roles(file: &File<'_>, catalog: &Catalog, given: &Given<Table<RoleEntry>>) -> BTreeMap<String, DesiredRole> {
    let mut roles_by_key = BTreeMap::new();
    let Some(table) = given.value() else { return BTreeMap::new() };
    for (key, node) in file.node(table.0).entries() {
        // A role that could not be read is known to users all the same.
        let entry: RoleEntry = file.decoder.decode_with(node, &NamedKeys).unwrap_or_default();
        if catalog.roles.contains_key(key.text()) {
            let message = format!("{} already has a role `{}`", catalog.name, key.text());
            file.push(
                Finding::new("built-in-role", key.span(), message)
                    .hint("choose another key; to extend the built-in role, name it under `based_on`"),
            );
            continue;
        }
        if catalog.open_roles {
            name_form(file, key, "roles");
        } else if !key_form(file, key) {
            continue;
        }
        let (on, off) = entry.privileges.value().map(|t| privileges(file, catalog, file.node(t.0))).unwrap_or_default();
        let name = entry.name.with_node().and_then(|(name, at)| seen(file, &name, at, "name", "write the name that people see"));
        roles_by_key.insert(
            key.text().to_owned(),
            CustomRole {
                name: name.unwrap_or_else(|| key.text().to_owned()),
                based_on: entry.based_on.with_node().map(|(base, at)| (base, file.node(at).span())),
                on,
                off,
            },
        );
    }
    roles_by_key
        .iter()
        .map(|(key, role)| {
            let privileges = resolved(file, catalog, &roles_by_key, key);
            let based_on = role.based_on.as_ref().map(|(base, _)| base.clone());
            (key.clone(), DesiredRole { name: role.name.clone(), based_on, privileges })
        })
        .collect()
}

/// The known privileges a map switches on and off, in the catalog's spelling.
fn privileges(file: &File<'_>, catalog: &Catalog, map: NodeRef<'_>) -> (BTreeSet<String>, BTreeSet<String>) {
    let known: Vec<&str> = catalog.privileges.keys().map(String::as_str).collect();
    for (key, _) in map.entries() {
        if catalog.open_privileges {
            name_form(file, key, "privileges");
        }
        if catalog.privilege(key.text()).is_none() {
            file.push(
                Finding::new("unknown-privilege", key.span(), format!("unknown privilege `{}`", key.text()))
                    .hint(suggest(key.text(), &known)),
            );
        }
    }
    let (on, off) = switched(file, map);
    let spelled = |names: BTreeSet<String>| names.iter().filter_map(|n| catalog.privilege(n).map(str::to_owned)).collect();
    (spelled(on), spelled(off))
}

/// Computes the privileges of a custom role along the chain of its bases, starting at the last.
fn resolved(file: &File<'_>, catalog: &Catalog, roles_by_key: &BTreeMap<String, CustomRole>, key: &str) -> BTreeSet<String> {
    let mut chain: Vec<(&str, &CustomRole)> = Vec::new();
    let mut privileges = BTreeSet::new();
    let mut at = Some(key);
    while let Some(name) = at {
        let Some(role) = roles_by_key.get(name) else {
            let base = catalog.roles.get(name);
            if let (None, Some((_, last)), false) = (base, chain.last(), catalog.open_roles)
                && chain.len() == 1
                && let Some((_, span)) = &last.based_on
            {
                let known: Vec<&str> = catalog.roles.keys().chain(roles_by_key.keys()).map(String::as_str).filter(|k| *k != key).collect();
                file.push(Finding::new("unknown-role", *span, format!("unknown role `{name}`")).hint(suggest(name, &known)));
            }
            privileges = base.map(|r| r.privileges.clone()).unwrap_or_default();
            break;
        };
        if chain.iter().any(|(seen, _)| *seen == name) {
            if name == key
                && let Some((_, span)) = &role.based_on
            {
                file.push(
                    Finding::new("role-circle", *span, format!("role `{key}` is based on itself"))
                        .hint("base it on one of the platform's built-in roles"),
                );
            }
            break;
        }
        chain.push((name, role));
        at = role.based_on.as_ref().map(|(base, _)| base.as_str());
    }
    for (_, role) in chain.iter().rev() {
        privileges.extend(role.on.iter().cloned());
        for gone in &role.off {
            privileges.remove(gone);
        }
    }
    privileges
}

/// Reads the employee records of a document (PBN-1, PBN-2): keys are unique, and two records of one name need keys.
pub(in crate::manifest) fn employees(file: &File<'_>, given: &Given<Each<EmployeeEntry>>) -> Vec<DesiredEmployee> {
    let Some(each) = given.value() else { return Vec::new() };
    let mut ids: BTreeMap<String, Span> = BTreeMap::new();
    let mut keys: BTreeMap<String, (Span, bool)> = BTreeMap::new();
    let mut names: BTreeMap<String, (Span, bool)> = BTreeMap::new();
    let mut employees = Vec::new();
    for (entry, node) in file.decoder.each_with::<EmployeeEntry>(file.node(each.0), &EmployeeKeys) {
        let span = node.span();
        let first_name =
            needed(file, entry.first_name.unless_supplied(file.may_have(node, "first_name")), span, "first_name", "employee record");
        let last_name =
            needed(file, entry.last_name.unless_supplied(file.may_have(node, "last_name")), span, "last_name", "employee record");
        let id = entry.id.with_node().map(|(slug, at)| (slug.0, file.node(at).span()));
        if let Some((id, at)) = &id
            && let Some(first) = ids.insert(id.clone(), *at)
        {
            file.push(
                Finding::new("duplicate-id", *at, format!("two employee records have the id `{id}`"))
                    .hint("give each its own id")
                    .also(first, "first given here"),
            );
        }
        let (Some(first_name), Some(last_name)) = (first_name, last_name) else { continue };
        let name = platform::text_form(&format!("{first_name} {last_name}"));
        let key = id.as_ref().map_or_else(|| platform::employee_key(&first_name, &last_name), |(id, _)| id.clone());
        // Two records may have the same name if both have an `id`; a repeated `id` was reported already.
        let is_told = id.is_some();
        let twin = names.insert(name.to_lowercase(), (span, is_told)).filter(|(_, told)| !(*told && is_told));
        let same_key = keys.insert(key.clone(), (span, is_told)).filter(|(_, told)| !(*told && is_told));
        if let Some((first, _)) = twin {
            file.push(
                Finding::new("duplicate-name", span, format!("two employee records have the name {name}"))
                    .hint("give each an `id`, and write the right one under the user's `employee`")
                    .also(first, "first given here"),
            );
        } else if let Some((first, _)) = same_key {
            file.push(
                Finding::new(
                    "duplicate-name",
                    span,
                    format!("the employee record {name} would get the key `{key}`, which another record already has"),
                )
                .hint("give it its own `id`, and write that under the user's `employee`")
                .also(first, "this record has it"),
            );
        }
        employees.push(DesiredEmployee {
            id: id.map(|(id, _)| id),
            first_name,
            last_name,
            active: entry.active.take(),
            external: entry.external.take(),
        });
    }
    employees
}
