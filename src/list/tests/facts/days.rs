//! Columns that say by a day who has left, and words of buttons in place of states.

use crate::model::{Standing, Tab};

use super::super::super::{About, Cause, UserList, WordKind};
use super::super::{case, person, plain, spa};

/// The states of the people in a list.
fn states(list: &UserList) -> Vec<Option<Standing>> {
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
    assert_eq!(case(&refused.list[0].cause), "NoStateIn", "a column without a day may not be that of days: {refused:?}");
}

#[test]
fn the_word_of_a_button_is_not_a_state() {
    let page = |word: &str| {
        let head = "<tr><th>Name<th>Email<th>Status";
        format!("<table>{head}<tr><td>A B<td>a@x.example<td>{word}<tr><td>B C<td>b@x.example<td>{word}</table>")
    };
    let refused = spa().refused(&page("<span>Deactivate</span>"));
    let Cause::UnknownWord { near, kind, .. } = &refused[0].1 else { panic!("{refused:?}") };
    assert_eq!((near, *kind), (&None, WordKind::Action));
    let refused = spa().refused(&page("Dormant"));
    let Cause::UnknownWord { kind, .. } = &refused[0].1 else { panic!("{refused:?}") };
    assert_eq!(*kind, WordKind::Plain);
}

#[test]
fn the_first_day_of_a_calendar_has_ended_nothing() {
    let (active, inactive) = (Some(Standing::Active), Some(Standing::Inactive));
    for (header, none) in [
        ("End Date", "01/01/0001"),
        ("End Date", "1/1/1900 12:00:00 AM"),
        ("Deactivated at", "1970-01-01T00:00:00Z"),
        ("Deactivated", "0001-01-01"),
        ("Termination Date", "12/31/1969"),
    ] {
        let list = format!("Email,Name,{header}\na@x.example,A B,{none}\nb@x.example,B C,\nc@x.example,C D,2026-11-01\n");
        assert_eq!(states(&spa().read(&list)), [active, active, inactive], "{header} {none}");
    }
}

/// The state of somebody whom a column of a list of active people speaks of, and whether a note names it.
fn beside(header: &str, others: &str, own: &str) -> (Option<Standing>, bool) {
    let text = format!("Name,Email,Role,{header}\nAna Ruiz,ana@x.example,Provider,{others}\nKim Lee,kim@x.example,Provider,{own}\n");
    let list = spa().active(&text);
    assert_eq!(person(&list, "ana@x.example").status, Some(Standing::Active), "{header}: {others}");
    let names =
        |about: &About| if let About::StateNotRead { header: named, rows, .. } = about { named == header && *rows == [3] } else { false };
    (person(&list, "kim@x.example").status, list.notes.iter().any(|note| names(&note.about)))
}

#[test]
fn a_header_about_access_counts_by_all_its_words() {
    for (header, yes, no) in [
        ("Login access", "Allowed", "Not allowed"),
        ("Sign-in status", "Allowed", "Denied"),
        ("User enabled", "t", "f"),
        ("Enabled for login", "Yes", "No"),
        ("Is Active Member", "TRUE", "FALSE"),
        ("Activated", "Yes", "No"),
        ("Login Blocked", "0", "1"),
        ("Access until", "12/31/2026", "10/01/2026"),
        ("Access expires", "Never", "2026-10-01"),
        ("Account expiry", "", "1 Oct 2026"),
        ("Account expiry", "", "12/11/2026"),
        ("Login disabled until", "", "12/31/2026"),
        ("Access denied until", "", "10/01/2026"),
        ("Login blocked until", "", "12/31/2026"),
    ] {
        assert_eq!(beside(header, yes, no), (None, true), "{header}: {no}");
    }
    for (header, yes, no) in [
        ("Mobile access", "Yes", "No"),
        ("Last login", "2026-11-01", "Never"),
        ("API access", "Yes", "No"),
        ("Booking enabled", "Yes", "No"),
    ] {
        assert_eq!(beside(header, yes, no), (Some(Standing::Active), false), "{header}");
    }
    // Nobody who is invited has come in yet.
    let invited = b"Name,Email,Role,Activated\nAna Ruiz,ana@x.example,Provider,No\n";
    let list = spa().try_files(&[("p.csv", invited, Some(Tab::Pending))]).unwrap();
    assert_eq!((states(&list), list.notes.len()), (vec![Some(Standing::Pending)], 0), "{:?}", list.notes);
}

