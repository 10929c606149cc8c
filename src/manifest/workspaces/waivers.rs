//! Reads waivers, in their own file or in a workspace file.

use crate::model::{Digest, Guard, NeverWaived, Waiver};
use crate::yaml::{Each, Finding, Given, NodeRef, Span, suggest};

use crate::manifest::entries::WaiverEntry;
use crate::manifest::file::File;

/// Says that a text does not name a plan.
pub(in crate::manifest) const NOT_A_DIGEST: &str = "this is not the digest of a plan";

/// Reads a list of waivers, each with the place of its workspace's name. `own` is the workspace that the file belongs to.
pub(in crate::manifest) fn waivers(file: &File<'_>, given: &Given<Each<WaiverEntry>>, own: Option<&str>) -> Vec<(Waiver, Span)> {
    let Some(each) = given.value() else { return Vec::new() };
    file.decoder.each::<WaiverEntry>(file.node(each.0)).into_iter().filter_map(|(entry, node)| waiver(file, entry, node, own)).collect()
}

fn waiver(file: &File<'_>, entry: WaiverEntry, node: NodeRef<'_>, own: Option<&str>) -> Option<(Waiver, Span)> {
    let span = node.span();
    let missing = |key: &str, what: &str| {
        file.push(Finding::new("missing", span, format!("`{key}` is missing")).hint(format!("add `{key}: …`: {what}")));
    };
    let digits = format!("the first {} digits of the plan's digest", Digest::FEWEST_DIGITS);
    for (absent, key, what) in [
        (entry.guard.is_absent(), "guard", "the guard that the waiver lifts"),
        (entry.plan.is_absent(), "plan", digits.as_str()),
        (entry.reason.is_absent(), "reason", "why the guard is lifted"),
        (entry.until.is_absent(), "until", "the last day on which it is valid"),
        (entry.workspace.is_absent() && own.is_none(), "workspace", "the workspace it is for"),
    ] {
        if absent && !file.may_have(node, key) {
            missing(key, what);
        }
    }
    let (workspace, place) = match (entry.workspace.with_node(), own) {
        (Some((name, at)), own) => {
            let place = file.node(at).span();
            if own.is_some_and(|own| own != name.0) {
                let message = format!("this waiver is for `{}`, but it is in another workspace's file", name.0);
                file.push(
                    Finding::new("unknown-workspace", place, message)
                        .hint("move the waiver to that workspace's file, or to a file that begins with `waivers:`"),
                );
                return None;
            }
            (Some(name.0), place)
        }
        (None, own) => (own.map(str::to_owned), span),
    };
    let guard = entry.guard.with_node().and_then(|(guard, at)| known_guard(file, &guard, file.node(at).span()));
    let plan = entry.plan.with_node().and_then(|(plan, at)| {
        let plan = plan.to_ascii_lowercase();
        let good = Digest::is_named_by(&plan);
        if !good {
            let finding = Finding::new("digest", file.node(at).span(), NOT_A_DIGEST);
            file.push(finding.hint(format!(
                "write at least the first {} hex digits of the digest shown in the stopped plan, in quotes",
                Digest::FEWEST_DIGITS
            )));
        }
        good.then_some(plan)
    });
    let reason = reason(file, entry.reason, node);
    Some((Waiver { workspace: workspace?, guard: guard?, plan: plan?, reason: reason?, until: entry.until.take()?.0 }, place))
}

/// Reads the reason of a waiver. The text that a stopped plan prints in its place does not count.
fn reason(file: &File<'_>, given: Given<String>, waiver: NodeRef<'_>) -> Option<String> {
    let span = waiver.span();
    let reason = super::supporting::needed(file, if given.is_absent() { Given::Bad } else { given }, span, "reason", "waiver")?;
    if reason.trim().eq_ignore_ascii_case(Waiver::PLACEHOLDER) {
        let finding =
            Finding::new("missing", waiver.get("reason").map_or(span, NodeRef::span), format!("`{}` is not a reason", Waiver::PLACEHOLDER));
        file.push(finding.hint("write why the guard is lifted: the receipt shows it"));
        return None;
    }
    Some(reason)
}

/// Lists the codes of the guards that a waiver can lift.
pub(in crate::manifest) fn waivable() -> Vec<&'static str> {
    Guard::ALL.into_iter().filter(|guard| guard.is_waivable()).map(Guard::code).collect()
}

fn known_guard(file: &File<'_>, code: &str, span: Span) -> Option<Guard> {
    let Some(guard) = Guard::parse(code) else {
        file.push(Finding::new("unknown-guard", span, format!("`{code}` is not a guard")).hint(suggest(code, &waivable())));
        return None;
    };
    let why = match guard.never_waived() {
        None => return Some(guard),
        Some(NeverWaived::NotReadInFull) => "an incomplete list cannot be checked: run the plan again",
        Some(NeverWaived::Transferred) => "transfer the main admin in the workspace; a plan cannot do it",
    };
    file.push(Finding::new("not-waivable", span, format!("the guard `{code}` cannot be waived")).hint(why));
    None
}
