//! Filters, paths, sorting, paging and projection: the whole grammar, its precedence, its limits, and that it can be written back.

use proptest::prelude::*;
use rosterctl::platform::named;
use rosterctl::scim::filter::{Comparison, DEEPEST, LONGEST, Literal, MOST_TERMS, eq_on};
use rosterctl::scim::project::Projection;
use rosterctl::scim::schema::PageLimits;
use rosterctl::scim::{AttrPath, Filter, PageRequest, Path, ResourceType, ResourceTypes, ScimType, Sort, urn};
use serde_json::{Value, json};

fn users() -> ResourceType {
    ResourceTypes::for_platform(named("aesthetic-record").unwrap().catalog()).users().clone()
}

fn ana() -> Value {
    json!({
        "schemas": [urn::USER, urn::PRACTICE],
        "id": "u1",
        "externalId": "Ext-1",
        "userName": "ana@glow.example",
        "name": { "givenName": "Zoë" },
        "active": true,
        "emails": [{ "value": "ana@glow.example", "type": "work", "primary": true }, { "value": "ana@home.example", "type": "home" }],
        "meta": { "lastModified": "2026-11-22T08:00:00.500Z", "version": "W/\"1\"" },
        urn::PRACTICE: { "goals": { "procedures": 40 }, "privileges": ["sign-charts"], "clinics": [{ "value": "C1" }] },
    })
}

fn holds(filter: &str) -> bool {
    Filter::read(filter, &users()).unwrap_or_else(|why| panic!("{filter}: {why}")).matches(&ana(), &users())
}

fn refused(filter: &str) -> String {
    let why = Filter::read(filter, &users()).expect_err(filter);
    assert_eq!((why.status, why.scim_type), (400, Some(ScimType::InvalidFilter)), "{filter}");
    why.detail.into()
}

#[test]
fn every_operator_does_what_it_says() {
    for (filter, wanted) in [
        ("userName eq \"ANA@glow.example\"", true),
        ("USERNAME Eq \"ana@glow.example\"", true),
        ("externalId eq \"ext-1\"", false),
        ("externalId sw \"Ext\" and externalId ew \"1\" and externalId co \"t-\"", true),
        ("name.givenName eq \"zoe\\u0308\"", true),
        ("userName ne \"ana@glow.example\"", false),
        ("emails ne \"ana@home.example\"", false),
        ("emails co \"HOME\"", true),
        ("emails.type eq \"other\"", false),
        ("displayName pr", false),
        ("name pr and emails pr and active pr", true),
        ("displayName eq null and userName ne null", true),
        ("active eq true and active eq \"True\" and active ne false", true),
        ("meta.lastModified gt \"2026-11-22T08:00:00Z\"", true),
        ("meta.lastModified lt \"2026-11-22T09:00:01+01:00\"", true),
        ("meta.lastModified ge \"2026-11-22T08:00:00.5\"", true),
        ("userName gt \"aaa\" and userName le \"b\"", true),
        (&format!("{}:goals.procedures ge 40.0", urn::PRACTICE), true),
        (&format!("{}:goals.procedures lt 9", urn::PRACTICE), false),
        (&format!("{}:privileges eq \"sign-charts\"", urn::PRACTICE.to_uppercase()), true),
        (&format!("{}:clinics[value eq \"c1\"]", urn::PRACTICE), false),
        (&format!("{}:userName pr", urn::USER), true),
        (&format!("schemas eq \"{}\"", urn::PRACTICE), true),
    ] {
        assert_eq!(holds(filter), wanted, "{filter}");
    }
}

#[test]
fn and_binds_tighter_than_or_and_not_takes_parentheses() {
    assert!(holds("active eq true or active eq false and userName eq \"x\""));
    assert!(!holds("(active eq true or active eq false) and userName eq \"x\""));
    assert!(holds("not (userName eq \"x\") and not(active eq false)"));
    assert!(holds("NOT (userName eq \"x\" AND active eq true) OR active eq false"));
    refused("not userName eq \"x\"");
}

