//! The sentences of a review: how each account is known, and what an auditor should look at.

use crate::model::{AlikeWhy, AttestedStep, DesiredUser, Earlier, LoginName, Moment, StaffDoubt};
use crate::report::clean::clean;
use crate::report::log::{self, document::LogKnown};
use crate::report::people::full_name;
use crate::report::review::document::{
    AccessWord, AccountDocument, OwnerWord, PayrollDocument, PayrollRowDocument, PayrollWord, PersonDocument, ServiceDocument, WrongWord,
};
use crate::report::users::csv::attested;
use crate::report::users::document::{AttestedDocument, UserDocument, UsersSource, WorkspaceUsersDocument};
use crate::report::users::table::{incomplete, tabs};
use crate::report::words::{SAYS_BLOCKED, SAYS_INACTIVE};

use crate::report::words::few;

use crate::report::sentences::user_list::{self, too_old, when};

/// Says what is not known about a workspace; nothing if everything is. `stale` are the tabs of its list that are too old.
pub(in crate::report) fn not_known(workspace: &WorkspaceUsersDocument, stale: &[&str]) -> Vec<String> {
    let mut said: Vec<String> = Vec::new();
    if !stale.is_empty() {
        said.push(format!("Its users are from {}. {}", tabs(workspace), too_old(stale)));
    }
    said.extend(incomplete(workspace));
    said
}

/// Says that an account had access in an earlier list, and that nobody knows whether it still has: the list is not complete, or has it under `other`.
pub(in crate::report) fn unseen(login: &LoginName, earlier: &Earlier, other: Option<&LoginName>, ended: Option<&AttestedStep>) -> String {
    let known =
        ended.map_or_else(|| "check whether it is still there".to_owned(), |one| format!("that it no longer has access is {}", said(one)));
    let why = match other {
        Some(other) => format!("but has {}, which may be the same account under another login", clean(other.as_str())),
        None => "but is not complete".to_owned(),
    };
    let (login, taken) = (clean(login.as_str()), when(earlier.taken));
    format!("{login} had an account in the list of {taken}; the newest list does not show it, {why}: {known}.")
}

/// Says who attests something, and whether a list shows it.
fn said(one: &AttestedStep) -> String {
    format!("{}, {}", user_list::attested(&one.tick), log::csv::proof_word(LogKnown::from_proof(one.proof)))
}

/// Says that somebody should have no access, that an incomplete list lacks them, and who attests that they have none.
pub(in crate::report) fn unlisted(user: &DesiredUser, attested: Option<&AttestedStep>) -> String {
    let name = full_name(&user.fields).map_or_else(String::new, |name| format!("{} ", clean(&name)));
    let known = match attested {
        Some(one) => format!("that they have none is {}", said(one)),
        None => "nobody has looked whether there is an account".to_owned(),
    };
    format!("{name}({}) should have no access. The list does not show this person, but is not complete: {known}.", user.email)
}

/// Says when the accounts of a server were read; `None` for a list, whose accounts can be from different tabs.
pub(in crate::report) fn known_from_server(workspace: &WorkspaceUsersDocument) -> Option<String> {
    match workspace.source {
        UsersSource::Server => Some(format!("read on {}", moment_or_nothing(workspace.as_of.as_ref()))),
        UsersSource::NotCreated => Some("the first apply creates the workspace like this".to_owned()),
        UsersSource::List => None,
    }
}

/// Says where and when an account of a list is known from.
pub(in crate::report) fn known_from_list(workspace: &WorkspaceUsersDocument, user: &UserDocument) -> String {
    let mut said: Vec<String> = match user.tab {
        Some(tab) => {
            let is_stale = workspace.tabs.iter().any(|one| one.tab == tab && one.stale);
            let stale = if is_stale { ", too old" } else { "" };
            let of = if tab.has_everybody() { String::new() } else { format!("{} tab of ", tab.as_str()) };
            vec![format!("{of}the list of {}{stale}", moment_or_nothing(user.as_of.as_ref()))]
        }
        None => vec!["not in the list".to_owned()],
    };
    said.extend(user.attested.iter().map(|one| attested(&AttestedDocument { at: moment(&one.at), ..one.clone() })));
    said.join("; ")
}

