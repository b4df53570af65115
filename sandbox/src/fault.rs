//! The faults, and which of them applies to a request: by rules of a script, or by chance. The seed, the number of the
//! request and the request itself decide, so the same requests in the same order get the same faults in every server.
//! Not here: the response of a fault (`fault_response.rs`, `wire_variants.rs`).

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use serde::Deserialize;

use crate::endpoint::Endpoint;
use crate::endpoint::arguments::page_number;
use crate::error::OptionsError;
use crate::http::Request;
use crate::rng::{Rng, Stream};

/// Defines the faults: documentation for users of the package, number, name in options, whether the fault fails a
/// request or changes an answer.
///
/// The number and the order are part of the random draws: a new fault gets the next number, so that the draws of the
/// others stay. All other lists of faults follow from this table, in TypeScript too.
macro_rules! faults {
    ($(
        $( #[doc = $about:literal] )+
        $fault:ident = $number:literal $name:literal $effect:ident;
    )+) => {
        /// A simulated fault of the network or of the vendor.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
        pub enum Fault {
            $(
                $( #[doc = $about] )+
                #[serde(rename = $name)]
                $fault = $number,
            )+
        }

        impl Fault {
            /// All faults, in the order of their numbers.
            pub const ALL: &'static [Self] = &[ $( Self::$fault ),+ ];

            /// The name in options.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $( Self::$fault => $name, )+
                }
            }

            /// Whether the fault replaces or truncates the answer. At most one such fault applies to a request; the
            /// other faults change an answer and can be combined.
            #[must_use]
            pub const fn fails(self) -> bool {
                match self {
                    $( Self::$fault => faults!(@$effect), )+
                }
            }

            /// The documentation, by line.
            #[cfg(not(target_arch = "wasm32"))]
            #[must_use]
            pub const fn about(self) -> &'static [&'static str] {
                match self {
                    $( Self::$fault => &[ $( $about ),+ ], )+
                }
            }
        }
    };
    (@fails) => { true };
    (@changes) => { false };
}

faults! {
    /// The connection is lost. `fetch` rejects with a `TypeError`; a server hangs up.
    Network = 0 "network" fails;
    /// No answer until the caller aborts or disconnects.
    Timeout = 1 "timeout" fails;
    /// HTTP 500 with a servlet container's HTML page.
    Http500 = 2 "http500" fails;
    /// HTTP 429 with `Retry-After: 1`.
    Http429 = 3 "http429" fails;
    /// A login page under HTTP 200.
    Html200 = 4 "html200" fails;
    /// The first half of the answer with a `Content-Length` that fits it, like the answer of a proxy that lost its
    /// upstream. A browser treats a length that does not fit as a lost connection.
    Truncated = 5 "truncated" fails;
    /// HTTP 200 without a body.
    Empty = 6 "empty" fails;
    /// The vendor's `code` 500 under HTTP 200.
    Vendor500 = 7 "vendor500" fails;
    /// The vendor's `code` 408 under HTTP 200, with a `Date` five minutes ahead.
    ClockSkew = 8 "clockSkew" fails;
    /// A page of a list, from page 2 on, as if three rows had been added at the head of the list: it begins with three
    /// rows of the page before, and `total` is greater by three.
    ShiftRows = 9 "shiftRows" changes;
    /// The first row and about every fourth row appear twice; the page is longer, so no row is lost.
    DuplicateRows = 10 "duplicateRows" changes;
    /// The same answer in the vendor's other spellings: `27`, `"27"`, `"27秒"`, numbers as text, lists as maps, unknown
    /// fields.
    OddFields = 11 "oddFields" changes;
    /// `queryDoneTaskPhones` as if `index` had not been sent.
    IgnoreIndex = 12 "ignoreIndex" changes;
}

/// Applies a fault to certain requests.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rule {
    /// The fault that applies.
    pub fault: Fault,
    /// Only requests of this endpoint; `None`: of every endpoint.
    #[serde(default)]
    pub endpoint: Option<Endpoint>,
    /// Only requests of this page, from 1; `None`: of every page. A request without `pageNum` is a request of page 1.
    #[serde(default)]
    pub page_num: Option<u32>,
    /// Only the n-th matching request, from 1; `None`: every matching request.
    #[serde(default)]
    pub nth: Option<u32>,
}

