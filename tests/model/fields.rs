//! Packed fields hold what was put into them, whatever it is.

use std::collections::BTreeMap;

use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use rosterctl::model::{Field, Fields, Value, ValueRef};

fn field() -> impl Strategy<Value = Field> {
    proptest::sample::select(Field::ALL.to_vec())
}

/// Texts of any characters, some longer than one character of their length can say.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![8 => any::<String>(), 1 => "[a-zß-ž😀]{60,70}", 1 => "x{4090,4100}"]
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Unset),
        text().prop_map(Value::Text),
        any::<bool>().prop_map(Value::Flag),
        any::<i64>().prop_map(Value::Number),
        (-70_i64..70).prop_map(Value::Number),
        vec(text(), 0..5).prop_map(Value::List),
        btree_set(text(), 0..5).prop_map(Value::Set),
        (btree_set(text(), 0..4), btree_set(text(), 0..4)).prop_map(|(grant, revoke)| Value::changes(grant, revoke)),
    ]
}

fn values_of(fields: &Fields) -> BTreeMap<Field, Value> {
    fields.iter().map(|(field, value)| (field, value.to_value())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_last_value_of_each_field_is_kept_in_the_order_of_the_fields(writes in vec((field(), value()), 0..20)) {
        let mut fields = Fields::default();
        let mut wanted = BTreeMap::new();
        for (field, value) in &writes {
            fields.set(*field, value.clone());
            wanted.insert(*field, value.clone());
        }
        let order: Vec<Field> = fields.iter().map(|(field, _)| field).collect();
        prop_assert_eq!(order, wanted.keys().copied().collect::<Vec<_>>());
        prop_assert_eq!(values_of(&fields), wanted.clone());
        for field in Field::ALL {
            let value = fields.get(field);
            prop_assert_eq!(value.map(ValueRef::to_value), wanted.get(&field).cloned());
            prop_assert_eq!(fields.value(field), wanted.get(&field).cloned().unwrap_or(Value::Unset));
            if let (Some(held), Some(value)) = (value, wanted.get(&field)) {
                prop_assert!(held == *value);
                prop_assert_eq!((held.is_empty(), held.is_off(Field::Provider)), (value.is_empty(), value.is_off(Field::Provider)));
            }
        }
        prop_assert_eq!(&writes.into_iter().collect::<Fields>(), &fields, "the same, however it was put together");
        let json = serde_json::to_string(&fields).expect("fields can be written");
        prop_assert_eq!(serde_json::from_str::<Fields>(&json).expect("and read"), fields);
    }

    #[test]
    fn the_fields_that_two_people_have_otherwise_are_found_and_no_others(
        both in vec((field(), value()), 0..8), one in vec((field(), value()), 0..6), other in vec((field(), value()), 0..6),
    ) {
        let fields = |own: Vec<(Field, Value)>| -> Fields { both.iter().cloned().chain(own).collect() };
        let (one, other) = (fields(one), fields(other));
        let found: Vec<_> = one.unlike(&other).map(|(field, a, b)| (field, a.map(ValueRef::to_value), b.map(ValueRef::to_value))).collect();
        let (one, other) = (values_of(&one), values_of(&other));
        let wanted: Vec<_> = Field::ALL
            .into_iter()
            .map(|field| (field, one.get(&field).cloned(), other.get(&field).cloned()))
            .filter(|(_, a, b)| a != b)
            .collect();
        prop_assert_eq!(found, wanted);
    }

    #[test]
    fn two_values_are_equal_if_their_contents_are(a in value(), b in value()) {
        let of = |value: &Value| Fields::from_iter([(Field::Title, value.clone())]);
        let (left, right) = (of(&a), of(&b));
        prop_assert_eq!(left == right, a == b);
        prop_assert_eq!(left.get(Field::Title) == right.get(Field::Title), a == b);
        prop_assert_eq!(left.get(Field::Title).is_some_and(|held| held == b), a == b);
    }
}

// AR-9: consent must be said, so `false` is not the same as nothing there; elsewhere it is (RFC 7643 section 2.5).
#[test]
fn no_consent_is_not_the_same_as_no_answer() {
    for field in Field::ALL {
        let same = ValueRef::Flag(false).is_same(ValueRef::Unset, field);
        assert_eq!(same, field != Field::MdConsent, "{field:?}");
    }
}
