//! Reads the words of a product's user list, under the key `list` of a workspace.

use std::collections::BTreeMap;

use crate::model::{Field, InvitationState, Kind, ListWords, Names, NormalForm, Standing};
use crate::platform::{Catalog, ListColumn, MarkedState};
use crate::yaml::{Finding, Given, NodeKind, NodeRef, Table, suggest};

use crate::manifest::entries::ListEntry;
use crate::manifest::file::File;

/// The meaning of a word if its cells are left out.
const UNKNOWN: &str = "unknown";

/// The meaning of a word if its cells are empty.
const NONE: &str = "none";

/// Keys that words of a column can mean, with what there is in the workspace.
pub(in crate::manifest) struct WordKeys<'k> {
    pub(in crate::manifest) catalog: &'k Catalog,
    pub(in crate::manifest) roles: Vec<&'k str>,
    pub(in crate::manifest) clinics: Vec<&'k str>,
}

/// Reads the words; those that nothing can be done with are mistakes.
pub(in crate::manifest) fn list(file: &File<'_>, given: Given<ListEntry>, keys: &WordKeys<'_>) -> ListWords {
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
        let Some(column) = ListColumn::named(key.text(), keys.catalog) else { continue };
        let Some(meanings) = keys.meanings(column) else {
            let message = format!("the words of `{}` are not looked up", key.text());
            file.push(
                Finding::new("unknown-key", key.span(), message).hint("remove this: addresses and names are kept as the list has them"),
            );
            continue;
        };
        if file.decoder.decode::<Table<String>>(node).is_none() {
            continue;
        }
        let mut values = BTreeMap::new();
        for (word, meaning) in node.entries() {
            let Some(meaning_text) = file.decoder.decode::<String>(meaning) else { continue };
            if meaning_text != UNKNOWN && has_phones(column) {
                let hint = format!("write `{UNKNOWN}`, which leaves such cells out");
                file.push(Finding::new("unknown-value", meaning.span(), "a word cannot mean a phone number".to_owned()).hint(hint));
            }
            let can_be_empty = meaning_text == NONE && keys.can_be_empty(column);
            if !meanings.is_empty() && meaning_text != UNKNOWN && !can_be_empty && !meanings.contains(&meaning_text.as_str()) {
                let message = format!("unknown {} `{meaning_text}`", key.text());
                let hint = format!("{} or write `{UNKNOWN}`, which leaves such cells out", with_comma(&suggest(&meaning_text, &meanings)));
                file.push(Finding::new("unknown-value", meaning.span(), message).hint(hint));
            }
            values.insert(word.text().to_owned(), meaning_text);
        }
        words.values.insert(key.text().to_owned(), values);
    }
    let marked = keys.marked();
    for (key, node) in entries(file, &entry.marks) {
        let marks = texts(file, node);
        if known(key, &marked, "a state that a mark shows") {
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
        NodeKind::List => file.decoder.decode::<Vec<String>>(node).unwrap_or_default(),
        NodeKind::Plain | NodeKind::Quoted | NodeKind::Map => file.decoder.decode::<String>(node).into_iter().collect(),
    }
}

impl<'k> WordKeys<'k> {
    /// Returns whether a word of a column can mean that there is nothing: where the words that can be there are known.
    fn can_be_empty(&self, column: ListColumn) -> bool {
        let rule = field_of(column).and_then(|field| self.catalog.field(field));
        rule.is_some_and(|rule| !rule.allowed.is_empty())
    }

    /// Lists the keys of the states that a mark can show.
    fn marked(&self) -> Vec<&'static str> {
        self.catalog.marked_states().map(MarkedState::as_str).collect()
    }

    /// Lists what the words of a column can mean, nothing if any text is possible; `None` if they are not looked up.
    fn meanings(&self, column: ListColumn) -> Option<Vec<&'k str>> {
        let field = match column {
            ListColumn::Email | ListColumn::Login | ListColumn::Name => return None,
            ListColumn::Status => {
                let expired = self.catalog.states.pending.then_some(InvitationState::Expired.as_str());
                return Some([vec![Standing::Active.as_str()], self.marked(), expired.into_iter().collect()].concat());
            }
            ListColumn::Blocked => return Some(vec!["yes", "no"]),
            ListColumn::Field(field) => field,
        };
        let allowed = self.catalog.field(field).map_or(&[][..], |rule| &rule.allowed);
        Some(match field.definition().names {
            Names::Role if self.catalog.open_roles => Vec::new(),
            Names::Role => self.roles.clone(),
            Names::Clinic => self.clinics.clone(),
            Names::Nothing | Names::Employee | Names::Colleague => match field.definition().kind {
                Kind::Flag => vec!["yes", "no"],
                Kind::Text | Kind::TextOrNo | Kind::Number | Kind::List | Kind::Set | Kind::Changes => {
                    allowed.iter().map(String::as_str).collect()
                }
            },
        })
    }
}

/// The field of a column, if it has one.
const fn field_of(column: ListColumn) -> Option<Field> {
    match column {
        ListColumn::Field(field) => Some(field),
        ListColumn::Email | ListColumn::Login | ListColumn::Name | ListColumn::Status | ListColumn::Blocked => None,
    }
}

/// Returns whether a column has phone numbers.
fn has_phones(column: ListColumn) -> bool {
    field_of(column).is_some_and(|field| field.definition().form == NormalForm::Phones)
}
