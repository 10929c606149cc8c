//! Files that are given as another tab than they are of, and invitations that have expired.

use crate::model::{Field, Standing, Tab};

use super::super::{About, Cause, UserList};
use super::{case, person, set, spa};

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
        assert!(["OtherTab", "OtherStates"].contains(&case(&problems.list[0].cause).as_str()), "{chosen}: {problems:?}");
    }
}

/// A page with Olivia and Ana in one table and Kim in a second one; what is above each, and the attributes of the second.
fn two_tables(first: &str, second: &str, attributes: &str) -> String {
    let head = "<tr><th>Name<th>Email<th>Role";
    let row = |name: &str| format!("<tr><td>{name} Lee<td>{name}@x.example<td>Provider");
    let one = format!("<table>{head}{}{}</table>", row("olivia"), row("ana"));
    format!("<html><body>{first}{one}{second}<table {attributes}>{head}{}</table></body></html>", row("kim"))
}

#[test]
fn words_right_above_a_second_table_or_on_its_label_give_the_state_of_its_people() {
    for (first, second, attributes) in [
        ("<p><strong>Active</strong></p>", "<p><strong>Inactive</strong></p>", ""),
        ("<p>Active users</p>", "<p>Deactivated users</p>", ""),
        ("", "<div>Inactive (1)</div>", ""),
        ("", "<p>Inactive users</p><input type=search><button>Add user</button>", ""),
        ("", "<p>These users can no longer sign in.</p>", ""),
        ("", "", "aria-label='Inactive users'"),
        ("", "<h2 id=t>Former staff</h2>", "aria-labelledby=t"),
        ("", "<section aria-label='Inactive'>", ""),
        ("<div role=tabpanel aria-label=Active>", "</div><div role=tabpanel aria-label=Inactive>", ""),
        (
            "<button role=tab id=a>Active</button><button role=tab id=i>Inactive</button><div role=tabpanel aria-labelledby=a>",
            "</div><div role=tabpanel aria-labelledby=i>",
            "",
        ),
    ] {
        let list = spa().active(&two_tables(first, second, attributes));
        let states = ["olivia", "ana", "kim"].map(|name| person(&list, &format!("{name}@x.example")).status);
        let (active, inactive) = (Some(Standing::Active), Some(Standing::Inactive));
        assert_eq!(states, [active, active, inactive], "{first} {second} {attributes}");
    }
    for (first, second) in [
        ("", "<p>Inactive users cannot sign in.</p>"),
        ("", "<div>Active 3</div><div>Inactive 4</div>"),
        ("", "<a href=i>Inactive</a>"),
        ("", "<button>Inactive</button>"),
        ("", "<div>Single sign-on</div><div>Disabled</div>"),
        ("<p>Inactive</p><h2>Downtown</h2>", "<h2>Uptown</h2>"),
    ] {
        let list = spa().active(&two_tables(first, second, ""));
        assert!(list.people.values().all(|person| person.status == Some(Standing::Active)), "{first} {second}: {:?}", list.people);
    }
}

