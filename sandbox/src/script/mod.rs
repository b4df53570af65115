//! Scripts of the robots, as data: the robot's lines, the customers' questions, and the results of the vendor's analysis.
//! Not here: the course of a conversation (`conversation.rs`).
//!
//! - `collection.rs`: reminders of overdue instalments.
//! - `education.rs`: invitations to a trial lesson.
//! - `finance.rs`: offers of card instalments.
//! - `property.rs`: sales calls about flats.
//! - `research.rs`: a survey.
//! - `retail.rs`: member days.
//! - `service.rs`: satisfaction calls, car-care reminders.

mod collection;
mod education;
mod finance;
mod property;
mod research;
mod retail;
mod service;

/// One robot's script with its scene and recording.
pub(crate) struct Script {
    /// `robotDefName`
    pub robot: &'static str,
    /// `sceneDefName`
    pub scene: &'static str,
    /// `sceneRecordName`, and `handlePerson` of a call.
    pub record: &'static str,
    /// Names of tasks with this script.
    pub job_names: &'static [&'static str],
    /// Answer rate at an average hour on an average line, in thousandths.
    pub answer_permille: u32,
    /// `{称呼}` is replaced by the customer's form of address, here and everywhere below.
    pub opening: &'static str,
    /// The robot's lines in order, one per turn in which the customer agrees.
    pub steps: &'static [&'static str],
    /// The customer's lines of agreement: first to the opening, then to each of `steps`.
    pub agreements: &'static [&'static [&'static str]],
    pub questions: &'static [Question],
    /// A question without an answer, which the customers of a scenario ask.
    pub unanswerable: &'static str,
    pub refusals: &'static [&'static str],
    /// The robot's answer to the first refusal.
    pub persuasion: &'static str,
    pub won: &'static str,
    pub lost: &'static str,
    /// Result name of the topics of questions; `None` if they are not reported.
    pub topics: Option<&'static str>,
    /// An additional result with a fixed list of values, best first.
    pub verdict: Option<Verdict>,
    /// Whether a call that ends with `won` also has the result `预约时间`.
    pub books: bool,
}

/// A customers' question in several wordings, the robot's answer, and its topic.
pub(crate) struct Question {
    pub topic: &'static str,
    pub asks: &'static [&'static str],
    pub answer: &'static str,
}

/// A result name with its possible values, best first.
pub(crate) struct Verdict {
    pub name: &'static str,
    pub values: &'static [&'static str],
    /// Whether a refusal gives the last value; otherwise a call without an agreement has no value.
    pub refusal_counts: bool,
}

/// Every script. The position in this list is `robotDefId − 1` and part of the bytes of every answer.
pub(crate) const SCRIPTS: [&Script; 8] = [
    &service::SATISFACTION,
    &property::PROPERTY,
    &collection::COLLECTION,
    &education::EDUCATION,
    &finance::INSTALMENT,
    &research::SURVEY,
    &retail::MEMBER_DAY,
    &service::CAR_CARE,
];

/// Lines that all scripts share.
pub(crate) mod common {
    pub(crate) const GREETINGS: [&str; 6] =
        ["喂，你好。", "喂？", "喂，哪位？", "你好。", "哎，你好，哪位啊？", "喂，您好。"];
    pub(crate) const BUSY: [&str; 5] = [
        "我现在在开会，不方便。",
        "我在开车，回头再说吧。",
        "在忙呢，晚点再打吧。",
        "我这会儿在上班，不太方便接电话。",
        "在医院呢，改天吧。",
    ];
    pub(crate) const BUSY_FAREWELL: &str =
        "好的，那不打扰您了，我晚些时候再给您来电，祝您生活愉快，再见。";
    pub(crate) const SILENCE: [&str; 2] = ["喂，您好，能听到我说话吗？", "您好，请问您还在吗？"];
    pub(crate) const SILENCE_FAREWELL: &str = "可能是信号不太好，我晚些时候再联系您，再见。";
    pub(crate) const OFF_SCRIPT: [&str; 8] = [
        "你是机器人吧？",
        "你们怎么会有我的电话？",
        "我认识你们那边一个姓周的，他还在吗？",
        "上次那个小姑娘说要给我寄资料，怎么一直没寄？",
        "这个事你得跟我爱人说，我不管的。",
        "你先说说你们老板是谁。",
        "今天外面下雨，你们那边下不下？",
        "我换过号码了，你们登记的是哪一个？",
    ];
    pub(crate) const FALLBACK: [&str; 3] = [
        "不好意思，这个问题我需要帮您核实一下，稍后由专员给您回电可以吗？",
        "您说的这个情况我先记录下来，我们的顾问会跟您详细沟通。",
        "抱歉，刚才没有听清楚，我这边先跟您说一下主要的情况。",
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_script_has_all_its_lines_and_at_most_16_questions() {
        for script in SCRIPTS {
            assert!(!script.job_names.is_empty() && !script.steps.is_empty(), "{}", script.scene);
            assert_eq!(script.agreements.len(), script.steps.len() + 1, "{}", script.scene);
            assert!(script.agreements.iter().all(|replies| !replies.is_empty()));
            assert!(!script.refusals.is_empty(), "{}", script.scene);
            assert!(script.questions.len() <= 16, "topics are kept in sixteen bits");
            assert!(script.questions.iter().all(|question| !question.asks.is_empty()));
        }
    }
}
