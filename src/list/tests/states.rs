//! The ways in which lists show who is active, and who is blocked.

use crate::model::{Field, Standing, Tab};
use crate::platform::MarkedState;

use super::super::{About, Cause};
use super::{at, case, cases, person, plain, spa, text};

fn statuses(place: &super::Place, text: &str) -> Vec<(Option<Standing>, Option<bool>)> {
    place.read(text).people.values().map(|person| (person.status, person.blocked)).collect()
}

const ACTIVE: Option<Standing> = Some(Standing::Active);
const INACTIVE: Option<Standing> = Some(Standing::Inactive);
const PENDING: Option<Standing> = Some(Standing::Pending);

#[test]
fn an_expired_invitation_is_a_pending_one_that_nobody_can_accept() {
    let words = ["Invitation expired", "Invite expired on 11/01/2026", "Invited", "Active"];
    let rows = words.iter().enumerate().map(|(at, word)| format!("p{at}@x.example,P Q{at},{word}")).collect::<Vec<_>>().join("\n");
    let list = plain().read(&format!("Email,Name,Status\n{rows}"));
    let expired: Vec<(Option<Standing>, bool)> = list.people.values().map(|person| (person.status, person.is_expired)).collect();
    assert_eq!(expired, [(PENDING, true), (PENDING, true), (PENDING, false), (ACTIVE, false)]);
}

#[test]
fn states_are_words_ticks_numbers_and_dates() {
    let three = |header: &str, a: &str, b: &str, c: &str| {
        format!("Email,Name,{header}\na@x.example,A B,{a}\nb@x.example,B C,{b}\nc@x.example,C D,{c}\n")
    };
    for (header, a, b, c, expected) in [
        ("Status", "Active", "Deactivated", "Invited 3 days ago", [ACTIVE, INACTIVE, PENDING]),
        ("Status [READ ONLY]", "Active", "Archived", "Invite sent", [ACTIVE, INACTIVE, PENDING]),
        ("Enabled", "True", "False", "TRUE", [ACTIVE, INACTIVE, ACTIVE]),
        ("accountEnabled", "1", "0", "", [ACTIVE, INACTIVE, None]),
        ("Active", "✓", "", "✓", [ACTIVE, INACTIVE, ACTIVE]),
        ("Block credential", "False", "True", "n/a", [ACTIVE, INACTIVE, None]),
        ("Is Hidden", "No", "Yes", "no", [ACTIVE, INACTIVE, ACTIVE]),
        ("Status", "Active", "Locked out", "—", [ACTIVE, None, None]),
    ] {
        let found: Vec<_> = statuses(&plain(), &three(header, a, b, c)).into_iter().map(|(status, _)| status).collect();
        assert_eq!(found, expected, "{header}");
    }
}

#[test]
fn a_word_says_more_than_a_box_and_a_date_more_than_a_blank() {
    let list = plain().read("Email,Name,Enabled,Status,Suspension Date\na@x.example,A B,true,Pending,\nb@x.example,B C,true,Active,\n");
    assert_eq!((person(&list, "a@x.example").status, person(&list, "b@x.example").status), (PENDING, ACTIVE));
    let list = plain()
        .read("Email,Name,Block credential,Soft deletion time stamp\na@x.example,A B,False,2026-01-02 10:00:00Z\nb@x.example,B C,False,\n");
    assert_eq!((person(&list, "a@x.example").status, person(&list, "b@x.example").status), (INACTIVE, ACTIVE));
    let both = "Email,Name,Status,Suspension Date\na@x.example,A B,Active,2026-01-02\n";
    let problems = plain().try_files(&[("u.csv", both.as_bytes(), None)]).unwrap_err();
    let headers = ("Status".to_owned(), "Suspension Date".to_owned());
    assert_eq!(problems.list[0].cause, Cause::Contradiction { headers });
}

