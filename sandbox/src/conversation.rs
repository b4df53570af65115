//! Simulates one answered call, turn by turn. A customer's mood and a script decide everything that the vendor reports
//! of the call: duration, rounds, level, results, transcript. Only the seed and the call's id are inputs, so a
//! transcript is generated on request. Not here: the wire format of a transcript (`endpoint/phone_log_info.rs`).

use crate::rng::{Rng, Stream};
use crate::script::{Question, Script, common};

/// The speaker of a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Voice {
    Robot,
    Customer,
}

/// Result of the vendor's analysis of a customer's line.
#[derive(Clone, Copy)]
pub(crate) enum Meaning {
    /// For the robot's lines.
    None,
    Vague,
    Agrees,
    Refuses,
    Busy,
    Asks(&'static Question),
    /// The script has no answer to it.
    Unknown,
}

/// One line of the transcript, with its offsets in the recording.
pub(crate) struct Utterance {
    pub voice: Voice,
    pub text: &'static str,
    pub starts_ms: u32,
    pub ends_ms: u32,
    pub meaning: Meaning,
}

/// 客户意向等级.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Level {
    A,
    B,
    C,
    #[default]
    D,
    E,
    F,
}

impl Level {
    pub(crate) const ALL: [Self; 6] = [Self::A, Self::B, Self::C, Self::D, Self::E, Self::F];

    /// The spelling in results and filters.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::A => "A级(较强)",
            Self::B => "B级(一般)",
            Self::C => "C级(很少)",
            Self::D => "D级(需筛选)",
            Self::E => "E级(需要再次跟进)",
            Self::F => "F级(无需跟进)",
        }
    }

    /// The spelling in the document's `extraStat`: the label without its letter.
    pub(crate) fn bare_label(self) -> &'static str {
        match self {
            Self::A => "较强",
            Self::B => "一般",
            Self::C => "很少",
            Self::D => "需筛选",
            Self::E => "需要再次跟进",
            Self::F => "无需跟进",
        }
    }
}

/// Values of a call's row that the conversation decides; all zero for a call that was not answered.
#[derive(Clone, Copy, Default)]
pub(crate) struct Talk {
    /// Whole seconds, rounded up: every line lies within.
    pub duration: u32,
    /// Number of the robot's lines.
    pub rounds: u32,
    pub level: Level,
    /// Bit k: the script's question k came up.
    pub topics: u16,
    /// Position in the script's verdict values; `None` if there is no verdict.
    pub verdict: Option<u8>,
    pub booked: bool,
    pub customer_hung_up: bool,
}

pub(crate) struct Conversation {
    pub lines: Vec<Utterance>,
    pub talk: Talk,
}

#[derive(Clone, Copy, Default)]
enum Reply {
    #[default]
    Agree,
    Ask,
    Refuse,
    Busy,
    OffScript,
    Silent,
}

/// A customer's mood: the weights of the replies at each turn, and the probability, in thousandths, that the customer
/// hangs up instead.
#[derive(Clone, Copy, Default)]
struct Mood {
    replies: [(Reply, u32); 6],
    hang_up_permille: u32,
}

impl Mood {
    const fn new(weights: [u32; 6], hang_up_permille: u32) -> Self {
        use Reply::{Agree, Ask, Busy, OffScript, Refuse, Silent};
        let [agree, ask, refuse, busy, off_script, silent] = weights;
        let replies = [
            (Agree, agree),
            (Ask, ask),
            (Refuse, refuse),
            (Busy, busy),
            (OffScript, off_script),
            (Silent, silent),
        ];
        Self { replies, hang_up_permille }
    }
}

const KEEN: Mood = Mood::new([48, 40, 2, 2, 6, 2], 25);
const OPEN: Mood = Mood::new([46, 22, 13, 6, 9, 4], 100);
const COLD: Mood = Mood::new([18, 8, 46, 9, 11, 8], 280);

/// What a scenario changes in the course of conversations. The default changes nothing.
#[derive(Clone, Copy, Default)]
pub(crate) struct Tendencies {
    /// Probability, in thousandths, that a customer who would hang up after the first round stays.
    pub stays: u32,
    /// Additional probabilities, in thousandths, that the customer hangs up after a certain round.
    pub hang_ups: [(u32, u32); 2],
    pub off_script: OffScript,
}

