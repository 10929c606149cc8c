//! The rules of a page's own style sheets that hide elements (rows of people whom a filter took away, panels of other tabs) or strike their
//! text through.

use std::collections::BTreeMap;

use super::tree::{Element, PageTree};
use crate::model::Email;

/// The rules of all style sheets of a page that say whether elements are displayed or struck through.
#[derive(Debug, Default)]
struct PageStyles {
    rules: Vec<StyleRule>,
    /// The rules by the class, id or tag that an element must have.
    by_key: BTreeMap<String, Vec<usize>>,
}

#[derive(Debug)]
struct StyleRule {
    selector: Vec<(Relation, Compound)>,
    property: Property,
    /// Says whether it hides an element, or strikes it through.
    hides: bool,
    /// The weight that decides which of several rules wins: whether it is important, how much its selector says, and its place.
    weight: (bool, [usize; 3], usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Property {
    Display,
    Visibility,
    Decoration,
}

/// The relation of the element of a part of a selector to that of the part after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    Within,
    Directly,
}

/// A part of a selector: what an element must have.
#[derive(Debug, Default)]
struct Compound {
    tag: Option<String>,
    ids: Vec<String>,
    classes: Vec<String>,
}

/// The most rules that are kept: more than the style sheets of a page have that say what is displayed.
const MOST: usize = 20_000;
/// The most elements above another one that are looked at.
const HIGHEST: usize = 300;

/// Hides what the page's own style sheets hide; returns whether that is anything.
pub(super) fn hide(tree: &mut PageTree) -> bool {
    let styles = PageStyles::new(tree.root());
    let all = tree.root().descendants(&|_| true);
    let hidden: Vec<usize> = all.into_iter().filter(|element| styles.hide(*element)).map(|element| element.id).collect();
    let strikes = styles.rules.iter().any(|rule| rule.property == Property::Decoration && rule.hides);
    let all = if strikes { tree.root().descendants(&|_| true) } else { Vec::new() };
    let struck: Vec<usize> = all.into_iter().filter(|element| styles.strike(*element)).map(|element| element.id).collect();
    tree.hide(&hidden);
    tree.strike(&struck);
    !hidden.is_empty()
}

impl PageStyles {
    /// Reads the style sheets inside of a page.
    fn new(root: Element<'_>) -> Self {
        let mut styles = Self::default();
        for sheet in root.descendants(&|_| true).into_iter().filter(|element| element.tag() == "style") {
            // A sheet for paper says nothing about the screen.
            if sheet.attribute("media").is_some_and(|media| media.contains("print")) {
                continue;
            }
            let texts = sheet.children().filter_map(|child| match child {
                super::tree::Child::Text(text) => Some(text),
                super::tree::Child::Element(_) => None,
            });
            styles.read(&without_comments(&texts.collect::<String>()), false);
        }
        styles
    }

    /// Returns whether a style sheet hides an element.
    fn hide(&self, element: Element<'_>) -> bool {
        self.applies(element, Property::Display, "display:") || self.applies(element, Property::Visibility, "visibility:")
    }

    /// Returns whether a style sheet strikes the text of an element through.
    fn strike(&self, element: Element<'_>) -> bool {
        self.applies(element, Property::Decoration, "text-decoration")
    }

    /// Returns whether the rule of a property that wins hides an element or strikes it through. Its own style has the property by this name.
    fn applies(&self, element: Element<'_>, property: Property, name: &str) -> bool {
        if self.rules.is_empty() || matches!(element.tag(), "html" | "body" | "head") {
            return false;
        }
        let own = element.attribute("style").unwrap_or_default().to_lowercase().replace(' ', "");
        let keys = element.attribute("class").unwrap_or_default().split_whitespace().map(|class| format!(".{class}"));
        let keys: Vec<String> = keys.chain(element.attribute("id").map(|id| format!("#{id}"))).chain([element.tag().to_owned()]).collect();
        let rules = || keys.iter().filter_map(|key| self.by_key.get(key)).flatten().filter_map(|at| self.rules.get(*at));
        let winner = rules().filter(|rule| rule.property == property && fits(element, &rule.selector)).max_by_key(|rule| rule.weight);
        winner.is_some_and(|rule| rule.hides && (rule.weight.0 || !own.contains(name)))
    }