#[test]
fn brackets_ask_for_one_value_that_meets_all() {
    assert!(holds("emails[type eq \"work\" and value sw \"ana\"]"));
    assert!(!holds("emails[type eq \"work\" and value co \"home\"]"));
    assert!(holds("emails.type eq \"work\" and emails.value co \"home\""));
    assert!(holds("emails[not (type eq \"work\")].value eq \"ana@home.example\""));
    assert!(holds("emails[type eq \"work\"].value eq \"ana@glow.example\" and active eq true"));
    assert!(!holds("emails[type eq \"work\"].value eq \"ana@home.example\""));
}

#[test]
fn an_impossible_filter_is_invalid() {
    for filter in [
        "",
        " ",
        "userName",
        "userName eq",
        "userName eq x",
        "userName eq \"x",
        "eq \"x\"",
        "userName xx \"x\"",
        "userName eq \"x\" and",
        "userName eq \"x\" userName pr",
        "(userName pr",
        "userName pr)",
        "emails[type eq \"x\"",
        "emails[]",
        "emails[emails[type pr]]",
        "emails[type eq \"work\"].nope eq \"x\"",
        "nope eq 1",
        "name.nope pr",
        "urn:nope:userName pr",
        "userName.x pr",
        "name[givenName pr]",
        "active gt true",
        "active co \"t\"",
        "name eq \"x\"",
        "userName eq 1",
        "userName gt null",
        "active eq \"maybe\"",
        "meta.lastModified gt \"yesterday\"",
        "userName eq \"\\x\"",
        "userName eq \"a\"b\"",
        "..",
        "$ eq 1",
        "a.b.c pr",
        "__proto__ pr",
    ] {
        refused(filter);
    }
    refused(&format!("{}:goals.procedures co 1", urn::PRACTICE));
}

#[test]
fn an_attribute_that_is_never_returned_cannot_be_used_in_a_filter() {
    for filter in ["password eq \"x\"", "password pr", "not (password sw \"a\")", &format!("{}:sendInvitation eq true", urn::PRACTICE)] {
        assert!(refused(filter).contains("never returned"), "{filter}");
    }
}

#[test]
fn hostile_texts_are_refused_on_a_small_stack() {
    let small = std::thread::Builder::new().stack_size(2 * 1024 * 1024).spawn(|| {
        let deep = |n: usize| format!("{}active pr{}", "(".repeat(n), ")".repeat(n));
        assert!(refused(&"(".repeat(100_000)).contains("bytes"));
        assert!(refused(&"not (".repeat(800)).contains("levels deep"));
        assert!(holds(&deep(DEEPEST)));
        assert!(refused(&deep(DEEPEST + 1)).contains("levels deep"));
        let wide = |n: usize| vec!["active pr"; n].join(" and ");
        assert!(holds(&wide(MOST_TERMS)));
        assert!(refused(&wide(MOST_TERMS + 1)).contains("comparisons"));
        assert!(refused(&format!("userName eq \"{}\"", "x".repeat(LONGEST))).contains("bytes"));
        assert!(Path::parse(&format!("emails[{}", "(".repeat(100_000))).is_err());
        assert!(Path::parse(&format!("emails[{}]", "(".repeat(1000))).is_err());
        // JSON nested deeper than 128 levels is refused by the JSON reader itself.
        assert!(serde_json::from_str::<Value>(&"[".repeat(100_000)).is_err());
    });
    small.unwrap().join().unwrap();
}

#[test]
fn an_index_learns_what_must_be_equal() {
    let hint = |filter: &str, attribute: &str| eq_on(&Filter::parse(filter).unwrap(), attribute).map(str::to_owned);
    assert_eq!(hint("USERNAME eq \"a\"", "userName").as_deref(), Some("a"));
    assert_eq!(hint("active eq true and (userName eq \"a\" and title pr)", "userName").as_deref(), Some("a"));
    assert_eq!(hint("userName eq \"a\" or active eq true", "userName"), None);
    assert_eq!(hint("not (userName eq \"a\")", "userName"), None);
    assert_eq!(hint("userName ne \"a\"", "userName"), None);
}

