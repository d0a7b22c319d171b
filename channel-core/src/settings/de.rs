//! A draft as serde reads it.

use std::fmt;

use serde::{
    Deserializer,
    de::{DeserializeSeed, MapAccess, SeqAccess, Visitor},
};

use super::{
    draft::{Content, Draft, Entry},
    error::{Error, Fault},
    scalar::{self, Resolved},
    variant::Variant,
};

/// Reads a part of a draft. There is this one type, so that a channel's `Deserialize` is compiled once.
#[derive(Clone, Copy)]
pub(super) enum De<'a> {
    /// Nothing is read; the error says which fields the type asked for.
    Asking,
    Stub,
    Null,
    Scalar {
        text: &'a str,
        plain: bool,
    },
    List(&'a [Draft<'a>]),
    Map(&'a [Entry<'a>]),
}

impl<'a> De<'a> {
    pub(super) fn of(draft: &'a Draft<'a>) -> Self {
        match &draft.content {
            Content::Stub => Self::Stub,
            Content::Null => Self::Null,
            Content::Scalar { text, plain } => Self::Scalar { text, plain: *plain },
            Content::List(parts) => Self::List(parts),
            Content::Map(entries) => Self::Map(entries),
        }
    }

    pub(super) fn asking() -> Self {
        Self::Asking
    }

    pub(super) fn expected(self, what: impl fmt::Display) -> Error {
        let found = match self {
            Self::Asking | Self::Stub => "something else",
            Self::Null => "nothing",
            Self::Scalar { .. } => "text",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
        };
        Error::wrong(format!("expected {what}, found {found}"), None)
    }

    fn text(self) -> Result<&'a str, Error> {
        match self {
            Self::Scalar { text, .. } => Ok(text),
            Self::Stub => Ok("1"),
            _ => Err(self.expected("text")),
        }
    }

    /// A number or truth value.
    fn parsed<T>(self, what: impl fmt::Display, stub: T, parse: fn(&str) -> Option<T>) -> Result<T, Error> {
        match self {
            Self::Stub => Ok(stub),
            Self::Scalar { text, plain: true } => {
                parse(text).ok_or_else(|| Error::wrong(format!("expected {what}"), None))
            }
            Self::Scalar { text, plain: false } => {
                let help = parse(text).is_some().then_some("remove the quotes");
                Err(Error::wrong(format!("expected {what}, found text in quotes"), help))
            }
            _ => Err(self.expected(what)),
        }
    }

    fn is_nothing(self) -> bool {
        matches!(self, Self::Null | Self::Scalar { text: "", plain: true })
    }
}

