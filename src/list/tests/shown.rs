//! Files that show people of other states than the tab they are given as: by a choice on the page, a box, a line, a title.

use crate::model::{Field, Standing, Tab, Value};

use super::super::{About, Cause, UserList};
use super::{Place, case, person, set, spa, text};

const TABLE: &str = "<table><tr><th>Name<th>Email<th>Role<tr><td>Ana Ruiz<td>ana@x.example<td>Provider<tr><td>Kim Park<td>kim@x.example<td>Provider</table><p>Showing 1 to 2 of 2 entries</p>";

fn page(above: &str) -> String {
    format!("<html><head><title>Product</title></head><body>{above}{TABLE}</body></html>")
}

fn refused(text: &str) -> Cause {
    let problems = spa().try_files(&[("active.html", text.as_bytes(), Some(Tab::Active))]);
    problems.map_or_else(|problems| problems.list[0].cause.clone(), |_| panic!("it is believed: {text}"))
}

#[test]
fn a_page_on_which_everybody_is_chosen_is_not_one_of_active_users() {
    for above in [
        "<select><option>Active<option>Inactive<option selected>All</select>",
        "<select><option>All<option>Active<option>Inactive</select>",
        "<select name=status><option selected>All statuses<option>Active<option>Inactive</select>",
        "<select name=status><option selected>Active and inactive<option>Active</select>",
        "<div role=tablist><button role=tab aria-selected=true>All (2)</button><button role=tab>Active (1)</button><button role=tab>Inactive (1)</button></div>",
        "<ul class=nav><li><a class='nav-link active'>All</a><li><a class=nav-link>Active</a><li><a class=nav-link>Inactive</a></ul>",
        "<div><button aria-pressed=true>All</button><button aria-pressed=false>Active</button><button aria-pressed=false>Inactive</button></div>",
        "<label><input type=radio name=f checked>All</label><label><input type=radio name=f>Active</label><label><input type=radio name=f>Inactive</label>",
        "<label><input type=checkbox checked> Include inactive</label>",
        "<input type=checkbox id=c checked><label for=c>Show inactive users</label>",
        "<button role=switch aria-checked=true aria-label='Show deactivated users'></button>",
        "<div><span>Show deactivated users</span><div role=switch aria-checked=true></div></div>",
        "<label><input type=checkbox> Hide inactive users</label>",
        "<div role=combobox aria-label=Status>All</div>",
        "<button aria-haspopup=listbox>Status: All</button>",
        "<!-- saved from url=(0040)https://app.x.example/users?status=all -->",
        "<!-- saved from url=(0040)https://app.x.example/users?includeInactive=true -->",
    ] {
        let cause = refused(&page(above));
        let Cause::OtherStates { given, shown, .. } = cause else { panic!("{above}: {cause:?}") };
        assert_eq!((given, shown), (Tab::Active, None), "{above}");
        assert_eq!(spa().with_totals(&page(above), &[(Tab::Active, 2)]).people.len(), 2, "somebody has counted: {above}");
    }
}

#[test]
fn a_page_on_which_another_state_is_chosen_is_refused() {
    for above in [
        "<select name=status><option>All<option>Active<option selected>Inactive</select>",
        "<div><button class=btn>All</button><button class=btn>Active</button><button class='btn active'>Inactive</button></div>",
        "<label><input type=radio name=f>All</label><label><input type=radio name=f checked>Inactive</label><label><input type=radio name=f>Active</label>",
        "<div role=combobox aria-label=Status>Inactive</div>",
        "<button aria-haspopup=listbox>Status: Inactive</button>",
        "<p>Status: Inactive</p>",
        "<!-- saved from url=(0040)https://app.x.example/users?status=inactive -->",
        "<!-- saved from url=(0040)https://app.x.example/users/inactive -->",
        "<title>Inactive users - Product</title>",
    ] {
        let cause = refused(&page(above));
        let Cause::OtherStates { given, shown, .. } = cause else { panic!("{above}: {cause:?}") };
        assert_eq!((given, shown), (Tab::Active, Some(Tab::Inactive)), "{above}");
    }
    let rows = "Name\tEmail\tRole\nAna Ruiz\tana@x.example\tProvider\nKim Park\tkim@x.example\tProvider\n";
    for line in ["Status: Inactive", "Status: All", "Showing: Inactive users"] {
        assert!(["OtherStates", "OtherTab"].contains(&case(&refused(&format!("{line}\n{rows}"))).as_str()), "{line}");
    }
    for title in ["Report: Inactive users", "Terminated employees as of 11/28/2026", "List of inactive users"] {
        let cause = refused(&format!("{title}\n{}", rows.replace('\t', ",")));
        assert_eq!(cause, Cause::OtherTab { given: Tab::Active, chosen: Tab::Inactive }, "{title}");
    }
}

