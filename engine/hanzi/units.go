package hanzi

// This file is the table of units. Each line is a dimension and its units as NAME[,NAME…]=SIZE,
// SIZE being the exact size in the base unit of the dimension (1/3 is a ratio). A name that ends
// in a slash takes the prefixes of unitPrefixes: 瓦/ makes 千瓦 and 兆瓦, W/ makes kW and MW.
//
// The sizes are those of GB 3100–3102 for metric units, of 《国务院关于在我国统一实行法定计量单位的命令》 for
// market units (市制), and the international definitions for foreign ones.
var unitTable = [...]struct{ dim, units string }{
	{DimCount, `个=1 只=1 家=1 户=1 项=1 条=1 名=1 人=1 位=1 件=1 次=1 所=1 套=1 处=1 份=1 台=1
		部=1 辆=1 艘=1 架=1 列=1 座=1 栋=1 幢=1 间=1 层=1 张=1 本=1 册=1 篇=1 幅=1 封=1 首=1
		期=1 届=1 场=1 轮=1 批=1 类=1 种=1 款=1 型=1 门=1 堂=1 节=1 班=1 支=1 把=1 根=1 枚=1
		颗=1 粒=1 株=1 棵=1 头=1 匹=1 尾=1 羽=1 口=1 眼=1 宗=1 起=1 例=1 单=1 笔=1 桩=1 段=1
		片=1 块=1 组=1 队=1 团=1 员=1 岗=1 席=1 票=1 步=1 章=1 卷=1 集=1 页=1 行=1 字=1 句=1
		站=1 盏=1 顶=1 面=1 道=1 线=1 路=1 柜=1 箱=1 袋=1 瓶=1 盒=1 包=1 捆=1 对=2 双,雙=2 打=12
		個=1 隻=1 間=1 張=1 條=1 項=1 戶=1 輛=1 臺=1 種=1 對=2 筆=1 場=1
		人份=1 台套,台（套）,台(套)=1 件(套)=1 标台=1 床=1 尊=1 樽=1 口井=1 车=1 盘=1 杯=1 碗=1`},
	{DimVisits, `人次=1 剂次=1 家次=1 件次=1 台次=1 辆次=1 架次=1 户次=1 场次=1 班次=1 车次=1 例次=1 项次=1
		批次=1 艘次=1 列次=1 船次=1`},
	{DimNamed, `大=1`},
	{DimRatio, `%=1/100 ‰=1/1000 ‱=1/10000 ppm=1/1000000 ppb=1/1000000000 成=1/10 折=1/10 倍=1`},
	{DimPoints, `个百分点,百分点,个點,個百分點,百分點=1/100 个基点,基点,BP,bp=1/10000`},
	{DimDoublings, `番=1`},
	{DimScore, `分=1`},
	{DimGrade, `级=1 級=1 档=1 星=1`},
	{DimTime, `秒,秒钟,s=1 毫秒,ms=1/1000 微秒,μs=1/1000000 纳秒,ns=1/1000000000
		分钟,min,分鐘=60 刻钟=900 小时,个小时,钟头,个钟头,h,小時,個小時=3600
		天,天时间,昼夜=86400 周,星期,个星期,礼拜,个礼拜,週=604800 旬=864000`},
	{DimWorkdays, `个工作日,工作日=1`},
	{DimMonths, `个月,個月,月龄=1 个季度=3 年,周年,个年头,年時間=12 个世纪,世纪=1200`},
	{DimAge, `岁,周岁,歲=1`},
	{DimLength, `米/,公尺,m=1 公里,km,KM=1000 分米,公寸,dm=1/10 厘米,公分,cm,釐米=1/100
		毫米,公厘,公釐,mm=1/1000 微米,μm,um=1/1000000 纳米,nm=1/1000000000 皮米=1/1000000000000
		丝米=1/10000 里,华里,市里=500 丈=10/3 尺,市尺=1/3 寸,市寸=1/30
		英里=1609344/1000 海里=1852 英寻=18288/10000 码=9144/10000 英尺,呎=3048/10000
		英寸,吋,inch,inches,Inch=254/10000 光年=9460730472580800`},
	{DimArea, `平方米,平米,㎡,m²,m2,平方公尺=1 平方公里,平方千米,km²,km2,平方公裡=1000000
		平方分米=1/100 平方厘米,cm²,cm2=1/10000 平方毫米,mm²,mm2=1/1000000 公顷,ha,公頃=10000
		亩,市亩,畝=2000/3 公亩=100 顷,市顷=200000/3 英亩=40468564224/10000000
		平方英里=2589988110336/1000000 平方英尺=9290304/100000000 平方英寸=64516/100000000
		平方码=83612736/100000000`},
	{DimVolume, `立方米,方,m³,m3,立方公尺,立米=1 标准立方米,标方,Nm³,Nm3,标立方米=1 立方千米,立方公里=1000000000
		立方分米=1/1000 立方厘米,cm³,cm3=1/1000000 立方毫米=1/1000000000
		升,公升,L,l=1/1000 毫升,mL,ml=1/1000000 微升,μL=1/1000000000
		市斗,斗=1/100 市石,石=1/10 桶=158987294928/1000000000000
		加仑=3785411784/1000000000000 品脱=473176473/1000000000000 夸脱=946352946/1000000000000
		立方英尺=28316846592/1000000000000`},
	{DimMass, `千克,公斤,kg,KG,㎏=1 克,g=1/1000 毫克,mg=1/1000000 微克,μg,ug=1/1000000000
		纳克,ng=1/1000000000000 吨,公吨,t,噸=1000 斤,市斤=1/2 两,市两,兩=1/20 钱=1/200 担,公担=50
		磅=45359237/100000000 盎司=45359237/1600000000 克拉=2/10000 载重吨,总吨=1000`},
	{DimCoal, `吨标准煤,吨标煤,tce=1000 千克标准煤,公斤标准煤,kgce=1 克标准煤=1/1000`},
	{DimBoxes, `标准箱,标箱,TEU=1`},
	{DimEnergy, `焦耳/,焦/,J/=1 瓦时/,Wh/=3600 度电,kwh,KWh,KWH,Kwh,kW·h,千瓦·时=3600000 MW·h,兆瓦·时=3600000000 卡=4184/1000
		大卡,千卡,kcal,Kcal=4184 电子伏,eV=1602176634/10000000000000000000000000000`},
	{DimPower, `瓦特/,瓦/,W/=1 KW=1000 马力,匹马力=73549875/100000 蒸吨=700000`},
	{DimVA, `伏安/,VA/=1 乏=1`},
	{DimVoltage, `伏特/,伏/,V/=1 KV=1000`},
	{DimCurrent, `安培/,安/,A/=1`},
	{DimCharge, `安时/,Ah/=3600 库仑=1`},
	{DimResistance, `欧姆/,欧/,Ω/=1`},
	{DimFrequency, `赫兹/,赫/,Hz/,HZ/=1`},
	{DimPressure, `帕斯卡/,帕/,Pa/=1 巴,bar=100000 psi=6894757293168/1000000000 标准大气压,个大气压,大气压=101325`},
	{DimForce, `牛顿/,牛米=1 千牛,kN=1000`},
	{DimField, `奥斯特/,Oe/=1`},
	{DimInduction, `特斯拉/=1 mT=1/1000 高斯/,Gs/=1/10000`},
	{DimData, `比特/,bit,bits=1 Kb=1000 Mb,Mbit=1000000 Gb,Gbit=1000000000
		字节/,byte,B/=8 KB=8000 KiB=8192 MiB=8388608 GiB=8589934592 TiB=8796093022208`},
	{DimBandwidth, `bps/,bit/s=1`},
	{DimCompute, `FLOPS/=1 TOPS=1000000000000 个P,P算力=1000000000000000`},
	{DimTemperature, `摄氏度,°C,度,摄氏温度=1`},
	{DimFahrenheit, `华氏度,°F,华氏温度=1`},
	{DimKelvin, `开尔文,开氏度=1`},
	{DimAngle, `°=1 角分=1/60 角秒=1/3600`},
	{DimSound, `分贝,dB,DB=1`},
	{DimAmount, `摩尔/,mol/=1`},
	{DimLight, `流明,lm=1`},
	{DimLux, `勒克斯,lx=1`},
	{DimDose, `毫西弗,mSv=1/1000`},
	{DimKnots, `节=1`},
	{DimRevolutions, `转=1 圈=1`},
}

