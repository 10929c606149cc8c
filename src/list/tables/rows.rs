//! Turns the rows of one table into people, each with the place that it comes from.

use std::collections::BTreeSet;

use crate::model::{Field, NAME, Standing, Tab};

use super::body;
use super::header::{Column, Header};
use super::nobody::{self, Doubt};
use super::seen::{self, UnkeptCells};
use super::table::{Cell, Lost, Table, TableRow};
use super::total::PageTotal;
use crate::list::cells::fields::{FieldColumns, role_of_badges};
use crate::list::expiry::{Expiry, InvitationCell};
use crate::list::found::{About, Draft, Person};
use crate::list::logins::LoginColumns;
use crate::list::name_marks::{has_no_name, is_garbled, must_have_name, unmarked};
use crate::list::names::{self, NameCell};
use crate::list::problem::{Cause, Problems};
use crate::list::state::StateColumns;
use crate::list::state_cell::state_of;
use crate::list::state_cell::{RowState, cell};
use crate::list::stray::{Stray, is_marked_name, is_sign};
use crate::list::words::{Headers, Kept, StateWord, Words};

/// The content of one table.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each says something else about the table, and all combinations exist")]
pub(in crate::list) struct TableRead {
    pub(in crate::list) drafts: Vec<Draft>,
    pub(in crate::list) fields: BTreeSet<Field>,
    pub(in crate::list) status: bool,
    pub(in crate::list) blocked: bool,
    /// Says whether a column shows who is active, so that the tab does not.
    pub(in crate::list) has_state_column: bool,
    /// The heading above it, where the file has several tables.
    pub(in crate::list) heading: Option<String>,
    /// Says whether the heading above it gives the state of its people.
    pub(in crate::list) is_by_heading: bool,
    pub(in crate::list) unknown: Vec<String>,
    pub(in crate::list) notes: Vec<About>,
    pub(in crate::list) counted: PageTotal,
    /// Says whether one of several choices on the page, such as a clinic, may leave people out.
    pub(in crate::list) is_chosen: bool,
    /// The number of rows that have neither login nor access, such as employees: a page counts them, too.
    pub(in crate::list) without_account: u64,
}