#[test]
fn a_page_with_choices_about_something_else_or_of_the_given_tab_is_not_refused() {
    for above in [
        "",
        "<select name=status><option>All<option selected>Active<option>Inactive</select>",
        "<select><option>Active<option>Inactive<option>All</select>",
        "<select name=two_factor><option selected>All<option>Enabled<option>Disabled</select>",
        "<select name=role><option selected>All roles<option>Provider</select>",
        "<select name=len><option>10<option selected>25</select>",
        "<label><input type=checkbox> Include inactive</label>",
        "<label><input type=checkbox checked> Hide inactive</label>",
        "<label><input type=checkbox checked> Active only</label>",
        "<nav><a class=active>All</a><a>A</a><a>B</a></nav>",
        "<dialog><select name=status><option selected>Inactive<option>Active</select></dialog>",
        "<form><input type=email><select name=status><option selected>Pending<option>Active</select></form>",
        "<ul class=nav><li><a class='nav-link active'>Active</a><li><a class=nav-link>Inactive</a></ul><select><option>All<option>Active<option>Inactive</select>",
        "<header><p>Status: Active</p></header>",
        "<h1>All users</h1>",
    ] {
        assert_eq!(spa().active(&page(above)).people.len(), 2, "{above}");
    }
    let column = TABLE.replace("<th>Role", "<th>Status").replacen("<td>Provider", "<td>Inactive", 1).replace("<td>Provider", "<td>Active");
    let list = spa().active(&format!("<select><option selected>All<option>Active<option>Inactive</select>{column}"));
    assert_eq!(person(&list, "ana@x.example").status, Some(Standing::Inactive), "a column says who is active");
}

#[test]
fn rows_and_panels_that_a_style_sheet_of_the_page_hides_are_not_shown() {
    let with = |css: &str, class: &str| {
        let table = TABLE.replace("<tr><td>Kim", &format!("<tr class='{class}'><td>Kim"));
        spa().active(&format!("<html><head><style>{css}</style></head><body>{table}</body></html>"))
    };
    for (css, class) in [
        (".gone{display:none}", "gone"),
        ("/* x */ tr.gone , .y { color:red; display : none !important }", "gone"),
        ("table .gone{visibility:collapse}", "gone"),
        ("table > tbody > .gone{display:none}", "gone"),
        (".gone{display:table-row}.gone{display:none}", "gone"),
        ("@import 'x.css'; .a{background:url(\"data:x;{}\")} .gone{display:none}", "gone"),
    ] {
        let list = with(css, class);
        assert_eq!((list.people.len(), list.tabs[&Tab::Active].is_filtered), (1, true), "{css}");
    }
    for (css, class) in [
        (".gone{display:none}.gone.on{display:table-row}", "gone on"),
        ("@media (max-width:600px){.gone{display:none}}", "gone"),
        ("@media print{.gone{display:none}}", "gone"),
        (".gone:hover{display:none}", "gone"),
        (".gone{display:none}@media (min-width:600px){.gone{display:table-row}}", "gone"),
        ("body{display:none}", ""),
        ("table{display:none}", ""),
        (".gone::after{display:none}", "gone"),
    ] {
        let list = with(css, class);
        assert_eq!((list.people.len(), list.tabs[&Tab::Active].is_filtered), (2, false), "{css}");
    }
    let panels = format!(
        "<style>.pane{{display:none}}.pane.on{{display:block}}</style><div class='pane on'>{TABLE}</div><div class=pane>{}</div>",
        TABLE.replace("ana@", "lee@")
    );
    assert!(!spa().active(&panels).people.keys().any(|login| login.as_str() == "lee@x.example"));
}

