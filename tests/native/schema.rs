//! The tables of the schema are consistent with each other.

use std::collections::BTreeSet;

use byrobot_calls::schema::{
    AnswerShape, ENDPOINTS, FieldKind, Holds, Measure, Metric, ParameterKind, Presence, models,
};

#[test]
fn the_privacy_class_of_every_field_fits_its_kind() {
    for (model, field) in
        models().into_iter().flat_map(|model| model.fields.iter().map(|field| (model.name, field)))
    {
        let fits = match field.kind {
            FieldKind::Id | FieldKind::OptionalId => field.holds == Holds::Id,
            FieldKind::Integer => {
                matches!(field.holds, Holds::Count | Holds::Code(_) | Holds::Money | Holds::Line)
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
        let name = field.name.to_ascii_lowercase();
        let names_a_number =
            ["telephone", "phone", "mobile"].iter().any(|part| name.ends_with(part));
        if names_a_number && !matches!(field.kind, FieldKind::List(_) | FieldKind::OptionalList(_))
        {
            assert!(matches!(field.holds, Holds::Phone | Holds::Line), "{model}.{}", field.name);
        }
    }
}

#[test]
fn every_model_has_a_name_of_its_own() {
    let models = models();
    let names: BTreeSet<&str> = models.iter().map(|model| model.name).collect();
    assert_eq!(names.len(), models.len());
    for nested in ["TaskDetail", "CallerPhone", "TranscriptLine"] {
        assert!(names.contains(nested), "{nested}");
    }
}

#[test]
fn every_endpoint_with_pages_has_a_page_number_a_page_size_and_rows_with_an_id() {
    for endpoint in ENDPOINTS {
        let count = |is: fn(ParameterKind) -> bool| {
            endpoint.parameters.iter().filter(|parameter| is(parameter.kind)).count()
        };
        let pages = count(|kind| kind == ParameterKind::Page);
        let sizes = count(|kind| matches!(kind, ParameterKind::PageSize(50..)));
        let expected = usize::from(matches!(endpoint.answer, AnswerShape::Page(_)));
        assert_eq!((pages, sizes), (expected, expected), "{}", endpoint.name);
        if let AnswerShape::Page(model) = endpoint.answer {
            let first = &model.fields[0];
            assert_eq!(first.presence, Presence::Required, "{}", endpoint.name);
        }
        for parameter in endpoint.parameters {
            if let ParameterKind::Least(greatest) = parameter.kind {
                let upper = endpoint.parameters.iter().find(|upper| upper.name == greatest);
                assert_eq!(upper.unwrap().kind, ParameterKind::Greatest);
            }
        }
    }
}

/// That each metric has the measure of the schema is a debug assertion of the statistics.
#[test]
fn a_metric_has_a_rule_for_null_if_it_may_be_null() {
    for metric in Metric::ALL {
        let is_null = !metric.docs().null_for.is_empty();
        assert_eq!(is_null, metric.measure() == Measure::NumberOrNull, "{metric:?}");
    }
}

/// A renaming of types once changed the title "Answer rate".
#[test]
fn no_title_of_a_metric_contains_the_name_of_a_type() {
    for metric in Metric::ALL {
        let title = metric.docs().title.en;
        let mut pairs = title.chars().zip(title.chars().skip(1));
        let is_camel_case = pairs.any(|(one, next)| one.is_lowercase() && next.is_uppercase());
        assert!(!is_camel_case, "{metric:?}: {title}");
    }
}