fn moment_or_nothing(time: Option<&String>) -> String {
    time.map_or_else(String::new, |time| moment(time))
}

fn moment(text: &str) -> String {
    text.parse::<Moment>().map_or_else(|_| text.to_owned(), when)
}

/// Says whether an account gives access.
pub(in crate::report) const fn access(access: AccessWord) -> &'static str {
    match access {
        AccessWord::Yes => "has access",
        AccessWord::Unknown => "may have access",
        AccessWord::No => "no access",
    }
}

/// Says why an account should not give access.
pub(in crate::report) fn wrong(wrong: WrongWord, person: &PersonDocument) -> String {
    match wrong {
        WrongWord::NotOnPayroll => "not on the payroll".to_owned(),
        WrongWord::Left => format!("the payroll says that this person has left{}", ends(&person.payroll_rows)),
        WrongWord::NameOfLeaver => "its address is that of somebody on the payroll, and its name that of somebody who has left".to_owned(),
        WrongWord::WantedInactive | WrongWord::WantedBlocked | WrongWord::NotInRoster => wrong_unseen(wrong).to_owned(),
        WrongWord::SaidToBeGone => "not in the roster, and somebody attests that this access has ended".to_owned(),
    }
}

/// Says why an account should not give access, and that only somebody's word says that it does not.
pub(in crate::report) fn unproved(account: &AccountDocument, person: &PersonDocument, title: &str) -> String {
    let why: Vec<String> = account.unproved.iter().map(|why| wrong(*why, person)).collect();
    let known = clean(&account.known);
    format!("{title} should not have access: {}. That it has ended is only attested, and no list has shown it: {known}.", why.join("; "))
}

/// Says why an account should not give access that only an earlier list shows.
pub(in crate::report) const fn wrong_unseen(wrong: WrongWord) -> &'static str {
    match wrong {
        WrongWord::WantedInactive => SAYS_INACTIVE,
        WrongWord::WantedBlocked => SAYS_BLOCKED,
        WrongWord::NotOnPayroll | WrongWord::Left | WrongWord::NameOfLeaver | WrongWord::NotInRoster | WrongWord::SaidToBeGone => {
            not_in_roster()
        }
    }
}

/// Says that an exact roster does not list an account.
pub(in crate::report) const fn not_in_roster() -> &'static str {
    "not in the roster (`manage: exact`)"
}

/// Names the rows of the payroll with their last days.
fn ends(rows: &[PayrollRowDocument]) -> String {
    let one = |row: &PayrollRowDocument| match (&row.end, row.struck) {
        (Some(end), _) => format!("row {}, last day {end}", row.row),
        (None, true) => format!("row {}, which is struck through", row.row),
        (None, false) => format!("row {}", row.row),
    };
    if rows.is_empty() { String::new() } else { format!(" ({})", rows.iter().map(one).collect::<Vec<_>>().join("; ")) }
}

/// Says whether somebody is on the payroll; nothing without a payroll.
pub(in crate::report) fn payroll(person: &PersonDocument) -> String {
    match (person.on_payroll, person.payroll_rows.is_empty(), &person.service) {
        (None, _, _) => String::new(),
        (Some(_), _, Some(_)) => "not a person".to_owned(),
        (Some(PayrollWord::Yes), true, None) => "one of several people with this address or user name".to_owned(),
        (Some(PayrollWord::Yes), false, None) => {
            let rows: Vec<String> = person.payroll_rows.iter().map(|row| row.row.to_string()).collect();
            let ends: Vec<&str> = person.payroll_rows.iter().filter_map(|row| row.end.as_deref()).collect();
            let until = ends.iter().max().map_or_else(String::new, |end| format!(", last day {end}"));
            format!("yes, row {}{until}", rows.join(", "))
        }
        (Some(PayrollWord::Left), _, None) => format!("has left{}", ends(&person.payroll_rows)),
        (Some(PayrollWord::Shared), _, None) => "one of several people with this address, of whom some have left".to_owned(),
        (Some(PayrollWord::ByName), _, None) => "perhaps: it has the name, and no address".to_owned(),
        (Some(PayrollWord::No), _, None) => "no".to_owned(),
    }
}

