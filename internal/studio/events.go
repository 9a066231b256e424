package studio

// Events of this room. The object is the id of the dataset or the scheme.
const (
	EventDatasetCreated = "studio.dataset.created.v1"
	EventDatasetRevised = "studio.dataset.revised.v1" // data: the edition
	EventSchemeCreated  = "studio.scheme.created.v1"
	EventSchemeSaved    = "studio.scheme.saved.v1" // data: the edition
	EventSchemeMoved    = "studio.scheme.moved.v1" // data: the step

	// The object is the id of the panel.
	EventPanelInvited = "studio.panel.invited.v1" // data: the account
	EventPanelJudged  = "studio.panel.judged.v1"  // data: the seat
	EventPanelSaved   = "studio.panel.saved.v1"   // data: the edition
)
