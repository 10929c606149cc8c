//! The tree of a page, made by an HTML parser that repairs what browsers repair. Only what tables need is kept.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};

use html5ever::tendril::{StrTendril, TendrilSink as _};
use html5ever::tree_builder::{ElemName, ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::{Attribute, LocalName, Namespace, ParseOpts, QualName, local_name, ns, parse_document};

use crate::list::limits;
use crate::list::problem::{Cause, Limit};

use super::attributes::{has_endless_tag, kept};

/// The number of bytes that are given to the parser before the limits are looked at.
const PIECE: usize = 8 * 1024;

/// A page.
#[derive(Debug)]
pub(super) struct PageTree {
    nodes: Vec<PageNode>,
}

/// An element or a text.
#[derive(Debug)]
struct PageNode {
    name: QualName,
    attributes: Vec<(LocalName, String)>,
    text: String,
    parent: Option<usize>,
    children: Vec<usize>,
    depth: usize,
    is_hidden_by_sheet: bool,
    is_struck_by_sheet: bool,
}

/// An element of a page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Element<'t> {
    tree: &'t PageTree,
    pub(super) id: usize,
}

/// A child of an element.
pub(super) enum Child<'t> {
    Element(Element<'t>),
    Text(&'t str),
}

impl PageTree {
    /// Parses a page.
    pub(super) fn parse(text: &str) -> Result<Self, Cause> {
        if has_endless_tag(text) {
            return Err(Cause::TooLarge(Limit::Nodes));
        }
        let mut parser = parse_document(NodeSink::default(), ParseOpts::default());
        let mut rest = text;
        while !rest.is_empty() {
            let mut end = PIECE.min(rest.len());
            while !rest.is_char_boundary(end) {
                end += 1;
            }
            let (piece, after) = rest.split_at(end);
            parser.process(StrTendril::from_slice(piece));
            if let Some(limit) = parser.tokenizer.sink.sink.exceeded.get() {
                return Err(Cause::TooLarge(limit));
            }
            rest = after;
        }
        let (nodes, exceeded) = parser.finish();
        match exceeded {
            Some(limit) => Err(Cause::TooLarge(limit)),
            None => Ok(Self { nodes }),
        }
    }

    /// Hides elements, by their ids.
    pub(super) fn hide(&mut self, ids: &[usize]) {
        self.change(ids, |node| node.is_hidden_by_sheet = true);
    }

    /// Strikes the texts of elements through, as a style sheet of the page does.
    pub(super) fn strike(&mut self, ids: &[usize]) {
        self.change(ids, |node| node.is_struck_by_sheet = true);
    }

    /// Gives an element another attribute.
    pub(super) fn add(&mut self, id: usize, name: &str, value: &str) {
        self.change(&[id], |node| node.attributes.push((LocalName::from(name), value.to_owned())));
    }

    fn change(&mut self, ids: &[usize], change: impl Fn(&mut PageNode)) {
        for id in ids {
            let _ = self.nodes.get_mut(*id).map(&change);
        }
    }

    /// Shows again what only style sheets hide.
    pub(super) fn show_despite_sheets(&mut self) {
        for node in &mut self.nodes {
            node.is_hidden_by_sheet = false;
        }
    }

    /// Returns the document.
    pub(super) const fn root(&self) -> Element<'_> {
        Element { tree: self, id: 0 }
    }
}

