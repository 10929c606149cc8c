//! Reports mistakes and warnings about the users of one workspace, by the rules of its platform.

use std::collections::BTreeMap;

use crate::model::{self, BLOCKED, Connection, DesiredClinic, DesiredRole, DesiredUser, Email, Field, Rule, Status, Violation};
use crate::platform::{self, Candidate, Catalog, Clash, Lack, Platform, Surroundings, check, sentences};
use crate::yaml::{Finding, NodeKind, NodeRef, Span};

use super::file::File;
use super::leaving::{self, Here, SaidAccess};
use super::listed::{ListedUsers, PlacedEntry};

/// The rest of the document that a user's entry may refer to.
pub(super) struct Nearby<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) clinics: &'a BTreeMap<String, DesiredClinic>,
    pub(super) roles: &'a BTreeMap<String, DesiredRole>,
    pub(super) people: &'a dyn Fn(&Email) -> Option<(String, bool)>,
    /// The present address of a user who had that one formerly, as the roster says.
    pub(super) renamed: &'a dyn Fn(&Email) -> Option<&'a Email>,
    /// Says whether a required field can be absent: the list of users does not show it.
    pub(super) is_excused: &'a dyn Fn(&Candidate<'_>, Field) -> bool,
    /// The document that defines clinics and roles, if there is one.
    pub(super) root: Option<NodeRef<'a>>,
}

/// Returns whether a user can lack a required field: the list of users does not show it, or nobody sets it, since the user should be inactive. The
/// plan refuses to invite people without it: whom the list has must not decide whether the roster can be read.
pub(super) fn is_excused(connection: &Connection, candidate: &Candidate<'_>, field: Field) -> bool {
    let Some(to) = connection.snapshot() else { return false };
    !candidate.active || to.snapshot.as_deref().is_none_or(|list| !list.shows.fields.contains(&field))
}

impl Surroundings for Nearby<'_> {
    fn has_clinic(&self, key: &str) -> bool {
        self.clinics.contains_key(key)
    }
    fn has_role(&self, key: &str) -> bool {
        self.roles.contains_key(key) || self.catalog.roles.contains_key(key)
    }
    fn colleague(&self, email: &str) -> Option<(String, bool)> {
        (self.people)(&Email::parse(email).ok()?)
    }
    fn clinic_keys(&self) -> Vec<String> {
        self.clinics.keys().cloned().collect()
    }
    fn role_keys(&self) -> Vec<String> {
        self.catalog.roles.keys().chain(self.roles.keys()).cloned().collect()
    }
}

/// Finds the part of an entry that a violation is about.
pub(super) fn place_of(file: &File<'_>, catalog: &Catalog, key: NodeRef<'_>, entry: NodeRef<'_>, violation: &Violation) -> Span {
    let mut at = None;
    let mut node = entry;
    for part in catalog.yaml_key(violation.field).split('.') {
        match node.entry(part) {
            Some((k, value)) => {
                at = Some((k, value));
                node = value;
            }
            None => break,
        }
    }
    let Some((k, value)) = at else { return key.span() };
    let same = |n: &NodeRef<'_>| {
        let text = platform::text_form(n.text());
        violation.entry.as_deref().is_some_and(|e| {
            text.eq_ignore_ascii_case(e)
                || platform::phone_in(file.country, &text).as_deref() == Some(e)
                || Email::parse(&text).is_ok_and(|m| m.as_str() == e)
        })
    };
    let found = value.children().chain(value.children().flat_map(NodeRef::children)).filter(|n| n.is_scalar()).find(same);
    match found {
        Some(node) => node.span(),
        None if value.is_scalar() && !value.is_null() => value.span(),
        None => k.span(),
    }
}

/// Returns whether a violation only follows from another mistake: the value could not be read, or a merge key might supply it.
fn is_follow_up(file: &File<'_>, catalog: &Catalog, entry: NodeRef<'_>, violation: &Violation, root: Option<NodeRef<'_>>) -> bool {
    let may_define = |table| root.zip(violation.entry.as_deref()).is_some_and(|(root, name)| may_define(root, table, name));
    let lacks = || match platform::lack(violation, catalog) {
        Lack::Value | Lack::Part => is_unreadable(file, entry, catalog.yaml_key(violation.field)),
        Lack::Nothing => false,
    };
    match &violation.rule {
        Rule::UnknownClinic(_) => may_define("clinics"),
        Rule::UnknownRole(_) => may_define("roles"),
        Rule::DefaultClinicNotAmong { .. } | Rule::DefaultClinicMissing => {
            [Field::DefaultClinic, Field::Clinics].iter().any(|f| is_unreadable(file, entry, catalog.yaml_key(*f)))
        }
        Rule::Required
        | Rule::TooMany { .. }
        | Rule::TooLong { .. }
        | Rule::Unwritable { .. }
        | Rule::UnknownValue(_)
        | Rule::UnknownPrivilege(_)
        | Rule::OtherPlatform
        | Rule::GrantedAndRevoked
        | Rule::Phone
        | Rule::Color
        | Rule::Email
        | Rule::Own(_) => lacks(),
    }
}