/// What customers say that the script has no answer to.
#[derive(Clone, Copy, Default)]
pub(crate) enum OffScript {
    #[default]
    AnyRemark,
    Nothing,
    /// One question, again and again.
    Question(&'static str),
}

/// Probability, in thousandths, that a reply is the scenario's question.
const QUESTION_PERMILLE: u32 = 110;

/// Generates the conversation of an answered call.
pub(crate) fn generate(
    seed: u64,
    call_instance_id: u64,
    script: &'static Script,
    tendencies: Tendencies,
) -> Conversation {
    let mut draw = Rng::new(seed, Stream::Conversation, call_instance_id, 0);
    if draw.chance(45) {
        // The customer hangs up at once: answered, without a line.
        let duration = draw.between(1, 3);
        let talk = Talk { duration, customer_hung_up: true, ..Talk::default() };
        return Conversation { lines: Vec::new(), talk };
    }
    let pause_permille = draw.weighted(&[(1000, 55), (1700, 27), (3200, 12), (7000, 6)]);
    let dialogue = Dialogue {
        draw,
        script,
        tendencies,
        lines: Vec::new(),
        clock_ms: 0,
        pause_permille,
        score: 0,
        agreements: 0,
        refusals: 0,
        topics: 0,
    };
    dialogue.run()
}

struct Dialogue {
    draw: Rng,
    script: &'static Script,
    tendencies: Tendencies,
    lines: Vec<Utterance>,
    clock_ms: u32,
    /// Length of the pauses before lines, in thousandths of the usual length.
    pause_permille: u32,
    score: i32,
    agreements: u32,
    refusals: u32,
    topics: u16,
}

#[derive(PartialEq, Eq)]
enum End {
    Won,
    Lost,
    Busy,
    Silent,
    HungUp,
}

impl Dialogue {
    fn run(mut self) -> Conversation {
        let mood = self.draw.weighted(&[(KEEN, 140), (OPEN, 330), (COLD, 530)]);
        if self.draw.chance(450) {
            let greeting = self.draw.pick(&common::GREETINGS);
            self.customer(greeting, Meaning::Vague);
        }
        self.robot(self.script.opening);
        let end = self.turns(mood);
        if end == End::HungUp {
            self.shorten_last_line();
        }
        let rounds = self.rounds();
        let talk = Talk {
            duration: self.clock_ms.div_ceil(1000).max(1),
            rounds,
            level: self.level(&end, rounds),
            topics: self.topics,
            verdict: (rounds > 1).then(|| self.verdict()).flatten(),
            booked: self.script.books && end == End::Won,
            customer_hung_up: end == End::HungUp,
        };
        Conversation { lines: self.lines, talk }
    }

    fn turns(&mut self, mood: Mood) -> End {
        let (mut step, mut silences) = (0, 0);
        loop {
            if (self.draw.chance(mood.hang_up_permille) && !self.stays()) || self.hangs_up_early() {
                return End::HungUp;
            }
            let mut reply = self.reply(mood);
            let question = self.next_question();
            if matches!(reply, Reply::Ask) && question.is_none() {
                reply = Reply::Agree;
            }
            match (reply, question) {
                (Reply::Ask, Some((bit, question))) => {
                    self.topics |= bit;
                    self.score += 2;
                    let ask = self.draw.pick(question.asks);
                    self.customer(ask, Meaning::Asks(question));
                    self.robot(question.answer);
                }
                (Reply::Agree | Reply::Ask, _) => {
                    self.score += 1;
                    self.agreements += 1;
                    let replies = self.script.agreements.get(step).copied().unwrap_or_default();
                    let agreement = self.draw.pick(replies);
                    self.customer(agreement, Meaning::Agrees);
                    let Some(line) = self.script.steps.get(step) else {
                        self.score += 3;
                        self.robot(self.script.won);
                        return End::Won;
                    };
                    self.robot(line);
                    step += 1;
                }
                (Reply::Refuse, _) => {
                    self.score -= 3;
                    self.refusals += 1;
                    let refusal = self.draw.pick(self.script.refusals);
                    self.customer(refusal, Meaning::Refuses);
                    if self.refusals > 1 || self.draw.chance(250) {
                        self.robot(self.script.lost);
                        return End::Lost;
                    }
                    self.robot(self.script.persuasion);
                }
                (Reply::Busy, _) => {
                    let excuse = self.draw.pick(&common::BUSY);
                    self.customer(excuse, Meaning::Busy);
                    self.robot(common::BUSY_FAREWELL);
                    return End::Busy;
                }
                (Reply::OffScript, _) => {
                    let remark = match self.tendencies.off_script {
                        OffScript::Question(question) => question,
                        _ => self.draw.pick(&common::OFF_SCRIPT),
                    };
                    self.customer(remark, Meaning::Unknown);
                    let fallback = self.draw.pick(&common::FALLBACK);
                    self.robot(fallback);
                }
                (Reply::Silent, _) => {
                    self.clock_ms += 2500;
                    silences += 1;
                    if silences > 1 {
                        self.robot(common::SILENCE_FAREWELL);
                        return End::Silent;
                    }
                    let call = self.draw.pick(&common::SILENCE);
                    self.robot(call);
                }
            }
        }
    }

    /// Number of the robot's lines until now.
    fn rounds(&self) -> u32 {
        let rounds = self.lines.iter().filter(|line| line.voice == Voice::Robot).count();
        u32::try_from(rounds).unwrap_or(u32::MAX)
    }

    fn stays(&mut self) -> bool {
        let Tendencies { stays, .. } = self.tendencies;
        stays > 0 && self.rounds() == 1 && self.draw.chance(stays)
    }

    fn hangs_up_early(&mut self) -> bool {
        let rounds = self.rounds();
        let hang_ups = self.tendencies.hang_ups.into_iter().filter(|(round, _)| *round == rounds);
        let permille = hang_ups.map(|(_, permille)| permille).sum();
        permille > 0 && self.draw.chance(permille)
    }