    /// Reads the rules of a style sheet. Under a condition, such as the width of a screen, an element may be shown, and is not hidden.
    fn read(&mut self, css: &str, is_conditional: bool) {
        let mut rest = css;
        while let Some(at) = rest.find(['{', ';', '}']) {
            let (prelude, after) = rest.split_at(at);
            let prelude = prelude.trim();
            if !after.starts_with('{') {
                rest = after.get(1..).unwrap_or_default();
                continue;
            }
            let (block, after) = block(after.get(1..).unwrap_or_default());
            rest = after;
            if let Some(name) = prelude.strip_prefix('@') {
                if ["media", "supports", "layer", "container"].iter().any(|known| name.starts_with(known)) {
                    self.read(block, true);
                }
            } else {
                self.declarations(prelude, block, is_conditional);
            }
        }
    }

    fn declarations(&mut self, selectors: &str, block: &str, is_conditional: bool) {
        let mut found: Vec<(Property, bool, bool)> = Vec::new();
        for declaration in block.split(';') {
            let Some((name, value)) = declaration.split_once(':') else { continue };
            let (name, value) = (name.trim().to_lowercase(), value.trim().to_lowercase());
            let (property, hides) = match name.as_str() {
                "display" => (Property::Display, value.starts_with("none")),
                "visibility" => (Property::Visibility, value.starts_with("hidden") || value.starts_with("collapse")),
                "text-decoration" | "text-decoration-line" => (Property::Decoration, value.contains("line-through")),
                _ => continue,
            };
            found.retain(|(known, ..)| *known != property);
            found.push((property, hides, value.contains("!important")));
        }
        for (property, hides, is_important) in found {
            for selector in selectors.split(',') {
                if let Some((selector, is_whole)) = selector_of(selector)
                    && (!hides || (is_whole && !is_conditional))
                    && self.rules.len() < MOST
                {
                    self.add(selector, property, hides, is_important);
                }
            }
        }
    }

    fn add(&mut self, selector: Vec<(Relation, Compound)>, property: Property, hides: bool, is_important: bool) {
        let Some(key) = selector.last().and_then(|(_, last)| last.key()) else { return };
        let count = |of: &dyn Fn(&Compound) -> usize| selector.iter().map(|(_, part)| of(part)).sum::<usize>();
        let says = [count(&|part| part.ids.len()), count(&|part| part.classes.len()), count(&|part| usize::from(part.tag.is_some()))];
        let at = self.rules.len();
        self.by_key.entry(key).or_default().push(at);
        self.rules.push(StyleRule { selector, property, hides, weight: (is_important, says, at) });
    }
}

impl Compound {
    /// Returns what an element must have, as a key of the rules.
    fn key(&self) -> Option<String> {
        let class = self.classes.first().map(|class| format!(".{class}"));
        class.or_else(|| self.ids.first().map(|id| format!("#{id}"))).or_else(|| self.tag.clone())
    }