impl Rule {
    /// `path` names the rule in the error.
    fn check(&self, path: &str) -> Result<(), OptionsError> {
        let refuse = |text: &str| Err(OptionsError(format!("{path}{text}")));
        if self.page_num == Some(0) {
            return refuse(".pageNum must be a whole number from 1");
        }
        if self.nth == Some(0) {
            return refuse(".nth must be a whole number from 1");
        }
        if self.page_num.is_some() && self.endpoint.is_some_and(|endpoint| !endpoint.has_pages()) {
            return refuse(".pageNum fits no request: the rule's endpoint has no pages");
        }
        Ok(())
    }

    fn matches(&self, endpoint: Endpoint, request: &Request) -> bool {
        self.endpoint.is_none_or(|wanted| wanted == endpoint)
            && self.page_num.is_none_or(|wanted| {
                endpoint.has_pages() && page_number(request) == Some(wanted.into())
            })
    }
}

/// Probabilities are integers in units of 1/`WHOLE`, so their sums are exact.
const WHOLE: u32 = 1_000_000_000;

/// The faults of a sandbox, and the count of its requests.
pub(crate) struct Faults {
    seed: u64,
    /// Probabilities in billionths, in the order of the faults.
    chances: Vec<(Fault, u32)>,
    /// Rules, each with the number of matching requests so far.
    rules: Vec<(Rule, AtomicU64)>,
    /// Number of rules of the script; later rules were injected.
    scripted: usize,
    requests: AtomicU64,
}

impl Faults {
    pub(crate) fn new(
        seed: u64,
        probabilities: &BTreeMap<Fault, f64>,
        script: &[Rule],
    ) -> Result<Self, OptionsError> {
        let mut failures = 0;
        let mut chances = Vec::new();
        for (&fault, &probability) in probabilities {
            if !(0.0..=1.0).contains(&probability) {
                return Err(OptionsError(format!("faults.{} must be from 0 to 1", fault.name())));
            }
            // A rounded value from 0 to a billion: the cast is exact.
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let chance = (probability * f64::from(WHOLE)).round() as u32;
            failures += u64::from(if fault.fails() { chance } else { 0 });
            chances.push((fault, chance));
        }
        if failures > u64::from(WHOLE) {
            let others = Fault::ALL.iter().filter(|fault| !fault.fails());
            let others = others.map(|fault| fault.name()).collect::<Vec<_>>().join(", ");
            return Err(OptionsError(format!(
                "faults must add up to at most 1, without {others}: at most one of the \
                 other faults applies to a request"
            )));
        }
        for (position, rule) in script.iter().enumerate() {
            rule.check(&format!("script[{position}]"))?;
        }
        let rules = script.iter().map(|rule| (rule.clone(), AtomicU64::new(0))).collect();
        Ok(Self { seed, chances, rules, scripted: script.len(), requests: AtomicU64::new(0) })
    }

    /// As if nothing had been asked, nor added.
    pub(crate) fn reset(&mut self) {
        self.rules.truncate(self.scripted);
        self.rules.iter_mut().for_each(|(_, matched)| *matched.get_mut() = 0);
        *self.requests.get_mut() = 0;
    }

    /// One more rule, which counts from now on.
    pub(crate) fn add(&mut self, rule: Rule) -> Result<(), OptionsError> {
        rule.check("rule")?;
        self.rules.push((rule, AtomicU64::new(0)));
        Ok(())
    }

    /// Counts a request and returns its faults. If a rule applies, probabilities do not. Random faults depend only on
    /// the request's number, so a rule does not change the faults of other requests.
    pub(crate) fn apply(&self, request: &Request) -> AppliedFault {
        let Some(endpoint) = Endpoint::of(request) else { return AppliedFault::default() };
        let mut applied =
            AppliedFault { rng_key: (self.seed, next(&self.requests)), ..AppliedFault::default() };
        for (rule, matched) in &self.rules {
            if rule.matches(endpoint, request) {
                let matched = next(matched);
                if rule.nth.is_none_or(|nth| matched == u64::from(nth)) {
                    applied.add(rule.fault);
                }
            }
        }
        if applied.is_empty() {
            self.draw(&mut applied);
        }
        applied
    }

