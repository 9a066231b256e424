package hanzi

import "strings"

// This file answers the specifications NumberWithUnit-*: it gives units the names they have there.

func init() { specModelSets = append(specModelSets, unitModels) }

func unitModels() map[string]specModel {
	return map[string]specModel{
		"NumberWithUnit-CurrencyModel":    specCurrencies,
		"NumberWithUnit-DimensionModel":   specUnits("dimension", specDimensions),
		"NumberWithUnit-AgeModel":         specUnits("age", specAges),
		"NumberWithUnit-TemperatureModel": specTemperatures,
	}
}

// specNames makes a map from units to their names in the specification, from lines of
// NAME=UNIT,UNIT.
func specNames(lines string) map[string]string {
	names := map[string]string{}
	for line := range strings.Lines(lines) {
		name, units, _ := strings.Cut(strings.TrimSpace(line), "=")
		for unit := range strings.SplitSeq(units, ",") {
			names[unit] = name
		}
	}
	return names
}

var specAges = specNames(`Year=岁,周岁,歲
	Month=个月大,月大
	Week=周大
	Day=天大`)

var specDimensions = specNames(`Kilometer=千米,公里,km
	Meter=米,公尺,m
	Decimeter=分米,公寸,dm
	Centimeter=厘米,公分,cm,釐米
	Millimeter=毫米,公厘,公釐,mm
	Micrometer=微米,μm,um
	Nanometer=纳米,nm
	Picometer=皮米
	Li=里,市里,华里
	Zhang=丈
	Chi=尺,市尺
	Cun=寸,市寸
	Mile=英里
	Inch=英寸,吋
	Foot=英尺,呎
	Yard=码
	Sea mile=海里
	Light year=光年
	Meter per second=米/秒,米每秒,m/s
	Kilometer per hour=公里/小时,千米/小时,公里每小时,千米每小时,km/h
	Kilometer per minute=公里/分钟,千米/分钟,公里每分钟,千米每分钟,km/min
	Kilometer per second=公里/秒,千米/秒,公里每秒,千米每秒,km/s
	Mile per hour=英里/小时,英里每小时
	Square kilometer=平方公里,平方千米,km²,km2
	Square meter=平方米,平米,m²,m2,㎡
	Square decimeter=平方分米
	Square centimetre=平方厘米,cm²,cm2
	Hectare=公顷,ha,公頃
	Mu=亩,市亩,畝
	Acre=英亩
	Liter=升,公升,L,l
	Milliliter=毫升,mL,ml
	Cubic meter=立方米,m³,m3
	Cubic decimeter=立方分米
	Cubic millimeter=立方毫米
	Cubic feet=立方英尺
	Gallon=加仑
	Pint=品脱
	Dou=斗,市斗
	Dan=石,市石
	Kilogram=千克,公斤,kg
	Gram=克,g
	Milligram=毫克,mg
	Ton=吨,公吨,t,噸
	Jin=斤,市斤
	Liang=两,市两,兩
	Pound=磅
	Ounce=盎司
	Barrel=桶
	Bit=比特,位,bit
	Kilobit=千比特
	Megabit=兆比特
	Byte=字节,byte,B
	Kilobyte=千字节,KB,kB,kb
	Megabyte=兆字节,MB,mb
	Gigabyte=吉字节,千兆字节,GB,gb
	Terabyte=太字节,TB,tb
	Petabyte=拍字节,PB,pb
	Hertz=赫兹,赫,Hz
	Kilohertz=千赫兹,千赫,kHz
	Megahertz=兆赫兹,兆赫,MHz
	Gigahertz=吉赫兹,吉赫,GHz
	Watt=瓦,瓦特,W
	Kilowatt=千瓦,千瓦特,kW
	Megawatt=兆瓦,兆瓦特,MW`)

// specUnits answers with quantities whose unit has a name.
func specUnits(kind string, names map[string]string) specModel {
	return func(input string, _ map[string]any) []specResult {
		t := Fold(input)
		r := t.Runes
		var out []specResult
		for i := 0; i < len(r); {
			q, ok := specQuantity(r, i)
			if !ok {
				i++
				continue
			}
			name, end := specNamed(names, specUnit(&q)), q.End
			if kind == "age" && at(r, end) == '大' {
				name, end = names[strings.TrimPrefix(specUnit(&q), "个")+"大"], end+1
			}
			if name == "" {
				i = q.Number.End
				continue
			}
			out = append(out, found(t, q.Start, end, kind,
				map[string]any{"value": specWrite(specValue(&q)), "unit": name}))
			i = end
		}
		return out
	}
}

