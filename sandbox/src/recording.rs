//! Recordings: WAV files of soft tones, as long as the call. Tones are high for the robot's lines and low for the
//! customer's. Any range of bytes is generated on request, so a player can seek.

use crate::conversation::Voice;
use crate::dialler::{Call, CallStatus};
use crate::endpoint::envelope::EndpointContext;
use crate::http::{Request, Response};
use crate::outcome::FinishStatus;
use crate::rng::{Rng, Stream};
use crate::simulation_state::SimulationState;
use crate::task::Task;

/// Samples a second, one unsigned byte each, one channel: every browser plays this format.
const RATE: u32 = 8000;
const HEADER: u32 = 44;
const SILENCE: u8 = 128;

impl EndpointContext<'_> {
    /// `luyinOssUrl`: the conversation, or the early media of an unanswered call; `None` if there is no recording.
    pub(crate) fn recording_url(&self, id: u64, finish: FinishStatus) -> Option<String> {
        let kind = match finish {
            FinishStatus::Answered => "",
            finish if finish.has_early_media() => "_early_media",
            _ => return None,
        };
        Some(format!("{}/recordings/{id}{kind}.wav", self.recordings))
    }

    /// `userLuyinOssUrl`: only the customer's lines.
    pub(crate) fn customer_recording_url(&self, id: u64) -> String {
        format!("{}/recordings/{id}_user.wav", self.recordings)
    }
}

/// `GET` or `HEAD` of `/recordings/{name}`, whole or a range.
pub(crate) fn answer(
    state: &SimulationState,
    seed: u64,
    request: &Request,
    name: &str,
) -> Response {
    let text = |status, text| Response::new(status, "text/plain;charset=UTF-8", text);
    if !matches!(request.method.as_str(), "GET" | "HEAD") {
        return text(405, "Method Not Allowed").with_header("allow", "GET, HEAD");
    }
    let Some(sound) = find(state, seed, name) else { return text(404, "Not Found") };
    let length = sound.bytes();
    match request.header("range").map_or(Range::Whole, |range| Range::read(range, length)) {
        Range::Whole => Response::new(200, "audio/wav", sound.render(0, length))
            .with_header("accept-ranges", "bytes"),
        Range::Part(from, to) => Response::new(206, "audio/wav", sound.render(from, to))
            .with_header("accept-ranges", "bytes")
            .with_header("content-range", format!("bytes {from}-{}/{length}", to - 1)),
        Range::Beyond => text(416, "Range Not Satisfiable")
            .with_header("content-range", format!("bytes */{length}")),
    }
}

fn find(state: &SimulationState, seed: u64, name: &str) -> Option<Sound> {
    let name = name.strip_suffix(".wav")?;
    let (id, kind) = name.split_once('_').unwrap_or((name, ""));
    let id = id.parse().ok()?;
    let (task, _, call) = state.call(id)?;
    let finish = call.attempt.finish;
    if call.status != CallStatus::Completed {
        return None;
    }
    match (kind, finish) {
        ("", FinishStatus::Answered) => Some(Sound::conversation(seed, task, id, call, true)),
        ("user", FinishStatus::Answered) => Some(Sound::conversation(seed, task, id, call, false)),
        ("early_media", _) if finish.has_early_media() => Some(Sound::early_media(call)),
        _ => None,
    }
}

/// Half-open, in bytes of the file.
#[derive(Debug, PartialEq, Eq)]
enum Range {
    Whole,
    Part(u32, u32),
    Beyond,
}

impl Range {
    /// Parses one range of RFC 9110. Several ranges, or a malformed header, mean the whole file.
    fn read(header: &str, length: u32) -> Self {
        let range = header.strip_prefix("bytes=").and_then(|range| range.trim().split_once('-'));
        let Some((first, last)) = range else { return Self::Whole };
        let number = |text: &str| {
            let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| text.parse().unwrap_or(u32::MAX))
        };
        let (from, to) = match (number(first), number(last)) {
            (Some(from), Some(last)) if from <= last => (from, last.saturating_add(1)),
            (Some(from), None) if last.is_empty() => (from, length),
            (None, Some(count)) if first.is_empty() => (length.saturating_sub(count), length),
            _ => return Self::Whole,
        };
        let to = to.min(length);
        if from < to { Self::Part(from, to) } else { Self::Beyond }
    }
}

/// A tone from one sample to another.
struct Note {
    from: u32,
    to: u32,
    hertz: u32,
    /// Amplitude, at most 127.
    loudness: i32,
}

struct Sound {
    notes: Vec<Note>,
    samples: u32,
}

impl Sound {
    /// One note per syllable, at the transcript's offsets. Without `robot`, only the customer's lines.
    fn conversation(seed: u64, task: &Task, id: u64, call: &Call, robot: bool) -> Self {
        const SYLLABLE: u32 = RATE * 190 / 1000;
        let mut draw = Rng::new(seed, Stream::Recording, id, 0);
        let mut notes = Vec::new();
        for line in task.conversation(id, call).lines {
            let (pitches, loudness) = match line.voice {
                Voice::Robot => ([392, 440, 494, 523], 30),
                Voice::Customer => ([185, 208, 220, 247], 38),
            };
            let (mut from, to) = (line.starts_ms * (RATE / 1000), line.ends_ms * (RATE / 1000));
            while from < to {
                let end = (from + SYLLABLE).min(to);
                let hertz = draw.pick(&pitches);
                if robot || line.voice == Voice::Customer {
                    notes.push(Note { from, to: end, hertz, loudness });
                }
                from = end;
            }
        }
        Self { notes, samples: call.attempt.talk.duration * RATE }
    }

