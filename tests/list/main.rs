//! Lists that other people's programs wrote give back exactly what they show.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use rosterctl::list::{self, Input, Person, Words};
use rosterctl::model::{Field, ListWords, LoginName, Standing, Tab, Value};
use rosterctl::platform::named;
use serde_json::{Value as Json, json};

/// The number of lists that are written and read.
const LISTS: u64 = 240;

/// A small generator (xorshift64*), so that a failing list can be made again by its number.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(number).unwrap() % limit
    }

    fn pick<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }

    fn coin(&mut self) -> bool {
        self.below(2) == 0
    }

    fn shuffle<T>(&mut self, all: &mut [T]) {
        for at in (1..all.len()).rev() {
            all.swap(at, self.below(at + 1));
        }
    }
}

const FIRST: [&str; 8] = ["Ana", "Zoë", "José Luis", "Renée", "Kim", "D'Arcy", "Anne-Marie", "Søren"];
const LAST: [&str; 8] = ["Ruiz", "Müller", "O'Neil", "Park", "Ñandú", "Smith-Jones", "Lee", "Straße"];
const ROLES: [(&str, &str); 4] =
    [("Administrator", "administrator"), ("provider", "provider"), ("FrontDesk", "front-desk"), ("Medical Director", "medical-director")];
const STATES: [(&str, Standing); 5] = [
    ("Active", Standing::Active),
    ("ENABLED", Standing::Active),
    ("Deactivated", Standing::Inactive),
    ("Pending invite", Standing::Pending),
    ("Invited 2 days ago", Standing::Pending),
];
const CLINICS: [(&str, &str); 3] = [("downtown", "Glow Downtown"), ("uptown", "Uptown, North"), ("spa", "Glow + Spa")];

/// A list as a job for Python, and what must be read from it.
struct List {
    job: Json,
    tab: Option<Tab>,
    people: BTreeMap<LoginName, Person>,
}

/// The way in which the list shows names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Names {
    Apart,
    Together,
    LastFirst,
}

/// One of the headers under which products show a column.
fn header(random: &mut Random, column: &str) -> &'static str {
    match column {
        "email" => random.pick(&["Email", "E-mail address", "User principal name", "email_address", "Email Address [Required]"]),
        "first" => random.pick(&["First Name", "givenName", "first_name"]),
        "last" => random.pick(&["Last Name", "Surname", "lastname *"]),
        "name" => random.pick(&["Name", "Full name", "Display Name", "Employee"]),
        "state" => random.pick(&["Status", "Account Status", "STATUS [READ ONLY]"]),
        "role" => random.pick(&["Role", "User role", "Roles"]),
        "clinics" => random.pick(&["Clinic(s)", "Locations", "Has access to"]),
        "phone" => random.pick(&["Mobile Phone", "Contact Number", "Phone number"]),
        "ssn" => "Tax ID (SSN)",
        _ => "Hourly rate",
    }
}

/// Everybody must have a clinic: a column that has none of anybody was not saved.
fn without_blank_clinics(mut people: BTreeMap<LoginName, Person>) -> BTreeMap<LoginName, Person> {
    if people.len() > 1 && people.values().all(|person| person.fields.get(&Field::Clinics) == Some(&Value::Unset)) {
        for person in people.values_mut() {
            person.fields.remove(&Field::Clinics);
        }
    }
    people
}

