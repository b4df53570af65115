//! A task: its configuration and the current state of its calls. Not here: the creation of tasks
//! (`initial_tasks.rs`), their wire format (`endpoint/`).

use std::borrow::Cow;

use crate::calendar::{date, shanghai_day};
use crate::conversation::{self, Conversation, Level, Tendencies};
use crate::dialler::{Call, CallStatus, Dialler, DiallerConfig};
use crate::outcome::{Attempt, FinishStatus};
use crate::people::{self, Customer};
use crate::schedule::JobStatus;

/// Result name of the level, the same in every script.
pub(crate) const LEVEL: &str = "客户意向等级";
const APPOINTMENT: &str = "预约时间";

pub(crate) struct Task {
    pub call_job_id: u64,
    pub company_id: u64,
    pub name: String,
    /// `jobType` 1; otherwise 2, started by hand.
    pub scheduled: bool,
    pub created: i64,
    pub start_day: i64,
    pub remark: &'static str,
    /// Listed only with `needAll`.
    pub deleted: bool,
    /// Position of the script in `SCRIPTS`, plus one.
    pub script_id: u64,
    pub config: DiallerConfig,
    pub dialler: Dialler,
}

impl Task {
    pub(crate) fn status_at(&self, now: i64) -> JobStatus {
        if self.dialler.exhausted() {
            return JobStatus::Completed;
        }
        self.config.plan.status_at(now)
    }

    pub(crate) fn call_instance_id(&self, position: u32) -> u64 {
        self.config.first_call_instance_id + u64::from(position)
    }

    pub(crate) fn customer(&self, position: u32) -> Customer {
        let id = self.call_instance_id(position);
        match &self.config.conditions {
            Some(conditions) => conditions.customer(self.config.seed, id),
            None => people::customer(self.config.seed, self.call_job_id, id, position),
        }
    }

    /// The conversation of an answered call.
    pub(crate) fn conversation(&self, call_instance_id: u64, call: &Call) -> Conversation {
        let DiallerConfig { seed, script, conditions, .. } = &self.config;
        let tendencies = conditions.as_ref().map_or_else(Tendencies::default, |conditions| {
            conditions.tendencies(call.attempt.dialled)
        });
        conversation::generate(*seed, call_instance_id, script, tendencies)
    }

    /// The call with this id, and its position in the list; `None` if the task has no such call.
    pub(crate) fn call(&self, call_instance_id: u64) -> Option<(u32, &Call)> {
        let position = call_instance_id.checked_sub(self.config.first_call_instance_id)?;
        let call = self.dialler.calls.get(usize::try_from(position).ok()?)?;
        Some((u32::try_from(position).ok()?, call))
    }

    pub(crate) fn call_at(&self, position: u32) -> Option<&Call> {
        self.dialler.calls.get(position as usize)
    }

    /// Positions of the calls that ended after the call with `callIndex` `index`, oldest first.
    pub(crate) fn ended_after(&self, index: usize) -> &[u32] {
        self.dialler.ended.get(index..).unwrap_or_default()
    }

    /// The calls that have ended, in the order of the list.
    pub(crate) fn ended(&self) -> impl Iterator<Item = &Call> {
        self.dialler.calls.iter().filter(|call| call.status == CallStatus::Completed)
    }

    /// The calls that have not ended, with their positions, in the order of the list.
    pub(crate) fn unended(&self) -> impl Iterator<Item = (u32, &Call)> {
        (0..).zip(&self.dialler.calls).filter(|(_, call)| call.status != CallStatus::Completed)
    }

    /// Visits the results of an ended call as pairs of name and value. A name with several values is visited several times.
    pub(crate) fn results(
        &self,
        call: &Call,
        mut visit: impl FnMut(&'static str, Cow<'static, str>),
    ) {
        let Attempt { finish, talk, starts, .. } = call.attempt;
        visit(LEVEL, talk.level.label().into());
        if finish != FinishStatus::Answered {
            return;
        }
        let script = self.config.script;
        if let Some(name) = script.topics {
            for (bit, question) in script.questions.iter().enumerate() {
                if talk.topics >> bit & 1 == 1 {
                    visit(name, question.topic.into());
                }
            }
        }
        if let (Some(verdict), Some(at)) = (&script.verdict, talk.verdict)
            && let Some(value) = verdict.values.get(usize::from(at))
        {
            visit(verdict.name, (*value).into());
        }
        if talk.booked {
            let day = date(shanghai_day(starts) + 1 + i64::from(talk.duration % 3));
            visit(APPOINTMENT, format!("{day} {:02}:00", 9 + talk.duration % 8).into());
        }
    }

    /// `resultDefs`: every result name with a fixed list of values.
    pub(crate) fn result_definitions(&self) -> Vec<(&'static str, Vec<&'static str>)> {
        let script = self.config.script;
        let mut definitions = vec![(LEVEL, Level::ALL.map(Level::label).to_vec())];
        if let Some(name) = script.topics {
            definitions
                .push((name, script.questions.iter().map(|question| question.topic).collect()));
        }
        if let Some(verdict) = &script.verdict {
            definitions.push((verdict.name, verdict.values.to_vec()));
        }
        definitions
    }
}
