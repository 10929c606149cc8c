//! Says why a payroll is refused.

use std::path::Path;

use crate::cli::shell;
use crate::list::staff::{StaffCause, StaffProblem};
use crate::platform;
use crate::report::{clean, few};
use crate::yaml::did_you_mean;

/// The most rows of one problem that are named.
const MOST_ROWS: usize = 3;

/// Says all problems, each with its rows.
pub(in crate::cli) fn problems(file: &str, problems: &[StaffProblem]) -> String {
    let line = |problem: &StaffProblem| {
        let file = clean(file);
        let place = match problem.rows.as_slice() {
            [] => file,
            [row] => format!("{file}, row {row}"),
            rows => format!("{file}, rows {}", few(&rows.iter().map(u64::to_string).collect::<Vec<_>>(), MOST_ROWS)),
        };
        format!("error: {place}: {}", cause(&problem.cause, problem.rows.len()))
    };
    problems.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn cause(cause: &StaffCause, rows: usize) -> String {
    let (person, has) = if rows > 1 { ("these people", "have") } else { ("this person", "has") };
    match cause {
        StaffCause::File(cause) => match platform::built_in().first() {
            Some(any) => super::sentences::cause(cause, any.catalog()),
            None => "the file cannot be read".to_owned(),
        },
        StaffCause::NoHeader => {
            "no row has headers that are understood, such as Name, Email, Status and End date. In text copied from a PDF nothing tells where \
             cells begin and end: export the payroll as CSV or XLSX"
                .to_owned()
        }
        StaffCause::NoColumn { header, near } => {
            let hint = near.as_ref().map_or_else(String::new, |near| format!(": {}", did_you_mean(&clean(near))));
            format!("no column has the header `{}`, which `--staff-column` names{hint}", clean(header))
        }
        StaffCause::Nobody => "nobody is on this payroll".to_owned(),
        StaffCause::TooManyCells { cells, header } => {
            format!(
                "the row has {cells} cells, and the header {header}, so nobody knows which cell belongs to which column: in a CSV file, put a text that \
             contains the separator in quotes"
            )
        }
        StaffCause::NotYesOrNo { header, text } => {
            let other = ignored(header);
            format!("`{}` in `{}` does not say whether {person} {has} left: write Yes or No{other}", clean(text), clean(header))
        }
        StaffCause::NotAnAddress { header } => {
            format!("the cell in `{}` is not an e-mail address: correct it, or leave it empty{}", clean(header), ignored(header))
        }
        StaffCause::Formula { header } => {
            let other = ignored(header);
            format!(
                "the cell in `{}` has a formula without a result: open the file in a spreadsheet and save it again{other}",
                clean(header)
            )
        }
        StaffCause::NotADay { header, text } => {
            let other = ignored(header);
            format!("`{}` in `{}` is not a day: write it like `2026-10-31`, or leave the cell empty{other}", clean(text), clean(header))
        }
        StaffCause::TwoDays { header, text, days: (one, other) } => {
            format!("`{}` in `{}` can be {one} or {other}: write the right one like that", clean(text), clean(header))
        }
        StaffCause::UnknownState { header, word, near } => {
            let (word, near) = (clean(word), near.as_ref().map_or_else(String::new, |near| format!("{} If not, ", did_you_mean(near))));
            let option = |meaning: &str| shell::word(Path::new(&format!("{word}={meaning}")));
            format!(
                "`{word}` in `{}` does not say whether {person} {has} left: {near}say what it means with `--staff-status {}` or `--staff-status {}`{}",
                clean(header),
                option("employed"),
                option("left"),
                ignored(header)
            )
        }
    }
}

/// Says how to leave out a column.
fn ignored(header: &str) -> String {
    let option = shell::word(Path::new(&format!("{}=ignored", clean(header))));
    format!("; if the column is about something else, add `--staff-column {option}`")
}
