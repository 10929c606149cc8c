//! The attributes of a page that are kept.

use html5ever::{Attribute, LocalName};

/// Attributes that say something about a table.
const KEPT: [&str; 35] = [
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
    "data-status",
    "data-blocked",
    "data-disabled",
    "data-inactive",
    "data-archived",
    "data-suspended",
];

/// Keeps the attributes that say something.
pub(super) fn kept(attributes: Vec<Attribute>) -> Vec<(LocalName, String)> {
    let is_kept = |attribute: &Attribute| {
        let name = &*attribute.name.local;
        KEPT.contains(&name) || name.starts_with("aria-")
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
