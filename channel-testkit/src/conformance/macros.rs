//! From one line to a module of tests.

/// Makes the conformance suite for a channel: a module with a test for each check, which fails under its own name.
///
/// The module is called `conformance`; `conformance!(threads: Slack { … })` calls it otherwise. The fields are methods of
/// [`Suite`](crate::conformance::Suite), which says what each means; `credentials` and `deliver` come first, the others in any order.
/// The test `coverage` prints which checks were left out, and why.
///
/// # Examples
///
/// ```
/// # use channel_core::{CollectedMessage, Json, OnNewMessage, TurnError, UserMessage, channel, webhook};
/// # #[derive(serde::Deserialize)] pub struct Incoming { id: String, from: String, text: String }
/// #[channel(name = "echoing")]
/// pub struct MyIo;
///
/// # impl MyIo {
/// #     #[webhook]
/// #     async fn receive(
/// #         &self,
/// #         Json(body): Json<Incoming>,
/// #         on_new_message: OnNewMessage,
/// #     ) -> Result<Json<Vec<CollectedMessage>>, TurnError> {
/// #         let collector = on_new_message.collector();
/// #         let message = UserMessage::new(body.text, body.from).with_message_id(body.id);
/// #         on_new_message.handle(message, collector.clone()).await?;
/// #         Ok(Json(collector.take_messages()))
/// #     }
/// # }
/// use channel_testkit::{Answer, conformance::{Delivery, Said, Shown}};
/// use serde_json::json;
///
/// channel_testkit::conformance!(MyIo {
///     credentials: |_api: &str| json!({ "bearer_token": "s3cret-token" }),
///     deliver: |said: &Said| Delivery::post("/webhook").json(json!({
///         "id": said.id.to_string(), "from": said.sender.to_string(), "text": said.text,
///     })),
///     replies: |answer: &Answer| Shown::collected(&answer.json()),
/// });
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! conformance {
    ($module:ident: $channel:path {
        credentials: $credentials:expr,
        deliver: $deliver:expr
        $(, $field:ident: $value:expr)* $(,)?
    }) => {
        #[cfg(test)]
        mod $module {
            #[allow(unused_imports)]
            use super::*;

            fn suite() -> $crate::conformance::Suite {
                $crate::conformance::Suite::new::<$channel>($credentials, $deliver)$(.$field($value))*
            }

            $crate::__conformance_tests!();
        }
    };
    ($channel:path { credentials: $($fields:tt)* }) => {
        $crate::conformance!(conformance: $channel { credentials: $($fields)* });
    };
    ($($anything:tt)*) => {
        ::core::compile_error!(
            "expected `conformance!(Channel { credentials: |api| …, deliver: |said| …, … })`, these two fields first"
        );
    };
}
