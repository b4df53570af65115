//! `GET phoneLogInfo`: one call with its transcript and its analysis. `duration` is a number here. A
//! call that has not ended is found too; fields that depend on its end are null.

use serde::Serialize;

use super::arguments::Arguments;
use super::envelope::{EndpointContext, line, on_day_zero, respond};
use super::failure::Failure;
use crate::calendar::date_time;
use crate::conversation::{Level, Meaning, Utterance, Voice};
use crate::dialler::{Call, CallStatus};
use crate::http::{Request, Response};
use crate::outcome::FinishStatus;
use crate::people::Customer;
use crate::rng::{Rng, Stream};
use crate::task::{LEVEL, Task};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Detail<'a> {
    phone_log: PhoneLog,
    scene_instance: SceneInstance<'a>,
    task_result: Vec<TaskResult>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhoneLog {
    phone_logs: Vec<LogLine>,
    luyin_oss_url: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogLine {
    scene_instance_log_id: u64,
    scene_instance_id: u64,
    speaker: &'static str,
    content: String,
    user_mean: Option<&'static str>,
    user_mean_detail: Option<String>,
    ai_unknown: u8,
    start_time: u32,
    end_time: u32,
    gmt_create: String,
    gmt_modified: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SceneInstance<'a> {
    call_instance_id: u64,
    company_id: u64,
    call_job_id: u64,
    customer_id: u64,
    customer_telephone: String,
    customer_name: String,
    status: u8,
    finish_status: Option<u8>,
    duration: Option<u32>,
    chat_round: Option<u32>,
    start_time: Option<String>,
    end_time: Option<String>,
    caller_phone: Option<&'static str>,
    luyin_oss_url: Option<String>,
    user_luyin_oss_url: Option<String>,
    properties: &'static str,
    handle_person: &'static str,
    call_type: u8,
    read_status: u8,
    job_name: &'a str,
    robot_def_id: u64,
    scene_def_id: u64,
    scene_record_id: u64,
    track_result: Option<()>,
    hang_up: Option<u8>,
    secondary_call_time: String,
    secondary_call_times: u32,
    gmt_create: String,
    gmt_modified: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TaskResult {
    scene_instance_result_id: u64,
    company_id: u64,
    scene_instance_id: u64,
    result_name: &'static str,
    result_value: String,
    result_desc: Option<&'static str>,
    analyze_type: Option<&'static str>,
    gmt_create: String,
    gmt_modified: String,
}

/// `GET phoneLogInfo`
pub(super) fn answer(context: &EndpointContext, request: &Request) -> Response {
    respond("获取成功", find(context, request))
}

fn find<'a>(context: &'a EndpointContext, request: &Request) -> Result<Detail<'a>, Failure> {
    let call_instance_id = Arguments::of_query(request).id("callInstanceId")?;
    let found = context.state.call(call_instance_id);
    let (task, position, call) = found.ok_or_else(|| Failure::not_found("callInstanceId"))?;
    let customer = task.customer(position);
    let ended = call.status == CallStatus::Completed;
    let recording = context.recording_url(call_instance_id, call.attempt.finish).filter(|_| ended);
    let phone_logs =
        if ended { phone_logs(task, call_instance_id, call, &customer) } else { Vec::new() };
    let task_result = if ended { task_results(task, call_instance_id, call) } else { Vec::new() };
    Ok(Detail {
        phone_log: PhoneLog { phone_logs, luyin_oss_url: recording.clone() },
        scene_instance: scene_instance(context, task, call_instance_id, call, customer, recording),
        task_result,
    })
}

fn phone_logs(task: &Task, id: u64, call: &Call, customer: &Customer) -> Vec<LogLine> {
    if call.attempt.finish != FinishStatus::Answered {
        return Vec::new();
    }
    let lines = task.conversation(id, call).lines;
    let lines = lines.iter().zip(0..);
    lines.map(|(line, position)| log_line(task, id, call, customer, line, position)).collect()
}

