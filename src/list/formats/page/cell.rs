//! The text that a person sees in a cell of a page, and that a screen reader says about its icons.

use crate::list::csv::lost;
use crate::list::general::begins_with_verb;
use crate::list::limits;
use crate::list::table::{Cell, Lost, is_pale, says_no_access, trimmed};

use super::attributes::{is_tooltip, state};
use super::boxes::{self, hidden_address, is_button, is_pressed, whole};
use super::styles::{color, is_address, is_emphasis, is_for_narrow_screens, is_icon_of_font, is_open_tooltip, name_for_tests};
use super::tree::{Child, Element};

/// Tags that begin a new line.
const BLOCKS: [&str; 20] =
    ["div", "p", "br", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "section", "dd", "dt", "dl", "hr", "small"];

/// Tags without text that people see.
const SILENT: [&str; 6] = ["script", "style", "template", "noscript", "head", "svg"];

/// Reads a cell.
pub(super) fn cell(element: Element<'_>) -> Cell {
    let read = |skips_asides: bool| {
        let mut reading = CellParts { skips_asides, ..CellParts::default() };
        reading.classes(element, '~');
        reading.cell.marks.extend(color(element).map(|color| format!("~{color}")));
        reading.labels(element);
        reading.cell.marks.extend(states(element).map(|text| format!("~row:{text}")));
        reading.inside(element);
        let text = lines(&reading.text);
        (reading, text)
    };
    let (mut reading, mut text) = read(true);
    if text.is_empty() {
        (reading, text) = read(false);
    }
    let mut cell = std::mem::take(&mut reading.cell);
    match reading.behind.take().filter(|_| text.is_empty()) {
        Some(value) => {
            cell.be_field();
            cell.lost = cell.lost.or_else(|| value.is_empty().then_some(Lost::More));
            cell.text = lines(&value);
        }
        None => cell.text = text,
    }
    if cell.text.is_empty() {
        cell.text = element
            .attribute("aria-label")
            .and_then(|label| label.rsplit_once("Value "))
            .map_or_else(String::new, |(_, value)| trimmed(value));
    }
    cell.lost = cell.lost.or_else(|| lost(&cell.text));
    let mails = &mut reading.mails;
    mails.sort();
    mails.dedup();
    if let [mail] = mails.as_slice() {
        cell.whole = Some(mail.clone());
    } else if cell.lost == Some(Lost::Cut) {
        let visible = cell.text.trim_end_matches(['…', '.']).trim_end().to_owned();
        cell.whole = reading.titles.into_iter().find(|title| title.starts_with(&visible) && title.len() > visible.len());
    }
    let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
    if element.is_struck() || (reading.struck > 0 && reading.struck >= letters(&reading.text)) {
        cell.strike();
    }
    if element.is_disabled() || (reading.disabled > 0 && reading.disabled >= letters(&reading.text)) {
        cell.disable();
    }
    if cell.text.is_empty() && cell.ticked.is_none() {
        cell.ticked = reading.silent;
    }
    if boxes::are_chosen_by_class(element) {
        cell.lost = Some(Lost::More);
    }
    if reading.boxes.len() > 1 {
        cell.ticked = None;
        match boxes::ticked(&reading.text, &reading.boxes) {
            Some(ticked) => cell.text = lines(&ticked),
            None => cell.lost = Some(Lost::More),
        }
    }
    cell
}

/// Lists what the data of a row or cell says of somebody's state.
pub(super) fn states(element: Element<'_>) -> impl Iterator<Item = String> {
    element.attributes().filter_map(|(name, value)| state(name, value)).map(str::to_owned)
}

