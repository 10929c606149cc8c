//! Pages as browsers save them, each with the trap that it has.

use crate::model::{Field, Standing, Tab, Value};

use super::super::{About, Cause, Limit, Problems, UserList};
use super::{Place, at, case, person, plain, set, spa, text};

fn page(place: &Place, body: &str) -> UserList {
    let html = format!("<!DOCTYPE html><html><head><title>Users</title><style>td {{ }}</style></head><body>{body}</body></html>");
    place.try_files(&[("users.html", html.as_bytes(), Some(Tab::Active))]).unwrap_or_else(|problems| panic!("{problems:?}"))
}

#[test]
fn a_table_is_read_with_what_is_around_it() {
    let list = page(
        &spa(),
        "<h1>Teammates</h1><table><thead><tr><th>Name<th>Email<th>Role<th>Clinic(s)<th></thead><tbody>
         <tr><td>Ana&nbsp;Ruiz<td><a href='mailto:ana@glow.example'>ana@glo…</a><td>Provider<td>Glow Downtown<br>Glow Uptown<td><button>Edit</button>
         <tr><td>Kim Park<td title='kim@glow.example'>kim@glow.ex...<td>Front Desk<td>Glow Uptown <span>+2 more</span><td>
         <tr aria-hidden=true class=ant-table-measure-row><td>&nbsp;<td>&nbsp;<td><td><td></tbody></table>
         <div>Showing <b>1</b> to <b>2</b> of <b>57</b> entries</div>",
    );
    let ana = person(&list, "ana@glow.example");
    assert_eq!((text(ana, Field::FirstName), text(ana, Field::Role)), (Some("Ana"), Some("provider")));
    assert_eq!(ana.fields.get(&Field::Clinics), Some(&set(&["downtown", "uptown"])));
    assert_eq!(person(&list, "kim@glow.example").fields.get(&Field::Clinics), None);
    assert_eq!((list.people.len(), list.tabs[&Tab::Active].total), (2, Some(57)));
}

#[test]
fn a_grid_of_other_elements_is_merged_by_its_numbers() {
    let list = page(
        &spa(),
        "<div role=grid aria-rowcount=40 aria-colcount=6>
         <div role=row aria-rowindex=1><div role=columnheader data-field=name aria-colindex=1>Name</div></div>
         <div role=row aria-rowindex=1><div role=columnheader data-field=email aria-colindex=2>Email</div><div role=columnheader aria-colindex=3>Role</div></div>
         <div><div role=row aria-rowindex=3><div role=gridcell aria-colindex=1>Kim Park</div></div>
         <div role=row aria-rowindex=2><div role=gridcell aria-colindex=1>Ana Ruiz</div></div></div>
         <div><div role=row aria-rowindex=2><div role=gridcell aria-colindex=3>Provider</div><div role=gridcell aria-colindex=2>ana@glow.example</div></div>
         <div role=row aria-rowindex=3><div role=gridcell aria-colindex=2>kim@glow.example</div><div role=gridcell aria-colindex=3>Front Desk</div></div></div></div>",
    );
    assert_eq!(text(person(&list, "ana@glow.example"), Field::Role), Some("provider"));
    assert_eq!(text(person(&list, "kim@glow.example"), Field::FirstName), Some("Kim"));
    let hidden = |columns, read, counted| About::Hidden { columns, read, counted };
    let about: Vec<&About> = list.notes.iter().map(|note| &note.about).collect();
    assert_eq!(about, [&hidden(false, 3, 40), &hidden(true, 3, 6)]);
    assert_eq!(list.tabs[&Tab::Active].total, Some(39));
}

#[test]
fn cells_without_rows_are_grouped() {
    let owned = "<div role=grid><div role=row><span role=columnheader>Email</span><span role=columnheader>Name</span></div>
        <div role=row aria-owns='a b'></div></div><div id=b role=gridcell>Ana Ruiz</div><div id=a role=gridcell>ana@glow.example</div>";
    let list = page(&spa(), owned);
    assert_eq!(list.people.len(), 1);
    let numbered = "<div role=grid><div role=columnheader aria-colindex=1>Email</div><div role=columnheader aria-colindex=2>Name</div>
        <div role=gridcell aria-rowindex=2 aria-colindex=2>Ana Ruiz</div><div role=gridcell aria-rowindex=2 aria-colindex=1>ana@glow.example</div></div>";
    assert_eq!(text(person(&page(&spa(), numbered), "ana@glow.example"), Field::LastName), Some("Ruiz"));
}

