//! Boxes, switches and buttons that stay pressed: how they are set, and which of several in one cell count.

use super::tree::{Child, Element};

/// Returns whether an element is a box or a switch, also one that a script makes.
pub(super) fn is_box(element: Element<'_>) -> bool {
    matches!(element.role(), "checkbox" | "switch")
}

/// Returns how an element is set that can be on or off: a switch, a button that stays pressed, or one of several choices. `None` if it is
/// none of these, or a field, or neither on nor off.
pub(super) fn is_set(element: Element<'_>) -> Option<bool> {
    if element.tag() == "input" || element.role() == "radio" {
        return None;
    }
    let says = |name: &str| match element.attribute(name) {
        Some("true") => Some(true),
        Some("false") => Some(false),
        Some(_) | None => None,
    };
    // Rows and cells of grids are selected, too.
    let is_choice = matches!(element.role(), "option" | "tab" | "button") || matches!(element.tag(), "button" | "li" | "a" | "span");
    let is_on = says("aria-checked").or_else(|| says("aria-pressed")).or_else(|| says("aria-selected").filter(|_| is_choice));
    is_on.or_else(|| is_box(element).then(|| element.attribute("aria-checked").map(|_| false)).flatten())
}

/// Returns whether an element is a box or switch, which says how it is set.
pub(super) fn has_box(element: Element<'_>) -> bool {
    is_box(element) || element.role() == "radio" || element.descendants(&|_| true).iter().any(|inner| inner.tag() == "input")
}

/// Returns whether some of several texts in a cell have the class of a chosen one, and others do not: nobody knows which of them count.
pub(super) fn are_chosen_by_class(cell: Element<'_>) -> bool {
    const CHOSEN: [&str; 4] = ["selected", "on", "checked", "chosen"];
    let is_chosen = |element: Element<'_>| {
        let classes = element.attribute("class").unwrap_or_default().split_whitespace();
        classes.into_iter().any(|class| class.rsplit(['-', '_']).next().is_some_and(|last| CHOSEN.contains(&last.to_lowercase().as_str())))
    };
    let has_text =
        |element: Element<'_>| element.children().any(|child| if let Child::Text(text) = child { !text.trim().is_empty() } else { false });
    let is_text = |element: &Element<'_>| matches!(element.tag(), "li" | "span" | "div") && has_text(*element);
    let differ = |of: Element<'_>| {
        let texts: Vec<Element<'_>> = of.elements().filter(is_text).collect();
        let chosen = texts.iter().filter(|element| is_chosen(**element)).count();
        texts.len() > 1 && chosen > 0 && chosen < texts.len() && texts.iter().all(|element| is_set(*element).is_none())
    };
    differ(cell) || cell.elements().any(differ)
}

/// Returns whether an element is one of several choices, and not the one that is made.
pub(super) fn is_choice_not_made(element: Element<'_>) -> bool {
    let is_radio =
        |inner: &Element<'_>| inner.tag() == "input" && inner.attribute("type").is_some_and(|kind| kind.eq_ignore_ascii_case("radio"));
    if element.role() == "radio" {
        return element.attribute("aria-checked") != Some("true");
    }
    if element.tag() != "label" {
        return false;
    }
    let inside = element.descendants(&|_| true);
    let mut radios = inside.iter().filter(|inner| is_radio(inner)).peekable();
    radios.peek().is_some() && !radios.any(|radio| radio.attribute("checked").is_some())
}

/// Returns the mark of a button that undoes what somebody is: it is beside people without access, or who have not accepted yet.
pub(super) fn undoing(text: &str) -> Option<String> {
    const WORDS: [&str; 22] = [
        "reactivate",
        "reactivateuser",
        "reactivateaccount",
        "activate",
        "activateuser",
        "activateaccount",
        "restore",
        "restoreuser",
        "enable",
        "enableuser",
        "enableaccount",
        "enablelogin",
        "unarchive",
        "undelete",
        "reinvite",
        "resend",
        "resendinvite",
        "resendinvitation",
        "cancelinvite",
        "cancelinvitation",
        "revokeinvite",
        "revokeinvitation",
    ];
    WORDS.contains(&crate::list::words::squash(text).as_str()).then(|| format!("~button:{}", text.trim().to_lowercase()))
}

