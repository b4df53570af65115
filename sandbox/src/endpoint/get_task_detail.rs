//! `GET getTaskDetail`: one task with its counters and statistics. `doneCount` counts every ended
//! call, the other counters one finish status each, so their sum can be lower. The buckets are
//! the vendor's and have gaps: a call of 55 seconds or of 12 rounds is in no bucket.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::arguments::Arguments;
use super::envelope::{EndpointContext, Named, SUCCESS_MESSAGE, respond};
use super::failure::Failure;
use crate::calendar::{date, date_time, time_of_day};
use crate::conversation::Level;
use crate::http::{Request, Response};
use crate::outcome::FinishStatus;
use crate::people::LINES;
use crate::task::{LEVEL, Task};

#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Detail<'a> {
    call_job_id: u64,
    job_name: &'a str,
    job_type: u8,
    start_date: String,
    working_start_time: String,
    working_end_time: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    break_start_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    break_end_time: Option<String>,
    status: u8,
    scene_def_id: u64,
    remark: &'static str,
    total_count: usize,
    done_count: usize,
    called_count: usize,
    rejected_count: usize,
    unavailable_count: usize,
    from_unavailable_count: usize,
    robot_def_name: &'static str,
    scene_def_name: &'static str,
    scene_record_name: &'static str,
    duration_stat: Vec<Count>,
    chat_round_stat: Vec<Count>,
    result_defs: Vec<ResultDefinition>,
    call_phones: Vec<CallPhone>,
    extra_stat: ExtraStat,
}

type Count = Named<&'static str, usize>;

#[derive(serde::Serialize)]
struct ResultDefinition {
    name: &'static str,
    values: Vec<&'static str>,
}

#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct CallPhone {
    job_phone_id: u64,
    user_phone_id: u64,
    call_job_id: u64,
    phone: &'static str,
    phone_name: &'static str,
    gmt_create: String,
    gmt_modified: String,
}

/// A map by result name, as in the document's example (its table says list).
struct ExtraStat(Vec<(&'static str, Vec<Count>)>);

impl Serialize for ExtraStat {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, counts) in &self.0 {
            map.serialize_entry(name, counts)?;
        }
        map.end()
    }
}

/// Names of the later document's buckets, with their bounds, both inclusive.
const DURATIONS: [(&str, u32, u32); 4] = [
    ("小于10秒", 0, 9),
    ("10-50秒", 10, 50),
    ("1分钟-1分59秒", 60, 119),
    ("≥2分钟", 120, u32::MAX),
];
const ROUNDS: [(&str, u32, u32); 4] =
    [("0-2次", 0, 2), ("3-4次", 3, 4), ("5-6次", 5, 6), ("7-9次", 7, 9)];

/// `GET getTaskDetail`
pub(super) fn answer(context: &EndpointContext, request: &Request) -> Response {
    respond(SUCCESS_MESSAGE, find(context, request))
}

fn find<'a>(context: &'a EndpointContext, request: &Request) -> Result<Detail<'a>, Failure> {
    let arguments = Arguments::of_query(request);
    let company_id = arguments.id("companyId")?;
    let task = context.state.task(arguments.id("taskId")?);
    let task = task.filter(|task| company_id == task.company_id);
    task.map(|task| detail(context, task)).ok_or_else(|| Failure::not_found("taskId"))
}

fn detail<'a>(context: &EndpointContext, task: &'a Task) -> Detail<'a> {
    let hours = task.config.hours;
    let script = task.config.script;
    let count = |finish| task.ended().filter(|call| call.attempt.finish == finish).count();
    let result_defs = task.result_definitions();
    Detail {
        call_job_id: task.call_job_id,
        job_name: &task.name,
        job_type: if task.scheduled { 1 } else { 2 },
        start_date: date(task.start_day),
        working_start_time: time_of_day(hours.starts),
        working_end_time: time_of_day(hours.ends),
        break_start_time: hours.break_time.map(|(from, _)| time_of_day(from)),
        break_end_time: hours.break_time.map(|(_, to)| time_of_day(to)),
        status: task.status_at(context.now) as u8,
        scene_def_id: task.script_id,
        remark: task.remark,
        total_count: task.dialler.calls.len(),
        done_count: task.dialler.ended.len(),
        called_count: count(FinishStatus::Answered),
        rejected_count: count(FinishStatus::Rejected),
        unavailable_count: count(FinishStatus::Unreachable),
        from_unavailable_count: count(FinishStatus::CallerUnavailable),
        robot_def_name: script.robot,
        scene_def_name: script.scene,
        scene_record_name: script.record,
        duration_stat: buckets(task, &DURATIONS, |talk| talk.duration),
        chat_round_stat: buckets(task, &ROUNDS, |talk| talk.rounds),
        extra_stat: extra_stat(task, &result_defs),
        result_defs: result_defs
            .into_iter()
            .map(|(name, values)| ResultDefinition { name, values })
            .collect(),
        call_phones: call_phones(task),
    }
}

/// Counts answered calls per bucket of a measure.
fn buckets(
    task: &Task,
    buckets: &[(&'static str, u32, u32)],
    measure: impl Fn(&crate::conversation::Talk) -> u32,
) -> Vec<Count> {
    let mut counts: Vec<_> =
        buckets.iter().map(|(name, ..)| Named { name: *name, value: 0 }).collect();
    for call in task.ended() {
        if call.attempt.finish != FinishStatus::Answered {
            continue;
        }
        let measured = measure(&call.attempt.talk);
        for ((_, least, most), count) in buckets.iter().zip(&mut counts) {
            count.value += usize::from((*least..=*most).contains(&measured));
        }
    }
    counts
}

/// Counts the results of all ended calls. Levels have no letter, as in the document.
fn extra_stat(task: &Task, definitions: &[(&'static str, Vec<&'static str>)]) -> ExtraStat {
    let mut stat: Vec<_> =
        definitions.iter().map(|(name, values)| (*name, values, vec![0; values.len()])).collect();
    for call in task.ended() {
        task.results(call, |name, value| {
            let counts = stat.iter_mut().filter(|(known, ..)| *known == name);
            for (_, values, counts) in counts {
                for (_, count) in values.iter().zip(counts).filter(|(known, _)| **known == value) {
                    *count += 1;
                }
            }
        });
    }
    let named = |(name, values, counts): (&'static str, &Vec<&'static str>, Vec<usize>)| {
        let bare = Level::ALL.map(Level::bare_label);
        let names = if name == LEVEL { bare.as_slice() } else { values.as_slice() };
        let counts = names.iter().zip(counts).filter(|(_, count)| *count > 0);
        (name, counts.map(|(name, value)| Named { name: *name, value }).collect())
    };
    ExtraStat(stat.into_iter().map(named).collect())
}

fn call_phones(task: &Task) -> Vec<CallPhone> {
    let lines = task.config.lines.iter().filter_map(|position| LINES.get(*position));
    lines
        .zip(0..)
        .map(|(line, position)| CallPhone {
            job_phone_id: task.call_job_id * 10 + position,
            user_phone_id: line.user_phone_id,
            call_job_id: task.call_job_id,
            phone: line.phone,
            phone_name: line.name,
            gmt_create: date_time(task.created),
            gmt_modified: date_time(task.created),
        })
        .collect()
}
