//! Which fault applies to a request: by rules of a script, or by chance. The seed, the number of the request and the
//! request itself decide, so the same requests in the same order get the same faults in every server.
//! Not here: the response of a fault (`fault_response.rs`, `wire_variants.rs`).

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use serde::Deserialize;

use crate::endpoint::arguments::page_number;
use crate::error::OptionsError;
use crate::http::Request;
use crate::rng::{Rng, Stream};

/// Something that goes wrong on the way to the vendor, or with it. The number is part of what chance
/// draws, and so is the order, which follows it: a new fault gets the next number, so that the draws of the others stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Fault {
    /// The connection is lost.
    Network = 0,
    /// Nobody answers.
    Timeout = 1,
    /// HTTP 500 with a servlet container's page, stack trace and all.
    Http500 = 2,
    /// HTTP 429 of a gateway, with `Retry-After: 1`.
    Http429 = 3,
    /// HTTP 200 with a login page.
    Html200 = 4,
    /// The answer ends in the middle, and `Content-Length` says so.
    Truncated = 5,
    /// HTTP 200 without a body.
    Empty = 6,
    /// The vendor's code 500 under HTTP 200.
    Vendor500 = 7,
    /// The vendor's code 408 under HTTP 200; the `Date` header is five minutes ahead.
    ClockSkew = 8,
    /// A page as it were if rows had arrived at the head of its list since the page before.
    ShiftRows = 9,
    /// A page in which some rows come twice, so that it is longer than it should be.
    DuplicateRows = 10,
    /// The vendor's other spellings of the same answer.
    OddFields = 11,
    /// `queryDoneTaskPhones` as if `index` had not been sent.
    IgnoreIndex = 12,
}

impl Fault {
    /// Of these a request meets one at most: there is only one way not to get the answer. The
    /// others change an answer and go together.
    fn fails(self) -> bool {
        match self {
            Self::Network
            | Self::Timeout
            | Self::Http500
            | Self::Http429
            | Self::Html200
            | Self::Truncated
            | Self::Empty
            | Self::Vendor500
            | Self::ClockSkew => true,
            Self::ShiftRows | Self::DuplicateRows | Self::OddFields | Self::IgnoreIndex => false,
        }
    }
}

/// One of the vendor's five endpoints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Endpoint {
    /// `GET getTasks`
    GetTasks,
    /// `GET getTaskDetail`
    GetTaskDetail,
    /// `POST queryDoneTaskPhones`
    QueryDoneTaskPhones,
    /// `POST notDialedCustomerList`
    NotDialedCustomerList,
    /// `GET phoneLogInfo`
    PhoneLogInfo,
}

impl Endpoint {
    /// The endpoint that a request asks; a preflight asks none.
    pub(crate) fn of(request: &Request) -> Option<Self> {
        let (_, name) = request.path().rsplit_once("/openapi/v1/task/")?;
        match name {
            _ if request.method == "OPTIONS" => None,
            "getTasks" => Some(Self::GetTasks),
            "getTaskDetail" => Some(Self::GetTaskDetail),
            "queryDoneTaskPhones" => Some(Self::QueryDoneTaskPhones),
            "notDialedCustomerList" => Some(Self::NotDialedCustomerList),
            "phoneLogInfo" => Some(Self::PhoneLogInfo),
            _ => None,
        }
    }

    fn has_pages(self) -> bool {
        !matches!(self, Self::GetTaskDetail | Self::PhoneLogInfo)
    }
}

/// A fault that is to happen to certain requests.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rule {
    /// What happens.
    pub fault: Fault,
    /// To requests of this endpoint only.
    #[serde(default)]
    pub endpoint: Option<Endpoint>,
    /// To requests of this page only, from 1. A request that names none asks for the first.
    #[serde(default)]
    pub page_num: Option<u32>,
    /// To this one of the requests that fit, from 1; without it to all.
    #[serde(default)]
    pub nth: Option<u32>,
}

