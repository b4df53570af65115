//! The tables of the schema against each other.

use std::collections::BTreeSet;

use byrobot_calls::compute::{ChartResult, ChartSpec, Measured, StatisticsOptions, View};
use byrobot_calls::schema::{
    AnswerShape, ENDPOINTS, FieldKind, Holds, MODELS, Measure, Metric, ParameterKind, Presence,
};
use byrobot_calls::table::Table;

#[test]
fn what_a_field_holds_fits_how_it_is_spelt() {
    for (model, field) in
        MODELS.iter().flat_map(|model| model.fields.iter().map(|field| (model.name, field)))
    {
        let fits = match field.kind {
            FieldKind::Id | FieldKind::OptionalId => field.holds == Holds::Id,
            FieldKind::Integer => {
                matches!(field.holds, Holds::Count | Holds::Code(_) | Holds::Money)
            }
            FieldKind::Flag => field.holds == Holds::Code(None),
            FieldKind::Seconds | FieldKind::Counts | FieldKind::Stats => {
                field.holds == Holds::Count
            }
            FieldKind::WallTime | FieldKind::EpochMs => field.holds == Holds::Instant,
            FieldKind::NamedValues => field.holds == Holds::Speech,
            FieldKind::Text
            | FieldKind::OptionalText
            | FieldKind::Raw
            | FieldKind::ResultDefinitions
            | FieldKind::List(_)
            | FieldKind::OptionalList(_)
            | FieldKind::Object(_)
            | FieldKind::ObjectOrEmpty(_) => field.holds != Holds::Money,
        };
        assert!(fits, "{model}.{} holds {:?}", field.name, field.holds);
        let named = field.name.to_ascii_lowercase();
        let may_be_private =
            ["telephone", "phone", "mobile"].iter().any(|part| named.ends_with(part));
        if may_be_private && !matches!(field.kind, FieldKind::List(_) | FieldKind::OptionalList(_))
        {
            assert!(matches!(field.holds, Holds::Phone | Holds::Line), "{model}.{}", field.name);
        }
    }
}

#[test]
fn every_model_is_listed_once() {
    let names: BTreeSet<&str> = MODELS.iter().map(|model| model.name).collect();
    assert_eq!(names.len(), MODELS.len());
    for field in MODELS.iter().flat_map(|model| model.fields) {
        if let FieldKind::List(below)
        | FieldKind::OptionalList(below)
        | FieldKind::Object(below)
        | FieldKind::ObjectOrEmpty(below) = field.kind
        {
            assert!(names.contains(below.name), "{}", below.name);
        }
    }
}

#[test]
fn every_list_has_a_page_a_size_and_rows_with_an_id() {
    for endpoint in ENDPOINTS {
        let has = |is: fn(ParameterKind) -> bool| {
            endpoint.parameters.iter().filter(|parameter| is(parameter.kind)).count()
        };
        let pages = has(|kind| kind == ParameterKind::Page);
        let sizes = has(|kind| matches!(kind, ParameterKind::PageSize(50..)));
        let expected = usize::from(matches!(endpoint.answer, AnswerShape::Page(_)));
        assert_eq!((pages, sizes), (expected, expected), "{}", endpoint.name);
        if let AnswerShape::Page(model) = endpoint.answer {
            let first = &model.fields[0];
            assert_eq!(first.presence, Presence::Required, "{}", endpoint.name);
            assert!(!endpoint.docs.pages.is_empty(), "{}", endpoint.name);
        }
        for parameter in endpoint.parameters {
            if let ParameterKind::Least(greatest) = parameter.kind {
                let other = endpoint.parameters.iter().find(|other| other.name == greatest);
                assert_eq!(other.unwrap().kind, ParameterKind::Greatest);
            }
        }
    }
}

#[test]
fn every_metric_is_measured_as_the_schema_says() {
    let nothing =
        View::of(&Table::default()).evaluate(ChartSpec::Statistics(StatisticsOptions::default()));
    let ChartResult::Statistics(statistics) = nothing else { panic!("{nothing:?}") };
    for metric in Metric::ALL {
        let measure = match statistics.measured(*metric) {
            Measured::Number(_) => Measure::Number,
            Measured::NumberOrNull(_) => Measure::NumberOrNull,
            Measured::ByCode(_) => Measure::ByCode,
            Measured::Quantiles(_) => Measure::Quantiles,
            Measured::ByLevel(_) => Measure::ByLevel,
            Measured::ByField(_) => Measure::ByField,
        };
        assert_eq!(measure, metric.measure(), "{metric:?}");
        let docs = metric.docs();
        let is_null = !docs.null_for.is_empty();
        assert_eq!(is_null, measure == Measure::NumberOrNull, "{metric:?}");
    }
}
