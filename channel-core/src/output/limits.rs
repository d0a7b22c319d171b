//! How much a platform takes in which time.

use std::{num::NonZeroU32, time::Duration};

/// How much a platform takes in which time: data that an output channel declares, and that the outbox keeps to.
///
/// # Examples
///
/// ```
/// use channel_core::{Rate, SendLimits};
///
/// // Telegram: 30 messages a second in all, one a second in a chat, 20 a minute in a group.
/// let limits = SendLimits {
///     account: Rate::per_second(30),
///     chat: Rate::per_second(1),
///     group: Rate::per_minute(20),
///     ..SendLimits::default()
/// };
/// assert_eq!(limits.account.unwrap().count.get(), 30);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SendLimits {
    /// Of all messages of a channel, or of an instance where it has several.
    pub account: Option<Rate>,
    /// Of the messages to one chat: to one [`Recipient::id`](crate::Recipient::id), whoever speaks there.
    pub chat: Option<Rate>,
    /// Of the messages to one [group](crate::OutputChannel::is_group), beside `chat`.
    pub group: Option<Rate>,
    /// Of the messages that go through one method of the platform, by [`OutputChannel::method`](crate::OutputChannel::method).
    pub methods: Vec<(&'static str, Rate)>,
}

/// So many in such a time, which may come all at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How many.
    pub count: NonZeroU32,
    /// In which time.
    pub per: Duration,
}

impl Rate {
    /// So many a second; `None` for 0.
    pub fn per_second(count: u32) -> Option<Self> {
        Self::of(count, Duration::from_secs(1))
    }

    /// So many a minute; `None` for 0.
    pub fn per_minute(count: u32) -> Option<Self> {
        Self::of(count, Duration::from_secs(60))
    }

    /// So many in such a time; `None` where either is 0.
    pub fn of(count: u32, per: Duration) -> Option<Self> {
        let count = NonZeroU32::new(count)?;
        (!per.is_zero()).then_some(Self { count, per })
    }
}
