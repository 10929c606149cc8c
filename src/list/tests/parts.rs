//! Pages whose parts say something else than they seem to: numbers of one page, labels for narrow screens, and labels of boxes.

use crate::model::{Field, Standing, Tab, Value};

use super::super::{About, Cause, UserList};
use super::{Place, at, case, person, plain, set, spa, text};

fn page(place: &Place, body: &str) -> UserList {
    let html = format!("<html><body>{body}</body></html>");
    place.active(&html)
}

#[test]
fn a_number_beside_one_of_several_pages_is_that_of_the_page() {
    let table = "<table><tr><th>Name<th>Email<tr><td>Ana Ruiz<td>ana@glow.example</table>";
    for (beside, total) in [
        ("<p>1 user</p><p>Page 1 of 3</p>", None),
        ("<p>1 user</p><button>Load more</button>", None),
        ("<p>1 user</p><p>Page 1 of 1</p>", Some(1)),
        ("<p>Showing 1 to 1 of 1</p><button>Load more</button>", Some(1)),
        ("<p>43 users</p><p>Page 1 of 3</p>", Some(43)),
        ("<p>Showing 1 to 1 of 1 users</p><p>Page 1 of 3</p>", Some(1)),
    ] {
        assert_eq!(page(&spa(), &format!("{table}{beside}")).tabs[&Tab::Active].total, total, "{beside}");
    }
}

#[test]
fn text_that_only_narrow_screens_show_is_not_part_of_a_value() {
    for class in ["d-md-none", "md:hidden", "visible-xs-inline", "mobile-label", "label"] {
        let td = |header: &str, value: &str| format!("<td><span class='{class}'>{header}</span> {value}");
        let row = [td("Name", "Ana Ruiz"), td("Email", "ana@glow.example"), td("Clinic", "Glow Uptown")].concat();
        let list = page(&spa(), &format!("<table><tr><th>Name<th>Email<th>Clinic<tr>{row}</table>"));
        let ana = person(&list, "ana@glow.example");
        assert_eq!((text(ana, Field::FirstName), ana.fields.get(&Field::Clinics)), (Some("Ana"), Some(&set(&["uptown"]))), "{class}");
    }
}

#[test]
fn boxes_that_differ_beside_one_text_say_the_state() {
    let td = |is_on: bool| {
        format!("<td><label><input type=checkbox {}><span>On</span><span>Off</span></label>", if is_on { "checked" } else { "" })
    };
    let html = format!(
        "<table><tr><th>Name<th>Email<th>Status<tr><td>A B<td>a@x.example{}<tr><td>B C<td>b@x.example{}</table>",
        td(true),
        td(false)
    );
    let states: Vec<_> = page(&spa(), &html).people.into_values().map(|person| person.status).collect();
    assert_eq!(states, [Some(Standing::Active), Some(Standing::Inactive)]);
}

type StateAndBlock = (Option<Standing>, Option<bool>);

/// The states of Ana and Kim, and whether the program says something of Kim's row.
fn states(list: &UserList) -> ([StateAndBlock; 2], bool) {
    let of = |login: &str| (person(list, login).status, person(list, login).blocked);
    let names_kim = |about: &About| {
        let rows = if let About::Stray { rows, .. } | About::Faded { rows, .. } | About::Employment { rows, .. } = about {
            rows.as_slice()
        } else {
            &[]
        };
        rows.contains(&3) || case(about) == "Icons"
    };
    ([of("ana@x.example"), of("kim@x.example")], list.notes.iter().any(|note| names_kim(&note.about)))
}

const ACTIVE: Option<Standing> = Some(Standing::Active);