/// Names the columns of a payroll that were read, and those that were not.
pub(in crate::report) fn payroll_columns(payroll: &PayrollDocument) -> Option<String> {
    let named = |headers: &[String]| {
        let headers: Vec<String> = headers.iter().map(|header| format!("`{}`", clean(header))).collect();
        few(&headers.iter().map(String::as_str).collect::<Vec<_>>(), 20)
    };
    match (payroll.read.as_slice(), payroll.not_read.as_slice()) {
        ([], _) => None,
        (read, []) => Some(format!("Of the payroll, all columns were read: {}.", named(read))),
        (read, not_read) => {
            let verb = |headers: &[String]| if headers.len() == 1 { "was" } else { "were" };
            Some(format!("Of the payroll, {} {} read, and {} {} not.", named(read), verb(read), named(not_read), verb(not_read)))
        }
    }
}

/// Says what a payroll lacks.
pub(in crate::report) fn payroll_gaps(payroll: &PayrollDocument) -> Vec<String> {
    let logins = "The payroll has neither addresses nor user names, so nobody on it can be recognized for sure: add such a column. Names are only compared: \
                  an account with the name of one person who has not left is not counted.";
    let ends = "The payroll has neither a status nor a last day, so everybody on it counts as employed.";
    let gaps = [(payroll.has_logins, logins), (payroll.has_ends, ends)];
    let mut said: Vec<String> = gaps.into_iter().filter(|(is_there, _)| !is_there).map(|(_, said)| said.to_owned()).collect();
    if payroll.without_state > 0 {
        said.push(match payroll.without_state {
            1 => "One row has no status and no last day, although others have a status: this person counts as employed.".to_owned(),
            rows => format!("{rows} rows have no status and no last day, although others have a status: these people count as employed."),
        });
    }
    said.extend(payroll.not_known.iter().cloned());
    said
}

/// Says what of a payroll was not read though it may say that somebody has left.
pub(in crate::report) fn doubt(doubt: &StaffDoubt) -> String {
    match doubt {
        StaffDoubt::Column { header, rows } => {
            let header = clean(header);
            let option = |meaning: &str| format!("`--staff-column \"{header}={meaning}\"`");
            let numbers: Vec<String> = rows.iter().map(u64::to_string).collect();
            let rows = few(&numbers.iter().map(String::as_str).collect::<Vec<_>>(), 6);
            let (row, them) = if numbers.len() == 1 {
                ("row", "this person has left, who counts")
            } else {
                ("rows", "these people have left, who count")
            };
            format!(
                "`{header}` was not read, and in {row} {rows} it may say that {them} as employed. If it does, add {} (or `left`, or `last-day`), \
                 and otherwise {}.",
                option("status"),
                option("ignored")
            )
        }
        StaffDoubt::Marked { rows } => {
            let numbers: Vec<String> = rows.iter().map(u64::to_string).collect();
            let shown = few(&numbers.iter().map(String::as_str).collect::<Vec<_>>(), 6);
            let (in_rows, people) = if rows.len() == 1 {
                (format!("In row {shown}, the name has"), "This person counts")
            } else {
                (format!("In rows {shown}, the names have"), "These people count")
            };
            format!(
                "{in_rows} an asterisk, `zz` or `xx`, as some payrolls mark people who have left. {people} as employed, because a status says so, or \
                 because most names have such a mark."
            )
        }
        StaffDoubt::Untold { heading, people } => {
            let under = heading.as_ref().map_or_else(|| "of one table".to_owned(), |heading| format!("under `{}`", clean(heading)));
            let (people, have, count) = if *people == 1 {
                ("the person".to_owned(), "has", "this person counts")
            } else {
                (format!("the {people} people"), "have", "these people count")
            };
            format!(
                "Nothing says whether {people} {under} {have} left, although the heading of another table says so: {count} as employed."
            )
        }
        StaffDoubt::HiddenSheet { name } => {
            format!("The sheet `{}` is hidden and was not read: it may say who has left. Show or delete it.", clean(name))
        }
        StaffDoubt::Table { heading: Some(heading) } => {
            format!(
                "The table under `{}` was not read, because it has no headers that are understood: it may say who has left.",
                clean(heading)
            )
        }
        StaffDoubt::Table { heading: None } => {
            "One table was not read, because it has no headers that are understood: it may say who has left.".to_owned()
        }
    }
}