// specNamed looks a unit up as written, and in small letters.
func specNamed(names map[string]string, unit string) string {
	if name := names[unit]; name != "" {
		return name
	}
	return names[strings.ToLower(unit)]
}

// specQuantity reads a number with its unit, without comparators and ranges.
func specQuantity(r []rune, i int) (Quantity, bool) {
	n, ok := ScanNumber(r, i)
	if !ok || n.Ordinal || n.Per > 0 || latin(at(r, i-1)) || n.Lone && (n.Bare || wordAt(r, i)) {
		return Quantity{}, false
	}
	q := measured(r, n).compound(r)
	return q, true
}

// specUnit is the unit without its large scale word.
func specUnit(q *Quantity) string { return strings.TrimPrefix(q.Unit, q.Number.Scale) }

// specValue is the value with the large scale word.
func specValue(q *Quantity) Decimal { return q.Value.Mul(scaleSize(q.Number.Scale)) }

// specMoney are the names of currencies, with their code where the specification gives it.
var specMoney = map[string]struct{ name, iso string }{
	"CNY": {"Chinese yuan", "CNY"},
	"USD": {"United States dollar", "USD"},
	"EUR": {"Euro", "EUR"},
	"GBP": {"British pound", "GBP"},
	"JPY": {"Japanese yen", "JPY"},
	"HKD": {"Hong Kong dollar", "HKD"},
	"MOP": {"Macau Pataca", ""},
	"TWD": {"New Taiwan dollar", "TWD"},
	"KRW": {"South Korean won", "KRW"},
	"SGD": {"Singapore dollar", "SGD"},
	"AUD": {"Australian dollar", "AUD"},
	"CAD": {"Canadian dollar", "CAD"},
	"NZD": {"New Zealand dollar", "NZD"},
	"CHF": {"Swiss franc", "CHF"},
	"RUB": {"Russian ruble", "RUB"},
	"INR": {"Indian rupee", "INR"},
	"THB": {"Thai baht", "THB"},
	"VND": {"Vietnamese dong", "VND"},
	"IDR": {"Indonesian rupiah", "IDR"},
	"MYR": {"Malaysian ringgit", "MYR"},
	"MXN": {"Mexican peso", "MXN"},
	"BRL": {"Brazilian real", "BRL"},
	"ZAR": {"South African rand", "ZAR"},
	"TRY": {"Turkish lira", "TRY"},
	"SAR": {"Saudi riyal", "SAR"},
	"AED": {"United Arab Emirates dirham", "AED"},
	"KZT": {"Kazakhstani tenge", "KZT"},
	"SEK": {"Swedish krona", "SEK"},
	"NOK": {"Norwegian krone", "NOK"},
	"DKK": {"Danish krone", "DKK"},
	"ARS": {"Argentine peso", "ARS"},
	"CLP": {"Chilean peso", "CLP"},
	"COP": {"Colombian peso", "COP"},
	"PLN": {"Polish złoty", "PLN"},
	"HUF": {"Hungarian forint", "HUF"},
	"CZK": {"Czech koruna", "CZK"},
	"ISK": {"Icelandic króna", "ISK"},
	"RON": {"Romanian leu", "RON"},
	"BGN": {"Bulgarian lev", "BGN"},
	"UAH": {"Ukrainian hryvnia", "UAH"},
	"ILS": {"Israeli new shekel", "ILS"},
	"EGP": {"Egyptian pound", "EGP"},
	"NGN": {"Nigerian naira", "NGN"},
	"KES": {"Kenyan shilling", "KES"},
	"MMK": {"Burmese kyat", "MMK"},
	"LAK": {"Lao kip", "LAK"},
	"KHR": {"Cambodian riel", "KHR"},
	"PKR": {"Pakistani rupee", "PKR"},
	"LKR": {"Sri Lankan rupee", "LKR"},
	"NPR": {"Nepalese rupee", "NPR"},
	"BDT": {"Bangladeshi taka", "BDT"},
	"KWD": {"Kuwaiti dinar", "KWD"},
	"IQD": {"Iraqi dinar", "IQD"},
	"IRR": {"Iranian rial", "IRR"},
	"QAR": {"Qatari riyal", "QAR"},
	"BTC": {"Bitcoin", ""},
}

// specParts are the names of parts of a currency that stand alone.
var specParts = specNames(`Jiao=角,毛,毛钱,角钱
	Fen=分钱
	Cent=美分
	Pence=便士
	Sen=日本銭
	Kopek=戈比`)

