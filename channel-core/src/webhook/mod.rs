//! What a webhook receives, and how it refuses.

mod body;
mod json;
mod problem;
mod read;
mod request;
mod verify_error;

pub(crate) use body::read_body;
pub use json::Json;
pub use problem::Problem;
pub use read::read_json;
pub use request::WebhookRequest;
pub use verify_error::VerifyError;
