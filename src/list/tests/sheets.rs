//! Workbooks, made here part by part.

use std::io::{Cursor, Write as _};

use crate::model::{Field, Standing, Tab, Value};

use super::super::{About, Cause, Limit, UserList};
use super::{Place, case, person, plain, set, spa, text};

fn packed(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
        archive.start_file(*name, options).unwrap();
        archive.write_all(content).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn xlsx(rows: &str, shared: &str) -> Vec<u8> {
    let sheet = format!("<worksheet><sheetData>{rows}</sheetData></worksheet>");
    packed(&[
        ("xl/workbook.xml", b"<workbook xmlns:r='r'><sheets><sheet name='Old' r:id='r0' state='hidden'/><sheet name='Users' r:id='r1'/></sheets></workbook>"),
        ("xl/_rels/workbook.xml.rels", b"<Relationships><Relationship Id='r1' Target='worksheets/sheet1.xml'/></Relationships>"),
        ("xl/sharedStrings.xml", format!("<sst uniqueCount='99999999999999999999'>{shared}</sst>").as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

fn ods(rows: &str) -> Vec<u8> {
    let content = format!("<document><body><spreadsheet><table table:name='Users'>{rows}</table></spreadsheet></body></document>");
    packed(&[("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", content.as_bytes())])
}

fn read(place: &Place, bytes: &[u8]) -> Result<UserList, Cause> {
    place.try_files(&[("users.xlsx", bytes, Some(Tab::Active))]).map_err(|mut problems| problems.list.remove(0).cause)
}

#[test]
fn the_stored_values_of_a_workbook_are_read() {
    let rows = "<row r='1'><c r='A1' t='inlineStr'><is><t>Team</t></is></c></row>
        <row r='3'><c r='A3' t='s'><v>0</v></c><c r='B3' t='s'><v>1</v></c><c r='D3' t='inlineStr'><is><r><t>Contact </t></r><r><t>Number</t></r></is></c></row>
        <row r='4'><c r='A4' t='str'><f>A1&amp;B1</f><v>ana@glow.example</v></c><c r='B4' t='s'><v>2</v></c><c r='D4'><v>6025550142</v></c></row>
        <row r='5'><c r='A5' t='inlineStr'><is><t>kim@glow.example</t></is></c><c t='inlineStr'><is><t>Kim Park</t></is></c><c r='D5' t='inlineStr'><is><t>602 555 0177</t></is></c></row>";
    let list = read(
        &spa(),
        &xlsx(
            rows,
            "<si><t>Email</t></si><si><t>Name</t></si><si><r><t>Ana </t></r><r><t>Ru&#xED;z &amp; Co</t></r><rPh><t>x</t></rPh></si>",
        ),
    )
    .unwrap();
    let ana = person(&list, "ana@glow.example");
    assert_eq!((text(ana, Field::LastName), ana.fields.get(&Field::Phones)), (Some("Co"), None));
    assert!(person(&list, "kim@glow.example").fields.contains_key(&Field::Phones));
    assert!(list.notes.iter().any(|note| note.about == About::Damaged { header: "Contact Number".to_owned(), rows: vec![4] }));
}

#[test]
fn a_formula_without_a_value_is_not_a_login() {
    let rows = "<row><c t='str'><v>Email</v></c><c t='str'><v>Name</v></c></row><row><c><f>HYPERLINK(1)</f></c><c t='str'><v>Ana Ruiz</v></c></row>";
    assert_eq!(case(&read(&spa(), &xlsx(rows, "")).unwrap_err()), "BadAddress");
}

#[test]
fn a_formula_without_a_value_is_not_a_name() {
    // Programs that write workbooks leave the value of a formula blank.
    let rows = "<row><c t='str'><v>Email</v></c><c t='str'><v>Name</v></c></row>
        <row><c t='str'><v>ana@glow.example</v></c><c><f>CONCATENATE(1)</f><v></v></c></row>";
    let list = read(&spa(), &xlsx(rows, "")).unwrap();
    assert!(person(&list, "ana@glow.example").fields.is_empty(), "an unknown name is not an empty one");
    assert!(list.notes.iter().any(|note| note.about == About::Unknown { header: "Name".to_owned(), rows: vec![2] }));
    let empty = rows.replace("<c><f>", "<c t='str'><f>");
    let list = read(&plain(), &xlsx(&empty, "")).unwrap();
    assert_eq!(person(&list, "ana@glow.example").fields.get(&Field::LastName), Some(&Value::Unset));
}

/// A workbook with two sheets of these names, each with a person.
fn two_sheets(names: [&str; 2]) -> Vec<u8> {
    let sheet = |person: &str| {
        format!(
            "<worksheet><sheetData><row><c t='str'><v>Email</v></c><c t='str'><v>Name</v></c></row>
            <row><c t='str'><v>{person}@glow.example</v></c><c t='str'><v>{person} Ruiz</v></c></row></sheetData></worksheet>"
        )
    };
    let [one, two] = names;
    let workbook =
        format!("<workbook xmlns:r='r'><sheets><sheet name='{one}' r:id='r1'/><sheet name='{two}' r:id='r2'/></sheets></workbook>");
    packed(&[
        ("xl/workbook.xml", workbook.as_bytes()),
        (
            "xl/_rels/workbook.xml.rels",
            b"<Relationships><Relationship Id='r1' Target='worksheets/sheet1.xml'/><Relationship Id='r2' Target='worksheets/sheet2.xml'/></Relationships>",
        ),
        ("xl/worksheets/sheet1.xml", sheet("ana").as_bytes()),
        ("xl/worksheets/sheet2.xml", sheet("kim").as_bytes()),
    ])
}

#[test]
fn the_names_of_sheets_are_states_like_tabs_of_a_page() {
    let list = spa().try_files(&[("users.xlsx", &two_sheets(["Active", "Inactive users"]), None)]).unwrap();
    assert_eq!(person(&list, "ana@glow.example").status, Some(Standing::Active));
    assert_eq!(person(&list, "kim@glow.example").status, Some(Standing::Inactive));
    let problems = spa().try_files(&[("users.xlsx", &two_sheets(["Active", "October"]), None)]).unwrap_err();
    assert_eq!(problems.list[0].cause, Cause::NoState);
    let list = read(&spa(), &two_sheets(["Downtown", "Uptown"])).unwrap();
    let several = About::SeveralTables { headings: vec!["Downtown".to_owned(), "Uptown".to_owned()], count: 2 };
    assert!(list.notes.iter().any(|note| note.about == several));
}

#[test]
fn a_value_that_is_merged_over_rows_is_that_of_each() {
    let cell = |place: &str, text: &str| format!("<c r='{place}' t='str'><v>{text}</v></c>");
    let rows = [
        [cell("A1", "Email"), cell("B1", "Clinics"), cell("C1", "Role")].concat(),
        [cell("A2", "ana@glow.example"), cell("B2", "Glow Downtown"), cell("C2", "Provider")].concat(),
        cell("B3", "Glow Uptown"),
        [cell("A4", "kim@glow.example"), cell("B4", "Glow Uptown")].concat(),
    ];
    let rows: Vec<String> = (1..).zip(rows).map(|(number, cells): (u64, String)| format!("<row r='{number}'>{cells}</row>")).collect();
    let rows = rows.concat();
    let rows = format!(
        "{rows}</sheetData><mergeCells><mergeCell ref='A2:A3'/><mergeCell ref='C2:C3'/><mergeCell ref='B2:C2'/></mergeCells><sheetData>"
    );
    let list = read(&spa(), &xlsx(&rows, "")).unwrap();
    assert_eq!(person(&list, "ana@glow.example").fields.get(&Field::Clinics), Some(&set(&["downtown", "uptown"])));
    assert_eq!(person(&list, "kim@glow.example").fields.get(&Field::Role), Some(&Value::Unset));
    assert!(!list.notes.iter().any(|note| case(&note.about) == "Merged"), "these are rows of one person");
    let of_two = rows.replace("<mergeCell ref='A2:A3'/><mergeCell ref='C2:C3'/><mergeCell ref='B2:C2'/>", "<mergeCell ref='C2:C4'/>");
    let of_two = of_two.replace("<row r='3'>", "<row r='3'><c r='A3' t='str'><v>ana@glow.example</v></c>");
    let list = read(&spa(), &xlsx(&of_two, "")).unwrap();
    assert_eq!(text(person(&list, "kim@glow.example"), Field::Role), Some("provider"));
    assert!(list.notes.iter().any(|note| note.about == About::Merged { header: "Role".to_owned(), rows: vec![3, 4] }), "{:?}", list.notes);
}

#[test]
fn a_hidden_sheet_is_named() {
    let rows = "<row><c t='str'><v>Email</v></c><c t='str'><v>Name</v></c></row><row><c t='str'><v>ana@glow.example</v></c></row>";
    let list = read(&spa(), &xlsx(rows, "")).unwrap();
    assert!(list.notes.iter().any(|note| note.about == About::HiddenSheet { name: "Old".to_owned() }));
    let staff = crate::list::staff::read(&xlsx(rows, ""), jiff::civil::date(2026, 11, 29), &crate::list::staff::StaffWords::default());
    assert_eq!(staff.unwrap().doubts, [crate::model::StaffDoubt::HiddenSheet { name: "Old".to_owned() }]);
}

#[test]
fn whether_somebody_struck_through_has_access_is_unknown_until_the_workspace_says_so() {
    let styles = "<styleSheet><fonts><font/><font><strike/></font><font><strike val='0'/></font></fonts><cellXfs><xf fontId='0'/><xf fontId='1'/><xf fontId='2'/></cellXfs></styleSheet>";
    let row =
        |style: usize, login: &str| format!("<row><c s='{style}' t='str'><v>{login}@glow.example</v></c><c t='str'><v>A B</v></c></row>");
    let rows = format!("<row><c t='str'><v>Email</v></c><c t='str'><v>Name</v></c></row>{}{}{}", row(0, "ana"), row(1, "bo"), row(2, "cy"));
    let sheet = format!("<worksheet><sheetData>{rows}</sheetData></worksheet>");
    let workbook = packed(&[
        ("xl/workbook.xml", b"<workbook xmlns:r='r'><sheets><sheet name='Users' r:id='r1'/></sheets></workbook>"),
        ("xl/_rels/workbook.xml.rels", b"<Relationships><Relationship Id='r1' Target='worksheets/sheet1.xml'/></Relationships>"),
        ("xl/styles.xml", styles.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ]);
    let runs = "<row><c t='str'><v>Email</v></c><c t='str'><v>Name</v></c></row><row><c t='str'><v>ana@glow.example</v></c><c t='inlineStr'><is><r><rPr><strike val='0'/></rPr><t>A B</t></r></is></c></row><row><c t='s'><v>0</v></c><c t='str'><v>A B</v></c></row>";
    let shared = xlsx(runs, "<si><r><rPr><strike/></rPr><t>bo@glow</t></r><r><rPr><strike/></rPr><t>.example</t></r></si>");
    let inline = runs.replace("<c t='s'><v>0</v></c>", "<c t='inlineStr'><is><r><rPr><strike/></rPr><t>bo@glow.example</t></r></is></c>");
    let inline = xlsx(&inline, "");
    let content = "<document><automatic-styles><style style:name='ce1'><text-properties style:text-line-through-style='solid'/></style></automatic-styles><body><spreadsheet><table table:name='Users'><table-row><table-cell value-type='string'><p>Email</p></table-cell><table-cell value-type='string'><p>Name</p></table-cell></table-row><table-row><table-cell value-type='string'><p>ana@glow.example</p></table-cell></table-row><table-row><table-cell table:style-name='ce1' value-type='string'><p>bo@glow.example</p></table-cell></table-row></table></spreadsheet></body></document>";
    let ods = packed(&[("content.xml", content.as_bytes())]);
    let page = "<table><tr><th>Email<th>Name<tr><td>ana@glow.example<td>A B<tr><td><s>bo@glow.example</s><td><s>A B</s></table>".as_bytes();
    let by_row = "<table><tr><th>Email<th>Name<tr><td>ana@glow.example<td>A B<tr style='text-decoration: line-through'><td>bo@glow.example<td>A B</table>".as_bytes();
    for bytes in [workbook.as_slice(), &shared, &inline, &ods, page, by_row] {
        let list = read(&spa(), bytes).unwrap();
        assert_eq!(person(&list, "bo@glow.example").status, None);
        assert_eq!(person(&list, "ana@glow.example").status, Some(Standing::Active));
        assert!(list.notes.iter().any(|note| note.about == About::Struck { rows: vec![3] }), "{:?}", list.notes);
        let list = read(&spa().with("marks: { inactive: [Struck through] }"), bytes).unwrap();
        assert_eq!(person(&list, "bo@glow.example").status, Some(Standing::Inactive));
        assert_eq!(person(&list, "ana@glow.example").status, Some(Standing::Active));
    }
}

// Gray and red letters are how offices show who has left; black ones and links (color 10 of a theme) are not.
#[test]
fn whether_somebody_in_gray_or_red_letters_has_access_is_unknown() {
    let row = |style: usize, login: &str| format!("<row><c s='{style}' t='str'><v>{login}@glow.example</v></c></row>");
    let sheet = |rows: &str| format!("<worksheet><sheetData><row><c t='str'><v>Email</v></c></row>{rows}</sheetData></worksheet>");
    let workbook = |color: &str, rows: &str| {
        let styles = format!(
            "<styleSheet><fonts><font><color rgb='FF000000'/></font><font><color {color}/></font></fonts><cellXfs><xf fontId='0'/><xf fontId='1'/></cellXfs></styleSheet>"
        );
        packed(&[
            ("xl/workbook.xml", b"<workbook xmlns:r='r'><sheets><sheet name='Users' r:id='r1'/></sheets></workbook>"),
            ("xl/_rels/workbook.xml.rels", b"<Relationships><Relationship Id='r1' Target='worksheets/sheet1.xml'/></Relationships>"),
            ("xl/styles.xml", styles.as_bytes()),
            ("xl/worksheets/sheet1.xml", sheet(rows).as_bytes()),
        ])
    };
    let cell = |style: &str, text: &str| {
        format!("<table-row><table-cell table:style-name='{style}' value-type='string'><p>{text}</p></table-cell></table-row>")
    };
    let text = |color: &str| {
        let rows = [cell("a", "Email"), cell("a", "ana@glow.example"), cell("b", "bo@glow.example")].concat();
        let styles = format!("<style style:name='b'><text-properties fo:color='{color}'/></style>");
        let content = format!(
            "<document><automatic-styles>{styles}</automatic-styles><body><spreadsheet><table table:name='Users'>{rows}</table></spreadsheet></body></document>"
        );
        packed(&[("content.xml", content.as_bytes())])
    };
    let one = [row(0, "ana"), row(1, "bo")].concat();
    let status = |bytes: &[u8]| {
        let list = read(&spa(), bytes).unwrap();
        assert_eq!(person(&list, "ana@glow.example").status, Some(Standing::Active));
        person(&list, "bo@glow.example").status
    };
    for color in ["rgb='FF999999'", "rgb='808080'", "theme='0' tint='-0.35'", "theme='1' tint='0.5'", "rgb='FFFF0000'", "rgb='FFC00000'"] {
        assert_eq!(status(&workbook(color, &one)), None, "{color}");
    }
    for color in ["rgb='FF000000'", "rgb='FFFFFFFF'", "theme='10'", "theme='1'", "rgb='FF0563C1'", "rgb='FF222222'"] {
        assert_eq!(status(&workbook(color, &one)), Some(Standing::Active), "{color}");
    }
    let everybody = [row(1, "ana"), row(1, "bo")].concat();
    assert_eq!(status(&workbook("rgb='FF999999'", &everybody)), Some(Standing::Active));
    assert_eq!((status(&text("#999999")), status(&text("#c00000"))), (None, None));
    assert_eq!(status(&text("#000000")), Some(Standing::Active));
}

#[test]
fn an_open_document_is_read_with_its_repeated_cells() {
    let cell = |text: &str| format!("<table-cell value-type='string'><p>{text}</p></table-cell>");
    let rows = format!(
        "<table-row table:number-rows-repeated='3'><table-cell number-columns-repeated='1024'/></table-row>
         <table-row>{}<table-cell number-columns-repeated='2'/>{}{}</table-row>
         <table-row><table-cell value-type='string'><annotation><p>secret</p></annotation><p><a href='mailto:ana@glow.example'>Ana</a></p></table-cell><table-cell number-columns-repeated='2'/>{}<table-cell value-type='boolean' boolean-value='true'><p>WAHR</p></table-cell></table-row>
         <table-row table:number-rows-repeated='1048000'><table-cell number-columns-repeated='16384'/></table-row>",
        cell("Email"), cell("Name"), cell("Enabled"), cell("Ana<s/>Ruiz")
    );
    let list = read(&plain(), &ods(&rows)).unwrap();
    let ana = person(&list, "ana@glow.example");
    assert_eq!((text(ana, Field::FirstName), text(ana, Field::LastName)), (Some("Ana"), Some("Ruiz")));
}

#[test]
fn hostile_workbooks_end_early() {
    let comments = format!("<!--{}-->", " ".repeat(1024 * 1024 - 7)).repeat(140);
    let bomb = packed(&[("xl/workbook.xml", comments.as_bytes())]);
    assert!(bomb.len() < 1024 * 1024);
    assert_eq!(read(&spa(), &bomb), Err(Cause::TooLarge(Limit::Unpacked)));
    let blanks = packed(&[("xl/workbook.xml", &vec![b' '; 140 * 1024 * 1024])]);
    assert_eq!(read(&spa(), &blanks), Err(Cause::TooLarge(Limit::Text)));
    let far = "<row><c r='XFD1' t='str'><v>x</v></c></row>";
    assert_eq!(read(&spa(), &xlsx(far, "")), Err(Cause::TooLarge(Limit::Columns)));
    let repeated = "<table-row number-rows-repeated='99999999999'><table-cell value-type='string'><p>x</p></table-cell></table-row>";
    assert_eq!(read(&spa(), &ods(repeated)), Err(Cause::TooLarge(Limit::Rows)));
    let wide = "<table-row><table-cell number-columns-repeated='18446744073709551615'/><table-cell value-type='string'><p>x</p></table-cell></table-row>";
    assert_eq!(read(&spa(), &ods(wide)), Err(Cause::TooLarge(Limit::Columns)));
    let entities = packed(&[("content.xml", b"<!DOCTYPE a [<!ENTITY b 'cc'>]><table>&b;</table>")]);
    assert_eq!(read(&spa(), &entities), Err(Cause::Damaged));
    assert_eq!(read(&spa(), b"PK\x03\x04 and nothing else"), Err(Cause::Damaged));
    let shared = "<row><c t='s'><v>7</v></c></row>";
    assert_eq!(read(&spa(), &xlsx(shared, "<si><t>a</t></si>")), Err(Cause::Damaged));
}

#[test]
fn all_workbooks_of_a_call_have_one_limit() {
    let padding = format!("<!--{}-->", " ".repeat(1024 * 1024 - 7)).repeat(44);
    let row = |login: &str| {
        format!(
            "<table-row><table-cell><p>Email</p></table-cell><table-cell><p>Name</p></table-cell></table-row><table-row><table-cell><p>{login}</p></table-cell><table-cell><p>Ana Ruiz</p></table-cell></table-row>{padding}"
        )
    };
    let books: Vec<Vec<u8>> = ["a@x.example", "b@x.example", "c@x.example"].map(|login| ods(&row(login))).to_vec();
    let files = |count: usize| -> Vec<(&str, &[u8], Option<Tab>)> {
        let named = ["a.ods", "b.ods", "c.ods"].into_iter().zip(&books).take(count);
        named.map(|(name, bytes)| (name, bytes.as_slice(), Some(Tab::Active))).collect()
    };
    assert_eq!(spa().try_files(&files(2)).unwrap().people.len(), 2);
    let refused: Vec<(String, Cause)> =
        spa().try_files(&files(3)).unwrap_err().list.into_iter().map(|problem| (problem.file, problem.cause)).collect();
    assert_eq!(refused, [("c.ods".to_owned(), Cause::TooLarge(Limit::Unpacked))]);
    let tables = "<table/>".repeat(600);
    let books = [
        packed(&[("content.xml", format!("<a>{tables}</a>").as_bytes())]),
        packed(&[("content.xml", format!("<a>{tables}</a>").as_bytes())]),
    ];
    let files: Vec<(&str, &[u8], Option<Tab>)> =
        [("a.ods", &books[0]), ("b.ods", &books[1])].map(|(name, bytes)| (name, bytes.as_slice(), None)).to_vec();
    assert!(spa().try_files(&files).unwrap_err().list.iter().any(|problem| problem.cause == Cause::TooLarge(Limit::Tables)));
}

#[test]
fn a_workbook_of_a_payroll_stores_days_as_numbers() {
    let text = |text: &str| format!("<c t='inlineStr'><is><t>{text}</t></is></c>");
    let row = |cells: [String; 3]| format!("<row>{}</row>", cells.concat());
    let rows = [
        row([text("Employee"), text("Email"), text("Termination Date")]),
        row([text("Reed, Tom"), text("tom@glow.example"), "<c><v>46346</v></c>".to_owned()]),
        row([text("Park, Kim"), text("kim@glow.example"), "<c t='d'><v>2026-11-21T00:00:00</v></c>".to_owned()]),
        row([text("Ruiz, Ana"), text("ana@glow.example"), "<c/>".to_owned()]),
    ];
    let staff =
        crate::list::staff::read(&xlsx(&rows.concat(), ""), jiff::civil::date(2026, 11, 29), &crate::list::staff::StaffWords::default())
            .unwrap();
    let ends: Vec<Option<jiff::civil::Date>> = staff.rows.iter().map(|row| row.end).collect();
    assert_eq!(ends, [Some(jiff::civil::date(2026, 11, 20)), Some(jiff::civil::date(2026, 11, 21)), None]);
}

#[test]
fn the_address_of_a_link_counts_where_none_is_shown() {
    let rows = "<row r='1'><c r='A1' t='str'><v>Name</v></c><c r='B1' t='str'><v>Email</v></c></row>
        <row r='2'><c r='A2' t='str'><v>Ana Ruiz</v></c><c r='B2' t='str'><v>E-mail</v></c></row>
        <row r='3'><c r='A3' t='str'><v>Kim Park</v></c><c r='B3' t='str'><v>kim@glow.example</v></c></row>";
    let links = "<hyperlinks xmlns:r='r'><hyperlink ref='B2' r:id='m1'/><hyperlink ref='B3' r:id='m2'/></hyperlinks>";
    let sheet = format!("<worksheet><sheetData>{rows}</sheetData>{links}</worksheet>");
    let bytes = packed(&[
        ("xl/workbook.xml", b"<workbook xmlns:r='r'><sheets><sheet name='Users' r:id='r1'/></sheets></workbook>"),
        ("xl/_rels/workbook.xml.rels", b"<Relationships><Relationship Id='r1' Target='worksheets/sheet1.xml'/></Relationships>"),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
        (
            "xl/worksheets/_rels/sheet1.xml.rels",
            b"<Relationships><Relationship Id='m1' Target='mailto:ana@glow.example?subject=x'/><Relationship Id='m2' Target='mailto:old@glow.example'/></Relationships>",
        ),
    ]);
    let list = read(&spa(), &bytes).unwrap();
    let logins: Vec<&str> = list.people.keys().map(crate::model::LoginName::as_str).collect();
    assert_eq!(logins, ["ana@glow.example", "kim@glow.example"], "what was typed over a link counts");
}

#[test]
fn a_value_that_is_merged_over_rows_of_an_open_document_is_that_of_each() {
    let cell = |text: &str| format!("<table-cell value-type='string'><p>{text}</p></table-cell>");
    let rows = [
        [cell("Email"), cell("Role"), cell("Clinics")].concat(),
        [cell("ana@glow.example"), cell("Provider"), "<table-cell number-rows-spanned='2'><p>Glow Uptown</p></table-cell>".to_owned()]
            .concat(),
        [cell("kim@glow.example"), cell("Provider"), "<covered-table-cell/>".to_owned()].concat(),
        [cell("lu@glow.example"), cell("Provider")].concat(),
    ];
    let rows = format!("<table-row>{}</table-row>", rows.join("</table-row><table-row>"));
    let list = read(&spa(), &ods(&rows)).unwrap();
    let clinics = |login: &str| person(&list, login).fields.get(&Field::Clinics).cloned();
    assert_eq!((clinics("ana@glow.example"), clinics("kim@glow.example")), (Some(set(&["uptown"])), Some(set(&["uptown"]))));
    assert_eq!(clinics("lu@glow.example"), Some(Value::Unset));
}

#[test]
fn lines_that_a_spreadsheet_put_quotes_around_are_rows() {
    let list =
        spa().active("\"Email,Name,Role\"\r\n\"ana@x.example,\"\"Ruiz, Ana\"\",Provider\"\r\n\r\n\"kim@x.example,Kim Park,Provider\"\r\n");
    assert_eq!(list.people.len(), 2);
    assert_eq!(text(person(&list, "ana@x.example"), Field::LastName), Some("Ruiz"));
}

#[test]
fn two_columns_of_one_header_say_the_same() {
    let list = |second: &str| format!("Email,Name,Role,Role\na@x.example,A B,Provider,{second}\n");
    for same in ["Provider", ""] {
        assert_eq!(text(person(&spa().active(&list(same)), "a@x.example"), Field::Role), Some("provider"));
    }
    assert_eq!(spa().refused(&list("Front Desk")), [(None, Cause::Doubled { header: "Role".to_owned() })]);
}

#[test]
fn endless_parts_of_a_workbook_end_early() {
    let long = "A".repeat(2 * 1024 * 1024);
    for (rows, shared, limit) in [
        (format!("<row><c r='{long}'/></row>"), String::new(), Limit::Text),
        (format!("<row><c t='str'><v>{long}</v></c></row>"), String::new(), Limit::Text),
        (format!("<row><c t='inlineStr'><is>{}</is></c></row>", "<r><t>abcdefgh</t></r>".repeat(5_000)), String::new(), Limit::Text),
        ("<a>".repeat(300), String::new(), Limit::Depth),
        (String::new(), format!("<si>{}</si>", "<r><t>abcdefgh</t></r>".repeat(5_000)), Limit::Text),
    ] {
        assert_eq!(read(&spa(), &xlsx(&rows, &shared)), Err(Cause::TooLarge(limit)), "{limit}");
    }
}
