//! Payrolls as offices have them: which are read, and which are refused.

use super::*;
use crate::list::tests::case;
use crate::model::StaffDoubt;

fn today() -> Date {
    jiff::civil::date(2026, 11, 29)
}

fn staff(text: &str) -> Staff {
    read(text.as_bytes(), today(), &StaffWords::default()).unwrap()
}

fn refused(bytes: &[u8]) -> Vec<StaffProblem> {
    read(bytes, today(), &StaffWords::default()).unwrap_err()
}

#[test]
fn names_addresses_user_names_and_ends_are_found_whatever_the_columns_are_called() {
    let list = staff(
        "Employee;Department;Work E-mail;Private email;User name;Employment Status;Last Day;Salary\n\
         Ruiz, Ana;Skin;Ana@Glow.example;ana@home.example;aruiz;Active;;1\n\
         Kim Park;Desk;-;kim@home.example; kim@glow.example;Terminated;2026-10-31;2\n",
    );
    let [ana, kim] = list.rows.as_slice() else { panic!("{list:?}") };
    let emails = |row: &StaffRow| row.emails.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!((ana.row, ana.name.shown().as_deref(), ana.end), (2, Some("Ana Ruiz"), None));
    assert_eq!(
        (emails(ana), ana.user_names.as_slice()),
        (
            vec!["ana@glow.example".to_owned(), "ana@home.example".to_owned()],
            &[StaffUserName { name: "aruiz".to_owned(), product: None }][..]
        )
    );
    assert_eq!((emails(kim).len(), kim.is_terminated, kim.end), (2, true, Some(jiff::civil::date(2026, 10, 31))));
    assert!(list.has_logins && kim.has_left(today()) && !ana.has_left(today()));
}

#[test]
fn numbers_other_names_and_totals_are_not_people() {
    let list = staff(
        "Payroll register\nEmployee #,Name,Preferred Name,Maiden name,E-mail,Inactive?,Termination Date,Contract end\n\
         1,\"Reed, Thomas*\",Tom,,tom@glow.example,No,2026-10-31,2027-06-30\n\
         2,Mia Lopez,,Chen,mia@glow.example,Yes,,\n\
         Grand total,2,,,,,,\n2 employees,,,,,,,\n",
    );
    let [tom, mia] = list.rows.as_slice() else { panic!("{list:?}") };
    assert_eq!(
        (tom.name.shown().as_deref(), tom.name.other_first.as_deref(), tom.number.as_deref()),
        (Some("Thomas Reed"), Some("Tom"), Some("1"))
    );
    assert_eq!((mia.name.other_last.as_deref(), mia.is_terminated), (Some("Chen"), true));
    assert_eq!((tom.is_terminated, tom.end), (false, Some(jiff::civil::date(2026, 10, 31))), "the contract ends later");
    let care = staff("Name,Email,Status\nTotal Care Tablet,total@glow.example,Active\nTotal,,\n");
    assert_eq!(care.rows.len(), 1);
}

#[test]
fn lines_of_pages_and_groups_are_nobody_and_empty_states_are_counted() {
    let list = staff(
        "Name,Email,Status,Manager Email,Termination Date\nDepartment: Front Desk,,,,\nKim Park,kim@glow.example,Active,tom@glow.example,00/00/0000\n\
         Ana Ruiz,ana@glow.example,,tom@glow.example,\nPage 1 of 2,,,,\nStatus: Terminated,,,,\nLee Old,lee@glow.example,,,\n",
    );
    assert_eq!(list.rows.iter().map(|row| row.is_terminated).collect::<Vec<_>>(), [false, false, true]);
    assert_eq!((list.without_state, list.left_out.as_slice()), (1, &["Manager Email".to_owned()][..]));
    assert_eq!(list.rows[0].emails.len(), 1, "the address of a manager is not one's own");
}

