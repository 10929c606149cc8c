//! Files that are given as another tab than they are of, and invitations that have expired.

use crate::model::{Standing, Tab};

use super::super::{About, Cause};
use super::{person, spa};

fn causes(name: &str, text: &str, tab: Tab) -> Vec<Cause> {
    let read = spa().try_files(&[(name, text.as_bytes(), Some(tab))]);
    read.err().into_iter().flat_map(|problems| problems.list).map(|problem| problem.cause).collect()
}

#[test]
fn a_file_whose_own_column_says_that_nobody_is_of_its_tab_is_refused() {
    let of = |a: &str, b: &str| format!("Email,Name,Status\na@x.example,A B,{a}\nb@x.example,B C,{b}\n");
    let other = |given, chosen| vec![Cause::OtherTab { given, chosen }];
    assert_eq!(causes("u.csv", &of("Inactive", "Deactivated"), Tab::Active), other(Tab::Active, Tab::Inactive));
    assert_eq!(causes("u.csv", &of("Active", "Active"), Tab::Inactive), other(Tab::Inactive, Tab::Active));
    assert_eq!(causes("u.csv", &of("Active", "Active"), Tab::Pending), other(Tab::Pending, Tab::Active));
    assert_eq!(causes("u.csv", &of("Invited", "Invited"), Tab::Active), other(Tab::Active, Tab::Pending));
    assert_eq!(causes("u.csv", &of("Inactive", "Active"), Tab::Active), []);
    assert_eq!(causes("u.csv", &of("Blocked", "Blocked"), Tab::Active), []);
    let enabled = "Email,Name,Enabled\na@x.example,A B,True\nb@x.example,B C,True\n";
    let list = spa().try_files(&[("u.csv", enabled.as_bytes(), Some(Tab::Pending))]).unwrap();
    assert_eq!(person(&list, "a@x.example").status, Some(Standing::Pending), "an invited account is enabled, too");
}

#[test]
fn the_chosen_tab_is_known_by_the_classes_of_each_library() {
    for (list, tab, on) in [
        ("MuiTabs-root", "MuiTab-root", "Mui-selected"),
        ("ant-tabs", "ant-tabs-tab", "ant-tabs-tab-active"),
        ("v-tabs", "v-tab", "v-tab--selected"),
        ("mdc-tab-bar", "mdc-tab", "mdc-tab--active"),
        ("x", "tab_item", "tab_selected"),
    ] {
        let tabs = |chosen: &str| {
            let of = |text: &str| format!("<div class='{tab} {}'>{text}</div>", if text == chosen { on } else { "" });
            format!("<div class={list}>{}{}</div>", of("Active"), of("Inactive"))
        };
        let page = |chosen: &str| format!("<html>{}<table><tr><th>Name<th>Email<tr><td>A B<td>a@x.example</table></html>", tabs(chosen));
        assert_eq!(causes("u.html", &page("Active"), Tab::Active), [], "{on}");
        let other = Cause::OtherTab { given: Tab::Active, chosen: Tab::Inactive };
        assert_eq!(causes("u.html", &page("Inactive"), Tab::Active), [other], "{on}");
    }
}

#[test]
fn the_name_of_a_file_can_say_that_it_is_of_another_tab() {
    let text = "Email,Name\na@x.example,A B\n";
    let shown = |given, shown, name: &str| vec![Cause::OtherStates { given, shown: Some(shown), by: name.to_owned() }];
    assert_eq!(causes("lists/inactive.csv", text, Tab::Active), shown(Tab::Active, Tab::Inactive, "inactive.csv"));
    assert_eq!(
        causes("Users-Active_2026-11-27.csv", text, Tab::Inactive),
        shown(Tab::Inactive, Tab::Active, "Users-Active_2026-11-27.csv")
    );
    for name in ["users.csv", "active.csv", "members.csv", "active-and-inactive.csv", "-"] {
        assert_eq!(causes(name, text, Tab::Active), [], "{name}");
    }
}

#[test]
fn an_invitation_that_a_column_calls_expired_is_one_that_nobody_can_accept() {
    for (header, ana, kim) in [
        ("Expires", "11/01/2026", "12/20/2026"),
        ("Invitation expires on", "2026-11-26", ""),
        ("Expired", "Yes", "No"),
        ("Link expired?", "true", "false"),
        ("Invitation Status", "Expired", "Sent"),
        ("Valid until", "Nov 1, 2026", "Dec 1, 2026"),
        ("License expires", "", ""),
    ] {
        let text = format!("Name,Email,{header}\nAna Ruiz,ana@x.example,\"{ana}\"\nKim Park,kim@x.example,\"{kim}\"\n");
        let list = spa().try_files(&[("p.csv", text.as_bytes(), Some(Tab::Pending))]).unwrap();
        let expired = ["ana@x.example", "kim@x.example"].map(|login| person(&list, login).is_expired);
        assert_eq!(expired, [!ana.is_empty(), false], "{header}");
        assert_eq!(list.unknown.is_empty(), !ana.is_empty(), "a column that is read is not called left out: {header}");
    }
    let unclear = "Name,Email,Expires\nAna Ruiz,ana@x.example,11/12/2026\n";
    let list = spa().try_files(&[("p.csv", unclear.as_bytes(), Some(Tab::Pending))]).unwrap();
    assert!(list.notes.iter().any(|note| note.about == About::UnclearExpiry { rows: vec![2] }), "{:?}", list.notes);
    let active = spa().active("Name,Email,Expires\nAna Ruiz,ana@x.example,11/01/2026\n");
    assert!(!person(&active, "ana@x.example").is_expired, "only an invitation expires");
}

