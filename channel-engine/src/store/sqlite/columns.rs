//! What columns hold.

use std::time::{Duration, SystemTime};

use rusqlite::{
    ToSql,
    types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Deserializer;

use super::super::{StoreError, read};

/// A time, in microseconds since 1970; what is before counts as 1970.
#[derive(Clone, Copy)]
pub(super) struct Time(pub(super) SystemTime);

impl Time {
    pub(super) fn now() -> Self {
        Self(SystemTime::now())
    }
}

impl ToSql for Time {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let since = self.0.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Ok(i64::try_from(since.as_micros()).unwrap_or(i64::MAX).into())
    }
}

impl FromSql for Time {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let micros = u64::try_from(value.as_i64()?).unwrap_or_default();
        let time = SystemTime::UNIX_EPOCH.checked_add(Duration::from_micros(micros));
        time.map(Self).ok_or(FromSqlError::InvalidType)
    }
}

/// A number that never is negative.
#[derive(Clone, Copy)]
pub(super) struct Number(pub(super) u64);

impl ToSql for Number {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(i64::try_from(self.0).unwrap_or(i64::MAX).into())
    }
}

impl FromSql for Number {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_i64().map(|number| Self(number.max(0).cast_unsigned()))
    }
}

/// A value as JSON.
pub(super) struct Json<T>(pub(super) T);

impl<T: DeserializeOwned> FromSql for Json<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        read::one(Deserializer::from_str(value.as_str()?)).map(Self).map_err(FromSqlError::other)
    }
}

/// Values as JSON, one a line.
pub(super) struct Lines<T>(pub(super) Vec<T>);

impl<T: DeserializeOwned> FromSql for Lines<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        read::all(Deserializer::from_str(value.as_str()?)).map(Self).map_err(FromSqlError::other)
    }
}

pub(super) fn json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(StoreError::new)
}

pub(super) fn lines<'a, T: Serialize + 'a>(
    values: impl IntoIterator<Item = &'a T>,
) -> Result<String, StoreError> {
    let mut lines = String::new();
    for value in values {
        lines.push_str(&json(value)?);
        lines.push('\n');
    }
    Ok(lines)
}
