//! Edits of a person's file: a change is a splice of its text, so that comments, order, quotes and line ends stay as they are.
//!
//! Every edit is checked: the new text is parsed, and must say exactly what was meant. An edit that is not safe is refused; nothing is
//! ever written anew as a whole.

mod layout;
mod splice;

use std::collections::BTreeSet;
use std::ops::Range;

use super::SecretWords;
use super::finding::Sink;
use super::mistake::Mistakes;
use super::read::{mistakes, tree};
use super::text::{Lines, text};
use super::tree::{NodeKind, NodeRef, Tree};
use super::value::{PathStep, Value};

use splice::splice;

/// A change of one place of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DocumentEdit {
    /// Puts another value in the place of the one at the path.
    Replace(Value),
    /// Adds a key and its value after the last entry of the map at the path.
    AddKey(String, Value),
    /// Adds several keys, in this order, after the last entry of the map at the path.
    AddEntries(Vec<NewEntry>),
    /// Adds an item after the last one of the list at the path.
    AddItem(Value),
    /// Adds an item at this number of the list at the path, before the item that has this number now.
    InsertItem(usize, Value),
    /// Removes the item, or the key with its value, at the path.
    Remove,
}

/// An entry to add to a map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEntry {
    /// Comments for the lines above it, without `#`; an empty one is an empty line. They are left out where the map is in empty
    /// brackets that something follows.
    pub above: Vec<String>,
    /// The key.
    pub key: String,
    /// The value.
    pub value: Value,
}

/// The reason why a text stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The file has mistakes.
    #[error("the file has mistakes: correct them first")]
    Unreadable(#[source] Mistakes),
    /// The path leads nowhere, or not to what the edit is for.
    #[error("the file has nothing at this place that the edit can change")]
    NoSuchPlace,
    /// The edit would change or lose something else.
    #[error("this place cannot be edited without changing something else: edit the file by hand")]
    ByHand,
}

/// Edits a file; all bytes outside the edited place stay as they are.
///
/// # Errors
/// If the file has mistakes, the place does not exist, or the result would not say what was meant.
pub fn edit(bytes: &[u8], path: &[PathStep], edit: &DocumentEdit) -> Result<Vec<u8>, EditError> {
    let before = parsed(bytes)?;
    let root = before.root().ok_or(EditError::NoSuchPlace)?;
    let meant = meant(root, path, edit).ok_or(EditError::NoSuchPlace)?;
    let cut = splice(&before, root, path, edit).ok_or(EditError::ByHand)?;
    let text = before.source();
    // An alias is where it says, and its value elsewhere.
    if cut.to < cut.from {
        return Err(EditError::ByHand);
    }
    let (head, tail) = text.get(..cut.from).zip(text.get(cut.to..)).ok_or(EditError::ByHand)?;
    let mark = bytes.get(..bytes.len() - text.len()).unwrap_or_default();
    let after = [mark, head.as_bytes(), cut.with.as_bytes(), tail.as_bytes()].concat();
    let says = parsed(&after).ok().and_then(|tree| tree.root().map(Value::new));
    if says == Some(meant) { Ok(after) } else { Err(EditError::ByHand) }
}

/// Adds comments, without `#`, below everything else in a file; those that are in it already are left out. `heading` gets the number of the
/// others.
///
/// # Errors
/// If the file has mistakes, or the result would say something else.
pub fn add_comments(bytes: &[u8], heading: impl Fn(usize) -> String, comments: &[String]) -> Result<Vec<u8>, EditError> {
    let before = parsed(bytes)?;
    let text = before.source();
    let known: BTreeSet<&str> = text.lines().filter_map(|line| line.trim().strip_prefix("# ")).collect();
    let new: Vec<&str> = comments.iter().map(String::as_str).filter(|comment| !known.contains(comment)).collect();
    if new.is_empty() {
        return Ok(bytes.to_owned());
    }
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut after = bytes.to_owned();
    let mut add = |line: &str| after.extend([line, end].concat().bytes());
    if !text.ends_with('\n') {
        add("");
    }
    add("");
    add(&format!("# {}", heading(new.len())));
    for comment in new {
        add(&format!("# {comment}"));
    }
    let says = parsed(&after).ok().and_then(|tree| tree.root().map(Value::new));
    if says == before.root().map(Value::new) { Ok(after) } else { Err(EditError::ByHand) }
}