#[test]
fn names_with_the_marks_of_people_who_have_left_are_said() {
    for (ana, is_marked) in
        [("zz Ana Ruiz", true), ("*Ana Ruiz", true), ("Ana Ruiz*", true), ("\"ZZ-Ruiz, Ana\"", true), ("Zoë Ruiz", false)]
    {
        let list = spa().active(&format!("Name,Email\n{ana},ana@x.example\nKim Park,kim@x.example\n"));
        let says = list.notes.iter().any(|note| note.about == About::MarkedNames { rows: vec![2] });
        assert_eq!((says, person(&list, "ana@x.example").status), (is_marked, Some(Standing::Active)), "{ana}");
    }
    let inactive = spa().read("Name,Email,Status\nzz Ana Ruiz,ana@x.example,Inactive\nKim Park,kim@x.example,Active\n");
    assert_eq!(inactive.notes, [], "nothing is said of somebody who has no access");
}

#[test]
fn one_of_several_clinics_narrows_a_page_down_also_where_the_roster_lacks_it() {
    let page = |choice: &str| {
        let html = format!(
            "<html>{choice}<p>Showing 1 to 1 of 1 entries</p><table><tr><th>Name<th>Email<tr><td>A B<td>a@x.example</table></html>"
        );
        spa().try_files(&[("u.html", html.as_bytes(), Some(Tab::Active))]).unwrap().tabs[&Tab::Active].is_chosen
    };
    for (choice, narrows) in [
        ("<select><option>Glow Downtown<option selected>Glow Midtown</select>", true),
        ("<select><option>Glow Midtown<option>Glow Downtown</select>", true),
        ("<ul><li class=active>Midtown<li>Glow Downtown</ul>", true),
        ("<button aria-haspopup=menu>Glow Midtown</button>", true),
        ("<div role=combobox>Glow Midtown</div>", true),
        ("<select><option>All clinics<option>Glow Downtown</select>", false),
        ("<select><option>Choose a clinic<option>Glow Downtown</select>", false),
        ("<button aria-haspopup=menu>Olivia Stone</button>", false),
        ("<select><option>25<option>50</select>", false),
    ] {
        assert_eq!(page(choice), narrows, "{choice}");
    }
}

#[test]
fn a_page_of_several_and_a_list_that_was_searched_are_not_complete() {
    let read = |around: &str| {
        let table = "<table><tr><th>Name<th>Email<tr><td>A B<td>a@x.example<tr><td>C D<td>c@x.example</table>";
        let html = format!("<html>{table}<p>2 users</p>{around}</html>");
        let tab = spa().try_files(&[("u.html", html.as_bytes(), Some(Tab::Active))]).unwrap().tabs[&Tab::Active];
        tab.total == Some(2) && !tab.is_filtered && !tab.is_chosen
    };
    for around in [
        "<ul class=pagination><li class=active><a>1</a><li><a>2</a><li><a>3</a></ul>",
        "<nav aria-label=pagination><button>4</button><button>5</button></nav>",
        "<button>Next</button>",
        "<a class=page-link href='?page=2'>Next ›</a>",
        "<button aria-label='Go to next page'>›</button>",
        "<p>Filtered by: Provider</p>",
        "<button>Filters <b>1</b></button>",
        "<p>Showing results for <b>ana</b></p>",
        "<input name=q value=ana>",
    ] {
        assert!(!read(around), "{around}");
    }
    for around in [
        "",
        "<ul class=pagination><li class=active><a>1</a></ul>",
        "<div class=pagination-sizes><button>10</button><button>25</button><button>50</button></div>",
        "<button disabled>Next</button>",
        "<li class='page-item disabled'><a>Next</a></li>",
        "<button class=Mui-disabled aria-label='Go to next page'>›</button>",
        "<button>Filters</button>",
        "<button>Filters <b>0</b></button>",
        "<input name=q value=''>",
    ] {
        assert!(read(around), "{around}");
    }
}

#[test]
fn a_page_that_was_saved_with_another_tab_chosen_is_refused_in_every_form_of_tabs() {
    let table = "<table><tr><th>Name<th>Email<tr><td>Ana Ruiz<td>ana@x.example</table>";
    for chosen in [
        "<div class='qx7'><span>Active</span><span aria-selected='true'>Inactive</span></div>",
        "<label class='ant-segmented-item ant-segmented-item-selected'><div>Inactive</div></label>",
        "<span class='ant-select-selection-item' title='Inactive'>Inactive</span>",
        "<p>Showing inactive users</p>",
        "<h2>Past employees</h2>",
        "<h2>Users without access</h2>",
        "<h2>Not yet accepted</h2>",
    ] {
        let html = format!("<html><body>{chosen}{table}</body></html>");
        let problems = spa().try_files(&[("u.html", html.as_bytes(), Some(Tab::Active))]).unwrap_err();
        assert!(matches!(problems.list[0].cause, Cause::OtherTab { .. } | Cause::OtherStates { .. }), "{chosen}: {problems:?}");
    }
}
