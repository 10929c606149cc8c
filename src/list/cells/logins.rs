//! Finds the login of each row: an address or a user name, in a column of its own or in the cell of the name.

use crate::model::{Email, LoginName, Value};

use super::names::NameCell;
use super::state_cell::cell;
use crate::list::header::{Column, Header};
use crate::list::problem::AddressFault;
use crate::list::table::{Cell, Lost, TableRow, is_pale};
use crate::list::words::Kept;

/// The place of the login in a row.
pub(in crate::list) struct LoginColumns<'h> {
    email: Option<&'h Column>,
    user_name: Option<&'h Column>,
    name: Option<&'h Column>,
}

impl<'h> LoginColumns<'h> {
    /// A user name is the login where the product has one, unless the workspace or the catalog names a column of addresses and none of
    /// user names.
    pub(in crate::list) fn new(header: &'h Header) -> Self {
        let (email, login) = (header.column(Kept::Email), header.column(Kept::Login));
        let is_before = |email: &Column, login: &Column| email.meaning.rank <= 1 && email.meaning.rank < login.meaning.rank;
        let is_address = email.is_some_and(|email| login.is_none_or(|login| is_before(email, login)));
        Self { email, user_name: login.filter(|_| !is_address), name: header.column(Kept::Name) }
    }

    /// Returns the column of user names, if addresses are the logins.
    pub(in crate::list) fn not_kept<'c>(&self, header: &'c Header) -> Option<&'c Column> {
        header.column(Kept::Login).filter(|_| self.user_name.is_none())
    }

    /// Returns whether the login or the name of a row is struck through.
    pub(in crate::list) fn is_struck(&self, row: &TableRow) -> bool {
        self.cells(row).any(Cell::is_struck)
    }

    /// Returns what shows that somebody has no access: the class of a row, or of its login or name, or a button that undoes it.
    pub(in crate::list) fn faded<'r>(&self, row: &'r TableRow, tells: &dyn Fn(&str) -> bool) -> Option<&'r str> {
        self.cells(row).find_map(|cell| cell.faded(tells)).or_else(|| row.cells.iter().find_map(Cell::undone))
    }

    /// Returns the color in which a row shows somebody, and not everybody.
    pub(in crate::list) fn pale<'r>(&self, row: &'r TableRow, tells: &dyn Fn(&str) -> bool) -> Option<&'r str> {
        self.cells(row).flat_map(Cell::classes).find(|class| is_pale(class) && tells(class))
    }

    /// Lists the cells of login and name.
    fn cells<'r>(&self, row: &'r TableRow) -> impl Iterator<Item = &'r Cell> {
        let columns = [self.email, self.user_name, self.name].into_iter().flatten();
        columns.filter_map(|column| cell(column, row)).collect::<Vec<_>>().into_iter()
    }

    /// Returns whether there is an address beside the login and is compared.
    pub(in crate::list) const fn compares_email(&self) -> bool {
        self.user_name.is_some() && self.email.is_some()
    }

    /// Returns whether any row has a login.
    pub(in crate::list) fn has_any(&self, rows: &[&TableRow]) -> bool {
        let has_column = self.email.is_some() || self.user_name.is_some();
        let has_address = |row: &&TableRow| {
            self.name.and_then(|column| cell(column, row)).is_some_and(|cell| address(cell).is_ok_and(|email| email.is_some()))
        };
        has_column || rows.iter().any(has_address)
    }

    /// Returns whether people sign in with user names: some row has one, so that a row without one has no login.
    pub(in crate::list) fn are_user_names(&self, rows: &[&TableRow]) -> bool {
        let has_name = |row: &&TableRow| {
            let text = self.user_name.and_then(|column| cell(column, row)).map(|cell| cell.text.as_str());
            text.is_some_and(|text| !crate::list::general::is_dash(text))
        };
        self.email.is_some() && rows.iter().any(has_name)
    }

    /// Returns whether a row has a user name.
    pub(in crate::list) fn has_user_name(&self, row: &TableRow) -> bool {
        let cell = self.user_name.and_then(|column| cell(column, row));
        cell.is_some_and(|cell| cell.lost.is_some() || !crate::list::general::is_dash(&cell.text))
    }

    /// Returns the login of a row; `None` if it has none.
    pub(in crate::list) fn login(&self, row: &TableRow, name: &NameCell) -> Result<Option<LoginName>, AddressFault> {
        if let Some(column) = self.user_name {
            if cell(column, row).is_some_and(|cell| cell.lost == Some(Lost::Digits)) {
                return Err(AddressFault::Digits);
            }
            let text = cell(column, row).filter(|cell| cell.lost.is_none_or(|lost| lost == Lost::More));
            if let Some(text) = text.map(|cell| cell.text.as_str()).filter(|text| !crate::list::general::is_dash(text)) {
                return LoginName::parse(text).map(Some).map_err(|_| AddressFault::Form);
            }
        }
        self.address(row, name).map(|email| email.map(LoginName::from))
    }

    /// Returns the text of a row's login, where it has one.
    pub(in crate::list) fn shown(&self, row: &TableRow) -> String {
        const LONGEST: usize = 60;
        let columns = [self.user_name, self.email].into_iter().flatten();
        let texts = columns.filter_map(|column| cell(column, row)).map(|cell| cell.text.trim());
        let whole =
            self.email.and_then(|column| cell(column, row)).and_then(|cell| cell.whole.as_deref().filter(|whole| *whole != cell.text));
        texts
            .filter(|text| !crate::list::general::is_dash(text))
            .map(|text| text.chars().take(LONGEST).collect::<String>())
            .next()
            .map(|text| {
                whole.map_or_else(|| text.clone(), |whole| format!("{text}` and `{}", whole.chars().take(LONGEST).collect::<String>()))
            })
            .unwrap_or_default()
    }

    /// Returns the address of a row, from its column or from the cell of the name.
    fn address(&self, row: &TableRow, name: &NameCell) -> Result<Option<Email>, AddressFault> {
        if let Some(cell) = self.email.and_then(|column| cell(column, row)).filter(|cell| !cell.is_blank() || name.email.is_none()) {
            return address(cell);
        }
        // "Exported by lee@…" below the rows is nobody's name.
        if self.email.is_some() && is_about_list(&name.name) {
            return Ok(None);
        }
        match self.name.and_then(|column| cell(column, row)).and_then(|cell| cell.whole.as_deref()).map(Email::parse) {
            Some(Ok(email)) => Ok(Some(email)),
            Some(Err(_)) | None => Ok(name.email.clone()),
        }
    }

    /// Returns the address beside a user name.
    pub(in crate::list) fn email_beside(&self, row: &TableRow, name: &NameCell) -> Option<Value> {
        // Where it is the login, because nobody has chosen a user name yet, it is known.
        let cell = self.email.filter(|_| self.compares_email() && self.has_user_name(row)).and_then(|column| cell(column, row))?;
        match self.address(row, name) {
            Ok(Some(email)) => Some(Value::Text(email.into())),
            Ok(None) => cell.is_blank().then_some(Value::Unset),
            Err(_) => None,
        }
    }
}