#[test]
fn a_header_that_stays_in_view_is_a_table_of_its_own() {
    let list = page(
        &spa(),
        "<div class=head><table><tr><th>Email<th>Name<th>Role</table></div><div class=body><table><tr style='display: none'><td><td><td>
         <tr><td>ana@glow.example<td>Ana Ruiz<td>Provider</table></div>",
    );
    assert_eq!(text(person(&list, "ana@glow.example"), Field::Role), Some("provider"));
    let cloned = "<table><tr><th>Email<th>Name<th>Role</table><table><tr><th>Email<th>Name<th>Role<tr><td>ana@glow.example<td>Ana Ruiz<td>Provider</table>";
    assert_eq!(page(&spa(), cloned).people.len(), 1);
}

#[test]
fn doubles_for_narrow_screens_are_not_values() {
    let list = page(
        &spa(),
        "<table><tr><th>Name<th>Email<th>Role<tr class=parent><td><span class=label>Name:</span> Ana Ruiz<td data-label=Email>ana@glow.example<td style='display:none'>Provider
         <tr class=child><td colspan=3>Role: Provider</table>",
    );
    let ana = person(&list, "ana@glow.example");
    assert_eq!((text(ana, Field::FirstName), text(ana, Field::Role)), (Some("Ana"), Some("provider")));
}

#[test]
fn the_name_cell_has_initials_badges_and_the_address() {
    let list = page(
        &spa(),
        "<table><tr><th>User<th>Clinics<tr><td><div>AR</div><div>Ana Ruiz (you)</div><div>ana@glow.example</div><span>Administrator</span><td>Glow Uptown
         <tr><td><b>KP</b><div>Kim Park</div><small>kim@glow.example</small><div>Invited 3 days ago</div><td>Glow Uptown</table>",
    );
    let ana = person(&list, "ana@glow.example");
    assert_eq!((text(ana, Field::FirstName), text(ana, Field::LastName)), (Some("Ana"), Some("Ruiz")));
    assert_eq!(person(&list, "kim@glow.example").status, Some(Standing::Pending));
}

#[test]
fn an_icon_marks_who_is_blocked_and_without_any_nobody_knows() {
    let row = |name: &str, icon: &str| format!("<tr><td>{name}<td>{}@glow.example {icon}<td>Provider", &name[..3]);
    let table = |icon: &str| format!("<table><tr><th>Name<th>Email<th>Role{}{}</table>", row("Ana Ruiz", icon), row("Kim Park", ""));
    for icon in
        ["<i title='Blocked'></i>", "<svg><title>Blocked</title><path/></svg>", "<img alt=blocked src=x>", "<i class='icon cancel'></i>"]
    {
        let list = page(&spa(), &table(icon));
        assert_eq!(
            (person(&list, "ana@glow.example").blocked, person(&list, "kim@glow.example").blocked),
            (Some(true), Some(false)),
            "{icon}"
        );
        assert!(list.blocked);
    }
    let list = page(&spa(), &table("<i class=star></i>"));
    assert_eq!((person(&list, "ana@glow.example").blocked, list.blocked), (None, false));
    let list = page(&spa().with("marks: { blocked: [ban] }"), &table(""));
    assert_eq!((person(&list, "ana@glow.example").blocked, list.blocked), (Some(false), true));
}