    fn reply(&mut self, mood: Mood) -> Reply {
        let reply = self.draw.weighted(&mood.replies);
        match (self.tendencies.off_script, reply) {
            (OffScript::Nothing | OffScript::Question(_), Reply::OffScript) => Reply::Agree,
            (OffScript::Question(_), _) if self.draw.chance(QUESTION_PERMILLE) => Reply::OffScript,
            _ => reply,
        }
    }

    /// A question that has not been asked yet, with its bit. No question is asked twice, so every conversation ends.
    fn next_question(&mut self) -> Option<(u16, &'static Question)> {
        let open: Vec<_> = (self.script.questions.iter().enumerate())
            .map(|(position, question)| (1_u16 << position, question))
            .filter(|(bit, _)| self.topics & bit == 0)
            .map(Some)
            .collect();
        self.draw.pick(&open)
    }

    /// The robot speaks about five characters a second.
    fn robot(&mut self, text: &'static str) {
        self.push_line(Voice::Robot, text, Meaning::None, 215);
    }

    fn customer(&mut self, text: &'static str, meaning: Meaning) {
        let pace = self.draw.between(210, 290);
        self.push_line(Voice::Customer, text, meaning, pace);
    }

    fn push_line(&mut self, voice: Voice, text: &'static str, meaning: Meaning, ms_per_char: u32) {
        let length = 250 + ms_per_char * u32::try_from(text.chars().count()).unwrap_or_default();
        let pause = self.draw.between(250, 1100);
        // The first line starts within the second of the answer, because the vendor shows that second.
        let pause =
            if self.lines.is_empty() { pause / 2 } else { pause * self.pause_permille / 1000 };
        let starts_ms = self.clock_ms + pause;
        let ends_ms = starts_ms + length;
        self.lines.push(Utterance { voice, text, starts_ms, ends_ms, meaning });
        self.clock_ms = ends_ms;
    }

    /// Shortens the last line: the customer hangs up during it.
    fn shorten_last_line(&mut self) {
        if let Some(last) = self.lines.last_mut() {
            let heard = (last.ends_ms - last.starts_ms) / 10 * self.draw.between(2, 10);
            last.ends_ms = last.starts_ms + heard;
            self.clock_ms = last.ends_ms;
        }
    }

    fn level(&self, end: &End, rounds: u32) -> Level {
        match end {
            End::Busy => Level::E,
            End::Silent => Level::D,
            _ if rounds <= 1 => Level::D,
            _ if self.refusals > 1 || self.score <= -3 => Level::F,
            _ if self.score >= 8 => Level::A,
            _ if self.score >= 3 => Level::B,
            _ => Level::C,
        }
    }

    fn verdict(&self) -> Option<u8> {
        let verdict = self.script.verdict.as_ref()?;
        let values = verdict.values.len();
        if self.agreements == 0 {
            let refused = verdict.refusal_counts && self.refusals > 0;
            return refused.then(|| u8::try_from(values - 1).ok()).flatten();
        }
        let rank = [6, 3, 1].iter().filter(|threshold| self.score < **threshold).count();
        u8::try_from(rank * values / 4).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::SCRIPTS;

    #[test]
    fn lines_do_not_overlap_and_lie_within_the_call() {
        for id in 0..4000_u64 {
            let script = SCRIPTS[(id % 8) as usize];
            let Conversation { lines, talk } = generate(1, id, script, Tendencies::default());
            let mut clock = 0;
            for line in &lines {
                assert!(clock <= line.starts_ms && line.starts_ms < line.ends_ms);
                clock = line.ends_ms;
            }
            assert!(clock <= talk.duration * 1000);
            let robot = lines.iter().filter(|line| line.voice == Voice::Robot).count();
            assert_eq!(robot, talk.rounds as usize);
        }
    }

    #[test]
    fn durations_and_levels_have_realistic_distributions() {
        let talks: Vec<Talk> = (0..8000)
            .map(|id| generate(1, id, SCRIPTS[(id % 8) as usize], Tendencies::default()).talk)
            .collect();
        let mut durations: Vec<u32> = talks.iter().map(|talk| talk.duration).collect();
        durations.sort_unstable();
        let quantile = |percent: usize| durations[durations.len() * percent / 100];
        println!("{:?}", [1, 10, 25, 50, 75, 90, 95, 99].map(quantile));
        println!(
            "{:?}",
            Level::ALL.map(|level| talks.iter().filter(|talk| talk.level == level).count())
        );
        let mean = durations.iter().sum::<u32>() / u32::try_from(durations.len()).unwrap();
        assert!(mean > quantile(50), "a long tail to the right");
        assert!((15..40).contains(&quantile(50)) && quantile(99) < 240);
        for level in Level::ALL {
            let share = talks.iter().filter(|talk| talk.level == level).count() * 100 / talks.len();
            assert!((4..50).contains(&share), "{level:?} {share} %");
        }
    }
}
