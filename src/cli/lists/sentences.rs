//! Says why a list is refused, with the lines of YAML to add, and what a person should know about its files.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::list::{AddressFault, Cause, Foreign, Kept, ListProblem, Problems, WordKind};
use crate::model::{Names, Tab};
use crate::platform::{self, Catalog};
use crate::report::{clean, more};
use crate::yaml::did_you_mean;
use crate::yaml::write::scalar;

/// Says all problems, and then which lines of YAML would explain the words.
pub(in crate::cli) fn problems(problems: &Problems, catalog: &Catalog) -> String {
    let mut text = String::new();
    for problem in &problems.list {
        let place = problem.row.map_or_else(|| clean(&problem.file), |row| format!("{}, row {row}", clean(&problem.file)));
        let _ = writeln!(text, "error: {place}: {}", cause(&problem.cause, catalog));
    }
    if problems.more > 0 {
        let _ = writeln!(text, "error: {}", more(problems.more));
    }
    text.push_str(&yaml(&problems.list, catalog));
    text.push_str("Nothing was written.");
    text
}

/// Says what is wrong, and what to do.
pub(super) fn cause(cause: &Cause, catalog: &Catalog) -> String {
    match cause {
        Cause::TooLarge(limit) => format!("too large for a list of users: at most {limit} are read"),
        Cause::Unreadable(foreign) => unreadable(*foreign).to_owned(),
        Cause::Damaged => "the file is damaged: save it again".to_owned(),
        Cause::OpenQuote { line } => format!(
            "the quotation mark in line {line} begins a cell that does not end, so that the rows after it are lost: remove the mark, or close it, or \
             export the list again"
        ),
        Cause::Empty => "there is nothing in it".to_owned(),
        Cause::NoTable { frames } if frames.is_empty() => {
            "the page has no table: save it as \"Web Page, Complete\" once the list is visible, or paste its text into a file".to_owned()
        }
        Cause::NoTable { frames } => format!("the page has no table; the list may be in `{}`, which was saved beside it", clean(&frames.join("`, `"))),
        Cause::NoColumns => {
            "nothing tells where its cells begin and end: a blank cell leaves no line in pasted text. Save the page as \"Web Page, Complete\", or paste it into a spreadsheet and save that".to_owned()
        }
        Cause::NoHeader => {
            "no row has headers that are understood, such as Email, Name and Role: add yours under `list: { columns: … }` of the workspace".to_owned()
        }
        Cause::Doubled { header } => format!(
            "two columns have the header `{}` and say different things: if these are two lists side by side, put one below the other, or each in a file of its own; else remove or rename the wrong one",
            clean(header)
        ),
        Cause::NoLogin => "the list has neither addresses nor user names, so nobody can be recognized: show that column, and save again".to_owned(),
        Cause::NotUsers => "this list shows who is signed in now, not who has an account: save the list of user accounts".to_owned(),
        Cause::Ragged { cells, header } => format!("the row has {cells} cells, and the header has {header}: put quotes around text with separators"),
        Cause::WithoutLogin => "the row has no login: complete it, or remove the row".to_owned(),
        Cause::BadAddress(broken, text) => bad_address(*broken, text),
        Cause::UnknownWord { column, header, word, kind: WordKind::Action, .. } => format!(
            "`{}` in `{}` is the word of a button: it says what can be done, and that is the opposite of the {}. Save a page or a list that \
             shows the state itself, give the file with --active or --inactive, or say what the word means",
            clean(word),
            clean(header),
            clean(column.key(catalog))
        ),
        Cause::UnknownWord { header, word, kind: WordKind::YesOrNo, .. } => format!(
            "`{}` in `{}` can be active or inactive: only you know which. Say it as below",
            clean(word),
            clean(header)
        ),
        Cause::UnknownWord { column, header, word, near, kind: WordKind::Plain } => {
            let hint = near.as_deref().map_or_else(String::new, |near| format!("; {}", did_you_mean(&clean(near))));
            format!("`{}` in `{}` is not a known value of `{}`{hint}", clean(word), clean(header), clean(column.key(catalog)))
        }
        Cause::Contradiction { headers: (one, two) } if one == two => {
            format!("two columns `{}` contradict each other: remove or rename one of them in the file", clean(one))
        }
        Cause::Contradiction { headers: (one, two) } => {
            format!("`{}` and `{}` contradict each other: name the right one under `list: {{ columns: {{ status: … }} }}`", clean(one), clean(two))
        }
        Cause::Rows { login, other: (file, row), differs } => {
            let key = differs.key(catalog);
            format!("{} has another {key} than in {}, row {row}: a person can have several rows only if no value contradicts another", clean(login), clean(file))
        }
        Cause::NoStateIn { header } => format!(
            "`{}` says nothing of anybody, or the same of everybody, so the page may not have saved it: reload the page and save it again; or give the file with --active, --inactive, --pending or --blocked",
            clean(header)
        ),
        Cause::Nobody => {
            "the file says that there are no users: say of which tab it is with --active, --inactive, --pending or --blocked".to_owned()
        }
        Cause::Loading => "the page was still loading, or could not load the list, when it was saved: wait until the list is there, and save again".to_owned(),
        Cause::NobodyActive => {
            "nobody is in this list, but everybody who can see it has an account: clear the search and all filters, wait until the list is there, and save again".to_owned()
        }
        Cause::Somebody { tab, login } => format!(
            "this says that nobody is {tab}, but {login} is: check what the product shows, and give the file or the total of that tab again",
            tab = tab.as_str(),
            login = clean(login)
        ),
        Cause::NoState => {
            "nothing says who is active: give the file with --active, --inactive, --pending or --blocked, or say `--state active` for all files".to_owned()
        }
        Cause::NoStateBut { header } => format!(
            "nothing says who is active: give the file with --active, --inactive, --pending or --blocked; or, if `{}` says who has access, add `list: {{ columns: {{ status: [{}] }} }}` to the workspace",
            clean(header),
            clean(&scalar(header))
        ),
        Cause::OtherTab { given, chosen } => format!(
            "the file itself says that it shows {chosen} users, and it is given with --{given}: give it with --{chosen}, or choose the right tab in the product and save again",
            given = given.as_str(),
            chosen = chosen.as_str()
        ),
        Cause::OtherStates { given, shown, by } => other_states(*given, *shown, by),
        Cause::NobodyRead { total } => {
            format!("the page says {total}, and no row of a user could be read: save the page once the list is visible, or paste its text into a file")
        }
        Cause::OtherPages { people } => format!(
            "`--total` is {people}, as many as were read here, and the page says that there are more pages: save those, too, and give all files in \
             one call; or leave `--total` out"
        ),
        Cause::MoreThanTotal { tab, rows, total } => {
            let flag = if tab.has_everybody() { String::new() } else { format!("{}=", tab.as_str()) };
            format!("the list has {rows} people, and the page says {total}: if that number is something else, give the right one with `--total {flag}N`")
        }
    }
}