/// Reads the address of a cell: its link, or its text, where nothing else is joined to it.
fn address(cell: &Cell) -> Result<Option<Email>, AddressFault> {
    if let Some(email) = cell.whole.as_deref().and_then(|whole| Email::parse(whole).ok()) {
        // A link can be one to somebody else.
        let is_another = Email::parse(cell.text.trim()).is_ok_and(|shown| shown != email);
        return if is_another { Err(AddressFault::Two) } else { unmasked(email) };
    }
    match cell.lost {
        Some(Lost::Cut) => return Err(AddressFault::Cut),
        Some(Lost::Formula | Lost::Digits) => return Err(AddressFault::Form),
        Some(Lost::More) | None => {}
    }
    let text = cell.text.trim().trim_start_matches("mailto:");
    if crate::list::general::is_dash(text) {
        return Ok(None);
    }
    if let Ok(email) = Email::parse(text) {
        return unmasked(email);
    }
    let parts: Vec<Email> = text.split(['\n', '<', '>', ';', '(', ')']).filter_map(|part| Email::parse(part.trim()).ok()).collect();
    match parts.as_slice() {
        [email] => unmasked(email.clone()),
        [] if text.contains('@') && text.contains(char::is_whitespace) => Err(AddressFault::Joined),
        [..] => Err(AddressFault::Form),
    }
}

/// An address, unless stars hide a part of it, or a quotation mark is joined to it.
fn unmasked(email: Email) -> Result<Option<Email>, AddressFault> {
    match email.as_str() {
        text if text.contains('*') => Err(AddressFault::Cut),
        text if text.starts_with(['\'', '`', '"']) => Err(AddressFault::Form),
        _ => Ok(Some(email)),
    }
}

/// Returns whether a line says by whom a list was made, or whom to ask about it; it can have that person's address.
pub(in crate::list) fn is_about_list(text: &str) -> bool {
    // An address alone is somebody's.
    if !text.contains(char::is_whitespace) {
        return false;
    }
    let lower = text.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let verbs = ["generated", "printed", "exported", "downloaded", "created", "requested", "prepared", "run", "questions", "contact"];
    let first = words.next().unwrap_or_default();
    let is_by = words.any(|word| matches!(word, "by" | "on" | "at"));
    let is_report = first == "report" && lower.contains(" by");
    let is_end = lower.contains("end of report") || lower.contains("end of list");
    is_end || is_report || (verbs.contains(&first) && (is_by || lower.contains('?') || lower.contains('@')))
}