// The dimensions of units. Money has the ISO 4217 code of its currency as its dimension.
const (
	DimCount       = "count"       // counters: 家, 户 and 个 are one
	DimVisits      = "visits"      // 人次, 家次
	DimNamed       = "named"       // 大, as in 十大行动
	DimRatio       = "ratio"       // of one: %, 成, 倍
	DimPoints      = "points"      // difference of two ratios: 个百分点
	DimDoublings   = "doublings"   // 番
	DimScore       = "score"       // 分 of a rating
	DimGrade       = "grade"       // 级, 星
	DimTime        = "time"        // seconds
	DimWorkdays    = "workdays"    // 工作日
	DimMonths      = "months"      // 个月, 年
	DimAge         = "age"         // years of age
	DimLength      = "length"      // metres
	DimArea        = "area"        // square metres
	DimVolume      = "volume"      // cubic metres
	DimMass        = "mass"        // kilograms
	DimCoal        = "coal"        // kilograms of standard coal
	DimBoxes       = "containers"  // TEU
	DimEnergy      = "energy"      // joules
	DimPower       = "power"       // watts
	DimVA          = "va"          // volt-amperes
	DimVoltage     = "voltage"     // volts
	DimCurrent     = "current"     // amperes
	DimCharge      = "charge"      // coulombs
	DimResistance  = "resistance"  // ohms
	DimFrequency   = "frequency"   // hertz
	DimPressure    = "pressure"    // pascals
	DimForce       = "force"       // newtons
	DimField       = "field"       // oersteds of a magnetic field
	DimInduction   = "induction"   // teslas
	DimData        = "data"        // bits
	DimBandwidth   = "bandwidth"   // bits a second
	DimCompute     = "compute"     // operations a second
	DimTemperature = "temperature" // degrees Celsius
	DimFahrenheit  = "fahrenheit"  // degrees Fahrenheit
	DimKelvin      = "kelvin"      // kelvins
	DimAngle       = "angle"       // degrees
	DimSound       = "sound"       // decibels
	DimAmount      = "amount"      // moles
	DimLight       = "light"       // lumens
	DimLux         = "lux"         // lux
	DimDose        = "dose"        // sieverts
	DimKnots       = "knots"       // knots
	DimRevolutions = "revolutions" // 转
)