    /// Draws random faults. Faults that fail a request share one draw, split into one interval per fault; every other
    /// fault has its own draw.
    fn draw(&self, applied: &mut AppliedFault) {
        let mut remaining = applied.draw(0).below(WHOLE);
        for &(fault, chance) in &self.chances {
            if !fault.fails() {
                if applied.draw(fault as u64).below(WHOLE) < chance {
                    applied.add(fault);
                }
            } else if remaining < chance {
                applied.add(fault);
            } else {
                remaining -= chance;
            }
        }
    }
}

/// Increments the count and returns it.
fn next(count: &AtomicU64) -> u64 {
    count.fetch_add(1, Relaxed) + 1
}

/// The faults of one request.
#[derive(Default)]
pub(crate) struct AppliedFault {
    pub failure: Option<Fault>,
    changes: Vec<Fault>,
    /// The seed and the request's number.
    rng_key: (u64, u64),
}

impl AppliedFault {
    /// Only the first of several failures applies.
    fn add(&mut self, fault: Fault) {
        if fault.fails() {
            self.failure = self.failure.or(Some(fault));
        } else {
            self.changes.push(fault);
        }
    }

    fn is_empty(&self) -> bool {
        self.failure.is_none() && self.changes.is_empty()
    }

    pub(crate) fn changes(&self, fault: Fault) -> bool {
        self.changes.contains(&fault)
    }

    /// Random numbers for this request, one stream per purpose.
    pub(crate) fn draw(&self, purpose: u64) -> Rng {
        let (seed, number) = self.rng_key;
        Rng::new(seed, Stream::Fault, number, purpose)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(faults: &Faults) -> (Option<Fault>, Vec<Fault>) {
        let applied = faults.apply(&Request::get("/openapi/v1/task/getTasks"));
        (applied.failure, applied.changes)
    }

    #[test]
    fn each_fault_occurs_with_its_probability_whatever_the_other_faults_are() {
        use Fault::{Empty, Network, OddFields, ShiftRows, Timeout};
        let wanted =
            [(Network, 0.2), (Timeout, 0.05), (Empty, 0.7), (ShiftRows, 0.5), (OddFields, 1.0)];
        let faults = Faults::new(1, &BTreeMap::from(wanted), &[]).unwrap();
        let all: Vec<_> = (0..20_000).map(|_| applied(&faults)).collect();
        for (fault, probability) in wanted {
            let times = all
                .iter()
                .filter(|(failure, changes)| *failure == Some(fault) || changes.contains(&fault));
            let share = f64::from(u32::try_from(times.count()).unwrap()) / 20_000.0;
            assert!((share - probability).abs() < 0.01, "{fault:?}: {share}");
        }
    }

    #[test]
    fn probability_0_never_fails_a_request_and_sum_1_always_does() {
        let never = Faults::new(1, &BTreeMap::from([(Fault::Empty, 0.0)]), &[]).unwrap();
        assert!((0..1000).all(|_| applied(&never).0.is_none()));
        let tenths = [Fault::Network, Fault::Timeout, Fault::Http500].map(|fault| (fault, 0.1));
        let rest = [(Fault::Http429, 0.6), (Fault::Empty, 0.1)];
        let all = tenths.into_iter().chain(rest).collect();
        let always = Faults::new(1, &all, &[]).unwrap();
        assert!((0..1000).all(|_| applied(&always).0.is_some()));
    }

    #[test]
    fn a_rule_does_not_change_the_random_faults_of_other_requests() {
        let half = BTreeMap::from([(Fault::Empty, 0.5), (Fault::OddFields, 0.5)]);
        let rule = Rule { fault: Fault::Timeout, endpoint: None, page_num: None, nth: Some(3) };
        let all = |script: &[Rule]| {
            let faults = Faults::new(9, &half, script).unwrap();
            (0..50).map(|_| applied(&faults)).collect::<Vec<_>>()
        };
        let (with, without) = (all(&[rule]), all(&[]));
        assert_eq!(with[2], (Some(Fault::Timeout), vec![]));
        assert_eq!((&with[..2], &with[3..]), (&without[..2], &without[3..]));
    }
}