/// Returns the texts beside the boxes that are ticked, one a line; `None` if nobody knows which text belongs to which box, or none is ticked:
/// a page keeps boxes as they were loaded. `boxes` have their places in the text.
pub(super) fn ticked(text: &str, boxes: &[(usize, bool)]) -> Option<String> {
    let mut pieces: Vec<&str> = Vec::new();
    let mut from = 0;
    for at in boxes.iter().map(|(at, _)| *at).chain([text.len()]) {
        pieces.push(text.get(from..at)?.trim());
        from = at;
    }
    let (first, after) = pieces.split_first()?;
    let (last, before) = pieces.split_last()?;
    let beside = if first.is_empty() && after.iter().all(|piece| !piece.is_empty()) {
        after
    } else if last.is_empty() && before.iter().all(|piece| !piece.is_empty()) {
        before
    } else {
        return None;
    };
    let ticked: Vec<&str> = boxes.iter().zip(beside).filter(|((_, ticked), _)| *ticked).map(|(_, text)| *text).collect();
    (!ticked.is_empty()).then(|| ticked.join("\n"))
}

/// Returns whether an element is a button, or a link that leads nowhere.
pub(super) fn is_button(element: Element<'_>) -> bool {
    let leads_nowhere = || {
        let href = element.attribute("href").unwrap_or_default();
        href.is_empty() || href.starts_with('#') || href.to_lowercase().starts_with("javascript:")
    };
    element.tag() == "button" || element.role() == "button" || (element.tag() == "a" && leads_nowhere())
}

/// Returns whether somebody can press an element: a button, or a link that is not an address.
pub(super) fn is_pressed(element: Element<'_>) -> bool {
    let is_link = element.tag() == "a" && !element.attribute("href").unwrap_or_default().starts_with("mailto:");
    is_link || element.tag() == "button" || matches!(element.role(), "button" | "link" | "menuitem")
}

/// Returns the address that a page hides from programs that collect addresses: its first byte turns all others around.
pub(super) fn hidden_address(element: Element<'_>) -> Option<String> {
    let by_link = || element.attribute("href")?.split_once("/cdn-cgi/l/email-protection#").map(|(_, code)| code);
    let code = element.attribute("data-cfemail").or_else(by_link)?;
    let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(code.trim().as_bytes()).ok()?;
    let (key, rest) = bytes.split_first()?;
    String::from_utf8(rest.iter().map(|byte| byte ^ key).collect()).ok().filter(|address| address.contains('@'))
}

/// The whole text of an element that shows only its beginning, or its beginning and its end: its title has it.
pub(super) fn whole(element: Element<'_>, visible: &str) -> Option<String> {
    let visible = visible.trim();
    let (start, end) = visible.split_once('…').or_else(|| visible.split_once("..."))?;
    let titles = ["title", "aria-label"].into_iter().filter_map(|name| element.attribute(name)).map(str::trim);
    let is_whole = |title: &str| title.len() > start.len() + end.len() && title.starts_with(start) && title.ends_with(end);
    let mut titles = titles.filter(|title| !title.contains(['…', '\n']) && is_whole(title));
    titles.next().filter(|_| !start.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::ticked;

    #[test]
    fn the_texts_beside_ticked_boxes_count() {
        assert_eq!(ticked(" North  South", &[(0, true), (7, false)]).as_deref(), Some("North"));
        assert_eq!(ticked("North  South ", &[(6, false), (13, true)]).as_deref(), Some("South"));
        assert_eq!(ticked(" North  South", &[(0, true), (7, true)]).as_deref(), Some("North\nSouth"));
        for (text, boxes) in
            [(" North  South", [(0, false), (7, false)]), (" North ", [(0, true), (7, true)]), ("", [(0, true), (9, true)])]
        {
            assert_eq!(ticked(text, &boxes), None, "{text}");
        }
    }
}
