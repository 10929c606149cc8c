//! Two columns of one meaning: what is not equal in both is not known, and both are named.

use crate::model::{Field, Value};

use super::super::super::{About, Person, UserList};
use super::super::{person, spa};

fn two(headers: &str, ana: &str, kim: &str) -> UserList {
    spa().active(&format!("Name,Email,{headers}\nAna Ruiz,ana@x.example,{ana}\nKim Lee,kim@x.example,{kim}\n"))
}

/// The numbers of people of whom two columns say different things.
fn differing(list: &UserList) -> Vec<usize> {
    let rows = |about: &About| if let About::Rivals { rows, .. } = about { Some(rows.len()) } else { None };
    list.notes.iter().filter_map(|note| rows(&note.about)).collect()
}

fn kim(list: &UserList) -> &Person {
    person(list, "kim@x.example")
}

#[test]
fn a_second_column_that_says_anything_else_makes_a_value_unknown() {
    for (headers, ana, kims, field) in [
        ("Role,User Role", "Provider,Provider", "Front Desk,Super Admin", Field::Role),
        ("Role,User Role", "Provider,Provider", ",Administrator", Field::Role),
        ("Role,User Role", "Provider,Provider", "Front Desk,", Field::Role),
        ("Role,Access Level", "Provider,Provider", "Front Desk,Full Access", Field::Role),
        ("Clinic,Location", "Glow Uptown,Glow Uptown", "Glow Downtown,Scottsdale", Field::Clinics),
    ] {
        let list = two(headers, ana, kims);
        assert_eq!(kim(&list).fields.get(&field), None, "{headers}: {kims}");
        assert_eq!(differing(&list), [1], "{headers}: {kims}");
    }
    let same = two("Role,User Role", "Provider,Provider", "Front Desk,FrontDesk");
    assert_eq!((kim(&same).fields.get(&Field::Role), differing(&same)), (Some(&Value::Text("front-desk".to_owned())), vec![]));
}

#[test]
fn a_second_column_of_blocks_makes_a_block_unknown_or_counts_in_place_of_a_blank_one() {
    for (ana, kims) in [("No,", "No,11/27/2026"), ("No,No", "No,Until May"), ("No,No", "Yes,"), ("No,No", "No,Yes")] {
        let list = two("Blocked,Suspended", ana, kims);
        assert_eq!((kim(&list).blocked, differing(&list)), (None, vec![1]), "{kims}");
        assert_eq!(person(&list, "ana@x.example").blocked, Some(false), "{kims}");
    }
    let bare = two("Blocked,Suspended", ",No", ",Yes");
    assert_eq!((kim(&bare).blocked, bare.blocked), (Some(true), true));
    let role = two("Role,User Role", ",Provider", ",Administrator");
    assert_eq!(kim(&role).fields.get(&Field::Role), Some(&Value::Text("administrator".to_owned())));
    assert_eq!(role.unknown["active.csv"], ["Role"]);
}

#[test]
fn a_column_of_blocks_without_a_value_shows_nothing() {
    let list = two("Role,Blocked", "Provider,", "Provider,");
    assert!(!list.blocked, "nobody knows who is blocked");
    assert_eq!(list.unknown["active.csv"], ["Blocked"]);
}