fn list(number: u64, path: &Path) -> List {
    let random = &mut Random(number.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let kind = ["csv", "csv", "xlsx", "ods", "html"][random.below(5)];
    let names = [Names::Apart, Names::Together, Names::LastFirst][random.below(3)];
    let (has_state, has_role, has_clinics, has_phone) = (random.coin(), random.coin(), random.coin(), random.coin());
    let one_row_each = has_clinics && random.coin();
    let separator = random.pick(&["; ", "|", ", ", "\n", "+"]);
    let separator = if kind == "html" && separator == "\n" { "; " } else { separator };
    let mut columns: Vec<&str> = vec!["email"];
    columns.extend(if names == Names::Apart { vec!["first", "last"] } else { vec!["name"] });
    let optional = [
        ("state", has_state),
        ("role", has_role),
        ("clinics", has_clinics),
        ("phone", has_phone),
        ("ssn", random.coin()),
        ("pay", random.coin()),
    ];
    columns.extend(optional.iter().filter(|(_, has)| *has).map(|(column, _)| *column));
    random.shuffle(&mut columns);
    let header: Vec<&str> = columns.iter().map(|column| header(random, column)).collect();
    let mut people = BTreeMap::new();
    let mut rows: Vec<Vec<String>> = Vec::new();
    for person in 0..=random.below(12) {
        let (first, last) = (random.pick(&FIRST), random.pick(&LAST));
        let email = format!("p{person}.{}@glow.example", random.below(1000));
        let (role, state) = (ROLES[random.below(4)], STATES[random.below(5)]);
        let clinics: BTreeSet<usize> = (0..random.below(3)).map(|_| random.below(3)).collect();
        let digits = format!("602555{:04}", random.below(10_000));
        let phone = if random.coin() { format!("({}) {}-{}", &digits[..3], &digits[3..6], &digits[6..]) } else { format!("+1 {digits}") };
        let phone = if random.below(4) == 0 { String::new() } else { phone };
        let mut fields =
            BTreeMap::from([(Field::FirstName, Value::Text(first.to_owned())), (Field::LastName, Value::Text(last.to_owned()))]);
        if has_role {
            fields.insert(Field::Role, Value::Text(role.1.to_owned()));
        }
        if has_clinics {
            let keys: BTreeSet<String> = clinics.iter().map(|at| CLINICS[*at].0.to_owned()).collect();
            fields.insert(Field::Clinics, if keys.is_empty() { Value::Unset } else { Value::Set(keys) });
        }
        if has_phone {
            fields.insert(Field::Phones, if phone.is_empty() { Value::Unset } else { Value::List(vec![format!("+1{digits}")]) });
        }
        let whole = if names == Names::LastFirst { format!("{last}, {first}") } else { format!("{first} {last}") };
        let person = Person {
            is_expired: false,
            fields,
            name: (names != Names::Apart).then(|| whole.clone()),
            unordered: BTreeSet::new(),
            status: Some(if has_state { state.1 } else { Standing::Active }),
            blocked: None,
        };
        people.insert(LoginName::parse(&email).unwrap(), person);
        let shown: Vec<&str> = clinics.iter().map(|at| CLINICS[*at].1).collect();
        let cells: Vec<String> = if one_row_each && !shown.is_empty() {
            shown.iter().map(|name| (*name).to_owned()).collect()
        } else {
            vec![shown.join(separator)]
        };
        for clinic in cells {
            let cell = |column: &str| match column {
                "email" => email.to_uppercase(),
                "first" => first.to_owned(),
                "last" => last.to_owned(),
                "name" => whole.clone(),
                "state" => state.0.to_owned(),
                "role" => role.0.to_owned(),
                "clinics" => clinic.clone(),
                "phone" => phone.clone(),
                "ssn" => "123-45-6789".to_owned(),
                _ => "41.50".to_owned(),
            };
            rows.push(columns.iter().map(|column| cell(column)).collect());
        }
    }
    random.shuffle(&mut rows);
    if kind != "html" && random.coin() {
        rows.insert(random.below(rows.len() + 1), vec![String::new(); columns.len()]);
    }
    let groups: Vec<&str> = (0..columns.len())
        .map(|at| {
            if at == 0 {
                "Person"
            } else if at == 2 {
                "Access"
            } else {
                ""
            }
        })
        .collect();
    let titles: Vec<Vec<&str>> = match random.below(4) {
        0 => vec![vec!["Team of Glow"]],
        1 => vec![groups],
        _ => Vec::new(),
    };
    let encoding = random.pick(&["utf-8", "utf-8-sig", "utf-16", "cp1252"]);
    let job = json!({
        "kind": kind, "path": path.join(format!("{number}.{kind}")), "above": titles, "header": header,
        "rows": rows, "encoding": encoding, "delimiter": random.pick(&[",", ";", "\t"]), "quoted": random.coin(),
    });
    List { job, tab: (!has_state).then_some(Tab::Active), people: without_blank_clinics(people) }
}

#[test]
fn lists_that_other_programs_wrote_give_back_what_they_show() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = root.join("target/interop/lists/bin/python");
    assert!(python.exists(), "`./test tools` installs openpyxl, odfpy and pandas");
    let folder = tempfile::tempdir().unwrap();
    let lists: Vec<List> = (1..=LISTS).map(|number| list(number, folder.path())).collect();
    let jobs: Vec<&Json> = lists.iter().map(|list| &list.job).collect();
    let mut child = Command::new(python).arg(root.join("tests/interop/lists.py")).stdin(Stdio::piped()).spawn().expect("Python runs");
    child.stdin.take().unwrap().write_all(serde_json::to_string(&jobs).unwrap().as_bytes()).unwrap();
    assert!(child.wait().unwrap().success(), "Python writes the lists");
    let catalog = named("aesthetic-record").unwrap().catalog();
    let clinics = CLINICS.map(|(key, name)| (key.to_owned(), name.to_owned())).into();
    let (own, roles) = (ListWords::default(), BTreeMap::new());
    let words = Words { catalog, own: &own, clinics: &clinics, roles: &roles, country: catalog.country, as_of: None };
    for (number, list) in (1_u64..).zip(&lists) {
        let bytes = std::fs::read(list.job["path"].as_str().unwrap()).unwrap();
        let input = Input { name: "list", bytes: &bytes, tab: list.tab };
        let read =
            list::read(&[input], &words, &BTreeMap::new()).unwrap_or_else(|problems| panic!("list {number}: {problems:?}\n{:#}", list.job));
        assert_eq!(read.people, list.people, "list {number}: {:#}", list.job);
        assert!(!format!("{read:?}").contains("6789"), "list {number}: a column that is not understood is not kept");
    }
}
