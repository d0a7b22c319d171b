//! Output channels: the order in which a message's parts go out, and what stands in for what a platform lacks.

mod channel;
mod collecting;
mod limits;
mod outcome;
mod plain_text;
mod python;
mod split;

pub use channel::OutputChannel;
pub use collecting::{CollectedMessage, CollectingOutputChannel};
pub use limits::{Rate, SendLimits};
pub use outcome::{Retry, SendError, Sent};
pub use plain_text::button_line;
pub(crate) use plain_text::without_parts;
pub use python::repr as python_repr;
pub use split::{Splitting, split_text};