#[test]
fn a_column_that_says_of_some_that_they_are_gone_is_named_also_among_other_words() {
    for (header, other, gone) in [
        ("Group", "Staff", "Inactive users"),
        ("Employee type", "Full-time", "Terminated"),
        ("Do not use", "", "X"),
        ("Left", "", "x"),
        ("No login", "", "✓"),
    ] {
        assert_eq!(beside(header, other, gone), (Some(Standing::Active), true), "{header}");
    }
    assert_eq!(beside("Left-handed", "", "x"), (Some(Standing::Active), false));
}

#[test]
fn a_role_that_speaks_of_no_access_makes_the_state_unknown() {
    let list = |role: &str, own: &str| {
        let text = format!("Name,Email,Role\nAna Ruiz,ana@x.example,Provider\nKim Lee,kim@x.example,{role}\n");
        person(&spa().with(own).active(&text), "kim@x.example").status
    };
    for role in ["No Access", "Front Desk (disabled)", "Front Desk - Inactive", "Provider - Access revoked"] {
        for key in ["unknown", "front-desk"] {
            assert_eq!(list(role, &format!("values: {{ role: {{ {role}: {key} }} }}")), None, "{role}");
        }
        let both = format!(
            "{{ columns: {{ role: [Role], status: [Role] }}, values: {{ role: {{ {role}: front-desk }}, status: {{ {role}: inactive }} }} }}"
        );
        assert_eq!(list(role, &both), Some(Standing::Inactive), "{role}");
    }
    assert_eq!(list("Closed Files", "values: { role: { Closed Files: front-desk } }"), None, "only a name of a role is clear");
    assert_eq!(list("Lead Provider", ""), Some(Standing::Active));
}

#[test]
fn days_that_are_counted_from_the_list_are_days() {
    let (active, inactive) = (Some(Standing::Active), Some(Standing::Inactive));
    for (header, over, to_come) in [
        ("Deactivated on", "3 days ago", "in 3 days"),
        ("Deactivated", "Today", "Tomorrow"),
        ("Suspension Date", "yesterday", "in 2 weeks"),
        ("Deactivated on", "5 hours ago", "Never"),
        ("Deactivated on", "il y a 3 jours", "—"),
    ] {
        let list = format!("Email,Name,{header}\na@x.example,A B,{over}\nb@x.example,B C,{to_come}\n");
        assert_eq!(states(&plain().read(&list)), [inactive, active], "{header}: {over}");
    }
    for (over, to_come) in [("2 days ago", "in 2 days"), ("5 hours ago", "in 5 hours"), ("Yesterday", "Today")] {
        let list = format!("Email,Name,Expires\na@x.example,A B,{over}\nb@x.example,B C,{to_come}\n");
        let list = spa().try_files(&[("p.csv", list.as_bytes(), Some(Tab::Pending))]).unwrap();
        let expired = ["a@x.example", "b@x.example"].map(|login| person(&list, login).is_expired);
        assert_eq!(expired, [true, false], "{over}: an invitation that expired some hours ago is over, too");
    }
}

#[test]
fn a_day_that_can_be_two_is_unknown_and_named_once() {
    let list = plain().read(
        "Email,Name,Suspension Date\na@x.example,A B,12/03/2026\nb@x.example,B C,03/12/2026\nc@x.example,C D,2026-01-02\nd@x.example,D E,\n",
    );
    assert_eq!(states(&list), [None, None, Some(Standing::Inactive), Some(Standing::Active)]);
    let unclear: Vec<&About> = list.notes.iter().map(|note| &note.about).filter(|about| case(about) == "Unknown").collect();
    assert_eq!(unclear, [&About::Unknown { header: "Suspension Date".to_owned(), rows: vec![2, 3] }]);
}