fn other_states(given: Tab, shown: Option<Tab>, by: &str) -> String {
    let (given, by) = (given.as_str(), clean(by));
    let says = match shown {
        Some(tab) => format!("shows {} users", tab.as_str()),
        None => "shows users of other states, too".to_owned(),
    };
    format!(
        "the file {says} (`{by}`), and it is given with --{given}: choose the {given} users in the product, and save again; if nobody else is in \
         it, say how many they are with `--total {given}=N`"
    )
}

fn bad_address(broken: AddressFault, text: &str) -> String {
    let login = if text.is_empty() { "the login".to_owned() } else { format!("the login `{}`", clean(text)) };
    match broken {
        AddressFault::Cut => format!("{login} is cut off or hidden: make the column wider, or export the list"),
        AddressFault::Joined => format!("other text is joined to the address in {login}: the address must be a cell of its own"),
        AddressFault::Two => format!("{login} are two addresses in one cell: what it shows, and its link. Correct the file"),
        AddressFault::Digits => {
            format!("{login} is a number in the sheet, so zeros at its beginning may be lost: format the column as text, and type it again")
        }
        AddressFault::Form => format!("{login} is not an address"),
    }
}

const fn unreadable(foreign: Foreign) -> &'static str {
    match foreign {
        Foreign::OldWorkbook => "this is a workbook of an old Excel, or one with a password: save it as .xlsx or .csv",
        Foreign::Pdf => "this is a PDF, which has no table: export the list as CSV or XLSX, or save the page",
        Foreign::PageArchive => "this is a page with its pictures in one file: save it as \"Web Page, Complete\" or \"HTML only\"",
        Foreign::Archive => "this is a packed file: unpack it, and give the list in it",
        Foreign::Json => "this is JSON: export the list as CSV or XLSX",
        Foreign::Binary => "this is not a list: give CSV, XLSX, ODS, a saved page or pasted text",
    }
}