impl<'t> Element<'t> {
    fn node(self) -> Option<&'t PageNode> {
        self.tree.nodes.get(self.id)
    }

    /// Returns the name of the tag.
    pub(super) fn tag(self) -> &'t str {
        self.node().map_or("", |node| &node.name.local)
    }

    /// Returns an attribute.
    pub(super) fn attribute(self, name: &str) -> Option<&'t str> {
        self.node()?.attributes.iter().find(|(known, _)| &**known == name).map(|(_, value)| value.as_str())
    }

    /// Lists its attributes.
    pub(super) fn attributes(self) -> impl Iterator<Item = (&'t str, &'t str)> {
        self.node().into_iter().flat_map(|node| &node.attributes).map(|(name, value)| (&**name, value.as_str()))
    }

    /// Lists elements and texts inside of it.
    pub(super) fn children(self) -> impl Iterator<Item = Child<'t>> {
        let ids = self.node().map_or(&[][..], |node| &node.children);
        ids.iter().filter_map(move |id| {
            let node = self.tree.nodes.get(*id)?;
            let is_text = node.name.local.is_empty();
            Some(if is_text { Child::Text(&node.text) } else { Child::Element(Element { tree: self.tree, id: *id }) })
        })
    }

    /// Lists the elements directly inside of it.
    pub(super) fn elements(self) -> impl Iterator<Item = Self> {
        self.children().filter_map(|child| match child {
            Child::Element(element) => Some(element),
            Child::Text(_) => None,
        })
    }

    /// Returns the element that it is in.
    pub(super) fn parent(self) -> Option<Self> {
        Some(Self { tree: self.tree, id: self.node()?.parent? })
    }

    /// Lists the elements beside it that come after it.
    pub(super) fn following(self) -> impl Iterator<Item = Self> {
        self.parent().into_iter().flat_map(Self::elements).skip_while(move |element| element.id != self.id).skip(1)
    }

    /// Lists the elements inside of it in order, and goes into those that the function accepts.
    pub(super) fn descendants(self, enter: &dyn Fn(Self) -> bool) -> Vec<Self> {
        let mut found = Vec::new();
        let mut waiting: Vec<Self> = self.elements().collect();
        waiting.reverse();
        while let Some(element) = waiting.pop() {
            found.push(element);
            if enter(element) {
                let before = waiting.len();
                waiting.extend(element.elements());
                if let Some(new) = waiting.get_mut(before..) {
                    new.reverse();
                }
            }
        }
        found
    }

    /// Returns a number in an attribute.
    pub(super) fn number(self, name: &str) -> Option<u64> {
        self.attribute(name)?.trim().parse().ok()
    }

    /// Returns its role for people who use a screen reader.
    pub(super) fn role(self) -> &'t str {
        self.attribute("role").unwrap_or_default()
    }

    /// Returns whether nobody sees it.
    pub(super) fn is_hidden(self) -> bool {
        self.attribute("hidden").is_some() || self.attribute("aria-hidden") == Some("true") || self.is_not_displayed()
    }

    /// Returns whether it is not on the page, such as the panel of another tab. Everything below an open dialog is there, and only hidden
    /// from screen readers.
    pub(super) fn is_off_the_page(self) -> bool {
        self.attribute("hidden").is_some() || self.is_not_displayed()
    }

    /// Returns whether its own style or a style sheet of the page hides it.
    pub(super) fn is_not_displayed(self) -> bool {
        if self.node().is_some_and(|node| node.is_hidden_by_sheet) {
            return true;
        }
        let style = self.attribute("style").unwrap_or_default().to_lowercase().replace(' ', "");
        style.contains("display:none") || style.contains("visibility:hidden")
    }

    /// Returns whether a style sheet of the page strikes its text through.
    pub(super) fn is_struck_by_sheet(self) -> bool {
        self.node().is_some_and(|node| node.is_struck_by_sheet)
    }

    /// Returns whether it is shown as one that nobody can use.
    pub(super) fn is_disabled(self) -> bool {
        self.attribute("aria-disabled") == Some("true")
    }

    /// Returns whether it has one of these classes.
    pub(super) fn has_class(self, names: &[&str]) -> bool {
        self.attribute("class").is_some_and(|all| all.split_whitespace().any(|class| names.contains(&class)))
    }
}

/// The tree that the parser writes to.
struct NodeSink {
    nodes: RefCell<Vec<PageNode>>,
    exceeded: Cell<Option<Limit>>,
}

impl Default for NodeSink {
    fn default() -> Self {
        let root = node(QualName::new(None, ns!(), local_name!("html")));
        Self { nodes: RefCell::new(vec![root]), exceeded: Cell::new(None) }
    }
}

const fn node(name: QualName) -> PageNode {
    PageNode {
        name,
        attributes: Vec::new(),
        text: String::new(),
        parent: None,
        children: Vec::new(),
        depth: 0,
        is_hidden_by_sheet: false,
        is_struck_by_sheet: false,
    }
}

/// The name of an element, as the parser asks for it.
#[derive(Debug)]
struct ElementName(QualName);

impl ElemName for ElementName {
    fn ns(&self) -> &Namespace {
        &self.0.ns
    }
    fn local_name(&self) -> &LocalName {
        &self.0.local
    }
}

impl NodeSink {
    fn add(&self, node: PageNode) -> usize {
        let mut nodes = self.nodes.borrow_mut();
        // The parser needs an element each time; it is stopped after the piece that it reads.
        if nodes.len() >= limits::NODES {
            self.exceeded.set(Some(Limit::Nodes));
        }
        nodes.push(node);
        nodes.len() - 1
    }

    fn detach(&self, id: usize) {
        let mut nodes = self.nodes.borrow_mut();
        let Some(parent) = nodes.get_mut(id).and_then(|node| node.parent.take()) else { return };
        if let Some(parent) = nodes.get_mut(parent) {
            parent.children.retain(|child| *child != id);
        }
    }

