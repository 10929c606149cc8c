//! Reads one page of a list while it is parsed: only one resource at a time exists as a JSON value.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json_borrow::Value;

use crate::directory::DirectoryError;
use crate::directory::scim::client::Reply;
use crate::model::ProtocolError;
use crate::scim::Node;

/// The facts that a page has besides its resources.
#[derive(Debug, Default)]
pub(in crate::directory::scim) struct ListPage {
    /// The number of resources in it.
    pub(in crate::directory::scim) offered: usize,
    pub(in crate::directory::scim) total: Option<usize>,
    pub(in crate::directory::scim) next_cursor: Option<String>,
    is_list: bool,
}

/// Reads a page and passes each resource to `keep`; names in any case, counts as numbers or texts (RFC 7643 section 2.1).
pub(in crate::directory::scim) fn read(
    answer: &Reply,
    keep: &mut impl FnMut(&Value<'_>) -> Result<(), DirectoryError>,
) -> Result<ListPage, DirectoryError> {
    let mut reading = PageParts { keep, page: ListPage::default(), failed: None };
    let parsed = answer.parsed_into(PageOf(&mut reading));
    if let Some(why) = reading.failed {
        return Err(why);
    }
    parsed?;
    if reading.page.is_list || reading.page.total.is_some() {
        return Ok(reading.page);
    }
    Err(ProtocolError::NotAList.into())
}

struct PageParts<'k, K> {
    keep: &'k mut K,
    page: ListPage,
    /// The reason why a resource was not accepted.
    failed: Option<DirectoryError>,
}

impl<K: FnMut(&Value<'_>) -> Result<(), DirectoryError>> PageParts<'_, K> {
    fn resources<'de, A: SeqAccess<'de>>(&mut self, mut resources: A) -> Result<(), A::Error> {
        self.page.is_list = true;
        while let Some(resource) = resources.next_element::<Value<'de>>()? {
            self.page.offered += 1;
            if let Err(why) = (self.keep)(&resource) {
                self.failed = Some(why);
                return Err(A::Error::custom("a resource could not be kept"));
            }
        }
        Ok(())
    }
}

/// The document: a list response, or a bare array.
struct PageOf<'r, 'k, K>(&'r mut PageParts<'k, K>);
/// The value of `Resources`.
struct Resources<'r, 'k, K>(&'r mut PageParts<'k, K>);

impl<'de, K: FnMut(&Value<'_>) -> Result<(), DirectoryError>> DeserializeSeed<'de> for PageOf<'_, '_, K> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, K: FnMut(&Value<'_>) -> Result<(), DirectoryError>> Visitor<'de> for PageOf<'_, '_, K> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, resources: A) -> Result<(), A::Error> {
        self.0.resources(resources)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(name) = members.next_key::<String>()? {
            if name.eq_ignore_ascii_case("resources") {
                members.next_value_seed(Resources(self.0))?;
                continue;
            }
            let value: Value<'_> = members.next_value()?;
            let page = &mut self.0.page;
            if name.eq_ignore_ascii_case("totalresults") {
                let count = value.whole().or_else(|| value.text()?.trim().parse().ok());
                page.total = count.and_then(|n| usize::try_from(n).ok());
            } else if name.eq_ignore_ascii_case("nextcursor") {
                page.next_cursor = value.text().filter(|cursor| !cursor.is_empty()).map(str::to_owned);
            }
        }
        Ok(())
    }
}

impl<'de, K: FnMut(&Value<'_>) -> Result<(), DirectoryError>> DeserializeSeed<'de> for Resources<'_, '_, K> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// A value that is not an array lists nothing.
impl<'de, K: FnMut(&Value<'_>) -> Result<(), DirectoryError>> Visitor<'de> for Resources<'_, '_, K> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("resources")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, resources: A) -> Result<(), A::Error> {
        self.0.resources(resources)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
}

/// Reads an id; some servers send numbers.
pub(in crate::directory::scim) fn id_text(value: &impl Node) -> Option<String> {
    value.text().filter(|id| !id.is_empty()).map(str::to_owned).or_else(|| value.number())
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::{HeaderMap, StatusCode};

    use super::*;

    /// Returns the ids of a page, its total, and where the next page begins.
    type ListSoFar = (Vec<i64>, Option<usize>, Option<String>);

    fn seen(body: &'static str) -> Result<ListSoFar, DirectoryError> {
        let answer = Reply { status: StatusCode::OK, headers: HeaderMap::new(), body: Bytes::from_static(body.as_bytes()) };
        let mut ids = Vec::new();
        let page = read(&answer, &mut |resource| {
            let id = resource.member("id").and_then(Node::whole);
            ids.push(id.ok_or(ProtocolError::MadeUnseen)?);
            Ok(())
        })?;
        assert_eq!(page.offered, ids.len());
        Ok((ids, page.total, page.next_cursor))
    }

    fn not_understood(seen: Result<ListSoFar, DirectoryError>) -> ProtocolError {
        match seen.unwrap_err() {
            DirectoryError::Protocol { why } => why,
            other @ (DirectoryError::Unreachable { .. }
            | DirectoryError::Busy { .. }
            | DirectoryError::Stale(_)
            | DirectoryError::Taken
            | DirectoryError::Refused { .. }
            | DirectoryError::Auth { .. }
            | DirectoryError::Dropped { .. }) => panic!("{other}"),
        }
    }

    #[test]
    fn a_page_is_read_whatever_order_case_and_types_its_members_have() {
        let cursor = Some("c".to_owned());
        for (body, wanted) in [
            (r#"{"totalResults":3,"Resources":[{"id":1},{"id":2}]}"#, (vec![1, 2], Some(3), None)),
            (r#"{"resources":[{"id":1}],"TOTALRESULTS":"1","nextCursor":"c","more":{"a":[null]}}"#, (vec![1], Some(1), cursor)),
            (r#"{"Resources":null,"totalResults":0,"nextCursor":""}"#, (vec![], Some(0), None)),
            (r#"{"totalResults":2,"Resources":{"id":1}}"#, (vec![], Some(2), None)),
            (r#"[{"id":7}]"#, (vec![7], None, None)),
            ("\u{feff}[{\"id\":7}]", (vec![7], None, None)),
        ] {
            assert_eq!(seen(body).unwrap(), wanted, "{body}");
        }
    }

    #[test]
    fn an_answer_that_is_not_a_list_or_cannot_be_kept_is_an_error() {
        for body in [r#"{"Resources":"none"}"#, r#"{"id":1}"#, "7", r#"{"Resources":[{"id":1}]"#, "<html>", ""] {
            assert_ne!(not_understood(seen(body)), ProtocolError::MadeUnseen, "{body}");
        }
        assert_eq!(not_understood(seen(r#"{"Resources":[{"id":1},{}]}"#)), ProtocolError::MadeUnseen);
    }
}
