//! Pages that say of themselves that they leave people out, or that they are about others.

use crate::model::{Field, Standing, Tab};

use super::super::super::{Cause, UserList};
use super::super::{at, case, person, spa, text};

const TABLE: &str = "<table><tr><th>Name<th>Email<th>Role</tr><tr><td>Ana Ruiz<td>ana@x.example<td>Provider</tr></table>";

fn page(around: &str) -> UserList {
    let page = format!("<html><body>{around}{TABLE}<p>1–1 of 1</p></body></html>");
    spa().try_files(&[("active.html", page.as_bytes(), Some(Tab::Active))]).unwrap_or_else(|problems| panic!("{around}: {problems:?}"))
}

/// Returns whether a list may lack somebody.
fn is_open(list: &UserList) -> bool {
    let tab = list.tabs[&Tab::Active];
    tab.is_filtered || tab.is_chosen
}

#[test]
fn lines_and_buttons_of_a_narrowed_list_are_seen() {
    for line in [
        "Role is any of Provider, Front Desk",
        "Role is not Administrator",
        "Role contains Prov",
        "Name starts with K",
        "Showing 3 users matching \"park\"",
        "Search results",
        "Filter applied",
        "Filters applied: 1",
        "Filtered list",
        "2 active filters",
        "Showing providers only",
        "Only showing providers",
        "Viewing: Glow Downtown",
        "Location: Glow Downtown",
        "Selected clinic: Glow Downtown",
        "3 users in Glow Downtown",
        "1 users, 2 hidden",
        "1 users (5 total)",
        "1/5 users",
        "Showing first 1 results. Refine your search.",
    ] {
        assert!(is_open(&page(&format!("<p>{line}</p>"))), "{line}");
    }
    assert!(is_open(&page("<h2>Users at Glow Downtown</h2>")));
    assert!(is_open(&page("<button>Clear all</button>")));
    for line in ["1 user", "All locations", "Name", "Manage who can sign in", "Welcome to Glow", "Contact us"] {
        assert!(!is_open(&page(&format!("<p>{line}</p>"))), "{line}");
    }
}

#[test]
fn marks_of_filtered_columns_are_seen() {
    for header in [
        "<button aria-label='Show filters' title='1 active filter'></button>",
        "<div class='ag-header-cell ag-header-cell-filtered'>Role</div>",
        "<span class='ant-table-filter-trigger active'></span>",
        "<a class='k-grid-header-menu k-active'></a>",
    ] {
        let html = format!("<html><body>{}<p>1–1 of 1</p></body></html>", TABLE.replace("<th>Role", &format!("<th>Role{header}")));
        let list = spa().try_files(&[("active.html", html.as_bytes(), Some(Tab::Active))]).unwrap();
        assert!(is_open(&list), "{header}");
    }
}

#[test]
fn headings_of_people_who_have_left_are_refused() {
    for heading in [
        "Non-active users",
        "Users who left",
        "Previously active",
        "Access ended",
        "Hidden users",
        "Canceled invites",
        "Declined invitations",
        "Without login",
        "Scheduled for deletion",
        "Lapsed invitations",
    ] {
        for totals in [vec![], vec![(Tab::Active, 1)]] {
            let html = format!("<html><body><h2>{heading}</h2>{TABLE}</body></html>");
            let totals = totals.into_iter().collect();
            let found = spa().try_totals(&[("active.html", html.as_bytes(), Some(Tab::Active))], &totals);
            let cases: Vec<String> = found.unwrap_err().list.iter().map(|problem| case(&problem.cause)).collect();
            assert_eq!(cases, ["OtherStates"], "{heading}");
        }
    }
}

#[test]
fn people_who_are_signed_in_are_not_the_accounts() {
    for header in ["# of Sessions", "Session Count", "Sessions"] {
        let text = format!("Name,Email,Role,{header}\nAna Ruiz,ana@x.example,Provider,2\n");
        let problems = at(1).try_files(&[("active.csv", text.as_bytes(), Some(Tab::Active))]).unwrap_err();
        assert_eq!(problems.list[0].cause, Cause::NotUsers, "{header}");
    }
}

#[test]
fn pasted_cards_with_labels_are_read_by_them() {
    let card = |name: &str, login: &str, role: &str| format!("Name: {name}\nEmail: {login}\nRole: {role}\nStatus: Active\nDesk: 4\n\n");
    let list =
        spa().active(&format!("{}{}", card("Ana Ruiz", "ana@x.example", "Provider"), card("Kim Park", "kim@x.example", "Administrator")));
    let kim = person(&list, "kim@x.example");
    assert_eq!((text(kim, Field::FirstName), text(kim, Field::Role)), (Some("Kim"), Some("administrator")));
    assert_eq!(kim.status, Some(Standing::Active));
    assert_eq!(list.unknown["active.csv"], ["Desk"]);
}