#[test]
fn a_word_of_a_state_beside_an_address_is_read_or_makes_the_state_unknown() {
    let html = |beside: &str| {
        format!(
            "<table><tr><th>Name<th>Email<th>Role<tr><td>Ana Ruiz<td>ana@x.example<td>Provider<tr><td>Kim Park<td>kim@x.example {beside}<td>Provider</table>"
        )
    };
    for (beside, status, blocked, is_noted) in [
        ("<span class='badge'>Blocked</span>", ACTIVE, Some(true), false),
        ("<em>(deactivated)</em>", Some(Standing::Inactive), None, false),
        ("<small>Inactive</small>", Some(Standing::Inactive), None, false),
        ("<div>Invitation pending</div>", None, None, true),
        ("<div>Status: Inactive</div>", Some(Standing::Inactive), None, false),
        ("<div>Blocked by Olivia on Nov 2</div>", ACTIVE, Some(true), false),
        ("<div>Blocked by Olivia</div>", ACTIVE, None, true),
        ("<div>Access revoked</div>", None, None, true),
        ("<div>2FA disabled</div>", ACTIVE, None, false),
        ("<i title='Blocked since Nov 2, 2026'></i>", ACTIVE, Some(true), false),
        ("<i title='Blocked by admin'></i>", ACTIVE, None, true),
        ("<i title='Inactive since Nov 2'></i>", None, None, true),
        ("<span class='visually-hidden'>Inactive</span>", None, None, true),
        ("<span class='sr-only'>Blocked</span>", ACTIVE, Some(true), false),
        ("<span class='sr-only'>Account suspended</span>", ACTIVE, None, true),
        ("<span class='sr-only'>Select row</span>", ACTIVE, None, false),
        ("<i data-bs-original-title='Inactive'></i>", None, None, true),
        ("<i data-original-title='Blocked' title=''></i>", ACTIVE, Some(true), false),
        ("<i data-tippy-content='Blocked'></i>", ACTIVE, Some(true), false),
        ("<i mattooltip='Blocked'></i>", ACTIVE, Some(true), false),
        ("<svg><desc>Blocked</desc></svg>", ACTIVE, Some(true), false),
        ("<div>Inactive for 30 days</div>", None, None, true),
        ("<div>Inactive: 45 days</div>", None, None, true),
        ("<div>Inactive 3 weeks</div>", None, None, true),
        ("<div>Inactive 3 weeks ago</div>", Some(Standing::Inactive), None, false),
        ("<div>Inactive since 2025</div>", Some(Standing::Inactive), None, false),
        ("<div>Disabled 2FA</div>", ACTIVE, None, false),
    ] {
        let (both, said) = states(&page(&spa(), &html(beside)));
        assert_eq!((both[1], said), ((status, blocked), is_noted), "{beside}");
        assert_eq!(both[0].0, ACTIVE, "{beside}");
    }
    let csv = "Name,Email,Role\nAna Ruiz,ana@x.example,Provider\nKim Park,kim@x.example (inactive),Provider\n";
    assert_eq!(states(&spa().active(csv)).0[1].0, Some(Standing::Inactive));
}

#[test]
fn where_a_mark_says_who_is_blocked_another_one_beside_somebody_is_not_a_no() {
    for beside in [
        "<i title='Blocked by admin'></i>",
        "<i class='fa fa-lock'></i>",
        "<img src='/img/icon-cancel.svg' alt=''>",
        "<svg><use href='#icon-ban'/></svg>",
    ] {
        let html = format!(
            "<table><tr><th>Name<th>Email<th>Role<tr><td>Ana Ruiz<td>ana@x.example <i title='Blocked'></i><td>Provider<tr><td>Kim Park<td>kim@x.example {beside}<td>Provider<tr><td>Lu Wu<td>lu@x.example<td>Provider</table>"
        );
        let list = page(&spa(), &html);
        let (both, said) = states(&list);
        assert_eq!((both, said), ([(ACTIVE, Some(true)), (ACTIVE, None)], true), "{beside}");
        assert_eq!(person(&list, "lu@x.example").blocked, Some(false));
    }
    let html = "<table><tr><th>Name<th>Email<tr><td>Ana Ruiz<td>ana@x.example<tr><td>Kim Park<td>kim@x.example <mat-icon svgicon='cancel'></mat-icon></table>";
    assert_eq!(states(&page(&spa(), html)), ([(ACTIVE, Some(false)), (ACTIVE, Some(true))], false), "the icon that the product has");
    let known = spa().with("{ marks: { blocked: [Blocked by admin] } }");
    let html = "<table><tr><th>Name<th>Email<tr><td>Ana Ruiz<td>ana@x.example<tr><td>Kim Park<td>kim@x.example <i title='Blocked by admin'></i></table>";
    assert_eq!(states(&page(&known, html)), ([(ACTIVE, Some(false)), (ACTIVE, Some(true))], false));
}

