"""Where people live now: the province a place is in, and where it lies on the map of tiles."""

from functools import lru_cache

# Code → (name, column, row, cities that people name without their province). Tiles stand about
# where the provinces lie; no border is drawn.
PROVINCES = {
    "65": ("新疆", 0, 1, "乌鲁木齐 喀什 伊犁"),
    "54": ("西藏", 0, 3, "拉萨 日喀则"),
    "63": ("青海", 1, 2, "西宁 海东"),
    "62": ("甘肃", 2, 2, "兰州 天水 酒泉"),
    "64": ("宁夏", 3, 2, "银川 吴忠"),
    "15": ("内蒙古", 4, 1, "呼和浩特 包头 鄂尔多斯 赤峰 乌兰察布"),
    "61": ("陕西", 3, 3, "西安 咸阳 宝鸡 榆林 延安 渭南 汉中"),
    "14": ("山西", 4, 2, "太原 大同 阳泉 长治 晋城 朔州 晋中 运城 忻州 临汾 吕梁"),
    "13": ("河北", 5, 2, "石家庄 保定 唐山 邯郸 廊坊 邢台 张家口 沧州 秦皇岛 雄安"),
    "11": ("北京", 5, 1, ""),
    "12": ("天津", 6, 1, ""),
    "21": ("辽宁", 7, 1, "沈阳 大连 鞍山 锦州"),
    "22": ("吉林", 7, 0, "长春 延边"),
    "23": ("黑龙江", 6, 0, "哈尔滨 大庆 齐齐哈尔"),
    "37": ("山东", 6, 2, "济南 青岛 烟台 潍坊 临沂 淄博 威海"),
    "41": ("河南", 5, 3, "郑州 洛阳 安阳 新乡 南阳 开封 焦作"),
    "32": ("江苏", 6, 3, "南京 苏州 无锡 常州 南通 徐州 昆山 扬州"),
    "31": ("上海", 7, 3, ""),
    "34": ("安徽", 6, 4, "合肥 芜湖 蚌埠"),
    "42": ("湖北", 5, 4, "武汉 宜昌 襄阳"),
    "50": ("重庆", 4, 4, ""),
    "51": ("四川", 3, 4, "成都 绵阳 德阳"),
    "33": ("浙江", 7, 4, "杭州 宁波 温州 义乌 金华 嘉兴 绍兴"),
    "36": ("江西", 6, 5, "南昌 赣州 九江"),
    "43": ("湖南", 5, 5, "长沙 株洲 岳阳"),
    "52": ("贵州", 4, 5, "贵阳 遵义"),
    "53": ("云南", 3, 5, "昆明 大理 丽江"),
    "35": ("福建", 7, 5, "福州 厦门 泉州"),
    "71": ("台湾", 8, 5, "台北 高雄"),
    "44": ("广东", 5, 6, "广州 深圳 东莞 佛山 珠海 惠州 中山"),
    "45": ("广西", 4, 6, "南宁 桂林 柳州 北海"),
    "81": ("香港", 6, 6, ""),
    "82": ("澳门", 5, 7, ""),
    "46": ("海南", 4, 7, "海口 三亚"),
}


@lru_cache(maxsize=20_000)
def province_of(place):
    """Code of the province a place lies in, by its own name or by a city's; empty otherwise."""
    place = place.strip().removeprefix("中国")
    for code, (name, _, _, cities) in PROVINCES.items():
        if place.startswith((name, *cities.split())):
            return code
    return ""


def tiles(counts):
    """The map: a tile for each province with how many live there and how dark it is, 0 to 4."""
    most = max(counts.values(), default=0)
    for code, (name, column, row, _) in PROVINCES.items():
        people = counts.get(code, 0)
        shade = 0 if not people else 1 + min(3, 4 * people // (most + 1))
        yield {"code": code, "name": name, "x": column, "y": row, "people": people, "shade": shade}
