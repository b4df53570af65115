//! Positions in `DONE_CALL` of the fields that the code names. Not here: the fields themselves (`call.rs`).

use super::DONE_CALL;

/// The number of fields of a finished call.
pub const FIELDS: usize = DONE_CALL.fields.len();

/// The position of a field; a missing one is a compile error.
#[expect(clippy::indexing_slicing, clippy::panic, reason = "evaluated by the compiler")]
const fn position(name: &str) -> usize {
    let mut index = 0;
    while index < FIELDS {
        if equal(DONE_CALL.fields[index].name.as_bytes(), name.as_bytes()) {
            return index;
        }
        index += 1;
    }
    panic!("no such field")
}

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
const fn equal(one: &[u8], other: &[u8]) -> bool {
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

/// Id of the call.
pub const ID: usize = position("callInstanceId");
/// Task id.
pub const TASK: usize = position("callJobId");
/// Scene id.
pub const SCENE: usize = position("sceneDefId");
/// Task name.
pub const TASK_NAME: usize = position("jobName");
/// The customer's number.
pub const TELEPHONE: usize = position("customerTelephone");
/// The customer's name.
pub const CUSTOMER: usize = position("customerName");
/// How the call ended.
pub const FINISH_STATUS: usize = position("finishStatus");
/// Talk time.
pub const DURATION: usize = position("duration");
/// How often the robot spoke.
pub const CHAT_ROUND: usize = position("chatRound");
/// Start of the call; for an answered call the moment of answer.
pub const START: usize = position("startTime");
/// The caller's line: its number or name.
pub const CALLER: usize = position("callerPhone");
/// Order of the ends of a task's calls.
pub const CALL_INDEX: usize = position("callIndex");
/// Results of the script.
pub const RESULTS: usize = position("resultList");
/// Variables of the script.
pub const PROPERTIES: usize = position("properties");