    /// Puts a child into a parent, before another child if one is given.
    fn put(&self, parent: usize, before: Option<usize>, child: NodeOrText<usize>) {
        let id = match child {
            NodeOrText::AppendNode(id) => {
                self.detach(id);
                id
            }
            NodeOrText::AppendText(text) => match self.text(parent, before, &text) {
                Some(id) => id,
                None => return,
            },
        };
        let mut nodes = self.nodes.borrow_mut();
        let depth = nodes.get(parent).map_or(0, |node| node.depth + 1);
        if depth > limits::DEPTH {
            self.exceeded.set(Some(Limit::Depth));
            return;
        }
        // Comments are not kept: the root takes their place.
        if id == 0 {
            return;
        }
        if let Some(node) = nodes.get_mut(id) {
            (node.parent, node.depth) = (Some(parent), depth);
        }
        let Some(node) = nodes.get_mut(parent) else { return };
        let at = before.and_then(|before| node.children.iter().rposition(|child| *child == before)).unwrap_or(node.children.len());
        node.children.insert(at, id);
    }

    /// Adds a text to the one before it, or makes a new one; programs and styles have no text that people see.
    fn text(&self, parent: usize, before: Option<usize>, text: &str) -> Option<usize> {
        let previous = {
            let nodes = self.nodes.borrow();
            let parent = nodes.get(parent)?;
            if matches!(&*parent.name.local, "script" | "noscript" | "template") {
                return None;
            }
            let at = before.and_then(|before| parent.children.iter().rposition(|child| *child == before));
            at.unwrap_or(parent.children.len()).checked_sub(1).and_then(|at| parent.children.get(at)).copied()
        };
        if let Some(id) = previous
            && let Some(node) = self.nodes.borrow_mut().get_mut(id)
            && node.name.local.is_empty()
        {
            node.text.push_str(text);
            return None;
        }
        let mut new = node(QualName::new(None, ns!(), local_name!("")));
        text.clone_into(&mut new.text);
        Some(self.add(new))
    }
}

impl TreeSink for NodeSink {
    type Handle = usize;
    type Output = (Vec<PageNode>, Option<Limit>);
    type ElemName<'a> = ElementName;

    fn finish(self) -> Self::Output {
        (self.nodes.into_inner(), self.exceeded.get())
    }
    fn parse_error(&self, _: Cow<'static, str>) {}
    fn get_document(&self) -> usize {
        0
    }
    fn elem_name<'a>(&'a self, target: &'a usize) -> ElementName {
        let name = self.nodes.borrow().get(*target).map(|node| node.name.clone());
        ElementName(name.unwrap_or_else(|| QualName::new(None, ns!(html), local_name!("div"))))
    }
    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, _: ElementFlags) -> usize {
        self.add(PageNode { attributes: kept(attributes), ..node(name) })
    }
    fn create_comment(&self, _: StrTendril) -> usize {
        0
    }
    fn create_pi(&self, _: StrTendril, _: StrTendril) -> usize {
        0
    }
    fn append(&self, parent: &usize, child: NodeOrText<usize>) {
        self.put(*parent, None, child);
    }
    fn append_based_on_parent_node(&self, element: &usize, previous: &usize, child: NodeOrText<usize>) {
        let has_parent = self.nodes.borrow().get(*element).is_some_and(|node| node.parent.is_some());
        if has_parent { self.append_before_sibling(element, child) } else { self.append(previous, child) }
    }
    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}
    fn get_template_contents(&self, target: &usize) -> usize {
        *target
    }
    fn same_node(&self, one: &usize, two: &usize) -> bool {
        one == two
    }
    fn set_quirks_mode(&self, _: QuirksMode) {}
    fn append_before_sibling(&self, sibling: &usize, child: NodeOrText<usize>) {
        let parent = self.nodes.borrow().get(*sibling).and_then(|node| node.parent);
        if let Some(parent) = parent {
            self.put(parent, Some(*sibling), child);
        }
    }
    fn add_attrs_if_missing(&self, target: &usize, attributes: Vec<Attribute>) {
        if let Some(node) = self.nodes.borrow_mut().get_mut(*target) {
            let new: Vec<_> =
                kept(attributes).into_iter().filter(|(name, _)| node.attributes.iter().all(|(known, _)| known != name)).collect();
            node.attributes.extend(new);
        }
    }
    fn remove_from_parent(&self, target: &usize) {
        self.detach(*target);
    }
    fn reparent_children(&self, from: &usize, to: &usize) {
        let children = self.nodes.borrow_mut().get_mut(*from).map(|node| std::mem::take(&mut node.children)).unwrap_or_default();
        for child in children {
            if let Some(node) = self.nodes.borrow_mut().get_mut(child) {
                node.parent = None;
            }
            self.put(*to, None, NodeOrText::AppendNode(child));
        }
    }
}
