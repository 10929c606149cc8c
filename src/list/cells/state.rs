//! Tells who is active, inactive, pending or blocked: by a column, by a mark, or by the tab of the page.

use crate::model::{ListWords, Standing, Tab};

use super::days::Days;
use super::icons::{self, StateMark};
use super::state_cell::{Blank, Read, RowState, blank, cell, not_understood, own_yes, read, state_of, without_word};
use crate::list::found::About;
use crate::list::general::{PENDING, is_of_employment, state as state_word, yes_or_no};
use crate::list::header::{Column, Header};
use crate::list::meaning::Sense;
use crate::list::problem::{Cause, Problems};
use crate::list::table::{Cell, TableRow};
use crate::list::words::{Kept, StateWord, Words, squash};
use crate::platform::MarkedState;

/// The columns in which the rows of one table show their state.
#[derive(Debug)]
pub(in crate::list) struct StateColumns<'h> {
    columns: Vec<(&'h Column, Blank, Days)>,
    /// Columns about employment, in a file of people who have an account: they do not say who has one.
    employment: Vec<(&'h Column, Blank, Days)>,
    /// Says whether all of these columns have days: nobody left on a blank one.
    are_days: bool,
    blocked: Option<(&'h Column, Blank)>,
    /// Says whether a word in a column of states means that somebody is blocked: then nobody else is.
    has_blocked_word: bool,
    /// Marks of the states that the table shows.
    marks: Vec<(MarkedState, StateMark)>,
    /// Says whether a missing name tells who is pending.
    nameless: Option<Standing>,
    tab: Option<Tab>,
    /// Says whether nothing tells pending people from active ones.
    is_mixed: bool,
}

/// The states that the columns of states give a row.
struct ByColumns {
    state: RowState,
    /// Says whether a column of days shows that nothing has ended.
    is_not_ended: bool,
    /// Says whether only a yes or no shows that somebody is active: a pending account is enabled, too.
    is_enabled_only: bool,
    /// Says whether two columns contradict each other.
    contradicts: bool,
    causes: Vec<Cause>,
}

/// The state of the people in a tab; `None` if the tab does not say.
const fn standing(tab: Tab) -> Option<Standing> {
    match tab {
        Tab::Active => Some(Standing::Active),
        Tab::Inactive => Some(Standing::Inactive),
        Tab::Pending => Some(Standing::Pending),
        Tab::All | Tab::Blocked => None,
    }
}

impl<'h> StateColumns<'h> {
    /// Looks at all rows of a table: what one cell means can depend on the others.
    pub(in crate::list) fn new(
        header: &'h Header,
        rows: &[&TableRow],
        (tab, is_page): (Option<Tab>, bool),
        is_nameless: &dyn Fn(&TableRow) -> bool,
        words: &Words<'_>,
        (notes, unknown): (&mut Vec<About>, &mut Vec<String>),
    ) -> Self {
        let mut usable = |column: &'h Column| {
            let cells: Vec<&Cell> = rows.iter().filter_map(|row| cell(column, row)).collect();
            blank(column, &cells, notes, unknown).map(|blank| (column, blank))
        };
        let of_kept = |kept: Kept| header.columns.iter().filter(move |column| column.meaning.kept == kept);
        // Without a day of its own, a list has no day that is still to come.
        let today = words.as_of.unwrap_or(jiff::civil::Date::MAX);
        let days = |column: &Column| Days::new(rows.iter().filter_map(|row| cell(column, row)).map(|cell| cell.text.as_str()), today);
        let columns: Vec<_> = of_kept(Kept::Status).filter_map(&mut usable).map(|(column, blank)| (column, blank, days(column))).collect();
        // Somebody can have left and still have an account.
        let has_account = tab.is_some_and(|tab| tab.is_of_blocked() || tab.standing().is_some_and(|standing| !standing.is_inactive()));
        let is_about_work = |column: &Column| column.meaning.rank > 1 && is_of_employment(&squash(&column.header));
        let (employment, columns): (Vec<_>, Vec<_>) = columns.into_iter().partition(|(column, _, _)| has_account && is_about_work(column));
        let icons_of = |column: &Column| {
            let cells: Vec<&Cell> = rows.iter().filter_map(|row| cell(column, row)).collect();
            icons::of_column(column.meaning.kept, &cells, words)
        };
        // A column that says something of nobody says nothing: the tab may. Icons that differ say something, and nobody knows what.
        let says = |(column, blank, days): &(&Column, Blank, Days)| {
            let mut read = rows.iter().filter_map(|row| cell(column, row)).map(|cell| read(column, cell, (*blank, *days), words));
            rows.is_empty() || read.any(|read| !read.is_nothing()) || !icons_of(column).is_empty()
        };
        let (columns, silent): (Vec<_>, Vec<_>) = columns.into_iter().partition(says);
        let silent: Vec<_> = silent.into_iter().filter(|(column, ..)| column.meaning.sense != PENDING).collect();
        let has_days = |(column, _, days): &(&Column, Blank, Days)| {
            let is_day = |cell: &Cell| days.read(&cell.text).is_ok() && yes_or_no(&cell.text).is_none();
            [Sense::Date, PENDING].contains(&column.meaning.sense) || rows.iter().filter_map(|row| cell(column, row)).any(is_day)
        };
        let are_days = columns.iter().all(has_days);
        // Without a value, it says as little as no column.
        let has_value = |column: &&Column| rows.is_empty() || rows.iter().filter_map(|row| cell(column, row)).any(|cell| !cell.is_blank());
        let (filled, bare): (Vec<_>, Vec<_>) = of_kept(Kept::Blocked).partition(has_value);
        let blocked = filled.into_iter().find_map(&mut usable);
        unknown.extend(bare.into_iter().map(|column| column.header.clone()));
        // A number of something that is pending is about something else.
        let is_understood = |(column, blank, days): &(&Column, Blank, Days)| {
            let mut cells = rows.iter().filter_map(|row| cell(column, row));
            column.meaning.sense != PENDING
                || column.meaning.rank == 0
                || cells.all(|cell| read(column, cell, (*blank, *days), words).is_understood())
        };
        let (columns, foreign): (Vec<_>, Vec<_>) = columns.into_iter().partition(is_understood);
        unknown.extend(foreign.into_iter().map(|(column, ..)| column.header.clone()));
        // Where another column says who is active, one without a day says that nobody has left.
        let is_odd = |column: &Column| column.meaning.sense != Sense::Date || columns.is_empty();
        let odd = silent.iter().filter(|(column, ..)| is_odd(column));
        notes.extend(odd.map(|(column, ..)| About::SilentColumn { header: column.header.clone() }));
        let unexplained =
            columns.iter().map(|(column, ..)| *column).chain(blocked.iter().map(|(column, _)| *column)).filter_map(|column| {
                let icons = icons_of(column);
                let (kept, header) = (column.meaning.kept, column.header.clone());
                (!icons.is_empty()).then_some(About::IconsOfColumn { column: kept, header, icons })
            });
        notes.extend(unexplained);
        let says_blocked = |row: &&TableRow| {
            columns.iter().any(|(column, _, _)| cell(column, row).is_some_and(|c| words.state(&c.text) == Some(StateWord::Blocked)))
        };
        // Where the roster says which word of the column is a block, people with other words are not blocked, even if nobody is.
        let names_block = |own: &ListWords| {
            let values = own.values.get(Kept::Status.key(words.catalog)).filter(|_| !own.assumed);
            values.is_some_and(|values| values.values().any(|state| state_word(&squash(state)) == Some(StateWord::Blocked)))
        };
        let has_words = columns.iter().any(|(column, _, _)| says_words(column.meaning.sense));
        let is_named = has_words && (names_block(words.own) || names_block(&words.catalog.list));
        let has_blocked_word = is_named || rows.iter().any(says_blocked);
        let mut marks = Vec::new();
        for state in MarkedState::ALL {
            let (texts, is_sure) = words.marks(state);
            if texts.is_empty() || (state == MarkedState::Blocked && (blocked.is_some() || has_blocked_word)) {
                continue;
            }
            // The words of a catalog are weak ones, such as "cancel": they count beside the login and the name.
            let places = || beside_login(header);
            let (at, beside) = ((!is_sure && state == MarkedState::Blocked).then(places), is_sure.then(places));
            let texts = StateMark { texts, at, beside };
            let marked = rows.iter().filter(|row| texts.is_on(row)).count();
            // What everybody has marks nobody, unless the workspace says so. A file without icons cannot show a mark.
            let is_shown = if is_sure { is_page || marked > 0 } else { marked > 0 && (marked < rows.len() || rows.len() == 1) };
            let has_icons = || rows.iter().any(|row| row.cells.iter().any(|cell| cell.marks.iter().any(|mark| !mark.starts_with('~'))));
            if is_shown {
                marks.push((state, texts));
            } else if is_sure || (!words.catalog.list.marks.is_empty() && has_icons()) {
                notes.push(About::NoMark { state });
            }
        }
        let tells =
            words.catalog.list.nameless.filter(|_| columns.is_empty() && tab.and_then(Tab::standing).is_some_and(Standing::is_active));
        // What everybody lacks was not saved: somebody who has signed in looked at the list.
        let nameless = tells.filter(|_| rows.iter().any(|row| is_nameless(row)) && !rows.iter().all(|row| is_nameless(row)));
        let is_mixed = tells.is_some() && nameless.is_none() && !marks.iter().any(|(state, _)| *state == MarkedState::Pending);
        if is_mixed {
            notes.push(About::NoMark { state: MarkedState::Pending });
        }
        Self { columns, employment, are_days, blocked, has_blocked_word, marks, nameless, tab, is_mixed }
    }

    /// Returns whether the table shows who is active.
    pub(in crate::list) fn shows_status(&self) -> bool {
        self.header().is_some() || self.tab.and_then(standing).is_some()
    }

    /// Returns whether the workspace says what text means that is struck through.
    pub(in crate::list) fn explains_struck(&self) -> bool {
        self.marks.iter().any(|(_, mark)| mark.texts.contains(crate::list::table::STRUCK_WORDS))
    }

    /// Returns a text without the words that the workspace has for marks.
    pub(in crate::list) fn without_marks(&self, text: &str) -> String {
        let sure = self.marks.iter().filter(|(_, mark)| mark.beside.is_some());
        sure.flat_map(|(_, mark)| &mark.texts).fold(text.to_owned(), |text, mark| without_word(&text, mark).unwrap_or(text))
    }

    /// Returns the header of the column that says who is active.
    pub(in crate::list) fn header(&self) -> Option<&str> {
        let all = self.columns.iter().map(|(column, _, _)| column);
        all.filter(|column| column.meaning.sense != PENDING).map(|column| column.header.as_str()).next()
    }

    /// Returns the column whose word says that somebody is active.
    pub(in crate::list) fn active_by_word(&self, row: &TableRow, words: &Words<'_>) -> Option<&Column> {
        let says = |(column, blank, days): &&(&Column, Blank, Days)| {
            let is_active = |word: StateWord| word == StateWord::Is(Standing::Active);
            cell(column, row)
                .is_some_and(|cell| if let Read::Word(word) = read(column, cell, (*blank, *days), words) { is_active(word) } else { false })
        };
        self.columns.iter().find(says).map(|(column, ..)| *column)
    }

    /// Returns whether a column or a word in one says who is blocked.
    pub(in crate::list) const fn has_blocked_column(&self) -> bool {
        self.blocked.is_some() || self.has_blocked_word
    }

    /// Returns the header of a column about employment by which somebody has left.
    pub(in crate::list) fn has_left(&self, row: &TableRow, words: &Words<'_>) -> Option<&str> {
        let says = |(column, blank, days): &&(&Column, Blank, Days)| {
            cell(column, row).is_some_and(|cell| match read(column, cell, (*blank, *days), words) {
                Read::Word(word) => word == StateWord::Is(Standing::Inactive),
                Read::Flag(standing) => standing.is_inactive(),
                Read::Ended => true,
                Read::NotOut | Read::NotEnded | Read::Nothing | Read::NotUnderstood => false,
            })
        };
        self.employment.iter().find(says).map(|(column, _, _)| column.header.as_str())
    }

    /// Returns whether the table shows who is blocked.
    pub(in crate::list) fn shows_blocked(&self) -> bool {
        self.blocked.is_some()
            || self.has_blocked_word
            || self.tab.is_some_and(Tab::is_of_blocked)
            || self.marks.iter().any(|(state, _)| *state == MarkedState::Blocked)
    }

    /// Returns whether a header names a way of being inactive.
    fn names_absence(&self, header: &str) -> bool {
        self.columns.iter().any(|(column, ..)| column.header == header && !says_words(column.meaning.sense))
    }

    /// Reads the columns of states of a row; `only_named` are those that the workspace names.
    fn by_columns(&self, row: &TableRow, words: &Words<'_>, only_named: bool) -> ByColumns {
        let mut causes = Vec::new();
        let mut contradictions = Vec::new();
        let mut found = RowState::default();
        // A word says more than a box: a pending account is enabled, too.
        let mut strong: Option<(Standing, &str)> = None;
        let mut weak: Option<(Standing, &str)> = None;
        // "Not archived" says less than any other column.
        let mut weakest: Option<(Standing, &str)> = None;
        let mut ended: Option<&str> = None;
        let mut is_not_ended = false;
        let (mut is_unknown, mut is_ticked) = (false, false);
        for (column, blank, days) in self.columns.iter().filter(|(column, ..)| !only_named || column.meaning.rank == 0) {
            let Some(cell) = cell(column, row) else { continue };
            let read = read(column, cell, (*blank, *days), words);
            if let Read::Word(word) = read
                && let Some(standing) = word.standing()
            {
                found.is_expired |= word == StateWord::Expired;
                is_ticked |= column.meaning.sense == PENDING;
                match strong {
                    Some((other, header)) if other != standing => {
                        contradictions.push((header.to_owned(), column.header.clone()));
                    }
                    _ => strong = Some((standing, &column.header)),
                }
            }
            match read {
                Read::Word(StateWord::Is(_) | StateWord::Expired) | Read::Nothing => {}
                Read::Word(StateWord::Blocked) => found.blocked = Some(true),
                Read::Word(StateWord::Unknown) => is_unknown = true,
                Read::Ended => ended = Some(&column.header),
                Read::NotEnded => is_not_ended = true,
                Read::Flag(standing) => match weak {
                    Some((other, header)) if other != standing => {
                        contradictions.push((header.to_owned(), column.header.clone()));
                    }
                    _ => weak = Some((standing, &column.header)),
                },
                Read::NotOut => weakest = Some((Standing::Active, &column.header)),
                Read::NotUnderstood => causes.push(not_understood(Kept::Status, column, cell, words)),
            }
        }
        // Which of them is true, only a person can say.
        if let (Some((word, one)), Some((flag, other))) = (strong, weak)
            && !(word.is_pending() && flag.is_active())
            && word != flag
            // Somebody who has not accepted yet is not active yet.
            && (!is_ticked || self.names_absence(other))
        {
            contradictions.push((one.to_owned(), other.to_owned()));
        }
        // A deleted account keeps its switches.
        let by_date = ended.map(|_| Standing::Inactive);
        found.status = by_date.or(strong.or(weak).or(weakest).map(|(standing, _)| standing));
        if let (Some((word, one)), Some(other)) = (strong, ended)
            && !word.is_inactive()
        {
            contradictions.push((one.to_owned(), other.to_owned()));
        }
        let is_enabled_only = by_date.is_none() && strong.is_none() && found.status.is_some_and(Standing::is_active);
        found.is_unknown = is_unknown;
        let contradicts = !contradictions.is_empty();
        causes.extend(contradictions.into_iter().map(|headers| Cause::Contradiction { headers }));
        ByColumns { state: found, is_not_ended, is_enabled_only, contradicts, causes }
    }

    /// Reads the columns of states of a row. Where they contradict each other, those that the workspace names are right.
    fn in_agreement(&self, row: &TableRow, words: &Words<'_>) -> ByColumns {
        let read = self.by_columns(row, words, false);
        let has_named = self.columns.iter().any(|(column, ..)| column.meaning.rank == 0);
        if has_named && read.contradicts { self.by_columns(row, words, true) } else { read }
    }

    /// Reads the state of a row. `badges` are words beside the name.
    pub(in crate::list) fn row(
        &self,
        row: &TableRow,
        badges: &[String],
        is_nameless: bool,
        words: &Words<'_>,
        at: (&str, &mut Problems),
    ) -> RowState {
        let (file, problems) = at;
        let ByColumns { state: mut found, is_not_ended, is_enabled_only, contradicts: _, causes } = self.in_agreement(row, words);
        if is_enabled_only && self.tab.and_then(Tab::standing).is_some_and(Standing::is_pending) {
            found.status = Some(Standing::Pending);
        }
        let mut refuse = |cause: Cause| problems.push(file, Some(row.number), cause);
        causes.into_iter().for_each(&mut refuse);
        let is_unknown = found.is_unknown;
        let by_badge = badges.iter().find_map(|badge| state_of(badge, words)?.standing());
        found.is_expired |= badges.iter().any(|badge| state_of(badge, words) == Some(StateWord::Expired));
        let marked = |state: MarkedState| self.marks.iter().find(|(known, _)| *known == state).map(|(_, mark)| mark.is_on(row));
        if found.status.is_none() && !is_unknown && found.blocked.is_none() {
            let by_tab = self.tab.and_then(standing).filter(|_| !self.is_mixed && self.are_days);
            let by_mark = [(MarkedState::Inactive, Standing::Inactive), (MarkedState::Pending, Standing::Pending)];
            let by_mark = by_mark.into_iter().find(|(state, _)| marked(*state) == Some(true)).map(|(_, standing)| standing);
            let by_name = self.nameless.filter(|_| is_nameless);
            // Where only days say who has left, and say it of somebody, nobody else has.
            let by_days = (is_not_ended && self.are_days && self.tab.and_then(standing).is_none()).then_some(Standing::Active);
            found.status = by_mark.or(by_name).or(by_badge.filter(|_| self.columns.is_empty())).or(by_tab).or(by_days);
        }
        if badges.iter().any(|badge| state_of(badge, words) == Some(StateWord::Blocked)) && self.blocked.is_none() {
            found.blocked = Some(true);
        }
        if found.blocked.is_none() {
            found.blocked = match &self.blocked {
                Some((column, blank)) => cell(column, row).and_then(|cell| {
                    own_yes(cell, *blank, words).unwrap_or_else(|()| {
                        refuse(not_understood(Kept::Blocked, column, cell, words));
                        None
                    })
                }),
                // The page itself says that these are the blocked ones.
                None if self.tab.is_some_and(Tab::is_of_blocked) => Some(true),
                None if self.has_blocked_word => (found.status.is_some()).then_some(false),
                None => marked(MarkedState::Blocked),
            };
        }
        found.is_expired &= found.status.is_some_and(Standing::is_pending);
        found
    }
}

/// Returns whether a column says states by words.
const fn says_words(sense: Sense) -> bool {
    match sense {
        Sense::Plain | Sense::Words => true,
        Sense::Inverted(_) | Sense::Date => false,
    }
}

/// The places of login and name, and of a column without a header beside them that is not the last one: that one has what can be done.
fn beside_login(header: &Header) -> Vec<usize> {
    let is_who = |kept: Kept| match kept {
        Kept::Email | Kept::Login | Kept::Name => true,
        Kept::Field(field) => field == crate::model::Field::FirstName || field == crate::model::Field::LastName,
        Kept::Status | Kept::Blocked => false,
    };
    let own: Vec<usize> = header.columns.iter().filter(|column| is_who(column.meaning.kept)).map(|column| column.at).collect();
    let is_bare = |at: &usize| header.is_bare(*at) && *at + 1 < header.cells;
    let beside = own.iter().flat_map(|at| [at.checked_sub(1), Some(at + 1)]).flatten().filter(is_bare);
    own.iter().copied().chain(beside).collect()
}