/// Returns whether a document tries to define something that users refer to, in a form that could not be read.
fn may_define(root: NodeRef<'_>, table: &str, name: &str) -> bool {
    let Some(table) = root.get(table) else { return root.merges() };
    table.kind() != NodeKind::Map || table.merges() || table.entries().any(|(key, _)| key.text() == name)
}

/// Returns whether an entry has a value under a key that could not be read.
pub(super) fn is_unreadable(file: &File<'_>, entry: NodeRef<'_>, key: &str) -> bool {
    let parts = key.split('.').count();
    let (mut node, mut depth) = (entry, 0);
    for part in key.split('.') {
        let Some(value) = node.get(part) else {
            if file.may_have(node, part) {
                return true;
            }
            break;
        };
        (node, depth) = (value, depth + 1);
    }
    // The settings of one group (`goals`) belong together; a mistake elsewhere in the entry excuses nothing.
    depth >= parts.min(2) && file.decoder.has_mistake_in(node.span())
}

/// Reports what the platform does not allow in one account.
pub(super) fn account(
    file: &File<'_>,
    platform: &Platform,
    candidate: &Candidate<'_>,
    around: &Nearby<'_>,
    key: NodeRef<'_>,
    node: NodeRef<'_>,
) {
    let catalog = platform.catalog();
    // All are collected before any is reported: a value that could not be read excuses others, a value that the platform forbids does not.
    let found: Vec<Violation> = check(platform, candidate, around)
        .into_iter()
        .filter(|violation| !is_follow_up(file, catalog, node, violation, around.root))
        .collect();
    let is_excused =
        |violation: &Violation| platform::lack(violation, catalog).is_value() && (around.is_excused)(candidate, violation.field);
    let found: Vec<Violation> = found.into_iter().filter(|violation| !is_excused(violation)).collect();
    for violation in found {
        let finding = Finding::new(
            platform::code(&violation, catalog),
            place_of(file, catalog, key, node, &violation),
            sentences::message(&violation, catalog),
        );
        let hint = renamed(candidate, &violation, around).unwrap_or_else(|| sentences::hint(&violation, catalog));
        let is_leaving = candidate.active && takes_access(node, catalog.yaml_key(violation.field), &violation);
        file.push(finding.hint(if is_leaving {
            let (key, inactive) = (catalog.yaml_key(violation.field), leaving::inactive(Here::new(&file.user_keys)));
            format!("to take this person's access away, keep `{key}` as it was and write `{inactive}`; {hint}")
        } else {
            hint
        }));
    }
}

/// The present address of the user who had that one formerly.
pub(super) fn present_address<'u>(users: &'u BTreeMap<Email, DesiredUser>, old: &Email) -> Option<&'u Email> {
    users.values().find(|user| user.formerly.contains(old)).map(|user| &user.email)
}

/// The advice where a field names a colleague by a former address.
fn renamed(candidate: &Candidate<'_>, violation: &Violation, around: &Nearby<'_>) -> Option<String> {
    let old = Email::parse(candidate.fields.text(violation.field).filter(|_| violation.field.definition().names.is_colleague())?).ok()?;
    let new = (around.renamed)(&old)?;
    Some(format!("write `{new}`, the present address of `{old}`"))
}

/// Returns whether somebody tried to take access away by a role or clinics that say nothing: `role: none`, `clinics: []`.
fn takes_access(entry: NodeRef<'_>, key: &str, violation: &Violation) -> bool {
    let is_written_empty = violation.rule.is_missing_value() && entry.get(key).is_some();
    let says_nothing = |text: &str| leaving::access_in(text).is_some_and(SaidAccess::is_taken);
    [Field::Role, Field::Clinics].contains(&violation.field) && (is_written_empty || violation.entry.as_deref().is_some_and(says_nothing))
}