#[test]
fn a_page_that_says_above_its_only_table_that_it_is_of_others_is_refused() {
    let table = "<table><tr><th>Name<th>Email<tr><td>Ana Ruiz<td>ana@x.example<tr><td>Kim Lee<td>kim@x.example</table>";
    for above in [
        "<p>Deactivated users</p>",
        "<p><strong>Inactive</strong></p>",
        "<h2>Trash</h2>",
        "<h2>Alumni</h2>",
        "<h2>Locked users</h2>",
        "<h2>Retired colleagues</h2>",
        "<p>These users can no longer sign in.</p>",
        "<div><a href='?s=a'>Active</a> | <b>Inactive</b></div>",
        "<ul><li><a href='?s=a'>Active</a></li><li><b>Inactive</b></li></ul>",
        "<mat-select aria-label=Status><span class=mat-select-value-text>Inactive</span></mat-select>",
        "<div><label>Status</label><div class=react-select__control><div class=react-select__single-value>Inactive</div></div></div>",
        "<div class=breadcrumb>Settings / Users / Inactive</div>",
        "<nav aria-label=breadcrumb><ol><li>Users<li>›<li>Inactive</ol></nav>",
        "<div role=tabpanel aria-label='Inactive users'>",
    ] {
        let page = format!("<html><body>{above}{table}");
        let found = causes("u.html", &page, Tab::Active);
        let is_other = |cause: &Cause| {
            if let Cause::OtherStates { given, .. } | Cause::OtherTab { given, .. } = cause { *given == Tab::Active } else { false }
        };
        assert!(found.len() == 1 && found.iter().all(is_other), "{above}: {found:?}");
    }
    for above in [
        "<p>Invite your staff. Inactive users cannot sign in.</p>",
        "<nav><a href=a>Active</a> <a href=i>Inactive</a></nav>",
        "<div>Total 9</div><div>Active 6</div><div>Inactive 3</div>",
        "<h2>Manage access of removed and other employees</h2>",
        "<div><span>Users</span> | <a href=i>Inactive</a></div>",
        "<div><label>Two-factor</label><div class=react-select__control><div class=react-select__single-value>Disabled</div></div></div>",
        "<div class=breadcrumb>Settings / Inactive rooms / Users</div>",
        "<div role=tabpanel aria-label='Active users'><p>Inactive</p>",
    ] {
        let page = format!("<html><body>{above}{table}");
        assert_eq!(causes("u.html", &page, Tab::Active), [], "{above}");
    }
}

#[test]
fn an_icon_can_have_its_label_elsewhere_on_the_page() {
    let page = |extra: &str| {
        format!(
            "<html><body><table><tr><th id=h>Name<th>Email<tr><td>Ana Ruiz<td>ana@x.example<tr><td>Kim Lee<td>kim@x.example {extra}</table>\
             <div id=tip hidden>Blocked</div><label id=l>Blocked</label></body></html>"
        )
    };
    for icon in ["<i aria-labelledby=tip></i>", "<i aria-describedby=tip></i>", "<svg aria-labelledby='tip other'></svg>"] {
        let list = spa().active(&page(icon));
        assert_eq!(person(&list, "kim@x.example").blocked, Some(true), "{icon}");
        assert_ne!(person(&list, "ana@x.example").blocked, Some(true), "{icon}");
    }
    for icon in ["<i aria-labelledby=h></i>", "<i aria-labelledby=l></i>", "<i aria-labelledby=nothing></i>"] {
        assert_ne!(person(&spa().active(&page(icon)), "kim@x.example").blocked, Some(true), "{icon}");
    }
}

#[test]
fn a_row_without_a_login_that_has_another_clinic_belongs_to_the_person_above() {
    let both = Some(set(&["downtown", "uptown"]));
    let clinics = |list: &UserList, login: &str| person(list, login).fields.get(&Field::Clinics).cloned();
    for rows in [
        "Ana Ruiz,ana@x.example,Provider,Active,Glow Downtown\n,,,,Glow Uptown\nKim Lee,kim@x.example,Provider,Active,Glow Uptown\n",
        "Ana Ruiz,ana@x.example,Provider,Active,Glow Downtown\n,,Provider,,Glow Uptown\nKim Lee,kim@x.example,Provider,Active,Glow Uptown\n",
    ] {
        let list = spa().read(&format!("Name,Email,Role,Status,Clinic\n{rows}"));
        assert_eq!((clinics(&list, "ana@x.example"), list.people.len()), (both.clone(), 2), "{rows}");
        assert_eq!(clinics(&list, "kim@x.example"), Some(set(&["uptown"])), "{rows}");
    }
    let page =
        "<table><tr><th>Name<th>Email<th>Clinic<tr><td>Ana Ruiz<td>ana@x.example<td>Glow Downtown<tr><td><td><td>Glow Uptown</table>";
    assert_eq!(clinics(&spa().active(page), "ana@x.example"), both);
    let other = "Name,Email,Role,Clinic\nAna Ruiz,ana@x.example,Provider,Glow Downtown\n,,Front Desk,Glow Uptown\n";
    assert_eq!(causes("u.csv", other, Tab::Active), [Cause::WithoutLogin], "another role can be somebody else's");
    let first = "Clinic,Name,Email,Role\n,Ana Ruiz,ana@x.example,Provider\nGlow Uptown,,,\n,Kim Lee,kim@x.example,Provider\n";
    let list = spa().active(first);
    assert_eq!(clinics(&list, "kim@x.example"), Some(set(&["uptown"])), "a row above people names their clinic");
    assert_ne!(clinics(&list, "ana@x.example"), Some(set(&["uptown"])), "and not that of the person above it");
}