#[test]
fn sorting_is_by_type_and_case_with_missing_values_last() {
    let users = users();
    let user = |id: &str, name: Option<&str>, goal: Option<i64>| json!({ "id": id, "userName": name, urn::PRACTICE: { "goals": { "procedures": goal } } });
    let mut list =
        vec![user("1", Some("b"), Some(10)), user("2", None, None), user("3", Some("A"), Some(9)), user("4", Some("c"), Some(100))];
    let mut sorted = |by: &str, order: Option<&str>| {
        Sort::read(Some(by), order, &users).unwrap().unwrap().sort(&mut list, &users);
        list.iter().map(|u| u["id"].as_str().unwrap().to_owned()).collect::<String>()
    };
    assert_eq!(sorted("userName", None), "3142");
    assert_eq!(sorted("USERNAME", Some("Descending")), "2413");
    assert_eq!(sorted(&format!("{}:goals.procedures", urn::PRACTICE), Some("ascending")), "3142");
    for (by, order) in [("nope", None), ("name", None), ("password", None), ("userName", Some("up"))] {
        assert!(Sort::read(Some(by), order, &users).is_err(), "{by}");
    }
    assert_eq!(Sort::read(None, None, &users), Ok(None));
}

#[test]
fn a_page_comes_of_every_number() {
    let limits = PageLimits { default_page: 100, max_page: 1000 };
    let page = |start: &str, count: &str| PageRequest::read(Some(start), Some(count), limits).map(|p| (p.start, p.count));
    assert_eq!(page("-1", "-1"), Ok((1, 0)));
    assert_eq!(page("0", "0"), Ok((1, 0)));
    assert_eq!(page("2147483648", "9223372036854775808"), Ok((2_147_483_647, 1000)));
    assert_eq!(page("99999999999999999999999999", "+3"), Ok((2_147_483_647, 3)));
    assert_eq!(PageRequest::read(None, None, limits).map(|p| (p.start, p.count)), Ok((1, 100)));
    for text in ["", "1e309", "1.5", "NaN", "0x1", "--1", "１"] {
        assert_eq!(page(text, "1").unwrap_err().scim_type, Some(ScimType::InvalidValue), "{text}");
    }
    let all = [1, 2, 3];
    assert_eq!(PageRequest { start: 2, count: 5 }.slice(&all), [2, 3]);
    assert!(PageRequest { start: usize::MAX, count: usize::MAX }.slice(&all).is_empty());
}

#[test]
fn an_answer_holds_what_was_asked_for_and_never_a_secret() {
    let users = users();
    let mut user = ana();
    user["password"] = json!("secret");
    user[urn::PRACTICE]["sendInvitation"] = json!(true);
    let told = |attributes: &[&str], excluded: &[&str]| Projection::read(attributes, excluded, &users).unwrap().apply(&user, &users);
    let all = told(&[], &[]);
    assert!(all.get("password").is_none() && all[urn::PRACTICE].get("sendInvitation").is_none());
    assert_eq!(told(&["password,userName"], &[]), json!({ "schemas": [urn::USER], "id": "u1", "userName": "ana@glow.example" }));
    assert_eq!(
        told(&["NAME.givenname", "emails.value"], &[])["emails"],
        json!([{ "value": "ana@glow.example" }, { "value": "ana@home.example" }])
    );
    let goals = told(&[&format!("{}:goals.procedures", urn::PRACTICE)], &[]);
    assert_eq!(goals, json!({ "schemas": [urn::USER, urn::PRACTICE], "id": "u1", urn::PRACTICE: { "goals": { "procedures": 40 } } }));
    assert_eq!(told(&[urn::PRACTICE], &[])[urn::PRACTICE], all[urn::PRACTICE]);
    let less = told(&[], &["id", "schemas", "emails.type", urn::PRACTICE, "nope"]);
    assert_eq!((&less["id"], less.get(urn::PRACTICE)), (&json!("u1"), None));
    assert_eq!(less["emails"][1], json!({ "value": "ana@home.example" }));
    assert_eq!(Projection::read(&["id"], &["id"], &users).unwrap_err().scim_type, Some(ScimType::InvalidValue));
}