// unitPrefixes are the decimal prefixes that a name with a slash takes, in Chinese and in letters.
var unitPrefixes = [...]struct {
	han, latin string
	power      int
}{
	{"千", "k", 3}, {"兆", "M", 6}, {"吉", "G", 9}, {"太", "T", 12}, {"拍", "P", 15}, {"艾", "E", 18},
	{"毫", "m", -3}, {"微", "μ", -6}, {"纳", "n", -9},
}

// currencies lists the currencies by ISO 4217 code with their names: of one, and of a tenth and a
// hundredth where text uses those.
var currencies = [...]struct{ code, one, tenth, hundredth string }{
	{"CNY", "元 人民币 块钱 圆 人民币元 圓 RMB CNY", "角 毛 毛钱 角钱", "分钱"},
	{"USD", "美元 美金 美圆 美刀 USD", "", "美分"},
	{"EUR", "欧元 EUR", "", "欧分"},
	{"GBP", "英镑 GBP", "", "便士"},
	{"JPY", "日元 日圆 日币 日本元 JPY", "", "日本銭 日本钱"},
	{"HKD", "港元 港币 港圆 HKD", "", ""},
	{"MOP", "澳门元 澳门币 葡币", "", ""},
	{"TWD", "新台币 台币 新台幣 台幣", "", ""},
	{"KRW", "韩元 韩圆 韩币 韓元", "", ""},
	{"SGD", "新加坡元 新元 新币", "", ""},
	{"AUD", "澳元 澳大利亚元 澳币", "", "澳分"},
	{"CAD", "加元 加拿大元 加币", "", ""},
	{"NZD", "新西兰元 纽元", "", ""},
	{"CHF", "瑞士法郎 瑞郎", "", ""},
	{"RUB", "卢布 俄罗斯卢布 俄国卢布", "", "戈比"},
	{"INR", "印度卢比 卢比", "", ""},
	{"THB", "泰铢 泰元", "", ""},
	{"VND", "越南盾", "", ""},
	{"IDR", "印尼盾 印度尼西亚盾", "", ""},
	{"MYR", "林吉特 马来西亚林吉特 马币 令吉", "", ""},
	{"PHP", "菲律宾比索", "", ""},
	{"MXN", "墨西哥比索", "", ""},
	{"BRL", "雷亚尔 巴西雷亚尔", "", ""},
	{"ZAR", "南非兰特 兰特", "", ""},
	{"TRY", "土耳其里拉", "", ""},
	{"SAR", "沙特里亚尔", "", ""},
	{"AED", "阿联酋迪拉姆", "", ""},
	{"KZT", "坚戈 哈萨克斯坦坚戈", "", ""},
	{"MNT", "图格里克", "", ""},
	{"SEK", "瑞典克朗", "", ""},
	{"NOK", "挪威克朗", "", ""},
	{"DKK", "丹麦克朗", "", ""},
	{"ARS", "阿根廷比索", "", ""},
	{"CLP", "智利比索", "", ""},
	{"COP", "哥伦比亚比索", "", ""},
	{"PLN", "波兰兹罗提 兹罗提 波兰币", "", ""},
	{"HUF", "匈牙利福林 福林", "", ""},
	{"CZK", "捷克克朗", "", ""},
	{"ISK", "冰岛克朗", "", ""},
	{"RON", "罗马尼亚列伊", "", ""},
	{"BGN", "保加利亚列弗", "", ""},
	{"UAH", "乌克兰格里夫纳 格里夫纳", "", ""},
	{"ILS", "以色列新谢克尔 新谢克尔 谢克尔", "", ""},
	{"EGP", "埃及镑", "", ""},
	{"NGN", "尼日利亚奈拉 奈拉", "", ""},
	{"KES", "肯尼亚先令", "", ""},
	{"MMK", "缅元 缅币", "", ""},
	{"LAK", "老挝基普 基普 老挝币", "", ""},
	{"KHR", "柬埔寨瑞尔 瑞尔", "", ""},
	{"PKR", "巴基斯坦卢比", "", ""},
	{"LKR", "斯里兰卡卢比", "", ""},
	{"NPR", "尼泊尔卢比", "", ""},
	{"BDT", "孟加拉塔卡 塔卡", "", ""},
	{"KWD", "科威特第纳尔", "", ""},
	{"IQD", "伊拉克第纳尔", "", ""},
	{"IRR", "伊朗里亚尔", "", ""},
	{"QAR", "卡塔尔里亚尔", "", ""},
	{"BTC", "比特币", "", ""},
}