#[test]
fn columns_that_are_not_read_are_named() {
    let list = staff("Nom,Pr\u{e9}nom,Courriel,Statut,Date de fin,NAS,Marital Status\nRoy,Nadia,nadia@lakeside.example,Actif,,1,Single\n");
    assert_eq!(list.columns, ["Nom", "Pr\u{e9}nom", "Courriel", "Statut", "Date de fin"]);
    assert_eq!(list.left_out, ["NAS", "Marital Status"]);
    assert_eq!(list.rows[0].name.shown().as_deref(), Some("Nadia Roy"));
    assert!(list.has_ends && !staff("Name,Email\nAna,ana@glow.example\n").has_ends);
    assert!(staff("Name,Email,End date\nA,a@x.example,\nB,b@x.example,\nC,c@x.example,\n").has_ends, "nobody has left");
}

#[test]
fn a_heading_says_that_the_people_below_it_have_left() {
    let list = staff(
        "Employee,Email,Status\nActive Employees,,\nAna Ruiz,none,\nKim Park,kim@glow.example,\nTerminated Employees,,\n\
         Employee,Email,Status\nTom Reed,tom@glow.example,\nBea Hill,bea@glow.example,Active\n",
    );
    let said: Vec<(Option<String>, bool)> = list.rows.iter().map(|row| (row.name.shown(), row.is_terminated)).collect();
    let expected = [("Ana Ruiz", false), ("Kim Park", false), ("Tom Reed", true), ("Bea Hill", false)];
    assert_eq!(said, expected.map(|(name, has_left)| (Some(name.to_owned()), has_left)));
    assert!(list.has_ends && list.rows[0].emails.is_empty());
}