impl Rule {
    /// `place` is what the rule is called in the error.
    fn check(&self, place: &str) -> Result<(), OptionsError> {
        let refuse = |text: &str| Err(OptionsError(format!("{place}{text}")));
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

    fn fits(&self, endpoint: Endpoint, request: &Request) -> bool {
        self.endpoint.is_none_or(|wanted| wanted == endpoint)
            && self.page_num.is_none_or(|wanted| {
                endpoint.has_pages() && page_number(request) == Some(wanted.into())
            })
    }
}

/// Probabilities are counted in these, so that their sums are exact.
const WHOLE: u32 = 1_000_000_000;

/// What goes wrong in a sandbox, and how many requests have been asked of it.
pub(crate) struct Faults {
    seed: u64,
    /// Billionths, in the order of the faults.
    chances: Vec<(Fault, u32)>,
    /// With the number of requests that have fitted so far.
    rules: Vec<(Rule, AtomicU64)>,
    /// How many of them are the script's; those after it were added.
    scripted: usize,
    asked: AtomicU64,
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
                return Err(OptionsError(format!("faults.{} must be from 0 to 1", name(fault))));
            }
            // Between 0 and a billion: the cast rounds, and loses nothing else.
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let chance = (probability * f64::from(WHOLE)).round() as u32;
            failures += u64::from(if fault.fails() { chance } else { 0 });
            chances.push((fault, chance));
        }
        if failures > u64::from(WHOLE) {
            let text = "faults must add up to at most 1, less shiftRows, duplicateRows, oddFields \
                        and ignoreIndex: only one of the others can happen to a request";
            return Err(OptionsError(text.into()));
        }
        for (place, rule) in script.iter().enumerate() {
            rule.check(&format!("script[{place}]"))?;
        }
        let rules = script.iter().map(|rule| (rule.clone(), AtomicU64::new(0))).collect();
        Ok(Self { seed, chances, rules, scripted: script.len(), asked: AtomicU64::new(0) })
    }

    /// As if nothing had been asked, nor added.
    pub(crate) fn reset(&mut self) {
        self.rules.truncate(self.scripted);
        self.rules.iter_mut().for_each(|(_, fitted)| *fitted.get_mut() = 0);
        *self.asked.get_mut() = 0;
    }

    /// One more rule, which counts from now on.
    pub(crate) fn add(&mut self, rule: Rule) -> Result<(), OptionsError> {
        rule.check("rule")?;
        self.rules.push((rule, AtomicU64::new(0)));
        Ok(())
    }

    /// Counts a request and says what happens to it. Where a rule applies, chance has no say. What
    /// chance says depends on the request's number only, so that a rule more or less moves nothing.
    pub(crate) fn meet(&self, request: &Request) -> AppliedFault {
        let Some(endpoint) = Endpoint::of(request) else { return AppliedFault::default() };
        let mut met =
            AppliedFault { draws: (self.seed, next(&self.asked)), ..AppliedFault::default() };
        for (rule, fitted) in &self.rules {
            if rule.fits(endpoint, request) {
                let fitted = next(fitted);
                if rule.nth.is_none_or(|nth| fitted == u64::from(nth)) {
                    met.add(rule.fault);
                }
            }
        }
        if met.is_nothing() {
            self.draw(&mut met);
        }
        met
    }

    /// Those that fail share one draw, each with a stretch of its own, of which the first that it falls
    /// into counts; the others have one each.
    fn draw(&self, met: &mut AppliedFault) {
        let mut left = met.draw(0).below(WHOLE);
        for &(fault, chance) in &self.chances {
            if !fault.fails() {
                if met.draw(fault as u64).below(WHOLE) < chance {
                    met.add(fault);
                }
            } else if left < chance {
                met.add(fault);
            } else {
                left -= chance;
            }
        }
    }
}

/// Counts one more.
fn next(count: &AtomicU64) -> u64 {
    count.fetch_add(1, Relaxed) + 1
}