    /// The ringing tone or the busy tone until the end of the attempt.
    fn early_media(call: &Call) -> Self {
        let seconds = u32::try_from(call.attempt.ends - call.attempt.starts).unwrap_or_default();
        let samples = seconds.max(1) * RATE;
        let (on, every) = match call.attempt.finish {
            FinishStatus::NoAnswer | FinishStatus::Rejected => (RATE, 5 * RATE),
            _ => (RATE * 35 / 100, RATE * 70 / 100),
        };
        let starts = (0..samples).step_by(every as usize);
        let note =
            |from: u32| Note { from, to: (from + on).min(samples), hertz: 450, loudness: 30 };
        Self { notes: starts.map(note).collect(), samples }
    }

    /// Length of the file, in bytes.
    fn bytes(&self) -> u32 {
        HEADER + self.samples
    }

    /// Bytes `from..to` of the file.
    fn render(&self, from: u32, to: u32) -> Vec<u8> {
        let header = self.header();
        let header = header.into_iter().skip(from as usize).take((to - from) as usize);
        let (first, last) = (from.saturating_sub(HEADER), to.saturating_sub(HEADER));
        let mut samples = vec![SILENCE; (last - first) as usize];
        for note in &self.notes {
            let (begin, end) = (note.from.max(first), note.to.min(last));
            let heard = samples.iter_mut().skip((begin - first) as usize);
            for (at, sample) in (begin..end).zip(heard) {
                *sample = sample.wrapping_add_signed(note.sample(at));
            }
        }
        header.chain(samples).collect()
    }

    fn header(&self) -> Vec<u8> {
        let mut header = Vec::with_capacity(HEADER as usize);
        header.extend(b"RIFF");
        header.extend((HEADER - 8 + self.samples).to_le_bytes());
        header.extend(b"WAVEfmt ");
        header.extend(16_u32.to_le_bytes());
        header.extend([1, 0, 1, 0]); // PCM, one channel
        header.extend(RATE.to_le_bytes());
        header.extend(RATE.to_le_bytes()); // bytes a second
        header.extend([1, 0, 8, 0]); // bytes a sample, bits a sample
        header.extend(b"data");
        header.extend(self.samples.to_le_bytes());
        header
    }
}

impl Note {
    /// A sine with a fade-in and a fade-out of 20 ms, which avoid clicks.
    fn sample(&self, at: u32) -> i8 {
        const FADE: u32 = RATE / 50;
        let since = at - self.from;
        let phase = u64::from(since) * u64::from(self.hertz) * 64 / u64::from(RATE) % 64;
        let wave = usize::try_from(phase).ok().and_then(|phase| SINE.get(phase)).copied();
        let swell = since.min(self.to - at).min(FADE);
        let value = i32::from(wave.unwrap_or_default()) * self.loudness / 127;
        i8::try_from(value * swell.cast_signed() / FADE.cast_signed()).unwrap_or_default()
    }
}

/// One period in 64 steps. A table gives the same bytes on every platform.
const SINE: [i8; 64] = [
    0, 12, 25, 37, 49, 60, 71, 81, 90, 98, 106, 112, 117, 122, 125, 126, 127, 126, 125, 122, 117,
    112, 106, 98, 90, 81, 71, 60, 49, 37, 25, 12, 0, -12, -25, -37, -49, -60, -71, -81, -90, -98,
    -106, -112, -117, -122, -125, -126, -127, -126, -125, -122, -117, -112, -106, -98, -90, -81,
    -71, -60, -49, -37, -25, -12,
];

#[cfg(test)]
mod tests {
    use super::*;

    fn sound() -> Sound {
        Sound { notes: vec![Note { from: 100, to: 3000, hertz: 440, loudness: 38 }], samples: 8000 }
    }

    #[test]
    fn a_range_has_the_same_bytes_as_the_whole_file() {
        let whole = sound().render(0, sound().bytes());
        assert_eq!(whole.len(), 8044);
        let parts = [(0, 44), (0, 45), (10, 60), (44, 8044), (43, 44), (2000, 2001), (3000, 8044)];
        for (from, to) in parts {
            assert_eq!(sound().render(from, to), whole[from as usize..to as usize], "{from}..{to}");
        }
    }

    #[test]
    fn samples_outside_a_note_are_silent() {
        let whole = sound().render(0, 8044);
        assert!(whole[44..144].iter().all(|sample| *sample == SILENCE));
        assert!(whole[44 + 1000..44 + 2000].iter().any(|sample| *sample > 150));
        assert!(whole[3044..].iter().all(|sample| *sample == SILENCE));
    }

    #[test]
    fn range_headers_are_parsed_as_in_rfc_9110() {
        for (header, range) in [
            ("bytes=0-0", Range::Part(0, 1)),
            ("bytes=10-", Range::Part(10, 100)),
            ("bytes=-10", Range::Part(90, 100)),
            ("bytes=-1000", Range::Part(0, 100)),
            ("bytes=90-1000", Range::Part(90, 100)),
            ("bytes=100-", Range::Beyond),
            ("bytes=-0", Range::Beyond),
            ("bytes=5-2", Range::Whole),
            ("bytes=0-1,5-6", Range::Whole),
            ("items=0-1", Range::Whole),
            ("bytes=-", Range::Whole),
            ("bytes=99999999999999999999-", Range::Beyond),
        ] {
            assert_eq!(Range::read(header, 100), range, "{header}");
        }
    }
}