#[test]
fn boxes_that_are_all_equal_say_nothing() {
    let table = |a: &str, b: &str| {
        format!(
            "<table><tr><th>Name<th>Email<th>Active<tr><td>A B<td>a@x.example<td><input type=checkbox {a}><tr><td>B C<td>b@x.example<td><input type=checkbox {b}></table>"
        )
    };
    let list = page(&plain(), &table("checked", ""));
    assert_eq!(
        (person(&list, "a@x.example").status, person(&list, "b@x.example").status),
        (Some(Standing::Active), Some(Standing::Inactive))
    );
    for equal in ["", "checked"] {
        let html = format!("<html><body>{}</body></html>", table(equal, equal));
        let problems = plain().try_files(&[("u.html", html.as_bytes(), None)]).unwrap_err();
        assert_eq!(problems.list[0].cause, Cause::NoStateIn { header: "Active".to_owned() }, "{equal}");
    }
    // A word among them makes the boxes no surer.
    let mixed = table("", "").replace("</table>", "<tr><td>C D<td>c@x.example<td>Yes</table>");
    let problems = plain().try_files(&[("u.html", format!("<html><body>{mixed}</body></html>").as_bytes(), None)]).unwrap_err();
    assert_eq!(problems.list[0].cause, Cause::NoStateIn { header: "Active".to_owned() });
    let list = page(
        &spa(),
        "<table><tr><th>Name<th>Email<th>Dashboard Access<tr><td>A B<td>a@x.example<td><input type=checkbox><tr><td>B C<td>b@x.example<td><input type=checkbox></table>",
    );
    assert!(!list.fields.iter().any(|field| field.key() == "dashboard_access"));
}

#[test]
fn form_controls_in_a_table_have_values() {
    let list = page(
        &at(1),
        "<table><tr><th>Name<th>Active<th>Email<th>Role
         <tr><td>Dana Fox<td><input type=checkbox checked><td><input value='dana@bright.example'><td><select><option>Hygienist<option selected>Owner</select>
         <tr><td>Rob Hale<td><input type=checkbox><td><input value=''><td><select><option>Hygienist</select></table>",
    );
    let dana = person(&list, "dana@bright.example");
    assert_eq!((text(dana, Field::Role), dana.status, list.people.len()), (Some("owner"), Some(Standing::Active), 1));
}

#[test]
fn merged_cells_of_a_page_are_that_of_every_row() {
    let list = page(
        &spa(),
        "<table><tr><th rowspan=2>Email<th colspan=2>Name<th rowspan=2>Clinic<tr><th>First Name<th>Last Name
         <tr><td rowspan=2>ana@glow.example<td rowspan=2>Ana<td rowspan=2>Ruiz<td>Glow Uptown<tr><td>Glow Downtown</table>",
    );
    let ana = person(&list, "ana@glow.example");
    assert_eq!((text(ana, Field::FirstName), ana.fields.get(&Field::Clinics)), (Some("Ana"), Some(&set(&["downtown", "uptown"]))));
    assert_eq!(ana.fields.get(&Field::Phones), None::<&Value>);
}

#[test]
fn hidden_rows_and_filters_are_said() {
    let list =
        page(&spa(), "<table><tr><th>Name<th>Email<tr><td>A B<td>a@x.example<tr style='display:none'><td>B C<td>b@x.example</table>");
    assert!(list.tabs[&Tab::Active].is_filtered && list.people.len() == 1);
    let list = page(
        &spa(),
        "<table><tr><th>Name<th>Email<tr><td>A B<td>a@x.example</table><p>Showing 1 to 1 of 1 entries (filtered from 9 total entries)</p>",
    );
    assert!(list.tabs[&Tab::Active].is_filtered);
}

#[test]
fn a_page_without_a_table_names_its_frames() {
    let html = "<html><body><iframe src='Users_files/list.html'></iframe><p>Users</p></body></html>";
    let problems = spa().try_files(&[("u.html", html.as_bytes(), Some(Tab::Active))]).unwrap_err();
    assert_eq!(problems.list[0].cause, Cause::NoTable { frames: vec!["Users_files/list.html".to_owned()] });
}

