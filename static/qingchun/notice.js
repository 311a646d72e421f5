// What was posted in the group, read by rules on the device: a day, a place, a number, a kind. Each is shown
// with the words it was found in, and nothing that somebody typed is written over. Nothing of it is sent.
(() => {
  const MOST = 10000, DIGITS = "零一二三四五六七八九", iso = (y, m, d) => `${y}-${String(m).padStart(2, "0")}-${String(d).padStart(2, "0")}`;
  const WIDE = { ",": "，", ":": "：", ";": "；" };
  const around = (text, at, size) => text.slice(Math.max(0, at - 6), at + size + 6).replace(/\s+/g, " ").replace(/[,:;]/g, (sign) => WIDE[sign]).replace(/^[，：；。、\s]+|[，：；、\s]+$/g, "");

  // 十二，二十三，廿三，初六，一百二十，两千
  function numberOf(words) {
    let all = 0, last = 0;
    for (const sign of words.replace("初", "").replace("廿", "二十").replace("两", "二").replace("元", "一").replace("正", "一")) {
      const unit = { 十: 10, 百: 100, 千: 1000 }[sign];
      if (unit) { all += (last || 1) * unit; last = 0; } else last = DIGITS.indexOf(sign);
    }
    return all + last;
  }

  // Days. Of a deadline and of a paper's own date it is not said that anything took place.
  const SOLAR = /(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})[日号]?|(\d{1,2})\s?月\s?(\d{1,2})(?:\s?[日号]|(?=[^\d]|$))|(元|[一二三四五六七八九十]{1,2})[月]([一二三四五六七八九十]{1,3})[日号]|(今天|今日|昨天|昨日|前天)/g;
  const LUNAR = /(正|腊|冬)[月](初[一二三四五六七八九十]|[一二三四五六七八九十廿]{1,3})|(除夕)|大[年](初[一二三四五六七八九十])/g;
  const ONLY_A_DAY = /(^|[^\d月年至到./-])(\d{1,2})[日号](?=上午|下午|晚|早|中午|[,。\s在于]|$)/g;
  const DOTTED = /(^|\n)(\s*)(\d{1,2})[./](\d{1,2})(?=\s|[\u4e00-\u9fff])/g;
  const ENDS = /(截至|截止|截止时间|报名时间|报名|有效期至?|至|到|》\()[:]?\s*$/, ENDED = /^\s*\)?(?:上午|下午|晚上?)?(?:\d{1,2}[点时:]\d{0,2}分?)?(前|之前|以前|截止|印发|发布|起报名)/;
  const SPOKEN = { 今天: 0, 今日: 0, 昨天: -1, 昨日: -1, 前天: -2 };

  function lunarDay(month, day, near) {
    const format = new Intl.DateTimeFormat("en-u-ca-chinese-nu-latn", { month: "numeric", day: "numeric", timeZone: "UTC" });
    for (let n = 0; n < 380; n += 1) {
      const one = new Date(near.getTime() - n * 864e5), parts = Object.fromEntries(format.formatToParts(one).map((p) => [p.type, p.value]));
      if (parts.month === String(month) && (day === null ? lastOfYear(format, one) : parts.day === String(day))) return one.toISOString().slice(0, 10);
    }
    return "";
  }
  const lastOfYear = (format, one) => format.formatToParts(new Date(one.getTime() + 864e5)).some((p) => p.type === "month" && p.value === "1");

  function daysIn(text, { today, from }) {
    const found = [], noon = new Date(`${today}T12:00:00Z`), year = Number(today.slice(0, 4));
    const add = (on, match, shift = 0) => {
      const at = match.index + shift, size = match[0].length - shift;
      if (on && !Number.isNaN(Date.parse(on)) && !ENDS.test(text.slice(Math.max(0, at - 8), at)) && !ENDED.test(text.slice(at + size, at + size + 8)))
        found.push({ value: on, at, quote: around(text, at, size) });
    };
    // Without a year it is of the edition, if one of them can be; else the nearest.
    const nearest = (m, d) => {
      const all = [year, year - 1, year + 1].map((y) => iso(y, m, d)).filter((on) => !Number.isNaN(Date.parse(on)));
      const far = (on) => Math.abs(Date.parse(on) - Date.parse(today));
      return all.find((on) => from <= on && on <= today) || all.sort((a, b) => far(a) - far(b))[0];
    };
    for (const match of text.matchAll(SOLAR)) {
      const [, y, m, d, month, day, wordMonth, wordDay, spoken] = match;
      if (y) add(iso(y, m, d), match);
      else if (month) add(nearest(month, day), match);
      else if (wordMonth) add(nearest(numberOf(wordMonth), numberOf(wordDay)), match);
      else { const then = new Date(noon); then.setUTCDate(then.getUTCDate() + SPOKEN[spoken]); add(then.toISOString().slice(0, 10), match); }
    }
    for (const match of text.matchAll(DOTTED)) add(nearest(match[3], match[4]), match, match[1].length + match[2].length);
    for (const match of text.matchAll(LUNAR)) {
      const month = { 正: 1, 冬: 11, 腊: 12 }[match[1]] || (match[3] ? 12 : 1);
      add(lunarDay(month, match[3] ? null : numberOf(match[2] || match[4]), noon), match);
    }
    for (const match of text.matchAll(ONLY_A_DAY)) {
      const day = Number(match[2]), back = day > Number(today.slice(8)) ? 1 : 0, then = new Date(Date.UTC(year, Number(today.slice(5, 7)) - 1 - back, day));
      if (then.getUTCDate() === day) add(then.toISOString().slice(0, 10), match, match[1].length);
    }
    return found.sort((a, b) => a.at - b.at);
  }

  // Places: what is called one, one where the unit was before, or somewhere that something was held at.
  const CALLED = /(?:地点|地址)\s*[:]\s*([^\n,。;!]{2,40})/, HELD = /(?:走进|来到|深入|前往|去了|在|赴|于|到)([^\n,。;、!"“”《》]{2,32}?)(?=(?:成功|顺利|隆重|组织|联合|集中|现场|统一|同步)*(?:举办|举行|召开|开展|设立|设点|设置|启动|进行|开讲|开课|慰问|走访|看望|摆放|张贴|播放|发放|接待|接站|为|,|。|\n|$))/g;
  const NO_PLACE = /期间|之际|前夕|之后|指导|支持|领导|带领|帮助|配合|下$|中$|上$|全[省市县区]|^外|年$|节$|假$|[!?]|电话|微信|大家|青年$|同志|学子$/;
  const A_PLACE = /(社区|村|街道|镇|乡|中心|馆|站|厅|室|广场|学校|中学|小学|大学|学院|公司|集团|园区?|基地|楼|院|之家|所|市场|集市|机场|景区|门口|点|超市|酒店|宾馆|礼堂|剧院|剧场|局|服务区|办事处|合作社|工厂|车间|窗口|服务台|大棚|公园|祠堂|敬老院|庙会|会场|影院|宫|书店|书房|客栈|饭店|商场|操场|体育场|县委|区委|市委|银行|医院)(?:\(.{1,10}\))?$/;
  // Or it stands alone between two signs, or holds the thing itself.
  const ALONE = /(?:^|[,。;\n\s:])([^\n,。;:、\s!]{1,18}(?:社区|村|街道|镇|乡|中心|馆|车站|厅|室|广场|学校|宫|[一二三四五六七八九\d]楼|公园|之家|礼堂|剧院|基地|合作社|创业园|办事处))(?=[,。;\n\s]|召开|举办|举行|开展|组织)/g;
  const WHEN = /^[\d年月日号上下午晚早时分点:.\s-]+(?:周.|星期.)?|^.*[在于]/;

  function placeIn(text, places) {
    const called = CALLED.exec(text);
    if (called) return { value: tidy(called[1]), quote: around(text, called.index, called[0].length) };
    const known = places.filter((one) => text.includes(one.normalize("NFKC"))).sort((a, b) => b.length - a.length)[0];
    if (known) return { value: known, quote: around(text, text.indexOf(known.normalize("NFKC")), known.length) };
    for (const match of text.matchAll(HELD)) {
      const words = match[1].replace(WHEN, "").replace(WHEN, "").trim();
      if (words.length > 1 && !NO_PLACE.test(words) && A_PLACE.test(words)) return { value: tidy(words), quote: around(text, match.index, match[0].length) };
    }
    for (const match of text.matchAll(ALONE)) {
      const words = match[1].replace(WHEN, "").trim();
      if (words.length > 1 && !NO_PLACE.test(words) && !/联合|组织|团委|^团/.test(words)) return { value: tidy(words), quote: around(text, match.index, match[0].length) };
    }
    return null;
  }
  const tidy = (words) => words.replace(/等地$|等$/, "").replace(/\(/g, "（").replace(/\)/g, "）").trim().slice(0, 60);

  // Numbers of people; of several the one that took part.
  const PEOPLE = /(\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?|[一二三四五六七八九十百千两]{1,7})\s*(万)?\s*(余|多|来|几)?\s*(人次|名|人|位)/g;
  const LABEL = /(?:人数|人次)\s*[:(]?[^\d\n,。]{0,4}(\d+)/, TOOK_PART = /参加|参与|到场|出席|吸引|受益|惠及|服务|报到|覆盖|接待|帮助/;
  const NOT_THEM = /^\s*(?:青年|优秀|爱心|团干部?)?.{0,3}(?:志愿者|工作人员|领导|嘉宾|专家|讲师|负责人|记者|创业代表|宣讲|主持|民警|社工|团干部)/, TO_COME = /拟|计划|招募|招收|名额|限额?|预计|不超过/;

  function peopleIn(text) {
    const label = LABEL.exec(text);
    if (label && Number(label[1]) <= 1e6) return { value: Number(label[1]), quote: around(text, label.index, label[0].length), about: false };
    let best = null;
    for (const match of text.matchAll(PEOPLE)) {
      const [whole, digits, ten, more, unit] = match, at = match.index, after = text.slice(at + whole.length, at + whole.length + 12);
      const number = (/\d/.test(digits) ? Number(digits.replace(/,/g, "")) : numberOf(digits)) * (ten ? 1e4 : 1);
      if (!Number.isInteger(number) || number < 1 || number > 1e6 || /^\s*(?:一|每|各)?$/.test(digits) || (digits === "一" && unit !== "人次")) continue;
      const begins = Math.max(...["。", ";", "\n", ","].map((sign) => text.lastIndexOf(sign, at))) + 1;
      const before = text.slice(begins, at), clause = before + whole + after.split(/[,。;\n]/)[0];
      let score = TOOK_PART.test(clause) ? 4 : 0;
      if (/(共|共计|累计|总计|合计|共有)[^\d]{0,8}$/.test(before)) score += 3;
      if (unit === "人次") score += 1;
      if (NOT_THEM.test(after)) score -= 6;
      if (TO_COME.test(before) || /一行$/.test(before)) score -= 6;
      if (score >= 0 && (!best || score > best.score || (score === best.score && number > best.value)))
        best = { value: number, score, about: Boolean(more) || /(近|约|大约|超|逾)\s*$/.test(before) || /^左右/.test(after), quote: around(text, at, whole.length) };
    }
    return best && { value: best.value, quote: best.quote, about: best.about };
  }

  // Kinds: the longer a word of theirs, the more it says. Two alike are both shown.
  function kindsIn(text, kinds) {
    const found = kinds.map(({ key, name, words }) => {
      const said = [...new Set([name, ...words])].filter((word) => text.includes(word));
      return { value: key, name, quote: said.join("、"), score: said.reduce((sum, word) => sum + word.length, 0) };
    }).filter((one) => one.score).sort((a, b) => b.score - a.score);
    return found.filter((one) => one.score === found[0].score).slice(0, 3);
  }

  // Another county's, where that is named and one's own is not. 城区 is a name and half of others, and of
  // 相应县区 nobody thinks of 应县.
  function unitIn(text, { own, others }) {
    const stands = (name) => (name.length > 2 ? text.includes(name) : name.endsWith("县") ? new RegExp(`(^|[^相响对回反适供替取时年近历现后])${name}`).test(text) : text.includes(`市${name}`));
    const says = ({ name }) => stands(name) || ["县", "区", "市"].some((kind) => text.includes(`${name.replace(/[县区市]$/, "")}团${kind}委`));
    return own.some((name) => says({ name })) ? "" : (others.find((name) => says({ name })) || "");
  }

  // {day, place, people, kinds, unit, several, isCut} of a text; what was not found is null.
  function read(pasted, known) {
    const text = pasted.slice(0, MOST).normalize("NFKC").replace(/[\u200b-\u200f\ufeff]/g, "").replace(/["“”]/g, "");
    const days = daysIn(text, known), [day] = days, { today, from } = known;
    return {
      day: day ? { value: day.value, quote: day.quote, wrong: day.value > today ? "future" : day.value < from ? "other" : "" } : null,
      place: placeIn(text, known.places), people: peopleIn(text), kinds: kindsIn(text, known.kinds), unit: unitIn(text, known),
      several: new Set(days.map((one) => one.value)).size > 1, isCut: pasted.length > MOST,
    };
  }
  window.qingchun = { ...window.qingchun, readNotice: read };
})();
