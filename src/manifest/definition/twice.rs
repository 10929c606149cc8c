//! Reports what a definition says twice, so that nobody knows which of both counts, and what nothing can come of.

use std::collections::BTreeMap;

use crate::manifest::file::File;
use crate::model::{Action, Field, Names};
use crate::platform::states::StateName;
use crate::platform::{Catalog, exact, is_key, squash};
use crate::yaml::{Finding, NodeKind, NodeRef, Span, suggest};

/// The meaning of a word that leaves cells out.
const UNKNOWN: &str = "unknown";

/// The meaning of a word whose cells are empty.
const NONE: &str = "none";

/// Reports all of it.
pub(super) fn check(file: &File<'_>, root: NodeRef<'_>, catalog: &Catalog) {
    roles(file, root);
    let fields = || root.get("fields").into_iter().flat_map(NodeRef::entries);
    let labels = fields().filter_map(|(_, field)| field.get("label"));
    let labels = labels.map(|label| (squash(label.text()), label.span(), label.text()));
    different(file, labels, |word| {
        (format!("`{word}` is the label of two fields"), "a list has it as the header of one column: keep it in one of them")
    });
    for allowed in fields().filter_map(|(_, field)| field.get("allowed")) {
        let words = allowed.children().map(|word| (squash(word.text()), word.span(), word.text()));
        different(file, words, |word| (format!("`{word}` is the same word as another one here"), "keep one of them"));
    }
    let states = root.get("states").into_iter().flat_map(NodeRef::children).map(|word| (squash(word.text()), word.span(), word.text()));
    different(file, states, |word| (format!("`{word}` is given twice"), "keep one of them"));
    let columns = || root.get("list").and_then(|list| list.get("columns")).into_iter().flat_map(NodeRef::entries);
    let of_role = columns().filter(|(key, _)| key.text() == "role").flat_map(|(_, headers)| texts(headers));
    let of_role: Vec<String> = of_role.map(|word| squash(word.text())).collect();
    let headers = columns().flat_map(|(key, headers)| {
        // One column can have several spellings of its header, and say role and state.
        let is_shared = |word: &str| key.text() == "status" && of_role.iter().any(|role| role == word);
        let own = texts(headers).into_iter().rev().map(|word| (squash(word.text()), word)).filter(|(word, _)| !is_shared(word));
        let own: BTreeMap<String, NodeRef<'_>> = own.collect();
        own.into_iter().map(|(compared, word)| (compared, word.span(), word.text()))
    });
    different(file, headers, |word| (format!("`{word}` is the header of two columns"), "keep it in one of them"));
    let values = root.get("list").and_then(|list| list.get("values")).into_iter().flat_map(NodeRef::entries);
    for (column, words) in values {
        if column.text() == Field::Role.key() {
            role_words(file, root, words);
        }
        if catalog.field_named(column.text()).is_some_and(|field| field.definition().names == Names::Clinic) {
            clinic_words(file, words);
        }
        let words = words.entries().map(|(word, _)| (exact(word.text()), word.span(), word.text()));
        different(file, words, |word| (format!("`{word}` has two meanings"), "upper and lower case make no difference: keep one of them"));
    }
    let text = |price: NodeRef<'_>, key| price.get(key).map(|node| node.text().to_owned()).unwrap_or_default();
    let prices = root.get("prices").into_iter().flat_map(NodeRef::children);
    let prices = prices.map(|price| ([text(price, "kind"), text(price, "as_of")].join("\n"), price.span(), ""));
    different(file, prices, |_| ("there are two prices of one kind and day".to_owned(), "keep one of them"));
    seats(file, root, catalog);
    runbook(file, root, catalog);
}

/// Reports words for clinics: each workspace has its own.
fn clinic_words(file: &File<'_>, words: NodeRef<'_>) {
    for (word, clinic) in words.entries().filter(|(_, clinic)| clinic.text() != UNKNOWN) {
        let message = format!("`{}` is a clinic, and a definition cannot name clinics: each workspace has its own", clinic.text());
        let hint = format!("write `{}` under `list: {{ values: … }}` of the workspace", word.text());
        file.push(Finding::new("unknown-clinic", clinic.span(), message).hint(hint));
    }
}