#[test]
fn suspended_is_blocked_where_the_platform_blocks_people() {
    let text = "Email,Name,Status\na@x.example,A B,Active\nb@x.example,B C,Suspended\n";
    assert_eq!(statuses(&spa(), text), [(ACTIVE, Some(false)), (None, Some(true))]);
    let problems = plain().try_files(&[("u.csv", text.as_bytes(), None)]).unwrap_err();
    let Cause::UnknownWord { word, near, .. } = &problems.list[0].cause else { panic!("{problems:?}") };
    assert_eq!((word.as_str(), near.as_deref()), ("Suspended", Some("inactive")));
    let own = plain().with("values: { status: { Suspended: inactive } }");
    assert_eq!(statuses(&own, text), [(ACTIVE, None), (INACTIVE, None)]);
    let column = "Email,Name,Status,Blocked\na@x.example,A B,Active,yes\nb@x.example,B C,Active,\n";
    assert_eq!(statuses(&spa(), column), [(ACTIVE, Some(true)), (ACTIVE, None)]);
    let own = spa().with("values: { blocked: { Gesperrt: yes, Offen: no, Gast: unknown } }");
    let column = "Email,Name,Status,Blocked\na@x.example,A B,Active,Gesperrt\nb@x.example,B C,Active,offen\nc@x.example,C D,Active,Gast\n";
    assert_eq!(statuses(&own, column), [(ACTIVE, Some(true)), (ACTIVE, Some(false)), (ACTIVE, None)]);
    let hidden = "Email,Name,Is Hidden\na@x.example,A B,Ja\nb@x.example,B C,no\n";
    let own = plain().with("values: { status: { Ja: inactive } }");
    assert_eq!(statuses(&own, hidden), [(INACTIVE, None), (ACTIVE, None)]);
}

#[test]
fn a_list_without_states_needs_a_tab_and_a_column_comes_before_it() {
    let text = "Email,Name\na@x.example,A B\n";
    let problems = spa().try_files(&[("u.csv", text.as_bytes(), None)]).unwrap_err();
    assert_eq!(problems.list[0].cause, Cause::NoState);
    for (tab, status, blocked) in [(Tab::Active, ACTIVE, None), (Tab::Pending, PENDING, None), (Tab::Blocked, None, Some(true))] {
        let list = spa().try_files(&[("u.csv", text.as_bytes(), Some(tab))]).unwrap();
        assert_eq!((person(&list, "a@x.example").status, person(&list, "a@x.example").blocked), (status, blocked));
    }
    let list = spa().active("Email,Name,Status\na@x.example,A B,Inactive\nb@x.example,B C,Active\n");
    assert_eq!(person(&list, "a@x.example").status, INACTIVE);
}

#[test]
fn a_row_without_a_name_is_pending_where_the_catalog_says_so() {
    let list = at(2).active("Email,Name,Type\na@x.example,A B,Staff\nb@x.example,,Staff\n");
    assert_eq!((person(&list, "a@x.example").status, person(&list, "b@x.example").status), (ACTIVE, PENDING));
    let list = at(2).active("Email,Name,Type\na@x.example,A B,Staff\n");
    assert_eq!(person(&list, "a@x.example").status, None, "nobody can tell pending people from active ones");
    assert!(list.notes.iter().any(|note| note.about == About::NoMark { state: MarkedState::Pending }));
    let list = spa().active("Email,Name,Role\na@x.example,,Provider\n");
    assert_eq!(person(&list, "a@x.example").status, ACTIVE);
}

#[test]
fn a_column_named_state_can_have_those_of_a_country() {
    let list = plain().active("userPrincipalName,displayName,state\na@x.example,A B,AZ\nb@x.example,B C,CA\n");
    assert_eq!(person(&list, "a@x.example").status, ACTIVE);
    assert_eq!(list.unknown["active.csv"], ["state"], "a column that is not kept is named");
}

#[test]
fn a_state_that_nobody_knows_is_noted() {
    let list = plain().read("Email,Name,Status\na@x.example,A B,Locked out\nb@x.example,B C,\nc@x.example,C D,Active\n");
    assert!(
        list.notes.iter().any(|note| note.about == About::Unknown { header: "Status".to_owned(), rows: vec![2, 3] }),
        "{:?}",
        list.notes
    );
}

