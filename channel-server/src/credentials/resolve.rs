//! From the keys of the file to channels.

use channel_core::{Key, Mistake, Node, Position, Registration, Registry, Settings, Value, nearest};

use super::{
    Mount, instances, linked, panics,
    reserved::{self, INSTANCES, Reserved},
};
use crate::config::{Problem, spoken};

/// Makes channels, and notes what is wrong.
pub(super) struct Resolver<'a> {
    registry: &'a Registry,
    pub(super) problems: Vec<Problem>,
    pub(super) mounts: Vec<Mount>,
    /// The routes that are taken, with the key that took each and its place.
    routes: Vec<(String, String, Position)>,
}

impl<'a> Resolver<'a> {
    pub(super) fn new(registry: &'a Registry) -> Self {
        Self { registry, problems: Vec::new(), mounts: Vec::new(), routes: Vec::new() }
    }

    /// Makes every channel of the file.
    pub(super) fn channels(&mut self, root: Option<Node>) {
        let conflicts = self.registry.conflicts();
        self.problems.extend(conflicts.iter().map(|conflict| Problem::new(None, conflict.to_string())));
        let example = linked::example(self.registry);
        let (position, value) = root.map_or((None, Value::Null), |root| (root.position, root.value));
        let problem = match value {
            Value::Map(entries) if !entries.is_empty() => return self.entries(entries),
            Value::Null | Value::Map(_) => Problem::new(None, "the file names no channel"),
            Value::List(_) => {
                Problem::new(position, "expected a map from channels to their settings, found a list")
            }
            Value::Scalar { .. } => {
                Problem::new(position, "expected a map from channels to their settings, found text")
                    .help("write a colon after each key, and a space after the colon")
            }
        };
        self.problems.push(problem.help(example));
    }

    fn entries(&mut self, entries: Vec<(Key, Node)>) {
        let mut seen: Vec<(&Registration, String, Position)> = Vec::new();
        for (key, node) in entries {
            let (position, shown) = (place(&key), key.shown().to_owned());
            let Some(channel) = self.find(&key) else { continue };
            if let Some((_, first, at)) = seen.iter().find(|(other, ..)| std::ptr::eq(*other, channel)) {
                let problem = format!("`{shown}` is the same channel as `{first}` at {}", spoken(*at));
                let help = "write it once; several instances of a channel go below its `instances`";
                self.problems.push(Problem::new(Some(position), problem).help(help));
                continue;
            }
            seen.push((channel, shown.clone(), position));
            self.channel(channel, &shown, position, node);
        }
    }