/// Runs a visitor over a map. An error of the map itself may be about the key that was read last.
fn visit_map<'de, V: Visitor<'de>>(entries: &[Entry<'_>], visitor: V) -> Result<V::Value, Error> {
    let mut access = Entries { entries, next: 0 };
    visitor.visit_map(&mut access).map_err(|error| match error.fault {
        Fault::Repeated | Fault::Unknown { .. } if error.steps.is_empty() => {
            error.at_key(access.next.saturating_sub(1))
        }
        _ => error,
    })
}

/// Keys without a field, all of them at once.
fn check_keys(entries: &[Entry<'_>], known: &'static [&'static str]) -> Result<(), Error> {
    let unknown = |entry: &Entry<'_>| !known.contains(&entry.key);
    let entries: Vec<_> = (0..entries.len()).filter(|index| unknown(&entries[*index])).collect();
    if entries.is_empty() { Ok(()) } else { Err(Fault::Unknown { entries, known }.into()) }
}

macro_rules! whole_numbers {
    ($($method:ident $visit:ident $type:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            let (least, most) = ($type::MIN, $type::MAX);
            let parsed = self.parsed(
                format_args!("a whole number from {least} to {most}"),
                1,
                scalar::whole::<$type>,
            )?;
            visitor.$visit(parsed)
        }
    )*};
}

impl<'de> Deserializer<'de> for De<'_> {
    type Error = Error;

    whole_numbers! {
        deserialize_i8 visit_i8 i8
        deserialize_i16 visit_i16 i16
        deserialize_i32 visit_i32 i32
        deserialize_i64 visit_i64 i64
        deserialize_i128 visit_i128 i128
        deserialize_u8 visit_u8 u8
        deserialize_u16 visit_u16 u16
        deserialize_u32 visit_u32 u32
        deserialize_u64 visit_u64 u64
        deserialize_u128 visit_u128 u128
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Asking => Err(self.expected("fields")),
            Self::Null => visitor.visit_unit(),
            Self::Scalar { text, plain: true } => match scalar::resolve(text) {
                Resolved::Null => visitor.visit_unit(),
                Resolved::Bool(value) => visitor.visit_bool(value),
                Resolved::Unsigned(value) => visitor.visit_u64(value),
                Resolved::Signed(value) => visitor.visit_i64(value),
                Resolved::Float(value) => visitor.visit_f64(value),
                Resolved::Text => visitor.visit_str(text),
            },
            Self::Stub | Self::Scalar { .. } => visitor.visit_str(self.text()?),
            Self::List(parts) => visitor.visit_seq(Parts { parts, next: 0 }),
            Self::Map(entries) => visit_map(entries, visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_bool(self.parsed("`true` or `false`", false, scalar::boolean)?)
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_f32(self.parsed("a number", 1.0, scalar::float)?)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_f64(self.parsed("a number", 1.0, scalar::float)?)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let mut chars = self.text()?.chars();
        match (chars.next(), chars.next()) {
            (Some(char), None) => visitor.visit_char(char),
            _ => Err(Error::wrong("expected one character", None)),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_str(self.text()?)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_bytes(self.text()?.as_bytes())
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.is_nothing() || matches!(self, Self::Stub) {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Asking => Err(Fault::Fields(&[]).into()),
            Self::Map(entries) => check_keys(entries, &[]).and_then(|()| visitor.visit_unit()),
            Self::Stub => visitor.visit_unit(),
            _ if self.is_nothing() => visitor.visit_unit(),
            _ => Err(self.expected("nothing")),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::List(parts) => visitor.visit_seq(Parts { parts, next: 0 }),
            Self::Stub => visitor.visit_seq(Parts { parts: &[], next: 0 }),
            _ => Err(self.expected("a list")),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::List(parts) if parts.len() == len => visitor.visit_seq(Parts { parts, next: 0 }),
            Self::List(parts) => {
                let found = parts.len();
                Err(Error::wrong(format!("expected a list of {len} values, found one of {found}"), None))
            }
            Self::Stub => Err(Fault::Grow(Content::List((0..len).map(|_| Draft::stub()).collect())).into()),
            _ => Err(self.expected(format_args!("a list of {len} values"))),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Map(entries) => visit_map(entries, visitor),
            Self::Stub => Err(Fault::Grow(Content::Map(Vec::new())).into()),
            _ => Err(self.expected("a map")),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self {
            Self::Asking => Err(Fault::Fields(fields).into()),
            Self::Map(entries) => check_keys(entries, fields).and_then(|()| visit_map(entries, visitor)),
            _ => self.deserialize_map(visitor),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_enum(Variant::of(self, variants)?)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_tuple(len, visitor)
    }
}

struct Parts<'a> {
    parts: &'a [Draft<'a>],
    next: usize,
}

impl<'de> SeqAccess<'de> for Parts<'_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        let index = self.next;
        let Some(part) = self.parts.get(index) else { return Ok(None) };
        self.next += 1;
        seed.deserialize(De::of(part)).map(Some).map_err(|error| error.below(index))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.parts.len() - self.next)
    }
}

struct Entries<'a> {
    entries: &'a [Entry<'a>],
    /// The entry whose key is read next; its value is that of the one before.
    next: usize,
}

impl<'de> MapAccess<'de> for Entries<'_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let index = self.next;
        let Some(entry) = self.entries.get(index) else { return Ok(None) };
        self.next += 1;
        let key = De::Scalar { text: entry.key, plain: true };
        seed.deserialize(key).map(Some).map_err(|error| error.at_key(index))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let index = self.next.saturating_sub(1);
        let Some(entry) = self.entries.get(index) else { return Err(Error::wrong("expected a key", None)) };
        seed.deserialize(De::of(&entry.value)).map_err(|error| error.below(index))
    }
}