    fn fits(&self, element: Element<'_>) -> bool {
        let has_class = |class: &String| element.has_class(&[class.as_str()]);
        self.tag.as_deref().is_none_or(|tag| element.tag() == tag)
            && self.ids.iter().all(|id| element.attribute("id") == Some(id.as_str()))
            && self.classes.iter().all(has_class)
    }
}

/// Returns whether a selector selects an element.
fn fits(element: Element<'_>, selector: &[(Relation, Compound)]) -> bool {
    let Some(((_, last), above)) = selector.split_last() else { return true };
    if !last.fits(element) {
        return false;
    }
    let Some((relation, _)) = above.last() else { return true };
    let mut next = element.parent();
    for _ in 0..HIGHEST {
        let Some(parent) = next else { return false };
        if fits(parent, above) {
            return true;
        }
        if *relation == Relation::Directly {
            return false;
        }
        next = parent.parent();
    }
    false
}

/// Reads a selector, and says whether all of it was understood: what is not understood is left out, so that it selects more.
fn selector_of(text: &str) -> Option<(Vec<(Relation, Compound)>, bool)> {
    let spaced = text.replace('>', " > ");
    let (mut parts, mut is_whole): (Vec<(Relation, Compound)>, bool) = (Vec::new(), true);
    for word in spaced.split_whitespace() {
        if word == ">" {
            if let Some((relation, _)) = parts.last_mut() {
                *relation = Relation::Directly;
            }
            continue;
        }
        // Elements beside another one are not looked for, nor drawings before or after one.
        if word.contains(['+', '~']) || word.contains("::") || word.contains(":before") || word.contains(":after") {
            return None;
        }
        let (part, is_understood) = compound(word);
        is_whole &= is_understood;
        parts.push((Relation::Within, part));
    }
    // A selector such as `.a .b .c .d .e .f` would be tried in too many ways.
    (!parts.is_empty() && parts.len() <= 6).then_some((parts, is_whole))
}

fn compound(word: &str) -> (Compound, bool) {
    let mut found = Compound::default();
    let end = word.find([':', '[', '*']).unwrap_or(word.len());
    let (simple, rest) = word.split_at(end);
    let mut starts: Vec<usize> = simple.match_indices(['.', '#']).map(|(at, _)| at).collect();
    let tag = simple.get(..starts.first().copied().unwrap_or(simple.len())).unwrap_or_default();
    found.tag = Some(tag.to_lowercase()).filter(|tag| !tag.is_empty());
    starts.push(simple.len());
    for (from, to) in starts.iter().zip(starts.iter().skip(1)) {
        let part = simple.get(*from..*to).unwrap_or_default();
        match part.split_at_checked(1) {
            Some((".", name)) => found.classes.push(name.replace('\\', "")),
            Some((_, name)) => found.ids.push(name.replace('\\', "")),
            None => {}
        }
    }
    (found, rest.is_empty())
}

/// Takes a block apart from what follows it; its opening brace was read.
fn block(text: &str) -> (&str, &str) {
    let mut depth = 1_usize;
    let mut quote: Option<char> = None;
    let mut is_escaped = false;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            _ if is_escaped => {
                is_escaped = false;
                continue;
            }
            (_, '\\') => is_escaped = true,
            (Some(open), _) if open == c => quote = None,
            // No text goes on in the next line.
            (Some(_), '\n') => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, '{') => depth += 1,
            (None, '}') => depth -= 1,
            (Some(_) | None, _) => {}
        }
        if depth == 0 {
            return (text.get(..at).unwrap_or_default(), text.get(at + 1..).unwrap_or_default());
        }
    }
    (text, "")
}

fn without_comments(css: &str) -> String {
    let mut done = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, after)) = rest.split_once("/*") {
        done.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    done.push_str(rest);
    done
}

impl Element<'_> {
    /// Returns whether its tag, its class, its own style or a style sheet of the page strikes its text through.
    pub(super) fn is_struck(self) -> bool {
        let style = || self.attribute("style").unwrap_or_default().to_lowercase();
        let is_by_tag = matches!(self.tag(), "s" | "del" | "strike");
        let is_by_class = || self.has_class(&["line-through", "text-decoration-line-through", "text-line-through"]);
        is_by_tag || self.is_struck_by_sheet() || is_by_class() || style().contains("line-through")
    }
}

/// The longest color, in bytes.
const LONGEST_COLOR: usize = 60;

