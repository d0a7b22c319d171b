//! An enum as serde reads it: a word, or a map with one key.

use serde::{
    Deserializer,
    de::{DeserializeSeed, EnumAccess, VariantAccess, Visitor},
};

use super::{
    de::De,
    draft::{Content, Entry},
    error::{Error, Fault, list},
};

pub(super) struct Variant<'a> {
    name: &'a str,
    value: Option<De<'a>>,
}

impl<'a> Variant<'a> {
    pub(super) fn of(de: De<'a>, variants: &'static [&'static str]) -> Result<Self, Error> {
        match (de, variants) {
            (De::Scalar { text, .. }, _) => Ok(Self { name: text, value: None }),
            (De::Map([entry]), _) => Ok(Self { name: entry.key, value: Some(De::of(&entry.value)) }),
            (De::Stub, [first, ..]) => Err(Fault::Grow(Content::Map(vec![Entry::stub(first)])).into()),
            _ => Err(de.expected(format_args!("one of {}", list(variants)))),
        }
    }

    /// Reads what belongs to the variant, which is the one part of the map.
    fn read<T>(self, read: impl FnOnce(De<'a>) -> Result<T, Error>) -> Result<T, Error> {
        match self.value {
            Some(value) => read(value).map_err(|error| error.below(0)),
            None => Err(Error::wrong("expected this word as a key, with the values that belong to it", None)),
        }
    }
}

impl<'de> EnumAccess<'de> for Variant<'_> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Error> {
        let name = De::Scalar { text: self.name, plain: true };
        Ok((seed.deserialize(name)?, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'_> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        match self.value {
            None | Some(De::Null | De::Stub) => Ok(()),
            Some(value) => Err(value.expected("nothing").below(0)),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        self.read(|value| seed.deserialize(value))
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Error> {
        self.read(|value| value.deserialize_tuple(len, visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.read(|value| value.deserialize_struct("", fields, visitor))
    }
}