/// Says what to write if an account is not a person's.
pub(in crate::report) const PERHAPS_A_SERVICE: &str = "this looks like the account of a desk, a device or a program: if it is, write who answers for it in the roster, with `service: { owner: ADDRESS }`";

/// Says who answers for a service account, and whether that person is there.
pub(in crate::report) fn owner(service: &ServiceDocument, has_payroll: bool) -> String {
    let owner = clean(&service.owner);
    match (service.state, has_payroll) {
        (OwnerWord::Present, _) => format!("service account of {owner}"),
        (OwnerWord::Missing, true) => format!("its owner {owner} is not on the payroll: write another `owner`"),
        (OwnerWord::Missing, false) => format!("its owner {owner} is not in the roster: write another `owner`"),
        (OwnerWord::Left, true) => format!("the payroll says that its owner {owner} has left: write another `owner`"),
        (OwnerWord::Left, false) => format!("its owner {owner} is inactive in the roster: write another `owner`"),
    }
}

/// Says why people look alike.
pub(in crate::report) fn alike(why: &AlikeWhy, has_payroll: bool) -> String {
    let remedy = if has_payroll {
        "one person? Then add all addresses and user names to the person's row of the payroll"
    } else {
        "one person? Then compare with a payroll that has all addresses in one row (`--staff`)"
    };
    match why {
        AlikeWhy::Name => format!("the same first and last name; {remedy}"),
        AlikeWhy::PartOfName => format!("the same first name, and last names with a part in common; {remedy}"),
        AlikeWhy::OtherName => format!("a name that the payroll has for one of them, too; {remedy}"),
        AlikeWhy::FormOfName => format!("the same last name or a part of it, and first names that may be forms of one name; {remedy}"),
        AlikeWhy::Spelling => format!("names that differ in spelling only; {remedy}"),
        AlikeWhy::Phone => format!("the same phone number; {remedy}"),
        AlikeWhy::NameInAddress(address) => format!("the address {} of one has the name of another; {remedy}", clean(address)),
        AlikeWhy::SharedAddress(address) => format!("all have {}, so this alone identifies none of them", clean(address)),
        AlikeWhy::SeveralFit(user_name) => format!(
            "the payroll has the user name {} for one of them, and the name of the account fits all of them: write the whole name in the product, or \
             give the payroll a column with the user names of that product alone",
            clean(user_name)
        ),
        AlikeWhy::DifferentNames(address) => format!(
            "{} is known under the names of different people: if the address was given to somebody else, the account may still be that of the \
             person who had it before",
            clean(address)
        ),
    }
}

/// Says that an account may be that of somebody who has left.
pub(in crate::report) const fn shared() -> &'static str {
    "Several people on the payroll have this address, and some of them have left: nobody knows whose account this is."
}

/// Says that nobody knows whether a person has an account in some workspaces.
pub(in crate::report) fn unknown_in(workspaces: &[String]) -> String {
    let names: Vec<&str> = workspaces.iter().map(String::as_str).collect();
    format!("unknown in {}", clean(&few(&names, 6)))
}
