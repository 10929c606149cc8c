//! Checks a definition like the catalogs that are compiled in: what it names is there, and what it has fits together.

use crate::manifest::file::File;
use crate::manifest::user_entry::is_reserved;
use crate::model::{BLOCKED, Field, Kind, StepValue};
use crate::platform::{Catalog, FieldRule, OwnKind};
use crate::yaml::{Finding, NodeRef, did_you_mean, one_of, suggest};

/// Says what to do about too many of something.
pub(super) const UNUSED: &str = "remove those that nobody uses";

/// The most characters of a field's key.
pub(in crate::manifest) const LONGEST_KEY: usize = 63;

/// Words that mean something else in entries of users or in lists.
const NOT_FIELDS: [&str; 5] = ["email", "login", "name", "type", "permissions"];

/// Checks a field by itself; returns whether it can be one.
pub(super) fn field(file: &File<'_>, key: NodeRef<'_>, node: NodeRef<'_>, rule: &FieldRule) -> bool {
    let word = key.text();
    let refuse = |code, span, message: String, hint: String| {
        file.push(Finding::new(code, span, message).hint(hint));
        false
    };
    let at = |inner: &str| file.key_span(node, inner);
    let known = in_table(word);
    if known.is_none() && (is_reserved(word) || NOT_FIELDS.contains(&word)) {
        let hint = match word {
            "email" => "every user has a login address; write its label under `email_label`".to_owned(),
            "type" => "write `role: { key: type }`".to_owned(),
            "permissions" => "write `privileges: { key: permissions }`".to_owned(),
            "name" => {
                "write `first_name` and `last_name`; if a list has both in one column, name it under `list: { columns: { name: … } }`"
                    .to_owned()
            }
            StepValue::STATUS | BLOCKED => "write which states users can have under `states`".to_owned(),
            _ => "choose another key".to_owned(),
        };
        return refuse("reserved-key", key.span(), format!("`{word}` cannot be a field of users"), hint);
    }
    let is_fine = match (known, rule.kind) {
        (Some(_), Some(_)) => refuse("kind", at("kind"), format!("rosterctl knows the field `{word}`"), "remove `kind`".to_owned()),
        (None, None) => {
            let all: Vec<&str> = Field::ALL.into_iter().filter(|field| *field != Field::Email).map(Field::key).collect();
            let kinds = "add its kind: `kind: text`, `choice`, `flag` or `set`";
            let hint = match crate::yaml::nearest(word, &all) {
                Some(near) => format!("{} If not, {kinds}", did_you_mean(near)),
                None => kinds.to_owned(),
            };
            refuse("kind", key.span(), format!("rosterctl does not know the field `{word}`"), hint)
        }
        (None, Some(_)) if !is_field_key(word) => refuse(
            "key",
            key.span(),
            format!("`{word}` cannot be the key of a field"),
            format!("begin with a lower-case letter, and use at most {LONGEST_KEY} lower-case letters, digits and underscores"),
        ),
        (None, Some(OwnKind::Choice)) if rule.allowed.is_empty() => refuse(
            "missing",
            key.span(),
            "`allowed` is missing".to_owned(),
            "list the words that can be chosen, such as `allowed: [full, part]`".to_owned(),
        ),
        (Some(_), None) | (None, Some(OwnKind::Text | OwnKind::Choice | OwnKind::Flag | OwnKind::Set)) => true,
    };
    if !is_fine {
        return false;
    }
    limits(file, (word, node), known.map_or_else(|| rule.kind.map(OwnKind::kind), |field| Some(field.definition().kind)), rule);
    other_key(file, (word, node), known, rule);
    let Some(kind) = rule.kind.filter(|_| known.is_none()) else { return true };
    if Field::own(word, kind.kind()).is_none() {
        return refuse("too-many", key.span(), "there are too many fields".to_owned(), UNUSED.to_owned());
    }
    true
}

/// Returns a field to use in place of one that has a mistake; `None` if no field can have the key.
pub(super) fn in_its_place(word: &str) -> Option<FieldRule> {
    if in_table(word).is_some() {
        return Some(FieldRule::default());
    }
    let is_free = is_field_key(word) && !is_reserved(word) && !NOT_FIELDS.contains(&word);
    let kind = Some(OwnKind::Text).filter(|kind| is_free && Field::own(word, kind.kind()).is_some())?;
    Some(FieldRule { kind: Some(kind), ..FieldRule::default() })
}