#[test]
fn of_several_boxes_in_one_cell_the_ticked_ones_count() {
    let boxes = |one: &str, two: &str| {
        [
            format!("<label><input type=checkbox {one}>Glow Downtown</label><label><input type=checkbox {two}>Glow Uptown</label>"),
            format!("<input type=checkbox {one}> Glow Downtown<br><input type=checkbox {two}> Glow Uptown"),
            format!(
                "<input id=a type=checkbox {one}><label for=a>Glow Downtown</label><input id=b type=checkbox {two}><label for=b>Glow Uptown</label>"
            ),
            format!("<label>Glow Downtown <input type=checkbox {one}></label><label>Glow Uptown <input type=checkbox {two}></label>"),
        ]
    };
    let read = |cell: &str| {
        let list = spa().active(&format!("<table><tr><th>Name<th>Email<th>Clinics<tr><td>Ana Ruiz<td>ana@x.example<td>{cell}</table>"));
        person(&list, "ana@x.example").fields.get(&Field::Clinics).cloned()
    };
    for (one, both) in boxes("checked", "").iter().zip(boxes("checked", "checked")) {
        assert_eq!(read(one), Some(set(&["downtown"])), "{one}");
        assert_eq!(read(&both), Some(set(&["downtown", "uptown"])), "{both}");
    }
    for none in boxes("", "") {
        assert_eq!(read(&none), None, "a page keeps boxes as they were loaded: {none}");
    }
    assert_eq!(read("<label><input type=checkbox>Glow Uptown</label>"), None);
}

#[test]
fn a_column_that_is_not_read_and_says_another_state_is_named_with_its_rows() {
    let note = |header: &str, word: &str| {
        let list = spa().active(&format!("Name,Email,{header}\nAna Ruiz,ana@x.example,{word}\n"));
        list.notes.into_iter().map(|note| note.about).find(|about| case(about) == "StateNotRead")
    };
    for (header, word) in [("Benefits", "Terminated"), ("Has been locked", "Yes")] {
        let expected = About::StateNotRead { header: header.to_owned(), word: word.to_owned(), rows: vec![2] };
        assert_eq!(note(header, word), Some(expected));
    }
    for (header, word) in [("Benefits", "Active"), ("Two-step", "Yes"), ("Has been locked", "No"), ("Team", "Blue")] {
        assert_eq!(note(header, word), None, "{header}: {word}");
    }
}

#[test]
fn a_page_of_everybody_that_hides_some_is_not_complete() {
    let table = TABLE.replace("<th>Role", "<th>Status").replace("<td>Provider", "<td>Active");
    let read = |above: &str| {
        let page = format!("<html><body>{above}{table}</body></html>");
        let list = spa().try_files(&[("users.html", page.as_bytes(), None)]).unwrap_or_else(|problems| panic!("{problems:?}"));
        list.tabs[&Tab::All].is_filtered
    };
    for above in [
        "<label><input type=checkbox> Show inactive</label>",
        "<label><input type=checkbox checked> Hide inactive</label>",
        "<label><input type=checkbox> Show hidden users</label>",
        "<button role=switch aria-checked=false aria-label='Show inactive users'></button>",
        "<select name=status><option>All<option selected>Active</select>",
        "<div role=tablist><button role=tab aria-selected=true>Active</button><button role=tab>Inactive</button></div>",
    ] {
        assert!(read(above), "{above}");
    }
    for above in [
        "",
        "<label><input type=checkbox checked> Show inactive</label>",
        "<select name=status><option selected>All<option>Active</select>",
    ] {
        assert!(!read(above), "{above}");
    }
}

