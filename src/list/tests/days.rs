//! Columns that say by a day who has left, and words of buttons in place of states.

use crate::model::{Standing, Tab};

use super::super::{Cause, WordKind};
use super::spa;

/// The states of the people in a list.
fn states(list: &super::super::UserList) -> Vec<Option<Standing>> {
    list.people.values().map(|person| person.status).collect()
}

#[test]
fn nobody_has_left_whose_last_day_is_blank_or_to_come() {
    let (active, inactive) = (Some(Standing::Active), Some(Standing::Inactive));
    for (header, blank, to_come, over) in [
        ("End Date", "", "2027-06-30", "2026-11-01"),
        ("Deactivated", "", "", "11/01/2026"),
        ("Termination Date", "never", "-", "2026-10-31"),
    ] {
        let list = format!("Email,Name,{header}\na@x.example,A B,{blank}\nb@x.example,B C,{to_come}\nc@x.example,C D,{over}\n");
        assert_eq!(states(&spa().read(&list)), [active, active, inactive], "{header}");
        let pending = spa().try_files(&[("p.csv", list.as_bytes(), Some(Tab::Pending))]).unwrap();
        // The end of employment is not that of the account.
        let over = if header == "Deactivated" { inactive } else { None };
        assert_eq!(states(&pending), [Some(Standing::Pending), Some(Standing::Pending), over], "the tab says more: {header}");
    }
    let unknown = "Email,Name,End Date\na@x.example,A B,unknown\nc@x.example,C D,2026-11-01\n";
    assert_eq!(states(&spa().read(unknown)), [None, inactive]);
    let nobody = b"Email,Name,End Date\na@x.example,A B,\nb@x.example,B C,\n";
    let refused = spa().try_files(&[("l.csv", nobody, None)]).unwrap_err();
    assert!(matches!(refused.list[0].cause, Cause::NoStateIn { .. }), "a column without a day may not be that of days: {refused:?}");
}

#[test]
fn the_word_of_a_button_is_not_a_state() {
    let page = |word: &str| {
        let head = "<tr><th>Name<th>Email<th>Status";
        format!("<table>{head}<tr><td>A B<td>a@x.example<td>{word}<tr><td>B C<td>b@x.example<td>{word}</table>")
    };
    let refused = spa().refused(&page("<span>Deactivate</span>"));
    assert!(matches!(refused[0].1, Cause::UnknownWord { near: None, kind: WordKind::Action, .. }), "{refused:?}");
    let refused = spa().refused(&page("Dormant"));
    assert!(matches!(refused[0].1, Cause::UnknownWord { kind: WordKind::Plain, .. }), "{refused:?}");
}