/// Returns the color, the opacity or the filter that an element's own style gives it, such as `color:#999`.
pub(super) fn color(element: Element<'_>) -> Option<String> {
    let by_tag = || element.attribute("color").filter(|_| element.tag() == "font").map(|color| ("color", color));
    let mut rules = element.attribute("style").into_iter().flat_map(|style| style.split(';')).filter_map(|rule| rule.split_once(':'));
    let is_color = |name: &str| matches!(name.trim().to_lowercase().as_str(), "color" | "opacity" | "filter");
    let (name, value) = rules.find(|(name, _)| is_color(name)).or_else(by_tag)?;
    Some(format!("{}:{}", name.trim().to_lowercase(), value.trim().to_lowercase())).filter(|color| color.len() <= LONGEST_COLOR)
}

/// Returns whether only narrow screens show an element: the header of a column, beside each value.
pub(super) fn is_for_narrow_screens(element: Element<'_>) -> bool {
    let hides_on_wide = |class: &str| {
        let words: Vec<&str> = class.split(['-', ':']).collect();
        let is_width = |word: &&str| ["sm", "md", "lg", "xl", "xxl", "2xl"].contains(word);
        let hides = words.iter().any(|word| ["none", "hidden", "hide"].contains(word)) && words.iter().any(is_width);
        hides || class.starts_with("visible-xs") || words.contains(&"mobile") || class == "label" || class.ends_with("column-title")
    };
    element.attribute("class").unwrap_or_default().split_whitespace().any(hides_on_wide)
}

/// Returns whether the text of an element is the name of a picture in the font of icons.
pub(super) fn is_icon_of_font(element: Element<'_>) -> bool {
    let begins =
        |class: &str| ["material-icons", "material-symbols", "mat-icon", "MuiIcon-root"].iter().any(|name| class.starts_with(name));
    element.tag() == "mat-icon" || element.attribute("class").unwrap_or_default().split_whitespace().any(begins)
}

/// Returns whether an element is the text that a page shows beside the pointer.
pub(super) fn is_open_tooltip(element: Element<'_>) -> bool {
    let is_inside = |class: &str| class.contains("tooltip") && ["text", "inner", "content", "body"].iter().any(|end| class.ends_with(end));
    let classes = || element.attribute("class").unwrap_or_default().split_whitespace().map(str::to_lowercase);
    element.role() == "tooltip" || classes().any(|class| is_inside(&class))
}

/// Returns the name of an icon of Material UI, which has it for tests: `CancelOutlinedIcon` is "Cancel".
pub(super) fn name_for_tests(icon: Element<'_>) -> Option<String> {
    let mut name = icon.attribute("data-testid")?.strip_suffix("Icon").filter(|name| name.len() <= LONGEST_NAME)?;
    for look in ["Outlined", "Rounded", "Sharp", "TwoTone", "Filled"] {
        name = name.strip_suffix(look).unwrap_or(name);
    }
    let is_of_chip = icon.attribute("class").unwrap_or_default().contains("deleteIcon");
    Some(format!(".{name}")).filter(|_| !name.is_empty() && !is_of_chip)
}

/// Returns whether a text is an address and nothing else: it does not belong to what other elements say beside it.
pub(super) fn is_address(text: &str) -> bool {
    text.contains('@') && text.len() <= LONGEST_ADDRESS && Email::parse(text.trim()).is_ok()
}

/// The longest name of an icon, in bytes.
const LONGEST_NAME: usize = 60;

/// The longest address, in bytes.
const LONGEST_ADDRESS: usize = 320;

/// Returns whether an element shows a part of a text in another way, as a search does with what it has found.
pub(super) fn is_emphasis(element: Element<'_>) -> bool {
    let beside = element.parent().into_iter().flat_map(Element::elements);
    let is_one =
        |one: &Element<'_>| matches!(one.tag(), "mark" | "b" | "strong" | "em" | "i" | "u" | "wbr") || one.has_class(&["highlight"]);
    is_one(&element) || element.elements().any(|inner| is_one(&inner)) || beside.into_iter().any(|one| one.tag() == "mark")
}
