//! Reads the words of a product's user list, under the key `list` of a workspace.

use std::collections::BTreeMap;

use crate::model::{Kind as FieldKind, ListWords, Names, NormalForm};
use crate::platform::Catalog;
use crate::yaml::{Finding, Given, Kind, NodeRef, Table, suggest};

use crate::manifest::entries::ListEntry;
use crate::manifest::file::File;

/// What a word means if its cells are left out.
const UNKNOWN: &str = "unknown";

/// What a word means if its cells are empty.
const NONE: &str = "none";

/// Keys that words of a column can mean, with what there is in the workspace.
pub(in crate::manifest) struct Keys<'k> {
    pub(in crate::manifest) catalog: &'k Catalog,
    pub(in crate::manifest) roles: Vec<&'k str>,
    pub(in crate::manifest) clinics: Vec<&'k str>,
}

/// Reads the words; those that nothing can be done with are mistakes.
pub(in crate::manifest) fn list(file: &File<'_>, given: Given<ListEntry>, keys: &Keys<'_>) -> ListWords {
    let mut words = ListWords::default();
    let Some(entry) = given.take() else { return words };
    let columns = keys.catalog.list_columns();
    let known = |key: NodeRef<'_>, known: &[&str], what: &str| {
        let is_known = known.contains(&key.text());
        if !is_known {
            let finding = Finding::new("unknown-key", key.span(), format!("`{}` is not {what}", key.text()));
            file.push(finding.hint(suggest(key.text(), known)));
        }
        is_known
    };
    for (key, node) in entries(file, &entry.columns) {
        let headers = texts(file, node);
        if known(key, &columns, "a column of a user list") {
            words.columns.insert(key.text().to_owned(), headers);
        }
    }
    for (key, node) in entries(file, &entry.values) {
        if !known(key, &columns, "a column of a user list") {
            continue;
        }
        if ["email", "login", "name"].contains(&key.text()) {
            let message = format!("the words of `{}` are not looked up", key.text());
            file.push(
                Finding::new("unknown-key", key.span(), message).hint("remove this: addresses and names are kept as the list has them"),
            );
            continue;
        }
        let meanings = keys.meanings(key.text());
        let mut values = BTreeMap::new();
        for (word, meaning) in node.entries() {
            let Some(meaning_text) = file.decoder.decode::<String>(meaning) else { continue };
            if meaning_text != UNKNOWN && keys.are_phones(key.text()) {
                let hint = format!("write `{UNKNOWN}`, which leaves such cells out");
                file.push(Finding::new("unknown-value", meaning.span(), "a word cannot mean a phone number".to_owned()).hint(hint));
            }
            let can_be_empty = meaning_text == NONE && keys.can_be_empty(key.text());
            if !meanings.is_empty() && meaning_text != UNKNOWN && !can_be_empty && !meanings.contains(&meaning_text.as_str()) {
                let message = format!("`{meaning_text}` is not a value of `{}`", key.text());
                let hint = format!("{} or write `{UNKNOWN}`, which leaves such cells out", with_comma(&suggest(&meaning_text, &meanings)));
                file.push(Finding::new("unknown-value", meaning.span(), message).hint(hint));
            }
            values.insert(word.text().to_owned(), meaning_text);
        }
        words.values.insert(key.text().to_owned(), values);
    }
    for (key, node) in entries(file, &entry.marks) {
        let marks = texts(file, node);
        if known(key, &keys.marked(), "a state that a mark shows") {
            words.marks.insert(key.text().to_owned(), marks);
        }
    }
    words
}

/// Ends a suggestion so that another one can follow.
fn with_comma(suggestion: &str) -> String {
    format!("{},", suggestion.trim_end_matches('?'))
}

/// The entries of a map that may be absent.
fn entries<'f, T>(file: &'f File<'_>, given: &Given<Table<T>>) -> Vec<(NodeRef<'f>, NodeRef<'f>)> {
    given.value().map(|table| file.node(table.0).entries().collect()).unwrap_or_default()
}

/// One text, or a list of them.
fn texts(file: &File<'_>, node: NodeRef<'_>) -> Vec<String> {
    match node.kind() {
        Kind::List => file.decoder.decode::<Vec<String>>(node).unwrap_or_default(),
        Kind::Plain | Kind::Quoted | Kind::Map => file.decoder.decode::<String>(node).into_iter().collect(),
    }
}

impl<'k> Keys<'k> {
    /// Returns whether a word of a column can mean that there is nothing: where the words that can be there are known.
    fn can_be_empty(&self, column: &str) -> bool {
        let field = self.catalog.field_named(column);
        field.and_then(|field| self.catalog.field(field)).is_some_and(|rule| !rule.allowed.is_empty())
    }

    /// Returns whether a column has phone numbers.
    fn are_phones(&self, column: &str) -> bool {
        self.catalog.field_named(column).is_some_and(|field| field.definition().form == NormalForm::Phones)
    }

    /// Lists the states that a mark can show: those that somebody can have.
    fn marked(&self) -> Vec<&'static str> {
        let states = self.catalog.states;
        let all = [("blocked", states.blocked), ("pending", states.pending), ("inactive", states.inactive)];
        all.into_iter().filter(|(_, has)| *has).map(|(state, _)| state).collect()
    }

    /// Lists what the words of a column can mean; nothing if any text is possible.
    fn meanings(&self, column: &str) -> Vec<&'k str> {
        if column == "status" {
            let expired = self.catalog.states.pending.then_some("expired");
            return [vec!["active"], self.marked(), expired.into_iter().collect()].concat();
        }
        if column == "blocked" {
            return vec!["yes", "no"];
        }
        let Some(field) = self.catalog.field_named(column) else { return Vec::new() };
        let allowed = self.catalog.field(field).map_or(&[][..], |rule| &rule.allowed);
        match (field.definition().names, field.definition().kind) {
            (Names::Role, _) if self.catalog.open_roles => Vec::new(),
            (Names::Role, _) => self.roles.clone(),
            (Names::Clinic, _) => self.clinics.clone(),
            (_, FieldKind::Flag) => vec!["yes", "no"],
            (Names::Nothing | Names::Employee | Names::Colleague, _) => allowed.iter().map(String::as_str).collect(),
        }
    }
}