#[test]
fn a_column_without_a_header_and_a_line_below_a_name_say_states_too() {
    for (kim, status, blocked) in [
        ("Kim Park<td>kim@x.example<td>Provider<td><span class=badge>Blocked</span>", ACTIVE, Some(true)),
        ("Kim Park<td>kim@x.example<td>Provider<td><span class=badge>Inactive</span>", Some(Standing::Inactive), None),
        ("Kim Park<td>kim@x.example<td>Provider<td>Account suspended", ACTIVE, None),
        ("Kim Park<td>kim@x.example<td>Provider<td><a href='/u/3/suspend'>Suspend</a>", ACTIVE, None),
        ("<div>Kim Park</div><div>Login disabled</div><td>kim@x.example<td>Provider<td>", None, None),
        ("<div>Kim Park</div><div>Left the practice</div><td>kim@x.example<td>Provider<td>", None, None),
        ("Kim Park (old account)<td>kim@x.example<td>Provider<td>", None, None),
        ("INACTIVE Kim Park<td>kim@x.example<td>Provider<td>", None, None),
        ("DO NOT USE Kim Park<td>kim@x.example<td>Provider<td>", None, None),
    ] {
        let html =
            format!("<table><tr><th>Name<th>Email<th>Role<th><tr><td>Ana Ruiz<td>ana@x.example<td>Provider<td><tr><td>{kim}</table>");
        let list = page(&spa(), &html);
        assert_eq!(states(&list).0, [(ACTIVE, None), (status, blocked)], "{kim}");
        let is_marked = kim.starts_with("INACTIVE") || kim.starts_with("DO NOT");
        assert_eq!(person(&list, "kim@x.example").fields.contains_key(&Field::FirstName), !is_marked, "{kim}");
    }
    let csv = "Name,Email,Role,\nAna Ruiz,ana@x.example,Provider,\nKim Park,kim@x.example,Provider,Inactive\n";
    assert_eq!(states(&spa().active(csv)).0[1].0, Some(Standing::Inactive));
}

#[test]
fn a_color_that_only_some_people_have_makes_their_state_unknown() {
    for (ana, kim, status) in [
        ("<tr><td>", "<tr class='text-muted'><td>", None),
        ("<tr><td>", "<tr style='color: #999'><td>", None),
        ("<tr><td>", "<tr><td class='text-gray-400'>", None),
        ("<tr><td>", "<tr><td><span style='opacity: .5'>", None),
        ("<tr class='text-muted'><td>", "<tr class='text-muted'><td>", ACTIVE),
        ("<tr class='bg-gray-50'><td>", "<tr><td>", ACTIVE),
    ] {
        let html = format!(
            "<table><tr><th>Name<th>Email<th>Role{ana}Ana Ruiz<td>ana@x.example<td>Provider{kim}Kim Park<td>kim@x.example<td>Provider</table>"
        );
        let (both, said) = states(&page(&spa(), &html));
        assert_eq!((both[0].0, both[1].0, said), (ACTIVE, status, status.is_none()), "{kim}");
    }
}