fn any_filter() -> impl Strategy<Value = Filter> {
    let name = prop_oneof![Just("userName"), Just("not"), Just("and"), Just("a-b_c1"), Just("$ref"), Just("pr")];
    let path = (prop::option::of(Just("urn:x:y:2.0:User")), name.clone(), prop::option::of(name.clone()))
        .prop_map(|(schema, name, sub)| AttrPath { schema: schema.map(str::to_owned), name: name.to_owned(), sub: sub.map(str::to_owned) });
    let op = prop::sample::select(vec![Comparison::Eq, Comparison::Ne, Comparison::Co, Comparison::Gt, Comparison::Le]);
    let literal = prop_oneof![
        Just(Literal::Null),
        any::<bool>().prop_map(Literal::Flag),
        any::<i64>().prop_map(|n| Literal::Number(n.into())),
        any::<f64>().prop_filter_map("finite", serde_json::Number::from_f64).prop_map(Literal::Number),
        any::<String>().prop_map(Literal::Text),
    ];
    let compare = |path: BoxedStrategy<AttrPath>| {
        prop_oneof![
            path.clone().prop_map(Filter::Present),
            (path, op.clone(), literal.clone()).prop_map(|(path, op, literal)| Filter::Compare(path, op, literal)),
        ]
        .boxed()
    };
    let nest = |leaf: BoxedStrategy<Filter>| {
        leaf.prop_recursive(3, 10, 3, |inner| {
            prop_oneof![
                inner.clone().prop_map(|f| Filter::Not(Box::new(f))),
                prop::collection::vec(inner.clone(), 2..4).prop_map(Filter::And),
                prop::collection::vec(inner, 2..4).prop_map(Filter::Or),
            ]
        })
        .boxed()
    };
    let part = name.prop_map(|n| AttrPath::new(n, None)).boxed();
    let within = (part.clone(), nest(compare(part))).prop_map(|(attr, inner)| Filter::Within(attr, Box::new(inner)));
    nest(prop_oneof![3 => compare(path.boxed()), 1 => within].boxed())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn a_filter_written_out_reads_as_itself(filter in any_filter()) {
        let text = filter.to_string();
        match Filter::parse(&text) {
            Ok(read) => prop_assert_eq!(read, filter, "{}", text),
            Err(why) => prop_assert!(["levels deep", "comparisons", "bytes"].iter().any(|l| why.detail.contains(l)), "{}: {}", text, why),
        }
    }

    #[test]
    fn any_text_is_answered_as_a_filter(text in "\\PC{0,60}", words in prop::collection::vec(prop::sample::select(vec![
        "userName", "emails", "[", "]", "(", ")", "not", "and", "or", "eq", "pr", "\"a\"", "\"", "\\", "1e999", "-", ".", ":", "urn:", "é", "\u{0}", "null",
    ]), 0..14)) {
        for text in [text, words.join(" "), words.concat()] {
            if let Ok(filter) = Filter::read(&text, &users()) {
                let _ = filter.matches(&ana(), &users());
            }
            let _ = Path::parse(&text).map(|path| path.resolve(&users()).is_ok());
            let _ = Sort::read(Some(&text), None, &users());
            let _ = PageRequest::read(Some(&text), Some(&text), PageLimits::default());
            let _ = Projection::read(&[&text], &[], &users()).map(|p| p.apply(&ana(), &users()));
        }
    }
}
