//! Parses text into a tree, within limits on depth, size and aliases.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle};

use super::input::{Ahead, Limited};
use super::quotes;
use super::syntax::{IN_FULL, syntax};
use super::tree::{NodeKind, Tree};
use crate::yaml::finding::{Finding, Sink, Spot};
use crate::yaml::text::{Span, small};

const MOST_DEPTH: u8 = 64;
const MOST_NODES: usize = 1_000_000;
/// The limit for one list or map, including users: more are an attack or an accident.
const MOST_ENTRIES: usize = 100_000;
const MOST_COPIED: usize = 50_000;
const MOST_ANCHORS: usize = 1_000;
/// Room for so many keys is reserved at most before they are counted.
const MOST_KEYS: usize = 64;

/// A map with so many keys has few.
const FEW_KEYS: usize = 24;

/// Parses the text of one file. Returns `None` if no tree could be built; mistakes are in the sink either way.
pub(crate) fn parse<'s>(text: &'s str, sink: &mut Sink) -> Option<Tree<'s>> {
    let tree = parsed(text, sink);
    if tree.is_none() {
        // No tree tells then where secrets are.
        sink.found.iter_mut().for_each(|finding| finding.unparsed = true);
    }
    tree
}

fn parsed<'s>(text: &'s str, sink: &mut Sink) -> Option<Tree<'s>> {
    let ahead = Ahead::default();
    let mut parser = Parser::new(Limited::new(text, &ahead));
    let mut builder = Builder { tree: Tree::new(text), ..Builder::default() };
    loop {
        let (event, span) = match parser.next_event()? {
            Ok((event, span)) => (event, Span { start: small(span.start.index()), end: small(span.end.index()) }),
            Err(why) => {
                let at = small(why.marker().index());
                let span = Span { start: at, end: at + 1 };
                sink.push(match why.info() {
                    _ if ahead.is_over() => too_wide(span).syntax(),
                    info if info.contains("recursion") => too_deep(span),
                    info => {
                        let finding = syntax(text, span, info, builder.bracket(text));
                        // The quotes that end the reading may have been found before.
                        if sink.found.iter().any(|other| other.code == "quotes" && start(other) == start(&finding)) {
                            return None;
                        }
                        finding
                    }
                });
                return None;
            }
        };
        ahead.event();
        if ahead.is_over() {
            sink.push(too_wide(span).syntax());
            return None;
        }
        match builder.take(event, span, sink) {
            Ok(true) => {}
            Ok(false) => return Some(builder.tree),
            Err(finding) => {
                sink.push(*finding);
                return None;
            }
        }
    }
}

/// Returns where the text of a finding begins.
fn start(finding: &Finding) -> Option<u32> {
    match finding.spot {
        Spot::Text(span) => Some(span.start),
        Spot::File | Spot::Byte(_) => None,
    }
}

fn too_wide(span: Span) -> Finding {
    Finding::new("too-large", span, "one `[…]` or `{…}` has too many entries").hint("write one entry per line, or split the file")
}

/// A container that is open.
#[derive(Clone, Copy)]
struct OpenContainer {
    /// Its number in the tree.
    index: u32,
    /// The number of keys, values or list entries that it may still hold.
    room: usize,
}

#[derive(Default)]
struct Builder<'s> {
    tree: Tree<'s>,
    /// Containers that are open, the innermost last.
    open: Vec<OpenContainer>,
    anchors: BTreeMap<usize, u32>,
    copied: usize,
    documents: usize,
}

