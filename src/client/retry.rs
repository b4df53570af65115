//! Whether and when to try again: a decision, not a loop.

use crate::error::{Error, ErrorKind};

/// How often and how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Attempts in all, at least 1.
    pub attempts: u32,
    /// Longest wait before the second attempt; doubles with each further one.
    pub min_delay_ms: u32,
    /// Longest wait of all.
    pub max_delay_ms: u32,
    /// Longest `Retry-After` obeyed; a longer one is cut to this.
    pub max_retry_after_ms: u32,
}

impl Default for Policy {
    fn default() -> Self {
        Self { attempts: 3, min_delay_ms: 500, max_delay_ms: 10_000, max_retry_after_ms: 60_000 }
    }
}

impl Policy {
    /// Milliseconds that the server asked to wait, as far as they are obeyed.
    #[must_use]
    pub fn asked(&self, error: &Error) -> Option<u32> {
        let asked = u32::try_from(error.retry_after_ms?.max(0)).unwrap_or(u32::MAX);
        Some(asked.min(self.max_retry_after_ms))
    }
}

/// Milliseconds to wait before the next attempt, or `None` to give up.
///
/// `attempt` is the number of the one that failed, from 1; `random` is uniform in [0, 1). The wait
/// is what the server asked for, or else anywhere between 0 and a bound that doubles (full jitter:
/// many pages that failed together do not come back together). A clock that is off is tried once
/// more and at once, because fresh headers are its cure.
#[must_use]
pub fn decide(
    policy: &Policy,
    attempt: u32,
    error: &Error,
    clock_was_off: bool,
    random: f64,
) -> Option<u32> {
    if attempt >= policy.attempts {
        return None;
    }
    match error.kind {
        ErrorKind::ClockSkew => return (!clock_was_off).then_some(0),
        ErrorKind::Network | ErrorKind::Timeout | ErrorKind::RateLimited | ErrorKind::Server => {}
        _ => return None,
    }
    if let Some(asked) = policy.asked(error) {
        return Some(asked);
    }
    let doubled = 1_u32.checked_shl(attempt - 1).unwrap_or(u32::MAX);
    let bound = policy.min_delay_ms.saturating_mul(doubled).min(policy.max_delay_ms);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 ≤ random < 1")]
    Some((f64::from(bound) * random) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(kind: ErrorKind, attempt: u32, random: f64) -> Option<u32> {
        decide(&Policy::default(), attempt, &Error::new(kind, ""), false, random)
    }

    #[test]
    fn only_what_may_pass_is_tried_again() {
        for kind in ErrorKind::ALL {
            let again = matches!(
                kind,
                ErrorKind::Network
                    | ErrorKind::Timeout
                    | ErrorKind::RateLimited
                    | ErrorKind::Server
                    | ErrorKind::ClockSkew
            );
            assert_eq!(after(kind, 1, 0.5).is_some(), again, "{kind:?}");
            assert!(!again || kind.is_retryable(), "{kind:?}");
            assert_eq!(after(kind, 3, 0.5), None, "{kind:?}");
        }
    }

    #[test]
    fn waits_are_full_jitter_below_a_doubling_bound() {
        assert_eq!(after(ErrorKind::Network, 1, 0.0), Some(0));
        assert_eq!(after(ErrorKind::Network, 1, 0.999_999), Some(499));
        assert_eq!(after(ErrorKind::Network, 2, 0.999_999), Some(999));
        let patient = Policy { attempts: 100, ..Policy::default() };
        let error = Error::new(ErrorKind::Server, "");
        assert_eq!(decide(&patient, 60, &error, false, 0.5), Some(5000));
    }

    #[test]
    fn the_server_may_ask_for_a_wait_up_to_a_limit() {
        let asks = |ms| {
            Error::new(ErrorKind::RateLimited, "").with(|error| error.retry_after_ms = Some(ms))
        };
        let wait = |ms| decide(&Policy::default(), 1, &asks(ms), false, 0.5);
        assert_eq!(wait(1000), Some(1000));
        assert_eq!(wait(0), Some(0));
        assert_eq!(wait(-5), Some(0));
        assert_eq!(wait(86_400_000), Some(60_000));
        assert_eq!(wait(i64::MAX), Some(60_000));
    }

    #[test]
    fn a_clock_that_is_off_gets_one_more_chance() {
        let error = Error::new(ErrorKind::ClockSkew, "");
        let many = Policy { attempts: 9, ..Policy::default() };
        assert_eq!(decide(&many, 1, &error, false, 0.9), Some(0));
        assert_eq!(decide(&many, 2, &error, true, 0.9), None);
    }
}