// specGeneral are the names of units that do not say whose they are.
var specGeneral = specNames(`Rupee=卢比
	Ruble=卢布
	Dollar=$`)

func specCurrencies(input string, _ map[string]any) []specResult {
	t := Fold(input)
	r := t.Runes
	var out []specResult
	for i := 0; i < len(r); {
		value, end, ok := specAmount(r, i)
		if !ok {
			i = max(i+1, end)
			continue
		}
		out = append(out, found(t, i, end, "currency", value))
		i = end
	}
	return out
}

// specAmount reads an amount of money, or a currency that stands alone, at i. Where there is none
// it returns the position to go on from.
func specAmount(r []rune, i int) (map[string]any, int, bool) {
	q, ok := scanMoneySign(r, i)
	if !ok {
		if q, ok = specQuantity(r, i); ok {
			specPieces(r, &q)
		}
	}
	switch {
	case ok && len(q.Dim) == 3 && specMoney[q.Dim].name != "":
		value := specCurrency(specUnit(&q), q.Dim, r[i])
		value["value"] = specWrite(specValue(&q))
		return value, q.End, true
	case ok:
		return nil, q.Number.End, false
	}
	u, end, ok := simpleUnit(r, i)
	if !ok || len(u.Dim) != 3 || specMoney[u.Dim].name == "" || end-i < 2 ||
		u.Size.Cmp(Int(1)) != 0 || strings.HasSuffix(u.Name, "钱") {
		return nil, i, false
	}
	value := specCurrency(u.Name, u.Dim, 0)
	value["value"] = nil
	return value, end, true
}

// specPieces reads 个 between a number and a currency, 20个比特币, and 块 as money.
func specPieces(r []rune, q *Quantity) {
	if q.Unit == "块" {
		q.Dim = "CNY"
	}
	if u, end, ok := simpleUnit(r, q.End); q.Unit == "个" && ok && len(u.Dim) == 3 {
		q.Unit, q.Dim, q.End = u.Name, u.Dim, end
	}
}

func specCurrency(unit, code string, sign rune) map[string]any {
	if name := specParts[unit]; name != "" {
		return map[string]any{"unit": name}
	}
	if name := specGeneral[unit]; name != "" {
		return map[string]any{"unit": name}
	}
	if sign == '$' {
		return map[string]any{"unit": "Dollar"}
	}
	value := map[string]any{"unit": specMoney[code].name}
	if iso := specMoney[code].iso; iso != "" {
		value["isoCurrency"] = iso
	}
	return value
}

// specScales are the scales of temperature by their words behind and before the number.
var (
	specBehind = specNames(`C=摄氏度,摄氏温度,°C
		F=华氏度,华氏温度,°F
		K=开尔文,开氏度,凯氏度,开尔文温度,K
		R=兰氏温度,°R
		Degree=度`)
	specBefore = specNames(`C=摄氏温度,摄氏
		F=华氏温度,华氏
		K=开氏温度,开氏
		R=兰氏温度,兰氏`)
)

func specTemperatures(input string, _ map[string]any) []specResult {
	t := Fold(input)
	r := t.Runes
	var out []specResult
	for i := 0; i < len(r); {
		name, value, end, ok := specTemperature(r, i)
		if !ok {
			i++
			continue
		}
		out = append(out, found(t, i, end, "temperature",
			map[string]any{"value": specWrite(value), "unit": name}))
		i = end
	}
	return out
}

func specTemperature(r []rune, i int) (string, Decimal, int, bool) {
	before, j := specWord(r, i, specBefore)
	n, ok := ScanNumber(r, specSkip(r, j))
	if !ok || n.Ordinal || n.Per > 0 || latin(at(r, n.Start-1)) {
		return "", Decimal{}, i, false
	}
	k := specSkip(r, n.End)
	name, end := specWord(r, k, specBehind)
	switch {
	case name == "" || latin(at(r, end-1)) && latin(at(r, end)):
		return "", Decimal{}, i, false
	case name == "Degree" && before != "":
		name = before
	}
	return name, n.Value, end, true
}

// specWord returns the name of the longest word of names at i, with the position behind it.
func specWord(r []rune, i int, names map[string]string) (string, int) {
	best, end := "", i
	for word, name := range names {
		if n := len([]rune(word)); i+n > end && hasAt(r, i, word) {
			best, end = name, i+n
		}
	}
	return best, end
}
