//! Grids of pages: they keep only what is in view, and have one row in several pieces.

use crate::model::{Field, Standing, Tab, Value};

use super::super::super::{About, AddressFault, Cause, UserList};
use super::super::{Place, at, case, person, plain, set, spa, text};

fn page(place: &Place, body: &str) -> UserList {
    place.active(&format!("<!DOCTYPE html><html><body>{body}</body></html>"))
}

/// A piece of a grid: the cells of some columns, row by row, each row with its index.
fn piece(columns: &[&str], rows: &[(usize, &[&str])]) -> String {
    let cell = |(column, text): (&&str, &&str)| format!("<div role=gridcell col-id={column}>{text}</div>");
    let row = |(index, cells): &(usize, &[&str])| {
        format!("<div role=row row-index={index}>{}</div>", columns.iter().zip(*cells).map(cell).collect::<String>())
    };
    format!("<div>{}</div>", rows.iter().map(row).collect::<String>())
}

fn head(columns: &[(&str, &str)]) -> String {
    let cell = |(column, text): &(&str, &str)| format!("<div role=columnheader col-id={column}>{text}</div>");
    format!("<div><div role=row>{}</div></div>", columns.iter().map(cell).collect::<String>())
}

#[test]
fn a_row_in_three_pieces_is_one_by_its_index_whatever_the_order_of_elements() {
    let heads = [head(&[("who", "Name")]), head(&[("mail", "Email"), ("role", "Role")]), head(&[("state", "Status")])].concat();
    let pinned = piece(&["who"], &[(1, &["Kim Park"]), (0, &["Ana Ruiz"])]);
    let centre = piece(&["role", "mail"], &[(0, &["Provider", "ana@x.example"]), (1, &["Front Desk", "kim@x.example"])]);
    let right = piece(&["state"], &[(1, &["Invited"]), (0, &["Active"])]);
    let list = spa().read(&format!("<html><body><div role=grid>{heads}{pinned}{centre}{right}</div></body></html>"));
    let (ana, kim) = (person(&list, "ana@x.example"), person(&list, "kim@x.example"));
    assert_eq!((text(ana, Field::LastName), text(ana, Field::Role), ana.status), (Some("Ruiz"), Some("provider"), Some(Standing::Active)));
    assert_eq!(
        (text(kim, Field::LastName), text(kim, Field::Role), kim.status),
        (Some("Park"), Some("front-desk"), Some(Standing::Pending))
    );
}

#[test]
fn a_cell_that_is_out_of_view_is_unknown_and_not_blank() {
    let cell = |at: usize, text: &str| format!("<div role=gridcell aria-colindex={at}>{text}</div>");
    let headers = ["Email", "Name", "Title", "Deactivated On", "Clinics"];
    let head: Vec<String> =
        (1..).zip(headers).map(|(at, text): (u8, &str)| format!("<div role=columnheader aria-colindex={at}>{text}</div>")).collect();
    let head = head.concat();
    let row = |cells: String| format!("<div role=row>{cells}</div>");
    let all = row([cell(1, "ana@x.example"), cell(2, "Ana Ruiz"), cell(3, ""), cell(4, ""), cell(5, "")].concat());
    let ends = row([cell(1, "lu@x.example"), cell(2, "Lu Wu"), cell(3, "RN"), cell(4, "2026-10-01"), cell(5, "")].concat());
    let some = row([cell(1, "kim@x.example"), cell(2, "Kim Park"), cell(5, "")].concat());
    let short = row([cell(1, "bo@x.example"), cell(2, "Bo Lee")].concat());
    let html = format!("<html><body><div role=grid><div role=row>{head}</div>{all}{ends}{some}{short}</div></body></html>");
    let list = at(2).try_files(&[("u.html", html.as_bytes(), None)]).unwrap_or_else(|problems| panic!("{problems:?}"));
    let title = |login: &str| person(&list, login).fields.get(&Field::Title).cloned();
    assert_eq!((title("ana@x.example"), title("kim@x.example"), title("bo@x.example")), (Some(Value::Unset), None, None));
    let status = |login: &str| person(&list, login).status;
    assert_eq!((status("ana@x.example"), status("lu@x.example")), (Some(Standing::Active), Some(Standing::Inactive)));
    assert_eq!((status("kim@x.example"), status("bo@x.example")), (None, None), "a day that is out of view may be over");
}

#[test]
fn a_grid_that_does_not_know_its_number_of_rows_says_nothing_of_it() {
    let rows = "<tr><th>Email<th>Name<tr><td>ana@x.example<td>Ana Ruiz";
    for (attributes, total, notes) in [
        ("aria-rowcount=-1 aria-colcount=-1", None, 0),
        ("aria-rowcount=2 aria-colcount=2", Some(1), 0),
        ("aria-rowcount=44", Some(43), 1),
        ("aria-colcount=9", None, 1),
    ] {
        let list = page(&plain(), &format!("<table role=grid {attributes}>{rows}</table>"));
        assert_eq!(list.tabs[&Tab::Active].total, total, "{attributes}");
        let hidden = list.notes.iter().filter(|note| case(&note.about) == "Hidden").count();
        assert_eq!(hidden, notes, "{attributes}");
    }
}