/// The lines to add to the workspace, so that its words are understood.
fn yaml(problems: &[ListProblem], catalog: &Catalog) -> String {
    let mut words: BTreeMap<&str, BTreeMap<&str, Option<&str>>> = BTreeMap::new();
    let mut clinics: BTreeSet<&str> = BTreeSet::new();
    let mut of_definition: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for problem in problems {
        match &problem.cause {
            Cause::UnknownWord { column, word, near: None, .. } if is_of_clinics(*column) => {
                clinics.insert(word);
            }
            Cause::UnknownWord { column, word, near, .. } => {
                if is_choice_of_definition(*column, catalog) {
                    of_definition.entry(column.key(catalog)).or_default().insert(word);
                }
                words.entry(column.key(catalog)).or_default().insert(word, near.as_deref());
            }
            Cause::TooLarge(_)
            | Cause::Unreadable(_)
            | Cause::Damaged
            | Cause::OpenQuote { .. }
            | Cause::Empty
            | Cause::NoTable { .. }
            | Cause::NoColumns
            | Cause::NoHeader
            | Cause::NoLogin
            | Cause::Doubled { .. }
            | Cause::NotUsers
            | Cause::Ragged { .. }
            | Cause::WithoutLogin
            | Cause::BadAddress(_, _)
            | Cause::Contradiction { .. }
            | Cause::Rows { .. }
            | Cause::NoState
            | Cause::NoStateBut { .. }
            | Cause::Nobody
            | Cause::Loading
            | Cause::NobodyActive
            | Cause::Somebody { .. }
            | Cause::NoStateIn { .. }
            | Cause::OtherTab { .. }
            | Cause::OtherStates { .. }
            | Cause::NobodyRead { .. }
            | Cause::OtherPages { .. }
            | Cause::MoreThanTotal { .. } => {}
        }
    }
    let mut text = new_clinics(&clinics);
    if words.is_empty() {
        return text;
    }
    text.push_str("Add what these words mean to the workspace (`unknown` leaves such cells out):\n\nlist:\n  values:\n");
    for (column, words) in words {
        let _ = writeln!(text, "    {}:", clean(column));
        for (word, near) in words {
            let _ = writeln!(text, "      {}: {}", clean(&scalar(word)), clean(&scalar(near.unwrap_or("unknown"))));
        }
    }
    text.push('\n');
    for (field, words) in of_definition {
        let words: Vec<String> = words.iter().map(|word| clean(&scalar(word))).collect();
        let (platform, field, words) = (clean(&catalog.platform), clean(field), words.join(", "));
        let _ = writeln!(
            text,
            "If the product has these values by now, add them in the definition of `{platform}` instead: `fields: {{ {field}: {{ allowed: […, {words}] }} }}`.\n"
        );
    }
    text
}

/// Returns whether a column names clinics.
fn is_of_clinics(column: Kept) -> bool {
    let Kept::Field(field) = column else { return false };
    field.definition().names == Names::Clinic
}

/// Returns whether a definition in the roster lists the only words of a column.
fn is_choice_of_definition(column: Kept, catalog: &Catalog) -> bool {
    let Kept::Field(field) = column else { return false };
    catalog.is_own && catalog.field(field).is_some_and(|rule| !rule.allowed.is_empty())
}

/// The lines that add clinics to the workspace: the first list of a practice often has some that the roster does not have yet.
fn new_clinics(names: &BTreeSet<&str>) -> String {
    let mut text = String::new();
    let mut keys = BTreeSet::new();
    for name in names {
        let first = platform::key_of(name);
        let mut key = first.clone();
        for number in 2_u32.. {
            if keys.insert(key.clone()) {
                break;
            }
            key = format!("{first}-{number}");
        }
        let _ = writeln!(text, "  {}: {{ name: {} }}", clean(&key), clean(&scalar(name)));
    }
    if text.is_empty() {
        return text;
    }
    format!(
        "Add these clinics to the workspace, with keys as you like them. If one of them is a clinic that it has under another name, write \
         `list: {{ values: {{ clinics: {{ NAME: KEY }} }} }}` instead:\n\nclinics:\n{text}\n"
    )
}

/// Names the columns that are not understood.
pub(in crate::cli) fn unknown_columns(unknown: &BTreeMap<String, Vec<String>>) -> String {
    let mut text = String::new();
    for (file, headers) in unknown {
        let names: Vec<String> = headers.iter().map(|header| format!("`{}`", clean(header))).collect();
        let _ = writeln!(text, "Not kept from {}: {}", clean(file), names.join(", "));
    }
    text
}
