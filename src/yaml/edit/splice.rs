//! The splice that makes an edit: which bytes are replaced, and with what.

use super::super::tree::{NodeKind, NodeRef, Tree};
use super::super::value::{PathStep, Value};
use super::super::write::{entry, flow, scalar};
use super::layout::Layout;
use super::{DocumentEdit, NewEntry};

/// Bytes to be replaced.
pub(super) struct Splice {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) with: String,
}

/// A node with what is around it.
#[derive(Clone, Copy)]
struct NodePlace<'t> {
    node: NodeRef<'t>,
    key: Option<NodeRef<'t>>,
    /// Its container, and its number there.
    holder: Option<(NodeRef<'t>, usize)>,
}

/// Returns the splice for an edit; `None` if none is safe. Whether it does what is meant is not known yet.
pub(super) fn splice(tree: &Tree<'_>, root: NodeRef<'_>, path: &[PathStep], edit: &DocumentEdit) -> Option<Splice> {
    let layout = Layout::new(tree);
    let place = find(root, path)?;
    match edit {
        DocumentEdit::Replace(value) => replace(&layout, place, value),
        DocumentEdit::AddKey(key, value) => {
            let (last_key, last) = place.node.entries().last().unzip();
            let text = format!("{}: {}", scalar(key), flow(value));
            if layout.is_flow(place.node) {
                return add_in_brackets(&layout, place.node, last_key, last, &text, " ");
            }
            let indent = indent(&layout, layout.start(place.node.entries().next()?.0))?;
            add_lines(&layout, layout.end(last_key, last?)?, &entry(key, value, indent))
        }
        DocumentEdit::AddEntries(new) => add_entries(&layout, place, new),
        DocumentEdit::InsertItem(0, value) if place.node.children().next().is_some() => insert_first(&layout, place.node, value),
        DocumentEdit::AddItem(value) | DocumentEdit::InsertItem(_, value) => {
            let last = match edit {
                DocumentEdit::InsertItem(at, _) => at.checked_sub(1).and_then(|before| place.node.children().nth(before)),
                DocumentEdit::AddItem(_)
                | DocumentEdit::Replace(_)
                | DocumentEdit::AddKey(..)
                | DocumentEdit::AddEntries(_)
                | DocumentEdit::Remove => place.node.children().last(),
            };
            if layout.is_flow(place.node) {
                return add_in_brackets(&layout, place.node, None, last, &flow(value), "");
            }
            let indent = indent(&layout, layout.dash(place.node.children().next()?)?)?;
            add_lines(&layout, layout.end(None, last?)?, &format!("{:indent$}- {}\n", "", flow(value)))
        }
        DocumentEdit::Remove => {
            let (holder, at) = place.holder?;
            if holder.children().nth(if holder.kind() == NodeKind::Map { 2 } else { 1 }).is_none() {
                return empty(&layout, place, holder);
            }
            if layout.is_flow(holder) { remove_in_brackets(&layout, place, holder, at) } else { remove_lines(&layout, place, holder, at) }
        }
    }
}

fn find<'t>(root: NodeRef<'t>, path: &[PathStep]) -> Option<NodePlace<'t>> {
    let mut place = NodePlace { node: root, key: None, holder: None };
    for step in path {
        let holder = place.node;
        place = match step {
            PathStep::Key(word) => {
                let (at, (key, node)) = holder.entries().enumerate().find(|(_, (key, _))| key.text() == word)?;
                NodePlace { node, key: Some(key), holder: Some((holder, at)) }
            }
            PathStep::Item(at) => NodePlace { node: holder.children().nth(*at)?, key: None, holder: Some((holder, *at)) },
        };
    }
    Some(place)
}

