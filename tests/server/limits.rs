//! Odd and oversized requests cost a 4xx, never the process (J4, J5, K3).

use http::Method;
use serde_json::json;

use crate::harness::{House, USER, glow, plain, raw};

const MOST: usize = 1024 * 1024;

// J5
#[tokio::test]
async fn absurd_paging_numbers_are_answered_without_a_5xx() {
    let house = House::of(&glow()).await;
    for number in
        ["0", "-1", "1", "1000", "2147483648", "9223372036854775807", "9223372036854775808", "1e309", "-9999999999999999999", "x", ""]
    {
        for query in [format!("startIndex={number}"), format!("count={number}"), format!("startIndex={number}&count={number}")] {
            let status = house.get(&format!("/scim/v2/Users?{query}")).await.status;
            assert!(matches!(status, 200 | 400), "{query}: {status}");
        }
    }
    let total = |answer: &serde_json::Value| (answer["totalResults"].as_i64(), answer["Resources"].as_array().map(Vec::len));
    assert_eq!(total(&house.get("/scim/v2/Users?count=0").await.expect(200)), (Some(7), Some(0)));
    assert_eq!(total(&house.get("/scim/v2/Users?startIndex=-5&count=2").await.expect(200)), (Some(7), Some(2)));
    assert_eq!(total(&house.get("/scim/v2/Users?startIndex=7").await.expect(200)), (Some(7), Some(1)));
    assert_eq!(total(&house.get("/scim/v2/Users?startIndex=8").await.expect(200)), (Some(7), Some(0)));
}

#[tokio::test]
async fn pages_together_hold_everybody_once_whatever_their_size() {
    let house = House::of(&glow()).await;
    for filter in
        ["", "&filter=userName%20pr", "&sortBy=userName", "&filter=active%20eq%20true&sortBy=name.familyName&sortOrder=descending"]
    {
        let mut whole = Vec::new();
        for size in [1, 2, 3, 7, 10] {
            let mut seen = Vec::new();
            loop {
                let page = house.get(&format!("/scim/v2/Users?startIndex={}&count={size}{filter}", seen.len() + 1)).await.expect(200);
                let page = page["Resources"].as_array().unwrap().clone();
                if page.is_empty() {
                    break;
                }
                seen.extend(page.iter().map(|user| user["userName"].as_str().unwrap().to_owned()));
            }
            if whole.is_empty() {
                whole.clone_from(&seen);
            }
            assert_eq!(seen, whole, "{filter} by {size}");
        }
        assert!(whole.len() >= 5, "{filter}");
    }
}

// J4
#[tokio::test]
async fn deep_and_long_input_is_a_400_and_the_server_lives() {
    let house = House::of(&plain()).await;
    let router = &house.router;
    for opening in ["(", "not (", "emails[", "a.", "\""] {
        let filter = opening.repeat(100_000);
        let body = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "filter": filter });
        assert_eq!(house.post("/scim/v2/Users/.search", body).await.status, 400, "{opening}");
        let patch = crate::harness::patch(json!([{ "op": "add", "path": filter, "value": 1 }]));
        let id = house.id("root@plain.example").await;
        assert_eq!(house.call(Method::PATCH, &format!("/scim/v2/Users/{id}"), &[], Some(patch)).await.status, 400, "{opening}");
    }
    for opening in ["[", "{\"a\":"] {
        let answer = raw(router, Method::POST, "/plain/scim/v2/Users", &[], opening.repeat(100_000).into_bytes()).await;
        assert_eq!((answer.status, answer.body["scimType"].as_str()), (400, Some("invalidSyntax")));
    }
    let long = format!("/scim/v2/Users?sortBy={}", "a".repeat(5000));
    assert_eq!(house.get(&long).await.status, 400);
    house.get("/scim/v2/Users").await.expect(200);
}

// J5: the border of the body, and what is compressed.
#[tokio::test]
async fn a_body_of_a_mebibyte_is_read_and_one_byte_more_is_not() {
    let house = House::of(&plain()).await;
    let body = |length: usize| {
        let mut text = json!({ "schemas": [USER], "userName": format!("u{length}") }).to_string().into_bytes();
        text.resize(length, b' ');
        text
    };
    for (length, status) in [(MOST - 1, 201), (MOST, 201), (MOST + 1, 413)] {
        assert_eq!(raw(&house.router, Method::POST, "/plain/scim/v2/Users", &[], body(length)).await.status, status, "{length}");
    }
    let headers = [("content-encoding", "gzip")];
    assert_eq!(raw(&house.router, Method::POST, "/plain/scim/v2/Users", &headers, body(100)).await.status, 415);
    let headers = [("content-type", "text/html")];
    assert_eq!(raw(&house.router, Method::POST, "/plain/scim/v2/Users", &headers, body(100)).await.status, 415);
}

// RFC 7644 section 4: discovery takes no filter; unknown attributes are never dropped in silence.
#[tokio::test]
async fn discovery_takes_no_filter_and_unknown_attributes_are_refused() {
    let house = House::of(&glow()).await;
    let one = format!("Schemas/{USER}");
    for document in ["ServiceProviderConfig", "Schemas", "ResourceTypes", "ResourceTypes/User", one.as_str()] {
        assert_eq!(house.get(&format!("/scim/v2/{document}?filter=id%20pr")).await.status, 403, "{document}");
    }
    let id = house.id("ana@glow.example").await;
    for path in ["nickName", "urn:x:y:User:thing", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department"] {
        let answer = house.patch(&format!("/scim/v2/Users/{id}"), json!([{ "op": "add", "path": path, "value": "x" }])).await;
        assert_eq!(answer.status, 400, "{path}");
    }
    let user = json!({ "schemas": [USER], "userName": "x@glow.example", "nickName": "X" });
    assert_eq!(house.post("/scim/v2/Users", user).await.status, 400);
}

// RFC 9112 section 7.1: a body whose coding is broken is the request's fault, and not too long.
#[tokio::test]
async fn a_body_that_breaks_off_is_400() {
    let house = House::of(&plain()).await;
    let broken = futures::stream::iter([Ok("{"), Err(std::io::Error::other("invalid chunk size"))]);
    let request = http::Request::post("/plain/scim/v2/Users")
        .header("content-type", "application/scim+json")
        .body(axum::body::Body::from_stream(broken))
        .unwrap();
    let answer = tower::ServiceExt::oneshot(house.router.clone(), request).await.unwrap();
    assert_eq!(answer.status(), 400);
}