#[test]
fn hostile_pages_end_early() {
    let refused = |html: String| spa().try_files(&[("u.html", html.as_bytes(), Some(Tab::Active))]).unwrap_err().list.remove(0).cause;
    assert_eq!(refused(format!("<html>{}", "<div>".repeat(1_000_000))), Cause::TooLarge(Limit::Depth));
    assert_eq!(refused(format!("<html>{}", "<b>".repeat(1_000_000))), Cause::TooLarge(Limit::Depth));
    assert_eq!(refused(format!("<html>{}", "<p></p>".repeat(1_000_000))), Cause::TooLarge(Limit::Nodes));
    assert_eq!(refused(format!("<table><tr>{}</table>", "<td>".repeat(5_000))), Cause::TooLarge(Limit::Columns));
    let headings = "<div role=heading>".repeat(100);
    let html =
        |tables: usize| format!("<html><body>{headings}{}{}", "long ".repeat(2_000_000), "<table><tr><th>Email</table>".repeat(tables));
    assert_eq!(refused(html(20_000)), Cause::TooLarge(Limit::Tables));
    let classes = (0..20).map(|at| format!("c{at}")).collect::<Vec<_>>().join(" ");
    let rows = format!("<tr class='{classes}'><td>a@x.example<td>A B").repeat(15_000);
    assert_eq!(refused(format!("<table><tr><th>Email<th>Name{rows}</table>")), Cause::TooLarge(Limit::Marks));
    let html = html(900);
    assert!(spa().try_files(&[("u.html", html.as_bytes(), Some(Tab::Inactive))]).unwrap().people.is_empty());
}

#[test]
fn a_row_that_says_that_there_are_none_is_not_a_person() {
    let html = "<table><tr><th>Name<th>Email<tr><td colspan=2>No matching records found</table>";
    assert!(spa().try_files(&[("u.html", html.as_bytes(), Some(Tab::Inactive))]).unwrap().people.is_empty());
}

#[test]
fn a_heading_above_a_second_table_gives_the_state_of_its_people() {
    let row = |name: &str| format!("<tr><td>{name} B<td>{name}@x.example<td>Staff");
    let table = |head: &str, name: &str| format!("<table>{head}{}</table>", row(name));
    let head = "<tr><th>Name<th>Email<th>Type";
    let states = |html: &str, tab| {
        let html = format!("<html><body><h1>Account information</h1>{html}</body></html>");
        let list = at(2).try_files(&[("u.html", html.as_bytes(), tab)])?;
        Ok::<_, Problems>(list.people.into_values().map(|person| person.status).collect::<Vec<_>>())
    };
    let inactive = Some(Standing::Inactive);
    for second in ["Deactivated Users", "Deactivated users (1)", "Inactive", "Former colleagues"] {
        for own in [head, ""] {
            let html = format!("<h2>Active members</h2>{}<h3>{second}</h3>{}", table(head, "a"), table(own, "b"));
            assert_eq!(states(&html, Some(Tab::Active)).unwrap()[1], inactive, "{second} {own}");
            let html = format!("<h2>Pending</h2>{}<h3>{second}</h3>{}", table(head, "a"), table(own, "b"));
            assert_eq!(states(&html, None).unwrap(), [Some(Standing::Pending), inactive], "{second} {own}");
        }
    }
    let html = format!("<h2>Front desk</h2>{}<h2>Back office</h2>{}", table(head, "a"), table(head, "b"));
    assert_eq!(states(&html, Some(Tab::Inactive)).unwrap(), [inactive, inactive]);
    let html = format!("{}<h2>Deactivated Users</h2>{}", table(head, "a"), table(head, "b"));
    assert_eq!(states(&html, None).unwrap_err().list[0].cause, Cause::NoState, "nothing says who in the first table is active");
    let own = at(2).with("values: { status: { Ehemalige Mitarbeiter: inactive } }");
    let html = format!("<html><h2>Active</h2>{}<h2>Ehemalige Mitarbeiter</h2>{}", table(head, "a"), table(head, "b"));
    let list = own.try_files(&[("u.html", html.as_bytes(), Some(Tab::Active))]).unwrap();
    assert_eq!(person(&list, "b@x.example").status, inactive);
}

