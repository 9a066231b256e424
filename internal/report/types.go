package report

import (
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/region"
)

// Forms of a report.
const (
	Bulletin = "bulletin" // 通报: headings, a paragraph for each indicator
	Press    = "press"    // 新闻口径: a paragraph for each part
)

// Forms are the forms with their titles.
func Forms() []Choice { return []Choice{{Bulletin, "通报"}, {Press, "新闻口径"}} }

// Parts of a report.
const (
	PartIndicators = "indicators" // 指标进展
	PartPlaces     = "places"     // 分县区
	PartMarket     = "market"     // 供需
	PartDeals      = "deals"      // 合同
	PartTasks      = "tasks"      // 督办
	PartLights     = "lights"     // 亮灯
)

// Parts are the parts in the order of a text.
func Parts() []Choice {
	return []Choice{{PartIndicators, "指标进展"}, {PartPlaces, "分县区进展"}, {PartMarket, "供需在架"},
		{PartDeals, "对接签约"}, {PartTasks, "督办推进"}, {PartLights, "指标亮灯"}}
}

// Ask says what a report is made of.
type Ask struct {
	Form   string      `json:"form"`
	Region region.Code `json:"region"`
	Set    string      `json:"set,omitempty"`    // of indicators; "" = the usual one
	Period string      `json:"period,omitempty"` // values up to this one: 2026Q3; "" = the latest
	Parts  []string    `json:"parts"`            // of Parts
	// Across is the indicator that is compared by district, "" = the first that districts report.
	Across string `json:"across,omitempty"`
	// Beside are indicators that are told behind those of the set.
	Beside    []string `json:"beside,omitempty"`
	PlaceName string   `json:"placeName,omitempty"` // as the text has it; the house fills it in
}

// Report is a report as stored.
type Report struct {
	ID   string `json:"id"`
	Code string `json:"code"`
	Ask
	Title       string     `json:"title"`
	Day         clock.Date `json:"day"`    // its figures were taken
	Text        string     `json:"text"`   // without title and date
	Untold      []Untold   `json:"untold"` // what is not in the text, and why
	Places      []PlaceRow `json:"places"` // the table of districts
	Public      bool       `json:"public"` // visitors may read it once it is published
	State       string     `json:"state"`
	ReviewedUs  int64      `json:"reviewedUs,omitempty"`
	ReviewedBy  string     `json:"reviewedBy,omitempty"`
	PublishedUs int64      `json:"publishedUs,omitempty"`
	PublishedBy string     `json:"publishedBy,omitempty"`
	Document    string     `json:"document,omitempty"` // it was filed as
	CreatedUs   int64      `json:"createdUs"`
	CreatedBy   string     `json:"-"`
	Creator     string     `json:"creator"`
	UpdatedUs   int64      `json:"updatedUs"`
	Version     int64      `json:"version"`

	figures []Figure // where a life cycle needs them
}

// Untold is something that the text does not say.
type Untold struct {
	What string `json:"what"` // an indicator with its value
	Why  string `json:"why"`  // whyUnread or whyUnreported, a key of package i18n
}

// PlaceRow is a row of the table of districts.
type PlaceRow struct {
	Place region.Code `json:"place"`
	Name  string      `json:"name"`
	N     int64       `json:"n,omitempty"` // of its figure, 0 = it has reported nothing
	Shown string      `json:"shown"`       // "" = nothing reported
	// Figure is what it reported. Where the text is silent about it, N is above MaxFigures.
	Figure *Figure `json:"figure,omitempty"`
}

// beside numbers the figures of a table of districts about which the text is silent.
func beside(rows []PlaceRow) {
	for i, p := range rows {
		if p.Figure != nil && (p.N == 0 || p.N > MaxFigures) {
			rows[i].N = int64(MaxFigures + 1 + i)
		}
	}
}

// Figure is a number of a text with what proves it.
type Figure struct {
	N         int64       `json:"n"`
	Key       string      `json:"key"` // the same number taken another day has the same key
	Part      string      `json:"part"`
	Name      string      `json:"name"`    // as the text calls it
	Kind      string      `json:"kind"`    // fact or target, as engine/reading has it
	Measure   string      `json:"measure"` // level, growth or increase
	Op        string      `json:"op"`      // as the text says it
	Value     string      `json:"value"`   // decimal; a fall is negative
	Unit      string      `json:"unit"`
	Written   string      `json:"written"`             // the number and its unit in the text
	Qualifier string      `json:"qualifier,omitempty"` // of the source
	Place     region.Code `json:"place"`
	PlaceName string      `json:"placeName"`
	When      string      `json:"when,omitempty"` // the words of its time
	From      clock.Date  `json:"from,omitempty"`
	To        clock.Date  `json:"to"`
	AsOf      clock.Date  `json:"asOf"`
	AtUs      int64       `json:"atUs"` // when it was taken
	Source    Origin      `json:"source"`
}

// Kinds of sources.
const (
	OfPoint   = "point"   // a data point of an indicator
	OfTarget  = "target"  // what a target asks for
	OfLight   = "light"   // how far a target is
	OfMeasure = "measure" // a count or a sum over rows
	OfLights  = "lights"  // how many targets have a colour
)

// Origin says where a figure comes from.
type Origin struct {
	Kind      string            `json:"kind"`
	Indicator string            `json:"indicator,omitempty"`
	Period    string            `json:"period,omitempty"`
	Target    string            `json:"target,omitempty"`
	Measure   string            `json:"measure,omitempty"`
	Dims      map[string]string `json:"dims,omitempty"`
	Colour    string            `json:"colour,omitempty"`
	Href      string            `json:"href"` // the page of the source
}

// Ways a data point comes about.
const (
	WayReported = "reported" // a unit reported it, or a document says it
	WayCounted  = "counted"
	WayComputed = "computed"
)

// Ways are the ways with their titles.
func Ways() []Choice {
	return []Choice{{WayReported, "责任单位填报或公开发布，已审核"}, {WayCounted, "从平台记录统计"}, {WayComputed, "按公式由其他指标算出"}}
}

// Why something is not told.
const (
	whyUnread     = "没有一种写法能原样读回"
	whyUnreported = "未报"
)
