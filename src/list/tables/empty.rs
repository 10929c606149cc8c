//! Reads files that have no table, and say that there is nobody.

use std::collections::BTreeSet;

use super::nobody::{Doubt, doubt, first_sentence};
use super::rows::TableRead;
use super::table::Table;
use super::total::PageTotal;
use crate::list::problem::{Cause, Problems};
use crate::list::words::Words;
use crate::model::{Standing, Tab};

/// Returns the tab whose people such a text names: "No pending invites".
fn named(text: &str, words: &Words<'_>) -> Option<Tab> {
    let sentence = first_sentence(text);
    let by_state = sentence.iter().find_map(|word| words.heading(word));
    let is_invited = || sentence.iter().any(|word| word.starts_with("invit"));
    by_state.or_else(|| is_invited().then(|| Tab::showing(Standing::Pending)))
}

/// Reads a file that has no table, and says that there is nobody; `None` if it cannot be believed.
pub(in crate::list) fn read(
    file: &str,
    given: Option<Tab>,
    (table, sentence): (&Table, &str),
    words: &Words<'_>,
    problems: &mut Problems,
) -> Option<TableRead> {
    let Some(tab) = given else {
        problems.push(file, None, Cause::Nobody);
        return None;
    };
    let of = |texts: &[String]| texts.iter().filter_map(|text| words.heading(text)).collect::<BTreeSet<Tab>>();
    // The sentence itself says more than the tabs around it.
    let said = [
        named(sentence, words).into_iter().collect(),
        of(&table.chosen),
        table.heading.iter().filter_map(|text| words.heading(text)).collect(),
    ];
    let said = said.into_iter().find(|tabs| !tabs.is_empty()).unwrap_or_else(|| of(&table.around));
    if let [chosen] = said.iter().collect::<Vec<_>>().as_slice()
        && **chosen != tab
    {
        problems.push(file, None, Cause::OtherTab { given: tab, chosen: **chosen });
        return None;
    }
    if let Some(cause @ Cause::OtherStates { shown: Some(_), .. }) = super::other_states::of_others(tab, &said, ("", table), words) {
        problems.push(file, None, cause);
        return None;
    }
    let doubt = doubt(table.around.iter().chain(table.doubts.iter()).map(String::as_str), table.is_page);
    if doubt == Some(Doubt::Loading) {
        problems.push(file, None, Cause::Loading);
        return None;
    }
    let is_filtered = doubt.is_some() || !table.filters.is_empty();
    Some(TableRead {
        status: !tab.is_of_blocked(),
        blocked: tab.is_of_blocked(),
        counted: PageTotal { total: Some(0), is_filtered, pages: None },
        is_chosen: table.choices.iter().any(|choice| words.narrows_down(choice, Some(tab)))
            || table.around.iter().any(|line| words.is_of_one_place(line)),
        ..TableRead::default()
    })
}