#[test]
fn an_employee_without_login_and_access_is_not_an_account() {
    let list = at(1).read("Email,Name,Role,Active\na@x.example,A B,Owner,yes\n,C D,Hygienist,no\n");
    assert_eq!(list.people.len(), 1);
    assert!(list.notes.iter().any(|note| note.about == About::WithoutAccount { rows: vec![3] }));
    let problems = at(1).try_files(&[("u.csv", b"Email,Name,Active\na@x.example,A B,yes\n,C D,yes\n", None)]).unwrap_err();
    assert_eq!((problems.list[0].row, &problems.list[0].cause), (Some(3), &Cause::WithoutLogin));
}

#[test]
fn a_page_that_counts_employees_without_accounts_is_complete() {
    let page = "<p>3 employees</p><table><tr><th>Name<th>Email<th>Role<th>Active<tr><td>A B<td>a@x.example<td>Owner<td>yes<tr><td>E F<td>e@x.example<td>Owner<td>yes<tr><td>C D<td><td>Hygienist<td>no</table>";
    let list = at(1).try_files(&[("u.html", page.as_bytes(), None)]).unwrap_or_else(|problems| panic!("{problems:?}"));
    assert_eq!((list.tabs[&Tab::All].total, list.tabs[&Tab::All].people), (Some(2), 2));
}

#[test]
fn a_day_to_come_and_a_word_for_never_end_no_account() {
    let list = "Email,Name,Deactivated Date\na@g.example,Ana Ruiz,2026-11-01\nb@g.example,Bo Ray,2027-06-30\nc@g.example,Cy Fox,NULL\nd@g.example,Di Lee,Never\n";
    let found: Vec<_> = plain().read(list).people.into_values().map(|person| person.status).collect();
    assert_eq!(found, [INACTIVE, ACTIVE, ACTIVE, ACTIVE], "of the others, no day says that they have left");
    let found: Vec<_> = plain().active(list).people.into_values().map(|person| person.status).collect();
    assert_eq!(found, [INACTIVE, ACTIVE, ACTIVE, ACTIVE], "the tab says it of those without a day that is over");
    let refused = plain().refused("Email,Name,Deactivated Date\na@g.example,Ana Ruiz,soon\n");
    assert_eq!(cases(&refused), [(Some(2), "UnknownWord".to_owned())], "{refused:?}");
}

#[test]
fn a_word_and_a_switch_that_contradict_each_other_are_refused() {
    let both = |word: &str, on: &str| format!("Email,Name,Status,Account Enabled\na@g.example,Ana Ruiz,{word},{on}\n");
    for (word, on) in [("Terminated", "Yes"), ("Active", "No")] {
        let refused = plain().refused(&both(word, on));
        assert_eq!(cases(&refused), [(Some(2), "Contradiction".to_owned())], "{word} {on}: {refused:?}");
    }
    assert_eq!(statuses(&plain(), &both("Invited", "Yes")), [(Some(Standing::Pending), None)]);
}

#[test]
fn a_state_that_one_row_does_not_know_is_unknown() {
    let list = "Email,Name,Status,Location\nk@g.example,Kim Park,Inactive,Uptown\nk@g.example,Kim Park,Locked out,Downtown\n";
    assert_eq!(statuses(&plain(), list), [(None, None)]);
}

#[test]
fn crosses_beside_ticks_say_nothing() {
    let list = "Email,Name,Disabled\na@g.example,Ana Ruiz,✓\nk@g.example,Kim Park,x\n";
    assert!(plain().active(list).people.values().all(|person| person.status != Some(Standing::Inactive)));
}

#[test]
fn two_columns_of_yes_and_no_that_contradict_each_other_are_refused() {
    let refused = |columns: &str, cells: &str| {
        let text = format!("Email,Name,{columns}\na@x.example,A B,{cells}\n");
        plain().try_files(&[("u.csv", text.as_bytes(), None)]).map_err(|problems| problems.list[0].cause.clone())
    };
    for (columns, cells) in [("Enabled,Archived", "Yes,Yes"), ("Active,Hidden", "yes,yes"), ("Active,Enabled", "No,Yes")] {
        assert_eq!(case(&refused(columns, cells).unwrap_err()), "Contradiction", "{columns} {cells}");
    }
    // Somebody who is not archived may be inactive.
    for (columns, cells, status) in
        [("Active,Archived", "No,No", INACTIVE), ("Status,Archived", "Deactivated,No", INACTIVE), ("Active,Hidden", "Yes,No", ACTIVE)]
    {
        assert_eq!(person(&refused(columns, cells).unwrap(), "a@x.example").status, status, "{columns} {cells}");
    }
}

