//! Parts of pages that libraries make: fields behind a choice, texts beside the pointer, icons that have a name for tests only.

use crate::model::{Field, Standing, Value};

use super::super::{Place, cases, person, spa, text};

fn page(rows: &str) -> String {
    format!("<html><body><table><tr><th>Name<th>Email<th>Role{rows}</table></body></html>")
}

#[test]
fn a_text_beside_the_pointer_is_not_part_of_a_value() {
    for tip in ["<span role=tooltip>Last login 3 days ago</span>", "<span class='tooltip-text'>Can book</span>"] {
        let list = spa().active(&page(&format!("<tr><td>Ana Ruiz{tip}<td>ana@glow.example<td>Provider{tip}")));
        let ana = person(&list, "ana@glow.example");
        assert_eq!((text(ana, Field::FirstName), text(ana, Field::LastName)), (Some("Ana"), Some("Ruiz")), "{tip}");
        assert_eq!(text(ana, Field::Role), Some("provider"), "{tip}");
    }
    let tip = "<span role=tooltip>Deactivated on Nov 2</span>";
    let list = spa()
        .active(&page(&format!("<tr><td>Ana Ruiz{tip}<td>ana@glow.example<td>Provider<tr><td>Kim Park<td>kim@glow.example<td>Provider")));
    assert_eq!(person(&list, "ana@glow.example").status, None, "what it says of somebody counts as a title does");
    assert_eq!(person(&list, "kim@glow.example").status, Some(Standing::Active));
}

#[test]
fn a_field_that_is_hidden_behind_what_a_page_shows_counts_only_where_nothing_is_shown() {
    let role = |cell: &str| {
        let list =
            spa().active(&page(&format!("<tr><td>Ana Ruiz<td>ana@glow.example<td>{cell}<tr><td>Kim Park<td>kim@glow.example<td>Provider")));
        text(person(&list, "ana@glow.example"), Field::Role).map(str::to_owned)
    };
    let choice = "<div role=combobox class=MuiSelect-select>Front Desk</div>";
    assert_eq!(
        role(&format!("{choice}<input aria-hidden=true class=MuiSelect-nativeInput value=administrator>")).as_deref(),
        Some("front-desk")
    );
    let select = "<select aria-hidden=true class=select2-hidden-accessible><option selected>Admin<option>Front Desk</select>";
    assert_eq!(role(&format!("{select}<span class=select2-selection>Front Desk</span>")).as_deref(), Some("front-desk"));
    assert_eq!(role(select).as_deref(), Some("administrator"), "nothing else says it");
    assert_eq!(role("<select aria-hidden=true><option>Admin<option>Front Desk</select>"), None, "the page has no choice");
}

#[test]
fn icons_that_have_a_name_for_tests_alone_are_marks() {
    let icon = |name: &str| format!("<svg class=MuiSvgIcon-root aria-hidden=true data-testid={name}></svg>");
    let rows = |beside: &str| {
        page(&format!("<tr><td>Ana Ruiz<td>ana@glow.example {beside}<td>Provider<tr><td>Kim Park<td>kim@glow.example<td>Provider"))
    };
    for name in ["CancelIcon", "CancelOutlinedIcon"] {
        let list = spa().active(&rows(&icon(name)));
        assert_eq!(person(&list, "ana@glow.example").blocked, Some(true), "{name}");
        assert_eq!(person(&list, "kim@glow.example").blocked, Some(false), "{name}");
    }
    // What removes a chip, or is on a button, says nothing of anybody.
    for other in [icon("CancelIcon").replace("MuiSvgIcon-root", "MuiChip-deleteIcon"), format!("<button>{}</button>", icon("CancelIcon"))] {
        assert_eq!(person(&spa().active(&rows(&other)), "ana@glow.example").blocked, None, "{other}");
    }
    let state = |name: &str| format!("<td>Provider<td>{}", icon(name));
    let list = format!(
        "<table><tr><th>Name<th>Email<th>Role<th>Active<tr><td>Ana Ruiz<td>ana@glow.example{}<tr><td>Kim Park<td>kim@glow.example{}</table>",
        state("CheckCircleIcon"),
        state("CloseIcon")
    );
    let read = |place: Place| place.try_files(&[("users.html", list.as_bytes(), None)]).unwrap();
    let open = read(spa());
    assert_eq!(person(&open, "ana@glow.example").status, None);
    let icons = open.notes.iter().flat_map(|note| note.about.icons_of_column()).collect::<Vec<_>>();
    assert_eq!(icons, ["CheckCircle", "Close"]);
    let told = read(spa().with("{ values: { status: { CheckCircle: active, Close: inactive } } }"));
    assert_eq!(person(&told, "ana@glow.example").status, Some(Standing::Active));
    assert_eq!(person(&told, "kim@glow.example").status, Some(Standing::Inactive));
}

#[test]
fn a_header_has_a_blank_column_above_the_bar_that_scrolls_the_rows() {
    let head = |more: &str| format!("<div class=ant-table-header><table><thead><tr><th>Name<th>Email<th>Role{more}</table></div>");
    let body = "<div class=ant-table-body><table><tbody><tr aria-hidden=true class=ant-table-measure-row><td>&nbsp;<td>&nbsp;<td>&nbsp;\
        <tr><td>Ana Ruiz<td>ana@glow.example<td>Provider</table></div>";
    let list = spa().active(&format!("<html><body>{}{body}</body></html>", head("<th class=ant-table-cell-scrollbar>")));
    assert_eq!(text(person(&list, "ana@glow.example"), Field::Role), Some("provider"));
    // A column with a header is not one.
    let other = format!("<html><body>{}{body}</body></html>", head("<th>Clinic"));
    assert!(!cases(&spa().refused(&other)).is_empty());
}

#[test]
fn two_phone_numbers_with_labels_are_two_numbers_or_none() {
    let phones = |cell: &str| {
        let list = spa().read(&format!("Email,First Name,Last Name,Status,Cell Phone\nana@glow.example,Ana,Ruiz,Active,\"{cell}\"\n"));
        person(&list, "ana@glow.example").fields.get(&Field::Phones).cloned()
    };
    let list = |numbers: &[&str]| Some(Value::List(numbers.iter().map(|number| (*number).to_owned()).collect()));
    assert_eq!(phones("M: 602-555-0142 W: 602-555-0143"), None, "the first one was lost");
    assert_eq!(phones("M: 602-555-0142, W: 602-555-0143"), list(&["+16025550142", "+16025550143"]));
    assert_eq!(phones("Phone 2: 602-555-0142"), list(&["+16025550142"]));
}