/// Reports limits that a field of its kind cannot have.
fn limits(file: &File<'_>, (word, node): (&str, NodeRef<'_>), kind: Option<Kind>, rule: &FieldRule) {
    let Some(kind) = kind else { return };
    let (can_choose, is_list, is_flag) = match kind {
        Kind::Text | Kind::Set => (true, false, false),
        Kind::List => (true, true, false),
        Kind::Flag => (false, false, true),
        Kind::TextOrNo | Kind::Number | Kind::Changes => (false, false, false),
    };
    let is_plain_text = rule.kind.is_some_and(OwnKind::is_free);
    for (key, is_wrong, why) in [
        ("allowed", !rule.allowed.is_empty() && !can_choose, "only fields with words can have it"),
        ("allowed", !rule.allowed.is_empty() && is_plain_text, "write `kind: choice` for a field whose words are known"),
        ("most", rule.most.is_some() && !is_list, "only lists can have it"),
        ("default", rule.default.is_some() && !is_flag, "only flags can have it"),
    ] {
        if is_wrong {
            let finding = Finding::new("kind", file.key_span(node, key), format!("`{word}` cannot have `{key}`"));
            file.push(finding.hint(format!("remove it: {why}")));
        }
    }
    for (key, _) in rule.because.iter().filter(|(key, _)| !rule.allowed.contains(key)) {
        let span = node.get("because").map_or_else(|| node.span(), |because| file.key_span(because, key));
        file.push(Finding::new("unknown-value", span, format!("`{key}` is not under `allowed`")).hint(suggest(key, &rule.allowed)));
    }
}

/// Reports a key under which no roster can have the field.
fn other_key(file: &File<'_>, (word, node): (&str, NodeRef<'_>), known: Option<Field>, rule: &FieldRule) {
    let Some(own) = &rule.key else { return };
    let other = known.and_then(|field| field.definition().also).map(|(other, _)| other);
    if own != word && Some(own.as_str()) != other {
        let can: Vec<&str> = std::iter::once(word).chain(other).collect();
        let span = node.get("key").map_or_else(|| node.span(), NodeRef::span);
        file.push(Finding::new("key", span, format!("`{word}` cannot have the key `{own}`")).hint(format!("write {}", one_of(&can))));
    }
}

fn is_field_key(word: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    word.len() <= LONGEST_KEY && word.bytes().all(is_plain) && word.starts_with(|c: char| c.is_ascii_lowercase())
}

/// Checks that what a catalog names is there.
pub(super) fn catalog(file: &File<'_>, root: NodeRef<'_>, catalog: &Catalog) {
    needs(file, root, catalog);
    privileges(file, root, catalog);
    if let (Some(administrators), Some(node)) = (&catalog.administrators, root.get("administrators")) {
        let roles: Vec<&str> = catalog.roles.keys().map(String::as_str).collect();
        for (role, at) in administrators.roles.iter().zip(node.get("roles").into_iter().flat_map(NodeRef::children)) {
            if !roles.contains(&role.as_str()) {
                file.push(Finding::new("unknown-role", at.span(), format!("unknown role `{role}`")).hint(suggest(role, &roles)));
            }
        }
        if administrators.roles.is_empty() {
            let finding = Finding::new("missing", node.span(), "no role makes an administrator");
            file.push(finding.hint("name the roles that do, or remove `administrators`"));
        }
        if catalog.manages_users.is_some() {
            let finding =
                Finding::new("two-answers", file.key_span(root, "manages_users"), "`administrators` says who is an administrator");
            file.push(finding.hint("keep only one of the two keys").also(file.key_span(root, "administrators"), "said here"));
        }
    }
    for price in root.get("prices").into_iter().flat_map(NodeRef::children) {
        if let Some(kind) =
            price.get("kind").filter(|kind| kind.is_scalar() && !catalog.seats.kinds.iter().any(|known| known == kind.text()))
        {
            let finding = Finding::new("unknown-seat", kind.span(), format!("`{}` is not a kind of seat", kind.text()));
            file.push(finding.hint(suggest(kind.text(), &catalog.seats.kinds)));
        }
        if let Some(cents) = price.get("cents").filter(|cents| cents.text().parse::<i64>().is_ok_and(|cents| cents < 0)) {
            file.push(Finding::new("value", cents.span(), "the price is negative").hint("write US cents a month, such as `cents: 4900`"));
        }
    }
    if catalog.seats.kinds.is_empty()
        && let Some(seats) = root.get("seats")
    {
        file.push(Finding::new("missing", file.key_span(seats, "kinds"), "there is no kind of seat").hint("name at least one"));
    }
}