impl Builder<'_> {
    /// The innermost bracket that is open.
    fn bracket(&self, text: &str) -> Option<Span> {
        let start = self.open.last().map(|open| self.tree.node(open.index).span().start)?;
        let is_bracket = text.chars().nth(start as usize).is_some_and(|c| matches!(c, '{' | '['));
        is_bracket.then_some(Span { start, end: start + 1 })
    }

    /// Takes one event; false at the end of the stream.
    fn take(&mut self, event: Event<'_>, span: Span, sink: &mut Sink) -> Result<bool, Box<Finding>> {
        let depth = u8::try_from(self.open.len()).unwrap_or(u8::MAX);
        if matches!(event, Event::SequenceStart(..) | Event::MappingStart(..)) && depth >= MOST_DEPTH {
            return Err(Box::new(too_deep(span)));
        }
        if self.tree.len() >= MOST_NODES {
            let finding = Finding::new("too-large", span, format!("the file has more than {MOST_NODES} values"));
            return Err(Box::new(finding.hint("split the file")));
        }
        if matches!(event, Event::Alias(_) | Event::Scalar(..) | Event::SequenceStart(..) | Event::MappingStart(..))
            && let Some(around) = self.open.last_mut()
        {
            let Some(room) = around.room.checked_sub(1) else {
                let finding = Finding::new("too-large", span, format!("more than {MOST_ENTRIES} entries in one list or map"));
                return Err(Box::new(finding.hint("check whether a file was appended to itself")));
            };
            around.room = room;
        }
        match event {
            Event::Nothing | Event::StreamStart | Event::DocumentEnd => {}
            Event::StreamEnd => return Ok(false),
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    return Err(Box::new(
                        Finding::new("several-documents", span, "a second YAML document begins here").hint("move it to its own file"),
                    ));
                }
            }
            Event::Alias(id) => self.alias(id, span, depth)?,
            Event::Scalar(text, style, anchor, tag) => {
                if tag.is_some() {
                    tagged(span, sink);
                }
                self.anchor(anchor, span)?;
                let kind = if style == ScalarStyle::Plain { NodeKind::Plain } else { NodeKind::Quoted };
                match quotes::unquoted(&text).filter(|_| kind == NodeKind::Plain) {
                    Some(inner) => {
                        sink.push(Finding::new("quotes", span, quotes::MESSAGE).hint(quotes::HINT));
                        // Read as it is meant, it has no second mistake.
                        self.tree.scalar(inner, NodeKind::Quoted, span);
                    }
                    None => self.tree.scalar(&text, kind, span),
                }
            }
            Event::SequenceStart(anchor, tag) => self.open(NodeKind::List, anchor, tag.is_some(), span, sink)?,
            Event::MappingStart(anchor, tag) => self.open(NodeKind::Map, anchor, tag.is_some(), span, sink)?,
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(open) = self.open.pop() {
                    self.tree.close(open.index, span.end);
                    keys(&self.tree, open.index, sink);
                }
            }
        }
        Ok(true)
    }

    fn open(&mut self, kind: NodeKind, anchor: usize, has_tag: bool, span: Span, sink: &mut Sink) -> Result<(), Box<Finding>> {
        if has_tag {
            tagged(span, sink);
        }
        self.anchor(anchor, span)?;
        let index = self.tree.open(kind, span);
        let room = if kind == NodeKind::Map { 2 * MOST_ENTRIES } else { MOST_ENTRIES };
        self.open.push(OpenContainer { index, room });
        Ok(())
    }

    fn anchor(&mut self, id: usize, span: Span) -> Result<(), Box<Finding>> {
        if id > 0 {
            if self.anchors.len() >= MOST_ANCHORS {
                return Err(Box::new(Finding::new("aliases", span, "the file has too many anchors").hint(IN_FULL)));
            }
            self.anchors.insert(id, small(self.tree.len()));
        }
        Ok(())
    }

    /// Puts a copy of what an alias names in its place.
    fn alias(&mut self, id: usize, span: Span, depth: u8) -> Result<(), Box<Finding>> {
        let refuse = |message: &str| Box::new(Finding::new("aliases", span, message).hint(IN_FULL));
        let Some(index) = self.anchors.get(&id).copied() else { return Err(refuse("this alias does not match any anchor")) };
        self.copied += self.tree.size(index);
        if self.copied > MOST_COPIED {
            return Err(refuse("the aliases in this file expand to too many values"));
        }
        match self.tree.copy(index, depth) {
            None => Err(refuse("this anchor contains itself")),
            Some((_, deepest)) if deepest >= MOST_DEPTH => Err(Box::new(too_deep(span))),
            Some(_) => Ok(()),
        }
    }
}

fn too_deep(span: Span) -> Finding {
    Finding::new("too-deep", span, format!("more than {MOST_DEPTH} levels of nesting")).hint("use fewer levels")
}

/// Reports a tag, without its text: it may be a secret that begins with `!`.
fn tagged(span: Span, sink: &mut Sink) {
    sink.push(
        Finding::new("tag", span, "tags (`!…`) are not supported")
            .hint("remove the tag, since rosterctl knows the type from the key; put a text in quotes if it begins with `!`"),
    );
}

/// Reports keys that are not text, merge keys, and keys that are given twice.
fn keys(tree: &Tree<'_>, map: u32, sink: &mut Sink) {
    let node = tree.node(map);
    if node.kind() != NodeKind::Map {
        return;
    }
    // Most maps are users, with one scalar a key.
    let mut seen: Vec<(&str, u32)> = Vec::with_capacity((tree.size(map) / 2).min(MOST_KEYS));
    for (key, _) in node.entries() {
        if !key.is_scalar() {
            sink.push(Finding::new("key", key.span(), "a key must be text, not a list or a map").hint("write `key: value`"));
        } else if key.text() == "<<" && key.kind() == NodeKind::Plain {
            sink.push(
                Finding::new("merge-key", key.span(), "merge keys (`<<`) are not supported")
                    .hint("write the keys out in full, or use an alias (`*name`) for each value"),
            );
        } else {
            seen.push((key.text(), key.index()));
        }
    }
    // Comparing each with each is fastest where they are few.
    let differ = |at: usize, (key, _): &(&str, u32)| seen.iter().take(at).all(|(other, _)| other != key);
    if seen.len() <= FEW_KEYS && seen.iter().enumerate().all(|(at, one)| differ(at, one)) {
        return;
    }
    seen.sort_unstable();
    for pair in seen.windows(2) {
        if let [(first, at), (again, twice)] = pair
            && first == again
        {
            // Further mistakes are only counted, so they need no message.
            let message = if sink.is_full() { String::new() } else { format!("`{again}` is given twice") };
            sink.push(
                Finding::new("duplicate-key", tree.node(*twice).span(), message)
                    .hint("keep only one of them")
                    .also(tree.node(*at).span(), "first given here"),
            );
        }
    }
}