#[test]
fn rows_for_measuring_and_a_header_twice_are_nobody() {
    let list = page(
        &spa(),
        "<table><thead><tr><th>Name<th>Email<th>Role</thead></table><table><thead><tr style='height:0'><th>Name<th>Email<th>Role</thead>
         <tr class='dx-row dx-freespace-row'><td>x<td>y<td>z<tr class=dx-virtual-row><td><td><td>
         <tr><td>Ana Ruiz<td>ana@x.example<td>Provider<tr><td>&nbsp;<td> <td></table>",
    );
    assert_eq!((list.people.len(), text(person(&list, "ana@x.example"), Field::Role)), (1, Some("provider")));
}

#[test]
fn text_for_screen_readers_counts_only_where_a_cell_has_no_other_text() {
    let rows = |one: &str, other: &str| {
        format!(
            "<table><tr><th aria-label='Column Name'>Name<th>Email<th>Role<tr><td>Ana Ruiz<td>ana@x.example<td aria-label='Column Role, Value Provider'>{one}\
             <tr><td>Kim Park<td>kim@x.example<td aria-label='Column Role, Value Front Desk'>{other}</table>"
        )
    };
    let list = page(&spa(), &rows("", "Provider"));
    let role = |login: &str| text(person(&list, login), Field::Role).map(str::to_owned);
    assert_eq!((role("ana@x.example"), role("kim@x.example")), (Some("provider".to_owned()), Some("provider".to_owned())));
}

#[test]
fn fields_that_are_equal_in_all_rows_may_not_have_been_saved() {
    let table = |header: &str, one: &str, other: &str| {
        format!("<table><tr><th>Name<th>Email<th>{header}<tr><td>A B<td>a@x.example<td>{one}<tr><td>C D<td>c@x.example<td>{other}</table>")
    };
    let select = |chosen: &str| {
        let option = |text: &str| format!("<option {}>{text}", if text == chosen { "selected" } else { "" });
        format!("<select>{}{}</select>", option("Staff"), option("Practitioner"))
    };
    for (header, field, equal, other) in [
        ("Title", Field::Title, "<input value=''>".to_owned(), "<input value=RN>".to_owned()),
        ("Title", Field::Title, "<input>".to_owned(), "<input value=RN>".to_owned()),
        ("Title", Field::Title, "<input value=MD>".to_owned(), "<input value=RN>".to_owned()),
        ("Type", Field::Role, select("Staff"), select("Practitioner")),
    ] {
        let list = page(&at(2), &table(header, &equal, &equal));
        assert!(!list.fields.contains(&field), "{equal}");
        assert!(list.notes.iter().any(|note| note.about == About::EqualBoxes { header: header.to_owned() }), "{equal}: {:?}", list.notes);
        let list = page(&at(2), &table(header, &equal, &other));
        assert!(person(&list, "a@x.example").fields.contains_key(&field), "one differs: {equal}");
    }
    let list = page(&at(2), &table("Title", "RN", "RN"));
    assert!(list.fields.contains(&Field::Title), "these are not fields");
}

#[test]
fn the_name_cell_can_say_you_and_the_address_can_be_cut() {
    let list = page(
        &spa(),
        "<table><tr><th>User<th>Role<tr><td><span>You</span><div>OS</div><div>Olivia Stone</div><div>o.s@x.example</div><td>Admin</table>",
    );
    let olivia = person(&list, "o.s@x.example");
    assert_eq!((text(olivia, Field::FirstName), text(olivia, Field::LastName)), (Some("Olivia"), Some("Stone")));
    let cut = "<html><body><table><tr><th>Name<th>Email<tr><td>Ana Ruiz<td>ana.ruiz@gl…</table></body></html>";
    assert_eq!(spa().refused(cut), [(Some(2), Cause::BadAddress(AddressFault::Cut, "ana.ruiz@gl…".to_owned()))]);
}

#[test]
fn badges_beyond_those_that_fit_make_a_set_unknown() {
    for (badges, clinics) in [
        ("<span class=badge>Glow Downtown</span><span class=badge>+1</span>", None),
        ("<span class=badge>Glow Downtown</span><span class=badge title='Glow Uptown'>+1 more</span>", None),
        ("<span class=badge>Glow Downtown</span><span class=badge>Glow Uptown</span>", Some(set(&["downtown", "uptown"]))),
    ] {
        let list = page(&spa(), &format!("<table><tr><th>Name<th>Email<th>Clinics<tr><td>Ana Ruiz<td>ana@x.example<td>{badges}</table>"));
        assert_eq!(person(&list, "ana@x.example").fields.get(&Field::Clinics).cloned(), clinics, "{badges}");
    }
}