/// The name in options, which is the variant's with a small initial.
fn name(fault: Fault) -> String {
    let name = format!("{fault:?}");
    let initial = name.chars().take(1).map(|initial| initial.to_ascii_lowercase());
    initial.chain(name.chars().skip(1)).collect()
}

/// What happens to one request.
#[derive(Default)]
pub(crate) struct AppliedFault {
    pub failure: Option<Fault>,
    changes: Vec<Fault>,
    /// The seed and the request's number.
    draws: (u64, u64),
}

impl AppliedFault {
    /// Of several failures the first happens.
    fn add(&mut self, fault: Fault) {
        if fault.fails() {
            self.failure = self.failure.or(Some(fault));
        } else {
            self.changes.push(fault);
        }
    }

    fn is_nothing(&self) -> bool {
        self.failure.is_none() && self.changes.is_empty()
    }

    pub(crate) fn changes(&self, fault: Fault) -> bool {
        self.changes.contains(&fault)
    }

    /// Chance for this request, a stream for each purpose.
    pub(crate) fn draw(&self, purpose: u64) -> Rng {
        let (seed, number) = self.draws;
        Rng::new(seed, Stream::Fault, number, purpose)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_has_the_name_that_options_have() {
        for text in ["network", "http500", "clockSkew", "ignoreIndex"] {
            let fault: Fault = serde_json::from_value(text.into()).unwrap();
            assert_eq!(name(fault), text);
        }
    }

    fn met(faults: &Faults) -> (Option<Fault>, Vec<Fault>) {
        let met = faults.meet(&Request::get("/openapi/v1/task/getTasks"));
        (met.failure, met.changes)
    }

    #[test]
    fn each_comes_about_as_often_as_it_should_whatever_else_does() {
        use Fault::{Empty, Network, OddFields, ShiftRows, Timeout};
        let wanted =
            [(Network, 0.2), (Timeout, 0.05), (Empty, 0.7), (ShiftRows, 0.5), (OddFields, 1.0)];
        let faults = Faults::new(1, &BTreeMap::from(wanted), &[]).unwrap();
        let all: Vec<_> = (0..20_000).map(|_| met(&faults)).collect();
        for (fault, probability) in wanted {
            let times = all
                .iter()
                .filter(|(failure, changes)| *failure == Some(fault) || changes.contains(&fault));
            let share = f64::from(u32::try_from(times.count()).unwrap()) / 20_000.0;
            assert!((share - probability).abs() < 0.01, "{fault:?}: {share}");
        }
    }

    #[test]
    fn all_or_nothing_are_probabilities() {
        let never = Faults::new(1, &BTreeMap::from([(Fault::Empty, 0.0)]), &[]).unwrap();
        assert!((0..1000).all(|_| met(&never).0.is_none()));
        let tenths = [Fault::Network, Fault::Timeout, Fault::Http500].map(|fault| (fault, 0.1));
        let rest = [(Fault::Http429, 0.6), (Fault::Empty, 0.1)];
        let all = tenths.into_iter().chain(rest).collect();
        let always = Faults::new(1, &all, &[]).unwrap();
        assert!((0..1000).all(|_| met(&always).0.is_some()));
    }

    #[test]
    fn a_rule_moves_nothing_that_chance_says_of_other_requests() {
        let half = BTreeMap::from([(Fault::Empty, 0.5), (Fault::OddFields, 0.5)]);
        let rule = Rule { fault: Fault::Timeout, endpoint: None, page_num: None, nth: Some(3) };
        let all = |script: &[Rule]| {
            let faults = Faults::new(9, &half, script).unwrap();
            (0..50).map(|_| met(&faults)).collect::<Vec<_>>()
        };
        let (with, without) = (all(&[rule]), all(&[]));
        assert_eq!(with[2], (Some(Fault::Timeout), vec![]));
        assert_eq!((&with[..2], &with[3..]), (&without[..2], &without[3..]));
    }
}
