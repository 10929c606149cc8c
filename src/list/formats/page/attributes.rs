//! The attributes of a page that are kept.

use html5ever::{Attribute, LocalName};

/// Attributes that say something about a table.
const KEPT: [&str; 27] = [
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
];

/// Keeps the attributes that say something.
pub(super) fn kept(attributes: Vec<Attribute>) -> Vec<(LocalName, String)> {
    let is_kept = |attribute: &Attribute| {
        let name = &*attribute.name.local;
        KEPT.contains(&name) || name.starts_with("aria-")
    };
    // A picture in the text of an attribute can be very long.
    let value = |attribute: Attribute| (attribute.name.local, attribute.value.chars().take(2_000).collect());
    attributes.into_iter().filter(is_kept).map(value).collect()
}

/// Returns the address that a page hides from programs that collect addresses: its first byte turns all others around.
pub(super) fn hidden_address(element: super::tree::Element<'_>) -> Option<String> {
    let by_link = || element.attribute("href")?.split_once("/cdn-cgi/l/email-protection#").map(|(_, code)| code);
    let code = element.attribute("data-cfemail").or_else(by_link)?;
    let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(code.trim().as_bytes()).ok()?;
    let (key, rest) = bytes.split_first()?;
    String::from_utf8(rest.iter().map(|byte| byte ^ key).collect()).ok().filter(|address| address.contains('@'))
}
