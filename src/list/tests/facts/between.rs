//! Lines between people: what is not understood says nothing of the people below it, and is named.

use crate::model::{Field, Standing, Tab, Value};

use super::super::super::{About, UserList};
use super::super::{person, set, spa, text};

/// The lines that are not understood, with the number of people below each.
fn lines(list: &UserList) -> Vec<(&str, usize)> {
    let mut found = Vec::new();
    for note in &list.notes {
        if let About::LineAbove { text, rows } = &note.about {
            found.push((text.as_str(), rows.len()));
        }
    }
    found
}

#[test]
fn a_row_of_several_states_makes_nobody_below_it_active() {
    for line in ["Terminated or inactive", "Deactivated or archived", "Deleted or removed", "Former and inactive"] {
        let list = spa().active(&format!(
            "Name,Email,Role,Clinic(s)\nAna Ruiz,ana@x.example,Provider,Uptown\n{line},,,\nTom Reed,tom@x.example,Provider,Uptown\n"
        ));
        assert_eq!(person(&list, "ana@x.example").status, Some(Standing::Active), "{line}");
        assert_eq!(person(&list, "tom@x.example").status, None, "{line}");
        assert_eq!(lines(&list), [(line, 1)]);
        for note in &list.notes {
            if let About::WithoutAccount { .. } = note.about {
                panic!("{line}: an employee");
            }
        }
    }
    let employee = spa().active("Name,Email,Role\nAna Ruiz,ana@x.example,Provider\nTom Reed (Inactive),,\n");
    assert_eq!(lines(&employee), [], "nobody is below it");
}

#[test]
fn a_row_of_a_page_that_spans_the_table_names_people_or_leaves_their_state_open() {
    let page = |line: &str| {
        let person = |name: &str| format!("<tr><td>{name} Lee</td><td>{name}@x.example</td><td>Provider</td></tr>");
        let page = format!(
            "<table><tr><th>Name</th><th>Email</th><th>Role</th></tr>{}<tr><td colspan=3>{line}</td></tr>{}</table>",
            person("ana"),
            person("tom")
        );
        spa().try_files(&[("users.html", page.as_bytes(), Some(Tab::Active))])
    };
    for line in ["Disabled / Terminated", "Inactive &amp; archived", "Locked out", "On leave", "No account"] {
        match page(line) {
            Ok(list) => {
                assert_eq!(person(&list, "tom@x.example").status, None, "{line}");
                assert_eq!(person(&list, "ana@x.example").status, Some(Standing::Active), "{line}");
                assert_eq!(lines(&list).len(), 1, "{line}");
            }
            Err(problems) => assert_eq!(problems.list.len(), 1, "{line}"),
        }
    }
}

const HEAD: &str = "Name\tEmail\tRole\tClinic(s)\nAna Ruiz\tana@x.example\tProvider\tGlow Uptown\n";
const KIM: &str = "Kim Park\tkim@x.example\tFront Desk\tGlow Uptown\n";

#[test]
fn a_line_of_pasted_text_between_people_is_never_a_name() {
    for line in ["People who have left", "Access removed", "Locked users", "Next page"] {
        let list = spa().active(&format!("{HEAD}{line}\n{KIM}"));
        let kim = person(&list, "kim@x.example");
        assert_eq!((kim.status, kim.name.as_deref(), text(kim, Field::FirstName)), (None, None, None), "{line}");
        assert_eq!(kim.fields.get(&Field::Role), Some(&Value::Text("front-desk".to_owned())), "{line}");
        assert_eq!(person(&list, "ana@x.example").status, Some(Standing::Active), "{line}");
        assert_eq!(lines(&list), [(line, 1)]);
    }
    let ended = spa().active(&format!("{HEAD}Terminated in 2026\n{KIM}"));
    assert_eq!(person(&ended, "kim@x.example").status, Some(Standing::Inactive), "this one is understood");
    for line in ["Front Desk", "Glow Uptown", "KP", "2 users"] {
        let list = spa().active(&format!("{HEAD}{line}\n{KIM}"));
        let kim = person(&list, "kim@x.example");
        assert_eq!((kim.status, text(kim, Field::FirstName)), (Some(Standing::Active), Some("Kim")), "{line}");
        assert_eq!(lines(&list), [], "{line}");
    }
    let two = spa().active(&format!("{HEAD}Glow Downtown\n{KIM}"));
    assert_eq!(person(&two, "ana@x.example").fields.get(&Field::Clinics), None, "it can be the second line of the cell above");
    assert_eq!(person(&two, "kim@x.example").fields.get(&Field::Clinics), Some(&set(&["uptown"])));
}