    /// The one channel that the key names.
    fn find(&mut self, key: &Key) -> Option<&'static Registration> {
        let found = self.registry.find(&key.text);
        if let [channel] = found[..] {
            return Some(channel);
        }
        let problem = if found.is_empty() {
            let problem =
                Problem::new(key.position, format!("no linked channel has the key `{}`", key.shown()));
            linked::instead(key.shown(), self.registry)
                .into_iter()
                .fold(problem, Problem::help)
                .help(linked::list(self.registry))
                .help(linked::HINT)
        } else {
            let paths: Vec<_> = found.iter().map(|channel| format!("`{}`", channel.path())).collect();
            Problem::new(key.position, format!("the key `{}` fits more than one channel", key.shown()))
                .help(format!("write one of {}", paths.join(", ")))
        };
        self.problems.push(problem);
        None
    }

    fn channel(&mut self, channel: &'static Registration, shown: &str, position: Position, node: Node) {
        let Some(entries) = self.settings(shown, node) else { return };
        let several =
            reserved::is_reserved(INSTANCES, channel) && entries.iter().any(|(key, _)| key.text == INSTANCES);
        if !several {
            return self.mount(channel, None, shown, position, entries);
        }
        let (instances, problems) = instances::split(shown, entries);
        self.problems.extend(problems);
        for (key, node) in instances {
            let owner = format!("{shown}.instances.{}", key.shown());
            let position = place(&key);
            if let Some(entries) = self.settings(&owner, node) {
                self.mount(channel, Some(key), &owner, position, entries);
            }
        }
    }

    /// The settings of a channel or an instance: a map, or nothing.
    fn settings(&mut self, owner: &str, node: Node) -> Option<Vec<(Key, Node)>> {
        let found = match node.value {
            Value::Null => return Some(Vec::new()),
            Value::Map(entries) => return Some(entries),
            Value::Scalar { .. } => "text",
            Value::List(_) => "a list",
        };
        let problem = format!("`{owner}`: expected settings or nothing, found {found}");
        self.problems.push(Problem::new(node.position, problem).help("write each setting as `key: value`"));
        None
    }

    fn mount(
        &mut self,
        channel: &'static Registration,
        instance: Option<Key>,
        owner: &str,
        position: Position,
        mut entries: Vec<(Key, Node)>,
    ) {
        self.take_route(channel, instance.as_ref(), owner, position);
        let reserved = reserved::take(&mut entries, channel, position);
        let settings = Settings::new(Node { position: Some(position), value: Value::Map(entries) });
        let made = panics::contained(|| (channel.from_settings)(&settings)).unwrap_or_else(|place| {
            let problem = format!(
                "making the channel panicked at {place}; what it said is not shown, since it may be a secret"
            );
            Err(Mistake::new(problem).into())
        });
        match (made, reserved) {
            (Ok(made), Ok(reserved)) => {
                let concurrency = reserved.concurrency();
                let Reserved { bearer_token, insecure, typed_payloads, .. } = reserved;
                let (registration, instance) = (channel, instance.map(|key| key.text));
                self.mounts.push(Mount {
                    registration,
                    instance,
                    channel: made,
                    bearer_token,
                    insecure,
                    concurrency,
                    typed_payloads,
                    position,
                });
            }
            (made, reserved) => {
                let mistakes = made.err().into_iter().chain(reserved.err()).flatten();
                let problems =
                    mistakes.map(|mistake| Problem::of(owner, position, with_reserved(mistake, channel)));
                self.problems.extend(problems);
            }
        }
    }

    fn take_route(
        &mut self,
        channel: &Registration,
        instance: Option<&Key>,
        owner: &str,
        position: Position,
    ) {
        let route_with = |name: fn(&Key) -> &str| route(channel, instance.map(name));
        let taken = route_with(|key| &key.text);
        if let Some((_, first, at)) = self.routes.iter().find(|(route, ..)| *route == taken) {
            let shown = route_with(Key::shown);
            let problem = format!("`{owner}` has the route `{shown}`, as has `{first}` at {}", spoken(*at));
            let help = "change the prefix in the `#[channel(…)]` of one of them, or remove one";
            self.problems.push(Problem::new(Some(position), problem).help(help));
        } else {
            self.routes.push((taken, owner.to_owned(), position));
        }
    }
}

/// The path below which a channel's routes are.
pub(super) fn route(channel: &Registration, instance: Option<&str>) -> String {
    let instance = instance.map(|name| format!("/{name}")).unwrap_or_default();
    format!("/webhooks/{}{instance}", channel.prefix)
}

/// An unknown key may be meant for us: the channel itself knows only its own.
fn with_reserved(mut mistake: Mistake, channel: &Registration) -> Mistake {
    let ours = reserved::NAMES.into_iter().filter(|name| reserved::is_reserved(name, channel));
    let suggested = mistake.help.as_ref().is_some_and(|help| help.starts_with("did you mean"));
    if mistake.problem == "unknown key"
        && !suggested
        && let Some(near) = nearest(&mistake.path, ours)
    {
        mistake.help = Some(format!("did you mean `{near}`? every channel knows it"));
    }
    mistake
}

fn place(key: &Key) -> Position {
    key.position.unwrap_or(Position { line: 1, column: 1 })
}
