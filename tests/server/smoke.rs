use serde_json::json;

use crate::harness::{House, PRACTICE, USER, bright, glow, lakeside, plain};

#[tokio::test]
async fn every_platform_answers_a_listing_with_what_it_was_seeded_with() {
    for (desired, users) in [(glow(), 7), (bright(), 3), (lakeside(), 3), (plain(), 1)] {
        let house = House::of(&desired).await;
        let list = house.get("/scim/v2/Users").await.expect(200);
        assert_eq!(list["totalResults"], users, "{list}");
        house.get("/scim/v2/Schemas").await.expect(200);
        house.get("/scim/v2/Roles").await.expect(200);
        house.get("/scim/v2/Me").await.expect(200);
        house.post("/scim/v2/.search", json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"] })).await.expect(200);
    }
}

#[tokio::test]
async fn an_invitation_makes_a_pending_user_with_one_mail() {
    let house = House::of(&glow()).await;
    let downtown = house.clinic("downtown").await;
    let user = house
        .post(
            "/scim/v2/Users",
            json!({
                "schemas": [USER, PRACTICE],
                "userName": "New.Person@Glow.example",
                "name": { "givenName": "New", "familyName": "Person" },
                "roles": [{ "value": "front-desk" }],
                "phoneNumbers": [{ "value": "+1 602 555 0199", "type": "mobile" }],
                PRACTICE: { "clinics": [{ "value": downtown }], "sendInvitation": true },
            }),
        )
        .await
        .expect(201);
    assert_eq!(user["userName"], "new.person@glow.example");
    assert_eq!(user["phoneNumbers"][0]["value"], "+16025550199");
    assert_eq!(user["active"], true);
    assert_eq!(user[PRACTICE]["invitation"]["state"], "open");
    assert_eq!(user[PRACTICE]["accepted"], false);
    assert_eq!(user[PRACTICE]["clinics"][0]["display"], "downtown");
}
