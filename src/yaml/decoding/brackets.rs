//! The advice for a list without brackets, and for a text with brackets that are too many.

use super::decoder::Decoder;
use crate::yaml::tree::{NodeKind, NodeRef};

/// The most bytes of a text that the advice repeats.
const LONGEST: usize = 60;

/// Says how to write a text where something else is.
pub(super) fn text(node: NodeRef<'_>, decoder: &Decoder) -> String {
    let mut items = node.children();
    match (node.kind(), items.next(), items.next()) {
        (NodeKind::List, Some(only), None) => repeated(only, decoder).map(|text| format!("write it without brackets: `{text}`")),
        (NodeKind::List | NodeKind::Map | NodeKind::Plain | NodeKind::Quoted, None | Some(_), None | Some(_)) => None,
    }
    .unwrap_or_else(|| "write the text after the key; put it in quotes if it contains `: ` or ` #`".to_owned())
}

/// Says how to write a list where a text is; `None` if the text cannot be an entry as it is.
pub(super) fn list(node: NodeRef<'_>, decoder: &Decoder) -> Option<String> {
    repeated(node, decoder).map(|text| format!("write it as `[{text}]`"))
}

/// The text of a node that can be repeated in another place without quotes. Names with commas between them are several entries.
fn repeated<'t>(node: NodeRef<'t>, decoder: &Decoder) -> Option<&'t str> {
    let is_name = |text: &&str| text.len() <= LONGEST && text.chars().all(|c| c.is_alphanumeric() || "-_.@+, ".contains(c));
    node.plain().filter(|text| !text.is_empty() && !node.is_null()).filter(is_name).filter(|text| !decoder.may_be_secret(text))
}
