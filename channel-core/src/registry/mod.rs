//! Every channel that is linked into the program, and where it was declared.

mod conflict;
mod registration;

pub use conflict::Conflict;
pub use registration::{FromSettings, Registration};

/// The channels that are linked into the program, sorted by module path, so that nothing depends on the linker's order.
///
/// # Examples
///
/// ```
/// for channel in channel_core::Registry::linked().iter() {
///     println!("{} is declared at {}", channel.path(), channel.place());
/// }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Registry {
    channels: Vec<&'static Registration>,
}

impl Registry {
    /// Every channel that `#[channel]` or [`register!`](crate::register) registered in this program.
    ///
    /// A channel in a crate of its own is linked only if the source names that crate (`use my_channel as _;`).
    pub fn linked() -> Self {
        inventory::iter::<Registration>().collect()
    }

    /// The channels, sorted by module path.
    pub fn iter(&self) -> impl Iterator<Item = &'static Registration> + '_ {
        self.channels.iter().copied()
    }

    /// The channels that a key of the credentials names: none for an unknown key, several for an ambiguous one.
    pub fn find(&self, key: &str) -> Vec<&'static Registration> {
        let exact: Vec<_> = self.iter().filter(|channel| channel.answers_to(key)).collect();
        if exact.is_empty() {
            self.iter().filter(|channel| channel.short_path_is(key)).collect()
        } else {
            exact
        }
    }

    /// Names, keys and routes that two linked channels claim.
    pub fn conflicts(&self) -> Vec<Conflict> {
        conflict::among(&self.channels)
    }
}

impl FromIterator<&'static Registration> for Registry {
    fn from_iter<I: IntoIterator<Item = &'static Registration>>(channels: I) -> Self {
        let mut channels: Vec<_> = channels.into_iter().collect();
        channels.sort_by_key(|channel| (channel.path(), channel.file, channel.line, channel.column));
        Self { channels }
    }
}

/// Registers a channel that was written without `#[channel]`: its type, and its name.
///
/// The type implements [`InputChannel`](crate::InputChannel) and [`FromSettings`]. Its key in the credentials is its
/// module path.
///
/// # Examples
///
/// ```
/// # use std::sync::Arc;
/// # use channel_core::{ChannelState, FromSettings, InputChannel, Mistakes, Settings, axum::Router};
/// struct ByHand;
///
/// # impl InputChannel for ByHand {
/// #     fn name(&self) -> &str { "by_hand" }
/// #     fn router(self: Arc<Self>) -> Router<ChannelState> { Router::new() }
/// # }
/// # impl FromSettings for ByHand {
/// #     fn from_settings(_: &Settings) -> Result<Self, Mistakes> { Ok(Self) }
/// # }
/// channel_core::register!(ByHand, "by_hand");
/// ```
#[macro_export]
macro_rules! register {
    ($channel:ident, $name:literal) => {
        $crate::__private::inventory::submit! {
            $crate::Registration::of::<$channel>(
                $name,
                ::core::stringify!($channel),
                ::core::module_path!(),
                ::core::env!("CARGO_PKG_NAME"),
                (::core::file!(), ::core::line!(), ::core::column!()),
            )
        }
    };
}
