//! Files without people: empty tabs, searches that found nobody, and pages that were not there yet.

use std::collections::BTreeMap;

use crate::list::{Input, Problems, UserList, Words, read};
use crate::model::Tab;

use super::super::Cause;
use super::{at, plain, spa};

/// A table without people.
fn table(row: &str) -> String {
    format!("<table><tr><th>Name<th>Email<th>Role<tr><td colspan=3>{row}</table>")
}

/// Reads a list of pending users.
fn pending(text: &str) -> Result<UserList, Problems> {
    spa().try_files(&[("pending", text.as_bytes(), Some(Tab::Pending))])
}

#[test]
fn a_file_that_says_that_there_is_nobody_is_an_empty_tab() {
    let found = table("No users found.");
    for text in [
        "<html><body><h2>Pending invitations</h2><p>There are no pending invitations</p></body></html>",
        "<h2>Pending Invites</h2><p>No pending invites.</p>",
        "<ul><li>Active<li>Inactive<li>Pending</ul><p>You don't have any pending invites yet. Invite somebody to get started.</p>",
        "<header>pat@glow.example</header><p>No users found</p>",
        &found,
        "Pending\nNo pending invites\n",
        "Active\nInactive\nPending\nNo pending invites yet. Invite a teammate to get started.",
        "Name,Email,Role\nNo data available in table\n",
    ] {
        let list = pending(text).unwrap_or_else(|problems| panic!("{text}: {problems:?}"));
        let tab = list.tabs[&Tab::Pending];
        assert_eq!((tab.total, tab.is_filtered, list.people.len(), list.status), (Some(0), false, 0, true), "{text}");
    }
    let named_no = "User name,Name,Role\njno,No Member,Provider\nno user,Kim No,Provider\n";
    assert_eq!(spa().active(named_no).people.len(), 2, "somebody can be called No");
    assert_eq!(spa().try_files(&[("p", b"No users found.", None)]).unwrap_err().list[0].cause, Cause::Nobody);
}

#[test]
fn a_search_a_filter_or_a_choice_that_found_nobody_is_not_an_empty_tab() {
    let found = table("No users found.");
    for text in [
        "Search: zz\nNo users found.",
        "Search\nNo users found.",
        "Filters (1)\nNo users found. Clear filters",
        "1 filter applied\nNo users found",
        "No users found. Try adjusting your search.",
        "Clinic: Glow Westside\nNo users found.",
        "zz\n×\nNo users found.",
        "Search: zz\nName\tEmail\tRole\nNo users found",
        "Search: zz\nName,Email,Role\nNo users found\n",
        "Location: Glow Westside\nName,Email,Role\nNo users found\n",
        "<input type=search value=zz><p>No users found.</p>",
        "<div class=chip>Clinic: Glow Uptown<svg class=close></svg></div><p>No users found.</p>",
        &format!("<div class=chip>Clinic: Glow Westside<svg class=close></svg></div>{found}"),
        &format!("<p>Search results for zz</p>{found}"),
        &format!("<select id=clinic-switch><option>Glow East<option selected>Glow Westside</select>{found}"),
        &format!("<label for=c>Location</label><select id=c><option>Glow East<option>Glow Westside</select>{found}"),
    ] {
        let list = pending(text).unwrap_or_else(|problems| panic!("{text}: {problems:?}"));
        assert!(list.tabs[&Tab::Pending].is_filtered, "{text}");
    }
    for text in [
        "No users found for \"zz\"",
        "No users in Westside",
        "No user selected",
        "<p>No data</p>",
        "<div>kim@x.example</div><p>No members</p>",
    ] {
        assert!(pending(text).is_err(), "{text}");
    }
    let found = table("No matching users found.");
    assert_eq!(pending(&found).unwrap().tabs[&Tab::Pending].total, None, "a search found nobody");
    for choice in [
        "<select id=clinic><option>All clinics<option>Glow Westside</select>",
        "<select name=clinic><option>Choose a clinic<option>Glow Westside</select>",
        "<label>Location <select><option value=''>–<option>Glow Westside</select></label>",
        "<select id=site-language><option>English<option>French</select>",
    ] {
        let list = pending(&format!("{choice}{}", table("No users found."))).unwrap();
        assert!(!list.tabs[&Tab::Pending].is_filtered, "everybody is shown: {choice}");
    }
}

