//! Signs that somebody in the tab of active users may have no access: nobody's state changes by them, and a note says where to look.

use crate::model::{Standing, Tab};

use super::super::super::{About, Clue, UserList};
use super::super::{case, person, spa};

/// The rows that notes name, apart from those of columns that are only left out.
fn named(list: &UserList) -> Vec<(&str, &[u64])> {
    let mut found = Vec::new();
    for note in &list.notes {
        if let About::StateNotRead { header: text, rows, .. } | About::MayBeGone { text, rows, .. } = &note.about {
            found.push((text.as_str(), rows.as_slice()));
        }
    }
    found
}

fn tab(header: &str, ana: &str, kim: &str, tab: Tab) -> UserList {
    let text = format!("Name,Email,Role,{header}\nAna Ruiz,ana@x.example,Provider,\"{ana}\"\nKim Lee,kim@x.example,Provider,\"{kim}\"\n");
    spa().try_files(&[("list.csv", text.as_bytes(), Some(tab))]).unwrap_or_else(|problems| panic!("{problems:?}"))
}

#[test]
fn a_column_about_something_near_that_says_gone_is_named_and_changes_nothing() {
    for (header, ana, kim) in [
        ("License", "Premium", "Deactivated"),
        ("License", "", "Deactivated"),
        ("Licence status", "Full", "Revoked"),
        ("Subscription", "Basic", "Terminated"),
        ("Tags", "vip", "night shift, disabled-user"),
        ("Tags", "", "disabled-user"),
        ("Labels", "front", "Former employee"),
        ("Lifecycle", "Employed", "Retired"),
        ("Lifecycle", "", "Retired"),
        ("Stage", "Onboarded", "Offboarded"),
        ("Valid to", "2027-01-31", "2026-10-01"),
        ("Valid till", "", "10/01/2026"),
        ("Retired on", "", "2026-10-01"),
        ("Date left", "", "3 days ago"),
    ] {
        let list = tab(header, ana, kim, Tab::Active);
        assert_eq!(named(&list), [(header, &[3][..])], "{header}: {kim}");
        assert_eq!(person(&list, "kim@x.example").status, Some(Standing::Active), "{header}: {kim}");
    }
    for (header, ana, kim) in [
        ("2FA", "Enforced", "Disabled"),
        ("SMS reminders", "Weekly", "Disabled"),
        ("Notes", "", "Removed her old desk from the plan"),
        ("Tags", "vip", "closed files"),
        ("Valid to", "", "2027-01-31"),
        ("Retired on", "", "2027-10-01"),
        ("Lifecycle", "", "Employed"),
        ("Team", "Blue", "Former glory"),
    ] {
        assert_eq!(named(&tab(header, ana, kim, Tab::Active)), [], "{header}: {kim}");
    }
    for header in ["Lifecycle", "Account state of the product"] {
        let list = tab(header, "Offboarding", "Active", Tab::Inactive);
        assert_eq!(named(&list), [(header, &[3][..])], "the other way round: {header}");
        assert_eq!(person(&list, "kim@x.example").status, Some(Standing::Inactive));
    }
}

#[test]
fn a_class_a_login_and_a_box_that_speak_against_an_active_person_are_named_and_change_nothing() {
    let page = |attributes: &str, login: &str, role: &str| {
        let html = format!(
            "<html><body><table><tr><th>Name<th>Email<th>Role<tr><td>Ana Ruiz<td>ana@x.example<td>Provider<tr {attributes}><td>Kim Lee<td>{login}<td>{role}</table></body></html>"
        );
        spa().active(&html)
    };
    let active_box = "Provider <label><input type=checkbox> Active</label>";
    for (attributes, login, role, clue, text) in [
        ("class=is-off", "kim@x.example", "Provider", Clue::Class, "is-off"),
        ("class='row row--retired'", "kim@x.example", "Provider", Clue::Class, "row--retired"),
        ("", "inactive_kim@x.example", "Provider", Clue::Login, "inactive"),
        ("", "kim@x.example.invalid", "Provider", Clue::Login, "invalid"),
        ("", "kim@x.example", active_box, Clue::Box, "Role"),
    ] {
        let list = page(attributes, login, role);
        let expected = About::MayBeGone { clue, text: text.to_owned(), rows: vec![3] };
        assert!(list.notes.iter().any(|note| note.about == expected), "{text}: {:?}", list.notes);
        assert_eq!(person(&list, login).status, Some(Standing::Active), "{text}");
        assert_eq!(list.notes.iter().filter(|note| case(&note.about) == "MayBeGone").count(), 1, "{text}");
    }
    for (attributes, login, role) in
        [("class=row-2", "kim@x.example", "Provider"), ("", "kim.old@x.example", "Provider"), ("", "kim@x.example", "Provider")]
    {
        assert_eq!(named(&page(attributes, login, role)), [], "{attributes} {login} {role}");
    }
    let common =
        "<table><tr><th>Name<th>Email<tr class=is-off><td>Ana Ruiz<td>ana@x.example<tr class=is-off><td>Kim Lee<td>kim@x.example</table>";
    assert_eq!(named(&spa().active(common)), [], "what everybody has tells nobody apart");
    let gone = spa().try_files(&[("i.csv", b"Name,Email\nKim Lee,inactive_kim@x.example\n", Some(Tab::Inactive))]).unwrap();
    assert_eq!(named(&gone), [], "the list says the same");
}
