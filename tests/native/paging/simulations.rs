//! Ten thousand simulations of a synchronisation: lists that change at different rates, failing requests,
//! interruptions at any moment, restarts from the last snapshot. In each, the table finally equals the list.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use byrobot_calls::client::{Backoff, BaseUrl, Client, Policy, Semaphore, Settings};
use byrobot_calls::error::Result;
use byrobot_calls::json::Value;
use byrobot_calls::paging::{Mode, Sync, SyncOptions, SyncReport};
use byrobot_calls::request::Query;
use byrobot_calls::table::Table;
use serde_json::json;

use super::vendor::{Activity, Behaviour, Network, Rng, Vendor};
use crate::harness::{FakeClock, Log, ScriptedCaller};

/// A simulated vendor, a client, and a table that is synchronised.
pub(crate) struct Simulation {
    pub(crate) clock: FakeClock,
    pub(crate) vendor: Rc<Vendor>,
    pub(crate) client: Client<Network, FakeClock>,
    pub(crate) table: RefCell<Table>,
    pub(crate) query: Query,
    pub(crate) settings: Settings,
    pub(crate) caller: ScriptedCaller,
    /// The last snapshot, as a store would keep it.
    pub(crate) saved: RefCell<Vec<u8>>,
}

pub(crate) const BY_PAGE: SyncOptions =
    SyncOptions { mode: Mode::Pages, full: false, concurrency: 1 };

impl Simulation {
    pub(crate) fn new(rows: u64, size: i64, seed: u64, behaviour: Behaviour) -> Self {
        let clock = FakeClock::at(1_700_000_000_000);
        let vendor = Vendor::new(rows, seed, behaviour, clock.clone());
        let base_url = BaseUrl::parse("https://robots.example").unwrap();
        let network = Network(Rc::clone(&vendor));
        let client = Client::new(base_url, network, clock.clone(), Semaphore::new(6));
        let patient = Policy { attempts: 30, ..Policy::default() };
        let settings =
            Settings { retry: patient, backoff: Some(Backoff::default()), ..Settings::default() };
        Self {
            clock,
            vendor,
            client,
            table: RefCell::default(),
            query: crate::query(
                "queryDoneTaskPhones",
                &json!({ "callJobId": 62, "pageSize": size }),
            )
            .unwrap(),
            settings,
            caller: ScriptedCaller { log: Rc::new(Log::default()), headers: RefCell::default() },
            saved: RefCell::default(),
        }
    }

    /// A synchronisation that saves a snapshot after every page and is interrupted after some steps.
    pub(crate) fn sync_for(
        &self,
        options: SyncOptions,
        steps: usize,
    ) -> Option<Result<SyncReport>> {
        let Simulation { client, settings, caller, table, query, .. } = self;
        let sync = Sync { client, settings, caller, table, query };
        let mut save = |_| drop(self.saved.replace(table.borrow().snapshot().unwrap()));
        let done = self.clock.run_for(sync.run(options, &mut save), steps);
        assert_eq!(self.vendor.in_flight.get(), 0, "a request goes on");
        assert_eq!(self.clock.timers(), 0, "a timer is left");
        done
    }

    pub(crate) fn sync(&self, options: SyncOptions) -> SyncReport {
        self.sync_for(options, usize::MAX).unwrap().unwrap()
    }

    /// Simulates a reload of the page: the table is restored from the last snapshot.
    pub(crate) fn reload(&self) {
        let saved = self.saved.borrow();
        let table =
            if saved.is_empty() { Table::default() } else { Table::restore(&saved).unwrap() };
        self.table.replace(table);
    }

    pub(crate) fn requests(&self) -> u64 {
        self.vendor.requested.borrow().len() as u64
    }

    /// Each call of the table with its version.
    pub(crate) fn state(&self) -> BTreeMap<i64, u64> {
        let table = self.table.borrow();
        let mut state = BTreeMap::new();
        for row in byrobot_calls::compute::View::of(&table).rows(0, usize::MAX, None) {
            let number = |name: &str| match row.get(name) {
                Some(Value::Int(number)) => *number,
                other => panic!("{name}: {other:?}"),
            };
            let version = u64::try_from(number("duration")).unwrap();
            assert_eq!(state.insert(number("callInstanceId"), version), None, "doubled");
        }
        state
    }
}

/// Checks that after a complete synchronisation no listed call is missing.
fn check_report(simulation: &Simulation, report: SyncReport) {
    if report.complete {
        let state = simulation.state();
        let missing: Vec<_> = simulation
            .vendor
            .listed_since_head
            .borrow()
            .iter()
            .filter(|id| !state.contains_key(id))
            .copied()
            .collect();
        assert!(
            missing.is_empty(),
            "lost {missing:?} of {}",
            simulation.vendor.listed_since_head.borrow().len()
        );
    }
}

