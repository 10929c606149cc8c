//! Says what a person should know about the files of a list.

use std::fmt::Write as _;

use crate::list::{About, Clue, Kept, Note};
use crate::model::{BLOCKED, Country, Standing, StepValue};
use crate::platform::Catalog;
use crate::report::{clean, few};
use crate::yaml::write::scalar;

/// Says what a person should know about the files, which were read with the national phone numbers of a country, if the workspace names one.
pub(in crate::cli) fn notes(notes: &[Note], catalog: &Catalog, country: Option<Country>) -> String {
    let mut text = String::new();
    for note in notes {
        let _ = writeln!(text, "* {}: {}", clean(&note.file), about(&note.about, catalog, country));
    }
    text
}

fn about(about: &About, catalog: &Catalog, country: Option<Country>) -> String {
    match about {
        About::Encoding(guess) => format!("the file is not UTF-8; it was read as {}: check names with accents", guess.name()),
        About::RowsAbove(1) => "the line above the header was left out".to_owned(),
        About::RowsAbove(count) => format!("{count} lines above the header were left out"),
        About::Damaged { header, rows: at } => damaged(header, at, country),
        About::Unknown { header, rows: at } => format!("`{}` is not known for {}", clean(header), rows(at)),
        About::EqualBoxes { header } => {
            format!(
                "all boxes or fields of `{}` are equal, so the page may not have saved them: the column is left out. Reload the page, then save it",
                clean(header)
            )
        }
        About::StateNotRead { header, word, rows: at } => format!(
            "`{}` says `{}` of {}, and was not read: if it says who has access, add `list: {{ columns: {{ status: [{}] }} }}` and take the list again",
            clean(header),
            clean(word),
            rows(at),
            clean(&scalar(header))
        ),
        About::IconsOfColumn { column, header, icons } => icons_of_column(*column, header, icons),
        About::BlankColumn { header } => format!(
            "no cell of `{}` has a value, and every user must have one, so the page may not have saved the column: it is left out",
            clean(header)
        ),
        About::Merged { header, rows: at } => format!(
            "the cells of `{}` in {} are merged with the ones above, and their value was taken for these people, too: if it is not theirs, separate \
             the cells",
            clean(header),
            rows(at)
        ),
        About::OtherRole { header, rows: at } => format!(
            "`{}` gives the people in {} another role than the column of roles does, so their role is not known: look in the product. If only that \
             column counts, add `list: {{ columns: {{ role: [{}] }} }}`; if it is about something else, remove it from the file",
            clean(header),
            rows(at),
            clean(&scalar(header))
        ),
        About::Rivals { column, headers, rows: at } => rivals(column.key(catalog), headers, at),
        About::SilentColumn { header } => format!("no cell of `{}` says who is active", clean(header)),
        About::NoMark { state } => {
            let state = state.as_str();
            format!(
                "no row is marked as {state}, so the list does not show who is: if the page has such a mark, add `list: {{ marks: {{ {state}: TEXT }} }}`"
            )
        }
        About::WithoutAccount { rows: at } => format!("{} without a login, such as employees or bots, left out", rows(at)),
        About::Hidden { columns, read, counted } => {
            let what = if *columns { "columns" } else { "rows" };
            format!(
                "the page keeps only what is in view: {read} of {counted} {what} were saved. Zoom out, choose a larger page, or export the list"
            )
        }
        About::Struck { rows: at } => format!(
            "{} struck through, so nobody knows whether these people have access: remove what is out of date from the list, or say what it means with `list: {{ marks: {{ inactive: [struck through] }} }}`",
            match at.as_slice() {
                [_] => format!("{} is", rows(at)),
                _ => format!("{} are", rows(at)),
            }
        ),
        About::MarkedNames { rows: at } => format!(
            "the names in {} have a mark, such as an asterisk, `zz` or `xx`: practices often mark people who have left so, and the list says that they can \
             still sign in",
            rows(at)
        ),
        About::UnclearExpiry { rows: at } => format!(
            "the days in {} can be two days, so nobody knows whether these invitations have expired: look at them in the product",
            rows(at)
        ),
        About::Faded { class, rows: at } => faded(class, at, catalog),
        About::SeveralRoles { header, rows: at } => format!(
            "`{}` names several roles in {}, and an account has one: it is left out there. Say which one counts with `list: {{ values: {{ role: {{ \"WORDS OF THE CELL\": ROLE }} }} }}`",
            clean(header),
            rows(at)
        ),
        About::PageCountsMore { page, asked } => format!(
            "the page itself says {page}, and `--total` says {asked}: if {page} is the number of users, some of them are missing here"
        ),
        About::HiddenSheet { name } => {
            format!("the sheet `{}` is hidden and was left out: if it has users, show it and save again", clean(name))
        }
        About::SeveralTables { headings, count } => {
            let named: Vec<String> = headings.iter().map(|heading| format!("`{}`", clean(heading))).collect();
            let under = if named.is_empty() { String::new() } else { format!(" ({})", named.join(", ")) };
            format!("{count} tables have users{under}, and all were read: if one of them has other people, remove it from the file")
        }
        About::Icons { classes, state } => icons(classes, state.as_str()),
        About::Employment { header, rows: at } => employment(header, at),
        About::Stray { text, is_icon, rows: at } => stray(text, *is_icon, at),
        About::LineAbove { text, rows: at } => line_above(text, at),
        About::MayBeGone { clue, text, rows: at } => may_be_gone(*clue, text, at),
    }
}

