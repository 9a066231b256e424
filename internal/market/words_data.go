package market

// Why posts leave the market by themselves, as their history says it.
const (
	whyUnconfirmed = "逾期未确认仍有效"
	whyDeadline    = "需求截止日期已过"
)