#[test]
fn a_tab_of_blocked_users_says_more_than_a_missing_mark() {
    let page = |row: &str| format!("<table><tr><th>Name<th>Email<tr><td>Kim Park<td>kim@glow.example {row}</table>");
    let own = spa().with("marks: { blocked: [User blocked] }");
    let files = [
        ("active.html", page("<i title='User blocked'></i>").replace("kim", "ana").into_bytes(), Some(Tab::Active)),
        ("blocked.html", page("").into_bytes(), Some(Tab::Blocked)),
    ];
    let files: Vec<(&str, &[u8], Option<Tab>)> = files.iter().map(|(name, bytes, tab)| (*name, bytes.as_slice(), *tab)).collect();
    let list = own.try_files(&files).unwrap();
    assert_eq!((person(&list, "kim@glow.example").blocked, person(&list, "ana@glow.example").blocked), (Some(true), Some(true)));
}

#[test]
fn a_file_without_icons_does_not_show_a_mark() {
    let own = spa().with("marks: { blocked: [User blocked] }");
    let list = own.active("Email,Name\nana@glow.example,Ana Ruiz\n");
    assert_eq!((person(&list, "ana@glow.example").blocked, list.blocked), (None, false));
    assert!(list.notes.iter().any(|note| note.about == About::NoMark { state: MarkedState::Blocked }));
    let page = own.active("<table><tr><th>Name<th>Email<tr><td>Ana Ruiz<td>ana@glow.example</table>");
    assert_eq!(person(&page, "ana@glow.example").blocked, Some(false));
}

#[test]
fn the_action_of_a_button_is_not_a_mark() {
    let row = |name: &str, button: &str| format!("<tr><td>{name} Ruiz<td>{name}@glow.example<td>{button}");
    let button = |verb: &str| format!("<button class='cancel' title='{verb}'><i class='fa cancel'></i></button>");
    let page = |one: &str, other: &str| format!("<table><tr><th>Name<th>Email<th>Actions{}{}</table>", row("ana", one), row("kim", other));
    for (one, other) in [
        (button("Block"), button("Unblock")),
        (button("Cancel"), button("Resend")),
        ("<a href='#' title='Block user'><i class='cancel'></i></a>".to_owned(), "<a href='#' title='Unblock user'></a>".to_owned()),
    ] {
        let list = spa().active(&page(&one, &other));
        assert_eq!((person(&list, "ana@glow.example").blocked, person(&list, "kim@glow.example").blocked), (None, None), "{one}");
    }
    let icon = "<i title='Blocked'></i>";
    let list = spa().active(&page(icon, &button("Block")));
    assert_eq!((person(&list, "ana@glow.example").blocked, person(&list, "kim@glow.example").blocked), (Some(true), Some(false)));
    let list = spa().active(&page(icon, icon));
    assert_eq!(person(&list, "ana@glow.example").blocked, None, "what everybody has marks nobody");
}

#[test]
fn a_name_that_nobody_confirmed_is_not_shown() {
    use crate::model::Field;
    let list = at(2).active("Name,Title,Email,Type\nAna Ruiz,,ana@x.example,Staff\n,,bo@x.example,Staff\n");
    let (ana, bo) = (person(&list, "ana@x.example"), person(&list, "bo@x.example"));
    assert_eq!((bo.status, bo.fields.get(&Field::LastName), bo.fields.get(&Field::Title)), (PENDING, None, None));
    assert_eq!(ana.fields.get(&Field::Title), Some(&crate::model::Value::Unset));
}

