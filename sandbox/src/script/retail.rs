//! Script for retail: announcements of a sale to members.

use super::{Question, Script, Verdict};

pub(super) const MEMBER_DAY: Script = Script {
    robot: "会员营销",
    scene: "会员日活动通知",
    record: "会员日活动通知版(小美)",
    job_names: &["会员日活动通知", "生日礼券到期提醒", "沉睡会员唤醒"],
    answer_permille: 340,
    opening: "{称呼}您好，这里是会员服务中心，您账户里有一张一百元的会员礼券快到期了，特地提醒您一下。",
    steps: &[
        "这个周末是会员日，全场满三百减一百，还可以叠加您的礼券，您有计划过来逛逛吗？",
        "好的，到店出示手机号就可以使用，我帮您把活动短信发过来可以吗？",
    ],
    agreements: &[
        &["哦，好的。", "是吗，我看一下。"],
        &["行，我周末去看看。", "有计划，正好要买东西。"],
        &["可以，你发吧。", "好的，谢谢。"],
    ],
    questions: &[
        Question {
            topic: "使用规则",
            asks: &["怎么用？", "网上能用吗？"],
            answer: "门店和小程序都可以使用，结算的时候报手机号就会自动抵扣。",
        },
        Question {
            topic: "有效期",
            asks: &["什么时候到期？", "可以延期吗？"],
            answer: "礼券到这个月月底，会员日使用的话还可以再返一张给您。",
        },
        Question {
            topic: "积分兑换",
            asks: &["我的积分还有多少？", "积分能换什么？"],
            answer: "您的积分可以在小程序里查看，会员日当天积分可以双倍兑换礼品。",
        },
        Question {
            topic: "门店位置",
            asks: &["哪个店可以用？", "城北那家还开着吗？"],
            answer: "全市的门店都可以使用，离您最近的门店地址会在短信里一起发给您。",
        },
    ],
    unanswerable: "积分过期了还能换吗？",
    refusals: &["不需要。", "别发短信了。", "我不是你们会员。", "没兴趣。"],
    persuasion: "礼券不用就作废了，挺可惜的，我先把短信发给您，您有空的时候看一下可以吗？",
    won: "好的，短信已经发送，祝您购物愉快，再见。",
    lost: "好的，不打扰您了，祝您生活愉快，再见。",
    topics: Some("客户关注点"),
    verdict: Some(Verdict {
        name: "参与意向",
        values: &["愿意参与", "不确定", "不参与"],
        refusal_counts: true,
    }),
    books: false,
};
