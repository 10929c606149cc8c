//! Odd and oversized requests cost a 4xx, never the process (J4, J5), and signs of SQL are letters like others (J8).

use http::Method;
use serde_json::json;

use crate::harness::{House, USER, glow, plain, raw};
use crate::soak::Trials;

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
    let headers = [("content-type", "Text/HTML; charset=utf-8")];
    let refused = raw(&house.router, Method::POST, "/plain/scim/v2/Users", &headers, body(100)).await;
    let detail = "the body has the type `text/html`, and this server reads JSON: send it with `Content-Type: application/scim+json`";
    assert_eq!((refused.status, refused.body["detail"].as_str()), (415, Some(detail)));
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

/// The characters that end a text, a statement or a comment in SQL, or mean other letters there.
const SIGNS: [&str; 24] = [
    "'",
    "''",
    "\\'",
    "' OR '1'='1",
    "'; DROP TABLE accounts; --",
    "' --",
    "/* x */",
    "%",
    "_",
    "%%",
    "*",
    "?",
    "$1",
    ":name",
    "@x",
    "`",
    "[x]",
    "x' || 'y",
    "1 UNION SELECT name FROM workspaces",
    "') OR ('1'='1",
    "NULL",
    "x\u{2019}",
    "\u{ff07} OR 1=1",
    "char(39)",
];

// J8: with a sign of SQL in them, texts are stored, found and sorted by like any other text.
#[tokio::test]
async fn signs_of_sql_are_letters_like_others() {
    let house = House::of(&plain()).await;
    let encoded = |text: &str| -> String { url::form_urlencoded::byte_serialize(text.as_bytes()).collect() };
    let asked = async |path: &str| house.get(path).await;
    let (mut made, mut trials) = (0, Trials::default());
    for sign in SIGNS {
        let name = format!("user {made} {sign}");
        let body = json!({ "schemas": [USER], "userName": name, "displayName": sign, "externalId": sign, "title": sign });
        let user = house.post("/scim/v2/Users", body).await.expect(201);
        made += 1;
        assert_eq!((&user["userName"], &user["displayName"]), (&json!(name), &json!(sign)));
        let quoted = |text: &str| encoded(&json!(text).to_string());
        for (attribute, text) in [("userName", name.as_str()), ("displayName", sign), ("externalId", sign), ("title", sign)] {
            for (operator, most) in [("eq", 1), ("co", made), ("sw", made), ("ew", made)] {
                let found = asked(&format!("/scim/v2/Users?filter={attribute}%20{operator}%20{}", quoted(text))).await.expect(200);
                let all = found["Resources"].as_array().unwrap();
                assert!(all.iter().any(|one| one["id"] == user["id"]), "{attribute} {operator} {text}");
                let same = |one: &serde_json::Value| {
                    one[attribute].as_str().is_some_and(|value| value.to_lowercase().contains(&text.to_lowercase()))
                };
                assert!(all.len() <= most && all.iter().all(same), "{attribute} {operator} {text}: {found}");
                trials.passed();
            }
        }
        for (path, plain) in [
            (format!("/scim/v2/Users?sortBy={}", encoded(sign)), "/scim/v2/Users?sortBy=nothing".to_owned()),
            (format!("/scim/v2/Users/{}", encoded(&format!("x{sign}")).replace('+', "%20")), "/scim/v2/Users/nobody".to_owned()),
            (format!("/api/v1/log?cursor={}", encoded(sign)), "/api/v1/log?cursor=x".to_owned()),
            (format!("/api/v1/log?since={}", encoded(sign)), "/api/v1/log?since=x".to_owned()),
        ] {
            assert_eq!(asked(&path).await.status, asked(&plain).await.status, "{path}");
            trials.passed();
        }
    }
    trials.covered("J8", "filters, sort orders, ids and cursors with signs of SQL, answered like any other text");
    assert_eq!(house.get("/scim/v2/Users").await.expect(200)["totalResults"], made + 1, "nobody is gone");
}