#[test]
fn a_page_that_is_still_loading_or_of_another_tab_is_refused() {
    let found = table("No users found.");
    for text in [
        "Loading…\nNo users found.",
        "No users found\nLoading more...",
        "Something went wrong\nNo users found",
        "Loading…\nName\tEmail\tRole\nNo users found",
        &format!("<p>Loading…</p>{found}"),
        &format!("<div aria-busy=true>{found}</div>"),
        &table("Loading…"),
    ] {
        assert_eq!(pending(text).unwrap_err().list[0].cause, Cause::Loading, "{text}");
    }
    let other = Cause::OtherTab { given: Tab::Pending, chosen: Tab::Inactive };
    for text in ["There are no inactive users.", "Inactive\nNo users found.", "<h2>Inactive</h2><p>No users found.</p>"] {
        assert_eq!(pending(text).unwrap_err().list[0].cause, other, "{text}");
    }
}

#[test]
fn somebody_is_in_a_list_of_active_users_and_in_a_whole_list() {
    let found = table("No users found.");
    for text in ["No active users", "Name,Email,Role\n", "0 users\nName\tEmail\tRole\n", found.as_str(), "<p>No users found.</p>"] {
        assert_eq!(spa().refused(text), [(None, Cause::NobodyActive)], "{text}");
    }
    let whole = spa().try_files(&[("all.csv", b"Name,Email,Role,Status\n", None)]);
    assert_eq!(whole.unwrap_err().list[0].cause, Cause::NobodyActive);
    assert!(at(1).try_files(&[("all.csv", b"Name,Email,Role,Active\n", None)]).is_err());
}

#[test]
fn a_person_who_says_that_nobody_has_a_state_is_believed_unless_the_files_show_somebody() {
    let place = plain();
    let none = BTreeMap::new();
    let words = Words { catalog: place.platform.catalog(), own: &place.own, clinics: &none, roles: &none, country: None, as_of: None };
    let read = |text: &str, tab: Option<Tab>, total: Tab| {
        read(&[Input { name: "all.csv", bytes: text.as_bytes(), tab }], &words, &[(total, 0)].into())
    };
    let all = "Name,Email,Status\nPat Hill,pat@x.example,Active\nKim Park,kim@x.example,Inactive\n";
    let cause = Cause::Somebody { tab: Tab::Inactive, login: "kim@x.example".to_owned() };
    assert_eq!(read(all, None, Tab::Inactive).unwrap_err().list[0].cause, cause);
    let active = "Name,Email\nPat Hill,pat@x.example\n";
    assert_eq!(read(active, Some(Tab::Active), Tab::Inactive).unwrap().tabs[&Tab::Inactive].total, Some(0));
    assert_eq!(read(active, Some(Tab::Inactive), Tab::Active).unwrap_err().list[0].cause, Cause::NobodyActive);
    let search = read("Search\nNo users found", Some(Tab::Inactive), Tab::Inactive).unwrap();
    assert!(!search.tabs[&Tab::Inactive].is_filtered, "a person has seen it");
}

#[test]
fn a_box_beside_the_list_is_not_its_heading() {
    let list = "<table><tr><th>Name<th>Email<th>Role<tr><td>Ana Ruiz<td>ana@x.example<td>Provider</table>";
    for beside in [
        "<aside><h2>Pending invitations</h2><p>3 open</p></aside>",
        "<div class=card><h2>Pending invitations</h2><p>None</p></div>",
        "<h1>Active users</h1><h2>Inactive users</h2><p>No inactive users</p>",
        "<nav><h3>Inactive</h3></nav>",
    ] {
        assert_eq!(spa().active(&format!("<html><body>{beside}{list}")).people.len(), 1, "{beside}");
    }
    for heading in ["<h1>Inactive users</h1>", "<div class=head><h1>Inactive users</h1><p>They cannot sign in.</p></div>"] {
        let refused = spa().refused(&format!("<html><body>{heading}{list}"));
        assert_eq!(refused, [(None, Cause::OtherTab { given: Tab::Active, chosen: Tab::Inactive })], "{heading}");
    }
}