/// Lists the keys of the outermost map of a file.
///
/// # Errors
/// If the file has mistakes, or is not a map.
pub fn keys(bytes: &[u8]) -> Result<Vec<String>, EditError> {
    let tree = parsed(bytes)?;
    let root = tree.root().filter(|root| root.kind() == NodeKind::Map).ok_or(EditError::NoSuchPlace)?;
    Ok(root.entries().map(|(key, _)| key.text().to_owned()).collect())
}

/// Lists the keys of the map under an outermost key, each with the lines of its entry, from 1; an entry ends where the next one begins.
///
/// # Errors
/// If the file has mistakes.
pub fn entry_lines(bytes: &[u8], key: &str) -> Result<Vec<(String, Range<u32>)>, EditError> {
    let tree = parsed(bytes)?;
    let text = text(bytes).unwrap_or_default();
    let lines = Lines::new(text);
    let line_of = |node: NodeRef<'_>| lines.position(text, node.span().start).line + 1;
    let Some(root) = tree.root() else { return Ok(Vec::new()) };
    let mut after = root.entries().skip_while(|(outer, _)| outer.text() != key);
    let Some((_, map)) = after.next() else { return Ok(Vec::new()) };
    let end = after.next().map_or(u32::MAX, |(next, _)| line_of(next));
    let found: Vec<(String, u32)> = map.entries().map(|(key, _)| (key.text().to_owned(), line_of(key))).collect();
    let ends = found.iter().skip(1).map(|(_, line)| *line).chain([end]).collect::<Vec<_>>();
    Ok(found.into_iter().zip(ends).map(|((key, begin), end)| (key, begin..end)).collect())
}

fn parsed(bytes: &[u8]) -> Result<Tree<'_>, EditError> {
    let mut sink = Sink::default();
    let tree = tree(bytes, &mut sink);
    match (mistakes("input", bytes, sink, SecretWords::NONE), tree) {
        (Some(mistakes), _) => Err(EditError::Unreadable(mistakes)),
        (None, Some(tree)) => Ok(tree),
        (None, None) => Err(EditError::NoSuchPlace),
    }
}

/// Returns what the document says after an edit; `None` where the path does not lead to what the edit is for.
fn meant(root: NodeRef<'_>, path: &[PathStep], edit: &DocumentEdit) -> Option<Value> {
    let mut whole = Value::new(root);
    match (edit, path.split_last()) {
        (DocumentEdit::Replace(value), _) => *whole.at_mut(path)? = value.clone(),
        (DocumentEdit::AddKey(key, value), _) => {
            let Value::Map(entries) = whole.at_mut(path)? else { return None };
            if entries.iter().any(|(known, _)| known == key) {
                return None;
            }
            entries.push((key.clone(), value.clone()));
        }
        (DocumentEdit::AddEntries(new), _) => {
            let Value::Map(entries) = whole.at_mut(path)? else { return None };
            let mut known: BTreeSet<&str> = entries.iter().map(|(known, _)| known.as_str()).collect();
            if !new.iter().all(|entry| known.insert(&entry.key)) {
                return None;
            }
            entries.extend(new.iter().map(|entry| (entry.key.clone(), entry.value.clone())));
        }
        (DocumentEdit::AddItem(value), _) => {
            let Value::List(items) = whole.at_mut(path)? else { return None };
            items.push(value.clone());
        }
        (DocumentEdit::InsertItem(at, value), _) => {
            let Value::List(items) = whole.at_mut(path)? else { return None };
            if *at > items.len() {
                return None;
            }
            items.insert(*at, value.clone());
        }
        (DocumentEdit::Remove, None) => return None,
        (DocumentEdit::Remove, Some((last, above))) => match (whole.at_mut(above)?, last) {
            (Value::Map(entries), PathStep::Key(key)) => {
                let at = entries.iter().position(|(known, _)| known == key)?;
                entries.remove(at);
            }
            (Value::List(items), PathStep::Item(at)) if *at < items.len() => {
                items.remove(*at);
            }
            (
                Value::Null | Value::Flag(_) | Value::Number(_) | Value::Text(_) | Value::List(_) | Value::Map(_),
                PathStep::Key(_) | PathStep::Item(_),
            ) => return None,
        },
    }
    Some(whole)
}

#[cfg(test)]
mod tests;