fn log_line(
    task: &Task,
    call_instance_id: u64,
    call: &Call,
    customer: &Customer,
    line: &Utterance,
    position: u64,
) -> LogLine {
    let robot = line.voice == Voice::Robot;
    let said = call.attempt.starts + i64::from(line.starts_ms / 1000);
    // As in the document: the opening has `aiUnknown` 1, and the offsets of the robot's lines are 0.
    let opening = robot && line.text == task.config.script.opening;
    let unknown = opening || matches!(line.meaning, Meaning::Unknown);
    LogLine {
        scene_instance_log_id: call_instance_id * 100 + position,
        scene_instance_id: call_instance_id,
        speaker: if robot { "AI" } else { "ME" },
        content: line.text.replace("{称呼}", &customer.address),
        user_mean: match line.meaning {
            Meaning::None => None,
            Meaning::Vague => Some("~"),
            Meaning::Agrees => Some("肯定"),
            Meaning::Refuses => Some("拒绝"),
            Meaning::Busy => Some("用户忙"),
            Meaning::Asks(question) if question.topic.is_empty() => Some("提问"),
            Meaning::Asks(question) => Some(question.topic),
            Meaning::Unknown => Some("AI_UNKNOWN"),
        },
        user_mean_detail: user_mean_detail(task, call_instance_id, line, position),
        ai_unknown: u8::from(unknown),
        start_time: if robot { 0 } else { line.starts_ms },
        end_time: if robot { 0 } else { line.ends_ms },
        gmt_create: date_time(said),
        gmt_modified: date_time(said),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MeanDetail {
    score: f32,
    answer: &'static str,
    ask: &'static str,
    knowledge_base_id: u64,
}

/// The recognised question, as JSON in a string like the vendor's; `None` for a line without one.
fn user_mean_detail(task: &Task, id: u64, line: &Utterance, position: u64) -> Option<String> {
    let Meaning::Asks(question) = line.meaning else { return None };
    let known = task.config.script.questions.iter().zip(1..);
    let (_, number) = known.clone().find(|(known, _)| known.topic == question.topic)?;
    let score = Rng::new(task.config.seed, Stream::Reading, id, position).between(71, 99);
    let detail = [MeanDetail {
        score: f32::from(u8::try_from(score).ok()?) / 100.0,
        answer: question.answer,
        ask: line.text,
        knowledge_base_id: task.script_id * 100 + number,
    }];
    serde_json::to_string(&detail).ok()
}

fn scene_instance<'a>(
    context: &EndpointContext,
    task: &'a Task,
    call_instance_id: u64,
    call: &Call,
    customer: Customer,
    recording: Option<String>,
) -> SceneInstance<'a> {
    let attempt = &call.attempt;
    let ended = call.status == CallStatus::Completed;
    let dialled = call.attempts > 0;
    let answered = ended && attempt.finish == FinishStatus::Answered;
    let read = Rng::new(task.config.seed, Stream::Reading, call_instance_id, u64::MAX).chance(300);
    let starts = if ended { attempt.starts } else { attempt.dialled };
    let modified = if ended {
        attempt.ends
    } else if dialled {
        attempt.dialled
    } else {
        task.created
    };
    SceneInstance {
        call_instance_id,
        company_id: task.company_id,
        call_job_id: task.call_job_id,
        customer_id: customer.id,
        customer_telephone: customer.telephone,
        customer_name: customer.name,
        status: call.status as u8,
        finish_status: ended.then_some(attempt.finish as u8),
        duration: ended.then_some(attempt.talk.duration),
        chat_round: ended.then_some(attempt.talk.rounds),
        start_time: dialled.then(|| date_time(starts)),
        end_time: ended.then(|| date_time(attempt.ends)),
        caller_phone: line(attempt).filter(|_| dialled).map(|line| line.phone),
        luyin_oss_url: recording,
        user_luyin_oss_url: answered.then(|| context.customer_recording_url(call_instance_id)),
        properties: "{}",
        handle_person: task.config.script.record,
        call_type: 1,
        read_status: u8::from(read && ended),
        job_name: &task.name,
        robot_def_id: task.script_id,
        scene_def_id: task.script_id,
        scene_record_id: task.script_id,
        track_result: None,
        hang_up: ended.then_some(u8::from(attempt.talk.customer_hung_up)),
        secondary_call_time: on_day_zero(task.config.hours.starts),
        secondary_call_times: call.attempts.saturating_sub(1),
        gmt_create: date_time(task.created),
        gmt_modified: date_time(modified),
    }
}

fn task_results(task: &Task, id: u64, call: &Call) -> Vec<TaskResult> {
    let written = date_time(call.attempt.ends);
    let mut results = Vec::new();
    task.results(call, |name, value| {
        let level = name == LEVEL;
        results.push(TaskResult {
            scene_instance_result_id: id * 100 + results.len() as u64,
            company_id: task.company_id,
            scene_instance_id: id,
            result_name: name,
            result_value: value.into_owned(),
            result_desc: level.then(|| reason(call)),
            analyze_type: level.then_some("BY_ANALYZE_USER_LEVEL"),
            gmt_create: written.clone(),
            gmt_modified: written.clone(),
        });
    });
    results
}

fn reason(call: &Call) -> &'static str {
    let answered = call.attempt.finish == FinishStatus::Answered;
    match call.attempt.talk.level {
        Level::A => "该客户在通话过程中主动询问了产品细节，有进一步了解产品的意愿。",
        Level::B => "该客户在通话过程中有一定的意向，可以进一步跟进。",
        Level::C => "该客户在通话过程中表现出的意向较少。",
        Level::D if answered => "通话内容较少，需要人工筛选。",
        Level::D => "通话状态 = 占线、未接、拒接、关机",
        Level::E if answered => "客户表示正忙，需要再次跟进。",
        Level::E => "通话状态 = 无法接通、外呼失败、呼损",
        Level::F if answered => "客户明确拒绝，无需跟进。",
        Level::F => "通话状态 = 空号、停机、黑名单",
    }
}
