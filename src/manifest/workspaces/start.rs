//! Reads a start file: what an embedded workspace contains when it is created.

use std::collections::BTreeMap;

use crate::model::{Desired, Email, EmbeddedStart, Field, StartAccount};
use crate::platform::{self, Candidate};
use crate::yaml::{Finding, NodeRef};

use super::supporting::{CLINICS, EMPLOYEES, ROLES, clinics, employees, roles, strangers};
use crate::manifest::check::{self, Nearby};
use crate::manifest::entries::StartEntry;
use crate::manifest::file::File;
use crate::manifest::listed::same_login;
use crate::manifest::user_entry::{Of, required_keys, user_keys};
use crate::manifest::users::{account, address, stand_in};

/// Reads the state that a start file describes, for the workspace that uses the file. The main admin must be in it as long as the
/// workspace is not created: later the account may have another address.
pub(in crate::manifest) fn start(file: &mut File<'_>, root: NodeRef<'_>, desired: &Desired, is_created: bool) -> Option<EmbeddedStart> {
    let platform = platform::by_id(&desired.platform);
    let catalog = platform.catalog();
    file.user_keys = user_keys(catalog, Of::Start);
    file.required = required_keys(catalog);
    file.country = desired.country;
    let file = &*file;
    let entry: StartEntry = file.decoder.decode(root)?;
    strangers(file, catalog, root, &[CLINICS, EMPLOYEES, ROLES]);
    let clinics = clinics(file, &entry.clinics);
    let roles = roles(file, catalog, &entry.roles);
    let mut accounts: BTreeMap<Email, StartAccount> = BTreeMap::new();
    let mut nodes: BTreeMap<Email, (NodeRef<'_>, NodeRef<'_>)> = BTreeMap::new();
    // Entries whose address is invalid or given twice; they are kept to report their other mistakes.
    let mut others: Vec<(Email, StartAccount, NodeRef<'_>, NodeRef<'_>)> = Vec::new();
    let table = entry.accounts.value().map(|t| file.node(t.0));
    for (key, node) in table.into_iter().flat_map(NodeRef::entries) {
        let Some(email) = address(file, key) else {
            others.extend(stand_in().and_then(|email| Some((email, account(file, platform, node)?, key, node))));
            continue;
        };
        if let Some((first, _)) = nodes.get(&email) {
            if first.text() != key.text() {
                file.push(
                    Finding::new("duplicate-user", key.span(), same_login(key, *first))
                        .hint("upper and lower case make no difference in addresses: keep only one entry")
                        .also(first.span(), "first given here"),
                );
            }
            others.extend(account(file, platform, node).map(|account| (email, account, key, node)));
            continue;
        }
        if let Some(account) = account(file, platform, node) {
            nodes.insert(email.clone(), (key, node));
            accounts.insert(email, account);
        }
    }
    let around = Nearby {
        catalog,
        clinics: &clinics,
        roles: &roles,
        renamed: &|_| None,
        is_excused: &|_, _| false,
        root: Some(root),
        people: &|email| {
            accounts.get(email).map(|a| (a.fields.text(Field::Role).unwrap_or_default().to_owned(), !a.state.standing().is_inactive()))
        },
    };
    let listed = accounts.iter().filter_map(|(email, account)| nodes.get(email).map(|(key, node)| (email, account, *key, *node)));
    for (email, account, key, node) in listed.chain(others.iter().map(|(email, account, key, node)| (email, account, *key, *node))) {
        let active = !account.state.standing().is_inactive();
        let main_admin = desired.main_admin.as_ref() == Some(email);
        check::account(file, platform, &Candidate { email, fields: &account.fields, active, main_admin }, &around, key, node);
    }
    if let Some(admin) = desired.main_admin.as_ref().filter(|_| !is_created) {
        let span = table.map_or_else(|| file.key_span(root, "start"), NodeRef::span);
        let span = nodes.get(admin).map_or(span, |(key, _)| key.span());
        let problem = match accounts.get(admin) {
            None => Some("is not among the accounts"),
            Some(a) if !a.state.standing().is_active() || a.state.block.is_some() => Some("must be active and not blocked"),
            Some(_) => None,
        };
        if let Some(problem) = problem {
            file.push(
                Finding::new("main-admin", crate::yaml::Span { end: span.start + 1, ..span }, format!("main admin `{admin}` {problem}"))
                    .hint("the main admin makes the changes of every plan, and must be able to sign in"),
            );
        }
    }
    Some(EmbeddedStart { clinics, roles, accounts, employees: employees(file, &entry.employees) })
}
