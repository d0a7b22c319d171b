//! Output channels: the order in which a message's parts go out, and what stands in for what a platform lacks.

mod capabilities;
mod channel;
mod choices;
mod collecting;
mod length;
mod limits;
mod outcome;
mod parts;
mod pieces;
mod plain_text;
mod python;
mod split;
mod words;

pub use capabilities::{ButtonLimits, Capabilities};
pub use channel::OutputChannel;
pub use choices::chosen;
pub use collecting::{CollectedMessage, CollectingOutputChannel};
pub use length::Length;
pub use limits::{Rate, SendLimits};
pub use outcome::{Retry, SendError, Sent};
pub(crate) use parts::without_parts;
pub use plain_text::button_line;
pub use python::repr as python_repr;
pub use split::{Splitting, split_text};
