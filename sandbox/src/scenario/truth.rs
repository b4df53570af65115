//! What is hidden in a company's scenario, as JSON: what a test compares with. Instants are texts in Shanghai time.

use serde_json::{Map, Value};

/// The parts, in the order of the JSON object.
const PARTS: [&str; 11] = [
    "flaggedLine",
    "badList",
    "blockedList",
    "callLoss",
    "losesAtRound",
    "earlyHangUps",
    "unanswered",
    "stopped",
    "silent",
    "afterHours",
    "repeats",
];

/// What is hidden in one company; null for a part that is absent.
pub(crate) struct Truth {
    pub company_id: u64,
    pub json: Map<String, Value>,
}

impl Truth {
    /// Without any part. `from` is the date of the first calls.
    pub(crate) fn new(company_id: u64, from: String, best_hour: i64) -> Self {
        let mut json = Map::new();
        json.insert("companyId".into(), company_id.into());
        json.insert("from".into(), from.into());
        json.insert("bestHour".into(), best_hour.into());
        json.extend(PARTS.map(|part| (part.into(), Value::Null)));
        Self { company_id, json }
    }

    /// Says what a part is.
    pub(crate) fn say(&mut self, part: &str, what: Vec<(&str, Value)>) {
        let what: Map<_, _> = what.into_iter().map(|(name, value)| (name.into(), value)).collect();
        self.json.insert(part.into(), what.into());
    }
}
