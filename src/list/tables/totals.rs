//! The number of users that the page gives, and the number that was read.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{LoginName, Tab};

use super::rows::TableRead;
use super::table::Table;
use super::total::PageTotal;
use crate::list::Input;
use crate::list::found::{About, Note, Person, TabFound};
use crate::list::problem::{Cause, Problems};

/// The counts of the tables of each tab.
#[derive(Debug, Default)]
pub(in crate::list) struct TabCounts(BTreeMap<Tab, Vec<TableCount>>);

#[derive(Debug)]
struct TableCount {
    rows: u64,
    /// The people of the rows, to recognize those that another page has, too.
    people: Vec<(LoginName, Person)>,
    total: Option<u64>,
    is_filtered: bool,
    is_chosen: bool,
    without_account: u64,
    /// The number of pages, if the total may be that of one of them.
    pages: Option<u64>,
}

impl TabCounts {
    /// Adds a table.
    pub(in crate::list) fn add(&mut self, tab: Tab, table: &TableRead) {
        let people = table.drafts.iter().map(|draft| (draft.login.clone(), draft.person.clone())).collect();
        let rows = number(table.drafts.len());
        let PageTotal { total, is_filtered, pages } = table.counted;
        let (is_chosen, without_account) = (table.is_chosen, table.without_account);
        let count = TableCount { rows, people, total, is_filtered, is_chosen, without_account, pages };
        self.0.entry(tab).or_default().push(count);
    }

    /// Returns what each tab has; a total that is smaller than the list is a problem.
    pub(in crate::list) fn tabs(
        self,
        asked: &BTreeMap<Tab, u64>,
        problems: &mut Problems,
        inputs: &[Input<'_>],
        notes: &mut Vec<Note>,
    ) -> BTreeMap<Tab, TabFound> {
        let mut tabs = BTreeMap::new();
        let mut all = self.0;
        // Nobody can save a list of nobody: a person says so.
        for (tab, _) in asked.iter().filter(|(_, number)| **number == 0) {
            all.entry(*tab).or_default();
        }
        for (tab, mut counts) in all {
            let logins: BTreeSet<&LoginName> = counts.iter().flat_map(|count| &count.people).map(|(login, _)| login).collect();
            let people = number(logins.len());
            let (rows, repeated) = distinct(&counts);
            // A page that was saved twice is one page.
            let mut at = 0;
            counts.retain(|_| {
                at += 1;
                !repeated.contains(&(at - 1))
            });
            // A page counts rows, and somebody can have several; a person who counts, counts people.
            let without: u64 = counts.iter().map(|count| count.without_account).sum();
            let is_all = |total: u64| total == rows || (without > 0 && total == rows + without);
            let by_page = total(&counts, rows).map(|total| if is_all(total) { people } else { total });
            // "2 users" on page 1 of 3 are those of the page.
            let pages = counts.iter().filter_map(|count| count.pages).max();
            let by_page = by_page.filter(|total| *total != people || pages.is_none_or(|pages| pages <= number(counts.len())));
            // A person who counts the rows of a page counts those, too, who have no account.
            let is_with_others = |total: u64| without > 0 && (total == people + without || total == rows + without);
            let asked = asked.get(&tab).map(|total| if is_with_others(*total) { people } else { *total });
            if let (Some(asked), Some(page)) = (asked, by_page)
                && page > asked
            {
                let file = inputs.iter().find(|input| input.tab.unwrap_or(Tab::All) == tab).map_or("--total", |input| input.name);
                notes.push(Note { file: file.to_owned(), about: About::PageCountsMore { page, asked } });
            }
            let has_more_pages = people > 0 && by_page.is_none() && pages.is_some_and(|pages| pages > number(counts.len()));
            if asked == Some(people) && has_more_pages {
                let file = inputs.iter().find(|input| input.tab.unwrap_or(Tab::All) == tab).map_or("--total", |input| input.name);
                problems.push(file, None, Cause::OtherPages { people });
            }
            let total = asked.or(by_page);
            if let Some(total) = total.filter(|total| *total < people) {
                let file = inputs.iter().find(|input| input.tab.unwrap_or(Tab::All) == tab).map_or("--total", |input| input.name);
                problems.push(file, None, Cause::MoreThanTotal { tab, rows: people, total });
            }
            if people == 0 {
                let file = inputs.iter().find(|input| input.tab.unwrap_or(Tab::All) == tab).map_or("--total", |input| input.name);
                match (total.filter(|total| *total > 0), tab) {
                    (Some(total), _) => problems.push(file, None, Cause::NobodyRead { total }),
                    // Somebody who is active was there to see the list.
                    (None, Tab::All | Tab::Active) if problems.list.iter().all(|known| known.file != file) => {
                        problems.push(file, None, Cause::NobodyActive);
                    }
                    (None, Tab::All | Tab::Active | Tab::Inactive | Tab::Pending | Tab::Blocked) => {}
                }
            }
            // A person who gives the number of users has seen what is chosen.
            let is_chosen = asked.is_none() && counts.iter().any(|count| count.is_chosen);
            let is_filtered = is_chosen || (asked != Some(0) && counts.iter().any(|count| count.is_filtered));
            tabs.insert(tab, TabFound { total, people, rows, is_filtered, is_chosen });
        }
        tabs
    }
}

/// Returns how many rows several tables have without those that an earlier one has, too; and which tables have no others.
fn distinct(counts: &[TableCount]) -> (u64, BTreeSet<usize>) {
    let mut seen: BTreeMap<&LoginName, Vec<(usize, &Person)>> = BTreeMap::new();
    let (mut rows, mut repeated) = (0, BTreeSet::new());
    for (table, count) in counts.iter().enumerate() {
        let mut own = 0_u64;
        for (login, person) in &count.people {
            let known = seen.entry(login).or_default();
            own += u64::from(!known.iter().any(|(other, same)| *other != table && *same == person));
            known.push((table, person));
        }
        rows += own;
        if own == 0 && table > 0 && !count.people.is_empty() {
            repeated.insert(table);
        }
    }
    (rows, repeated)
}

/// The total of several tables: pages of one list repeat it, lists of several places add up.
fn total(counts: &[TableCount], rows: u64) -> Option<u64> {
    let totals: Vec<u64> = counts.iter().filter_map(|count| count.total).collect();
    let first = totals.first().copied()?;
    let are_equal = totals.iter().all(|total| *total == first);
    if totals.len() < counts.len() {
        return (are_equal && rows <= first).then_some(first);
    }
    let is_whole = |count: &TableCount| count.total == Some(count.rows);
    // None of them is a whole list: these are pages, and somebody was added between two of them.
    if counts.len() > 1 && !counts.iter().any(is_whole) {
        return totals.iter().copied().max();
    }
    let are_pages = are_equal && (counts.len() == 1 || !counts.iter().all(is_whole));
    Some(if are_pages { first } else { totals.iter().sum() })
}

/// Notes that a page keeps only the rows or columns in view: it says itself how many there are.
pub(in crate::list) fn hidden(table: &Table) -> Vec<About> {
    let rows = number(table.rows.len());
    let columns = number(table.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0));
    let missing = |columns: bool, read: u64, counted: Option<u64>| {
        counted.filter(|counted| *counted > read).map(|counted| About::Hidden { columns, read, counted })
    };
    [missing(false, rows, table.counted_rows), missing(true, columns, table.counted_columns)].into_iter().flatten().collect()
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
