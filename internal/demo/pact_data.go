package demo

import "github.com/yuntu-city/yuntu/internal/money"

// million100 is 亿元.
const million100 = 100_000_000 * yuan

// Sources of sums that were published.
const (
	sourceChangzhi2023 = "《山西日报》2023年6月25日"
	sourceTaiyuan2025  = "太原市新闻发布会，2025年1月6日"
)

// pacts are the contracts of five years. Two lines hold what was published: Changzhi's 507 contracts
// of 3.062 billion yuan in 2022, and Taiyuan's 22.8 billion in 2024, whose number of contracts was
// not. All other sums are invented, as the contracts are.
var pacts = []pact{
	{"1401", 2022, 0, 420, 15_260_000_000 * yuan, ""},
	{"1404", 2022, 507, 507, 3_062_000_000 * yuan, sourceChangzhi2023},
	{"1401", 2023, 0, 500, 18_540_000_000 * yuan, ""},
	{"1404", 2023, 0, 330, 3_420_000_000 * yuan, ""},
	{"1401", 2024, 0, 580, 228 * million100, sourceTaiyuan2025},
	{"1404", 2024, 0, 350, 3_890_000_000 * yuan, ""},
	{"1401", 2025, 0, 640, money.Fen(251) * million100, ""},
	{"1404", 2025, 0, 360, 4_260_000_000 * yuan, ""},
	{"1401", 2026, 0, 520, money.Fen(196) * million100, ""},
	{"1404", 2026, 0, 280, 3_180_000_000 * yuan, ""},
}