#[test]
fn a_day_of_leaving_is_read_as_payrolls_write_it() {
    for day in ["Oct 31, 2026", "46326", "31-Oct-26", "20261031", "10/31/2026 5:00 PM", "1793404800"] {
        let list =
            plain().read(&format!("Email,Name,Status,Deactivated On\na@x.example,A B,Inactive,\"{day}\"\nb@x.example,B C,Active,\n"));
        assert_eq!((person(&list, "a@x.example").status, person(&list, "b@x.example").status), (INACTIVE, ACTIVE), "{day}");
    }
    // The list is of 27 November: of 3 December and 12 March, only one is over, unless another cell shows the order.
    let of = |days: [&str; 2]| {
        let list = plain().read(&format!(
            "Email,Name,Suspension Date\na@x.example,A B,{}\nb@x.example,B C,{}\nc@x.example,C D,2026-01-02\n",
            days[0], days[1]
        ));
        person(&list, "a@x.example").status
    };
    assert_eq!(of(["12/03/2026", ""]), None);
    assert_eq!(of(["12/03/2026", "25/03/2026"]), INACTIVE);
    assert_eq!(of(["12/03/2026", "03/25/2026"]), ACTIVE, "it is to come");
}

#[test]
fn a_column_that_says_nothing_of_anybody_leaves_it_to_the_tab() {
    let text = "Email,Name,Active\na@x.example,A B,\nb@x.example,B C,\n";
    let refused = plain().try_files(&[("u.csv", text.as_bytes(), None)]).unwrap_err();
    assert_eq!(refused.list[0].cause, Cause::NoStateIn { header: "Active".to_owned() });
    let list = plain().active(text);
    assert_eq!(person(&list, "a@x.example").status, ACTIVE);
    let page = "<table><tr><th>Name<th>Email<th>Enabled<tr><td>A B<td>a@x.example<td><button role=switch aria-checked=true></button><tr><td>B C<td>b@x.example<td><button role=switch aria-checked=true></button></table>";
    for page in [page.to_owned(), page.replace(" aria-checked=true", "")] {
        let refused = plain().try_files(&[("u.html", page.as_bytes(), None)]).unwrap_err();
        assert_eq!(refused.list[0].cause, Cause::NoStateIn { header: "Enabled".to_owned() });
    }
    // Nobody left on a blank day.
    let list = plain().active("Email,Name,Deactivated On\na@x.example,A B,2026-01-02\nb@x.example,B C,\n");
    assert_eq!((person(&list, "a@x.example").status, person(&list, "b@x.example").status), (INACTIVE, ACTIVE));
}

#[test]
fn a_page_that_was_saved_twice_is_one_page() {
    let page = |people: &[&str], count: &str| {
        let rows: String = people.iter().fold(String::new(), |rows, one| rows + one + " Ruiz\t" + one + "@x.example\n");
        format!("Name\tEmail\n{rows}\nShowing {count} of 4 entries\n").into_bytes()
    };
    let total = |one: &[u8], other: &[u8]| {
        let files = [("1.txt", one, Some(Tab::Active)), ("2.txt", other, Some(Tab::Active))];
        let found = spa().try_files(&files).unwrap().tabs[&Tab::Active];
        (found.people, found.total)
    };
    let first = page(&["ana", "bo"], "1 to 2");
    assert_eq!(total(&first, &page(&["cy", "di"], "3 to 4")), (4, Some(4)));
    assert_eq!(total(&first, &first), (2, Some(4)));
    assert_eq!(total(&first, &page(&["bo", "cy"], "3 to 4")), (3, Some(4)), "somebody was added in between");
}

