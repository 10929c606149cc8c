//! The state of the mail with an invitation, as an administrator reads it.

use futures::FutureExt;
use rosterctl::store::StoreError;
use rosterctl::store::members::messages::{self, Channel, TryResult};
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::harness::{House, PRACTICE, glow};
use crate::pages::{invited_to_glow, joined};

const NOA: &str = "noa@glow.example";

/// Ends one try to send the mail that waits.
async fn tried(house: &House, step: TryResult) {
    let (now, name) = (house.store.now(), house.name.clone());
    let done: Result<(), StoreError> = house
        .store
        .write(&house.name, move |writing| {
            async move {
                let row = messages::due(&mut writing.conn, Channel::Mail, now, 9).await?.remove(0);
                messages::take(&mut writing.conn, &name, &row.id, now).await?;
                messages::conclude(&mut writing.conn, &name, &row.id, &step).await
            }
            .boxed()
        })
        .await;
    done.unwrap();
}

async fn shown(house: &House) -> (Value, Value) {
    let invitation = &house.user(NOA).await[PRACTICE]["invitation"];
    (invitation["delivery"].clone(), invitation["deliveryFailure"].clone())
}

// a typing error in an address shows before the link expires.
#[tokio::test]
async fn an_invitation_shows_what_became_of_its_mail() {
    let house = House::of(&glow()).await;
    let link = invited_to_glow(&house, NOA).await;
    assert_eq!(shown(&house).await, (json!("handed-over"), Value::Null));
    let id = house.id(NOA).await;
    let again = || async {
        house.clock.advance(1);
        house.post(&format!("/scim/v2/Users/{id}/actions/resend-invitation"), json!({})).await.expect(200)
    };
    let answer = again().await;
    assert_eq!((&answer[PRACTICE]["invitation"]["delivery"], shown(&house).await), (&json!("queued"), (json!("queued"), Value::Null)));
    let why = "the mail server cannot be reached";
    tried(&house, TryResult::Later { next: house.store.now(), why: why.to_owned() }).await;
    assert_eq!(shown(&house).await, (json!("queued"), json!(why)));
    let why = "the mail server answered 550";
    tried(&house, TryResult::Failed(why.to_owned())).await;
    assert_eq!(shown(&house).await, (json!("refused"), json!(why)));
    // The mail of an earlier invitation says nothing of the next one.
    again().await;
    assert_eq!(shown(&house).await, (json!("queued"), Value::Null));
    tried(&house, TryResult::Uncertain("the connection broke".to_owned())).await;
    assert_eq!(shown(&house).await.0, "uncertain");
    // Somebody who accepts has the mail.
    again().await;
    let (kind, _, token) = crate::browser::mail(&house.store).await.pop().unwrap();
    assert_eq!(kind, "invitation");
    assert!(!link.ends_with(&token));
    joined(&house, &mut Browser::new(&house), &format!("/glow/join/{token}")).await;
    assert_eq!(shown(&house).await, (Value::Null, Value::Null));
}

#[tokio::test]
async fn a_block_leaves_no_delivery_to_read() {
    let house = House::of(&glow()).await;
    invited_to_glow(&house, NOA).await;
    let id = house.id(NOA).await;
    house.post(&format!("/scim/v2/Users/{id}/actions/withdraw-invitation"), json!({})).await.expect(200);
    assert_eq!(shown(&house).await, (Value::Null, Value::Null));
}
