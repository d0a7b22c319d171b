//! Who is in the workspace, and where they write.

use super::{Fake, workspace::Kind};

/// Somebody in the workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// As `U0ADA`.
    pub id: String,
    /// As `ada`.
    pub name: String,
}

/// Where people write: a channel, or direct messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// As `C0GENERAL`, `D0ADA`.
    pub id: String,
    /// As `general`; `directmessage` for direct messages.
    pub name: String,
}

impl Fake {
    /// Somebody of this name: whoever is there already, or somebody new.
    pub fn user(&self, name: &str) -> User {
        self.inner.change(|workspace| workspace.user_named(name))
    }

    /// The direct messages between somebody and the app.
    pub fn direct_message(&self, user: &User) -> Channel {
        self.inner.change(|workspace| workspace.direct_message(&user.id))
    }

    /// The public channel of this name, without `#`. A new one has the app in it, and everybody.
    pub fn channel(&self, name: &str) -> Channel {
        self.inner.change(|workspace| workspace.channel_named(name))
    }

    /// Takes the app out of a channel: it hears nothing there and may not write.
    pub fn remove_app(&self, channel: &Channel) {
        self.inner.change(|workspace| {
            if let Some(place) = workspace.places.get_mut(&channel.id) {
                place.has_app = place.kind != Kind::Public;
            }
        });
    }

    /// Archives a channel: nobody writes there any more.
    pub fn archive(&self, channel: &Channel) {
        self.inner.change(|workspace| {
            if let Some(place) = workspace.places.get_mut(&channel.id) {
                place.is_archived = true;
            }
        });
    }
}