#[test]
fn cells_that_span_many_rows_and_columns_and_endless_tags_are_too_much_at_once() {
    let spans = format!("<table>{}</table>", "<tr><td colspan=1000 rowspan=65534>x".repeat(500));
    let down = format!("<table>{}</table>", "<tr><td rowspan=65534>x".repeat(5_000));
    let names: Vec<String> = (0..30_000).map(|at| format!("a{at}=1")).collect();
    let attributes = format!("<table><tr><td {}>x</table>", names.join(" "));
    for page in [spans, down, attributes] {
        let refused = spa().refused(&format!("<html><body>{page}</body></html>"));
        assert!(refused.iter().any(|(_, cause)| case(cause) == "TooLarge"), "{refused:?}");
    }
}

/// The people of a page with these rows below Ana's, in a workspace with these words.
fn beside_ana(yaml: &str, rows: &str) -> UserList {
    let own = spa().with(yaml);
    own.active(&format!("<table><tr><th>Name<th>Email<th>Role<tr><td>Ana Ruiz<td>ana@x.example<td>Provider{rows}</table>"))
}

#[test]
fn a_mark_that_the_workspace_explains_does_not_explain_others() {
    let row = |attribute: &str, login: &str| format!("<tr {attribute}><td>Kim Park<td>{login}@x.example<td>Provider");
    let rows = [row("class='row-off'", "off"), row("class=inactive", "gone"), row("style='color:#999'", "grey")].concat();
    let list = beside_ana("{ marks: { inactive: [row-off] } }", &rows);
    let status = |list: &UserList, login: &str| person(list, login).status;
    assert_eq!(status(&list, "off@x.example"), Some(Standing::Inactive));
    assert_eq!((status(&list, "gone@x.example"), status(&list, "grey@x.example")), (None, None));
    assert_eq!(status(&list, "ana@x.example"), Some(Standing::Active));
    let list = beside_ana("{ values: { status: { inactive: active, 'color:#999': active } } }", &rows);
    assert_eq!((status(&list, "gone@x.example"), status(&list, "grey@x.example")), (Some(Standing::Active), Some(Standing::Active)));
}

#[test]
fn a_mark_can_be_a_text_beside_somebody() {
    for (yaml, kim, status, blocked) in [
        ("{ marks: { blocked: [Stopped] } }", "Kim Park<td>kim@x.example <span class=badge>Stopped</span>", Standing::Active, Some(true)),
        ("{ marks: { blocked: [Stopped] } }", "Kim Park <span class=badge>Stopped</span><td>kim@x.example", Standing::Active, Some(true)),
        ("{ marks: { blocked: ['🚫'] } }", "🚫 Kim Park<td>kim@x.example", Standing::Active, Some(true)),
        ("{ marks: { inactive: [Left] } }", "Kim Park (Left)<td>kim@x.example", Standing::Inactive, None),
        ("{ marks: { inactive: [Left] } }", "Kim Park <em>Left</em><td>kim@x.example", Standing::Inactive, None),
    ] {
        let list = beside_ana(yaml, &format!("<tr><td>{kim}<td>Provider"));
        let found = person(&list, "kim@x.example");
        assert_eq!((found.status, found.blocked), (Some(status), blocked), "{kim}");
        assert_eq!((text(found, Field::FirstName), text(found, Field::LastName)), (Some("Kim"), Some("Park")), "{kim}");
        assert_eq!(person(&list, "ana@x.example").blocked, blocked.map(|_| false));
    }
    for (kim, first) in [("🚫 Kim Park", None), ("Kim Park 🔒", Some("Kim"))] {
        let list = beside_ana("{}", &format!("<tr><td>{kim}<td>kim@x.example<td>Provider"));
        let found = person(&list, "kim@x.example");
        assert_eq!((found.status, text(found, Field::FirstName)), (None, first), "{kim}");
        assert!(list.notes.iter().any(|note| case(&note.about) == "Stray"), "{kim}");
    }
    let named = "{ values: { status: { Kim Park - TERMED: inactive } } }";
    let list = beside_ana(named, "<tr><td>Kim Park - TERMED<td>kim@x.example<td>Provider");
    assert_eq!(person(&list, "kim@x.example").status, Some(Standing::Inactive));
}