fn run_simulation(seed: u64, concurrency: usize, activity: impl Fn(&Rng) -> Activity) {
    let rng = Rng::new(seed + 77);
    let size = 2 + rng.below(8);
    let behaviour = Behaviour { has_total: !rng.one_in(8), ..Behaviour::default() };
    let simulation = Simulation::new(rng.below(80), size.try_into().unwrap(), seed, behaviour);
    let mut edited = false;
    for _ in 0..rng.below(5) {
        // Calls enter more slowly than they can be read.
        let mut activity = Activity { most: size.div_ceil(3), ..activity(&rng) };
        if !behaviour.has_total {
            (activity.moves, activity.redials) = (0, 0);
        }
        simulation.vendor.activity.set(activity);
        edited |= activity.edits > 0;
        let options = SyncOptions { full: rng.one_in(6), concurrency, ..BY_PAGE };
        let steps = if rng.one_in(2) { usize::MAX } else { rng.below(60).try_into().unwrap() };
        match simulation.sync_for(options, steps) {
            Some(Ok(report)) => check_report(&simulation, report),
            Some(Err(error)) => assert_eq!(error.kind.code(), "paging_unstable", "{error:?}"),
            None if rng.one_in(2) => simulation.reload(),
            None => {}
        }
    }
    // The list no longer changes.
    simulation.vendor.return_all();
    simulation.vendor.activity.set(Activity { faults: 9, ..Activity::default() });
    let report = simulation.sync(SyncOptions { concurrency, ..BY_PAGE });
    assert!(report.complete);
    let (table, vendor) = (simulation.state(), simulation.vendor.state());
    assert!(table.keys().eq(vendor.keys()), "lost or invented:\n{table:?}\n{vendor:?}");
    if !edited {
        assert_eq!(table, vendor);
    }
    // A second synchronisation finds nothing with few requests. A full one finds every edit.
    let before = simulation.requests();
    simulation.vendor.activity.set(Activity::default());
    let again = simulation.sync(BY_PAGE);
    if behaviour.has_total {
        assert!(
            simulation.requests() - before <= 3,
            "{} requests for nothing",
            simulation.requests() - before
        );
    }
    assert_eq!((again.added, again.complete), (0, true));
    let full = simulation.sync(SyncOptions { full: true, concurrency, ..BY_PAGE });
    assert!(full.complete);
    assert_eq!(simulation.state(), simulation.vendor.state());
}

fn run_simulations(
    count: u64,
    concurrency: usize,
    activity: impl Fn(&Rng) -> Activity + Copy + std::panic::RefUnwindSafe,
) {
    for seed in 0..count {
        let run = std::panic::catch_unwind(|| run_simulation(seed, concurrency, activity));
        assert!(run.is_ok(), "simulation {seed}");
    }
}

#[test]
fn no_call_is_lost_while_calls_enter() {
    run_simulations(3000, 1, |rng| Activity {
        arrivals: 3 + rng.below(4),
        faults: 8,
        ..Activity::default()
    });
}

#[test]
fn no_call_is_lost_while_calls_are_redialled() {
    run_simulations(4000, 1, |rng| Activity {
        arrivals: [0, 3, 4, 6][usize::try_from(rng.below(4)).unwrap()],
        moves: rng.below(5),
        redials: rng.below(5),
        edits: if rng.one_in(3) { 3 } else { 0 },
        faults: [0, 4, 8, 12][usize::try_from(rng.below(4)).unwrap()],
        most: 0,
    });
}

#[test]
fn no_call_is_lost_with_several_requests_at_once() {
    run_simulations(4000, 4, |rng| Activity {
        arrivals: [0, 3, 4, 6][usize::try_from(rng.below(4)).unwrap()],
        moves: rng.below(8),
        redials: rng.below(8),
        edits: 0,
        faults: [0, 4, 8, 12][usize::try_from(rng.below(4)).unwrap()],
        most: 0,
    });
}

/// The minimum is the number of pages of all calls, including those that enter. Further requests: one for each call
/// that leaves, because the rows below it move up; the pages of the entering calls once more, because they push down
/// the rows that have been read; and two for each of at most four checks of the head.
#[test]
fn the_number_of_requests_stays_within_a_bound_of_the_minimum() {
    for seed in 0..2000 {
        let rng = Rng::new(seed + 5);
        let size = 5 + rng.below(20);
        let rows = rng.below(300);
        let simulation =
            Simulation::new(rows, size.try_into().unwrap(), seed, Behaviour::default());
        simulation.vendor.activity.set(Activity {
            arrivals: [0, 3, 5][usize::try_from(rng.below(3)).unwrap()],
            redials: [0, 0, 4, 8][usize::try_from(rng.below(4)).unwrap()],
            most: size.div_ceil(3),
            ..Activity::default()
        });
        let report = simulation.sync(BY_PAGE);
        let (entered, departed) =
            (simulation.vendor.entered.get(), simulation.vendor.departed.get());
        let minimum = (rows + entered).div_ceil(size);
        let requests = u64::from(report.requests);
        assert!(
            requests <= minimum + departed + entered.div_ceil(size) + 8,
            "simulation {seed}: {requests}"
        );
        assert!(entered + departed > 0 || requests <= minimum + 2, "simulation {seed}: {requests}");
        assert_eq!((report.restarts, report.complete), (0, true), "simulation {seed}");
    }
}
