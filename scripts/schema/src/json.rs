//! Writes `pkg/src/generated/schema.json`: names and words of all tables, for tests and checks.

use byrobot_calls::schema::{CodeTable, ENDPOINTS, Effect, Metric, envelope, models, page};

pub(crate) fn all() -> String {
    let models = models().into_iter().map(|model| {
        let fields = model.fields.iter().map(|field| {
            let names = field.alias.into_iter().chain([field.wire, field.name]);
            let title = field.title.map_or_else(String::new, |title| {
                format!(", \"zh\": {:?}, \"en\": {:?}", title.zh, title.en)
            });
            format!(
                "{{ \"name\": {:?}, \"wire\": [{}]{title} }}",
                field.name,
                crate::strings(names)
            )
        });
        format!("{:?}: {}", model.name, list(fields))
    });
    let endpoints = ENDPOINTS.iter().map(|endpoint| {
        let parameters = endpoint.parameters.iter().map(|parameter| parameter.name);
        format!("{:?}: [{}]", endpoint.name, crate::strings(parameters))
    });
    let codes = CodeTable::ALL.iter().map(|(name, table)| {
        let codes = table.codes().iter().map(|code| {
            let (constant, zh, en) = (code.constant, code.label.zh, code.label.en);
            let unusable = code.effect.is_some_and(Effect::is_unusable);
            format!("{{ \"code\": {:?}, \"constant\": {constant:?}, \"zh\": {zh:?}, \"en\": {en:?}, \"unusable\": {unusable} }}", code.code)
        });
        format!("{name:?}: {}", list(codes))
    });
    let metrics = Metric::ALL.iter().map(|metric| {
        let docs = metric.docs();
        let words = [docs.title, docs.formula, docs.note];
        format!(
            "{{ \"id\": {:?}, \"unit\": {:?}, \"nullFor\": {:?}, \"zh\": [{}], \"en\": [{}] }}",
            docs.id,
            docs.unit,
            docs.null_for,
            crate::strings(words.map(|words| words.zh)),
            crate::strings(words.map(|words| words.en)),
        )
    });
    let around = [page::NUMBER, page::SIZE, page::TOTAL, page::PAGES, page::ROWS];
    let envelope = [envelope::CODE, envelope::DATA, envelope::MESSAGE, envelope::STACK_TRACE];
    format!(
        "{{ \"models\": {}, \"endpoints\": {}, \"codes\": {}, \"metrics\": {}, \"around\": [{}] }}\n",
        object(models),
        object(endpoints),
        object(codes),
        list(metrics),
        crate::strings(around.into_iter().chain(envelope)),
    )
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("[\n{}\n]", items.collect::<Vec<_>>().join(",\n"))
}

fn object(members: impl Iterator<Item = String>) -> String {
    format!("{{\n{}\n}}", members.collect::<Vec<_>>().join(",\n"))
}