#[test]
fn a_label_that_is_glued_to_a_value_is_not_part_of_it() {
    let td = |label: &str, value: &str| format!("<td><span class='c7'>{label}</span>{value}</td>");
    let row =
        |first: &str, login: &str| [td("First Name", first), td("Last Name", "Park"), td("Email", login), td("Role", "Admin")].concat();
    let head = "<tr><th>First Name<th>Last Name<th>Email<th>Role</tr>";
    let list =
        spa().active(&format!("<table>{head}<tr>{}</tr><tr>{}</tr></table>", row("Kim", "kim@x.example"), row("Ana", "ana@x.example")));
    let kim = person(&list, "kim@x.example");
    assert_eq!((text(kim, Field::FirstName), text(kim, Field::LastName)), (Some("Kim"), Some("Park")));
    assert_eq!(text(kim, Field::Role), Some("administrator"));
    for address in ["<mat-icon>email</mat-icon>kim@x.example", "<span>Verified</span>kim@x.example", "kim@x.example<span>Copy</span>"] {
        let list = spa().active(&format!("<table><tr><th>Name<th>Email<tr><td><mat-icon>person</mat-icon>Kim Park<td>{address}</table>"));
        assert_eq!(text(person(&list, "kim@x.example"), Field::FirstName), Some("Kim"), "{address}");
    }
    let found = spa().active("<table><tr><th>Name<th>Email<tr><td>Kim Park<td><mark>kim.</mark>park@x.example</table>");
    assert!(found.people.keys().any(|login| login.as_str() == "kim.park@x.example"), "{:?}", found.people);
    // "Administrator" begins with "Admin", and is a word of its own.
    let list = spa().active("<table><tr><th>Name<th>Email<th>Admin<tr><td>Kim Park<td>kim@x.example<td>Administrator</table>");
    assert_eq!(list.people.len(), 1);
}

#[test]
fn a_row_without_a_login_that_a_word_calls_nobodys_is_left_out_and_named() {
    let list = spa().read("Name,Email,Status\nAna Ruiz,ana@x.example,Active\nDeploy Bot,,Bot\n");
    assert_eq!(list.people.len(), 1);
    assert!(list.notes.iter().any(|note| note.about == About::WithoutAccount { rows: vec![3] }), "{:?}", list.notes);
    let refused = spa().refused("Name,Email,Status\nAna Ruiz,ana@x.example,Active\nKim Park,,Active\n");
    assert_eq!(refused, [(Some(3), Cause::WithoutLogin)]);
}

#[test]
fn a_column_of_further_values_belongs_to_the_one_that_it_names() {
    let list = spa().active(
        "Name,Email,Clinic,Clinic 2,Contact Number,Contact Number 2,Secondary Phone\nAna Ruiz,ana@x.example,Glow Uptown,Glow Downtown,602-555-0101,602-555-0103,\nKim Park,kim@x.example,Glow Uptown,,602-555-0102,,602-555-0104\n",
    );
    let phones = |login: &str| person(&list, login).fields[&Field::Phones].clone();
    let numbers = |all: [&str; 2]| Value::List(all.iter().map(|text| (*text).to_owned()).collect());
    assert_eq!(phones("ana@x.example"), numbers(["+16025550101", "+16025550103"]));
    assert_eq!(phones("kim@x.example"), numbers(["+16025550102", "+16025550104"]));
    let clinics = |login: &str| person(&list, login).fields[&Field::Clinics].clone();
    assert_eq!((clinics("ana@x.example"), clinics("kim@x.example")), (set(&["downtown", "uptown"]), set(&["uptown"])));
    assert!(list.unknown.is_empty(), "{:?}", list.unknown);
    let only = spa().active("Name,Email,Clinic 1,Clinic 2\nAna Ruiz,ana@x.example,Glow Uptown,Glow Downtown\n");
    assert_eq!(person(&only, "ana@x.example").fields[&Field::Clinics], set(&["downtown", "uptown"]));
}

