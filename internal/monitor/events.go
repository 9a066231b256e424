package monitor

import "github.com/yuntu-city/yuntu/internal/plan"

// Events of this room.
const (
	EventLight   = "monitor.light.v1"   // object: the target; data: LightEvent
	EventAlert   = "monitor.alert.v1"   // object: the task that was opened; data: id of the target
	EventDecided = "monitor.decided.v1" // object: the task; data: id of the target
)

// LightEvent is the data of EventLight.
type LightEvent struct {
	Indicator string      `json:"indicator"`
	From      plan.Colour `json:"from,omitempty"`
	To        plan.Colour `json:"to"`
}