#[test]
fn an_invitation_that_is_not_accepted_contradicts_a_word_that_says_active() {
    let list = |status: &str, word: &str, invite: &str| {
        format!("Name,Email,{status}Invite Status\nAna Ruiz,ana@x.example,{word}{invite}\nKim Lee,kim@x.example,{word}Accepted\n")
    };
    for invite in ["Pending", "Expired"] {
        let found = causes("u.csv", &list("Status,", "Active,", invite), Tab::Active);
        assert_eq!(found, [Cause::Contradiction { headers: ("Status".to_owned(), "Invite Status".to_owned()) }], "{invite}");
        for (status, word) in [("", ""), ("Enabled,", "Yes,")] {
            let list = spa().active(&list(status, word, invite));
            let ana = person(&list, "ana@x.example");
            assert_eq!((ana.status, ana.is_expired), (Some(Standing::Pending), invite == "Expired"), "{status} {invite}");
            assert_eq!(person(&list, "kim@x.example").status, Some(Standing::Active), "{status} {invite}");
        }
        let named = spa().with("columns: { status: [Status] }").active(&list("Status,", "Active,", invite));
        assert_eq!(person(&named, "ana@x.example").status, Some(Standing::Active), "the workspace names the right one");
    }
    let gone = spa().active(&list("Status,", "Inactive,", "Pending").replace("Inactive,Accepted", "Active,Accepted"));
    assert_eq!(person(&gone, "ana@x.example").status, Some(Standing::Inactive));
}

#[test]
fn a_day_that_is_over_beside_somebody_active_is_named() {
    let list = spa().active("Name,Email,Expires\nAna Ruiz,ana@x.example,10/01/2026\nKim Lee,kim@x.example,12/31/2026\n");
    let expected = About::StateNotRead { header: "Expires".to_owned(), word: "10/01/2026".to_owned(), rows: vec![2] };
    assert!(list.notes.iter().any(|note| note.about == expected), "{:?}", list.notes);
    assert_eq!(list.unknown["active.csv"], ["Expires"]);
}

#[test]
fn somebody_whom_a_column_about_access_keeps_out_is_not_active_by_the_tab() {
    for (header, yes, no) in [
        ("Access", "Yes", "No"),
        ("Portal Access", "Yes", "No"),
        ("Access revoked", "No", "Yes"),
        ("Access Level", "Full", "No Access"),
        ("Membership", "Active", "Canceled"),
        ("Login", "Enabled", "Disabled"),
        ("System access", "Full", "None"),
    ] {
        let list = spa()
            .active(&format!("Name,Email,Role,{header}\nAna Ruiz,ana@x.example,Provider,{yes}\nKim Lee,kim@x.example,Provider,{no}\n"));
        let states = ["ana@x.example", "kim@x.example"].map(|login| person(&list, login).status);
        assert_eq!(states, [Some(Standing::Active), None], "{header}");
        let names =
            |about: &About| if let About::StateNotRead { header: own, rows, .. } = about { own == header && *rows == [3] } else { false };
        assert!(list.notes.iter().any(|note| names(&note.about)), "{header}: {:?}", list.notes);
        // Only the workspace can say what a yes means there.
        if header == "Access revoked" || header.starts_with("Portal") || header == "Access" {
            continue;
        }
        let own = spa().with(&format!(
            "{{ columns: {{ status: [{header}] }}, values: {{ status: {{ Full: active, Canceled: inactive, None: inactive }} }} }}"
        ));
        let list =
            own.active(&format!("Name,Email,Role,{header}\nAna Ruiz,ana@x.example,Provider,{yes}\nKim Lee,kim@x.example,Provider,{no}\n"));
        let states = ["ana@x.example", "kim@x.example"].map(|login| person(&list, login).status);
        assert_eq!(states, [Some(Standing::Active), Some(Standing::Inactive)], "{header}");
    }
}