/// Warns of values of a user that are allowed but unusual.
pub(super) fn warnings(file: &File<'_>, platform: &Platform, candidate: &Candidate<'_>, key: NodeRef<'_>, node: NodeRef<'_>) {
    for odd in platform.warnings(candidate) {
        let catalog = platform.catalog();
        let finding =
            Finding::new(platform::code(&odd, catalog), place_of(file, catalog, key, node, &odd), sentences::message(&odd, catalog));
        file.push(finding.hint(sentences::hint(&odd, catalog)).warning());
    }
}

/// Warns of values of several users that are allowed but unusual side by side.
pub(super) fn clashes(platform: &Platform, listed: &ListedUsers<'_>) {
    let catalog = platform.catalog();
    let mut candidates = listed.users.values().map(|user| Candidate {
        email: &user.email,
        fields: &user.fields,
        active: user.status.is_active(),
        main_admin: false,
    });
    for Clash { user, other, violation } in platform.clashes(&mut candidates) {
        let (Some(here), Some(there)) = (listed.place(&user), listed.place(&other)) else { continue };
        let key = catalog.yaml_key(violation.field);
        let span = |place: PlacedEntry<'_>| place.node.get(key).map(NodeRef::span).unwrap_or_default();
        let finding = Finding::new(platform::code(&violation, catalog), span(here), sentences::message(&violation, catalog));
        let finding = finding.hint(sentences::hint(&violation, catalog));
        here.file.push(there.beside(here.file, finding, span(there), "the other one").warning());
    }
}

/// Warns of addresses that look alike when at least one is not plain ASCII.
pub(super) fn look_alikes(listed: &ListedUsers<'_>) {
    for (email, first) in model::look_alikes(listed.users.keys()) {
        let (Some(here), Some(there)) = (listed.place(email), listed.place(first)) else { continue };
        let finding = Finding::new("look-alike", here.key.span(), format!("`{email}` looks like `{first}`"))
            .hint("if both are the same person, keep only their real address");
        here.file.push(there.beside(here.file, finding, there.key.span(), "this one").warning());
    }
}

/// Reports addresses that refer to two accounts (as a user and under `formerly`, or twice under `formerly`), and ids that are given twice.
pub(super) fn identities(listed: &ListedUsers<'_>) {
    let of = |place: PlacedEntry<'_>, word: &str| place.file.key_span(place.node, word);
    let mut former: BTreeMap<&Email, &Email> = BTreeMap::new();
    let mut ids: BTreeMap<&str, &Email> = BTreeMap::new();
    for (user, here) in listed.with_places() {
        let email = &user.email;
        for old in &user.formerly {
            if old == email {
                let finding = Finding::new("two-accounts", of(here, "formerly"), format!("`{old}` is this user's present address"));
                here.file.push(finding.hint("remove it from `formerly`, which lists earlier addresses"));
                continue;
            }
            let clash = match listed.place(old) {
                Some(there) => {
                    let hint = format!(
                        "an address belongs to one login: give it only once; if another person takes over `{old}`, change the address of `{email}` first, apply, and then list the other person"
                    );
                    Some((there, there.key.span(), hint))
                }
                None => former.insert(old, email).and_then(|other| listed.place(other)).map(|there| {
                    let hint = format!("an address belongs to one login: take `{old}` out of the `formerly` of the other person");
                    (there, of(there, "formerly"), hint)
                }),
            };
            if let Some((there, span, hint)) = clash {
                let finding = Finding::new("two-accounts", of(here, "formerly"), format!("`{old}` refers to two accounts")).hint(hint);
                here.file.push(there.beside(here.file, finding, span, "also here"));
            }
        }
        if let Some(id) = &user.id
            && let Some(there) = ids.insert(&id.0, email).and_then(|first| listed.place(first))
        {
            let finding = Finding::new("duplicate-id", of(here, "id"), format!("`{}` is the id of two users", id.0))
                .hint("an id belongs to one account: keep it only on the correct user");
            here.file.push(there.beside(here.file, finding, of(there, "id"), "first given here"));
        }
    }
}

/// Returns an error unless the roster says that the account is active and not blocked.
pub(super) fn is_meant_to_work(user: &DesiredUser) -> Result<(), &'static str> {
    match user.status {
        Status::Inactive => Err(user.status.as_str()),
        Status::Active if user.is_blocked() => Err(BLOCKED),
        Status::Active => Ok(()),
    }
}