#[test]
fn a_class_of_the_name_or_the_link_counts_like_that_of_the_row() {
    for (name, email, status) in [
        ("<span class='user-name user-name--inactive'>Kim Park</span>", "kim@x.example", None),
        ("<span class='Mui-disabled'>Kim Park</span>", "kim@x.example", None),
        ("<span class='ant-typography ant-typography-disabled'>Kim Park</span>", "kim@x.example", None),
        ("<span class='text-decoration-line-through'>Kim Park</span>", "kim@x.example", None),
        ("<a href='/u/3' class='line-through'>Kim Park</a>", "kim@x.example", None),
        ("<a href='/u/3' class='disabled'>Kim Park</a>", "kim@x.example", None),
        ("<font color=gray>Kim Park</font>", "kim@x.example", None),
        ("Kim Park", "<a class='disabled' href='mailto:kim@x.example'>kim@x.example</a>", None),
        ("Kim Park <button class='btn disabled'>Block</button>", "kim@x.example", ACTIVE),
        ("<span class='user-name'>Kim Park</span>", "kim@x.example", ACTIVE),
    ] {
        let html = format!(
            "<table><tr><th>Name<th>Email<th>Role<tr><td>Ana Ruiz<td>ana@x.example<td>Provider<tr><td>{name}<td>{email}<td>Provider</table>"
        );
        let list = page(&spa(), &html);
        let is_struck = list.notes.iter().any(|note| note.about == About::Struck { rows: vec![3] });
        let (both, said) = states(&list);
        assert_eq!((both[0].0, both[1].0, said || is_struck), (ACTIVE, status, status.is_none()), "{name} {email}");
    }
}

#[test]
fn somebody_who_has_done_nothing_for_a_while_can_still_sign_in() {
    let list = |word: &str| format!("Name,Email,Status\nAna Ruiz,ana@x.example,Active\nKim Park,kim@x.example,{word}\n");
    for word in ["Inactive 45 days", "Inactive (90+ days)", "Inactive > 30 days", "Inactive for 2 hours"] {
        let refused = spa().refused(&list(word));
        let [(Some(3), Cause::UnknownWord { near, .. })] = refused.as_slice() else { panic!("{word} {refused:?}") };
        assert_eq!(*near, None, "{word}");
    }
    assert_eq!(states(&spa().read(&list("Inactive 45 days ago"))).0[1].0, Some(Standing::Inactive));
}

#[test]
fn employment_does_not_say_that_an_account_is_gone() {
    let of = |header: &str, ana: &str, kim: &str| {
        format!("Name,Email,Role,{header}\nAna Ruiz,ana@x.example,Provider,{ana}\nKim Park,kim@x.example,Provider,{kim}\n")
    };
    let list = |header: &str, word: &str| of(header, "", word);
    for (header, word) in [("Employment Status", "Terminated"), ("Termination Date", "2026-10-01"), ("Terminated", "Yes")] {
        let (both, said) = states(&spa().active(&list(header, word)));
        assert_eq!((both[0].0, both[1].0, said), (ACTIVE, None, true), "{header}");
    }
    assert_eq!(states(&spa().active(&of("Account Status", "Active", "Inactive"))).0[1].0, Some(Standing::Inactive));
    let named = spa().with("{ columns: { status: [Employment Status] } }");
    assert_eq!(states(&named.active(&of("Employment Status", "Active", "Terminated"))).0[1].0, Some(Standing::Inactive));
}

#[test]
fn a_cross_below_status_is_asked_about() {
    let list = |header: &str| format!("Name,Email,{header}\nAna Ruiz,ana@x.example,\nKim Park,kim@x.example,x\n");
    assert!(spa().refused(&list("Status")).iter().any(|(row, cause)| *row == Some(3) && case(cause) == "UnknownWord"));
    assert_eq!(states(&spa().read(&list("Active"))).0[1].0, ACTIVE);
}

#[test]
fn a_button_that_clears_filters_says_that_there_are_some() {
    let table = "<table><tr><th>Name<th>Email<tr><td>Ana Ruiz<td>ana@x.example</table><p>Showing 1 to 1 of 1</p>";
    for (button, is_filtered) in [
        ("<button>Clear filters</button>", true),
        ("<a href='#'>Reset filters</a>", true),
        ("<button disabled>Clear filters</button>", false),
        ("<button>Filters</button>", false),
    ] {
        assert_eq!(page(&spa(), &format!("{button}{table}")).tabs[&Tab::Active].is_filtered, is_filtered, "{button}");
    }
}

