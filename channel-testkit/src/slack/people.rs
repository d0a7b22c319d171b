//! What people write, edit and delete.

use serde_json::{Map, Value, json};

use super::{
    Channel, Fake, Message, User,
    workspace::{BOT_USER, Post, Workspace},
};
use crate::File;
use crate::fake::{Delivery, TimedOut};

impl Fake {
    /// Somebody writes this, and the app hears of it; how that went, with all its tries. `@name` is a mention, of the app as of
    /// people, as in Slack.
    pub async fn say(&self, user: &User, channel: &Channel, text: &str) -> Delivery {
        self.write(user, channel, text, Map::new()).await
    }

    /// Somebody answers in the thread of a message.
    pub async fn reply(&self, user: &User, to: &Message, text: &str) -> Delivery {
        let thread = to.thread_ts.as_ref().unwrap_or(&to.ts);
        let channel = Channel { id: to.channel.clone(), name: String::new() };
        self.write(user, &channel, text, Map::from_iter([("thread_ts".to_owned(), json!(thread))])).await
    }

    /// Somebody shares a file, with these words.
    pub async fn share(&self, user: &User, channel: &Channel, file: File, text: &str) -> Delivery {
        let files = json!([self.inner.keep_file(file, &user.id)]);
        self.write(user, channel, text, Map::from_iter([("files".to_owned(), files)])).await
    }

    async fn write(
        &self,
        user: &User,
        channel: &Channel,
        text: &str,
        mut content: Map<String, Value>,
    ) -> Delivery {
        let post = self.inner.change(|workspace| {
            content.insert("text".to_owned(), self.typed(workspace, text).into());
            let number = workspace.next();
            content.insert("client_msg_id".to_owned(), format!("client-{number}").into());
            workspace.post(&channel.id, &user.id, None, content)
        });
        let Some(post) = post else { return Delivery::default() };
        self.inner.deliver_events(self.inner.events_of(&channel.id, &post)).await
    }

    /// What was typed, as Slack keeps it.
    fn typed(&self, workspace: &Workspace, text: &str) -> String {
        let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let people = workspace.users.iter().map(|user| (user.name.as_str(), user.id.as_str()));
        let mut all: Vec<_> = people.chain([(self.inner.settings.app_name.as_str(), BOT_USER)]).collect();
        // `@bob` is not in `@bobby`.
        all.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        all.iter().fold(text, |text, (name, id)| text.replace(&format!("@{name}"), &format!("<@{id}>")))
    }

    /// The author of a message edits it.
    pub async fn edit(&self, message: &Message, text: &str) -> Delivery {
        let edited = self.inner.change(|workspace| {
            let typed = self.typed(workspace, text);
            let post = workspace.post_at(&message.channel, &message.ts)?;
            let before = post.clone();
            post.content.insert("text".to_owned(), typed.into());
            post.is_edited = true;
            Some((post.clone(), before))
        });
        let Some((now, before)) = edited else { return Delivery::default() };
        self.inner.deliver_events(self.inner.edit_event(&message.channel, &now, &before)).await
    }

    /// The author of a message deletes it.
    pub async fn delete(&self, message: &Message) -> Delivery {
        let before = self.inner.change(|workspace| workspace.remove(&message.channel, &message.ts));
        let Some(before) = before else { return Delivery::default() };
        self.inner.deliver_events(self.inner.deletion_event(&message.channel, &before)).await
    }

    /// What stands in a channel: in direct messages as the user sees it, elsewhere without what somebody alone sees.
    pub fn transcript(&self, channel: &Channel) -> Vec<Message> {
        self.inner.look(|workspace| workspace.seen(&channel.id, None))
    }

    /// What stands in a channel, as somebody sees it.
    pub fn transcript_for(&self, user: &User, channel: &Channel) -> Vec<Message> {
        self.inner.look(|workspace| workspace.seen(&channel.id, Some(&user.id)))
    }

    /// Waits for the app's next message in a channel, as it stands when it is there. Each is returned once, in order, those
    /// included that one person alone sees.
    ///
    /// # Errors
    ///
    /// None came within the [patience](super::Builder::patience).
    pub async fn next_reply(&self, channel: &Channel) -> Result<Message, TimedOut> {
        let awaited = format!("a reply in {}", channel.id);
        let next = || {
            // Not `change`: to have read something is no news to others.
            let mut workspace = crate::fake::lock(&self.inner.workspace);
            let place = workspace.places.get_mut(&channel.id)?;
            let read = place.read;
            let is_next = |post: &&Post| post.is_of_app() && post.number > read;
            let post = place.posts.iter().find(is_next)?.clone();
            place.read = post.number;
            Some(workspace.shown(&channel.id, &post))
        };
        self.inner.changes.find(awaited, next).await
    }
}