#[test]
fn how_a_box_is_set_comes_before_the_text_beside_it() {
    let page = |header: &str, on: &str, off: &str| {
        let row = |name: &str, cell: &str| format!("<tr><td>{name} Ruiz<td>{name}@x.example<td>{cell}");
        format!("<table><tr><th>Name<th>Email<th>{header}{}{}</table>", row("ana", on), row("kim", off))
    };
    let of = |page: &str| -> Vec<Option<Standing>> { spa().read(page).people.values().map(|person| person.status).collect() };
    for (header, on, off) in [
        (
            "Status",
            "<label><input type=checkbox checked><span>Active</span></label>",
            "<label><input type=checkbox><span>Active</span></label>",
        ),
        ("Active", "<label><input type=checkbox checked> Active</label>", "<label><input type=checkbox> Active</label>"),
        ("Enabled", "<input type=checkbox checked> Yes", "<input type=checkbox> Yes"),
        ("Status", "<button role=switch aria-checked=true>Active</button>", "<button role=switch aria-checked=false>Active</button>"),
        ("Status", "<input type=checkbox aria-label=Active checked>", "<input type=checkbox aria-label=Active>"),
        ("Status", "<label><input type=checkbox checked> Active</label>", "<label><input type=checkbox> Inactive</label>"),
        (
            "Status",
            "<label><input type=radio checked>Active</label><label><input type=radio>Inactive</label>",
            "<label><input type=radio>Active</label><label><input type=radio checked>Inactive</label>",
        ),
    ] {
        assert_eq!(of(&page(header, on, off)), [ACTIVE, INACTIVE], "{on}");
    }
    let blocked = page("Blocked", "<label><input type=checkbox checked>Blocked</label>", "<label><input type=checkbox>Blocked</label>");
    let list = spa().active(&blocked);
    assert_eq!((person(&list, "ana@x.example").blocked, person(&list, "kim@x.example").blocked), (Some(true), Some(false)));
    let equal = page("Active", "<label><input type=checkbox> Active</label>", "<label><input type=checkbox> Active</label>");
    assert!(spa().try_files(&[("u.html", equal.as_bytes(), None)]).is_err(), "the page may not have saved the boxes");
}

#[test]
fn the_action_of_a_button_is_never_proposed_as_a_state() {
    let text = "Email,Name,Status\na@x.example,A B,Deactivate\nb@x.example,B C,Activate\n";
    let problems = spa().try_files(&[("u.csv", text.as_bytes(), None)]).unwrap_err();
    for problem in &problems.list {
        let Cause::UnknownWord { near, .. } = &problem.cause else { panic!("{problems:?}") };
        assert_eq!(*near, None, "{problems:?}");
    }
}

#[test]
fn a_state_with_a_time_beside_a_name_is_not_part_of_it() {
    let page = "<table><tr><th>Name<th>Email<tr><td>Ana Ruiz <span>Invited 3 days ago</span><td>ana@x.example<tr><td>Kim Park <span title=Online>●</span><td>kim@x.example</table>";
    let list = spa().active(page);
    let ana = person(&list, "ana@x.example");
    assert_eq!((text(ana, Field::FirstName), text(ana, Field::LastName), ana.status), (Some("Ana"), Some("Ruiz"), PENDING));
    assert_eq!(text(person(&list, "kim@x.example"), Field::LastName), Some("Park"));
}

#[test]
fn one_column_can_say_role_and_state() {
    let own = spa().with("{ columns: { role: [Access Level], status: [Access Level] }, values: { status: { No Access: inactive } } }");
    let list =
        own.read("Name,Email,Access Level\nAna Ruiz,a@x.example,Provider\nKim Park,b@x.example,No Access\nLu Fox,c@x.example,Invited\n");
    let of = |login: &str| (person(&list, login).status, text(person(&list, login), Field::Role).map(str::to_owned));
    assert_eq!(of("a@x.example"), (ACTIVE, Some("provider".to_owned())));
    assert_eq!((of("b@x.example"), of("c@x.example")), ((INACTIVE, None), (PENDING, None)));
}

#[test]
fn the_day_of_an_end_says_that_somebody_is_inactive() {
    let text = "Name,Email,Deactivated\nAna Ruiz,a@x.example,\nKim Park,b@x.example,11/01/2026\n";
    assert_eq!(statuses(&plain(), text), [(ACTIVE, None), (INACTIVE, None)]);
    let list = plain().active(text);
    assert_eq!((person(&list, "a@x.example").status, person(&list, "b@x.example").status), (ACTIVE, INACTIVE));
    let list =
        spa().active("Name,Email,Deactivated On\nAna Ruiz,a@x.example,\nKim Park,b@x.example,2026-11-01\nLu Fox,c@x.example,2027-06-30\n");
    let status = |login: &str| person(&list, login).status;
    assert_eq!((status("a@x.example"), status("b@x.example"), status("c@x.example")), (ACTIVE, INACTIVE, ACTIVE));
}
