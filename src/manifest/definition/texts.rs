//! Checks the click paths of a definition: the fields that they name, and the marks and placeholders in their texts.

use crate::manifest::file::File;
use crate::platform::Catalog;
use crate::platform::runbook::{EMAIL, NAME};
use crate::yaml::{Finding, NodeRef, suggest};

/// Reports what the runbook of a definition cannot mean.
pub(super) fn runbook(file: &File<'_>, root: NodeRef<'_>, catalog: &Catalog) {
    let fields: Vec<&str> = std::iter::once("email").chain(catalog.known_fields().map(|(field, _)| field.key())).collect();
    for (_, path) in root.get("runbook").into_iter().flat_map(NodeRef::entries) {
        click_path(file, path, &fields);
        for part in path.get("parts").into_iter().flat_map(NodeRef::children) {
            click_path(file, part, &fields);
            if part.get("fields").is_none() && !file.may_have(part, "fields") {
                let finding = Finding::new("missing", part.span(), "`fields` is missing");
                file.push(finding.hint("name the fields that are in this part of the product"));
            }
        }
    }
}

fn click_path(file: &File<'_>, path: NodeRef<'_>, fields: &[&str]) {
    for named in ["order", "fields"].into_iter().filter_map(|key| path.get(key)).flat_map(NodeRef::children) {
        if !fields.contains(&named.text()) {
            let finding = Finding::new("unknown-field", named.span(), format!("`{}` is not a field of this platform", named.text()));
            file.push(finding.hint(suggest(named.text(), fields)));
        }
    }
    let lists = ["path", "first", "do", "first_password"].into_iter().filter_map(|key| path.get(key)).flat_map(NodeRef::children);
    let single = ["check", "uncertain", "uncertain_if_revoked", "bill"].into_iter().filter_map(|key| path.get(key));
    let questions = path.get("asks").into_iter().flat_map(NodeRef::children);
    let asked = questions.flat_map(|question| ["says", "answer"].into_iter().filter_map(move |key| question.get(key)));
    for text in lists.chain(single).chain(asked).filter(|text| text.is_scalar()) {
        phrase(file, text);
    }
}

/// Reports a text whose marks do not end, or that has a placeholder that nothing fills.
fn phrase(file: &File<'_>, node: NodeRef<'_>) {
    let text = node.text();
    if !text.matches("**").count().is_multiple_of(2) {
        let finding = Finding::new("text", node.span(), "a `**` in this text has no end");
        file.push(finding.hint("put `**` before and after what the product shows"));
    }
    let rest = text.replace(NAME, "").replace(EMAIL, "");
    if let Some((_, word)) = rest.split_once('{') {
        let word = word.split('}').next().unwrap_or_default();
        let finding = Finding::new("text", node.span(), format!("nothing is filled in for `{{{word}}}`"));
        file.push(finding.hint(format!("write `{NAME}` for the person's name, or `{EMAIL}` for their address")));
    }
}