#[test]
fn icons_that_nobody_explained_are_named_once_without_names_of_people() {
    let row = |name: &str, icon: &str| {
        format!("<tr><td><img alt='{name} Lee'>{name} Lee<td>{name}@glow.example {icon}<td>Provider <i class='pencil' title=Edit></i>")
    };
    let html = format!(
        "<table><tr><th>Name<th>Email<th>Role{}{}{}</table>",
        row("Ana", "<i class='fa fa-ban' title='No entry'></i>"),
        row("Kim", "<i class='fa fa-star'></i>"),
        row("Tom", "<i class='fa fa-star'></i>")
    );
    let list = page(&spa(), &html);
    let icons: Vec<&About> = list.notes.iter().map(|note| &note.about).filter(|about| case(about) == "Icons").collect();
    let classes = ["No entry", "fa-ban", "fa-star"].map(str::to_owned).to_vec();
    assert_eq!(icons, [&About::Icons { classes, state: crate::platform::MarkedState::Blocked }]);
    let list = page(&spa().with("marks: { blocked: [fa-ban] }"), &html);
    assert_eq!((person(&list, "ana@glow.example").blocked, person(&list, "kim@glow.example").blocked), (Some(true), Some(false)));
    assert!(!list.notes.iter().any(|note| case(&note.about) == "Icons"), "{:?}", list.notes);
}

#[test]
fn the_hidden_panel_of_another_tab_is_not_read() {
    let people = |name: &str| format!("<table><tr><th>Name<th>Email<tr><td>{name}<td>{name}@x.example</table>");
    let html = format!(
        "<html><body>{}<div style='display: none'>{}</div><div hidden>{}</div></body></html>",
        people("lee"),
        people("kim"),
        people("ana")
    );
    let list = plain().try_files(&[("inactive.html", html.as_bytes(), Some(Tab::Inactive))]).unwrap();
    assert_eq!(list.people.keys().map(ToString::to_string).collect::<Vec<_>>(), ["lee@x.example"]);
}

#[test]
fn the_sizes_of_pages_are_not_totals() {
    let table = "<table><tr><th>Name<th>Email<tr><td>A B<td>a@x.example<tr><td>B C<td>b@x.example</table>";
    for control in [
        "<button>2 rows</button>",
        "<span role=button>2 users</span>",
        "<div>Show <select><option selected>2 users<option>50 users</select></div>",
        "<ul role=listbox><li role=option>2 users</ul>",
        "<div>2 rows</div>",
    ] {
        let list = page(&spa(), &format!("{table}{control}"));
        assert_eq!(list.tabs[&Tab::Active].total, None, "{control}");
        let list = page(&spa(), &format!("{table}<footer>{control}<p>1–2 of 43</p></footer>"));
        assert_eq!(list.tabs[&Tab::Active].total, Some(43), "{control}");
    }
    let footer = "<footer>Rows per page: <select><option>10<option selected>25</select> <span>1–2 of 43</span></footer>";
    assert_eq!(page(&spa(), &format!("{table}{footer}")).tabs[&Tab::Active].total, Some(43));
}

#[test]
fn a_panel_that_the_style_sheet_hides_is_not_read() {
    let people = |name: &str| format!("<table><tr><th>Name<th>Email<tr><td>{name} B<td>{name}@x.example</table>");
    let (kim, lee) = (people("kim"), people("lee"));
    for html in [
        format!("<div class='tab-pane fade'>{kim}</div><div class='tab-pane fade show active'>{lee}</div>"),
        format!(
            "<a role=tab aria-selected=false aria-controls=one>Active</a><a role=tab aria-selected=true aria-controls=two>Team</a>
             <div role=tabpanel id=one>{kim}</div><div role=tabpanel id=two>{lee}</div>"
        ),
        format!(
            "<button role=tab id=t1 aria-selected=false>Active</button><button role=tab id=t2 aria-selected=true>Team</button>
             <div role=tabpanel aria-labelledby=t1>{kim}</div><div role=tabpanel aria-labelledby=t2>{lee}</div>"
        ),
        format!("<div role=tabpanel aria-hidden=true>{kim}</div><div role=tabpanel>{lee}</div>"),
        format!("<div class=d-none>{kim}</div><div>{lee}</div>"),
        format!("<div class='hidden'>{kim}</div><div class='hidden md:block'>{lee}</div>"),
    ] {
        let list = page(&spa(), &html);
        assert_eq!(list.people.keys().map(ToString::to_string).collect::<Vec<_>>(), ["lee@x.example"], "{html}");
    }
    // Everything below an open dialog is on the page.
    let html = format!("<div aria-hidden=true>{kim}</div><div class='tab-pane'>{lee}</div><div role=dialog>Saved</div>");
    assert_eq!(page(&spa(), &html).people.len(), 2);
}