/// Returns the text of an element in one line.
pub(super) fn text(element: Element<'_>) -> String {
    let mut reading = CellParts::default();
    reading.inside(element);
    reading.text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns the text of an element in one line, without what can be pressed or chosen in it.
pub(super) fn text_besides_controls(element: Element<'_>) -> String {
    let mut reading = CellParts { skips_controls: true, ..CellParts::default() };
    reading.inside(element);
    reading.text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns whether an element can be pressed or chosen from: it says what may be, such as the size of a page.
pub(super) fn is_control(element: Element<'_>) -> bool {
    matches!(element.tag(), "button" | "select" | "option" | "datalist" | "input" | "textarea")
        || matches!(element.role(), "button" | "option" | "listbox" | "combobox" | "menu" | "menuitem" | "menuitemradio" | "spinbutton")
}

/// Returns whether an element has any text inside.
fn has_text(element: Element<'_>) -> bool {
    let mut waiting = vec![element];
    while let Some(next) = waiting.pop() {
        for child in next.children() {
            match child {
                Child::Text(text) if !text.trim().is_empty() => return true,
                Child::Element(inner) if inner.tag() != "style" => waiting.push(inner),
                Child::Text(_) | Child::Element(_) => {}
            }
        }
    }
    false
}

/// Lines without blanks at their ends and without blank lines.
fn lines(text: &str) -> String {
    let words =
        |line: &str| line.split(|c: char| c.is_whitespace() || c == '\u{200b}').filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ");
    text.split('\n').map(words).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

#[derive(Default)]
struct CellParts {
    cell: Cell,
    text: String,
    mails: Vec<String>,
    titles: Vec<String>,
    /// The boxes, each with its place in the text and whether it is ticked.
    boxes: Vec<(usize, bool)>,
    /// The setting of a button without text of its own.
    silent: Option<bool>,
    /// The value of a field that the page hides behind what it shows instead; empty if none is chosen.
    behind: Option<String>,
    /// The number of letters that are struck through.
    struck: usize,
    /// The number of letters that are shown as disabled.
    disabled: usize,
    depth: usize,
    skips_controls: bool,
    /// Says whether buttons with a verb, and what only a screen reader says, have no text.
    skips_asides: bool,
}

/// Class names of texts that only a screen reader says.
const UNSEEN: [&str; 5] = ["sr-only", "visually-hidden", "screen-reader-text", "cdk-visually-hidden", "screenreader"];

/// Returns whether an element is a badge, whose text is apart from the text beside it.
pub(super) fn is_badge(element: Element<'_>) -> bool {
    let is_of_badge = |class: &str| {
        let class = class.to_lowercase();
        ["badge", "chip", "pill", "tag"].iter().any(|word| class.split(['-', '_']).any(|part| part.ends_with(word)))
    };
    element.attribute("class").unwrap_or_default().split_whitespace().any(is_of_badge)
}

/// The longest name of a picture, in bytes.
const LONGEST_NAME: usize = 60;

/// Returns whether the text of an element is not part of a value: what a button does, what nobody sees, or the number of a footnote.
fn is_aside(element: Element<'_>) -> bool {
    let is_action = || {
        let text = text(element);
        begins_with_verb(&text) && text.split_whitespace().count() < 4
    };
    let is_note = || text(element).chars().all(|c| c.is_ascii_digit() || matches!(c, '*' | '†' | '‡' | ',' | ' '));
    let is_beside = element.has_class(&UNSEEN) || is_open_tooltip(element);
    is_beside || (is_button(element) && is_action()) || (element.tag() == "sup" && is_note())
}

impl CellParts {
    fn inside(&mut self, element: Element<'_>) {
        // The parser moves elements of broken pages: they can be deeper than it counted.
        if self.depth > 2 * limits::DEPTH {
            return;
        }
        self.depth += 1;
        for child in element.children() {
            match child {
                // Line breaks of the source are spaces.
                Child::Text(text) if is_address(text) && !is_emphasis(element) => {
                    self.text.extend(["\n", text.trim(), "\n"]);
                }
                Child::Text(text) => self.text.extend(text.chars().map(|c| if c.is_whitespace() { ' ' } else { c })),
                Child::Element(child) => self.element(child),
            }
        }
        self.depth -= 1;
    }

    fn element(&mut self, element: Element<'_>) {
        if self.skips_controls && is_control(element) {
            self.text.push(' ');
            return;
        }
        if is_icon_of_font(element) {
            self.labels(element);
            self.classes(element, '.');
            self.cell.marks.extend(Some(text(element)).filter(|name| !name.is_empty()));
            self.text.push(' ');
            return;
        }
        // What can be done to somebody says nothing about what was done: "Block" is on the button of everybody who is not blocked.
        let is_off = boxes::is_set(element) == Some(false);
        let marks = (is_off || (is_pressed(element) && !boxes::has_box(element))).then(|| std::mem::take(&mut self.cell.marks));
        let (kept, before) = (self.text.len(), (self.boxes.len(), self.cell.ticked, self.silent));
        self.any(element);
        if let Some(kept) = marks {
            let own = std::mem::replace(&mut self.cell.marks, kept);
            self.cell.marks.extend(own.iter().filter_map(|mark| boxes::undoing(mark)));
            // Nor does the name of a switch that is off.
            let is_name = element.tag() == "a" && !is_button(element) && !begins_with_verb(&text(element));
            let says = |mark: &String| !is_off && !mark.starts_with('.') && (is_name || !mark.starts_with('~')) && !begins_with_verb(mark);
            self.cell.marks.extend(own.into_iter().filter(says));
        }
        self.cell.marks.extend(Some(element).filter(|element| is_aside(*element)).and_then(|element| boxes::undoing(&text(element))));
        if self.skips_asides && is_aside(element) {
            // What only a screen reader says can be what a color shows to others.
            let unseen = Some(text(element)).filter(|text| element.has_class(&UNSEEN) && !text.is_empty());
            self.cell.marks.extend(unseen.map(|text| format!("~row:{text}")));
            if is_open_tooltip(element) {
                self.label(text(element));
            }
            self.text.truncate(kept);
            self.text.push(' ');
            self.boxes.truncate(before.0);
            (self.cell.ticked, self.silent) = (before.1, before.2);
        }
    }

    fn any(&mut self, element: Element<'_>) {
        let tag = element.tag();
        // Of several choices, the one that is made counts.
        if boxes::is_choice_not_made(element) {
            return;
        }
        self.labels(element);
        self.pale(element);
        if let Some(mail) = element.attribute("href").and_then(|href| href.strip_prefix("mailto:")) {
            let address = mail.split('?').next().unwrap_or_default();
            self.mails.push(percent_encoding::percent_decode_str(address).decode_utf8_lossy().trim().to_owned());
        }
        if let Some(address) = hidden_address(element) {
            self.text.push_str(&address);
            self.mails.push(address);
            return;
        }
        match tag {
            "input" => return self.input(element),
            "select" => return self.select(element),
            "img" => self.file(element.attribute("src")),
            "use" => self.file(element.attribute("href")),
            "svg" => {
                for inner in element.descendants(&|_| true).into_iter().filter(|inner| inner.tag() == "use") {
                    self.file(inner.attribute("href"));
                }
                self.cell.marks.extend(name_for_tests(element));
                let titles = element.elements().filter(|child| matches!(child.tag(), "title" | "desc"));
                self.cell.marks.extend(titles.map(text_of_title).filter(|text| !text.is_empty()));
            }
            _ => {}
        }
        match boxes::is_set(element) {
            Some(is_on) if boxes::is_box(element) || has_text(element) => self.tick(is_on),
            // A star beside a name says nothing about the name.
            Some(is_on) => self.silent = Some(is_on),
            None => {}
        }
        let is_silent = SILENT.contains(&tag) || element.is_hidden();
        let is_icon = is_silent || !has_text(element);
        if is_icon {
            self.classes(element, '.');
        }
        if is_silent {
            return;
        }
        let is_block = BLOCKS.contains(&tag) || is_badge(element) || (self.text.trim().is_empty() && is_for_narrow_screens(element));
        if is_block {
            self.text.push('\n');
        } else if is_icon {
            self.text.push(' ');
        }
        let before = self.text.len();
        self.inside(element);
        if let Some(whole) = whole(element, self.text.get(before..).unwrap_or_default()) {
            self.text.truncate(before);
            self.text.push_str(&whole);
        }
        if element.is_struck() {
            let own = self.text.get(before..).unwrap_or_default();
            self.struck += own.chars().filter(|c| !c.is_whitespace()).count();
        }
        if element.is_disabled() && !is_pressed(element) && boxes::is_set(element).is_none() {
            let own = self.text.get(before..).unwrap_or_default();
            self.disabled += own.chars().filter(|c| !c.is_whitespace()).count();
        }
        if is_block {
            self.text.push('\n');
        }
    }

    /// Keeps what a screen reader says about an element.
    fn labels(&mut self, element: Element<'_>) {
        self.cell.marks.extend(element.attribute("svgicon").map(|name| format!(".{name}")));
        // Narrow screens show the header of a column beside each value.
        let is_header = |name: &str| name == "data-title" && element.tag() == "td";
        let is_label =
            |name: &str| matches!(name, "title" | "aria-label" | "aria-description" | "alt") || (is_tooltip(name) && !is_header(name));
        element.attributes().filter(|(name, _)| is_label(name)).for_each(|(_, text)| self.label(trimmed(text)));
    }

    fn label(&mut self, text: String) {
        if !text.is_empty() {
            self.titles.push(text.clone());
            self.cell.marks.push(text);
        }
    }

    /// Keeps class names; those of the cell itself begin with another sign than those of icons.
    fn classes(&mut self, element: Element<'_>, sign: char) {
        let names = element.attribute("class").unwrap_or_default().split_whitespace().take(20);
        self.cell.marks.extend(names.map(|name| format!("{sign}{name}")));
    }

    /// Keeps the name of a picture's file, or of its place in one: `icon-cancel` of `img/icon-cancel.svg` and `icons.svg#icon-cancel`.
    fn file(&mut self, address: Option<&str>) {
        let name = address.filter(|address| !address.starts_with("data:")).and_then(|address| {
            let last = address.rsplit(['/', '#']).next()?.split('?').next()?;
            Some(last.split_once('.').map_or(last, |(name, _)| name)).filter(|name| !name.is_empty() && name.len() <= LONGEST_NAME)
        });
        self.cell.marks.extend(name.map(|name| format!(".{name}")));
    }

    /// Keeps the classes of a text that say in words that somebody has no access, and the class or the color that shows the first text of the
    /// cell in another way than others.
    fn pale(&mut self, element: Element<'_>) {
        let classes = || element.attribute("class").unwrap_or_default().split_whitespace().take(20);
        let is_first = self.text.trim().is_empty();
        let color = color(element).filter(|_| is_first);
        let mut marks: Vec<&str> = classes().filter(|class| says_no_access(class) || (is_first && is_pale(class))).collect();
        marks.extend(color.as_deref());
        if !marks.is_empty() && !is_badge(element) && !is_control(element) && has_text(element) {
            self.cell.marks.extend(marks.into_iter().map(|mark| format!("~{mark}")));
        }
    }

    fn tick(&mut self, ticked: bool) {
        self.boxes.push((self.text.len(), ticked));
        self.cell.ticked = Some(ticked);
    }

    fn input(&mut self, element: Element<'_>) {
        match element.attribute("type").unwrap_or("text").to_lowercase().as_str() {
            "checkbox" => {
                let aria = element.attribute("aria-checked").map(|checked| checked == "true");
                self.tick(element.attribute("checked").is_some() || aria == Some(true));
            }
            // One of several, of which only the chosen one counts.
            "radio" | "hidden" | "button" | "submit" | "image" | "reset" | "password" | "file" => {}
            _ if element.is_hidden() => self.behind = element.attribute("value").map(str::to_owned).or_else(|| self.behind.take()),
            _ => {
                self.cell.be_field();
                self.text.extend(["\n", element.attribute("value").unwrap_or_default(), "\n"]);
            }
        }
    }

    /// Reads the chosen entry; a page that has none chosen may have been saved as it was loaded.
    fn select(&mut self, element: Element<'_>) {
        let options = element.descendants(&|_| true).into_iter().filter(|option| option.tag() == "option");
        let chosen: Vec<String> = options.filter(|option| option.attribute("selected").is_some()).map(text).collect();
        if element.is_hidden() {
            self.behind = Some(chosen.join("\n"));
            return;
        }
        if chosen.is_empty() {
            self.cell.lost = Some(Lost::More);
        }
        self.cell.be_field();
        self.text.extend(["\n", &chosen.join("\n"), "\n"]);
    }
}

/// Returns the text of a picture's title.
fn text_of_title(element: Element<'_>) -> String {
    let texts = element.children().filter_map(|child| match child {
        Child::Text(text) => Some(text),
        Child::Element(_) => None,
    });
    trimmed(&texts.collect::<String>())
}
