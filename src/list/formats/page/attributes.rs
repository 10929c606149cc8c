//! The attributes of a page that are kept.

use html5ever::{Attribute, LocalName};

/// Attributes that say something about a table.
const KEPT: [&str; 30] = [
    "id",
    "name",
    "placeholder",
    "class",
    "role",
    "title",
    "alt",
    "href",
    "src",
    "type",
    "checked",
    "disabled",
    "selected",
    "value",
    "hidden",
    "style",
    "colspan",
    "rowspan",
    "col-id",
    "row-index",
    "data-field",
    "data-rowindex",
    "data-colindex",
    "data-label",
    "data-testid",
    "for",
    "media",
    "data-cfemail",
    "svgicon",
    "color",
];

/// Returns whether an attribute has a text that is shown beside the pointer: scripts take it out of `title`.
pub(super) fn is_tooltip(name: &str) -> bool {
    const ENDS: [&str; 5] = ["content", "text", "title", "label", "html"];
    let is_about_tip = name.contains("tooltip") || name.contains("tippy");
    name.ends_with("tooltip")
        || name.ends_with("original-title")
        || matches!(name, "data-title" | "data-bs-title" | "data-tip" | "data-hint" | "data-balloon")
        || (is_about_tip && ENDS.iter().any(|end| name.ends_with(end)))
}

/// Words of data that says yes or no to a state, and what a yes and a no say.
const FLAGS: [(&str, Option<&str>, Option<&str>); 14] = [
    ("blocked", Some("blocked"), None),
    ("suspended", Some("suspended"), None),
    ("banned", Some("banned"), None),
    ("locked", Some("locked"), None),
    ("disabled", Some("disabled"), None),
    ("inactive", Some("inactive"), None),
    ("deactivated", Some("deactivated"), None),
    ("archived", Some("archived"), None),
    ("deleted", Some("deleted"), None),
    ("terminated", Some("terminated"), None),
    ("removed", Some("removed"), None),
    ("pending", Some("pending"), None),
    ("active", None, Some("inactive")),
    ("enabled", None, Some("disabled")),
];

/// Returns what the data of an element says of somebody's state: `data-user-status="inactive"`, `data-is-active="false"`.
pub(super) fn state<'v>(name: &str, value: &'v str) -> Option<&'v str> {
    let last = name.strip_prefix("data-")?.rsplit('-').next()?;
    let (last, value) = (last.strip_prefix("is").unwrap_or(last), value.trim());
    if last.ends_with("status") || last.ends_with("state") {
        // What can be folded up is open or closed.
        return Some(value).filter(|value| !value.is_empty() && !["open", "closed"].contains(value));
    }
    let (_, yes, no) = FLAGS.iter().find(|(word, ..)| *word == last)?;
    match value.to_lowercase().as_str() {
        "" | "true" | "1" | "yes" => *yes,
        "false" | "0" | "no" => *no,
        _ => None,
    }
}

/// Keeps the attributes that say something.
pub(super) fn kept(attributes: Vec<Attribute>) -> Vec<(LocalName, String)> {
    let is_kept = |attribute: &Attribute| {
        let name = &*attribute.name.local;
        KEPT.contains(&name) || name.starts_with("aria-") || is_tooltip(name) || state(name, &attribute.value).is_some()
    };
    // A picture in the text of an attribute can be very long.
    let value = |attribute: Attribute| (attribute.name.local, attribute.value.chars().take(2_000).collect());
    let mut kept: Vec<(LocalName, String)> = attributes.into_iter().filter(is_kept).map(value).collect();
    // It has the room of all attributes that the tag had.
    kept.shrink_to_fit();
    kept
}

/// The most attributes that a tag can have: the parser compares each of them with all others.
const MOST: usize = 20_000;

/// Returns whether a tag has more attributes than any page needs.
pub(super) fn has_endless_tag(text: &str) -> bool {
    let (mut count, mut is_in_tag, mut before) = (0_usize, false, b' ');
    for byte in text.bytes() {
        match byte {
            // "a < b" in a script begins no tag.
            _ if before == b'<' && !is_in_tag => (is_in_tag, count) = (byte.is_ascii_alphabetic(), 0),
            b'>' => is_in_tag = false,
            b' ' | b'\n' | b'\r' | b'\t' | b'/' if is_in_tag && !before.is_ascii_whitespace() => count += 1,
            _ => {}
        }
        before = byte;
        if count > MOST {
            return true;
        }
    }
    false
}