#[test]
fn tables_side_by_side_are_one() {
    let table = |rows: &str| format!("<table>{rows}</table>");
    let heads = [table("<tr><th>Name<th>Email"), table("<tr><th>Role<th>Clinic(s)")].concat();
    let bodies = [
        table("<tr><td>Ana Ruiz<td>ana@glow.example<tr><td>Kim Park<td>kim@glow.example"),
        table("<tr><td>Provider<td>Glow Downtown<tr><td>Front Desk<td>Glow Uptown"),
    ]
    .concat();
    let list = page(&spa(), &format!("{heads}{bodies}<p>1 - 2 of 2 items</p>"));
    let kim = person(&list, "kim@glow.example");
    assert_eq!((text(kim, Field::LastName), text(kim, Field::Role)), (Some("Park"), Some("front-desk")));
    assert_eq!((list.people.len(), list.tabs[&Tab::Active].total), (2, Some(2)));

    let html = format!("<html><body>{heads}<p>1 - 2 of 2 items</p></body></html>");
    let problems = spa().try_files(&[("u.html", html.as_bytes(), Some(Tab::Active))]).unwrap_err();
    assert_eq!(problems.list[0].cause, Cause::NobodyRead { total: 2 });
}

#[test]
fn a_row_that_spans_a_table_names_the_people_below_it() {
    let row = |name: &str| format!("<tr><td>{name} B<td>{name}@x.example<td>Provider");
    let group = |text: &str| format!("<tr><td colspan=3>{text}");
    let table = |rows: &[String]| format!("<h1>Users</h1><table><tr><th>Name<th>Email<th>Role{}</table><p>2 users</p>", rows.concat());
    let states = |rows: &[String]| {
        let list = page(&spa(), &table(rows));
        assert_eq!(list.tabs[&Tab::Active].total, Some(2));
        list.people.into_values().map(|person| person.status).collect::<Vec<_>>()
    };
    let (active, inactive) = (Some(Standing::Active), Some(Standing::Inactive));
    assert_eq!(states(&[group("Clinic: Glow Downtown (1)"), row("a"), group("Clinic: Glow Uptown (1)"), row("b")]), [active, active]);
    assert_eq!(states(&[group("Active (1)"), row("a"), group("Inactive (1)"), row("b")]), [active, inactive]);
    assert_eq!(states(&[group("Deactivated users"), row("a"), row("b")]), [inactive, inactive]);
    assert_eq!(states(&[group("Glow"), row("a"), group("Glow"), row("b"), group("2 users")]), [active, active]);
    // Below a person, such a row has details of that person, and nobody knows what they say.
    let html = format!("<html><body>{}</body></html>", table(&[row("a"), group("Inactive since May"), row("b")]));
    let problems = spa().try_files(&[("u.html", html.as_bytes(), Some(Tab::Active))]).unwrap_err();
    assert_eq!(problems.list[0].cause, Cause::WithoutLogin);
}

#[test]
fn text_of_buttons_and_for_screen_readers_is_not_the_value_of_a_cell() {
    let list = page(
        &spa(),
        "<table><tr><th>Name<th>Email<th>Role<th>Status
         <tr><td><button>Ana Ruiz</button><sup>1</sup><td>ana@glow.example<td>Provider<span class=sr-only>Change role</span><td>Active <button>Deactivate</button>
         <tr><td>Kim Park<td>kim@glow.example<td><button>Front Desk</button><td>Invite sent <a role=button title=Blocked>Resend invite</a></table>",
    );
    let (ana, kim) = (person(&list, "ana@glow.example"), person(&list, "kim@glow.example"));
    assert_eq!((text(ana, Field::LastName), text(ana, Field::Role), ana.status), (Some("Ruiz"), Some("provider"), Some(Standing::Active)));
    assert_eq!((text(kim, Field::Role), kim.status, kim.blocked), (Some("front-desk"), Some(Standing::Pending), Some(true)));
}
