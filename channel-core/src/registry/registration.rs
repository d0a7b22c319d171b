//! One declared channel.

use std::{fmt, sync::Arc};

use crate::{InputChannel, Mistakes, Settings};

/// A channel type that can be made from its section of the credentials. `#[channel]` writes this.
pub trait FromSettings: InputChannel + Sized {
    /// Makes the channel.
    ///
    /// # Errors
    ///
    /// Every mistake of the section at once, without any value.
    fn from_settings(settings: &Settings) -> Result<Self, Mistakes>;

    /// The keys that the section may have, where they are known.
    fn setting_names() -> Option<&'static [&'static str]> {
        None
    }

    /// Whether requests are verified by the channel itself (`#[verify]`).
    fn verifies() -> bool {
        false
    }
}

/// One declared channel: its names, its place in the source, and how to make it.
#[derive(Clone)]
pub struct Registration {
    /// The channel's one name: route, response variations, `output_channel=…`, logs.
    pub name: &'static str,
    /// The part of the route after `/webhooks/`; the name where nothing else was declared.
    pub prefix: &'static str,
    /// A declared key of the credentials; the module path works besides.
    pub key: Option<&'static str>,
    /// Further keys of the credentials.
    pub aliases: &'static [&'static str],
    /// The module that declares the type, with its crate: `my_bot::addons::custom_channel`.
    pub module_path: &'static str,
    /// The type's name: `MyIo`.
    pub type_name: &'static str,
    /// The package that declares it.
    pub package: &'static str,
    /// The source file that declares it.
    pub file: &'static str,
    /// The line of the declaration, from 1.
    pub line: u32,
    /// The column of the declaration, from 1.
    pub column: u32,
    /// Whether the channel verifies requests itself.
    pub verifies: fn() -> bool,
    /// The keys that the section of the credentials may have, where they are known.
    pub setting_names: fn() -> Option<&'static [&'static str]>,
    /// Makes the channel from its section of the credentials.
    pub from_settings: fn(&Settings) -> Result<Arc<dyn InputChannel>, Mistakes>,
}

inventory::collect!(Registration);

impl Registration {
    /// The registration of a channel type, with its name as prefix and no key but its module path.
    ///
    /// Written by [`register!`](crate::register), which fills in the places.
    pub const fn of<C: FromSettings>(
        name: &'static str,
        type_name: &'static str,
        module_path: &'static str,
        package: &'static str,
        (file, line, column): (&'static str, u32, u32),
    ) -> Self {
        Self {
            name,
            prefix: name,
            key: None,
            aliases: &[],
            module_path,
            type_name,
            package,
            file,
            line,
            column,
            verifies: <C as FromSettings>::verifies,
            setting_names: C::setting_names,
            from_settings: |settings| Ok(Arc::new(C::from_settings(settings)?)),
        }
    }

    /// The module path of the type: `my_bot::addons::custom_channel::MyIo`.
    pub fn path(&self) -> String {
        format!("{}::{}", self.module_path, self.type_name)
    }

    /// The key to write into the credentials: the declared one, or else the module path.
    pub fn preferred_key(&self) -> String {
        self.key.map_or_else(|| self.path(), str::to_owned)
    }

    /// Where it was declared: `src/addons.rs:12:1`.
    pub fn place(&self) -> String {
        format!("{}:{}:{}", self.file, self.line, self.column)
    }

    /// Whether this key of the credentials is a declared key, an alias or the module path (with `::` or dots).
    pub fn answers_to(&self, key: &str) -> bool {
        self.key == Some(key) || self.aliases.contains(&key) || same_path(&self.path(), key)
    }

    /// Whether this key is the module path without the crate's name.
    pub(super) fn short_path_is(&self, key: &str) -> bool {
        self.path().split_once("::").is_some_and(|(_, path)| same_path(path, key))
    }
}

impl fmt::Debug for Registration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}, {})", self.path(), self.name, self.place())
    }
}

/// Dots may stand for `::`, throughout.
fn same_path(path: &str, key: &str) -> bool {
    path == key || (!key.contains("::") && path.split("::").eq(key.split('.')))
}