#[test]
fn a_state_that_a_row_marks_itself_with_is_read_in_every_spelling() {
    for (row, status) in [
        ("title='Inactive user'", None),
        ("aria-label='Kim Park, blocked'", ACTIVE),
        ("data-status='inactive'", None),
        ("data-blocked='true'", ACTIVE),
        ("class='is-blocked'", None),
        ("class='user-row user-row--blocked'", None),
        ("class='strikethrough'", None),
        ("class='is-unblocked'", ACTIVE),
        ("class='disabledUser'", None),
        ("class='deactivated-user'", None),
        ("class='locked'", None),
        ("class='disabled:opacity-50'", ACTIVE),
        ("style='filter: grayscale(1)'", None),
        ("data-state='blocked'", ACTIVE),
        ("data-is-active='false'", None),
        ("data-active='false'", None),
        ("data-enabled='false'", None),
        ("data-is-blocked='true'", ACTIVE),
        ("data-deleted='1'", None),
        ("data-user-status='inactive'", None),
        ("data-account-state='TERMINATED'", None),
        ("data-is-active='true'", ACTIVE),
        ("data-state='closed'", ACTIVE),
        ("data-bs-original-title='Inactive'", None),
        ("aria-description='Inactive'", None),
        ("data-status='active'", ACTIVE),
    ] {
        let html = format!(
            "<table><tr><th>Name<th>Email<th>Role<tr><td>Ana Ruiz<td>ana@x.example<td>Provider<tr {row}><td>Kim Park<td>kim@x.example<td>Provider</table>"
        );
        let (both, said) = states(&page(&spa(), &html));
        let is_blocked = [", blocked", "data-blocked", "'blocked'", "is-blocked="].iter().any(|part| row.contains(part));
        let blocked = (is_blocked && status.is_some()).then_some(true);
        assert_eq!((both[0].0, both[1], said), (ACTIVE, (status, blocked), status.is_none()), "{row}");
    }
    let hidden =
        "<table><tr><th>Name<th>Email<tr><td>Ana Ruiz<td>ana@x.example<tr aria-hidden='true'><td>Kim Park<td>kim@x.example</table>";
    assert!(page(&spa(), hidden).tabs[&Tab::Active].is_filtered);
}

#[test]
fn of_texts_that_are_chosen_by_class_nobody_knows_which_count() {
    for clinics in [
        "<ul><li class='selected'>Glow Downtown</li><li>Glow Uptown</li></ul>",
        "<span class='chip chip-on'>Glow Downtown</span><span class='chip chip-off'>Glow Uptown</span>",
    ] {
        let html = format!("<table><tr><th>Name<th>Email<th>Clinics<tr><td>Ana Ruiz<td>ana@x.example<td>{clinics}</table>");
        let list = page(&spa(), &html);
        assert_eq!(person(&list, "ana@x.example").fields.get(&Field::Clinics), None, "{clinics}");
        assert!(list.notes.iter().any(|note| case(&note.about) == "Unknown"), "{:?}", list.notes);
    }
    let all = "<table><tr><th>Name<th>Email<th>Clinics<tr><td>Ana Ruiz<td>ana@x.example<td><span class=chip>Glow Downtown</span><span class=chip>Glow Uptown</span></table>";
    assert_eq!(person(&page(&spa(), all), "ana@x.example").fields.get(&Field::Clinics), Some(&set(&["downtown", "uptown"])));
}

