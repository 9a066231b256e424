package appraise

// Events of this room. The object is the id of the sheet or the evaluation.
const (
	EventSheetCreated  = "market.appraise.sheet.created.v1"
	EventSheetUpdated  = "market.appraise.sheet.updated.v1"
	EventSheetMoved    = "market.appraise.sheet.moved.v1" // data: the step
	EventReviewCreated = "market.appraise.review.created.v1"
	EventReviewMoved   = "market.appraise.review.moved.v1" // data: the step
)