#[test]
fn somebody_who_came_back_has_not_left() {
    let list = staff(
        "Name,Email,Status,Hire/Rehire Date,Termination Date\nAna Ruiz,ana@glow.example,Active,2026-03-01,2025-10-31\n\
         Kim Park,kim@glow.example,Active,2020-03-01,2026-10-31\n",
    );
    assert_eq!(list.rows.iter().map(|row| row.has_left(today())).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn a_row_with_a_cell_too_many_is_refused() {
    let problems = refused(b"Name,Email,Status\nRuiz, Ana,ana@glow.example,Active\n");
    assert_eq!(problems, [StaffProblem { rows: vec![2], cause: StaffCause::TooManyCells { cells: 4, header: 3 } }]);
}

#[test]
fn one_column_of_addresses_is_a_payroll_and_so_are_names_alone() {
    let list = staff("Email\nana@glow.example\n\nkim@glow.example\n");
    assert_eq!(list.rows.iter().map(|row| row.row).collect::<Vec<_>>(), [2, 4]);
    let names = staff("First name,Last name\nAna,Ruiz\n");
    assert!(!names.has_logins && names.rows.len() == 1);
}

#[test]
fn a_line_that_is_not_understood_is_refused() {
    let problems = refused(
        b"Name,Email,Status,End date\nAna,ana@glow.example,Activ,\nKim,kim at glow,Active,\nLee,lee@glow.example,Active,soon\nMo,mo@glow.example,Active,11/12/2026\n",
    );
    let rows: Vec<&[u64]> = problems.iter().map(|problem| problem.rows.as_slice()).collect();
    assert_eq!(rows, [[2], [3], [4], [5]], "{problems:?}");
    let StaffCause::UnknownState { near, .. } = &problems[0].cause else { panic!("{problems:?}") };
    assert_eq!(near.as_deref(), Some("active"));
    assert_eq!(case(&problems[3].cause), "TwoDays");
    assert_eq!(refused(b"a,b\n1,2\n")[0].cause, StaffCause::NoHeader);
    assert_eq!(refused(b"Name,Email\n")[0].cause, StaffCause::Nobody);
    assert_eq!(case(&refused(b"%PDF-1.7")[0].cause), "File");
}

#[test]
fn explanations_of_words_and_columns_count() {
    let text = "Name,Email,Status,Last paid,Termination Date\nAna,ana@x.example,A,,31 Oct\nKim,kim@x.example,T,,\n\
        Lee,lee@x.example,L,,\nMo,mo@x.example,A,2026-10-31,\n";
    let mut said = StaffWords::default();
    for (word, has_left) in [("a", false), ("T", true), ("L", false)] {
        said.add_state(word, has_left);
    }
    assert!(said.add_column("last Paid", "last-day") && said.add_column("Termination date", "ignored") && !said.add_column("X", "day"));
    let list = read(text.as_bytes(), today(), &said).unwrap();
    assert_eq!(list.rows.iter().map(|row| row.has_left(today())).collect::<Vec<_>>(), [false, true, false, true]);
    assert_eq!(list.left_out, ["Termination Date"]);
    assert_eq!(refused(text.as_bytes()).len(), 4, "three letters, of which one is in two rows, and a day");
    said.add_column("Lst paid", "last-day");
    let cause = StaffCause::NoColumn { header: "Lst paid".to_owned(), near: Some("Last paid".to_owned()) };
    assert_eq!(read(text.as_bytes(), today(), &said).unwrap_err(), [StaffProblem { rows: Vec::new(), cause }]);
}

/// Returns whether each person has left, and the doubts, for a payroll whose last column has the given header and cells.
fn with_column(header: &str, cells: [&str; 3]) -> (Vec<bool>, Vec<StaffDoubt>) {
    let people = ["Ana,ana@x.example", "Kim,kim@x.example", "Lee,lee@x.example"];
    let rows: Vec<String> = people.iter().zip(cells).map(|(person, cell)| format!("{person},\"{cell}\"\n")).collect();
    let list = staff(&format!("Name,Email,{header}\n{}", rows.concat()));
    (list.rows.iter().map(|row| row.has_left(today())).collect(), list.doubts)
}

#[test]
fn a_column_of_states_or_last_days_is_read_under_any_header() {
    for (header, cells) in [
        ("State", ["Active", "Terminated", "Active"]),
        ("HR code", ["Active", "Retired", ""]),
        ("Employee Status Code", ["ACT", "TERM", "ACT"]),
        ("Currently Employed", ["Yes", "No", "Yes"]),
        ("Archived", ["No", "Yes", "No"]),
        ("Termination Effective Date", ["", "11/20/2026", ""]),
        ("Last Worked", ["", "Friday, November 20, 2026", ""]),
        ("Offboarding Date", ["", "20NOV2026", ""]),
        ("Termed", ["", "11/01/2026", ""]),
        ("End Date", ["12/31/2027", "11/15/2026", "11/15/2027"]),
        ("Employment Status", ["Onboarded", "Job abandonment", "1099"]),
    ] {
        assert_eq!(with_column(header, cells), (vec![false, true, false], Vec::new()), "{header}");
    }
    let refused = refused(b"Name,Email,Emp Status\nAna,ana@x.example,A\nKim,kim@x.example,T\n");
    assert_eq!(refused.iter().map(|problem| problem.rows.as_slice()).collect::<Vec<_>>(), [[2], [3]]);
}

#[test]
fn a_column_that_is_not_read_is_doubted_only_where_it_speaks_of_people_who_count_as_employed() {
    let doubted = |header: &str, rows: &[u64]| vec![StaffDoubt::Column { header: header.to_owned(), rows: rows.to_vec() }];
    for (header, cells, rows) in [
        ("Termination Reason", ["", "Moved away", ""], &[3][..]),
        ("Position End Date", ["12/31/2027", "11/20/2026", ""], &[3]),
        ("Active in system", ["Yes", "No", "Yes"], &[3]),
        ("Notes", ["Speaks French", "Terminated 11/20", "Lives on Left Hand Canyon Drive"], &[3]),
        ("Notes", ["", "Terminated", ""], &[3]),
        ("Tags", ["active", "inactive", ""], &[3]),
        ("Desk", ["", "Left", ""], &[3]),
        ("Last Worked", ["11/27/2026", "10/01/2026", "11/28/2026"], &[2, 3, 4]),
        ("Termination Date (Benefits)", ["", "10/01/2026", ""], &[3]),
        ("End Date", ["11/15/2026", "11/15/2026", "11/15/2026"], &[2, 3, 4]),
        ("Final Pay Date", ["", "10/01/2026", ""], &[3]),
        ("Onboarding Status", ["Complete", "Open", ""], &[2, 3]),
        ("Account Status", ["Active", "Inactive", "Active"], &[3]),
        ("Employment Dates", ["2019-01-01 - ", "2019-01-01 - 2026-11-20", "2019-01-01 - present"], &[3]),
    ] {
        assert_eq!(with_column(header, cells), (vec![false; 3], doubted(header, rows)), "{header}");
    }
    for (header, cells) in [
        ("Pay Period End Date", ["11/15/2026", "11/15/2026", "11/15/2026"]),
        ("Retirement", ["3%", "4 %", "0"]),
        ("Marital Status", ["Single", "Separated", "Married"]),
        ("Last Login", ["11/15/2026", "11/16/2026", "11/17/2026"]),
        ("Position End Date", ["12/31/2027", "", ""]),
        ("Comments", ["left-handed", "Left message 11/20", "former manager"]),
        ("Remarks", ["retired army nurse", "", "Disabled parking"]),
        ("Desk side", ["Left", "Right", ""]),
        ("Veteran Status", ["Retired", "", ""]),
        ("Discharge Date (Military)", ["01/02/2010", "", ""]),
        ("Department", ["Front Desk", "Skin", "Skin"]),
    ] {
        assert_eq!(with_column(header, cells).1, [], "{header}");
    }
    let left = "Name,Email,Status,Termination Reason\nAna,ana@x.example,Active,\nKim,kim@x.example,Terminated,Moved away\n";
    assert_eq!(staff(left).doubts, [], "whom the column speaks of has left anyway");
    let mut said = StaffWords::default();
    said.add_column("Notes", "ignored");
    let text = "Name,Email,Notes\nAna,ana@x.example,Terminated 11/20\nKim,kim@x.example,Speaks French\n";
    assert_eq!((staff(text).doubts.len(), read(text.as_bytes(), today(), &said).unwrap().doubts.len()), (1, 0));
}

#[test]
fn the_last_day_of_work_is_the_last_day_only_of_people_who_are_not_employed() {
    let text =
        |joe: &str| format!("Name,Email,Status,Last Worked\nAna,ana@x.example,Active,{joe}\nKim,kim@x.example,,10/01/2026\nTotal,2,,\n");
    let left = |text: &str| staff(text).rows.iter().map(|row| row.has_left(today())).collect::<Vec<_>>();
    assert_eq!(left(&text("")), [false, true]);
    assert_eq!(left(&text("11/27/2026")), [false, false], "a time clock");
    assert_eq!(staff(&text("11/27/2026")).doubts, [StaffDoubt::Column { header: "Last Worked".to_owned(), rows: vec![2, 3] }]);
    let nobody_else = "Name,Email,Last Worked\nAna,ana@x.example,\nKim,kim@x.example,10/01/2026\nLee,lee@x.example,10/01/2026\n";
    assert_eq!(left(nobody_else), [false, true, true]);
    let closed = nobody_else.replace("Last Worked", "End Date").replace("\nAna", "\nBo,bo@x.example,10/01/2026\nAna");
    assert_eq!(left(&closed), [true, false, true, true], "a clinic that was closed");
    assert_eq!(left("Name,Email,Last Day\nAna,ana@x.example,TBD\nKim,kim@x.example,10/01/2026\n"), [false, true]);
}

#[test]
fn a_name_can_say_that_the_person_has_left() {
    let list = staff("Name,Email\nAna Ruiz (RN),ana@x.example\nTom Reed (Terminated),tom@x.example\nINACTIVE - Kim Park,kim@x.example\n");
    let said: Vec<(Option<String>, bool)> = list.rows.iter().map(|row| (row.name.shown(), row.is_terminated)).collect();
    assert_eq!(said, [("Ana Ruiz", false), ("Tom Reed", true), ("Kim Park", true)].map(|(name, left)| (Some(name.to_owned()), left)));
}

#[test]
fn a_row_that_is_struck_through_has_left_and_a_table_without_a_header_is_doubted() {
    let page = "<h2>Staff</h2><table><tr><th>Name<th>Email</tr><tr><td>Ana<td>ana@x.example</tr>\
        <tr><td><s>Kim</s><td><s>kim@x.example</s></tr></table>\
        <h2>Others</h2><table><tr><td>a<td>b<td>c</tr><tr><td>Lee<td>lee@x.example<td>1</tr></table>";
    let list = staff(page);
    assert_eq!(list.rows.iter().map(|row| (row.is_struck, row.has_left(today()))).collect::<Vec<_>>(), [(false, false), (true, true)]);
    assert_eq!(list.doubts, [StaffDoubt::Table { heading: Some("Others".to_owned()) }]);
}

#[test]
fn a_user_name_belongs_to_the_product_of_its_header() {
    let list = staff("Name,Dentrix Ascend User ID,User name\nAna,aruiz,ana\n");
    let name = |name: &str, product: Option<&str>| StaffUserName { name: name.to_owned(), product: product.map(str::to_owned) };
    assert_eq!(list.rows[0].user_names, [name("ana", None), name("aruiz", Some("dentrixascend"))]);
}

#[test]
fn blank_cells_say_nothing_only_where_others_say_that_people_are_employed() {
    for (column, expected) in [
        ("Left\nAna,ana@x.example,\nKim,kim@x.example,Yes\n", 0),
        ("Left\nAna,ana@x.example,\nKim,kim@x.example,No\n", 1),
        ("Termination reason\nAna,ana@x.example,\nKim,kim@x.example,Resigned\n", 0),
        ("Status\nAna,ana@x.example,\nKim,kim@x.example,Active\n", 1),
    ] {
        assert_eq!(staff(&format!("Name,Email,{column}")).without_state, expected, "{column}");
    }
}

#[test]
fn a_name_beside_an_address_is_not_part_of_it() {
    let list = staff("Name,Email\nAna Ruiz,Ana Ruiz <ana@x.example>\nKim Park,kim@x.example (work); kim@y.example (home)\n");
    assert_eq!(list.rows.iter().map(|row| row.emails.len()).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(case(&refused(b"Name,Email\nAna,ana at x\n")[0].cause), "NotAnAddress");
}

#[test]
fn people_whose_names_are_marked_have_left_unless_the_payroll_says_otherwise() {
    let said = |list: &Staff| list.rows.iter().map(|row| (row.name.shown().unwrap(), row.has_left(today()))).collect::<Vec<_>>();
    let of = |names: [(&str, bool); 4]| names.map(|(name, has_left)| (name.to_owned(), has_left)).to_vec();
    let list = staff(
        "Name,Email\nOlivia Stone,olivia@n.example\nzz Ana Ruiz,ana@n.example\n\"*Reed, Tom\",tom@n.example\nLizz Park,kim@n.example\n",
    );
    assert_eq!(said(&list), of([("Olivia Stone", false), ("Ana Ruiz", true), ("Tom Reed", true), ("Lizz Park", false)]));
    assert!(list.has_ends && list.doubts.is_empty());
    let list = staff(
        "First Name,Last Name,Email,Status\nOlivia,Stone,olivia@n.example,Active\nAna,zzRuiz,ana@n.example,Active\n\
         Tom,Reed,tom@n.example,Terminated\nKim,Park*,kim@n.example,\n",
    );
    assert_eq!(said(&list), of([("Olivia Stone", false), ("Ana Ruiz", false), ("Tom Reed", true), ("Kim Park", true)]));
    assert_eq!(list.doubts, [StaffDoubt::Marked { rows: vec![3] }], "mark and status contradict each other");
    let list = staff("Name,Email\nOlivia Stone*,o@n.example\nAna Ruiz*,ana@n.example\nTom Reed*,tom@n.example\nKim Park,kim@n.example\n");
    assert_eq!(said(&list), of([("Olivia Stone", false), ("Ana Ruiz", false), ("Tom Reed", false), ("Kim Park", false)]));
    assert_eq!(list.doubts, [StaffDoubt::Marked { rows: vec![2, 3, 4] }], "what most names have is another remark");
}

#[test]
fn a_column_without_a_header_is_named_as_a_spreadsheet_does() {
    let list = staff("Name,Email,\nAna Ruiz,ana@n.example,\nTom Reed,tom@n.example,left 10/31\n");
    assert_eq!(list.left_out, ["column C"]);
    assert_eq!(list.doubts, [StaffDoubt::Column { header: "column C".to_owned(), rows: vec![3] }]);
    let list = staff("Name,,Email,\nAna Ruiz,,ana@n.example,\nTom Reed,,tom@n.example,TERMED\n");
    assert_eq!((list.columns.as_slice(), list.left_out.len()), (&["Name".to_owned(), "Email".to_owned(), "column D".to_owned()][..], 0));
    assert_eq!(list.rows.iter().map(|row| row.has_left(today())).collect::<Vec<_>>(), [false, true]);
    let mut said = StaffWords::default();
    assert!(said.add_column("column C", "last-day"));
    let list = read(b"Name,Email,\nAna Ruiz,ana@n.example,\nTom Reed,tom@n.example,2026-10-31\n", today(), &said).unwrap();
    assert_eq!(list.rows.iter().map(|row| row.has_left(today())).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn a_title_above_the_header_says_that_all_people_have_left_unless_a_row_says_otherwise() {
    let left = |text: &str| staff(text).rows.iter().map(|row| row.has_left(today())).collect::<Vec<_>>();
    assert_eq!(left("Terminated employees as of 11/28/2026,\nName,Email\nTom Reed,tom@n.example\n"), [true]);
    assert_eq!(left("Inactive,,\nName,Email,Status\nTom Reed,tom@n.example,\nAna Ruiz,ana@n.example,Active\n"), [true, false]);
    assert_eq!(left("Include terminated: Yes,\nName,Email\nTom Reed,tom@n.example\n"), [false]);
}

#[test]
fn words_of_states_under_a_header_of_leaving_mean_what_they_say() {
    for header in ["Inactive", "Terminated", "Disabled"] {
        let list = staff(&format!("Name,Email,{header}\nAna Ruiz,ana@n.example,Enabled\nTom Reed,tom@n.example,Disabled\n"));
        assert_eq!(list.rows.iter().map(|row| row.has_left(today())).collect::<Vec<_>>(), [false, true], "{header}");
    }
}

#[test]
fn a_cross_below_status_is_asked_about_and_one_below_active_is_a_yes() {
    let list = |header: &str| format!("Name,Email,{header}\nAna Ruiz,ana@x.example,x\nKim Park,kim@x.example,\n");
    let problems = refused(list("Status").as_bytes());
    assert_eq!(case(&problems[0].cause), "UnknownState", "{problems:?}");
    let mut said = StaffWords::default();
    said.add_state("x", true);
    let rows = |header: &str, said: &StaffWords| -> Vec<bool> {
        read(list(header).as_bytes(), today(), said).unwrap().rows.iter().map(|row| row.has_left(today())).collect()
    };
    assert!(rows("Status", &said)[0]);
    assert!(!rows("Active", &StaffWords::default())[0]);
}

#[test]
fn the_first_day_of_a_calendar_is_not_a_last_day() {
    for none in ["01/01/0001", "1/1/1900", "1970-01-01", "0001-01-01T00:00:00"] {
        let staff = staff(&format!("Name,Email,Termination Date\nAna Ruiz,ana@x.example,{none}\nKim Lee,kim@x.example,10/31/2026\n"));
        let left: Vec<bool> = staff.rows.iter().map(|row| row.has_left(today())).collect();
        assert_eq!(left, [false, true], "{none}");
    }
}