/// The key and value at a number of a map, or the item of a list.
fn nth(holder: NodeRef<'_>, at: usize) -> Option<NodePlace<'_>> {
    let (key, node) = if holder.kind() == NodeKind::Map {
        holder.entries().nth(at).map(|(key, node)| (Some(key), node))?
    } else {
        (None, holder.children().nth(at)?)
    };
    Some(NodePlace { node, key, holder: Some((holder, at)) })
}

/// Returns how far a block is indented whose first key or dash is at a byte.
fn indent(layout: &Layout<'_>, at: usize) -> Option<usize> {
    let before = layout.before(at);
    before.chars().all(|c| matches!(c, ' ' | '-')).then_some(before.len())
}

/// The first byte of an entry or an item.
fn begin(layout: &Layout<'_>, place: NodePlace<'_>) -> Option<usize> {
    match place.key {
        Some(key) => Some(layout.start(key)),
        None if place.holder.is_some_and(|(holder, _)| !layout.is_flow(holder)) => layout.dash(place.node),
        None => Some(layout.start(place.node)),
    }
}

fn replace(layout: &Layout<'_>, place: NodePlace<'_>, value: &Value) -> Option<Splice> {
    let to = layout.end(place.key, place.node)?;
    if Layout::is_blank(place.node) {
        return Some(Splice { from: to, to, with: format!(" {}", flow(value)) });
    }
    let from = layout.start(place.node);
    let loses_comment = if place.node.is_scalar() {
        // A block of text may have a comment behind its header; what follows is text.
        layout.is_block_text(from) && layout.has_comment(from, layout.line_end(from))
    } else {
        layout.has_comment(from, to)
    };
    (!loses_comment).then(|| Splice { from, to, with: flow(value) })
}

fn add_in_brackets(
    layout: &Layout<'_>,
    holder: NodeRef<'_>,
    last_key: Option<NodeRef<'_>>,
    last: Option<NodeRef<'_>>,
    text: &str,
    pad: &str,
) -> Option<Splice> {
    if let Some(last) = last {
        let at = layout.end(last_key, last)?;
        return Some(Splice { from: at, to: at, with: format!(", {text}") });
    }
    let (from, to) = (layout.start(holder) + 1, layout.end(None, holder)?.checked_sub(1)?);
    (!layout.has_comment(from, to)).then(|| Splice { from, to, with: format!("{pad}{text}{pad}") })
}

/// Adds entries to a map, each on lines of its own where the map is not in brackets.
fn add_entries(layout: &Layout<'_>, place: NodePlace<'_>, new: &[NewEntry]) -> Option<Splice> {
    let (last_key, last) = place.node.entries().last().unzip();
    if let (None, Some(key)) = (last, place.key)
        && let Some(splice) = fill_in(layout, place, key, new)
    {
        return Some(splice);
    }
    if layout.is_flow(place.node) {
        let texts: Vec<String> = new.iter().map(|entry| format!("{}: {}", scalar(&entry.key), flow(&entry.value))).collect();
        if let Some(splice) = last_key.zip(last).and_then(|last| below_comment(layout, last, new, &texts)) {
            return Some(splice);
        }
        if let (Some(last), true) = (last, new.iter().any(|entry| !entry.above.is_empty()))
            && let Some(indent) = place.key.and_then(|key| indent(layout, layout.start(key))).map(|indent| indent + 2)
        {
            let at = layout.end(last_key, last)?;
            return Some(Splice { from: at, to: at, with: lines_in_brackets(new, &texts, indent).replace('\n', layout.line_break()) });
        }
        return add_in_brackets(layout, place.node, last_key, last, &texts.join(", "), " ");
    }
    let indent = indent(layout, layout.start(place.node.entries().next()?.0))?;
    add_lines(layout, layout.end(last_key, last?)?, &lines(new, indent))
}

/// Puts entries on lines of their own in the place of empty brackets at the end of a line.
fn fill_in(layout: &Layout<'_>, place: NodePlace<'_>, key: NodeRef<'_>, new: &[NewEntry]) -> Option<Splice> {
    let (from, end) = (layout.start(place.node), layout.end(Some(key), place.node)?);
    let to = layout.line_end(end);
    let rest = layout.text.get(end..to)?.trim();
    if layout.has_comment(from, end) || !(rest.is_empty() || rest.starts_with('#')) {
        return None;
    }
    let from = layout.text.get(..from)?.trim_end_matches([' ', '\t']).len();
    let indent = indent(layout, layout.start(key))? + 2;
    let (pad, line_break) = (if rest.is_empty() { "" } else { " " }, layout.line_break());
    let with = format!("{pad}{rest}\n{}", lines(new, indent)).replace('\n', line_break);
    Some(Splice { from, to, with })
}

/// The lines of entries, with their comments above them.
fn lines(new: &[NewEntry], indent: usize) -> String {
    let comment = |line: &String| if line.is_empty() { "\n".to_owned() } else { format!("{:indent$}# {line}\n", "") };
    let one = |new: &NewEntry| new.above.iter().map(comment).chain([entry(&new.key, &new.value, indent)]).collect::<String>();
    new.iter().map(one).collect()
}

/// The entries of a map in brackets, on lines of their own: a comment ends with its line.
fn lines_in_brackets(new: &[NewEntry], texts: &[String], indent: usize) -> String {
    let mut lines = Vec::new();
    for (new, text) in new.iter().zip(texts) {
        lines.push(",".to_owned());
        lines.extend(new.above.iter().filter(|line| !line.is_empty()).map(|line| format!("\n{:indent$}# {line}", "")));
        lines.push(format!("\n{:indent$}{text}", ""));
    }
    lines.concat()
}

/// Adds entries to a map in brackets below the comment that is on the line of its last entry, so that it stays with that one.
fn below_comment(layout: &Layout<'_>, (key, last): (NodeRef<'_>, NodeRef<'_>), new: &[NewEntry], texts: &[String]) -> Option<Splice> {
    let from = layout.end(Some(key), last)?;
    let rest = layout.text.get(from..layout.line_end(from))?.trim_end_matches(['\r', '\n']);
    let (comma, behind) = rest.trim_start().strip_prefix(',').map_or(("", rest), |behind| (",", behind));
    let indent = indent(layout, layout.start(key)).filter(|_| behind.trim_start().starts_with('#'))?;
    let mut with = format!(",{behind}");
    for (at, (new, text)) in new.iter().zip(texts).enumerate() {
        let above: Vec<String> = new.above.iter().filter(|line| !line.is_empty()).map(|line| format!("\n{:indent$}# {line}", "")).collect();
        let end = if at + 1 < texts.len() { "," } else { comma };
        with = format!("{with}{}\n{:indent$}{text}{end}", above.concat(), "");
    }
    Some(Splice { from, to: from + rest.len(), with: with.replace('\n', layout.line_break()) })
}

/// Adds whole lines after the line of a byte.
fn add_lines(layout: &Layout<'_>, after: usize, lines: &str) -> Option<Splice> {
    let at = layout.line_end(after);
    let lines = lines.replace('\n', layout.line_break());
    let is_ended = layout.text.get(..at)?.ends_with('\n');
    let with = if is_ended { lines } else { format!("{}{}", layout.line_break(), lines.trim_end_matches(['\r', '\n'])) };
    Some(Splice { from: at, to: at, with })
}

/// Adds an item before the first one.
fn insert_first(layout: &Layout<'_>, list: NodeRef<'_>, value: &Value) -> Option<Splice> {
    let first = list.children().next()?;
    if layout.is_flow(list) {
        let at = layout.start(first);
        return Some(Splice { from: at, to: at, with: format!("{}, ", flow(value)) });
    }
    let dash = layout.dash(first)?;
    let before = layout.before(dash);
    let at = layout.line_start(dash);
    let with = format!("{before}- {}{}", flow(value), layout.line_break());
    before.chars().all(|c| c == ' ').then_some(Splice { from: at, to: at, with })
}

/// Removes the only entry or item: brackets stay.
fn empty(layout: &Layout<'_>, place: NodePlace<'_>, holder: NodeRef<'_>) -> Option<Splice> {
    let from = if layout.is_flow(holder) { layout.start(holder) } else { begin(layout, place)? };
    let to = if layout.is_flow(holder) { layout.end(None, holder)? } else { layout.end(place.key, place.node)? };
    let with = match holder.kind() {
        NodeKind::Map => "{}",
        // A list may begin right below its key; brackets may not.
        NodeKind::List | NodeKind::Plain | NodeKind::Quoted if layout.before(from).is_empty() => " []",
        NodeKind::List | NodeKind::Plain | NodeKind::Quoted => "[]",
    };
    (!layout.has_comment(from, to)).then(|| Splice { from, to, with: with.to_owned() })
}

fn remove_in_brackets(layout: &Layout<'_>, place: NodePlace<'_>, holder: NodeRef<'_>, at: usize) -> Option<Splice> {
    let begins = begin(layout, place)?;
    let ends = layout.end(place.key, place.node)?;
    let (from, to) = if let Some(next) = nth(holder, at + 1) {
        (begins, begin(layout, next)?)
    } else {
        let last = nth(holder, at.checked_sub(1)?)?;
        (layout.end(last.key, last.node)?, ends)
    };
    let loses_comment = layout.has_comment(from, begins.max(from)) || layout.has_comment(ends.min(to), to);
    (!loses_comment).then(|| Splice { from, to, with: String::new() })
}

fn remove_lines(layout: &Layout<'_>, place: NodePlace<'_>, holder: NodeRef<'_>, at: usize) -> Option<Splice> {
    let from = begin(layout, place)?;
    let to = layout.line_end(layout.end(place.key, place.node)?);
    if layout.before(from).chars().all(|c| c == ' ') {
        return Some(Splice { from: layout.line_start(from), to, with: String::new() });
    }
    // It is on the line of a dash, which stays: the next one takes its place.
    let next = begin(layout, nth(holder, at + 1)?)?;
    let is_next = layout.text.get(to..next)?.trim().is_empty();
    is_next.then(|| Splice { from, to: next, with: String::new() })
}