/// Reads a table whose file has this name and tab; `None` if it is not one of users.
pub(in crate::list) fn read(
    file: &str,
    tab: Option<Tab>,
    table: &Table,
    (words, headers): (&Words<'_>, &Headers),
    problems: &mut Problems,
) -> Option<TableRead> {
    let mut done = TableRead::default();
    let (header, rows, totals) = body::of_users(file, table, (words, headers), problems)?;
    let above = table.rows.get(..header.body.saturating_sub(1)).unwrap_or_default();
    done.counted = body::counted_around(table, &header, above, &totals);
    done.narrowed(table, above, (tab, rows.is_empty()), (file, words, problems));
    done.notes.extend(body::titles(above));
    done.unknown.clone_from(&header.unknown);
    let mut people = PersonColumns::new(&header);
    done.unknown.extend(people.logins.not_kept(&header).map(|column| column.header.clone()));
    people.are_user_names = people.logins.are_user_names(&rows);
    people.leave_blank_names(&rows, words, &mut done.notes);
    let is_nameless = |row: &TableRow| people.is_nameless(row);
    let states = StateColumns::new(&header, &rows, (tab, table.is_page), &is_nameless, words, (&mut done.notes, &mut done.unknown));
    people.stray = Stray::new(&header, &rows);
    let faded = rows.iter().filter(|row| people.logins.faded(row, &|class| !people.stray.is_common(class)).is_some()).count();
    // What everybody has tells nobody apart.
    people.tells_faded = faded < rows.len() && states.header().is_none();
    done.status = states.shows_status();
    done.has_state_column = states.header().is_some();
    done.blocked = states.shows_blocked();
    let is_open = words.catalog.states.blocked && !done.blocked;
    let of_columns: BTreeSet<String> = done.notes.iter().flat_map(About::icons_of_column).cloned().collect();
    done.notes.extend(crate::list::icons::unknown(&rows, words, &|name| (is_open || is_sign(name)) && !of_columns.contains(name)));
    let expiry = Expiry::new(&header, &rows, words);
    done.unknown.retain(|header| !expiry.has(header));
    let columns = FieldColumns::new(&header, &rows, words, &mut done.notes);
    done.unknown.retain(|header| !columns.matrix.has(header));
    done.fields = columns.fields().chain(people.fields()).collect();
    done.notes.extend(seen::states_not_read(&header, &rows, (tab, done.has_state_column), words));
    // Nobody who is invited has come in yet.
    let without_access = match tab {
        Some(Tab::Pending) => Vec::new(),
        Some(Tab::Active | Tab::Inactive | Tab::All | Tab::Blocked) | None => {
            seen::without_access(&header, &rows, people.logins.not_kept(&header), words)
        }
    };
    let kept_out: BTreeSet<u64> =
        without_access.iter().flat_map(About::rows_of_state).copied().filter(|_| !done.has_state_column).collect();
    done.notes.extend(without_access);
    done.notes.extend(seen::merged(&header, &rows));
    let other_roles = seen::other_roles(&header, &rows, (words, headers));
    done.notes.extend(
        other_roles.iter().map(|(header, rows)| About::OtherRole { header: (*header).to_owned(), rows: rows.iter().copied().collect() }),
    );
    let (mut seen, mut rivals) = (UnkeptCells::default(), seen::Rivals::new(&header, &rows, words));
    let mut below = seen::Below::new(table, (tab, done.has_state_column), words);
    for row in &rows {
        if below.begins(row, header.cells, words) {
            continue;
        }
        let Some((mut draft, name)) = people.draft(row, &states, words, &mut seen, (file, problems)) else {
            below.pass(row, !people.are_user_names, &mut seen);
            continue;
        };
        if let Err(cause) = expiry.correct(&mut draft.person, row, states.active_by_word(row, words), words) {
            problems.push(file, Some(row.number), cause);
        }
        if kept_out.contains(&row.number) && draft.person.status.is_some_and(Standing::is_active) {
            draft.forget_state();
        }
        if draft.person.status.is_some_and(Standing::is_pending) {
            match expiry.read(row, words) {
                InvitationCell::Expired => draft.person.is_expired = true,
                InvitationCell::Unclear => seen.unclear_days.push(row.number),
                InvitationCell::Open => {}
            }
        }
        columns.add(&mut draft, row, people.is_nameless(row), words, &mut seen, (file, problems));
        rivals.compare(&mut draft, row, (words, &columns.clinics));
        if other_roles.iter().any(|(_, rows)| rows.contains(&row.number)) {
            draft.person.fields.remove(&Field::Role);
            draft.unknown.insert(Field::Role);
        }
        if words.catalog.list.nameless.is_some() && people.is_nameless(row) {
            draft.forget_unconfirmed();
        }
        role_of_badges(&mut draft.person, &header, &name.badges, words, &columns.clinics);
        below.change(&mut draft, &mut seen);
        done.fields.extend(draft.person.fields.keys());
        done.drafts.push(draft);
    }
    let hints = seen::hints((&header, done.has_state_column), &rows, &done.active(), &|class| people.stray.is_common(class));
    done.notes.extend(hints);
    done.expired(&expiry, &rows, words);
    // Without a column or tab, the words beside every name can say it.
    done.blocked |= done.drafts.iter().any(|draft| draft.person.blocked.is_some());
    done.status |= !done.drafts.is_empty() && done.drafts.iter().all(|draft| draft.person.status.is_some());
    done.without_account = u64::try_from(seen.without_account.len()).unwrap_or(u64::MAX);
    done.notes.extend(rivals.notes().chain(below.notes()));
    seen.notes(&mut done.notes);
    Some(done)
}

impl TableRead {
    /// Marks the invitations of the people who are pending as expired.
    pub(in crate::list) fn expire(&mut self) {
        let is_pending = |draft: &&mut Draft| draft.person.status.is_some_and(Standing::is_pending);
        self.drafts.iter_mut().filter(is_pending).for_each(|draft| draft.person.is_expired = true);
    }

    /// The rows of people who are active, and not known to be blocked.
    fn active(&self) -> BTreeSet<u64> {
        let active = self.drafts.iter().filter(|draft| draft.person.status.is_some_and(Standing::is_active));
        active.filter(|draft| draft.person.blocked != Some(true)).map(|draft| draft.row).collect()
    }

    /// Names the days that are over and the columns of invitations that say nothing.
    fn expired(&mut self, expiry: &Expiry<'_>, rows: &[&TableRow], words: &Words<'_>) {
        let is_of =
            |of: fn(Standing) -> bool| self.drafts.iter().filter(move |draft| draft.person.status.is_some_and(of)).map(|draft| draft.row);
        let (active, has_pending): (BTreeSet<u64>, bool) =
            (is_of(Standing::is_active).collect(), is_of(Standing::is_pending).next().is_some());
        self.notes.extend(expiry.of_active(&active, rows, words));
        if !has_pending {
            self.unknown.extend(expiry.headers());
        }
    }

    /// Says whether a search, a filter or a choice may leave people out.
    fn narrowed(
        &mut self,
        table: &Table,
        above: &[TableRow],
        (tab, is_empty): (Option<Tab>, bool),
        (file, words, problems): (&str, &Words<'_>, &mut Problems),
    ) {
        let texts = above.iter().flat_map(TableRow::texts).chain(table.around.iter().map(String::as_str));
        let filters = texts.filter_map(super::total::filter).chain(table.filters.iter().map(String::as_str));
        // A choice of the state is what the tab says.
        self.counted.is_filtered |=
            filters.into_iter().any(|filter| tab.is_none() || is_of_filters(filter) || words.heading(filter) != tab);
        if is_empty {
            let lines = above.iter().flat_map(TableRow::texts).chain(table.around.iter().chain(table.doubts.iter()).map(String::as_str));
            match nobody::doubt(lines, table.is_page) {
                Some(Doubt::Loading) => problems.push(file, None, Cause::Loading),
                Some(Doubt::Narrowed) => self.counted.is_filtered = true,
                None => {}
            }
        }
        self.is_chosen = super::other_states::is_of_one_clinic(table, words)
            || table
                .lines
                .iter()
                .chain(table.around.iter())
                .chain(&table.heading)
                .any(|line| super::other_states::narrows(line, tab, words))
            || table.choices.iter().any(|choice| words.narrows_down(choice, tab))
            || above.iter().flat_map(TableRow::texts).any(|text| words.is_of_one_place(text));
    }
}

/// The columns that say whom a row is about.
struct PersonColumns<'h> {
    logins: LoginColumns<'h>,
    name: Option<&'h Column>,
    /// First and last name.
    parts: [Option<&'h Column>; 2],
    /// Says whether people sign in with user names, so that somebody without one has no account.
    are_user_names: bool,
    /// Says whether the classes of some rows show that these people have no access, and nothing else shows who has.
    tells_faded: bool,
    /// Texts that speak of a state where no column does.
    stray: Stray<'h>,
    /// Says whether the column of names has none.
    has_no_names: bool,
}

impl<'h> PersonColumns<'h> {
    fn new(header: &'h Header) -> Self {
        let parts = NAME.map(|field| header.column(Kept::Field(field)));
        let (logins, name, stray) = (LoginColumns::new(header), header.column(Kept::Name), Stray::new(header, &[]));
        Self { logins, name, parts, are_user_names: false, tells_faded: false, stray, has_no_names: false }
    }

    /// Leaves a column of whole names out that has none of anybody: everybody has one, so the page may not have saved them. Where a missing name
    /// says who is pending, it is looked at.
    fn leave_blank_names(&mut self, rows: &[&TableRow], words: &Words<'_>, notes: &mut Vec<About>) {
        let Some(column) = self.name.filter(|_| rows.len() > 1 && words.catalog.list.nameless.is_none()) else { return };
        let mut cells = rows.iter().filter_map(|row| cell(column, row));
        if cells.all(|cell| cell.lost.is_none() && has_no_name(&names::name_cell(&cell.text).name)) {
            self.has_no_names = true;
            notes.push(About::BlankColumn { header: column.header.clone() });
        }
    }

    /// Returns whether first and last name have columns of their own.
    fn has_parts(&self) -> bool {
        self.parts.iter().all(Option::is_some)
    }

    /// The fields that these columns show.
    fn fields(&self) -> impl Iterator<Item = Field> {
        let names = self.name.filter(|_| !self.has_parts() && !self.has_no_names).map(|_| NAME);
        let email = self.logins.compares_email().then_some(Field::Email);
        names.into_iter().flatten().chain(email)
    }

    /// Returns whether no column of names has one for a row.
    fn is_nameless(&self, row: &TableRow) -> bool {
        let columns = self.name.into_iter().chain(self.parts.into_iter().flatten());
        let mut cells = columns.filter_map(|column| cell(column, row)).peekable();
        cells.peek().is_some() && cells.all(|cell| cell.lost.is_none() && names::name_cell(&cell.text).name.is_empty())
    }

    /// Reads login, state and name of a row; `None` if it is not an account, or is refused.
    fn draft(
        &self,
        row: &TableRow,
        states: &StateColumns<'_>,
        words: &Words<'_>,
        seen: &mut UnkeptCells,
        (file, problems): (&str, &mut Problems),
    ) -> Option<(Draft, NameCell)> {
        let name_cell = self.name.and_then(|column| cell(column, row));
        let mut name = name_cell.map(|cell| names::name_cell(&states.without_marks(whole(cell)))).unwrap_or_default();
        let is_state = |text: &str| state_of(text, words).is_some_and(|state| state != StateWord::Unknown);
        name.part_from(&is_state);
        let is_turned = self.name.is_none_or(|column| !names::is_last_first(&column.header) || name.turn());
        let parts = self.parts.into_iter().flatten().filter_map(|column| names::part(&cell(column, row)?.text, &is_state));
        name.badges.extend(parts.map(|(_, word)| word));
        let mut state = states.row(row, &name.badges, self.is_nameless(row), words, (file, problems));
        let is_nobodys = state.is_unknown;
        if self.logins.is_struck(row) && !states.explains_struck() && !state.status.is_some_and(Standing::is_inactive) {
            state = RowState { status: None, is_expired: false, is_unknown: true, ..state };
            seen.struck.push(row.number);
        }
        if let Some(header) = states.has_left(row, words).filter(|_| state.status.is_some_and(|status| !status.is_inactive())) {
            state = RowState { status: None, is_expired: false, is_unknown: true, ..state };
            seen.employment.entry(header.to_owned()).or_default().push(row.number);
        }
        let is_said = (states.header().is_some(), states.has_blocked_column());
        for unclear in self.stray.change(&mut state, (row, &name), is_said, words) {
            seen.add_stray(unclear, row.number);
        }
        let has_access = state.status.is_some_and(|status| !status.is_inactive()) && state.blocked != Some(true);
        // Invitations can be sent again to people who are invited.
        let is_of_invited =
            |class: &str| state.status.is_some_and(Standing::is_pending) && (class.contains("invit") || class.contains("resend"));
        let tells = |class: &str| !self.stray.is_common(class) && words.value(Kept::Status, class).is_none();
        let by_color = || self.logins.pale(row, &tells).filter(|_| state.status.is_some_and(Standing::is_active));
        let faded = self.logins.faded(row, &tells).or_else(by_color);
        let faded =
            faded.filter(|class| self.tells_faded && has_access && !name.badges.iter().any(|text| is_state(text)) && !is_of_invited(class));
        if let Some(class) = faded {
            state = RowState { status: None, is_expired: false, is_unknown: true, ..state };
            seen.faded.entry(class.to_owned()).or_default().push(row.number);
        }
        // Somebody who was only invited has not chosen a user name yet.
        if self.are_user_names && !self.logins.has_user_name(row) && !state.status.is_some_and(Standing::is_pending) {
            seen.without_account.push(row.number);
            return None;
        }
        let login = match self.logins.login(row, &name) {
            Ok(Some(login)) => login,
            Ok(None) if is_nobodys || (state.status.is_some_and(Standing::is_inactive) && states.shows_status()) => {
                seen.without_account.push(row.number);
                return None;
            }
            Ok(None) => {
                problems.push(file, Some(row.number), Cause::WithoutLogin);
                return None;
            }
            Err(broken) => {
                problems.push(file, Some(row.number), Cause::BadAddress(broken, self.logins.shown(row)));
                return None;
            }
        };
        if let Some(header) = states.header().filter(|_| state.status.is_none() && state.blocked != Some(true)) {
            seen.unknown.entry(header.to_owned()).or_default().push(row.number);
        }
        let is_marked = |column: &Column| cell(column, row).is_some_and(|cell| unmarked(&cell.text).is_some());
        if !state.status.is_some_and(Standing::is_inactive) && self.name.into_iter().chain(self.parts.into_iter().flatten()).any(is_marked)
        {
            seen.marked.push(row.number);
        }
        let person = Person { status: state.status, blocked: state.blocked, is_expired: state.is_expired, ..Person::default() };
        let mut draft = Draft { login, row: row.number, person, unknown: BTreeSet::new(), is_state_unknown: state.is_unknown };
        if let Some(column) = self.name.filter(|_| !self.has_parts() && !self.has_no_names)
            && (!is_turned
                || name_cell.is_some_and(|cell| is_lost(cell) || is_picture(cell))
                || is_marked_name(&name.name)
                || is_garbled(&name.name)
                || (has_no_name(&name.name) && must_have_name(state.status, words))
                || !names::set_name(&mut draft.person, &name))
        {
            seen.unknown.entry(column.header.clone()).or_default().push(row.number);
        }
        // Where a user name is an address, the login says it already.
        if let Some(email) = self.logins.email_beside(row, &name).filter(|_| draft.login.address().is_none()) {
            draft.person.fields.insert(Field::Email, email);
        }
        Some((draft, name))
    }
}

/// The whole text of a cell, also where the page shows only its beginning.
fn whole(cell: &Cell) -> &str {
    cell.whole.as_deref().filter(|_| cell.lost == Some(Lost::Cut)).unwrap_or(&cell.text)
}

/// Returns whether nobody knows what is in a cell: it is a formula without its value, or cut.
fn is_lost(cell: &Cell) -> bool {
    match cell.lost {
        Some(Lost::Formula) => true,
        Some(Lost::Cut) => cell.whole.is_none(),
        Some(Lost::More | Lost::Digits) | None => false,
    }
}

/// Returns whether a cell shows nothing but a picture, which may have a name.
fn is_picture(cell: &Cell) -> bool {
    cell.text.is_empty() && cell.marks.iter().any(|mark| !mark.starts_with(['~', '.']))
}

/// Returns whether a text is about filters, and not one of them: the word of "2 active filters" is not a state.
fn is_of_filters(text: &str) -> bool {
    text.split_whitespace().any(|word| ["filter", "filters"].contains(&word.to_lowercase().as_str()))
}
