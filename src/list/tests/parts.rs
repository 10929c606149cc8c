//! Pages whose parts say something else than they seem to: numbers of one page, labels for narrow screens, and labels of boxes.

use crate::model::{Field, Standing, Tab};

use super::super::UserList;
use super::{Place, person, set, spa, text};

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
fn what_only_narrow_screens_show_is_not_part_of_a_value() {
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