/// Reports fields without what they refer to, and what no field refers to.
fn needs(file: &File<'_>, root: NodeRef<'_>, catalog: &Catalog) {
    let fields = root.get("fields");
    let has = |field: Field| catalog.field(field).is_some();
    let at_field = |field: Field| fields.map_or_else(|| root.span(), |fields| file.key_span(fields, field.key()));
    let missing = |field: Field, is_there: bool, message: &str, hint: &str| {
        if has(field) && !is_there {
            file.push(Finding::new("missing", at_field(field), format!("`{}` {message}", field.key())).hint(hint));
        }
    };
    let has_roles = !catalog.roles.is_empty() || catalog.open_roles || catalog.custom_roles;
    missing(Field::Role, has_roles, "has no roles", "list them under `roles`, or write `open_roles: true` if any text is a role");
    missing(Field::Clinics, catalog.clinics, "needs a product with clinics", "remove `clinics: false`");
    missing(Field::DefaultClinic, has(Field::Clinics), "needs `clinics`", "add `clinics: {}` under `fields`");
    missing(Field::Employee, catalog.employees, "needs a product with employee records", "remove `employees: false`");
    let has_privileges = !catalog.privileges.is_empty() || catalog.open_privileges;
    let hint = "list them under `privileges`, or write `open_privileges: true` if any text is a privilege";
    missing(Field::PrivilegeChanges, has_privileges, "has no privileges", hint);
    for (field, _) in catalog.known_fields() {
        if let Some(switch) = field.switch().filter(|switch| !has(*switch)) {
            let finding = Finding::new("missing", at_field(field), format!("`{}` needs `{}`", field.key(), switch.key()));
            file.push(finding.hint(format!("add `{}: {{}}` under `fields`", switch.key())));
        }
    }
    for (key, is_there, field) in [("roles", !catalog.roles.is_empty(), Field::Role), ("clinics", catalog.clinics, Field::Clinics)] {
        if is_there && !has(field) {
            let finding = Finding::new("missing", file.key_span(root, key), format!("`fields` has no `{}`", field.key()));
            file.push(finding.hint(format!("add `{}: {{}}` under `fields`, or remove `{key}`", field.key())));
        }
    }
}

/// Reports privileges that are not there.
fn privileges(file: &File<'_>, root: NodeRef<'_>, catalog: &Catalog) {
    if catalog.open_privileges {
        return;
    }
    let known: Vec<&str> = catalog.privileges.keys().map(String::as_str).collect();
    let unknown = |at: NodeRef<'_>| {
        if !known.contains(&at.text()) {
            let finding = Finding::new("unknown-privilege", at.span(), format!("unknown privilege `{}`", at.text()));
            file.push(finding.hint(suggest(at.text(), &known)));
        }
    };
    let roles = root.get("roles").into_iter().flat_map(NodeRef::entries);
    roles.filter_map(|(_, role)| role.get("privileges")).flat_map(NodeRef::children).for_each(unknown);
    let single = ["manages_users", "blocks_users"].into_iter().filter_map(|key| root.get(key));
    single.for_each(unknown);
    root.get("switch_privileges").into_iter().flat_map(NodeRef::entries).for_each(|(_, privilege)| unknown(privilege));
}

/// Returns whether a key is a field of the field table.
pub(super) fn in_table(key: &str) -> Option<Field> {
    Field::from_key(key).filter(|field| *field != Field::Email)
}
