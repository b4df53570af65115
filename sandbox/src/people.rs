//! Customers and lines. Names are random combinations of common names. Numbers have the format of Chinese numbers, with
//! a block of zeros that marks them as invented.

use crate::rng::{Rng, Stream};

const SURNAMES: [&str; 40] = [
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林",
    "何", "郭", "马", "罗", "梁", "宋", "郑", "谢", "韩", "唐", "冯", "于", "董", "萧", "程", "曹",
    "袁", "邓", "许", "傅", "沈", "曾", "彭", "欧阳",
];
const WOMEN: [&str; 24] = [
    "芳", "娜", "敏", "静", "丽", "艳", "娟", "霞", "秀英", "桂兰", "玉梅", "婷婷", "雪", "慧",
    "莉", "倩", "欣怡", "梓涵", "雨桐", "佳琪", "晓燕", "红梅", "淑珍", "思颖",
];
const MEN: [&str; 24] = [
    "伟", "强", "磊", "军", "洋", "勇", "杰", "涛", "明", "超", "建国", "志强", "浩然", "子轩",
    "宇航", "鹏", "国强", "文博", "海涛", "俊杰", "永刚", "晨", "立新", "家豪",
];
const PREFIXES: [&str; 30] = [
    "130", "131", "132", "133", "135", "136", "137", "138", "139", "150", "151", "152", "153",
    "155", "156", "157", "158", "159", "170", "173", "176", "177", "178", "180", "182", "185",
    "186", "187", "188", "189",
];
/// Number of possible telephone numbers. A list up to this length has no duplicates.
pub(crate) const NUMBERS: u32 = 300_000;
/// Coprime to `NUMBERS`, so that multiplying by it permutes them.
const STRIDE: u64 = 161_803;

/// The customer behind a telephone number.
pub(crate) struct Customer {
    pub name: String,
    /// Form of address, `王先生`.
    pub address: String,
    pub telephone: String,
    pub id: u64,
}

/// The customer at `position` in a task's list.
pub(crate) fn customer(seed: u64, task_id: u64, call_instance_id: u64, position: u32) -> Customer {
    let mut draw = Rng::new(seed, Stream::Number, call_instance_id, 1);
    let surname = draw.pick(&SURNAMES);
    let (given, title) =
        if draw.chance(480) { (draw.pick(&WOMEN), "女士") } else { (draw.pick(&MEN), "先生") };
    let address = format!("{surname}{title}");
    // Some lists contain only the form of address.
    let name = if draw.chance(120) { address.clone() } else { format!("{surname}{given}") };
    let offset = Rng::new(seed, Stream::Number, task_id, 2).below(NUMBERS);
    let number = (u64::from(position) * STRIDE + u64::from(offset)) % u64::from(NUMBERS);
    let prefix = usize::try_from(number / 10_000).ok().and_then(|at| PREFIXES.get(at).copied());
    let telephone = format!("{}0000{:04}", prefix.unwrap_or("139"), number % 10_000);
    Customer { name, address, telephone, id: call_instance_id % 1_000_000_000 }
}

/// A line the company calls from.
#[derive(Debug)]
pub(crate) struct Line {
    pub user_phone_id: u64,
    pub phone: &'static str,
    pub name: &'static str,
    /// Answer rate of calls from this line, in thousandths of the average.
    pub quality: u32,
}

/// The company's lines, best first. The last has the worst reputation.
pub(crate) const LINES: [Line; 6] = [
    Line { user_phone_id: 31, phone: "057100000118", name: "杭州固话一线", quality: 1150 },
    Line { user_phone_id: 32, phone: "057100000126", name: "杭州固话二线", quality: 1080 },
    Line { user_phone_id: 35, phone: "02100000233", name: "上海固话", quality: 1000 },
    Line { user_phone_id: 41, phone: "18000000901", name: "移动号码一", quality: 960 },
    Line { user_phone_id: 42, phone: "18000000902", name: "移动号码二", quality: 840 },
    Line { user_phone_id: 57, phone: "17000000077", name: "虚拟号码", quality: 620 },
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_numbers_of_a_task_are_distinct_and_contain_four_zeros() {
        let numbers: HashSet<String> = (0..NUMBERS)
            .map(|position| customer(1, 66, u64::from(position), position).telephone)
            .collect();
        assert_eq!(numbers.len(), NUMBERS as usize);
        assert!(numbers.iter().all(|number| number.len() == 11 && &number[3..7] == "0000"));
    }
}
