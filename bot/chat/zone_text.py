"""Normalises names of places and zones for comparison: lower case, simplified characters, no
suffixes."""

import re
import unicodedata

_TRADITIONAL = (
    "亞來個倫偽僞內凱別則剛劍務勞勳勻區參吳呂喬國園圖奧婁寧寶屬岡峯峴島峽崗嶺嶼嶽巖幹幾庫廈廣"
    "張彥復徹愛慶懷戶揚撫撾敍敘時晉東棗極樂標橋橫檳欽歐涼湯準溫滄滿漢澤濟濰濱瀘灣烏無煙熱營爾"
    "瑪瓊畢發盤盧矽磯祕窩節約納紐紹綏維綿緬縣繩羅羣義聖聯肅脫臘臨臺興舊茲荊莊華萊萬葉蓋蕪薩蘆"
    "蘇蘭衛衝衞裏裡託訥許誇誕語諾讓貝貢貴買費賀資賈賓賽贊贛輔連運達遜遠遷遼邁邊鄉鄭鄲釐銀銅錦"
    "錫鎮鐵長門開間關陝陰陸陽隨隴雙雞雲靈韋韓頁頂順頓領頭餘饒馬駐騷魯鮮鳳鴨鶴鷹鹹鹽麗麥黃齊龍"
    "瀋"
)
_SIMPLIFIED = (
    "亚来个伦伪伪内凯别则刚剑务劳勋匀区参吴吕乔国园图奥娄宁宝属冈峰岘岛峡岗岭屿岳岩干几库厦广"
    "张彦复彻爱庆怀户扬抚挝叙叙时晋东枣极乐标桥横槟钦欧凉汤准温沧满汉泽济潍滨泸湾乌无烟热营尔"
    "玛琼毕发盘卢硅矶秘窝节约纳纽绍绥维绵缅县绳罗群义圣联肃脱腊临台兴旧兹荆庄华莱万叶盖芜萨芦"
    "苏兰卫冲卫里里托讷许夸诞语诺让贝贡贵买费贺资贾宾赛赞赣辅连运达逊远迁辽迈边乡郑郸厘银铜锦"
    "锡镇铁长门开间关陕阴陆阳随陇双鸡云灵韦韩页顶顺顿领头余饶马驻骚鲁鲜凤鸭鹤鹰咸盐丽麦黄齐龙"
    "沈"
)
_SIMPLER = str.maketrans(_TRADITIONAL, _SIMPLIFIED)
"""Only the characters in names of places; Unicode has no such table."""
_SUFFIX = re.compile(
    r"(?<=.)(?:市|时间|标准时间|时区)$"
    r"|(?<=..)(?:省|县|地区|自治州|特别行政区|(?:维吾尔|壮族|回族)?自治区)$"
    r"|(?<=\w) (?:standard time|time|time zone|timezone|city|province)$"
)


def folded(text: str) -> str:
    """Letters and digits without accents, in words; every other character becomes a space. Variants
    become equal: full-width letters, traditional characters, 上海 and 上海市."""
    apart = unicodedata.normalize("NFKD", text.casefold()).translate(_SIMPLER)
    kept = (
        sign if sign.isalnum() else " "
        for sign in apart
        if not unicodedata.combining(sign) and sign not in "'’ʻ."
    )
    return _SUFFIX.sub("", " ".join("".join(kept).split()))


def is_chinese(text: str) -> bool:
    return bool(text) and all("\u4e00" <= sign <= "\u9fff" for sign in text)