#[test]
fn a_role_is_unknown_where_two_columns_give_different_ones() {
    for (header, ana, kim, rows) in [
        ("Is Admin", "Yes", "No", vec![2]),
        ("Secondary Role", "Front Desk", "Provider", vec![2]),
        ("Role 2", "", "Admin", vec![3]),
        ("Is Admin", "No", "", vec![]),
    ] {
        let text = format!(
            "Name,Email,Role,{header}\nAna Ruiz,ana@x.example,Provider,{ana}\nKim Park,kim@x.example,Provider,{kim}\nOl St,ol@x.example,Admin,Yes\n"
        );
        let list = spa().active(&text.replace(",Admin,Yes", if header == "Is Admin" { ",Admin,Yes" } else { ",Admin," }));
        let unknown: Vec<u64> = [("ana@x.example", 2), ("kim@x.example", 3), ("ol@x.example", 4)]
            .into_iter()
            .filter(|(login, _)| !person(&list, login).fields.contains_key(&Field::Role))
            .map(|(_, row)| row)
            .collect();
        assert_eq!(unknown, rows, "{header}");
        let noted =
            list.notes.iter().find_map(|note| if let About::OtherRole { rows, .. } = &note.about { Some(rows.clone()) } else { None });
        assert_eq!(noted.unwrap_or_default(), rows, "{header}");
    }
}

#[test]
fn beside_columns_of_roles_a_switch_with_the_name_of_a_role_is_one() {
    let list = spa()
        .active("Name,Email,Admin,Provider,Front Desk\nOl St,ol@x.example,x,,\nAna Ruiz,ana@x.example,,x,\nKim Park,kim@x.example,,,x\n");
    let role = |login: &str| text(person(&list, login), Field::Role).map(str::to_owned);
    let roles = ["ol@x.example", "ana@x.example", "kim@x.example"].map(|login| role(login).unwrap_or_default());
    assert_eq!(roles, ["administrator", "provider", "front-desk"]);
    assert!(!list.fields.contains(&Field::Provider), "{:?}", list.fields);
    let switch = spa().active("Name,Email,Role,Provider\nAna Ruiz,ana@x.example,Front Desk,x\nKim Park,kim@x.example,Front Desk,\n");
    assert_eq!(person(&switch, "ana@x.example").fields.get(&Field::Provider), Some(&Value::Flag(true)));
}

#[test]
fn two_columns_of_one_meaning_that_say_different_things_make_it_unknown() {
    let unknown = |place: &Place, headers: &str, ana: &str, kim: &str, field: Field| {
        let list = place.active(&format!("Name,Email,{headers}\nAna Ruiz,ana@x.example,{ana}\nKim Park,kim@x.example,{kim}\n"));
        let has = |login: &str| person(&list, login).fields.contains_key(&field);
        let noted = list.notes.iter().find_map(|note| if let About::Rivals { rows, .. } = &note.about { Some(rows.clone()) } else { None });
        (has("ana@x.example"), has("kim@x.example"), noted.unwrap_or_default())
    };
    for headers in ["Role,User Role", "Role,Access Level", "Role,Permission Group"] {
        let found = unknown(&spa(), headers, "Provider,Administrator", "Front Desk,Front Desk", Field::Role);
        assert_eq!(found, (false, true, vec![2]), "{headers}");
    }
    let other = unknown(&spa(), "Role,Access Level", "Provider,Full", "Front Desk,", Field::Role);
    assert_eq!(other, (false, false, vec![2, 3]), "nor does anybody know what another word or a blank cell says of it");
    let clinics = unknown(&spa(), "Clinic,Location", "Glow Downtown,Glow Uptown", "Glow Uptown,Glow Uptown", Field::Clinics);
    assert_eq!(clinics, (false, true, vec![2]));
    let named = spa().with("columns: { role: [Role] }");
    assert_eq!(unknown(&named, "Role,User Role", "Provider,Administrator", "Front Desk,", Field::Role), (true, true, vec![]));
    let blocked = spa().active("Name,Email,Blocked,Suspended\nAna Ruiz,ana@x.example,No,Yes\nKim Park,kim@x.example,No,No\n");
    assert_eq!(["ana@x.example", "kim@x.example"].map(|login| person(&blocked, login).blocked), [None, Some(false)]);
}