/// Reports a role that has the name or the key of another one: a list shows only one word for both.
fn roles(file: &File<'_>, root: NodeRef<'_>) {
    let mut known: BTreeMap<String, (&str, Span)> = BTreeMap::new();
    for (key, role) in root.get("roles").into_iter().flat_map(NodeRef::entries) {
        if !is_key(key.text()) {
            continue;
        }
        if [UNKNOWN, NONE].contains(&key.text()) {
            let message = format!("`{}` cannot be the key of a role: in a list it says something about a cell", key.text());
            file.push(Finding::new("reserved-key", key.span(), message).hint("choose another key"));
        }
        let name = role.get("name").unwrap_or(key);
        for word in [name, key] {
            let first = *known.entry(squash(word.text())).or_insert((key.text(), word.span()));
            if first.0 != key.text() && !word.text().is_empty() {
                let message = format!("`{}` is the name of the role `{}`, too", word.text(), first.0);
                let finding = Finding::new("duplicate-role", word.span(), message).also(first.1, "first given here");
                file.push(finding.hint("give each role the name that the list of users shows; if the list shows two roles under one name, define them as one role"));
                break;
            }
        }
    }
}

/// Reports words for a role that are the name or the key of another role.
fn role_words(file: &File<'_>, root: NodeRef<'_>, words: NodeRef<'_>) {
    for (word, role) in words.entries() {
        let is_word = |node: NodeRef<'_>| squash(node.text()) == squash(word.text());
        let own = root.get("roles").into_iter().flat_map(NodeRef::entries).filter(|(key, _)| is_key(key.text()));
        let mut named =
            own.filter_map(|(key, own)| [own.get("name").unwrap_or(key), key].into_iter().find(|node| is_word(*node)).map(|at| (key, at)));
        let Some((key, at)) = named.next().filter(|(key, _)| ![key.text(), UNKNOWN].contains(&role.text())) else { continue };
        let message = format!("`{}` is the name of the role `{}`, and means another one here", word.text(), key.text());
        let finding = Finding::new("given-twice", word.span(), message).also(at.span(), "first given here");
        file.push(finding.hint(format!("remove this line, or write another `name` for the role `{}`", key.text())));
    }
}

/// Reports the second of two equal words.
fn different<'a>(file: &File<'_>, words: impl Iterator<Item = (String, Span, &'a str)>, say: impl Fn(&str) -> (String, &'static str)) {
    let mut known: BTreeMap<String, Span> = BTreeMap::new();
    for (compared, span, word) in words.filter(|(compared, ..)| !compared.is_empty()) {
        let Some(first) = known.get(&compared) else {
            known.insert(compared, span);
            continue;
        };
        let (message, hint) = say(word);
        file.push(Finding::new("given-twice", span, message).hint(hint).also(*first, "first given here"));
    }
}

/// Reports kinds of seats that no role is.
fn seats(file: &File<'_>, root: NodeRef<'_>, catalog: &Catalog) {
    if !catalog.seats.by.is_role() || catalog.open_roles {
        return;
    }
    let roles: Vec<&str> = catalog.roles.keys().map(String::as_str).collect();
    let kinds = root.get("seats").and_then(|seats| seats.get("kinds")).into_iter().flat_map(NodeRef::children);
    for kind in kinds.filter(|kind| !roles.contains(&kind.text())) {
        let finding = Finding::new("unknown-role", kind.span(), format!("unknown role `{}`: each role is a kind of seat", kind.text()));
        file.push(finding.hint(suggest(kind.text(), &roles)));
    }
}

/// Reports click paths that are empty, and those of changes that the product's states rule out.
fn runbook(file: &File<'_>, root: NodeRef<'_>, catalog: &Catalog) {
    for (key, path) in root.get("runbook").into_iter().flat_map(NodeRef::entries) {
        let action = Action::ALL.into_iter().find(|action| action.as_str() == key.text());
        // General words are those for any product.
        let is_assumed = path.get("assumed").is_some_and(|assumed| assumed.text() == "true");
        if let Some(state) = action.filter(|_| !is_assumed).and_then(|action| catalog.states.lacking(action)).map(StateName::as_str) {
            let message = format!("`{}` is never needed: `states` lacks `{state}`", key.text());
            let finding = Finding::new("unused", key.span(), message);
            file.push(finding.hint(format!("remove this path, or add `{state}` to `states`")));
        }
        let is_empty = |key| path.get(key).is_none_or(|list| list.kind() == NodeKind::List && list.children().next().is_none());
        if path.kind() == NodeKind::Map
            && !path.merges()
            && ["path", "do", "parts", "first", "first_password", "asks", "order", "check", "uncertain", "bill"].into_iter().all(is_empty)
        {
            let finding = Finding::new("missing", path.span(), "this click path is empty");
            file.push(finding.hint("write where to click, such as `path: [Settings, Staff]`, and what to do there under `do`"));
        }
    }
}

/// One text, or those of a list.
fn texts(node: NodeRef<'_>) -> Vec<NodeRef<'_>> {
    match node.kind() {
        NodeKind::List => node.children().collect(),
        NodeKind::Plain | NodeKind::Quoted => vec![node],
        NodeKind::Map => Vec::new(),
    }
}
