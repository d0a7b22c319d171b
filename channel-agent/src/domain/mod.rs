//! What a bot knows of: intents, entities, slots, responses and actions.

mod response;
mod slot;

pub(crate) use response::{Condition, Variation};
pub(crate) use slot::{Mapping, SESSION_STARTED_METADATA, Slot, SlotKind, Source, is_truthy};

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::yaml::Place;

/// Intents that every bot has.
const DEFAULT_INTENTS: [&str; 5] = ["restart", "back", "out_of_scope", "session_start", "nlu_fallback"];

#[derive(Debug, Default)]
pub(crate) struct Domain {
    /// The intents, and which entities rules see with them.
    pub(crate) intents: BTreeMap<String, SeenEntities>,
    pub(crate) entities: Vec<String>,
    pub(crate) slots: Vec<Slot>,
    pub(crate) responses: BTreeMap<String, Vec<Variation>>,
    /// The custom actions, and where they are declared.
    pub(crate) actions: BTreeMap<String, Place>,
    pub(crate) session: SessionConfig,
    /// The domain as action servers see it.
    pub(crate) json: Value,
}

/// Which of the entities in a message rules see.
#[derive(Debug)]
pub(crate) enum SeenEntities {
    AllBut(BTreeSet<String>),
    Only(BTreeSet<String>),
}

impl SeenEntities {
    pub(crate) fn contains(&self, entity: &str) -> bool {
        match self {
            Self::AllBut(ignored) => !ignored.contains(entity),
            Self::Only(used) => used.contains(entity),
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct SessionConfig {
    /// In minutes; 0 or less: sessions don't expire.
    pub(crate) expiration_time: f64,
    pub(crate) carry_over_slots: bool,
}

impl Default for SessionConfig {
    fn default() -> Self {
        Self { expiration_time: 60.0, carry_over_slots: true }
    }
}

impl Domain {
    pub(crate) fn has_intent(&self, name: &str) -> bool {
        self.intents.contains_key(name) || DEFAULT_INTENTS.contains(&name)
    }

    pub(crate) fn has_entity(&self, name: &str) -> bool {
        self.entities.iter().any(|entity| entity == name)
    }

    pub(crate) fn slot(&self, name: &str) -> Option<&Slot> {
        self.slots.iter().find(|slot| slot.name == name)
    }
}