#[test]
fn a_field_that_everybody_lacks_was_not_saved() {
    let list = at(2).active("Name,Email,Type\n,a@x.example,Staff\n,b@x.example,Staff\n");
    assert!(list.people.values().all(|person| person.status.is_none() && !person.fields.contains_key(&Field::FirstName)), "{list:?}");
    for (header, rows) in [("Name", ["", "—"]), ("First Name,Last Name", [",", ","])] {
        let text = format!("Email,Role,{header}\na@x.example,Provider,{}\nb@x.example,Provider,{}\n", rows[0], rows[1]);
        for list in [spa().active(&text), plain().active(&text)] {
            assert!(!list.fields.contains(&Field::FirstName) && !list.fields.contains(&Field::LastName), "{text}");
            assert!(list.people.values().all(|person| !person.fields.contains_key(&Field::FirstName)), "{text}");
            assert!(list.notes.iter().any(|note| case(&note.about) == "BlankColumn"), "{text}");
        }
    }
    for text in ["Email,Name\na@x.example,Ana Ruiz\nb@x.example,\n", "Email,First Name,Last Name\na@x.example,Ana,Ruiz\nb@x.example,,\n"] {
        let one = |list: UserList| person(&list, "b@x.example").fields.get(&Field::LastName).cloned();
        assert_eq!((one(spa().active(text)), one(plain().active(text))), (None, Some(Value::Unset)), "{text}");
    }
    let blank = spa().active("Name,Email,Role,Clinics\nAna Ruiz,a@x.example,Provider,\nKim Park,b@x.example,Provider,—\n");
    assert!(!blank.fields.contains(&Field::Clinics) && blank.fields.contains(&Field::Role));
    assert!(blank.notes.iter().any(|note| note.about == About::BlankColumn { header: "Clinics".to_owned() }));
}

#[test]
fn headers_that_say_how_they_are_sorted_and_rows_to_search_in_are_read_past() {
    let th = |name: &str, order: &str| {
        format!("<th aria-label='{name}'><a><span>Sort by:</span><span>{name}</span></a><span>{order}</span></th>")
    };
    let head = [th("Name", ""), th("Email", "Sorted Ascending"), th("Role", "")].concat();
    let search = "<tr><td><label>Search column: name</label><input type=search><td><label>Search column: email</label><input type=search><td></td></tr>";
    let html = format!("<table><thead><tr>{head}</tr>{search}</thead><tbody><tr><td>Ana Ruiz<td>ana@x.example<td>Provider</table>");
    let list = page(&spa(), &html);
    let ana = person(&list, "ana@x.example");
    assert_eq!((list.people.len(), text(ana, Field::LastName), text(ana, Field::Role)), (1, Some("Ruiz"), Some("provider")));
}

#[test]
fn a_tick_below_pending_comes_before_a_blank_below_active() {
    let list = spa().read("Name,Email,Pending,Active\nAna Ruiz,ana@x.example,x,\nKim Park,kim@x.example,,x\nLu Wu,lu@x.example,,\n");
    let status = |list: &UserList, login: &str| person(list, login).status;
    let of = |list: &UserList| ["ana@x.example", "kim@x.example", "lu@x.example"].map(|login| status(list, login));
    assert_eq!(of(&list), [Some(Standing::Pending), ACTIVE, Some(Standing::Inactive)]);
    let tab = spa().active("Name,Email,Pending\nAna Ruiz,ana@x.example,x\nKim Park,kim@x.example,\nLu Wu,lu@x.example,\n");
    assert_eq!(of(&tab), [Some(Standing::Pending), ACTIVE, ACTIVE]);
    let numbers = spa().active("Name,Email,Pending\nAna Ruiz,ana@x.example,3\nKim Park,kim@x.example,7\nLu Wu,lu@x.example,2\n");
    assert_eq!((of(&numbers), numbers.unknown["active.csv"].as_slice()), ([ACTIVE; 3], &["Pending".to_owned()][..]));
    let both = spa().refused("Name,Email,Pending,Inactive\nAna Ruiz,ana@x.example,x,x\nKim Park,kim@x.example,,\n");
    assert!(both.iter().any(|(_, cause)| case(cause) == "Contradiction"), "{both:?}");
}
