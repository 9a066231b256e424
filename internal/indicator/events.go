package indicator

import "github.com/yuntu-city/yuntu/internal/region"

// Events of this room.
const (
	EventValue      = "indicator.value.v1"      // object: the observation; data: ValueEvent
	EventDefinition = "indicator.definition.v1" // object: the indicator; data: id of the definition
	EventSet        = "indicator.set.v1"        // object: the set
	EventMoved      = "indicator.moved.v1"      // object: the observation; data: the step
	EventLock       = "indicator.lock.v1"       // object: the lock; data: locked or unlocked
	EventRanking    = "indicator.ranking.v1"    // object: the ranking
	EventStation    = "indicator.station.v1"    // object: the station
	EventDuty       = "indicator.duty.v1"       // object: the duty
)

// ValueEvent is the data of EventValue: the approved value of a cell is another one from now on.
type ValueEvent struct {
	Indicator string      `json:"indicator"`
	Region    region.Code `json:"region"`
	Org       string      `json:"org,omitempty"`
	Period    string      `json:"period"`
}