fn rows(rows: &[u64]) -> String {
    let few = few(&rows.iter().map(u64::to_string).collect::<Vec<_>>(), 20);
    format!("{} {few}", if rows.len() == 1 { "row" } else { "rows" })
}

fn icons(classes: &[String], state: &str) -> String {
    let names = classes.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    format!(
        "some people have icons that are not explained: {}. If one of them marks who is {state}, add it: `list: {{ marks: {{ {state}: TEXT }} }}`",
        clean(&names)
    )
}

fn employment(header: &str, at: &[u64]) -> String {
    format!(
        "`{}` says that the people in {} have left, and the file is of people who have an account, so nobody knows whether they can still sign in: \
         look in the product. If the column decides, add `list: {{ columns: {{ status: [{}] }} }}`",
        clean(header),
        rows(at),
        clean(&scalar(header))
    )
}

/// Says that two columns contradict each other.
fn rivals(key: &str, [own, rival]: &[String; 2], at: &[u64]) -> String {
    format!(
        "`{}` and `{}` both say `{key}`, and say different things of the people in {}, so theirs is not known: look in the product, and name the \
         column that counts with `list: {{ columns: {{ {key}: [{}] }} }}`",
        clean(own),
        clean(rival),
        rows(at),
        clean(&scalar(own))
    )
}

/// Says which class or color shows people as ones without access.
fn faded(class: &str, at: &[u64], catalog: &Catalog) -> String {
    // Where pending people are among the active ones, gray can be an invitation (CHR-1).
    let invited = if catalog.list.nameless.is_some() {
        let mark = clean(&scalar(class));
        format!("if they were invited and have not signed in yet, add `list: {{ marks: {{ pending: [{mark}] }} }}`; or else ")
    } else {
        String::new()
    };
    format!(
        "the page shows {} as `{}`, so nobody knows whether these people have access: {invited}say what marks those who have none with `list: {{ marks: {{ inactive: [{}] }} }}`, or, if this says nothing about that, add `list: {{ values: {{ status: {{ {}: active }} }} }}`",
        rows(at),
        clean(class),
        clean(&scalar(class)),
        clean(&scalar(class))
    )
}

/// Says what speaks against people who are active by the list.
fn may_be_gone(clue: Clue, text: &str, at: &[u64]) -> String {
    let text = clean(text);
    let sign = match clue {
        Clue::Class => format!("the page shows {} with the class `{text}`", rows(at)),
        Clue::Login => format!("the login in {} has the word `{text}`", rows(at)),
        Clue::Box => format!("`{text}` has a box beside the word `Active` in {}, and it is not ticked", rows(at)),
    };
    format!("{sign}, and the list says that the account is active: look in the product whether it is. This sign changed nothing")
}

/// Says which icons of a column nobody has explained.
fn icons_of_column(column: Kept, header: &str, icons: &[String]) -> String {
    let known = |own: &str| format!("{}: {own}", icons.first().map_or_else(String::new, |icon| clean(&scalar(icon))));
    let (key, example) =
        if column == Kept::Blocked { (BLOCKED, known("yes")) } else { (StepValue::STATUS, known(Standing::Active.as_str())) };
    format!(
        "`{}` has icons that are not explained, so nobody knows what it says of the people with them: `{}`. Say what each means, such as \
         `list: {{ values: {{ {key}: {{ {example} }} }} }}`",
        clean(header),
        clean(&icons.join("`, `"))
    )
}

/// Says which text beside people speaks of a state.
fn line_above(text: &str, at: &[u64]) -> String {
    format!(
        "`{}` stands above the people in {}, and what it says of them is not understood, so their state is not known: if it is a state, add \
         `list: {{ values: {{ status: {{ {}: STATE }} }} }}`; if it says nothing of them, take it out of the file",
        clean(text),
        rows(at),
        clean(&scalar(text))
    )
}

fn stray(text: &str, is_icon: bool, at: &[u64]) -> String {
    let yaml = clean(&scalar(text));
    let (what, remedy) = if is_icon {
        ("the icon ", format!("add `list: {{ marks: {{ STATE: [{yaml}] }} }}`, where STATE is `blocked`, `inactive` or `pending`"))
    } else {
        (
            "",
            format!(
                "add `list: {{ values: {{ status: {{ {yaml}: STATE }} }} }}`, where STATE is `active`, `pending`, `inactive` or `blocked`"
            ),
        )
    };
    format!(
        "beside the person in {} is {what}`{}`, and nobody has said what it means, so that person's state is not known: {remedy}",
        rows(at),
        clean(text)
    )
}

/// Says why phone numbers were left out; national ones are understood only in a workspace that has a country.
fn damaged(header: &str, at: &[u64], country: Option<Country>) -> String {
    let national =
        if country.is_none() { "if these are national numbers, say of which country in the workspace, as in `country: US`; " } else { "" };
    format!(
        "`{}` is damaged, or not a phone number alone, in {}, and is left out there: {national}if digits are missing, export the column as text; a \
         number with an extension (`x12`) cannot be kept, so look at it in the product and attest it",
        clean(header),
        rows(at)
    )
}
